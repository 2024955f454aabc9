"""Rollout programmes: the budget weighed, one phase after the other, nothing passed without its evidence, the return
measured against what was before."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

import msgspec

from engine import errors, steering
from engine.domain import given, reviews
from engine.model.text import EN, ZH, Text, both
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

PHASES = (1, 2, 3, 4, 5, 6, 7)
SOFTWARE_PERCENT = 33
"""Of the budget; advice, carrying out and training are the other two thirds."""
SPLIT_TOLERANCE = 10
"""Points of per cent."""
OVERRUN = 1.1
SKIPPED = "phase_skipped"
NOT_REACHED = "phase_not_reached"
MOST_LINES = 200
FIGURES: Mapping[int, tuple[str, Text]] = {
    1: ("scope_signed", both(zh="范围说明未签字", en="the scope is not signed")),
    3: ("integrated", both(zh="与现有系统未打通", en="it does not work with the systems that stay")),
    5: ("trainers", both(zh="没有内部培训师", en="there is no trainer of our own")),
    6: ("stress_passed", both(zh="压力测试未通过", en="the stress test is not passed")),
}
"""What a phase's gate asks for beside its evidence: true, or more than none."""
BASELINE = ("cost", "days", "conversion")


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "programmes.open": lambda call: store.run(lambda tx: _open(tx, call)),
        "programmes.enter": lambda call: store.run(lambda tx: _enter(tx, call)),
        "programmes.spend": lambda call: store.run(lambda tx: _spend(tx, call)),
        "programmes.ready": _ready,
        "programmes.gate": lambda call: store.run(lambda tx: _gate(tx, call)),
        "programmes.baseline": lambda call: store.run(lambda tx: _baseline(tx, call)),
        "programmes.measure": lambda call: store.run(lambda tx: _measure(tx, call)),
        "programmes.end": lambda call: store.run(lambda tx: _end(tx, call)),
    }


def software_percent(lines: Iterable[Mapping[str, Any]]) -> float | None:
    """Of what is planned; None where nothing is."""
    planned = [(one.get("kind"), float(one.get("planned") or 0)) for one in lines]
    whole = sum(money for _, money in planned)
    return round(100 * sum(money for kind, money in planned if kind == "software") / whole, 1) if whole > 0 else None


def split_warning(percent: float | None) -> Text | None:
    """A third for software and two thirds for what makes it work; None where that is about so."""
    if percent is None or abs(percent - SOFTWARE_PERCENT) <= SPLIT_TOLERANCE:
        return None
    rest = round(100 - percent, 1)
    return both(
        zh=f"软件占 {percent} %，咨询、实施与培训占 {rest} %；经验值约为 1/3 : 2/3",
        en=f"software takes {percent} %, advice, implementation and training {rest} %; about 1/3 : 2/3 is usual",
    )


def standing(phases: Sequence[int], gates: Iterable[steering.Gate]) -> int | None:
    """The phase that is to be done now; None when all are passed, or the programme was stopped."""
    passed: set[int] = set()
    for gate in gates:
        if gate.outcome == "stopped":
            return None
        if gate.outcome == "passed":
            passed.add(gate.phase)
        else:
            passed -= {phase for phase in phases if phase >= gate.return_to}
    return next((phase for phase in phases if phase not in passed), None)


def missing(
    phase: int, figures: Mapping[str, Any], *, needed: Sequence[str], evidence: Sequence[str], training_least: float
) -> list[Text]:
    """What keeps the phase's gate shut."""
    found = [both(zh=f"缺少依据：{one}", en=f"no evidence: {one}") for one in needed if one not in evidence]
    name, words = FIGURES.get(phase, ("", {}))
    if name and not figures.get(name):
        found.append(words)
    blockers, trained = figures.get("blockers") or 0, figures.get("trained_percent") or 0
    if phase == 4 and blockers > 0:
        found.append(both(zh=f"还有 {blockers} 个阻断缺陷", en=f"{blockers} defects still block"))
    if phase == 6 and trained < training_least:
        found.append(
            both(zh=f"培训完成 {trained} %，应达 {training_least} %", en=f"{trained} % trained of {training_least} %")
        )
    if phase == 2:
        found += [
            both(zh=f"缺少基线：{name}", en=f"the baseline lacks {name}") for name in BASELINE if not figures.get(name)
        ]
    return found


def returned(benefit: float, cost: float) -> float | None:
    """(benefit - cost) / cost; None without cost."""
    return round((benefit - cost) / cost, 4) if cost > 0 else None


def _open(tx: Transaction, call: JobCall) -> JobAnswer:
    """``split_warning`` tells a budget that is divided oddly. Raises Conflict for a number that another case has."""
    number, lines = given.text(call, "programme"), _lines(call)
    phases = tuple(_phase(call, one) for one in given.items(call, "phases")) or PHASES
    if list(phases) != sorted(set(phases)):
        raise given.wrong(call, "phases", zh="按顺序的阶段", en="phases in their order")
    tx.programmes.lock(number)
    known = tx.programmes.get(number)
    if known is not None and known.instance_id != call.instance_id:
        raise errors.Conflict(
            "programme_taken",
            zh=f"项目编号 {number} 已被使用",
            en=f"the programme {number!r} is there already",
            number=number,
        )
    if known is None:
        tx.programmes.put(
            steering.Programme(
                id=number,
                instance_id=call.instance_id,
                unit=given.text(call, "unit"),
                sponsor=given.text(call, "sponsor"),
                phases=phases,
                lines=tuple(lines),
                expected_roi=given.number(call, "expected_roi", 0),
                opened_at=call.now,
            )
        )
    percent = software_percent(lines)
    warning = split_warning(percent)
    told = f"{warning[ZH]} / {warning[EN]}" if warning else ""
    return JobAnswer(data={"software_percent": percent, "split_ok": warning is None, "split_warning": told})


def _enter(tx: Transaction, call: JobCall) -> JobAnswer:
    """The business error ``phase_skipped`` while an earlier phase has not passed its gate."""
    known, phases = _locked(tx, call), _phases(call)
    now = standing(known.phases, tx.programmes.gates(known.id))
    first = known.phases.index(now) if now is not None else 0
    if now is None or tuple(phases) != known.phases[first : first + len(phases)]:
        expected = f"阶段 {now} / phase {now}" if now else "无 / none"
        return JobAnswer(error=SKIPPED, message=expected)
    return JobAnswer(data={"phase": phases[-1], "planned": _sum(known.lines, "planned")})


def _spend(tx: Transaction, call: JobCall) -> JobAnswer:
    """What was spent so far, line by line; ``over_budget`` above a tenth more than was planned."""
    known = _locked(tx, call)
    spent = {str(one.get("what")): _money(call, one, "actual") for one in _lines(call)}
    lines = tuple({**one, "actual": spent.get(str(one.get("what")), one.get("actual") or 0)} for one in known.lines)
    tx.programmes.put(msgspec.structs.replace(known, lines=lines))
    planned, actual = _sum(lines, "planned"), _sum(lines, "actual")
    over = actual > planned * OVERRUN
    return JobAnswer(data={"spent": actual, "planned": planned, "over_budget": over, "budget_lines": list(lines)})


def _ready(call: JobCall) -> JobAnswer:
    """``open_points`` of the last of the phases, in both languages; ``gate_open`` when there are none."""
    figures, phases = call.input.get("figures"), _phases(call)
    evidence = [str(one.get("what")) for one in given.rows(call, "evidence") if one.get("proof")]
    needed = [str(one) for one in given.items(call, "needed")]
    found = [
        text
        for phase in phases
        for text in missing(
            phase,
            figures if isinstance(figures, Mapping) else {},
            needed=needed if phase == phases[-1] else (),
            evidence=evidence,
            training_least=given.number(call, "training_least", 95),
        )
    ]
    return JobAnswer(data={"gate_open": not found, "open_points": [f"{one[ZH]} / {one[EN]}" for one in found]})


def _gate(tx: Transaction, call: JobCall) -> JobAnswer:
    """Decided once by each job, for each of the phases; back only to a phase that came before, or to this one.

    The business error ``phase_not_reached`` tells which phases it may be sent back to. Raises Conflict when another
    phase is to be decided first, Invalid for a pass without evidence.
    """
    known, phases = _locked(tx, call), _phases(call)
    decided = tx.programmes.gates(known.id)
    if any(one.id.startswith(f"{call.id}.") for one in decided):
        return JobAnswer(data={"gate_outcome": given.text(call, "outcome")})
    outcome = given.choice(call, "outcome", get_args(steering.GateOutcome))
    evidence = tuple(given.rows(call, "evidence"))
    if outcome == "passed" and not evidence:
        raise given.wrong(call, "evidence", zh="至少一项依据", en="at least one piece of evidence")
    now = standing(known.phases, decided)
    if now != phases[0]:
        raise errors.Conflict(
            SKIPPED, zh=f"现在应处理阶段 {now}", en=f"phase {now} has to be decided first", phase=str(now or "")
        )
    back = given.number(call, "return_to", phases[0]) if outcome == "returned" else 0
    reached = [phase for phase in known.phases if phase <= phases[-1]]
    if outcome == "returned" and back not in reached:
        return JobAnswer(error=NOT_REACHED, message=_only_back_to(reached))
    for phase in phases:
        tx.programmes.decide(
            steering.Gate(
                id=f"{call.id}.{phase}",
                programme=known.id,
                phase=phase,
                outcome=outcome,
                return_to=int(back),
                evidence=evidence,
                by=_who(tx, call),
                at=call.now,
            )
        )
    return JobAnswer(data={"gate_outcome": outcome, "return_to": int(back)})


def _only_back_to(reached: Sequence[int]) -> str:
    phases = ", ".join(str(phase) for phase in reached)
    return f"只能退回到过的阶段：{phases} / only back to a phase that was reached: {phases}"


def _baseline(tx: Transaction, call: JobCall) -> JobAnswer:
    """What was before anything changed: kept, and asked for again when the return is measured."""
    known = _locked(tx, call)
    figures = {name: given.number(call, name) for name in BASELINE}
    tx.programmes.put(msgspec.structs.replace(known, baseline=figures))
    return JobAnswer(data={"baseline": figures})


def _measure(tx: Transaction, call: JobCall) -> JobAnswer:
    """``measured``: before, now and the change of each figure; the return, and whether it is below what was planned."""
    known = _locked(tx, call)
    spent = _sum(known.lines, "actual") or _sum(known.lines, "planned")
    roi = returned(given.number(call, "benefit"), spent)
    now = {name: given.number(call, name) for name in BASELINE}
    rows = [
        {
            "figure": name,
            "before": known.baseline.get(name),
            "now": value,
            "change_percent": reviews.change(known.baseline.get(name), value),
        }
        for name, value in now.items()
    ]
    below = roi is None or roi < known.expected_roi
    return JobAnswer(
        data={"measured": rows, "roi": roi, "spent": spent, "expected_roi": known.expected_roi, "roi_below_plan": below}
    )


def _end(tx: Transaction, call: JobCall) -> JobAnswer:
    known = _locked(tx, call)
    if known.ended_at is None:
        outcome = given.text(call, "outcome")
        tx.programmes.put(msgspec.structs.replace(known, ended_at=call.now, outcome=outcome))
    return JobAnswer(data={"phases_passed": sorted(_passed(tx.programmes.gates(known.id)))})


def _passed(gates: Iterable[steering.Gate]) -> set[int]:
    return {gate.phase for gate in gates if gate.outcome == "passed"}


def _locked(tx: Transaction, call: JobCall) -> steering.Programme:
    number = given.text(call, "programme")
    tx.programmes.lock(number)
    known = tx.programmes.get(number)
    if known is None:
        raise errors.NotFound(
            "programme_unknown", zh=f"没有项目 {number}", en=f"there is no programme {number!r}", number=number
        )
    return known


def _phases(call: JobCall) -> list[int]:
    found = [_phase(call, one) for one in given.items(call, "phases")]
    if not found:
        raise given.wrong(call, "phases", zh="阶段编号", en="numbers of phases")
    return found


def _phase(call: JobCall, value: Any) -> int:
    if not given.is_number(value) or value not in PHASES:
        raise given.wrong(call, "phases", zh="1 到 7 的阶段", en="phases from 1 to 7")
    return int(value)


def _lines(call: JobCall) -> list[dict[str, Any]]:
    found = given.rows(call, "lines")[:MOST_LINES]
    for one in found:
        _money(call, one, "planned")
        _money(call, one, "actual")
    return found


def _money(call: JobCall, line: Mapping[str, Any], name: str) -> float:
    value = line.get(name) or 0
    if not given.is_number(value) or value < 0:
        raise given.wrong(call, "lines", zh="金额不为负的预算行", en="lines with money that is not negative")
    return float(value)


def _sum(lines: Iterable[Mapping[str, Any]], name: str) -> float:
    return round(sum(float(one.get(name) or 0) for one in lines), 2)


def _who(tx: Transaction, call: JobCall) -> str:
    """Whoever completed the step of the gate last; empty when nobody did."""
    step = given.text(call, "step", "")
    done = [one for one in tx.waits.work_items(call.instance_id) if one.node == step and one.status == "completed"]
    last = max(done, key=lambda one: one.ended_at or one.created_at, default=None)
    return last.ended_by if last else ""
