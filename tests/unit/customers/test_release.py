"""Group rules that could leave a customer without a group, or with two, are refused with such a customer."""

from copy import deepcopy
from typing import Any

import pytest

from engine.customers import groups, rules
from tests.unit.customers.books import NOW, RULES, document


def codes(said: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem.code, problem.severity) for problem in groups.check(said, now=NOW)]


def test_sound_rules_have_no_problem() -> None:
    assert codes(document()) == []


def test_an_overlap_is_refused_with_a_customer_that_really_hits_both() -> None:
    said = document()
    said["groups"][4]["priority"] = 40
    (problem, *_) = [one for one in groups.check(said, now=NOW) if one.code == "rules_overlap"]
    assert problem.severity == "error"
    assert problem.element in ("R5", "R6") and problem.pointer in ("/rules/4", "/rules/5")
    assert "R1 (KA)" in problem.text["en"]
    example = example_of(problem.text["en"].partition(" with ")[2])
    hit = [one.group for one in rules.Book(rules.read(said)).try_all(example, now=NOW) if not one.missed]
    assert {"KA", "PR"} <= set(hit)


def test_an_overlap_between_rules_of_one_group_is_none() -> None:
    said = document()
    said["rules"].append({"id": "R7", "when": {"value": ">= 85", "contract": '"gold"'}, "group": "KA"})
    assert codes(said) == []


def test_an_overlap_behind_a_higher_group_is_a_warning() -> None:
    said = document()
    said["groups"][3]["priority"] = 20
    said["rules"] = [
        {"id": "R1", "when": {"value": "> 50"}, "group": "KA"},
        {"id": "R2", "when": {"value": "> 50"}, "group": "GR"},
        {"id": "R3", "when": {"value": "> 50"}, "group": "ST"},
        {"id": "R4", "when": {"value": "<= 50"}, "group": "ST"},
    ]
    assert codes(said) == [("rules_overlap", "warning")]


def test_a_gap_is_refused_with_a_customer_that_really_hits_nothing() -> None:
    said = document()
    del said["rules"][2]
    (problem, *_) = [one for one in groups.check(said, now=NOW) if one.code == "rules_gap"]
    example = example_of(problem.text["en"].partition(" with ")[2])
    assert all(one.missed for one in rules.Book(rules.read(said)).try_all(example, now=NOW))
    assert codes(said | {"default": "ST"}) == []


def example_of(words: str) -> dict[str, Any]:
    pairs = (part.split(" = ") for part in words.split(", "))
    known: dict[str, Any] = {"null": None, "true": True, "false": False}
    return {
        name: known[value] if value in known else value.strip('"') if '"' in value else float(value)
        for name, value in pairs
    }


WRONG = [
    (lambda said: said["rules"][0].update(group="XX"), "group_unknown", "/rules/0/group"),
    (lambda said: said["groups"][1].update(parent="XX"), "group_unknown", "/groups/1/parent"),
    (lambda said: said.update(default="XX"), "group_unknown", "/default"),
    (lambda said: said["rules"][0]["when"].update(size="> 1"), "input_unknown", "/rules/0/when/size"),
    (lambda said: said["groups"][0].update(parent="KA"), "groups_in_a_circle", "/groups/0/parent"),
    (lambda said: said["rules"].append(deepcopy(said["rules"][0])), "named_twice", "/rules/6"),
    (lambda said: said["rules"][0]["when"].update(value=">= "), "expression_syntax", "/rules/0/when/value"),
    (lambda said: said["inputs"][0].update(expression="1 +"), "expression_syntax", "/inputs/0/expression"),
    (lambda said: said["rules"][0].pop("group"), "json_required", "/rules/0"),
]


@pytest.mark.parametrize(("spoil", "code", "pointer"), WRONG)
def test_every_mistake_is_named_at_its_place(spoil: Any, code: str, pointer: str) -> None:
    said = deepcopy(RULES)
    spoil(said)
    found = groups.check(said, now=NOW)
    assert (code, pointer) in [(problem.code, problem.pointer) for problem in found]
    assert all(problem.text["zh-CN"] and problem.text["en"] for problem in found)


def test_a_rule_that_can_never_match_is_told() -> None:
    said = document()
    said["rules"].append({"id": "R7", "when": {"value": "> 2000000"}, "group": "ST"})
    assert ("rule_never", "error") in codes(said)
