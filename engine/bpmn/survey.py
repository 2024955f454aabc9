"""Everything that is wrong with a file: what reading it says and what the checks before a release say, once each."""

from collections.abc import Collection

import msgspec

from engine.bpmn import mend
from engine.bpmn.read import read
from engine.bpmn.reading import Reading
from engine.definitions import checks
from engine.definitions.graph import Surroundings
from engine.model.problem import Problem, errors

ROUNDS = 4
"""A mend may uncover another one: ids first, then what is found by them."""


def survey(
    data: bytes, *, file: str = "", surroundings: Surroundings | None = None
) -> tuple[Reading, tuple[Problem, ...]]:
    """The reading, and all problems of the file with its name in each."""
    reading = read(data, file=file)
    found = [reading.problems]
    for program in reading.programs:
        own = checks.check(program, surroundings)
        found.append(tuple(msgspec.structs.replace(problem, file=file) for problem in own))
    return reading, checks.together(*found)


def mended(
    data: bytes, *, file: str = "", wanted: Collection[tuple[str, str]] | None = None
) -> tuple[bytes, tuple[Problem, ...]]:
    """The file with the mends that need no thought, and the problems that it had and has no more.

    ``wanted`` are (fix, element) of those to do, None for all.
    """
    done: list[Problem] = []
    for _ in range(ROUNDS):
        _, problems = survey(data, file=file)
        fixable = [
            problem
            for problem in problems
            if problem.fix in mend.FIXES and (wanted is None or (problem.fix, problem.element) in wanted)
        ]
        first = [problem for problem in fixable if problem.fix == "give_ids"] or fixable
        changed = mend.apply(data, first)
        if changed == data:
            break
        done.extend(first)
        data = changed
    return data, tuple(done)


def may_release(problems: tuple[Problem, ...]) -> bool:
    return not errors(problems)
