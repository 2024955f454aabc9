"""Behind the page on which one draws: a new process, its file, what is wrong with it, its saves and their refusals."""

import dataclasses
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import flask
import pytest
from werkzeug.test import TestResponse

from engine.bpmn import read
from engine.definitions import catalogue, drafts
from tests.house import BOSS, House
from tests.shared import ROOT
from tests.web.conftest import Browser, words
from web.ui import texts

SCRIPTS = ROOT / "web" / "static" / "js" / "modeler"
NEW = {"key": "offer", "name_zh": "报价", "name_en": "Offer", "pillar": "SFA"}
Enter = Callable[[str], Browser]


@pytest.fixture
def dana(sign_in: Enter, desk: House, app: flask.Flask) -> Browser:
    app.extensions["engine"] = desk.engine = dataclasses.replace(desk.engine, reader=read.read)
    return sign_in("dana")


@pytest.fixture
def drawn(dana: Browser) -> dict[str, str]:
    """The file of a new process and what was seen of it."""
    assert dana.post("/designer/new", NEW).status_code == 303
    return dict(dana.get("/designer/offer/1/draw/file").json or {})


def send(browser: Browser, deed: str, body: Any, key: str = "offer", n: int = 1) -> TestResponse:
    token = browser.token("/designer")
    return browser.client.post(f"/designer/{key}/{n}/draw/{deed}", json=body, headers={"X-CSRFToken": token})


# A new process


def test_a_new_process_opens_where_it_is_drawn(dana: Browser, desk: House) -> None:
    answer = dana.post("/designer/new", NEW)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/designer/offer/1/draw")
    page = dana.get("/designer/offer/1/draw")
    assert page.status_code == 200 and "<h1>Offer</h1>" in page.text
    process, _ = catalogue.get(desk.engine, process="offer")
    assert (process.pillar, process.texts) == ("SFA", {"zh-CN": "报价", "en": "Offer"})


@pytest.mark.parametrize(
    ("entered", "status", "told"),
    [
        ({"key": "1 offer"}, 422, "A key begins with a letter"),
        ({"name_zh": "", "name_en": " "}, 422, "A name in one language"),
        ({"pillar": "HR"}, 422, ""),
        ({"key": "quote"}, 409, "There is a process"),
    ],
)
def test_what_was_entered_stays_with_the_reason_beside_it(
    dana: Browser, entered: dict[str, str], status: int, told: str
) -> None:
    answer = dana.post("/designer/new", {**NEW, **entered})
    assert answer.status_code == status and told in words(answer)
    for name, value in {**NEW, **entered}.items():
        if name != "pillar":
            assert f'name="{name}" maxlength="200" value="{value.strip()}"' in answer.text


def test_the_reason_is_told_in_chinese_too(dana: Browser, app: flask.Flask, desk: House) -> None:
    dana.post("/language", {"locale": "zh-CN", "next": "/designer"})
    answer = dana.post("/designer/new", {**NEW, "key": "?"})
    assert "编号以字母开头" in words(answer)


# The page


def test_the_page_hands_over_every_word_its_scripts_say_and_every_choice(dana: Browser, drawn: dict[str, str]) -> None:
    page = dana.get("/designer/offer/1/draw").text
    said = handed(page, "words")
    asked = set()
    for path in SCRIPTS.glob("*.js"):
        asked |= set(re.findall(r'\bt\("([a-z_A-Z]+)"', path.read_text(encoding="utf-8")))
    assert asked - set(said) == set()
    choices = handed(page, "choices")
    offered = {"groups", "rules", "forms", "decisions", "calendars", "handlers", "processes", "escalations"}
    assert set(choices) == offered
    assert ["warn", "Remind who does it"] in choices["escalations"]
    assert ["24x7", "24x7"] in choices["calendars"] and ["offer", "offer Offer"] in choices["processes"]


def handed(page: str, name: str) -> Any:
    matched = re.search(rf'data-{name}="([^"]*)"', page)
    assert matched is not None
    return json.loads(unescape(matched[1]))


def test_no_word_of_the_page_is_said_by_nobody() -> None:
    """Keys that scripts put together begin with one of these."""
    together = ("part_", "type_", "sign_", "shape_", "timer_time", "tag_", "do_", "error", "warning", "info", "saved",
                "saving", "unsaved", "not_saved", "of_")  # fmt: skip
    sources = [*SCRIPTS.glob("*.js"), *(ROOT / "web").rglob("*.html"), *(ROOT / "web" / "ui").glob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    keys = [key.partition(".")[2] for key in texts.ALL if key.startswith("draw.")]
    unsaid = [
        key for key in keys if not key.startswith(together) and f'"{key}"' not in text and f"draw.{key}'" not in text
    ]
    assert unsaid == []


def test_a_released_version_says_that_saving_makes_a_draft(dana: Browser, desk: House) -> None:
    page = dana.get("/designer/quote/1/draw")
    assert "v1 stays as it is: saving makes a new draft." in words(page)


# The modeler's Chinese


def test_everything_the_modeler_may_say_stands_in_the_dictionary() -> None:
    asked = json.loads((ROOT / "web/static/vendor/bpmn-modeler.strings.json").read_text(encoding="utf-8"))
    text = (SCRIPTS / "zh.js").read_text(encoding="utf-8").partition("export default ")[2].rstrip(";\n")
    dictionary = json.loads(text)
    assert len(asked) > 140
    assert [one for one in asked if one not in dictionary] == []
    assert [one for one, said in dictionary.items() if not re.search(r"[\u4e00-\u9fff]", said)] == []
    assert [one for one, said in dictionary.items() if re.search(r"[(),;:?!]", said)] == []


# Checks and saves


def test_a_check_tells_each_problem_with_its_element_in_both_languages(dana: Browser, drawn: dict[str, str]) -> None:
    cut = drawn["xml"].replace('targetRef="End"', 'targetRef="Nowhere"')
    answer = send(dana, "check", {"drawing": cut})
    assert answer.status_code == 200
    problems = (answer.json or {})["problems"]
    assert any(one["element"] == "Flow_2" and one["severity"] == "error" for one in problems)
    assert all(set(one["text"]) == {"zh-CN", "en"} for one in problems)
    assert dana.get("/designer/offer/1/draw/file").json == drawn


def test_a_save_says_where_it_went_and_what_the_next_one_must_have_seen(dana: Browser, drawn: dict[str, str]) -> None:
    changed = drawn["xml"].replace("First step", "Check")
    answer = send(dana, "save", {"drawing": changed, "seen": drawn["seen"]})
    told = answer.json or {}
    assert (answer.status_code, told["n"], told["address"]) == (200, 1, "/designer/offer/1")
    assert dana.get("/designer/offer/1/draw/file").json == {"xml": changed, "seen": told["seen"]}
    assert send(dana, "save", {"drawing": drawn["xml"], "seen": told["seen"]}).status_code == 200


def test_a_save_that_saw_an_older_one_is_refused_and_told_what_to_say_to_save_over_it(
    dana: Browser, drawn: dict[str, str], desk: House
) -> None:
    drafts.save(
        desk.engine,
        process="offer",
        n=1,
        drawing=drawn["xml"].replace("First step", "Theirs").encode(),
        seen=drawn["seen"],
        agent=BOSS,
        now=desk.now,
    )
    mine = {"drawing": drawn["xml"].replace("First step", "Mine"), "seen": drawn["seen"]}
    answer = send(dana, "save", mine)
    told = answer.json or {}
    assert answer.status_code == 409 and "boss" in told["text"]["en"] and "boss" in told["text"]["zh-CN"]
    assert told["newest"]["n"] == 1 and told["newest"]["address"] == "/designer/offer/1/draw"
    assert "Theirs" in (dana.get("/designer/offer/1/draw/file").json or {})["xml"]
    assert send(dana, "save", {**mine, "seen": told["newest"]["seen"]}).status_code == 200
    assert "Mine" in (dana.get("/designer/offer/1/draw/file").json or {})["xml"]


HOSTILE = [
    ("<a>", 422),
    ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 422),
    ("", 422),
    ("\x00", 422),
    ("<a>" * 5000, 422),
]


@pytest.mark.parametrize(("drawing", "status"), HOSTILE)
def test_a_drawing_that_cannot_be_read_is_refused_in_words_and_nothing_changes(
    dana: Browser, drawn: dict[str, str], drawing: str, status: int
) -> None:
    answer = send(dana, "save", {"drawing": drawing, "seen": drawn["seen"]})
    told = answer.json or {}
    assert answer.status_code == status and told["problems"] and told["newest"] is None
    assert "root:" not in json.dumps(told)
    assert dana.get("/designer/offer/1/draw/file").json == drawn


BODIES: list[Any] = [None, [], "x", 7, {"drawing": 7}, {"drawing": None}, {"drawing": "<a/>", "seen": {}}]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("deed", ["check", "save"])
def test_a_body_that_is_no_object_of_texts_is_refused(
    dana: Browser, drawn: dict[str, str], deed: str, body: Any
) -> None:
    assert send(dana, deed, body).status_code == 422


def test_a_drawing_has_a_size(dana: Browser, drawn: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "LARGEST_DRAWING", 100)
    answer = send(dana, "save", {"drawing": drawn["xml"], "seen": drawn["seen"]})
    assert answer.status_code == 413 and "MB" in (answer.json or {})["text"]["en"]
    assert send(dana, "check", {"drawing": drawn["xml"]}).status_code == 413


def test_without_the_token_of_the_page_nothing_is_saved(dana: Browser, drawn: dict[str, str]) -> None:
    answer = dana.client.post("/designer/offer/1/draw/save", json={"drawing": drawn["xml"], "seen": drawn["seen"]})
    assert answer.status_code == 400


@pytest.mark.parametrize("place", ["nothing/1", "offer/7"])
def test_what_is_not_there_is_not_found(dana: Browser, drawn: dict[str, str], place: str) -> None:
    assert dana.get(f"/designer/{place}/draw").status_code == 404
    assert dana.get(f"/designer/{place}/draw/file").status_code == 404
    key, n = place.split("/")
    assert send(dana, "check", {"drawing": drawn["xml"]}, key, int(n)).status_code == 404
    assert send(dana, "save", {"drawing": drawn["xml"], "seen": "x"}, key, int(n)).status_code == 404
