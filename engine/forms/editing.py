"""A form is changed field by field: added, moved, set, taken out; sections likewise. Pure: a new schema each time.

A field is named by its path: ``("lines", "sku")`` is the column ``sku`` of the rows ``lines``. What another place of
the schema holds (``$ref``) is shown and moved, and written only there.
"""

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from engine import errors
from engine.forms import layout, settings
from engine.forms.layout import Schema
from engine.forms.settings import Settings
from engine.model.text import EN, ZH

Path = tuple[str, ...]
KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
"""What FEEL reads as a name without quotes."""
DEEPEST = 4
MOST_FIELDS = 300


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A field where it stands in the form."""

    path: Path
    settings: Settings
    required: bool
    elsewhere: bool
    """Its particulars are a reference's, or no object: they are written in the JSON."""
    inner: tuple["Line", ...] = ()


class Section(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    """Empty for what stands before the sections."""
    zh: str
    en: str
    lines: tuple[Line, ...]


def empty(zh: str = "新表单", en: str = "New form") -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "title": en or zh,
        "x-title": {ZH: zh, EN: en},
        "properties": {},
        "required": [],
        "additionalProperties": False,
    }


def outline(schema: Schema) -> tuple[Section, ...]:
    """Sections in order, empty ones too; the first is what has none."""
    lines: dict[str, list[Line]] = {"": []}
    titles: dict[str, Schema] = {"": {}}
    for told in layout.hint(schema, "sections", []):
        lines[told["key"]], titles[told["key"]] = [], told
    for line in _lines(schema, schema, ()):
        lines[line.settings.section if line.settings.section in lines else ""].append(line)
    return tuple(
        Section(
            key=key,
            zh=settings.read(titles[key]).zh if key else "",
            en=settings.read(titles[key]).en if key else "",
            lines=tuple(inside),
        )
        for key, inside in lines.items()
    )


def every(schema: Schema) -> list[Line]:
    """All fields, those of rows and groups behind their own."""

    def walk(lines: Sequence[Line]) -> list[Line]:
        return [found for line in lines for found in (line, *walk(line.inner))]

    return walk(_lines(schema, schema, ()))


def find(schema: Schema, path: Path) -> Line:
    """Raises errors.NotFound."""
    for line in every(schema):
        if line.path == path:
            return line
    raise errors.NotFound(
        "field_unknown", zh=f"没有字段 {'/'.join(path)}。", en=f"There is no field {'/'.join(path)}.", path=list(path)
    )


def add(schema: Schema, kind: str, *, inside: Path = (), section: str = "") -> tuple[dict[str, Any], Path]:
    """One more field at the end of a section, of rows or of a group; the schema and the field's path.

    Raises errors.NotFound for a place that is none and errors.Invalid for an unknown kind or too many fields.
    """
    if kind not in settings.KINDS or len(every(schema)) >= MOST_FIELDS or len(inside) >= DEEPEST:
        raise errors.Invalid(
            "field_refused",
            zh=f"不能增加：类型未知，字段超过 {MOST_FIELDS} 个，或嵌套超过 {DEEPEST} 层。",
            en=f"Not added: an unknown kind, more than {MOST_FIELDS} fields or deeper than {DEEPEST} levels.",
        )
    made = copy.deepcopy(dict(schema))
    holder = _holder(made, inside)
    properties = holder.setdefault("properties", {})
    key = _free(properties, "outcome" if kind == "actions" else kind.replace("-", "_"))
    orders = [layout.hint(part, "order", 0) for part in properties.values() if isinstance(part, Mapping)]
    ui = {"order": max([0, *orders]) + 1, **({"section": section} if section and not inside else {})}
    properties[key] = settings.blank(kind, {"x-ui": ui})
    return made, (*inside, key)


def put(schema: Schema, path: Path, wanted: Settings, *, key: str, required: bool) -> tuple[dict[str, Any], Path]:
    """The field with these settings, and its path. A key that is no name, or a sibling's, is not taken.

    What depends on a renamed field depends on its new name.
    """
    line = find(schema, path)
    made = copy.deepcopy(dict(schema))
    holder = _holder(made, path[:-1])
    properties: dict[str, Any] = holder["properties"]
    before = _conditions(holder, path[-1], line.settings)
    if not line.elsewhere:
        properties[path[-1]] = settings.laid(properties[path[-1]], wanted)
    after = line.settings if line.elsewhere else wanted
    if required != line.required or _rule(line.settings, path[-1]) != _rule(after, path[-1]):
        _ask(holder, path[-1], after if required else None, before)
    if key != path[-1] and KEY.fullmatch(key) and key not in properties:
        _rename(holder, path[-1], key)
        path = (*path[:-1], key)
    return made, path


def drop(schema: Schema, path: Path) -> dict[str, Any]:
    """Without the field, and without asking for it. Raises errors.NotFound."""
    line = find(schema, path)
    made = copy.deepcopy(dict(schema))
    holder = _holder(made, path[:-1])
    _ask(holder, path[-1], None, _conditions(holder, path[-1], line.settings))
    del holder["properties"][path[-1]]
    return made


def move(schema: Schema, path: Path, by: int) -> dict[str, Any]:
    """One place up (-1) or down (1); over the edge of its section into the next one. Raises errors.NotFound."""
    line = find(schema, path)
    made = copy.deepcopy(dict(schema))
    holder = _holder(made, path[:-1])
    names = [name for name, _ in layout.properties(holder, made)]
    groups = [[one.path[0] for one in part.lines] for part in outline(made)] if len(path) == 1 else [names]
    at = next(number for number, group in enumerate(groups) if path[-1] in group)
    place = groups[at].index(path[-1])
    if 0 <= place + by < len(groups[at]):
        groups[at].insert(place + by, groups[at].pop(place))
    elif 0 <= at + by < len(groups):
        groups[at].pop(place)
        groups[at + by].insert(0 if by > 0 else len(groups[at + by]), path[-1])
        _into(holder["properties"], path[-1], outline(made)[at + by].key, line)
    _number(holder["properties"], [name for group in groups for name in group])
    return made


def put_title(schema: Schema, *, zh: str, en: str) -> dict[str, Any]:
    """What the form itself is called."""
    now = settings.read(schema)
    if (now.zh, now.en) == (zh, en):
        return dict(schema)
    return {**schema, "title": en or zh, "x-title": {ZH: zh, EN: en}}


def add_section(schema: Schema) -> tuple[dict[str, Any], str]:
    made = copy.deepcopy(dict(schema))
    told = made.setdefault("x-ui", {}).setdefault("sections", [])
    key = _free({one["key"]: one for one in told}, "section")
    told.append({"key": key, "x-title": {ZH: "新分区", EN: "New section"}})
    return made, key


def put_section(schema: Schema, key: str, *, zh: str, en: str) -> dict[str, Any]:
    made = copy.deepcopy(dict(schema))
    for told in layout.hint(made, "sections", []):
        if told["key"] == key:
            told["x-title"] = {ZH: zh, EN: en}
    return made


def move_section(schema: Schema, key: str, by: int) -> dict[str, Any]:
    made = copy.deepcopy(dict(schema))
    told = layout.hint(made, "sections", [])
    at = next((number for number, one in enumerate(told) if one["key"] == key), -1)
    if at >= 0 and 0 <= at + by < len(told):
        told.insert(at + by, told.pop(at))
    return made


def drop_section(schema: Schema, key: str) -> dict[str, Any]:
    """Its fields stand before the sections then."""
    made = copy.deepcopy(dict(schema))
    told = layout.hint(made, "sections", [])
    told[:] = [one for one in told if one["key"] != key]
    for part in made.get("properties", {}).values():
        if isinstance(part, dict) and layout.hint(part, "section") == key:
            del part["x-ui"]["section"]
    return made


def _lines(holder: Schema, root: Schema, above: Path) -> tuple[Line, ...]:
    if len(above) >= DEEPEST:
        return ()
    found = []
    for name, part in layout.properties(holder, root):
        raw = holder["properties"][name]
        elsewhere = not isinstance(raw, Mapping) or "$ref" in raw or "$ref" in _items(raw)
        said = settings.read(part)
        inside = _items(part) if said.kind == "repeat" else part
        inner = _lines(inside, root, (*above, name)) if said.kind in settings.HOLDERS and not elsewhere else ()
        asked = name in holder.get("required", ()) or bool(_conditions(holder, name, said))
        found.append(
            Line(path=(*above, name), settings=said, required=asked, elsewhere=elsewhere, inner=inner),
        )
    return tuple(found)


def _items(part: Any) -> Mapping[str, Any]:
    items = part.get("items", {}) if isinstance(part, Mapping) else {}
    return items if isinstance(items, Mapping) else {}


def _holder(made: dict[str, Any], path: Path) -> dict[str, Any]:
    """The object schema whose properties the fields behind ``path`` are; ``made`` is our own copy."""
    found = made
    for name in path:
        part = found.get("properties", {}).get(name)
        inner = part.get("items") if isinstance(part, dict) and layout.widget(part) == "repeat" else part
        if not isinstance(inner, dict) or "$ref" in inner or layout.kind(inner) != "object":
            raise errors.NotFound(
                "field_unknown", zh=f"“{name}”不能放入字段。", en=f"{name!r} holds no fields.", path=list(path)
            )
        found = inner
    return found


def _free(taken: Mapping[str, Any], name: str) -> str:
    if name not in taken:
        return name
    return next(f"{name}_{n}" for n in range(2, MOST_FIELDS + 3) if f"{name}_{n}" not in taken)


def _into(properties: dict[str, Any], name: str, section: str, line: Line) -> None:
    if line.elsewhere and not isinstance(properties[name], dict):
        return
    ui = {**properties[name].get("x-ui", {}), "section": section}
    properties[name] = {**properties[name], "x-ui": ui if section else {k: v for k, v in ui.items() if k != "section"}}


def _number(properties: dict[str, Any], names: Sequence[str]) -> None:
    for order, name in enumerate(names, 1):
        if isinstance(properties[name], dict):
            properties[name] = {**properties[name], "x-ui": {**properties[name].get("x-ui", {}), "order": order}}


def _rule(said: Settings, key: str) -> dict[str, Any] | None:
    """The field is asked for where it is shown, and nowhere else."""
    if not said.when_field:
        return None
    values = [settings.value(typed) for typed in said.when_values]
    condition = {"properties": {said.when_field: {"enum": values}}, "required": [said.when_field]}
    return {"if": condition, "then": {"required": [key]}}


def _conditions(holder: Schema, key: str, said: Settings) -> list[Any]:
    """The entries of ``allOf`` that ask for the field where it is shown."""
    rule = _rule(said, key)
    return [] if rule is None else [one for one in holder.get("allOf", ()) if _same(one, rule, key)]


def _same(one: Any, rule: dict[str, Any], key: str) -> bool:
    then = one.get("then") if isinstance(one, Mapping) and set(one) == {"if", "then"} else None
    if not isinstance(then, Mapping) or key not in then.get("required", ()):
        return False
    condition = copy.deepcopy(one["if"])
    for part in condition.get("properties", {}).values() if isinstance(condition, dict) else ():
        if isinstance(part, dict) and set(part) == {"const"}:
            part["enum"] = [part.pop("const")]
    return bool(condition == rule["if"])


def _ask(holder: dict[str, Any], key: str, said: Settings | None, before: Sequence[Any]) -> None:
    """Asks for the field: always, or by its condition; with ``said`` None never."""
    holder["required"] = [name for name in holder.get("required", ()) if name != key]
    for one in before:
        one["then"]["required"].remove(key)
    if before:
        holder["allOf"] = [one for one in holder["allOf"] if one not in before or one["then"] != {"required": []}]
    if said is not None:
        rule = _rule(said, key)
        if rule is None:
            holder["required"].append(key)
        else:
            holder.setdefault("allOf", []).append(rule)
    if not holder.get("allOf", [True]):
        del holder["allOf"]


def _rename(holder: dict[str, Any], old: str, new: str) -> None:
    holder["properties"] = {new if name == old else name: part for name, part in holder["properties"].items()}
    holder["required"] = [new if name == old else name for name in holder.get("required", ())]
    for part in holder["properties"].values():
        ui = part.get("x-ui", {}) if isinstance(part, dict) else {}
        for told in (ui.get("when"), ui.get("money")):
            if isinstance(told, dict) and told.get("field") == old:
                told["field"] = new
    for one in holder.get("allOf", ()):
        for side in ("if", "then", "else"):
            if isinstance(one, dict) and isinstance(one.get(side), dict):
                _renamed(one[side], old, new)


def _renamed(part: dict[str, Any], old: str, new: str) -> None:
    if isinstance(part.get("required"), list):
        part["required"] = [new if name == old else name for name in part["required"]]
    if isinstance(part.get("properties"), dict):
        part["properties"] = {new if name == old else name: inner for name, inner in part["properties"].items()}
