"""Requests for service: the term, and what is open already."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine import records
from engine.domain import requests
from engine.ports import JobCall
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run


def customer(**attributes: Any) -> records.Customer:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return records.Customer(
        id="c-1", number="C-1", name="华星集团", attributes=attributes, created_at=at, changed_at=at
    )


@pytest.mark.parametrize(("until", "covered"), [(None, True), ("", True), ("2026-03-02", True), ("2026-03-01", False)])
def test_the_service_term_covers_its_last_day(until: str | None, covered: bool) -> None:
    assert requests.entitled(customer(service_until=until), date(2026, 3, 2)) is covered


def test_a_subject_full_of_links_is_spam(run: Run) -> None:
    assert run("service.identify", subject="https://a https://b http://c").data["spam"] is True
    assert run("service.identify", subject="见 https://a").data == {
        "entitled": True,
        "duplicate_of": None,
        "spam": False,
    }


def identified(store: Store, subject: str) -> Any:
    call = JobCall(
        id="j-1",
        handler="service.identify",
        input={"subject": subject},
        headers={},
        attempt=1,
        now=NOON,
        instance_id="i-new",
        process="CSS-01",
        business_key=None,
        customer=customer(service_until="2026-02-28"),
    )
    return requests.handlers(store)["service.identify"](call).data


def test_a_lapsed_term_is_told(store: Store) -> None:
    assert identified(store, "无法登录")["entitled"] is False
