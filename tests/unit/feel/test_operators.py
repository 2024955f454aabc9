"""Every operator on every pair of kinds: what DMN defines has a value, all else is null with a warning."""

import itertools

import pytest

from tests.unit.feel.evaluating import codes, shown, value

SAMPLES = {
    "number": "10",
    "string": '"10"',
    "boolean": "true",
    "date": '@"2021-01-02"',
    "date and time": '@"2021-01-02T10:00:00Z"',
    "time": '@"10:10:10"',
    "days": '@"P1D"',
    "months": '@"P1Y"',
    "list": "[10]",
    "context": "{a: 10}",
    "range": "[1..10]",
    "function": "(function(a) a)",
    "null": "null",
}
DEFINED = {
    "+": {
        ("number", "number"): "20",
        ("string", "string"): '"1010"',
        ("date", "days"): "2021-01-03",
        ("days", "date"): "2021-01-03",
        ("date", "months"): "2022-01-02",
        ("months", "date"): "2022-01-02",
        ("date and time", "days"): "2021-01-03T10:00:00Z",
        ("days", "date and time"): "2021-01-03T10:00:00Z",
        ("date and time", "months"): "2022-01-02T10:00:00Z",
        ("months", "date and time"): "2022-01-02T10:00:00Z",
        ("time", "days"): "10:10:10",
        ("days", "time"): "10:10:10",
        ("days", "days"): "P2D",
        ("months", "months"): "P2Y",
    },
    "-": {
        ("number", "number"): "0",
        ("date", "date"): "PT0S",
        ("date", "date and time"): "-PT10H",
        ("date and time", "date"): "PT10H",
        ("date and time", "date and time"): "PT0S",
        ("time", "time"): "PT0S",
        ("date", "days"): "2021-01-01",
        ("date", "months"): "2020-01-02",
        ("date and time", "days"): "2021-01-01T10:00:00Z",
        ("date and time", "months"): "2020-01-02T10:00:00Z",
        ("time", "days"): "10:10:10",
        ("days", "days"): "PT0S",
        ("months", "months"): "P0M",
    },
    "*": {
        ("number", "number"): "100",
        ("number", "days"): "P10D",
        ("days", "number"): "P10D",
        ("number", "months"): "P10Y",
        ("months", "number"): "P10Y",
    },
    "/": {
        ("number", "number"): "1",
        ("days", "number"): "PT2H24M",
        ("months", "number"): "P1M",
        ("days", "days"): "1",
        ("months", "months"): "1",
    },
    "**": {("number", "number"): "10000000000"},
}
PAIRS = list(itertools.product(SAMPLES, SAMPLES))


@pytest.mark.parametrize("operator", DEFINED)
def test_an_operator_is_defined_for_the_pairs_of_the_specification_and_no_others(operator: str) -> None:
    for left, right in PAIRS:
        text = f"{SAMPLES[left]} {operator} {SAMPLES[right]}"
        expected = DEFINED[operator].get((left, right))
        assert shown(text) == (expected or "null"), text
        assert codes(text) == ([] if expected else ["no_operator"]), text


@pytest.mark.parametrize("kind", SAMPLES)
def test_only_numbers_and_durations_have_a_negative(kind: str) -> None:
    found = value(f"-({SAMPLES[kind]})")
    assert (found is not None) == (kind in ("number", "days", "months"))


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_values_of_different_kinds_are_neither_equal_nor_ordered(left: str, right: str) -> None:
    first, second = SAMPLES[left], SAMPLES[right]
    if "null" in (left, right):
        assert value(f"{first} = {second}") is (left == right)
    elif left != right:
        assert value(f"{first} = {second}") is None
        assert value(f"{first} < {second}") is None
    else:
        assert value(f"{first} = {second}") is (left != "function")
        ordered = left not in ("boolean", "list", "context", "range", "function")
        assert value(f"{first} <= {second}") is (True if ordered else None)
