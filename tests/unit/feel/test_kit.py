"""The compatibility kit, as far as a decision is one expression of its own."""

from collections import Counter
from datetime import UTC, datetime

from engine import feel
from tests import shared
from tests.unit.feel import kit

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
NAMES = ("values in a list", "days in weekend")


def outcome(case: kit.Case) -> object:
    try:
        return feel.compile_expression(case.text, names=NAMES).evaluate({}, now=NOW)
    except feel.FeelSyntaxError:
        return None


def test_every_literal_expression_of_the_kit_has_the_expected_value() -> None:
    failed = [
        f"{case.folder} {case.name}: {case.text.strip()} gives {found}, expected {case.expected}"
        for case in kit.cases(shared.data("dmn-tck"))
        if not kit.agrees(case.expected, found := outcome(case))
    ]
    assert failed == []


def test_the_kit_was_not_empty() -> None:
    """2,257 cases stand alone in the sample, 1,037 of them with a value."""
    count = Counter(case.expected is None for case in kit.cases(shared.data("dmn-tck")))
    assert count.total() > 2000
    assert count[False] > 1000
