"""Group rules as the boxes of a page hold them: a row for each group, input and rule, and back into a document.

What has no box travels with its row, so that nothing of a version is lost by editing it in the browser.
"""

import json
from collections.abc import Mapping
from typing import Any

from engine.model.text import LOCALES

MOST = {"groups": 200, "inputs": 30, "rules": 500}
KINDS = ("value", "need", "manual")
TYPES = ("number", "string", "boolean", "date")
BOXED = {
    "groups": {"key", "names", "parent", "kind", "priority", "calendar"},
    "inputs": {"name", "names", "expression", "type", "values"},
    "rules": {"id", "when", "group", "reason"},
}
"""What has boxes; the rest of an item travels beside them."""
LARGEST_REST = 100_000


def entered(form: Mapping[str, str]) -> dict[str, Any]:
    """The document that stands in the boxes, whatever is wrong with it."""
    inputs = [_input(form, number) for number in range(count(form, "inputs"))]
    names = [one["name"] for one in inputs]
    document = {
        **_rest(form.get("rest", "")),
        "groups": [_group(form, number) for number in range(count(form, "groups"))],
        "inputs": inputs,
        "rules": [_rule(form, number, names) for number in range(count(form, "rules"))],
    }
    for name in ("default", "minimum_stay"):
        if said := _at(form, name):
            document[name] = said
    return document


def beside(item: Mapping[str, Any], part: str) -> str:
    """What of an item has no box, as the hidden box holds it."""
    left = {name: value for name, value in item.items() if name not in BOXED[part]}
    return json.dumps(left, ensure_ascii=False) if left else ""


def beside_all(document: Mapping[str, Any]) -> str:
    boxed = {"groups", "inputs", "rules", "default", "minimum_stay"}
    left = {name: value for name, value in document.items() if name not in boxed}
    return json.dumps(left, ensure_ascii=False) if left else ""


def changed(document: dict[str, Any], deed: str) -> dict[str, Any]:
    """A row more or less (``add-rules``, ``drop-groups-2``); anything else leaves the document as it is."""
    verb, _, rest = deed.partition("-")
    part, _, number = rest.partition("-")
    if part not in MOST:
        return document
    items = list(document[part])
    if verb == "add" and len(items) < MOST[part]:
        items.append(_blank(part, document))
    elif verb == "drop" and number.isdecimal() and int(number[:4]) < len(items):
        del items[int(number[:4])]
    return {**document, part: items}


def place(pointer: str, document: Mapping[str, Any]) -> str:
    """The box that a problem belongs to; empty where it belongs to none."""
    part, number, *more = [*pointer.strip("/").split("/"), "", ""][:4]
    if part not in MOST:
        return part if part in ("default", "minimum_stay") else ""
    if not number.isdecimal() or int(number) >= len(document[part]):
        return ""
    what = more[0]
    if part == "rules" and what == "when":
        names = [one["name"] for one in document["inputs"]]
        return f"cell-{number}-{names.index(more[1])}" if more[1] in names else f"rule-{number}"
    first = {"groups": "group", "inputs": "input", "rules": "rule"}[part]
    return f"{first}-{number}" if what in ("", "key", "name", "id", "labels", "purpose") else f"{first}-{what}-{number}"


def count(form: Mapping[str, str], part: str) -> int:
    text = form.get(part, "0")
    return min(int(text), MOST[part] + 1) if text.isdecimal() and len(text) < 6 else 0


def _group(form: Mapping[str, str], number: int) -> dict[str, Any]:
    item = {**_rest(_at(form, f"group-rest-{number}")), "key": _at(form, f"group-{number}")}
    item["names"] = _texts(form, f"group-names-{number}")
    for name in ("parent", "calendar"):
        if said := _at(form, f"group-{name}-{number}"):
            item[name] = said
    if (kind := _at(form, f"group-kind-{number}")) and kind != KINDS[0]:
        item["kind"] = kind
    priority = _at(form, f"group-priority-{number}") or "0"
    item["priority"] = int(priority) if priority.isdecimal() and len(priority) < 6 else priority
    if item["priority"] == 0:
        del item["priority"]
    return item


def _input(form: Mapping[str, str], number: int) -> dict[str, Any]:
    item = {
        **_rest(_at(form, f"input-rest-{number}")),
        "name": _at(form, f"input-{number}"),
        "expression": _at(form, f"input-expression-{number}"),
        "type": _at(form, f"input-type-{number}") or TYPES[0],
    }
    names = _texts(form, f"input-names-{number}")
    if any(names.values()):
        item["names"] = names
    if values := _at(form, f"input-values-{number}"):
        item["values"] = values
    return item


def _rule(form: Mapping[str, str], number: int, names: list[str]) -> dict[str, Any]:
    cells = {name: _at(form, f"cell-{number}-{column}") for column, name in enumerate(names)}
    item: dict[str, Any] = {
        "id": _at(form, f"rule-{number}"),
        "when": {name: test for name, test in cells.items() if test not in ("", "-")},
        "group": _at(form, f"rule-group-{number}"),
    }
    reason = _texts(form, f"rule-reason-{number}")
    return {**item, "reason": reason} if any(reason.values()) else item


def _texts(form: Mapping[str, str], name: str) -> dict[str, str]:
    """Both languages; where one is left empty, the other one's words stand in."""
    said = {locale: _at(form, f"{name}-{locale}") for locale in LOCALES}
    either = next((words for words in said.values() if words), "")
    return {locale: words or either for locale, words in said.items()}


def _at(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").strip()


def _rest(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text and len(text) <= LARGEST_REST else {}
    except (ValueError, RecursionError):
        found = {}
    return found if isinstance(found, dict) else {}


def _blank(part: str, document: Mapping[str, Any]) -> dict[str, Any]:
    if part == "groups":
        top = next((one["key"] for one in document["groups"] if not one.get("parent")), "")
        return {"key": "", "names": {}, **({"parent": top} if top else {})}
    if part == "inputs":
        return {"name": "", "expression": "", "type": TYPES[0]}
    taken = {one["id"] for one in document["rules"]}
    free = next(f"R{number}" for number in range(1, len(taken) + 2) if f"R{number}" not in taken)
    return {"id": free, "when": {}, "group": ""}
