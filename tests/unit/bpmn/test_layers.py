"""Columns and rows of a drawing, by tables: ``a|b c`` are two columns, ``a-b`` is a link."""

import pytest

from engine.bpmn import layers


def links(text: str) -> list[tuple[str, ...]]:
    return [tuple(pair.split("-")) for pair in text.split()]


def columns(text: str) -> list[list[str]]:
    return [column.split() for column in text.split("|")]


COLUMNS = [
    ("", "", ""),
    ("a", "", "a"),
    ("a b c", "", "a b c"),
    ("a b c", "a-b b-c", "a|b|c"),
    ("c b a", "a-b b-c", "a|b|c"),
    ("a b c", "a-b a-c", "a|b c"),
    ("a b c d", "a-b a-c b-d c-d", "a|b c|d"),
    ("a b c d", "a-d a-b b-c c-d", "a|b|c|d"),
    ("a b", "a-a a-b", "a|b"),
    ("a b", "a-b b-a", "a|b"),
    ("b a", "a-b b-a", "b|a"),
    ("s a b e", "s-a a-b b-a b-e", "s|a|b|e"),
    ("s a b c e", "s-a a-b b-c c-a c-e", "s|a|b|c|e"),
    ("a b", "a-x x-b", "a b"),
    ("a b", "a-b a-b", "a|b"),
    ("a b c d", "a-b c-d", "a c|b d"),
    ("e s", "s-e", "s|e"),
    ("a b c d e", "a-b b-c a-c c-d a-d d-e", "a|b|c|d|e"),
]


@pytest.mark.parametrize(("keys", "given", "found"), COLUMNS)
def test_each_key_stands_behind_what_leads_to_it_and_loops_do_not_count(keys, given, found):
    assert "|".join(" ".join(column) for column in layers.columns(keys.split(), links(given))) == found


STRETCHED = [
    ("a|b", "a-b", ("a|b", [("a", "b")], {})),
    (
        "a|b|c",
        "a-b b-c a-c",
        ("a|b,a c 1|c", [("a", "b"), ("b", "c"), ("a", "a c 1"), ("a c 1", "c")], {("a", "c"): ["a c 1"]}),
    ),
    (
        "a|b|c|d",
        "a-d",
        ("a|b,a d 1|c,a d 2|d", [("a", "a d 1"), ("a d 1", "a d 2"), ("a d 2", "d")], {("a", "d"): ["a d 1", "a d 2"]}),
    ),
    ("a|b|c", "a-c a-c", ("a|b,a c 1|c", [("a", "a c 1"), ("a c 1", "c")], {("a", "c"): ["a c 1"]})),
    ("a|b|c", "c-a", ("a|b|c", [("c", "a")], {})),
    ("a|b|c", "a-x", ("a|b|c", [("a", "x")], {})),
    (
        "a|b|c|d",
        "a-c b-d",
        (
            "a|b,a c 1|c,b d 2|d",
            [("a", "a c 1"), ("a c 1", "c"), ("b", "b d 2"), ("b d 2", "d")],
            {("a", "c"): ["a c 1"], ("b", "d"): ["b d 2"]},
        ),
    ),
]


@pytest.mark.parametrize(("given", "between", "found"), STRETCHED)
def test_a_long_link_holds_a_place_in_every_column_that_it_passes(given, between, found):
    wide, short, bends = layers.stretch(columns(given), links(between))
    assert ("|".join(",".join(column) for column in wide), short, bends) == found


ROWS = [
    ("a", "", "", {"a": 0}),
    ("a|b|c", "a-b b-c", "", {"a": 0, "b": 0, "c": 0}),
    ("a|b c|d", "a-b a-c b-d c-d", "", {"a": 0, "b": 0, "c": 1, "d": 0}),
    ("a|b c d|e", "a-b a-c a-d b-e c-e d-e", "", {"a": 0, "b": 0, "c": 1, "d": 2, "e": 1}),
    ("a b|c d", "a-c b-d", "", {"a": 0, "b": 1, "c": 0, "d": 1}),
    ("a b|c d", "a-d b-c", "", {"a": 0, "b": 1, "d": 0, "c": 1}),
    ("a|b", "a-b", "b", {"a": 0, "b": 1}),
    ("a|b c", "a-b a-c", "b", {"a": 0, "c": 0, "b": 1}),
    ("a|b c", "", "b c", {"a": 0, "b": 1, "c": 2}),
    ("a b c|d", "a-d b-d c-d", "", {"a": 0, "b": 1, "c": 2, "d": 1}),
]


@pytest.mark.parametrize(("given", "between", "below", "found"), ROWS)
def test_a_key_stands_near_the_row_of_what_leads_to_it(given, between, below, found):
    assert layers.rows(columns(given), links(between), below=frozenset(below.split())).of == found


@pytest.mark.parametrize(("given", "between", "below", "found"), ROWS)
def test_rows_say_who_stands_in_them_and_nobody_twice_in_a_column(given, between, below, found):
    rows = layers.rows(columns(given), links(between), below=frozenset(below.split()))
    assert sorted((key, number) for number, row in enumerate(rows.by_row) for key in row) == sorted(found.items())
    assert all(len({found[key] for key in column}) == len(column) for column in columns(given))
