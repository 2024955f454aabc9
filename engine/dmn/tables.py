"""Decision tables: compiled once; asked with variables, they give a value and remember why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.dmn import cells, hits, nodes, texts
from engine.dmn.hits import Hit, Policy, Verdict
from engine.dmn.model import InputClause, OutputClause, Table, UnaryTests
from engine.dmn.scope import Scope
from engine.dmn.types import Gate
from engine.feel import tree
from engine.feel.compiler import static as compiling
from engine.feel.compiler.static import Code, Static
from engine.feel.run import Run
from engine.feel.values import Value

MAX_TRACES = 1000
"""Tables within functions can be asked without end; more are not remembered."""


class Column(NamedTuple):
    label: str
    value: Code
    gate: Gate | None
    allowed: cells.Test | None
    variable: str


@dataclass(frozen=True)
class Compiled:
    """A table, ready to be asked."""

    table: Table
    name: str
    columns: tuple[Column, ...]
    rules: tuple[tuple[tuple[int, cells.Test], ...], ...]
    """For each rule its cells that ask something, with their column."""
    outputs: tuple[tuple[Code, ...], ...]
    gates: tuple[Gate | None, ...]
    """For each output."""
    defaults: tuple[Code, ...]
    """Empty where the table has none."""
    policy: Policy


class Trace(NamedTuple):
    """One table that was asked."""

    compiled: Compiled
    values: tuple[Value, ...]
    """Of the inputs."""
    missed: tuple[int, ...]
    """For each rule the column of the first cell that said no; -1 for a hit; rules behind are not looked at."""
    verdict: Verdict
    default: bool


@dataclass
class Memory:
    """What one evaluation remembers for its explanation."""

    traces: list[Trace] = field(default_factory=list)


class TracingRun(Run):
    """A run that remembers the tables it asked."""

    __slots__ = ("memory",)

    def __init__(self, memory: Memory, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        self.memory = memory


def prepare(table: Table, scope: Scope, name: str) -> Callable[[Static], Code]:
    """Parse all cells now, so that their problems are known; compile them when the rest of the tree is."""
    _check(table, scope)
    columns = [_column_texts(clause, scope) for clause in table.inputs]
    inner = scope.binding(("?", *(clause.variable for clause in table.inputs if clause.variable)))
    rules = [tuple(texts.tests(cell, inner.at(rule)) for cell in rule.inputs) for rule in table.rules]
    outputs = [tuple(texts.expression(cell, scope.at(rule)) for cell in rule.outputs) for rule in table.rules]
    gates = tuple(scope.gate(output.type_ref, output) for output in table.outputs)
    wanted = [output.default for output in table.outputs]
    defaults = [tree.Literal(0, None) if default is None else texts.expression(default, scope) for default in wanted]
    orders = tuple(_order_nodes(output, table, scope) for output in table.outputs)
    if table.hit_policy in ("PRIORITY", "OUTPUT ORDER") and not any(orders):
        zh, en = (
            f"{table.hit_policy} 需要输出列的允许值来确定顺序",
            f"{table.hit_policy} needs allowed values to order by",
        )
        scope.problem("order_unknown", table, zh=zh, en=en, severity="warning")

    def build(static: Static) -> Code:
        policy = Policy(table.hit_policy, table.aggregation, _names(table), tuple(_values(o, static) for o in orders))
        compiled = Compiled(
            table=table,
            name=name,
            columns=tuple(column(static) for column in columns),
            rules=tuple(_cells(rule, static, table.inputs) for rule in rules),
            outputs=tuple(static.compile_all(row) for row in outputs),
            gates=gates,
            defaults=static.compile_all(defaults) if any(default is not None for default in wanted) else (),
            policy=policy,
        )
        return lambda variables, run: ask(compiled, variables, run)

    return build


def _check(table: Table, scope: Scope) -> None:
    """What the standard asks of a table as a whole."""
    names = [output.name for output in table.outputs]
    if len(names) > 1 and (len(set(names)) < len(names) or "" in names):
        scope.problem("output_names", table, zh="输出列必须各有不同的名称", en="each output needs a name of its own")
    if table.aggregation and table.hit_policy != "COLLECT":
        zh, en = f"{table.hit_policy} 表不能聚合", f"only COLLECT aggregates, not {table.hit_policy}"
        scope.problem("aggregation_ignored", table, zh=zh, en=en, severity="warning")
    if table.aggregation in ("SUM", "MIN", "MAX") and len(names) > 1:
        zh, en = f"{table.aggregation} 只能用于单个输出", f"{table.aggregation} needs a single output"
        scope.problem("aggregation_outputs", table, zh=zh, en=en)


def _names(table: Table) -> tuple[str, ...]:
    return tuple(output.name or output.label or f"output {i + 1}" for i, output in enumerate(table.outputs))


def _column_texts(clause: InputClause, scope: Scope) -> Callable[[Static], Column]:
    node = texts.expression(clause.expression, scope)
    gate = scope.gate(clause.expression.type_ref, clause.expression)
    allowed = None if clause.allowed is None else texts.tests(clause.allowed, scope)
    label = clause.label or " ".join(clause.expression.text.split())

    def build(static: Static) -> Column:
        test = None if allowed is None else cells.compile_tests(*allowed, static)
        return Column(label, static.compile(node), gate, test, clause.variable)

    return build


def _cells(
    rule: Sequence[texts.Tests | None], static: Static, clauses: Sequence[InputClause]
) -> tuple[tuple[int, cells.Test], ...]:
    found = []
    for column, (tests, clause) in enumerate(zip(rule, clauses, strict=True)):
        if tests is not None:
            inner = static.binding((clause.variable,)) if clause.variable else static
            found.append((column, cells.compile_tests(*tests, inner)))
    return tuple(found)


def _order_nodes(output: OutputClause, table: Table, scope: Scope) -> list[tree.Node]:
    """The allowed values in the order that PRIORITY and OUTPUT ORDER want."""
    allowed: UnaryTests | None = output.allowed
    for name in (output.type_ref, table.type_ref):
        item = scope.catalogue.items.get(name)
        if allowed is None and item is not None and (name == output.type_ref or len(table.outputs) == 1):
            allowed = item.allowed
    found = None if allowed is None else texts.tests(allowed, scope)
    return [] if found is None or found[1] else found[0]


def _values(order: Sequence[tree.Node], static: Static) -> tuple[Value, ...]:
    run = Run(quiet=True)
    return tuple(code({}, run) for code in compiling.Static(nodes.COMPILERS, static.definitions).compile_all(order))


def ask(compiled: Compiled, variables: compiling.Scope, run: Run) -> Value:
    """The table's value for these variables."""
    run.spend(1 + len(compiled.rules))
    values = tuple(_input(column, variables, run) for column in compiled.columns)
    scopes = [_cell_scope(variables, column, value) for column, value in zip(compiled.columns, values, strict=True)]
    missed = _missed(compiled, values, scopes, run)
    found = [Hit(index, _outputs(compiled, index, variables, run)) for index, column in enumerate(missed) if column < 0]
    default = not found and bool(compiled.defaults)
    verdict = hits.decide(compiled.policy, found, run) if found else Verdict(_default(compiled, variables, run), ())
    if verdict.trouble:
        name, words = compiled.name, verdict.trouble
        nodes.note(run, "table_incorrect", zh=f"“{name}”：{words['zh-CN']}", en=f"{name}: {words['en']}")
    if isinstance(run, TracingRun) and len(run.memory.traces) < MAX_TRACES:
        run.memory.traces.append(Trace(compiled, values, missed, verdict, default))
    return verdict.value


def _cell_scope(variables: compiling.Scope, column: Column, value: Value) -> compiling.Scope:
    own = {"?": value, column.variable: value} if column.variable else {"?": value}
    return {**variables, **own}


def _missed(
    compiled: Compiled, values: Sequence[Value], scopes: Sequence[compiling.Scope], run: Run
) -> tuple[int, ...]:
    """For each rule the column that says no, -1 for a hit. FIRST stops there."""
    stop = compiled.table.hit_policy == "FIRST"
    missed = []
    for rule in compiled.rules:
        for column, test in rule:
            if test(values[column], scopes[column], run) is not True:
                missed.append(column)
                break
        else:
            missed.append(-1)
            if stop:
                break
    return tuple(missed)


def _input(column: Column, variables: compiling.Scope, run: Run) -> Value:
    value = nodes.admit(column.value(variables, run), column.gate, column.label, run)
    if value is None or column.allowed is None or column.allowed(value, {**variables, "?": value}, run) is True:
        return value
    nodes.note(
        run,
        "input_not_allowed",
        zh=f"输入“{column.label}”的值不在允许值内",
        en=f"the value of input {column.label} is not among its allowed values",
    )
    return value


def _outputs(compiled: Compiled, rule: int, variables: compiling.Scope, run: Run) -> tuple[Value, ...]:
    return tuple(
        nodes.admit(code(variables, run), gate, name, run)
        for code, gate, name in zip(compiled.outputs[rule], compiled.gates, compiled.policy.names, strict=True)
    )


def _default(compiled: Compiled, variables: compiling.Scope, run: Run) -> Value:
    if not compiled.defaults:
        return None
    values = [code(variables, run) for code in compiled.defaults]
    if len(values) == 1:
        return values[0]
    return dict(zip(compiled.policy.names, values, strict=True))
