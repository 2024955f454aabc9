"""How a text is read: precedence, names, ranges, and where it says that it cannot be read."""

import pytest

from engine import feel
from engine.model.text import EN, ZH
from tests.unit.feel.evaluating import shown, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 2 - 3", "5"),
        ("-3 ** 2", "9"),
        ("2 ** 3 ** 2", "64"),
        ("1 + 1 = 2 and 2 * 2 = 4", "true"),
        ("false and false or true", "true"),
        ("true or false and false", "true"),
        ("5 between 1 and 10 and false", "false"),
        ("if 1 > 2 then 3 else 4 + 1", "5"),
        ("1 + 1 instance of number", "true"),
        ("1 /* one */ + // and one\n 1", "2"),
        ("3in[1..5]", "true"),
        ("{if: 1, then: 2}.if", "1"),
        ("[1..10].start included", "true"),
        ("[1,2,3,]", "[1, 2, 3]"),
    ],
)
def test_operators_bind_as_in_the_specification(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "names", "context", "expected"),
    [
        ("first name", ("first name",), {"first name": "Ann"}, '"Ann"'),
        ("a-b", ("a-b", "a", "b"), {"a-b": 1, "a": 7, "b": 2}, "1"),
        ("a-b", ("a", "b"), {"a": 7, "b": 2}, "5"),
        ("a - b", ("a-b",), {"a-b": 1}, "1"),
        ("for i in days in weekend return i", ("days in weekend",), {"days in weekend": [6, 7]}, "[6, 7]"),
        ("order number + 1", ("order", "order number"), {"order": 1, "order number": 8}, "9"),
        ("{foo bar: 1, twice: foo bar * 2}.twice", (), {}, "2"),
        ("[{foo bar: 1}, {foo bar: 2}][foo bar = 2].foo bar", (), {}, "[2]"),
        ("for my item in [1, 2] return my item + 1", (), {}, "[2, 3]"),
        ("`first name` + `a+b`", (), {"first name": "A", "a+b": "B"}, '"AB"'),
        ("date and time > 3", (), {"date": True, "time": 4}, "true"),
        ("{🐎: 1, 客户 名称: 2}.客户 名称", (), {}, "2"),
        ("{🐎: 1}.🐎", (), {}, "1"),
        ("客户.等级", (), {"客户": {"等级": "A"}}, '"A"'),
        ("Person.Gender", ("Person.Gender",), {"Person.Gender": "F"}, '"F"'),
    ],
)
def test_a_name_in_scope_is_read_as_long_as_possible(
    text: str, names: tuple[str, ...], context: dict[str, object], expected: str
) -> None:
    assert shown(text, context, names=names) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1..3]", "[1..3]"),
        ("(1..3]", "(1..3]"),
        ("]1..3[", "(1..3)"),
        ("[1..3)", "[1..3)"),
        ("[1..limits[2]]", "[1..9]"),
        ("[1..2[ = [1..2)", "true"),
        ("(< 5)", "(< 5)"),
        ("(!=5)", "(!= 5)"),
        ("[1][1]", "1"),
        ("([1..3]).end", "3"),
    ],
)
def test_a_bracket_opens_a_list_a_range_or_a_filter(text: str, expected: str) -> None:
    assert shown(text, {"limits": [4, 9]}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'"\u00e9\t\"\\"', 'é\t"\\'),
        (r'"\U01F40E"', "🐎"),
        (r'"\ud83d\udc0e"', "🐎"),
        (r'"\d+"', r"\d+"),
        ('"two\nlines"', "two\nlines"),
    ],
)
def test_texts_know_the_escapes_of_the_specification(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("1 +", 1, 4, "ends here"),
        ("a b", 1, 3, "`a b`"),
        ("x ==2", 1, 4, "single ="),
        ("x = 'a'", 1, 5, "double quotation marks"),
        ("a && b", 1, 3, "and, or"),
        ("1,\n 2", 1, 2, "complete"),
        ("if a\nthen b", 2, 7, "'else'"),
        ('"open', 1, 1, "closing quotation mark"),
        ("f(a: 1, 2)", 1, 9, "all named or all positional"),
        ("(1 + 2", 1, 7, "')'"),
        ("you must approve this", 1, 5, "prose"),
        ("[1，2]", 1, 3, "half-width"),
        ("x = “a”", 1, 5, "straight"),
    ],
)
def test_a_text_that_is_no_expression_says_where_and_how_to_mend_it(
    text: str, line: int, column: int, said: str
) -> None:
    with pytest.raises(feel.FeelSyntaxError) as failure:
        feel.compile_expression(text)
    assert (failure.value.line, failure.value.column) == (line, column)
    assert said in failure.value.text[EN]
    assert f"第 {line} 行第 {column} 列" in failure.value.text[ZH]
    assert failure.value.problems[0].line == line


def test_an_expression_is_compiled_once() -> None:
    assert feel.compile_expression("a + 1", names=("x y",)) is feel.compile_expression("a + 1", names=["x y"])


def test_free_variables_are_the_names_from_outside() -> None:
    text = "for i in orders return {a: i.total + rate, b: a, c: function(x) x + y}[b > limit and count(item) = 1]"
    assert feel.compile_expression(text).free_variables == {"orders", "rate", "y", "b", "limit"}
