"""Rules of the family against every run of random sound models: broken says the proof exactly where a run does."""

import itertools
from collections import Counter
from random import Random
from typing import NamedTuple

import pytest

from engine.definitions.process import Invariant
from engine.model import nodes
from engine.model.program import Program
from engine.model.text import both
from engine.proof import invariants, soundness
from tests.kernel.random_models import unstructured
from tests.unit.proof.marking import Marking, State, TooMany, faults, never_rests

KINDS = ("exists", "absent", "precedes", "responds", "not_both")
MODELS = 30


class Seen(NamedTuple):
    """What of a run so far matters to a rule about ``first`` and ``second``."""

    first: bool = False
    second: bool = False
    owed: bool = False
    """``first`` was done and no ``second`` since."""
    broken: bool = False


def rule(kind: str, first: str, second: str) -> Invariant:
    steps = {"step": first} if kind in ("exists", "absent") else {"first": first, "second": second}
    return Invariant(id="r", kind=kind, names=both(zh="规则", en="rule"), **steps)  # type: ignore[arg-type]


def broken_in_a_run(program: Program, kind: str, first: str, second: str) -> bool:
    """Every run, each with what the rule has to remember of it."""
    marking = Marking(program)
    todo = [(state, _begun(kind, Seen(), set(state.tasks), first, second)) for state in marking.first()]
    known = set(todo)
    while todo:
        state, seen = todo.pop()
        if seen.broken or (state.over and _unmet(kind, seen)):
            return True
        for task, after in marking.moves(state):
            done = _done(kind, seen, task, first, second)
            for following in after:
                begun = set((Counter(following.tasks) - (Counter(state.tasks) - Counter([task]))).keys())
                step = (following, _begun(kind, done, begun, first, second))
                if step not in known:
                    known.add(step)
                    todo.append(step)
    return False


def _done(kind: str, seen: Seen, task: str, first: str, second: str) -> Seen:
    owed = (seen.owed or task == first) and task != second
    found = Seen(seen.first or task == first, seen.second or task == second, owed, seen.broken)
    return found._replace(broken=True) if kind == "not_both" and found.first and found.second else found


def _begun(kind: str, seen: Seen, begun: set[str], first: str, second: str) -> Seen:
    wrong = (kind == "absent" and first in begun) or (kind == "precedes" and second in begun and not seen.first)
    return seen._replace(broken=True) if wrong else seen


def _unmet(kind: str, seen: Seen) -> bool:
    return (kind == "exists" and not seen.first) or (kind == "responds" and seen.owed)


def sound_models(group: int) -> list[Program]:
    found: list[Program] = []
    for seed in itertools.count(group * 1_000_003 + 17):
        program = unstructured(Random(seed), size=4 + seed % 4)
        tasks = [node for node in program.nodes if isinstance(node, nodes.UserTask)]
        if len(tasks) < 2 or never_rests(program):
            continue
        try:
            wrong = faults(program) - {"dead_step"}
        except TooMany:
            continue
        if not wrong:
            found.append(program)
        if len(found) == MODELS:
            return found
    raise AssertionError("unreachable")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("group", range(4))
def test_a_rule_is_broken_exactly_when_a_run_breaks_it(group: int, kind: str) -> None:
    verdicts: Counter[bool] = Counter()
    for number, program in enumerate(sound_models(group)):
        tasks = [node.id for node in program.nodes if isinstance(node, nodes.UserTask)]
        first, second = Random(number).sample(tasks, 2)
        runs = broken_in_a_run(program, kind, first, second)
        told = invariants.breaches(program, (rule(kind, first, second),))
        assert all(breach.decided for breach in told)
        assert bool(told) == runs, (kind, first, second, program.flows)
        verdicts[runs] += 1
    assert verdicts[True], "a comparison in which nothing is ever broken compares nothing"


@pytest.mark.parametrize("kind", KINDS)
def test_the_trace_of_a_breach_breaks_the_rule(kind: str) -> None:
    checked = 0
    for number, program in enumerate(sound_models(9)):
        tasks = [node.id for node in program.nodes if isinstance(node, nodes.UserTask)]
        first, second = Random(number).sample(tasks, 2)
        for breach in invariants.breaches(program, (rule(kind, first, second),)):
            done = [move.node for move in breach.trace]
            begun = [name for move in breach.trace for name in move.begun]
            if kind == "exists":
                assert first not in done
            elif kind == "absent":
                assert first in begun
            elif kind == "precedes":
                assert second in begun and first not in done
            elif kind == "responds":
                assert first in done and second not in done[len(done) - done[::-1].index(first) :]
            else:
                assert first in done and second in done
            checked += 1
    assert checked


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_that_does_not_exist_breaks_only_what_demands_it(kind: str) -> None:
    (program,) = sound_models(3)[:1]
    tasks = [node.id for node in program.nodes if isinstance(node, nodes.UserTask)]
    told = invariants.breaches(program, (rule(kind, "nowhere", tasks[0]),))
    assert bool(told) == broken_in_a_run(program, kind, "nowhere", tasks[0])


def test_several_rules_are_told_apart() -> None:
    for program in sound_models(5)[:10]:
        tasks = [node.id for node in program.nodes if isinstance(node, nodes.UserTask)]
        rules = tuple(
            Invariant(id=f"{kind}", kind=kind, names=both(zh="规则", en="rule"), step=tasks[0], first=tasks[0],
                      second=tasks[1])  # type: ignore[arg-type]
            for kind in KINDS
        )  # fmt: skip
        together = {breach.invariant.id for breach in invariants.breaches(program, rules)}
        alone = {one.id for one in rules if invariants.breaches(program, (one,))}
        assert together == alone


@pytest.mark.parametrize("most", [1, 5, 20])
def test_what_does_not_fit_the_budget_is_undecided_and_never_broken_or_proved(most: int) -> None:
    for program in sound_models(6)[:10]:
        tasks = [node.id for node in program.nodes if isinstance(node, nodes.UserTask)]
        asked = rule("precedes", tasks[0], tasks[1])
        whole = invariants.breaches(program, (asked,))
        part = invariants.breaches(program, (asked,), most=most)
        assert not part or not part[0].decided or part == whole
        if not part:
            assert not whole


def test_soundness_within_a_small_budget_is_undecided_not_sound() -> None:
    for program in sound_models(7)[:10]:
        told = {verdict.fault for verdict in soundness.verdicts(program, most=1)}
        assert told <= {"undecided", "dead_step"}


def test_states_are_counted_from_before_the_start() -> None:
    program = sound_models(8)[0]
    first = Marking(program).first()
    assert first and all(isinstance(state, State) and not state.twice for state in first)
