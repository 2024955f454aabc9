"""What a customer is worth, and the group that follows."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors, marketing, records
from engine.customers import groups
from engine.domain import handlers, valuing
from engine.people.agent import Agent
from engine.ports import JobAnswer, JobCall
from engine.store.unit_of_work import Store
from tests.shared import ROOT
from tests.unit.domain.conftest import NOON, Run

RULES = json.loads((ROOT / "processes" / "groups.json").read_text(encoding="utf-8"))


@pytest.fixture
def client(store: Store) -> records.Customer:
    made = records.Customer(
        id="c-1", number="C-1", name="明远", kind="customer", group="ST", owner="lina", created_at=NOON, changed_at=NOON
    )
    with store.transaction() as tx:
        tx.customers.add(made)
        groups.publish_within(
            tx,
            document=RULES,
            agent=Agent(key="admin", name="admin", roles=frozenset({"admin"}), groups=frozenset()),
            now=NOON,
        )
    return made


def call(store: Store, handler: str, *, job: str = "j-1", now: datetime = NOON, **given: Any) -> JobAnswer:
    with store.reading() as tx:
        customer = tx.customers.get("c-1")
    asked = JobCall(
        id=job,
        handler=handler,
        input=given,
        headers={},
        attempt=1,
        now=now,
        instance_id="i-1",
        process="MA-01",
        business_key=None,
        customer=customer,
    )
    return handlers.of(store)[handler](asked)


def kept(store: Store) -> records.Customer:
    with store.reading() as tx:
        found = tx.customers.get("c-1")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("monthly", "months", "discount", "retention", "growth", "worth"),
    [
        (100, 12, 0, 1, 0, 1200),
        (100, 1, 0, 1, 0, 100),
        (0, 60, 0.1, 0.8, 0, 0),
        (-100, 12, 0, 1, 0, -1200),
        (100, 12, 0.1, 1, 0.1, 1200),
        (100, 24, 0, 0, 0, 0),
        (1000, 36, 0.1, 0.8, 0, 22_880.49),
    ],
)
def test_the_present_value_of_a_margin(
    monthly: float, months: int, discount: float, retention: float, growth: float, worth: float
) -> None:
    found = valuing.present_value(monthly, months=months, discount=discount, retention=retention, growth=growth)
    assert found == pytest.approx(worth, abs=0.01)


RATES = st.floats(0, 0.5)


@given(st.floats(1, 1e6), st.integers(1, 60), RATES, st.floats(0, 1), st.floats(-0.5, 0.5))
@settings(max_examples=200, deadline=None)
def test_more_of_anything_good_is_never_worth_less(
    monthly: float, months: int, discount: float, retention: float, growth: float
) -> None:
    def worth(**other: Any) -> float:
        terms = {"months": months, "discount": discount, "retention": retention, "growth": growth, **other}
        return valuing.present_value(monthly, **terms)

    assert worth(months=months + 1) >= worth() - 1e-6
    assert worth(discount=discount + 0.1) <= worth() + 1e-6
    assert worth(retention=min(1, retention + 0.1)) >= worth() - 1e-6


@pytest.mark.parametrize(
    ("money", "unit", "found"),
    [
        (0, 10000, 0),
        (14_999, 10000, 1),
        (15_001, 10000, 2),
        (-50_000, 10000, 0),
        (1e9, 10000, 500),
        (850_000, 10000, 85),
    ],
)
def test_money_becomes_points_of_the_rules_scale(money: float, unit: float, found: int) -> None:
    assert valuing.points(money, unit) == found


def test_what_may_come_counts_by_its_probability() -> None:
    items: list[dict[str, Any]] = [
        {"amount": 1000, "probability": 0.5},
        {"amount": "200.5", "probability": 1},
        {"amount": None},
        {},
    ]
    assert valuing.expected(items) == 700.5


def test_what_is_told_comes_before_what_is_known(store: Store, client: records.Customer) -> None:
    told = call(store, "values.load", history_margin=120, run_rate=20).data
    assert (told["history_margin"], told["run_rate"], told["has_data"], told["from_group"]) == (120, 20, True, "ST")
    assert (told["growth"], told["open_complaint"]) == (0, False)


@pytest.mark.parametrize(
    ("attributes", "margin", "rate", "has_data"),
    [
        ({}, 0, 0, False),
        ({"annual_margin": 1200}, 1200, 100, True),
        ({"annual_margin": 1200, "monthly_margin": 50}, 1200, 50, True),
        ({"monthly_margin": 50}, 0, 50, True),
        ({"annual_margin": "much"}, 0, 0, False),
        ({"annual_margin": True}, 0, 0, False),
        ({"annual_margin": 0}, 0, 0, True),
    ],
)
def test_what_the_customer_s_own_data_say(
    store: Store, client: records.Customer, attributes: dict[str, Any], margin: float, rate: float, has_data: bool
) -> None:
    with store.transaction() as tx:
        tx.customers.change(records.Customer(**{**_fields(kept(store)), "attributes": attributes}))
    told = call(store, "values.load").data
    assert (told["history_margin"], told["run_rate"], told["has_data"]) == (margin, rate, has_data)


def _fields(customer: records.Customer) -> dict[str, Any]:
    return {name: getattr(customer, name) for name in customer.__struct_fields__}


@pytest.mark.parametrize(("rate", "growth"), [(10, 0.2), (5, -0.4), (1, -0.5), (100, 0.5)])
def test_growth_is_measured_against_the_last_value_and_bounded(
    store: Store, client: records.Customer, rate: float, growth: float
) -> None:
    worth = {"historical": 0, "current": 100, "potential": 0}
    call(store, "values.write", worth=worth, points={}, tier="ST")
    assert call(store, "values.load", run_rate=rate).data["growth"] == pytest.approx(growth)


def test_values_are_computed_in_money_and_points() -> None:
    answer = valuing.handlers(None)["values.compute"](  # type: ignore[arg-type]
        JobCall(
            id="j",
            handler="values.compute",
            input={
                "history_margin": 300_000,
                "run_rate": 10_000,
                "months": 12,
                "discount": 0,
                "retention": 1,
                "potential_items": [{"amount": 200_000, "probability": 0.5}],
            },
            headers={},
            attempt=1,
            now=NOON,
            instance_id="i",
            process="MA-01",
            business_key=None,
            customer=None,
        )
    )
    assert answer.data["worth"] == {"historical": 300_000, "current": 120_000, "potential": 100_000}
    assert answer.data["points"] == {"historical": 30, "current": 12, "potential": 10}


@pytest.mark.parametrize(
    ("wrong", "parameter"),
    [
        ({"months": 0}, "months"),
        ({"months": 61}, "months"),
        ({"discount": 0.6}, "discount"),
        ({"retention": 1.1}, "retention"),
        ({"money_per_point": 0}, "money_per_point"),
        ({"run_rate": "much"}, "run_rate"),
        ({"potential_items": "some"}, "potential_items"),
    ],
)
def test_terms_beyond_their_bounds_are_named_in_both_languages(
    store: Store, client: records.Customer, wrong: dict[str, Any], parameter: str
) -> None:
    with pytest.raises(errors.Invalid) as refused:
        call(store, "values.compute", **wrong)
    assert refused.value.ids["parameter"] == parameter
    assert all(parameter in words for words in refused.value.text.values())


def write(store: Store, current: int, potential: int = 0, **more: Any) -> dict[str, Any]:
    worth = {"historical": 1.5, "current": current * 1e4, "potential": potential * 1e4}
    scored = {"historical": 0, "current": current, "potential": potential}
    given = {"worth": worth, "points": scored, "tier": "ST", "from_group": "ST", **more}
    return dict(call(store, "values.write", **given).data)


@pytest.mark.parametrize(
    ("current", "potential", "group"), [(10, 0, "ST"), (60, 0, "GR"), (10, 35, "GR"), (80, 5, "KA"), (90, 0, "KA")]
)
def test_the_released_rules_decide_the_group(
    store: Store, client: records.Customer, current: int, potential: int, group: str
) -> None:
    told = write(store, current, potential, cluster="service")
    assert (told["to_group"], told["group_changed"]) == (group, group != "ST")
    assert told["change"]["from_group"] == "ST"
    found = kept(store)
    assert found.group == group
    assert found.scores["current"]["value"] == current and found.attributes["need_cluster"] == "service"
    with store.reading() as tx:
        assert [(one.current, one.tier, one.model) for one in tx.scores.values("c-1", 5)] == [
            (current * 1e4, "ST", "npv-1")
        ]


def test_writing_twice_for_one_job_keeps_one_value_and_the_same_group(store: Store, client: records.Customer) -> None:
    assert write(store, 90) == write(store, 90)
    with store.reading() as tx:
        assert len(tx.scores.values("c-1", 5)) == 1


def test_a_hand_decides_for_a_year_with_its_reason(store: Store, client: records.Customer) -> None:
    reason = "战略合作伙伴，董事会决定"
    told = write(store, 10, override_group="KA", override_reason=reason, override_by="director")
    assert told["to_group"] == "KA"
    found = kept(store)
    assert found.decided["override"]["by"] == "director" and found.decided["override"]["until"] == "2027-03-02"
    assert found.scores["current"]["value"] == 10
    assert write(store, 20, from_group="KA")["to_group"] == "KA", "the hand still holds"


def test_a_hand_without_a_reason_is_refused_and_nothing_is_written(store: Store, client: records.Customer) -> None:
    with pytest.raises(errors.Invalid) as refused:
        write(store, 10, override_group="KA", override_reason="想要")
    assert refused.value.code == "override_wrong"
    assert kept(store) == client
    with store.reading() as tx:
        assert tx.scores.values("c-1", 5) == []


def test_before_any_rules_are_released_the_scores_are_kept_all_the_same(store: Store) -> None:
    with store.transaction() as tx:
        tx.customers.add(
            records.Customer(id="c-1", number="C-1", name="x", created_at=NOON, changed_at=NOON - timedelta(days=1))
        )
    told = write(store, 90, from_group="")
    assert (told["to_group"], told["group_changed"]) == ("", False)
    assert kept(store).scores["current"]["value"] == 90


@pytest.mark.parametrize("handler", ["values.load", "values.write"])
def test_without_a_customer_it_is_said(store: Store, handler: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        call(store, handler, worth={}, points={})
    assert refused.value.code == "customer_needed"


@pytest.mark.parametrize("wrong", [{"worth": None}, {"worth": 5}, {"points": "x"}])
def test_values_that_are_none_are_refused(store: Store, client: records.Customer, wrong: dict[str, Any]) -> None:
    with pytest.raises(errors.Invalid) as refused:
        call(store, "values.write", **{"worth": {}, "points": {}, **wrong})
    assert refused.value.code == "parameter_wrong"


def test_the_day_is_the_day_of_the_clock(store: Store, client: records.Customer) -> None:
    late = datetime(2026, 12, 31, 20, tzinfo=UTC)
    call(
        store,
        "values.write",
        now=late,
        worth={},
        points={},
        override_group="KA",
        override_reason="十个字以上的理由在这里写明",
    )
    assert kept(store).decided["override"]["until"] == "2027-12-31"


def last_valued(store: Store, key: str, days_ago: float | None, group: str = "ST", **known_of: Any) -> None:
    told: dict[str, Any] = {"number": key.upper(), "name": key, "group": group, "created_at": NOON, "changed_at": NOON}
    with store.transaction() as tx:
        tx.customers.add(records.Customer(id=key, attributes=known_of or {"annual_margin": 5}, **told))
        if days_ago is not None:
            at = NOON - timedelta(days=days_ago)
            known = {"historical": 1, "current": 1, "potential": 1, "tier": group, "model": "npv-1"}
            for number, moment in enumerate((at - timedelta(days=50), at)):
                tx.scores.put_value(marketing.CustomerValue(id=f"{key}-{number}", customer=key, at=moment, **known))


DUE = {"weekly": ["KA", "PR"], "weekly_after": 7, "others_after": 28}


@pytest.mark.parametrize(
    ("group", "days_ago", "due"),
    [
        ("ST", None, True),
        ("ST", 27.9, False),
        ("ST", 28, True),
        ("KA", 6.9, False),
        ("KA", 7, True),
        ("PR-R", 8, True),
        ("", 8, False),
    ],
)
def test_who_was_not_valued_for_as_long_as_their_group_bears_is_due(
    run: Run, store: Store, group: str, days_ago: float | None, due: bool
) -> None:
    last_valued(store, "c-1", days_ago, group)
    found = run("values.due", **DUE).data
    assert found == {"due": [{"customerId": "C-1", "channel": "api"}] if due else [], "due_count": int(due)}


@pytest.mark.parametrize(("known_of", "due"), [({"monthly_margin": 2}, 1), ({"contract": "gold"}, 0)])
def test_who_has_no_margin_on_record_is_left_alone(run: Run, store: Store, known_of: dict[str, Any], due: int) -> None:
    last_valued(store, "c-1", None, **known_of)
    assert run("values.due", **DUE).data["due_count"] == due


def test_who_waited_longest_comes_first_and_a_round_has_an_end(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(valuing.audience, "PAGE", 2)
    for key, days_ago in (("c-1", 30), ("c-2", None), ("c-3", 90), ("c-4", 2), ("c-5", 40)):
        last_valued(store, key, days_ago)
    for most, found in ((9, ["C-2", "C-3", "C-5", "C-1"]), (2, ["C-2", "C-3"]), (0, [])):
        due = run("values.due", **DUE, at_most=most).data["due"]
        assert [one["customerId"] for one in due] == found
