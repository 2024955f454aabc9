"""Python that the sandbox's interpreter does not know, said in words that it knows; and objects with number keys."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from engine import errors
from engine.scripts import wording
from engine.scripts.names import names
from engine.scripts.sandbox import Limits, Sandbox

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(Limits(seconds=0.4, memory_bytes=32 * 1024 * 1024))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = 1", "x = 1"),
        ("del x", "x = None"),
        ("del(x)", "x = None"),
        ("del x, y", "x = None; y = None"),
        ("del (x, [y, z])", "x = None; y = None; z = None"),
        ("del d['a']", "d.pop('a'); None"),
        ("del d['a']['b']", "d['a'].pop('b'); None"),
        ("del items[-1]", "items.pop(-1); None"),
        ("del items[1:3]", "items[1:3] = []"),
        ("if x: del y", "if x: y = None"),
        ("a = 1; del a; b = 2", "a = 1; a = None; b = 2"),
        ("del d[\n  'a'\n]\nb = 1", "d.pop('a'); None\n\n\nb = 1"),
        ("x = datetime.utcnow()", "x = datetime.now()"),
        ("x = datetime.datetime.utcnow().date()", "x = datetime.datetime.now().date()"),
        ("s = '里 del x'; del s", "s = '里 del x'; s = None"),
        ("s = 'del x'", "s = 'del x'"),
        ("# del x\ny = 'utcnow'", "# del x\ny = 'utcnow'"),
    ],
)
def test_what_is_said_in_other_words(text: str, told: str) -> None:
    assert wording.worded(text) == told
    names(told)


@pytest.mark.parametrize(
    ("text", "variables", "changed"),
    [
        ("del x", {"x": 1}, {"x": None}),
        ("del d['a']", {"d": {"a": 1, "b": 2}}, {"d": {"b": 2}}),
        ("del items[0]", {"items": [1, 2, 3]}, {"items": [2, 3]}),
        ("del items[0:2]", {"items": [1, 2, 3]}, {"items": [3]}),
        (
            "for name in list(d):\n    if name.startswith('_'):\n        del d[name]",
            {"d": {"_a": 1, "b": 2}},
            {"d": {"b": 2}, "name": "b"},
        ),
        ("t = datetime.utcnow().isoformat()", {}, {"t": "2026-03-02T09:00:00"}),
        ("import datetime\nt = datetime.datetime.utcnow().hour", {}, {"t": 9}),
        ("from datetime import datetime\nt = datetime.utcnow().year", {}, {"t": 2026}),
    ],
)
def test_and_does_what_it_says(sandbox: Sandbox, text: str, variables: dict[str, Any], changed: dict[str, Any]) -> None:
    assert sandbox.run(text, variables, NOW) == (None, changed)


def test_the_line_of_a_failure_stays_where_the_author_wrote_it(sandbox: Sandbox) -> None:
    with pytest.raises(errors.Invalid) as refused:
        sandbox.run("d = {'a': 1}\ndel d[\n    'a'\n]\nx = 1 / 0", {}, NOW)
    assert refused.value.ids["line"] == 5


def test_what_is_deleted_twice_fails_as_it_would(sandbox: Sandbox) -> None:
    with pytest.raises(errors.Invalid) as refused:
        sandbox.run("d = {}\ndel d['a']", {}, NOW)
    assert refused.value.ids["line"] == 2


@pytest.mark.parametrize(
    ("text", "given", "changed"),
    [
        ("x = d[1]", {"d": {"1": "one"}}, {"x": "one"}),
        ("x = d[-1]", {"d": {"-1": "less"}}, {"x": "less"}),
        ("x = rows[0]['v'][2]", {"rows": [{"v": {"2": "deep"}}]}, {"x": "deep"}),
        ("x = d['1']", {"d": {"1": "one"}}, {"x": "one"}),
        ("d[1] = 'uno'\nx = d[1]", {"d": {}}, {"d": {"1": "uno"}, "x": "uno"}),
        ("x = d[7] + d['n']", {"d": {"7": 1, "n": 2, "007": 3}}, {"x": 3}),
    ],
)
def test_objects_keep_texts_for_keys_and_numbers_find_them(
    sandbox: Sandbox, text: str, given: dict[str, Any], changed: dict[str, Any]
) -> None:
    _, found = sandbox.run(text, given, NOW)
    assert found == changed


def test_a_number_that_is_no_key_is_an_error(sandbox: Sandbox) -> None:
    with pytest.raises(errors.Invalid) as refused:
        sandbox.run("x = d[2]", {"d": {"1": "one"}}, NOW)
    assert "KeyError: 2" in refused.value.text["en"]


@pytest.mark.parametrize(
    ("text", "used", "assigned", "defined"),
    [
        ("x = y + 1", {"x", "y"}, {"x"}, set()),
        ("def f(a, b=c):\n    d = a\nf(1)", {"c", "d", "a", "f"}, set(), {"f", "a", "b"}),
        ("import a.b as c, d.e\nfrom f import g", set(), set(), {"c", "d", "g"}),
        ("for i in xs:\n    s += i", {"i", "xs", "s"}, {"i", "s"}, set()),
        ("[y for y in xs]", {"y", "xs"}, set(), set()),
        ("def f():\n    global n\n    n = 1\nf()", {"n", "f"}, {"n"}, {"f"}),
        ("class A:\n    x = 1", {"x"}, set(), {"A"}),
        ("(n := 3)", {"n"}, {"n"}, set()),
        ("a, (b, *c) = d", {"a", "b", "c", "d"}, {"a", "b", "c"}, set()),
        ("with x as y:\n    pass", {"x", "y"}, {"y"}, set()),
        ("f = lambda q: q", {"f", "q"}, {"f"}, {"q"}),
    ],
)
def test_which_names_a_script_speaks_of(text: str, used: set[str], assigned: set[str], defined: set[str]) -> None:
    found = names(text)
    assert (found.used, found.assigned, found.defined) == (used, assigned, defined)
