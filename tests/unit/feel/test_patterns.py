"""Regular expressions are XPath's, nothing more and nothing less."""

import pytest

from tests.unit.feel.evaluating import codes, value


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"),
    [
        ("abracadabra", "bra", "", True),
        ("ABC", "abc", "i", True),
        ("x", "[A-Z-[OI]]", "i", True),
        ("o", "[A-Z-[OI]]", "i", False),
        ("Q", "[^Q]", "i", False),
        ("a\nb", "a.b", "", False),
        ("a\rb", "a.b", "", False),
        ("a\nb", "a.b", "s", True),
        ("a\n", "a$", "", False),
        ("a\nb", "^b$", "m", True),
        ("hello world", "hello[ ]world", "x", True),
        ("hello world", r"\p{ IsBasicLatin }+", "x", True),
        ("Ä", r"\p{Lu}", "", True),
        ("ä", r"\P{Lu}", "", True),
        ("aa", r"(a)\1", "", True),
        ("a1", r"(a)(?:1)", "", True),
        ("_a:b", r"^\i\c*$", "", True),
        ("a&&b", "[&&]", "", True),
        ("-", "[a-]", "", True),
        ("a#b", "a#b", "x", True),
    ],
)
def test_matching(text: str, pattern: str, flags: str, expected: bool) -> None:
    assert value("matches(t, p, f)", {"t": text, "p": pattern, "f": flags}) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "[",
        "a{2",
        "*a",
        "a**",
        "a++",
        "(?=a)",
        "(?P<n>a)",
        r"\1",
        r"(a\1)",
        r"[\1]",
        r"\k",
        r"\p{Nothing}",
        "[a[b]]",
        "a{3,2}",
    ],
)
def test_what_xpath_does_not_know_is_null_with_a_warning(pattern: str) -> None:
    assert codes("matches(t, p)", {"t": "a", "p": pattern}) == ["bad_pattern"]


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "expected"),
    [
        ("abcd", "(ab)|(a)", "[1=$1][2=$2]", "[1=ab][2=]cd"),
        ("facetiously", "[iouy]", "[$0]", "facet[i][o][u]sl[y]"),
        ("a", "a", r"\$1", "$1"),
        ("a", "(a)", "$12", "a2"),
        ("a", "a", "$", None),
        ("a", "a", r"\x", None),
    ],
)
def test_replacing(text: str, pattern: str, replacement: str, expected: str | None) -> None:
    assert value("replace(t, p, r)", {"t": text, "p": pattern, "r": replacement}) == expected
