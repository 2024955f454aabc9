"""A whole body that a shape takes, for the API's description: what is required, and what has an example of its own."""

import re
from collections.abc import Mapping
from typing import Any

DEEPEST = 6
_FORMATS = {
    "date-time": "2026-11-22T09:00:00+08:00",
    "date": "2026-11-22",
    "time": "09:00:00",
    "email": "li@example.com",
    "uri": "https://example.com/",
    "binary": "",
}
_FIELDS = {
    "ends_at": "2026-11-29T18:00:00+08:00",
    "group": "KA",
    "number": "C-1001",
    "password": "a long enough password 7",
    "process": "SFA-03",
    "reason": "the customer asked for it",
    "requested_date": "2026-11-30",
    "reply": "accepted",
    "place": "10.1.0.0/16",
}
"""Where the shape says no more than that it is a text."""
_SPOKEN = ("names", "text", "texts", "reason", "subject")
"""Fields that hold a text in each language."""
_WORDS = ("text", "a-key", "A-1", "a", "2026-11-22", "PT1H", "zh-CN", "1", "https://example.com/")
"""Tried in turn where the field's own name does not fit."""


def of(shape: Mapping[str, Any], schemas: Mapping[str, Any], name: str = "text", depth: int = 0) -> Any:
    """``schemas`` by their names; ``name`` is the field's. The same for the same shape."""
    if "$ref" in shape:
        called = str(shape["$ref"]).rpartition("/")[2]
        return of(schemas[called], schemas, name, depth + 1) if depth < DEEPEST else {}
    for said in ("example", "const"):
        if said in shape:
            return shape[said]
    for several in ("examples", "enum"):
        if shape.get(several):
            return shape[several][0]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in shape:
            other = next((one for one in shape[choice] if one.get("type") != "null"), {"type": "null"})
            return of(other, schemas, name, depth)
    return _of_kind(shape, schemas, name, depth)


def _of_kind(shape: Mapping[str, Any], schemas: Mapping[str, Any], name: str, depth: int) -> Any:
    kind = shape.get("type")
    if kind == "object" or "properties" in shape:
        return _object(shape, schemas, name, depth)
    if kind == "array":
        return [of(shape.get("items", {}), schemas, name, depth + 1)] if depth < DEEPEST else []
    if kind in ("integer", "number"):
        return _number(shape)
    if kind == "boolean":
        return True
    return None if kind == "null" else _text(shape, name)


def _object(shape: Mapping[str, Any], schemas: Mapping[str, Any], name: str, depth: int) -> dict[str, Any]:
    needed = set(shape.get("required", ()))
    fields = shape.get("properties", {})
    found = {
        key: of(field, schemas, key, depth + 1) for key, field in fields.items() if key in needed or "examples" in field
    }
    more = shape.get("additionalProperties")
    if not fields and isinstance(more, dict) and more.get("type") == "string" and name in _SPOKEN:
        return {"zh-CN": "文字", "en": "words"}
    if not fields and isinstance(more, dict) and depth < DEEPEST:
        found["name"] = of(more, schemas, "text", depth + 1)
    return found


def _number(shape: Mapping[str, Any]) -> int:
    least = shape.get("minimum", shape.get("exclusiveMinimum", 0) + 1)
    return int(min(max(1, least), shape.get("maximum", least + 1)))


def _text(shape: Mapping[str, Any], name: str) -> str:
    if shape.get("format") in _FORMATS and name not in _FIELDS:
        return _FORMATS[shape["format"]]
    pattern, least, most = shape.get("pattern", ""), shape.get("minLength", 0), shape.get("maxLength", 1000)
    for word in (_FIELDS.get(name, name), name, *_WORDS):
        if least <= len(word) <= most and re.search(pattern, word):
            return word
    return name.ljust(least, "x")[:most]
