"""Facts as CloudEvents: which there are, what they carry, and what they keep to themselves."""

import json
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from engine import facts, outward, records
from engine.webhooks import events

NOW = datetime(2026, 3, 2, 9, 0, 0, 250_000, tzinfo=UTC)
QUIET = {
    facts.FlowTaken, facts.JobCreated, facts.JobCompleted, facts.TimerSet, facts.SubscriptionOpened,
}  # fmt: skip
"""The engine's own affairs."""
INSTANCE = records.Instance(
    id="i-1", number="SFA-03-000042", process="SFA-03", program="p", customer_id="c-1", business_key="O-1",
    status="active", revision=1, started_at=NOW, started_by="anna",
)  # fmt: skip
CUSTOMER = records.Customer(id="c-1", number="C-1", name="李雷", group="KA", created_at=NOW, changed_at=NOW)


def row(fact: Any, seq: int = 7) -> records.FactRow:
    return records.FactRow(instance_id="i-1", seq=seq, at=NOW, agent="anna", fact=fact)


def event(fact: Any, *, with_data: bool = False, customer: records.Customer | None = CUSTOMER) -> Any:
    return json.loads(events.of_fact(row(fact), INSTANCE, customer, with_data=with_data))


def webhook(**more: Any) -> outward.Webhook:
    return outward.Webhook(
        id="w", name="w", url="https://a.test", sealed=b"", created_at=NOW, created_by="boss", **more
    )


def test_every_fact_is_told_or_known_to_be_the_engines_own_affair() -> None:
    assert set(events.TYPES.values()) | QUIET == set(get_args(facts.AnyFact))
    assert not set(events.TYPES.values()) & QUIET


def test_an_event_is_a_cloud_event() -> None:
    made = event(facts.WorkItemOpened(node="Check", wait=3))
    assert made == {
        "specversion": "1.0",
        "id": "i-1_7",
        "source": "/processes/SFA-03",
        "type": "dev.crmflow.task.opened",
        "subject": "i-1",
        "time": "2026-03-02T09:00:00.250000Z",
        "datacontenttype": "application/json",
        "sequence": "0000000007",
        "data": {
            "instance": {"id": "i-1", "number": "SFA-03-000042", "process": "SFA-03", "business_key": "O-1"},
            "customer": {"id": "c-1", "number": "C-1", "group": "KA"},
            "agent": "anna",
            "fact": {"type": "WorkItemOpened", "seq": 7, "node": "Check", "wait": 3},
        },
    }


def test_an_instance_without_a_customer_has_none() -> None:
    assert event(facts.Commented(text="x"), customer=None)["data"]["customer"] is None


def test_ids_have_no_full_stop_since_full_stops_are_signed() -> None:
    assert "." not in events.event_id("01a2019f-fb32-72c3-af1c-2398783acef0", 12)


def test_sequences_sort_as_they_happened() -> None:
    told = [json.loads(events.of_fact(row(facts.Commented(text="x"), n), INSTANCE, None, with_data=False))["sequence"]
            for n in (1, 2, 10, 100, 99_999)]  # fmt: skip
    assert told == sorted(told)


@pytest.mark.parametrize(
    "fact, field",
    [
        (facts.InstanceStarted(process="p", program="x", data={"income": 1}), "data"),
        (facts.WorkItemCompleted(wait=1, data={"income": 1}), "data"),
        (facts.VariablesSet(values={"income": 1}, reason="typo"), "values"),
        (facts.VariablesSet(values={"income": 1}, reason="typo"), "reason"),
        (facts.DecisionMade(decision="d", result={"income": 1}), "result"),
        (facts.Commented(text="he earns 1"), "text"),
        (facts.JobFailed(wait=1, message="HTTP 400 income"), "message"),
        (facts.IncidentRaised(incident=1, code="c", message={"en": "income"}), "message"),
        (facts.InstanceCancelled(reason="income"), "reason"),
        (facts.VariantChosen(resolution="r", sentence={"en": "income"}), "sentence"),
    ],
)
def test_what_was_entered_is_told_only_to_who_may_have_it(fact: Any, field: str) -> None:
    assert field not in event(fact)["data"]["fact"]
    assert event(fact, with_data=True)["data"]["fact"][field]


def test_a_huge_event_goes_without_what_was_entered_and_says_so() -> None:
    fact = facts.VariablesSet(values={"a": "x" * events.LARGEST})
    made = event(fact, with_data=True)
    assert made["data"]["shortened"] is True and "values" not in made["data"]["fact"]


@pytest.mark.parametrize(
    "asked, event_type, wanted",
    [
        ({}, "task.opened", True),
        ({"events": ("task.opened",)}, "task.opened", True),
        ({"events": ("task.opened",)}, "task.completed", False),
        ({"events": ("task.*",)}, "task.completed", True),
        ({"events": ("task.*",)}, "instance.started", False),
        ({"events": ("*",)}, "instance.started", True),
        ({"events": ("a", "instance.*")}, "instance.started", True),
        ({"processes": ("SFA-03",)}, "task.opened", True),
        ({"processes": ("SFA-04",)}, "task.opened", False),
        ({"groups": ("KA", "GR")}, "task.opened", True),
        ({"groups": ("ST",)}, "task.opened", False),
        ({"events": ("task.*",), "processes": ("SFA-03",), "groups": ("KA",)}, "task.opened", True),
        ({"events": ("task.*",), "processes": ("SFA-03",), "groups": ("ST",)}, "task.opened", False),
    ],
)
def test_who_asked_is_told_and_nobody_else(asked: dict[str, Any], event_type: str, wanted: bool) -> None:
    assert events.wanted(webhook(**asked), event_type, process="SFA-03", group="KA") is wanted


def test_who_asked_for_groups_hears_nothing_of_nobody() -> None:
    assert not events.wanted(webhook(groups=("KA",)), "task.opened", process="p", group="")
    assert events.wanted(webhook(), "task.opened", process="p", group="")


@pytest.mark.parametrize(
    "pattern, known",
    [
        ("task.opened", True), ("task.*", True), ("*", True), ("tas*", True), ("task", False), ("nope.*", False),
        ("", False), ("task.opened.*", False), ("*.opened", False),
    ],
)  # fmt: skip
def test_a_pattern_is_a_type_or_the_beginning_of_one(pattern: str, known: bool) -> None:
    assert events.known(pattern) is known
