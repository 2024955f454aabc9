"""What an evaluation remembered, told as an explanation."""

from collections.abc import Iterator, Sequence

from engine.dmn.evaluation import Record
from engine.dmn.explain import Explanation, Miss, RuleNote, Step
from engine.dmn.model import Rule, Table
from engine.dmn.tables import Trace
from engine.feel import boundary


def tell(records: Sequence[Record]) -> Explanation:
    return tuple(step for record in records for step in _steps(record))


def rules_used(records: Sequence[Record]) -> tuple[str, ...]:
    """Of the last decision that was computed."""
    traces = records[-1].traces if records else ()
    own = [trace for trace in traces if trace.compiled.table is getattr(records[-1].unit.element, "body", None)]
    if not own:
        return ()
    rules = own[-1].compiled.table.rules
    return tuple(rules[index].id or str(index + 1) for index in own[-1].verdict.rules)


def _steps(record: Record) -> Iterator[Step]:
    element = record.unit.element
    own = getattr(element, "body", None)
    for trace in record.traces:
        name = record.unit.name if trace.compiled.table is own else trace.compiled.name
        yield _table(trace, element.id, name)
    if not isinstance(own, Table):
        yield Step(element=element.id, name=record.unit.name, value=boundary.to_json(record.value))


def _table(trace: Trace, element: str, name: str) -> Step:
    compiled = trace.compiled
    labels = [column.label for column in compiled.columns]
    values = [boundary.to_json(value) for value in trace.values]
    return Step(
        element=element,
        name=name,
        value=boundary.to_json(trace.verdict.value),
        hit_policy=" ".join(part for part in (compiled.table.hit_policy, compiled.table.aggregation) if part),
        inputs=tuple(zip(labels, values, strict=True)),
        rules=tuple(_rule(trace, index, rule, labels, values) for index, rule in enumerate(compiled.table.rules)),
        default=trace.default,
        trouble=trace.verdict.trouble,
    )


def _rule(trace: Trace, index: int, rule: Rule, labels: list[str], values: list[object]) -> RuleNote:
    looked_at = index < len(trace.missed)
    column = trace.missed[index] if looked_at else -1
    miss = Miss(labels[column], values[column], rule.inputs[column].text.strip()) if column >= 0 else None
    return RuleNote(
        number=index + 1,
        id=rule.id,
        matched=looked_at and column < 0,
        used=index in trace.verdict.rules and trace.verdict.trouble is None,
        miss=miss,
        annotations=(rule.description, *rule.annotations) if rule.description else rule.annotations,
    )
