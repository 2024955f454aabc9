"""Forms that are written inside the BPMN: Camunda's ``formData``, Flowable's and Activiti's ``formProperty``.

They become JSON Schema documents in the program, so that one form machinery serves all of them.
"""

from typing import Any

from engine.bpmn import expressions
from engine.bpmn.dialects.dialect import attribute, extension, extensions, inner
from engine.bpmn.draft import Draft
from engine.bpmn.tag import Tag

_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "long": {"type": "integer"},
    "integer": {"type": "integer"},
    "int": {"type": "integer"},
    "double": {"type": "number"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "enum": {"type": "string"},
}


def attach(draft: Draft, namespaces: frozenset[str]) -> None:
    """The form of a user task or start event: a key, a reference, or fields that become a schema of their own."""
    tag = draft.tag
    key = attribute(tag, namespaces, "formKey") or attribute(tag, namespaces, "formRef")
    for name in ("formRefBinding", "formRefVersion", "formHandlerClass"):
        attribute(tag, namespaces, name)
    fields = _fields(tag, namespaces)
    if fields:
        key = key or draft.id
        if key not in draft.context.forms:
            draft.context.forms[key] = _schema(draft, fields)
    if key:
        draft.fields["form"] = key.strip()


def _fields(tag: Tag, namespaces: frozenset[str]) -> list[Tag]:
    holder = extension(tag, namespaces, "formData")
    own = [child.take() for child in holder.children if child.name in ("formField", "formProperty")] if holder else []
    if holder is not None:
        holder.get("businessKey")
    return own or extensions(tag, namespaces, "formProperty")


def _schema(draft: Draft, fields: list[Tag]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required = []
    for field in fields:
        field.read.update(field.attributes)
        if field.attributes.get("writable") == "false" and field.attributes.get("readable", "true") != "true":
            continue
        name = field.attributes.get("variable") or field.id
        properties[name] = _property(field)
        if _required(field):
            required.append(name)
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "title": draft.tag.label or draft.id,
        "properties": properties,
    }
    if required:
        schema["required"] = required
    return schema


def _property(field: Tag) -> dict[str, Any]:
    kind = field.attributes.get("type", "string")
    found = dict(_TYPES.get(kind, {"type": "string"}))
    found["title"] = field.attributes.get("label") or field.attributes.get("name") or field.id
    choices = inner(field, "value")
    if choices:
        found["oneOf"] = [_choice(choice) for choice in choices]
    default = field.attributes.get("defaultValue") or field.attributes.get("default", "")
    if default and not expressions.has_juel(default):
        found["default"] = _typed(default, found["type"])
    if field.attributes.get("writable") == "false":
        found["readOnly"] = True
    for holder in inner(field, "validation"):
        for constraint in inner(holder, "constraint"):
            constraint.read.update(constraint.attributes)
            _constrain(found, constraint.attributes.get("name", ""), constraint.attributes.get("config", ""))
    for holder in inner(field, "properties"):
        holder.take_all()
    return found


def _choice(tag: Tag) -> dict[str, str]:
    tag.read.update(tag.attributes)
    value = tag.attributes.get("id") or tag.text.strip()
    return {"const": value, "title": tag.attributes.get("name") or value}


def _required(field: Tag) -> bool:
    if field.attributes.get("required") == "true":
        return True
    return any(
        constraint.attributes.get("name") == "required" and constraint.attributes.get("config", "true") != "false"
        for holder in field.children
        if holder.name == "validation"
        for constraint in holder.children
    )


def _constrain(found: dict[str, Any], name: str, config: str) -> None:
    keys = {"min": "minimum", "max": "maximum", "minlength": "minLength", "maxlength": "maxLength"}
    if name == "readonly" and config != "false":
        found["readOnly"] = True
    elif name in keys:
        number = _typed(config, "number")
        if isinstance(number, float | int):
            found[keys[name]] = int(number) if float(number).is_integer() else number


def _typed(text: str, kind: str) -> Any:
    """The default as a value of the field's type; text that is no such value stays text."""
    if kind == "boolean":
        return text.lower() == "true"
    if kind in ("integer", "number"):
        try:
            return int(text) if kind == "integer" else float(text)
        except ValueError:
            return text
    return text
