"""Flowable and Activiti: what they add to the vocabulary that they share with Camunda 7."""

import json

from engine.bpmn import expressions
from engine.bpmn.dialects import camunda7, listeners
from engine.bpmn.dialects.dialect import Dialect, Fields, extension, extensions, inner
from engine.bpmn.draft import Draft
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model import nodes, triggers
from engine.model.expression import Expression, Mapping

FAMILY = camunda7.FAMILY
HARMLESS = camunda7.HARMLESS | frozenset(
    {
        *("triggerable", "useLocalScopeForResultVariable", "storeResultVariableAsTransient", "formFieldValidation"),
        *("autoStoreVariables", "sameDeployment", "fallbackToDefaultTenant", "isEagerExecutionFetch", "sourceRef"),
        *("calledElementType", "completeAsync", "processInstanceName", "documentation", "noWaitStatesAsyncLeave"),
        *(
            "formKeyDefinition",
            "ordering",
            "assigneeType",
            "idm-assignee",
            "initiator-can-complete",
            "modificationdate",
        ),
        *(
            "executionListener",
            "mapException",
            "startFormKey",
            "systemChannel",
            "transientVariables",
            "validateFormFields",
        ),
        *("eagerExecutionFetching", "taskCompleterVariableName", "taskIdVariableName", "localizations", "localization"),
        *("customproperties", "businessCalendarName", "parallelInSameTransaction", "doNotIncludeVariables", "scope"),
    }
)
_BUILT_IN = ("mail", "shell", "http", "camel", "mule", "external-worker", "send-event", "case", "dmn")


def node(draft: Draft) -> None:
    camunda7.node(draft)
    kind = camunda7.get(draft.tag, "type")
    if kind and draft.accepts("work"):
        _typed(draft, kind)
    if draft.accepts("work"):
        _rules(draft)
    if issubclass(draft.kind, nodes.CallActivity):
        _call(draft)
    if issubclass(draft.kind, nodes.StartEvent | nodes.CatchEvent | nodes.BoundaryEvent):
        _registered(draft)
    for name in ("skipExpression", "businessCalendarName", "category"):
        text = camunda7.get(draft.tag, name)
        if text:
            draft.fields.setdefault("notes", {})[name] = text
            if name == "skipExpression":
                draft.context.warn(
                    "skip_expression_ignored",
                    draft.tag,
                    zh=f"跳过表达式“{text}”不起作用",
                    en=f"The skip expression {text} has no effect",
                    mend=("改用排他网关", "Use an exclusive gateway"),
                )


def _registered(draft: Draft) -> None:
    """An event of Flowable's registry is a message by the event's key; its first correlation parameter is the key."""
    kind = extension(draft.tag, FAMILY, "eventType")
    keys = extensions(draft.tag, FAMILY, "eventCorrelationParameter")
    taken = extensions(draft.tag, FAMILY, "eventOutParameter")
    for item in (*keys, *taken, *extensions(draft.tag, FAMILY, "startEventCorrelationConfiguration")):
        item.take_all()
    if kind is None or draft.fields.get("triggers"):
        return
    mappings = [camunda7.carry(item) for item in taken]
    message = triggers.Message(
        name=kind.text.strip(),
        key=expressions.juel(keys[0].get("value"), keys[0].line) if keys else None,
        mappings=tuple((item.target, item.source) for item in mappings if item is not None),
    )
    draft.fields["triggers"] = (message,)


def _typed(draft: Draft, kind: str) -> None:
    """Built-in service types: a decision becomes a rule task, an external worker's topic a topic, the rest handlers."""
    tag = draft.tag
    given = {field.target: field.source.text for field in camunda7.fields_of(tag)}
    if kind == "dmn":
        draft.kind = nodes.BusinessRuleTask
        draft.fields["decision"] = given.get("decisionTableReferenceKey") or given.get(
            "decisionServiceReferenceKey", ""
        )
        draft.fields["work"] = None
        return
    if draft.fields.get("work") is None:
        topic = camunda7.get(tag, "topic")
        external = kind in ("external-worker", "external")
        draft.fields["work"] = nodes.Work(
            handler=(topic or draft.id) if external else kind,
            style="external" if external else "unbound",
            parameters=camunda7.fields_of(tag),
            result=given.get("resultVariableName") or camunda7.get(tag, "resultVariableName"),
        )
        work: nodes.Work = draft.fields["work"]
        draft.context.handler(draft.id, work.handler, work.style, process=draft.process, line=tag.line)
    for name in ("eventInParameter", "eventOutParameter", "eventType", "triggerEventType", "sendSynchronously"):
        for item in extensions(tag, FAMILY, name):
            item.take_all()


def _rules(draft: Draft) -> None:
    """A Drools call: rules, input and result variables make a handler that somebody must bind."""
    tag = draft.tag
    rules, inputs = camunda7.get(tag, "rules"), camunda7.get(tag, "ruleVariablesInput")
    camunda7.get(tag, "exclude")
    if not (rules or inputs) or draft.fields.get("work") is not None:
        return
    handler = f"rules:{rules or draft.id}"
    parameters = tuple(
        Mapping(target=expression.text.strip("${}#"), source=expression)
        for expression in camunda7.several(inputs, tag.line)
    )
    result = camunda7.get(tag, "resultVariable")
    draft.fields["work"] = nodes.Work(handler=handler, style="unbound", parameters=parameters, result=result)
    draft.context.handler(draft.id, handler, "unbound", process=draft.process, line=tag.line)


def _call(draft: Draft) -> None:
    tag = draft.tag
    key = camunda7.get(tag, "businessKey")
    if key:
        draft.fields["business_key"] = expressions.juel(key, tag.line)
    if camunda7.get(tag, "inheritBusinessKey") == "true":
        draft.fields["business_key"] = expressions.juel("${execution.processInstanceBusinessKey}", tag.line)
    inherit = camunda7.get(tag, "inheritVariables")
    if inherit:
        draft.fields["pass_all_in"] = inherit == "true"
    for holder in extensions(tag, FAMILY, "processInstanceName"):
        holder.take_all()


def loop(tag: Tag, fields: Fields, context: Context) -> None:
    camunda7.loop(tag, fields, context)
    holder = extension(tag, FAMILY, "collection")
    if holder is not None:
        handler = camunda7.get(holder, "class") or camunda7.get(holder, "delegateExpression")
        if handler:
            context.warn(
                "collection_handler_not_run",
                holder,
                zh=f"集合处理程序“{handler}”不在这里执行，按内容本身处理",
                en=f"The collection handler {handler} does not run here; the collection is taken as it stands",
            )
        for part in inner(holder, "string") + inner(holder, "expression"):
            text = part.text.strip()
            shown = text.startswith("[")
            fields["collection"] = Expression(text=text, line=part.line) if shown else _collection(text, part.line)
    for item in extensions(tag, FAMILY, "variableAggregation"):
        fields["output_collection"] = item.get("target") or item.get("targetExpression")
        item.read.update(("createOverviewVariable", "storeAsTransientVariable", "class", "delegateExpression"))
        parts = [_aggregated(part) for part in inner(item, "variable")]
        fields["output"] = Expression(text="{" + ", ".join(parts) + "}", line=item.line)


def _collection(text: str, line: int) -> Expression:
    return expressions.juel(text, line) if expressions.has_juel(text) else expressions.variable(text, line)


def _aggregated(tag: Tag) -> str:
    """One entry of the object that each instance adds: arithmetic over variables reads the same in JUEL and FEEL."""
    source, expression = tag.get("source"), tag.get("sourceExpression").strip()
    target = tag.get("target") or source or tag.get("targetExpression")
    value = expression[2:-1].strip() if expression[:2] in ("${", "#{") else expression
    return f"{json.dumps(target)}: {value or expressions.variable(source).text}"


def flow(tag: Tag, fields: Fields, context: Context) -> None:
    listeners.of_flow(tag, fields, FAMILY, context)
    camunda7.get(tag, "skipExpression")


def data(tag: Tag, fields: Fields, context: Context) -> None:
    """A data object's initial value, typed by its item definition."""
    item = extension(tag, FAMILY, "value")
    if item is None:
        return
    kind = tag.attributes.get("itemSubjectRef", "").rpartition(":")[2]
    text = item.text.strip()
    fields["initial"] = (
        Expression(text=text, line=item.line)
        if kind in ("int", "integer", "long", "double", "float", "boolean")
        else expressions.literal(text, item.line)
    )


def process(tag: Tag, fields: Fields, context: Context) -> None:
    camunda7.process(tag, fields, context)
    camunda7.get(tag, "isEagerExecutionFetch")


def trigger(tag: Tag, fields: Fields, context: Context) -> None:
    camunda7.trigger(tag, fields, context)
    for name in ("eventType", "eventCorrelationParameter", "eventOutParameter", "startEventCorrelationConfiguration"):
        for item in extensions(tag, FAMILY, name):
            item.take_all()
            if name == "eventType" and not fields.get("name"):
                fields["name"] = item.text.strip()


DIALECT = Dialect(
    name="flowable",
    namespaces=FAMILY,
    script_language="javascript",
    harmless=HARMLESS,
    node=node,
    trigger=trigger,
    loop=loop,
    process=process,
    flow=flow,
    data=data,
)
