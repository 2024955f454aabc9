"""A scenario file: start data, what people and services do, what must come out (schemas/scenario.json)."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from engine import errors

KINDS = ("complete", "fail", "answer", "message", "signal", "wait", "until", "set", "cancel")
"""What a step may do."""


class Begin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at: datetime | None = None
    node: str = ""
    business_key: str = ""
    data: dict[str, Any] = {}
    agent: str = "system"


class Deed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step. Exactly one of the first nine fields says what is done; ``after`` is the time that passes before."""

    complete: str = ""
    fail: str = ""
    answer: str = ""
    message: str = ""
    signal: str = ""
    wait: str = ""
    until: datetime | None = None
    set: dict[str, Any] | None = None
    cancel: str = ""
    data: dict[str, Any] = {}
    key: str | None = None
    kind: Literal["error", "escalation", "technical"] = "error"
    code: str = ""
    text: str = ""
    agent: str = "system"
    after: str = ""


class Work(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    assignee: str | msgspec.UnsetType | None = msgspec.UNSET
    users: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    groups: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    form: str | msgspec.UnsetType = msgspec.UNSET
    priority: int | msgspec.UnsetType = msgspec.UNSET
    promise: str | msgspec.UnsetType = msgspec.UNSET
    goal: str | msgspec.UnsetType = msgspec.UNSET
    calendar: str | msgspec.UnsetType = msgspec.UNSET


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """See the schema for each field; what is absent is not looked at, but incidents: none is expected."""

    done: tuple[str, ...] | None = None
    never: tuple[str, ...] = ()
    open: tuple[str, ...] | None = None
    ended: bool | None = None
    end_events: tuple[str, ...] | None = None
    data: dict[str, Any] = {}
    work: dict[str, Work] = {}
    thrown: tuple[str, ...] | None = None
    within: str = ""
    at_least: str = ""
    cost: float | None = None
    incidents: int = 0


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    process: str = ""
    names: dict[str, str] = {}
    group: str = ""
    customer: dict[str, Any] | None = None
    start: Begin = Begin()
    answers: dict[str, dict[str, Any] | list[dict[str, Any]]] = {}
    silent: tuple[str, ...] = ()
    calls: dict[str, dict[str, Any] | list[dict[str, Any]]] = {}
    steps: tuple[dict[str, Any], ...] = ()
    expect: Expectation = Expectation()

    def deeds(self) -> tuple[Deed, ...]:
        """Raises Invalid ``scenario`` naming the step that cannot be read."""
        found = []
        for index, step in enumerate(self.steps):
            spoken = dict(step)
            # ``message`` names a message to deliver, but beside ``fail`` it is the words of the failure.
            if "fail" in spoken and "message" in spoken:
                spoken["text"] = spoken.pop("message")
            done = [kind for kind in KINDS if kind in spoken]
            if len(done) != 1 or spoken[done[0]] == "":
                raise _wrong(f"/steps/{index}: expected one of {', '.join(KINDS)}, found {', '.join(done) or '-'}")
            try:
                found.append(msgspec.convert(spoken, Deed))
            except msgspec.ValidationError as error:
                raise _wrong(f"/steps/{index}: {error}") from None
            _has_offset(f"/steps/{index}/until", found[-1].until)
        return tuple(found)


def decode(data: bytes) -> Scenario:
    """Raises Invalid ``scenario`` with the place."""
    try:
        whole = msgspec.json.decode(data)
        if isinstance(whole, dict):
            whole.pop("$schema", None)
        scenario = msgspec.convert(whole, Scenario)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError, UnicodeDecodeError) as error:
        raise _wrong(str(error)) from None
    _has_offset("/start/at", scenario.start.at)
    scenario.deeds()
    return scenario


def _has_offset(place: str, moment: datetime | None) -> None:
    if moment is not None and moment.tzinfo is None:
        raise _wrong(f"{place}: expected an offset, such as +08:00")


def _wrong(why: str) -> errors.Invalid:
    return errors.Invalid("scenario", zh=f"场景文件有误：{why}", en=f"the scenario cannot be read: {why}")
