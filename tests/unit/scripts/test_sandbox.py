"""Scripts in Python: what they may do, and what stops them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine import errors
from engine.scripts.names import LONGEST
from engine.scripts.sandbox import Limits, Sandbox

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(Limits(seconds=0.4, memory_bytes=32 * 1024 * 1024))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("text", "variables", "changed", "value"),
    [
        ("x = n + 1", {"n": 1}, {"x": 2}, None),
        ("n + 1", {"n": 1}, {}, 2),
        ("items.append(3)", {"items": [1]}, {"items": [1, 3]}, None),
        ("total = sum(i['p'] for i in items)", {"items": [{"p": 2}, {"p": 3}]}, {"total": 5}, None),
        ("if n > 5:\n    big = True", {"n": 1}, {}, None),
        ("def f(a):\n    return a * 2\nr = f(4)", {}, {"r": 8}, None),
        ("due = today + timedelta(days=2)", {"today": date(2026, 3, 2)}, {"due": date(2026, 3, 4)}, None),
        ("amount = amount * 2", {"amount": Decimal("1.10")}, {"amount": Decimal("2.20")}, None),
        ("d = {1: (1, 2)}", {}, {"d": {"1": [1, 2]}}, None),
        ("a, b = 1, n", {"n": 2}, {"a": 1, "b": 2}, None),
        ("print('x')", {}, {}, None),
        ("import math\nr = math.sqrt(16)", {}, {"r": 4.0}, None),
        ("n = n", {"n": 1}, {}, None),
    ],
)
def test_what_a_script_changes(
    sandbox: Sandbox, text: str, variables: dict[str, Any], changed: dict[str, Any], value: Any
) -> None:
    assert sandbox.run(text, variables, NOW) == (value, changed)


def test_the_clock_stands_still_and_chance_repeats(sandbox: Sandbox) -> None:
    text = "t = datetime.now()\nr = random.random()"
    first, second = sandbox.run(text, {}, NOW), sandbox.run(text, {}, NOW)
    assert first == second and first[1]["t"].replace(tzinfo=UTC) == NOW


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("while True:\n    pass", "script_timeout"),
        ("x = [0] * 10**9", "script_memory"),
        ("x = 'a' * 10**9", "script_memory"),
        ("x = 2 ** 10**9", "script_memory"),
        ("def f(n):\n    return f(n + 1)\nf(0)", "script_recursion"),
        ("x = 1 / 0", "script_failed"),
        ("x = unknown", "script_failed"),
        ("def", "script_syntax"),
        ("x" * (LONGEST + 1), "script_too_long"),
        ("(" * 5000, "script_syntax"),
        ("import os\nos.listdir('/')", "script_failed"),
        ("open('/etc/passwd').read()", "script_failed"),
        ("__import__('os').system('ls')", "script_failed"),
        ("().__class__.__bases__[0].__subclasses__()", "script_failed"),
        ("import subprocess", "script_failed"),
        ("import socket", "script_failed"),
        ("eval('1')\nexec('import os; os.system(1)')", "script_failed"),
        ("print('x' * 10**6)\nprint('y' * 10**6)", "script_memory"),
        ("class A:\n    pass\nx = A()", "script_value"),
    ],
)
def test_what_stops_a_script(sandbox: Sandbox, text: str, code: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        sandbox.run(text, {}, NOW)
    assert refused.value.code == code and refused.value.text["zh-CN"] and refused.value.text["en"]
    assert sandbox.run("x = 1", {}, NOW) == (None, {"x": 1}), "the next script is none the worse"


def test_the_line_is_named(sandbox: Sandbox) -> None:
    with pytest.raises(errors.Invalid) as refused:
        sandbox.run("a = 1\nb = 2\nc = a / 0\n", {}, NOW)
    assert refused.value.ids["line"] == 3


def test_nothing_is_kept_from_one_script_to_the_next(sandbox: Sandbox) -> None:
    sandbox.run("secret = 42", {}, NOW)
    with pytest.raises(errors.Invalid):
        sandbox.run("x = secret", {}, NOW)


def test_what_is_handed_in_stays_as_it_was(sandbox: Sandbox) -> None:
    given = {"items": [1]}
    sandbox.run("items.append(2)", given, NOW)
    assert given == {"items": [1]}


def test_modules_that_modellers_take_for_granted(sandbox: Sandbox) -> None:
    assert sandbox.run("x = datetime.datetime.now().year", {}, NOW)[1] == {"x": 2026}
    assert sandbox.run("x = datetime.now().year", {}, NOW)[1] == {"x": 2026}
    assert sandbox.run("time.sleep(10)\nx = 1", {}, NOW)[1] == {"x": 1}
    assert sandbox.run("x = timedelta(days=1)", {}, NOW)[1] == {"x": timedelta(days=1)}
