"""State as bytes: every value comes back as itself, and nothing foreign is guessed at."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors
from engine.kernel import codec, stimuli, values
from tests.kernel.case import Case
from tests.kernel.models import program

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**30), max_value=10**30)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.decimals(allow_nan=False)
    | st.dates()
    | st.times()
    | st.datetimes(timezones=st.just(UTC) | st.just(timezone(timedelta(hours=8))))
    | st.timedeltas()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_every_value_comes_back_as_itself(value: Any) -> None:
    found = values.unpack(values.pack(value))
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    "value",
    [Decimal("1.10"), date(2026, 2, 28), time(9, 5), datetime(2026, 1, 1), timedelta(days=-1), 2**70, "", {}, []],
)
def test_types_are_kept(value: Any) -> None:
    found = values.unpack(values.pack({"x": [value]}))["x"][0]
    assert found == value and type(found) is type(value) and str(found) == str(value)


@pytest.mark.parametrize(
    "value", [object(), {1: "x"}, {"x": {2, 3}}, b"bytes", 2**5000, "\ud800", {"typename": {"a": print}}, 1j]
)
def test_what_no_variable_can_hold_is_refused_by_name(value: Any) -> None:
    with pytest.raises(errors.Invalid) as refused:
        values.pack(value, "x")
    assert refused.value.ids["variable"] == "x"


def test_depth_and_size_are_bounded() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(errors.Invalid):
        values.pack(deep)
    with pytest.raises(errors.Invalid) as refused:
        values.pack("x" * (values.LARGEST_BYTES + 1))
    assert refused.value.code == "value_too_large"


def test_a_variable_may_have_any_name() -> None:
    """One engine could never load an instance again that had a variable called ``typename``."""
    names = ["typename", "__class__", "", "$type", "type", "a b", "变量", "self"]
    case = Case(program("start s", "user a", flow=["s > a"]), saved=True)
    case.give(stimuli.Start(data=dict.fromkeys(names, 1)))
    assert case.variables() == dict.fromkeys(names, 1)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "state_foreign"),
        (b"{}", "state_foreign"),
        (b"\xc6\x09\x90", "state_version"),
        (b"\xc6\x01", "state_broken"),
        (b"\xc6\x01\x90", "state_broken"),
        (b"\xc6\x01" + b"\x91" * 100_000, "state_broken"),
    ],
)
def test_foreign_bytes_are_refused_by_name(data: bytes, code: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        codec.decode(data)
    assert refused.value.code == code


def test_a_cut_state_is_refused_wherever_it_is_cut() -> None:
    case = Case(program("start s", "user a", flow=["s > a"])).start(n=1)
    data = codec.encode(case.state)
    for end in range(2, len(data)):
        with pytest.raises(errors.Invalid):
            codec.decode(data[:end])
