"""The page on which a draft is tried out: every press is a step of the story, and a wrong one leaves it as it was."""

import dataclasses
import html
import re
from collections.abc import Callable, Iterator

import flask
import pytest
from werkzeug.test import TestResponse

from engine.bpmn import read
from engine.definitions import publish
from engine.evaluation import HouseEvaluator
from tests.house import BOSS, House
from tests.unit.simulation.test_sandbox import DRAWING, FORM
from tests.web.conftest import Browser, words

HERE = "/designer/p/1/play"
Enter = Callable[[str], Browser]


@pytest.fixture
def dana(sign_in: Enter, desk: House, app: flask.Flask) -> Iterator[Browser]:
    evaluator = HouseEvaluator()
    app.extensions["engine"] = desk.engine = dataclasses.replace(desk.engine, reader=read.read, evaluator=evaluator)
    files = {"p.bpmn": DRAWING, "ask.json": FORM}
    publish.deploy(desk.engine, name="p", files=files, agent=BOSS, now=desk.now)
    yield sign_in("dana")
    evaluator.close()


def story(page: TestResponse) -> str:
    found = re.search(r'name="story" value="([^"]*)"', page.text)
    return html.unescape(found[1]) if found else ""


def press(browser: Browser, page: TestResponse, deed: str, **typed: str) -> TestResponse:
    """A button by the beginning of its value."""
    found = re.search(rf'name="do" value="({deed}(:\d+)?)"', page.text)
    assert found is not None, (deed, page.text)
    named = {name.replace("ID", found[1].partition(":")[2]): value for name, value in typed.items()}
    return browser.post(HERE, {"story": story(page), "do": found[1], **named})


def test_from_the_start_to_the_end_and_back(dana: Browser) -> None:
    page = press(dana, dana.get(HERE), "begin")
    assert "Ask" in words(page) and 'name="f/amount"' in page.text
    page = press(dana, page, "complete", **{"f/amount": "500"})
    page = press(dana, page, "answer", **{"data-ID": '{"score": 7}'})
    assert "&#34;score&#34;: 7" in page.text
    page = press(dana, page, "fire")
    assert 'data-wait="message"' in page.text
    page = press(dana, page, "deliver")
    assert 'id="ended"' in page.text
    page = press(dana, page, "undo")
    assert 'data-wait="message"' in page.text and 'id="ended"' not in page.text
    assert story(press(dana, page, "restart")) == ""


def test_what_the_form_refuses_stays_in_its_box(dana: Browser) -> None:
    page = press(dana, press(dana, dana.get(HERE), "begin"), "complete", **{"f/amount": "0"})
    assert 'value="0"' in page.text and 'data-wait="work"' in page.text and '"complete"' not in story(page)


@pytest.mark.parametrize("data", ["[]", "{", "7", '"x"', "[" * 5000, "x" * 50_001])
def test_data_that_are_no_object_are_refused_and_stay(dana: Browser, data: str) -> None:
    page = press(dana, press(dana, dana.get(HERE), "begin"), "complete", **{"f/amount": "500"})
    answer = press(dana, page, "answer", **{"data-ID": data})
    assert answer.status_code == 422 and "no JSON object" in words(answer)
    assert story(answer) == story(page) and html.escape(data, quote=False)[:40] in answer.text.replace("&#34;", '"')


@pytest.mark.parametrize("text", ["{", "[]", '{"steps": 7}', '{"steps": [{"dance": 1}]}', "[" * 3000])
def test_a_story_that_nobody_here_wrote_is_refused(dana: Browser, text: str) -> None:
    assert dana.post(HERE, {"story": text, "do": "begin"}).status_code == 422


def test_a_story_that_is_too_large_is_refused(dana: Browser) -> None:
    assert dana.post(HERE, {"story": "x" * 500_001, "do": "begin"}).status_code == 413


@pytest.mark.parametrize("deed", ["", "dance", "complete:999", "answer:x", "fire:1", "pass", "choose:1"])
def test_a_button_that_is_not_there_changes_nothing(dana: Browser, deed: str) -> None:
    page = press(dana, dana.get(HERE), "begin")
    again = dana.post(HERE, {"story": story(page), "do": deed})
    assert again.status_code == 200 and story(again) == story(page)


def test_time_that_is_no_duration_is_told(dana: Browser) -> None:
    page = press(dana, dana.get(HERE), "begin")
    answer = dana.post(HERE, {"story": story(page), "do": "pass", "span": "soon"})
    assert 'role="alert"' in answer.text and story(answer) == story(page)


def test_the_page_speaks_chinese(dana: Browser) -> None:
    dana.post("/language", {"locale": "zh-CN", "next": "/designer"})
    page = press(dana, dana.get(HERE), "begin")
    assert "试运行" in words(page) and "时钟是虚拟的" in words(page)


def test_the_drawing_marks_where_it_stands(dana: Browser) -> None:
    found = dana.get(f"{HERE}/drawing?now=ask&done=s").json or {}
    assert found["marks"]["ask"] == "now" and found["marks"]["s"] == "done" and "ask" in found["xml"]


def test_the_page_says_when_it_has_to_be_played_first(dana: Browser, desk: House) -> None:
    page = dana.get("/designer/p/1")
    assert "not played to an end" in words(page) and "only after" not in words(page)
    assert dana.post("/designer/p/1/play-first", {"wanted": "yes"}).status_code == 303
    asked = dana.get("/designer/p/1")
    assert "It is released only after it was played to an end." in words(asked)
    assert '<button class="button primary" disabled>Release' in asked.text or "disabled>" in asked.text
    assert dana.post("/designer/p/1/release").status_code == 409
    dana.post("/designer/p/1/play-first", {"wanted": ""})
    assert "only after" not in words(dana.get("/designer/p/1"))
