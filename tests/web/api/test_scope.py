"""Whose cases a program sees: what its person sees on the pages, and nothing else, in lists and one by one."""

from typing import Any
from urllib.parse import quote

import pytest

from engine.people import groups
from engine.people.agent import SYSTEM
from tests.web.api.conftest import Programs
from tests.web.api.test_cases import started, the_task


@pytest.fixture
def shared(selling: Programs) -> Programs:
    groups.put_group(selling.engine, key="legal", texts={"en": "Legal", "zh-CN": "法务"}, agent=SYSTEM)
    selling.person("leo", "staff", "legal")
    return selling


def seen(api: Programs, by: str) -> list[str]:
    return [one["id"] for one in api.get("/instances", by=by).json["items"]]


def test_staff_see_what_they_could_take_part_in(shared: Programs) -> None:
    case = started(shared)["id"]
    assert seen(shared, "sam") == [case]
    assert seen(shared, "leo") == []


def test_who_did_a_step_still_sees_the_case(shared: Programs) -> None:
    case = started(shared)["id"]
    shared.post(f"/tasks/{the_task(shared)['id']}/complete", {"data": {"amount": 1}}, by="sam")
    assert seen(shared, "sam") == [case]
    assert seen(shared, "sue") == [], "she could, but did not, and can no more"


def test_who_started_it_sees_it(shared: Programs) -> None:
    answer = shared.post("/instances", {"process": "quote", "customer_id": "C-1"}, by="leo")
    assert seen(shared, "leo") == [answer.json["instance"]["id"]]


@pytest.mark.parametrize("path", ["", "/timeline", "/bpmn"])
def test_a_case_of_others_is_as_unknown_as_none(shared: Programs, path: str) -> None:
    case = started(shared)["id"]
    hidden = shared.get(f"/instances/{case}{path}", by="leo")
    none = shared.get(f"/instances/nowhere{path}", by="leo")
    assert (hidden.status_code, hidden.json["code"]) == (404, "instance_unknown")
    assert (none.status_code, none.json["code"]) == (404, "instance_unknown")
    assert hidden.json["text"] == none.json["text"]
    assert shared.get(f"/instances/{case}{path}", by="sam").status_code == 200


@pytest.mark.parametrize("by", ["ada", "ivy"])
def test_those_who_direct_see_all(shared: Programs, by: str) -> None:
    case = started(shared)["id"]
    assert seen(shared, by) == [case]


def test_pages_of_what_one_may_see_hold_nothing_else(shared: Programs) -> None:
    wanted = [started(shared, business_key=str(n))["id"] for n in range(3)]
    shared.post("/instances", {"process": "quote", "customer_id": "C-1"}, by="leo")
    for case in wanted:
        shared.get(f"/instances/{case}", by="sam")
    found: list[str] = []
    after = ""
    while True:
        page = shared.get(f"/instances?limit=2&after={after}", by="leo").json
        found += [one["id"] for one in page["items"]]
        after = page["next"]
        if not after:
            break
    assert len(found) == 1


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("process=quote", 3),
        ("process=other", 0),
        ("status=active", 3),
        ("status=completed", 0),
        ("business_key=1", 1),
        ("business_key=none", 0),
        ("incidents=true", 0),
        ("suspended=true", 1),
        ("suspended=false", 3),
        ("customer_id=none", 0),
    ],
)
def test_lists_are_narrowed(shared: Programs, query: str, count: int) -> None:
    cases = [started(shared, business_key=str(n))["id"] for n in range(3)]
    shared.post(f"/instances/{cases[0]}/suspend", {"reason": "an audit"})
    assert len(shared.get(f"/instances?{query}").json["items"]) == count


def test_a_case_is_found_by_the_number_that_people_name(shared: Programs) -> None:
    case = started(shared)
    found = shared.get(f"/instances?number={case['number']}").json["items"]
    assert [one["id"] for one in found] == [case["id"]]


def test_the_oldest_come_first_when_asked(shared: Programs) -> None:
    cases = [started(shared, business_key=str(n))["id"] for n in range(5)]
    found: list[str] = []
    after = ""
    while True:
        page = shared.get(f"/instances?order=oldest&limit=2&after={after}").json
        found += [one["id"] for one in page["items"]]
        after = page["next"]
        if not after:
            break
    assert found == cases
    assert [one["id"] for one in shared.get("/instances?order=newest").json["items"]] == cases[::-1]


@pytest.mark.parametrize("order", ["business_key", "-business_key", "number", "-number", "ended", "-ended"])
def test_cases_come_in_the_order_that_is_asked_for(order: str, shared: Programs) -> None:
    """By page; by their end those that have one."""
    cases = [started(shared, business_key=key) for key in ("B 2", "a", "c+/1")]
    name = order.removeprefix("-")
    found: list[str] = []
    after = ""
    while True:
        page = shared.get(f"/instances?order={quote(order)}&limit=2&after={quote(after)}").json
        found += [one["id"] for one in page["items"]]
        after = page["next"]
        if not after:
            break
    told = [] if name == "ended" else sorted(cases, key=lambda one: one[name], reverse=order.startswith("-"))
    assert [case for case in found if case in {one["id"] for one in cases}] == [one["id"] for one in told]


@pytest.mark.parametrize("after", ["x", "%00", "WzEsMl0", "W10", "bnVsbA", "WyJhIiwgImIiXQ", "A" * 400])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_cursor_of_another_order_is_refused(after: str, language: str, shared: Programs) -> None:
    refused = shared.get(f"/instances?order=ended&after={after}", headers={"Accept-Language": language})
    assert refused.status_code == 422
    assert ("翻页标记" if language == "zh-CN" else "cursor") in refused.json["detail"]


def test_the_history_is_paged_without_a_gap(shared: Programs) -> None:
    case = started(shared)["id"]
    whole = [one["seq"] for one in shared.get(f"/instances/{case}/timeline").json["items"]]
    found: list[int] = []
    after: Any = 0
    while after is not None:
        page = shared.get(f"/instances/{case}/timeline?after={after}&limit=2").json
        found += [one["seq"] for one in page["items"]]
        after = page["next"]
    assert found == whole == list(range(1, len(whole) + 1))


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=201", "/limit"),
        ("limit=x", "/limit"),
        ("status=odd", "/status"),
        ("order=up", "/order"),
        ("unknown=1", "/unknown"),
    ],
)
def test_a_wrong_filter_is_named(shared: Programs, query: str, pointer: str) -> None:
    refused = shared.get(f"/instances?{query}")
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json["problems"]] == [pointer]
    assert set(refused.json["problems"][0]["text"]) == {"zh-CN", "en"}
