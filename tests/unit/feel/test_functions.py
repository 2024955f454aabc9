"""The built-in functions, by area; the compatibility kit's own cases are in test_kit."""

import pytest

from tests.unit.feel.evaluating import shown, value

STRINGS = [
    ('substring("foobar", 3)', '"obar"'),
    ('substring("foobar", -2, 1)', '"a"'),
    ('substring("🐎bc", 2)', '"bc"'),
    ('substring("abc", 4)', "null"),
    ('string length("🐎")', "1"),
    ('upper case("aß")', '"ASS"'),
    ('substring before("foobar", "bar")', '"foo"'),
    ('substring after("foobar", "ob")', '"ar"'),
    ('contains("foobar", "ob")', "true"),
    ('starts with("foobar", "fo")', "true"),
    ('ends with("foobar", "r")', "true"),
    ('split("a;b;;", ";")', '["a", "b", "", ""]'),
    ('string join(["a", null, "c"], "-")', '"a-c"'),
    ('string join(["a", "b"], ", ", "<", ">")', '"<a, b>"'),
    ('string join([1], ",")', "null"),
    ("string(null)", "null"),
    ('string([1, {a: "x"}])', '"[1, {a: \\"x\\"}]"'),
    ('trim("  a ")', '"a"'),
    ('is blank(" ")', "true"),
    ('extract("a1b22", "[0-9]+")', '["1", "22"]'),
]
LISTS = [
    ("list contains([1, null], null)", "true"),
    ("count([])", "0"),
    ("min([3, 1, 2])", "1"),
    ("max(1, 2.5)", "2.5"),
    ('max("a", 1)', "null"),
    ("min([])", "null"),
    ("sum(1, 2, 3)", "6"),
    ("sum([])", "null"),
    ('sum([@"PT1H", @"PT2H"])', "PT3H"),
    ("mean(1, 2)", "1.5"),
    ("product([2, 3])", "6"),
    ("median(8, 2, 5, 7)", "6"),
    ("stddev(2, 4, 7, 5)", "2.081665999466132735282297706979931"),
    ("stddev([1])", "null"),
    ("mode([3, 6, 1, 9, 6, 1, 3])", "[1, 3, 6]"),
    ("all([true, null])", "null"),
    ("any([true, null])", "true"),
    ("sublist([1, 2, 3], 2, 1)", "[2]"),
    ("sublist([1, 2, 3], -2)", "[2, 3]"),
    ("sublist([1, 2], 2, 2)", "null"),
    ("append([1], 2, [3])", "[1, 2, [3]]"),
    ("concatenate([1], [2, 3])", "[1, 2, 3]"),
    ("concatenate([1], null)", "null"),
    ("concatenate([[1]])", "[[1]]"),
    ("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
    ("remove([1, 2, 3], -1)", "[1, 2]"),
    ("list replace([1, 2, 3], 2, 9)", "[1, 9, 3]"),
    ("list replace([1, 2, 3], function(item, newItem) item < newItem, 3)", "[3, 3, 3]"),
    ("reverse([1, 2])", "[2, 1]"),
    ("index of([1, 2, 1], 1)", "[1, 3]"),
    ("union([1, 2], [2, 3])", "[1, 2, 3]"),
    ('distinct values([1, 1.0, "1", null, null, [1], [1]])', '[1, "1", null, [1]]'),
    ("duplicate values([1, 2, 1, 1])", "[1]"),
    ("flatten([[1, [2]], 3])", "[1, 2, 3]"),
    ("sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]"),
    ('sort(["b", "a"])', '["a", "b"]'),
    ("sort([1, 2], function(a, b) 1)", "null"),
    ("partition([1, 2, 3], 2)", "[[1, 2], [3]]"),
    ("is empty([])", "true"),
]
CONTEXTS = [
    ('get value({a: 1}, "a")', "1"),
    ('get value({a: 1}, "b")', "null"),
    ("get entries({a: 1})", '[{key: "a", value: 1}]'),
    ('context([{key: "a", value: 1}])', "{a: 1}"),
    ('context([{key: "a", value: 1}, {key: "a", value: 2}])', "null"),
    ('context put({a: 1}, "b", 2)', "{a: 1, b: 2}"),
    ('context put({a: {b: 1}}, ["a", "b"], 2)', "{a: {b: 2}}"),
    ('context put({}, ["a", "b"], 2)', "{a: {b: 2}}"),
    ('context put({a: 1}, ["a", "b"], 2)', "null"),
    ("context merge([{a: 1, b: 1}, {b: 2}])", "{a: 1, b: 2}"),
    ("get or else(null, 3)", "3"),
]
MOMENTS = [
    ("now()", "2026-03-04T05:06:07Z"),
    ("today()", "2026-03-04"),
    ("date(2020, 2, 29)", "2020-02-29"),
    ("date(2021, 2, 29)", "null"),
    ('date("-2021-01-01")', "-2021-01-01"),
    ('date(@"2020-01-01T10:00:00Z")', "2020-01-01"),
    ('time(@"2020-01-01T10:00:00+02:00")', "10:00:00+02:00"),
    ('time(10, 30, 1.5, @"PT1H")', "10:30:01.5+01:00"),
    ("time(25, 0, 0)", "null"),
    ('date and time(@"2020-01-01", @"10:00:00")', "2020-01-01T10:00:00"),
    ('date and time("2020-01-01T24:00:00")', "2020-01-02T00:00:00"),
    ('date and time("2020-01-01T00:00:00@../etc/passwd")', "null"),
    ('duration("P1DT25H")', "P2DT1H"),
    ('duration("P14M")', "P1Y2M"),
    ('duration("P1Y1D")', "null"),
    ('years and months duration(@"2020-01-31", @"2020-03-01")', "P1M"),
    ('@"2020-01-31" + @"P1M"', "2020-02-29"),
    ('@"2020-03-01" - @"2020-02-01"', "P29D"),
    ('@"23:00:00" + @"PT2H"', "01:00:00"),
    ('@"P1D" / @"PT1H"', "24"),
    ('@"P1Y" * 1.5', "P1Y6M"),
    ('abs(@"-P1D")', "P1D"),
    ('day of year(@"2020-12-31")', "366"),
    ('day of week(@"2019-09-17")', '"Tuesday"'),
    ('month of year(@"2019-09-17")', '"September"'),
    ('week of year(@"2005-01-01")', "53"),
    ('last day of month(@"2024-02-01")', "2024-02-29"),
    ('is(@"10:00:00Z", @"10:00:00+00:00")', "true"),
    ('is(@"10:00:00@Etc/UTC", @"10:00:00Z")', "false"),
    ('@"2020-01-01T00:00:00@Europe/Paris".time offset', "PT1H"),
    ('@"-PT90M".minutes', "-30"),
    ('@"99999-07-01T00:00:00@Europe/Paris" = @"99999-06-30T22:00:00Z"', "true"),
]


@pytest.mark.parametrize(("text", "expected"), [*STRINGS, *LISTS, *CONTEXTS, *MOMENTS])
def test_built_in_functions(text: str, expected: str) -> None:
    assert shown(text) == expected


RELATIONS = {
    # relation: the pairs of which it is true
    "before": ["1, 10", "1, [2..3]", "1, (1..3]", "[1..2), 2", "[1..2], [3..4]", "[1..2), [2..3]"],
    "after": ["10, 1", "4, [2..3]", "(2..3], 2", "[3..4], [1..2]"],
    "meets": ["[1..2], [2..3]"],
    "met by": ["[2..3], [1..2]"],
    "overlaps": ["[1..3], [2..4]", "[1..2], [2..3]", "[1..9], [2..3]"],
    "overlaps before": ["[1..3], [2..4]", "[1..3], (1..4]"],
    "overlaps after": ["[2..4], [1..3]"],
    "finishes": ["3, [1..3]", "[2..3], [1..3]"],
    "finished by": ["[1..3], 3", "[1..3], (1..3]"],
    "includes": ["[1..3], 2", "[1..3], [1..3]", "[1..3], (1..3)"],
    "during": ["2, [1..3]", "(1..3), [1..3]"],
    "starts": ["1, [1..3]", "[1..2], [1..3]"],
    "started by": ["[1..3], 1", "[1..3], [1..2]"],
    "coincides": ["1, 1", "[1..3], [1..3]"],
}
CONVERSES = {
    "before": "after",
    "meets": "met by",
    "overlaps": "overlaps",
    "overlaps before": "overlaps after",
    "finishes": "finished by",
    "includes": "during",
    "starts": "started by",
    "coincides": "coincides",
}


@pytest.mark.parametrize(("relation", "pair"), [(name, pair) for name, pairs in RELATIONS.items() for pair in pairs])
def test_relations_between_points_and_ranges(relation: str, pair: str) -> None:
    assert value(f"{relation}({pair})") is True


@pytest.mark.parametrize(("relation", "converse"), CONVERSES.items())
def test_a_relation_holds_exactly_when_its_converse_holds_the_other_way_round(relation: str, converse: str) -> None:
    ranges = ["[1..2]", "(1..2]", "[1..2)", "[2..3]", "(2..3)", "[1..3]", "[1..1]", "(< 2)", "(>= 2)"]
    for first in ranges:
        for second in ranges:
            assert value(f"{relation}({first}, {second})") == value(f"{converse}({second}, {first})"), (first, second)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('range("[18..21)")', "[18..21)"),
        ('range("(..21]") = range("(..21]")', "true"),
        ('3 in range("[1..)")', "true"),
        ('range("[\\"a\\"..\\"c\\"]")', '["a".."c"]'),
        ('range("[date(\\"2020-01-01\\")..@\\"2020-02-01\\"]")', "[2020-01-01..2020-02-01]"),
        ('range("[1+1..3]")', "null"),
        ('range("[x..3]")', "null"),
        ('range("[3..1]")', "null"),
        ('range("[1..3")', "null"),
        ('range("[..3]")', "null"),
    ],
)
def test_ranges_from_text_take_literals_only(text: str, expected: str) -> None:
    assert shown(text) == expected
