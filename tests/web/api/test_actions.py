"""What may be done with a task, as a program reads it."""

import pytest

from engine.inbox.verbs import VERBS
from tests.web.api.conftest import Programs


@pytest.fixture
def task(selling: Programs) -> str:
    """Sam has the configuration."""
    started = selling.post("/instances", {"process": "quote", "customer_id": _customer(selling), "data": {}})
    assert started.status_code == 201, started.json
    found = selling.get("/tasks?shelf=claimable", by="sam").json["items"][0]["id"]
    assert selling.post(f"/tasks/{found}/claim", by="sam").status_code == 200
    return str(found)


def _customer(api: Programs) -> str:
    return str(api.get("/customers").json["items"][0]["id"])


def test_every_verb_is_listed_with_what_it_asks_and_why_not(selling: Programs, task: str) -> None:
    items = {one["verb"]: one for one in selling.get(f"/tasks/{task}/actions", by="sam").json["items"]}
    assert list(items) == list(VERBS)
    assert items["transfer"] == {
        "verb": "transfer", "allowed": True, "why_not": None, "asks": ["person", "reason"], "needs": ["person"],
    }  # fmt: skip
    assert items["claim"]["allowed"] is False and set(items["claim"]["why_not"]) == {"zh-CN", "en"}


def test_earlier_steps_to_send_it_back_to_are_listed_for_who_may(selling: Programs, task: str) -> None:
    assert selling.get(f"/tasks/{task}/actions", by="sam").json["targets"] == []
    assert selling.get("/tasks/nothing.1/actions", by="sam").status_code == 404
