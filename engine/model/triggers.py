"""What an event reacts to or causes. One class per BPMN event definition."""

from typing import Literal

import msgspec

from engine.model.expression import Expression


class Trigger(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Base of all event definitions."""


class Message(Trigger, frozen=True, kw_only=True, tag="message"):
    name: str
    key: Expression | None = None
    """Correlation value. On a catch: what this instance waits for, evaluated when the wait opens; the empty key
    correlates by business key or instance. On a throw: the value sent along."""
    payload: str = ""
    """Variable that receives a caught message's data whole; empty merges the data's keys as variables."""
    mappings: tuple[tuple[str, Expression], ...] = ()
    """(variable, expression over the message's data); used in place of ``payload`` when not empty. On a throw: the
    data sent, name by name; an empty name means that the expression's value is all of the data."""
    properties: tuple[tuple[str, Expression], ...] = ()
    """Correlation properties of the message: (name, expression over the message's data)."""
    named: Expression | None = None
    """Computes the name when the event is reached; ``name`` is then what the drawing says."""
    handler: str = ""
    """A throw that is carried out by a job handler (external topic, connector) instead of inside the engine."""


class Signal(Trigger, frozen=True, kw_only=True, tag="signal"):
    name: Expression
    payload: str = ""
    """Variable that receives a caught signal's data whole; empty merges the data's keys."""
    mappings: tuple[tuple[str, Expression], ...] = ()
    """On a throw: the data sent, name by name."""


class Timer(Trigger, frozen=True, kw_only=True, tag="timer"):
    kind: Literal["date", "duration", "cycle"]
    text: Expression
    """ISO 8601 date, duration or cycle, or a cron line for ``cycle``; a literal or an expression."""
    calendar: str = ""


class Conditional(Trigger, frozen=True, kw_only=True, tag="conditional"):
    condition: Expression
    variable: str = ""
    """Only changes of this variable are looked at; empty means any."""


class Error(Trigger, frozen=True, kw_only=True, tag="error"):
    code: str = ""
    """Empty on a catch means any error."""
    named: Expression | None = None
    """Computes the code of a throw; ``code`` is then what the drawing says."""
    code_variable: str = ""
    message_variable: str = ""
    message: Expression | None = None


class Escalation(Trigger, frozen=True, kw_only=True, tag="escalation"):
    code: str = ""
    named: Expression | None = None
    """Computes the code of a throw."""
    code_variable: str = ""


class Compensate(Trigger, frozen=True, kw_only=True, tag="compensate"):
    activity: str = ""
    """Node to compensate; empty compensates the whole enclosing scope."""
    wait: bool = True


class Link(Trigger, frozen=True, kw_only=True, tag="link"):
    name: str


class Cancel(Trigger, frozen=True, kw_only=True, tag="cancel"):
    pass


class Terminate(Trigger, frozen=True, kw_only=True, tag="terminate"):
    pass


AnyTrigger = Message | Signal | Timer | Conditional | Error | Escalation | Compensate | Link | Cancel | Terminate
