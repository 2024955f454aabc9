"""Sequence flows, message flows, and the artifacts that neither may touch."""

from collections.abc import Iterator

from engine.bpmn.elements import ACTIVITIES, GATEWAYS, NODES
from engine.bpmn.rules.rule import CHOREOGRAPHY, Model, Rule, executable, is_event_sub_process, kids, local
from engine.bpmn.tag import Tag

_ARTIFACTS = frozenset({"association", "textAnnotation", "group"})
_ENDS = ("sourceRef", "targetRef")


def _ends_at(model: Model, flows: str, side: str, kinds: frozenset[str]) -> Iterator[Tag]:
    for flow in model.all(flows):
        end = model.context.refer(flow.attributes.get(side, ""))
        if end is not None and end.name in kinds:
            yield flow


def flow_to_artifact(model: Model) -> Iterator[Tag]:
    return _ends_at(model, "sequenceFlow", "targetRef", _ARTIFACTS)


def flow_from_artifact(model: Model) -> Iterator[Tag]:
    return _ends_at(model, "sequenceFlow", "sourceRef", _ARTIFACTS)


def message_to_artifact(model: Model) -> Iterator[Tag]:
    return _ends_at(model, "messageFlow", "targetRef", _ARTIFACTS)


def message_from_artifact(model: Model) -> Iterator[Tag]:
    return _ends_at(model, "messageFlow", "sourceRef", _ARTIFACTS)


def _no_flow_node(tag: Tag | None) -> bool:
    if tag is None or tag.name in CHOREOGRAPHY:
        return False
    return tag.name not in NODES or is_event_sub_process(tag)


def flow_from_no_node(model: Model) -> Iterator[Tag]:
    return (flow for flow in model.flows if _no_flow_node(model.source(flow)))


def flow_to_no_node(model: Model) -> Iterator[Tag]:
    return (flow for flow in model.flows if _no_flow_node(model.target(flow)))


def flow_without_source(model: Model) -> Iterator[Tag]:
    return (flow for flow in model.flows if model.source(flow) is None)


def flow_without_target(model: Model) -> Iterator[Tag]:
    return (flow for flow in model.flows if model.target(flow) is None)


def flow_not_listed(model: Model) -> Iterator[Tag]:
    """A flow that its source or target does not name, where the file names flows at its nodes at all."""
    for flow in model.flows:
        source, target = model.source(flow), model.target(flow)
        if (source is not None and flow.id not in model.listed(source, "outgoing")) or (
            target is not None and flow.id not in model.listed(target, "incoming")
        ):
            yield flow


def listed_flow_missing(model: Model) -> Iterator[Tag]:
    """``incoming`` and ``outgoing`` that name a flow which is not there or ends elsewhere."""
    for node in model.nodes():
        for child in kids(node, "incoming", "outgoing"):
            flow = model.context.refer(child.text.strip(), "sequenceFlow")
            side = "targetRef" if child.name == "incoming" else "sourceRef"
            if flow is None or local(flow.attributes.get(side, "")) != node.id:
                yield child


def not_immediate(model: Model) -> Iterator[Tag]:
    return (flow for flow in model.flows if flow.attributes.get("isImmediate") == "false" and executable(flow))


def lone_condition(model: Model) -> Iterator[Tag]:
    """A conditional flow must not be an activity's only way out."""
    for flow in model.flows:
        source = model.source(flow)
        if source is None or source.name in GATEWAYS or not kids(flow, "conditionExpression"):
            continue
        if source.name not in ACTIVITIES or len(model.outgoing(source)) < 2:
            yield flow


def default_of_another(model: Model) -> Iterator[Tag]:
    for node in model.nodes():
        default = node.attributes.get("default", "")
        if default and all(flow.id != local(default) for flow in model.outgoing(node)):
            yield node


def crossing_flow(model: Model) -> Iterator[Tag]:
    for flow in model.flows:
        source, target = model.source(flow), model.target(flow)
        if source is not None and target is not None and source.parent is not target.parent:
            yield flow


def _pool(model: Model, reference: str) -> str:
    """The process that a message flow's end belongs to, or the pool itself when it shows none."""
    end = model.context.refer(reference)
    if end is None:
        return ""
    if end.name == "participant":
        return local(end.attributes.get("processRef", "")) or end.id
    return next((above.id for above in end.ancestors() if above.name == "process"), "")


def message_within_pool(model: Model) -> Iterator[Tag]:
    for flow in model.all("messageFlow"):
        source, target = (flow.attributes.get(side, "") for side in _ENDS)
        pool = _pool(model, source)
        if source == target or (pool and pool == _pool(model, target)):
            yield flow


def message_at_choreography(model: Model) -> Iterator[Tag]:
    """Message flows join participants; a choreography activity is no participant."""
    for side in _ENDS:
        yield from _ends_at(model, "messageFlow", side, CHOREOGRAPHY)


def message_at_no_place(model: Model) -> Iterator[Tag]:
    return (
        flow
        for flow in model.all("messageFlow")
        if any(model.context.refer(flow.attributes.get(side, "")) is None for side in _ENDS)
    )


def message_at_gateway(model: Model) -> Iterator[Tag]:
    for side in _ENDS:
        yield from _ends_at(model, "messageFlow", side, frozenset(GATEWAYS))


_ARTIFACT_MEND = ("改用关联线（association）", "Use an association")
RULES = (
    Rule(number="EXT.006", code="flow_to_artifact", places=flow_to_artifact, severity="error", mend=_ARTIFACT_MEND,
         zh="顺序流不能指向注释、分组等制品", en="A sequence flow must not lead to an artifact"),
    Rule(number="EXT.007", code="flow_from_artifact", places=flow_from_artifact, severity="error", mend=_ARTIFACT_MEND,
         zh="顺序流不能从注释、分组等制品出发", en="A sequence flow must not come from an artifact"),
    Rule(number="EXT.008", code="message_to_artifact", places=message_to_artifact, mend=_ARTIFACT_MEND,
         zh="消息流不能指向注释、分组等制品", en="A message flow must not lead to an artifact"),
    Rule(number="EXT.009", code="message_from_artifact", places=message_from_artifact, mend=_ARTIFACT_MEND,
         zh="消息流不能从注释、分组等制品出发", en="A message flow must not come from an artifact"),
    Rule(number="EXT.021", code="flow_from_no_node", places=flow_from_no_node, severity="error",
         zh="顺序流只能从活动、网关或事件出发，不能从事件子流程出发",
         en="A sequence flow must come from an activity, gateway or event, and not from an event sub-process"),
    Rule(number="EXT.022", code="flow_to_no_node", places=flow_to_no_node, severity="error",
         zh="顺序流只能指向活动、网关或事件，不能指向事件子流程",
         en="A sequence flow must lead to an activity, gateway or event, and not to an event sub-process"),
    Rule(number="REF", code="flow_without_source", places=flow_without_source, severity="error",
         zh="顺序流的起点不存在", en="The sequence flow's source does not exist",
         mend=("把顺序流接到存在的节点", "Connect the flow to a node that exists")),
    Rule(number="REF", code="flow_without_target", places=flow_without_target, severity="error",
         zh="顺序流的终点不存在", en="The sequence flow's target does not exist",
         mend=("把顺序流接到存在的节点", "Connect the flow to a node that exists")),
    Rule(number="EXT.023", code="flow_not_listed", places=flow_not_listed, strict=True, fix="list_flows",
         zh="顺序流两端的节点没有用 incoming、outgoing 列出它",
         en="The nodes at the flow's ends do not list it as incoming and outgoing"),
    Rule(number="EXT.023", code="listed_flow_missing", places=listed_flow_missing,
         zh="incoming 或 outgoing 所列的顺序流不存在或不接在这里",
         en="The flow listed here as incoming or outgoing does not exist or is not connected here"),
    Rule(number="EXT.024", code="flow_not_immediate", places=not_immediate,
         zh="可执行流程中 isImmediate 不能为 false", en="isImmediate must not be false in an executable process"),
    Rule(number="EXT.025", code="lone_conditional_flow", places=lone_condition, strict=True,
         zh="活动只有一条带条件的出线：条件不成立时流程停在这里",
         en="A conditional flow is the only way out here: the process stops when the condition is false",
         mend=("再加一条出线或去掉条件", "Add another way out or remove the condition")),
    Rule(number="EXT.026", code="default_of_another", places=default_of_another, severity="error",
         zh="默认流不是从这个节点出发的", en="The default flow does not come from this node",
         mend=("选择从这里出发的顺序流", "Choose a flow that leaves this node")),
    Rule(number="EXT.028, EXT.152", code="crossing_flow", places=crossing_flow, severity="error",
         zh="顺序流不能跨越泳池或子流程的边界",
         en="A sequence flow must not cross the border of a pool or sub-process",
         mend=("泳池之间使用消息流；子流程内用开始和结束事件", "Between pools use a message flow")),
    Rule(number="EXT.031", code="message_within_pool", places=message_within_pool,
         zh="消息流必须连接不同的泳池", en="A message flow must join different pools"),
    Rule(number="EXT.033", code="message_at_choreography", places=message_at_choreography,
         zh="消息流不能连接编排活动", en="A message flow must not join a choreography activity"),
    Rule(number="REF", code="message_at_no_place", places=message_at_no_place,
         zh="消息流的一端不存在", en="An end of the message flow does not exist"),
    Rule(number="REF", code="message_at_gateway", places=message_at_gateway,
         zh="消息流不能连接网关", en="A message flow must not join a gateway"),
)  # fmt: skip
