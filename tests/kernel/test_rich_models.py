"""On models with everything in them, told in any order: counts stay right, saving changes nothing, nothing is lost."""

from random import Random

import pytest

from engine import errors, facts
from engine.kernel import codec, stimuli, view
from engine.kernel.plan import compile_program
from engine.model import program as programs
from tests.kernel.case import Case, Shelf
from tests.kernel.rich_models import called_process, rich
from tests.kernel.test_anything_goes import answer, counts_are_right, loops

MOST = 30


def told(seed: int, *, by_hand: bool = False) -> list[Case]:
    """Two cases of one model, one saved at every step, with the same story."""
    random = Random(seed)
    program, called = rich(random), called_process(random)
    cases = [Case(program, saved=saved, library=Shelf(called)) for saved in (False, True)]
    _give(cases, stimuli.Start(data={"r": random.randrange(6), "x": 0}))
    ids = [node.id for node in program.nodes]
    for _ in range(MOST):
        case = cases[0]
        counts_are_right(case)
        if case.ended or loops(case):
            break
        stimulus = answer(case, random, {"r": random.randrange(6), "x": random.randrange(5)})
        if by_hand and random.random() < 0.3:
            cancel = (random.choice(ids),) if random.random() < 0.5 else ()
            stimulus = stimuli.Move(start=(random.choice(ids),), cancel=cancel, reason="test")
        cases[1].now = case.now
        _give(cases, stimulus)
    return cases


def _give(cases: list[Case], stimulus: stimuli.AnyStimulus) -> None:
    refused = set()
    for case in cases:
        try:
            case.give(stimulus)
        except errors.CrmflowError as error:
            refused.add(error.code)
    assert len(refused) <= 1


@pytest.mark.parametrize("first", range(0, 240, 40))
def test_saving_in_between_changes_nothing(first: int) -> None:
    for seed in range(first, first + 40):
        plain, saved = told(seed)
        assert plain.facts == saved.facts, seed
        assert codec.encode(plain.state) == codec.encode(saved.state), seed


@pytest.mark.parametrize("first", range(1000, 1120, 40))
def test_changes_by_hand_keep_the_counts_right(first: int) -> None:
    for seed in range(first, first + 40):
        plain, saved = told(seed, by_hand=True)
        assert plain.facts == saved.facts, seed


@pytest.mark.parametrize("first", range(2000, 2120, 40))
def test_what_is_told_of_activities_adds_up(first: int) -> None:
    """Each that began has ended or was cancelled once, or is still there."""
    for seed in range(first, first + 40):
        case = told(seed)[0]
        begun = [fact.token for fact in case.facts if isinstance(fact, facts.ActivityStarted)]
        over = [
            fact.token for fact in case.facts if isinstance(fact, facts.ActivityCompleted | facts.ActivityCancelled)
        ]
        assert len(set(over)) == len(over), f"seed {seed}: told twice"
        assert set(over) <= set(begun), f"seed {seed}: ended without a beginning"
        assert set(begun) - set(over) <= set(case.state.tokens), f"seed {seed}: vanished without a word"


@pytest.mark.parametrize("first", range(3000, 3120, 40))
def test_what_is_told_of_waits_adds_up(first: int) -> None:
    """Work items and incidents: each is completed, cancelled or resolved once, or is still open."""
    for seed in range(first, first + 40):
        case = told(seed)[0]
        opened = [fact.wait for fact in case.facts if isinstance(fact, facts.WorkItemOpened)]
        closed = [
            fact.wait for fact in case.facts if isinstance(fact, facts.WorkItemCompleted | facts.WorkItemCancelled)
        ]
        raised = [fact.incident for fact in case.facts if isinstance(fact, facts.IncidentRaised)]
        resolved = [fact.incident for fact in case.facts if isinstance(fact, facts.IncidentResolved)]
        assert len(set(closed)) == len(closed) and len(set(resolved)) == len(resolved), seed
        assert set(resolved) <= set(raised), seed
        assert set(raised) - set(resolved) == {
            wait.id for wait in case.waits.values() if type(wait).__name__ == "Incident"
        }, seed
        failed = {fact.wait for fact in case.facts if isinstance(fact, facts.JobFailed)}
        still = {wait.id for wait in case.waits.values() if type(wait).__name__ == "WorkItem"}
        assert set(opened) - set(closed) - failed - still <= _thrown_away(case), seed


def _thrown_away(case: Case) -> set[int]:
    """Work that ended in a BPMN error: its throw is what is told of it."""
    return {
        fact.wait
        for fact in case.facts
        if isinstance(fact, facts.WorkItemOpened)
        and any(isinstance(other, facts.EventThrown) and other.trigger == "error" for other in case.facts)
    }


@pytest.mark.parametrize("first", range(4000, 4120, 40))
def test_screens_can_look_at_any_state(first: int) -> None:
    for seed in range(first, first + 40):
        case = told(seed)[0]
        plan, library = case.plan, case.library
        for wait in view.open_waits(plan, case.state, library):
            assert wait.node
            view.visible(case.state, wait.id)
        assert all(token.node for token in view.tokens(plan, case.state, library))
        for scope in view.scopes(plan, case.state, library):
            assert isinstance(view.variables(case.state, scope.number), dict)


@pytest.mark.parametrize("first", range(5000, 5060, 30))
def test_programs_go_through_json_unchanged_and_compile(first: int) -> None:
    for seed in range(first, first + 30):
        made = rich(Random(seed))
        again = programs.decode(programs.encode(made))
        assert again == made and again.sha256 == made.sha256
        compile_program(again)
