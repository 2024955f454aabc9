"""A table as a grid of texts, for rules that people edit in a form: customer groups, rates, authorities.

model = grid.definitions("Group", inputs={"customer.revenue": "number"}, outputs={"group": "string"},
                         rows=[[">= 100000", '"key"'], ["< 100000", '"base"']])
analyse.analyse(grid.table_of(model))       # overlaps and gaps, with a customer as counter-example
dmn.evaluate(dmn.build(model), "Group", {"customer": {"revenue": 5}})
write.definitions(model)                    # as a DMN file
"""

from collections.abc import Mapping, Sequence

from engine.dmn.model import (
    Decision,
    Definitions,
    HitPolicy,
    InputClause,
    InputData,
    Literal,
    OutputClause,
    Reference,
    Rule,
    Table,
    UnaryTests,
    Variable,
)
from engine.errors import Invalid


def definitions(
    name: str,
    *,
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
    rows: Sequence[Sequence[str]],
    hit_policy: HitPolicy = "UNIQUE",
    allowed: Mapping[str, str] | None = None,
    ids: Sequence[str] = (),
) -> Definitions:
    """One decision called ``name`` whose logic is the table.

    ``inputs`` and ``outputs`` give each column's expression or name with its type (empty: any); a row is its input
    cells, then its output cells; ``allowed`` the allowed values of columns as unary tests; ``ids`` the rules' ids.
    Raises Invalid for a row of another width.
    """
    limits = {column: UnaryTests(text=text) for column, text in (allowed or {}).items()}
    table = Table(
        hit_policy=hit_policy,
        inputs=tuple(
            InputClause(expression=Literal(text=text, type_ref=type_ref), label=text, allowed=limits.get(text))
            for text, type_ref in inputs.items()
        ),
        outputs=tuple(
            OutputClause(name=column, type_ref=type_ref, allowed=limits.get(column))
            for column, type_ref in outputs.items()
        ),
        rules=tuple(
            _rule(number, row, len(inputs), len(outputs), ids[number - 1] if ids else str(number))
            for number, row in enumerate(rows, start=1)
        ),
    )
    roots = sorted({text.split(".")[0].strip() for text in inputs})
    data = tuple(InputData(id=f"input_{root}", name=root, variable=Variable(name=root)) for root in roots)
    decision = Decision(
        id="decision",
        name=name,
        variable=Variable(name=name),
        requires=tuple(Reference(element.id) for element in data),
        body=table,
    )
    return Definitions(name=name, namespace="urn:crmflow:decisions", inputs=data, decisions=(decision,))


def _rule(number: int, row: Sequence[str], inputs: int, outputs: int, id_: str) -> Rule:
    if len(row) != inputs + outputs:
        raise Invalid(
            "row_of_other_width",
            zh=f"第 {number} 行有 {len(row)} 格，应为 {inputs + outputs} 格",
            en=f"row {number} has {len(row)} cells, but there are {inputs + outputs} columns",
            row=number,
        )
    return Rule(
        id=id_,
        inputs=tuple(UnaryTests(text=cell) for cell in row[:inputs]),
        outputs=tuple(Literal(text=cell) for cell in row[inputs:]),
    )


def table_of(model: Definitions) -> Table:
    """The table of the model's only decision. Raises Invalid where its logic is none."""
    body = model.decisions[0].body if len(model.decisions) == 1 else None
    if not isinstance(body, Table):
        raise Invalid("not_a_grid", zh=f"“{model.name}”不是单一决策表", en=f"{model.name!r} is not one decision table")
    return body
