"""Commissions: earned with what came in, parted to the cent, confirmed or disputed, paid once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from engine import care, deals, errors, selling
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run, a_customer

DAYS = {"begins": "2026-03-01", "ends": "2026-03-31"}
HALVES = [{"user": "ann", "pct": 50}, {"user": "bob", "pct": 50}]


@pytest.fixture(autouse=True)
def customers(store: Store, person: Callable[..., None]) -> None:
    person("ann", "reps")
    with store.transaction() as tx:
        tx.customers.add(a_customer("c-1", owner="ann", group="GR"))


def order(store: Store, number: str = "SO-1", total: float = 1000, **more: Any) -> None:
    with store.transaction() as tx:
        told = {"instance_id": "i", "customer": "c-1", "lines": (), "payment": "prepaid", "taken_at": NOON} | more
        tx.orders.put(deals.Order(id=number, total=total, **told))  # type: ignore[arg-type]


def noted(run: Run, number: str = "SO-1", **more: Any) -> list[str]:
    return list(run("commissions.note", order=number, **more).data["problems"])


def collected(run: Run, settlement: str = "CM-1", **more: Any) -> list[dict[str, Any]]:
    return list(run("commissions.collect", run=settlement, **{**DAYS, **more}).data["earned"])


def computed(run: Run, settlement: str = "CM-1", rate: float = 10, **more: Any) -> dict[str, Any]:
    earned = collected(run, settlement)
    rates = [{"id": one["id"], "rate": rate} for one in earned]
    told = run("commissions.compute", run=settlement, period="2026-03", earned=earned, rates=rates, **more).data
    return {one["person"]: one["total"] for one in told["statements"]}


def statement(store: Store, person: str = "ann", settlement: str = "CM-1") -> selling.Statement:
    with store.reading() as tx:
        found = tx.commissions.statement(settlement, person)
    assert found is not None
    return found


def test_a_paid_order_is_noted_once_for_whoever_sold_it(run: Run, store: Store) -> None:
    order(store)
    assert noted(run, split=HALVES) == noted(run, split=[]) == []
    (one,) = collected(run)
    assert (one["id"], one["base"], one["split"], one["group"], one["first"]) == (
        "order:SO-1",
        1000,
        HALVES,
        "GR",
        True,
    )
    order(store, "SO-2", taken_at=NOON + timedelta(hours=1))
    noted(run, "SO-2")
    assert [(one["split"][0]["user"], one["first"]) for one in collected(run)][1] == ("ann", False), "the owner's"


@pytest.mark.parametrize("split", [[{"user": "ann", "pct": 60}], [*HALVES, {"user": "eve", "pct": 1}]])
def test_shares_that_do_not_add_up_are_told_in_both_languages(run: Run, store: Store, split: list[Any]) -> None:
    order(store)
    (problem,) = noted(run, split=split)
    assert "应为 100%" in problem and "not 100 %" in problem
    assert collected(run) == []


def test_a_contract_s_payment_is_noted_where_it_comes_in(run: Run, store: Store) -> None:
    with store.transaction() as tx:
        for n, drafted in enumerate((NOON - timedelta(days=400), NOON)):
            tx.contracts.put(
                deals.Contract(
                    id=f"k-{n}", number=f"HT-{n}", customer="c-1", status="effective", amount=500, owner="bob",
                    term_from="2026-01-01", term_to="2026-12-31", template="standard", drafted_at=drafted,
                    payments=({"n": 1, "date": "2026-03-01", "amount": 500},),
                )
            )  # fmt: skip
    for number in ("HT-0", "HT-1", "HT-1"):
        run("contracts.paid", number=number, n=1)
    found = {one["order"]: (one["split"][0]["user"], one["first"], one["renewal"]) for one in collected(run)}
    assert found == {"HT-0": ("bob", True, False), "HT-1": ("bob", False, True)}


def test_what_is_paid_back_is_taken_back_from_whoever_got_it(run: Run, ask: Run, store: Store) -> None:
    order(store)
    noted(run, split=HALVES)
    line = care.ReturnedLine(sku="a", qty=1)
    with store.transaction() as tx:
        for number, bought in (("RT-1", "SO-1"), ("RT-2", "SO-9")):
            tx.returns.put(care.Return(id=number, customer="c-1", order_no=bought, lines=(line,), opened_at=NOON))
    for number in ("RT-1", "RT-1", "RT-2"):
        ask("returns.settle", amount=200, state="intact", **{"return": number})
    assert [(one["kind"], one["base"]) for one in collected(run)] == [("order", 1000), ("refund", -200)]
    assert computed(run) == {"ann": 40, "bob": 40}


@pytest.mark.parametrize(
    ("bonus", "total"), [({}, 100), ({"new_bonus": 2}, 120), ({"won_back_bonus": 3}, 100), ({"renewal_bonus": 1}, 100)]
)
def test_a_bonus_is_earned_by_its_fact_alone(run: Run, store: Store, bonus: dict[str, float], total: float) -> None:
    order(store)
    noted(run)
    assert computed(run, **bonus) == {"ann": total}


def test_cents_are_never_lost_and_every_line_says_what_it_is_for(run: Run, store: Store) -> None:
    order(store, total=100.01)
    thirds = [{"user": key, "pct": pct} for key, pct in (("ann", 33.33), ("bob", 33.33), ("eve", 33.34))]
    noted(run, split=thirds)
    shares = computed(run)
    assert round(sum(shares.values()), 2) == 10.0
    (line,) = statement(store).lines
    assert (line["what"], line["kind"], line["base"], line["rate"], line["pct"]) == ("SO-1", "order", 100.01, 10, 33.33)


def test_no_two_runs_pay_for_the_same_and_one_run_computes_once(run: Run, store: Store) -> None:
    order(store)
    noted(run)
    assert computed(run) == computed(run) == {"ann": 100}
    assert computed(run, "CM-2") == {}
    assert statement(store).total == 100


@pytest.mark.parametrize(
    ("begins", "ends", "count"), [("2026-03-02", "2026-03-02", 1), ("2026-03-03", "2026-03-31", 0)]
)
def test_only_what_came_in_in_the_days_counts(run: Run, store: Store, begins: str, ends: str, count: int) -> None:
    order(store)
    noted(run)
    assert len(collected(run, begins=begins, ends=ends)) == count


def answered(run: Run, word: str = "accepted", person: str = "ann", **more: Any) -> list[str]:
    return list(run("commissions.answer", run="CM-1", person=person, answer=word, **more).data["problems"])


TAXI = {"type": "travel", "amount": 80, "receipt": "FP-1"}


def test_expenses_are_added_with_their_receipts_and_the_first_word_stays(run: Run, store: Store) -> None:
    order(store)
    noted(run)
    computed(run)
    assert answered(run, expenses=[TAXI]) == answered(run, "disputed", dispute="x", expenses=[TAXI]) == []
    kept = statement(store)
    assert (kept.total, kept.answer, kept.lines[-1]["what"]) == (180, "accepted", "FP-1")
    told = run("commissions.tally", run="CM-1").data
    assert told == {"disputes": [], "commission_total": 180, "highest_expenses": 80}


@pytest.mark.parametrize(
    "expense", [{**TAXI, "type": "yacht"}, {**TAXI, "amount": 0}, {**TAXI, "amount": True}, {**TAXI, "receipt": ""}]
)
def test_an_expense_that_is_none_is_told_and_nothing_is_kept(run: Run, store: Store, expense: dict[str, Any]) -> None:
    order(store)
    noted(run)
    computed(run)
    (problem,) = answered(run, expenses=[TAXI, expense])
    assert "第 2 笔" in problem and "expense 2" in problem
    assert statement(store).answer == ""


def test_a_dispute_is_decided_once_with_a_reason_that_stands_on_the_statement(run: Run, store: Store) -> None:
    order(store)
    noted(run)
    computed(run)
    answered(run, "disputed", dispute="it should be more")
    assert run("commissions.tally", run="CM-1").data["disputes"] == [
        {"person": "ann", "total": 100, "dispute": "it should be more"}
    ]
    for _ in range(2):
        run("commissions.adjust", run="CM-1", decisions=[{"person": "ann", "amount": -20, "reason": "half each"}])
    kept = statement(store)
    assert (kept.total, kept.answer, kept.lines[-1]["what"]) == (80, "accepted", "half each")


def test_everything_is_paid_once_and_who_owes_gets_nothing(run: Run, store: Store) -> None:
    order(store)
    noted(run, split=HALVES)
    computed(run)
    answered(run, "disputed", "bob", dispute="x")
    run("commissions.adjust", run="CM-1", decisions=[{"person": "bob", "amount": -99, "reason": "taken back"}])
    with ThreadPoolExecutor(max_workers=3) as pool:
        totals = {str(one.data) for one in pool.map(lambda _: run("commissions.pay", run="CM-1"), range(3))}
    assert len(totals) == 1
    told = run("commissions.pay", run="CM-1").data
    assert told["payment"]["payments"] == [{"person": "ann", "amount": 50, "ref": "CM-1/ann"}]
    with pytest.raises(errors.Conflict) as caught:
        answered(run)
    assert "CM-1" in caught.value.text["zh-CN"] and "paid" in caught.value.text["en"]


@pytest.mark.parametrize(
    ("handler", "values"),
    [("note", {"order": "SO-404"}), ("answer", {"run": "CM-404", "person": "ann", "answer": "accepted"})],
)
def test_what_is_not_there_is_named(run: Run, handler: str, values: dict[str, Any]) -> None:
    with pytest.raises(errors.NotFound) as caught:
        run(f"commissions.{handler}", **values)
    assert "404" in caught.value.text["zh-CN"] and "404" in caught.value.text["en"]


@pytest.mark.parametrize(
    ("handler", "values", "parameter"),
    [
        ("compute", {"earned": [{"id": "x"}], "rates": []}, "rates"),
        ("compute", {"earned": "x"}, "earned"),
        ("adjust", {"decisions": [{"person": "ann", "amount": 5}]}, "decisions"),
        ("collect", {"begins": 3}, "begins"),
    ],
)
def test_a_wrong_parameter_is_named(run: Run, handler: str, values: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        run(f"commissions.{handler}", run="CM-1", **{"begins": "2026-03-01", **values})
    assert caught.value.ids == {"handler": f"commissions.{handler}", "parameter": parameter}


# --- won by a team ---------------------------------------------------------------------------------------------------


def contract(ask: Run, *team: str, **more: Any) -> dict[str, Any]:
    terms = {"amount": 1000, "term_from": "2026-04-01", "term_to": "2027-03-31", "owner": "ann", "number": "HT-1"}
    plan = [{"date": "2026-04-01", "amount": 1000}]
    rows = [{"user": one} for one in team]
    return dict(ask("contracts.draft", payment_plan=plan, team=rows, **{**terms, **more}).data)


@pytest.fixture
def house(person: Callable[..., None]) -> None:
    for key in ("bob", "eve"):
        person(key, "reps")
    person("gone", "reps", active=False)


def test_a_key_account_s_commission_is_shared_by_the_deal_s_team(run: Run, ask: Run, store: Store, house: None) -> None:
    assert contract(ask, "bob", "eve", "bob")["problems"] == []
    ask("contracts.enact")
    ask("contracts.paid", number="HT-1", n=1)
    assert computed(run, owner_share=50) == {"ann": 50, "bob": 25, "eve": 25}
    assert [line["pct"] for line in statement(store, "eve").lines] == [25]


@pytest.mark.parametrize(("team", "share", "paid"), [((), 50, {"ann": 100}), (("bob",), 100, {"ann": 100})])
def test_without_a_team_or_its_rule_the_owner_gets_all(
    run: Run, ask: Run, house: None, team: tuple[str, ...], share: float, paid: dict[str, float]
) -> None:
    contract(ask, *team)
    ask("contracts.enact")
    ask("contracts.paid", number="HT-1", n=1)
    assert computed(run, owner_share=share) == paid


def test_an_order_of_the_same_quote_is_shared_alike_and_what_comes_back_too(
    run: Run, ask: Run, store: Store, house: None
) -> None:
    contract(ask, "bob", quote="Q-1")
    order(store, quote="Q-1")
    order(store, "SO-2", quote="Q-2", taken_at=NOON + timedelta(hours=1))
    assert noted(run) == noted(run, "SO-2") == []
    assert computed(run, owner_share=60) == {"ann": 160, "bob": 40}


def test_shares_that_people_named_stay_as_they_are(run: Run, ask: Run, store: Store, house: None) -> None:
    contract(ask, "eve", quote="Q-1")
    order(store, quote="Q-1")
    noted(run, split=HALVES)
    assert computed(run, owner_share=10) == {"ann": 50, "bob": 50}


@pytest.mark.parametrize("member", ["gone", "nobody", ""])
def test_who_is_not_in_the_house_shares_in_nothing(ask: Run, store: Store, house: None, member: str) -> None:
    (problem,) = contract(ask, "bob", member)["problems"]
    assert f"团队成员 {member!r} 不在职" in problem and f"{member!r} of the team is not in the house" in problem
    with store.reading() as tx:
        assert tx.contracts.numbered("HT-1") is None


@pytest.mark.parametrize("share", [-1, 101, "half"])
def test_a_share_is_a_percentage(run: Run, store: Store, share: Any) -> None:
    order(store)
    noted(run)
    with pytest.raises(errors.Invalid):
        computed(run, owner_share=share)
