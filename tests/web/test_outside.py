"""Pages of the world outside: webhooks, connectors, templates, credentials and openings, as administrators use them."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import flask
import pytest

from engine import dispatch
from engine.binding import Binding
from engine.connectors import keep as connectors
from engine.model.nodes import ServiceTask, Work
from engine.outward import Connector, Webhook
from engine.settings import Settings
from engine.trust import credentials
from engine.webhooks import keep, signing
from tests import outside_world as world
from tests.house import BOSS, House
from tests.kernel.models import program
from tests.outside_world import Reply
from tests.web.conftest import Browser, words
from web.ui.app import create_pages
from web.ui.outside import fields
from web.ui.outside.fields import Field

KEY = "a key for tests that is long enough 01"


@pytest.fixture
def app(desk: House, tmp_path: Path) -> flask.Flask:
    settings = Settings(data_dir=tmp_path, credentials_key=KEY)
    desk.engine = dataclasses.replace(desk.engine, settings=settings)
    return create_pages(desk.engine, testing=True)


@pytest.fixture
def boss(sign_in: Callable[[str], Browser]) -> Browser:
    return sign_in("boss")


@pytest.fixture
def web() -> Iterator[world.Web]:
    with world.web() as made:
        yield made


def opened(boss: Browser) -> None:
    assert boss.post("/outside/openings", {"place": "127.0.0.1", "note": "tests"}).status_code == 303


def tell(desk: House) -> None:
    while dispatch.outward(desk.engine, now=desk.now):
        pass


def hook(desk: House) -> Webhook:
    (one,) = keep.all_of(desk.engine, agent=BOSS)
    return one.webhook


# --- overview and openings -----------------------------------------------------------------------------------------


def test_an_empty_house_says_what_each_part_is_for(boss: Browser) -> None:
    page = words(boss.get("/outside"))
    for text in (
        "No webhooks yet",
        "No connectors yet",
        "No mail templates yet",
        "No credentials yet",
        "Nothing was done",
    ):
        assert text in page


def test_a_place_is_opened_listed_and_closed_and_all_of_it_is_on_record(boss: Browser) -> None:
    opened(boss)
    page = words(boss.get("/outside"))
    assert "127.0.0.1 may be called now" in page and "opened 127.0.0.1" in page
    assert boss.post("/outside/openings/close", {"place": "127.0.0.1"}).status_code == 303
    assert "closed 127.0.0.1" in words(boss.get("/outside"))


def test_a_place_that_is_none_keeps_what_was_typed_beside_the_reason(boss: Browser) -> None:
    answer = boss.post("/outside/openings", {"place": "0.0.0.0/0", "note": "all of it"})
    assert answer.status_code == 422 and "should be a host" in words(answer)
    assert 'value="0.0.0.0/0"' in answer.text and 'value="all of it"' in answer.text
    assert 'aria-describedby="place-error"' in answer.text


def test_nobody_but_administrators_sees_the_link(boss: Browser, sign_in: Callable[[str], Browser]) -> None:
    assert 'href="/outside"' in boss.get("/account").text
    for key in ("anna", "dana", "robot"):
        assert 'href="/outside"' not in sign_in(key).get("/account").text


# --- credentials ---------------------------------------------------------------------------------------------------


def test_a_credential_is_put_in_and_never_shown_again(boss: Browser, desk: House) -> None:
    form = {"name": "erp", "kind": "bearer", "hosts": "erp.test\n*.erp.test\n", "secret": "s3cret-9f8e", "note": "ERP"}
    assert boss.post("/outside/credentials/new", form).status_code == 303
    kept = credentials.get(desk.engine, name="erp", agent=BOSS)
    assert kept.hosts == ("erp.test", "*.erp.test")
    for page in ("/outside", "/outside/credentials/erp"):
        assert "s3cret-9f8e" not in boss.get(page).text
    assert "erp.test *.erp.test" in words(boss.get("/outside"))


@pytest.mark.parametrize(
    "change, status, text",
    [
        ({"hosts": ""}, 422, "expected 1 to 20 hosts"),
        ({"hosts": "*"}, 422, "is no host"),
        ({"name": "ERP"}, 422, "begins with a small letter"),
        ({"secret": ""}, 422, "expected 1 to 8000 characters"),
        ({"kind": "basic"}, 422, "needs a user"),
    ],
)
def test_a_wrong_credential_keeps_what_was_typed_but_the_secret(
    boss: Browser, change: dict[str, str], status: int, text: str
) -> None:
    form = {"name": "erp", "kind": "bearer", "hosts": "erp.test", "secret": "s3cret-9f8e", "note": "remember me"}
    answer = boss.post("/outside/credentials/new", {**form, **change})
    assert answer.status_code == status and text in words(answer)
    assert "remember me" in answer.text and "s3cret-9f8e" not in answer.text


def test_a_credential_is_changed_rotated_and_forgotten(boss: Browser, desk: House) -> None:
    form = {"kind": "bearer", "hosts": "erp.test", "secret": "s"}
    boss.post("/outside/credentials/new", {**form, "name": "erp"})
    assert boss.post("/outside/credentials/erp", {**form, "secret": "", "note": "n"}).status_code == 303
    moved = boss.post("/outside/credentials/erp", {**form, "secret": "", "hosts": "evil.test"})
    assert moved.status_code == 409 and "enter its secret again" in words(moved)
    assert boss.post("/outside/credentials/erp", {**form, "secret": "n3w", "hosts": "other.test"}).status_code == 303
    assert credentials.get(desk.engine, name="erp", agent=BOSS).hosts == ("other.test",)
    assert boss.post("/outside/credentials/erp/drop").status_code == 303
    assert boss.get("/outside/credentials/erp").status_code == 404


# --- connectors ----------------------------------------------------------------------------------------------------


def test_an_http_connector_is_set_up_by_a_form_and_tried(boss: Browser, desk: House, web: world.Web) -> None:
    opened(boss)
    web.says(Reply.of({"id": 7}), Reply(404, b"none"))
    form = {
        "name": "order", "method": "POST", "url": f"{web.url}/{{n}}", "seconds": "5", "query": "dry = =n > 1",
        "headers": "X-A = b\nX-C = =n", "body": '{"amount": "=n"}', "result": "=body", "error": "",
        "errors": "409 = taken", "retry": "5xx\n429", "note": "Orders", "credential": "",
    }  # fmt: skip
    answer = boss.post("/outside/connectors/new/http", form)
    assert answer.status_code == 303, words(answer)
    kept = connectors.get(desk.engine, name="order", agent=BOSS)
    assert kept.settings["body"] == {"amount": "=n"} and kept.settings["errors"] == {"409": "taken"}
    assert kept.settings["headers"] == {"X-A": "b", "X-C": "=n"} and kept.settings["retry"] == ["5xx", "429"]
    page = boss.get("/outside/connectors/order")
    assert "X-C = =n" in page.text and "409 = taken" in page.text and "connector:order" in page.text
    tried = boss.post("/outside/connectors/order/try", {"input": '{"n": 4}'})
    assert "It went well" in words(tried) and '"id": 7' in words(tried)
    assert web.heard[0].path == "/4?dry=true" and web.heard[0].json == {"amount": 4}
    failed = boss.post("/outside/connectors/order/try", {"input": '{"n": 4}'})
    assert failed.status_code == 409 and "HTTP 404 none" in words(failed)
    nonsense = boss.post("/outside/connectors/order/try", {"input": "[1"})
    assert nonsense.status_code == 422 and "JSON object" in words(nonsense)


def test_saving_the_form_as_it_stands_changes_nothing(boss: Browser, desk: House) -> None:
    settings = {"url": "https://a.test/{x}", "method": "PUT", "body": {"a": ["=x", 1, None]}, "headers": {"A": "=1"},
                "seconds": 7.5, "errors": {"4xx": "no"}, "result": "={a: body.b}"}  # fmt: skip
    connectors.put(desk.engine, name="x", kind="http", settings=settings, note="n", agent=BOSS, now=desk.now)
    before = connectors.get(desk.engine, name="x", agent=BOSS)
    page = boss.get("/outside/connectors/x").text
    form = dict(re.findall(r'<input class="input" id="(\w+)"[^>]* value="([^"]*)"', page))
    form |= dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', page, re.S))
    unescaped = {name: value.replace("&#34;", '"').replace("&quot;", '"') for name, value in form.items()}
    answer = boss.post("/outside/connectors/x", {**unescaped, "method": "PUT"})
    assert answer.status_code == 303, words(answer)
    assert connectors.get(desk.engine, name="x", agent=BOSS).settings == before.settings


@pytest.mark.parametrize(
    "kind, change, text",
    [
        ("http", {"url": "ftp://x"}, "no address"),
        ("http", {"body": '{"a": '}, "cannot be read"),
        ("http", {"headers": "no equals sign"}, "cannot be read"),
        ("http", {"seconds": "many"}, "cannot be read"),
        ("http", {"result": "=1 +"}, "ends"),
        ("http", {"name": "No Good"}, "begins with a small letter"),
        ("mail", {"sender": "nobody"}, "no e-mail address"),
        ("mail", {"port": "x"}, "cannot be read"),
        ("mail", {"host": "a b"}, "expected a host"),
    ],
)
def test_a_wrong_connector_keeps_what_was_typed_beside_the_reason(
    boss: Browser, kind: str, change: dict[str, str], text: str
) -> None:
    usual = {
        "http": {"name": "x", "method": "GET", "url": "https://a.test", "note": "remember me"},
        "mail": {"name": "x", "host": "m.test", "port": "587", "security": "starttls", "sender": "a@b.test",
                 "note": "remember me"},
    }  # fmt: skip
    answer = boss.post(f"/outside/connectors/new/{kind}", {**usual[kind], **change})
    assert answer.status_code == 422 and text in words(answer), words(answer)
    assert "remember me" in answer.text and 'aria-invalid="true"' in answer.text


def test_a_mail_connector_sends_a_letter_when_it_is_tried(boss: Browser) -> None:
    with world.post() as post:
        boss.post("/outside/openings", {"place": "localhost", "note": ""})
        boss.post("/outside/openings", {"place": "127.0.0.1", "note": ""})
        form = {
            "name": "mail",
            "host": "localhost",
            "port": str(post.port),
            "security": "plain",
            "sender": "crm@a.test",
        }
        assert boss.post("/outside/connectors/new/mail", form).status_code == 303
        given = '{"to": "me@x.test", "subject": "Hi", "text": "Hello"}'
        tried = boss.post("/outside/connectors/mail/try", {"input": given})
        assert tried.status_code == 200 and "me@x.test" in words(tried), words(tried)
        assert post.letter().message["Subject"] == "Hi"


def test_unknown_kinds_and_names_are_not_found(boss: Browser) -> None:
    assert boss.get("/outside/connectors/new/smoke").status_code == 404
    assert boss.get("/outside/connectors/none").status_code == 404
    assert boss.get("/outside/templates/none").status_code == 404


def test_a_connector_says_which_steps_use_it_also_by_a_binding(boss: Browser, desk: House) -> None:
    work = {"score": Work(handler="org.acme.Score", style="unbound"), "ask": Work(handler="connector:post")}
    steps = [ServiceTask(id=name, name=f"Step {name}", work=one) for name, one in work.items()]
    desk.release(program("start s", *steps, "end e", key="scored", flow=["s > score > ask > e"]))
    with desk.engine.store.transaction() as tx:
        tx.connectors.put(Connector(name="post", kind="http", settings={}, changed_at=desk.now, changed_by="boss"))
    page = words(boss.get("/outside/connectors/post"))
    assert "Step ask" in page and "Step score" not in page
    with desk.engine.store.transaction() as tx:
        tx.bindings.put(
            Binding(
                handler="org.acme.Score", kind="handler", target="connector:post", bound_at=desk.now, bound_by="boss"
            )
        )
    page = words(boss.get("/outside/connectors/post"))
    assert "Step score" in page and "org.acme.Score is bound to it" in page


def test_a_connector_is_forgotten(boss: Browser) -> None:
    form = {"name": "x", "method": "GET", "url": "https://a.test"}
    boss.post("/outside/connectors/new/http", form)
    assert boss.post("/outside/connectors/new/http", form).status_code == 409, "a name is given once"
    assert boss.post("/outside/connectors/x/drop").status_code == 303
    assert boss.get("/outside/connectors/x").status_code == 404


# --- templates -----------------------------------------------------------------------------------------------------


def test_a_template_is_written_in_both_languages(boss: Browser, desk: House) -> None:
    form = {"name": "hello", "subject_zh_cn": "您好", "text_zh_cn": "{{customer.name}}，您好", "subject_en": "Hi",
            "text_en": "Dear {{customer.name}}", "html_en": "<p>{{who}}</p>"}  # fmt: skip
    assert boss.post("/outside/templates/new", form).status_code == 303
    kept = connectors.template(desk.engine, name="hello", agent=BOSS)
    assert kept.subject == {"zh-CN": "您好", "en": "Hi"} and kept.html == {"en": "<p>{{who}}</p>"}
    page = boss.get("/outside/templates/hello")
    assert "customer.name" in words(page) and "{{name}} becomes" in words(page)
    changed = boss.post("/outside/templates/hello", {**form, "subject_en": "Hello"})
    assert changed.status_code == 303
    assert connectors.template(desk.engine, name="hello", agent=BOSS).subject["en"] == "Hello"
    assert boss.post("/outside/templates/hello/drop").status_code == 303


def test_a_wrong_template_says_where(boss: Browser) -> None:
    answer = boss.post("/outside/templates/new", {"name": "x", "subject_en": "a {{", "text_en": "b {{1+1}}"})
    assert answer.status_code == 422
    assert 'id="subject_en-error"' in answer.text and 'id="text_en-error"' in answer.text


# --- webhooks ------------------------------------------------------------------------------------------------------


def test_a_webhook_is_added_its_secret_shown_once_and_its_log_read(boss: Browser, desk: House, web: world.Web) -> None:
    opened(boss)
    web.says(Reply(500, b"broken"), Reply(200))
    form = {"name": "shop", "url": f"{web.url}/in", "events": "instance.*\n", "processes": "quote", "groups": ""}
    added = boss.post("/outside/webhooks/new", form)
    secret = re.search(r'value="(whsec_[^"]+)"', added.text)
    assert added.status_code == 200 and secret
    page = f"/outside/webhooks/{hook(desk).id}"
    assert "whsec_" not in boss.get(page).text
    desk.start("quote", amount=5)
    tell(desk)
    shown = words(boss.get(page))
    assert "answered 500 broken" in shown and "instance.started" in shown and "in a row" in shown
    desk.pass_time(minutes=1)
    tell(desk)
    assert signing.verified(web.heard[1].body, web.heard[1].headers, secret=secret[1], now=desk.now)
    assert "Delivered 1" in words(boss.get("/outside"))


def test_buttons_stop_start_test_rotate_replay_and_forget(boss: Browser, desk: House, web: world.Web) -> None:
    opened(boss)
    boss.post("/outside/webhooks/new", {"name": "shop", "url": web.url})
    page = f"/outside/webhooks/{hook(desk).id}"
    assert boss.post(f"{page}/stop").status_code == 303 and "Stopped:" in words(boss.get(page))
    assert boss.post(f"{page}/start").status_code == 303 and hook(desk).active
    assert boss.post(f"{page}/test").status_code == 303
    tell(desk)
    assert web.heard[0].json["type"] == "dev.crmflow.test"
    rotated = boss.post(f"{page}/rotate")
    assert "whsec_" in rotated.text and "Old secret until" in words(rotated)
    (sent,) = keep.deliveries(desk.engine, webhook_id=hook(desk).id, agent=BOSS)
    assert boss.post(f"{page}/replay", {"delivery": sent.id}).status_code == 303
    tell(desk)
    assert len(web.heard) == 2
    assert boss.post(f"{page}/explode").status_code == 404
    assert boss.post(f"{page}/drop").status_code == 303 and boss.get(page).status_code == 404


def test_dead_letters_have_a_tab_and_a_button_of_their_own(boss: Browser, desk: House, web: world.Web) -> None:
    opened(boss)
    web.says(Reply(410))
    boss.post("/outside/webhooks/new", {"name": "shop", "url": web.url, "events": "instance.started"})
    desk.start("quote", amount=5)
    tell(desk)
    page = f"/outside/webhooks/{hook(desk).id}"
    shown = words(boss.get(f"{page}?status=dead"))
    assert "answered 410, gone" in shown and "Send dead letters again" in shown
    assert "instance.started" not in words(boss.get(f"{page}?status=delivered")).split("Settings")[0]
    web.says(Reply(200))
    boss.post(f"{page}/start")
    boss.post(f"{page}/replay")
    tell(desk)
    assert "instance.started" in words(boss.get(f"{page}?status=delivered"))


def test_a_wrong_webhook_keeps_what_was_typed_on_either_page(boss: Browser, desk: House) -> None:
    wrong = {"name": "shop", "url": "nonsense", "events": "nope"}
    for page in ("/outside/webhooks/new", None):
        if page is None:
            boss.post("/outside/webhooks/new", {"name": "shop", "url": "https://a.test"})
            page = f"/outside/webhooks/{hook(desk).id}"
        answer = boss.post(page, wrong)
        assert answer.status_code == 422 and 'value="nonsense"' in answer.text
        assert "is no address" in words(answer) and "there is no event" in words(answer)


def test_a_webhook_is_changed_by_its_form(boss: Browser, desk: House) -> None:
    boss.post("/outside/webhooks/new", {"name": "shop", "url": "https://a.test"})
    page = f"/outside/webhooks/{hook(desk).id}"
    form = {"name": "new", "url": "https://b.test", "events": "task.*", "groups": "KA\nGR", "with_data": "true"}
    assert boss.post(page, form).status_code == 303
    kept = hook(desk)
    assert (kept.name, kept.url, kept.events, kept.groups, kept.with_data) == (
        "new", "https://b.test", ("task.*",), ("KA", "GR"), True,
    )  # fmt: skip
    assert " checked" in boss.get(page).text


def test_a_hostile_name_is_only_text(boss: Browser, desk: House) -> None:
    evil = "<script>alert(1)</script>"
    boss.post("/outside/webhooks/new", {"name": evil, "url": "https://a.test"})
    for page in ("/outside", f"/outside/webhooks/{hook(desk).id}"):
        assert evil not in boss.get(page).text and "&lt;script&gt;" in boss.get(page).text


# --- fields --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind, typed, value",
    [
        ("lines", " a \r\n\r\nb\n", ["a", "b"]),
        ("pairs", "a = 1\nb==x\n\n c = d = e ", {"a": "1", "b": "=x", "c": "d = e"}),
        ("json", '{"a": [1]}', {"a": [1]}),
        ("json", "=order.total", "=order.total"),
        ("json", "<a/>", "<a/>"),
        ("number", "2.5", 2.5),
        ("text", "  x ", "x"),
        ("area", "a\r\nb", "a\nb"),
    ],
)
def test_what_was_typed_becomes_a_value(kind: fields.Kind, typed: str, value: object) -> None:
    with flask.Flask("x").test_request_context(method="POST", data={"f": typed}):
        assert fields.read([Field("f", kind)]) == {"f": value}


@pytest.mark.parametrize("kind", ["lines", "pairs", "json", "number", "text", "area", "check"])
def test_what_was_left_empty_is_missing(kind: fields.Kind) -> None:
    with flask.Flask("x").test_request_context(method="POST", data={"f": ""}):
        assert not fields.read([Field("f", kind)]).get("f")
