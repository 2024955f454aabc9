"""Calls of code in expressions: ``${bean.method(order)}``. The code is asked before, by an errand of the node.

An expression is evaluated inside a step, which calls nobody. So the call is read as a variable by its own text, and
an errand fills that variable in time: a job for the handler ``bean.method`` with ``arg1``, ``arg2`` ... as its input.
All calls of an expression are made, also those behind an ``&&`` that need not be.
"""

from collections.abc import Iterable, Iterator

import msgspec

from engine import errors, feel
from engine.definitions import text_rules
from engine.model import nodes
from engine.model.expression import Expression, Mapping
from engine.model.nodes import Errand, Moment, Work
from engine.model.program import Program

_ENTER = ("loop.collection", "loop.cardinality")
_END = ("loop.output", "loop.completion", "standard_loop.condition")
_LATE = ("completion", "activation")
"""Looked at whenever something inside or around changes: no errand is done in time for that."""
_AT_ONCE = ("triggers.key", "triggers.named", "triggers.name", "triggers.text", "triggers.message")
"""Parts of a trigger that are evaluated when the waiting begins."""


def calls(expression: Expression | None) -> tuple[feel.HostCall, ...]:
    """The code elsewhere that an expression asks, inner calls first; none for one that cannot be read."""
    if expression is None or expression.language != "juel":
        return ()
    try:
        return feel.compile_dialect(expression.text, "juel", errands=True).calls
    except errors.Invalid:
        return ()


def of_call(call: feel.HostCall, line: int = 0) -> Work:
    """The job that asks the code; its answer is the call's variable."""
    arguments = tuple(
        Mapping(target=f"arg{number}", source=Expression(text=text, line=line))
        for number, text in enumerate(call.arguments, start=1)
    )
    return Work(handler=call.name, style="unbound", parameters=arguments, result=call.variable)


def complete(program: Program) -> Program:
    """With an errand for each call of code, where one can be done in time and none is drawn."""
    places = {node.id: node for node in program.nodes}
    wanted: dict[str, list[Errand]] = {}
    for node in program.nodes:
        for path, expression in text_rules.written(node):
            asked = calls(expression)
            for place, moment in _in_time(node, path, places, program) if asked else ():
                _want(wanted, place, moment, asked, expression.line)
    for flow in program.flows:
        source, asked = places.get(flow.source), calls(flow.condition)
        if asked and source is not None and flow.condition is not None:
            at: Moment = "enter" if isinstance(source, nodes.Gateway) else "leave"
            _want(wanted, source.id, at, asked, flow.condition.line)
    if not wanted:
        return program
    made = tuple(_with(node, wanted.get(node.id, ())) for node in program.nodes)
    return msgspec.structs.replace(program, nodes=made)


def _want(
    wanted: dict[str, list[Errand]], place: str, moment: Moment, asked: Iterable[feel.HostCall], line: int
) -> None:
    for call in asked:
        errand = Errand(at=moment, work=of_call(call, line))
        if errand not in wanted.setdefault(place, []):
            wanted[place].append(errand)


def _with(node: nodes.AnyNode, wanted: Iterable[Errand]) -> nodes.AnyNode:
    drawn = {(errand.at, errand.work.handler, errand.work.result) for errand in node.errands}
    new = tuple(one for one in wanted if (one.at, one.work.handler, one.work.result) not in drawn)
    return msgspec.structs.replace(node, errands=(*node.errands, *new)) if new else node


def _in_time(
    node: nodes.AnyNode, path: str, places: dict[str, nodes.AnyNode], program: Program
) -> Iterator[tuple[str, Moment]]:
    """Which errands are done before an expression of a node is evaluated: (whose, when); none where none can be."""
    if path.startswith(("errands", *_LATE)):
        return
    if isinstance(node, nodes.Activity):
        if not (path.startswith("outputs") and isinstance(node, nodes.CallActivity)):
            yield node.id, _moment(path)
            if path == "standard_loop.condition":
                yield node.id, "enter"
    elif path.startswith("outputs"):
        yield node.id, "leave"
    elif not path.startswith("triggers") or isinstance(node, nodes.ThrowEvent | nodes.EndEvent):
        yield node.id, "enter"
    elif path in _AT_ONCE:
        yield from _armed(node, places, program)


def _moment(path: str) -> Moment:
    if path in _ENTER:
        return "enter"
    if path.startswith("inputs"):
        return "inputs"
    return "end" if path in _END or path.startswith("outputs") else "start"


def _armed(node: nodes.AnyNode, places: dict[str, nodes.AnyNode], program: Program) -> list[tuple[str, Moment]]:
    """Where an event begins to be awaited."""
    if isinstance(node, nodes.BoundaryEvent):
        return [(node.attached_to, "enter")]
    if isinstance(node, nodes.StartEvent):
        within = places.get(node.scope)
        return [(within.scope, "start")] if within is not None and within.scope else []
    sources = [places[flow.source] for flow in program.flows if flow.target == node.id and flow.source in places]
    before = [source.id for source in sources if isinstance(source, nodes.EventBasedGateway)]
    return [(place, "enter") for place in before or [node.id]]


def known(program: Program) -> frozenset[str]:
    """The variables that errands of the program fill."""
    found = {errand.work.result for node in program.nodes for errand in node.errands}
    return frozenset(found - {""})
