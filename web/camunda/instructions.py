"""Instructions that begin or end activities by hand: of a start in the middle, and of a modification."""

from collections.abc import Mapping, Sequence
from typing import Any

import flask

from engine.model.program import Program
from engine.runtime import modify
from web.api import here
from web.camunda import door, instances, names, refusals, sent, typed

blueprint = flask.Blueprint("instructions", __name__)

REASON = "modified through /engine-rest"


@blueprint.post("/process-instance/<instance_id>/modification")
def modification(instance_id: str) -> tuple[str, int]:
    body = sent.body()
    listed = read(body.get("instructions"))
    if not listed:
        raise refusals.wrong("No instructions: expected a list of what to cancel and to start")
    with here.engine().store.reading() as tx:
        found = instances.running(tx, instance_id)
        program = tx.programs.get(found.program)
    change = modify.Change(
        cancel=tuple(_place(instance_id, one) for one in listed if one.get("type") == "cancel"),
        start=before(program, [one for one in listed if one.get("type") != "cancel"]),
        values=values(listed),
    )
    modify.modify(
        here.engine(),
        instance_id=instance_id,
        change=change,
        reason=sent.text(body, "annotation") or REASON,
        agent=door.me(),
        now=here.now(),
    )
    return "", 204


def read(given: Any) -> list[Mapping[str, Any]]:
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
        raise refusals.wrong("instructions must be a list of objects")
    for one in given:
        if one.get("type") not in (*_BEGINNINGS, "cancel"):
            raise refusals.wrong(f"For instruction type '{one.get('type')}': unknown; {', '.join(_BEGINNINGS)}, cancel")
    return list(given)


def before(program: Program | None, listed: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The nodes before which these instructions begin. Raises Refusal 400."""
    return tuple(_beginning(program, one) for one in listed)


def values(listed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The variables of all instructions together: they are set where all can see them."""
    return {name: value for one in listed for name, value in typed.values(one.get("variables")).items()}


_BEGINNINGS = ("startBeforeActivity", "startAfterActivity", "startTransition")


def _beginning(program: Program | None, one: Mapping[str, Any]) -> str:
    kind = str(one["type"])
    name = "transitionId" if kind == "startTransition" else "activityId"
    wanted = sent.text(one, name)
    if wanted is None:
        raise refusals.wrong(f"For instruction type '{kind}': '{name}' must be set")
    if kind == "startBeforeActivity":
        return wanted
    flows = program.flows if program else ()
    targets = [flow.target for flow in flows if (flow.id if kind == "startTransition" else flow.source) == wanted]
    if len(targets) != 1:
        raise refusals.wrong(
            f"Cannot perform instruction: '{wanted}' has {len(targets)} sequence flows to go on; expected one"
        )
    return targets[0]


def _place(instance_id: str, one: Mapping[str, Any]) -> int | str:
    """A node, or the number of a single activity: the last part of ``activity:uuid``."""
    activity = sent.text(one, "activityId")
    if activity is not None:
        return activity
    single = sent.text(one, "activityInstanceId") or sent.text(one, "transitionInstanceId")
    if single is None:
        raise refusals.wrong("For instruction type 'cancel': exactly one of activityId, activityInstanceId must be set")
    owner, _, number = names.wait(single.rpartition(":")[2]).rpartition(".")
    if owner != instance_id or not number.isdigit():
        raise refusals.wrong(f"Cannot perform instruction: activity instance '{single}' does not exist")
    return int(number)
