"""Camunda 8 (``zeebe:`` extension elements): FEEL after a leading ``=``, jobs by type, mappings by path."""

import re
from collections.abc import Iterator
from typing import Any, cast

from engine.bpmn import expressions
from engine.bpmn.dialects import formjs, listeners
from engine.bpmn.dialects.dialect import Dialect, Fields, attribute, extension, extensions, inner
from engine.bpmn.draft import Draft
from engine.bpmn.names import ZEEBE
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model import nodes
from engine.model.expression import Expression, Mapping
from engine.model.performer import Performer

NAMESPACES = frozenset({ZEEBE})
HARMLESS = frozenset(
    {"modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon", "userTask", "bindingType", "linkedResources"}
)
_BINDINGS = ("latest", "deployment", "versionTag")


def node(draft: Draft) -> None:
    tag = draft.tag
    for holder in extensions(tag, NAMESPACES, "properties"):
        for prop in inner(holder, "property"):
            draft.fields.setdefault("notes", {})[prop.get("name")] = prop.get("value")
    for mapping in extensions(tag, NAMESPACES, "ioMapping"):
        draft.add("inputs", *(_mapping(item) for item in inner(mapping, "input")))
        draft.add("outputs", *(_mapping(item) for item in inner(mapping, "output")))
    if draft.accepts("work"):
        _work(draft)
    for kind, reader in _READERS:
        if issubclass(draft.kind, kind):
            reader(draft)
    for item, work in _listeners(tag):
        listeners.beside(draft, item, work.headers["event"], (work,))


def _mapping(tag: Tag) -> Mapping:
    source = tag.get("source")
    return Mapping(target=tag.get("target"), source=value(source or tag.get("target"), tag.line))


def value(text: str, line: int) -> Expression:
    return expressions.zeebe(text, line)


def _work(draft: Draft) -> None:
    """A job worker's type is an external topic."""
    definition = extension(draft.tag, NAMESPACES, "taskDefinition")
    holder = next((child for child in draft.tag.children if child.name.endswith("EventDefinition")), None)
    if definition is None and holder is not None:
        definition = extension(holder, NAMESPACES, "taskDefinition")
    headers = {
        item.get("key"): item.get("value")
        for part in extensions(draft.tag, NAMESPACES, "taskHeaders")
        for item in inner(part, "header")
    }
    if definition is None:
        return
    handler, named = _job_type(definition)
    draft.fields["work"] = nodes.Work(
        handler=handler,
        named=named,
        style="external",
        retries=_retries(definition),
        headers=headers,
        priority=_priority(draft.tag),
    )
    draft.context.handler(draft.id, handler, "external", process=draft.process, line=definition.line)


def _job_type(definition: Tag) -> tuple[str, Expression | None]:
    """A job's type is a topic; a FEEL text stands for itself, another expression is computed when the job begins."""
    said = definition.get("type").strip()
    if not said.startswith("="):
        return said, None
    text = _TEXT.match(said)
    return (text[1], None) if text is not None else (said, value(said, definition.line))


_TEXT = re.compile(r'=\s*"([^"\\]*)"\s*$')


def _priority(tag: Tag) -> Expression | None:
    definition = extension(tag, NAMESPACES, "priorityDefinition")
    return value(definition.get("priority"), definition.line) if definition is not None else None


def _user(draft: Draft) -> None:
    tag = draft.tag
    assignment = extension(tag, NAMESPACES, "assignmentDefinition")
    if assignment is not None:
        assignee = assignment.get("assignee")
        draft.fields["performer"] = Performer(
            assignee=value(assignee, assignment.line) if assignee else None,
            users=_several(assignment.get("candidateUsers"), assignment.line),
            groups=_several(assignment.get("candidateGroups"), assignment.line),
        )
    schedule = extension(tag, NAMESPACES, "taskSchedule")
    if schedule is not None:
        for name, field in (("dueDate", "due"), ("followUpDate", "follow_up")):
            if schedule.get(name):
                draft.fields[field] = value(schedule.get(name), schedule.line)
    priority = _priority(tag)
    if priority is not None:
        draft.fields["priority"] = priority
    _form(draft)


def _several(text: str, line: int) -> tuple[Expression, ...]:
    """One FEEL expression that gives a list, or names with commas."""
    if text.lstrip().startswith("="):
        return (value(text, line),)
    return tuple(expressions.literal(part.strip(), line) for part in text.split(",") if part.strip())


def _form(draft: Draft) -> None:
    definition = extension(draft.tag, NAMESPACES, "formDefinition")
    if definition is None:
        return
    definition.read.update(("bindingType", "versionTag"))
    key = definition.get("formId") or definition.get("formKey") or definition.get("externalReference")
    draft.fields["form"] = key.rpartition("camunda-forms:bpmn:")[2]


def _call(draft: Draft) -> None:
    called = extension(draft.tag, NAMESPACES, "calledElement")
    if called is None:
        return
    draft.fields["called"] = value(called.get("processId"), called.line)
    draft.fields["pass_all_in"] = called.flag("propagateAllParentVariables", True)
    draft.fields["pass_all_out"] = called.flag("propagateAllChildVariables", True)
    _bind(called, draft)


def _bind(tag: Tag, draft: Draft) -> None:
    binding = tag.get("bindingType")
    if binding in _BINDINGS:
        draft.fields["binding"] = cast(Any, binding)
    draft.fields["version"] = tag.get("versionTag")


def _rule(draft: Draft) -> None:
    called = extension(draft.tag, NAMESPACES, "calledDecision")
    if called is None:
        return
    decision = called.get("decisionId")
    if decision.lstrip().startswith("="):
        draft.fields["decided_by"] = value(decision, called.line)
    else:
        draft.fields["decision"] = decision
    draft.fields["result"] = called.get("resultVariable")
    _bind(called, draft)


def _script(draft: Draft) -> None:
    """A FEEL expression whose value is the result."""
    script = extension(draft.tag, NAMESPACES, "script")
    if script is not None:
        draft.fields["script"] = script.get("expression").strip().removeprefix("=").strip()
        draft.fields["language"] = "feel"
        draft.fields["result"] = script.get("resultVariable")
        return
    definition = extension(draft.tag, NAMESPACES, "taskDefinition")
    if definition is not None and not draft.fields.get("script"):
        draft.kind = nodes.ServiceTask
        _work(draft)


def _ad_hoc(draft: Draft) -> None:
    found = extension(draft.tag, NAMESPACES, "adHoc")
    if found is None:
        return
    active = found.get("activeElementsCollection")
    if active:
        draft.fields["active_elements"] = value(active, found.line)
    if found.get("outputCollection") or found.get("outputElement"):
        draft.context.warn(
            "ad_hoc_output_ignored",
            found,
            zh="临时子流程的输出集合不起作用",
            en="The output collection of the ad-hoc sub-process has no effect",
        )


_READERS = (
    (nodes.UserTask, _user),
    (nodes.CallActivity, _call),
    (nodes.BusinessRuleTask, _rule),
    (nodes.ScriptTask, _script),
    (nodes.SubProcess, _ad_hoc),
    (nodes.StartEvent, _form),
)


def _listeners(tag: Tag) -> Iterator[tuple[Tag, nodes.Work]]:
    """Each is a job of its own type, which is waited for."""
    for holder_name, name in (("executionListeners", "executionListener"), ("taskListeners", "taskListener")):
        for holder in extensions(tag, NAMESPACES, holder_name):
            for item in inner(holder, name):
                handler, named = _job_type(item)
                headers = {"event": item.get("eventType")}
                yield (
                    item,
                    nodes.Work(handler=handler, named=named, style="external", retries=_retries(item), headers=headers),
                )


def _retries(tag: Tag) -> int:
    text = tag.get("retries").strip()
    return int(text) if text.isdigit() else 3


def trigger(tag: Tag, fields: Fields, context: Context) -> None:
    if tag.name == "message":
        subscription = extension(tag, NAMESPACES, "subscription")
        if subscription is not None and subscription.get("correlationKey"):
            fields["key"] = value(subscription.get("correlationKey"), subscription.line)
        if str(fields.get("name", "")).startswith("="):
            fields["named"] = value(str(fields["name"]), tag.line)
    elif tag.name in ("error", "escalation") and str(fields.get("code", "")).startswith("="):
        _code(tag, fields, context)
    elif tag.name == "conditionalEventDefinition":
        found = extension(tag, NAMESPACES, "conditionalFilter")
        if found is not None:
            fields["variable"] = found.get("variableNames").split(",")[0].strip()
            found.get("variableEvents")


def _code(tag: Tag, fields: Fields, context: Context) -> None:
    """A FEEL text stands for itself; another expression is computed by a throw, and catches nothing."""
    text = _TEXT.match(str(fields["code"]))
    if text is not None:
        fields["code"] = text[1]
        return
    if context.throwing:
        fields["named"] = value(str(fields["code"]), tag.line)
        return
    context.warn(
        "code_computed",
        tag,
        zh=f"捕获事件的代码“{fields['code']}”是表达式，按原文使用",
        en=f"The code {fields['code']} of a catching event is an expression; its text is used as the code",
        mend=("写出固定的代码", "Write a fixed code"),
    )


def loop(tag: Tag, fields: Fields, context: Context) -> None:
    found = extension(tag, NAMESPACES, "loopCharacteristics")
    if found is None:
        return
    fields["collection"] = value(found.get("inputCollection"), found.line)
    fields["element"] = found.get("inputElement")
    fields["output_collection"] = found.get("outputCollection")
    if found.get("outputElement"):
        fields["output"] = value(found.get("outputElement"), found.line)


def process(tag: Tag, fields: Fields, context: Context) -> None:
    version = extension(tag, NAMESPACES, "versionTag")
    if version is not None:
        fields["version_tag"] = version.get("value")
    for form in extensions(tag, NAMESPACES, "userTaskForm"):
        schema = formjs.schema(form, context)
        if schema is not None:
            context.forms[form.get("id")] = schema
    for name in ("properties", "taskHeaders"):
        for holder in extensions(tag, NAMESPACES, name):
            holder.take_all()
    for item, work in _listeners(tag):
        listeners.around(fields, item, work.headers["event"], (work,), context)


def flow(tag: Tag, fields: Fields, context: Context) -> None:
    for holder in extensions(tag, NAMESPACES, "properties"):
        holder.take_all()


def data(tag: Tag, fields: Fields, context: Context) -> None:
    attribute(tag, NAMESPACES, "modelerTemplate")


DIALECT = Dialect(
    name="camunda8",
    namespaces=NAMESPACES,
    language="camunda8",
    script_language="feel",
    harmless=HARMLESS,
    node=node,
    trigger=trigger,
    loop=loop,
    process=process,
    flow=flow,
    data=data,
)
