"""Feedback from any page, phrases beside every comment, and comments on the case page."""

from collections.abc import Callable

import pytest

from engine.inbox import phrases
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.performer import Performer
from engine.model.program import Flow, Program
from engine.watch import feedback
from tests.house import ANNA, BOSS, House
from tests.web.conftest import Browser, words

Enter = Callable[[str], Browser]
FORM = {"type": "object", "properties": {"why": {"type": "string", "title": "Why", "x-ui": {"widget": "textarea"}}}}


@pytest.fixture
def task(desk: House, anna: Browser) -> str:
    sales = Performer(groups=(Expression(text="sales", language="literal"),))
    steps = (
        nodes.StartEvent(id="s"),
        nodes.UserTask(id="look", name="Look", performer=sales, form="f"),
        nodes.EndEvent(id="e"),
    )
    ways = (Flow(id="f1", source="s", target="look"), Flow(id="f2", source="look", target="e"))
    desk.release(Program(key="deal", nodes=steps, flows=ways, forms={"f": FORM}))
    item = desk.item(desk.start("deal"), "look").id
    anna.post(f"/tasks/{item}/claim")
    return item


def test_every_page_leads_to_feedback_about_itself(anna: Browser, task: str) -> None:
    page = anna.get(f"/tasks/{task}?a=1")
    assert f'href="/feedback?page=/tasks/{task}?a%3D1"' in page.text or f"/feedback?page=/tasks/{task}" in page.text
    form = anna.get(f"/feedback?page=/tasks/{task}")
    assert f'name="page" value="/tasks/{task}"' in form.text


def test_feedback_knows_case_process_and_step_and_comes_back_answered(
    anna: Browser, sign_in: Enter, desk: House, task: str
) -> None:
    sent = anna.post("/feedback", {"text": "表格太长", "page": f"/tasks/{task}", "with_page": "1"})
    assert sent.status_code == 303 and "表格太长" in words(anna.get("/feedback"))
    (said,) = feedback.mine(desk.engine, agent=ANNA)
    assert (said.process, said.node, said.instance_id) == ("deal", "look", task.partition(".")[0])
    boss = sign_in("boss")
    assert "表格太长" in words(boss.get("/feedback/all"))
    assert boss.post(f"/feedback/{said.id}/answer", {"text": " "}).status_code == 422
    assert boss.post(f"/feedback/{said.id}/answer", {"text": "会缩短"}).status_code == 303
    assert "表格太长" not in words(boss.get("/feedback/all")) and "会缩短" in words(boss.get("/feedback/all?all=1"))
    late = boss.post(f"/feedback/{said.id}/answer", {"text": "again"})
    assert late.status_code == 409
    assert "1 new answer to your feedback" in words(anna.get("/notices"))
    assert "会缩短" in words(anna.get("/feedback")) and "new answer" not in words(anna.get("/notices"))


PAGES = [
    ("/processes/deal", ("deal", "", False)),
    ("/tasks/gone.1", ("", "", False)),
    ("/nowhere", ("", "", False)),
    ("https://elsewhere.example/", ("", "", False)),
    ("", ("", "", False)),
]


@pytest.mark.parametrize(("page", "about"), PAGES)
def test_pages_that_name_less(anna: Browser, desk: House, task: str, page: str, about: tuple[str, str, bool]) -> None:
    assert anna.post("/feedback", {"text": "x", "page": page, "with_page": "1"}).status_code == 303
    (said,) = feedback.mine(desk.engine, agent=ANNA)
    assert (said.process, said.node, bool(said.instance_id)) == about
    assert said.page == (page if page.startswith("/") else "")


def test_the_page_is_told_only_when_one_wants_it(anna: Browser, desk: House, task: str) -> None:
    anna.post("/feedback", {"text": "x", "page": f"/tasks/{task}"})
    (said,) = feedback.mine(desk.engine, agent=ANNA)
    assert (said.page, said.process, said.instance_id) == ("", "", "")
    empty = anna.post("/feedback", {"text": "", "page": "/inbox", "with_page": "1"})
    assert empty.status_code == 422 and "Please write something." in words(empty)


def test_phrases_are_kept_offered_and_deleted(anna: Browser, sign_in: Enter, desk: House, task: str) -> None:
    assert anna.post("/phrases", {"kind": "reject", "text": "资料不全"}).status_code == 303
    sign_in("boss").post("/phrases", {"kind": "approve", "zh": "同意", "en": "Agreed", "everybody": "1"})
    page = anna.get(f"/tasks/{task}")
    for box in ("comment", "f-why", "transfer-text"):
        assert f'data-phrases="{box}"' in page.text, box
    assert '<option value="资料不全">' in page.text and '<option value="Agreed">' in page.text
    own, _ = phrases.shown(desk.engine, agent=ANNA)
    listed = anna.get("/phrases")
    assert f"/phrases/{own.id}/remove" in listed.text and 'name="everybody"' not in listed.text
    anna.post(f"/phrases/{own.id}/remove")
    assert "资料不全" not in anna.get(f"/tasks/{task}").text
    refused = anna.post("/phrases", {"kind": "reject", "text": ""})
    assert refused.status_code == 422 and "A phrase has 1 to 300 characters." in words(refused)
    assert anna.post("/phrases", {"kind": "reject", "zh": "x", "everybody": "1"}).status_code == 403


def test_one_comments_on_the_page_of_a_case(anna: Browser, bo: Browser, desk: House, task: str) -> None:
    case = task.partition(".")[0]
    sent = anna.post(f"/cases/{case}/comment", {"text": "@bo 请看"})
    assert sent.status_code == 303 and sent.headers["Location"] == f"/cases/{case}#story"
    page = anna.get(f"/cases/{case}")
    assert "@bo 请看" in words(page) and 'data-phrases="comment"' in page.text
    assert "提到您" in words(bo.get("/notices"))
    refused = anna.post(f"/cases/{case}/comment", {"text": "y" * 2001})
    assert refused.status_code == 413 and "y" * 2001 in refused.text and 'id="comment-error"' in refused.text
    assert anna.post("/cases/gone/comment", {"text": "x"}).status_code == 404


def test_the_house_s_owner_lists_everything(desk: House) -> None:
    assert feedback.owned(desk.engine, agent=BOSS) is None
