"""What a browser sent as JSON for the schema to judge.

Nothing is judged here: a number that is none stays the text that was typed, so that the check names it and the page
shows it again. Empty boxes are absent values. A field is named by its JSON pointer behind an ``f``: ``f/lines/0/sku``.
A read-only cell goes along with its row as JSON, ``f/lines/0/price!``: by these the row is known again.
"""

import json
import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from engine.forms import layout as forms
from engine.forms.layout import Schema

MOST_ROWS = 500
Sent = MultiDict[str, str]
Lookup = Callable[[str], str]
"""Turns what was typed for a customer, product or material into its id; what names none stays as it is."""
Take = Callable[[str, Schema], list[str]]
"""Keeps the files that were chosen for the field of a name, as the schema of one file allows; their ids."""


def nothing(name: str, part: Schema) -> list[str]:
    return []


@dataclass(frozen=True)
class _Reading:
    root: Schema
    sent: Sent
    customer: Lookup
    product: Lookup
    material: Lookup
    take: Take


def read(
    schema: Schema,
    sent: Sent,
    *,
    customer: Lookup = str,
    product: Lookup = str,
    material: Lookup = str,
    take: Take = nothing,
) -> dict[str, Any]:
    """The form's values, without read-only fields (but those of rows) and fields that do not apply."""
    return _object(schema, _Reading(schema, sent, customer, product, material, take), "f")


def _object(part: Schema, reading: _Reading, name: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    fields = forms.properties(part, reading.root)
    for key, field in fields:
        if not field.get("readOnly"):
            value = _value(field, reading, f"{name}/{key}")
            if value is not None:
                values[key] = value
    hidden = {key for key, field in fields if not forms.applies(field, values)}
    return {key: value for key, value in values.items() if key not in hidden}


def _value(part: Schema, reading: _Reading, name: str) -> Any:
    sent = reading.sent
    match forms.widget(part):
        case "group":
            return _object(part, reading, name) or None
        case "repeat":
            return _rows(forms.resolved(part.get("items", {}), reading.root), reading, name)
        case "file":
            return next(reversed(_files(reading, name, part)), None)
        case "files":
            return _files(reading, name, part.get("items", {})) or None
        case "multi-select":
            return [_typed(part.get("items", {}), text) for text in sent.getlist(name) if text] or None
        case "list":
            lines = [line.strip() for line in sent.get(name, "").splitlines()]
            return [_typed(part.get("items", {}), line) for line in lines if line] or None
        case "checkbox":
            # A box that is not ticked sends nothing; the marker beside it says that it was on the page.
            return sent.get(name) == "true" if f"{name}?" in sent else None
        case "customer" | "product" | "material" as widget:
            typed = sent.get(name, "").strip()
            find = {"customer": reading.customer, "product": reading.product, "material": reading.material}[widget]
            return find(typed) if typed else None
        case _:
            text = sent.get(name, "").replace("\r\n", "\n")
            text = text if forms.widget(part) == "textarea" else text.strip()
            return _typed(part, text) if text.strip() else None


def _files(reading: _Reading, name: str, part: Schema) -> list[str]:
    """Those that stood there and were not taken out, then those that are new."""
    out = reading.sent.getlist(f"{name}-")
    return [key for key in reading.sent.getlist(name) if key and key not in out] + reading.take(name, part)


def _rows(items: Schema, reading: _Reading, name: str) -> list[Any] | None:
    """Rows in the order of their numbers; a row in which nothing was typed is no row."""
    found = [_row(items, reading, f"{name}/{index}") for index in row_numbers(reading.sent, name)]
    rows = [row for row in found if any(value is not False for value in row.values())]
    return rows or None


def _row(items: Schema, reading: _Reading, name: str) -> dict[str, Any]:
    cells = {}
    for key, field in forms.properties(items, reading.root):
        if field.get("readOnly") and f"{name}/{key}!" in reading.sent:
            cells[key] = _shown(reading.sent[f"{name}/{key}!"])
    return {**cells, **_object(items, reading, name)}


def _shown(text: str) -> Any:
    """The cell's value; what is no JSON stays the text, which is no cell of a row that is stored."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def row_numbers(sent: Sent, name: str) -> list[int]:
    numbers = set()
    for key in sent:
        if key.startswith(f"{name}/"):
            first = key[len(name) + 1 :].split("/")[0]
            if first.isascii() and first.isdigit() and len(first) < 5:
                numbers.add(int(first))
    return sorted(numbers)[:MOST_ROWS]


def _typed(part: Schema, text: str) -> Any:
    """``text`` as the schema's type where it can be; else the text."""
    if "enum" in part:
        return next((choice for choice in part["enum"] if str(choice) == text), text)
    if forms.kind(part) in ("number", "integer"):
        return _number(text)
    if forms.kind(part) == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if part.get("format") == "date-time" and len(text) == 16:
        return f"{text}:00"
    return text


def _number(text: str) -> Any:
    """Full-width digits and separators of thousands are how people type numbers; 1.5 stays a float, 2 an int."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").replace("_", "")
    if len(plain) > 40:
        return text
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        number = float(plain)
    except ValueError:
        return text
    return number if math.isfinite(number) else text
