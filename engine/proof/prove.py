"""Everything that is proved of a program before it may be released, as problems; with traces for the screen."""

from collections.abc import Sequence

import msgspec

from engine.definitions.process import Invariant
from engine.model.problem import Problem, Severity
from engine.model.program import Program
from engine.model.text import EN, ZH, Text, both, pick
from engine.proof import dataflow, soundness
from engine.proof import invariants as rules
from engine.proof.explore import Move
from engine.proof.invariants import Breach
from engine.proof.soundness import Verdict

_FAULTS = {
    "deadlock": ("会在“{}”处永远等待", "waits for ever at {!r}"),
    "lack_of_synchronisation": ("“{}”可能同时进行两次", "{!r} can be open twice at the same time"),
    "no_option_to_complete": ("到达“{}”后再也无法结束", "once at {!r} it can never end"),
    "dead_step": ("“{}”永远不会执行", "{!r} can never be reached"),
    "undecided": ("状态太多，未能判定“{}”", "too many states: not decided within the budget for {!r}"),
}
_MENDS: dict[str, Text] = {
    "deadlock": both(
        zh="检查汇合网关：它等待的某条分支可能不会到达",
        en="look at the join: a branch that it waits for may never come",
    ),
    "lack_of_synchronisation": both(
        zh="并行分支应由并行网关汇合", en="branches of a parallel split must be joined by a parallel gateway"
    ),
}


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    verdicts: tuple[Verdict, ...]
    breaches: tuple[Breach, ...]
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Proved, not merely undecided."""
        return not self.verdicts and not self.breaches


def prove(program: Program, *, invariants: Sequence[Invariant] = ()) -> Proof:
    """Soundness first; rules of the family are asked of a sound program only, an unsound one has no full paths. Last
    the data flow."""
    verdicts = soundness.verdicts(program)
    unsound = [one for one in verdicts if one.fault not in ("undecided", "dead_step")]
    breaches = [] if unsound else rules.breaches(program, tuple(invariants))
    told = [_fault(program, one) for one in verdicts] + [_breach(program, one) for one in breaches]
    told += dataflow.problems(program)
    return Proof(verdicts=tuple(verdicts), breaches=tuple(breaches), problems=tuple(told))


def problems(program: Program, *, invariants: Sequence[Invariant] = ()) -> tuple[Problem, ...]:
    return prove(program, invariants=invariants).problems


def in_words(program: Program, trace: Sequence[Move]) -> Text:
    """The steps of a trace by their names."""
    names = {node.id: node for node in program.nodes}
    steps = [move.node for move in trace if move.node]

    def named(locale: str) -> str:
        return " > ".join(
            pick(names[one].texts, locale, names[one].name or one) if one in names else one for one in steps
        )

    return both(zh=named(ZH), en=named(EN))


def frames(trace: Sequence[Move]) -> tuple[tuple[str, ...], ...]:
    """What each move passed: first where it happened, then what began and the ways that were taken."""
    return tuple(
        tuple(dict.fromkeys([*([move.node] if move.node else []), *sorted(move.begun), *move.flows])) for move in trace
    )


def _fault(program: Program, verdict: Verdict) -> Problem:
    zh, en = _FAULTS[verdict.fault]
    name = _name(program, verdict.element)
    path = in_words(program, verdict.trace)
    undecided = verdict.fault == "undecided"
    severity: Severity = "warning" if undecided else "error"
    return Problem(
        code=verdict.fault,
        text=both(
            zh=zh.format(name[ZH]) + (f"：{path[ZH]}" if path[ZH] else ""),
            en=en.format(name[EN]) + (f": {path[EN]}" if path[EN] else ""),
        ),
        severity=severity,
        element=verdict.element,
        name=name[EN],
        trace=frames(verdict.trace),
        mend=_MENDS.get(verdict.fault, {}),
    )


def _breach(program: Program, breach: Breach) -> Problem:
    rule = breach.invariant
    element = rule.second or rule.step
    path = in_words(program, breach.trace)
    says_zh, says_en = pick(rule.names, ZH), pick(rule.names, EN)
    if not breach.decided and breach.says:
        text = both(
            zh=f"未能判定规则“{says_zh}”：{breach.says[ZH]}",
            en=f"the rule {says_en!r} is not decided: {breach.says[EN]}",
        )
    elif not breach.decided:
        text = both(zh=f"状态太多，未能判定规则“{says_zh}”", en=f"too many states: the rule {says_en!r} is not decided")
    elif breach.says:
        text = both(
            zh=f"违反规则“{says_zh}”（{breach.says[ZH]}）：{path[ZH]}",
            en=f"the rule {says_en!r} is broken ({breach.says[EN]}): {path[EN]}",
        )
    else:
        text = both(
            zh=f"违反规则“{says_zh}”" + (f"：{path[ZH]}" if path[ZH] else ""),
            en=f"the rule {says_en!r} is broken" + (f": {path[EN]}" if path[EN] else ""),
        )
    return Problem(
        code="invariant_broken" if breach.decided else "invariant_undecided",
        text=text,
        severity=rule.severity if breach.decided else "warning",
        element=element,
        name=_name(program, element)[EN],
        trace=frames(breach.trace),
    )


def _name(program: Program, element: str) -> Text:
    node = next((node for node in program.nodes if node.id == element), None)
    if node is None:
        return both(zh=element or program.key, en=element or program.key)
    drawn = node.name or node.id
    return both(zh=pick(node.texts, ZH, drawn), en=pick(node.texts, EN, drawn))
