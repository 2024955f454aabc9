"""Known verdicts on small models, each "no" with a path that really leads there."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.definitions.process import Invariant
from engine.kernel import stimuli
from engine.kernel.plan import compile_program
from engine.kernel.step import step
from engine.model import nodes, triggers
from engine.model.expression import Expression
from engine.model.performer import Performer
from engine.model.program import Program
from engine.proof import abstraction, explore, prove, soundness
from engine.variants import compose
from tests.unit.variants.arbitrary import Author
from tests.unit.variants.models import Random, flow, quote, task, text, timer


def model(ways: str, **kinds: Any) -> Program:
    """``"Start>A A>X X>B? X>C B>End"``: a letter X.. is exclusive, F.. parallel, O.. inclusive, ``?`` conditional."""
    flows = [
        flow(f"f{n}", *part.rstrip("?").split(">"), "c" if part.endswith("?") else "")
        for n, part in enumerate(ways.split())
    ]
    names = list(dict.fromkeys(name for one in flows for name in (one.source, one.target)))
    made = {
        "S": nodes.StartEvent,
        "X": nodes.ExclusiveGateway,
        "F": nodes.ParallelGateway,
        "O": nodes.InclusiveGateway,
        "E": nodes.EndEvent,
    }
    listed = [
        kinds[name] if name in kinds else made[name[0]](id=name) if name[0] in made else task(name) for name in names
    ]
    return Program(
        key="M", nodes=(*listed, *(node for name, node in kinds.items() if name not in names)), flows=tuple(flows)
    )


KNOWN = [
    # drawn, faults with the element they are at
    ("S>A A>E", []),
    ("S>F1 F1>A F1>B A>F2 B>F2 F2>E", []),
    ("S>X1 X1>A? X1>B A>X2 B>X2 X2>C C>E", []),
    ("S>O1 O1>A? O1>B? A>O2 B>O2 O2>C C>E", []),
    ("S>X1 X1>A A>X2 X2>X1? X2>B B>E", []),
    ("S>X1 X1>A? X1>B A>F1 B>F1 F1>C C>E", [("deadlock", "F1")]),
    ("S>F1 F1>A F1>B A>X1 B>X1 X1>C C>E", [("lack_of_synchronisation", "C")]),
    ("S>X1 X1>A A>B B>X1", [("no_option_to_complete", "A")]),
    ("S>X1 X1>A? X1>B A>X2 B>E X2>C C>X2", [("no_option_to_complete", "A")]),
    ("S>A A>E B>C C>E", [("dead_step", "B"), ("dead_step", "C")]),
    ("S>F1 F1>A F1>B F1>C A>F2 B>F2 F2>D D>E C>E", []),
    ("S>O1 O1>A? O1>B? A>F1 B>F1 F1>C C>E", [("deadlock", "F1")]),
]


@pytest.mark.parametrize(("ways", "faults"), KNOWN)
def test_known_models_have_their_known_verdicts(ways: str, faults: list[tuple[str, str]]) -> None:
    assert [(one.fault, one.element) for one in soundness.verdicts(model(ways))] == faults


@pytest.mark.parametrize(("ways", "faults"), [row for row in KNOWN if row[1] and row[1][0][0] != "dead_step"])
def test_a_trace_replays_on_the_kernel(ways: str, faults: Any) -> None:
    program = model(ways)
    (verdict,) = soundness.verdicts(program)
    plan = compile_program(abstraction.pieces(program)[0].program)
    state = None
    for move in verdict.trace:
        state = replayed(plan, state, move)
    assert state is not None and not state.ended
    if verdict.fault == "deadlock":
        assert plan.nodes[explore.standstill(state)].id == verdict.element
    else:
        standing = [plan.nodes[token.node].id for token in state.tokens.values()]
        assert verdict.element in standing
        assert standing.count(verdict.element) == 2 or verdict.fault != "lack_of_synchronisation"


def replayed(plan: Any, state: Any, move: explore.Move) -> Any:
    """One move again: the same node, the same flows taken."""
    if state is None:
        options: list[Any] = [stimuli.Start(node="S")]
    else:
        options = [
            stimuli.Complete(wait=number)
            for number, kept in state.waits.items()
            if plan.nodes[kept.node].id == move.node
        ]
    for bits in range(64):
        for stimulus in options:
            oracle = explore.Oracle(tuple(bool(bits >> n & 1) for n in range(6)))
            done = step(plan, state, stimulus, now=datetime(2026, 1, 1, tzinfo=UTC), evaluator=oracle)
            if tuple(fact.flow for fact in done.facts if type(fact).__name__ == "FlowTaken") == move.flows:
                return done.state
    raise AssertionError(f"{move} cannot be replayed")


def test_interrupting_events_end_a_step_another_way_and_others_run_beside_it() -> None:
    late = nodes.BoundaryEvent(id="Late", attached_to="A", triggers=(timer("PT1H"),))
    assert soundness.verdicts(model("S>A A>E Late>B B>E", Late=late)) == []
    remind = nodes.BoundaryEvent(id="Late", attached_to="A", interrupting=False, triggers=(timer("R/PT1H"),))
    looping = "S>X1 X1>A A>X2 X2>X1? X2>E Late>B B>E2"
    assert soundness.verdicts(model(looping, Late=remind)) == []
    joining = model("S>A A>X1 Late>X1 X1>C C>E", Late=remind)
    assert [one.fault for one in soundness.verdicts(joining)] == ["lack_of_synchronisation"]


def test_sub_processes_are_proved_apart() -> None:
    inner = nodes.SubProcess(id="P")
    whole = model("S>P P>E", P=inner)
    part = [
        nodes.StartEvent(id="S2", scope="P"),
        nodes.ExclusiveGateway(id="X", scope="P"),
        task("A", scope="P"),
        task("B", scope="P"),
        nodes.ParallelGateway(id="J", scope="P"),
        nodes.EndEvent(id="E2", scope="P"),
    ]
    ways = (
        flow("g1", "S2", "X"),
        flow("g2", "X", "A", "c"),
        flow("g3", "X", "B"),
        flow("g4", "A", "J"),
        flow("g5", "B", "J"),
        flow("g6", "J", "E2"),
    )
    program = Program(key="M", nodes=(*whole.nodes, *part), flows=(*whole.flows, *ways))
    assert [(one.fault, one.element) for one in soundness.verdicts(program)] == [("deadlock", "J")]


def test_terminate_ends_what_is_open_beside_it() -> None:
    stop = nodes.EndEvent(id="End", triggers=(triggers.Terminate(),))
    assert soundness.verdicts(model("S>F1 F1>A F1>B A>End B>E", End=stop)) == []


def test_event_based_gateways_take_one_of_their_events() -> None:
    wait = nodes.EventBasedGateway(id="G")
    caught = nodes.CatchEvent(id="M1", triggers=(triggers.Message(name="m"),))
    timed = nodes.CatchEvent(id="T1", triggers=(timer("PT1H"),))
    assert soundness.verdicts(model("S>G G>M1 G>T1 M1>X1 T1>X1 X1>A A>E", G=wait, M1=caught, T1=timed)) == []
    bad = model("S>G G>M1 G>T1 M1>F1 T1>F1 F1>A A>E", G=wait, M1=caught, T1=timed)
    assert [one.fault for one in soundness.verdicts(bad)] == ["deadlock"]


def test_what_is_too_large_is_said_to_be_undecided() -> None:
    proof = soundness.verdicts(model("S>F1 F1>A F1>B A>F2 B>F2 F2>E"), most=2)
    assert [(one.fault, one.element) for one in proof] == [("undecided", "")]


def test_wide_parallel_blocks_do_not_explode() -> None:
    wide = " ".join(f"F1>A{n} A{n}>F2" for n in range(50))
    space = explore.explore(abstraction.pieces(model(f"S>F1 {wide} F2>E"))[0].program, full=False)
    assert len(space.states) < 60


@pytest.mark.parametrize("seed", range(60))
def test_structured_models_are_sound_and_stay_so_under_structured_operations(seed: int) -> None:
    base = Random(seed).program()
    assert soundness.verdicts(base) == []
    operations = [one for one in Author(base, random.Random(seed)).write(8) if type(one).__name__ != "AddBranch"]
    composed = compose.compose(base, operations)
    assert soundness.verdicts(composed.program) == []


def rule(kind: str, **steps: str) -> Invariant:
    return Invariant(id="r1", kind=kind, names=text("KYC before offer"), **steps)  # type: ignore[arg-type]


RULES = [
    # drawn, rule, whether it holds
    ("S>A A>B B>E", rule("precedes", first="A", second="B"), True),
    ("S>B B>A A>E", rule("precedes", first="A", second="B"), False),
    ("S>F1 F1>A F1>B A>F2 B>F2 F2>E", rule("precedes", first="A", second="B"), False),
    ("S>X1 X1>A? X1>X2 A>X2 X2>B B>E", rule("precedes", first="A", second="B"), False),
    ("S>B B>E", rule("precedes", first="A", second="B"), False),
    ("S>C C>E", rule("precedes", first="A", second="B"), True),
    ("S>X1 X1>A? X1>X2 A>X2 X2>B B>E", rule("exists", step="A"), False),
    ("S>X1 X1>A? X1>X2 A>X2 X2>B B>E", rule("exists", step="B"), True),
    ("S>A A>E", rule("absent", step="A"), False),
    ("S>A A>E", rule("absent", step="B"), True),
    ("S>A A>X1 X1>B? X1>X2 B>X2 X2>E", rule("responds", first="A", second="B"), False),
    ("S>A A>B B>E", rule("responds", first="A", second="B"), True),
    ("S>X1 X1>A? X1>B A>X2 B>X2 X2>E", rule("not_both", first="A", second="B"), True),
    ("S>A A>B B>E", rule("not_both", first="A", second="B"), False),
    ("S>A A>B B>E", rule("four_eyes", first="A", second="B"), False),
    ("S>A A>E", rule("four_eyes", first="A", second="B"), True),
]


@pytest.mark.parametrize(("ways", "invariant", "holds"), RULES)
def test_rules_of_the_family_hold_or_are_told_with_a_path(ways: str, invariant: Invariant, holds: bool) -> None:
    proof = prove.prove(model(ways), invariants=[invariant])
    assert proof.sound is holds
    for problem in proof.problems:
        assert (problem.code, problem.severity) == ("invariant_broken", "error")
        assert "KYC before offer" in problem.text["en"] and problem.text["zh-CN"]


def test_four_eyes_hold_when_one_step_excludes_whoever_did_the_other() -> None:
    second = task("B", performer=Performer(groups=(Expression(text="g"),), exclude_performers_of=("A",)))
    assert prove.prove(model("S>A A>B B>E", B=second), invariants=[rule("four_eyes", first="A", second="B")]).sound


def test_a_rule_over_too_many_states_is_said_to_be_undecided() -> None:
    wide = " ".join(f"F1>A{n} A{n}>F2" for n in range(14))
    proof = prove.prove(model(f"S>F1 {wide} F2>B B>E"), invariants=[rule("precedes", first="A1", second="B")])
    assert [(one.code, one.severity) for one in proof.problems] == [("invariant_undecided", "warning")]
    assert not proof.sound


def test_the_quote_is_sound_and_a_fault_names_its_step_in_both_languages() -> None:
    assert prove.prove(quote()).sound
    (problem,) = prove.problems(model("S>X1 X1>A? X1>B A>F1 B>F1 F1>C C>E"))
    assert problem.text["en"] in ("waits for ever at 'F1': A", "waits for ever at 'F1': B")
    assert problem.mend["zh-CN"]
