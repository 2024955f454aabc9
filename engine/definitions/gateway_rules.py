"""Rules of gateways: a way out for every case, and the right followers of an event-based gateway."""

from collections.abc import Iterator

from engine.definitions.finding import finding
from engine.definitions.graph import Graph
from engine.model import nodes
from engine.model.problem import Problem

_WAITS = frozenset({"message", "signal", "timer", "conditional"})


def way_out(graph: Graph) -> Iterator[Problem]:
    for node in graph.of(nodes.Gateway):
        if not graph.outgoing(node):
            yield finding(
                "gateway_dead_end",
                node,
                zh="网关没有出路",
                en="The gateway has no way out",
                mend=("从网关画出顺序流", "Draw a flow from the gateway"),
            )


def decided(graph: Graph) -> Iterator[Problem]:
    """Every flow of a choice but the default says when it is taken."""
    for node in graph.of(nodes.ExclusiveGateway, nodes.InclusiveGateway):
        outgoing = graph.outgoing(node)
        default = getattr(node, "default", "")
        open_flows = [flow for flow in outgoing if flow.condition is None and flow.id != default]
        if len(outgoing) < 2:
            continue
        if open_flows:
            mend = "add_default_flow" if len(open_flows) == 1 and not default else "choose_by_outcome"
            yield finding(
                "condition_missing",
                open_flows[0],
                zh="从这个网关出去的顺序流没有条件，也不是默认流",
                en="This flow leaves a choice without a condition and is not its default",
                mend=("写出条件，或设为默认流", "Write its condition, or make it the default flow"),
                severity="warning",
                fix=mend,
            )
        elif not default:
            yield finding(
                "default_missing",
                node,
                zh="没有默认流：所有条件都不成立时流程会停在这里",
                en="There is no default flow: the process stops here when no condition holds",
                mend=("给网关设一个默认流", "Give the gateway a default flow"),
                severity="warning",
            )


def default_condition(graph: Graph) -> Iterator[Problem]:
    for node in graph.of(nodes.Gateway, nodes.Activity):
        for flow in graph.outgoing(node):
            if flow.id == getattr(node, "default", "") and flow.condition is not None:
                yield finding(
                    "default_with_condition",
                    flow,
                    zh="默认流上的条件不起作用",
                    en="The condition on the default flow has no effect",
                    mend=("去掉条件", "Remove the condition"),
                    severity="warning",
                    fix="remove_condition",
                )


def parallel_conditions(graph: Graph) -> Iterator[Problem]:
    for node in graph.of(nodes.ParallelGateway, nodes.EventBasedGateway):
        for flow in graph.outgoing(node):
            if flow.condition is not None:
                yield finding(
                    "parallel_condition" if isinstance(node, nodes.ParallelGateway) else "event_based_condition",
                    flow,
                    zh="这个网关的出线不看条件",
                    en="This gateway does not look at conditions on its flows",
                    mend=("去掉条件或改用包容网关", "Remove the condition or use an inclusive gateway"),
                    severity="warning",
                    fix="remove_condition",
                )


def event_based_followers(graph: Graph) -> Iterator[Problem]:
    for gateway in graph.of(nodes.EventBasedGateway):
        for flow in graph.outgoing(gateway):
            node = graph.nodes.get(flow.target)
            if node is None or isinstance(node, nodes.ReceiveTask):
                continue
            if isinstance(node, nodes.CatchEvent) and graph.kinds(node) and graph.kinds(node) <= _WAITS:
                continue
            yield finding(
                "event_based_follower",
                node,
                zh="事件网关之后只能是接收任务或消息、信号、定时、条件捕获事件",
                en="An event-based gateway may only be followed by receive tasks and message, signal, timer "
                "or conditional catch events",
                mend=("改用排他网关，或在其后放捕获事件", "Use an exclusive gateway, or put a catch event there"),
            )


RULES = (way_out, decided, default_condition, parallel_conditions, event_based_followers)
