"""Camunda 7 and its heirs (Operaton, CIB seven); the part that Flowable and Activiti share with it.

A Java class, a delegate or an expression that calls code becomes a handler by that name, which a deployment lists as
missing until somebody binds it. What only concerns Camunda's own transactions (``exclusive``, ``asyncBefore`` of
events and gateways) changes no outcome here and is read without effect.
"""

from typing import cast

from engine import errors, feel
from engine.bpmn import expressions
from engine.bpmn.dialects import forms, listeners, parameters
from engine.bpmn.dialects.dialect import Dialect, Fields, attribute, extension, extensions, inner
from engine.bpmn.draft import Draft
from engine.bpmn.names import ACTIVITI, CAMUNDA, FLOWABLE, OPERATON
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model import nodes
from engine.model.expression import Expression, Mapping
from engine.model.performer import Performer

NAMESPACES = frozenset(
    {
        CAMUNDA,
        OPERATON,
        "http://cibseven.org/schema/1.0/bpmn",
        "http://www.camunda.com/fox",
        "http://activiti.org/bpmn-ext",
    }
)
FAMILY = NAMESPACES | {ACTIVITI, FLOWABLE}

HARMLESS = frozenset(
    {
        *("exclusive", "asyncBefore", "asyncAfter", "async", "modelerTemplate", "modelerTemplateVersion"),
        *("modelerTemplateIcon", "diagramRelationId", "isStartableInTasklist", "jobPriority", "taskPriority"),
        *("validation", "constraint", "potentialStarter", "errorCodeVariable", "errorMessageVariable"),
        *("properties", "property", "historyLevel", "transientVariables"),
    }
)
_RESULTS = ("singleEntry", "singleResult", "collectEntries", "resultList")


def get(tag: Tag, name: str) -> str:
    return attribute(tag, FAMILY, name)


def node(draft: Draft) -> None:
    tag = draft.tag
    if get(tag, "asyncBefore") == "true" or get(tag, "async") == "true":
        draft.fields["asynchronous"] = True
    get(tag, "asyncAfter"), get(tag, "exclusive"), _retries(tag)
    _notes(draft)
    _mappings(draft)
    for kind, reader in _READERS:
        if issubclass(draft.kind, kind):
            reader(draft)
    listeners.read(draft, FAMILY)


def _notes(draft: Draft) -> None:
    for holder in extensions(draft.tag, FAMILY, "properties"):
        for prop in inner(holder, "property"):
            prop.read.update(prop.attributes)
            name = prop.attributes.get("name") or prop.attributes.get("id", "")
            draft.fields.setdefault("notes", {})[name] = prop.attributes.get("value", "")


def _mappings(draft: Draft) -> None:
    """``camunda:inputOutput``: parameters become mappings of the activity, or of its work."""
    holder = extension(draft.tag, FAMILY, "inputOutput")
    if holder is None:
        return
    draft.add("inputs", *(parameters.mapping(item, draft.context) for item in inner(holder, "inputParameter")))
    draft.add("outputs", *(parameters.mapping(item, draft.context) for item in inner(holder, "outputParameter")))


def _user(draft: Draft) -> None:
    tag = draft.tag
    standard: Performer = draft.fields.get("performer", Performer())
    assignee = get(tag, "assignee")
    draft.fields["performer"] = Performer(
        assignee=expressions.juel(assignee, tag.line) if assignee else standard.assignee,
        users=(*standard.users, *several(get(tag, "candidateUsers"), tag.line)),
        groups=(*standard.groups, *several(get(tag, "candidateGroups"), tag.line)),
    )
    for name, field in (("dueDate", "due"), ("followUpDate", "follow_up"), ("priority", "priority")):
        text = get(tag, name)
        if text:
            draft.fields[field] = expressions.juel(text, tag.line)
    forms.attach(draft, FAMILY)


def several(text: str, line: int) -> tuple[Expression, ...]:
    """A comma-separated list; commas inside an expression's braces belong to it."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if char == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    return tuple(expressions.juel(part.strip(), line) for part in parts if part.strip())


def _work(draft: Draft) -> None:
    """Service, send and rule tasks, and throwing message events: who does the work."""
    tag = draft.tag
    source = _definition(tag) if issubclass(draft.kind, nodes.Event) else tag
    if source is None:
        return
    if issubclass(draft.kind, nodes.ServiceTask) and _evaluates(get(source, "expression")):
        draft.kind = nodes.ScriptTask
        draft.fields["script"], draft.fields["language"] = get(source, "expression"), "juel"
        draft.fields["result"] = get(source, "resultVariable") or get(source, "resultVariableName")
        return
    work = work_of(source, draft)
    if work is not None:
        draft.fields["work"] = work
    result = get(source, "resultVariable") or get(source, "resultVariableName")
    if result and "result" in draft.kind.__struct_fields__:
        draft.fields["result"] = result


def _evaluates(expression: str) -> bool:
    """Whether a service's expression is a value and calls no code: then it is evaluated, and nobody need bind it."""
    if not expressions.has_juel(expression):
        return False
    try:
        feel.compile_dialect(expression, "juel")
    except errors.Invalid:
        return False
    return True


def _definition(tag: Tag) -> Tag | None:
    return next((child for child in tag.children if child.name == "messageEventDefinition"), None)


def work_of(tag: Tag, draft: Draft) -> nodes.Work | None:
    """The handler that the vendor's attributes name; None when they name none."""
    topic, kind = get(tag, "topic"), get(tag, "type")
    handler, style = "", "unbound"
    if kind == "external":
        handler, style = topic or draft.id, "external"
    extra: tuple[Mapping, ...] = ()
    for name in ("class", "delegateExpression", "expression"):
        code = get(tag, name)
        if code and not handler:
            *before, last = listeners.called(code, tag.line) if name == "expression" else [nodes.Work(handler=code)]
            draft.add("errands", *(nodes.Errand(at=_asked_at(draft), work=work) for work in before))
            handler, extra = last.handler, last.parameters
    connector = extension(tag, FAMILY, "connector")
    if connector is not None:
        handler, extra = _connector(connector, draft)
    if not handler:
        return None
    draft.context.handler(draft.id, handler, style, process=draft.process, line=tag.line)
    priority = get(tag, "taskPriority") or get(tag, "jobPriority")
    return nodes.Work(
        handler=handler,
        style="external" if style == "external" else "unbound",
        parameters=(*fields_of(tag), *extra),
        result=get(tag, "resultVariable") or get(tag, "resultVariableName"),
        retries=_retries(tag),
        priority=expressions.juel(priority, tag.line) if priority else None,
        headers={item.get("key"): item.get("value") for item in _external_properties(tag)},
    )


def _asked_at(draft: Draft) -> nodes.Moment:
    return "start" if issubclass(draft.kind, nodes.Activity) else "enter"


def _external_properties(tag: Tag) -> list[Tag]:
    return [
        item
        for holder in extensions(tag, FAMILY, "properties")
        for item in inner(holder, "property")
        if item.has("key")
    ]


def _connector(connector: Tag, draft: Draft) -> tuple[str, tuple[Mapping, ...]]:
    name = connector.words(connector.ns, "connectorId")
    inputs: list[Mapping] = []
    for holder in inner(connector, "inputOutput"):
        inputs.extend(parameters.mapping(item, draft.context) for item in inner(holder, "inputParameter"))
        draft.add("outputs", *(parameters.mapping(item, draft.context) for item in inner(holder, "outputParameter")))
    return name or draft.id, tuple(inputs)


def fields_of(tag: Tag) -> tuple[Mapping, ...]:
    """``camunda:field``: constants or expressions injected into a delegate."""
    return tuple(listeners.injected(field) for field in extensions(tag, FAMILY, "field"))


def _retries(tag: Tag) -> int:
    """``R5/PT5M`` asks for five tries, ``PT1M,PT5M`` for three."""
    cycle = extension(tag, FAMILY, "failedJobRetryTimeCycle")
    text = cycle.text.strip() if cycle is not None else ""
    if text.startswith("R") and text[1:].partition("/")[0].isdigit():
        return int(text[1:].partition("/")[0])
    return text.count(",") + 2 if text.startswith("P") and "," in text else 3


def _rule(draft: Draft) -> None:
    tag = draft.tag
    decision = get(tag, "decisionRef")
    if expressions.has_juel(decision):
        draft.fields["decided_by"] = expressions.juel(decision, tag.line)
    elif decision:
        draft.fields["decision"] = decision
    draft.fields["result"] = get(tag, "resultVariable")
    shape = get(tag, "mapDecisionResult")
    draft.fields["result_shape"] = shape if shape in _RESULTS else ("resultList" if decision else "")
    _binding(draft, "decisionRef")
    get(tag, "decisionRefTenantId")


def _binding(draft: Draft, prefix: str) -> None:
    binding = get(draft.tag, f"{prefix}Binding")
    if binding in ("latest", "deployment", "version", "versionTag"):
        draft.fields["binding"] = binding
    version = get(draft.tag, f"{prefix}Version") or get(draft.tag, f"{prefix}VersionTag")
    if version:
        draft.fields["version"] = version


def _call(draft: Draft) -> None:
    tag = draft.tag
    _binding(draft, "calledElement")
    get(tag, "calledElementTenantId")
    case = get(tag, "caseRef")
    if case:
        draft.context.note(
            "case_not_supported",
            tag,
            zh=f"这里不能调用 CMMN 案例“{case}”：流程到达这里会停下",
            en=f"The CMMN case {case} cannot be called here: an instance stops at this call",
            mend=("改为调用 BPMN 流程", "Call a BPMN process instead"),
            severity="warning",
        )
        draft.fields["called"] = expressions.literal(case, tag.line)
    delegate = get(tag, "variableMappingClass") or get(tag, "variableMappingDelegateExpression")
    if delegate:
        for at, event in (("start", "in"), ("end", "out")):
            work = nodes.Work(handler=delegate, style="unbound", headers={"event": event})
            draft.add("errands", nodes.Errand(at=cast(nodes.Moment, at), work=work))
        draft.context.handler(draft.id, delegate, "unbound", process=draft.process, line=tag.line)
    incoming, outgoing = extensions(tag, FAMILY, "in"), extensions(tag, FAMILY, "out")
    if incoming:
        draft.fields["pass_all_in"] = False
    if outgoing:
        draft.fields["pass_all_out"] = False
    for item in incoming:
        if item.get("businessKey"):
            draft.fields["business_key"] = expressions.juel(item.get("businessKey"), item.line)
    if all(item.has("businessKey") for item in incoming) and incoming:
        draft.fields["pass_all_in"] = False
    carried(draft, incoming, into="inputs", everything="pass_all_in")
    carried(draft, outgoing, into="outputs", everything="pass_all_out")


def carried(draft: Draft, items: list[Tag], *, into: str, everything: str) -> None:
    """``camunda:in`` and ``camunda:out``."""
    for item in items:
        item.read.add("local")
        if item.get("variables") == "all":
            draft.fields[everything] = True
            continue
        mapping = carry(item)
        if mapping is not None:
            draft.add(into, mapping)


def carry(item: Tag) -> Mapping | None:
    source, expression, target = item.get("source"), item.get("sourceExpression"), item.get("target")
    if expression:
        return Mapping(target=target, source=expressions.juel(expression, item.line))
    return Mapping(target=target or source, source=expressions.variable(source, item.line)) if source else None


def _start(draft: Draft) -> None:
    draft.fields["initiator"] = get(draft.tag, "initiator")
    forms.attach(draft, FAMILY)


def _script(draft: Draft) -> None:
    draft.fields["result"] = get(draft.tag, "resultVariable") or get(draft.tag, "resultVariableName")
    resource = get(draft.tag, "resource")
    if resource:
        draft.context.warn(
            "script_elsewhere",
            draft.tag,
            zh=f"脚本在外部资源“{resource}”中，没有内容可以执行",
            en=f"The script is in the resource {resource}; there is nothing to run here",
            mend=("把脚本内容写入流程", "Put the script's text into the process"),
        )
    get(draft.tag, "autoStoreVariables")


_READERS = (
    (nodes.UserTask, _user),
    (nodes.ServiceTask, _work),
    (nodes.SendTask, _work),
    (nodes.BusinessRuleTask, _work),
    (nodes.EndEvent, _work),
    (nodes.ThrowEvent, _work),
    (nodes.BusinessRuleTask, _rule),
    (nodes.CallActivity, _call),
    (nodes.StartEvent, _start),
    (nodes.ScriptTask, _script),
)


def trigger(tag: Tag, fields: Fields, context: Context) -> None:
    if tag.name == "errorEventDefinition":
        fields["code_variable"] = get(tag, "errorCodeVariable")
        fields["message_variable"] = get(tag, "errorMessageVariable")
    elif tag.name == "error" and get(tag, "errorMessage"):
        fields["message"] = expressions.juel(get(tag, "errorMessage"), tag.line)
    elif tag.name == "escalationEventDefinition":
        fields["code_variable"] = get(tag, "escalationCodeVariable")
    elif tag.name == "conditionalEventDefinition":
        fields["variable"] = get(tag, "variableName")
        get(tag, "variableEvents")
    elif tag.name == "signalEventDefinition":
        get(tag, "async")
        mappings = [carry(item) for item in extensions(tag, FAMILY, "in")]
        fields["mappings"] = tuple((item.target, item.source) for item in mappings if item is not None)
    elif "name" in fields and isinstance(fields["name"], str) and expressions.has_juel(fields["name"]):
        fields["named"] = expressions.juel(fields["name"], tag.line)


def loop(tag: Tag, fields: Fields, context: Context) -> None:
    collection = get(tag, "collection")
    if collection:
        fields["collection"] = (
            expressions.juel(collection, tag.line)
            if expressions.has_juel(collection)
            else expressions.variable(collection, tag.line)
        )
    for name, field in (("elementVariable", "element"), ("elementIndexVariable", "index")):
        if get(tag, name):
            fields[field] = get(tag, name)
    get(tag, "asyncBefore"), get(tag, "asyncAfter"), get(tag, "exclusive"), _retries(tag)


def process(tag: Tag, fields: Fields, context: Context) -> None:
    fields["version_tag"] = get(tag, "versionTag")
    fields["history_time_to_live"] = get(tag, "historyTimeToLive")
    for name, field in (("candidateStarterGroups", "starter_groups"), ("candidateStarterUsers", "starter_users")):
        fields[field] = tuple(part.text for part in several(get(tag, name), tag.line))
    for holder in extensions(tag, FAMILY, "properties"):
        holder.take_all()
    listeners.of_process(tag, fields, FAMILY, context)


def flow(tag: Tag, fields: Fields, context: Context) -> None:
    listeners.of_flow(tag, fields, FAMILY, context)


DIALECT = Dialect(
    name="camunda7",
    namespaces=FAMILY,
    script_language="javascript",
    harmless=HARMLESS,
    node=node,
    trigger=trigger,
    loop=loop,
    process=process,
    flow=flow,
)
