"""SpiffWorkflow's own extensions: service operators, pre- and post-scripts, message payloads; Python everywhere."""

import ast

from engine.bpmn.dialects.dialect import Dialect, Fields, extension, extensions, inner
from engine.bpmn.draft import Draft
from engine.bpmn.names import SPIFF
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model import nodes
from engine.model.expression import Expression, Mapping

NAMESPACES = frozenset({SPIFF, "http://spiffworkflow.org/bpmn/schema/1.0/core/", "https://www.spiffworkflow.org/core"})
HARMLESS = frozenset(
    {
        *("unitTests", "unitTest", "inputJson", "expectedOutputJson", "allowGuest", "guestConfirmation", "category"),
        *("isOutputSynthetic", "scriptsOnInstances", "signalButtonLabel", "taskMetadataValues", "isOutputSynthetic"),
        *("processVariableCorrelations", "externalReferences", "isMatchingCorrelation"),
    }
)
_FORM = ("formJsonSchemaFilename", "formKey")


def python(text: str, line: int) -> Expression:
    return Expression(text=text.strip(), language="python", line=line)


def words(tag: Tag, name: str) -> str:
    found = extension(tag, NAMESPACES, name)
    return found.text.strip() if found is not None else ""


def node(draft: Draft) -> None:
    tag = draft.tag
    for name, field in (("preScript", "before"), ("postScript", "after")):
        text = words(tag, name)
        if text:
            draft.fields[field] = nodes.Script(text=text, language="python")
    _notes(draft)
    if draft.accepts("work"):
        _operator(draft)
    decision = words(tag, "calledDecisionId")
    if decision:
        draft.fields["decision"] = decision
    if draft.accepts("form"):
        notes = draft.fields.get("notes", {})
        draft.fields["form"] = next((notes[name] for name in _FORM if name in notes), "")


def _notes(draft: Draft) -> None:
    notes = draft.fields.setdefault("notes", {})
    for holder in extensions(draft.tag, NAMESPACES, "properties"):
        for prop in inner(holder, "property"):
            notes[prop.get("name")] = prop.get("value")
    instructions = words(draft.tag, "instructionsForEndUser")
    if instructions:
        notes["instructions"] = instructions


def _operator(draft: Draft) -> None:
    operator = extension(draft.tag, NAMESPACES, "serviceTaskOperator")
    if operator is None:
        return
    parameters = tuple(
        Mapping(target=item.get("id"), source=_parameter(item))
        for holder in inner(operator, "parameters")
        for item in inner(holder, "parameter")
    )
    for holder in operator.children:
        for item in holder.children:
            item.read.add("type")
    handler = operator.get("id")
    result = operator.get("resultVariable")
    draft.fields["work"] = nodes.Work(handler=handler, style="unbound", parameters=parameters, result=result)
    draft.context.handler(draft.id, handler, "unbound", process=draft.process, line=operator.line)


def _parameter(tag: Tag) -> Expression:
    """A Python expression; a text that is none, such as a key pasted without quotes, stands for itself."""
    text = tag.get("value").strip() or "None"
    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Expression(text=text, language="literal", line=tag.line)
    return python(text, tag.line)


def trigger(tag: Tag, fields: Fields, context: Context) -> None:
    """Payloads: what a throw sends, and the variable that a catch receives."""
    variable = words(tag, "messageVariable") or words(tag, "variableName")
    payload = words(tag, "messagePayload") or words(tag, "payloadExpression")
    is_message = "properties" in fields or tag.name in ("message", "messageEventDefinition")
    carries = is_message or tag.name == "signalEventDefinition"
    if variable and carries and not context.throwing:
        fields["payload"] = variable
    elif variable and not carries:
        fields["code_variable"] = variable
    if payload and carries and context.throwing:
        _send(payload, tag, fields)
    elif payload and tag.name == "errorEventDefinition":
        fields["message"] = python(payload, tag.line)
    for item in extensions(tag, NAMESPACES, "processVariableCorrelation"):
        _correlation(item, fields)


def _send(payload: str, tag: Tag, fields: Fields) -> None:
    """A payload is a Python expression: a dict display is sent name by name, a variable whole."""
    if payload.isidentifier():
        fields["payload"] = payload
        return
    try:
        shown = ast.parse(payload, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        shown = None
    keys = shown.keys if isinstance(shown, ast.Dict) else []
    if isinstance(shown, ast.Dict) and all(isinstance(key, ast.Constant) for key in keys):
        pairs = zip(keys, shown.values, strict=True)
        fields["mappings"] = tuple(
            (str(key.value), python(ast.unparse(value), tag.line))
            for key, value in pairs
            if isinstance(key, ast.Constant)
        )
    else:
        fields["mappings"] = (("", python(payload, tag.line)),)


def _correlation(tag: Tag, fields: Fields) -> None:
    expression = extension_text(tag, "expression")
    prop = extension_text(tag, "propertyId")
    if expression and prop:
        fields["key"] = python(expression, tag.line)


def extension_text(tag: Tag, name: str) -> str:
    return next((child.text.strip() for child in inner(tag, name)), "")


def process(tag: Tag, fields: Fields, context: Context) -> None:
    for name in ("properties", "unitTests"):
        for holder in extensions(tag, NAMESPACES, name):
            holder.take_all()
    instructions = words(tag, "instructionsForEndUser")
    if instructions and not fields.get("documentation"):
        fields["documentation"] = instructions


def data(tag: Tag, fields: Fields, context: Context) -> None:
    for name in ("category", "id"):
        extension(tag, NAMESPACES, name)


DIALECT = Dialect(
    name="spiff",
    namespaces=NAMESPACES,
    language="python",
    script_language="python",
    harmless=HARMLESS,
    node=node,
    trigger=trigger,
    process=process,
    data=data,
)
