"""Idempotency-Key and If-Match: a request that comes again, from however many sides, happens once."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import app
from engine.clock import HandClock
from engine.people import groups
from engine.people.agent import SYSTEM
from engine.runtime import instances, repeat
from engine.settings import Settings
from tests import postgres
from tests.web.api.conftest import FORM, MONDAY, QUOTE, Programs
from tests.web.api.test_cases import the_task

START = {"process": "quote", "customer_id": "C-1"}


def keyed(api: Programs, path: str, body: Any = None, key: str = "k-1", **more: Any) -> Any:
    return api.post(path, body, headers={"Idempotency-Key": key}, **more)


def begun(api: Programs) -> int:
    return len(instances.search(api.engine, limit=200))


def test_the_same_start_has_the_same_answer_and_happens_once(selling: Programs) -> None:
    first, again = (keyed(selling, "/instances", START, by="ivy") for _ in range(2))
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert first.status_code == 201
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert begun(selling) == 1


def test_the_kept_answer_is_what_it_is_without_a_key(selling: Programs) -> None:
    plain = selling.post("/instances", START, by="ivy").json["instance"]
    with_key = keyed(selling, "/instances", START, by="ivy").json["instance"]
    assert plain.keys() == with_key.keys()
    assert plain["started_at"] == with_key["started_at"]


@pytest.mark.parametrize("path, body", [("/instances", {**START, "data": {"n": 1}}), ("/messages", {"name": "m"})])
def test_the_same_key_with_another_request_is_refused_in_both_languages(
    path: str, body: Any, selling: Programs
) -> None:
    keyed(selling, "/instances", START, by="ivy")
    refused = keyed(selling, path, body, by="ivy")
    assert (refused.status_code, refused.json["code"]) == (409, "idempotency_key_reused")
    assert refused.json["text"].keys() == {"zh-CN", "en"}
    assert begun(selling) == 1


def test_each_agent_has_keys_of_their_own(selling: Programs) -> None:
    keyed(selling, "/instances", START, by="ivy")
    keyed(selling, "/instances", START, by="ada")
    assert begun(selling) == 2


@pytest.mark.parametrize("key", ["", "x" * 101])
def test_a_key_without_sense_is_refused(key: str, selling: Programs) -> None:
    refused = keyed(selling, "/instances", START, key=key, by="ivy")
    assert (refused.status_code, refused.json["code"]) == (422, "idempotency_key")
    assert begun(selling) == 0


def test_what_was_refused_is_tried_anew(selling: Programs) -> None:
    unknown = {**START, "customer_id": "C-2"}
    assert keyed(selling, "/instances", unknown, by="ivy").status_code == 422
    assert selling.post("/customers", {"number": "C-2", "name": "Zhao"}).status_code == 201
    assert keyed(selling, "/instances", unknown, by="ivy").status_code == 201


@pytest.mark.parametrize(
    ("done_at", "status", "code"),
    [
        ("2026-03-02T09:00:00", 422, "request_invalid"),
        ("yesterday", 422, "request_invalid"),
        ("2031-01-01T00:00:00Z", 422, "done_at_impossible"),
        (MONDAY.isoformat(), 200, None),
    ],
)
def test_a_completion_says_when_it_was_done(done_at: str, status: int, code: str | None, selling: Programs) -> None:
    keyed(selling, "/instances", START, by="ivy")
    task = the_task(selling)
    body = {"data": {"amount": 1}, "done_at": done_at}
    answer = keyed(selling, f"/tasks/{task['id']}/complete", body, key="k-2", by="sam")
    assert (answer.status_code, answer.json.get("code")) == (status, code), answer.json
    facts = selling.get(f"/instances/{task['instance_id']}/timeline").json["items"]
    told = [one["fact"]["done_at"] for one in facts if one["fact"]["type"] == "DoneEarlier"]
    assert told == ([done_at] if status == 200 else [])


def test_a_completion_that_comes_again_is_answered_not_refused(selling: Programs) -> None:
    keyed(selling, "/instances", START, by="ivy")
    path = f"/tasks/{the_task(selling)['id']}/complete"
    first, again = (keyed(selling, path, {"data": {"amount": 1}}, by="sam") for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert first.json == again.json
    assert keyed(selling, path, {"data": {"amount": 1}}, key="k-2", by="sam").status_code == 409


def test_a_message_that_comes_again_is_delivered_once(selling: Programs) -> None:
    for _ in range(3):
        assert keyed(selling, "/messages", {"name": "customer.replied", "business_key": "Q"}).json["outcome"] == "kept"
    with selling.engine.store.reading() as tx:
        kept = tx.messages.early(name="customer.replied", key=None, now=selling.clock.now())
    assert len(kept) == 1


def test_a_cancellation_and_a_customer_may_come_again(selling: Programs) -> None:
    case = keyed(selling, "/instances", START, by="ivy").json["instance"]["id"]
    for _ in range(2):
        ended = keyed(selling, f"/instances/{case}/cancel", {"reason": "a test"}, key="c")
        assert (ended.status_code, ended.json["status"]) == (200, "cancelled")
        assert keyed(selling, "/customers", {"number": "C-9", "name": "Sun"}, key="n").status_code == 201


def test_a_right_that_was_taken_away_is_asked_for_again(selling: Programs) -> None:
    assert keyed(selling, "/instances", START, by="rita").status_code == 403


def test_a_key_is_free_again_after_a_day(selling: Programs) -> None:
    keyed(selling, "/instances", START, by="ivy")
    selling.clock.advance(repeat.KEEP)
    keyed(selling, "/instances", START, by="ivy")
    assert begun(selling) == 2


def test_the_description_says_which_operations_know_the_key(selling: Programs) -> None:
    paths = selling.client.get("/v1/openapi.json").json["paths"]
    knowing = {
        path
        for path, methods in paths.items()
        for parameter in methods.get("post", {}).get("parameters", ())
        if parameter["name"] == "Idempotency-Key"
    }
    posts = {path for path, methods in paths.items() if "post" in methods}
    guarded = {
        path for path in posts if path.startswith(("/v1/variants", "/v1/migrations", "/v1/processes/{key}/board"))
    }
    assert posts - knowing - guarded == WITHOUT_A_KEY - guarded


WITHOUT_A_KEY = {
    "/v1/people/{person}/tokens",  # its answer is never kept
    "/v1/webhooks",  # its answer holds a secret, and is never kept
    "/v1/webhooks/{webhook_id}/rotate",  # its answer too
    "/v1/connectors/{name}/try",  # stores nothing
    "/v1/resolutions/try",  # stores nothing
    "/v1/variants/check",  # stores nothing
    "/v1/group-rules/check",  # stores nothing
    "/v1/group-rules/preview",  # stores nothing
    "/v1/group-rules/draft/submit",  # done twice it changes nothing more
    "/v1/group-rules/draft/send-back",  # only what was submitted is sent back, once
    "/v1/group-rules/draft/release",  # only a draft is released, once
    "/v1/group-rules/call-off",  # only what waits is called off, once
    "/v1/processes/{key}/versions/{n}/check",  # stores nothing
    "/v1/processes/{key}/versions/{n}/play",  # stores nothing
    "/v1/processes/{key}/versions/{n}/decisions/{decision}/check",  # stores nothing
    "/v1/processes/{key}/versions/{n}/forms/{form}/check",  # stores nothing
    "/v1/migrations/dry-run",  # stores nothing
    "/v1/instances/{instance_id}/modification",  # its revision guards it
}
"""And what is guarded by the state of a version or a plan: done twice it is refused."""


def test_a_task_that_was_changed_since_it_was_read_is_not_completed(selling: Programs) -> None:
    keyed(selling, "/instances", START, by="ivy")
    path = f"/tasks/{the_task(selling)['id']}"
    seen = selling.get(path, by="sam").headers["ETag"]
    selling.post(f"{path}/claim", by="sam")
    body = {"data": {"amount": 1}}
    for tag in (seen, '"nonsense"', '"1", "2"'):
        refused = selling.post(f"{path}/complete", body, by="sam", headers={"If-Match": tag})
        assert (refused.status_code, refused.json["code"]) == (412, "revision_old"), tag
    seen = selling.get(path, by="sam").headers["ETag"]
    assert selling.post(f"{path}/complete", body, by="sam", headers={"If-Match": seen}).status_code == 200


# --- from many sides at once ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cluster() -> Iterator[postgres.Cluster]:
    with postgres.cluster() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def crowd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Programs]:
    if request.param == "sqlite":
        yield from served(Settings(data_dir=tmp_path, queue="inline"))
        return
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    url = cluster.database(like=cluster.furnished)
    yield from served(Settings(data_dir=tmp_path, database_url=url, queue="inline"))


def served(settings: Settings) -> Iterator[Programs]:
    clock = HandClock(MONDAY)
    engine = app.build(settings, clock=clock, dispatcher=False)
    try:
        api = Programs(engine, clock)
        groups.put_group(engine, key="sales", texts={"en": "Sales", "zh-CN": "销售"}, agent=SYSTEM)
        api.person("ada", "admin")
        api.person("sam", "staff", "sales")
        files = [
            {"name": "quote.bpmn", "content": QUOTE.decode(), "encoding": "text"},
            {"name": "configure.json", "content": FORM.decode(), "encoding": "text"},
        ]
        assert api.post("/deployments", {"name": "sales", "files": files, "release": True}).status_code == 201
        assert api.post("/customers", {"number": "C-1", "name": "李雷贸易"}).status_code == 201
        yield api
    finally:
        engine.close()


def at_once(api: Programs, path: str, body: Any, by: str, count: int = 20) -> list[Any]:
    answers: list[Any] = []
    ready = threading.Barrier(count)

    def ask() -> None:
        client = api.client.application.test_client()
        head = {"Authorization": f"Bearer {api.tokens[by]}", "Idempotency-Key": path}
        ready.wait(30)
        answers.append(client.post(f"/v1{path}", json=body, headers=head))

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_twenty_at_once_make_one_instance_and_one_completion(crowd: Programs) -> None:
    answers = at_once(crowd, "/instances", START, "ada")
    assert [answer.status_code for answer in answers] == [201] * 20, [answer.json for answer in answers]
    assert len({answer.json["instance"]["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert begun(crowd) == 1
    path = f"/tasks/{the_task(crowd)['id']}/complete"
    answers = at_once(crowd, path, {"data": {"amount": 3}}, "sam")
    assert [answer.status_code for answer in answers] == [200] * 20, [answer.json for answer in answers]
    case = answers[0].json["instance_id"]
    told = [item["fact"]["type"] for item in crowd.get(f"/instances/{case}/timeline").json["items"]]
    assert told.count("WorkItemCompleted") == 1
