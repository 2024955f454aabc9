"""Nodes to BPMN elements: the standard's words where it has them, our namespace for the rest."""

from collections.abc import Callable
from typing import Any

from engine.bpmn import build, write_triggers
from engine.bpmn.build import Element, add, extend, formal, mark, own, say, short, true
from engine.bpmn.names import CRMFLOW
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.performer import Passing, Performer, Promise, Worth
from engine.model.program import Artifact, DataItem, Flow

_VARIETIES = {"transaction": "transaction", "adHoc": "adHocSubProcess"}


class Drawn:
    """What a node's element also needs to know: its flows, its own data, what events refer to."""

    def __init__(self, roots: write_triggers.Roots) -> None:
        self.roots = roots
        self.incoming: dict[str, list[str]] = {}
        self.outgoing: dict[str, list[str]] = {}
        self.properties: dict[str, list[DataItem]] = {}
        self.inside: dict[str, list[nodes.AnyNode]] = {}
        self.flows: dict[str, list[Flow]] = {}
        self.data: dict[str, list[DataItem]] = {}
        self.artifacts: dict[str, list[Artifact]] = {}


def write(parent: Element, node: nodes.AnyNode, drawn: Drawn) -> Element:
    element = add(parent, tag_name(node), id=node.id, name=node.name)
    if node.documentation:
        add(element, "documentation", node.documentation)
    mark(element, "origin", node.origin)
    build.texts(element, node.texts)
    for key, value in node.notes.items():
        own(element, "note", name=key).set("value", build.clean(value))
    extras = _Extras(element, node)
    extras.write()
    for name, flows in (("incoming", drawn.incoming), ("outgoing", drawn.outgoing)):
        for flow in flows.get(node.id, ()):
            add(element, name, flow)
    if isinstance(node, nodes.Activity):
        _activity(element, node, drawn)
    writer = _WRITERS.get(type(node))
    if writer is not None:
        writer(element, node, drawn)
    return element


def tag_name(node: nodes.AnyNode) -> str:
    if isinstance(node, nodes.SubProcess):
        return _VARIETIES.get(node.variety, "subProcess")
    return str(node.__struct_config__.tag)


class _Extras:
    """The parts that several kinds of nodes have and only our namespace can say."""

    def __init__(self, element: Element, node: nodes.AnyNode) -> None:
        self.element = element
        self.node = node

    def part(self, name: str, default: Any = None) -> Any:
        return getattr(self.node, name, default)

    def write(self) -> None:
        element = self.element
        for name in ("inputs", "outputs"):
            if self.part(name):
                build.mapped(extend(element), name[:-1], self.part(name))
        if isinstance(self.node, nodes.Activity):
            mark(element, "asynchronous", true(self.node.asynchronous))
            for name in ("before", "after"):
                script = self.part(name)
                if script is not None:
                    own(element, name, script.text, language=script.language)
            promise(element, self.node.promise)
            worth(element, self.node.worth)
        if self.part("performer") is not None:
            performer(element, self.part("performer"))
        if self.part("passing") is not None:
            passing(element, self.part("passing"))
        for name in ("form", "initiator", "result", "decision", "version"):
            mark(element, name, self.part(name, ""))
        mark(element, "binding", "" if self.part("binding", "latest") == "latest" else self.part("binding"))
        for field, name in _SHORT:
            short(element, name, self.part(field))
        mark(element, "actions", ",".join(self.part("actions", ())))
        mark(element, "resultShape", self.part("result_shape", ""))
        if self.part("work") is not None:
            work(element, self.part("work"))
        for errand in self.node.errands:
            work(element, errand.work, name="errand").set("at", errand.at)


_SHORT = (
    ("due", "due"),
    ("follow_up", "followUp"),
    ("priority", "priority"),
    ("decided_by", "decidedBy"),
    ("business_key", "businessKey"),
    ("active_elements", "activeElements"),
)


def performer(element: Element, who: Performer) -> None:
    short(element, "assignee", who.assignee)
    _several(element, "candidateUser", who.users)
    _several(element, "candidateGroup", who.groups)
    mark(element, "skill", who.skill)
    mark(element, "rule", who.rule)
    mark(element, "signMode", "" if who.sign_mode == "any" else who.sign_mode)
    mark(element, "excludePerformersOf", ",".join(who.exclude_performers_of))


def _several(element: Element, name: str, expressions: tuple[Expression, ...]) -> None:
    """Plain words in one attribute; when one of them is no plain word, each in an element of its own."""
    words = [item.text for item in expressions]
    plain = all(
        item.language == "literal" and item.text.strip() == item.text and not set(item.text) & set("=${}#,\n")
        for item in expressions
    )
    if plain and all(words):
        mark(element, f"{name}s", ",".join(words))
    else:
        for item in expressions:
            say(extend(element), name, item)


def passing(element: Element, given: Passing) -> None:
    starter = "true" if given.starter else ""
    own(element, "passing", samePerson=given.same_person, starter=starter, nobody=given.nobody)


def promise(element: Element, given: Promise | None) -> None:
    if given is None:
        return
    found = own(element, "promise", duration=given.duration, goal=given.goal, calendar=given.calendar)
    for rung in given.ladder:
        of = "" if rung.of == "deadline" else rung.of
        add(found, "escalation", ns=CRMFLOW, atPercent=str(rung.at_percent), action=rung.action, to=rung.to, of=of)


def worth(element: Element, given: Worth | None) -> None:
    if given is None:
        return
    figures = {
        "touchMinutes": given.touch_minutes,
        "costRatePerHour": given.cost_rate_per_hour,
        "fixedCost": given.fixed_cost,
    }
    found = own(element, "worth", tag=given.tag, **{name: repr(value) for name, value in figures.items() if value})
    for locale, text in given.value.items():
        add(found, "text", text, ns=CRMFLOW, locale=locale)


def work(element: Element, given: nodes.Work, *, name: str = "work") -> Element:
    found = own(element, name, handler=given.handler, style=given.style, result=given.result)
    if given.retries != 3:
        found.set("retries", str(given.retries))
    build.mapped(found, "parameter", given.parameters)
    for word, expression in (("priority", given.priority), ("named", given.named)):
        if expression is not None:
            say(found, word, expression)
    for key, value in given.headers.items():
        add(found, "header", ns=CRMFLOW, name=key).set("value", build.clean(value))
    return found


def _activity(element: Element, node: nodes.Activity, drawn: Drawn) -> None:
    if node.default:
        element.set("default", node.default)
    if node.for_compensation:
        element.set("isForCompensation", "true")
    for value, name in ((node.start_quantity, "startQuantity"), (node.completion_quantity, "completionQuantity")):
        if value != 1:
            element.set(name, str(value))
    for item in drawn.properties.get(node.id, ()):
        data(element, item)
    if node.loop is not None:
        _multi(element, node.loop)
    if node.standard_loop is not None:
        loop = node.standard_loop
        maximum = str(loop.maximum) if loop.maximum else ""
        found = add(element, "standardLoopCharacteristics", testBefore=true(loop.test_before), loopMaximum=maximum)
        if loop.condition is not None:
            formal(found, "loopCondition", loop.condition)


def _multi(element: Element, loop: nodes.MultiInstance) -> None:
    found = add(element, "multiInstanceLoopCharacteristics", isSequential=true(loop.sequential))
    for name, value in (("element", loop.element), ("index", loop.index), ("outputCollection", loop.output_collection)):
        mark(found, name, value)
    for name, expression in (("collection", loop.collection), ("output", loop.output)):
        if expression is not None:
            say(extend(found), name, expression)
    for name, expression in (("loopCardinality", loop.cardinality), ("completionCondition", loop.completion)):
        if expression is not None:
            formal(found, name, expression)


def data(parent: Element, item: DataItem) -> None:
    found = add(parent, item.kind, id=item.id, name=item.name)
    if item.collection and item.kind == "dataObject":
        found.set("isCollection", "true")
    elif item.collection:
        mark(found, "collection", "true")
    if item.initial is not None:
        say(extend(found), "initial", item.initial)


def _event(element: Element, node: Any, drawn: Drawn) -> None:
    if node.parallel:
        element.set("parallelMultiple", "true")
    for trigger in node.triggers:
        write_triggers.write(element, trigger, drawn.roots)


def _start(element: Element, node: nodes.StartEvent, drawn: Drawn) -> None:
    if not node.interrupting:
        element.set("isInterrupting", "false")
    _event(element, node, drawn)


def _boundary(element: Element, node: nodes.BoundaryEvent, drawn: Drawn) -> None:
    element.set("attachedToRef", node.attached_to)
    if not node.interrupting:
        element.set("cancelActivity", "false")
    _event(element, node, drawn)


def _message(element: Element, node: Any, drawn: Drawn) -> None:
    if node.message is not None:
        write_triggers.message(element, node.message, drawn.roots)
    if getattr(node, "instantiate", False):
        element.set("instantiate", "true")


def _script(element: Element, node: nodes.ScriptTask, drawn: Drawn) -> None:
    element.set("scriptFormat", node.language)
    if node.script:
        add(element, "script", node.script)


def _call(element: Element, node: nodes.CallActivity, drawn: Drawn) -> None:
    called = node.called
    if called is not None and called.language == "literal" and not set(called.text) & set(":${}#= "):
        element.set("calledElement", called.text)
    elif called is not None:
        say(extend(element), "called", called)
    for name, value in (("passAllIn", node.pass_all_in), ("passAllOut", node.pass_all_out)):
        mark(element, name, "" if value else "false")


def _sub(element: Element, node: nodes.SubProcess, drawn: Drawn) -> None:
    if node.variety == "event":
        element.set("triggeredByEvent", "true")
    if node.variety == "adHoc":
        if node.ordering == "sequential":
            element.set("ordering", "Sequential")
        if not node.cancel_remaining:
            element.set("cancelRemainingInstances", "false")


def _gateway(element: Element, node: nodes.Gateway, drawn: Drawn) -> None:
    if node.default:
        element.set("default", node.default)
    if isinstance(node, nodes.ComplexGateway) and node.activation is not None:
        formal(element, "activationCondition", node.activation)
    if isinstance(node, nodes.EventBasedGateway):
        if node.instantiate:
            element.set("instantiate", "true")
        if node.parallel:
            element.set("eventGatewayType", "Parallel")


_WRITERS: dict[type, Callable[[Element, Any, Drawn], None]] = {
    nodes.StartEvent: _start,
    nodes.EndEvent: _event,
    nodes.CatchEvent: _event,
    nodes.ThrowEvent: _event,
    nodes.BoundaryEvent: _boundary,
    nodes.SendTask: _message,
    nodes.ReceiveTask: _message,
    nodes.ScriptTask: _script,
    nodes.CallActivity: _call,
    nodes.SubProcess: _sub,
    nodes.ExclusiveGateway: _gateway,
    nodes.ParallelGateway: _gateway,
    nodes.InclusiveGateway: _gateway,
    nodes.ComplexGateway: _gateway,
    nodes.EventBasedGateway: _gateway,
}
