"""Columns of rows by step, through the whole engine: what a step is given, what it may hand in, what becomes of it."""

import copy
from typing import Any

import pytest

from engine import errors
from engine.forms import check
from engine.inbox import act, listing
from engine.model.performer import Performer
from engine.runtime import instances
from tests.house import ANNA, BOSS, House
from tests.kernel.models import literal, node, program

SALES = Performer(groups=(literal("sales"),))
ROW: dict[str, Any] = {
    "type": "object",
    "properties": {
        "sku": {"type": "string", "maxLength": 20},
        "n": {"type": "integer", "x-ui": {"steps": {"t": "required"}}},
        "price": {"type": "number", "x-ui": {"steps": {"t": "read"}}},
        "cost": {"type": "number", "x-ui": {"steps": {"t": "hidden"}}},
    },
    "required": ["sku", "cost"],
}
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "lines": {"type": "array", "maxItems": 5, "items": ROW},
        "margin": {"type": "number", "x-ui": {"steps": {"t": "hidden"}}},
    },
}
BY_REFERENCE = {
    "type": "object",
    "$defs": {"line": ROW},
    "properties": {**FORM["properties"], "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}}},
}
LINES = [{"sku": "a", "n": 1, "price": 5, "cost": 3}, {"sku": "b", "n": 2, "price": 6, "cost": 4}]


@pytest.fixture(params=["plain", "by reference"])
def case(request: pytest.FixtureRequest, home: House) -> str:
    home.person(ANNA)
    form = FORM if request.param == "plain" else BY_REFERENCE
    assert check.vet(form) == []
    steps = [node(f"user {name}", performer=SALES, form="f") for name in ("t", "later")]
    home.release(program("start s", *steps, "end e", flow=["s > t > later > e"], forms={"f": form}))
    return home.start(lines=copy.deepcopy(LINES), margin=40)


def detail(home: House, case: str, step: str = "t") -> listing.Detail:
    item = home.item(case, step).id
    return listing.get(home.engine, work_item_id=item, agent=ANNA, now=home.now)


def given(home: House, case: str) -> list[dict[str, Any]]:
    found = detail(home, case).data["lines"]
    assert isinstance(found, list)
    return [dict(row) for row in found]


def hand_in(home: House, case: str, lines: Any, **more: Any) -> None:
    item = home.item(case, "t").id
    act.complete(home.engine, work_item_id=item, data={"lines": lines, **more}, agent=ANNA, now=home.now)


def stored(home: House, case: str) -> Any:
    return instances.get(home.engine, instance_id=case).variables["lines"]


def refused(home: House, case: str, lines: Any, **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(errors.Invalid) as raised:
        hand_in(home, case, lines, **more)
    assert all(set(one.text) == {"zh-CN", "en"} for one in raised.value.problems)
    assert stored(home, case) == LINES
    return [(one.pointer, one.code) for one in raised.value.problems]


def test_nothing_of_what_is_hidden_is_given_to_the_step(home: House, case: str) -> None:
    shown = detail(home, case)
    assert "margin" not in shown.data and "margin" not in (shown.form or {})["properties"]
    assert all(set(row) == {"sku", "n", "price", "$row"} for row in shown.data["lines"])
    columns = (shown.form or {})["properties"]["lines"]["items"]["properties"]
    assert set(columns) == {"sku", "n", "price", "$row"}
    assert columns["price"]["readOnly"] is True and columns["$row"]["readOnly"] is True


def test_rows_changed_moved_added_and_taken_out_keep_their_hidden_cells(home: House, case: str) -> None:
    first, second = given(home, case)
    hand_in(home, case, [{"sku": "new", "n": 7}, {**second, "n": 9}])
    assert stored(home, case) == [{"sku": "new", "n": 7}, {"sku": "b", "n": 9, "price": 6, "cost": 4}]
    assert first["sku"] == "a"


def test_the_next_step_sees_all_of_it_without_a_key(home: House, case: str) -> None:
    hand_in(home, case, given(home, case)[::-1])
    shown = detail(home, case, "later").data
    assert shown["lines"] == LINES[::-1] and shown["margin"] == 40


def test_what_the_step_has_to_fill_in_is_asked_for_and_what_it_does_not_see_is_not(home: House, case: str) -> None:
    first, second = given(home, case)
    del first["n"]
    found = refused(home, case, [first, second])
    assert [pointer for pointer, _ in found] == ["/lines/0/n"]


@pytest.mark.parametrize("cost", [3, 0, None, "x"])
def test_a_hidden_cell_that_is_handed_in_is_refused(home: House, case: str, cost: Any) -> None:
    first, second = given(home, case)
    assert refused(home, case, [{**first, "cost": cost}, second])[0][0] == "/lines/0"


def test_a_hidden_field_that_is_handed_in_is_refused(home: House, case: str) -> None:
    assert [pointer for pointer, _ in refused(home, case, given(home, case), margin=1)] == ["/margin"]


def test_a_read_only_cell_that_was_changed_is_refused(home: House, case: str) -> None:
    first, second = given(home, case)
    found = refused(home, case, [{**first, "price": 1}, second])
    assert {pointer for pointer, _ in found} <= {"/lines/0/price", "/lines/0/$row"} and found


@pytest.mark.parametrize("key", ["made up", "", "0.1"])
def test_a_forged_key_is_refused_at_its_row(home: House, case: str, key: str) -> None:
    first, second = given(home, case)
    first["$row"] = key
    assert ("/lines/0/$row", "form_row_unknown") in refused(home, case, [first, second])


@pytest.mark.parametrize("key", [7, True, None, [], {"a": 1}, "x" * 65])
def test_a_key_of_another_shape_is_refused(home: House, case: str, key: Any) -> None:
    first, second = given(home, case)
    first["$row"] = key
    assert any(pointer == "/lines/0/$row" for pointer, _ in refused(home, case, [first, second]))


def test_one_row_is_not_handed_in_twice(home: House, case: str) -> None:
    """Else its hidden cells could be copied into another row."""
    first, second = given(home, case)
    assert ("/lines/1/$row", "form_row_unknown") in refused(home, case, [first, dict(first), second])


def test_a_key_of_another_row_does_not_bring_its_cells_beside_one_s_own(home: House, case: str) -> None:
    first, second = given(home, case)
    first["$row"] = second["$row"]
    assert refused(home, case, [first, second])


def test_rows_without_keys_are_new_ones(home: House, case: str) -> None:
    hand_in(home, case, [{"sku": "a", "n": 1}])
    assert stored(home, case) == [{"sku": "a", "n": 1}]


def test_what_somebody_changed_meanwhile_is_told_and_never_mixed_up(home: House, case: str) -> None:
    first, second = given(home, case)
    from_elsewhere = [{**LINES[0], "n": 100}, LINES[1]]
    instances.set_variables(
        home.engine, instance_id=case, values={"lines": from_elsewhere}, reason="r", agent=BOSS, now=home.now
    )
    with pytest.raises(errors.Invalid) as raised:
        hand_in(home, case, [first, second])
    wrong = raised.value.problems[0]
    assert (wrong.pointer, wrong.code) == ("/lines/0/$row", "form_row_unknown")
    assert "重新填写" in raised.value.problems[0].text["zh-CN"]
    assert stored(home, case) == from_elsewhere


def test_hidden_cells_that_changed_meanwhile_are_the_newer_ones(home: House, case: str) -> None:
    lines = given(home, case)
    newer = [{**LINES[0], "cost": 30}, LINES[1]]
    instances.set_variables(
        home.engine, instance_id=case, values={"lines": newer}, reason="r", agent=BOSS, now=home.now
    )
    hand_in(home, case, lines)
    assert stored(home, case) == newer


def test_a_draft_keeps_its_rows_and_is_handed_in_later(home: House, case: str) -> None:
    lines = given(home, case)
    item = home.item(case, "t").id
    act.claim(home.engine, work_item_id=item, agent=ANNA, now=home.now)
    act.save_draft(home.engine, work_item_id=item, data={"lines": lines[::-1]}, agent=ANNA, now=home.now)
    draft = home.item(case, "t").draft
    assert draft is not None and all("cost" not in row for row in draft["lines"])
    hand_in(home, case, draft["lines"])
    assert stored(home, case) == LINES[::-1]


INNER = {"type": "object", "properties": {"deep": {"type": "number", "x-ui": {"steps": {"t": "hidden"}}}}}
WRONG = [
    ({"type": "array", "items": {"type": "object", "properties": {"$row": {"type": "string"}}}}, "row_key_taken"),
    (INNER, "steps_too_deep"),
    ({"type": "array", "items": {"type": "object", "properties": {"inner": INNER}}}, "steps_too_deep"),
]


@pytest.mark.parametrize(("part", "code"), WRONG)
def test_rights_where_none_can_be_kept_and_taken_names_stop_a_release(part: dict[str, Any], code: str) -> None:
    found = check.vet({"type": "object", "properties": {"a": part}})
    assert [one.code for one in found] == [code]
    assert set(found[0].text) == {"zh-CN", "en"} and found[0].pointer.startswith("/properties/a")
