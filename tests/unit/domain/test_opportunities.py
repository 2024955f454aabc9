"""An opportunity keeps what the lead said, moves from stage to stage, is closed once, and is learnt from."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from engine import deals, errors
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run


def opened(run: Run, job: str = "o-1", **more: Any) -> str:
    return str(
        run("opportunities.open", job=job, **{"name": "呼叫中心", "amount": 60000} | more).data["opportunity_id"]
    )


def kept(store: Store, opportunity_id: str = "o-1") -> deals.Opportunity:
    with store.reading() as tx:
        found = tx.opportunities.get(opportunity_id)
    assert found is not None
    return found


# --- opened ----------------------------------------------------------------------------------------------------------


def test_an_opportunity_begins_with_all_that_was_said_before(store: Store, run: Run) -> None:
    run("leads.keep", lead="L-1", name="王磊", need="想看演示", phone="13900000001")
    run("leads.join", lead="L-2", into="L-1", need="还要报价")

    for _ in range(2):
        opened(run, "j-9", lead="L-1", owner="lina", history=["已谈", None])

    found = kept(store, "j-9")
    assert (found.history, found.amount, found.opened_at) == (("想看演示", "还要报价", "已谈"), 60000, NOON)
    assert (found.stage, found.probability, found.closed_at) == ("visit", 10, None)


def test_an_opportunity_without_a_known_lead_has_only_its_own_history(store: Store, run: Run) -> None:
    opened(run, lead="L-9")
    assert kept(store).history == ()


def test_what_is_opened_tells_its_pursuit_what_to_begin_with(run: Run) -> None:
    told = run("opportunities.open", job="o-1", lead="L-7", name="培训", amount=3000, owner="lina").data
    assert told["opened"] == {
        "opportunityNo": "L-7",
        "opportunity_id": "o-1",
        "subject": "培训",
        "amount": 3000,
        "expected_close": "",
        "owner": "lina",
    }


def test_one_that_is_known_is_not_opened_again_and_keeps_its_stage(run: Run, store: Store) -> None:
    opened(run)
    run("opportunities.move", job="m-1", opportunity="o-1", stage="quote")
    told = run("opportunities.open", job="other", opportunity="o-1", name="x", amount=1).data
    assert (told["opportunity_id"], told["stage"], told["opened"]["amount"]) == ("o-1", "quote", 60000)
    with store.reading() as tx:
        assert [one.id for one in tx.opportunities.open()] == ["o-1"]


# --- moved -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("stage", "chance"), [(stage, deals.CHANCES[stage]) for stage in list(deals.CHANCES)[:5]])
def test_each_stage_has_its_chance_unless_somebody_says_otherwise(
    run: Run, store: Store, stage: str, chance: int
) -> None:
    opened(run)
    assert run("opportunities.move", job="m-1", opportunity="o-1", stage=stage).data["probability"] == chance
    run("opportunities.move", job="m-2", opportunity="o-1", stage=stage, probability=33)
    assert (kept(store).stage, kept(store).probability) == (stage, 33)


def test_a_move_keeps_what_it_does_not_name_and_all_moves_are_history(run: Run, store: Store) -> None:
    opened(run, expected_close="2026-05-01")
    later = NOON + timedelta(days=3)
    run("opportunities.move", job="m-1", opportunity="o-1", stage="needs", amount=80000)
    run("opportunities.move", job="m-2", now=later, opportunity="o-1", stage="solution", expected_close="2026-06-01")
    assert (kept(store).amount, kept(store).expected_close) == (80000, "2026-06-01")
    with store.reading() as tx:
        moves = tx.opportunities.moves("o-1")
    assert [(one.stage, one.amount, one.expected_close) for one in moves] == [
        ("needs", 80000, "2026-05-01"),
        ("solution", 80000, "2026-06-01"),
    ]
    assert moves[1].moved_at == later


def test_a_move_asked_for_twice_is_one_move_even_when_another_came_between(run: Run, store: Store) -> None:
    opened(run)
    run("opportunities.move", job="m-1", opportunity="o-1", stage="needs")
    run("opportunities.move", job="m-2", opportunity="o-1", stage="quote")
    run("opportunities.move", job="m-1", opportunity="o-1", stage="needs")
    assert kept(store).stage == "quote"


def test_many_moves_at_once_are_all_kept(run: Run, store: Store) -> None:
    opened(run)
    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(lambda n: run("opportunities.move", job=f"m-{n}", opportunity="o-1", stage="needs"), range(12)))
    with store.reading() as tx:
        assert len(tx.opportunities.moves("o-1")) == 12


# --- closed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("result", "chance"), [("won", 100), ("lost", 0)])
def test_a_closed_one_has_its_reason_and_leaves_the_pipeline(run: Run, store: Store, result: str, chance: int) -> None:
    opened(run)
    told = run("opportunities.close", job="c-1", opportunity="o-1", result=result, reason="price", rival="Acme").data
    assert told["closed"]["result"] == result and told["closed"]["competitor"] == "Acme"
    found = kept(store)
    assert (found.stage, found.probability, found.reason, found.rival, found.closed_at) == (
        result,
        chance,
        "price",
        "Acme",
        NOON,
    )
    with store.reading() as tx:
        assert tx.opportunities.open() == []


def test_it_is_closed_once_and_stays_what_it_was_first(run: Run, store: Store) -> None:
    opened(run)
    run("opportunities.close", job="c-1", opportunity="o-1", result="won", amount=70000)
    again = run("opportunities.close", job="c-2", opportunity="o-1", result="lost", amount=1).data
    assert (again["result"], again["closed"]["amount"]) == ("won", 70000)


def test_nothing_moves_a_closed_one(run: Run) -> None:
    opened(run)
    run("opportunities.close", opportunity="o-1", result="lost")
    with pytest.raises(errors.Conflict) as caught:
        run("opportunities.move", job="m-9", opportunity="o-1", stage="quote")
    assert caught.value.code == "opportunity_closed" and "呼叫中心" in caught.value.text["zh-CN"]


def test_valued_anew_it_stays_in_its_stage_and_when_closed_as_it_was(run: Run, store: Store) -> None:
    opened(run)
    run("opportunities.move", job="m-1", opportunity="o-1", stage="quote")
    told = run("opportunities.move", job="m-2", opportunity="o-1", amount=50000, probability=30).data
    assert told == {"stage": "quote", "probability": 30, "amount": 50000} and kept(store).amount == 50000
    run("opportunities.close", opportunity="o-1", result="won")
    told = run("opportunities.move", job="m-3", opportunity="o-1", amount=1, probability=30).data
    assert told == {"stage": "won", "probability": 100, "amount": 50000} and kept(store).amount == 50000


@pytest.mark.parametrize("handler", ["opportunities.move", "opportunities.close"])
def test_one_that_nobody_knows_is_named(run: Run, handler: str) -> None:
    with pytest.raises(errors.NotFound) as caught:
        run(handler, opportunity="O-404", stage="quote", result="won")
    assert "O-404" in caught.value.text["zh-CN"] and "O-404" in caught.value.text["en"]


# --- learnt from -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("percent", "least", "most"), [(0, 0, 0), (10, 15, 45), (50, 120, 180), (100, 300, 300)])
def test_the_draw_is_fair_and_the_same_however_often_it_is_made(run: Run, percent: int, least: int, most: int) -> None:
    drawn = [
        [run("opportunities.sample", opportunity=f"o-{n}", percent=percent).data["sampled"] for n in range(300)]
        for _ in range(2)
    ]
    assert drawn[0] == drawn[1] and least <= drawn[0].count(True) <= most


def review(run: Run, instance: str = "r-1", **more: Any) -> bool:
    told = {"opportunity": "o-1", "result": "lost", "reasons": ["price"], "competitor": "上海华星科技有限公司"}
    return bool(run("opportunities.review", job=f"j-{instance}", instance=instance, **told | more).data["new_rival"])


def test_a_rival_is_new_to_the_review_that_met_it_first_by_whatever_name(run: Run) -> None:
    assert review(run) is True
    assert review(run) is True
    assert review(run, "r-2", competitor="华星科技（上海）") is False
    assert review(run, "r-3", competitor="Acme Ltd") is True
    assert review(run, "r-4", competitor="") is False


def test_a_review_is_kept_with_what_is_to_be_done(run: Run, store: Store) -> None:
    review(run, price_gap=12.5, quotes="太贵 / too dear", actions=[{"what": "价格", "who": "zhangwei"}])
    with store.reading() as tx:
        (found,) = tx.opportunities.reviewed("o-1")
        assert tx.opportunities.reviewed("o-2") == []
    assert (found.reasons, found.price_gap_percent, found.quotes) == (("price",), 12.5, "太贵 / too dear")
    assert found.actions == ({"what": "价格", "who": "zhangwei"},)


def test_a_rival_that_many_meet_at_once_is_new_to_one_of_them(run: Run) -> None:
    with ThreadPoolExecutor(max_workers=5) as pool:
        new = list(pool.map(lambda n: review(run, f"r-{n}", competitor="Acme Inc."), range(10)))
    assert new.count(True) == 1


@pytest.mark.parametrize(
    ("handler", "values", "parameter"),
    [
        ("opportunities.move", {}, "opportunity"),
        ("opportunities.move", {"stage": "won"}, "stage"),
        ("opportunities.move", {"stage": ["quote"]}, "stage"),
        ("opportunities.move", {"stage": "quote", "probability": 101}, "probability"),
        ("opportunities.move", {"stage": "quote", "probability": -1}, "probability"),
        ("opportunities.move", {"stage": "quote", "amount": "much"}, "amount"),
        ("opportunities.close", {"result": "draw"}, "result"),
        ("opportunities.close", {}, "result"),
        ("opportunities.review", {"result": "open"}, "result"),
        ("opportunities.review", {"result": "won", "actions": ["x"]}, "actions"),
        ("opportunities.review", {"result": "won", "price_gap": "10"}, "price_gap"),
    ],
)
def test_a_wrong_parameter_is_named(run: Run, handler: str, values: dict[str, Any], parameter: str) -> None:
    opened(run)
    with pytest.raises(errors.Invalid) as caught:
        run(handler, **({"opportunity": "o-1"} if parameter != "opportunity" else {}), **values)
    assert caught.value.ids == {"handler": handler, "parameter": parameter}
    assert parameter in caught.value.text["zh-CN"] and parameter in caught.value.text["en"]
