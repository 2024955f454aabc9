"""Boxed expressions, those of DMN 1.4 and 1.5 included: what each is worth, alone and within each other."""

from typing import Any

import pytest

from engine import dmn, feel
from tests.unit.dmn.documents import decision, document, escape, input_data, knowledge, literal, table, value


def entry(name: str, boxed: str, type_ref: str = "") -> str:
    typed = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<contextEntry><variable name="{escape(name)}"{typed}/>{boxed}</contextEntry>'


def context(*entries: tuple[str, str], result: str = "") -> str:
    last = f"<contextEntry>{result}</contextEntry>" if result else ""
    return f"<context>{''.join(entry(name, boxed) for name, boxed in entries)}{last}</context>"


def listing(*items: str) -> str:
    return f"<list>{''.join(items)}</list>"


def relation(columns: str, *rows: str) -> str:
    head = "".join(f'<column name="{name}"/>' for name in columns.split())
    body = "".join(f"<row>{''.join(map(literal, row.split()))}</row>" for row in rows)
    return f"<relation>{head}{body}</relation>"


def conditional(condition: str, then: str, otherwise: str) -> str:
    return f"<conditional><if>{condition}</if><then>{then}</then><else>{otherwise}</else></conditional>"


def filtered(source: str, match: str) -> str:
    return f"<filter><in>{source}</in><match>{match}</match></filter>"


def iterated(kind: str, source: str, body: str, name: str = "i") -> str:
    inner = "return" if kind == "for" else "satisfies"
    return f'<{kind} iteratorVariable="{name}"><in>{source}</in><{inner}>{body}</{inner}></{kind}>'


def function(parameters: str, body: str) -> str:
    formal = "".join(f'<formalParameter name="{name}"/>' for name in parameters.split())
    return f"<functionDefinition>{formal}{body}</functionDefinition>"


def invocation(callee: str, **bindings: str) -> str:
    bound = "".join(f'<binding><parameter name="{name}"/>{literal(text)}</binding>' for name, text in bindings.items())
    return f"<invocation>{literal(callee)}{bound}</invocation>"


ONE, TWO = literal("1"), literal("2")
YES, NO, MAYBE = literal("true"), literal("false"), literal("null")

CONTEXTS = [
    (context(("a", ONE)), "{a: 1}"),
    (context(("a", ONE), ("b", literal("a + 1"))), "{a: 1, b: 2}"),
    (context(("a b", ONE), ("c", literal("a b * 2"))), '{"a b": 1, c: 2}'),
    (context(("a", ONE), result=literal("a + 10")), "11"),
    (context(result=literal("5")), "5"),
    (context(("a", context(("b", ONE))), ("c", literal("a.b"))), "{a: {b: 1}, c: 1}"),
    (context(("a", listing(ONE, TWO)), result=literal("count(a)")), "2"),
    (context(("f", function("x", literal("x * 2"))), result=literal("f(4)")), "8"),
    (context(("f", function("x y", literal("x - y"))), result=literal("f(y: 1, x: 5)")), "4"),
]
LISTS = [
    (listing(), "[]"),
    (listing(ONE), "[1]"),
    (listing(ONE, literal('"a"'), literal("null")), '[1, "a", null]'),
    (listing(listing(ONE), listing()), "[[1], []]"),
    (listing(context(("a", ONE)), context(("a", TWO))), "[{a: 1}, {a: 2}]"),
]
RELATIONS = [
    (relation("a b", "1 2", "3 4"), "[{a: 1, b: 2}, {a: 3, b: 4}]"),
    (relation("a", "1"), "[{a: 1}]"),
    (relation("a"), "[]"),
    (relation("a b", "null true"), "[{a: null, b: true}]"),
    (context(("r", relation("a b", "1 2", "3 4")), result=literal("r[a = 3].b")), "[4]"),
    (context(("r", relation("a b", "1 2", "3 4")), result=literal("sum(r.b)")), "6"),
]
CONDITIONALS = [
    (conditional(YES, ONE, TWO), "1"),
    (conditional(NO, ONE, TWO), "2"),
    (conditional(MAYBE, ONE, TWO), "2"),  # null is no
    (conditional(literal("1 = 1"), ONE, TWO), "1"),
    (conditional(YES, conditional(NO, ONE, TWO), ONE), "2"),
    (conditional(YES, listing(ONE), TWO), "[1]"),
    (conditional(literal("1"), ONE, TWO), "null"),  # no boolean at all
    (conditional(literal('"true"'), ONE, TWO), "null"),
]
FILTERS = [
    (filtered(literal("[1, 2, 3]"), literal("item > 1")), "[2, 3]"),
    (filtered(literal("[]"), literal("item > 1")), "[]"),
    (filtered(literal("[1, null]"), literal("item = null")), "[null]"),
    (filtered(literal("[{a: 1}, {a: 2}]"), literal("a > 1")), "[{a: 2}]"),
    (filtered(literal("[{a: 1}, {a: 2}]"), literal("item.a > 1")), "[{a: 2}]"),
    (filtered(relation("a b", "1 2", "3 4"), literal("b = 4")), "[{a: 3, b: 4}]"),
    (filtered(literal("[1, 2]"), YES), "[1, 2]"),
    (filtered(literal("[1, 2]"), NO), "[]"),
]
ITERATIONS = [
    (iterated("for", literal("[1, 2]"), literal("i * 10")), "[10, 20]"),
    (iterated("for", literal("[]"), literal("i")), "[]"),
    (iterated("for", literal("[1..3]"), literal("i")), "[1, 2, 3]"),
    (iterated("for", literal("[1, 2, 3]"), literal("count(partial)")), "[0, 1, 2]"),
    (iterated("for", literal("[1, 2]"), context(("n", literal("i")))), "[{n: 1}, {n: 2}]"),
    (
        iterated("for", literal("[1, 2]"), iterated("for", literal("[10, 20]"), literal("i + j"), "j")),
        "[[11, 21], [12, 22]]",
    ),
    (iterated("for", literal("[1, 2]"), literal("the one + 1"), "the one"), "[2, 3]"),
    (iterated("some", literal("[1, 2]"), literal("i > 1")), "true"),
    (iterated("some", literal("[1, 2]"), literal("i > 2")), "false"),
    (iterated("some", literal("[]"), YES), "false"),
    (iterated("some", literal("[1, null]"), literal("i > 5")), "null"),
    (iterated("every", literal("[1, 2]"), literal("i > 0")), "true"),
    (iterated("every", literal("[1, 2]"), literal("i > 1")), "false"),
    (iterated("every", literal("[]"), NO), "true"),
    (iterated("every", literal("[1, null]"), literal("i > 0")), "null"),
]
CALLS = [
    (context(("f", function("x", literal("x + 1"))), result=invocation("f", x="2")), "3"),
    (context(("f", function("x y", literal("x - y"))), result=invocation("f", y="1", x="10")), "9"),
    (context(("f", function("", ONE)), result=invocation("f")), "1"),
    (
        context(
            ("f", function("x", context(("a", literal("x")), result=literal("a * 2")))), result=invocation("f", x="3")
        ),
        "6",
    ),
    (context(("f", function("x", literal("x"))), result=invocation("f", y="1")), "null"),  # no such parameter
    (context(("f", function("x", literal("x"))), result=invocation("f")), "null"),
    (context(("f", ONE), result=invocation("f", x="1")), "null"),  # no function
    (invocation("abs", n="-3"), "3"),  # a built-in one
    (
        context(
            ("f", function("x", table(["x"], [["> 5", '"big"'], ["-", '"small"']], policy="FIRST"))),
            result=invocation("f", x="9"),
        ),
        '"big"',
    ),
]
ALL = [*CONTEXTS, *LISTS, *RELATIONS, *CONDITIONALS, *FILTERS, *ITERATIONS, *CALLS]


@pytest.mark.parametrize(("boxed", "expected"), ALL)
def test_a_boxed_expression_is_worth(boxed: str, expected: str) -> None:
    assert feel.to_text([value(decision("d", boxed), "d")]) == f"[{expected}]"


@pytest.mark.parametrize(("boxed", "expected"), ALL)
def test_a_boxed_expression_is_worth_the_same_within_a_knowledge_model(boxed: str, expected: str) -> None:
    model = knowledge("k", boxed) + decision("d", literal("k()"), knows=["k"])
    assert feel.to_text([value(model, "d")]) == f"[{expected}]"


@pytest.mark.parametrize(
    ("boxed", "expected"),
    [
        (filtered(literal("5"), YES), "[5]"),  # an element is a list of it
        (filtered(literal("null"), YES), "null"),
        (filtered(literal("[1, 2]"), literal("1")), "null"),  # a match is a condition, not an index
        (iterated("for", literal("5"), literal("i")), "[5]"),
        (iterated("for", literal("null"), literal("i")), "null"),
        (iterated("some", literal("null"), YES), "null"),
        (iterated("every", literal("null"), YES), "null"),
        (iterated("some", literal("5"), literal("i = 5")), "true"),
    ],
)
def test_what_is_no_list_is_iterated_as_a_list_of_it_and_null_is_not(boxed: str, expected: str) -> None:
    assert feel.to_text([value(decision("d", boxed), "d")]) == f"[{expected}]"


@pytest.mark.parametrize(
    ("boxed", "code"),
    [
        ("<conditional><if>" + YES + "</if><then>" + ONE + "</then></conditional>", None),
        ("<relation><column name='a'/><row>" + ONE + TWO + "</row></relation>", "relation_row_of_other_width"),
        ("<invocation>" + literal("f") + "<binding>" + ONE + "</binding></invocation>", "binding_without_parameter"),
        ("<context>" + entry("a", literal("1 +")) + "</context>", "expression_syntax"),
        ("<list>" + literal(")") + "</list>", "expression_syntax"),
        (filtered(literal("[1"), YES), "expression_syntax"),
        (iterated("for", ONE, literal("i i")), "expression_syntax"),
        (iterated("some", literal("("), YES), "expression_syntax"),
        ("<context>" + entry("a", ONE, "tUnknown") + "</context>", "type_unknown"),
        ("<literalExpression><importedValues/><text>1</text></literalExpression>", "imported_values"),
    ],
)
def test_what_is_wrong_within_a_boxed_expression_is_told(boxed: str, code: str | None) -> None:
    model = dmn.read(document(decision("d", boxed)), file="m.dmn")
    found = [problem.code for problem in model.problems]
    assert (code in found) if code else found == []


@pytest.mark.parametrize(
    ("type_ref", "text", "expected"),
    [
        ("number", "1", 1),
        ("number", '"a"', None),
        ("number", "[1]", 1),
        ("string", '"a"', "a"),
        ("string", "1", None),
        ("boolean", "true", True),
        ("Any", "1", 1),
    ],
)
def test_a_context_entry_obeys_its_type(type_ref: str, text: str, expected: Any) -> None:
    boxed = f"<context>{entry('a', literal(text), type_ref)}<contextEntry>{literal('a')}</contextEntry></context>"
    assert value(decision("d", boxed), "d") == expected


def test_boxed_expressions_see_inputs_requirements_and_functions() -> None:
    boxed = context(
        ("total", iterated("for", literal("orders"), literal("amount of(i)"))),
        ("large", filtered(literal("total"), literal("item > limit"))),
        result=conditional(literal("count(large) > 1"), literal('"many"'), literal("large[1]")),
    )
    model = (
        input_data("orders")
        + decision("limit", literal("10"))
        + knowledge("amount of", literal("order.price * order.pieces"), parameters={"order": ""})
        + decision("d", boxed, needs=["in:orders", "limit"], knows=["amount of"])
    )
    orders = [{"price": 5, "pieces": 3}, {"price": 1, "pieces": 4}]  # 15 and 4
    assert value(model, "d", {"orders": orders}) == 15
    assert value(model, "d", {"orders": [*orders, {"price": 20, "pieces": 1}]}) == "many"
