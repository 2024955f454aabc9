"""Rollout programmes: nothing is skipped, nothing passes without evidence, the budget and the return are weighed."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as over
from hypothesis import strategies as st

from engine import errors, steering
from engine.domain import programmes
from engine.store.unit_of_work import Store
from tests.store import rows
from tests.unit.domain.conftest import NOON, Run

LINES = [
    {"kind": "software", "what": "licences", "planned": 300_000},
    {"kind": "training", "what": "training", "planned": 250_000},
    {"kind": "implementation", "what": "set-up", "planned": 450_000},
]
SEEN = [{"what": "scope", "proof": "DOC-1"}]


def begin(run: Run, number: str = "P-1", **more: Any) -> dict[str, Any]:
    told = {"programme": number, "unit": "east", "sponsor": "director", "lines": LINES, "expected_roi": 0.2, **more}
    return dict(run("programmes.open", **told).data)


def decide(run: Run, phase: int, outcome: str = "passed", **more: Any) -> dict[str, Any]:
    job, hour = more.pop("job", f"j-{phase}-{outcome}"), more.pop("hour", phase)
    told = {"programme": "P-1", "phases": [phase], "outcome": outcome, "evidence": SEEN, **more}
    return dict(run("programmes.gate", job=job, now=NOON + timedelta(hours=hour), **told).data)


def gate(phase: int, outcome: steering.GateOutcome = "passed", back: int = 0) -> steering.Gate:
    return steering.Gate(id=f"g.{phase}", programme="P-1", phase=phase, outcome=outcome, return_to=back, at=NOON)


@pytest.mark.parametrize(
    ("software", "rest", "percent", "warned"),
    [
        (30, 70, 30, False),
        (33, 67, 33, False),
        (60, 40, 60, True),
        (10, 90, 10, True),
        (43, 57, 43, False),
        (0, 0, None, False),
    ],
)
def test_a_third_for_software_and_two_thirds_for_the_rest(
    software: int, rest: int, percent: float | None, warned: bool
) -> None:
    lines = [{"kind": "software", "planned": software}, {"kind": "training", "planned": rest}]
    assert programmes.software_percent(lines) == percent
    told = programmes.split_warning(percent)
    assert (told is not None) is warned
    if told:
        assert f"{percent} %" in told["en"] and f"{percent} %" in told["zh-CN"] and "1/3 : 2/3" in told["en"]


@pytest.mark.parametrize(
    ("phases", "decided", "now"),
    [
        ((1, 2, 3), [], 1),
        ((1, 2, 3), [gate(1)], 2),
        ((1, 2, 3), [gate(1), gate(2), gate(3)], None),
        ((1, 2, 3), [gate(1), gate(2), gate(3, "returned", 2)], 2),
        ((1, 2, 3), [gate(1), gate(2), gate(3, "returned", 1), gate(1)], 2),
        ((1, 2, 3), [gate(1), gate(2, "stopped")], None),
        ((1, 2, 3), [gate(1, "returned", 1)], 1),
        ((3, 4, 5), [gate(3)], 4),
    ],
)
def test_where_a_programme_stands(phases: tuple[int, ...], decided: list[steering.Gate], now: int | None) -> None:
    assert programmes.standing(phases, decided) == now


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@over(st.lists(st.tuples(st.integers(1, 7), st.sampled_from(["passed", "returned"]), st.integers(1, 7)), max_size=20))
def test_a_phase_is_never_reached_past_one_that_has_not_passed(wanted: list[tuple[int, Any, int]]) -> None:
    """Whatever is asked in whatever order, only what stands next is decided."""
    decided: list[steering.Gate] = []
    for phase, outcome, back in wanted:
        if programmes.standing(programmes.PHASES, decided) == phase:
            decided.append(gate(phase, outcome, min(back, phase)))
    now = programmes.standing(programmes.PHASES, decided)
    last = {one.phase: one.outcome for one in decided}
    assert all(phase in last for phase in range(1, now or 8))


@pytest.mark.parametrize(
    ("phase", "figures", "lacking"),
    [
        (1, {}, ["scope is not signed"]),
        (1, {"scope_signed": True}, []),
        (2, {"cost": 10, "days": 3}, ["baseline lacks conversion"]),
        (2, {"cost": 10, "days": 3, "conversion": 4}, []),
        (3, {"integrated": False}, ["does not work with"]),
        (4, {"blockers": 2}, ["2 defects"]),
        (4, {"blockers": 0}, []),
        (5, {"trainers": 0}, ["no trainer"]),
        (5, {"trainers": 2}, []),
        (6, {"stress_passed": True, "trained_percent": 94}, ["94 % trained of 95 %"]),
        (6, {"trained_percent": 95}, ["stress test"]),
        (6, {"stress_passed": True, "trained_percent": 95}, []),
        (7, {}, []),
    ],
)
def test_what_keeps_a_gate_shut(phase: int, figures: dict[str, Any], lacking: list[str]) -> None:
    found = programmes.missing(phase, figures, needed=(), evidence=(), training_least=95)
    assert len(found) == len(lacking)
    assert all(part in one["en"] and one["zh-CN"] for part, one in zip(lacking, found, strict=True))


@pytest.mark.parametrize(("benefit", "cost", "found"), [(150, 100, 0.5), (50, 100, -0.5), (1, 0, None), (100, 100, 0)])
def test_the_return(benefit: float, cost: float, found: float | None) -> None:
    assert programmes.returned(benefit, cost) == found


def test_a_programme_is_opened_once_with_its_budget_weighed(run: Run, store: Store) -> None:
    told = begin(run)
    assert (told["software_percent"], told["split_ok"], told["split_warning"]) == (30, True, "")
    assert begin(run, lines=[{"kind": "software", "what": "all", "planned": 9}])["split_ok"] is False
    with store.reading() as tx:
        known = tx.programmes.get("P-1")
        assert tx.programmes.all(5) == [known]
    assert known is not None and known.phases == programmes.PHASES and list(known.lines) == LINES
    with pytest.raises(errors.Conflict) as taken:
        begin(run, instance="i-2")
    assert "P-1" in taken.value.text["zh-CN"] and "P-1" in taken.value.text["en"]


def test_a_phase_cannot_be_skipped(run: Run) -> None:
    begin(run)
    assert run("programmes.enter", programme="P-1", phases=[1]).data["phase"] == 1
    for phases in ([2], [7], [1, 3], [2, 3]):
        refused = run("programmes.enter", programme="P-1", phases=phases)
        assert (refused.error, refused.message) == ("phase_skipped", "阶段 1 / phase 1")
    with pytest.raises(errors.Conflict) as early:
        decide(run, 2)
    assert "1" in early.value.text["zh-CN"] and "phase 1" in early.value.text["en"]
    decide(run, 1)
    assert run("programmes.enter", programme="P-1", phases=[2]).data["phase"] == 2
    assert run("programmes.enter", programme="P-1", phases=[1]).error == "phase_skipped"


def test_phases_that_are_merged_pass_together(run: Run, store: Store) -> None:
    begin(run)
    assert run("programmes.enter", programme="P-1", phases=[1, 2]).data["phase"] == 2
    run("programmes.gate", programme="P-1", phases=[1, 2], outcome="passed", evidence=SEEN)
    with store.reading() as tx:
        assert [(one.phase, one.outcome) for one in tx.programmes.gates("P-1")] == [(1, "passed"), (2, "passed")]
    assert run("programmes.enter", programme="P-1", phases=[3]).data["phase"] == 3


def test_a_gate_sends_back_to_a_phase_that_was_reached_and_all_after_it_pass_anew(run: Run) -> None:
    begin(run)
    for phase in (1, 2, 3):
        decide(run, phase)
    assert decide(run, 4, "returned", return_to=2) == {"gate_outcome": "returned", "return_to": 2}
    assert run("programmes.enter", programme="P-1", phases=[4]).error == "phase_skipped"
    assert run("programmes.enter", programme="P-1", phases=[2]).data["phase"] == 2
    decide(run, 2, job="j-2b", hour=9)
    assert run("programmes.enter", programme="P-1", phases=[3]).data["phase"] == 3


@pytest.mark.parametrize("back", [3, 6, 7, 0, 2.5])
def test_a_gate_that_would_send_back_to_a_phase_not_reached_is_refused_in_words(
    run: Run, store: Store, back: float
) -> None:
    begin(run)
    decide(run, 1)
    told = {"programme": "P-1", "phases": [2], "outcome": "returned", "evidence": SEEN}
    answer = run("programmes.gate", job="j-x", now=NOON + timedelta(hours=3), **told, return_to=back)
    assert (answer.error, answer.data) == ("phase_not_reached", {})
    assert answer.message == "只能退回到过的阶段：1, 2 / only back to a phase that was reached: 1, 2"
    with store.reading() as tx:
        assert [one.phase for one in tx.programmes.gates("P-1")] == [1], "nothing is decided by it"
    again = run("programmes.gate", job="j-y", now=NOON + timedelta(hours=4), **told, return_to=1)
    assert again.data == {"gate_outcome": "returned", "return_to": 1}


def test_a_gate_is_decided_once_by_a_job_and_not_without_evidence(run: Run, store: Store) -> None:
    begin(run)
    with pytest.raises(errors.Invalid):
        decide(run, 1, evidence=[])
    decide(run, 1)
    decide(run, 1)
    with store.reading() as tx:
        assert len(tx.programmes.gates("P-1")) == 1
    decide(run, 2, "stopped")
    assert run("programmes.enter", programme="P-1", phases=[3]).error == "phase_skipped"


def test_who_decided_is_whoever_completed_the_step(run: Run, store: Store) -> None:
    begin(run)
    rows.running(
        store, work_items=(rows.work_item(node="decide_gate", status="completed", ended_by="director", ended_at=NOON),)
    )
    decide(run, 1, step="decide_gate")
    with store.reading() as tx:
        assert [one.by for one in tx.programmes.gates("P-1")] == ["director"]


@pytest.mark.parametrize(("actual", "over"), [(1_100_000, False), (1_100_001, True), (0, False)])
def test_more_than_a_tenth_above_the_plan_is_too_much(run: Run, actual: float, over: bool) -> None:
    begin(run)
    told = run("programmes.spend", programme="P-1", lines=[{"what": "set-up", "actual": actual}]).data
    assert (told["over_budget"], told["planned"], told["spent"]) == (over, 1_000_000, actual)


def test_evidence_and_figures_open_a_gate(run: Run) -> None:
    asked = {"phases": [6], "needed": ["stress report"], "figures": {"stress_passed": True, "trained_percent": 80}}
    shut = run("programmes.ready", **asked, training_least=95).data
    assert shut["gate_open"] is False and len(shut["open_points"]) == 2
    assert all(" / " in one for one in shut["open_points"])
    seen = [{"what": "stress report", "proof": "R-7"}]
    assert run("programmes.ready", **asked, evidence=seen, training_least=80).data == {
        "gate_open": True,
        "open_points": [],
    }
    unproved = [{"what": "stress report", "proof": ""}]
    assert run("programmes.ready", **asked, evidence=unproved, training_least=80).data["gate_open"] is False


def test_the_return_is_measured_against_what_was_before(run: Run) -> None:
    begin(run)
    run("programmes.baseline", programme="P-1", cost=200, days=10, conversion=8)
    run("programmes.spend", programme="P-1", lines=[{"what": "set-up", "actual": 400_000}])
    told = run("programmes.measure", programme="P-1", benefit=500_000, cost=150, days=8, conversion=10).data
    assert (told["roi"], told["roi_below_plan"], told["spent"]) == (0.25, False, 400_000)
    assert [(one["figure"], one["before"], one["now"], one["change_percent"]) for one in told["measured"]] == [
        ("cost", 200, 150, -25),
        ("days", 10, 8, -20),
        ("conversion", 8, 10, 25),
    ]
    poor = run("programmes.measure", programme="P-1", benefit=440_000, cost=1, days=1, conversion=1).data
    assert (poor["roi"], poor["roi_below_plan"]) == (0.1, True)


def test_the_end_is_kept_once(run: Run, store: Store) -> None:
    begin(run)
    decide(run, 1)
    assert run("programmes.end", programme="P-1", outcome="stopped").data == {"phases_passed": [1]}
    run("programmes.end", programme="P-1", outcome="adopted", now=NOON + timedelta(days=1))
    with store.reading() as tx:
        known = tx.programmes.get("P-1")
    assert known is not None and (known.outcome, known.ended_at) == ("stopped", NOON)


@pytest.mark.parametrize(
    ("handler", "told", "words"),
    [
        ("programmes.open", {"phases": [2, 1]}, "phases in their order"),
        ("programmes.open", {"phases": [0]}, "from 1 to 7"),
        ("programmes.open", {"phases": [True]}, "from 1 to 7"),
        ("programmes.open", {"lines": [{"what": "a", "planned": -1}]}, "not negative"),
        ("programmes.open", {"lines": [{"what": "a", "planned": "much"}]}, "not negative"),
        ("programmes.enter", {"programme": "P-1", "phases": []}, "numbers of phases"),
        ("programmes.gate", {"programme": "P-1", "phases": [1], "outcome": "skipped"}, "passed, returned, stopped"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(run: Run, handler: str, told: dict[str, Any], words: str) -> None:
    if handler != "programmes.open":
        begin(run)
    with pytest.raises(errors.Invalid) as wrong:
        run(handler, **({"programme": "P-9", "unit": "east", "sponsor": "s"} | told))
    assert words in wrong.value.text["en"] and wrong.value.text["zh-CN"]


@pytest.mark.parametrize("handler", ["enter", "spend", "gate", "baseline", "measure", "end"])
def test_a_programme_that_is_not_there_is_told(run: Run, handler: str) -> None:
    with pytest.raises(errors.NotFound) as none:
        run(f"programmes.{handler}", programme="P-404", phases=[1])
    assert none.value.text == {"zh-CN": "没有项目 P-404", "en": "there is no programme 'P-404'"}
