"""The handlers every house has, and the pauses between tries: pure functions of what they are given."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors, records
from engine.jobs import handlers, retry
from engine.ports import JobCall, Notification
from tests.house import MONDAY

CUSTOMER = records.Customer(id="c-1", number="C-1", name="李先生", created_at=MONDAY, changed_at=MONDAY)


def call(customer: records.Customer | None = CUSTOMER, **given_: Any) -> JobCall:
    return JobCall(
        id="j-1",
        handler="notify",
        input=given_,
        headers={},
        attempt=1,
        now=MONDAY,
        instance_id="i-1",
        process="P",
        business_key=None,
        customer=customer,
    )


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, Notification(to="C-1", subject={"zh-CN": "", "en": ""}, text={"zh-CN": "", "en": ""})),
        (
            {"to": "anna", "subject": "s", "text": "t", "channel": "sms"},
            Notification(to="anna", subject={"zh-CN": "s", "en": "s"}, text={"zh-CN": "t", "en": "t"}, channel="sms"),
        ),
        (
            {"text": {"zh-CN": "您好", "en": "Hello"}},
            Notification(to="C-1", subject={"zh-CN": "", "en": ""}, text={"zh-CN": "您好", "en": "Hello"}),
        ),
        (
            {"text": {"en": 5}, "subject": 7},
            Notification(to="C-1", subject={"zh-CN": "7", "en": "7"}, text={"en": "5"}),
        ),
        (
            {"to": "", "channel": ""},
            Notification(to="C-1", subject={"zh-CN": "", "en": ""}, text={"zh-CN": "", "en": ""}, channel="desk"),
        ),
    ],
)
def test_a_notice_goes_to_whom_it_names_or_to_the_customer(sent: dict[str, Any], expected: Notification) -> None:
    answer = handlers.notify(call(**sent))
    assert answer.notifications == (expected,)
    assert (answer.data, answer.error) == ({}, "")


@pytest.mark.parametrize("to", [None, "", [], {}, 0])
def test_a_notice_for_nobody_is_refused_in_both_languages(to: Any) -> None:
    with pytest.raises(errors.Invalid) as caught:
        handlers.notify(call(None, to=to, text="x"))
    assert caught.value.code == "notify_nobody"
    assert caught.value.text == {
        "zh-CN": "通知没有收件人（to）。",
        "en": "The notification has no recipient (to).",
    }


@pytest.mark.parametrize("to", [5, ["a"], {"a": 1}, True])
def test_a_recipient_that_is_no_name_is_refused(to: Any) -> None:
    with pytest.raises(errors.Invalid):
        handlers.notify(call(to=to))


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.integers() | st.text() | st.none(), max_size=5))
@settings(max_examples=50, deadline=None)
def test_set_gives_back_what_it_was_given_and_nothing_else(values: dict[str, Any]) -> None:
    job = call()
    answer = handlers.set_values(JobCall(**{**vars(job), "input": values}))
    assert dict(answer.data) == values and answer.notifications == ()


def test_log_says_nothing_into_the_process() -> None:
    answer = handlers.log(call(a=1))
    assert (dict(answer.data), answer.notifications, answer.error) == ({}, (), "")


def test_the_built_in_ones_cannot_be_replaced_by_accident() -> None:
    with pytest.raises(TypeError):
        handlers.BUILTIN["notify"] = handlers.log  # type: ignore[index]
    assert {"notify", "log", "set"} <= set(handlers.BUILTIN)


@given(st.integers(1, 10**6))
@settings(max_examples=100, deadline=None)
def test_a_pause_is_never_shorter_than_the_one_before_and_has_an_end(attempt: int) -> None:
    assert retry.FIRST <= retry.delay(attempt) <= retry.delay(attempt + 1) <= retry.LONGEST


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (9, 1280), (10, 2560), (11, 3600), (99, 3600)]
)
def test_pauses_double(attempt: int, seconds: int) -> None:
    assert retry.delay(attempt) == timedelta(seconds=seconds)
