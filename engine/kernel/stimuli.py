"""What may reach an instance from outside, one at a time."""

from typing import Any, Literal

import msgspec

from engine.model.text import Text


class Stimulus(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """``agent`` is who did it: a user's key, an integration's, or ``system``."""

    agent: str = "system"


class Start(Stimulus, frozen=True, kw_only=True, tag=True):
    """``node`` names a start event; empty takes the none start event (or the only one).

    With ``before`` no start event happens: it begins by hand before each of these nodes.
    """

    data: dict[str, Any] = {}
    node: str = ""
    before: tuple[str, ...] = ()
    business_key: str = ""
    instance: str = ""
    """Its id as the caller knows it: expressions may ask for ``execution.processInstanceId``."""


class Complete(Stimulus, frozen=True, kw_only=True, tag=True):
    """A work item or a job is done; ``data`` become variables by the node's rules.

    ``then``: the node at which the token goes on, instead of over the flows: the step had been sent back from there.
    """

    wait: int
    data: dict[str, Any] = {}
    then: str = ""


class Fail(Stimulus, frozen=True, kw_only=True, tag=True):
    """A job or work item ended in trouble.

    ``error`` with ``code`` is a BPMN error, ``escalation`` a BPMN escalation (the work goes on); ``technical`` becomes
    an incident at the node: the caller has used up its retries.
    """

    wait: int
    kind: Literal["error", "escalation", "technical"] = "technical"
    code: str = ""
    message: str = ""
    text: Text = {}
    """The message in each language, where whoever failed speaks them."""
    data: dict[str, Any] = {}


class Fire(Stimulus, frozen=True, kw_only=True, tag=True):
    """A timer is due. Fired early or twice it is refused."""

    wait: int


class Deliver(Stimulus, frozen=True, kw_only=True, tag=True):
    """A message or signal for one open subscription."""

    wait: int
    data: dict[str, Any] = {}


class Cancel(Stimulus, frozen=True, kw_only=True, tag=True):
    reason: str = ""


class Retry(Stimulus, frozen=True, kw_only=True, tag=True):
    """Try an incident's node again; ``data`` are set first. ``skip`` passes the node instead, with the reason."""

    incident: int
    data: dict[str, Any] = {}
    skip: bool = False
    reason: str = ""


class SetVariables(Stimulus, frozen=True, kw_only=True, tag=True):
    """``scope`` 0 is the instance itself. Conditional events look at the change."""

    values: dict[str, Any]
    scope: int = 0
    reason: str = ""


class Move(Stimulus, frozen=True, kw_only=True, tag=True):
    """By hand: cancel what is at ``cancel`` (numbers of activities, or node ids) and start before each of ``start``."""

    cancel: tuple[int | str, ...] = ()
    start: tuple[str, ...] = ()
    reason: str = ""


class SendBack(Stimulus, frozen=True, kw_only=True, tag=True):
    """The work item ``wait`` is not done but sent back to the node ``to``; see send_back.py.

    Whoever sends ``straight`` completes with ``then``, and until then sends on ``straight`` only: the token stands
    where the model would not have put it.
    """

    wait: int
    to: str
    straight: bool = False
    reason: str = ""


AnyStimulus = Start | Complete | Fail | Fire | Deliver | Cancel | Retry | SetVariables | Move | SendBack
