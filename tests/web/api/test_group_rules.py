"""The rules of the customer groups through the API: drafted, tried on the customers, released by somebody else."""

from typing import Any

import pytest

from engine.customers import groups
from engine.people.agent import SYSTEM
from tests.unit.customers.books import document
from tests.unit.customers.test_drafts import higher
from tests.web.api.conftest import Programs

SCORES = {"scores": {"current": 90, "potential": 0}, "attributes": {"contract": "gold", "churn": 0}, "kind": "customer"}


@pytest.fixture
def ruled(api: Programs) -> Programs:
    groups.publish(api.engine, document=document(minimum_stay="P0D"), agent=SYSTEM, now=api.clock.now())
    api.person("bea", "admin")
    api.person("dana", "designer")
    made = api.post("/customers", {"number": "C-1", "name": "华星", **SCORES}, by="ada")
    assert made.status_code == 201, made.json
    return api


def put(api: Programs, by: str = "ada", **more: Any) -> Any:
    seen = api.get("/group-rules", by="ada").json["seen"]
    sent = {"rules": higher() | {"minimum_stay": "P0D"}, "seen": seen, **more}
    return api.call("PUT", "/group-rules/draft", by=by, json=sent)


def test_from_a_draft_to_its_release(ruled: Programs) -> None:
    assert ruled.get("/group-rules", by="dana").json["customers"] == {"KA": 1}
    made = put(ruled, by="dana", note="95")
    assert (made.status_code, made.json["n"], made.json["status"]) == (200, 2, "draft"), made.json
    looked = ruled.post("/group-rules/preview", {"rules": made.json["rules"]}, by="dana").json
    assert (looked["moving"], looked["ways"]) == (1, [{"old": "KA", "new": "GR", "customers": 1}])
    assert looked["examples"][0]["number"] == "C-1" and "R2" in looked["examples"][0]["why"]["zh-CN"]
    assert ruled.post("/group-rules/draft/release", {}, by="ada").json["code"] == "not_submitted"
    assert ruled.post("/group-rules/draft/submit", {"note": "look"}, by="dana").json["submitted"] is True
    assert ruled.post("/group-rules/draft/release", {}, by="dana").status_code == 403
    done = ruled.post("/group-rules/draft/release", {}, by="ada")
    assert (done.status_code, done.json["status"]) == (200, "released"), done.json
    assert [deed["did"] for deed in done.json["history"]] == ["saved", "submitted", "released"]
    assert ruled.get("/group-rules", by="dana").json["present"]["n"] == 2
    assert ruled.get("/group-rules/versions/1", by="dana").json["rules"] == document(minimum_stay="P0D")


def test_its_author_does_not_release_it(ruled: Programs) -> None:
    put(ruled)
    ruled.post("/group-rules/draft/submit", {}, by="ada")
    assert ruled.post("/group-rules/draft/release", {}, by="ada").json["code"] == "own_work"
    back = ruled.post("/group-rules/draft/send-back", {"note": "too high"}, by="bea")
    assert back.json["history"][-1]["note"] == "too high"
    assert ruled.call("DELETE", "/group-rules/draft", by="ada").status_code == 204
    assert ruled.call("DELETE", "/group-rules/draft", by="ada").status_code == 409


def test_a_release_for_later_can_be_called_off(ruled: Programs) -> None:
    put(ruled)
    ruled.post("/group-rules/draft/submit", {}, by="ada")
    later = ruled.post("/group-rules/draft/release", {"valid_from": "2030-01-01T00:00:00+08:00"}, by="bea")
    assert later.status_code == 200, later.json
    assert later.json["valid_from"] == "2030-01-01T00:00:00+08:00" or "2029-12-31" in later.json["valid_from"]
    here = ruled.get("/group-rules", by="ada").json
    assert (here["present"]["n"], here["coming"]["n"], here["draft"]) == (1, 2, None)
    assert ruled.post("/group-rules/call-off", {}, by="bea").json["status"] == "draft"


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({}, "group_rules_wrong"),
        ({"groups": [], "inputs": [], "rules": []}, "group_rules_wrong"),
        ({**document(), "surprise": 1}, "group_rules_wrong"),
        ({**document(), "groups": "all"}, "group_rules_wrong"),
    ],
)
def test_what_are_no_rules_is_refused_at_its_place_in_both_languages(
    ruled: Programs, rules: dict[str, Any], code: str
) -> None:
    answer = put(ruled, rules=rules)
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert all(set(one["text"]) >= {"zh-CN", "en"} for one in answer.json["problems"])
    assert ruled.post("/group-rules/preview", {"rules": rules}, by="ada").status_code == 422
    assert ruled.post("/group-rules/check", {"rules": rules}, by="ada").json["problems"]


def test_an_overlap_is_told_with_a_customer(ruled: Programs) -> None:
    said = document()
    said["groups"][4]["priority"] = 40
    found = ruled.post("/group-rules/check", {"rules": said}, by="ada").json["problems"]
    assert any(one["code"] == "rules_overlap" and "value = " in one["text"]["en"] for one in found)


def test_a_save_over_somebody_elses_is_refused(ruled: Programs) -> None:
    put(ruled)
    assert put(ruled, seen="1.0.x").json["code"] == "group_rules_overtaken"


def test_a_group_by_hand_and_by_the_rules_again(ruled: Programs) -> None:
    key = ruled.get("/customers", by="ada").json["items"][0]["id"]
    sent = {"group": "GR", "reason": "the board decided so", "until": "2030-01-31"}
    by_hand = ruled.call("PUT", f"/customers/{key}/group", by="ada", json=sent)
    assert (by_hand.status_code, by_hand.json["group"]) == (200, "GR"), by_hand.json
    assert by_hand.json["decided"]["override"]["until"] == "2030-01-31"
    wrong = ruled.call("PUT", f"/customers/{key}/group", by="ada", json={**sent, "group": "XX", "reason": "so"})
    assert [one["pointer"] for one in wrong.json["problems"]] == ["/group", "/reason"]
    assert ruled.call("DELETE", f"/customers/{key}/group", by="sam").status_code == 403
    lifted = ruled.call("DELETE", f"/customers/{key}/group", by="ada")
    assert (lifted.status_code, lifted.json.get("group")) == (200, "KA"), lifted.json
    assert ruled.call("DELETE", f"/customers/{key}/group", by="ada").json["code"] == "not_by_hand"


def test_staff_see_no_rules(ruled: Programs) -> None:
    assert ruled.get("/group-rules", by="sam").status_code == 403
    assert put(ruled, by="sam").status_code == 403
