"""Rows of which a step sees some columns: what is given out tells nothing of the rest, and all comes together again."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.forms import rows

HIDDEN = {"lines": frozenset({"cost", "note"})}
STORED = {
    "other": 1,
    "lines": [
        {"sku": "a", "n": 1, "cost": 10},
        {"sku": "b", "n": 2, "cost": 20, "note": "old stock"},
        {"sku": "c", "n": 3, "cost": 30},
    ],
}


def shown(stored: dict[str, Any] = STORED) -> list[dict[str, Any]]:
    found = rows.given(HIDDEN, stored)["lines"]
    assert isinstance(found, list)
    return found


def back(lines: Any, stored: dict[str, Any] = STORED) -> Any:
    return rows.whole(HIDDEN, {"lines": lines}, stored)["lines"]


def test_hidden_cells_are_not_given_out_and_the_rest_is() -> None:
    assert [{name: row[name] for name in row if name != rows.KEY} for row in shown()] == [
        {"sku": "a", "n": 1},
        {"sku": "b", "n": 2},
        {"sku": "c", "n": 3},
    ]
    assert rows.given(HIDDEN, STORED)["other"] == 1
    assert "cost" in STORED["lines"][0], "what is stored stays as it is"  # type: ignore[index]


def test_the_key_tells_nothing_of_what_is_hidden() -> None:
    other = {"lines": [{**row, "cost": 99, "note": "x"} for row in STORED["lines"]]}  # type: ignore[attr-defined]
    assert shown(other) == shown()
    assert all(len(row[rows.KEY]) <= rows.LONGEST_KEY for row in shown())


def test_what_comes_back_unchanged_is_what_was_stored() -> None:
    assert back(shown()) == STORED["lines"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_rows_in_any_order_keep_their_own_hidden_cells(order: tuple[int, ...]) -> None:
    given_out = shown()
    assert back([given_out[n] for n in order]) == [STORED["lines"][n] for n in order]  # type: ignore[index]


def test_rows_that_were_changed_added_and_taken_out() -> None:
    given_out = shown()
    lines = [{**given_out[2], "n": 9}, {"sku": "new"}, {**given_out[0], "sku": "z"}]
    assert back(lines) == [{"sku": "c", "n": 9, "cost": 30}, {"sku": "new"}, {"sku": "z", "n": 1, "cost": 10}]


def test_rows_that_look_alike_are_told_apart_by_their_order() -> None:
    alike = {"lines": [{"sku": "a", "cost": 1}, {"sku": "a", "cost": 2}, {"sku": "a", "cost": 3}]}
    given_out = shown(alike)
    assert len({row[rows.KEY] for row in given_out}) == 3
    assert [row["cost"] for row in back([given_out[1], given_out[2]], alike)] == [2, 3]


@pytest.mark.parametrize("key", ["", "made up", "0", 7, None, True, [], {}])
def test_a_key_that_is_none_brings_no_hidden_cells(key: Any) -> None:
    try:
        found = back([{"sku": "a", rows.KEY: key}])
    except TypeError:
        pytest.fail("a key of any shape is only a key that is not there")
    assert found == [{"sku": "a"}]


def test_hidden_cells_that_are_handed_in_are_never_taken() -> None:
    given_out = shown()
    assert back([{**given_out[0], "cost": 0, "note": "free"}, {"sku": "n", "cost": 0}]) == [
        {"sku": "a", "n": 1, "cost": 10},
        {"sku": "n"},
    ]


@pytest.mark.parametrize("stored", [{}, {"lines": None}, {"lines": "text"}, {"lines": 7}, {"lines": {}}])
def test_what_is_stored_may_be_anything(stored: dict[str, Any]) -> None:
    assert rows.given(HIDDEN, stored) == stored
    assert back([{"sku": "a"}], stored) == [{"sku": "a"}]


def test_what_is_no_row_goes_its_way() -> None:
    odd = {"lines": [1, "x", None, {"sku": "a", "cost": 5}]}
    given_out = shown(odd)
    assert given_out[:3] == [1, "x", None]
    assert back(given_out, odd) == odd["lines"]


def test_without_hidden_columns_nothing_happens() -> None:
    assert rows.given({}, STORED) == STORED and rows.whole({}, STORED, STORED) == STORED


CELLS = st.fixed_dictionaries(
    {"sku": st.sampled_from("ab")},
    optional={"n": st.integers(0, 2), "cost": st.integers(), "note": st.text(max_size=3)},
)


@given(st.lists(CELLS, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_whatever_stays_of_whatever_rows_has_its_hidden_cells(lines: list[dict[str, Any]], random: Any) -> None:
    stored = {"lines": lines}
    kept = [number for number in range(len(lines)) if random.random() < 0.7]
    random.shuffle(kept)
    given_out = shown(stored)
    assert all(not {"cost", "note"} & set(row) for row in given_out)
    assert back([given_out[n] for n in kept], stored) == [lines[n] for n in kept]
