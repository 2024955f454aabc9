"""Boxed expressions: from the elements of a DMN file to the values of ``engine.dmn.model``."""

from collections.abc import Callable

from engine.dmn import xml
from engine.dmn.model import (
    AGGREGATIONS,
    HIT_POLICIES,
    Binding,
    Boxed,
    Conditional,
    Context,
    ContextEntry,
    Filter,
    For,
    Function,
    InputClause,
    Invocation,
    Listing,
    Literal,
    OutputClause,
    Quantified,
    Relation,
    Rule,
    Table,
    UnaryTests,
)
from engine.dmn.reading import Reading, language_of, one_space, type_ref

Reader = Callable[[Reading, xml.Tree], Boxed]


def first(reading: Reading, parent: xml.Tree | None) -> Boxed | None:
    """The first boxed expression among the children of ``parent``; None where there is none."""
    found = [] if parent is None else _all(reading, parent, limit=1)
    return found[0] if found else None


def _all(reading: Reading, parent: xml.Tree, limit: int = 1_000_000) -> list[Boxed | None]:
    found: list[Boxed | None] = []
    for element in parent:
        reader = _READERS.get(xml.local(element))
        if reader is not None and xml.namespace(element) == xml.namespace(parent) and len(found) < limit:
            found.append(reader(reading, element))
    return found


def _literal(reading: Reading, element: xml.Tree) -> Literal:
    return reading.literal(element)


def _table(reading: Reading, element: xml.Tree) -> Table:
    inputs = tuple(_input(reading, clause) for clause in xml.children(element, "input"))
    outputs = tuple(_output(reading, clause) for clause in xml.children(element, "output"))
    rules = tuple(_rule(reading, rule, len(inputs), len(outputs)) for rule in xml.children(element, "rule"))
    policy = one_space(element.get("hitPolicy") or "UNIQUE").upper().replace("_", " ")
    aggregation = one_space(element.get("aggregation") or "").upper()
    if not outputs:
        reading.problem("table_without_output", element, zh="决策表没有输出列", en="the decision table has no output")
    known_policy = next((known for known in HIT_POLICIES if known == policy), None)
    if known_policy is None:
        reading.problem(
            "unknown_hit_policy", element, zh=f"未知的命中策略“{policy}”", en=f"unknown hit policy {policy}"
        )
    known_aggregation = next((known for known in AGGREGATIONS if known == aggregation), None)
    if aggregation and known_aggregation is None:
        reading.problem(
            "unknown_aggregation", element, zh=f"未知的聚合方式“{aggregation}”", en=f"unknown aggregation {aggregation}"
        )
    return Table(
        id=element.get("id") or "",
        line=xml.line(element),
        inputs=inputs,
        outputs=outputs,
        rules=rules,
        hit_policy=known_policy or "UNIQUE",
        aggregation=known_aggregation or "",
        annotations=tuple(note.get("name") or "" for note in xml.children(element, "annotation")),
        output_label=one_space(element.get("outputLabel") or ""),
        type_ref=type_ref(element),
    )


def _input(reading: Reading, element: xml.Tree) -> InputClause:
    expression = xml.child(element, "inputExpression")
    if expression is None:
        reading.problem("input_without_expression", element, zh="输入列没有表达式", en="the input has no expression")
    return InputClause(
        id=element.get("id") or "",
        line=xml.line(element),
        expression=Literal(text="null") if expression is None else reading.literal(expression),
        label=one_space(element.get("label") or ""),
        allowed=reading.tests(xml.child(element, "inputValues")),
        variable=xml.attribute(element, "inputVariable").strip(),
    )


def _output(reading: Reading, element: xml.Tree) -> OutputClause:
    default = xml.child(element, "defaultOutputEntry")
    return OutputClause(
        id=element.get("id") or "",
        line=xml.line(element),
        name=one_space(element.get("name") or ""),
        label=one_space(element.get("label") or ""),
        type_ref=type_ref(element),
        allowed=reading.tests(xml.child(element, "outputValues")),
        default=None if default is None else reading.literal(default),
    )


def _rule(reading: Reading, element: xml.Tree, inputs: int, outputs: int) -> Rule:
    cells = [_cell(element) for element in xml.children(element, "inputEntry")]
    results = [reading.literal(entry) for entry in xml.children(element, "outputEntry")]
    if len(cells) != inputs or len(results) != outputs:
        reading.problem(
            "rule_of_other_width",
            element,
            zh=f"规则有 {len(cells)} 个输入格和 {len(results)} 个输出格，表头为 {inputs} 和 {outputs}",
            en=f"{len(cells)} input and {len(results)} output cells under a head of {inputs} and {outputs}",
        )
        cells = (cells + [UnaryTests(text="-")] * inputs)[:inputs]
        results = (results + [Literal(text="null")] * outputs)[:outputs]
    return Rule(
        id=element.get("id") or "",
        line=xml.line(element),
        inputs=tuple(cells),
        outputs=tuple(results),
        annotations=tuple(
            xml.text(xml.child(note, "text")).strip() for note in xml.children(element, "annotationEntry")
        ),
        description=xml.text(xml.child(element, "description")).strip(),
    )


def _cell(element: xml.Tree) -> UnaryTests:
    return UnaryTests(
        id=element.get("id") or "",
        line=xml.line(element),
        text=xml.text(xml.child(element, "text")),
        language=language_of(element, "feel"),
    )


def _context(reading: Reading, element: xml.Tree) -> Context:
    entries = []
    for entry in xml.children(element, "contextEntry"):
        variable = xml.child(entry, "variable")
        entries.append(
            ContextEntry(
                id=entry.get("id") or "",
                line=xml.line(entry),
                variable=None if variable is None else reading.variable(variable),
                value=first(reading, entry),
            )
        )
    return Context(
        id=element.get("id") or "", line=xml.line(element), entries=tuple(entries), type_ref=type_ref(element)
    )


def _invocation(reading: Reading, element: xml.Tree) -> Invocation:
    bindings = []
    for binding in xml.children(element, "binding"):
        parameter = xml.child(binding, "parameter")
        if parameter is None:
            reading.problem("binding_without_parameter", binding, zh="绑定缺少参数", en="the binding has no parameter")
        bindings.append(
            Binding(line=xml.line(binding), parameter=reading.variable(parameter), value=first(reading, binding))
        )
    return Invocation(
        id=element.get("id") or "",
        line=xml.line(element),
        callee=first(reading, element),
        bindings=tuple(bindings),
        type_ref=type_ref(element),
    )


def _listing(reading: Reading, element: xml.Tree) -> Listing:
    return Listing(
        id=element.get("id") or "",
        line=xml.line(element),
        items=tuple(_all(reading, element)),
        type_ref=type_ref(element),
    )


def _relation(reading: Reading, element: xml.Tree) -> Relation:
    columns = tuple(reading.variable(column) for column in xml.children(element, "column"))
    rows = []
    for row in xml.children(element, "row"):
        cells = tuple(_all(reading, row))
        if len(cells) != len(columns):
            reading.problem(
                "relation_row_of_other_width",
                row,
                zh=f"关系表的行有 {len(cells)} 格，应为 {len(columns)} 格",
                en=f"the row has {len(cells)} cells, the relation {len(columns)} columns",
            )
        rows.append(cells)
    return Relation(
        id=element.get("id") or "",
        line=xml.line(element),
        columns=columns,
        rows=tuple(rows),
        type_ref=type_ref(element),
    )


def function(reading: Reading, element: xml.Tree) -> Function:
    return Function(
        id=element.get("id") or "",
        line=xml.line(element),
        parameters=tuple(reading.variable(parameter) for parameter in xml.children(element, "formalParameter")),
        body=first(reading, element),
        kind=element.get("kind") or "FEEL",
        type_ref=type_ref(element),
    )


def _conditional(reading: Reading, element: xml.Tree) -> Conditional:
    return Conditional(
        id=element.get("id") or "",
        line=xml.line(element),
        condition=first(reading, xml.child(element, "if")),
        then=first(reading, xml.child(element, "then")),
        otherwise=first(reading, xml.child(element, "else")),
        type_ref=type_ref(element),
    )


def _filter(reading: Reading, element: xml.Tree) -> Filter:
    return Filter(
        id=element.get("id") or "",
        line=xml.line(element),
        source=first(reading, xml.child(element, "in")),
        match=first(reading, xml.child(element, "match")),
        type_ref=type_ref(element),
    )


def _for(reading: Reading, element: xml.Tree) -> For:
    source = xml.child(element, "in")
    return For(
        id=element.get("id") or "",
        line=xml.line(element),
        variable=one_space(element.get("iteratorVariable") or ""),
        source=first(reading, source),
        result=first(reading, xml.child(element, "return")),
        source_type="" if source is None else type_ref(source),
        type_ref=type_ref(element),
    )


def _quantified(reading: Reading, element: xml.Tree) -> Quantified:
    source = xml.child(element, "in")
    return Quantified(
        id=element.get("id") or "",
        line=xml.line(element),
        every=xml.local(element) == "every",
        variable=one_space(element.get("iteratorVariable") or ""),
        source=first(reading, source),
        satisfies=first(reading, xml.child(element, "satisfies")),
        source_type="" if source is None else type_ref(source),
        type_ref=type_ref(element),
    )


_READERS: dict[str, Reader] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "invocation": _invocation,
    "list": _listing,
    "relation": _relation,
    "functionDefinition": function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
}
