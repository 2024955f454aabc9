"""Camunda Forms (form-js JSON) as JSON Schema. Pure."""

from typing import Any

MAX_COMPONENTS = 500
_TYPES: dict[str, dict[str, Any]] = {
    "textfield": {"type": "string"},
    "textarea": {"type": "string", "x-ui": {"widget": "textarea"}},
    "number": {"type": "number"},
    "checkbox": {"type": "boolean"},
    "select": {"type": "string"},
    "radio": {"type": "string"},
    "checklist": {"type": "array", "items": {"type": "string"}},
    "taglist": {"type": "array", "items": {"type": "string"}},
    "datetime": {"type": "string"},
}
_DECORATION = frozenset({"text", "html", "image", "spacer", "separator", "button", "iframe", "table"})


def is_one(document: Any) -> bool:
    """A JSON Schema has no components."""
    return isinstance(document, dict) and isinstance(document.get("components"), list)


def schema(document: dict[str, Any]) -> dict[str, Any]:
    """The form as a schema. Raises TypeError, KeyError or AttributeError for what is no form."""
    properties: dict[str, Any] = {}
    required = []
    for component in _flat(document["components"]):
        kind, key = component.get("type"), component.get("key")
        if kind in _DECORATION or not isinstance(key, str) or not key:
            continue
        properties[key] = _property(component)
        if component.get("validate", {}).get("required"):
            required.append(key)
    found: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
    }
    if required:
        found["required"] = required
    return found


def _flat(components: Any) -> list[dict[str, Any]]:
    """Groups are opened; at most MAX_COMPONENTS are looked at."""
    found: list[dict[str, Any]] = []
    stack = list(reversed(components))
    while stack and len(found) < MAX_COMPONENTS:
        component = stack.pop()
        if isinstance(component.get("components"), list):
            stack.extend(reversed(component["components"]))
        else:
            found.append(component)
    return found


def _property(component: dict[str, Any]) -> dict[str, Any]:
    found = dict(_TYPES.get(str(component.get("type")), {"type": "string"}))
    found["title"] = str(component.get("label") or component["key"])
    if component.get("description"):
        found["description"] = str(component["description"])
    if component.get("disabled") or component.get("readonly"):
        found["readOnly"] = True
    choices = [
        {"const": item.get("value"), "title": str(item.get("label", item.get("value")))}
        for item in component.get("values") or []
        if isinstance(item, dict)
    ]
    if choices and found["type"] == "string":
        found["oneOf"] = choices
    elif choices and found["type"] == "array":
        found["items"] = {"type": "string", "oneOf": choices}
    if component.get("type") == "datetime":
        found["format"] = {"date": "date", "time": "time"}.get(str(component.get("subtype")), "date-time")
    limits = component.get("validate") or {}
    for name, key in (("min", "minimum"), ("max", "maximum"), ("minLength", "minLength"), ("maxLength", "maxLength")):
        if isinstance(limits.get(name), int | float):
            found[key] = limits[name]
    if isinstance(limits.get("pattern"), str):
        found["pattern"] = limits["pattern"]
    return found
