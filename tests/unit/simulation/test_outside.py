"""The world outside a played file: the house is asked first; what it cannot answer is answered, and told once."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from engine import errors
from engine.evaluation import HouseEvaluator
from engine.kernel.library import CallRequest
from engine.kernel.plan import compile_program
from engine.model.expression import Expression
from engine.model.program import Program
from engine.schedule import calendars
from engine.schedule.calendars import Calendar
from engine.scripts.sandbox import Limits, Sandbox
from engine.simulation.guess import Guesses
from engine.simulation.outside import Elsewhere, Told, World
from engine.simulation.play import MONDAY
from tests.kernel.models import program


@pytest.fixture(scope="module")
def house() -> Iterator[HouseEvaluator]:
    made = HouseEvaluator(Sandbox(Limits(seconds=1)))
    yield made
    made.close()


class Outside:
    """A world and what it told."""

    def __init__(self, house: HouseEvaluator, seed: int = 1) -> None:
        self.told = Told()
        self.guesses = Guesses(program("start s"))
        self.world = World(house, self.guesses, Random(seed), self.told)

    def warnings(self) -> list[tuple[str, str]]:
        return [(problem.code, problem.severity) for problem in self.told.problems]


@pytest.fixture
def outside(house: HouseEvaluator) -> Outside:
    return Outside(house)


def said(text: str, language: str = "feel") -> Expression:
    return Expression(text=text, language=language)


KNOWN = [
    ("n + 1", "feel", 3),
    ("${n + 1}", "juel", 3),
    ("n + 1", "python", 3),
    ("=n + 1", "camunda8", 3),
    ("just text", "literal", "just text"),
    ("gone", "feel", None),  # a variable nobody knows is null, and no matter for the world
]


@pytest.mark.parametrize(("text", "language", "value"), KNOWN)
def test_what_the_house_can_evaluate_it_evaluates(outside: Outside, text: str, language: str, value: Any) -> None:
    assert outside.world.value(said(text, language), {"n": 2}, MONDAY) == value
    assert outside.warnings() == []


UNKNOWN = [
    ("${bean.rate(n)}", "juel"),
    ("customer is nice", "feel"),
    ("n =", "feel"),
    ("this.calculate(n)", "javascript"),
    ("import os", "python"),
]


@pytest.mark.parametrize(("text", "language"), UNKNOWN)
def test_what_it_cannot_is_answered_and_told_once(outside: Outside, text: str, language: str) -> None:
    for _ in range(3):
        outside.world.value(said(text, language), {"n": 2}, MONDAY)
        assert outside.world.condition(said(text, language), {"n": 2}, MONDAY) in (True, False)
    assert outside.warnings() == [("expression_answered", "warning")]
    told = outside.told.problems[0].text
    assert repr(text.strip()) in told["en"] and text.strip() in told["zh-CN"]


def test_answers_are_drawn_so_that_another_seed_answers_otherwise(house: HouseEvaluator) -> None:
    text = said("${bean.rate(n)}", "juel")
    values = [repr(Outside(house, seed).world.value(text, {}, MONDAY)) for seed in range(40)]
    conditions = [Outside(house, seed).world.condition(text, {}, MONDAY) for seed in range(40)]
    assert len(set(values)) > 3 and set(conditions) == {True, False}
    assert values == [repr(Outside(house, seed).world.value(text, {}, MONDAY)) for seed in range(40)]


def test_doubts_are_the_house_s(outside: Outside) -> None:
    assert "gone" in outside.world.doubts(said("gone > 1"), {}, MONDAY)[0]["en"]
    assert outside.world.doubts(said("n > 1"), {"n": 2}, MONDAY) == ()


def test_a_script_that_runs_runs(outside: Outside) -> None:
    assert outside.world.script("python", "total = n * 2", {"n": 2}, MONDAY) == (None, {"total": 4})
    assert outside.warnings() == []


def test_a_variable_that_a_script_misses_is_handed_in_next_time(outside: Outside) -> None:
    with pytest.raises(errors.Invalid):
        outside.world.script("python", "total = price * 2", {}, MONDAY)
    assert "price" in outside.guesses.draw(None)
    assert outside.warnings() == []


FOREIGN = [
    ("groovy", 'def x = helper.rate(5)\nexecution.setVariable("total", x)\nname = "x"', {"total", "name"}),
    ("javascript", 'var r = service.call(1); execution.setVariable("a.b", r);', {"a.b"}),
    ("groovy", "execution.setVariableLocal('one', helper.of(1))", {"one"}),
    ("ruby", "total = 5\nif total == 6\nend", {"total"}),
    ("python", "import secret_module\nx = secret_module.rate()", {"x"}),
    ("python", "x = rate_of_bank(5)", {"x"}),  # a function nobody can hand in
]


@pytest.mark.parametrize(("language", "text", "names"), FOREIGN)
def test_a_script_that_does_not_run_here_has_its_variables_set_and_is_told(
    outside: Outside, language: str, text: str, names: set[str]
) -> None:
    value, changed = outside.world.script(language, text, {}, MONDAY)
    assert value is None and set(changed) == names
    assert outside.warnings() == [("script_answered", "warning")]
    assert language in outside.told.problems[0].text["en"] and language in outside.told.problems[0].text["zh-CN"]


def test_what_is_set_for_a_script_is_what_the_model_wants_of_it(outside: Outside) -> None:
    outside.guesses.root.part("grade").add("gold")
    _, changed = outside.world.script("groovy", 'setVariable("x", 1)\ngrade = helper.of(x)', {}, MONDAY)
    assert changed["grade"] == "gold"


@pytest.mark.parametrize("text", ["1 / 0", "x = [][1]", "raise ValueError('no')", "while True: pass"])
def test_a_mistake_of_a_script_stays_a_mistake(outside: Outside, text: str) -> None:
    with pytest.raises(errors.Invalid):
        outside.world.script("python", text, {}, MONDAY)
    assert outside.warnings() == []


class Shelf:
    """Knows one process and one calendar."""

    def __init__(self) -> None:
        self.known = compile_program(program("start s", key="known"))

    def called(self, request: CallRequest) -> Any:
        if request.key != "known":
            raise errors.NotFound("process_unknown", zh="没有", en="none")
        return self.known

    def plan(self, sha256: str) -> Any:
        if sha256 != self.known.sha256:
            raise errors.NotFound("plan_unknown", zh="没有", en="none")
        return self.known

    def calendar(self, key: str) -> Calendar:
        if key != "weekdays":
            raise errors.NotFound("calendar_unknown", zh="没有", en="none")
        return calendars.BUILT_IN["weekdays"]


def elsewhere(library: Any, told: Told, **given: Any) -> Elsewhere:
    def compiled(made: Program) -> Any:
        return compile_program(made)

    return Elsewhere(library, compiled=compiled, given=lambda: given, told=told)


def call(key: str, node: str = "k") -> CallRequest:
    return CallRequest(key=key, binding="latest", version="", caller="x", node=node, variables={})


def test_a_process_that_is_on_the_shelf_is_taken_from_there() -> None:
    told, shelf = Told(), Shelf()
    found = elsewhere(shelf, told).called(call("known"))
    assert found is shelf.known and elsewhere(shelf, told).plan(found.sha256) is shelf.known
    assert told.problems == []


def test_one_that_is_not_is_told_by_its_key_and_its_call_in_both_languages() -> None:
    told = Told()
    library = elsewhere(Shelf(), told)
    plans = [library.called(call("other")) for _ in range(3)]
    library.called(call("other", "another call"))
    assert [(problem.code, problem.element) for problem in told.problems] == [
        ("process_missing", "k"),
        ("process_missing", "another call"),
    ]
    assert "other" in told.problems[0].text["en"] and "other" in told.problems[0].text["zh-CN"]
    assert library.plan(plans[0].sha256) is not None


@pytest.mark.parametrize("library", [None, Shelf()])
def test_a_calendar_that_nobody_gave_never_closes(library: Any) -> None:
    told = Told()
    found = elsewhere(library, told).calendar("factory")
    around_the_clock = calendars.BUILT_IN["24x7"]
    assert found.key == "factory" and found.tz == around_the_clock.tz
    assert [problem.code for problem in told.problems] == ["calendar_missing"]
    assert calendars.add_time(found, MONDAY, MONDAY - MONDAY) == MONDAY


def test_a_calendar_on_the_shelf_is_taken_from_there() -> None:
    told = Told()
    assert elsewhere(Shelf(), told).calendar("weekdays") is calendars.BUILT_IN["weekdays"]
    assert told.problems == []


def test_the_same_warning_is_told_once_and_another_place_is_another_warning() -> None:
    told = Told()
    for element in ("a", "a", "b"):
        told.warn("w", zh="警告", en="warning", element=element)
    told.warn("w", zh="别的警告", en="another", element="a")
    assert [(problem.element, problem.text["en"]) for problem in told.problems] == [
        ("a", "warning"),
        ("b", "warning"),
        ("a", "another"),
    ]
