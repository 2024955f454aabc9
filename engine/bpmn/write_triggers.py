"""Triggers to event definitions, and the messages, signals, errors and escalations that they name."""

from engine.bpmn.build import Element, add, extend, formal, mark, own, say
from engine.bpmn.expressions import has_juel
from engine.bpmn.ids import Used
from engine.model import triggers
from engine.model.expression import Expression


class Roots:
    """What is declared once beside the process and referred to by its events."""

    def __init__(self, definitions: Element, used: Used) -> None:
        """``used`` are the ids that the process has taken."""
        self._definitions = definitions
        self._used = used
        self._ids: dict[tuple[str, str], str] = {}

    def refer(self, kind: str, name: str, /, **attributes: str) -> str:
        """The id of the declared message, signal ...; equal names are one declaration."""
        key = (kind, name)
        if key not in self._ids:
            self._ids[key] = self._used.fresh(kind.title())
            add(self._definitions, kind, id=self._ids[key], **attributes)
        return self._ids[key]


def write(event: Element, trigger: triggers.AnyTrigger, roots: Roots) -> None:
    if isinstance(trigger, triggers.Message):
        message(add(event, "messageEventDefinition"), trigger, roots)
    elif isinstance(trigger, triggers.Signal):
        _signal(event, trigger, roots)
    elif isinstance(trigger, triggers.Timer):
        definition = add(event, "timerEventDefinition")
        mark(definition, "calendar", trigger.calendar)
        formal(
            definition,
            {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}[trigger.kind],
            trigger.text,
        )
    elif isinstance(trigger, triggers.Conditional):
        definition = add(event, "conditionalEventDefinition")
        mark(definition, "variable", trigger.variable)
        formal(definition, "condition", trigger.condition)
    elif isinstance(trigger, triggers.Error):
        _error(event, trigger, roots)
    elif isinstance(trigger, triggers.Escalation):
        reference = roots.refer("escalation", trigger.code, escalationCode=trigger.code) if trigger.code else ""
        definition = add(event, "escalationEventDefinition", escalationRef=reference)
        mark(definition, "codeVariable", trigger.code_variable)
        if trigger.named is not None:
            say(extend(definition), "named", trigger.named)
    else:
        _plain(event, trigger)


def _plain(event: Element, trigger: triggers.AnyTrigger) -> None:
    if isinstance(trigger, triggers.Compensate):
        wait = "" if trigger.wait else "false"
        add(event, "compensateEventDefinition", activityRef=trigger.activity, waitForCompletion=wait)
    elif isinstance(trigger, triggers.Link):
        add(event, "linkEventDefinition", name=trigger.name)
    elif isinstance(trigger, triggers.Cancel):
        add(event, "cancelEventDefinition")
    else:
        add(event, "terminateEventDefinition")


def message(element: Element, trigger: triggers.Message, roots: Roots) -> None:
    """``element`` is an event definition, a send task or a receive task."""
    if trigger.name:
        element.set("messageRef", roots.refer("message", trigger.name, name=trigger.name))
    mark(element, "payload", trigger.payload)
    if trigger.handler:
        own(element, "handler", trigger.handler)
    if trigger.key is not None:
        say(extend(element), "key", trigger.key)
    if trigger.named is not None:
        say(extend(element), "named", trigger.named)
    _pairs(element, "data", trigger.mappings)
    _pairs(element, "property", trigger.properties)


def _pairs(element: Element, name: str, pairs: tuple[tuple[str, Expression], ...]) -> None:
    for key, expression in pairs:
        child = say(extend(element), name, expression)
        child.set("name", key)


def _signal(event: Element, trigger: triggers.Signal, roots: Roots) -> None:
    text = trigger.name.text
    definition = add(event, "signalEventDefinition", signalRef=roots.refer("signal", text, name=text))
    guessed = "juel" if has_juel(text) else "camunda8" if text.lstrip().startswith("=") else "literal"
    if trigger.name.language != guessed:
        say(extend(definition), "name", trigger.name)
    mark(definition, "payload", trigger.payload)
    _pairs(definition, "data", trigger.mappings)


def _error(event: Element, trigger: triggers.Error, roots: Roots) -> None:
    reference = roots.refer("error", trigger.code, errorCode=trigger.code) if trigger.code else ""
    definition = add(event, "errorEventDefinition", errorRef=reference)
    mark(definition, "codeVariable", trigger.code_variable)
    mark(definition, "messageVariable", trigger.message_variable)
    for name, expression in (("message", trigger.message), ("named", trigger.named)):
        if expression is not None:
            say(extend(definition), name, expression)
