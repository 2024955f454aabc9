"""Patterns by chance: where XPath and Python mean the same, the functions of patterns agree with Python."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel

bounded = settings(max_examples=120, deadline=None)
atoms = st.sampled_from(
    ["a", "b", "1", ".", "[ab]", "[^a]", "[a-c1]", r"\d", r"\D", "(a|b)", "(?:ab)", r"\.", r"\\", "é"]
)
repeats = st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,2}", "{2,}", "*?", "+?", "??"])
pieces = st.lists(st.tuples(atoms, repeats).map("".join), min_size=1, max_size=4).map("".join)
patterns = st.tuples(st.sampled_from(["", "^"]), pieces, st.sampled_from(["", "$"])).map("".join)
texts = st.text(alphabet="aab1.\\é", max_size=10)


def value(text: str, **variables: Any) -> Any:
    return feel.to_python(feel.compile_expression(text).evaluate(variables))


def python(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """``$`` is the very end in XPath, and a digit any digit."""
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", pattern), flags)


@given(patterns, texts)
@bounded
def test_a_pattern_is_found_where_python_finds_it(pattern: str, text: str) -> None:
    assert value("matches(t, p)", t=text, p=pattern) is (python(pattern).search(text) is not None)


@given(patterns, texts)
@bounded
def test_without_case_it_is_found_in_either_case(pattern: str, text: str) -> None:
    expected = python(pattern, re.IGNORECASE).search(text.upper()) is not None
    assert value('matches(t, p, "i")', t=text.upper(), p=pattern) is expected


@given(patterns, texts)
@bounded
def test_with_spaces_in_it_that_do_not_count_it_is_the_same_pattern(pattern: str, text: str) -> None:
    spaced = re.sub(r"(\(\?:|\\.|\[[^\]]*\]|\{[^}]*\}|[*+?]\??|.)", r"\1 ", pattern)
    spaced = re.sub(r" (?=[*+?{])", "", spaced)
    assert value('matches(t, p, "x")', t=text, p=spaced) is value("matches(t, p)", t=text, p=pattern)


@given(patterns, texts)
@bounded
def test_what_is_replaced_is_what_python_replaces(pattern: str, text: str) -> None:
    compiled = python(pattern)
    found = value('replace(t, p, "<$0>")', t=text, p=pattern)
    if compiled.search(""):
        assert found is None  # a pattern that matches nothing at all is refused
    else:
        assert found == compiled.sub(lambda match: f"<{match[0]}>", text)


@given(patterns, texts)
@bounded
def test_what_is_extracted_and_what_lies_between_are_the_whole_text(pattern: str, text: str) -> None:
    if python(pattern).search(""):
        return  # told above
    found, between = value("extract(t, p)", t=text, p=pattern), value("split(t, p)", t=text, p=pattern)
    assert found == [match[0] for match in python(pattern).finditer(text)]
    assert len(between) == len(found) + 1
    joined = "".join(part + match for part, match in zip(between, [*found, ""], strict=True))
    assert joined == text


signs = st.text(alphabet="ab()[]{}*+?\\^$|-,1.", max_size=8)


@given(signs, texts)
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_pattern_or_null_with_a_warning(pattern: str, text: str) -> None:
    found, warnings = feel.compile_expression("matches(t, p)").evaluate_with_warnings({"t": text, "p": pattern})
    assert found in (True, False) or (found is None and [warning.code for warning in warnings] == ["bad_pattern"])


CLASSES = {
    r"\d": "0123456789",
    r"\s": " \t\n\r",
    r"\i": "abcXYZ_:é李",
    r"\c": "abc019_:.-é李",
    r"\p{Lu}": "ABÄ",
    r"\p{Ll}": "abä",
    r"\p{Nd}": "019",
    r"\p{IsBasicLatin}": "aZ09 ~",
    "[a-z-[aeiou]]": "bcdxyz",
    r"[\d-[5]]": "012346789",
}
OTHERS = {
    r"\d": "aé李 ",
    r"\s": "a1_\u3000",
    r"\i": "019.- ",
    r"\c": " ,;",
    r"\p{Lu}": "ab1",
    r"\p{Ll}": "AB1",
    r"\p{Nd}": "a½Ⅷ",
    r"\p{IsBasicLatin}": "é李🐎",
    "[a-z-[aeiou]]": "aeiouA1",
    r"[\d-[5]]": "5a",
}


@pytest.mark.parametrize("pattern", CLASSES)
def test_a_class_holds_its_characters_and_no_others(pattern: str) -> None:
    whole = f"^{pattern}$"
    assert [letter for letter in CLASSES[pattern] if not value("matches(t, p)", t=letter, p=whole)] == []
    assert [letter for letter in OTHERS[pattern] if value("matches(t, p)", t=letter, p=whole)] == []


@pytest.mark.parametrize("pattern", [name for name in CLASSES if name[0] == "\\" and name[1] in "dsic"])
def test_the_capital_of_a_class_is_all_the_rest(pattern: str) -> None:
    capital = f"^{pattern[0]}{pattern[1].upper()}$"
    assert [letter for letter in CLASSES[pattern] if value("matches(t, p)", t=letter, p=capital)] == []
    assert [letter for letter in OTHERS[pattern] if not value("matches(t, p)", t=letter, p=capital)] == []


@pytest.mark.parametrize("pattern", [name for name in CLASSES if name.startswith(r"\p")])
def test_the_capital_of_a_property_is_all_the_rest(pattern: str) -> None:
    capital = f"^{pattern.replace('p', 'P', 1)}$"
    assert [letter for letter in CLASSES[pattern] if value("matches(t, p)", t=letter, p=capital)] == []
    assert [letter for letter in OTHERS[pattern] if not value("matches(t, p)", t=letter, p=capital)] == []
