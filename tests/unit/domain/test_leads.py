"""Who gets a lead, and the public pool."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from engine import errors, records
from engine.domain.leads import choose
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run

Add = Callable[..., None]


def staff(*keys: str) -> list[records.Person]:
    skills = {"b": ("retail",), "c": ("retail", "finance")}
    return [records.Person(key=key, name=key, locale="en", skills=skills.get(key, ()), created_at=NOON) for key in keys]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("rotation", "b"), ("least_busy", "a"), ("skill", "c"), ("owner", "c")],
)
def test_each_rule_picks_whom_it_says(rule: str, expected: str) -> None:
    picks = {"a": (1, NOON), "b": (5, NOON - timedelta(hours=9)), "c": (2, NOON - timedelta(hours=1))}

    assert choose(staff("a", "b", "c"), rule=rule, skills=["finance", "retail"], former="c", picks=picks) == expected


def test_a_former_owner_who_left_is_replaced_by_whose_turn_it_is() -> None:
    assert choose(staff("a", "b"), rule="owner", skills=[], former="gone", picks={}) == "a"
    assert choose([], rule="owner", skills=[], former="gone", picks={}) is None


def test_leads_go_round_among_those_who_are_there(run: Run, person: Add) -> None:
    person("ann", "team_east")
    person("bob", "team_east")
    person("cy", "team_east", active=False)
    person("dan", "team_west")
    picked = [
        run("leads.pick", job=f"j-{n}", now=NOON + timedelta(minutes=n), team="team_east").data["owner"]
        for n in range(4)
    ]

    assert picked == ["ann", "bob", "ann", "bob"]


def test_whoever_let_it_lie_is_not_picked_again(run: Run, person: Add) -> None:
    person("ann", "team_east")
    person("bob", "team_east")

    assert run("leads.pick", team="team_east", tried=["ann"]).data == {"owner": "bob"}
    assert run("leads.pick", job="j-2", team="team_east", tried=["ann", "bob"]).data == {"owner": None}


def test_the_same_job_twice_picks_the_same_person(run: Run, person: Add) -> None:
    person("ann", "team_east")
    person("bob", "team_east")

    assert run("leads.pick", team="team_east").data == run("leads.pick", team="team_east").data


def pooled(run: Run, *leads: str) -> None:
    for lead in leads:
        run("leads.pool", lead=lead, pool="pool_east", former="ann")


def test_a_pooled_lead_has_no_owner_any_more(run: Run, store: Store) -> None:
    answer = run("leads.pool", lead="L-1", pool="pool_east", former="ann")

    assert answer.data["owner"] is None
    with store.reading() as tx:
        assert [lead.lead for lead in tx.leads.in_pool("pool_east")] == ["L-1"]


def test_the_cap_holds_until_midnight_in_the_house_s_zone(run: Run) -> None:
    pooled(run, "L-1", "L-2", "L-3")
    assert run("leads.claim", lead="L-1", person="bob", cap=2).error == ""
    assert run("leads.claim", lead="L-2", person="bob", cap=2).error == ""
    assert run("leads.claim", lead="L-3", person="bob", cap=2, now=NOON + timedelta(hours=11)).error == "cap_reached"
    assert run("leads.claim", lead="L-3", person="bob", cap=2, now=NOON + timedelta(hours=13)).data == {"owner": "bob"}


def test_claiming_twice_is_claiming_once(run: Run) -> None:
    pooled(run, "L-1")
    run("leads.claim", lead="L-1", person="bob", cap=1)

    assert run("leads.claim", lead="L-1", person="bob", cap=1).data == {"owner": "bob"}


def test_of_many_who_claim_at_once_one_gets_it(run: Run, store: Store) -> None:
    pooled(run, "L-1")

    def claim(number: int) -> bool:
        try:
            return run("leads.claim", lead="L-1", person=f"p-{number}", cap=5).error == ""
        except errors.Conflict:
            return False

    with ThreadPoolExecutor(max_workers=6) as pool:
        won = list(pool.map(claim, range(12)))

    assert won.count(True) == 1


def test_a_lead_that_is_not_pooled_cannot_be_claimed(run: Run) -> None:
    with pytest.raises(errors.NotFound):
        run("leads.claim", lead="L-9", person="bob", cap=5)
