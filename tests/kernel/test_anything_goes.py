"""Whatever is done to an instance, in whatever order: the counts stay right, and saving in between changes nothing.

On random models with changes by hand, and on the shared real ones with every kind of event.
"""

from collections.abc import Iterator
from random import Random

import pytest

from engine import errors
from engine.bpmn import read
from engine.evaluation import HouseEvaluator
from engine.kernel import codec, stimuli, waits
from engine.kernel.evaluator import Evaluator
from engine.model.program import Program
from engine.scripts.sandbox import Limits, Sandbox
from engine.simulation.guess import Guesses
from tests import shared
from tests.kernel.case import Case, Shelf
from tests.kernel.random_models import nested, unstructured

FOLDERS = ("behaviours", "real-life")


@pytest.fixture(scope="module")
def evaluator() -> Iterator[HouseEvaluator]:
    made = HouseEvaluator(Sandbox(Limits(seconds=0.2)))
    yield made
    made.close()


def counts_are_right(case: Case) -> None:
    """Every scope knows how many tokens are in it; every wait has its token or scope; nothing outlives its owner."""
    state = case.state
    for scope in state.scopes.values():
        inside = sum(token.scope == scope.number for token in state.tokens.values())
        waiting = sum(count for flow, count in scope.arrivals.items() if flow >= 0)
        assert case.ended or inside + waiting == scope.live
        assert scope.parent == -1 or scope.token in state.tokens
    for number, kept in state.waits.items():
        if kept.token:
            assert number in state.tokens[kept.token].waits
        else:
            assert number in state.scopes[kept.scope].waits
    if case.ended:
        assert state.tokens == {} and state.waits == {} and set(state.scopes) == {0}
    else:
        assert state.waits, "an instance that has not ended waits for something"


def by_hand(case: Case, random: Random, ids: list[str]) -> stimuli.AnyStimulus:
    kind = random.randrange(6)
    if kind == 0:
        cancel = (random.choice(ids),) if random.random() < 0.5 else ()
        return stimuli.Move(start=(random.choice(ids),), cancel=cancel, reason="test")
    if kind == 1:
        return stimuli.SetVariables(values={"r": random.randrange(12)})
    return answer(case, random, {"r": random.randrange(12)})


def answer(case: Case, random: Random, data: dict[str, object]) -> stimuli.AnyStimulus:
    """Something that any of the open waits may be told."""
    wait = case.waits[random.choice(sorted(case.waits))]
    if isinstance(wait, waits.Incident):
        return stimuli.Retry(incident=wait.id, skip=random.random() < 0.5, data=data)
    if isinstance(wait, waits.Timer):
        case.now = max(case.now, wait.due_at)
        return stimuli.Fire(wait=wait.id)
    if isinstance(wait, waits.Subscription):
        return stimuli.Deliver(wait=wait.id, data=data)
    if random.random() < 0.15:
        kind = random.choice(["technical", "error", "escalation"])
        return stimuli.Fail(wait=wait.id, kind=kind, code="E", data=data)  # type: ignore[arg-type]
    return stimuli.Complete(wait=wait.id, data=data)


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_random_models_changed_by_hand(first: int) -> None:
    for seed in range(first, first + 50):
        random = Random(seed)
        program = nested(random, 10)[0] if seed % 2 else unstructured(random, 9)
        case = Case(program, saved=True).start(r=random.randrange(12))
        ids = [node.id for node in program.nodes]
        for _ in range(15):
            counts_are_right(case)
            if case.ended or loops(case):
                break
            try:
                case.give(by_hand(case, random, ids))
            except (errors.NotFound, errors.Conflict):
                continue


def real_programs() -> list[Program]:
    found = []
    for folder in FOLDERS:
        for path in sorted(shared.data("bpmn", folder).glob("*.bpmn")):
            found += [program for program in read.read(path.read_bytes(), file=path.name).programs if program.nodes]
    return found


PROGRAMS = real_programs()
SHELF = Shelf(*PROGRAMS)


def loops(case: Case) -> bool:
    """One that never waits costs ten thousand activations each time it is tried again: once is enough."""
    return any(isinstance(wait, waits.Incident) and wait.code == "endless_loop" for wait in case.waits.values())


@pytest.mark.parametrize("program", PROGRAMS, ids=[f"{index}-{one.key}" for index, one in enumerate(PROGRAMS)])
def test_real_models_in_any_order(program: Program, evaluator: Evaluator) -> None:
    for seed in range(1):
        random, guesses = Random(seed), Guesses(program)
        start = stimuli.Start(data=guesses.draw(random), node=_some_start(program))
        cases = [Case(program, saved=saved, evaluator=evaluator, library=SHELF) for saved in (False, True)]
        try:
            for case in cases:
                case.give(start)
        except errors.Invalid as refused:
            assert refused.code in ("start_unclear", "dangling_reference")
            return
        for _ in range(12):
            counts_are_right(cases[0])
            if cases[0].ended or loops(cases[0]):
                break
            stimulus = answer(cases[0], random, guesses.draw(random))
            cases[1].now = cases[0].now
            if _give_all(cases, stimulus) is None:
                break
        assert cases[0].facts == cases[1].facts
        assert codec.encode(cases[0].state) == codec.encode(cases[1].state)


def _give_all(cases: list[Case], stimulus: stimuli.AnyStimulus) -> bool | None:
    """All of them take it, or all of them refuse it in the same words."""
    refused = set()
    for case in cases:
        try:
            case.give(stimulus)
        except errors.CrmflowError as error:
            refused.add(error.code)
    assert len(refused) <= 1
    return not refused


def _some_start(program: Program) -> str:
    triggered = [
        node.id
        for node in program.nodes
        if type(node).__name__ == "StartEvent" and not node.scope and getattr(node, "triggers", ())
    ]
    plain = [node for node in program.nodes if type(node).__name__ == "StartEvent" and not node.scope]
    return triggered[0] if triggered and len(triggered) == len(plain) else ""
