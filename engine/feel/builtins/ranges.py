"""The relations between points and ranges (DMN 1.5, 10.3.4.9), and ranges from text.

Each is written once, for two ranges: a point is the range from itself to itself, and an end that is not included lies
a hair inside the end's value. With that the specification's long conditions become comparisons of two ends.
"""

from collections.abc import Callable
from typing import NamedTuple

from engine.feel import calling, comparison, parser, tokens, tree
from engine.feel.builtins import conversion
from engine.feel.calling import native
from engine.feel.errors import FeelSyntaxError
from engine.feel.run import Run
from engine.feel.values import Function, Range, Value


class _End(NamedTuple):
    value: Value
    """None is beyond all values."""
    side: int
    """-1 for an upper end, 1 for a lower one."""
    included: bool


class _NoOrder(Exception):
    """Ends of kinds that do not compare."""


def _order(first: _End, second: _End) -> int:
    if first.value is None or second.value is None:
        return _reach(first) - _reach(second)
    found = comparison.order(first.value, second.value)
    if found is None:
        raise _NoOrder
    return found or _inset(first) - _inset(second)


def _reach(end: _End) -> int:
    return -end.side if end.value is None else 0


def _inset(end: _End) -> int:
    return 0 if end.included else end.side


def _ends(value: Value) -> tuple[_End, _End]:
    if not isinstance(value, Range):
        return _End(value, 1, True), _End(value, -1, True)
    if value.form == "!=":
        raise _NoOrder
    return _End(value.low, 1, value.low_included), _End(value.high, -1, value.high_included)


_Relation = Callable[[_End, _End, _End, _End], bool]
"""Of the first's lower and upper end and the second's lower and upper end."""

_RELATIONS: dict[str, _Relation] = {
    "before": lambda a, b, c, d: _order(b, c) < 0,
    "meets": lambda a, b, c, d: _order(b, c) == 0,
    "overlaps": lambda a, b, c, d: _order(b, c) >= 0 and _order(a, d) <= 0,
    "overlaps before": lambda a, b, c, d: _order(a, c) < 0 and _order(b, c) >= 0 and _order(b, d) <= 0,
    "finishes": lambda a, b, c, d: _order(b, d) == 0 and _order(a, c) >= 0,
    "includes": lambda a, b, c, d: _order(a, c) <= 0 and _order(b, d) >= 0,
    "starts": lambda a, b, c, d: _order(a, c) == 0 and _order(b, d) <= 0,
    "coincides": lambda a, b, c, d: _order(a, c) == 0 and _order(b, d) == 0,
}
_CONVERSES = {
    "after": "before",
    "met by": "meets",
    "overlaps after": "overlaps before",
    "finished by": "finishes",
    "during": "includes",
    "started by": "starts",
}
"""The same relations with the two sides exchanged."""


def _relation(name: str) -> Function:
    relation = _RELATIONS[_CONVERSES.get(name, name)]
    exchanged = name in _CONVERSES

    def holds(run: Run, first: Value, second: Value) -> bool | None:
        if exchanged:
            first, second = second, first
        try:
            return relation(*_ends(first), *_ends(second))
        except _NoOrder:
            run.warn("no_result", name=name, reason="ends that do not compare")
            return None

    return native(name, *((f"{one}, {other}", holds) for one, other in _SHAPES[name]))


_POINT = "number | string | date | time | date and time | days and time duration | years and months duration"
_TWO_RANGES = ("range1: range", "range2: range")
_POINT_RANGE = (f"point: {_POINT}", "range: range")
_RANGE_POINT = ("range: range", f"point: {_POINT}")
_TWO_POINTS = (f"point1: {_POINT}", f"point2: {_POINT}")

_SHAPES: dict[str, tuple[tuple[str, str], ...]] = {
    **dict.fromkeys(("before", "after"), (_TWO_POINTS, _POINT_RANGE, _RANGE_POINT, _TWO_RANGES)),
    **dict.fromkeys(("meets", "met by", "overlaps", "overlaps before", "overlaps after"), (_TWO_RANGES,)),
    **dict.fromkeys(("finishes", "during", "starts"), (_POINT_RANGE, _TWO_RANGES)),
    **dict.fromkeys(("finished by", "includes", "started by"), (_RANGE_POINT, _TWO_RANGES)),
    "coincides": (_TWO_POINTS, _TWO_RANGES),
}


def _range(run: Run, text: str) -> Value:
    """From a text such as ``[18..21)``: the ends are literals, one may be left out where the bracket is open."""
    try:
        made = _read_range(run, text)
    except FeelSyntaxError:
        made = None
    return made if made is not None else conversion.missing(run, "range", text)


def _read_range(run: Run, text: str) -> Range | None:
    stream = tokens.tokenize(text)[:-1]
    dots = [number for number, token in enumerate(stream) if token.text == ".." and token.kind == "op"]
    if len(dots) != 1 or len(stream) < 4 or stream[0].text not in "[](" or stream[-1].text not in "])[":
        return None
    middle, low_included, high_included = stream[dots[0]].at, stream[0].text == "[", stream[-1].text == "]"
    low_text, high_text = text[stream[0].at + 1 : middle], text[middle + 2 : stream[-1].at]
    low, high = _end_value(run, low_text), _end_value(run, high_text)
    if low is None and high is None:
        return None
    if (low is None and (low_included or low_text.strip())) or (high is None and (high_included or high_text.strip())):
        return None
    if low is not None and high is not None and comparison.order(low, high) not in (-1, 0):
        return None
    form = ""
    if low is None:
        form = "<=" if high_included else "<"
    elif high is None:
        form = ">=" if low_included else ">"
    return Range(low, high, low_included, high_included, form)


_LITERAL_CALLS = {
    function.name: function for function in conversion.FUNCTIONS if function.name not in ("string", "number")
}


def _end_value(run: Run, text: str) -> Value:
    """A literal, or the call that names a date, time or duration; None for anything else."""
    if not text.strip():
        return None
    node = parser.parse_expression(text)
    if isinstance(node, tree.Literal):
        return node.value
    if isinstance(node, tree.Negation) and isinstance(node.operand, tree.Literal):
        return -node.operand.value
    if isinstance(node, tree.Call) and isinstance(node.function, tree.Name) and node.function.name in _LITERAL_CALLS:
        values = [part.value for part in node.arguments if isinstance(part, tree.Literal)]
        if len(values) == len(node.arguments):
            return calling.call(_LITERAL_CALLS[node.function.name], values, node.names, run)
    return None


FUNCTIONS = (*(_relation(name) for name in _SHAPES), native("range", ("from: string", _range)))
