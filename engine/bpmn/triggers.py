"""Event definitions to triggers."""

from collections.abc import Sequence
from typing import Any

from engine.bpmn import correlation, expressions
from engine.bpmn.dialects.dialect import Dialect
from engine.bpmn.names import BPMN
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model import triggers

CATCHING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})
_SUFFIX = "EventDefinition"


def read(event: Tag, context: Context, dialects: Sequence[Dialect]) -> tuple[triggers.Trigger, ...]:
    """The triggers of an event in document order, referenced definitions included."""
    found = []
    context.throwing = event.name not in CATCHING
    for child in event.children:
        if child.ns != BPMN:
            continue
        if child.name == "eventDefinitionRef":
            definition = context.refer(child.take().text.strip())
            if definition is None:
                context.note(
                    "dangling_event_definition",
                    child,
                    zh=f"引用的事件定义“{child.text.strip()}”不存在",
                    en=f"The event definition {child.text.strip()} does not exist",
                    mend=("改为引用存在的事件定义", "Refer to an event definition that exists"),
                )
                continue
        else:
            definition = child
        reader = _READERS.get(definition.name)
        if reader is not None:
            found.append(reader(definition.take(), event, context, dialects))
    return tuple(found)


def message(tag: Tag, event: Tag, context: Context, dialects: Sequence[Dialect]) -> triggers.Message:
    """``tag`` carries ``messageRef``: an event definition, a send task or a receive task."""
    fields: dict[str, Any] = {"name": ""}
    reference = tag.get("messageRef") or _operation_message(tag, event, context)
    declared = context.refer(reference, "message") if reference else None
    throwing = context.throwing = event.name not in CATCHING
    if declared is not None:
        declared.take().read.update(("name", "id", "itemRef"))
        fields["name"] = declared.label or declared.id
        correlation.read(declared, event, fields, context, throwing=throwing)
    else:
        fields["name"] = reference or correlation.drawn_name(event, context) or event.label or event.id
    for dialect in dialects:
        if declared is not None:
            dialect.trigger(declared, fields, context)
        dialect.trigger(tag, fields, context)
        if tag is not event:
            dialect.trigger(event, fields, context)
    _note_message(tag, event, context, reference=reference, declared=declared)
    return triggers.Message(**fields)


def _operation_message(tag: Tag, event: Tag, context: Context) -> str:
    reference = tag.words(BPMN, "operationRef") or tag.get("operationRef")
    operation = context.refer(reference, "operation") if reference else None
    if operation is None:
        return ""
    return operation.words(BPMN, "outMessageRef" if event.name in CATCHING else "inMessageRef") or operation.words(
        BPMN, "inMessageRef"
    )


def _note_message(tag: Tag, event: Tag, context: Context, *, reference: str, declared: Tag | None) -> None:
    if reference and declared is None:
        context.warn(
            "dangling_message",
            tag,
            zh=f"引用的消息“{reference}”没有定义，按此名称使用",
            en=f"The message {reference} is not defined; it is used by this name",
            mend=("定义这个消息", "Define the message"),
        )
    elif declared is not None and not declared.label:
        context.warn(
            "unnamed_message",
            declared,
            zh=f"消息“{declared.id}”没有名称，使用它的编号",
            en=f"The message {declared.id} has no name; its id is used",
            mend=("给消息一个名称", "Name the message"),
        )
    elif not reference and tag is not event:
        context.warn(
            "message_without_reference",
            tag,
            zh="消息事件没有指定消息",
            en="The message event names no message",
            mend=("选择一个消息", "Choose a message"),
        )


def _referred(tag: Tag, event: Tag, context: Context, kind: str) -> tuple[str, Tag | None]:
    reference = tag.get(f"{kind}Ref")
    declared = context.refer(reference, kind) if reference else None
    if declared is not None:
        declared.take().read.update(("id", "name", "structureRef"))
    elif reference:
        context.warn(
            f"dangling_{kind}",
            tag,
            zh=f"引用的“{reference}”（{kind}）没有定义，按此名称使用",
            en=f"The {kind} {reference} is not defined; it is used by this name",
            mend=("在文件中定义它", "Define it in the file"),
        )
    return reference, declared


def _signal(tag: Tag, event: Tag, context: Context, dialects: Sequence[Dialect]) -> triggers.Trigger:
    reference, declared = _referred(tag, event, context, "signal")
    name = (declared.label or declared.id) if declared is not None else (reference or event.label or event.id)
    if not reference:
        context.warn(
            "signal_without_reference",
            tag,
            zh="信号事件没有指定信号",
            en="The signal event names no signal",
            mend=("选择一个信号", "Choose a signal"),
        )
    fields: dict[str, Any] = {"name": _named(name, tag.line)}
    for dialect in dialects:
        dialect.trigger(tag, fields, context)
        if declared is not None:
            dialect.trigger(declared, fields, context)
    return triggers.Signal(**fields)


def _named(text: str, line: int) -> Any:
    zeebe = expressions.zeebe(text, line)
    return zeebe if zeebe.language != "literal" else expressions.juel(text, line)


def _error(tag: Tag, event: Tag, context: Context, dialects: Sequence[Dialect]) -> triggers.Trigger:
    """A catch without a code catches every error (Camunda 7); a throw without one throws its own name."""
    reference, declared = _referred(tag, event, context, "error")
    code = declared.get("errorCode") if declared is not None else reference
    if not code and declared is not None and event.name not in CATCHING:
        code = declared.label or declared.id
    fields: dict[str, Any] = {"code": code}
    for dialect in dialects:
        dialect.trigger(tag, fields, context)
        if declared is not None:
            dialect.trigger(declared, fields, context)
    return triggers.Error(**fields)


def _escalation(tag: Tag, event: Tag, context: Context, dialects: Sequence[Dialect]) -> triggers.Trigger:
    reference, declared = _referred(tag, event, context, "escalation")
    code = declared.get("escalationCode") if declared is not None else reference
    if not code and declared is not None and event.name not in CATCHING:
        code = declared.label or declared.id
    fields: dict[str, Any] = {"code": code}
    for dialect in dialects:
        dialect.trigger(tag, fields, context)
        if declared is not None:
            dialect.trigger(declared, fields, context)
    return triggers.Escalation(**fields)


def _timer(tag: Tag, event: Tag, context: Context, dialects: Sequence[Dialect]) -> triggers.Trigger:
    for child_name, kind in (("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle")):
        child = tag.find(BPMN, child_name)
        if child is None:
            continue
        text = expressions.moment(child, next((d.language for d in dialects if d.language), None))
        if text is None:
            continue
        fields: dict[str, Any] = {"kind": kind, "text": text}
        for dialect in dialects:
            dialect.trigger(tag, fields, context)
            dialect.trigger(child, fields, context)
        return triggers.Timer(**fields)
    context.note(
        "timer_without_time",
        tag if tag.parent is event else event,
        zh="定时事件没有给出时间",
        en="The timer event says no time",
        mend=(
            "填写日期、时长或周期，例如 PT2H",
            "Give a date, a duration or a cycle, for example PT2H",
        ),
        fix="fill_timer",
    )
    return triggers.Timer(kind="duration", text=expressions.literal("", tag.line))


def _conditional(tag: Tag, event: Tag, context: Context, dialects: Sequence[Dialect]) -> triggers.Trigger:
    condition = tag.find(BPMN, "condition")
    language = next((d.language for d in dialects if d.language), None)
    expression = expressions.spoken(condition, language) if condition is not None else None
    if expression is None:
        context.note(
            "condition_missing",
            tag if tag.parent is event else event,
            zh="条件事件没有条件",
            en="The conditional event has no condition",
            mend=("填写条件表达式", "Write the condition"),
            fix="fill_condition",
        )
        expression = expressions.literal("", tag.line)
    fields: dict[str, Any] = {"condition": expression}
    for dialect in dialects:
        dialect.trigger(tag, fields, context)
    return triggers.Conditional(**fields)


def _compensate(tag: Tag, event: Tag, context: Context, dialects: Sequence[Dialect]) -> triggers.Trigger:
    return triggers.Compensate(activity=tag.get("activityRef"), wait=tag.flag("waitForCompletion", True))


def _link(tag: Tag, event: Tag, context: Context, dialects: Sequence[Dialect]) -> triggers.Trigger:
    tag.each(BPMN, "source")
    tag.each(BPMN, "target")
    return triggers.Link(name=tag.get("name") or event.label or event.id)


def _cancel(tag: Tag, event: Tag, context: Context, dialects: Sequence[Dialect]) -> triggers.Trigger:
    return triggers.Cancel()


def _terminate(tag: Tag, event: Tag, context: Context, dialects: Sequence[Dialect]) -> triggers.Trigger:
    return triggers.Terminate()


_READERS = {
    f"message{_SUFFIX}": message,
    f"signal{_SUFFIX}": _signal,
    f"error{_SUFFIX}": _error,
    f"escalation{_SUFFIX}": _escalation,
    f"timer{_SUFFIX}": _timer,
    f"conditional{_SUFFIX}": _conditional,
    f"compensate{_SUFFIX}": _compensate,
    f"link{_SUFFIX}": _link,
    f"cancel{_SUFFIX}": _cancel,
    f"terminate{_SUFFIX}": _terminate,
}
DEFINITIONS = frozenset(_READERS)
