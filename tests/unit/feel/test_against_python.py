"""Lists, texts and contexts against Python: whatever is given, FEEL's functions do what a few lines of Python would."""

import statistics
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel

bounded = settings(max_examples=60, deadline=None)
whole = st.integers(-20, 20)
numbers = st.lists(whole, max_size=8)
some_numbers = st.lists(whole, min_size=1, max_size=8)
letters = st.text(alphabet="abcÄß李🐎 .*+", max_size=10)
anything = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b"])
mixed = st.lists(anything, max_size=8)
nested = st.recursive(whole, lambda inner: st.lists(inner, max_size=3), max_leaves=8).filter(
    lambda x: isinstance(x, list)
)
keys = st.sampled_from(["a", "b", "c", "d e", "f-g"])
contexts = st.dictionaries(keys, anything, max_size=4)


def value(text: str, **variables: Any) -> Any:
    return feel.to_python(feel.compile_expression(text).evaluate(variables))


def plain(answer: Any) -> Any:
    """FEEL has one kind of number."""
    if isinstance(answer, list):
        return [plain(item) for item in answer]
    return float(answer) if isinstance(answer, Decimal) else answer


def distinct(items: list[Any]) -> list[Any]:
    """The first of each, where 1 is not true."""
    found: list[Any] = []
    for item in items:
        if not any(type(item) is type(other) and item == other for other in found):
            found.append(item)
    return found


def times(item: Any, items: list[Any]) -> int:
    return sum(type(item) is type(other) and item == other for other in items)


OF_A_LIST: dict[str, Callable[[list[Any]], Any]] = {
    "count(xs)": len,
    "reverse(xs)": lambda xs: xs[::-1],
    "distinct values(xs)": distinct,
    "duplicate values(xs)": lambda xs: [x for x in distinct(xs) if times(x, xs) > 1],
    "is empty(xs)": lambda xs: not xs,
    "concatenate(xs, xs)": lambda xs: xs + xs,
    "concatenate(xs, [], xs)": lambda xs: xs + xs,
    "append(xs, 1, null)": lambda xs: [*xs, 1, None],
    "union(xs, reverse(xs))": distinct,
    "union(xs)": distinct,
    "flatten([xs, [xs]])": lambda xs: xs + xs,
    "for x in xs return x": lambda xs: xs,
    "xs[true]": lambda xs: xs,
    "xs[false]": lambda xs: [],
    "xs[item = null]": lambda xs: [x for x in xs if x is None],
    "list contains(xs, null)": lambda xs: None in xs,
    'list contains(xs, "a")': lambda xs: "a" in xs,
    "list contains(xs, 1)": lambda xs: any(type(x) is int and x == 1 for x in xs),
    "index of(xs, true)": lambda xs: [number for number, x in enumerate(xs, 1) if x is True],
    "index of(xs, 1)": lambda xs: [number for number, x in enumerate(xs, 1) if type(x) is int and x == 1],
    "index of(xs, null)": lambda xs: [number for number, x in enumerate(xs, 1) if x is None],
    "count(xs[item != null])": lambda xs: sum(x is not None for x in xs),
    "reverse(reverse(xs)) = xs": lambda xs: True,
    "some x in xs satisfies x = null": lambda xs: None in xs,
    "every x in xs satisfies x != null": lambda xs: None not in xs,
}


@pytest.mark.parametrize("text", OF_A_LIST)
@given(xs=mixed)
@bounded
def test_a_function_of_any_list(text: str, xs: list[Any]) -> None:
    assert value(text, xs=xs) == OF_A_LIST[text](xs)


def mean(xs: list[int]) -> float:
    return float(Decimal(sum(xs)) / len(xs))


def median(xs: list[int]) -> float:
    ordered = sorted(xs)
    return (ordered[(len(xs) - 1) // 2] + ordered[len(xs) // 2]) / 2


def mode(xs: list[int]) -> list[int]:
    most = max(xs.count(x) for x in xs)
    return sorted({x for x in xs if xs.count(x) == most})


def product(xs: list[int]) -> int:
    found = 1
    for x in xs:
        found *= x
    return found


OF_NUMBERS: dict[str, Callable[[list[int]], Any]] = {
    "sum(xs)": sum,
    "min(xs)": min,
    "max(xs)": max,
    "product(xs)": product,
    "mean(xs)": mean,
    "median(xs)": median,
    "mode(xs)": mode,
    "sort(xs)": sorted,
    "sort(xs, function(a, b) a < b)": sorted,
    "sort(xs, function(a, b) a > b)": lambda xs: sorted(xs, reverse=True),
    "sum(for x in xs return x * x)": lambda xs: sum(x * x for x in xs),
    "xs[item > 0]": lambda xs: [x for x in xs if x > 0],
    "xs[item > 0][item < 5]": lambda xs: [x for x in xs if 0 < x < 5],
    "for x in xs return if x < 0 then -x else x": lambda xs: [abs(x) for x in xs],
    "for x in xs, y in xs return x * y": lambda xs: [x * y for x in xs for y in xs],
    "every x in xs satisfies x > 0": lambda xs: all(x > 0 for x in xs),
    "some x in xs satisfies x > 19": lambda xs: any(x > 19 for x in xs),
    "some x in xs, y in xs satisfies x + y = 0": lambda xs: any(x + y == 0 for x in xs for y in xs),
    "count(distinct values(xs))": lambda xs: len(set(xs)),
    "min(xs) <= mean(xs) and mean(xs) <= max(xs)": lambda xs: True,
    "list replace(xs, function(item, newItem) item < 0, 0)": lambda xs: [max(x, 0) for x in xs],
    "list replace(xs, 1, 99)": lambda xs: [99, *xs[1:]],
    "list replace(xs, -1, 99)": lambda xs: [*xs[:-1], 99],
    "insert before(xs, 1, 99)": lambda xs: [99, *xs],
    "insert before(xs, -1, 99)": lambda xs: [*xs[:-1], 99, xs[-1]],
    "remove(xs, 1)": lambda xs: xs[1:],
    "remove(xs, -1)": lambda xs: xs[:-1],
    "sublist(xs, 1)": lambda xs: xs,
    "sublist(xs, -1)": lambda xs: xs[-1:],
    "xs[1]": lambda xs: xs[0],
    "xs[-1]": lambda xs: xs[-1],
    "all(for x in xs return x = x)": lambda xs: True,
    "any(for x in xs return x > 0)": lambda xs: any(x > 0 for x in xs),
    "partition(xs, 3)": lambda xs: [xs[begin : begin + 3] for begin in range(0, len(xs), 3)],
    "flatten(partition(xs, 2)) = xs": lambda xs: True,
}


@pytest.mark.parametrize("text", OF_NUMBERS)
@given(xs=some_numbers)
@bounded
def test_a_function_of_numbers(text: str, xs: list[int]) -> None:
    expected = OF_NUMBERS[text](xs)
    assert plain(value(text, xs=xs)) == (pytest.approx(expected) if isinstance(expected, float) else expected)


@given(some_numbers.filter(lambda xs: len(xs) > 1))
@bounded
def test_the_deviation_is_that_of_a_sample(xs: list[int]) -> None:
    assert float(value("stddev(xs)", xs=xs)) == pytest.approx(statistics.stdev(xs))


@given(some_numbers)
@bounded
def test_each_sum_so_far_is_known_while_a_list_is_made(xs: list[int]) -> None:
    found = value("for x in xs return if is empty(partial) then x else partial[-1] + x", xs=xs)
    assert found == [sum(xs[: end + 1]) for end in range(len(xs))]


@given(numbers, st.integers(-10, 10), st.integers(-2, 10))
@bounded
def test_a_part_of_a_list_is_cut_by_positions_from_1_or_from_the_end(xs: list[int], start: int, length: int) -> None:
    found = value("sublist(xs, start, length)", xs=xs, start=start, length=length)
    begin = start - 1 if start > 0 else len(xs) + start
    fits = start != 0 and 0 <= begin < len(xs) and 1 <= length <= len(xs) - begin
    assert found == (xs[begin : begin + length] if fits else None)


POSITIONED = {
    "insert before(xs, at, 99)": lambda xs, at: [*xs[:at], 99, *xs[at:]],
    "remove(xs, at)": lambda xs, at: [*xs[:at], *xs[at + 1 :]],
    "list replace(xs, at, 99)": lambda xs, at: [*xs[:at], 99, *xs[at + 1 :]],
    "xs[at]": lambda xs, at: xs[at],
}


@pytest.mark.parametrize("text", POSITIONED)
@given(xs=numbers, at=st.integers(-10, 10))
@bounded
def test_a_position_counts_from_1_or_from_the_end_and_outside_there_is_nothing(
    text: str, xs: list[int], at: int
) -> None:
    inside = at != 0 and abs(at) <= len(xs)
    expected = POSITIONED[text](xs, at - 1 if at > 0 else len(xs) + at) if inside else None
    assert value(text, xs=xs, at=at) == expected


def flat(items: Any) -> list[Any]:
    return [leaf for item in items for leaf in (flat(item) if isinstance(item, list) else [item])]


@given(nested)
@bounded
def test_flat_is_flat_however_deep_it_was(xs: list[Any]) -> None:
    assert value("flatten(xs)", xs=xs) == flat(xs)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=8))
@bounded
def test_sorting_keeps_the_order_of_what_is_equal(pairs: list[tuple[int, int]]) -> None:
    rows = [{"k": key, "n": number} for key, number in pairs]
    found = value("sort(rows, function(a, b) a.k < b.k)", rows=rows)
    assert found == sorted(rows, key=lambda row: row["k"])


OF_A_TEXT: dict[str, Callable[[str], Any]] = {
    "string length(t)": len,
    "upper case(t)": str.upper,
    "lower case(t)": str.lower,
    "trim(t)": str.strip,
    "is blank(t)": lambda t: not t.strip(),
    "string(t)": str,
    't + ""': str,
    "t + t": lambda t: t + t,
    "contains(t, t)": lambda t: True,
    'contains(t, "")': lambda t: True,
    'contains(t, "a")': lambda t: "a" in t,
    'starts with(t, "a")': lambda t: t.startswith("a"),
    'ends with(t, "a")': lambda t: t.endswith("a"),
    'substring before(t, "a")': lambda t: t.partition("a")[0] if "a" in t else "",
    'split(t, "a")': lambda t: t.split("a"),
    'string join(split(t, "b"), "b")': str,
    'count(split(t, "\\*")) - 1': lambda t: t.count("*"),
    'replace(t, "a", "xy")': lambda t: t.replace("a", "xy"),
    'replace(t, "[.]", "-")': lambda t: t.replace(".", "-"),
    'matches(t, "a")': lambda t: "a" in t,
    'matches(t, "^$")': lambda t: t == "",
    'matches(t, "^a*$")': lambda t: set(t) <= {"a"},
    'extract(t, "a+")': lambda t: [run for run in "".join(c if c == "a" else "|" for c in t).split("|") if run],
    'string join([t, null, t], "-")': lambda t: f"{t}-{t}",
    'string join([t], "-", "<", ">")': lambda t: f"<{t}>",
    "t = t": lambda t: True,
    'max(t, "")': str,
}


@pytest.mark.parametrize("text", OF_A_TEXT)
@given(t=letters)
@bounded
def test_a_function_of_a_text(text: str, t: str) -> None:
    assert value(text, t=t) == OF_A_TEXT[text](t)


@given(letters, st.integers(-12, 12), st.none() | st.integers(-2, 12))
@bounded
def test_a_part_of_a_text_is_cut_by_characters(t: str, start: int, length: int | None) -> None:
    found = value(
        "substring(t, start)" if length is None else "substring(t, start, length)", t=t, start=start, length=length
    )
    begin = start - 1 if start > 0 else len(t) + start
    fits = start != 0 and 0 <= begin < len(t) and (length is None or length >= 1)
    assert found == (t[begin : None if length is None else begin + length] if fits else None)


@given(letters, letters)
@bounded
def test_before_and_after_put_together_are_the_text_again(t: str, match: str) -> None:
    before, after = (value(f"substring {side}(t, m)", t=t, m=match) for side in ("before", "after"))
    if match in t and match:
        assert before + match + after == t
    else:
        assert before == ""


@given(letters, letters)
@bounded
def test_texts_are_ordered_by_their_code_points(one: str, other: str) -> None:
    assert value("a < b", a=one, b=other) == (one < other)
    assert value("a >= b", a=one, b=other) == (one >= other)
    assert value("min(a, b)", a=one, b=other) == min(one, other)


@given(st.text(alphabet='a"\\\n\t{}李🐎\u2028', max_size=8))
@bounded
def test_a_text_written_as_feel_is_read_as_the_same_text(t: str) -> None:
    assert value(feel.to_text([t])[1:-1]) == t


@given(contexts)
@bounded
def test_entries_taken_apart_and_put_together_are_the_same_context(c: dict[str, Any]) -> None:
    assert value("get entries(c)", c=c) == [{"key": key, "value": one} for key, one in c.items()]
    assert value("context(get entries(c))", c=c) == c
    assert value("context merge([c, c])", c=c) == c
    assert value("context merge([c, {}])", c=c) == value("context merge([{}, c])", c=c) == c


@given(contexts, contexts)
@bounded
def test_of_contexts_that_are_merged_the_later_wins(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert value("context merge([a, b])", a=one, b=other) == {**one, **other}


@given(contexts, keys, anything)
@bounded
def test_what_was_put_is_got_again_and_the_rest_stays(c: dict[str, Any], key: str, put: Any) -> None:
    assert value("context put(c, k, v)", c=c, k=key, v=put) == {**c, key: put}
    assert value("get value(context put(c, k, v), k)", c=c, k=key, v=put) == put
    assert value("get value(c, k)", c=c, k=key) == c.get(key)


@given(st.lists(keys, min_size=1, max_size=4, unique=True), anything)
@bounded
def test_a_value_put_deep_is_found_along_its_path(path: list[str], put: Any) -> None:
    expected: Any = put
    for key in reversed(path):
        expected = {key: expected}
    assert value("context put({}, path, v)", path=path, v=put) == expected


@given(st.lists(contexts, max_size=5))
@bounded
def test_a_column_of_a_table_is_the_path_through_its_rows(rows: list[dict[str, Any]]) -> None:
    assert value("rows.a", rows=rows) == [row.get("a") for row in rows]
    assert value("rows[a = 1]", rows=rows) == [row for row in rows if type(row.get("a")) is int and row["a"] == 1]
