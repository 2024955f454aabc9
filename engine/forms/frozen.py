"""What a form only shows, wherever it stands: it may come back as it was and is never taken.

A field of a group is held by its name. A row is known by the read-only cells that it brings back, so that rows may go
and change places; where no row brings any, by its place, unless rows have keys (rows.py). Pure.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.forms import references
from engine.forms import rows as rows_room
from engine.model.problem import Problem
from engine.model.text import both

_DEEPEST = 30


def problems(schema: Mapping[str, Any], data: Mapping[str, Any], stored: Mapping[str, Any]) -> list[Problem]:
    """Each read-only field that came back changed, or with a value where it had none."""
    return [
        _row_unknown(pointer)
        if pointer.endswith(f"/{rows_room.KEY}")
        else Problem(
            code="form_read_only",
            text=both(zh="此项只供查看，不能修改。", en="This field is for reading only; it was changed."),
            pointer=pointer,
        )
        for pointer in _changed(schema, schema, data, stored, "", 0)
    ]


def _row_unknown(pointer: str) -> Problem:
    text = both(
        zh="此行已不是您看到的样子（可能已被他人修改或删除）：请去掉此行，重新填写。",
        en="This row is no longer as you saw it, or is not there: take it out and enter it anew.",
    )
    return Problem(code="form_row_unknown", text=text, pointer=pointer)


def taken(schema: Mapping[str, Any], data: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """``data`` without read-only fields; groups and rows are taken whole, with theirs as they are stored."""
    fields = _fields(schema, schema)
    return {
        name: _whole(fields.get(name), schema, value, stored.get(name), 0)
        for name, value in data.items()
        if not is_read_only(fields.get(name))
    }


def is_read_only(part: Any) -> bool:
    """A property may also be ``true``: anything goes."""
    return isinstance(part, Mapping) and bool(part.get("readOnly"))


def _changed(part: Any, root: Mapping[str, Any], data: Any, stored: Any, pointer: str, depth: int) -> Iterator[str]:
    part = references.resolved(part, root)
    if depth > _DEEPEST or not isinstance(part, Mapping):
        return
    if is_read_only(part):
        if data != stored:
            yield pointer
    elif isinstance(data, Mapping):
        before = stored if isinstance(stored, Mapping) else {}
        for name, inner in _fields(part, root).items():
            if name in data:
                place = f"{pointer}/{references.escaped(name)}"
                yield from _changed(inner, root, data[name], before.get(name), place, depth + 1)
    elif isinstance(data, list):
        for number, (row, old) in enumerate(_pairs(part, root, data, stored)):
            yield from _changed(part.get("items"), root, row, old, f"{pointer}/{number}", depth + 1)


def _whole(part: Any, root: Mapping[str, Any], data: Any, stored: Any, depth: int) -> Any:
    part = references.resolved(part, root)
    if depth > _DEEPEST or not isinstance(part, Mapping):
        return data
    if isinstance(data, Mapping):
        before = stored if isinstance(stored, Mapping) else {}
        fields = _fields(part, root)
        shown = {name: before[name] for name, inner in fields.items() if is_read_only(inner) and name in before}
        rest = {name: _whole(fields.get(name), root, data[name], before.get(name), depth + 1) for name in data}
        return {**rest, **shown}
    if isinstance(data, list):
        return [_whole(part.get("items"), root, row, old, depth + 1) for row, old in _pairs(part, root, data, stored)]
    return data


def _pairs(part: Mapping[str, Any], root: Mapping[str, Any], data: list[Any], stored: Any) -> list[tuple[Any, Any]]:
    """Each row with the stored one that it is, or None for a new one."""
    rows = stored if isinstance(stored, list) else []
    items = references.resolved(part.get("items"), root)
    fields = _fields(items, root) if isinstance(items, Mapping) else {}
    shown = [name for name, inner in fields.items() if is_read_only(inner)]
    brought = [_cells(row, shown) for row in data]
    if not any(brought) and rows_room.KEY not in shown:
        return [(row, rows[number] if number < len(rows) else None) for number, row in enumerate(data)]
    found = _met(brought, rows)
    return [(row, None if at is None else rows[at]) for row, at in zip(data, found, strict=True)]


def _met(brought: list[dict[str, Any]], rows: list[Any]) -> list[int | None]:
    """The stored row's number for each: its own place where that fits, else the first one that is still free."""
    found = [at if at < len(rows) and _fits(cells, rows[at]) else None for at, cells in enumerate(brought)]
    free = [at for at in range(len(rows)) if at not in set(found)]
    for number, cells in enumerate(brought):
        at = next((at for at in free if _fits(cells, rows[at])), None) if found[number] is None else None
        if at is not None:
            found[number] = at
            free.remove(at)
    return found


def _fits(cells: Mapping[str, Any], row: Any) -> bool:
    return bool(cells) and isinstance(row, Mapping) and all(row.get(name) == value for name, value in cells.items())


def _cells(row: Any, names: list[str]) -> dict[str, Any]:
    return {name: row[name] for name in names if row.get(name) is not None} if isinstance(row, Mapping) else {}


def _fields(part: Mapping[str, Any], root: Mapping[str, Any]) -> dict[str, Any]:
    return {name: references.resolved(inner, root) for name, inner in part.get("properties", {}).items()}
