"""Start events, end events, and levels that need both."""

from collections.abc import Iterator

from engine.bpmn.elements import ACTIVITIES, GATEWAYS
from engine.bpmn.rules.rule import SUB_PROCESSES, Model, Rule, is_event_sub_process, kids, local
from engine.bpmn.tag import Tag

_START_KINDS = frozenset({"message", "timer", "conditional", "signal"})
_END_KINDS = frozenset({"message", "escalation", "error", "cancel", "compensate", "signal", "terminate"})


def _levels(tag: Tag) -> bool:
    return tag.parent is not None and tag.parent.name in (*SUB_PROCESSES, "process")


def start_with_incoming(model: Model) -> Iterator[Tag]:
    return (start for start in model.all("startEvent") if model.incoming(start) or kids(start, "incoming"))


def start_without_outgoing(model: Model) -> Iterator[Tag]:
    return (start for start in model.all("startEvent") if not model.outgoing(start))


def end_with_outgoing(model: Model) -> Iterator[Tag]:
    return (end for end in model.all("endEvent") if model.outgoing(end) or kids(end, "outgoing"))


def end_without_incoming(model: Model) -> Iterator[Tag]:
    return (end for end in model.all("endEvent") if not model.incoming(end))


def end_without_start(model: Model) -> Iterator[Tag]:
    return (end for end in model.all("endEvent") if end.parent is not None and not kids(end.parent, "startEvent"))


def start_without_end(model: Model) -> Iterator[Tag]:
    return (
        start for start in model.all("startEvent") if start.parent is not None and not kids(start.parent, "endEvent")
    )


def process_start_kind(model: Model) -> Iterator[Tag]:
    for start in model.all("startEvent"):
        if start.parent is not None and start.parent.name == "process" and model.kinds(start) - _START_KINDS:
            yield start


def called_without_plain_start(model: Model) -> Iterator[Tag]:
    called = {local(tag.attributes.get("calledElement", "")) for tag in model.all("callActivity")}
    for process in model.all("process"):
        starts = kids(process, "startEvent")
        if process.id in called and starts and all(model.definitions(start) for start in starts):
            yield process


def sub_process_start_kind(model: Model) -> Iterator[Tag]:
    for start in model.all("startEvent"):
        holder = start.parent
        if holder is None or holder.name not in SUB_PROCESSES or is_event_sub_process(holder):
            continue
        if model.definitions(start):
            yield start


def message_from_start(model: Model) -> Iterator[Tag]:
    for flow in model.all("messageFlow"):
        source = model.source(flow)
        if source is not None and source.name == "startEvent":
            yield flow


def message_to_plain_start(model: Model) -> Iterator[Tag]:
    for flow in model.all("messageFlow"):
        target = model.target(flow)
        if target is not None and target.name == "startEvent" and "message" not in model.kinds(target):
            yield target


def message_to_end(model: Model) -> Iterator[Tag]:
    for flow in model.all("messageFlow"):
        target = model.target(flow)
        if target is not None and target.name == "endEvent":
            yield flow


def message_from_plain_end(model: Model) -> Iterator[Tag]:
    for flow in model.all("messageFlow"):
        source = model.source(flow)
        if source is not None and source.name == "endEvent" and "message" not in model.kinds(source):
            yield source


def cancel_outside_transaction(model: Model) -> Iterator[Tag]:
    for end in model.all("endEvent"):
        if "cancel" in model.kinds(end) and all(above.name != "transaction" for above in end.ancestors()):
            yield end


def end_kind(model: Model) -> Iterator[Tag]:
    return (end for end in model.all("endEvent") if model.kinds(end) - _END_KINDS)


def _walked(tag: Tag) -> bool:
    """Whether tokens pass it by flows: no compensation handler, no event sub-process, not inside an ad-hoc one."""
    if tag.attributes.get("isForCompensation") == "true" or is_event_sub_process(tag):
        return False
    return tag.parent is not None and tag.parent.name != "adHocSubProcess"


def without_incoming(model: Model) -> Iterator[Tag]:
    for tag in model.all(*ACTIVITIES, *GATEWAYS, "intermediateCatchEvent", "intermediateThrowEvent"):
        if not _walked(tag) or model.incoming(tag) or tag.parent is None or not kids(tag.parent, "startEvent"):
            continue
        if tag.name.startswith("intermediate") and "link" in model.kinds(tag):
            continue
        if tag.attributes.get("instantiate") != "true":
            yield tag


def without_outgoing(model: Model) -> Iterator[Tag]:
    for tag in model.all(*ACTIVITIES, *GATEWAYS):
        if _walked(tag) and not model.outgoing(tag) and tag.parent is not None and kids(tag.parent, "endEvent"):
            yield tag


RULES = (
    Rule(number="EXT.096", code="start_with_incoming", places=start_with_incoming, severity="error",
         zh="开始事件不能有入线", en="A start event must not have an incoming flow"),
    Rule(number="EXT.101", code="start_without_outgoing", places=start_without_outgoing,
         zh="开始事件没有出线", en="The start event has no outgoing flow",
         mend=("从开始事件画一条顺序流", "Draw a flow from the start event")),
    Rule(number="EXT.104", code="end_with_outgoing", places=end_with_outgoing, severity="error",
         zh="结束事件不能有出线", en="An end event must not have an outgoing flow"),
    Rule(number="EXT.107", code="end_without_incoming", places=end_without_incoming,
         zh="结束事件没有入线", en="The end event has no incoming flow"),
    Rule(number="EXT.097", code="end_without_start", places=end_without_start,
         zh="这一层有结束事件却没有开始事件", en="This level has an end event but no start event",
         mend=("添加开始事件", "Add a start event")),
    Rule(number="EXT.105", code="start_without_end", places=start_without_end,
         zh="这一层有开始事件却没有结束事件", en="This level has a start event but no end event",
         mend=("添加结束事件", "Add an end event")),
    Rule(number="EXT.098", code="process_start_kind", places=process_start_kind, severity="error",
         zh="流程的开始事件只能由消息、定时、条件或信号触发",
         en="A process may only start by a message, a timer, a condition or a signal"),
    Rule(number="EXT.099", code="called_without_plain_start", places=called_without_plain_start, severity="error",
         zh="被调用的流程需要一个无触发器的开始事件", en="A process that is called needs a plain start event"),
    Rule(number="EXT.100", code="sub_process_start_kind", places=sub_process_start_kind, severity="error",
         zh="子流程的开始事件不能有触发器（事件子流程除外）",
         en="The start event of a sub-process must have no trigger, unless it is an event sub-process"),
    Rule(number="EXT.102", code="message_from_start", places=message_from_start,
         zh="消息流不能从开始事件出发", en="A message flow must not come from a start event"),
    Rule(number="EXT.103", code="message_to_plain_start", places=message_to_plain_start,
         zh="有消息流指向这个开始事件，它需要消息触发器",
         en="A message flow leads to this start event, so it needs a message trigger"),
    Rule(number="EXT.108", code="message_to_end", places=message_to_end,
         zh="消息流不能指向结束事件", en="A message flow must not lead to an end event"),
    Rule(number="EXT.109", code="message_from_plain_end", places=message_from_plain_end,
         zh="有消息流从这个结束事件出发，它需要消息触发器",
         en="A message flow comes from this end event, so it needs a message trigger"),
    Rule(number="EXT.106", code="cancel_outside_transaction", places=cancel_outside_transaction, severity="error",
         zh="取消结束事件只能用在事务子流程中", en="A cancel end event is only allowed in a transaction"),
    Rule(number="EXT.146", code="end_kind", places=end_kind, severity="error",
         zh="结束事件不能是定时、条件或链接事件", en="An end event must not be a timer, conditional or link event"),
    Rule(number="EXT.150", code="without_incoming", places=without_incoming,
         zh="这里没有入线，流程永远到不了", en="Nothing leads here: it is never reached",
         mend=("连接它或删除它", "Connect it or delete it")),
    Rule(number="EXT.151", code="without_outgoing", places=without_outgoing,
         zh="这一层有结束事件，但这里没有出线", en="This level has end events, but nothing leads on from here",
         mend=("接到后续节点或结束事件", "Lead on to a next node or an end event")),
)  # fmt: skip
