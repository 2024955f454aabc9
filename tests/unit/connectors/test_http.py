"""HTTP connectors: what is sent, what the answer means for the process, and what happens when the world misbehaves."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine import errors
from engine.connectors import http, keep
from engine.definitions import bindings
from engine.model.expression import Mapping
from engine.outside.http import Answer
from engine.ports import Failed
from engine.runtime import incidents
from engine.trust import openings
from tests import outside_world as world
from tests import sockets
from tests.house import BOSS
from tests.kernel.models import literal, mapping
from tests.outside_world import Reply
from tests.unit.connectors.conftest import Trading

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


# --- a connector in a running case ---------------------------------------------------------------------------------


def test_a_case_calls_a_connector_and_goes_on_with_its_answer(home: Trading, web: world.Web) -> None:
    web.says(Reply.of({"id": "O-7", "total": 24.5}, 201))
    home.credential()
    home.connector(
        url=f"{web.url}/orders/{{kind}}",
        method="POST",
        query={"dry": "=amount > 100"},
        headers={"X-Process": "=job.process"},
        body={"amount": "=amount", "customer": "=customer.number", "lines": ["=kind", "fixed"]},
        credential="erp-login",
        result="={orderId: body.id, total: body.total, status: status}",
    )
    case = home.served("connector:erp", mapping("amount", "sum"), mapping("kind", "kind"), sum=12, kind="new & old")
    (heard,) = web.heard
    assert (heard.method, heard.path) == ("POST", "/orders/new%20%26%20old?dry=false")
    assert heard.json == {"amount": 12, "customer": "C-1", "lines": ["new & old", "fixed"]}
    assert heard.headers["authorization"] == "Bearer s3cret"
    assert heard.headers["x-process"] == "p" and heard.headers["content-type"] == "application/json"
    assert home.at(case) == ["look"]
    found = home.variables(case)
    assert (found["orderId"], found["total"], found["status"]) == ("O-7", 24.5, 201)


def test_a_name_in_a_drawing_is_bound_to_a_connector_and_the_stopped_case_goes_on(
    home: Trading, web: world.Web
) -> None:
    web.says(Reply.of({"ok": True}))
    case = home.served("org.acme.SendOrder")
    assert "org.acme.SendOrder" in home.incident(case)
    home.connector(url=web.url, method="POST", result="=body")
    bindings.bind(
        home.engine, handler="org.acme.SendOrder", kind="handler", target="connector:erp", agent=BOSS, now=home.now
    )
    with home.engine.store.reading() as tx:
        (stopped,) = tx.waits.incidents(case)
    incidents.retry(home.engine, incident_id=stopped.id, agent=BOSS, now=home.now)
    home.settle()
    assert home.at(case) == ["look"] and home.variables(case)["ok"] is True


def test_connectors_stand_among_the_handlers_that_a_name_may_be_bound_to(home: Trading, web: world.Web) -> None:
    assert "connector:erp" not in home.engine.handlers
    home.connector(url=web.url)
    known = bindings.handlers(home.engine, agent=BOSS).known
    assert {"http", "email", "connector:erp", "notify"} <= set(known)
    assert len(home.engine.handlers) == len(known)
    keep.drop(home.engine, name="erp", agent=BOSS, now=home.now)
    with pytest.raises(KeyError):
        home.engine.handlers["connector:erp"]


def test_a_connector_that_is_gone_stops_the_case_by_its_name(home: Trading) -> None:
    case = home.served("connector:gone")
    assert "connector:gone" in home.incident(case)


def test_every_try_carries_the_same_key(home: Trading, web: world.Web) -> None:
    web.says(Reply(503), Reply(503), Reply.of({}))
    home.connector(url=web.url, method="POST")
    home.served("connector:erp")
    home.pass_time(hours=1)
    home.pass_time(hours=1)
    keys = [heard.headers["idempotency-key"] for heard in web.heard]
    assert len(keys) == 3 and len(set(keys)) == 1 and keys[0]


@pytest.mark.parametrize("method, carries", [("GET", False), ("POST", True), ("PUT", True), ("DELETE", True)])
def test_a_key_goes_with_what_changes_something(home: Trading, web: world.Web, method: str, carries: bool) -> None:
    home.connector(url=web.url, method=method)
    home.served("connector:erp")
    assert ("idempotency-key" in web.heard[0].headers) == carries


def test_a_key_of_the_authors_own_wins(home: Trading, web: world.Web) -> None:
    home.connector(url=web.url, method="POST", headers={"idempotency-key": "=order"})
    home.served("connector:erp", mapping("order", "order"), order="O-1")
    assert web.heard[0].headers["idempotency-key"] == "O-1"


# --- what statuses mean --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_go_well_another_time_is_tried_again(home: Trading, web: world.Web, status: int) -> None:
    web.says(Reply(status), Reply.of({"a": 1}))
    home.connector(url=web.url, result="=body")
    case = home.served("connector:erp")
    assert home.at(case) == [] and home.waiting(case).retries == 2
    assert str(status) in home.waiting(case).error
    home.pass_time(seconds=5)
    assert home.at(case) == ["look"] and home.variables(case)["a"] == 1


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 409, 422])
def test_what_will_never_go_well_is_an_incident_at_once(home: Trading, web: world.Web, status: int) -> None:
    web.says(Reply(status, b"no such  order", {"Content-Type": "text/plain"}))
    home.connector(url=web.url, method="POST")
    case = home.served("connector:erp")
    assert f"HTTP {status} no such order" in home.incident(case)
    assert len(web.heard) == 1


def test_all_tries_used_up_are_an_incident_and_a_retry_by_hand_goes_on(home: Trading, web: world.Web) -> None:
    web.says(Reply(500))
    home.connector(url=web.url)
    case = home.served("connector:erp")
    for _ in range(3):
        home.pass_time(hours=1)
    assert "HTTP 500" in home.incident(case) and len(web.heard) == 3
    web.says(Reply.of({}))
    with home.engine.store.reading() as tx:
        (stopped,) = tx.waits.incidents(case)
    incidents.retry(home.engine, incident_id=stopped.id, agent=BOSS, now=home.now)
    home.settle()
    assert home.at(case) == ["look"]


@pytest.mark.parametrize(
    "codes, status, code",
    [
        ({"404": "unknown"}, 404, "unknown"),
        ({"4xx": "refused"}, 409, "refused"),
        ({"404": "unknown", "4xx": "refused"}, 404, "unknown"),
        ({"5xx": "down"}, 503, "down"),
        ({"200": "strange"}, 200, "strange"),
    ],
)
def test_a_status_becomes_a_bpmn_error_where_the_settings_say_so(
    home: Trading, web: world.Web, codes: dict[str, str], status: int, code: str
) -> None:
    web.says(Reply.of({"why": "closed"}, status))
    home.connector(url=web.url, errors=codes)
    case = home.served("connector:erp")
    assert home.at(case) == ["handle"]
    assert home.variables(case)["code"] == code and str(status) in home.variables(case)["message"]


@pytest.mark.parametrize(
    "error, answer, code, message",
    [
        ('=if body.result = "rejected" then "rejected" else null', {"result": "rejected"}, "rejected", ""),
        ('=if body.ok then null else {code: "E" + string(body.n), message: body.why}', {"n": 7, "why": "w"}, "E7",
         "w"),
    ],
)  # fmt: skip
def test_an_answer_becomes_a_bpmn_error_where_an_expression_says_so(
    home: Trading, web: world.Web, error: str, answer: Any, code: str, message: str
) -> None:
    web.says(Reply.of(answer))
    home.connector(url=web.url, error=error)
    case = home.served("connector:erp")
    assert home.at(case) == ["handle"]
    assert home.variables(case)["code"] == code and home.variables(case)["message"] == message


def test_an_expression_that_finds_no_error_lets_the_case_go_on(home: Trading, web: world.Web) -> None:
    web.says(Reply.of({"result": "fine"}))
    home.connector(url=web.url, error='=if body.result = "rejected" then "rejected" else null', result="=body")
    case = home.served("connector:erp")
    assert home.at(case) == ["look"] and home.variables(case)["result"] == "fine"


def test_what_to_retry_is_the_settings_choice(home: Trading, web: world.Web) -> None:
    web.says(Reply(409))
    home.connector(url=web.url, retry=["409"])
    case = home.served("connector:erp")
    assert home.waiting(case).retries == 2


def test_a_pause_that_the_answer_asks_for_is_kept(home: Trading, web: world.Web) -> None:
    web.says(Reply(429, headers={"Retry-After": "600"}), Reply.of({}))
    home.connector(url=web.url)
    case = home.served("connector:erp")
    assert home.waiting(case).run_at == home.now + timedelta(seconds=600)
    home.pass_time(seconds=599)
    assert len(web.heard) == 1
    home.pass_time(seconds=1)
    assert home.at(case) == ["look"]


# --- what answers hold ---------------------------------------------------------------------------------------------


def answer(body: bytes, kind: str = "application/json", status: int = 200) -> Answer:
    return Answer(status=status, headers={"content-type": kind}, body=body, url="https://a.test/")


@pytest.mark.parametrize(
    "body, kind, content",
    [
        (b'{"a": [1, 2.5, null]}', "application/json", {"a": [1, 2.5, None]}),
        (b'{"a": 1}', "application/problem+json; charset=utf-8", {"a": 1}),
        (b"", "application/json", None),
        (b"hello", "text/plain", "hello"),
        ("您好".encode(), "text/plain; charset=utf-8", "您好"),
        ("您好".encode("gbk"), "text/html; charset=GBK", "您好"),
        (b"caf\xe9", 'text/plain; charset="iso-8859-1"', "café"),
        (b"caf\xe9", "text/plain; charset=evil-codec", "caf\ufffd"),
        (b"<a/>", "application/xml", "<a/>"),
        (b"<a/>", "application/soap+xml", "<a/>"),
        (b"a\x00b", "text/plain", "a\ufffdb"),
        (b"no type", "", "no type"),
        (b"\x89PNG", "image/png", None),
    ],
)
def test_an_answer_is_read_by_its_type(body: bytes, kind: str, content: Any) -> None:
    assert http.content(answer(body, kind)) == content


@pytest.mark.parametrize("body", [b"{", b"nonsense", b"[" * 100_000, b'{"a": NaN}', b"\xff\xfe"])
def test_json_that_is_none_is_hopeless_and_told_in_both_languages(body: bytes) -> None:
    with pytest.raises(Failed) as failed:
        http.content(answer(body))
    assert failed.value.hopeless and failed.value.text.keys() == {"zh-CN", "en"}


@pytest.mark.parametrize(
    "result, data",
    [
        ("", {"status": 200, "body": {"a": 1}}),
        ("=body", {"a": 1}),
        ("=body.a", {"result": 1}),
        ("={x: body.a + 1, s: status}", {"x": 2, "s": 200}),
        ("=body.missing", {"result": None}),
        ("=headers.content-type", {"result": None}),
        ('=get value(headers, "content-type")', {"result": "application/json"}),
    ],
)
def test_what_goes_back_into_the_process_is_the_result(result: str, data: dict[str, Any]) -> None:
    settings = http.Http(url="https://a.test/", result=result)
    assert http.judge(settings, answer(b'{"a": 1}'), NOW).data == data


# --- all of it in the drawing --------------------------------------------------------------------------------------


def test_a_drawing_says_the_whole_call_by_itself(home: Trading, web: world.Web) -> None:
    web.says(Reply.of({"id": 5}, 201))
    case = home.served(
        "http",
        mapping("url", "address"),
        mapping("method", '"POST"'),
        mapping("body", "{amount: sum}"),
        mapping("headers", '{"X-A": "1"}'),
        headers={"result": "={orderId: body.id}"},
        address=f"{web.url}/orders",
        sum=3,
    )
    assert (web.heard[0].path, web.heard[0].json, web.heard[0].headers["x-a"]) == ("/orders", {"amount": 3}, "1")
    assert home.variables(case)["orderId"] == 5


def test_values_of_a_drawn_call_are_never_evaluated(home: Trading, web: world.Web) -> None:
    """What a customer typed may begin with an equals sign or hold braces."""
    home.served(
        "http", mapping("url", "address"), mapping("method", '"POST"'), mapping("body", "typed"),
        address=f"{web.url}/x", typed={"a": "=1+1", "b": "{c}", "=k": 1},
    )  # fmt: skip
    assert web.heard[0].json == {"a": "=1+1", "b": "{c}", "=k": 1}


def test_a_drawn_call_knows_errors_and_retries(home: Trading, web: world.Web) -> None:
    web.says(Reply(418), Reply(404))
    case = home.served(
        "http", mapping("url", "address"), address=web.url,
        headers={"errors": '{"404": "unknown"}', "retry": "418, 5xx"},
    )  # fmt: skip
    assert home.waiting(case).retries == 2
    home.pass_time(seconds=5)
    assert home.at(case) == ["handle"] and home.variables(case)["code"] == "unknown"


@pytest.mark.parametrize(
    "parameters, headers, words",
    [
        ([mapping("url", '"file:///etc/passwd"')], {}, "is no address"),
        ([mapping("url", '"https://10.0.0.1/"')], {}, "inner network"),
        ([mapping("method", '"GET"')], {}, "url"),
        ([mapping("url", "1")], {}, "url"),
        ([mapping("url", '"https://a.test"'), mapping("method", '"TRACE"')], {}, "TRACE"),
        ([mapping("url", '"https://a.test"'), mapping("nonsense", "1")], {}, "nonsense"),
        ([mapping("url", '"https://a.test"')], {"result": "=1 +"}, "ends"),
        ([mapping("url", '"https://a.test"')], {"errors": "{"}, "truncated"),
        ([mapping("url", '"https://127.0.0.1"'), mapping("credential", '"none"')], {}, "none"),
    ],
)
def test_a_drawn_call_that_cannot_be_made_stops_the_case_and_says_why(
    home: Trading, parameters: list[Any], headers: dict[str, str], words: str
) -> None:
    case = home.served("http", *parameters, headers=headers)
    home.pass_time(hours=1)
    home.pass_time(hours=1)
    home.pass_time(hours=1)
    assert words in home.incident(case)


def test_a_credential_goes_nowhere_but_to_its_hosts(home: Trading, web: world.Web) -> None:
    """A designer who points a call at a server of his own does not get the secret."""
    home.credential(hosts=("erp.test",))
    case = home.served("http", mapping("url", "address"), mapping("credential", '"erp-login"'), address=web.url)
    assert "may not be sent to 127.0.0.1" in home.incident(case) and web.heard == []


def test_no_incident_and_no_variable_shows_a_secret(home: Trading, web: world.Web) -> None:
    home.credential(secret="s3cret-9f8e")
    web.says(Reply(400))
    home.connector(url=web.url, credential="erp-login")
    case = home.served("connector:erp")
    assert web.heard[0].headers["authorization"] == "Bearer s3cret-9f8e"
    assert "s3cret-9f8e" not in home.incident(case) + repr(home.variables(case)) + repr(home.facts(case))


def test_a_closed_place_stops_the_case_and_an_opened_one_lets_it_go_on(home: Trading, web: world.Web) -> None:
    openings.drop(home.engine, place="127.0.0.1", agent=BOSS, now=home.now)
    home.connector(url=web.url)
    case = home.served("connector:erp")
    assert "inner network" in home.incident(case) and "内部网络" in home.incident(case) and web.heard == []
    openings.add(home.engine, place=f"127.0.0.1:{web.port}", note="", agent=BOSS, now=home.now)
    with home.engine.store.reading() as tx:
        (stopped,) = tx.waits.incidents(case)
    incidents.retry(home.engine, incident_id=stopped.id, agent=BOSS, now=home.now)
    home.settle()
    assert home.at(case) == ["look"]


def test_nobody_there_is_tried_again(home: Trading) -> None:
    home.connector(url=f"http://127.0.0.1:{sockets.free_port()}/")
    case = home.served("connector:erp")
    assert home.waiting(case).retries == 2 and "could not be talked to" in home.waiting(case).error


def test_an_answer_that_is_too_large_is_an_incident(home: Trading, web: world.Web) -> None:
    web.says(Reply(200, b"x" * (1024 * 1024 + 1), {"Content-Type": "text/plain"}))
    home.connector(url=web.url)
    assert "1048576" in home.incident(home.served("connector:erp"))


def test_an_address_without_its_value_is_an_incident_before_anything_is_sent(home: Trading, web: world.Web) -> None:
    home.connector(url=f"{web.url}/orders/{{orderId}}")
    assert "{orderId}" in home.incident(home.served("connector:erp")) and web.heard == []


# --- bodies --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings, body, kind",
    [
        ({"body": {"a": 1}}, b'{"a":1}', "application/json"),
        ({"body": ["=n"]}, b"[5]", "application/json"),
        ({"body": "=n"}, b"5", "application/json"),
        ({"body": "text"}, b"text", "text/plain; charset=utf-8"),
        ({"body": "<a/>", "headers": {"content-type": "application/xml"}}, b"<a/>", "application/xml"),
        ({"body": {"a": 1, "b": "x y"}, "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, b"a=1&b=x+y",
         "application/x-www-form-urlencoded"),
        ({}, b"", None),
    ],
)  # fmt: skip
def test_a_body_is_written_as_its_type_says(
    home: Trading, web: world.Web, settings: dict[str, Any], body: bytes, kind: str | None
) -> None:
    home.connector(url=web.url, method="POST", **settings)
    home.served("connector:erp", mapping("n", "5"))
    assert web.heard[0].body == body and web.heard[0].headers.get("content-type") == kind


def test_a_header_without_a_value_is_left_out_and_one_with_a_line_break_stops_the_case(
    home: Trading, web: world.Web
) -> None:
    home.connector(url=web.url, headers={"X-A": "=a", "X-B": "=b"})
    home.served("connector:erp", mapping("a", '"1"'))
    assert web.heard[0].headers["x-a"] == "1" and "x-b" not in web.heard[0].headers
    case = home.served("connector:erp", mapping("b", "typed"), typed="x\r\nX-Evil: 1")
    assert "X-B" in home.incident(case) and len(web.heard) == 1


# --- keeping them --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings, pointers",
    [
        ({}, {"/settings"}),
        ({"url": 5}, {"/settings/url"}),
        ({"url": "ftp://a.test/"}, {"/settings/url"}),
        ({"url": "https://{host}/"}, {"/settings/url"}),
        ({"url": "https://a{b}.test/"}, {"/settings/url"}),
        ({"url": "https://a.test/{x +}"}, {"/settings/url"}),
        ({"url": "https://a.test/", "method": "TRACE"}, {"/settings/method"}),
        ({"url": "https://a.test/", "nonsense": 1}, {"/settings"}),
        ({"url": "https://a.test/", "body": {"a": "=1 +"}}, {"/settings/body/a"}),
        ({"url": "https://a.test/", "headers": {"X": "=)"}, "query": {"q": "=("}},
         {"/settings/headers/X", "/settings/query/q"}),
        ({"url": "https://a.test/", "result": "body.id"}, {"/settings/result"}),
        ({"url": "https://a.test/", "error": "=1 +"}, {"/settings/error"}),
        ({"url": "https://a.test/", "errors": {"4": "x"}}, {"/settings/errors"}),
        ({"url": "https://a.test/", "retry": ["6xx"]}, {"/settings/errors"}),
        ({"url": "https://a.test/", "seconds": 0}, {"/settings/seconds"}),
        ({"url": "https://a.test/", "seconds": 26}, {"/settings/seconds"}),
        ({"url": "https://a.test/", "credential": "none"}, {"/settings/credential"}),
    ],
)  # fmt: skip
def test_every_wrong_setting_is_named_before_it_is_kept(
    home: Trading, settings: dict[str, Any], pointers: set[str]
) -> None:
    with pytest.raises(errors.Invalid) as refused:
        home.connector(**settings)
    assert {problem.pointer for problem in refused.value.problems} == pointers
    assert all(problem.text.keys() == {"zh-CN", "en"} for problem in refused.value.problems)
    assert keep.all_of(home.engine, agent=BOSS) == []


def test_a_credential_of_another_host_is_refused_before_the_first_job_finds_out(home: Trading) -> None:
    home.credential(hosts=("erp.test",))
    with pytest.raises(errors.Invalid) as refused:
        home.connector(url="https://other.test/x", credential="erp-login")
    assert [problem.pointer for problem in refused.value.problems] == ["/settings/credential"]
    home.connector(url="https://erp.test/{id}", credential="erp-login")


def test_a_connector_is_tried_out_with_made_up_input(home: Trading, web: world.Web) -> None:
    web.says(Reply.of({"id": 9}), Reply(503), Reply(404))
    home.connector(url=f"{web.url}/{{n}}", result="=body")
    tried = keep.try_out(home.engine, name="erp", given={"n": 4}, agent=BOSS, now=home.now)
    assert tried.data == {"id": 9} and web.heard[0].path == "/4"
    with pytest.raises(errors.Unavailable):
        keep.try_out(home.engine, name="erp", given={"n": 4}, agent=BOSS, now=home.now)
    with pytest.raises(errors.Conflict) as refused:
        keep.try_out(home.engine, name="erp", given={"n": 4}, agent=BOSS, now=home.now)
    assert "404" in refused.value.text["zh-CN"]
    with pytest.raises(errors.Invalid):
        keep.try_out(home.engine, name="erp", given={}, agent=BOSS, now=home.now)


def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(home: Trading) -> None:
    def put(revision: int | None) -> int:
        settings = {"url": "https://a.test/"}
        return keep.put(
            home.engine, name="x", kind="http", settings=settings, note="", agent=BOSS, now=home.now, revision=revision
        ).revision

    assert [put(0), put(1), put(None)] == [1, 2, 3]
    for old in (0, 1, 2):
        with pytest.raises(errors.Conflict):
            put(old)


def test_the_body_of_an_incident_is_short(home: Trading, web: world.Web) -> None:
    web.says(Reply(400, json.dumps({"trace": "x" * 5000}).encode()))
    home.connector(url=web.url)
    assert len(home.incident(home.served("connector:erp"))) < 1500


def test_a_literal_parameter_is_a_value_too(home: Trading, web: world.Web) -> None:
    home.served("http", Mapping(target="url", source=literal(f"{web.url}/l")))
    assert web.heard[0].path == "/l"
