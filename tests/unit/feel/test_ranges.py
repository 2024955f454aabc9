"""Ranges: literals, properties, membership, equality, iteration, and range() from texts (DMN 1.5, 10.3.2.7)."""

import pytest

from tests.unit.feel.evaluating import codes, shown

MEMBERSHIP = [
    ("1 in [1..3]", "true"),
    ("3 in [1..3]", "true"),
    ("1 in (1..3]", "false"),
    ("1 in ]1..3]", "false"),  # the other way to write an open end
    ("3 in [1..3)", "false"),
    ("3 in [1..3[", "false"),
    ("2 in (1..3)", "true"),
    ("2 in ]1..3[", "true"),
    ("0 in [1..3]", "false"),
    ("1.0 in [1..3]", "true"),
    ("2.999 in (1..3)", "true"),
    ('"b" in ["a".."c"]', "true"),
    ('"d" in ["a".."c"]', "false"),
    ('"bb" in ["a".."c"]', "true"),
    ('@"2020-01-02" in [@"2020-01-01"..@"2020-01-03"]', "true"),
    ('@"P1D" in (@"PT1H"..@"P2D")', "true"),
    ("-1 in [-2..0]", "true"),
    ("2 in [1 + 0..1 * 3]", "true"),  # ends are sums
    ("x in [low..high]", "true"),
    ("5 in (> 3)", "true"),
    ("3 in (> 3)", "false"),
    ("3 in (>= 3)", "true"),
    ("2 in (< 3)", "true"),
    ("3 in (<= 3)", "true"),
    ("3 in (= 3)", "true"),
    ("4 in (!= 3)", "true"),
    ("3 in (!= 3)", "false"),
    ("5 in > 3", "true"),  # without parentheses
    ("3 in != 3", "false"),
    ("3 in ([1..2], [3..4])", "true"),  # any of several
    ("3 in ([1..2], 3)", "true"),
    ("3 in (< 2, > 4)", "false"),
    ("3 in ([1..2], 5)", "false"),
    ("2 in [[1..3]]", "true"),  # a list of ranges
    ("2 in [5, [1..3]]", "true"),
    ("4 in [[1..3], (> 5)]", "false"),
    ("[1..3] in [[1..3]]", "true"),  # a range is an element itself
    ("[1..3] in [1..3]", "true"),
    ("null in [1..3]", "null"),
    ('"a" in [1..3]', "null"),
    ('1 in (> "a")', "null"),
]
PROPERTIES = [
    ("[1..3].start", "1"),
    ("[1..3].end", "3"),
    ("[1..3].start included", "true"),
    ("[1..3].end included", "true"),
    ("(1..3).start included", "false"),
    ("(1..3).end included", "false"),
    ("]1..3[.start included", "false"),
    ("(> 3).start", "3"),
    ("(> 3).end", "null"),
    ("(> 3).start included", "false"),
    ("(>= 3).start included", "true"),
    ("(< 3).start", "null"),
    ("(< 3).end", "3"),
    ("(< 3).end included", "false"),
    ("(<= 3).end included", "true"),
    ("(= 3).start", "3"),
    ("(= 3).end", "3"),
    ('[@"2020-01-01"..@"2020-02-01"].end', "2020-02-01"),
    ("{r: [1..3]}.r.start", "1"),
    ("[[1..2], [3..4]][1].end", "2"),
    ("[[1..2], [3..4]].end", "[2, 4]"),
]
EQUALITY = [
    ("[1..3] = [1..3]", "true"),
    ("[1..3] = [1.0..3]", "true"),
    ("[1..3] = (1..3]", "false"),
    ("[1..3] = [1..3)", "false"),
    ("[1..3] = [1..4]", "false"),
    ("[1..3] != [1..4]", "true"),
    ("(< 3) = (< 3)", "true"),
    ("(< 3) = (<= 3)", "false"),
    ("(> 3) = (< 3)", "false"),
    ("]1..3[ = (1..3)", "true"),
    ("[1..3] = [1, 2, 3]", "null"),
    ("[1..3] = 2", "null"),
    ("[1..3] < [2..4]", "null"),
]
TEXTS = [
    ("[1..3]", "[1..3]"),
    ("]1..3[", "(1..3)"),
    ("[1..3)", "[1..3)"),
    ("(<= 3)", "(<= 3)"),
    ("(!= 3)", "(!= 3)"),
    ('string(["a".."b"])', '"[\\"a\\"..\\"b\\"]"'),
    ('[@"P1D"..@"P2D"]', "[P1D..P2D]"),
]
FROM_TEXT = [
    ('range("[1..3]")', "[1..3]"),
    ('range("(1..3)")', "(1..3)"),
    ('range("]1..3[")', "(1..3)"),
    ('range("[ 1 .. 3 ]")', "[1..3]"),
    ('range("[-3..-1]")', "[-3..-1]"),
    ('range("[1..1]")', "[1..1]"),
    ('range("[1.5..2.5)")', "[1.5..2.5)"),
    ('range("[1..)")', "(>= 1)"),
    ('range("(1..)")', "(> 1)"),
    ('range("(..3]")', "(<= 3)"),
    ('range("(..3)")', "(< 3)"),
    ('range("[\\"a\\"..\\"b\\"]")', '["a".."b"]'),
    ('range("[@\\"2020-01-01\\"..@\\"2020-01-02\\"]")', "[2020-01-01..2020-01-02]"),
    ('range("[date(\\"2020-01-01\\")..date(\\"2020-01-02\\")]")', "[2020-01-01..2020-01-02]"),
    ('range("[duration(\\"P1D\\")..duration(\\"P2D\\")]")', "[P1D..P2D]"),
    ('range("[date(2020, 1, 1)..date(2020, 1, 2)]")', "[2020-01-01..2020-01-02]"),
    ('range(from: "[1..2]")', "[1..2]"),
    ('5 in range("(> 3)")', "false"),
]


@pytest.mark.parametrize(("text", "expected"), [*MEMBERSHIP, *PROPERTIES, *EQUALITY, *TEXTS, *FROM_TEXT])
def test_ranges(text: str, expected: str) -> None:
    assert shown(text, {"x": 2, "low": 1, "high": 3}) == expected


@pytest.mark.parametrize(
    "body",
    [
        "",
        "1..3",
        "[1..3",
        "1..3]",
        "{1..3}",
        "[1.3]",
        "[1...3]",
        "[1..2..3]",
        "[..]",
        "(..)",
        "[..3]",  # an end that is left out is open
        "[1..]",
        "[3..1]",
        "[1..x]",
        "[1+1..3]",
        "[1..null]",
        "[true..false]",
        "[1..a]",
        "[[1]..[2]]",
        "[today()..now()]",
        '[1..\\"a\\"]',
        '[@\\"x\\"..@\\"y\\"]',
        "[1, 2]",
    ],
)
def test_a_text_that_is_no_range_of_literals_gives_null_and_a_warning(body: str) -> None:
    text = f'range("{body}")'
    assert shown(text) == "null"
    assert codes(text)[-1] == "no_result"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[1.."a"]', "bad_range"),
        ("[true..false]", "bad_range"),
        ("[[1]..[2]]", "bad_range"),
        ('[@"P1D"..@"P1M"]', "bad_range"),
        ('[@"10:00:00"..@"11:00:00Z"]', "bad_range"),
        ("range(null)", "wrong_type"),
        ("range(1)", "wrong_type"),
        ("range()", "wrong_arguments"),
        ('range("[1..2]", 1)', "wrong_arguments"),
        ('range(text: "[1..2]")', "wrong_arguments"),
        ("[1..3].length", "unknown_property"),
    ],
)
def test_ends_must_have_an_order(text: str, code: str) -> None:
    assert shown(text) == "null"
    assert codes(text) == [code]


# The relations between points and ranges. For each: the pairs of which it is true, then those of which it is false.
RELATIONS = {
    "before": (
        "1, 2|1, [2..3]|1, (1..3]|[1..2], 3|[1..2), 2|[1..2], [3..4]|[1..2], (2..3]|[1..2), [2..3]|(< 2), [2..3]",
        "2, 1|1, 1|2, [2..3]|3, [2..3]|[1..2], 2|[1..2], [2..3]|[2..3], [1..1]|(<= 2), [2..3]|[1..2], (< 5)",
    ),
    "after": (
        "2, 1|4, [2..3]|3, [2..3)|[2..3], 1|(2..3], 2|[3..4], [1..2]|(2..3], [1..2]|[2..3], [1..2)|(> 3), [1..3]",
        "1, 2|1, 1|3, [2..3]|[2..3], 2|[2..3], [1..2]|(>= 3), [1..3]|[1..5], (> 3)",
    ),
    "meets": (
        "[1..2], [2..3]|(1..2], [2..3)|(<= 2), [2..3]|[1..2], (>= 2)",
        "[1..2), [2..3]|[1..2], (2..3]|[1..2), (2..3]|[1..2], [3..4]|[2..3], [1..2]|[1..3], [2..4]",
    ),
    "met by": (
        "[2..3], [1..2]|[2..3), (1..2]|(>= 2), [1..2]",
        "[2..3], [1..2)|(2..3], [1..2]|[1..2], [2..3]|[3..4], [1..2]",
    ),
    "overlaps": (
        "[1..5], [3..8]|[3..8], [1..5]|[1..8], [3..5]|[3..5], [1..8]|[1..5], [5..8]|[1..3], [1..3]|(< 3), [2..4]",
        "[1..5], [6..8]|[6..8], [1..5]|[1..5), [5..8]|[1..5], (5..8]|[1..5), (5..8]|(< 3), (> 3)|(<= 3), (> 3)",
    ),
    "overlaps before": (
        "[1..5], [3..8]|[1..5], [5..8]|[1..5], (1..5]|[1..5), (1..5)|(< 5), [3..8]",
        "[3..8], [1..5]|[1..5), [5..8]|[1..5], (5..8]|[1..8], [3..5]|[1..5], [1..8]|[1..5], [1..5]|[1..3], [5..8]",
    ),
    "overlaps after": (
        "[3..8], [1..5]|[5..8], [1..5]|(1..5], [1..5]|(1..5), [1..5)|(> 3), [1..5]",
        "[1..5], [3..8]|[5..8], [1..5)|(5..8], [1..5]|[3..5], [1..8]|[1..5], [1..5]|[6..8], [1..5]",
    ),
    "finishes": (
        "5, [1..5]|5, (1..5]|[3..5], [1..5]|(3..5), [1..5)|[1..5], [1..5]|(1..5], [1..5]|5, (<= 5)",
        "5, [1..5)|4, [1..5]|[3..5), [1..5]|[1..5], [3..5]|[1..5], (1..5]|[3..4], [1..5]",
    ),
    "finished by": (
        "[1..5], 5|(1..5], 5|[1..5], [3..5]|[1..5), (3..5)|[1..5], [1..5]|[1..5], (1..5]",
        "[1..5), 5|[1..5], 4|[1..5], [3..5)|[3..5], [1..5]|(1..5], [1..5]",
    ),
    "includes": (
        "[1..5], 3|[1..5], 1|[1..5], 5|[1..5], [2..4]|[1..5], [1..5]|[1..5], (1..5)|(1..5), (1..5)|(> 1), [2..9]",
        "[1..5], 6|(1..5], 1|[1..5), 5|[1..5], [0..4]|[1..5], [2..6]|(1..5), [1..5]|(> 1), [1..9]",
    ),
    "during": (
        "3, [1..5]|1, [1..5]|5, [1..5]|[2..4], [1..5]|[1..5], [1..5]|(1..5), [1..5]|[2..9], (> 1)",
        "6, [1..5]|1, (1..5]|5, [1..5)|[0..4], [1..5]|[2..6], [1..5]|[1..5], (1..5)",
    ),
    "starts": (
        "1, [1..5]|[1..3], [1..5]|(1..3], (1..5]|[1..5], [1..5]|[1..5), [1..5]|1, (>= 1)",
        "2, [1..5]|1, (1..5]|(1..3], [1..5]|[1..3], (1..5]|[1..5], [1..3]|[2..3], [1..5]",
    ),
    "started by": (
        "[1..5], 1|[1..5], [1..3]|(1..5], (1..3]|[1..5], [1..5]|[1..5], [1..5)",
        "[1..5], 2|(1..5], 1|[1..5], (1..3]|(1..5], [1..3]|[1..3], [1..5]",
    ),
    "coincides": (
        "3, 3|[1..5], [1..5]|(1..5), (1..5)|[1..5), [1.0..5)|(< 3), (< 3)",
        "3, 4|[1..5], (1..5]|[1..5], [1..5)|[1..5], [1..6]|(< 3), (<= 3)",
    ),
}
NAMES = {
    # the arguments' names for a range and a range, a point and a range, a range and a point, a point and a point
    "before": ("range1 range2", "point range", "range point", "point1 point2"),
    "after": ("range1 range2", "point range", "range point", "point1 point2"),
    "meets": ("range1 range2", "", "", ""),
    "met by": ("range1 range2", "", "", ""),
    "overlaps": ("range1 range2", "", "", ""),
    "overlaps before": ("range1 range2", "", "", ""),
    "overlaps after": ("range1 range2", "", "", ""),
    "finishes": ("range1 range2", "point range", "", ""),
    "finished by": ("range1 range2", "", "range point", ""),
    "includes": ("range1 range2", "", "range point", ""),
    "during": ("range1 range2", "point range", "", ""),
    "starts": ("range1 range2", "point range", "", ""),
    "started by": ("range1 range2", "", "range point", ""),
    "coincides": ("range1 range2", "", "", "point1 point2"),
}
SHAPES = ("[1..2], [1..2]", "1, [1..2]", "[1..2], 1", "1, 1")


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_relation_holds_of_its_pairs_and_no_others(relation: str) -> None:
    for pairs, expected in zip(RELATIONS[relation], ("true", "false"), strict=True):
        for pair in pairs.split("|"):
            assert shown(f"{relation}({pair})") == expected, pair


@pytest.mark.parametrize("relation", NAMES)
def test_a_relation_takes_the_shapes_of_its_table_by_position_and_by_name(relation: str) -> None:
    for shape, names in zip(SHAPES, NAMES[relation], strict=True):
        if not names:
            assert codes(f"{relation}({shape})") == ["wrong_type"], shape
            continue
        by_position = shown(f"{relation}({shape})")
        assert by_position != "null", shape
        named = ", ".join(f"{name}: {value}" for name, value in zip(names.split(), shape.split(", "), strict=True))
        assert shown(f"{relation}({named})") == by_position, named


@pytest.mark.parametrize("relation", NAMES)
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("", "wrong_arguments"),
        ("[1..2]", "wrong_arguments"),
        ("[1..2], [1..2], [1..2]", "wrong_arguments"),
        ("null, [1..2]", "wrong_type"),
        ("[1..2], null", "wrong_type"),
        ("true, [1..2]", "wrong_type"),
        ('[1..2], ["a".."b"]', "no_result"),
        ('[1..2], [@"P1D"..@"P2D"]', "no_result"),
    ],
)
def test_a_relation_of_what_does_not_compare_is_null_with_a_warning(relation: str, arguments: str, code: str) -> None:
    text = f"{relation}({arguments})"
    assert shown(text) == "null"
    assert codes(text) == [code]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('before(@"2020-01-01", @"2020-01-02")', "true"),
        ('after("b", "a")', "true"),
        ('before(@"10:00:00", [@"11:00:00"..@"12:00:00"])', "true"),
        ('includes([@"2020-01-01"..@"2020-12-31"], @"2020-06-01")', "true"),
        ('during(@"P2D", [@"P1D"..@"P3D"])', "true"),
        ('meets([@"P1M"..@"P2M"], [@"P2M"..@"P3M"])', "true"),
        ('coincides(@"2020-01-01T10:00:00Z", @"2020-01-01T11:00:00+01:00")', "true"),
        ('starts("a", ["a".."c"])', "true"),
        ('overlaps([@"2020-01-01"..@"2020-01-10"], [@"2020-01-10"..@"2020-01-20"])', "true"),
    ],
)
def test_relations_hold_of_every_kind_that_has_an_order(text: str, expected: str) -> None:
    assert shown(text) == expected
