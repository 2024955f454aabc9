"""What a job hands to a handler: taken with the type it must have, or refused by the parameter's name."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine import errors
from engine.domain import given
from engine.ports import JobCall
from tests.unit.domain.conftest import NOON


def call(**values: Any) -> JobCall:
    return JobCall(
        id="j",
        handler="some.service",
        input=values,
        headers={},
        attempt=1,
        now=NOON,
        instance_id="i",
        process="P",
        business_key=None,
        customer=None,
    )


TAKEN: list[tuple[Callable[..., Any], tuple[Any, ...], Any, Any]] = [
    # how it is taken, with which default, what was handed in, what comes out
    (given.text, (), "a", "a"),
    (given.text, ("d",), None, "d"),
    (given.text, ("d",), "", "d"),
    (given.text, ("",), "", ""),
    (given.text, ("d",), " ", " "),
    (given.text, (), "客户", "客户"),
    (given.number, (), 1, 1),
    (given.number, (), 1.5, 1.5),
    (given.number, (), 0, 0),
    (given.number, (7,), None, 7),
    (given.number, (7,), 0, 0),
    (given.number, (), -3, -3),
    (given.number, (), "0.3", 0.3),
    (given.number, (), "-12.50", -12.5),
    (given.items, (), None, []),
    (given.items, (), [], []),
    (given.items, (), [1, "a", None], [1, "a", None]),
    (given.items, (), (1, 2), [1, 2]),
    (given.rows, (), None, []),
    (given.rows, (), [{"a": 1}], [{"a": 1}]),
    (given.rows, (), [{}], [{}]),
    (given.span, (timedelta(days=3),), None, timedelta(days=3)),
    (given.span, (timedelta(),), "P2D", timedelta(days=2)),
    (given.span, (timedelta(),), "PT36H", timedelta(hours=36)),
    (given.span, (timedelta(),), "P1W", timedelta(days=7)),
    (given.moment, (NOON,), None, NOON),
    (given.moment, (NOON,), "", NOON),
    (given.moment, (NOON,), "2026-03-01T08:00:00+08:00", datetime(2026, 3, 1, tzinfo=UTC)),
    (given.moment, (NOON,), "2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
]


@pytest.mark.parametrize(("take", "default", "value", "expected"), TAKEN)
def test_what_has_the_right_type_is_taken(
    take: Callable[..., Any], default: tuple[Any, ...], value: Any, expected: Any
) -> None:
    assert take(call(x=value), "x", *default) == expected


@pytest.mark.parametrize(
    ("take", "default", "expected"),
    [
        (given.text, ("d",), "d"),
        (given.number, (1,), 1),
        (given.items, (), []),
        (given.rows, (), []),
        (given.span, (timedelta(hours=1),), timedelta(hours=1)),
        (given.moment, (NOON,), NOON),
    ],
)
def test_what_is_absent_has_its_default(take: Callable[..., Any], default: tuple[Any, ...], expected: Any) -> None:
    assert take(call(), "x", *default) == expected


REFUSED: list[tuple[Callable[..., Any], tuple[Any, ...], Any, str, str]] = [
    (given.text, (), None, "文字", "a text"),
    (given.text, (), "", "文字", "a text"),
    (given.text, (), 5, "文字", "a text"),
    (given.text, ("d",), 5, "文字", "a text"),
    (given.text, ("d",), [], "文字", "a text"),
    (given.text, ("d",), True, "文字", "a text"),
    (given.text, ("d",), {"en": "x"}, "文字", "a text"),
    (given.number, (), None, "数字", "a number"),
    (given.number, (), "5", "数字", "a number"),
    (given.number, (1,), "", "数字", "a number"),
    (given.number, (1,), True, "数字", "a number"),
    (given.number, (1,), [1], "数字", "a number"),
    (given.items, (), "abc", "列表", "a list"),
    (given.items, (), {"a": 1}, "列表", "a list"),
    (given.items, (), 0, "列表", "a list"),
    (given.rows, (), ["a"], "表格", "a list of rows"),
    (given.rows, (), [{"a": 1}, None], "表格", "a list of rows"),
    (given.rows, (), {"a": 1}, "列表", "a list"),
    (given.span, (timedelta(),), "2 days", "时长（天、小时）", "a duration of days and hours"),
    (given.span, (timedelta(),), "P1M", "时长（天、小时）", "a duration of days and hours"),
    (given.span, (timedelta(),), "", "时长（天、小时）", "a duration of days and hours"),
    (given.span, (timedelta(),), 3, "时长（天、小时）", "a duration of days and hours"),
    (given.moment, (NOON,), "soon", "时间点", "a moment"),
    (given.moment, (NOON,), 5, "时间点", "a moment"),
    (given.moment, (NOON,), "2026-02-30", "时间点", "a moment"),
]


@pytest.mark.parametrize(("take", "default", "value", "zh", "en"), REFUSED)
def test_what_has_the_wrong_type_is_named_with_handler_and_parameter(
    take: Callable[..., Any], default: tuple[Any, ...], value: Any, zh: str, en: str
) -> None:
    with pytest.raises(errors.Invalid) as caught:
        take(call(x=value), "x", *default)
    assert caught.value.code == "parameter_wrong"
    assert caught.value.ids == {"handler": "some.service", "parameter": "x"}
    assert caught.value.text == {
        "zh-CN": f"some.service 的参数 x 应为{zh}，得到 {value!r}",
        "en": f"some.service expected {en} as 'x', got {value!r}",
    }


def test_what_is_taken_can_be_changed_without_changing_the_job() -> None:
    job = call(x=[{"a": 1}])
    given.rows(job, "x")[0]["a"] = 2
    given.items(job, "x").append(1)
    assert job.input == {"x": [{"a": 1}]}
