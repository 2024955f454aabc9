"""A program as the proof sees it: every activity and every awaited event is one wait, every condition is open.

Sub-processes, event sub-processes and branches that only a non-interrupting boundary event leads to are pieces of their
own, so that width in one does not multiply with width in another. A call is a black box.
"""

from collections.abc import Iterator

import msgspec

from engine.model import nodes, triggers
from engine.model.program import Flow, Program

_WORK = nodes.Work(handler="proof")


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """``scope`` is the sub-process it shows, or the boundary event it begins with; empty for the process itself."""

    scope: str
    program: Program


def pieces(program: Program) -> list[Piece]:
    """The process, each sub-process and each side branch, apart; ad-hoc sub-processes have no order to prove."""
    found: list[Piece] = []
    subs = [node for node in program.nodes if isinstance(node, nodes.SubProcess) and node.variety != "adHoc"]
    for scope in ["", *(sub.id for sub in subs)]:
        inner = {node.id: node for node in program.nodes if node.scope == scope}
        flows = [flow for flow in program.flows if flow.source in inner and flow.target in inner]
        sides = dict(_sides(inner, flows))
        aside = {node_id for members in sides.values() for node_id in members}
        found.append(_piece(program, scope, inner, flows, without=aside))
        for boundary, members in sides.items():
            found.append(_piece(program, boundary, inner, flows, without=inner.keys() - members))
    return found


def level(program: Program, scope: str) -> Program:
    """One scope with its side branches, every sub-process in it a wait: a case is followed through it, not proved."""
    inner = {node.id: node for node in program.nodes if node.scope == scope}
    flows = [flow for flow in program.flows if flow.source in inner and flow.target in inner]
    drawn = _piece(program, scope, inner, flows, without=set()).program
    return msgspec.structs.replace(drawn, nodes=tuple(_begun(node, inner[node.id]) for node in drawn.nodes))


def _begun(node: nodes.AnyNode, drawn: nodes.AnyNode) -> nodes.AnyNode:
    """A start event that something from outside begins is begun by its id, none starts all together."""
    if isinstance(drawn, nodes.StartEvent) and drawn.triggers:
        return nodes.StartEvent(id=node.id, triggers=(triggers.Message(name=node.id),))
    return node


def whole(program: Program, spoken: set[str]) -> Program:
    """All scopes together, for rules that speak of the steps ``spoken`` in different ones.

    Event sub-processes are left out, and side branches in which no such step lies: they only widen the space.
    """
    subs = [node for node in program.nodes if isinstance(node, nodes.SubProcess)]
    out = {node.id for node in subs if node.variety in ("event", "adHoc")}
    for scope in {node.scope for node in program.nodes}:
        level = {node.id: node for node in program.nodes if node.scope == scope}
        ways = [flow for flow in program.flows if flow.source in level and flow.target in level]
        for _, members in _sides(level, ways):
            out |= set() if members & spoken else members
    while more := {node.id for node in program.nodes if node.scope in out} - out:
        out |= more
    inner = {node.id: node for node in program.nodes if node.id not in out}
    flows = [flow for flow in program.flows if flow.source in inner and flow.target in inner]
    made = [plain for node in inner.values() for plain in _plain(node, keep_scopes=True)]
    return _program(program, _thrown_and_caught(made, inner), flows)


def _thrown_and_caught(made: list[nodes.AnyNode], inner: dict[str, nodes.AnyNode]) -> list[nodes.AnyNode]:
    """What an end event throws and a sub-process's boundary event catches happens by that throw and not by itself."""
    thrown = {
        kind for node in inner.values() if isinstance(node, nodes.EndEvent | nodes.ThrowEvent) for kind in _alarms(node)
    }
    caught = {
        kind
        for node in inner.values()
        if isinstance(node, nodes.BoundaryEvent) and isinstance(inner.get(node.attached_to), nodes.SubProcess)
        for kind in _alarms(node)
    }
    linked = {(sort, code) for sort, code in thrown if {(sort, code), (sort, "")} & caught}

    def again(node: nodes.AnyNode) -> nodes.AnyNode:
        original = inner[node.id]
        if isinstance(original, nodes.BoundaryEvent):
            inside = isinstance(inner.get(original.attached_to), nodes.SubProcess)
            known = any(
                (sort, code) in linked or (not code and any(sort is one for one, _ in linked))
                for sort, code in _alarms(original)
            )
            kept = inside and known
        else:
            kept = isinstance(original, nodes.EndEvent | nodes.ThrowEvent) and bool(_alarms(original) & linked)
        if not kept or not isinstance(original, nodes.Event):
            return node
        return msgspec.structs.replace(node, triggers=tuple(sort(code=code) for sort, code in _alarms(original)))

    return [again(node) for node in made]


def _alarms(node: nodes.Event) -> set[tuple[type[triggers.Error | triggers.Escalation], str]]:
    return {
        (type(trigger), trigger.code)
        for trigger in node.triggers
        if isinstance(trigger, triggers.Error | triggers.Escalation)
    }


def _piece(
    program: Program, scope: str, inner: dict[str, nodes.AnyNode], flows: list[Flow], *, without: set[str]
) -> Piece:
    kept = {node_id: node for node_id, node in inner.items() if node_id not in without}
    made: list[nodes.AnyNode] = []
    for node in kept.values():
        if node.id == scope:
            made.append(nodes.StartEvent(id=node.id))
            continue
        made += [msgspec.structs.replace(plain, scope="") for plain in _plain(node, keep_scopes=False)]
    return Piece(scope=scope, program=_program(program, made, flows))


def _program(program: Program, made: list[nodes.AnyNode], flows: list[Flow]) -> Program:
    ids = {node.id for node in made}
    inside = [flow for flow in flows if flow.source in ids and flow.target in ids]
    defaults = {getattr(node, "default", "") for node in made}
    sure = _without_last_conditions(made, inside, defaults)
    return Program(key=program.key, nodes=tuple(made), flows=tuple(sure))


def _without_last_conditions(made: list[nodes.AnyNode], flows: list[Flow], defaults: set[str]) -> list[Flow]:
    """An exclusive gateway always goes some way: without a default its last way is taken when no other is. That some
    way must hold is a rule of its own (definitions)."""
    last: dict[str, str] = {flow.source: flow.id for flow in flows}
    exclusive = {node.id for node in made if isinstance(node, nodes.ExclusiveGateway)}
    decided = {flow.source for flow in flows if flow.id in defaults}
    return [
        msgspec.structs.replace(flow, condition=None)
        if flow.source in exclusive - decided and last[flow.source] == flow.id
        else flow
        for flow in flows
    ]


def _plain(node: nodes.AnyNode, *, keep_scopes: bool) -> Iterator[nodes.AnyNode]:
    """The node as a wait, or as what passes at once; nothing for compensation, which happens after the fact."""
    if isinstance(node, nodes.SubProcess) and (node.variety == "event" or node.for_compensation):
        return
    if isinstance(node, nodes.SubProcess) and keep_scopes and node.variety != "adHoc":
        yield nodes.SubProcess(id=node.id, scope=node.scope, default=node.default)
    elif isinstance(node, nodes.ReceiveTask):
        # A wait for a message and not a job: it may stand behind an event-based gateway.
        yield nodes.ReceiveTask(
            id=node.id, scope=node.scope, default=node.default, message=triggers.Message(name=node.id)
        )
    elif isinstance(node, nodes.Activity):
        if not node.for_compensation:
            yield nodes.ServiceTask(id=node.id, scope=node.scope, default=node.default, work=_WORK)
    elif isinstance(node, nodes.BoundaryEvent):
        if not any(isinstance(trigger, triggers.Compensate) for trigger in node.triggers):
            yield nodes.BoundaryEvent(
                id=node.id,
                scope=node.scope,
                attached_to=node.attached_to,
                interrupting=node.interrupting,
                triggers=(triggers.Message(name=node.id),),
            )
    elif isinstance(node, nodes.CatchEvent):
        linked = tuple(trigger for trigger in node.triggers if isinstance(trigger, triggers.Link))
        yield nodes.CatchEvent(id=node.id, scope=node.scope, triggers=linked or (triggers.Message(name=node.id),))
    elif isinstance(node, nodes.ThrowEvent):
        linked = tuple(trigger for trigger in node.triggers if isinstance(trigger, triggers.Link))
        yield nodes.ThrowEvent(id=node.id, scope=node.scope, triggers=linked)
    elif isinstance(node, nodes.EndEvent):
        hard = any(
            isinstance(trigger, triggers.Terminate | triggers.Error | triggers.Cancel) for trigger in node.triggers
        )
        yield nodes.EndEvent(id=node.id, scope=node.scope, triggers=(triggers.Terminate(),) if hard else ())
    elif isinstance(node, nodes.StartEvent):
        yield nodes.StartEvent(id=node.id, scope=node.scope)
    elif isinstance(node, nodes.ComplexGateway):
        yield nodes.InclusiveGateway(id=node.id, scope=node.scope, default=node.default)
    else:
        yield msgspec.structs.replace(node, origin="", lane="", texts={})


def _sides(inner: dict[str, nodes.AnyNode], flows: list[Flow]) -> Iterator[tuple[str, set[str]]]:
    """Non-interrupting boundary events with what they alone lead to; where that joins another way it is left."""
    ways: dict[str, list[str]] = {}
    for flow in flows:
        ways.setdefault(flow.source, []).append(flow.target)
    hung: dict[str, list[str]] = {}
    for node in inner.values():
        if isinstance(node, nodes.BoundaryEvent):
            hung.setdefault(node.attached_to, []).append(node.id)
    for node in inner.values():
        if not isinstance(node, nodes.BoundaryEvent) or node.interrupting:
            continue
        members, open_ids = {node.id}, list(ways.get(node.id, ()))
        while open_ids:
            node_id = open_ids.pop()
            if node_id not in members:
                members.add(node_id)
                open_ids += [*ways.get(node_id, ()), *hung.get(node_id, ())]
        fed_from_outside = any(flow.target in members and flow.source not in members for flow in flows)
        if not fed_from_outside:
            yield node.id, members
