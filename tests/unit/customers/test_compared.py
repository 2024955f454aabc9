"""Two versions of the group rules beside each other: what came, what went, what is otherwise."""

from typing import Any

import pytest

from engine.customers import compared
from tests.unit.customers.books import document


def told(new: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one.part, one.key, one.how) for one in compared.changes(document(), new)]


def without(part: str, number: int) -> dict[str, Any]:
    said = document()
    del said[part][number]
    return said


def put(part: str, number: int, **more: Any) -> dict[str, Any]:
    said = document()
    said[part][number] |= more
    return said


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (document(), []),
        (without("rules", 1), [("rules", "R2", "gone")]),
        (without("groups", 4), [("groups", "PR", "gone")]),
        (without("inputs", 0), [("inputs", "value", "gone")]),
        (put("rules", 1, group="KA"), [("rules", "R2", "changed")]),
        (put("groups", 1, priority=50), [("groups", "KA", "changed")]),
        (put("rules", 1, id="R9"), [("rules", "R9", "added"), ("rules", "R2", "gone")]),
        (document(default="ST"), [("default", "", "changed")]),
        (document(minimum_stay="P1D"), [("minimum_stay", "", "changed")]),
        (document(rules=list(reversed(document()["rules"]))), []),
    ],
)
def test_each_change_is_told_once(new: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert told(new) == expected


def fields(new: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    (one,) = compared.changes(document(), new)
    return [(field.name, field.old, field.new) for field in one.fields]


def test_of_what_changed_only_the_fields_that_did_are_told() -> None:
    assert fields(put("groups", 1, priority=50, calendar="cn-5x8")) == [
        ("calendar", None, "cn-5x8"),
        ("priority", 40, 50),
    ]
    assert fields(document(default="ST")) == [("default", None, "ST")]


def test_tests_of_a_rule_are_told_one_by_one_by_the_name_of_their_input() -> None:
    when = {"value": ">= 95", "churn": "< 0.1"}
    assert fields(put("rules", 0, when=when)) == [
        ("churn", None, "< 0.1"),
        ("contract", '"gold"', None),
        ("value", ">= 85", ">= 95"),
    ]
