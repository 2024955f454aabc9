"""Intermediate and boundary events, their definitions, links and compensation."""

from collections.abc import Iterator

from engine.bpmn.elements import ACTIVITIES
from engine.bpmn.rules.rule import Model, Rule, executable, is_formal, kid_texts, kids, local
from engine.bpmn.tag import Tag

_CATCH = frozenset({"message", "timer", "escalation", "conditional", "link", "signal"}) - {"escalation"}
_THROW = frozenset({"message", "escalation", "link", "compensate", "signal"})
_INTERRUPTING_ONLY = frozenset({"error", "cancel", "compensate"})


def boundary_kind(model: Model) -> Iterator[Tag]:
    for event in model.all("boundaryEvent"):
        kinds = model.kinds(event)
        passing = event.attributes.get("cancelActivity") == "false"
        if not kinds or kinds & {"terminate", "link"} or (passing and kinds & _INTERRUPTING_ONLY):
            yield event


def boundary_cancel(model: Model) -> Iterator[Tag]:
    for event in model.all("boundaryEvent"):
        host = model.context.refer(event.attributes.get("attachedToRef", ""))
        if "cancel" in model.kinds(event) and (host is None or host.name != "transaction"):
            yield event


def boundary_without_host(model: Model) -> Iterator[Tag]:
    for event in model.all("boundaryEvent"):
        host = model.context.refer(event.attributes.get("attachedToRef", ""))
        if host is None or host.name not in ACTIVITIES or host.parent is not event.parent:
            yield event


def boundary_with_incoming(model: Model) -> Iterator[Tag]:
    return (event for event in model.all("boundaryEvent") if model.incoming(event) or kids(event, "incoming"))


def boundary_without_outgoing(model: Model) -> Iterator[Tag]:
    for event in model.all("boundaryEvent"):
        if not model.outgoing(event) and "compensate" not in model.kinds(event):
            yield event


def compensation_with_outgoing(model: Model) -> Iterator[Tag]:
    for event in model.all("boundaryEvent"):
        if "compensate" in model.kinds(event) and (model.outgoing(event) or kids(event, "outgoing")):
            yield event


def compensation_without_handler(model: Model) -> Iterator[Tag]:
    """A compensation boundary event is associated with one activity that is for compensation."""
    for event in model.all("boundaryEvent"):
        if "compensate" in model.kinds(event) and len(_handlers(model, event)) != 1:
            yield event


def _handlers(model: Model, event: Tag) -> list[Tag]:
    found = []
    for association in model.context.associated(event.id):
        target = model.target(association)
        if target is not None and target.attributes.get("isForCompensation") == "true":
            found.append(target)
    return found


def compensation_in_flow(model: Model) -> Iterator[Tag]:
    for activity in model.activities():
        joined = model.incoming(activity) or model.outgoing(activity)
        if joined and activity.attributes.get("isForCompensation") == "true":
            yield activity


def throw_without_incoming(model: Model) -> Iterator[Tag]:
    for event in model.all("intermediateThrowEvent", "intermediateCatchEvent"):
        arrives = event.name == "intermediateCatchEvent" and "link" in model.kinds(event)
        if not arrives and not model.incoming(event):
            yield event


def event_without_outgoing(model: Model) -> Iterator[Tag]:
    for event in model.all("intermediateThrowEvent", "intermediateCatchEvent"):
        leaves = event.name == "intermediateThrowEvent" and "link" in model.kinds(event)
        if not leaves and not model.outgoing(event):
            yield event


def link_in_the_middle(model: Model) -> Iterator[Tag]:
    for event in model.all("intermediateThrowEvent"):
        if "link" in model.kinds(event) and (model.outgoing(event) or kids(event, "outgoing")):
            yield event
    for event in model.all("intermediateCatchEvent"):
        if "link" in model.kinds(event) and (model.incoming(event) or kids(event, "incoming")):
            yield event


def _links(model: Model, event_name: str) -> Iterator[tuple[Tag, Tag]]:
    for event in model.all(event_name):
        for definition in model.definitions(event):
            if definition.name == "linkEventDefinition":
                yield event, definition


def link_mismatch(model: Model) -> Iterator[Tag]:
    """A source that names its target is named by that target, and the other way round."""
    for definition in model.all("linkEventDefinition"):
        for mine, theirs in (("target", "source"), ("source", "target")):
            for reference in kid_texts(definition, mine):
                other = model.context.refer(reference, "linkEventDefinition")
                if other is None or definition.id not in kid_texts(other, theirs):
                    yield definition


def link_without_target(model: Model) -> Iterator[Tag]:
    """By name, as modellers draw it: a throwing link needs exactly one catching link of its name on its level."""
    catching: dict[tuple[int, str], int] = {}
    for event, definition in _links(model, "intermediateCatchEvent"):
        place = (id(event.parent), definition.label or event.label)
        catching[place] = catching.get(place, 0) + 1
    for event, definition in _links(model, "intermediateThrowEvent"):
        if catching.get((id(event.parent), definition.label or event.label), 0) != 1:
            yield definition


def link_target_count(model: Model) -> Iterator[Tag]:
    return (link for _, link in _links(model, "intermediateThrowEvent") if len(kids(link, "target")) != 1)


def link_without_source(model: Model) -> Iterator[Tag]:
    return (link for _, link in _links(model, "intermediateCatchEvent") if not kids(link, "source"))


def link_across_levels(model: Model) -> Iterator[Tag]:
    for event, definition in _links(model, "intermediateThrowEvent"):
        for reference in kid_texts(definition, "target"):
            other = model.context.refer(reference, "linkEventDefinition")
            if other is not None and other.parent is not None and other.parent.parent is not event.parent:
                yield definition


def message_against_throw(model: Model) -> Iterator[Tag]:
    for flow in model.all("messageFlow"):
        source, target = model.source(flow), model.target(flow)
        if target is not None and target.name == "intermediateThrowEvent":
            yield target
        if source is not None and source.name in ("intermediateCatchEvent", "boundaryEvent", "receiveTask"):
            yield source
        if target is not None and target.name == "sendTask":
            yield target


def catch_kind(model: Model) -> Iterator[Tag]:
    for event in model.all("intermediateCatchEvent"):
        kinds = model.kinds(event)
        if (not kinds and not _registered(event)) or kinds - _CATCH - {"compensate"}:
            yield event


def _registered(event: Tag) -> bool:
    """Flowable names a registered event in an extension element, and no definition."""
    holders = (child for child in event.children if child.name == "extensionElements")
    return any(child.name == "eventType" for holder in holders for child in holder.children)


def catch_compensation(model: Model) -> Iterator[Tag]:
    return (event for event in model.all("intermediateCatchEvent") if "compensate" in model.kinds(event))


def throw_kind(model: Model) -> Iterator[Tag]:
    return (event for event in model.all("intermediateThrowEvent") if model.kinds(event) - _THROW)


def condition_not_formal(model: Model) -> Iterator[Tag]:
    for definition in _executed(model, "conditionalEventDefinition"):
        if not any(is_formal(tag) and tag.text.strip() for tag in kids(definition, "condition")):
            yield definition


def message_without_name(model: Model) -> Iterator[Tag]:
    for definition in _executed(model, "messageEventDefinition"):
        if model.context.refer(definition.attributes.get("messageRef", ""), "message") is None:
            yield definition


def message_without_operation(model: Model) -> Iterator[Tag]:
    return (tag for tag in _executed(model, "messageEventDefinition") if not kids(tag, "operationRef"))


def _executed(model: Model, name: str) -> Iterator[Tag]:
    """The definitions of that kind that events of executable processes have, shared ones once."""
    seen: set[int] = set()
    for event in model.events():
        for definition in model.definitions(event) if executable(event) else ():
            if definition.name == name and id(definition) not in seen:
                seen.add(id(definition))
                yield definition


def escalation_without_code(model: Model) -> Iterator[Tag]:
    for event in model.all("intermediateThrowEvent", "endEvent"):
        for definition in model.definitions(event):
            if definition.name == "escalationEventDefinition" and executable(event):
                escalation = model.context.refer(definition.attributes.get("escalationRef", ""), "escalation")
                if escalation is None or not escalation.attributes.get("escalationCode"):
                    yield event


def error_without_code(model: Model) -> Iterator[Tag]:
    for event in model.all("endEvent"):
        for definition in model.definitions(event):
            if definition.name == "errorEventDefinition" and executable(event):
                error = model.context.refer(definition.attributes.get("errorRef", ""), "error")
                if error is None or not error.attributes.get("errorCode"):
                    yield event


def throw_definition_shared(model: Model) -> Iterator[Tag]:
    shared = {local(ref.text.strip()) for ref in model.all("eventDefinitionRef")}
    for event in model.all("endEvent", "intermediateThrowEvent"):
        for child in event.children:
            if child.id and child.id in shared and child.name.endswith("EventDefinition"):
                yield child


RULES = (
    Rule(number="EXT.110", code="boundary_kind", places=boundary_kind, severity="error",
         zh="边界事件需要触发器，不能是链接或终止；非中断时也不能是错误、取消或补偿",
         en="A boundary event needs a trigger, no link or terminate; if not interrupting no error, cancel, compensate"),
    Rule(number="EXT.111", code="boundary_cancel", places=boundary_cancel, severity="error",
         zh="取消边界事件只能附着在事务上", en="A cancel boundary event must be attached to a transaction"),
    Rule(number="REF", code="boundary_without_host", places=boundary_without_host, severity="error",
         zh="边界事件所附着的活动不存在", en="The activity that the boundary event is attached to does not exist here",
         mend=("把它附着到同一层的活动上", "Attach it to an activity of the same level")),
    Rule(number="EXT.112", code="boundary_with_incoming", places=boundary_with_incoming, severity="error",
         zh="边界事件不能有入线", en="A boundary event must not have an incoming flow"),
    Rule(number="EXT.113", code="boundary_without_outgoing", places=boundary_without_outgoing,
         zh="边界事件没有出线", en="The boundary event leads nowhere",
         mend=("从边界事件画一条顺序流", "Draw a flow from it")),
    Rule(number="EXT.114", code="compensation_with_outgoing", places=compensation_with_outgoing, severity="error",
         zh="补偿边界事件不能有出线", en="A compensation boundary event must not have an outgoing flow",
         mend=("用关联线连接补偿活动", "Join the compensation activity by an association")),
    Rule(number="EXT.143", code="compensation_without_handler", places=compensation_without_handler, severity="error",
         zh="补偿边界事件需要用关联线连接一个补偿活动",
         en="A compensation boundary event needs one associated activity that is for compensation",
         mend=("画一条关联线到标记为补偿的活动", "Draw an association to an activity marked for compensation")),
    Rule(number="EXT.144", code="compensation_in_flow", places=compensation_in_flow,
         zh="补偿活动不在正常流程中，不能有顺序流",
         en="A compensation activity is outside the normal flow and must have no sequence flows"),
    Rule(number="EXT.115", code="event_without_incoming", places=throw_without_incoming,
         zh="中间事件没有入线，永远到不了", en="Nothing leads to this intermediate event: it is never reached"),
    Rule(number="EXT.116", code="event_without_outgoing", places=event_without_outgoing,
         zh="中间事件没有出线", en="The intermediate event leads nowhere"),
    Rule(number="EXT.117", code="link_in_the_middle", places=link_in_the_middle, severity="error",
         zh="抛出链接不能有出线，捕获链接不能有入线",
         en="A throwing link must not lead on by a flow, a catching link must not be reached by one"),
    Rule(number="EXT.118", code="link_mismatch", places=link_mismatch,
         zh="链接的 source 与 target 互不对应", en="The link's source and target do not name each other"),
    Rule(number="EXT.125, EXT.126", code="link_without_target", places=link_without_target, severity="error",
         zh="抛出链接在同一层需要恰好一个同名的捕获链接",
         en="A throwing link needs exactly one catching link of its name on the same level",
         mend=("添加同名的捕获链接事件", "Add a catching link event of the same name")),
    Rule(number="EXT.125", code="link_target_count", places=link_target_count, strict=True,
         zh="抛出链接必须恰好有一个 target", en="A throwing link must name exactly one target"),
    Rule(number="EXT.124", code="link_without_source", places=link_without_source, strict=True,
         zh="捕获链接必须至少有一个 source", en="A catching link must name at least one source"),
    Rule(number="EXT.126", code="link_across_levels", places=link_across_levels, severity="error",
         zh="链接只能连接同一流程、同一层", en="A link must stay within its process and level"),
    Rule(number="EXT.119", code="message_against_the_event", places=message_against_throw,
         zh="消息流方向与事件相反：抛出者不接收，捕获者不发送",
         en="The message flow runs against the event: what throws does not receive, what catches does not send"),
    Rule(number="EXT.148", code="catch_kind", places=catch_kind, severity="error",
         zh="中间捕获事件只能是消息、定时、条件、链接或信号",
         en="An intermediate catch event must be a message, timer, conditional, link or signal event"),
    Rule(number="EXT.122", code="catch_compensation", places=catch_compensation, severity="error",
         zh="正常流程中的捕获事件不能是补偿", en="A catch event in the normal flow must not be a compensation event"),
    Rule(number="EXT.149", code="throw_kind", places=throw_kind, severity="error",
         zh="中间抛出事件只能是消息、升级、链接、补偿或信号",
         en="An intermediate throw event must be a message, escalation, link, compensation or signal event"),
    Rule(number="EXT.123", code="condition_not_formal", places=condition_not_formal, strict=True,
         zh="可执行流程的条件事件需要形式化表达式",
         en="A conditional event of an executable process needs a formal expression"),
    Rule(number="EXT.127", code="message_not_defined", places=message_without_name, strict=True,
         zh="可执行流程的消息事件需要引用消息", en="A message event of an executable process must refer to a message"),
    Rule(number="EXT.128", code="message_without_operation", places=message_without_operation, strict=True,
         zh="按标准，可执行流程的消息事件需要 operationRef",
         en="By the standard, a message event of an executable process needs an operationRef"),
    Rule(number="EXT.011", code="escalation_without_code", places=escalation_without_code,
         zh="抛出的升级没有升级代码", en="The escalation that is thrown has no escalation code",
         mend=("给升级一个代码", "Give the escalation a code")),
    Rule(number="EXT.010", code="error_without_code", places=error_without_code, strict=True,
         zh="抛出的错误没有错误代码", en="The error that is thrown has no error code",
         mend=("给错误一个代码", "Give the error a code")),
    Rule(number="EXT.095", code="throw_definition_shared", places=throw_definition_shared,
         zh="抛出事件的定义不能在别处引用", en="The definition of a throw event must not be referred to elsewhere"),
)  # fmt: skip
