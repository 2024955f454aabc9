"""A text that is no expression: the place by line and column, what was expected there, and how to mend it."""

import pytest

from engine import feel
from engine.model.text import EN, ZH

ERRORS = [
    # text, line, column, what is said, the hint
    ("1 +", 1, 4, "expected a value, but the expression ends here", ""),
    ("* 2", 1, 1, "expected a value, but there is '*'", ""),
    ("-", 1, 2, "expected a value, but the expression ends here", ""),
    ("1 and", 1, 6, "expected a value", ""),
    ("a +\n+ b", 2, 1, "expected a value, but there is '+'", ""),
    ("a\n\n  b c", 3, 3, "complete before 'b'", "prose"),
    ("1 2", 1, 3, "complete before '2'", ""),
    ("a b", 1, 3, "complete before 'b'", "write it as `a b`"),
    ("a = 1 b", 1, 7, "complete before 'b'", ""),
    ("1, 2", 1, 2, "complete before ','", ""),
    ("yes, please", 1, 4, "complete before ','", ""),
    ("the order is new", 1, 5, "complete before 'order'", "prose"),
    ("a ==1", 1, 4, "expected a value, but there is '='", "equality is a single ="),
    ("a != = 1", 1, 6, "expected a value, but there is '='", "inequality is !="),
    ("a <> b", 1, 4, "expected a value, but there is '>'", "inequality is !="),
    ("a => b", 1, 4, "expected a value, but there is '>'", "inequality is !="),
    ("a =! b", 1, 4, "expected a value, but there is '!'", "not(...)"),
    ("!a", 1, 1, "expected a value, but there is '!'", "not(...)"),
    ("not a", 1, 5, "complete before 'a'", "a negation is written not(...)"),
    ("a && b", 1, 3, "complete before '&'", "write and, or"),
    ("a || b", 1, 3, "complete before '|'", "write and, or"),
    ("a AND b", 1, 3, "complete before 'AND'", "key words are small: and"),
    ("a Or b", 1, 3, "complete before 'Or'", "key words are small: or"),
    ("x IN [1]", 1, 3, "complete before 'IN'", "key words are small: in"),
    ("a ? b : c", 1, 3, "complete before '?'", "write if ... then ... else ..."),
    ("a = 1; b = 2", 1, 6, "complete before ';'", "not several statements"),
    ("return 1", 1, 1, "expected a value, but there is 'return'", ""),
    ("then", 1, 1, "expected a value, but there is 'then'", ""),
    ("1..2", 1, 2, "complete before '..'", "a range stands in brackets"),
    ("'x'", 1, 1, "expected a value", "double quotation marks"),
    ("a = 'x'", 1, 5, "expected a value", "double quotation marks"),
    ('"x', 1, 1, "unexpected character '\"'", 'the closing quotation mark " is missing'),
    ('a = "x', 1, 5, "unexpected character '\"'", "closing quotation mark"),
    ('@"2020', 1, 2, "unexpected character '\"'", "closing quotation mark"),
    ("“x”", 1, 1, "unexpected character '“'", "straight quotation marks"),
    ("a，b", 1, 2, "unexpected character '，'", "half-width punctuation"),
    ("（1）", 1, 1, "unexpected character '（'", "half-width punctuation"),
    ("a ＝ 1", 1, 3, "unexpected character '＝'", "half-width punctuation"),
    ("`a", 1, 1, "unexpected character '`'", ""),
    ("\\", 1, 1, "unexpected character", ""),
    ("#", 1, 1, "expected a value, but there is '#'", ""),
    ("@1", 1, 1, "expected a value, but there is '@'", ""),
    ("/* open", 1, 1, "expected a value", "the comment has no closing */"),
    ("// only a comment", 1, 18, "expected a value, but the expression ends here", ""),
    ("", 1, 1, "expected a value, but the expression ends here", ""),
    ("  \n ", 2, 2, "expected a value, but the expression ends here", ""),
    # brackets
    ("(1 + 2", 1, 7, "expected ')'", ""),
    ("(1 + 2]", 1, 7, "expected ')', but there is ']'", ""),
    ("[1, 2", 1, 6, "expected ']'", ""),
    ("[1,, 2]", 1, 4, "expected a value, but there is ','", ""),
    (")", 1, 1, "expected a value, but there is ')'", "brackets do not match"),
    ("}", 1, 1, "expected a value, but there is '}'", "brackets do not match"),
    ("(1 + )", 1, 6, "expected a value, but there is ')'", ""),
    ("1)", 1, 2, "complete before ')'", ""),
    ("[1..2", 1, 6, "expected ']'", "a range ends with ], ) or ["),
    ("(1..2}", 1, 6, "expected ']', but there is '}'", "a range ends with"),
    ("[1..", 1, 5, "expected a value", ""),
    ("[..2]", 1, 2, "expected a value, but there is '..'", ""),
    ("a[1", 1, 4, "expected ']'", ""),
    ("a[]", 1, 4, "expected a value, but the expression ends here", ""),  # ] may begin a range
    # contexts
    ("{a 1}", 1, 5, "expected ':', but there is '}'", ""),
    ("{a: }", 1, 5, "expected a value, but there is '}'", ""),
    ("{1: 2}", 1, 2, "expected a name, but there is '1'", ""),
    ("{: 2}", 1, 2, "expected a name, but there is ':'", ""),
    ("{a: 1", 1, 6, "expected '}'", ""),
    ("{a: 1 b: 2}", 1, 7, "expected '}', but there is 'b'", ""),
    ("{a = 1}", 1, 4, "expected ':', but there is '='", ""),
    # paths
    ("a.", 1, 3, "expected a name, but the expression ends here", ""),
    ("a.b.", 1, 5, "expected a name", ""),
    ("a.[1]", 1, 3, "expected a name, but there is '['", ""),
    ('a."b"', 1, 3, "expected a name", ""),
    # calls
    ("f(1,", 1, 5, "expected a value", ""),
    ("f(1", 1, 4, "expected ')'", ""),
    ("f(1 2)", 1, 5, "expected ')', but there is '2'", ""),
    ("f(a: 1, 2)", 1, 9, "either all named or all positional", ""),
    ("f(1, b: 2)", 1, 9, "either all named or all positional", ""),
    ("f(a:)", 1, 5, "expected a value", ""),
    # blocks
    ("if", 1, 3, "expected a value", ""),
    ("if a b", 1, 6, "expected 'then', but there is 'b'", ""),
    ("if a then b", 1, 12, "expected 'else'", ""),
    ("if a then b else", 1, 17, "expected a value", ""),
    ("if then", 1, 4, "expected a value, but there is 'then'", ""),
    ("for", 1, 4, "expected a name", ""),
    ("for x", 1, 6, "expected 'in'", ""),
    ("for x in y", 1, 11, "expected 'return'", ""),
    ("for x in y satisfies 1", 1, 12, "expected 'return', but there is 'satisfies'", ""),
    ("for x in [1], return x", 1, 23, "expected 'in'", ""),
    ("for 1 in x return 1", 1, 5, "expected a name, but there is '1'", ""),
    ("for x in 1.. return x", 1, 14, "expected a value, but there is 'return'", ""),
    ("some x in y return 1", 1, 13, "expected 'satisfies', but there is 'return'", ""),
    ("every x satisfies 1", 1, 20, "expected 'in'", ""),
    ("function", 1, 9, "expected '('", ""),
    ("function(x", 1, 11, "expected ')'", ""),
    ("function(x)", 1, 12, "expected a value", ""),
    ("function(1) 2", 1, 10, "expected a name, but there is '1'", ""),
    ("function(x: ) x", 1, 13, "expected a type, but there is ')'", ""),
    ("x between 1", 1, 12, "expected 'and'", ""),
    ("x between 1 or 2", 1, 13, "expected 'and', but there is 'or'", ""),
    ("x between 1 and", 1, 16, "expected a value", ""),
    ("x in", 1, 5, "expected a value", ""),
    ("x in (1, ", 1, 10, "expected a value", ""),
    ("x instance", 1, 11, "expected 'of'", ""),
    ("x instance of", 1, 14, "expected a type", ""),
    ("x instance of 1", 1, 15, "expected a type, but there is '1'", ""),
    ("x instance of list<", 1, 20, "expected a type", ""),
    ("x instance of list<number", 1, 26, "expected '>'", ""),
    ("x instance of context<a>", 1, 24, "expected ':'", ""),
    ("x instance of function<number>", 1, 31, "expected '->'", ""),
]


@pytest.mark.parametrize(("text", "line", "column", "said", "hint"), ERRORS)
def test_an_error_says_where_what_and_how_to_mend_it(text: str, line: int, column: int, said: str, hint: str) -> None:
    with pytest.raises(feel.FeelSyntaxError) as failure:
        feel.compile_expression(text)
    error = failure.value
    assert (error.line, error.column) == (line, column)
    assert error.text[EN].startswith(f"line {line}, column {column}: ")
    assert error.text[ZH].startswith(f"第 {line} 行第 {column} 列：")
    assert said in error.text[EN]
    assert hint in error.hint.get(EN, "")
    assert bool(error.hint.get(EN)) == bool(error.hint.get(ZH)) == bool(hint)
    assert (error.problems[0].code, error.problems[0].line) == ("expression_syntax", line)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("1,", 3, "expected a value"),
        ("1, , 2", 4, "expected a value, but there is ','"),
        ("<", 2, "expected a value"),
        ("< 1 2", 5, "complete before '2'"),
        ("not(", 5, "expected a value"),
        ("not(1", 6, "expected ')'"),
        ("not(1, 2", 9, "expected ')'"),
        ("[1..2", 6, "expected ']'"),
        ('~ "hiking"', 1, "expected a value, but there is '~'"),
        ("'a'", 1, "expected a value"),
        ("> 1 and < 5", 5, "complete before 'and'"),
        ("a, b c", 6, "complete before 'c'"),
    ],
)
def test_a_cell_that_is_no_test_says_where(text: str, column: int, said: str) -> None:
    with pytest.raises(feel.FeelSyntaxError) as failure:
        feel.compile_unary_tests(text)
    assert (failure.value.line, failure.value.column) == (1, column)
    assert said in failure.value.text[EN]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 61 + "1" + ")" * 61,
        "[" * 61 + "]" * 61,
        "-" * 200 + "1",
        "1" + " + 1" * 5000,
        "a" + ".b" * 5000,
        "a" + "[1]" * 5000,
    ],
)
def test_a_text_that_is_nested_too_deeply_is_refused_before_it_runs(text: str) -> None:
    with pytest.raises(feel.FeelSyntaxError, match=r"levels"):
        feel.compile_expression(text)


def test_a_text_that_is_too_long_is_not_read() -> None:
    with pytest.raises(feel.FeelSyntaxError, match="longer than 100000 characters"):
        feel.compile_expression("1 " * 50_001)


@pytest.mark.parametrize("text", ["1e999999", "1" * 7000, "1e-999999 + 1e7000"])
def test_a_number_beyond_decimal128_is_no_number(text: str) -> None:
    with pytest.raises(feel.FeelSyntaxError, match="too large"):
        feel.compile_expression(text)
