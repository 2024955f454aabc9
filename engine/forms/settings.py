"""One field as whoever makes a form sees it: read from its part of the JSON Schema, and laid over it again.

``laid(part, read(part)) == part``: what is not changed stays as it was written, words that no setting knows included.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from engine.forms import layout
from engine.forms.layout import Schema
from engine.forms.steps import Right
from engine.model.text import EN, ZH

KINDS = (
    "text", "textarea", "number", "money", "percent", "minutes", "date", "datetime", "time", "select", "radio",
    "multi-select", "checkbox", "email", "tel", "user", "customer", "product", "material", "file", "files", "repeat",
    "list", "group", "actions",
)  # fmt: skip
"""Widgets of docs/forms.md, in the order in which they are offered."""
NUMBERS = frozenset({"number", "money", "percent", "minutes"})
CHOICES = frozenset({"select", "radio", "multi-select", "actions"})
LISTS = frozenset({"multi-select", "files", "repeat", "list"})
HOLDERS = frozenset({"repeat", "group"})
TEXTS = frozenset({"text", "textarea", "email", "tel"})
_ITEM = {
    "files": {"type": "string", "format": "attachment"},
    "repeat": {"type": "object", "properties": {}, "additionalProperties": False},
    "list": {"type": "string", "maxLength": 200},
}
_FORMAT = {widget: format for format, widget in layout.DEFAULT_BY_FORMAT.items()}
_OF_A_KIND = (
    "type", "format", "enum", "x-labels", "items", "properties", "required", "additionalProperties", "uniqueItems",
    "default", "const", "pattern", "multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "minLength", "maxLength", "minItems", "maxItems", "fileEndings", "maxFileBytes",
)  # fmt: skip
"""What another kind of field does not take over."""
LARGEST = 1e15
MEGABYTE = 2**20
ENDING = re.compile(r"[a-z0-9]{1,10}")
_WHOLE = re.compile(r"-?[0-9]{1,15}")
LONGEST = 200
LONGEST_TEXT = 1_000
MOST_ITEMS = 50


class Option(msgspec.Struct, frozen=True, kw_only=True):
    value: str
    zh: str = ""
    en: str = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    kind: str = "text"
    zh: str = ""
    en: str = ""
    help_zh: str = ""
    help_en: str = ""
    section: str = ""
    read_only: bool = False
    whole: bool = False
    """A number without a fraction."""
    least: str = ""
    """Of a number its value, of a text its characters, of a list its items; as it was typed."""
    most: str = ""
    options: tuple[Option, ...] = ()
    money: str = ""
    unit_zh: str = ""
    unit_en: str = ""
    group: str = ""
    endings: tuple[str, ...] = ()
    """Of files that are taken; empty for all that the house takes."""
    largest_mb: str = ""
    """Of one file, as it was typed."""
    when_field: str = ""
    when_values: tuple[str, ...] = ()
    """As words: ``true`` for a tick."""
    steps: dict[str, Right] = {}


def read(part: Schema) -> Settings:
    """``part``: with its references followed (layout.py)."""
    kind, when = layout.widget(part), layout.hint(part, "when") or {}
    money = layout.hint(part, "money", "")
    least, most = bounds(part)
    file = part.get("items", {}) if kind == "files" else part
    return Settings(
        kind=kind,
        zh=_said(part, "title", ZH),
        en=_said(part, "title", EN),
        help_zh=_said(part, "help", ZH),
        help_en=_said(part, "help", EN),
        section=layout.hint(part, "section", ""),
        read_only=bool(part.get("readOnly")),
        whole=layout.kind(part) == "integer",
        least=_shown(part.get(least)),
        most=_shown(part.get(most)),
        options=_options(part) if kind in CHOICES else (),
        money=money if isinstance(money, str) else "",
        unit_zh=_word(layout.hint(part, "unit", ""), ZH),
        unit_en=_word(layout.hint(part, "unit", ""), EN),
        group=layout.hint(part, "group", ""),
        endings=tuple(file.get("fileEndings", ())),
        largest_mb=f"{file['maxFileBytes'] / MEGABYTE:.6g}" if "maxFileBytes" in file else "",
        when_field=when.get("field", ""),
        when_values=tuple(_shown(value) for value in when.get("in", ())),
        steps=dict(layout.hint(part, "steps", {})),
    )


def bounds(part: Schema) -> tuple[str, str]:
    """Names of the keywords that bound this field."""
    kind = layout.kind(part)
    if kind in ("number", "integer"):
        return "minimum", "maximum"
    return ("minItems", "maxItems") if kind == "array" else ("minLength", "maxLength")


def laid(part: Schema, wanted: Settings) -> dict[str, Any]:
    """``part`` with these settings; a limit that does not fit is not laid (review.py tells it)."""
    now = read(part)
    if wanted == now:
        return dict(part)
    found = dict(part) if wanted.kind == now.kind else blank(wanted.kind, part)
    if wanted.kind != now.kind:
        now = read(found)
    ui = dict(found.get("x-ui", {}))
    _lay_texts(found, now, wanted)
    _lay_limits(found, now, wanted)
    if wanted.kind in ("file", "files"):
        _lay_file(found, now, wanted)
    if wanted.options != now.options and wanted.kind in CHOICES:
        _lay_options(found, wanted.options)
    if wanted.read_only != now.read_only:
        _set(found, "readOnly", True if wanted.read_only else None)
    for name in ("section", "money", "group"):
        if name == "money" and wanted.kind != "money":
            continue  # the currency alone would make it one
        if getattr(wanted, name) != getattr(now, name):
            _set(ui, name, getattr(wanted, name) or None)
    if (wanted.unit_zh, wanted.unit_en) != (now.unit_zh, now.unit_en):
        _set(ui, "unit", _both(wanted.unit_zh, wanted.unit_en))
    if (wanted.when_field, wanted.when_values) != (now.when_field, now.when_values):
        told = {"field": wanted.when_field, "in": [value(typed) for typed in wanted.when_values]}
        _set(ui, "when", told if wanted.when_field else None)
    if wanted.steps != now.steps:
        _set(ui, "steps", dict(wanted.steps) or None)
    _set(found, "x-ui", ui or None)
    return found


def blank(kind: str, before: Schema) -> dict[str, Any]:
    """A field of another kind: its texts and place stay, what belonged to its old kind goes."""
    found = {key: value for key, value in before.items() if key not in _OF_A_KIND}
    ui = {key: value for key, value in before.get("x-ui", {}).items() if key in ("order", "section", "when", "steps")}
    if kind in NUMBERS:
        found["type"] = "integer" if kind == "minutes" else "number"
        found |= {"minimum": 0, "maximum": 100} if kind == "percent" else {"minimum": 0, "maximum": 1_000_000_000}
    elif kind == "checkbox":
        found["type"] = "boolean"
    elif kind == "group":
        found |= {"type": "object", "properties": {}, "additionalProperties": False}
    elif kind in LISTS:
        items = _ITEM.get(kind) or {"type": "string", "enum": []}
        found |= {"type": "array", "items": msgspec.to_builtins(items), "maxItems": MOST_ITEMS}
        found |= {"uniqueItems": True} if kind == "multi-select" else {}
    else:
        found["type"] = "string"
        found |= {"format": _FORMAT[kind]} if kind in _FORMAT else {}
        found |= {"enum": []} if kind in CHOICES else {}
        if kind in TEXTS or kind in ("user", "customer", "product", "material"):
            found["maxLength"] = LONGEST_TEXT if kind == "textarea" else LONGEST
    if layout.widget({**found, "x-ui": {}}) != kind:
        ui["widget"] = kind
    return {**found, **({"x-ui": ui} if ui else {})}


def _lay_texts(found: dict[str, Any], now: Settings, wanted: Settings) -> None:
    if (wanted.zh, wanted.en) != (now.zh, now.en):
        _set(found, "x-title", _both(wanted.zh, wanted.en))
        _set(found, "title", wanted.en or wanted.zh or None)
    if (wanted.help_zh, wanted.help_en) != (now.help_zh, now.help_en):
        _set(found, "x-help", _both(wanted.help_zh, wanted.help_en))


def _lay_limits(found: dict[str, Any], now: Settings, wanted: Settings) -> None:
    if wanted.whole != now.whole and wanted.kind in NUMBERS:
        found["type"] = "integer" if wanted.whole else "number"
    for name, before, typed in zip(bounds(found), (now.least, now.most), (wanted.least, wanted.most), strict=True):
        if typed != before and (not typed or fits(wanted, typed)):
            _set(found, name, _number(typed) if typed else None)


def _lay_options(found: dict[str, Any], options: tuple[Option, ...]) -> None:
    several = layout.kind(found) == "array"
    holder = {**found.get("items", {})} if several else found
    known = {str(value): value for value in holder.get("enum", ())}
    holder["enum"] = [known.get(one.value, one.value) for one in options]
    if several:
        holder.pop("x-labels", None)
        found["items"] = holder
    labels = {one.value: _both(one.zh, one.en) for one in options}
    _set(found, "x-labels", {value: words for value, words in labels.items() if words} or None)


def _lay_file(found: dict[str, Any], now: Settings, wanted: Settings) -> None:
    file = dict(found.get("items", {})) if wanted.kind == "files" else found
    if wanted.endings != now.endings and all(ENDING.fullmatch(one) for one in wanted.endings):
        _set(file, "fileEndings", list(wanted.endings) or None)
    if wanted.largest_mb != now.largest_mb and (is_size(wanted.largest_mb) or not wanted.largest_mb):
        bytes_at_most = round((_number(wanted.largest_mb) or 0) * MEGABYTE)
        _set(file, "maxFileBytes", max(1, bytes_at_most) if wanted.largest_mb else None)
    if wanted.kind == "files":
        found["items"] = file


def _options(part: Schema) -> tuple[Option, ...]:
    items = part.get("items", {}) if layout.kind(part) == "array" else part
    labels = {**items.get("x-labels", {}), **part.get("x-labels", {})}
    return tuple(
        Option(value=str(value), zh=_word(labels.get(str(value), ""), ZH), en=_word(labels.get(str(value), ""), EN))
        for value in items.get("enum", ())
    )


def _said(part: Schema, what: str, locale: str) -> str:
    return _word(part.get(f"x-{what}") or part.get(what) or "", locale)


def _word(words: Any, locale: str) -> str:
    """Of words without a language the English ones."""
    if isinstance(words, Mapping):
        return str(words.get(locale, ""))
    return str(words) if locale == EN else ""


def _both(zh: str, en: str) -> dict[str, str] | None:
    return {locale: word for locale, word in ((ZH, zh), (EN, en)) if word} or None


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def fits(said: Settings, typed: str) -> bool:
    """Whether this is a limit of such a field: a number; of characters and rows a whole one from zero."""
    number = _number(typed)
    if number is None:
        return False
    return said.kind in NUMBERS or (isinstance(number, int) and number >= 0)


def is_size(typed: str) -> bool:
    """Megabytes above zero."""
    number = _number(typed)
    return number is not None and number > 0


def _number(typed: str) -> int | float | None:
    try:
        number = int(typed) if _WHOLE.fullmatch(typed) else float(typed)
    except ValueError:
        return None
    return number if abs(number) < LARGEST else None


def value(typed: str) -> Any:
    return {"true": True, "false": False}.get(typed, typed)


def _set(part: dict[str, Any], key: str, value: Any) -> None:
    """None takes the key away."""
    if value is None:
        part.pop(key, None)
    else:
        part[key] = value
