"""Patterns of authors: the costly are refused with a reason, the others mean what a browser means, within a time."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.forms import check, patterns

INSIDE = "a repeat inside a repeat, or a reference: matching could take for ever"
MANY = "more than 3 repeats without a limit"
COSTLY = [
    ("(a+)+", INSIDE),
    ("(a*)*", INSIDE),
    ("(a+)*b", INSIDE),
    ("(?:a+b?)+", INSIDE),
    ("(a{2,}){3}", INSIDE),
    ("((a|b)+c)+", INSIDE),
    ("(a{1,5})+", INSIDE),
    ("(?=(a+)+)b", INSIDE),
    ("(?P<x>a+)+", INSIDE),
    ("(.*?)*?", INSIDE),
    (r"(a)\1", INSIDE),
    (r"(?P<x>a)(?P=x)", INSIDE),
    (r"(a)(?(1)b|c)", INSIDE),
    (r"((x)|(y+z)*)+", INSIDE),
    (".*.*.*.*", MANY),
    ("a*b*c*d*", MANY),
    ("a{0,21}b+c+d+", MANY),
    ("a+|b+|c+|d+", MANY),
    ("x" * 201, "longer than 200 characters"),
]
BROKEN = ["(", ")", "[", "a{2,1}", "*", "(?P<1>a)", "(?<", "\\", "[z-a]", "(?z)", "a**", r"(?P=x)"]
KEPT = [
    "",
    "^[A-Z]{2}-[0-9]{4}$",
    r"^1[3-9]\d{9}$",
    r"^(KA|GR|SM)-\d+$",
    r"^\S+@\S+$",
    "^(a|b|c)?$",
    "(ab){2,20}",
    "a{3}b{4}",
    r"^[一-龥]{2,4}$",
    r"^[^\]$]+$",
    "a*b*c*",
    "(?i)x+",
    "(?=.*[0-9])(?=.*[a-z]).+",
    "a{20}b{20}c{20}d{20}e{20}",
    "x" * 200,
]


@pytest.mark.parametrize(("pattern", "reason"), COSTLY)
def test_a_costly_pattern_is_refused_with_the_reason(pattern: str, reason: str) -> None:
    told = patterns.costly(pattern)
    assert told["en"] == reason
    assert any("一" <= letter <= "龥" for letter in told["zh-CN"])


@pytest.mark.parametrize("pattern", BROKEN)
def test_what_is_no_pattern_says_what_is_wrong_with_it(pattern: str) -> None:
    told = patterns.costly(pattern)
    assert told["en"].startswith("not a regular expression: ") and told["zh-CN"].startswith("语法错误：")


@pytest.mark.parametrize("pattern", KEPT)
def test_a_cheap_pattern_is_kept(pattern: str) -> None:
    assert patterns.costly(pattern) == {}


@pytest.mark.parametrize(
    ("pattern", "most", "kept"), [("a+", 1, True), ("a+b+", 1, False), ("a{1,20}b+", 1, True), ("a+", 0, False)]
)
def test_how_many_open_repeats_are_allowed_depends_on_what_is_matched(pattern: str, most: int, kept: bool) -> None:
    assert (patterns.costly(pattern, most) == {}) == kept


MEANING = [
    # pattern, what it is found in, what not
    ("a", ["a", "xax"], ["A", ""]),
    ("^a$", ["a"], ["a\n", "\na", "a\nb"]),
    ("a$", ["ba"], ["ab", "a\n"]),
    (r"\$", ["5$"], ["5"]),
    (r"a\$$", ["a$"], ["a", "a$\n"]),
    ("[$]", ["$"], ["a"]),
    ("[^$]$", ["a"], ["$", ""]),
    ("[]$]", ["]", "$"], ["a"]),
    (r"[\]$]x$", ["$x", "]x"], ["$x\n"]),
    (r"\\$", ["\\"], ["\\\n"]),
    ("^$", [""], ["\n", "a"]),
    (r"^\d$", ["7"], ["٧", "７", "七"]),
    (r"^\w$", ["a", "_", "0"], ["é", "李"]),
    (r"^\D$", ["٧"], ["7"]),
    (r"^[\d-]+$", ["1-2"], ["٧"]),
    (r"^\s$", [" ", "\t"], ["x"]),
    ("^.$", ["李", "🐎"], ["\n", ""]),
    ("^(a|b)$", ["a", "b"], ["c", "ab"]),
    ("(?i)^a$", ["a", "A"], ["b"]),
    ("^a{2,3}$", ["aa", "aaa"], ["a", "aaaa"]),
    ("^a.*?b$", ["ab", "acb"], ["a"]),
    ("^(?!x).+$", ["ab"], ["xa"]),
]


@pytest.mark.parametrize(("pattern", "found", "missed"), MEANING)
def test_a_pattern_means_what_it_means_in_a_browser(pattern: str, found: list[str], missed: list[str]) -> None:
    with patterns.bounded():
        assert [text for text in found if not patterns.matches(pattern, text)] == []
        assert [text for text in missed if patterns.matches(pattern, text)] == []


SLOW = "a*a*a*[bc]"
"""Allowed, and a fourth power of the length of a text without its end."""


def test_what_is_not_decided_in_time_does_not_match() -> None:
    begin = time.process_time()
    with patterns.bounded():
        assert not patterns.matches(SLOW, "a" * 5000)
        assert not patterns.matches("a", "a")  # nothing is left
    assert time.process_time() - begin < 4 * patterns.SECONDS
    with patterns.bounded():
        assert patterns.matches("a", "a")


def test_one_check_spends_its_time_once_however_many_fields_there_are() -> None:
    schema = {"properties": {"x": {"items": {"pattern": SLOW}}}}
    begin = time.process_time()
    found = check.check(schema, {"x": ["a" * 2000] * 50})
    assert [problem.code for problem in found] == ["form_pattern"] * 50
    assert time.process_time() - begin < 4 * patterns.SECONDS


@pytest.mark.parametrize("pattern", KEPT)
@given(text=st.text(alphabet="aA1-@ 李x\n", max_size=60))
@settings(max_examples=15, deadline=None)
def test_a_pattern_that_is_kept_is_decided_within_its_time(pattern: str, text: str) -> None:
    begin = time.process_time()
    with patterns.bounded():
        patterns.matches(pattern, text)
    assert time.process_time() - begin < 2 * patterns.SECONDS


atoms = st.sampled_from(["a", "b", ".", "[ab]", r"\d", "^", "$", r"\."])
repeats = st.sampled_from(["", "?", "{0,3}", "{2}", "*", "+"])
pieces = st.lists(st.tuples(atoms.filter(lambda atom: atom not in "^$"), repeats), max_size=5)


@given(pieces, st.text(alphabet="ab1.", max_size=12))
@settings(max_examples=100, deadline=None)
def test_a_row_of_plain_pieces_matches_as_the_other_machine_does(row: list[tuple[str, str]], text: str) -> None:
    pattern = "".join(atom + repeat for atom, repeat in row)
    if patterns.costly(pattern):
        return
    with patterns.bounded():
        assert patterns.matches(pattern, text) == (re.search(pattern, text) is not None)
