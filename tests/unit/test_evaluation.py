"""The house's evaluator: what the kernel asks, answered by FEEL, decision models and the sandbox."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from engine import errors
from engine.evaluation import HouseEvaluator
from engine.kernel import stimuli
from engine.model.expression import Expression
from tests.kernel.case import Case
from tests.kernel.models import feel, mapping, node, program

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def evaluator() -> Iterator[HouseEvaluator]:
    made = HouseEvaluator()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("a + 1", "feel", 3),
        ("${a + 1}", "juel", 3),
        ("= a + 1", "camunda8", 3),
        ("a + 1", "python", 3),
        ("a + 1", "javascript", 3),
        ("a + 1", "literal", "a + 1"),
    ],
)
def test_every_language_of_an_expression(evaluator: HouseEvaluator, text: str, language: str, value: object) -> None:
    expression = Expression(text=text, language=language)  # type: ignore[arg-type]
    assert evaluator.value(expression, {"a": 2}, NOW) == value


def test_a_condition_is_true_only_for_true(evaluator: HouseEvaluator) -> None:
    for text, truth in (("true", True), ("1", False), ('"true"', False), ("null", False), ("missing = 1", False)):
        assert evaluator.condition(feel(text), {}, NOW) is truth, text


def test_now_is_the_steps_moment(evaluator: HouseEvaluator) -> None:
    assert evaluator.condition(feel('now() = date and time("2026-03-02T09:00:00Z")'), {}, NOW)


@pytest.mark.parametrize("text", ["1 +", "", "for x in 1..100000000 return x"])
def test_what_cannot_be_evaluated_is_invalid(evaluator: HouseEvaluator, text: str) -> None:
    with pytest.raises(errors.Invalid):
        evaluator.value(feel(text), {}, NOW)


def test_a_decision_model_that_is_none_is_invalid(evaluator: HouseEvaluator) -> None:
    with pytest.raises(errors.CrmflowError):
        evaluator.decide("<nothing/>", "d", {}, NOW)


def test_the_kernel_sees_the_instance_and_the_parameters(evaluator: HouseEvaluator) -> None:
    model = program(
        "start s",
        node("user a", inputs=(mapping("key", "execution.processBusinessKey"), mapping("twice", "limit * 2"))),
        flow=["s > a"],
        parameters={"limit": 50},
    )
    case = Case(model, evaluator=evaluator)
    case.give(stimuli.Start(business_key="K-1", instance="i-7"))
    assert case.variables(case.state.tokens[case.wait("a").token].inner) == {"key": "K-1", "twice": 100}
