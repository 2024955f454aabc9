"""Gateways and joins by tables: which ways are taken, when a join goes, what is left; at the top and inside a scope."""

import itertools
from random import Random

import pytest

from engine.kernel import waits
from engine.model import triggers
from engine.model.program import Program
from tests.kernel.case import Case
from tests.kernel.conftest import Tell
from tests.kernel.models import condition, feel, message, node, program, signal, timer

TRUE, FALSE = "1 == 1", "1 == 0"


def split(kind: str, conditions: list[str], default: str, scope: str = "") -> Program:
    """A gateway ``x`` with a task for each condition (empty: none), and ``d`` for the default."""
    names = [f"t{number}" for number in range(len(conditions))]
    flow = [f"x > {name}" + (f": {text}" if text else "") for name, text in zip(names, conditions, strict=True)]
    made = [node("start s", scope=scope), node(f"{kind} x", scope=scope, default=default and f"x_{default}")]
    made += [node(f"user {name}", scope=scope) for name in dict.fromkeys([*names, default]) if name]
    if default and default not in names:
        flow.append(f"x > {default}")
    around = [node("start o"), node(f"sub {scope}")] if scope else []
    return program(*around, *made, flow=["s > x", *flow, *([f"o > {scope}"] if scope else [])])


@pytest.mark.parametrize("scope", ["", "p"])
@pytest.mark.parametrize(
    ("kind", "conditions", "default", "expected"),
    [
        ("xor", [TRUE, TRUE], "", ["t0"]),
        ("xor", [FALSE, TRUE], "", ["t1"]),
        ("xor", [FALSE, ""], "", ["t1"]),
        ("xor", ["", TRUE], "", ["t0"]),
        ("xor", [FALSE, FALSE], "d", ["d"]),
        ("xor", [FALSE, TRUE], "d", ["t1"]),
        ("xor", [FALSE, FALSE], "", None),
        ("or", [TRUE, TRUE], "", ["t0", "t1"]),
        ("or", [TRUE, FALSE], "", ["t0"]),
        ("or", [FALSE, ""], "", ["t1"]),
        ("or", ["", ""], "", ["t0", "t1"]),
        ("or", [TRUE, FALSE], "d", ["t0"]),
        ("or", [FALSE, FALSE], "d", ["d"]),
        ("or", [FALSE, FALSE], "", None),
        ("and", ["", ""], "", ["t0", "t1"]),
        ("and", ["", "", ""], "", ["t0", "t1", "t2"]),
    ],
)
def test_which_ways_are_taken(
    tell: Tell, kind: str, conditions: list[str], default: str, expected: list[str] | None, scope: str
) -> None:
    case = tell(split(kind, conditions, default, scope)).start()
    if expected is None:
        assert case.wait("x", waits.Incident).code == "no_flow"
    else:
        assert case.open() == expected


@pytest.mark.parametrize("kind", ["xor", "or"])
def test_a_condition_that_fails_is_an_incident_not_a_no(tell: Tell, kind: str) -> None:
    case = tell(split(kind, ["missing_name > 1", TRUE], "")).start()
    assert case.incidents() == ["x"] and case.open() == []
    case.retry("x", missing_name=0)
    assert case.open() == ["t1"]


@pytest.mark.parametrize("order", list(itertools.permutations("abc")))
@pytest.mark.parametrize("join", ["and", "or"])
def test_a_join_goes_after_the_last_in_whatever_order(tell: Tell, join: str, order: tuple[str, ...]) -> None:
    model = program(
        "start s", "and f", "user a", "user b", "user c", f"{join} j", "user z",
        flow=["s > f", "f > a > j", "f > b > j", "f > c > j", "j > z"],
    )  # fmt: skip
    case = tell(model).start()
    for name in order:
        assert "z" not in case.open()
        case.complete(name)
    assert case.open() == ["z"]


@pytest.mark.parametrize("chosen", [some for n in range(1, 4) for some in itertools.combinations("abc", n)])
def test_an_inclusive_pair_joins_what_it_split(tell: Tell, chosen: tuple[str, ...]) -> None:
    model = program(
        "start s", "or f", "user a", "user b", "user c", "or j", "user z",
        flow=["s > f", *(f"f > {name}: {name} == 1" for name in "abc"), *(f"{name} > j" for name in "abc"), "j > z"],
    )  # fmt: skip
    case = tell(model).start(**{name: int(name in chosen) for name in "abc"})
    assert case.open() == list(chosen)
    for name in chosen:
        assert "z" not in case.open()
        case.complete(name)
    assert case.open() == ["z"]


@pytest.mark.parametrize("needed", [1, 2, 3])
@pytest.mark.parametrize("order", list(itertools.permutations("abc")))
def test_a_complex_join_goes_at_its_count_once_for_each_round(tell: Tell, needed: int, order: tuple[str, ...]) -> None:
    model = program(
        "start s", "and f", "user a", "user b", "user c",
        node("complex j", activation=feel(f"activationCount >= {needed}")), "user z",
        flow=["s > f", "f > a > j", "f > b > j", "f > c > j", "j > z"],
    )  # fmt: skip
    case = tell(model).start()
    for count, name in enumerate(order, start=1):
        case.complete(name)
        assert case.open().count("z") == int(count >= needed)
    assert case.complete("z").ended


EVENTS = {
    "message": message("m"), "signal": signal("g"), "timer": timer("PT1H"), "condition": condition("n > 3"),
}  # fmt: skip


def happen(case: Case, kind: str, at: str) -> None:
    if kind == "timer":
        case.fire(at)
    elif kind == "condition":
        case.set(n=5)
    else:
        case.deliver(at)


@pytest.mark.parametrize("winner", EVENTS)
def test_an_event_based_gateway_takes_what_comes_first(tell: Tell, winner: str) -> None:
    model = program(
        "start s", "event g", *(node(f"catch {kind}", triggers=(trigger,)) for kind, trigger in EVENTS.items()),
        *(f"user after_{kind}" for kind in EVENTS),
        flow=["s > g", *(f"g > {kind} > after_{kind}" for kind in EVENTS)],
    )  # fmt: skip
    case = tell(model).start(n=0)
    assert len(case.waits) == len(EVENTS)
    happen(case, winner, winner)
    assert case.open(waits.Wait) == [f"after_{winner}"]


@pytest.mark.parametrize("kind", EVENTS)
@pytest.mark.parametrize("interrupting", [True, False])
@pytest.mark.parametrize("host", ["user", "sub", "receive", "service"])
def test_every_event_at_the_boundary_of_every_host(tell: Tell, kind: str, interrupting: bool, host: str) -> None:
    more = {"receive": {"message": message("other")}}.get(host, {})
    model = program(
        "start s", node(f"{host} h", **more),
        *([node("start i", scope="h"), node("user w", scope="h")] if host == "sub" else []),
        node("boundary b", attached_to="h", interrupting=interrupting, triggers=(EVENTS[kind],)), "user after",
        flow=["s > h", "b > after", *(["i > w"] if host == "sub" else [])],
    )  # fmt: skip
    case = tell(model).start(n=0)
    before = len(case.waits)
    happen(case, kind, "b")
    assert "after" in case.open()
    still = [wait for wait in case.waits.values() if wait.node in ("h", "w")]
    assert bool(still) is not interrupting
    again = not interrupting and kind != "timer"
    assert len(case.waits) == (before + 1 if again else before if not interrupting else 1)


@pytest.mark.parametrize("kind", EVENTS)
@pytest.mark.parametrize("interrupting", [True, False])
def test_every_start_of_an_event_sub_process(tell: Tell, kind: str, interrupting: bool) -> None:
    model = program(
        "start s", "user u", node("sub e", variety="event"),
        node("start b", scope="e", interrupting=interrupting, triggers=(EVENTS[kind],)), node("user after", scope="e"),
        flow=["s > u", "b > after"],
    )  # fmt: skip
    case = tell(model).start(n=0)
    happen(case, kind, "b")
    assert case.open() == (["after"] if interrupting else ["after", "u"])
    case.complete("after")
    assert case.ended is interrupting


@pytest.mark.parametrize("beside", [0, 1, 3])
@pytest.mark.parametrize("where", ["top", "sub"])
def test_terminate_leaves_nothing_in_its_scope(tell: Tell, where: str, beside: int) -> None:
    scope = "p" if where == "sub" else ""
    names = [f"w{number}" for number in range(beside)]
    model = program(
        *([node("start o"), node("sub p"), node("user after")] if scope else []), node("start s", scope=scope),
        node("and f", scope=scope), *(node(f"user {name}", scope=scope) for name in names),
        node("user stop", scope=scope), node("end t", scope=scope, triggers=(triggers.Terminate(),)),
        flow=["s > f", "f > stop > t", *(f"f > {name}" for name in names), *(["o > p > after"] if scope else [])],
    )  # fmt: skip
    case = tell(model).start().complete("stop")
    assert case.open() == (["after"] if scope else [])
    assert case.ended is not bool(scope)


@pytest.mark.parametrize("links", [1, 2, 5])
def test_links_jump_as_often_as_they_are_thrown(tell: Tell, links: int) -> None:
    model = program(
        "start s", "and f", *(node(f"throw t{n}", triggers=(triggers.Link(name="L"),)) for n in range(links)),
        node("catch c", triggers=(triggers.Link(name="L"),)), "user u",
        flow=["s > f", *(f"f > t{n}" for n in range(links)), "c > u"],
    )  # fmt: skip
    assert tell(model).start().open() == ["u"] * links


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_completion_does_not_matter_to_where_it_ends(seed: int) -> None:
    """A parallel block with an inclusive one inside: the same data, any order, one end."""
    model = program(
        "start s", "and f", "user a", "or g", "user b", "user c", "or h", "user d", "and j", "user z", "end e",
        flow=["s > f", "f > a > j", "f > g", "g > b: n > 0", "g > c: n > 1", "b > h", "c > h", "h > d > j",
              "j > z > e"],
    )  # fmt: skip
    random, case = Random(seed), Case(model).start(n=1 + seed % 2)
    done = []
    while not case.ended:
        done.append(random.choice(case.open()))
        case.complete(done[-1])
    assert sorted(done) == (["a", "b", "c", "d", "z"] if seed % 2 else ["a", "b", "d", "z"])
    assert done[-1] == "z" and case.ends() == ("e",)
