"""The Python client against a live server: calls, workers, and what happens when something is in the way."""

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import requests

from engine.client import BpmnError, Client, Job, Refused, TryAgain, Worker, work
from engine.client.link import Link
from tests.web.camunda import live
from tests.web.camunda.conftest import ORDER, PASSWORD

WITHIN_SECONDS = 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[live.Live]:
    with live.serving(tmp_path_factory.mktemp("client")) as made:
        answer = requests.post(
            f"{made.url}/deployment/create",
            data={"deployment-name": "order"},
            files={"order.bpmn": ORDER.encode()},
            auth=("ada", PASSWORD),
            timeout=20,
        )
        assert answer.ok, answer.text
        yield made


@pytest.fixture
def client(server: live.Live) -> Client:
    return Client(server.host, token=live.token(server))


@pytest.fixture(autouse=True)
def short_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "POLL_SECONDS", 1)
    monkeypatch.setattr(work, "PAUSE_SECONDS", 0.1)


def until(fact: Any) -> Any:
    """What ``fact`` gives once it is true."""
    end = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < end:
        found = fact()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come about")


def worker_of(client: Client, handler: Any, **more: Any) -> Worker:
    worker = Worker(client, name="tester")
    worker.job("charge", **more)(handler)
    return worker


def values(client: Client, case: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = client.instance(case["id"])["variables"]
    return found


def finished(client: Client, case: dict[str, Any]) -> None:
    client.cancel(case["id"], reason="the test is over")


# --- calls


def test_a_case_from_its_start_to_its_end(client: Client) -> None:
    case = client.start("order", business_key="whole", data={"amount": 12})
    assert client.start("order", business_key="whole")["id"] == case["id"]
    with worker_of(client, lambda job: {"receipt": "R-1"}).running():
        until(lambda: values(client, case).get("receipt") == "R-1")
    assert client.message("order.paid", business_key="whole")["outcome"] == "delivered"
    staff = client.instance(case["id"])["tokens"]
    assert [one["node"] for one in staff] == ["pack"]
    assert next(client.timeline(case["id"]))["fact"]["type"] == "VariantChosen"
    finished(client, case)
    assert client.instance(case["id"])["status"] == "cancelled"


def test_staff_work_their_tasks(server: live.Live, client: Client) -> None:
    case = client.start("order", business_key="staff")
    with worker_of(client, lambda job: None).running():
        until(lambda: client.instance(case["id"])["tokens"][0]["node"] == "paying")
    client.message("order.paid", business_key="staff")
    sam = Client(server.host, token=live.token(server, "sam", "write"))
    task = next(one for one in sam.tasks("claimable") if one["instance_id"] == case["id"])
    claimed = sam.claim(task["id"])
    assert claimed["assignee"] == "sam"
    with pytest.raises(Refused) as caught:
        sam.complete(task["id"], revision=claimed["revision"] - 1)
    assert (caught.value.status, caught.value.code) == (409, "revision_old")
    assert sam.complete(task["id"], {"parcels": 2}, revision=claimed["revision"])["status"] == "completed"
    assert [one["id"] for one in sam.tasks("done") if one["instance_id"] == case["id"]] == [task["id"]]


def test_many_starts_and_all_pages_of_them(client: Client) -> None:
    items = client.start_many(
        [{"process": "order", "business_key": f"many-{n}"} for n in range(7)] + [{"process": "no"}]
    )
    assert [one["status"] for one in items] == [201] * 7 + [404]
    wanted = {one["instance"]["id"] for one in items[:7]}
    assert wanted <= {one["id"] for one in client.instances(process="order", status="active", limit=3)}
    for one in items[:7]:
        finished(client, one["instance"])


def test_a_case_is_put_on_hold_and_resumed(client: Client) -> None:
    case = client.start("order", business_key="hold")
    held = client.suspend(case["id"], reason="an audit", awaits_customer=True)
    assert (held["suspended"], held["awaits_customer"]) == (True, True)
    with pytest.raises(Refused) as caught:
        client.message("nobody.waits", keep_seconds=0)
    assert caught.value.code == "nobody_waits"
    assert client.resume(case["id"])["suspended"] is False
    assert client.set_variables(case["id"], {"a": 1}, reason="typing error")["variables"]["a"] == 1
    assert client.signal("nobody") == 0
    finished(client, case)


@pytest.mark.parametrize(
    ("ask", "status", "code"),
    [
        (lambda client: client.start("none"), 404, "process_unknown"),
        (lambda client: client.instance("../people"), 404, "http_404"),
        (lambda client: client.instance("nowhere"), 404, "instance_unknown"),
        (lambda client: client.task("x"), 404, "work_item_unknown"),
        (lambda client: client.cancel("nowhere", reason=""), 422, "request_invalid"),
        (lambda client: list(client.instances(limit=0)), 422, "request_invalid"),
    ],
)
def test_what_is_refused_says_why(client: Client, ask: Any, status: int, code: str) -> None:
    with pytest.raises(Refused) as caught:
        ask(client)
    assert (caught.value.status, caught.value.code) == (status, code)
    assert set(caught.value.problem["text"]) == {"zh-CN", "en"}


def test_a_token_that_is_none_is_refused_at_once(server: live.Live) -> None:
    with pytest.raises(Refused) as caught:
        Client(server.host, token="crm_wrong").start("order")
    assert caught.value.status == 401


@pytest.mark.parametrize("url", ["localhost:8080", "file:///etc/passwd", "ftp://x", ""])
def test_only_http_is_spoken(url: str) -> None:
    with pytest.raises(ValueError, match="http"):
        Client(url, token="t")


# --- workers


def test_a_worker_sees_the_job_as_it_is(client: Client) -> None:
    seen: list[Job] = []
    data = {"amount": 12, "items": [1, {"a": "中文"}], "ok": True, "none": None}
    case = client.start("order", business_key="seen", data=data)
    with worker_of(client, lambda job: seen.append(job)).running():
        until(lambda: seen)
    (job,) = [one for one in seen if one.instance_id == case["id"]]
    assert {name: job.variables[name] for name in data} == data
    assert (job.topic, job.process, job.business_key, job.retries) == ("charge", "order", "seen", None)
    assert job.properties["bank"] == "ICBC"
    finished(client, case)


def test_what_a_function_gives_back_arrives_as_it_is(client: Client) -> None:
    given = {"list": [1, "二"], "map": {"a": {"b": None}}, "big": 2**40, "half": 0.5, "yes": True, "text": "中文"}
    case = client.start("order", business_key="given")
    with worker_of(client, lambda job: given).running():
        found = until(lambda: values(client, case) if "list" in values(client, case) else None)
    assert {name: found[name] for name in given} == given
    finished(client, case)


def test_a_business_outcome_is_caught_by_the_process(client: Client) -> None:
    def refuse(job: Job) -> None:
        raise BpmnError("REFUSED", "no money", why="limit")

    case = client.start("order", business_key="refused")
    with worker_of(client, refuse).running():
        until(lambda: client.instance(case["id"])["status"] == "completed")
    assert values(client, case)["why"] == "limit"


def test_an_exception_is_a_failed_try_and_the_last_one_an_incident(client: Client) -> None:
    tries: list[int | None] = []

    def fail(job: Job) -> None:
        tries.append(job.retries)
        raise ConnectionError("the bank is away")

    case = client.start("order", business_key="fails")
    with worker_of(client, fail, retries=3, pause_seconds=0).running():
        (incident,) = until(lambda: client.instance(case["id"])["open_incidents"])
    assert tries == [None, 2, 1]
    assert "the bank is away" in incident["text"]["en"]
    finished(client, case)


def test_a_function_says_itself_when_to_try_again(client: Client) -> None:
    moments: list[float] = []

    def later(job: Job) -> dict[str, str]:
        moments.append(time.monotonic())
        if len(moments) == 1:
            raise TryAgain("busy", retries=1, after_seconds=0.6)
        return {"receipt": "late"}

    case = client.start("order", business_key="later")
    with worker_of(client, later).running():
        until(lambda: values(client, case).get("receipt") == "late")
    assert moments[1] - moments[0] >= 0.55
    finished(client, case)


def test_a_long_job_keeps_its_lease(client: Client) -> None:
    runs: list[str] = []

    def slow(job: Job) -> dict[str, str]:
        runs.append(job.id)
        time.sleep(2.5)  # three leases long
        return {"receipt": "slow"}

    case = client.start("order", business_key="slow")
    with worker_of(client, slow, lease_seconds=0.8).running(), worker_of(client, slow, lease_seconds=0.8).running():
        until(lambda: values(client, case).get("receipt") == "slow")
    assert len(runs) == 1
    finished(client, case)


def test_a_stop_waits_for_what_is_under_way_and_takes_nothing_new(client: Client) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def held(job: Job) -> dict[str, str]:
        begun.set()
        go_on.wait(WITHIN_SECONDS)
        return {"receipt": "held"}

    case = client.start("order", business_key="stopped")
    worker = worker_of(client, held)
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert begun.wait(WITHIN_SECONDS)
    worker.stop()
    other = client.start("order", business_key="too late")
    assert thread.is_alive()
    go_on.set()
    thread.join(WITHIN_SECONDS)
    assert not thread.is_alive()
    assert values(client, case)["receipt"] == "held"
    assert "receipt" not in values(client, other)
    finished(client, case), finished(client, other)


def test_a_worker_does_several_jobs_at_once(client: Client) -> None:
    together = threading.Barrier(3)
    items = client.start_many([{"process": "order", "business_key": f"at-once-{n}"} for n in range(3)])

    def meet(job: Job) -> dict[str, str]:
        together.wait(WITHIN_SECONDS)
        return {"receipt": "met"}

    with worker_of(client, meet).running():
        for one in items:
            until(lambda one=one: values(client, one["instance"]).get("receipt") == "met")
    for one in items:
        finished(client, one["instance"])


def test_a_worker_without_a_function_is_a_mistake(client: Client) -> None:
    with pytest.raises(ValueError, match="decorate"):
        Worker(client).run()


# --- what is in the way


class Script(BaseHTTPRequestHandler):
    """Answers by a list: (status, headers, body), one for each request."""

    answers: list[tuple[int, dict[str, str], Any]] = []
    asked: list[tuple[str, str | None]] = []

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.asked.append((self.command, self.headers.get("Idempotency-Key")))
        status, headers, body = self.answers.pop(0)
        if not status:
            self.close_connection = True
            return
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = answer

    def log_message(self, *words: Any) -> None:
        pass


@contextmanager
def scripted(*answers: tuple[int, dict[str, str], Any]) -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    made = type("Once", (Script,), {"answers": list(answers), "asked": []})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), made) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", made.asked  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()


OK: tuple[int, dict[str, str], Any] = (200, {}, {"ok": 1})


@pytest.mark.parametrize("status", [429, 502, 503, 504, 0])
def test_what_passes_by_itself_is_tried_again_with_the_same_key(status: int) -> None:
    pauses: list[float] = []
    with scripted((status, {}, b"<html>"), (status, {}, b""), OK) as (url, asked):
        assert Link(url, "t", pause=pauses.append).ask("POST", "/x", {}) == {"ok": 1}
    assert len({key for _, key in asked}) == 1 and asked[0][1]
    assert pauses == [0.2, 0.4]


def test_who_is_told_how_long_to_wait_waits() -> None:
    pauses: list[float] = []
    with scripted((429, {"Retry-After": "7"}, {"code": "http_429"}), OK) as (url, _):
        Link(url, "t", pause=pauses.append).ask("GET", "/x")
    assert pauses == [7.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 422, 500])
def test_what_would_not_change_is_asked_once(status: int) -> None:
    with (
        scripted((status, {}, {"code": "no", "detail": "never"}), OK) as (url, asked),
        pytest.raises(Refused) as caught,
    ):
        Link(url, "t", pause=lambda seconds: None).ask("POST", "/x", {})
    assert len(asked) == 1
    assert str(caught.value) == f"{status} no: never"


def test_after_four_tries_it_is_given_up() -> None:
    with scripted(*[(503, {}, {})] * 4) as (url, asked), pytest.raises(Refused):
        Link(url, "t", pause=lambda seconds: None).ask("GET", "/x")
    assert len(asked) == 4


def test_a_server_that_is_not_there_is_an_oserror() -> None:
    with pytest.raises(OSError):
        Link("http://127.0.0.1:9", "t", pause=lambda seconds: None).ask("GET", "/x")


def test_a_worker_outlives_a_server_that_is_away_for_a_while() -> None:
    task = {
        "id": "j",
        "topicName": "charge",
        "variables": {},
        "processInstanceId": "i",
        "processDefinitionKey": "p",
        "businessKey": None,
        "retries": None,
        "extensionProperties": {},
    }
    done = threading.Event()
    away = [(503, {}, b""), (0, {}, b"")]
    back = [(200, {}, [task]), (204, {}, b""), *[(200, {}, [])] * 500]
    with (
        scripted(*away, *back) as (url, _),
        worker_of(Client(url, token="t"), lambda job: done.set()).running(),
    ):
        assert done.wait(WITHIN_SECONDS)
