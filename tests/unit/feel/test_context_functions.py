"""Contexts: literals, paths, and the built-in functions on them (DMN 1.5, table 82)."""

import pytest

from tests.unit.feel.evaluating import codes, shown

LITERALS = [
    ("{}", "{}"),
    ("{a: 1}", "{a: 1}"),
    ("{a: 1, b: a + 1}", "{a: 1, b: 2}"),  # later entries see earlier ones
    ("{a: 1, b: {c: a}}", "{a: 1, b: {c: 1}}"),
    ('{"a": 1}', "{a: 1}"),
    ('{"a b": 1}', '{"a b": 1}'),
    ("{a b: 1}", '{"a b": 1}'),
    ("{a   b: 1}", '{"a b": 1}'),  # white space within a name is one space
    ("{a+b: 1}", '{"a+b": 1}'),
    ("{a-b: 1}", '{"a-b": 1}'),
    ("{a/b: 1}", '{"a/b": 1}'),
    ("{a.b: 1}", '{"a.b": 1}'),
    ("{a': 1}", '{"a\'": 1}'),
    ("{a1: 1}", "{a1: 1}"),
    ("{a 1: 1}", '{"a 1": 1}'),
    ("{if: 1}", "{if: 1}"),  # key words are names here
    ("{then else: 1}", '{"then else": 1}'),
    ("{null: 1}", "{null: 1}"),
    ("{`a b`: 1}", '{"a b": 1}'),
    ('{"": 1}', '{"": 1}'),
    ("{名称: 1}", "{名称: 1}"),
    ("{🐎: 1}.🐎", "1"),
    ("{a: null}", "{a: null}"),
    ("{a: [1, {b: 2}]}", "{a: [1, {b: 2}]}"),
    ("{a: function(x) x + 1, b: a(2)}.b", "3"),
    ("{a: 1, a: 2}", "null"),  # a key may stand but once
]
PATHS = [
    ("{a: 1}.a", "1"),
    ("{a: {b: {c: 1}}}.a.b.c", "1"),
    ("{a b: 1}.a b", "1"),
    ("{a b: {c d: 1}}.a b.c d", "1"),
    ("{a+b: 1}.a+b", "1"),
    ("{if: 1}.if", "1"),
    ("{x: {and: 1}}.x.and", "1"),
    ("[{a: 1}, {a: 2}].a", "[1, 2]"),
    ("[{a: 1}, null].a", "[1, null]"),
    ("[{a: {b: 1}}, {a: {b: 2}}].a.b", "[1, 2]"),
    ("[{a: [1, 2]}, {a: [3]}].a", "[[1, 2], [3]]"),
    ("[].a", "[]"),
    ("{a: [1, 2]}.a[2]", "2"),
    ("{a: {b: 1}}.a[1].b", "1"),
    ("{a: 1}.b", "null"),
    ("{a: 1}.a.b", "null"),
    ("[{a: 1}, {b: 2}].a", "[1, null]"),
]
READING = [
    ('get value({a: 1}, "a")', "1"),
    ('get value({a: null}, "a")', "null"),
    ('get value({"a b": 1}, "a b")', "1"),
    ('get value({a: {b: 1}}, "a")', "{b: 1}"),
    ('get value(m: {a: 1}, key: "a")', "1"),
    ('get value(context: {a: 1}, key: "a")', "1"),
    ('get value([{a: 1}], "a")', "1"),  # a list of one is its element
    ("get entries({})", "[]"),
    ('get entries({a: 1, b: "x"})', '[{key: "a", value: 1}, {key: "b", value: "x"}]'),
    ("get entries({a: null})", '[{key: "a", value: null}]'),
    ("get entries(m: {a: 1}).key", '["a"]'),
    ("get entries({a: 1, b: 2})[value = 2].key", '["b"]'),
]
MAKING = [
    ("context([])", "{}"),
    ('context([{key: "a", value: 1}, {key: "b", value: null}])', "{a: 1, b: null}"),
    ('context({key: "a", value: 1})', "{a: 1}"),
    ('context([{key: "a", value: 1, more: 2}])', "{a: 1}"),
    ('context(entries: [{key: "", value: 1}])', '{"": 1}'),
    ("context(get entries({a: 1, b: 2}))", "{a: 1, b: 2}"),  # there and back
    ('context put({a: 1}, "b", 2)', "{a: 1, b: 2}"),
    ('context put({a: 1}, "a", 2)', "{a: 2}"),
    ('context put({}, "a", null)', "{a: null}"),
    ('context put({a: 1}, "a b", {c: 2})', '{a: 1, "a b": {c: 2}}'),
    ('context put(context: {}, key: "a", value: 1)', "{a: 1}"),
    ('context put({a: {b: 1}}, ["a", "b"], 2)', "{a: {b: 2}}"),
    ('context put({a: {b: 1}}, ["a", "c"], 2)', "{a: {b: 1, c: 2}}"),
    ('context put({a: 1}, ["b"], 2)', "{a: 1, b: 2}"),
    ('context put({}, ["a", "b", "c"], 1)', "{a: {b: {c: 1}}}"),
    ('context put({a: null}, ["a", "b"], 1)', "{a: {b: 1}}"),
    ('context put(context: {a: {b: 1}}, keys: ["a", "b"], value: 2)', "{a: {b: 2}}"),
    ("context merge([{a: 1}, {b: 2}])", "{a: 1, b: 2}"),
    ("context merge([{a: 1}, {a: 2}])", "{a: 2}"),
    ("context merge([{a: {b: 1}}, {a: {c: 2}}])", "{a: {c: 2}}"),  # one level only
    ("context merge([{}, {}])", "{}"),
    ("context merge([])", "{}"),
    ("context merge({a: 1})", "{a: 1}"),
    ("context merge(contexts: [{a: 1}, {b: a}])", "{a: 1, b: null}"),
    ("get or else(null, 1)", "1"),
    ("get or else(2, 1)", "2"),
    ("get or else(false, 1)", "false"),
    ("is defined(1)", "true"),
    ("is defined(null)", "false"),
]


@pytest.mark.parametrize(("text", "expected"), [*LITERALS, *PATHS, *READING, *MAKING])
def test_contexts(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{a: 1, a: 2}", "duplicate_key"),
        ("{a: 1}.b", "unknown_entry"),
        ("{a: 1}.a.b", "unknown_property"),
        ('get value({a: 1}, "b")', "unknown_entry"),
        ('get value(null, "a")', "wrong_type"),
        ("get value({a: 1}, null)", "wrong_type"),
        ("get value({a: 1}, 1)", "wrong_type"),
        ('get value([], "a")', "wrong_type"),
        ("get value({a: 1})", "wrong_arguments"),
        ('get value(c: {a: 1}, key: "a")', "wrong_arguments"),
        ("get entries(null)", "wrong_type"),
        ("get entries([])", "wrong_type"),
        ("get entries([{a: 1}, {b: 1}])", "wrong_type"),
        ("get entries(1)", "wrong_type"),
        ("get entries()", "wrong_arguments"),
        ("context(null)", "wrong_type"),
        ("context()", "wrong_arguments"),
        ("context([1])", "no_result"),
        ("context([null])", "no_result"),
        ('context([{key: "a"}])', "no_result"),
        ("context([{value: 1}])", "no_result"),
        ("context([{key: 1, value: 1}])", "no_result"),
        ("context([{key: null, value: 1}])", "no_result"),
        ('context([{key: "a", value: 1}, {key: "a", value: 1}])', "duplicate_key"),
        ('context put(null, "a", 1)', "wrong_type"),
        ("context put({}, null, 1)", "wrong_type"),
        ('context put({}, "a")', "wrong_arguments"),
        ("context put({}, [], 1)", "no_result"),
        ("context put({}, [1], 1)", "no_result"),
        ('context put({}, ["a", null], 1)', "no_result"),
        ('context put({a: 1}, ["a", "b"], 2)', "no_result"),
        ('context put({a: [{b: 1}]}, ["a", "b"], 2)', "no_result"),
        ("context merge(null)", "wrong_type"),
        ("context merge([{}, null])", "wrong_type"),
        ("context merge([{}, 1])", "wrong_type"),
        ("context merge({}, {})", "wrong_arguments"),
        ("context merge()", "wrong_arguments"),
    ],
)
def test_what_makes_no_context_gives_null_and_a_warning(text: str, code: str) -> None:
    assert shown(text) == "null"
    assert codes(text) == [code]


@pytest.mark.parametrize(
    "text", ['context put(c, "a", 2)', 'context put(c, ["b", "c"], 2)', "context merge([c, {a: 2}])"]
)
def test_a_context_that_is_given_is_never_changed(text: str) -> None:
    given = {"a": 1, "b": {"c": 1}}
    shown(text, {"c": given})
    assert given == {"a": 1, "b": {"c": 1}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{a: 1} = {a: 1}", "true"),
        ("{a: 1, b: 2} = {b: 2, a: 1}", "true"),  # order does not count
        ("{a: 1} = {a: 1.0}", "true"),
        ("{a: 1} = {a: 2}", "false"),
        ("{a: 1} = {b: 1}", "false"),
        ("{a: 1} = {a: 1, b: 2}", "false"),
        ("{a: {b: [1]}} = {a: {b: [1]}}", "true"),
        ("{a: null} = {a: null}", "true"),
        ("{a: null} = {}", "false"),
        ('{a: 1} = {a: "1"}', "false"),
        ("{} = {}", "true"),
        ("{} = null", "false"),
        ("{} != {a: 1}", "true"),
        ("{} = []", "null"),
        ("{a: 1} < {a: 2}", "null"),
    ],
)
def test_contexts_are_equal_with_the_same_entries(text: str, expected: str) -> None:
    assert shown(text) == expected
