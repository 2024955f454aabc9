"""Sub-processes, ad-hoc ones, transactions, choreographies, quantities, expressions, imports."""

from collections.abc import Iterator

from engine.bpmn.elements import ACTIVITIES
from engine.bpmn.names import BPMN
from engine.bpmn.rules.rule import (
    CHOREOGRAPHY,
    SUB_PROCESSES,
    Model,
    Rule,
    executable,
    is_event_sub_process,
    is_formal,
    kids,
)
from engine.bpmn.tag import Tag

_EXPRESSIONS = {
    "adHocSubProcess": ("completionCondition",),
    "assignment": ("from", "to"),
    "complexGateway": ("activationCondition",),
    "multiInstanceLoopCharacteristics": ("loopCardinality", "completionCondition"),
    "sequenceFlow": ("conditionExpression",),
    "standardLoopCharacteristics": ("loopCondition",),
    "timerEventDefinition": ("timeDate", "timeDuration", "timeCycle"),
}
_BODIES = ("condition", "dataPath", "messagePath", "transformation", "formalExpression")


def import_not_read(model: Model) -> Iterator[Tag]:
    return model.all("import")


def informal_expression(model: Model) -> Iterator[Tag]:
    for name, parts in _EXPRESSIONS.items():
        for tag in model.all(name):
            if executable(tag) and any(not is_formal(part) for part in kids(tag, *parts)):
                yield tag


def empty_expression(model: Model) -> Iterator[Tag]:
    names = dict.fromkeys((*_BODIES, *(part for parts in _EXPRESSIONS.values() for part in parts)))
    for name in names:
        for tag in model.all(name):
            if (name in _BODIES or is_formal(tag)) and not tag.text.strip() and not tag.children:
                yield tag


def event_sub_process_flow(model: Model) -> Iterator[Tag]:
    for tag in model.all(*SUB_PROCESSES):
        joined = model.incoming(tag) or model.outgoing(tag) or kids(tag, "incoming", "outgoing")
        if is_event_sub_process(tag) and joined:
            yield tag


def event_sub_process_starts(model: Model) -> Iterator[Tag]:
    for tag in model.all(*SUB_PROCESSES):
        if is_event_sub_process(tag) and len(kids(tag, "startEvent")) != 1:
            yield tag


def event_sub_process_kind(model: Model) -> Iterator[Tag]:
    for tag in model.all(*SUB_PROCESSES):
        if not is_event_sub_process(tag):
            continue
        for start in kids(tag, "startEvent"):
            kinds = model.kinds(start)
            passing = start.attributes.get("isInterrupting") == "false"
            if not kinds or kinds & {"link", "cancel", "terminate"} or (passing and kinds & {"compensate", "error"}):
                yield start


def ad_hoc_empty(model: Model) -> Iterator[Tag]:
    return (tag for tag in model.all("adHocSubProcess") if not kids(tag, *ACTIVITIES))


def ad_hoc_contents(model: Model) -> Iterator[Tag]:
    banned = ("startEvent", "endEvent", *CHOREOGRAPHY, "conversation", "conversationLink")
    return (tag for tag in model.all("adHocSubProcess") if kids(tag, *banned))


def choreography_in_process(model: Model) -> Iterator[Tag]:
    return (tag for process in model.all("process") for tag in kids(process, *CHOREOGRAPHY))


def choreography_in_sub_process(model: Model) -> Iterator[Tag]:
    return (tag for holder in model.all(*SUB_PROCESSES) for tag in kids(holder, *CHOREOGRAPHY))


def choreography_refers(model: Model) -> Iterator[Tag]:
    return (tag for tag in model.all("choreography", "globalConversation") if kids(tag, "choreographyRef"))


def _quantity(tag: Tag, name: str) -> int | None:
    text = tag.attributes.get(name, "").strip()
    return int(text) if text.lstrip("-").isdigit() else None


def quantity_below_one(model: Model, name: str) -> Iterator[Tag]:
    for tag in model.activities():
        value = _quantity(tag, name)
        if value is not None and value < 1:
            yield tag


def start_quantity(model: Model) -> Iterator[Tag]:
    return quantity_below_one(model, "startQuantity")


def completion_quantity(model: Model) -> Iterator[Tag]:
    return quantity_below_one(model, "completionQuantity")


def multiplicity_minimum(model: Model) -> Iterator[Tag]:
    return (tag for tag in model.all("participantMultiplicity") if (_quantity(tag, "minimum") or 0) < 0)


def multiplicity_maximum(model: Model) -> Iterator[Tag]:
    """Without words of its own a participant's minimum is 0 and its maximum 1."""
    for tag in model.all("participantMultiplicity"):
        minimum, maximum = _quantity(tag, "minimum") or 0, _quantity(tag, "maximum")
        if (1 if maximum is None else maximum) < max(minimum, 1):
            yield tag


def public_executable(model: Model) -> Iterator[Tag]:
    for process in model.all("process"):
        if process.attributes.get("processType") == "Public" and process.attributes.get("isExecutable") == "true":
            yield process


def script_without_format(model: Model) -> Iterator[Tag]:
    return (tag for tag in model.all("scriptTask") if kids(tag, "script") and not tag.attributes.get("scriptFormat"))


def loop_without_number(model: Model) -> Iterator[Tag]:
    for tag in model.all("multiInstanceLoopCharacteristics"):
        if executable(tag) and not kids(tag, "loopCardinality", "loopDataInputRef"):
            yield tag


def called_nowhere(model: Model) -> Iterator[Tag]:
    """Only what the file itself could know: a called element with the file's own prefix or none, and imports none."""
    if any(True for _ in model.all("import")):
        return
    callable_ids = {tag.id for tag in model.context.root.children if tag.ns == BPMN}
    for tag in model.all("callActivity"):
        called = tag.attributes.get("calledElement", "")
        if called and called.rpartition(":")[2] not in callable_ids:
            yield tag


RULES = (
    Rule(number="EXT.001, EXT.002", code="import_not_read", places=import_not_read,
         zh="不读取导入的文件：请把所需的定义放在同一个文件中，或分别上传",
         en="Imported files are not fetched: keep what is needed in this file, or upload it by itself"),
    Rule(number="EXT.012", code="informal_expression", places=informal_expression, strict=True,
         zh="可执行流程中的表达式必须是形式化表达式（tFormalExpression）",
         en="An expression of an executable process must be a formal expression (tFormalExpression)"),
    Rule(number="EXT.013", code="empty_expression", places=empty_expression,
         zh="表达式是空的", en="The expression is empty", mend=("写出表达式", "Write the expression")),
    Rule(number="EXT.057", code="event_sub_process_flow", places=event_sub_process_flow, severity="error",
         zh="事件子流程不能有入线或出线", en="An event sub-process must have no incoming or outgoing flows"),
    Rule(number="EXT.058", code="event_sub_process_starts", places=event_sub_process_starts, severity="error",
         zh="事件子流程必须恰好有一个开始事件", en="An event sub-process must have exactly one start event"),
    Rule(number="EXT.059", code="event_sub_process_kind", places=event_sub_process_kind, severity="error",
         zh="事件子流程的开始事件需要触发器：消息、错误、升级、补偿、条件、信号或定时；非中断时不能是错误或补偿",
         en="An event sub-process must start by message, error, escalation, compensation, condition, signal or timer; "
            "a non-interrupting one not by error or compensation"),
    Rule(number="EXT.061", code="ad_hoc_empty", places=ad_hoc_empty,
         zh="临时子流程中没有活动", en="The ad-hoc sub-process contains no activity"),
    Rule(number="EXT.062", code="ad_hoc_contents", places=ad_hoc_contents,
         zh="临时子流程不能含有开始、结束事件或编排活动",
         en="An ad-hoc sub-process must not contain start or end events or choreography activities"),
    Rule(number="EXT.036", code="choreography_in_process", places=choreography_in_process, severity="error",
         zh="流程中不能有编排活动", en="A process must not contain choreography activities"),
    Rule(number="EXT.056", code="choreography_in_sub_process", places=choreography_in_sub_process, severity="error",
         zh="子流程中不能有编排活动", en="A sub-process must not contain choreography activities"),
    Rule(number="EXT.027", code="choreography_refers", places=choreography_refers,
         zh="编排不能引用编排", en="A choreography must not refer to a choreography"),
    Rule(number="EXT.029", code="multiplicity_minimum", places=multiplicity_minimum,
         zh="参与者的最小数目不能为负", en="A participant's minimum must not be negative"),
    Rule(number="EXT.030", code="multiplicity_maximum", places=multiplicity_maximum,
         zh="参与者的最大数目至少为 1，且不小于最小数目",
         en="A participant's maximum must be at least one and not less than its minimum"),
    Rule(number="EXT.035", code="public_executable", places=public_executable, strict=True,
         zh="公共流程（Public）不应标记为可执行", en="A public process should not be marked as executable"),
    Rule(number="EXT.037", code="start_quantity", places=start_quantity,
         zh="startQuantity 不能小于 1，按 1 处理", en="startQuantity must not be less than 1; it is taken as 1"),
    Rule(number="EXT.038", code="completion_quantity", places=completion_quantity,
         zh="completionQuantity 不能小于 1，按 1 处理",
         en="completionQuantity must not be less than 1; it is taken as 1"),
    Rule(number="EXT.053", code="script_without_format", places=script_without_format, strict=True,
         zh="脚本没有写明语言，按 Python 处理", en="The script names no language; it is taken as Python"),
    Rule(number="EXT.067", code="loop_not_counted", places=loop_without_number, strict=True,
         zh="可执行流程的多实例需要次数或集合",
         en="A multi-instance of an executable process needs a number or a collection"),
    Rule(number="REF", code="called_element_elsewhere", places=called_nowhere, strict=True,
         zh="被调用的流程不在这个文件中", en="The process that is called is not in this file"),
)  # fmt: skip
