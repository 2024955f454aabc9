"""Rows of which a step sees some columns only: what is given out, and what comes back put together again. Pure.

A row is known by a key made of the cells that the step does see, and of which of several alike it is. So it may go and
change places, and other rows may come; the key says nothing that the page does not show. A row whose cells somebody
else changed meanwhile has another key: what comes back for it is refused, never laid onto another row.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from engine.forms import references

KEY = "$row"
LONGEST_KEY = 64
_MARK = 24
"""Signs of the digest: enough that no two lists of rows are alike by chance."""


def columns(part: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """The columns of a field of repeating rows, by name; none for any other field."""
    items = references.resolved(part.get("items"), root) if isinstance(part, Mapping) else None
    found = items.get("properties") if isinstance(items, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def given(hidden: Mapping[str, frozenset[str]], stored: Mapping[str, Any]) -> dict[str, Any]:
    """What a step is shown of what is stored. ``hidden``: field -> columns that the step does not see."""
    found = dict(stored)
    for name, columns_hidden in hidden.items():
        if isinstance(stored.get(name), list):
            found[name] = [shown for shown, _ in _keyed(stored[name], columns_hidden)]
    return found


def whole(hidden: Mapping[str, frozenset[str]], taken: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """What a step hands in, each row with the cells that the step did not see; a new row has none of them."""
    found = dict(taken)
    for name, columns_hidden in hidden.items():
        if isinstance(taken.get(name), list):
            before = stored[name] if isinstance(stored.get(name), list) else []
            kept = {shown[KEY]: row for shown, row in _keyed(before, columns_hidden) if isinstance(row, Mapping)}
            found[name] = [_together(row, columns_hidden, kept) for row in taken[name]]
    return found


def _together(row: Any, hidden: frozenset[str], kept: Mapping[str, Any]) -> Any:
    if not isinstance(row, Mapping):
        return row
    before = kept.get(str(row.get(KEY, "")), {})
    own = {name: value for name, value in row.items() if name != KEY and name not in hidden}
    return {**own, **{name: before[name] for name in hidden if name in before}}


def _keyed(stored: list[Any], hidden: frozenset[str]) -> Iterator[tuple[Any, Any]]:
    """(as it is shown, as it is stored) of each row; what is no row is shown as it is."""
    alike: dict[str, int] = {}
    for row in stored:
        if not isinstance(row, Mapping):
            yield row, row
            continue
        shown = {name: value for name, value in row.items() if name not in hidden and name != KEY}
        mark = hashlib.sha256(msgspec.json.encode(shown, order="sorted")).hexdigest()[:_MARK]
        alike[mark] = alike.get(mark, 0) + 1
        yield {**shown, KEY: f"{mark}.{alike[mark]}"}, row
