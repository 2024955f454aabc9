"""What a model seems to expect of its data: read from conditions, loops, timers and scripts."""

from random import Random
from typing import Any

import msgspec
import pytest

from engine.model import nodes, triggers
from engine.model.expression import Expression
from engine.scripts.sandbox import Sandbox
from engine.simulation import script_reads
from engine.simulation.guess import Guesses, decided
from engine.simulation.play import MONDAY
from engine.simulation.want import ANYTHING, Want
from tests.kernel.models import condition, feel, literal, node, program, timer


def told(want: Want) -> Any:
    """A want as plain data: its parts, its items, or its values."""
    if want.parts:
        return {name: told(part) for name, part in want.parts.items()}
    if want.items is not None:
        return [told(want.items)]
    return want.values


def test_a_want_draws_what_fits() -> None:
    want = Want()
    want.part("order", "total").add(100, 101)
    want.part("order", "lines").item().part("price").add(5)
    assert want.draw(None) == {"order": {"total": 100, "lines": [{"price": 5}, {"price": 5}]}}
    totals = {want.draw(Random(seed))["order"]["total"] for seed in range(20)}
    assert totals == {100, 101}


def test_nothing_known_is_anything() -> None:
    assert Want().draw(None) == ANYTHING[0]
    drawn = {repr(Want().draw(Random(seed))) for seed in range(100)}
    assert drawn == {repr(value) for value in ANYTHING}


def test_one_and_true_are_two_values() -> None:
    want = Want()
    want.add(1, True, 1, 1.0)
    assert [repr(value) for value in want.values] == ["1", "True", "1.0"]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("approved", "feel", {"approved": [True, False]}),
        ("not(approved)", "feel", {"approved": [True, False]}),
        ("total > 1000", "feel", {"total": [1000, 1001, 999]}),
        ("1000 < total", "feel", {"total": [1000, 1001, 999]}),
        ('status = "open"', "feel", {"status": ["open", "other"]}),
        ("flag = false", "feel", {"flag": [False, True]}),
        ("order.customer.vip = true", "feel", {"order": {"customer": {"vip": [True, False]}}}),
        ("a > 1 and b < 2", "feel", {"a": [1, 2, 0], "b": [2, 3, 1]}),
        ("x between 3 and 5", "feel", {"x": [3, 4, 2]}),
        ('grade in ("a", "b")', "feel", {"grade": ["a", "other", "b"]}),
        ("${approved}", "juel", {"approved": [True, False]}),
        ("${amount >= 10 && !late}", "juel", {"amount": [10, 11, 9], "late": [True, False]}),
        ("${status == 'open'}", "juel", {"status": ["open", "other"]}),
        ("outcome == 'yes'", "python", {"outcome": ["yes", "other"]}),
        # What cannot be read as a whole still says what it compares.
        ("${bean.check(x) && n > 3}", "juel", {"n": [3, 4, 2]}),
        ("foo(; mode == 'fast'", "python", {"mode": ["fast", "other"]}),
        ("true", "feel", {}),
    ],
)
def test_conditions(text: str, language: Any, expected: dict[str, Any]) -> None:
    model = program("start s", "xor x", "end z", flow=["s > x", "x > z: true"])
    said = msgspec.structs.replace(model.flows[1], condition=Expression(text=text, language=language))
    guesses = Guesses(msgspec.structs.replace(model, flows=(model.flows[0], said)))
    found = told(guesses.root) or {}
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (node("user u", loop=nodes.MultiInstance(collection=feel("items"))), {"items": [["a", "b"]]}),
        (node("user u", loop=nodes.MultiInstance(cardinality=feel("count"))), {"count": [2, 1]}),
        (
            node("user u", loop=nodes.MultiInstance(cardinality=feel("3"), completion=feel("enough = true"))),
            {"enough": [True, False]},
        ),
        (node("user u", standard_loop=nodes.StandardLoop(condition=feel("again"))), {"again": [True, False]}),
        (node("user u", priority=feel("urgency")), {"urgency": [50]}),
        (node("user u", due=feel("deadline")), {"deadline": ["P1D"]}),
        (
            node("catch c", triggers=(triggers.Timer(kind="duration", text=feel("pause")),)),
            {"pause": ["PT1H"]},
        ),
        (
            node("catch c", triggers=(triggers.Timer(kind="date", text=feel("day")),)),
            {"day": ["2026-03-03T09:00:00Z"]},
        ),
        (node("catch c", triggers=(triggers.Timer(kind="cycle", text=feel("beat")),)), {"beat": ["R2/PT1H"]}),
        (node("catch c", triggers=(condition("level > 3"),)), {"level": [3, 4, 2]}),
        (node("sub a", variety="adHoc", completion=feel("done")), {"done": [True, False]}),
        (node("call k", called=feel("which")), {"which": []}),
        (node("script k", script="y = price * 2"), {"price": [1, 2, 0, 10]}),
        (node("script k", script="total == 5", language="javascript"), {"total": [5, 6, 4]}),
        (node("user u", before=nodes.Script(text="y = start + 1")), {"start": [1, 2, 0, 10]}),
        (node("catch c", triggers=(timer("PT1H"),)), {}),
        (node("call k", called=literal("other")), {}),
    ],
)
def test_what_else_reads_data(made: Any, expected: dict[str, Any]) -> None:
    assert (told(Guesses(program("start s", made, flow=[f"s > {made.id}"])).root) or {}) == expected


@pytest.mark.parametrize("name", ["loopCounter", "nrOfInstances", "nrOfCompletedInstances", "execution"])
def test_what_the_engine_sets_nobody_hands_in(name: str) -> None:
    done = nodes.MultiInstance(cardinality=feel("3"), completion=feel(f"{name} > 1 and mine"))
    guesses = Guesses(program("start s", node("user u", loop=done), flow=["s > u"]))
    assert set(guesses.draw(None)) == {"mine"}


def test_what_was_looked_for_in_vain_is_handed_in_next_time() -> None:
    guesses = Guesses(program("start s"))
    assert guesses.draw(None) == {}
    guesses.miss("lost")
    assert guesses.draw(None) == {"lost": ANYTHING[0]}


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("x = a + 1", {"a": [1, 2, 0, 10]}),
        ("x = 'hello ' + name", {"name": ["a"]}),
        ("x = order['total'] * 2", {"order": {"total": [1, 2, 0, 10]}}),
        ("x = order.total * 2", {"order": {"total": [1, 2, 0, 10]}}),
        ("x = order.get('total')", {"order": {"total": []}}),
        ("x = order['a']['b']['c']", {"order": {"a": {"b": {"c": []}}}}),
        ("for line in lines:\n    s = line['price'] * 2", {"lines": [{"price": [1, 2, 0, 10]}]}),
        ("s = sum(p['n'] * p['m'] for p in ps)", {"ps": [{"n": [1, 2, 0, 10], "m": [1, 2, 0, 10]}]}),
        ("s = [p.name for p in people if p.age > 17]", {"people": [{"age": [17, 18, 16], "name": []}]}),
        ("s = {p['k']: p['v'] for p in pairs}", {"pairs": [{"k": [], "v": []}]}),
        ("for i, row in enumerate(rows):\n    x = row['v']", {"rows": [{"v": []}]}),
        ("x = rows[0]['v']", {"rows": [{"v": []}]}),
        ("x = name.split(',')", {"name": ["a,b c"]}),
        ("items.append(3)", {"items": [["a", "b"]]}),
        ("for k, v in d.items():\n    x = k", {"d": [{"a": "b"}]}),
        ("if ok:\n    x = 1", {"ok": [True, False]}),
        ("if mode == 'fast':\n    x = 1", {"mode": ["fast", "other"]}),
        ("if 3 <= n < 5:\n    x = 1", {"n": [5, 6, 4, 3, 2]}),
        ("n += 1", {}),
        ("x = int(raw)", {"raw": [1, 2, 0, 10]}),
        ("x = len(rows)", {"rows": [["a", "b"], [1, 2]]}),
        # Nothing outside hands in what the script makes itself, functions, and modules.
        ("y = 1\nx = y + 1", {}),
        ("def f(a):\n    return a + 1\nx = f(2)", {}),
        ("import math\nx = math.floor(2)", {}),
        ("x = get_user()", {}),
        ("x = datetime.now()", {}),
        ("x = len('a')", {}),
        ("x = (", {}),
    ],
)
def test_scripts(script: str, expected: dict[str, Any]) -> None:
    root = Want()
    script_reads.read(script, root)
    assert (told(root) or {}) == expected


def test_a_script_gets_what_it_wants_and_runs() -> None:
    """The drawn data make the real sandbox happy: that is what they are for."""
    script = "total = sum(line['price'] * line['count'] for line in order['lines']) + shipping"
    root = Want()
    script_reads.read(script, root)
    sandbox = Sandbox()
    try:
        _, changed = sandbox.run(script, root.draw(None), MONDAY)
    finally:
        sandbox.close()
    assert changed == {"total": 3}


def test_a_gateway_without_conditions_is_decided_by_a_choice() -> None:
    model = program("start s", "xor x", "user a", "user b", "user c", flow=["s > x", "x > a", "x > b", "x > c"])
    drawn, chosen = decided(model)
    assert chosen == ("x",)
    assert [flow.condition.text for flow in drawn.flows if flow.condition] == [
        "choice_0 = 0",
        "choice_0 = 1",
        "choice_0 = 2",
    ]
    assert {Guesses(drawn).draw(Random(seed))["choice_0"] for seed in range(30)} == {0, 1, 2}


def test_what_decides_itself_is_left_alone() -> None:
    model = program("start s", "xor x", "user a", "user b", "xor y", flow=["s > x", "x > a: n = 1", "x > b", "a > y"])
    assert decided(model) == (model, ())
