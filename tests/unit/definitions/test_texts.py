"""Where expressions stand in a program, how they are shown, and how problems of several checks become one list."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions import checks, name_rules, text_rules
from engine.model import nodes, triggers
from engine.model.expression import Expression, Mapping
from engine.model.performer import Performer
from engine.model.problem import Problem
from engine.model.text import both
from tests.unit.definitions.build import feel, flow, task

SHORT = [
    ("amount < 10", "amount < 10"),
    ("  amount   <\n10 ", "amount < 10"),
    ("", ""),
    ("x" * 60, "x" * 60),
    ("x" * 61, "x" * 57 + "..."),
    ("审批" * 40, "审批" * 28 + "审..."),
]


@pytest.mark.parametrize(("words", "shown"), SHORT)
def test_a_long_text_is_shown_by_its_beginning_on_one_line(words: str, shown: str) -> None:
    assert text_rules.short(words) == shown


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_what_is_shown_is_short_and_one_line_and_stays_so(words: str) -> None:
    shown = text_rules.short(words)
    assert len(shown) <= 60 and "\n" not in shown
    assert text_rules.short(shown) == shown


LITERAL = Expression(text="sales", language="literal")
WRITTEN = [
    # place, (part, text) of each expression
    (task("a"), []),
    (flow("a", "b"), []),
    (flow("a", "b", "x > 1"), [("condition", "x > 1")]),
    (task("a", loop=nodes.MultiInstance(collection=feel("lines"), completion=feel("done"))),
     [("loop.collection", "lines"), ("loop.completion", "done")]),
    (task("a", inputs=(Mapping(target="t", source=feel("x")), Mapping(target="u", source=feel("y")))),
     [("inputs.source", "x"), ("inputs.source", "y")]),
    (nodes.UserTask(id="a", performer=Performer(assignee=feel("boss"), groups=(LITERAL,)), due=feel("day")),
     [("performer.assignee", "boss"), ("performer.groups", "sales"), ("due", "day")]),
    (nodes.CatchEvent(id="a", triggers=(triggers.Conditional(condition=feel("x > 1")),)),
     [("triggers.condition", "x > 1")]),
    (nodes.CallActivity(id="a", called=feel("which"), business_key=feel("key")),
     [("called", "which"), ("business_key", "key")]),
]  # fmt: skip


@pytest.mark.parametrize(("place", "expected"), WRITTEN)
def test_every_expression_is_found_with_the_part_that_it_stands_in(
    place: object, expected: list[tuple[str, str]]
) -> None:
    assert [(path, one.text) for path, one in text_rules.written(place)] == expected  # type: ignore[arg-type]


CONSTANTS = [
    ("True", "true"),
    ("TRUE", "true"),
    ("False", "false"),
    ("NULL", "null"),
    ("None", "null"),
    ("nil", "null"),
    ("undefined", "null"),
    ("none", ""),  # a value that many models have
    ("amount", ""),
    ("", ""),
]


@pytest.mark.parametrize(("name", "meant"), CONSTANTS)
def test_the_constants_of_other_languages_are_known(name: str, meant: str) -> None:
    assert name_rules.constant(name) == meant


WORD = st.text(alphabet="bdfghkmn", min_size=6, max_size=12)


@settings(max_examples=60, deadline=None)
@given(word=WORD, place=st.integers(min_value=0, max_value=5), letter=st.sampled_from("aeiou"))
def test_one_wrong_extra_or_missing_letter_is_a_slip_both_ways(word: str, place: int, letter: str) -> None:
    wrong = word[:place] + letter + word[place + 1 :]
    extra = word[:place] + letter + word[place:]
    for other in (wrong, extra, word.upper(), word[:3] + "_" + word[3:]):
        assert name_rules.is_slip(word, other) and name_rules.is_slip(other, word)


@settings(max_examples=60, deadline=None)
@given(word=WORD, letters=st.text(alphabet="aeiou", min_size=2, max_size=4))
def test_two_more_letters_are_another_name(word: str, letters: str) -> None:
    assert not name_rules.is_slip(word, word[:3] + letters + word[3:])
    assert not name_rules.is_slip(word, word)


def problem(code: str, severity: str = "error", element: str = "", line: int = 0) -> Problem:
    return Problem(code=code, text=both(zh="错", en="wrong"), severity=severity, element=element, line=line)  # type: ignore[arg-type]


A5, A5_AGAIN = problem("a", element="x", line=5), problem("a", element="x", line=9)
TOGETHER = [
    # rule, groups, what is left
    ("nothing of nothing", [(), ()], []),
    ("one place's breach of a rule once, as it was told first", [(A5,), (A5_AGAIN,)], [A5]),
    ("two rules at one place", [(A5, problem("b", element="x"))], [problem("b", element="x"), A5]),
    ("one rule at two places", [(A5, problem("a", element="y"))], [problem("a", element="y"), A5]),
    (
        "without an element the line is the place",
        [(problem("a", line=2),), (problem("a", line=1), problem("a", line=2))],
        [problem("a", line=1), problem("a", line=2)],
    ),
    (
        "errors before warnings before notes, whatever their lines",
        [(problem("c", "info", "x", 1), problem("b", "warning", "x", 2), problem("a", "error", "x", 3))],
        [problem("a", "error", "x", 3), problem("b", "warning", "x", 2), problem("c", "info", "x", 1)],
    ),
    (
        "by line within a severity",
        [(problem("a", "warning", "y", 8), problem("a", "warning", "x", 3))],
        [problem("a", "warning", "x", 3), problem("a", "warning", "y", 8)],
    ),
]


@pytest.mark.parametrize(("groups", "left"), [row[1:] for row in TOGETHER], ids=[row[0] for row in TOGETHER])
def test_problems_of_several_checks_become_one_list(groups: list[tuple[Problem, ...]], left: list[Problem]) -> None:
    assert list(checks.together(*groups)) == left


problems = st.lists(
    st.builds(
        problem,
        st.sampled_from("abc"),
        st.sampled_from(["error", "warning", "info"]),
        st.sampled_from(["", "x", "y"]),
        st.integers(min_value=0, max_value=3),
    ),
    max_size=12,
).map(tuple)


@settings(max_examples=60, deadline=None)
@given(one=problems, other=problems)
def test_putting_together_loses_no_place_and_adds_nothing(one: tuple[Problem, ...], other: tuple[Problem, ...]) -> None:
    whole = checks.together(one, other)
    assert set(map(repr, whole)) <= set(map(repr, (*one, *other)))
    assert {(each.code, each.element) for each in whole} == {(each.code, each.element) for each in (*one, *other)}
    assert checks.together(whole) == whole == checks.together(whole, one, other)
