"""The designer's page: everything that is wrong and its mends, who does what the drawing names, and what was typed."""

import dataclasses
import io
from collections.abc import Callable

import flask
import pytest
from werkzeug.test import TestResponse

from engine.bpmn import read
from engine.definitions import bindings
from engine.people import users
from engine.people.agent import SYSTEM
from tests.house import BOSS, House
from tests.unit.bpmn.drawn import document, ext
from tests.web.conftest import PASSWORD, Browser, words

FLOWS = '<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="e"/>'
LISTENER = ext('<camunda:executionListener event="start" class="org.acme.Told"/>')
NAMED = document(f'<startEvent id="s"/><task id="a" name="Tell them">{LISTENER}</task><endEvent id="e"/>{FLOWS}')
TIMER = "<intermediateCatchEvent id='{}'><timerEventDefinition/></intermediateCatchEvent>"
UNTIMED = document(
    f'<startEvent id="s"/>{TIMER.format("a")}{TIMER.format("b")}<endEvent id="e"/>'
    '<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="b"/>'
    '<sequenceFlow id="f3" sourceRef="b" targetRef="e"/>'
)
Enter = Callable[[str], Browser]


@pytest.fixture
def dana(sign_in: Enter, desk: House, app: flask.Flask) -> Browser:
    app.extensions["engine"] = desk.engine = dataclasses.replace(desk.engine, reader=read.read)
    return sign_in("dana")


def upload(browser: Browser, content: bytes, name: str = "x.bpmn", **typed: str) -> TestResponse:
    data = {"csrf_token": browser.token("/designer"), "files": (io.BytesIO(content), name), **typed}
    return browser.client.post("/designer", data=data, content_type="multipart/form-data")


# Problems and mends


def test_every_problem_is_shown_with_its_place_and_its_mend_can_be_pressed(dana: Browser) -> None:
    upload(dana, UNTIMED)
    page = dana.get("/designer/p/1")
    assert page.text.count('name="fix" value="fill_timer"') == 2
    assert "The timer event says no time" in words(page) and "line 4" in words(page)
    answer = dana.post("/designer/p/1/mend", {"fix": "fill_timer", "element": "b"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/designer/p/2")
    shown = dana.get("/designer/p/2")
    assert "1 problem mended: draft v2." in words(shown)
    assert shown.text.count('name="fix" value="fill_timer"') == 1


def test_all_mends_at_once(dana: Browser) -> None:
    upload(dana, UNTIMED)
    assert "Mend all 5 that can be mended" in words(dana.get("/designer/p/1"))
    answer = dana.post("/designer/p/1/mend")
    shown = dana.get(answer.headers["Location"])
    assert "5 problems mended" in words(shown) and "No problems found" in words(shown)
    assert dana.post("/designer/p/2/release").status_code == 303


def test_a_mend_that_is_not_offered_is_refused_in_words(dana: Browser) -> None:
    upload(dana, UNTIMED)
    answer = dana.post("/designer/p/1/mend", {"fix": "give_ids", "element": "a"})
    assert answer.status_code == 422 and "offers no such mend" in words(answer)


# Handlers


def test_a_missing_handler_is_listed_and_bound_and_the_stopped_case_goes_on(dana: Browser, desk: House) -> None:
    assert "1 handler is done by nobody yet" in words(upload(dana, NAMED))
    dana.post("/designer/p/1/release")
    case = desk.start("p")
    desk.settle()
    assert desk.instance(case).incidents
    page = dana.get("/designer/p/1")
    assert "org.acme.Told" in words(page) and "Tell them" in words(page) and "Nobody" in words(page)
    answer = dana.post("/designer/p/1/bind", {"handler": "org.acme.Told", "target": "nothing"})
    assert answer.status_code == 303 and answer.headers["Location"].endswith("#handlers")
    shown = words(dana.get("/designer/p/1"))
    assert "nothing now does org.acme.Told. 1 stopped case goes on." in shown and "Nobody" not in shown
    desk.settle()
    assert desk.instance(case).status == "completed"


def test_a_handler_may_be_a_topic_and_be_unbound_again(dana: Browser, desk: House) -> None:
    upload(dana, NAMED)
    dana.post("/designer/p/1/bind", {"handler": "org.acme.Told", "target": "log", "topic": "mail"})
    (binding,) = bindings.handlers(desk.engine, agent=BOSS).bindings
    assert (binding.kind, binding.target) == ("topic", "mail"), "what was typed goes before what was chosen"
    assert "Topic mail" in words(dana.get("/designer/p/1"))
    dana.post("/designer/p/1/unbind", {"handler": "org.acme.Told"})
    assert bindings.handlers(desk.engine, agent=BOSS).bindings == ()
    assert "bound to nobody any more" in words(dana.get("/designer/p/1"))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"handler": "org.acme.Told", "target": ""}, "target has 1 to 1000 characters"),
        ({"handler": "org.acme.Told", "target": "nobody"}, "There is no handler 'nobody' here"),
        ({"handler": "org.acme.Told", "topic": "x" * 1001}, "target has 1 to 1000 characters"),
    ],
)
def test_a_binding_that_is_wrong_says_so_where_it_was_entered(dana: Browser, sent: dict[str, str], said: str) -> None:
    upload(dana, NAMED)
    answer = dana.post("/designer/p/1/bind", sent)
    assert answer.status_code == 422 and said in words(answer)
    assert 'aria-invalid="true"' in answer.text and sent.get("topic", "") in answer.text


def test_a_drawing_that_names_no_handlers_says_so(dana: Browser) -> None:
    upload(dana, UNTIMED)
    assert "The drawing names no handlers." in words(dana.get("/designer/p/1"))


# What was typed


def test_without_a_file_what_was_typed_stays(dana: Browser) -> None:
    answer = dana.post("/designer", {"name": "Our order"})
    assert answer.status_code == 422
    assert "Choose a file first." in words(answer) and 'value="Our order"' in answer.text


@pytest.mark.parametrize(
    ("name", "file"),
    [("", "drawing.bpmn"), ("orders", "orders.bpmn"), ("orders.bpmn", "orders.bpmn"), ("../../x", "x.bpmn")],
)
def test_a_drawing_may_be_pasted(dana: Browser, desk: House, name: str, file: str) -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?>' + NAMED.decode().partition("?>")[2]
    answer = dana.post("/designer", {"name": name, "pasted": text})
    assert answer.status_code == 200 and "/designer/p/1" in answer.text, words(answer)
    with desk.engine.store.reading() as tx:
        version = tx.processes.version("p", 1)
        assert version is not None
        resource = tx.processes.resource(version.resource_id)
    assert resource is not None and resource.name == file


def test_what_was_pasted_and_is_too_large_stays_too(dana: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.definitions.publish.LARGEST_FILE", 100)
    answer = dana.post("/designer", {"name": "n", "pasted": NAMED.decode()})
    assert answer.status_code == 413 and "org.acme.Told" in answer.text and 'value="n"' in answer.text


@pytest.mark.parametrize("address", ["/designer/p/1/mend", "/designer/p/1/bind", "/designer/p/1/unbind"])
def test_who_may_not_draw_may_do_none_of_it(dana: Browser, anna: Browser, address: str) -> None:
    upload(dana, NAMED)
    assert anna.post(address, {"handler": "org.acme.Told", "target": "log"}).status_code == 403


@pytest.mark.parametrize("what", ["mend", "bind"])
def test_a_version_that_does_not_exist_is_not_found(dana: Browser, what: str) -> None:
    upload(dana, NAMED)
    sent = {"handler": "org.acme.Told", "target": "", "fix": "x"}
    assert dana.post(f"/designer/p/9/{what}", sent).status_code == 404


def test_everything_is_said_in_chinese_too(sign_in: Enter, dana: Browser, desk: House) -> None:
    upload(dana, NAMED)
    profile = users.Profile(name="戴娜", roles=("designer",), groups=(), locale="zh-CN")
    users.add_user(desk.engine, key="zhou", profile=profile, password=PASSWORD, agent=SYSTEM, now=desk.now)
    shown = words(sign_in("zhou").get("/designer/p/1"))
    for said in ("处理程序", "没有人", "还没有人处理", "本系统的处理程序", "或外部主题", "绑定"):
        assert said in shown, said


# Bundles


def test_a_version_goes_out_as_one_file_and_comes_in_again(dana: Browser) -> None:
    upload(dana, UNTIMED)
    packed = dana.get("/designer/p/1/bundle")
    assert packed.mimetype == "application/zip" and "filename=p-v1.zip" in packed.headers["Content-Disposition"]
    answer = upload(dana, packed.data, "p.zip")
    assert answer.status_code == 200 and "p.bpmn" in words(answer)


def test_a_file_that_only_says_it_is_a_zip_is_refused_in_words(dana: Browser) -> None:
    answer = upload(dana, b"no zip", "p.zip", pasted=" ")
    assert answer.status_code == 422 and "cannot be read as a zip file" in words(answer)
