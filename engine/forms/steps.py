"""The same form at several steps: ``x-ui.steps`` says of a field, or of a column of repeating rows, who sees and who
changes it (docs/forms.md).

``{"Step_review": "read", "Step_close": "hidden"}``. What a step only reads or does not see, it is not asked for.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from engine.forms import references, rows
from engine.forms.layout import Schema, hint
from engine.model.problem import Problem
from engine.model.text import both

Right = Literal["edit", "required", "read", "hidden"]
RIGHTS: tuple[Right, ...] = ("edit", "required", "read", "hidden")
_OPEN = ("edit", "required")
_KEY: Schema = {"type": "string", "maxLength": rows.LONGEST_KEY, "readOnly": True, "x-ui": {"widget": "rowkey"}}
"""What a row is known by at a step that does not see all of it."""


def of(forms: Mapping[str, dict[str, Any]], form: str, step: str) -> dict[str, Any] | None:
    """The form of this name as the step has it; None where there is none."""
    found = forms.get(form)
    return None if found is None else at(found, step)


def at(schema: dict[str, Any], step: str) -> dict[str, Any]:
    """The form as one step has it: without hidden fields and columns, those to read closed, those to fill in open.

    Rows of which a column is hidden have a key more (rows.py)."""
    rights = _rights(schema.get("properties"), step)
    inside = {name: found for name, part in _fields(schema) if (found := _rights(rows.columns(part, schema), step))}
    if not rights and not inside:
        return schema
    parts = {**schema["properties"], **{name: _rows_at(schema, name, inside[name]) for name in inside}}
    return _with_rights({**schema, "properties": parts}, rights)


def hidden(schema: Schema, step: str) -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """Fields that a step does not see, and columns by their field."""
    inside = {name: _hidden(rows.columns(part, schema), step) for name, part in _fields(schema)}
    return _hidden(schema.get("properties"), step), {name: columns for name, columns in inside.items() if columns}


def named(schema: Schema) -> frozenset[str]:
    """The steps that the form speaks of."""
    return frozenset(step for _, told in _told(schema) for step in told)


def problems(schema: Schema) -> Iterator[Problem]:
    """Fields that are hidden somewhere while another part of the form refers to them; rights where none can be kept;
    columns of a name that the house needs."""
    concealed = {name for name, told in _told_by(schema.get("properties")) if "hidden" in told.values()}
    kept = {id(part) for _, part in _fields(schema)}
    kept |= {id(column) for _, part in _fields(schema) for column in rows.columns(part, schema).values()}
    for path, part in references.parts(schema, ""):
        target = str(part.get("$ref", "")).split("/")
        if target[:2] == ["#", "properties"] and len(target) > 2 and target[2] in concealed:
            text = both(
                zh=f"引用了“{target[2]}”，而该项在某些步骤隐藏。",
                en=f"Refers to {target[2]!r}, which some step does not see.",
            )
            yield Problem(code="reference_hidden", text=text, pointer=path)
        told = isinstance(part.get("x-ui"), Mapping) and hint(part, "steps")
        if told and id(part) not in kept and not path.startswith("/$defs/"):  # columns may be told there
            text = both(
                zh="只有表单的字段和重复行的列可以按步骤设置权限。",
                en="Only fields of the form and columns of its rows may differ from step to step.",
            )
            yield Problem(code="steps_too_deep", text=text, pointer=f"{path}/x-ui/steps")
    for name, part in _fields(schema):
        if rows.columns(part, schema).get(rows.KEY, _KEY) != _KEY:
            text = both(zh=f"列不能叫“{rows.KEY}”。", en=f"No column may be called {rows.KEY!r}.")
            yield Problem(code="row_key_taken", text=text, pointer=f"/properties/{references.escaped(name)}/items")


def _fields(schema: Schema) -> list[tuple[str, Schema]]:
    """The properties that are objects: a property may also be ``true``."""
    found = schema.get("properties", {})
    named = found.items() if isinstance(found, Mapping) else ()
    return [(name, part) for name, part in named if isinstance(part, Mapping)]


def _told(schema: Schema) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Of fields and of columns."""
    yield from _told_by(schema.get("properties"))
    for _, part in _fields(schema):
        yield from _told_by(rows.columns(part, schema))


def _told_by(properties: Any) -> Iterator[tuple[str, Mapping[str, str]]]:
    """A hint of another shape says nothing here: hints.py tells it."""
    for name, part in properties.items() if isinstance(properties, Mapping) else ():
        if isinstance(part, Mapping) and isinstance(part.get("x-ui", {}), Mapping):
            told = hint(part, "steps")
            if isinstance(told, Mapping):
                yield name, told


def _rights(properties: Any, step: str) -> dict[str, str]:
    return {name: right for name, told in _told_by(properties) if (right := told.get(step)) is not None}


def _hidden(properties: Any, step: str) -> frozenset[str]:
    return frozenset(name for name, right in _rights(properties, step).items() if right == "hidden")


def _rows_at(schema: Schema, name: str, rights: Mapping[str, str]) -> dict[str, Any]:
    """The field with its rows as the step has them. With hidden columns nothing else may stand in a row."""
    part = schema["properties"][name]
    items = _with_rights(references.resolved(part["items"], schema), rights)
    if "hidden" in rights.values():
        items = {**items, "properties": {rows.KEY: _KEY, **items["properties"]}, "additionalProperties": False}
    return {**part, "items": items}


def _with_rights(part: Schema, rights: Mapping[str, str]) -> dict[str, Any]:
    properties = {name: _at(inner, rights.get(name)) for name, inner in part["properties"].items()}
    shown = {name: inner for name, inner in properties.items() if rights.get(name) != "hidden"}
    unasked = frozenset(name for name, right in rights.items() if right not in _OPEN)
    found = {**_unasked(part, unasked), "properties": shown}
    asked = [name for name, right in rights.items() if right == "required"]
    if asked:
        found["required"] = list(dict.fromkeys([*found.get("required", ()), *asked]))
    return found


def _at(part: Any, right: str | None) -> Any:
    if right == "read":
        return {**part, "readOnly": True}
    return {key: value for key, value in part.items() if key != "readOnly"} if right in _OPEN else part


def _unasked(part: Any, names: frozenset[str]) -> Any:
    """``part`` and its alternatives without asking for these names."""
    if not isinstance(part, Mapping):
        return part
    found = dict(part)
    if isinstance(part.get("required"), list):
        found["required"] = [name for name in part["required"] if name not in names]
    for key in ("then", "else"):
        if key in part:
            found[key] = _unasked(part[key], names)
    for key in ("allOf", "anyOf", "oneOf"):
        if isinstance(part.get(key), list):
            found[key] = [_unasked(one, names) for one in part[key]]
    return found
