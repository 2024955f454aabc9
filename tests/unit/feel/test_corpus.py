"""Every expression of the models that others made runs, or is refused with a reason."""

import pytest

from bench import expressions
from engine.model.text import ZH
from tests import shared

REASONS = {"", "host_function", "side_effect", "syntax"}


@pytest.fixture(scope="module")
def verdicts() -> list[expressions.Verdict]:
    return [expressions.judge(found) for group in expressions.collect(shared.data()).values() for found in group]


def test_the_sample_holds_hundreds_of_expressions(verdicts: list[expressions.Verdict]) -> None:
    assert len(verdicts) > 400


def test_each_runs_or_is_refused_with_a_reason(verdicts: list[expressions.Verdict]) -> None:
    assert {verdict.reason for verdict in verdicts} <= REASONS
    assert all(verdict.explanation and ZH for verdict in verdicts if verdict.reason)


def test_nineteen_of_twenty_conditions_mappings_and_cells_run(verdicts: list[expressions.Verdict]) -> None:
    asked = [verdict for verdict in verdicts if verdict.found.role != "service"]
    assert sum(1 for verdict in asked if not verdict.reason) / len(asked) >= 0.95


def test_no_condition_is_refused_for_its_syntax_but_prose(verdicts: list[expressions.Verdict]) -> None:
    refused = [one.found.text for one in verdicts if one.reason == "syntax" and one.found.role == "condition"]
    assert all(text.startswith("there is a reachable") for text in refused)
