"""Fields that are only shown: whoever fills a form in, by page or by program, changes none of them, however deep."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.forms import frozen

PRICE = {"type": "number", "readOnly": True}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "total": PRICE,
        "note": {"type": "string"},
        "customer": {
            "type": "object",
            "properties": {"level": {"$ref": "#/$defs/shown"}, "phone": {"type": "string"}},
        },
        "lines": {
            "type": "array",
            "items": {"type": "object", "properties": {"sku": {"type": "string"}, "price": PRICE}},
        },
        "history": {"type": "array", "readOnly": True, "items": {"type": "string"}},
        "anything": True,
    },
    "$defs": {"shown": {"type": "string", "readOnly": True}},
}
STORED: dict[str, Any] = {
    "total": 9,
    "customer": {"level": "KA", "phone": "1"},
    "lines": [{"sku": "a", "price": 1}, {"sku": "b", "price": 2}],
    "history": ["x"],
    "other": 1,
}

CASES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"total": 9, "history": ["x"], "note": "n"}, []),
    ({"total": 10}, ["/total"]),
    ({"total": None}, ["/total"]),
    ({"history": []}, ["/history"]),
    ({"customer": {"level": "KA", "phone": "2"}}, []),
    ({"customer": {"phone": "2"}}, []),
    ({"customer": {"level": "ST"}}, ["/customer/level"]),
    ({"lines": [{"sku": "z", "price": 1}]}, []),
    ({"lines": [{"price": 1}, {"price": 3}]}, ["/lines/1/price"]),
    ({"lines": [{}, {}, {"sku": "new", "price": 5}]}, ["/lines/2/price"]),
    ({"lines": [{}, {}, {"sku": "new"}]}, []),
    ({"lines": [{"sku": "b", "price": 2}, {"sku": "a", "price": 1}]}, []),
    ({"lines": [{"price": 2}, {"price": 2}]}, ["/lines/0/price"]),
    ({"lines": [{"price": 2}, {"sku": "new"}]}, []),
    ({"anything": {"total": 1}}, []),
    ({"customer": "KA", "lines": {"price": 1}}, []),
]


@pytest.mark.parametrize(("data", "places"), CASES)
def test_what_came_back_changed_is_told_at_its_place(data: dict[str, Any], places: list[str]) -> None:
    found = frozen.problems(SCHEMA, data, STORED)
    assert [problem.pointer for problem in found] == places
    assert all("不能修改" in problem.text["zh-CN"] and "reading only" in problem.text["en"] for problem in found)


def test_with_nothing_stored_a_value_for_a_shown_field_is_a_change() -> None:
    assert [problem.pointer for problem in frozen.problems(SCHEMA, {"total": 1}, {})] == ["/total"]


TAKEN: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"total": 9, "note": "n"}, {"note": "n"}),
    ({"customer": {"phone": "2"}}, {"customer": {"phone": "2", "level": "KA"}}),
    ({"lines": [{"sku": "z"}, {"sku": "y"}]}, {"lines": [{"sku": "z", "price": 1}, {"sku": "y", "price": 2}]}),
    ({"lines": [{}, {}, {"sku": "new"}]}, {"lines": [{"price": 1}, {"price": 2}, {"sku": "new"}]}),
    ({"lines": [{"sku": "y", "price": 2}]}, {"lines": [{"sku": "y", "price": 2}]}),
    ({"lines": [{"sku": "y", "price": 2}, {"sku": "n"}]}, {"lines": [{"sku": "y", "price": 2}, {"sku": "n"}]}),
    ({"history": ["x"], "anything": [1]}, {"anything": [1]}),
    ({"stranger": 1}, {"stranger": 1}),
]


@pytest.mark.parametrize(("data", "expected"), TAKEN)
def test_shown_fields_at_the_top_are_left_out_and_those_inside_stay_as_they_are(
    data: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert frozen.taken(SCHEMA, data, STORED) == expected


ROWS = {
    "properties": {
        "lines": {
            "items": {"properties": {"sku": {"type": "string"}, "price": PRICE, "unit": {"readOnly": True}}},
        }
    }
}


@given(st.data())
def test_rows_keep_their_own_cells_wherever_they_go(data: st.DataObject) -> None:
    """Some go, the others change places, new ones come between: each is who it was."""
    units = data.draw(st.lists(st.sampled_from(["kg", "m", None]), max_size=6))
    stored = [{"sku": "old", "price": price, "unit": unit} for price, unit in enumerate(units)]
    kept = data.draw(st.permutations(stored).flatmap(lambda rows: st.integers(0, len(rows)).map(lambda n: rows[:n])))
    sent: list[dict[str, Any]] = [{"sku": "mine", "price": row["price"]} for row in kept]
    for place in data.draw(st.lists(st.integers(0, 6), max_size=2)) if sent else []:
        sent.insert(place, {"sku": "new"})
    known = {"lines": stored}
    assert frozen.problems(ROWS, {"lines": sent}, known) == []
    wanted = [{**row, **({"unit": stored[row["price"]]["unit"]} if "price" in row else {})} for row in sent]
    assert frozen.taken(ROWS, {"lines": sent}, known) == {"lines": wanted}


def test_a_schema_that_leads_round_in_a_circle_ends() -> None:
    schema = {"properties": {"a": {"$ref": "#"}}}
    deep: dict[str, Any] = {}
    for _ in range(60):
        deep = {"a": deep}
    assert frozen.problems(schema, deep, {}) == []
    assert frozen.taken(schema, deep, {}) == deep
