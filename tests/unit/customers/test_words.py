"""Why a customer is in a group, as a person would say it, in both languages."""

import random
from typing import Any

import pytest

from engine.customers import rules, words
from tests.unit.customers.books import NOW, document, text

VALUE = {"zh-CN": "价值分", "en": "Value score"}
LABELS = {"gold": {"zh-CN": "金牌合同", "en": "gold contract"}}

HELD = [
    # test, value, zh, en
    (">= 85", 91, "价值分为 91，不低于 85", "value score is 91, at least 85"),
    ("> 0.3", 0.5, "价值分为 0.5，高于 0.3", "value score is 0.5, above 0.3"),
    ("<= 10", 10, "价值分为 10，不高于 10", "value score is 10, at most 10"),
    ("<50", -3, "价值分为 -3，低于 50", "value score is -3, below 50"),
    ("[50..85)", 60.0, "价值分为 60，不低于 50 且低于 85", "value score is 60, at least 50 and below 85"),
    ("(50..85]", 85, "价值分为 85，高于 50 且不高于 85", "value score is 85, above 50 and at most 85"),
    ("]1 .. 2[", 1.5, "价值分为 1.5，高于 1 且低于 2", "value score is 1.5, above 1 and below 2"),
    ('"gold"', "gold", "价值分为金牌合同", "value score is gold contract"),
    ('"gold","silver"', "silver", "价值分为 silver", "value score is silver"),
    ("true", True, "价值分为是", "value score is yes"),
    ("false", False, "价值分为否", "value score is no"),
    ("null", None, "价值分为未知，符合 null", "value score is not known, as in null"),
    ("? > 3 and ? < 9", 5, "价值分为 5，符合 ? > 3 and ? < 9", "value score is 5, as in ? > 3 and ? < 9"),
    ('not("gold")', "none", '价值分为 none，符合 not("gold")', 'value score is none, as in not("gold")'),
]


@pytest.mark.parametrize(("test", "value", "zh", "en"), HELD)
def test_a_test_that_held_is_told_by_its_edge(test: str, value: Any, zh: str, en: str) -> None:
    assert words.held(VALUE, test, value, LABELS) == {"zh-CN": zh, "en": en}


MISSED = [
    (">= 85", 60, "价值分为 60，低于 85", "value score is 60, below 85"),
    ("> 85", 85, "价值分为 85，不高于 85", "value score is 85, at most 85"),
    ("< 0.5", 0.5, "价值分为 0.5，不低于 0.5", "value score is 0.5, at least 0.5"),
    ("<= 3", 4, "价值分为 4，高于 3", "value score is 4, above 3"),
    ("[50..85)", 12, "价值分为 12，低于 50", "value score is 12, below 50"),
    ("[50..85)", 85, "价值分为 85，不低于 85", "value score is 85, at least 85"),
    ("(50..85]", 50, "价值分为 50，不高于 50", "value score is 50, at most 50"),
    ("[50..85]", 86, "价值分为 86，高于 85", "value score is 86, above 85"),
    ('"gold"', "silver", "价值分为 silver，不是金牌合同", "value score is silver, not gold contract"),
    ('"gold", "x"', "y", "价值分为 y，不是金牌合同或x", "value score is y, not gold contract or x"),
    ('not("gold")', "gold", "价值分为金牌合同", "value score is gold contract"),
    ("true", False, "价值分为否", "value score is no"),
    (">= 85", None, "价值分为未知", "value score is not known"),
    ("[1..2]", "text", "价值分为 text，不符合 [1..2]", "value score is text, not as in [1..2]"),
]


@pytest.mark.parametrize(("test", "value", "zh", "en"), MISSED)
def test_a_test_that_was_missed_is_told_by_the_edge_that_was_not_kept(test: str, value: Any, zh: str, en: str) -> None:
    assert words.missed(VALUE, test, value, LABELS) == {"zh-CN": zh, "en": en}


@pytest.mark.parametrize(
    ("value", "said"), [(91, "91"), (91.0, "91"), (0.1 + 0.2, "0.3"), (1234567.5, "1234567.5"), (-0.25, "-0.25")]
)
def test_numbers_are_told_without_needless_digits(value: float, said: str) -> None:
    assert words.spoken(value, {})["en"] == said


@pytest.mark.parametrize(
    ("label", "within"), [("Value score", "value score"), ("NPV of all", "NPV of all"), ("x", "x"), ("", "")]
)
def test_a_label_loses_its_capital_within_a_sentence_and_an_abbreviation_keeps_it(label: str, within: str) -> None:
    assert words.inside(label) == within


@pytest.mark.parametrize("seed", range(40))
def test_what_is_told_of_a_number_is_true(seed: int) -> None:
    """The words are read back and must hold for the value: no sentence says *below 85* of 90."""
    dice = random.Random(seed)
    said = document()
    book = rules.Book(rules.read(said))
    facts = {
        "values": {"current": dice.choice([0, 39, 40, 84, 85, 200]), "potential": 0},
        "contract": dice.choice(["none", "silver", "gold"]),
        "churn": dice.choice([0, 0.3, 0.31, 1]),
        "kind": "customer",
    }
    decided = book.decide(facts, now=NOW)
    for outcome in decided.outcomes:
        told = (book.why_not if outcome.missed else book.because)(outcome, decided.inputs)["en"]
        for sign, holds in TRUE.items():
            for part in told.replace(" (rule", ", (rule").split(" is ")[1:]:
                value, *bounds = part.split(" and contract")[0].split(", ")
                for bound in " and ".join(bounds).split(" and "):
                    if bound.startswith(sign):
                        assert holds(float(value), float(bound.removeprefix(sign).split()[0])), told


TRUE = {
    "at least ": lambda value, edge: value >= edge,
    "above ": lambda value, edge: value > edge,
    "at most ": lambda value, edge: value <= edge,
    "below ": lambda value, edge: value < edge,
}


def test_the_labels_of_a_books_values_are_used_in_its_sentences() -> None:
    said = document()
    said["inputs"][1] |= {"names": {"zh-CN": "合同", "en": "Contract"}, "labels": {"gold": text("gold contract")}}
    book = rules.Book(rules.read(said))
    facts = {"values": {"current": 90, "potential": 0}, "contract": "gold", "churn": 0, "kind": "customer"}
    says = book.decide(facts, now=NOW).says
    assert says["en"] == "because value is 90, at least 85 and contract is gold contract (rule R1)"
    assert says["zh-CN"] == "因为value群为 90，不低于 85，合同为 gold contract群（规则 R1）"
