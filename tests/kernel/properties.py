"""The properties that every model must have, tried on one random model each. See test_properties.py; by command

    python -m tests.kernel.properties 2000

tries as many as are wanted.
"""

import sys
from random import Random

from engine.kernel import codec, stimuli, view, waits
from tests.kernel.case import Case
from tests.kernel.process_tree import Tree
from tests.kernel.random_models import nested, unstructured, with_errands
from tests.kernel.token_game import Endless, Game

MOST_COMPLETIONS = 60


def nested_model(seed: int) -> None:
    """The tree of blocks and the kernel have the same tasks open after every completion, in any order, to the end."""
    random = Random(seed)
    program, block = nested(random, random.randrange(3, 16))
    r = random.randrange(12)
    tree = Tree(block, r)
    cases = [Case(program, saved=False).start(r=r), Case(program, saved=True).start(r=r)]
    for count in range(MOST_COMPLETIONS):
        expected = tree.tasks()
        assert cases[0].open() == expected, f"seed {seed}: {cases[0].open()} for {expected}"
        assert cases[0].incidents() == []
        if not expected:
            break
        task = random.choice(expected)
        r = random.randrange(12) if count < 40 else 3 - count % 2
        tree.complete(task, r)
        _both(cases, task, r, random)
    assert cases[0].ended == tree.over, f"seed {seed}"
    if cases[0].ended:
        assert cases[0].state.tokens == {} and cases[0].waits == {}
    _same(cases)


def nested_model_with_errands(seed: int) -> None:
    """Errands beside nodes, flows and the process change nothing but that they are done first, in any order."""
    random = Random(seed)
    program, block = nested(random, random.randrange(3, 12))
    r = random.randrange(12)
    tree = Tree(block, r)
    laden = with_errands(program, random)
    cases = [Case(laden, saved=False).start(r=r), Case(laden, saved=True).start(r=r)]
    for count in range(MOST_COMPLETIONS // 2):
        _run_errands(cases, random)
        expected = tree.tasks()
        assert cases[0].open() == expected, f"seed {seed}: {cases[0].open()} for {expected}"
        assert cases[0].incidents() == []
        if not expected:
            break
        task = random.choice(expected)
        r = random.randrange(12) if count < 20 else 3 - count % 2
        tree.complete(task, r)
        _both(cases, task, r, random)
    _run_errands(cases, random)
    assert cases[0].ended == tree.over, f"seed {seed}"
    if cases[0].ended:
        assert cases[0].state.tokens == {} and cases[0].waits == {}
    _same(cases)


def _run_errands(cases: list[Case], random: Random) -> None:
    """One in five fails first and is retried or skipped."""
    for _ in range(2000):
        jobs = sorted(wait.id for wait in cases[0].waits.values() if isinstance(wait, waits.Job))
        stopped = sorted(wait.id for wait in cases[0].waits.values() if isinstance(wait, waits.Incident))
        if not jobs and not stopped:
            return
        stimulus: stimuli.AnyStimulus
        if stopped:
            stimulus = stimuli.Retry(incident=stopped[0], skip=random.random() < 0.3)
        elif random.random() < 0.2:
            stimulus = stimuli.Fail(wait=random.choice(jobs))
        else:
            stimulus = stimuli.Complete(wait=random.choice(jobs), data={"seen": random.randrange(9)})
        for case in cases:
            case.give(stimulus)
    raise AssertionError("the errands never end")


def unstructured_model(seed: int) -> None:
    """The token game and the kernel agree on every graph: what is open, what is stuck, whether it has ended."""
    random = Random(seed)
    program = unstructured(random, random.randrange(3, 12))
    r = random.randrange(12)
    try:
        game = Game(program, r)
        cases = [Case(program, saved=False).start(r=r), Case(program, saved=True).start(r=r)]
        for _ in range(25):
            expected = game.open()
            assert cases[0].open() == expected, f"seed {seed}: {cases[0].open()} for {expected}"
            if not expected or len(expected) > 30:
                break
            task = random.choice(expected)
            r = random.randrange(12)
            game.complete(task, r)
            _both(cases, task, r, random)
    except Endless:
        return
    case = cases[0]
    assert case.ended == game.over, f"seed {seed}"
    joining = sorted(token.node for token in view.tokens(case.plan, case.state) if token.state == "joining")
    assert set(joining) | set(case.incidents()) == set(game.stuck()), f"seed {seed}"
    assert case.open() or case.ended or case.incidents(), f"seed {seed}: stands still and says nothing"
    _same(cases)


def _both(cases: list[Case], task: str, r: int, random: Random) -> None:
    """The same item of the same task in both; which one of several is the test's choice."""
    open_items = sorted(wait.id for wait in cases[0].waits.values() if wait.node == task)
    wait = random.choice(open_items)
    for case in cases:
        case.give(stimuli.Complete(wait=wait, data={"r": r}))


def _same(cases: list[Case]) -> None:
    plain, saved = cases
    assert plain.facts == saved.facts
    assert codec.encode(plain.state) == codec.encode(saved.state)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    for number in range(wanted):
        nested_model(number)
        nested_model_with_errands(number)
        unstructured_model(number)
        if number % 200 == 199:
            print(f"{number + 1} nested and {number + 1} unstructured models")
