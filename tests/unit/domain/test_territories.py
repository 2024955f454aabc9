"""Territories: the rules that cover a customer, the impact shown before, and everything over at once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import deals, errors, selling
from engine.domain import handlers, territories
from engine.people.agent import Agent
from engine.ports import JobCall
from engine.store.unit_of_work import Store
from tests.house import house
from tests.kernel.models import program
from tests.unit.domain.conftest import NOON, Run, a_customer

EAST = {"attr": "region", "op": "is", "value": "east"}
DRAFT: dict[str, Any] = {
    "number": "TR-1",
    "territory": "east",
    "rules": [EAST],
    "members": ["ann", "bob"],
    "effective": "2026-03-02",
    "open_items": "move",
}


@pytest.mark.parametrize(
    ("rules", "covered"),
    [
        ([], False),
        ([EAST], True),
        ([{**EAST, "value": "EAST"}], True),
        ([{**EAST, "value": "west"}], False),
        ([{**EAST, "value": "west"}, EAST], True),
        ([EAST, {"attr": "industry", "op": "is", "value": "retail"}], False),
        ([EAST, {"attr": "industry", "op": "is", "value": "machines"}], True),
        ([{"attr": "postcode", "op": "begins", "value": "20"}], True),
        ([{"attr": "postcode", "op": "is", "value": "20"}], False),
        ([{"attr": "product", "op": "is", "value": "gateway"}], True),
        ([{"attr": "customer", "op": "begins", "value": "C-3"}], True),
        ([{"attr": "postcode", "op": "begins", "value": ""}], False),
        ([{"attr": "colour", "op": "is", "value": "red"}], False),
    ],
)
def test_of_one_attribute_any_rule_holds_and_one_of_each_attribute_must(
    rules: list[dict[str, Any]], covered: bool
) -> None:
    told = {"city": "east", "industry": "machines", "postcode": "200120", "product": ["crm", "gateway"]}
    assert territories.covers(rules, a_customer("c-301", attributes=told)) is covered


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 40),
    st.sets(st.sampled_from("abcd")).map(sorted),
    st.fixed_dictionaries({key: st.integers(0, 9) for key in "abcd"}),
)
def test_customers_are_shared_out_so_that_nobody_gets_one_who_has_more_than_another(
    count: int, among: list[str], load: dict[str, int]
) -> None:
    got = territories.share(count, among=among, load=load)
    assert len(got) == count
    if among:
        has = Counter(got)
        after = {key: load.get(key, 0) + has[key] for key in among}
        assert all(after[key] <= min(after.values()) + 1 for key in has), "who got one has at most one more"
    else:
        assert set(got) <= {""}


@pytest.fixture
def team(store: Store, person: Callable[..., None]) -> None:
    for key in ("ann", "bob", "old", "boss"):
        person(key, "sales_reps")
    with store.transaction() as tx:
        for key in ("ann", "bob", "old"):
            known = tx.people.get(key)
            assert known is not None
            tx.people.put(msgspec.structs.replace(known, manager="boss"))
        for n in range(4):
            tx.customers.add(
                a_customer(f"c-{n}", owner="old" if n < 3 else "bob", attributes={"city": "east"}, group="ST")
            )
        tx.customers.add(a_customer("c-9", owner="old", attributes={"city": "west"}, group="ST"))
        for n, stage in enumerate(("visit", "quote")):
            tx.opportunities.put(
                deals.Opportunity(
                    id=f"o-{n}",
                    customer=f"c-{n}",
                    name="x",
                    amount=100,
                    owner="old",
                    stage=stage,
                    opened_at=NOON,  # type: ignore[arg-type]
                )
            )


def owners(store: Store) -> dict[str, str]:
    with store.reading() as tx:
        return {one.id: one.owner for one in tx.customers.search(text="", group="", after="", limit=99)}


def deal_owners(store: Store) -> list[str]:
    with store.reading() as tx:
        return [one.owner for one in tx.opportunities.open()]


@pytest.mark.usefixtures("team")
def test_the_impact_is_shown_before_anything_changes(run: Run, store: Store) -> None:
    with store.transaction() as tx:
        plan = selling.QuotaPlan(
            id="Q", period="2026", begins="2026-01-01", ends="2026-12-31", target=1000, status="locked", made_at=NOON
        )
        tx.quotas.keep(plan)
        tx.quotas.replace("Q", "u", [selling.Quota(plan="Q", unit="u", holder="old", amount=1000)])
        tx.opportunities.put(
            deals.Opportunity(id="o-9", customer="c-9", name="stays", amount=200, owner="old", opened_at=NOON)
        )
    before = owners(store)
    told = run("territories.simulate", **DRAFT).data
    assert told["problems"] == [] and told["managers"] == ["boss"]
    impact = told["impact"]
    assert (impact["customers"], impact["pipeline"], impact["quota"]) == (3, 200, 500)
    assert [(one["number"], one["former"], one["owner"]) for one in impact["rows"]] == [
        ("C-0", "old", "ann"),
        ("C-1", "old", "ann"),
        ("C-2", "old", "bob"),
    ], "bob has one already"
    assert owners(store) == before


@pytest.mark.usefixtures("team")
def test_everything_goes_over_at_once_and_only_once(run: Run, store: Store) -> None:
    run("territories.simulate", **DRAFT)
    first = run("territories.apply", number="TR-1").data
    assert owners(store) == {"c-0": "ann", "c-1": "ann", "c-2": "bob", "c-3": "bob", "c-9": "old"}
    assert deal_owners(store) == ["ann", "ann"]
    with store.reading() as tx:
        standing = tx.territories.get("east")
    assert standing is not None and standing.members == ("ann", "bob") and standing.realignment == "TR-1"
    assert run("territories.apply", number="TR-1", job="again").data == first
    with pytest.raises(errors.Conflict):
        run("territories.simulate", **DRAFT)


@pytest.mark.parametrize(("policy", "left"), [("keep", ["old", "old"]), ("by_stage", ["ann", "old"])])
@pytest.mark.usefixtures("team")
def test_open_deals_stay_or_move_by_the_policy(run: Run, store: Store, policy: str, left: list[str]) -> None:
    run("territories.simulate", **{**DRAFT, "open_items": policy})
    run("territories.apply", number="TR-1")
    assert deal_owners(store) == left


@pytest.mark.usefixtures("team")
def test_the_customers_of_a_leaver_go_and_the_manager_hands_over_for_who_is_gone(run: Run, store: Store) -> None:
    with store.transaction() as tx:
        gone = tx.people.get("old")
        assert gone is not None
        tx.people.put(msgspec.structs.replace(gone, active=False))
    run("territories.simulate", **{**DRAFT, "leaver": "old", "members": ["ann"]})
    told = run("territories.apply", number="TR-1").data
    assert {one["writer"] for one in told["handed_over"]} == {"boss"}
    assert owners(store)["c-3"] == "bob", "only the leaver's customers move"


@pytest.mark.usefixtures("team")
def test_into_the_pool_means_nobody_has_them_and_anybody_may_claim(run: Run, store: Store) -> None:
    run("territories.simulate", **{**DRAFT, "receiver": "pool", "members": []})
    assert run("territories.apply", number="TR-1", receiver="pool").data["moved"] == 4
    with store.reading() as tx:
        assert sorted(one.lead for one in tx.leads.in_pool("east")) == ["C-0", "C-1", "C-2", "C-3"]
    run("leads.claim", lead="C-0", person="ann", cap=5)


@pytest.mark.usefixtures("team")
def test_the_former_owner_is_named_beside_the_new_one_until_the_overlap_ends(run: Run, store: Store) -> None:
    run("territories.simulate", **DRAFT)
    run("territories.apply", number="TR-1", overlap_days=30)

    def beside() -> list[Any]:
        with store.reading() as tx:
            found = tx.customers.get("c-0")
        assert found is not None
        return [found.attributes.get("co_owner"), found.attributes.get("co_owner_until")]

    assert beside() == ["old", "2026-04-01"]
    assert run("territories.end_overlap", number="TR-1", now=NOON + timedelta(days=30)).data == {"overlap_ended": 3}
    assert beside() == [None, None]
    assert run("territories.end_overlap", number="TR-404").data == {"overlap_ended": 0}


def test_tasks_in_hand_for_a_customer_go_along_with_a_note_of_it(tmp_path: Path) -> None:
    with house(tmp_path) as home:
        store = home.engine.store
        home.release(program("start s", "user u", flow=["s > u"]))
        home.customer("c-1", owner="old", attributes={"city": "east"})
        home.person(Agent(key="ann", name="Ann"))
        case = home.start()
        item = home.items(case)[0]
        with store.transaction() as tx:
            tx.items.change(msgspec.structs.replace(item, assignee="old"))
        for name in ("simulate", "apply"):
            given = {**DRAFT, "members": ["ann"], "effective": home.now.date().isoformat()}
            handlers.of(store)[f"territories.{name}"](job(f"territories.{name}", home.now, given))
        assert home.items(case)[0].assignee == "ann"
        assert (home.facts(case)[-1].verb, home.facts(case)[-1].to) == ("transfer", "ann")


def job(handler: str, now: datetime, given: dict[str, Any]) -> JobCall:
    return JobCall(
        id="j", handler=handler, input=given, headers={}, attempt=1, now=now, instance_id="i", process="TEST",
        business_key=None, customer=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "zh", "en"),
    [
        ({"rules": []}, "没有规则", "there is no rule"),
        ({"rules": [{"attr": "colour", "op": "is", "value": "red"}]}, "第 1 条", "rule 1"),
        ({"rules": [EAST, {"attr": "region", "op": "is"}]}, "第 2 条", "rule 2"),
        ({"members": ["ann", "nobody"]}, "不在岗：nobody", "not at work here: nobody"),
        ({"members": []}, "没有成员", "no member"),
        ({"leaver": "ann"}, "离职者 ann", "ann is leaving"),
        ({"effective": "2026-03-01"}, "2026-03-01 已过", "has passed"),
    ],
)
@pytest.mark.usefixtures("team")
def test_a_draft_that_cannot_be_is_told_in_both_languages(run: Run, more: dict[str, Any], zh: str, en: str) -> None:
    (problem,) = run("territories.simulate", **{**DRAFT, **more}).data["problems"]
    assert zh in problem and en in problem


@pytest.mark.usefixtures("team")
def test_of_two_at_once_each_customer_moves_once(run: Run, store: Store) -> None:
    for n in range(2):
        run("territories.simulate", **{**DRAFT, "number": f"TR-{n}"})
    with ThreadPoolExecutor(max_workers=2) as pool:
        counts = list(pool.map(lambda n: run("territories.apply", number=f"TR-{n}").data["moved"], range(2)))
    assert sorted(counts) == [0, 3]


def test_a_realignment_that_nobody_drafted_is_named(run: Run) -> None:
    with pytest.raises(errors.NotFound) as caught:
        run("territories.apply", number="TR-404")
    assert "TR-404" in caught.value.text["zh-CN"] and "TR-404" in caught.value.text["en"]


@pytest.mark.parametrize(
    ("more", "parameter"),
    [({"open_items": "burn"}, "open_items"), ({"rules": "x"}, "rules"), ({"number": 7}, "number")],
)
@pytest.mark.usefixtures("team")
def test_a_wrong_parameter_is_named(run: Run, more: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        run("territories.simulate", **{**DRAFT, **more})
    assert caught.value.ids == {"handler": "territories.simulate", "parameter": parameter}
