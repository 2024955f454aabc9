"""The proof says what the runs do: compared with every run of hundreds of random models, most of them unsound."""

from collections import Counter
from random import Random

import pytest

from engine.model.program import Program
from engine.proof import explore, soundness
from tests.kernel.case import Case
from tests.kernel.random_models import nested, unstructured
from tests.unit.proof.marking import TooMany, faults, never_rests

GROUPS = 10
MODELS = 40
MOST = 4_000


def models(group: int) -> list[Program]:
    found: list[Program] = []
    seed = group * 100_000
    while len(found) < MODELS:
        seed += 1
        program = unstructured(Random(seed), size=5 + seed % 4)
        if not never_rests(program):
            found.append(program)
    return found


def proved(program: Program) -> set[str]:
    return {verdict.fault for verdict in soundness.verdicts(program, most=MOST)}


@pytest.mark.parametrize("group", range(GROUPS))
def test_proof_and_runs_agree(group: int) -> None:
    for program in models(group):
        try:
            runs = faults(program)
        except TooMany:
            continue
        said = proved(program)
        if "undecided" in said:
            continue
        # A proof that takes a short cut may stop at the first kind of fault; it never says one that no run has.
        assert bool(said) == bool(runs), (said, runs, program.flows)
        assert said <= runs, (said, runs, program.flows)


def test_the_models_are_of_every_kind() -> None:
    """Else the comparison would compare nothing."""
    kinds: Counter[str] = Counter()
    for group in range(GROUPS):
        for program in models(group):
            try:
                runs = faults(program)
            except TooMany:
                runs = {"too many states"}
            kinds.update(runs or {"sound"})
    assert kinds["too many states"] < GROUPS * MODELS / 20
    for kind in ("sound", "deadlock", "lack_of_synchronisation", "no_option_to_complete"):
        assert kinds[kind] >= 5, kinds


@pytest.mark.parametrize("seed", range(40))
def test_nested_models_without_sub_processes_are_sound(seed: int) -> None:
    program, _ = nested(Random(seed), size=9)
    assert "deadlock" not in proved(program)
    assert "lack_of_synchronisation" not in proved(program)


@pytest.mark.parametrize("group", range(GROUPS))
def test_the_short_cut_finds_what_every_order_finds(group: int) -> None:
    """Programs without inclusive joins are explored by the most upstream token only."""
    for program in models(group)[:15]:
        whole = _faults_in_every_order(program)
        if whole is not None:
            assert bool(proved(program)) == whole


def _faults_in_every_order(program: Program) -> bool | None:
    (piece,) = soundness.abstraction.pieces(program)
    try:
        space = explore.explore(piece.program, full=True, most=MOST)
    except explore.Budget:
        return None
    return bool(soundness._of(piece.program, space))


@pytest.mark.parametrize("seed", range(60))
def test_a_sound_model_ends_in_any_run_of_the_kernel(seed: int) -> None:
    """The proof's word against the kernel with real data: tasks completed in random order, conditions over ``r``."""
    program = _sound(seed)
    random = Random(seed)
    case = Case(program).start(r=random.randrange(6))
    for _ in range(200):
        if case.ended:
            break
        assert case.incidents() == []
        open_now = case.open()
        assert len(set(open_now)) == len(open_now), "nothing is open twice"
        case.complete(random.choice(open_now), r=random.randrange(6))
    assert case.ended or case.open(), "it may go round for long, but never stands still"


def _sound(seed: int) -> Program:
    for number in range(1000):
        program = unstructured(Random(seed * 7_919 + number), size=6)
        if not never_rests(program) and not proved(program) - {"dead_step"}:
            return program
    raise AssertionError("no sound model among a thousand")
