"""What clients send, read as leniently as the original: unknown fields are ignored, ``"500"`` is 500."""

from collections.abc import Mapping
from typing import Any

import flask

from engine import errors
from engine.model.text import EN
from web import numbers
from web.camunda import refusals

Body = Mapping[str, Any]
LARGEST_NUMBER = 10**15


def body() -> dict[str, Any]:
    """The JSON object of the request; nothing at all is an empty one."""
    data = flask.request.get_data(cache=True)
    if not data.strip():
        return {}
    try:
        found = numbers.read(data)
    except (ValueError, RecursionError) as damaged:
        raise refusals.Refusal(400, f"Cannot read the JSON: {damaged}", kind="JsonParseException") from None
    except errors.Invalid as strange:
        places = ", ".join(f"{one.pointer or '/'}: {one.text[EN]}" for one in strange.problems)
        raise refusals.Refusal(400, f"Cannot read the JSON: {places}", kind="JsonParseException") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise refusals.wrong("expected a JSON object")
    return found


def query() -> dict[str, Any]:
    return flask.request.args.to_dict()


def whole(body: Body, name: str, default: int | None = None) -> int | None:
    given = body.get(name)
    if given is None or given == "":
        return default
    try:
        number = int(given if not isinstance(given, float) else round(given))
    except (TypeError, ValueError, OverflowError):
        raise refusals.wrong(f"Cannot set query parameter '{name}' to value '{given}': not a number") from None
    if abs(number) > LARGEST_NUMBER:
        raise refusals.wrong(f"Cannot set query parameter '{name}' to value '{given}': out of range")
    return number


def flag(body: Body, name: str, default: bool = False) -> bool:
    given = body.get(name)
    return default if given is None or given == "" else str(given).lower() == "true"


def text(body: Body, name: str) -> str | None:
    given = body.get(name)
    return None if given is None or given == "" else str(given)


def several(body: Body, name: str) -> list[str] | None:
    """A JSON list, or a comma-separated one of a query string."""
    given = body.get(name)
    if given is None:
        return None
    parts = given if isinstance(given, list) else str(given).split(",")
    return [str(part) for part in parts if str(part)]


def page() -> tuple[int, int | None]:
    """(first, most); most None: all. Always of the query string."""
    args = query()
    return max(whole(args, "firstResult", 0) or 0, 0), whole(args, "maxResults")


def sorting(given: Body, columns: Mapping[str, str]) -> list[str]:
    """Orders of ``sortBy``/``sortOrder`` and of ``sorting``, as columns, descending with a ``-``."""
    args = query()
    pairs = [(args.get("sortBy"), args.get("sortOrder"))] if args.get("sortBy") or args.get("sortOrder") else []
    listed = given.get("sorting") or []
    if isinstance(listed, Mapping):
        listed = [listed]
    if not isinstance(listed, list):
        raise refusals.wrong("'sorting' must be a list")
    pairs += [(one.get("sortBy"), one.get("sortOrder")) for one in listed if isinstance(one, Mapping)]
    order = []
    for by, direction in pairs:
        if not by or not direction:
            raise refusals.wrong("Only a single sorting parameter specified. sortBy and sortOrder required")
        if by not in columns:
            raise refusals.wrong(f"Cannot set query parameter 'sortBy' to value '{by}'")
        if direction not in ("asc", "desc"):
            raise refusals.wrong(f"Cannot set query parameter 'sortOrder' to value '{direction}'")
        order.append(("-" if direction == "desc" else "") + columns[by])
    return order


def conditions(given: Any) -> list[tuple[str, str, Any]]:
    """Conditions on variables: ``amount_gteq_10,customer_eq_ACME``, or a list of {name, operator, value}."""
    if not given:
        return []
    if isinstance(given, str):
        found = []
        for part in given.split(","):
            name, first, rest = part.partition("_")
            operator, second, wanted = rest.partition("_")
            while second and operator not in OPERATORS:  # names may hold underscores
                name, (operator, second, wanted) = f"{name}_{operator}", wanted.partition("_")
            if not first or not second:
                raise refusals.wrong(f"variable query parameter has to have format VARIABLE_OPERATOR_VALUE: {part}")
            found.append((name, operator, wanted))
        return found
    if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
        raise refusals.wrong("expected a list of {name, operator, value}")
    for one in given:
        if one.get("operator") not in OPERATORS:
            raise refusals.wrong(f"Invalid variable comparator specified: {one.get('operator')}")
    return [(str(one.get("name")), str(one["operator"]), one.get("value")) for one in given]


OPERATORS = ("eq", "neq", "gt", "gteq", "lt", "lteq", "like")
