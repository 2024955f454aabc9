"""Functions on lists. Positions count from 1, negative ones from the end; lists given are never changed."""

from collections.abc import Callable, Iterator
from functools import cmp_to_key

from engine.feel import calling, comparison, numbers
from engine.feel.calling import native
from engine.feel.run import Run
from engine.feel.values import Function, Value, kind


def _position(run: Run, name: str, position: Value, length: int) -> int | None:
    """0-based, the digits behind the point cut off; None and a warning outside the list."""
    whole = int(position) if abs(position) < numbers.LIMIT else 0
    if not 0 < abs(whole) <= length:
        run.warn("no_result", name=name, reason=f"position {position}")
        return None
    return whole - 1 if whole > 0 else length + whole


def _contains(run: Run, items: list[Value], element: Value) -> bool:
    run.spend(1 + len(items))
    return any(comparison.same(item, element, run) for item in items)


def _extreme(sign: int, name: str) -> Callable[[Run, list[Value]], Value]:
    def extreme(run: Run, items: list[Value]) -> Value:
        run.spend(1 + len(items))
        best = None
        for number, item in enumerate(items):
            order = comparison.order(item, item if number == 0 else best)
            if order is None:
                run.warn("no_result", name=name, reason="elements that have no order")
                return None
            if number == 0 or order == sign:
                best = item
        return best

    return extreme


def _sublist(run: Run, items: list[Value], start: Value, length: Value) -> Value:
    first = _position(run, "sublist", start, len(items))
    size = None if length is None else numbers.integral(length)
    if first is None:
        return None
    if length is not None and (size is None or size < 1 or first + size > len(items)):
        run.warn("no_result", name="sublist", reason=f"length {length}")
        return None
    return items[first:] if size is None else items[first : first + size]


def _append(run: Run, items: list[Value], more: list[Value]) -> Value:
    return _joined(run, items, more)


def _joined(run: Run, *lists: list[Value]) -> list[Value]:
    run.spend_size(sum(map(len, lists)))
    return [item for items in lists for item in items]


def _concatenate(run: Run, lists: list[Value]) -> list[Value] | None:
    """Null where one of the lists is null."""
    if any(items is None for items in lists):
        run.warn("no_result", name="concatenate", reason="null is no list")
        return None
    return _joined(run, *(items if isinstance(items, list) else [items] for items in lists))


def _insert(run: Run, items: list[Value], position: Value, element: Value) -> Value:
    at = _position(run, "insert before", position, len(items))
    return None if at is None else _joined(run, items[:at], [element], items[at:])


def _remove(run: Run, items: list[Value], position: Value) -> Value:
    at = _position(run, "remove", position, len(items))
    return None if at is None else _joined(run, items[:at], items[at + 1 :])


def _replace_at(run: Run, items: list[Value], position: Value, element: Value) -> Value:
    at = _position(run, "list replace", position, len(items))
    return None if at is None else _joined(run, items[:at], [element], items[at + 1 :])


def _replace_where(run: Run, items: list[Value], match: Function, element: Value) -> Value:
    replaced = []
    for item in items:
        verdict = calling.call(match, [item, element], None, run)
        if type(verdict) is not bool:
            run.warn("no_result", name="list replace", reason="match gave no boolean")
            return None
        replaced.append(element if verdict else item)
    return replaced


def _reverse(run: Run, items: list[Value]) -> Value:
    run.spend_size(len(items))
    return items[::-1]


def _positions(run: Run, items: list[Value], match: Value) -> Value:
    run.spend(1 + len(items))
    return [number for number, item in enumerate(items, 1) if comparison.same(item, match, run)]


def distinct(run: Run, items: list[Value]) -> list[Value]:
    return [item for item, number in occurrences(run, items) if number == 1]


def occurrences(run: Run, items: list[Value]) -> Iterator[tuple[Value, int]]:
    """Each element with how often it has occurred up to there, itself included."""
    hashed: dict[tuple[str, Value], int] = {}
    others: list[list[Value]] = []
    for item in items:
        run.spend()
        if kind(item) in _HASHABLE:
            key = (kind(item), item)
            hashed[key] = hashed.get(key, 0) + 1
            yield item, hashed[key]
            continue
        run.spend(len(others))
        same = next((other for other in others if comparison.same(item, other[0], run)), None)
        if same is None:
            others.append(same := [item, 0])
        same[1] += 1
        yield item, same[1]


_HASHABLE = frozenset({"null", "boolean", "number", "string", "date", "days and time duration"})
"""Kinds whose values are equal exactly when Python's are."""


def _union(run: Run, lists: list[Value]) -> Value:
    joined = _concatenate(run, lists)
    return None if joined is None else distinct(run, joined)


def _flatten(run: Run, items: list[Value]) -> Value:
    flat: list[Value] = []
    waiting = [iter(items)]
    while waiting:
        for item in waiting[-1]:
            run.spend()
            if isinstance(item, list):
                waiting.append(iter(item))
                break
            flat.append(item)
        else:
            waiting.pop()
    run.spend_size(len(flat))
    return flat


class _NoOrder(Exception):
    """The precedes function gave no boolean."""


def _sort(run: Run, items: list[Value], precedes: Function) -> Value:
    """Stable: what neither precedes nor follows keeps its order."""

    def before(first: Value, second: Value) -> bool:
        verdict = calling.call(precedes, [first, second], None, run)
        if type(verdict) is not bool:
            raise _NoOrder
        return verdict

    try:
        return sorted(items, key=cmp_to_key(lambda a, b: -1 if before(a, b) else int(before(b, a))))
    except _NoOrder:
        run.warn("no_result", name="sort", reason="precedes gave no boolean")
        return None


def _sort_naturally(run: Run, items: list[Value]) -> Value:
    """Without a function: in the order of < (an extension that several engines share)."""
    if any(comparison.order(item, items[0]) is None for item in items):
        run.warn("no_result", name="sort", reason="elements that have no order")
        return None
    run.spend(1 + len(items))
    return sorted(items, key=cmp_to_key(lambda a, b: comparison.order(a, b) or 0))


def _count(run: Run, items: list[Value]) -> int:
    return len(items)


_LIST = "list: list..."

FUNCTIONS = (
    native("list contains", ("list: list, element: Any", _contains)),
    native("count", ("list: list", _count)),
    native("min", (_LIST, _extreme(-1, "min"))),
    native("max", (_LIST, _extreme(1, "max"))),
    native("sublist", ("list: list, start position: number, length: number?", _sublist)),
    native("append", ("list: list, item: Any*", _append)),
    native("concatenate", ("lists: list*", _concatenate)),
    native("insert before", ("list: list, position: number, newItem: Any", _insert)),
    native("remove", ("list: list, position: number", _remove)),
    native(
        "list replace",
        ("list: list, position: number, newItem: Any", _replace_at),
        ("list: list, match: function, newItem: Any", _replace_where),
    ),
    native("reverse", ("list: list", _reverse)),
    native("index of", ("list: list, match: Any", _positions)),
    native("union", ("lists: list*", _union)),
    native("distinct values", ("list: list", distinct)),
    native("flatten", ("list: list", _flatten)),
    native("sort", ("list: list, precedes: function", _sort), ("list: list", _sort_naturally)),
)
