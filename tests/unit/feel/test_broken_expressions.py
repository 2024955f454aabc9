"""Texts cut off, with a piece too much or one missing: each is an expression or says where it is none."""

import random
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors, feel

SOUND = [
    "1 + 2 * (3 - 4) / 5 ** 2",
    'if a > 5 and b <= "x" then [1, 2, 3][item > 1] else {k: 1, "k 2": null}.k',
    "for i in 1..10, j in [i, i + 1] return i * j + count(partial)",
    "some x in xs satisfies x between 1 and 2 or x in (3, > 5, [7..9))",
    "every x in xs satisfies not(x = null)",
    "function(a: number, b) a + b",
    '@"2026-05-01" + duration("P1D") < date(2026, 5, 2)',
    'substring(string: "abc", start position: 2)',
    "a.b.c[1].d instance of list<number>",
    "{f: function(x) x + 1, r: f(2)}.r",
    "-a ** 2 != - 3",
    '"\\u00e9 \\"quoted\\" \\n"',
    "(< 5)",
    '[1..5] = range("[1..5]")',
    "`strange name` + 1",
]
TESTS = ["< 5", 'not("a", "b")', "[1..5], (7..9], 10", "-", "? > 5 and ? < 10", 'date("2026-05-01"), null']
DIALECTS = {
    "juel": ["${a > 5 && !empty b}", "${order.lines[0].total == 'x' ? 1 : 2}", "Hello ${name}, ${a + 1}"],
    "python": ["a > 5 and not b in [1, 2]", "order['total'] if x else len(y)", "a.b.c == 'x' or a is None"],
    "javascript": ["a > 5 && (b || !c)", "order.total === 'x' ? 1 : 2"],
    "groovy": ["a > 5 && b != null", "order?.total ?: 0"],
    "camunda8": ["=a > 5 and is defined(b)", "plain text"],
}


def read(text: str) -> None:
    feel.compile_expression(text)


def read_tests(text: str) -> None:
    feel.compile_unary_tests(text)


def complaint(reader: Any, text: str) -> errors.Invalid | None:
    try:
        reader(text)
    except errors.Invalid as error:
        return error
    return None


def well_told(error: errors.Invalid, text: str) -> bool:
    """In both languages, and with a place inside the text or just behind it."""
    place = re.match(r"line (\d+), column (\d+): ", error.text["en"])
    there = re.match(r"第 (\d+) 行第 (\d+) 列：", error.text["zh-CN"])
    if place is None or there is None or place.groups() != there.groups():
        return False
    line, column = int(place[1]), int(place[2])
    lines = text.split("\n")
    return 1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1


@pytest.mark.parametrize("text", SOUND)
def test_a_sound_expression_is_read(text: str) -> None:
    assert complaint(read, text) is None


@pytest.mark.parametrize("text", SOUND)
def test_cut_off_anywhere_it_is_an_expression_or_says_where_it_ends(text: str) -> None:
    for end in range(len(text)):
        error = complaint(read, text[:end])
        assert error is None or well_told(error, text[:end]), text[:end]


@pytest.mark.parametrize("text", SOUND)
def test_with_any_character_gone_it_is_an_expression_or_says_where_not(text: str) -> None:
    for gone in range(len(text)):
        broken = text[:gone] + text[gone + 1 :]
        error = complaint(read, broken)
        assert error is None or well_told(error, broken), broken


@pytest.mark.parametrize("text", SOUND)
@pytest.mark.parametrize("piece", ["(", ")", "[", "]", "{", "}", ",", '"', "..", "then", "@", "\\", "\x00", "李", "\n"])
def test_with_a_piece_too_much_it_is_an_expression_or_says_where_not(text: str, piece: str) -> None:
    places = random.Random(text + piece).sample(range(len(text)), min(6, len(text)))
    for place in places:
        broken = text[:place] + piece + text[place:]
        error = complaint(read, broken)
        assert error is None or well_told(error, broken), broken


@pytest.mark.parametrize("text", SOUND)
def test_an_unclosed_bracket_is_never_an_expression(text: str) -> None:
    for broken in (f"({text}", f"[{text}", f"{{k: {text}", f"{text})", f"{text}]", f"{text}}}", f"f({text}"):
        error = complaint(read, broken)
        assert error is not None and well_told(error, broken), broken


@pytest.mark.parametrize("text", TESTS)
def test_a_cell_cut_off_anywhere_is_a_cell_or_says_where_it_ends(text: str) -> None:
    assert complaint(read_tests, text) is None
    for end in range(1, len(text)):
        error = complaint(read_tests, text[:end])
        assert error is None or well_told(error, text[:end]), text[:end]


@pytest.mark.parametrize(("language", "text"), [(name, text) for name, texts in DIALECTS.items() for text in texts])
def test_a_dialect_cut_off_anywhere_is_read_or_refused_in_both_languages(language: str, text: str) -> None:
    for end in range(len(text) + 1):
        error = complaint(lambda part: feel.compile_dialect(part, language), text[:end])
        if error is not None:
            assert error.text["en"] and re.search(r"[一-龥]", error.text["zh-CN"]), text[:end]
    assert complaint(lambda part: feel.compile_dialect(part, language), text) is None


words = st.sampled_from(
    [
        *("1", "a", '"t"', "null", "true", "(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "+", "-", "*", "/", "**"),
        *("=", "!=", "<", ">=", "and", "or", "not", "if", "then", "else", "for", "in", "return", "some", "every"),
        *("satisfies", "between", "instance of", "function", "?", "@", "count", "item"),
    ]
)


@given(st.lists(words, min_size=1, max_size=10).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_any_row_of_words_is_an_expression_or_says_where_it_is_none(text: str) -> None:
    error = complaint(read, text)
    assert error is None or well_told(error, text), text


@given(st.lists(words, min_size=1, max_size=8).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_whatever_was_read_is_evaluated_without_a_crash(text: str) -> None:
    if complaint(read, text) is None:
        compiled = feel.compile_expression(text)
        compiled.evaluate_with_warnings({"a": 5}, budget=feel.Budget(steps=10_000))
        again = feel.compile_expression(compiled.feel_text)
        assert feel.to_text([again.evaluate({"a": 5})]) == feel.to_text([compiled.evaluate({"a": 5})]), (
            compiled.feel_text
        )
