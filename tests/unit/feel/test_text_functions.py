"""Built-in functions on texts (DMN 1.5, table 76): positions count code points from 1, patterns are XPath's."""

import pytest

from tests.unit.feel.evaluating import codes, shown

SUBSTRING = [
    ('substring("wooden", 1)', '"wooden"'),
    ('substring("wooden", 3)', '"oden"'),
    ('substring("wooden", 6)', '"n"'),
    ('substring("wooden", 7)', "null"),  # one behind the last
    ('substring("wooden", 0)', "null"),  # there is no position 0
    ('substring("wooden", -1)', '"n"'),
    ('substring("wooden", -6)', '"wooden"'),
    ('substring("wooden", -7)', "null"),
    ('substring("wooden", 3, 3)', '"ode"'),
    ('substring("wooden", -2, 1)', '"e"'),
    ('substring("wooden", 3, 99)', '"oden"'),  # longer than what is left
    ('substring("wooden", 3, 1)', '"o"'),
    ('substring("wooden", 3, 0)', "null"),
    ('substring("wooden", 3, -1)', "null"),
    ('substring("wooden", 3.8)', '"oden"'),  # cut to 3
    ('substring("wooden", 0.5)', "null"),  # cut to 0
    ('substring("", 1)', "null"),
    ('substring("\\U01F40Eab", 2)', '"ab"'),  # a horse is one position
    ('substring("\\U01F40Eab", 1, 1)', '"🐎"'),
    ('substring("\\uD83D\\uDC0Eab", 1, 1)', '"🐎"'),  # two escapes, one character
    ('substring(string: "wooden", start position: 3)', '"oden"'),
    ('substring(length: 2, start position: 3, string: "wooden")', '"od"'),
    ('substring("wooden", 1e40)', "null"),
    ('substring(["wooden"], [3])', '"oden"'),  # lists of one are their elements
]
LENGTH = [
    ('string length("")', "0"),
    ('string length("foo")', "3"),
    ('string length("\\n")', "1"),
    ('string length("你好")', "2"),
    ('string length("\\U01F40E")', "1"),
    ('string length("e\\u0301")', "2"),  # a letter and its accent
    ('string length(string: " a ")', "3"),
    ('string length(["foo"])', "3"),
]
CASE = [
    ('upper case("aBc4")', '"ABC4"'),
    ('upper case("")', '""'),
    ('upper case("ß")', '"SS"'),
    ('upper case("äöü")', '"ÄÖÜ"'),
    ('upper case("你")', '"你"'),
    ('upper case(string: "x")', '"X"'),
    ('lower case("aBc4")', '"abc4"'),
    ('lower case("ÄÖÜ")', '"äöü"'),
    ('lower case("ΑΒΓ")', '"αβγ"'),
    ('lower case(string: "X")', '"x"'),
]
PARTS = [
    ('substring before("wooden", "den")', '"woo"'),
    ('substring before("wooden", "woo")', '""'),
    ('substring before("wooden", "xyz")', '""'),
    ('substring before("wooden", "")', '""'),
    ('substring before("", "")', '""'),
    ('substring before("wooden", "o")', '"w"'),  # the first match
    ('substring before(string: "wooden", match: "de")', '"woo"'),
    ('substring after("wooden", "od")', '"en"'),
    ('substring after("wooden", "n")', '""'),
    ('substring after("wooden", "xyz")', '""'),
    ('substring after("wooden", "")', '"wooden"'),
    ('substring after("", "a")', '""'),
    ('substring after("wooden", "o")', '"oden"'),
    ('substring after(match: "od", string: "wooden")', '"en"'),
    ('contains("wooden", "ow")', "false"),
    ('contains("wooden", "od")', "true"),
    ('contains("wooden", "")', "true"),
    ('contains("", "")', "true"),
    ('contains("wooden", "OD")', "false"),
    ('contains(string: "wooden", match: "od")', "true"),
    ('starts with("wooden", "wo")', "true"),
    ('starts with("wooden", "od")', "false"),
    ('starts with("wooden", "")', "true"),
    ('starts with(string: "wooden", match: "w")', "true"),
    ('ends with("wooden", "n")', "true"),
    ('ends with("wooden", "od")', "false"),
    ('ends with("wooden", "")', "true"),
    ('ends with(match: "den", string: "wooden")', "true"),
]
REPLACE = [
    ('replace("barbara", "bar", "*")', '"**a"'),
    ('replace("barbara", "a.*a", "*")', '"b*"'),
    ('replace("barbara", "a.*?a", "*")', '"b*ra"'),
    ('replace("barbara", "a", "")', '"brbr"'),
    ('replace("barbara", "a(.)", "a$1$1")', '"barrbarra"'),
    ('replace("zzz", "z+", "y")', '"y"'),
    ('replace("zzz", "z+?", "y")', '"yyy"'),
    ('replace("planted", "^(.*?)l(.*)$", "$1r$2")', '"pranted"'),
    ('replace("abc", "b", "$0$0")', '"abbc"'),
    ('replace("abc", "(b)", "[$1]")', '"a[b]c"'),
    ('replace("abc", "b", "\\\\$")', '"a$c"'),  # an escaped dollar
    ('replace("abc", "b", "\\\\\\\\")', '"a\\\\c"'),  # an escaped backslash
    ('replace("abc", "x", "y")', '"abc"'),
    ('replace("aBc", "b", "x", "i")', '"axc"'),
    ('replace("aBc", "b", "x", "")', '"aBc"'),
    ('replace("aBc", "b", "x", null)', '"aBc"'),
    ('replace("a b", "a b", "x", "x")', '"a b"'),  # flag x: spaces of the pattern do not count
    ('replace("ab", "a b", "x", "x")', '"x"'),
    ('replace("a\\nb", "a.b", "x", "s")', '"x"'),
    ('replace("a\\nb", "a.b", "x")', '"a\\nb"'),
    ('replace("a\\nb", "^b", "x", "m")', '"a\\nx"'),
    ('replace(input: "wooden", pattern: "o", replacement: "0")', '"w00den"'),
    ('replace(input: "wooden", pattern: "O", replacement: "0", flags: "i")', '"w00den"'),
    ('replace("\\U01F40Ebc", "b", "x")', '"🐎xc"'),
    ('replace("(x)", "\\\\(x\\\\)", "y")', '"y"'),
    ('replace("a1b22", "[0-9]+", "#")', '"a#b#"'),
    ('replace("aa", "(a)(b)?", "$1$2")', '"aa"'),  # a group that did not take part is empty
]
MATCHES = [
    ('matches("wooden", "^wo*d")', "true"),
    ('matches("wooden", "o")', "true"),  # anywhere
    ('matches("wooden", "^o")', "false"),
    ('matches("barbara", "^b.*a$")', "true"),
    ('matches("barbara", "^ara")', "false"),
    ('matches("", "^$")', "true"),
    ('matches("abc", "")', "true"),
    ('matches("ABC", "abc", "i")', "true"),
    ('matches("ABC", "abc")', "false"),
    ('matches("a\\nb", "a.b")', "false"),
    ('matches("a\\nb", "a.b", "s")', "true"),
    ('matches("a\\nb", "^b$", "m")', "true"),
    ('matches("a\\nb", "^b$")', "false"),
    ('matches("blusky", "blu sky", "x")', "true"),
    ('matches("BLUSKY", "blu sky", "xi")', "true"),
    ('matches("blu sky", "blu[ ]sky", "x")', "true"),  # within brackets a space counts
    ('matches("h", "[a-z-[aeiou]]")', "true"),  # letters without the vowels
    ('matches("e", "[a-z-[aeiou]]")', "false"),
    ('matches("x", "\\\\p{Ll}")', "true"),
    ('matches("X", "\\\\p{Ll}")', "false"),
    ('matches("X", "\\\\P{Ll}")', "true"),
    ('matches("a", "\\\\p{IsBasicLatin}")', "true"),
    ('matches("你", "\\\\p{IsBasicLatin}")', "false"),
    ('matches("你", "\\\\p{IsCJKUnifiedIdeographs}")', "true"),
    ('matches("5", "\\\\d")', "true"),
    ('matches("x", "\\\\d")', "false"),
    ('matches("a_1", "^\\\\i\\\\c*$")', "true"),  # a name of XML
    ('matches("1a", "^\\\\i\\\\c*$")', "false"),
    ('matches("abab", "^(ab)\\\\1$")', "true"),
    ('matches("abac", "^(ab)\\\\1$")', "false"),
    ('matches("aa", "^a{2}$")', "true"),
    ('matches("aaa", "^a{2}$")', "false"),
    ('matches("aaa", "^a{2,}$")', "true"),
    ('matches("a.b", "a\\\\.b")', "true"),
    ('matches("axb", "a\\\\.b")', "false"),
    ('matches("a&&b", "[&]{2}")', "true"),
    ('matches("b", "a|b")', "true"),
    ('matches("foo\\n", "foo$")', "false"),  # $ is the very end
    ('matches(input: "wooden", pattern: "den$")', "true"),
    ('matches(flags: "i", pattern: "DEN$", input: "wooden")', "true"),
]
SPLIT = [
    ('split("Wang Li", "\\\\s")', '["Wang", "Li"]'),
    ('split("x;;y;", ";")', '["x", "", "y", ""]'),
    ('split(";a", ";")', '["", "a"]'),
    ('split("abc", ";")', '["abc"]'),
    ('split("", ";")', '[""]'),
    ('split("a1b22c", "[0-9]+")', '["a", "b", "c"]'),
    ('split("a, b,c", ",\\\\s*")', '["a", "b", "c"]'),
    ('split("a|b", "\\\\|")', '["a", "b"]'),
    ('split(string: "a-b", delimiter: "-")', '["a", "b"]'),
    ('split("AxBXC", "x")', '["A", "BXC"]'),
]
JOIN = [
    ('string join(["a", "b", "c"], "_and_")', '"a_and_b_and_c"'),
    ('string join(["a", "b", "c"], "")', '"abc"'),
    ('string join(["a", "b", "c"], null)', '"abc"'),
    ('string join(["a", "b", "c"])', '"abc"'),
    ('string join(["a"], "X")', '"a"'),
    ('string join(["a", null, "c"], "X")', '"aXc"'),
    ('string join([null], "X")', '""'),
    ('string join([], "X")', '""'),
    ('string join([""], "X")', '""'),
    ('string join(["", ""], "X")', '"X"'),
    ('string join("a", "X")', '"a"'),  # an element is a list of it
    ('string join(["a", "b"], ", ", "[", "]")', '"[a, b]"'),
    ('string join([], ", ", "[", "]")', '"[]"'),
    ('string join(["a", "b"], null, null, "!")', '"ab!"'),
    ('string join(list: ["a", "b"])', '"ab"'),
    ('string join(list: ["a", "b"], delimiter: "-")', '"a-b"'),
    ('string join(delimiter: "-", list: ["a", "b"], prefix: "<", suffix: ">")', '"<a-b>"'),
]
EXTENSIONS = [
    ('trim("  a b  ")', '"a b"'),
    ('trim("")', '""'),
    ('is blank("")', "true"),
    ('is blank(" \\t\\n")', "true"),
    ('is blank(" a ")', "false"),
    ('extract("this is 1234 and 5", "[0-9]+")', '["1234", "5"]'),
    ('extract("none", "[0-9]")', "[]"),
]


@pytest.mark.parametrize(
    ("text", "expected"), [*SUBSTRING, *LENGTH, *CASE, *PARTS, *REPLACE, *MATCHES, *SPLIT, *JOIN, *EXTENSIONS]
)
def test_functions_on_texts(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        # patterns that XPath does not have
        'matches("a", "(")',
        'matches("a", ")")',
        'matches("a", "[a")',
        'matches("a", "a]b[")',
        'matches("a", "*a")',
        'matches("a", "a**")',
        'matches("a", "a++")',
        'matches("a", "a{2")',
        'matches("a", "a{x}")',
        'matches("a", "\\\\")',
        'matches("a", "\\\\q")',
        'matches("a", "(?=a)")',
        'matches("a", "(?<n>a)")',
        'matches("a", "(?i)a")',
        'matches("a", "\\\\1")',
        'matches("a", "(a\\\\1)")',
        'matches("a", "\\\\p{Nonsense}")',
        'matches("a", "\\\\p{L")',
        'matches("a", "a", "q")',
        'matches("a", "a", "I")',
        'matches("a", "a", " ")',
        'replace("a", "(", "x")',
        'replace("a", "a", "x", "p")',
        'split("a", "[")',
        'extract("a", "[")',
    ],
)
def test_a_pattern_that_xpath_does_not_know_gives_null_and_a_warning(text: str) -> None:
    assert shown(text) == "null"
    assert codes(text) == ["bad_pattern"]


@pytest.mark.parametrize(
    "text",
    ['replace("abc", "x*", "-")', 'replace("abc", ".*?", "-")', 'split("abc", "")', 'split("abc", "b?")'],
)
def test_a_pattern_to_replace_or_split_at_must_not_match_the_empty_text(text: str) -> None:
    assert shown(text) == "null"
    assert codes(text) == ["no_result"]


@pytest.mark.parametrize("replacement", ["$", "$x", "a$", "\\\\x", "\\\\"])
def test_a_replacement_has_groups_and_escapes_only(replacement: str) -> None:
    text = f'replace("abc", "b", "{replacement}")'
    assert shown(text) == "null"
    assert codes(text) == ["bad_replacement"]


@pytest.mark.parametrize(
    "text",
    [
        "substring(1, 1)",
        'substring("a", "1")',
        'substring("a", 1, "1")',
        "substring(null, 1)",
        'substring("a", null)',
        "string length(1)",
        "string length(null)",
        'string length(["a", "b"])',
        "upper case(1)",
        "lower case(null)",
        'substring before("a", 1)',
        'substring after(null, "a")',
        'contains(["a", "b"], "a")',
        'contains("a", null)',
        'starts with(1, "1")',
        'ends with("a", true)',
        'replace("a", "a", null)',
        'replace("a", "a", "b", 1)',
        'matches(1, "1")',
        'matches("a", null)',
        'split("a", null)',
        'split(1, "1")',
        'string join(null, "a")',
        'string join(["a", 1], "-")',
        'string join([true], "-")',
        'string join(["a"], 1)',
        'string join([["a"]], "-")',
        "trim(1)",
        "is blank(null)",
    ],
)
def test_other_kinds_than_texts_give_null_and_a_warning(text: str) -> None:
    assert shown(text) == "null"
    assert codes(text) == ["wrong_type"]
