"""Other people's files, as they are: what each comes to, and what it cannot come to and why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.evaluation import HouseEvaluator
from engine.model import problem
from engine.model.program import Program
from engine.play import files
from engine.play.shelf import Shelf
from engine.scripts.sandbox import Limits, Sandbox
from engine.simulation.explore import explore
from tests import shared

FOLDER = shared.data("bpmn", "real-life")
NOT_TO_ITS_END = {
    "spiff-arena--error--59fccf.bpmn": "a script that adds a number to a text: it is there to fail",
}
NOT_WHOLE = {
    "sample-process-models--C.6.0--09ba37.bpmn": "a boundary event without trigger, compensation without handler",
}
"""These end, and ``play`` still says no: something of the file has no place in what ran."""


@pytest.fixture(scope="module")
def evaluator() -> Iterator[HouseEvaluator]:
    made = HouseEvaluator(Sandbox(Limits(seconds=0.3)))
    yield made
    made.close()


def executable(path: Path) -> list[Program]:
    return [program for program in files.load(path).programs if program.executable and program.nodes]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.bpmn")), ids=lambda path: path.name)
def test_every_executable_process_comes_to_its_end(evaluator: HouseEvaluator, path: Path) -> None:
    loaded = files.load(path)
    shelf = Shelf(loaded.programs)
    for program in loaded.programs:
        if program.executable and program.nodes:
            played = explore(program, evaluator=evaluator, library=shelf)
            words = [one.text["en"] for one in problem.errors(played.problems)]
            assert played.ended == (path.name not in NOT_TO_ITS_END), words
    assert bool(problem.errors(loaded.problems)) == (path.name in NOT_WHOLE)


def test_the_exceptions_are_few_and_exist() -> None:
    names = {path.name for path in FOLDER.glob("*.bpmn")}
    assert {*NOT_TO_ITS_END, *NOT_WHOLE} <= names
    every = sum(len(executable(path)) for path in FOLDER.glob("*.bpmn"))
    assert every > 100
    assert len(NOT_TO_ITS_END) + len(NOT_WHOLE) <= 0.05 * every
