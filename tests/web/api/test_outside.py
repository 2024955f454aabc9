"""Credentials, openings, connectors, templates and webhooks over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine import dispatch
from engine.webhooks import signing
from tests import outside_world as world
from tests.outside_world import Reply
from tests.web.api.conftest import Programs

LOGIN = {"name": "erp", "kind": "bearer", "hosts": ["127.0.0.1"], "secret": "s3cret-9f8e"}
HOOK = {"name": "shop", "url": "https://shop.test/hook", "events": ["instance.*"]}
WORDS = {"subject": {"en": "Hi"}, "text": {"en": "Hello {{who}}"}}


@pytest.fixture
def web() -> Iterator[world.Web]:
    with world.web() as made:
        yield made


def put(api: Programs, path: str, body: Any, **more: Any) -> Any:
    return api.call("PUT", path, json=body, **more)


def delete(api: Programs, path: str, **more: Any) -> Any:
    return api.call("DELETE", path, **more)


def problems(answer: Any) -> set[str]:
    assert answer.content_type == "application/problem+json", answer.text
    assert answer.json["text"].keys() == {"zh-CN", "en"}
    return {one["pointer"] for one in answer.json["problems"]}


# --- credentials ---------------------------------------------------------------------------------------------------


def test_a_credential_is_put_in_changed_rotated_and_forgotten_and_its_secret_never_answered(api: Programs) -> None:
    answers = [
        api.post("/credentials", LOGIN),
        api.get("/credentials"),
        api.get("/credentials/erp"),
        put(api, "/credentials/erp", {"kind": "bearer", "hosts": ["127.0.0.1"], "note": "n", "revision": 1}),
        api.post("/credentials/erp/rotate", {"secret": "n3w-9f8e"}),
        api.post("/credentials/erp/rotate", {"secret": "n3w-9f8e", "hosts": ["other.test"]}),
        delete(api, "/credentials/erp"),
        api.get("/credentials/erp"),
        api.get("/deeds?what=credential."),
    ]
    assert [one.status_code for one in answers] == [201, 200, 200, 200, 200, 200, 204, 404, 200]
    assert all("9f8e" not in one.text and "sealed" not in one.text for one in answers)
    assert answers[0].json["revision"] == 1 and answers[3].json["note"] == "n"
    assert answers[5].json["hosts"] == ["other.test"]
    assert [one["what"] for one in answers[8].json["items"]] == [
        "credential.dropped", "credential.rotated", "credential.rotated", "credential.changed", "credential.added",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body, pointers",
    [
        ({**LOGIN, "hosts": ["*"]}, {"/hosts/0"}),
        ({**LOGIN, "kind": "magic"}, {"/kind"}),
        ({**LOGIN, "secret": ""}, {"/secret"}),
        ({**LOGIN, "kind": "basic"}, {"/user"}),
        ({**LOGIN, "extra": 1}, {"/extra"}),
        ({"name": "erp"}, {"/kind", "/hosts", "/secret"}),
    ],
)
def test_a_wrong_credential_is_refused_with_its_places(api: Programs, body: Any, pointers: set[str]) -> None:
    answer = api.post("/credentials", body)
    assert answer.status_code == 422 and problems(answer) == pointers


def test_a_name_is_given_once_and_a_repeated_request_is_answered_alike(api: Programs) -> None:
    head = {"Idempotency-Key": "k-1"}
    first, again = (api.post("/credentials", LOGIN, headers=head) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201) and again.headers["Idempotent-Replayed"] == "true"
    assert api.post("/credentials", LOGIN).status_code == 409


def test_new_places_need_the_secret_again(api: Programs) -> None:
    api.post("/credentials", LOGIN)
    refused = put(api, "/credentials/erp", {"kind": "bearer", "hosts": ["evil.test"]})
    assert (refused.status_code, refused.json["code"]) == (409, "credential_needs_secret")


# --- openings ------------------------------------------------------------------------------------------------------


def test_a_place_is_opened_and_closed(api: Programs) -> None:
    assert put(api, "/openings", {"place": "erp.internal:8443", "note": "ERP"}).status_code == 200
    assert [one["place"] for one in api.get("/openings").json["items"]] == ["erp.internal:8443"]
    assert delete(api, "/openings?place=erp.internal:8443").status_code == 204
    assert delete(api, "/openings?place=erp.internal:8443").status_code == 404
    assert put(api, "/openings", {"place": "0.0.0.0/0"}).json["code"] == "opening_invalid"
    assert delete(api, "/openings").status_code == 422


# --- connectors ----------------------------------------------------------------------------------------------------


def test_a_connector_is_set_up_tried_and_forgotten(api: Programs, web: world.Web) -> None:
    web.says(Reply.of({"id": 7}), Reply(404), Reply(503))
    put(api, "/openings", {"place": "127.0.0.1"})
    api.post("/credentials", LOGIN)
    settings = {"url": f"{web.url}/{{n}}", "credential": "erp", "result": "=body"}
    made = put(api, "/connectors/order", {"kind": "http", "settings": settings, "note": "Orders"})
    assert made.status_code == 200 and made.json["settings"]["url"] == settings["url"]
    tried = api.post("/connectors/order/try", {"input": {"n": 4}})
    assert tried.json == {"data": {"id": 7}, "error": "", "message": ""}
    assert web.heard[0].path == "/4" and web.heard[0].headers["authorization"] == "Bearer s3cret-9f8e"
    for status in (409, 503):
        failed = api.post("/connectors/order/try", {"input": {"n": 4}})
        assert (failed.status_code, failed.json["code"]) == (status, "connector_failed")
    assert api.post("/connectors/order/try", {"input": {}}).status_code == 422
    assert "connector:order" in api.get("/handlers").json["known"]
    assert [one["name"] for one in api.get("/connectors").json["items"]] == ["order"]
    assert api.get("/connectors/order").json["revision"] == 1
    assert delete(api, "/connectors/order").status_code == 204
    assert [api.get("/connectors/order").status_code, delete(api, "/connectors/order").status_code] == [404, 404]


@pytest.mark.parametrize(
    "body, pointers",
    [
        ({"kind": "http", "settings": {}}, {"/settings"}),
        ({"kind": "http", "settings": {"url": "https://a.test", "body": "=1 +"}}, {"/settings/body"}),
        ({"kind": "mail", "settings": {"host": "m.test", "sender": "x"}}, {"/settings/sender"}),
        ({"kind": "smoke", "settings": {}}, {"/kind"}),
        ({"kind": "http"}, {"/settings"}),
    ],
)
def test_a_wrong_connector_is_refused_with_its_places(api: Programs, body: Any, pointers: set[str]) -> None:
    answer = put(api, "/connectors/x", body)
    assert answer.status_code == 422 and problems(answer) == pointers


def test_two_administrators_do_not_overwrite_each_other(api: Programs) -> None:
    body = {"kind": "http", "settings": {"url": "https://a.test"}}
    assert put(api, "/connectors/x", {**body, "revision": 0}).status_code == 200
    assert put(api, "/connectors/x", {**body, "revision": 0}).status_code == 409
    assert put(api, "/connectors/x", {**body, "revision": 1}).json["revision"] == 2
    huge = {"kind": "http", "settings": {"url": "https://a.test", "body": "x" * 200_000}}
    assert put(api, "/connectors/x", huge).status_code == 413


def test_templates_are_kept_over_http(api: Programs) -> None:
    made = put(api, "/mail-templates/hello", WORDS)
    assert made.status_code == 200 and made.json["text"] == WORDS["text"]
    assert [one["name"] for one in api.get("/mail-templates").json["items"]] == ["hello"]
    assert api.get("/mail-templates/hello").json["revision"] == 1
    assert put(api, "/mail-templates/hello", {**WORDS, "revision": 0}).status_code == 409
    wrong = put(api, "/mail-templates/hello", {"subject": {"en": "{{"}, "text": {}})
    assert wrong.status_code == 422 and "/subject/en" in problems(wrong)
    assert delete(api, "/mail-templates/hello").status_code == 204
    assert delete(api, "/mail-templates/hello").status_code == api.get("/mail-templates/hello").status_code == 404


# --- webhooks ------------------------------------------------------------------------------------------------------


def tell(api: Programs) -> None:
    while dispatch.outward(api.engine, now=api.clock.now()):
        pass


def test_a_webhook_hears_what_happens_and_its_log_can_be_read(selling: Programs, web: world.Web) -> None:
    put(selling, "/openings", {"place": "127.0.0.1"})
    made = selling.post("/webhooks", {**HOOK, "url": web.url, "processes": ["quote"]})
    assert made.status_code == 201
    secret, key = made.json["secret"], made.json["id"]
    selling.post("/instances", {"process": "quote", "customer_id": "C-1"})
    tell(selling)
    (heard,) = web.heard
    assert heard.json["type"] == "dev.crmflow.instance.started"
    assert signing.verified(heard.body, heard.headers, secret=secret, now=selling.clock.now())
    shown = selling.get(f"/webhooks/{key}").json
    assert shown["counts"] == {"delivered": 1} and "secret" not in shown and "sealed" not in shown
    log = selling.get(f"/webhooks/{key}/deliveries?status=delivered").json["items"]
    assert [(one["event"], one["answered"], one["attempts"]) for one in log] == [(heard.json["id"], 200, 1)]
    again = selling.post(f"/webhooks/{key}/deliveries/{log[0]['id']}/replay")
    assert again.json == {"count": 1}
    tell(selling)
    assert len(web.heard) == 2


def test_a_secret_is_shown_once_and_rotated(api: Programs) -> None:
    made = api.post("/webhooks", HOOK).json
    secret, key = made["secret"], made["id"]
    rotated = api.post(f"/webhooks/{key}/rotate", {"overlap_hours": 2}).json
    assert rotated["secret"] not in ("", secret) and rotated["old_until"] == "2026-03-02T11:00:00Z"
    for path in ("/webhooks", f"/webhooks/{key}", "/deeds"):
        text = api.get(path).text
        assert "whsec_" not in text and "sealed" not in text
    assert api.post(f"/webhooks/{key}/rotate", {"overlap_hours": 200}).status_code == 422


def test_a_webhook_is_changed_stopped_started_tested_and_forgotten(api: Programs) -> None:
    key = api.post("/webhooks", HOOK).json["id"]
    changed = put(api, f"/webhooks/{key}", {**HOOK, "name": "new", "revision": 1})
    assert (changed.json["name"], changed.json["revision"]) == ("new", 2)
    assert put(api, f"/webhooks/{key}", {**HOOK, "revision": 1}).status_code == 409
    assert api.post(f"/webhooks/{key}/stop").json["active"] is False
    assert api.post(f"/webhooks/{key}/start").json["active"] is True
    sent = api.post(f"/webhooks/{key}/test")
    assert sent.status_code == 202 and sent.json["type"] == "test"
    assert api.post(f"/webhooks/{key}/replay").json == {"count": 0}
    assert delete(api, f"/webhooks/{key}").status_code == 204
    unknown = [
        api.get(f"/webhooks/{key}"),
        put(api, f"/webhooks/{key}", HOOK),
        delete(api, f"/webhooks/{key}"),
        api.get(f"/webhooks/{key}/deliveries"),
        *(api.post(f"/webhooks/{key}/{verb}") for verb in ("stop", "start", "test", "replay")),
        api.post(f"/webhooks/{key}/rotate", {}),
        api.post(f"/webhooks/{key}/deliveries/x/replay"),
    ]
    assert {one.status_code for one in unknown} == {404}


def test_a_repeated_test_with_a_key_is_sent_once(api: Programs) -> None:
    key = api.post("/webhooks", HOOK).json["id"]
    head = {"Idempotency-Key": "k"}
    first, again = (api.post(f"/webhooks/{key}/test", headers=head) for _ in range(2))
    assert first.json["id"] == again.json["id"]
    assert len(api.get(f"/webhooks/{key}/deliveries").json["items"]) == 1


def test_the_log_comes_in_pages(api: Programs) -> None:
    key = api.post("/webhooks", HOOK).json["id"]
    for _ in range(5):
        api.post(f"/webhooks/{key}/test")
    first = api.get(f"/webhooks/{key}/deliveries?limit=3").json
    rest = api.get(f"/webhooks/{key}/deliveries?limit=3&after={first['next']}").json
    ids = [one["id"] for one in first["items"] + rest["items"]]
    assert len(ids) == 5 and ids == sorted(ids, reverse=True) and rest["next"] == ""
    assert api.get(f"/webhooks/{key}/deliveries?status=lost").status_code == 422


@pytest.mark.parametrize(
    "body, pointers",
    [
        ({**HOOK, "url": "ftp://x"}, {"/url"}),
        ({**HOOK, "events": ["instance.*", "nope"]}, {"/events/1"}),
        ({**HOOK, "processes": ["gone"]}, {"/processes/0"}),
        ({**HOOK, "name": ""}, {"/name"}),
        ({}, {"/name", "/url"}),
        ({**HOOK, "with_data": "yes"}, {"/with_data"}),
    ],
)
def test_a_wrong_webhook_is_refused_with_its_places(api: Programs, body: Any, pointers: set[str]) -> None:
    answer = api.post("/webhooks", body)
    assert answer.status_code == 422 and problems(answer) == pointers


def test_what_may_be_asked_for_is_listed(api: Programs) -> None:
    found = api.get("/event-types").json
    assert "incident.raised" in found["items"] and found["prefix"] == "dev.crmflow."


# --- who may -------------------------------------------------------------------------------------------------------

READS = ("/credentials", "/credentials/x", "/openings", "/deeds", "/connectors", "/connectors/x", "/mail-templates",
         "/mail-templates/x", "/webhooks", "/webhooks/x", "/webhooks/x/deliveries", "/event-types")  # fmt: skip
WRITES: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/credentials", LOGIN),
    ("PUT", "/credentials/x", {"kind": "bearer", "hosts": ["a.test"]}),
    ("POST", "/credentials/x/rotate", {"secret": "s"}),
    ("DELETE", "/credentials/x", None),
    ("PUT", "/openings", {"place": "a.test"}),
    ("DELETE", "/openings?place=a.test", None),
    ("PUT", "/connectors/x", {"kind": "http", "settings": {"url": "https://a.test"}}),
    ("POST", "/connectors/x/try", {"input": {}}),
    ("DELETE", "/connectors/x", None),
    ("PUT", "/mail-templates/x", WORDS),
    ("DELETE", "/mail-templates/x", None),
    ("POST", "/webhooks", HOOK),
    ("PUT", "/webhooks/x", HOOK),
    ("DELETE", "/webhooks/x", None),
    ("POST", "/webhooks/x/rotate", {}),
    ("POST", "/webhooks/x/stop", {}),
    ("POST", "/webhooks/x/start", {}),
    ("POST", "/webhooks/x/test", {}),
    ("POST", "/webhooks/x/replay", {}),
    ("POST", "/webhooks/x/deliveries/y/replay", {}),
)


@pytest.mark.parametrize("who", ["sam", "ivy"])
def test_only_administrators_reach_any_of_it(api: Programs, who: str) -> None:
    for path in READS:
        assert api.get(path, by=who).status_code == 403, path
    for method, path, body in WRITES:
        assert api.call(method, path, by=who, json=body).json["code"] == "right_missing", path


def test_a_token_of_an_administrator_needs_the_scope_too(api: Programs) -> None:
    api.person("carl", "admin", scopes=("write",))
    for path in READS:
        assert api.get(path, by="carl").status_code in (200, 404), path
    for method, path, body in WRITES:
        assert api.call(method, path, by="carl", json=body).json["code"] == "scope_missing", path
