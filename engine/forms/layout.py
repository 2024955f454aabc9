"""Reads a form's schema: which properties in which order and section, drawn as what."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.forms.references import unescaped

Schema = Mapping[str, Any]
DEEPEST = 8
DEFAULT_BY_FORMAT = {
    "date": "date",
    "date-time": "datetime",
    "time": "time",
    "email": "email",
    "phone": "tel",
    "attachment": "file",
}
_DEFAULT_BY_TYPE = {"number": "number", "integer": "number", "boolean": "checkbox", "object": "group"}
WIDE = {"files", "textarea", "repeat", "list", "group", "multi-select", "radio"}


def properties(schema: Schema, root: Schema) -> list[tuple[str, Schema]]:
    """Name and resolved schema of each property, in the order they are drawn."""
    found = [(name, _whole(part, root)) for name, part in schema.get("properties", {}).items()]
    return sorted(found, key=lambda pair: hint(pair[1], "order", 10_000))


def resolved(part: Schema, root: Schema) -> Schema:
    """Follows ``#/...`` references; what stands beside the reference wins."""
    for _ in range(DEEPEST):
        if not isinstance(part, Mapping):
            return {}  # ``true``: anything goes
        reference = part.get("$ref")
        if not isinstance(reference, str):
            return part
        target: Any = root
        for step in reference.removeprefix("#").strip("/").split("/"):
            target = target.get(unescaped(step), {}) if isinstance(target, Mapping) else {}
        target = target if isinstance(target, Mapping) else {}
        part = {**target, **{key: value for key, value in part.items() if key != "$ref"}}
    return part


def _whole(part: Schema, root: Schema) -> Schema:
    """Resolved, and so are the items of a list: what it is drawn as depends on them."""
    found = resolved(part, root)
    return {**found, "items": resolved(found["items"], root)} if "items" in found else found


def hint(part: Schema, name: str, default: Any = None) -> Any:
    return part.get("x-ui", {}).get(name, default)


def kind(part: Schema) -> str:
    """The JSON type that is wanted; of several the first that is not null."""
    wanted = part.get("type", "string")
    return wanted if isinstance(wanted, str) else next((name for name in wanted if name != "null"), "string")


def widget(part: Schema) -> str:
    told = hint(part, "widget")
    if told:
        return str(told)
    if "money" in part.get("x-ui", {}):
        return "money"
    if kind(part) == "array":
        items = part.get("items", {})
        if kind(items) == "object" or "properties" in items:
            return "repeat"
        if items.get("format") == "attachment":
            return "files"
        return "multi-select" if "enum" in items else "list"
    if "enum" in part:
        return "select"
    return _DEFAULT_BY_TYPE.get(kind(part)) or DEFAULT_BY_FORMAT.get(part.get("format", ""), "text")


def applies(part: Schema, siblings: Mapping[str, Any]) -> bool:
    """False while the field that ``x-ui.when`` names has another value."""
    when = hint(part, "when")
    return not when or siblings.get(when["field"]) in when["in"]


def actions(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The properties that are drawn as buttons."""
    for name, part in properties(schema, schema):
        if widget(part) == "actions":
            yield name, part


def sections(schema: Schema) -> list[tuple[Any, list[str]]]:
    """(title, names) in drawing order; what has no section comes first, under no title."""
    told = hint(schema, "sections", [])
    keys = [section["key"] for section in told]
    names: dict[str, list[str]] = {key: [] for key in ["", *keys]}
    for name, part in properties(schema, schema):
        if widget(part) != "actions":
            key = hint(part, "section", "")
            names[key if key in names else ""].append(name)
    titles = {section["key"]: section.get("x-title", section.get("title", "")) for section in told}
    return [(titles.get(key, ""), inside) for key, inside in names.items() if inside]
