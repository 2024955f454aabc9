"""A program compiled for the kernel: ids become indexes, nodes get their flows and the functions of their element."""

from collections import defaultdict

from engine import errors
from engine.kernel import elements
from engine.kernel.catching import AWAITED
from engine.kernel.graph import FlowPlan, NodePlan, Plan, ScopePlan
from engine.kernel.state import LOCAL, MOMENTS, SUB
from engine.model.program import Program

__all__ = ["Plan", "compile_program"]


def compile_program(program: Program) -> Plan:
    """Cached by the caller under ``program.sha256``. Raises Invalid for a reference to a node that is not there."""
    plan = Plan(program)
    plan.index = {node.id: index for index, node in enumerate(program.nodes)}
    plan.nodes = tuple(
        NodePlan(index, node, _index(plan, node.scope, node.id) if node.scope else -1)
        for index, node in enumerate(program.nodes)
    )
    _join_flows(plan)
    _attach_boundaries(plan)
    for node in plan.nodes:
        elements.equip(node)
        _describe(node)
    plan.scopes = _scopes(plan)
    plan.links = {
        (node.scope, trigger.name): node.index
        for node in plan.nodes
        if node.kind == "intermediateCatchEvent"
        for trigger in node.triggers
        if _tag(trigger) == "link"
    }
    plan.conditional = any(_tag(trigger) == "conditional" for node in plan.nodes for trigger in node.triggers)
    plan.joins = tuple(
        node for node in plan.nodes if node.kind in ("inclusiveGateway", "complexGateway") and len(node.incoming) > 1
    )
    plan.data = _initial_data(plan)
    return plan


def _join_flows(plan: Plan) -> None:
    flows = []
    incoming, outgoing = defaultdict(list), defaultdict(list)
    for index, drawn in enumerate(plan.program.flows):
        source, target = _index(plan, drawn.source, drawn.id), _index(plan, drawn.target, drawn.id)
        made = FlowPlan(index, drawn.id, source, target, drawn.condition)
        made.errands = drawn.errands
        flows.append(made)
        outgoing[source].append(made)
        incoming[target].append(made)
    plan.flows = tuple(flows)
    for node in plan.nodes:
        node.incoming = tuple(incoming[node.index])
        node.outgoing = tuple(outgoing[node.index])
        default = getattr(node.model, "default", "")
        node.default = next((flow.index for flow in node.outgoing if flow.id == default), -1) if default else -1
        if len(node.outgoing) == 1 and getattr(node.model, "completion_quantity", 1) == 1:
            flow = node.outgoing[0]
            if flow.condition is None or flow.index == node.default:
                node.only = flow.index


def _attach_boundaries(plan: Plan) -> None:
    waiting, catching = defaultdict(list), defaultdict(list)
    for node in plan.nodes:
        if node.kind != "boundaryEvent":
            continue
        host = _index(plan, node.model.attached_to, node.id)
        if node.model.compensation_handler:
            handler = _index(plan, node.model.compensation_handler, node.id)
            plan.nodes[host].handler = handler
            plan.nodes[handler].undo_handler = True
        if any(_tag(trigger) in AWAITED for trigger in node.triggers):
            waiting[host].append(node)
        if any(_tag(trigger) not in AWAITED for trigger in node.triggers):
            catching[host].append(node)
    for host, nodes in waiting.items():
        plan.nodes[host].boundaries = tuple(nodes)
    for host, nodes in catching.items():
        plan.nodes[host].catchers = tuple(nodes)


def _describe(node: NodePlan) -> None:
    model = node.model
    if node.kind == "receiveTask" and model.message is not None:
        node.triggers = (model.message,)
    tags = [_tag(trigger) for trigger in node.triggers]
    node.awaited = tuple((index, tag) for index, tag in enumerate(tags) if tag in AWAITED)
    if model.errands:
        _errands(node)
    if not node.is_activity:
        node.outputs = getattr(model, "outputs", ())
        return
    node.inner_kind = SUB if node.kind == "subProcess" else LOCAL
    node.outputs = () if node.kind == "callActivity" else model.outputs
    node.loops = model.loop is not None or model.standard_loop is not None
    node.asynchronous = model.asynchronous
    if model.for_compensation:
        node.undo_handler = True
    node.plain = not (
        node.inner_kind == SUB
        or node.kind == "callActivity"
        or node.loops
        or node.asynchronous
        or node.outputs
        or model.inputs
        or model.properties
        or model.before is not None
        or model.after is not None
        or model.errands
        or node.boundaries
        or node.handler >= 0
    )


def _errands(node: NodePlan) -> None:
    """A gateway chooses while it is entered; an event has no moments between its two ends."""
    at = {moment: moment for moment in MOMENTS}
    if node.kind.endswith("Gateway"):
        at = dict.fromkeys(MOMENTS, "enter")
    elif not node.is_activity:
        at |= {"inputs": "enter", "start": "enter", "end": "leave"}
    node.errands = tuple(
        tuple(errand.work for errand in node.model.errands if at[errand.at] == moment) for moment in MOMENTS
    )
    node.leaving = bool(node.errands[-1])


def _scopes(plan: Plan) -> dict[int, ScopePlan]:
    scopes: dict[int, ScopePlan] = {-1: ScopePlan()}
    inside: dict[int, list[NodePlan]] = defaultdict(list)
    for node in plan.nodes:
        inside[node.scope].append(node)
        if node.kind == "subProcess":
            scopes[node.index] = ScopePlan()
    for index, scope in scopes.items():
        scope.nodes = tuple(inside[index])
        scope.event_subs = tuple(node for node in scope.nodes if _is_event_sub(node))
        scope.starts = _starts(scope.nodes, is_process=index < 0)
    for node in plan.nodes:
        if _is_event_sub(node) and any(_compensates(start) for start in scopes[node.index].nodes):
            node.undo_handler = True
            if node.scope >= 0:
                plan.nodes[node.scope].compensable = True
    return scopes


def _starts(nodes: tuple[NodePlan, ...], *, is_process: bool) -> tuple[NodePlan, ...]:
    starts = tuple(node for node in nodes if node.kind == "startEvent")
    plain = tuple(node for node in starts if not node.triggers)
    if starts:
        return plain if plain or is_process else starts
    return tuple(node for node in nodes if _begins(node))


def _begins(node: NodePlan) -> bool:
    """Without any start event, what no flow enters begins (BPMN 2.0, 13.2)."""
    if node.incoming or node.kind == "boundaryEvent":
        return False
    is_link = any(_tag(trigger) == "link" for trigger in node.triggers)
    return not (node.undo_handler or _is_event_sub(node) or getattr(node.model, "instantiate", False) or is_link)


def _is_event_sub(node: NodePlan) -> bool:
    return getattr(node.model, "variety", "") == "event"


def _compensates(node: NodePlan) -> bool:
    return node.kind == "startEvent" and any(_tag(trigger) == "compensate" for trigger in node.triggers)


def _initial_data(plan: Plan) -> dict[int, tuple[object, ...]]:
    found: dict[int, tuple[object, ...]] = {}
    for item in plan.program.data:
        scope = plan.index.get(item.scope, -1)
        if item.initial is not None:
            found[scope] = (*found.get(scope, ()), item)
    return found


def _tag(trigger: object) -> str:
    return str(trigger.__struct_config__.tag)  # type: ignore[attr-defined]


def _index(plan: Plan, node_id: str, of: str) -> int:
    if node_id not in plan.index:
        raise errors.Invalid(
            "dangling_reference",
            zh=f"{of} 引用了不存在的节点 {node_id!r}",
            en=f"{of} refers to {node_id!r}, which is no node of the process",
            node=of,
        )
    return plan.index[node_id]
