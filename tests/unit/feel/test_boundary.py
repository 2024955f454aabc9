"""Python values on their way into expressions and out again."""

import enum
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from engine import feel
from tests.unit.feel.evaluating import value

PARIS = zoneinfo.ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    "original",
    [
        None,
        True,
        "text",
        12,
        Decimal("1.5"),
        [1, [2, {"a": None}]],
        {"a": {"b": []}},
        date(2020, 2, 29),
        time(10, 30, 1, 5),
        time(10, 30, tzinfo=timezone(timedelta(hours=-5))),
        datetime(2020, 1, 1, 10, 30),
        datetime(2020, 1, 1, 10, 30, tzinfo=UTC),
        datetime(2020, 7, 1, 10, 30, tzinfo=PARIS),
        timedelta(days=-1, microseconds=3),
    ],
)
def test_what_goes_in_comes_out(original: Any) -> None:
    assert feel.to_python(feel.from_python(original)) == original


class Colour(enum.StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("original", "arrives"),
    [
        (0.1, Decimal("0.1")),
        (2.0, 2),
        (1e300, Decimal("1e300")),
        (float("inf"), None),
        ((1, 2), [1, 2]),
        (Colour.RED, "red"),
        (datetime(2020, 1, 1, tzinfo=zoneinfo.ZoneInfo("UTC")), "2020-01-01T00:00:00Z"),
    ],
)
def test_other_values_become_the_nearest_of_the_language(original: Any, arrives: Any) -> None:
    found = feel.from_python(original)
    assert (str(found) if isinstance(original, datetime) else found) == arrives


@pytest.mark.parametrize("foreign", [object(), {1: 2}, [{"a": object()}], b"bytes", {"a"}, len, int])
def test_a_foreign_object_is_refused_and_named(foreign: Any) -> None:
    with pytest.raises(feel.ForeignValue):
        value("x", {"x": foreign})


@pytest.mark.parametrize("name", ["__class__", "__dict__", "real", "count", "_private"])
def test_python_attributes_are_out_of_reach(name: str) -> None:
    for held in ("text", 1, [1], {"a": 1}):
        found = value(f"x.{name}", {"x": held})
        assert found is None or found == [None]


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("[1..3)", "[1..3)"),
        ('@"P1Y2M"', "P1Y2M"),
        ('@"99999-01-01"', "99999-01-01"),
        ('@"10:00:00.123456789"', "10:00:00.123456789"),
        ("4 / 2", 2),
        ("5 / 2", Decimal("2.5")),
        ("2 * 1.0", 2),
    ],
)
def test_what_python_cannot_hold_leaves_as_text(text: str, leaves: Any) -> None:
    assert feel.to_python(value(text)) == leaves


def test_json_has_no_dates_and_no_decimals() -> None:
    found = value('{d: @"2020-01-01", n: 2.5, t: [@"PT1H"], f: function(a) a}')
    assert feel.to_json(found) == {"d": "2020-01-01", "n": 2.5, "t": ["PT1H"], "f": "function"}


def test_a_function_does_not_leave() -> None:
    with pytest.raises(feel.ForeignValue):
        feel.to_python(value("abs"))


def test_a_list_of_the_caller_is_neither_changed_nor_kept() -> None:
    items = [1, 2.5]
    expression = feel.compile_expression("count(x) + x[1]")
    assert expression.evaluate({"x": items}) == 3
    items.append(4)
    assert expression.evaluate({"x": items}) == 4
    assert items == [1, 2.5, 4]


def test_functions_of_the_host_take_and_give_python_values() -> None:
    expression = feel.compile_expression("rate.of(segment, amount) * 2")
    functions = {"rate.of": lambda segment, amount: 0.5 if segment == "key" and amount == Decimal("1.5") else 0}
    assert expression.evaluate({"segment": "key", "amount": 1.5}, functions=functions) == 1


def test_a_failing_function_of_the_host_is_null_with_the_reason() -> None:
    def broken() -> int:
        raise ValueError("no such rate")

    found, warnings = feel.compile_expression("broken()").evaluate_with_warnings({}, functions={"broken": broken})
    assert found is None
    assert "no such rate" in warnings[0].text["en"]
