"""Files broken by chance: whatever they say, a reading names problems and never raises, and a play comes to a stop."""

import re
from collections.abc import Callable
from random import Random

import pytest

from engine.bpmn import survey, write
from engine.bpmn.read import read
from engine.definitions import checks
from engine.evaluation import HouseEvaluator
from engine.kernel.plan import compile_program
from engine.model import problem as problems_of
from engine.play.shelf import Shelf
from engine.simulation.play import play
from tests.unit.bpmn.foreign import FILES

ROUNDS = 6
_ELEMENT = re.compile(rb"<[A-Za-z][^<>]*>")
_VALUE = re.compile(rb'="([^"]*)"')
_REFERENCE = re.compile(rb'((?:\w+Ref|default|id|calledElement)=")([^"]*)"')


def truncated(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def without_an_element(data: bytes, random: Random) -> bytes:
    found = random.choice(list(_ELEMENT.finditer(data)))
    return data[: found.start()] + data[found.end() :]


def twice_an_element(data: bytes, random: Random) -> bytes:
    whole = list(re.finditer(rb"<(\w+)[^<>]*/>", data))
    if not whole:
        return data
    found = random.choice(whole)
    return data[: found.end()] + found[0] + data[found.end() :]


def swapped_references(data: bytes, random: Random) -> bytes:
    found = list(_REFERENCE.finditer(data))
    one, other = sorted(random.sample(found, 2), key=lambda match: match.start())
    return (
        data[: one.start(2)] + other[2] + data[one.end(2) : other.start(2)] + one[2] + data[other.end(2) :]
    )  # fmt: skip


def a_value_gone(data: bytes, random: Random) -> bytes:
    found = random.choice(list(_VALUE.finditer(data)))
    return data[: found.start(1)] + data[found.end(1) :]


def a_value_changed(data: bytes, random: Random) -> bytes:
    found = random.choice(list(_VALUE.finditer(data)))
    new = random.choice([b"p", b"-1", b"${", b"=", b"true", b"&#x200B;", b"a" * 11_000, b"..", b"1e999", b"${a.b()}"])
    return data[: found.start(1)] + new + data[found.end(1) :]


def an_attribute_gone(data: bytes, random: Random) -> bytes:
    found = random.choice(list(re.finditer(rb'\s[\w:]+="[^"]*"', data)))
    return data[: found.start()] + data[found.end() :]


def renamed(data: bytes, random: Random) -> bytes:
    names = [b"startEvent", b"endEvent", b"task", b"subProcess", b"exclusiveGateway", b"boundaryEvent", b"userTask",
             b"eventBasedGateway", b"callActivity", b"intermediateCatchEvent", b"sequenceFlow", b"process"]  # fmt: skip
    old, new = random.sample(names, 2)
    return re.sub(rb"(?<=[</])" + old + rb"(?=[\s/>])", new, data)


def a_text_gone(data: bytes, random: Random) -> bytes:
    found = list(re.finditer(rb">([^<>]+)<", data))
    if not found:
        return data
    one = random.choice(found)
    return data[: one.start(1)] + data[one.end(1) :]


def a_byte_changed(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]


MUTATIONS: list[Callable[[bytes, Random], bytes]] = [
    truncated, without_an_element, twice_an_element, swapped_references, a_value_gone, a_value_changed,
    an_attribute_gone, renamed, a_text_gone, a_byte_changed,
]  # fmt: skip
PLAIN = {name: data for name, data in FILES.items() if not name.startswith("encoded") or "UTF-8" in name}


@pytest.fixture(scope="module")
def evaluator():
    made = HouseEvaluator()
    yield made
    made.close()


def mutants(mutate: Callable[[bytes, Random], bytes]):
    for number, (name, data) in enumerate(PLAIN.items()):
        for round_ in range(ROUNDS):
            random = Random(number * 1000 + round_)
            yield name, mutate(data, random)


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_a_broken_file_has_named_problems_and_never_raises(mutate):
    for name, data in mutants(mutate):
        reading, problems = survey.survey(data, file="x.bpmn")
        assert reading.programs or problems, name
        for problem in problems:
            assert problem.code and problem.text["zh-CN"] and problem.text["en"], (name, problem)
            assert problem.line >= 0 and problem.severity in ("error", "warning", "info")


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_what_is_not_an_error_compiles_is_written_and_stops_by_itself(mutate, evaluator):
    """Without an error there is a program that runs: to its end, to a wait, or to an incident with a name."""
    for name, data in list(mutants(mutate))[::5]:
        reading, problems = survey.survey(data, file="x.bpmn")
        if problems_of.errors(problems):
            continue
        for program in reading.programs:
            compile_program(program)
            assert read(write.write(program)).programs[0].sha256 == program.sha256, (name, data)
            played = play(program, evaluator=evaluator, library=Shelf(list(reading.programs)), limit=60)
            for problem in played.problems:
                assert problem.code and problem.text["zh-CN"] and problem.text["en"], name


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_the_mends_of_a_broken_file_do_no_harm(mutate):
    """What could be read before can be read after, with as many processes, and never with more errors."""
    for name, data in list(mutants(mutate))[::5]:
        before, problems = survey.survey(data, file="x.bpmn")
        mended, done = survey.mended(data, file="x.bpmn")
        after, left = survey.survey(mended, file="x.bpmn")
        assert len(after.programs) == len(before.programs), name
        assert len(problems_of.errors(left)) <= len(problems_of.errors(problems)), (name, done)


def test_the_rules_say_the_same_twice():
    """No rule keeps anything between two files."""
    for data in list(PLAIN.values())[::4]:
        (one, first), (two, second) = survey.survey(data), survey.survey(data)
        assert first == second and one == two
        assert [checks.check(program) for program in one.programs] == [
            checks.check(program) for program in two.programs
        ]
