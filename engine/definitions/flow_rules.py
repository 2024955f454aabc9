"""Rules of the net: ids, ends of flows, levels, what is reached and what leads on."""

from collections.abc import Iterator

from engine.definitions.finding import finding
from engine.definitions.graph import Graph
from engine.model import nodes
from engine.model.problem import Problem


def unique_ids(graph: Graph) -> Iterator[Problem]:
    seen: set[str] = set()
    for place in (*graph.program.nodes, *graph.program.flows):
        if place.id in seen:
            yield finding(
                "duplicate_id",
                place,
                zh=f"编号“{place.id}”重复",
                en=f"The id {place.id} is used twice",
                mend=("每个元素使用自己的编号", "Give each element an id of its own"),
            )
        seen.add(place.id)


def flow_ends(graph: Graph) -> Iterator[Problem]:
    for flow in graph.program.flows:
        for code, end, zh, en in (
            ("flow_without_source", flow.source, "起点", "source"),
            ("flow_without_target", flow.target, "终点", "target"),
        ):
            if end not in graph.nodes:
                yield finding(
                    code,
                    flow,
                    zh=f"顺序流的{zh}“{end}”不存在",
                    en=f"The flow's {en} {end or '(none)'} does not exist",
                    mend=("把顺序流接到存在的节点", "Connect the flow to a node that exists"),
                )


def flow_levels(graph: Graph) -> Iterator[Problem]:
    for flow in graph.program.flows:
        source, target = graph.nodes.get(flow.source), graph.nodes.get(flow.target)
        if source is not None and target is not None and source.scope != target.scope:
            yield finding(
                "crossing_flow",
                flow,
                zh="顺序流不能跨越子流程的边界",
                en="A flow must not cross the border of a sub-process",
                mend=("在子流程内用开始和结束事件", "Use start and end events inside the sub-process"),
            )


def default_flows(graph: Graph) -> Iterator[Problem]:
    for node in graph.of(nodes.Activity, nodes.Gateway):
        default = getattr(node, "default", "")
        if default and all(flow.id != default for flow in graph.outgoing(node)):
            yield finding(
                "default_of_another",
                node,
                zh=f"默认流“{default}”不是从这里出发的",
                en=f"The default flow {default} does not leave this node",
                mend=("选择从这里出发的顺序流", "Choose a flow that leaves this node"),
            )


def has_start(graph: Graph) -> Iterator[Problem]:
    """A process needs a place to begin; several plain starts leave open which one is meant."""
    top = graph.within("")
    if not top:
        yield finding(
            "empty_process",
            None,
            zh="流程中没有任何元素",
            en="The process has no elements",
            mend=("添加开始事件和步骤", "Add a start event and steps"),
            severity="warning",
        )
        return
    starts = [node for node in top if isinstance(node, nodes.StartEvent)]
    instantiating = any(getattr(node, "instantiate", False) for node in top)
    if not starts and not instantiating:
        yield finding(
            "no_start",
            None,
            zh="流程没有开始事件",
            en="The process has no start event",
            mend=("添加开始事件", "Add a start event"),
            severity="warning",
        )
    plain = [node for node in starts if not node.triggers]
    for node in plain[1:]:
        yield finding(
            "several_plain_starts",
            node,
            zh="流程有多个无触发器的开始事件",
            en="The process has several plain start events",
            mend=("只保留一个，或给其余的加上触发器", "Keep one, or give the others a trigger"),
        )


def has_end(graph: Graph) -> Iterator[Problem]:
    if graph.within("") and not any(isinstance(node, nodes.EndEvent) for node in graph.within("")):
        yield finding(
            "no_end",
            None,
            zh="流程没有结束事件",
            en="The process has no end event",
            mend=("添加结束事件", "Add an end event"),
            severity="warning",
        )


def reachable(graph: Graph) -> Iterator[Problem]:
    reached = graph.reached()
    for node in graph.program.nodes:
        if node.id in reached or graph.compensating(node):
            continue
        if node.scope and node.scope not in reached:
            continue
        yield finding(
            "unreachable",
            node,
            zh="流程永远到不了这里",
            en="The process never gets here",
            mend=("连接它或删除它", "Connect it or delete it"),
            severity="warning",
        )


def starts_and_ends(graph: Graph) -> Iterator[Problem]:
    for node in graph.program.nodes:
        if isinstance(node, nodes.StartEvent) and graph.incoming(node):
            yield finding(
                "start_with_incoming", node, zh="开始事件不能有入线", en="A start event must not have incoming flows"
            )
        if isinstance(node, nodes.EndEvent) and graph.outgoing(node):
            yield finding(
                "end_with_outgoing", node, zh="结束事件不能有出线", en="An end event must not have outgoing flows"
            )
        if isinstance(node, nodes.BoundaryEvent) and graph.incoming(node):
            yield finding(
                "boundary_with_incoming",
                node,
                zh="边界事件不能有入线",
                en="A boundary event must not have incoming flows",
            )


RULES = (
    unique_ids,
    flow_ends,
    flow_levels,
    default_flows,
    has_start,
    has_end,
    reachable,
    starts_and_ends,
)
