"""Rules of events: hosts of boundary events, triggers where they may stand, links, compensation, names."""

from collections.abc import Iterator

from engine.definitions.finding import finding
from engine.definitions.graph import Graph, links
from engine.model import nodes, triggers
from engine.model.problem import Problem

_PROCESS_STARTS = frozenset({"message", "timer", "conditional", "signal"})
_EVENT_STARTS = _PROCESS_STARTS | {"error", "escalation", "compensate"}
_CATCHES = frozenset({"message", "timer", "conditional", "signal", "link"})
_THROWS = frozenset({"message", "signal", "escalation", "link", "compensate"})
_ENDS = frozenset({"message", "signal", "error", "escalation", "terminate", "cancel", "compensate"})
_BOUNDARIES = frozenset({"message", "timer", "conditional", "signal", "error", "escalation", "compensate", "cancel"})


def hosts(graph: Graph) -> Iterator[Problem]:
    for node in graph.of(nodes.BoundaryEvent):
        assert isinstance(node, nodes.BoundaryEvent)
        host = graph.nodes.get(node.attached_to)
        if not isinstance(host, nodes.Activity) or host.scope != node.scope:
            yield finding(
                "boundary_without_host",
                node,
                zh=f"边界事件所附着的活动“{node.attached_to}”不存在",
                en=f"The activity {node.attached_to or '(none)'} that the event is attached to does not exist here",
                mend=("把它附着到同一层的活动上", "Attach it to an activity of the same level"),
            )
        elif "cancel" in graph.kinds(node) and not _is_transaction(host):
            yield finding(
                "boundary_cancel",
                node,
                zh="取消边界事件只能附着在事务上",
                en="A cancel boundary event must be attached to a transaction",
            )


def _is_transaction(node: nodes.Node) -> bool:
    return isinstance(node, nodes.SubProcess) and node.variety == "transaction"


def allowed_triggers(graph: Graph) -> Iterator[Problem]:
    for node in graph.of(nodes.Event):
        assert isinstance(node, nodes.Event)
        wrong = graph.kinds(node) - _allowed(graph, node)
        if wrong:
            names = ", ".join(sorted(wrong))
            yield finding(
                "trigger_not_allowed",
                node,
                zh=f"此处的事件不能由 {names} 触发",
                en=f"An event here cannot have the trigger {names}",
                mend=("换一种事件", "Use another kind of event"),
            )


def _allowed(graph: Graph, node: nodes.Event) -> frozenset[str]:
    if isinstance(node, nodes.StartEvent):
        holder = graph.sub_process(node)
        if holder is None:
            return _PROCESS_STARTS
        return _EVENT_STARTS if holder.variety == "event" else frozenset()
    if isinstance(node, nodes.CatchEvent):
        return _CATCHES
    if isinstance(node, nodes.ThrowEvent):
        return _THROWS
    return _BOUNDARIES if isinstance(node, nodes.BoundaryEvent) else _ENDS


def needed_triggers(graph: Graph) -> Iterator[Problem]:
    for node in graph.of(nodes.CatchEvent, nodes.BoundaryEvent):
        assert isinstance(node, nodes.Event)
        if not node.triggers:
            yield finding(
                "trigger_missing",
                node,
                zh="这个事件没有触发器",
                en="This event has no trigger",
                mend=("选择消息、定时等触发器", "Choose a trigger: message, timer ..."),
                severity="error" if isinstance(node, nodes.BoundaryEvent) else "warning",
            )


def event_sub_processes(graph: Graph) -> Iterator[Problem]:
    for node in graph.of(nodes.SubProcess):
        assert isinstance(node, nodes.SubProcess)
        if node.variety != "event":
            continue
        if graph.incoming(node) or graph.outgoing(node):
            yield finding(
                "event_sub_process_flow",
                node,
                zh="事件子流程不能有入线或出线",
                en="An event sub-process must have no incoming or outgoing flows",
            )
        starts = [start for start in graph.within(node.id) if isinstance(start, nodes.StartEvent)]
        if len(starts) != 1:
            yield finding(
                "event_sub_process_starts",
                node,
                zh="事件子流程必须恰好有一个开始事件",
                en="An event sub-process must have exactly one start event",
            )
        elif not starts[0].triggers:
            yield finding(
                "event_sub_process_kind",
                starts[0],
                zh="事件子流程的开始事件需要触发器",
                en="The start event of an event sub-process needs a trigger",
            )


def link_pairs(graph: Graph) -> Iterator[Problem]:
    targets: dict[tuple[str, str], int] = {}
    for node in graph.of(nodes.CatchEvent):
        for name in links(node):
            targets[(node.scope, name)] = targets.get((node.scope, name), 0) + 1
    for node in graph.of(nodes.ThrowEvent):
        for name in links(node):
            if targets.get((node.scope, name), 0) != 1:
                yield finding(
                    "link_without_target",
                    node,
                    zh=f"抛出链接“{name}”在同一层需要恰好一个同名的捕获链接",
                    en=f"The throwing link {name} needs exactly one catching link of its name on the same level",
                    mend=("添加同名的捕获链接事件", "Add a catching link event of the same name"),
                )


def compensation(graph: Graph) -> Iterator[Problem]:
    for node in graph.program.nodes:
        if isinstance(node, nodes.BoundaryEvent) and "compensate" in graph.kinds(node):
            handler = graph.nodes.get(node.compensation_handler)
            if handler is None or not graph.compensating(handler):
                yield finding(
                    "compensation_without_handler",
                    node,
                    zh="补偿边界事件需要用关联线连接一个补偿活动",
                    en="A compensation boundary event needs one associated activity that is for compensation",
                    mend=("画一条关联线到补偿活动", "Draw an association to the compensation activity"),
                )
        for trigger in node.triggers if isinstance(node, nodes.Event) else ():
            if isinstance(trigger, triggers.Compensate) and trigger.activity and trigger.activity not in graph.nodes:
                yield finding(
                    "compensated_activity_missing",
                    node,
                    zh=f"要补偿的活动“{trigger.activity}”不存在",
                    en=f"The activity {trigger.activity} to compensate does not exist",
                )


def named_messages(graph: Graph) -> Iterator[Problem]:
    for node in graph.program.nodes:
        found = node.triggers if isinstance(node, nodes.Event) else (getattr(node, "message", None),)
        for trigger in found:
            if isinstance(trigger, triggers.Message) and not trigger.name and trigger.named is None:
                yield finding(
                    "message_without_name",
                    node,
                    zh="消息没有名称",
                    en="The message has no name",
                    mend=("给消息一个名称", "Name the message"),
                )


RULES = (
    hosts,
    allowed_triggers,
    needed_triggers,
    event_sub_processes,
    link_pairs,
    compensation,
    named_messages,
)
