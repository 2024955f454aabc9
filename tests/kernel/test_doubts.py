"""An incident for want of a way out tells what the conditions stumbled over, asked of the house's own evaluator."""

from collections.abc import Iterator

import pytest

from engine.evaluation import HouseEvaluator
from engine.kernel import flows, waits
from engine.model.text import EN, ZH
from tests.kernel.case import Case
from tests.kernel.models import program


@pytest.fixture
def evaluator() -> Iterator[HouseEvaluator]:
    made = HouseEvaluator()
    yield made
    made.close()


def incident(evaluator: HouseEvaluator, *conditions: str, **variables: object) -> waits.Incident:
    ways = [f"g > e{number}: {condition}" for number, condition in enumerate(conditions)]
    ends = [f"end e{number}" for number in range(len(conditions))]
    case = Case(program("start s", "xor g", *ends, flow=["s > g", *ways]), evaluator=evaluator).start(**variables)
    (found,) = [wait for wait in case.waits.values() if isinstance(wait, waits.Incident)]
    assert found.code == "no_flow"
    return found


def test_a_misspelt_variable_is_named(evaluator: HouseEvaluator) -> None:
    found = incident(evaluator, "amuont > 3", "amount > 3", amount=1)
    assert "there is no variable called amuont" in found.message[EN]
    assert "没有名为“amuont”的变量" in found.message[ZH]


def test_a_plain_no_gives_no_reason(evaluator: HouseEvaluator) -> None:
    found = incident(evaluator, "amount > 3", amount=1)
    assert found.message[EN].endswith("it has no default flow")


def test_kinds_that_do_not_compare_are_named(evaluator: HouseEvaluator) -> None:
    found = incident(evaluator, "amount > 3", amount="5")
    assert "a string cannot be compared with a number" in found.message[EN]


def test_only_a_few_reasons_are_told(evaluator: HouseEvaluator) -> None:
    found = incident(evaluator, *(f"unknown{number} = 1" for number in range(9)))
    assert found.message[EN].count("there is no variable called") == flows.MOST_DOUBTS
