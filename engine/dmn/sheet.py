"""A decision table as people edit it in a grid: texts in rows and columns, what is wrong with each cell, where rules
overlap or leave a gap, and test rows that say what must come out.

A sheet is a file with one decision whose logic is one table; everything else is kept for other editors.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from engine import dmn, errors, feel
from engine.dmn import analyse, grid, write
from engine.dmn.model import AGGREGATIONS, HIT_POLICIES, Aggregation, Definitions, HitPolicy, Rule, Table
from engine.model.problem import Problem
from engine.model.text import Text, both

MOST_ROWS = 300
MOST_COLUMNS = 20
MOST_TESTS = 200
LONGEST_CELL = 2_000


class Input(msgspec.Struct, frozen=True, kw_only=True):
    expression: str
    label: str = ""
    type: str = ""


class Output(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    type: str = ""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    cells: tuple[str, ...]
    """Unary tests of the inputs, then expressions of the outputs."""
    note: str = ""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A test row: FEEL values of the input columns, and those that the output columns must give."""

    given: tuple[str, ...]
    expected: tuple[str, ...]


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    name: str = ""
    hit_policy: HitPolicy = "UNIQUE"
    aggregation: Aggregation = ""
    inputs: tuple[Input, ...] = ()
    outputs: tuple[Output, ...] = ()
    rows: tuple[Row, ...] = ()
    trials: tuple[Trial, ...] = ()


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """``place``: ``cell-2-0`` (row, column, from 0), ``input-1``, ``output-0``, ``trial-3``; empty for the whole."""

    place: str
    text: Text
    severity: str = "error"


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    wrong: tuple[Wrong, ...] = ()
    analysis: analyse.Analysis = analyse.Analysis()
    passed: tuple[bool, ...] = ()
    """One for each test row."""

    @property
    def errors(self) -> tuple[Wrong, ...]:
        return tuple(one for one in self.wrong if one.severity == "error")


def read(data: bytes, *, key: str, trials: Sequence[Trial] = ()) -> Sheet:
    """Raises Invalid where the file holds more than one table, or cannot be read."""
    model = dmn.read(data, file=f"{key}.dmn").definitions
    table = grid.table_of(model)
    if model.knowledge or model.services or model.imports or table.annotations or any(o.allowed for o in table.outputs):
        raise errors.Invalid(
            "not_a_grid",
            zh=f"“{key}”不只是一张决策表，请用 DMN 编辑器修改后上传。",
            en=f"{key!r} is more than one decision table: change it in a DMN editor and upload it.",
        )
    return Sheet(
        key=model.decisions[0].id or key,
        name=model.decisions[0].name,
        hit_policy=table.hit_policy,
        aggregation=table.aggregation,
        inputs=tuple(
            Input(expression=one.expression.text, label=one.label, type=one.expression.type_ref) for one in table.inputs
        ),
        outputs=tuple(Output(name=one.name, type=one.type_ref) for one in table.outputs),
        rows=tuple(_row(rule) for rule in table.rules),
        trials=tuple(trials),
    )


def _row(rule: Rule) -> Row:
    return Row(
        cells=(*(cell.text for cell in rule.inputs), *(cell.text for cell in rule.outputs)), note=rule.description
    )


def written(sheet: Sheet) -> bytes:
    """As a DMN file. Raises Invalid for what no file can hold."""
    return write.definitions(_definitions(sheet))


def examine(sheet: Sheet) -> Findings:
    """Everything at once: cells that are no FEEL, overlaps and gaps with an example of each, and the test rows."""
    wrong = [*_shape(sheet)]
    if wrong:
        return Findings(wrong=tuple(wrong), passed=(False,) * len(sheet.trials))
    model = dmn.build(_definitions(sheet))
    wrong += [_cell(problem) for problem in model.problems]
    analysis = analyse.analyse(grid.table_of(model.definitions)) if sheet.rows else analyse.Analysis()
    if any(one.severity == "error" for one in wrong):
        return Findings(wrong=tuple(wrong), analysis=analysis, passed=(False,) * len(sheet.trials))
    told = [_tried(sheet, number, trial) for number, trial in enumerate(sheet.trials)]
    return Findings(
        wrong=(*wrong, *(one for one in told if one is not None)),
        analysis=analysis,
        passed=tuple(one is None for one in told),
    )


def _shape(sheet: Sheet) -> list[Wrong]:
    found = []
    limits = ((len(sheet.rows), MOST_ROWS), (len(sheet.inputs) + len(sheet.outputs), MOST_COLUMNS))
    if any(count > most for count, most in (*limits, (len(sheet.trials), MOST_TESTS))):
        text = both(
            zh=f"最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列、{MOST_TESTS} 个测试行",
            en=f"At most {MOST_ROWS} rows, {MOST_COLUMNS} columns and {MOST_TESTS} test rows",
        )
        found.append(Wrong(place="", text=text))
    if not sheet.outputs or not sheet.inputs:
        text = both(zh="至少要有一个输入和一个输出", en="There is one input and one output at least")
        found.append(Wrong(place="", text=text))
    if sheet.hit_policy not in HIT_POLICIES or sheet.aggregation not in ("", *AGGREGATIONS):
        found.append(Wrong(place="", text=both(zh="没有这种命中策略", en="There is no such hit policy")))
    names = [one.name for one in sheet.outputs]
    for number, name in enumerate(names):
        if not name.strip() or names.count(name) > 1:
            text = both(zh="输出需要一个不重复的名称", en="An output has a name that no other has")
            found.append(Wrong(place=f"output-{number}", text=text))
    width = len(sheet.inputs) + len(sheet.outputs)
    for at, row in enumerate(sheet.rows):
        for column, cell in enumerate(row.cells):
            if len(cell) > LONGEST_CELL:
                text = both(zh=f"最多 {LONGEST_CELL} 个字符", en=f"At most {LONGEST_CELL} characters")
                found.append(Wrong(place=f"cell-{at}-{column}", text=text))
        if len(row.cells) != width:
            found.append(Wrong(place=f"cell-{at}-0", text=both(zh=f"应有 {width} 格", en=f"expected {width} cells")))
    return found


def _definitions(sheet: Sheet, *, named: bool = False) -> Definitions:
    """``named``: the inputs are the variables ``input_0``, ``input_1`` ..., whatever their expressions say."""
    made = grid.definitions(
        sheet.name or sheet.key,
        inputs={f"input_{number}": one.type for number, one in enumerate(sheet.inputs)},
        outputs={one.name: one.type for one in sheet.outputs},
        rows=[row.cells for row in sheet.rows],
        hit_policy=sheet.hit_policy,
    )
    table = _labelled(grid.table_of(made), sheet, named=named)
    decision = msgspec.structs.replace(made.decisions[0], id=sheet.key, body=table)
    if not named:
        decision = msgspec.structs.replace(decision, requires=())
        made = msgspec.structs.replace(made, inputs=())
    return msgspec.structs.replace(made, id=f"definitions_{sheet.key}", decisions=(decision,))


def _labelled(table: Table, sheet: Sheet, *, named: bool) -> Table:
    """With ids that say the place, so that a problem is found again in the grid."""
    replace = msgspec.structs.replace
    inputs = tuple(
        replace(
            clause,
            id=f"input-{number}",
            label=one.label,
            expression=clause.expression
            if named
            else replace(clause.expression, id=f"input-{number}-expression", text=one.expression),
        )
        for number, (clause, one) in enumerate(zip(table.inputs, sheet.inputs, strict=True))
    )
    rules = tuple(
        replace(
            rule,
            id=f"row-{at}",
            description=row.note,
            inputs=tuple(replace(cell, id=f"cell-{at}-{number}") for number, cell in enumerate(rule.inputs)),
            outputs=tuple(
                replace(cell, id=f"cell-{at}-{len(inputs) + number}") for number, cell in enumerate(rule.outputs)
            ),
        )
        for at, (rule, row) in enumerate(zip(table.rules, sheet.rows, strict=True))
    )
    outputs = tuple(replace(clause, id=f"output-{number}") for number, clause in enumerate(table.outputs))
    return replace(table, id="table", inputs=inputs, outputs=outputs, rules=rules, aggregation=sheet.aggregation)


def _cell(problem: Problem) -> Wrong:
    place = problem.element.removesuffix("-expression")
    known = place.startswith(("cell-", "input-", "output-"))
    # What an input asks for comes from the case: no sheet knows its variables.
    lone = problem.code == "name_unknown"
    return Wrong(place=place if known else "", text=problem.text, severity="warning" if lone else problem.severity)


def _tried(sheet: Sheet, number: int, trial: Trial) -> Wrong | None:
    """None for a test row that gives what it should."""
    place = f"trial-{number}"
    try:
        given = {f"input_{at}": _value(text) for at, text in enumerate(trial.given)}
        wanted = [_value(text) for text in trial.expected]
        model = dmn.build(_definitions(sheet, named=True))
        value = feel.to_json(dmn.evaluate(model, sheet.key, given).value)
    except errors.CrmflowError as error:
        return Wrong(place=place, text=error.text)
    came = [_part(value, output.name, alone=len(sheet.outputs) == 1) for output in sheet.outputs]
    if came == wanted:
        return None
    shown = [", ".join(msgspec.json.encode(one).decode() for one in values) for values in (wanted, came)]
    return Wrong(
        place=place,
        text=both(
            zh=f"测试行 {number + 1}：应得 {shown[0]}，实得 {shown[1]}",
            en=f"test row {number + 1}: expected {shown[0]}, came out as {shown[1]}",
        ),
    )


def _value(text: str) -> Any:
    """Of a FEEL text; empty: null."""
    return feel.to_json(feel.compile_expression(text).evaluate({})) if text.strip() else None


def _part(value: Any, name: str, *, alone: bool) -> Any:
    """One output's share of a result; of several rules a list."""
    if alone:
        return value
    if isinstance(value, list):
        return [one.get(name) if isinstance(one, dict) else one for one in value]
    return value.get(name) if isinstance(value, dict) else value
