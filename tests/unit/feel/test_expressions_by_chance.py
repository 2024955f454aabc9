"""Expressions by chance, each with the value that Python says it has: arithmetic, logic, cells, dialects."""

from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel

bounded = settings(max_examples=120, deadline=None)
NAMES = {"a": 3, "b": -2, "c": 7, "long name": 5}


class Said(NamedTuple):
    """A text, its value, and how tightly its last operation binds (higher binds tighter)."""

    text: str
    value: Any
    binds: int


ATOM, POWER, TIMES, PLUS, COMPARED, AND, OR = 9, 7, 6, 5, 4, 3, 2


def inside(part: Said, least: int) -> str:
    """In brackets where it would else be torn apart."""
    return part.text if part.binds >= least else f"({part.text})"


numbers = st.integers(0, 9).map(lambda n: Said(str(n), Fraction(n), ATOM)) | st.sampled_from(sorted(NAMES)).map(
    lambda name: Said(name, Fraction(NAMES[name]), ATOM)
)


def sums(parts: st.SearchStrategy[Said]) -> st.SearchStrategy[Said]:
    def joined(pair: tuple[Said, str, Said]) -> Said:
        left, operator, right = pair
        if operator == "+":
            return Said(f"{inside(left, PLUS)} + {inside(right, PLUS + 1)}", left.value + right.value, PLUS)
        if operator == "-":
            return Said(f"{inside(left, PLUS)} - {inside(right, PLUS + 1)}", left.value - right.value, PLUS)
        return Said(f"{inside(left, TIMES)} * {inside(right, TIMES + 1)}", left.value * right.value, TIMES)

    squared = parts.map(lambda part: Said(f"{inside(part, POWER)} ** 2", part.value**2, POWER))
    negated = parts.map(lambda part: Said(f"-({part.text})", -part.value, ATOM))
    chosen = st.tuples(parts, parts, parts).map(
        lambda three: Said(
            f"(if {three[0].text} > {three[1].text} then {three[1].text} else {three[2].text})",
            three[1].value if three[0].value > three[1].value else three[2].value,
            ATOM,
        )
    )
    called = parts.map(lambda part: Said(f"abs({part.text})", abs(part.value), ATOM))
    listed = st.tuples(parts, parts).map(lambda pair: Said(f"[{pair[0].text}, {pair[1].text}][2]", pair[1].value, ATOM))
    held = st.tuples(parts, parts).map(
        lambda pair: Said(
            f"{{x: {pair[0].text}, y: x + {inside(pair[1], PLUS + 1)}}}.y", pair[0].value + pair[1].value, ATOM
        )
    )
    given_a_name = st.tuples(parts, parts).map(
        lambda pair: Said(
            f"(function(p) p * {inside(pair[1], TIMES + 1)})({pair[0].text})", pair[0].value * pair[1].value, ATOM
        )
    )
    two = st.tuples(parts, st.sampled_from("+-*"), parts).map(joined)
    return two | two | two | squared | negated | chosen | called | listed | held | given_a_name


arithmetic = st.recursive(numbers, sums, max_leaves=8)


@given(arithmetic)
@bounded
def test_arithmetic_is_what_it_is_in_school(said: Said) -> None:
    found = feel.compile_expression(said.text, names=("long name",)).evaluate(NAMES)
    if abs(said.value) < 10**34:
        assert Fraction(found) == said.value, said.text


@given(arithmetic)
@bounded
def test_an_expression_that_is_written_from_its_tree_means_the_same(said: Said) -> None:
    compiled = feel.compile_expression(said.text, names=("long name",))
    again = feel.compile_expression(compiled.feel_text, names=("long name",))
    assert again.evaluate(NAMES) == compiled.evaluate(NAMES)


@given(arithmetic, arithmetic, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]))
@bounded
def test_a_comparison_binds_looser_than_arithmetic(one: Said, other: Said, operator: str) -> None:
    expected = {
        "<": one.value < other.value,
        "<=": one.value <= other.value,
        ">": one.value > other.value,
        ">=": one.value >= other.value,
        "=": one.value == other.value,
        "!=": one.value != other.value,
    }[operator]
    text = f"{one.text} {operator} {other.text}"
    if max(abs(one.value), abs(other.value)) < 10**34:
        assert feel.compile_expression(text, names=("long name",)).evaluate(NAMES) is expected, text


truths = st.sampled_from([Said("true", True, ATOM), Said("false", False, ATOM), Said("null", None, ATOM)])


def kleene_and(one: Any, other: Any) -> Any:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def kleene_or(one: Any, other: Any) -> Any:
    if one is True or other is True:
        return True
    return None if one is None or other is None else False


def decisions(parts: st.SearchStrategy[Said]) -> st.SearchStrategy[Said]:
    both = st.tuples(parts, parts).map(
        lambda pair: Said(
            f"{inside(pair[0], AND)} and {inside(pair[1], AND)}", kleene_and(pair[0].value, pair[1].value), AND
        )
    )
    either = st.tuples(parts, parts).map(
        lambda pair: Said(
            f"{inside(pair[0], OR)} or {inside(pair[1], OR)}", kleene_or(pair[0].value, pair[1].value), OR
        )
    )
    negated = parts.map(lambda part: Said(f"not({part.text})", None if part.value is None else not part.value, ATOM))
    chosen = st.tuples(parts, parts, parts).map(
        lambda three: Said(
            f"(if {three[0].text} then {three[1].text} else {three[2].text})",
            three[1].value if three[0].value is True else three[2].value,
            ATOM,
        )
    )
    return both | either | negated | chosen


logic = st.recursive(truths, decisions, max_leaves=8)


@given(logic)
@bounded
def test_logic_knows_true_false_and_null(said: Said) -> None:
    assert feel.compile_expression(said.text).evaluate({}) is said.value, said.text


@given(logic)
@bounded
def test_a_condition_holds_only_where_it_is_true(said: Said) -> None:
    assert feel.compile_expression(said.text).holds({}) is (said.value is True)


@given(st.lists(truths, max_size=5))
@bounded
def test_all_and_any_are_the_chain_of_and_and_or(many: list[Said]) -> None:
    listed = "[" + ", ".join(said.text for said in many) + "]"
    conjunction, disjunction = True, False
    for said in many:
        conjunction, disjunction = kleene_and(conjunction, said.value), kleene_or(disjunction, said.value)
    assert feel.compile_expression(f"all({listed})").evaluate({}) is conjunction
    assert feel.compile_expression(f"any({listed})").evaluate({}) is disjunction


PYTHON_ATOMS = ["a", "b", "c", "1", "2.5", "0", "'x'", "name"]
python_numbers = st.sampled_from(["a", "b", "c", "1", "2", "10"])
VALUES = {"a": 3, "b": -2, "c": 7, "name": "x", "flag": True, "items": [1, 2, 3], "order": {"total": 10}}


def python_conditions() -> st.SearchStrategy[str]:
    compared = st.tuples(python_numbers, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), python_numbers).map(
        " ".join
    )
    others = st.sampled_from(
        [
            "flag",
            "not flag",
            "name == 'x'",
            "name != 'y'",
            "a in [1, 3]",
            "a not in [1, 3]",
            "a + b == 1",
            "a * b < c",
            "order['total'] > 5",
            "items[0] == 1",
            "items[2] == 3",
            "len(items) == 3",
            "a < c < 10",
            "1 < a < 3",
            "a > b if flag else a < b",
        ]
    )
    return st.recursive(
        compared | others,
        lambda parts: (
            st.tuples(parts, st.sampled_from(["and", "or"]), parts).map(
                lambda three: f"({three[0]}) {three[1]} ({three[2]})"
            )
            | parts.map(lambda part: f"not ({part})")
        ),
        max_leaves=4,
    )


@given(python_conditions())
@bounded
def test_a_python_condition_holds_exactly_when_python_says_so(text: str) -> None:
    expected = bool(eval(text, {"__builtins__": {"len": len}}, VALUES))
    assert feel.compile_dialect(text, "python").holds(VALUES) is expected, text


@given(python_conditions())
@bounded
def test_what_is_offered_as_feel_for_a_python_condition_holds_alike(text: str) -> None:
    """Of conditions without a hazard; a hazard is where they may differ."""
    compiled = feel.compile_dialect(text, "python")
    if not compiled.hazards:
        assert feel.compile_expression(compiled.feel_text).holds(VALUES) is compiled.holds(VALUES), compiled.feel_text


JUEL_OPERATORS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne", "&&": "and", "||": "or"}


def juel_conditions() -> st.SearchStrategy[str]:
    compared = st.tuples(python_numbers, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), python_numbers).map(
        " ".join
    )
    others = st.sampled_from(
        ["flag", "!flag", "name == 'x'", 'name != "y"', "order.total > 5", "order['total'] == 10", "items[0] == 1",
         "empty items", "!empty name", "a % 2 == 1", "(flag ? a : b) == 3"]
    )  # fmt: skip
    return st.recursive(
        compared | others,
        lambda parts: st.tuples(parts, st.sampled_from(["&&", "||"]), parts).map(
            lambda three: f"({three[0]}) {three[1]} ({three[2]})"
        ),
        max_leaves=4,
    )


@given(juel_conditions())
@bounded
def test_a_juel_condition_holds_alike_in_symbols_and_in_words(text: str) -> None:
    in_words = text
    for symbol, word in JUEL_OPERATORS.items():
        in_words = in_words.replace(f" {symbol} ", f" {word} ")
    one, other = (feel.compile_dialect(f"${{{said}}}", "juel") for said in (text, in_words))
    assert one.holds(VALUES) is other.holds(VALUES), in_words


@given(juel_conditions())
@bounded
def test_a_juel_condition_holds_as_python_would_have_it(text: str) -> None:
    said = text
    for juel, python in (
        ("&&", "and"),
        ("||", "or"),
        ("!flag", "not flag"),
        ("order.total", "order['total']"),
        ("!empty name", "name != ''"),
        ("empty items", "items == []"),
        ("(flag ? a : b)", "(a if flag else b)"),
    ):
        said = said.replace(juel, python)
    expected = bool(eval(said, {"__builtins__": {}}, VALUES))
    assert feel.compile_dialect(f"${{{text}}}", "juel").holds(VALUES) is expected, said


@pytest.mark.parametrize("language", ["javascript", "groovy", "mvel"])
@given(text=juel_conditions().filter(lambda text: "empty" not in text))
@settings(max_examples=60, deadline=None)
def test_the_dialects_of_braces_mean_the_same_by_the_same_text(language: str, text: str) -> None:
    expected = feel.compile_dialect(f"${{{text}}}", "juel").holds(VALUES)
    assert feel.compile_dialect(text, language).holds(VALUES) is expected, text


TESTS = st.lists(st.tuples(st.sampled_from(["<", "<=", ">", ">=", ""]), st.integers(-3, 3)), min_size=1, max_size=4)


@given(TESTS, st.integers(-5, 5), st.booleans())
@bounded
def test_a_cell_accepts_what_any_of_its_tests_accepts_and_not_turns_it_round(tests, given_value, negated) -> None:
    cell = ", ".join(f"{operator} {number}" if operator else str(number) for operator, number in tests)
    accepts = any(
        {
            "<": given_value < number,
            "<=": given_value <= number,
            ">": given_value > number,
            ">=": given_value >= number,
            "": given_value == number,
        }[operator]
        for operator, number in tests
    )
    text = f"not({cell})" if negated else cell
    assert feel.compile_unary_tests(text).matches(given_value, {}) is (accepts != negated), text


@given(st.lists(st.integers(-5, 5), max_size=6), st.integers(-5, 5), st.integers(-5, 5))
@bounded
def test_quantifiers_filters_and_loops_are_one_another_s_other_words(xs: list[int], low: int, high: int) -> None:
    variables = {"xs": xs, "low": low, "high": high}

    def value(text: str) -> Any:
        return feel.to_python(feel.compile_expression(text).evaluate(variables))

    inside_range = [x for x in xs if low <= x <= high]
    assert value("xs[item between low and high]") == inside_range
    assert value("xs[low <= item and item <= high]") == inside_range
    assert value("(some x in xs satisfies x between low and high)") is bool(inside_range)
    assert value("(every x in xs satisfies not(x between low and high))") is (not inside_range)
    assert value("flatten(for x in xs return if x between low and high then [x] else [])") == inside_range
    assert value("count(xs[item in (low, high)])") == sum(x in (low, high) for x in xs)


EMPTY = [None, "", [], {}]
NOT_EMPTY = ["x", " ", 0, 5, False, True, [1], [None], [[]], {"a": None}]


@pytest.mark.parametrize(
    ("language", "is_empty", "is_not"),
    [
        ("juel", "${empty v}", "${!empty v}"),
        ("juel", "${empty v == true}", "${not empty v}"),
        ("juel", "${v.isEmpty()}", "${!v.isEmpty()}"),
        ("juel", "${var:isEmpty(v)}", "${var:isNotEmpty(v)}"),
        ("groovy", "v.isEmpty()", "!v.isEmpty()"),
    ],
)
def test_what_is_empty_is_empty_and_all_else_is_not(language: str, is_empty: str, is_not: str) -> None:
    for value in [*EMPTY, *NOT_EMPTY]:
        expected = any(type(value) is type(one) and value == one for one in EMPTY)
        assert feel.compile_dialect(is_empty, language).holds({"v": value}) is expected, value
        assert feel.compile_dialect(is_not, language).holds({"v": value}) is not expected, value
        for text in (is_empty, is_not):
            as_feel = feel.compile_expression(feel.compile_dialect(text, language).feel_text)
            assert as_feel.holds({"v": value}) is feel.compile_dialect(text, language).holds({"v": value})
