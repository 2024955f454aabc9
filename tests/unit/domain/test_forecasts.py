"""Forecasts: pulled from the deals, confirmed, adjusted with a reason, kept for good, compared with what came."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine import deals, errors, selling
from engine.domain import forecasts
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run

PULL: dict[str, Any] = {"number": "F-1", "team": "east", "days": 28, "way": "deals"}


@pytest.fixture(autouse=True)
def team(store: Store, person: Callable[..., None]) -> None:
    person("ann", "east")
    person("bob", "east")
    person("gone", "east", active=False)
    person("eve", "west")
    with store.transaction() as tx:
        for owner, amount, chance, close in (
            ("ann", 100, 90, "2026-03-10"),
            ("ann", 50, 60, ""),
            ("ann", 40, 10, "2026-03-30"),
            ("ann", 999, 90, "2026-09-01"),
            ("bob", 70, 80, "2026-03-20"),
            ("eve", 500, 90, "2026-03-10"),
        ):
            tx.opportunities.put(deal(owner, amount, probability=chance, expected_close=close))


def deal(owner: str, amount: float, **more: Any) -> deals.Opportunity:
    return deals.Opportunity(
        id=f"{owner}-{amount}",
        customer="c",
        name=f"{owner} {amount}",
        owner=owner,
        amount=amount,
        opened_at=NOON,
        **more,
    )


def pulled(run: Run, **more: Any) -> dict[str, Any]:
    return dict(run("forecasts.pull", **{**PULL, **more}).data)


def said(told: dict[str, Any], owner: str) -> list[tuple[str, str, float]]:
    (seller,) = [one for one in told["sellers"] if one["owner"] == owner]
    return sorted((line["deal"], line["category"], line["amount"]) for line in seller["lines"])


def confirmed(run: Run, owner: str, *rows: dict[str, Any], **more: Any) -> list[str]:
    told = run("forecasts.confirm", number=more.pop("number", "F-1"), owner=owner, lines=list(rows), **more).data
    return list(told["problems"])


def row(key: str, category: str, amount: Any = 70, **more: Any) -> dict[str, Any]:
    return {"deal": key, "category": category, "amount": amount, **more}


def locked(run: Run, **more: Any) -> float:
    return float(run("forecasts.lock", number="F-1", **more).data["forecast_total"])


def test_deals_that_close_in_time_are_pulled_by_person_with_a_category_by_their_probability(run: Run) -> None:
    told = pulled(run)
    assert [one["owner"] for one in told["sellers"]] == ["ann", "bob"]
    assert said(told, "ann") == [("ann-100", "commit", 100), ("ann-40", "pipeline", 40), ("ann-50", "best", 50)]
    assert (told["before"], told["forecast_ends"]) == (0, "2026-03-30")


@pytest.mark.parametrize(("way", "amount"), [("statistics", 124.0), ("leads", 90.0)])
def test_one_line_may_stand_for_all_that_somebody_has(run: Run, store: Store, way: str, amount: float) -> None:
    with store.transaction() as tx:
        for worth, stage in ((60, "won"), (7, "lost")):
            tx.opportunities.put(deal("ann", worth, stage=stage, closed_at=NOON - timedelta(days=2)))
    lines = said(pulled(run, way=way), "ann")
    assert lines == [(forecasts.TOGETHER, "best", amount)], "three open deals: by probability, or by what one brings"


def test_what_was_said_the_time_before_is_where_the_next_begins(run: Run) -> None:
    pulled(run)
    assert confirmed(run, "bob", row("bob-70", "omitted")) == []
    locked(run)
    told = pulled(run, number="F-2")
    assert said(told, "bob") == [("bob-70", "omitted", 70)]
    assert told["before"] == 150, "ann's as they were pulled: 100 and 50"


@pytest.mark.parametrize(
    ("rows", "zh", "en"),
    [
        ([row("ann-100", "commit")], "不是自己的商机", "is no deal of theirs"),
        ([row("bob-70", "sure")], "没有类别", "has no category"),
        ([row("bob-70", "commit", -1)], "金额不对", "the amount of line 1"),
        ([row("bob-70", "commit", True)], "金额不对", "the amount of line 1"),
        ([row("bob-70", "commit", confidence=101)], "把握", "no percentage"),
        ([], "缺少 1 个商机", "1 deals are missing"),
    ],
)
def test_what_cannot_be_is_told_in_both_languages_and_nothing_is_kept(
    run: Run, store: Store, rows: list[dict[str, Any]], zh: str, en: str
) -> None:
    pulled(run)
    (problem,) = confirmed(run, "bob", *rows)
    assert zh in problem and en in problem
    with store.reading() as tx:
        assert [line.carried for line in tx.forecasts.lines("F-1") if line.owner == "bob"] == [True]


@pytest.mark.parametrize(
    ("before", "amount", "comment", "kept"),
    [(0, 70, "", True), (100, 80, "", True), (100, 79, "", False), (100, 121, "", False), (100, 79, "slipped", True)],
)
def test_a_large_change_wants_a_comment(run: Run, before: float, amount: float, comment: str, kept: bool) -> None:
    pulled(run)
    found = confirmed(run, "bob", row("bob-70", "commit", amount), before=before, comment=comment)
    assert (found == []) is kept


def test_who_did_not_confirm_is_named_and_the_sums_are_by_category(run: Run) -> None:
    pulled(run)
    confirmed(run, "bob", row("bob-70", "best"))
    told = run("forecasts.total", number="F-1").data
    assert told["totals"] == {"commit": 100, "best": 120, "pipeline": 40, "omitted": 0}
    assert (told["expected"], told["change"], told["unconfirmed"]) == (220, 0, ["ann"])


def test_what_is_locked_changes_no_more(run: Run, store: Store) -> None:
    pulled(run)
    assert locked(run, adjust=-20, reason="a large one may slip") == 200
    assert locked(run, adjust=999, reason="again") == 200
    for deed in (lambda: pulled(run), lambda: confirmed(run, "bob", row("bob-70", "best"))):
        with pytest.raises(errors.Conflict) as caught:
            deed()
        assert "F-1" in caught.value.text["zh-CN"] and "locked" in caught.value.text["en"]
    with store.reading() as tx:
        (kept,) = tx.forecasts.of_team("east", 5)
    assert (kept.adjusted, kept.reason, kept.totals["forecast"]) == (-20, "a large one may slip", 200)


def test_an_adjustment_without_a_reason_is_refused(run: Run) -> None:
    pulled(run)
    with pytest.raises(errors.Invalid) as caught:
        locked(run, adjust=5)
    assert caught.value.ids == {"handler": "forecasts.lock", "parameter": "reason"}


def test_a_forecast_whose_days_are_over_is_compared_with_what_was_won_in_them(run: Run, store: Store) -> None:
    pulled(run)
    locked(run)
    asked = {"team": "east", "now": NOON + timedelta(days=28)}
    assert run("forecasts.compare", **asked).data["accuracy"] is None, "its last day is not over"
    with store.transaction() as tx:
        for key, owner, amount, day in (("a", "ann", 110, 10), ("b", "eve", 500, 10), ("c", "ann", 900, 40)):
            tx.opportunities.put(
                deals.Opportunity(
                    id=key, customer="c", name=key, owner=owner, amount=amount, opened_at=NOON, stage="won",
                    closed_at=NOON + timedelta(days=day),
                )
            )  # fmt: skip
    told = run("forecasts.compare", team="east", now=NOON + timedelta(days=41)).data
    assert told == {"accuracy": 50.0, "bias": 50.0, "compared": "F-1"}


@pytest.mark.parametrize(
    ("forecast", "actual", "told"),
    [
        (100, 100, (100.0, 0.0)),
        (200, 100, (50.0, 50.0)),
        (50, 100, (50.0, -50.0)),
        (0, 0, (100.0, 0.0)),
        (0, 9, (0.0, -100.0)),
    ],
)
def test_accuracy_says_how_far_off_and_bias_which_way(
    forecast: float, actual: float, told: tuple[float, float]
) -> None:
    assert forecasts.accuracy(forecast, actual) == told


@pytest.mark.parametrize(
    ("chance", "kind"), [(100, "commit"), (80, "commit"), (79, "best"), (50, "best"), (49, "pipeline")]
)
def test_a_category_follows_from_the_probability(chance: int, kind: selling.Category) -> None:
    assert forecasts.category(chance) == kind


@pytest.mark.parametrize("handler", ["total", "lock"])
def test_a_forecast_that_nobody_made_is_named(run: Run, handler: str) -> None:
    with pytest.raises(errors.NotFound) as caught:
        run(f"forecasts.{handler}", number="F-404")
    assert "F-404" in caught.value.text["zh-CN"] and "F-404" in caught.value.text["en"]


@pytest.mark.parametrize(
    ("more", "parameter"), [({"way": "guess"}, "way"), ({"days": "28"}, "days"), ({"team": ""}, "team")]
)
def test_a_wrong_parameter_is_named(run: Run, more: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        pulled(run, **more)
    assert caught.value.ids == {"handler": "forecasts.pull", "parameter": parameter}
