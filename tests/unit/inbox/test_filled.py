"""What a filled form may hold and what the process takes of it: hostile data, odd forms, both languages."""

from typing import Any

import pytest

from engine import errors
from engine.inbox import act, filled, listing
from engine.model.performer import Performer
from engine.runtime import instances
from tests.house import ANNA, BO, House
from tests.kernel.models import literal, node, program

SALES = Performer(groups=(literal("sales"),))
FORM = {
    "type": "object",
    "properties": {
        "reason": {"type": "string", "minLength": 2, "maxLength": 20},
        "amount": {"type": "number", "minimum": 0, "exclusiveMaximum": 100},
        "count": {"type": "integer"},
        "day": {"type": "string", "format": "date"},
        "kind": {"enum": ["a", "b"]},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2, "uniqueItems": True},
        "agreed": {"const": True},
        "a/b": {"type": "integer"},
        "total": {"type": "number", "readOnly": True},
        "who": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
    },
    "required": ["reason"],
}


def opened(home: House, form: Any = FORM, **data: Any) -> str:
    more = {"forms": {"f": form}} if form is not None else {}
    task = node("user t", performer=SALES, form="f" if form is not None else "")
    home.release(program("start s", task, "end e", flow=["s > t > e"], **more))
    return home.start(**data)


def complete(home: House, case: str, **data: Any) -> None:
    act.complete(home.engine, work_item_id=home.item(case, "t").id, data=data, agent=ANNA, now=home.now)


@pytest.mark.parametrize(
    ("data", "pointers"),
    [
        ({}, ["/reason"]),
        ({"reason": ""}, ["/reason"]),
        ({"reason": "x"}, ["/reason"]),
        ({"reason": "x" * 21}, ["/reason"]),
        ({"reason": 3}, ["/reason"]),
        ({"reason": None}, ["/reason"]),
        ({"reason": ["ok"]}, ["/reason"]),
        ({"reason": "ok", "amount": -1}, ["/amount"]),
        ({"reason": "ok", "amount": 100}, ["/amount"]),
        ({"reason": "ok", "amount": "9"}, ["/amount"]),
        ({"reason": "ok", "amount": True}, ["/amount"]),
        ({"reason": "ok", "count": 1.5}, ["/count"]),
        ({"reason": "ok", "day": "2026-02-30"}, ["/day"]),
        ({"reason": "ok", "day": "tomorrow"}, ["/day"]),
        ({"reason": "ok", "kind": "c"}, ["/kind"]),
        ({"reason": "ok", "tags": ["a", "b", "c"]}, ["/tags"]),
        ({"reason": "ok", "tags": ["a", "a"]}, ["/tags"]),
        ({"reason": "ok", "tags": ["a", 1]}, ["/tags/1"]),
        ({"reason": "ok", "agreed": False}, ["/agreed"]),
        ({"reason": "ok", "a/b": "x"}, ["/a~1b"]),
        ({"reason": "ok", "who": {}}, ["/who/name"]),
        ({"reason": "ok", "who": {"name": 1}}, ["/who/name"]),
        ({"reason": "ok", "unknown": 1}, ["/unknown"]),
        ({"reason": "ok", "__proto__": 1}, ["/__proto__"]),
        ({"reason": "ok", "total": 5}, ["/total"]),
        ({"reason": "", "amount": -1, "unknown": 1}, ["/amount", "/reason", "/unknown"]),
    ],
)
def test_every_wrong_place_is_named_in_both_languages_and_nothing_is_taken(
    home: House, data: dict[str, Any], pointers: list[str]
) -> None:
    case = opened(home, total=9)
    with pytest.raises(errors.Invalid) as caught:
        complete(home, case, **data)
    found = caught.value
    assert [problem.pointer for problem in found.problems] == pointers
    assert found.code == "form_invalid" and found.ids["work_item"] == home.item(case, "t").id
    assert f"{len(pointers)} 处" in found.text["zh-CN"] and f"{len(pointers)} place" in found.text["en"]
    for problem in found.problems:
        assert set(problem.text) == {"zh-CN", "en"} and all(problem.text.values())
    assert home.items(case)[0].status == "open"
    assert "reason" not in instances.get(home.engine, instance_id=case).variables


@pytest.mark.parametrize(
    "data",
    [
        {"reason": "ok"},
        {"reason": "两字"},
        {"reason": "👨‍👩‍👧 ok"},
        {"reason": "<script>alert(1)", "tags": []},
        {"reason": "مرحبا", "amount": 0},
        {"reason": "ok", "amount": 99.99, "count": -5},
        {"reason": "ok", "day": "2028-02-29", "kind": "b", "agreed": True, "a/b": 1},
        {"reason": "ok", "who": {"name": ""}, "tags": ["a", "b"]},
    ],
)
def test_what_obeys_the_form_is_taken_as_it_is(home: House, data: dict[str, Any]) -> None:
    case = opened(home)
    complete(home, case, **data)
    found = instances.get(home.engine, instance_id=case).variables
    assert {name: found[name] for name in data} == data


def test_a_read_only_value_may_be_sent_back_unchanged_and_is_not_written_again(home: House) -> None:
    case = opened(home, total=9)
    complete(home, case, reason="ok", total=9)
    written = [fact.data for fact in home.facts(case) if type(fact).__name__ == "WorkItemCompleted"]
    assert written == [{"reason": "ok"}]


def test_a_read_only_value_that_was_never_set_cannot_be_set(home: House) -> None:
    case = opened(home)
    with pytest.raises(errors.Invalid) as caught:
        complete(home, case, reason="ok", total=1)
    (problem,) = caught.value.problems
    assert problem.code == "form_read_only"
    assert problem.text == {
        "zh-CN": "此项只供查看，不能修改。",
        "en": "This field is for reading only; it was changed.",
    }


@pytest.mark.parametrize("name", ["a/b", "a~b", "~1"])
def test_a_read_only_field_of_any_name_has_its_pointer(home: House, name: str) -> None:
    case = opened(home, {"type": "object", "properties": {name: {"readOnly": True}}})
    with pytest.raises(errors.Invalid) as caught:
        complete(home, case, **{name: 1})
    assert [problem.pointer for problem in caught.value.problems] == ["/" + name.replace("~", "~0").replace("/", "~1")]


@pytest.mark.parametrize("data", [{}, {"anything": {"goes": [1, None, True]}}, {"客户": "李雷"}])
def test_a_task_without_a_form_takes_what_it_is_given(home: House, data: dict[str, Any]) -> None:
    case = opened(home, None)
    complete(home, case, **data)
    found = instances.get(home.engine, instance_id=case).variables
    assert {name: found[name] for name in data} == data


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("form", [None, {"type": "object", "properties": {"x": {}}}])
@pytest.mark.parametrize("value", ["x" * 1_100_000, deep(40), {str(number): "y" * 100 for number in range(20_000)}])
def test_more_than_a_form_can_hold_is_refused_with_and_without_a_form(home: House, form: Any, value: Any) -> None:
    case = opened(home, form)
    with pytest.raises(errors.TooLarge) as caught:
        complete(home, case, x=value)
    assert set(caught.value.text) == {"zh-CN", "en"}
    assert len(home.items(case)) == 1


@pytest.mark.parametrize("value", ["x" * 900_000, deep(25)])
def test_what_is_large_but_within_bounds_is_taken(home: House, value: Any) -> None:
    case = opened(home, None)
    complete(home, case, x=value)
    assert instances.get(home.engine, instance_id=case).variables["x"] == value


@pytest.mark.parametrize("data", [{"x": deep(40)}, {"x": "y" * 1_100_000}])
def test_a_draft_has_the_same_bounds(data: dict[str, Any]) -> None:
    with pytest.raises(errors.TooLarge):
        filled.bounded(data)


def test_a_draft_may_be_as_wrong_as_its_author_left_it(home: House) -> None:
    case = opened(home)
    item = home.item(case, "t").id
    act.claim(home.engine, work_item_id=item, agent=ANNA, now=home.now)
    kept = {"reason": "", "amount": "half", "unknown": [1]}
    act.save_draft(home.engine, work_item_id=item, data=kept, agent=ANNA, now=home.now)
    detail = listing.get(home.engine, work_item_id=item, agent=ANNA, now=home.now)
    assert detail.row.item.draft == kept
    assert not any(type(fact).__name__ == "WorkItemActed" and fact.verb == "save_draft" for fact in home.facts(case))


def test_a_detail_shows_the_form_and_what_the_case_knows(home: House) -> None:
    case = opened(home, total=9, hint="look")
    detail = listing.get(home.engine, work_item_id=home.item(case, "t").id, agent=BO, now=home.now)
    assert detail.form == FORM
    assert (detail.data["total"], detail.data["hint"]) == (9, "look")
    assert detail.row.number == "p-000001"


def test_of_what_is_over_the_values_are_shown_no_more(home: House) -> None:
    case = opened(home, total=9)
    item = home.item(case, "t").id
    complete(home, case, reason="ok")
    detail = listing.get(home.engine, work_item_id=item, agent=ANNA, now=home.now)
    assert detail.data == {} and detail.form == FORM
