"""All rules over one document."""

from collections.abc import Sequence

from engine.bpmn.dialects.dialect import Dialect
from engine.bpmn.reading import Context
from engine.bpmn.rules import data, events, flows, gateways, starts_and_ends, structure, work
from engine.bpmn.rules.rule import Model, Rule

RULES: tuple[Rule, ...] = (
    *flows.RULES,
    *starts_and_ends.RULES,
    *events.RULES,
    *gateways.RULES,
    *structure.RULES,
    *data.RULES,
    *work.RULES,
)
FELT = frozenset({"lone_conditional_flow", "pointless_gateway", "loop_not_counted"})
"""Strict rules whose breach shows when the process runs: warnings."""
MAX_EACH = 200
"""Places of one rule that are reported; a file that breaks it more often has been told enough."""


def check(context: Context, dialects: Sequence[Dialect]) -> None:
    model = Model(context)
    for rule in RULES:
        if rule.strict and dialects:
            continue
        for count, tag in enumerate(rule.places(model)):
            if count == MAX_EACH:
                break
            context.note(
                rule.code,
                tag,
                zh=f"{rule.zh}（{rule.number}）",
                en=f"{rule.en} ({rule.number})",
                mend=rule.mend,
                severity="info" if rule.strict and rule.code not in FELT else rule.severity,
                fix=rule.fix,
            )
