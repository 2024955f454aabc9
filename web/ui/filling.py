"""A form on a page: drawn from schema and data, read back, its rows added and removed on the server."""

from collections.abc import Mapping, Sequence
from typing import Any

import flask

from engine.forms.layout import Schema
from engine.model.problem import Problem
from web.ui import known, uploads
from web.ui.forms import fields, read

KEEP = "keep"


class Drawn:
    """What templates/forms/fields.html needs: the form, and words for values that are only read."""

    def __init__(
        self, schema: Schema, data: Mapping[str, Any], problems: Sequence[Problem] = (), *, phrases: bool = False
    ) -> None:
        """``phrases``: offered beside boxes of several lines."""
        self._lookups = known.Lookups()
        self._data = data
        self.phrases = phrases
        self.form = fields.draw(schema, data, problems=problems, lookups=self._lookups)

    def shown(self, one: fields.Field) -> str:
        return fields.shown(one, self._data, self._lookups)

    def files(self, value: Any) -> list[tuple[str, str]]:
        """(id, name) of the attachments that a field names; without a name what is gone or not to be seen."""
        keys = [str(key) for key in (value if isinstance(value, list) else [value]) if key]
        return [(key, found.name if (found := known.attachment(key)) else "") for key in keys]

    def found(self, widget: str, value: Any) -> str:
        """What a box that looks up shows for what it holds."""
        find = {"product": self._lookups.product, "material": self._lookups.material}.get(widget)
        return find(value) if find else self._lookups.customer(value)


def sent(schema: Schema, stored: Mapping[str, Any], files: uploads.Uploads) -> dict[str, Any]:
    """What the browser sent, and the read-only values as they are stored: the schema may speak of them.

    ``files`` knows afterwards what was wrong with those that came along.
    """
    shown = {
        name: stored[name]
        for name, part in schema.get("properties", {}).items()
        if isinstance(part, Mapping)
        and part.get("readOnly")
        and isinstance(stored.get(name), str | int | float | bool | list | dict)
    }
    return {**shown, **typed(schema, files.take)}


def typed(schema: Schema, take: read.Take = read.nothing) -> dict[str, Any]:
    """What the browser sent alone."""
    sent = flask.request.form
    return read.read(
        schema, sent, customer=known.customer_id, product=known.product_key, material=known.material_key, take=take
    )


def rows_changed(data: dict[str, Any], what: str) -> dict[str, Any] | None:
    """Without scripts the buttons of repeating rows ask here: ``add:f/lines``, ``remove:f/lines/2``.

    ``keep`` keeps the chosen files and changes nothing else. None when another button was pressed.
    """
    verb, _, name = what.partition(":")
    if verb == KEEP:
        return data
    steps = name.split("/")[1:]
    if verb not in ("add", "remove") or not steps:
        return None
    if verb == "add":
        rows = _at(data, steps)
        if isinstance(rows, list):
            rows.append({})
        elif len(steps) == 1:
            data[steps[0]] = [{}, {}]
        return data
    rows = _at(data, steps[:-1])
    index = _number(steps[-1])
    if isinstance(rows, list) and index < len(rows):
        del rows[index]
    return data


def _at(data: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and _number(step) < len(data):
            data = data[_number(step)]
        else:
            return None
    return data


def _number(step: str) -> int:
    """Of a row; beyond every row where it is none."""
    return int(step) if step.isascii() and step.isdigit() and len(step) < 5 else read.MOST_ROWS


EMPTY: Schema = {"type": "object", "properties": {}, "additionalProperties": False}
"""A step that asks for nothing but a confirmation."""
