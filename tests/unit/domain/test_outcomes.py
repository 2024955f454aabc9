"""What a campaign brought."""

from typing import Any

import pytest

from engine import deals, errors
from engine.domain.outcomes import returned
from engine.store.unit_of_work import Store
from engine.trade import Lead
from tests.unit.domain.conftest import NOON, Run
from tests.unit.domain.test_campaigns import keep, respond, send


def lead(store: Store, key: str, campaign: str = "A", owner: str = "") -> None:
    with store.transaction() as tx:
        tx.leads.keep(Lead(id=key, name=f"name {key}", campaign=campaign, owner=owner, created_at=NOON))


def deal(store: Store, key: str, stage: deals.Stage, owner: str = "lina", amount: float = 1000) -> None:
    with store.transaction() as tx:
        tx.opportunities.put(
            deals.Opportunity(
                id=f"O-{key}",
                customer="c-1",
                lead=key,
                name=key,
                amount=amount,
                owner=owner,
                opened_at=NOON,
                stage=stage,
            )
        )


def told(key: str, outcome: str, amount: Any = None) -> dict[str, Any]:
    return {"lead": key, "outcome": outcome, "amount": amount}


@pytest.mark.parametrize(
    ("dispositions", "leads", "cost", "found"),
    [
        ([], 0, 0, (0, 0, 0, None, None, 0)),
        ([], 4, 100, (0, 0, 0, -1, 25, 0)),
        ([told("a", "won", 300)], 2, 100, (1, 1, 300, 2, 50, 50)),
        ([told("a", "won", 300), told("b", "won", "50.5")], 2, 0, (2, 2, 350.5, None, 0, 100)),
        ([told("a", "qualified"), told("b", "lost", 500), told("c", "shelved")], 3, 10, (2, 0, 0, -1, 3.33, 0)),
        ([told("a", "won", 300), told("a", "lost", 300)], 1, 100, (1, 0, 0, -1, 100, 0)),
        ([told("a", "won", None)], 1, 100, (1, 1, 0, -1, 100, 100)),
    ],
)
def test_the_return_of_a_campaign(dispositions: Any, leads: int, cost: float, found: tuple[Any, ...]) -> None:
    made = returned(dispositions, leads=leads, cost=cost)
    assert (made.qualified, made.won, made.revenue, made.roi, made.cost_per_lead, made.conversion) == found


def test_figures_tell_what_went_out_what_came_back_and_who_owes_an_answer(run: Run, store: Store) -> None:
    keep(run, goal="acquire", expected_leads=10)
    run("campaigns.begin", campaign="A")
    send(store, *(f"c-{number}" for number in range(8)))
    send(store, "c-8", outcome="stopped")
    for place, kind in enumerate(("click", "receipt", "bounce", "unsubscribe")):
        respond(run, f"r-{place}", kind, f"c-{place}", complaints_pct=100, bounce_pct=100)
    for key, owner in (("L-1", ""), ("L-2", ""), ("L-3", "bob"), ("L-4", "")):
        lead(store, key, owner=owner)
    lead(store, "L-9", campaign="B")
    deal(store, "L-1", "won", amount=5000)
    deal(store, "L-2", "quote", owner="lina")
    answer = run("campaigns.figures", campaign="A").data
    assert answer["figures"] == {
        "sent": 8,
        "left_out": 1,
        "answers": 2,
        "bounces": 1,
        "opt_outs": 1,
        "response_pct": 25,
        "leads": 4,
        "expected_leads": 10,
    }
    assert answer["known_dispositions"] == [{"lead": "L-1", "outcome": "won", "amount": 5000, "reason": ""}]
    assert [(one["owner"], [item["lead"] for item in one["leads"]]) for one in answer["missing"]] == [
        (None, ["L-4"]),
        ("bob", ["L-3"]),
        ("lina", ["L-2"]),
    ]
    assert answer["campaign"] == {"campaignId": "A", "name": "春季", "goal": "acquire"}
    assert answer["campaign_status"] == "running"


def test_a_campaign_without_sends_has_no_rates(run: Run) -> None:
    keep(run)
    figures = run("campaigns.figures", campaign="A").data["figures"]
    assert (figures["sent"], figures["response_pct"], figures["leads"]) == (0, 0, 0)


def test_what_people_report_comes_after_what_data_know(run: Run) -> None:
    answer = run(
        "campaigns.roi",
        figures={"leads": 3},
        known=[told("L-1", "lost", 10)],
        reports=[[told("L-1", "won", 900), told("L-2", "qualified")], [], None],
        cost_lines=[{"type": "media", "money": 200}, {"type": "print", "money": "100.50"}],
        estimated_cost=5000,
    )
    assert answer.data["result"] == {
        "leads": 3,
        "qualified": 2,
        "won": 1,
        "revenue": 900,
        "cost": 300.5,
        "roi": 2,
        "cost_per_lead": 100.17,
        "conversion": 33.3,
        "target_met": True,
    }


@pytest.mark.parametrize(
    ("measure", "outcome", "expected", "met"),
    [
        ("revenue", "won", 9, True),
        ("revenue", "qualified", 0, False),
        (None, "won", 9, True),
        ("leads", "qualified", 1, True),
        ("leads", "won", 1, True),
        ("leads", "unqualified", 1, False),
        ("leads", "qualified", 2, False),
    ],
)
def test_success_is_measured_in_money_or_in_leads(
    run: Run, measure: str | None, outcome: str, expected: int, met: bool
) -> None:
    figures = {"leads": 1, "expected_leads": expected}
    answer = run("campaigns.roi", figures=figures, known=[told("L-1", outcome, 80)], estimated_cost=50, measure=measure)
    assert answer.data["result"]["target_met"] is met


def test_without_bills_the_estimate_is_the_cost(run: Run) -> None:
    assert run("campaigns.roi", figures={"leads": 1}, estimated_cost=50).data["result"]["cost"] == 50


@pytest.mark.parametrize(
    ("wrong", "parameter"),
    [
        ({"figures": None}, "figures"),
        ({"reports": [[{"lead": "L-1", "outcome": "great"}]]}, "reports"),
        ({"reports": [["L-1"]]}, "reports"),
        ({"reports": "all"}, "reports"),
        ({"cost_lines": 5}, "cost_lines"),
    ],
)
def test_what_is_no_report_is_named(run: Run, wrong: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        run("campaigns.roi", **{"figures": {"leads": 1}, **wrong})
    assert refused.value.ids["parameter"] == parameter


def test_a_campaign_that_nobody_knows_has_no_figures(run: Run) -> None:
    with pytest.raises(errors.NotFound) as refused:
        run("campaigns.figures", campaign="Z")
    assert all("Z" in words for words in refused.value.text.values())


def test_who_is_late_gets_no_new_leads_until_they_have_answered(run: Run, store: Store, person: Any) -> None:
    person("lina", "east")
    person("bob", "east")
    with store.transaction() as tx:
        tx.leads.block("lina", "late", NOON)
        tx.leads.block("lina", "again", NOON)
        assert tx.leads.blocked(["lina", "bob"]) == {"lina"}
    assert [run("leads.pick", job=f"j-{n}", team="east", rule="rotation").data["owner"] for n in (1, 2)] == [
        "bob",
        "bob",
    ]
    run("leads.unblock", people=["lina", None])
    assert run("leads.pick", job="j-3", team="east", rule="rotation").data["owner"] == "lina"


def test_nobody_is_late_in_a_case_without_open_work(run: Run) -> None:
    assert run("leads.block_late", step="report_outcomes").data == {"blocked": []}
