"""What marketing hands over, and to whom: each line of the catalogue that says so, against what is drawn."""

import pytest

from engine.model import nodes, triggers
from tests.processes import shipped

CALLS = {
    "MA-02": {"MA-03"},
    "MA-04": {"MA-03", "MA-06"},
    "MA-06": {"MA-07"},
    "MA-07": {"MA-08"},
    "MA-09": {"MA-03", "MA-06"},
    "MA-11": {"MA-03", "MA-06", "SFA-01"},
}
"""Call activities of the base; MA-11 calls CSS-10 for customers at risk besides."""

TELLS = {
    ("MA-01", "customer.group_changed", "X-05"),
    ("MA-01-round", "customer.changed", "MA-01"),
    ("MA-02", "campaign.go", "MA-04"),
    ("MA-04", "campaign.begun", "MA-05"),
    ("MA-04", "campaign.ended", "MA-05"),
    ("MA-05", "campaign.stopped", "MA-04"),
    ("MA-05", "campaign.adjust", "MA-02"),
    ("MA-10", "asset.released", "MA-10-watch"),
    ("MA-10-watch", "asset.expiring", "MA-10"),
    ("CSS-03", "complaint.closed", "MA-01"),
    ("SFA-05", "order.delivered", "MA-11"),
    ("SFA-06", "customer.changed", "MA-01"),
}
"""(who tells, message, who begins or goes on by it)"""

BY_THEMSELVES = {"MA-01-round", "MA-02"}
"""Begun by a timer."""

MARKETING = [key for key in shipped.KEYS if key.startswith("MA-")]


def messages(key: str, *, thrown: bool) -> set[str]:
    throws = nodes.EndEvent | nodes.ThrowEvent
    found = set()
    for node in shipped.base(key).nodes:
        if isinstance(node, throws) is thrown:
            own = [getattr(node, "message", None), *getattr(node, "triggers", ())]
            found |= {one.name for one in own if isinstance(one, triggers.Message)}
    return found


@pytest.mark.parametrize("key", MARKETING)
def test_a_process_calls_whom_the_catalogue_names(key: str) -> None:
    called = {
        node.called.text for node in shipped.base(key).nodes if isinstance(node, nodes.CallActivity) and node.called
    }
    assert called == CALLS.get(key, set())


@pytest.mark.parametrize(("teller", "message", "hearer"), sorted(TELLS))
def test_what_one_tells_another_hears(teller: str, message: str, hearer: str) -> None:
    assert message in messages(teller, thrown=True)
    assert message in messages(hearer, thrown=False)


def test_marketing_tells_nothing_that_nobody_hears_of() -> None:
    told = {(key, message) for key in MARKETING for message in messages(key, thrown=True)}
    assert told == {(teller, message) for teller, message, _ in TELLS if teller in MARKETING}


def test_what_begins_by_itself() -> None:
    begun = {
        key
        for key in MARKETING
        for node in shipped.base(key).nodes
        if isinstance(node, nodes.StartEvent) and not node.scope
        for trigger in node.triggers
        if isinstance(trigger, triggers.Timer)
    }
    assert begun == BY_THEMSELVES
