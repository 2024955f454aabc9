"""What counts as true, and what as equal, in each language an expression may be written in."""

from typing import Any

import pytest

from engine import feel

WRITTEN = {
    # how a bare value, and a comparison of two, is written as a condition
    "feel": ("v", "a {} b"),
    "juel": ("${v}", "${{a {} b}}"),
    "javascript": ("v", "a {} b"),
    "python": ("v", "a {} b"),
    "groovy": ("v", "a {} b"),
    "mvel": ("v", "a {} b"),
}
VALUES: dict[str, Any] = {
    "true": True,
    "false": False,
    "null": None,
    "0": 0,
    "1": 1,
    "0.0": 0.0,
    '""': "",
    '"true"': "true",
    '"TRUE"': "TRUE",
    '"false"': "false",
    '"x"': "x",
    "[]": [],
    "[0]": [0],
    "{}": {},
    "{a}": {"a": 1},
}
TRUE = {
    # in FEEL only true itself holds
    "feel": {"true"},
    # JUEL and MVEL read a text, and know nothing true of numbers, lists and contexts
    "juel": {"true", '"true"', '"TRUE"'},
    "mvel": {"true", '"true"', '"TRUE"'},
    # JavaScript: all but false, null, 0 and the empty text
    "javascript": {"true", "1", '"true"', '"TRUE"', '"false"', '"x"', "[]", "[0]", "{}", "{a}"},
    # Python and Groovy: nor what is empty
    "python": {"true", "1", '"true"', '"TRUE"', '"false"', '"x"', "[0]", "{a}"},
    "groovy": {"true", "1", '"true"', '"TRUE"', '"false"', '"x"', "[0]", "{a}"},
}


@pytest.mark.parametrize("language", TRUE)
@pytest.mark.parametrize("name", VALUES)
def test_what_counts_as_true(language: str, name: str) -> None:
    compiled = feel.compile_dialect(WRITTEN[language][0], language)
    assert compiled.holds({"v": VALUES[name]}) is (name in TRUE[language])


@pytest.mark.parametrize("language", ["juel", "javascript", "python", "groovy", "mvel"])
@pytest.mark.parametrize("name", VALUES)
def test_a_negation_holds_exactly_where_the_value_does_not_or_where_it_has_no_truth(language: str, name: str) -> None:
    negated = {"juel": "${!v}", "python": "not v"}.get(language, "!v")
    holds = feel.compile_dialect(negated, language).holds({"v": VALUES[name]})
    knows = language not in ("juel", "mvel") or VALUES[name] is None or isinstance(VALUES[name], bool | str)
    assert holds is (knows and name not in TRUE[language])


PAIRS: list[tuple[Any, Any, str]] = [
    # left, right, and the languages in which == holds; "=" in FEEL
    (1, 1, "feel juel javascript python groovy mvel"),
    (1, 1.0, "feel juel javascript python groovy mvel"),
    (1, 2, ""),
    ("a", "a", "feel juel javascript python groovy mvel"),
    ("a", "A", ""),
    (None, None, "feel juel javascript python groovy mvel"),
    (None, "", ""),
    (None, 0, ""),
    (None, False, ""),
    (True, True, "feel juel javascript python groovy mvel"),
    (True, False, ""),
    ("5", 5, "juel javascript mvel"),  # a text beside a number is read as one
    (5, "5", "juel javascript mvel"),
    ("5.0", 5, "juel javascript mvel"),
    ("x", 5, ""),
    ("true", True, "juel javascript mvel"),
    ("yes", True, ""),
    ([1, 2], [1, 2], "feel juel javascript python groovy mvel"),
    ([1, 2], [2, 1], ""),
    ({"a": 1}, {"a": 1}, "feel juel javascript python groovy mvel"),
    ({"a": 1}, {"a": 2}, ""),
    ([], None, ""),
    ([1], 1, ""),
    ([1], "1", ""),
]


@pytest.mark.parametrize(("left", "right", "equal_in"), PAIRS)
@pytest.mark.parametrize("language", TRUE)
def test_what_counts_as_equal(language: str, left: Any, right: Any, equal_in: str) -> None:
    sign = "=" if language == "feel" else "=="
    compiled = feel.compile_dialect(WRITTEN[language][1].format(sign), language)
    assert compiled.holds({"a": left, "b": right}) is (language in equal_in.split())


@pytest.mark.parametrize(("left", "right", "equal_in"), PAIRS)
@pytest.mark.parametrize("language", ["juel", "javascript", "python", "groovy", "mvel"])
def test_outside_feel_two_values_are_equal_or_not_and_nothing_between(language: str, left, right, equal_in) -> None:
    compiled = feel.compile_dialect(WRITTEN[language][1].format("!="), language)
    assert compiled.holds({"a": left, "b": right}) is (language not in equal_in.split())


@pytest.mark.parametrize(("left", "right", "equal_in"), PAIRS)
def test_three_signs_of_javascript_ask_for_the_same_kind(left: Any, right: Any, equal_in: str) -> None:
    same, other = (feel.compile_dialect(f"a {sign} b", "javascript") for sign in ("===", "!=="))
    expected = "feel" in equal_in.split()
    assert same.holds({"a": left, "b": right}) is expected
    assert other.holds({"a": left, "b": right}) is not expected


ORDERED: list[tuple[Any, Any, str]] = [
    (1, 2, "feel juel javascript python groovy mvel"),
    (2, 1, ""),
    ("a", "b", "feel juel javascript python groovy mvel"),
    ("5", 10, "juel javascript mvel"),
    ("10", "9", "feel juel javascript python groovy mvel"),  # two texts are ordered as texts
    ("x", 10, ""),
    (None, 1, ""),
    (1, None, ""),
    ([1], [2], ""),
]


@pytest.mark.parametrize(("left", "right", "less_in"), ORDERED)
@pytest.mark.parametrize("language", TRUE)
def test_what_counts_as_less(language: str, left: Any, right: Any, less_in: str) -> None:
    compiled = feel.compile_dialect(WRITTEN[language][1].format("<"), language)
    assert compiled.holds({"a": left, "b": right}) is (language in less_in.split())


SUMS: list[tuple[str, Any, Any, Any]] = [
    ("feel", 1, 2, 3),
    ("feel", "a", "b", "ab"),
    ("feel", "a", 1, None),
    ("feel", None, 1, None),
    ("juel", 1, 2, 3),
    ("juel", "1", 2, 3),  # its plus is for numbers
    ("juel", "1", "2", 3),
    ("juel", None, 2, 2),
    ("juel", "", 2, 2),
    ("javascript", 1, 2, 3),
    ("javascript", "a", 1, "a1"),
    ("javascript", 1, "a", "1a"),
    ("javascript", "1", "2", "12"),
    ("javascript", "a", None, "anull"),
    ("javascript", "a", True, "atrue"),
    ("groovy", "a", 1, "a1"),
    ("mvel", "a", 1, "a1"),
    ("python", "a", "b", "ab"),
    ("python", 1, 2, 3),
]


@pytest.mark.parametrize(("language", "left", "right", "total"), SUMS)
def test_what_plus_makes_of_two_values(language: str, left: Any, right: Any, total: Any) -> None:
    compiled = feel.compile_dialect(WRITTEN[language][1].format("+"), language)
    assert feel.to_python(compiled.evaluate({"a": left, "b": right})) == total
