"""Changes by hand: shown first, then done as they were shown, whole or not at all, each with its reason."""

from typing import Any

import pytest

from engine import errors, facts
from engine.people.agent import Agent
from engine.runtime import cancel, instances, modify
from engine.runtime.modify import Change, Modified
from tests.house import ANNA, BOSS, House
from tests.kernel.models import node, program, timer

MODEL = program(
    "start s", "user one", "user two", "sub p", node("start i", scope="p"), node("user deep", scope="p"), "end z",
    node("boundary t", attached_to="p", triggers=(timer("P1D"),)), "user late",
    flow=["s > one > two > p > z", "i > deep", "t > late"],
)  # fmt: skip
DESIGNER = Agent(key="dee", name="Dee", roles=frozenset({"designer"}))


def change(home: House, case: str, *, reason: str = "by phone", agent: Agent = BOSS, **what: Any) -> Modified:
    steering = {name: what.pop(name) for name in ("dry_run", "revision") if name in what}
    return modify.modify(
        home.engine, instance_id=case, change=Change(**what), reason=reason, agent=agent, now=home.now, **steering
    )


@pytest.fixture
def case(home: House) -> str:
    home.release(MODEL)
    return home.start()


def nodes_of(waits: tuple[Any, ...]) -> list[tuple[str, str]]:
    return [(wait.node, wait.kind) for wait in waits]


def test_a_dry_run_shows_everything_and_keeps_nothing(home: House, case: str) -> None:
    before, told = instances.get(home.engine, instance_id=case), home.facts(case)
    shown = change(home, case, cancel=("one",), start=("deep",), values={"n": 1}, dry_run=True)
    assert shown.dry_run and shown.status == "active"
    assert nodes_of(shown.opened) == [("t", "timer"), ("deep", "work_item")]
    assert nodes_of(shown.closed) == [("one", "work_item")]
    assert shown.variables["n"] == 1
    assert {token.node for token in shown.tokens} == {"p", "deep"}
    assert instances.get(home.engine, instance_id=case) == before
    assert home.facts(case) == told
    assert [item.node for item in home.items(case)] == ["one"]


def test_what_was_shown_is_what_happens(home: House, case: str) -> None:
    what: dict[str, Any] = {"cancel": ("one",), "start": ("deep",), "values": {"n": 1}}
    shown = change(home, case, dry_run=True, **what)
    done = change(home, case, revision=shown.revision, **what)
    assert (nodes_of(done.opened), nodes_of(done.closed)) == (nodes_of(shown.opened), nodes_of(shown.closed))
    assert (done.facts, done.tokens, done.variables) == (shown.facts, shown.tokens, shown.variables)
    assert [item.node for item in home.items(case)] == ["deep"]
    assert not done.dry_run and done.revision == shown.revision + 2


def test_a_case_that_moved_on_since_the_dry_run_is_left_alone(home: House, case: str) -> None:
    shown = change(home, case, cancel=("one",), start=("two",), dry_run=True)
    change(home, case, values={"n": 1})
    with pytest.raises(errors.Conflict) as refused:
        change(home, case, cancel=("one",), start=("two",), revision=shown.revision)
    assert refused.value.code == "changed_since"
    assert [item.node for item in home.items(case)] == ["one"]


def test_each_change_leaves_a_fact_with_its_reason(home: House, case: str) -> None:
    done = change(home, case, cancel=("one",), start=("two",), values={"n": 1}, reason=" the paper was lost ")
    reasons = {
        type(fact).__name__: fact.reason
        for fact in done.facts
        if isinstance(fact, facts.TokenMoved | facts.VariablesSet)
    }
    assert reasons == {"TokenMoved": "the paper was lost", "VariablesSet": "the paper was lost"}
    assert any(told.startswith("TokenMoved") for told in home.told(case))


def test_an_added_token_leaves_the_others_alone(home: House, case: str) -> None:
    change(home, case, start=("two",))
    assert sorted(item.node for item in home.items(case)) == ["one", "two"]


def test_cancelling_the_last_token_ends_the_case(home: House, case: str) -> None:
    shown = change(home, case, cancel=("one",), dry_run=True)
    assert shown.status == "completed", "and the dry run says so"
    assert home.instance(case).status == "active"
    assert change(home, case, cancel=("one",)).status == "completed"
    assert home.items(case) == []


def test_one_activity_of_many_is_named_by_its_number(home: House, case: str) -> None:
    change(home, case, start=("one",))
    first, second = sorted(home.items(case), key=lambda item: item.wait)
    done = change(home, case, cancel=(second.token,))
    assert [wait.id for wait in done.closed] == [second.wait]
    assert [item.wait for item in home.items(case)] == [first.wait]


@pytest.mark.parametrize(
    ("what", "kind", "code"),
    [
        ({}, errors.Invalid, "nothing_to_do"),
        ({"start": ("one",), "reason": "  "}, errors.Invalid, "reason_missing"),
        ({"start": ("one",) * 201}, errors.Invalid, "too_many_places"),
        ({"start": ("nowhere",)}, errors.NotFound, "node_missing"),
        ({"start": ("t",)}, errors.NotFound, "node_missing"),
        ({"cancel": ("two",)}, errors.NotFound, "token_missing"),
        ({"cancel": (999,)}, errors.NotFound, "token_missing"),
        ({"values": {"n": 1}, "scope": 77}, errors.NotFound, "scope_missing"),
        ({"values": {"n": 1}, "start": ("nowhere",)}, errors.NotFound, "node_missing"),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_what_cannot_be_done_is_refused_whole(
    home: House, case: str, what: dict[str, Any], kind: type[errors.CrmflowError], code: str, dry_run: bool
) -> None:
    before = instances.get(home.engine, instance_id=case)
    with pytest.raises(kind) as refused:
        change(home, case, dry_run=dry_run, **what)
    assert refused.value.code == code
    assert instances.get(home.engine, instance_id=case) == before


@pytest.mark.parametrize("agent", [ANNA, DESIGNER])
def test_only_administrators_may(home: House, case: str, agent: Agent) -> None:
    with pytest.raises(errors.Forbidden):
        change(home, case, start=("two",), agent=agent, dry_run=True)


def test_a_case_that_is_over_or_unknown_cannot_be_changed(home: House, case: str) -> None:
    cancel.cancel(home.engine, instance_id=case, reason="x", agent=BOSS, now=home.now)
    with pytest.raises(errors.Conflict):
        change(home, case, start=("two",))
    with pytest.raises(errors.NotFound):
        change(home, "nowhere", start=("two",))
