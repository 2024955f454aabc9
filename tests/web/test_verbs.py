"""The verbs on the page of a task, and the lists beside the work."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from engine.inbox import post, verbs
from engine.people import agents
from tests.house import ANNA, House
from tests.web.conftest import Browser, words
from web.ui import sheet, texts

GOOD = {"f/rate": "10", "f/comment": "fine", "f/outcome": "approved"}


@pytest.fixture
def case(desk: House) -> str:
    return desk.start("quote", amount=1200)


@pytest.fixture
def task(desk: House, case: str, anna: Browser) -> str:
    """Anna has the approval."""
    item = desk.item(case, "approve").id
    assert anna.post(f"/tasks/{item}/claim").status_code == 303
    return item


def act(browser: Browser, task: str, verb: str, **form: object):
    return browser.post(f"/tasks/{task}/actions/{verb}", dict(form), page=f"/tasks/{task}")


def test_the_page_offers_what_one_may_and_says_why_not_otherwise(anna: Browser, task: str) -> None:
    shown = words(anna.get(f"/tasks/{task}"))
    for word in ("Hand over", "Delegate", "Ask others to sign", "Copy to", "Not possible now", "was not delegated"):
        assert word in shown
    assert "Send back" not in shown.split("Not possible now")[0], "no step was done before"


WORDS = {verb: texts.ALL[sheet.WORDS.get(verb, f"verb.{verb}")] for verb in verbs.VERBS}
BESIDE: dict[verbs.Verb, str] = {
    "claim": "/claim",
    "release": "/release",
    "complete": 'class="button primary" name=',
    "save_draft": 'value="draft" formnovalidate',
}
"""By which each of these stands on the page; the others have a form."""


def told(page: str) -> dict[str, str]:
    """What the page says of the verbs that are not possible: word -> why."""
    found = re.search(r'<dl class="why-not">(.*?)</dl>', page, re.DOTALL)
    pairs = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", found[1], re.DOTALL) if found else []
    return {word: unescape(why) for word, why in pairs}


STATES = ("free", "mine", "with another", "asked of me", "asked of another", "signed by several", "on hold", "done")


def bring(state: str, desk: House, anna: Browser, bo: Browser, boss: Browser, item: str) -> None:
    if state != "free":
        anna.post(f"/tasks/{item}/claim")
    if state == "with another":
        act(anna, item, "transfer", to="bo")
    elif state == "asked of me":
        act(anna, item, "transfer", to="bo")
        act(bo, item, "delegate", to="anna")
    elif state == "asked of another":
        act(anna, item, "delegate", to="bo")
    elif state == "signed by several":
        act(anna, item, "add_sign", to="bo", where="before", rule="all")
    elif state == "on hold":
        act(anna, item, "hold", text="asked for the plan", awaits="1")
    elif state == "done":
        anna.post(f"/tasks/{item}", GOOD)


@pytest.mark.parametrize("state", STATES)
def test_of_every_verb_everybody_sees_the_button_or_reads_why_not(
    sign_in: Callable[[str], Browser], anna: Browser, bo: Browser, desk: House, case: str, state: str
) -> None:
    """In words of the desk: names for logins, moments as they are written here, in the reader's language."""
    boss, item = sign_in("boss"), desk.item(case, "approve").id
    bring(state, desk, anna, bo, boss, item)
    with desk.engine.store.reading() as tx:
        work = tx.waits.work_item(case, int(item.rpartition(".")[2]))
        people = {key: agents.of(tx.people.get(key)) for key in ("anna", "bo", "boss")}
    assert work is not None
    for key, browser in (("anna", anna), ("bo", bo), ("boss", boss)):
        page = browser.get(f"/tasks/{item}").text
        why = told(page)
        for verb in verbs.VERBS:
            sign = BESIDE.get(verb, f"/actions/{verb}")
            may = verbs.refusal(verb, work, people[key]) is None
            possible = may and not (verb == "send_back" and "/actions/send_back" not in page)
            said = [text for word, text in why.items() if word in WORDS[verb]]
            assert bool(said) == (not possible), f"{key} and {verb} of a task {state}: {said}"
            assert not possible or sign in page or verb in ("complete", "save_draft", "release"), f"{key}: {verb}"
        for text in why.values():
            assert text and not re.search(r"\d{4}-\d\d-\d\dT|instance|实例|None", text), text
            assert not re.search(r"\b(anna|bo|boss|sales)\b", text), f"a login: {text}"


def test_a_task_is_handed_over_and_the_other_finds_it(anna: Browser, bo: Browser, desk: House, task: str) -> None:
    answer = act(anna, task, "transfer", to="bo", text="your customer")
    assert answer.status_code == 303
    assert "Handed over." in words(anna.get(answer.headers["Location"]))
    assert "折扣审批" in words(bo.get("/inbox"))
    assert "转交给博文" in words(bo.get(f"/tasks/{task}")).replace(" ", "")


def test_a_refused_verb_keeps_what_was_typed_and_says_why(anna: Browser, desk: House, task: str) -> None:
    answer = act(anna, task, "transfer", to="", text="a long explanation")
    assert answer.status_code == 422
    shown = words(answer)
    assert "Please name one person." in shown and "a long explanation" in shown
    assert desk.mine(ANNA) == ["approve"]


def test_two_who_hand_it_on_at_once_the_second_reads_who_has_it(anna: Browser, task: str) -> None:
    assert act(anna, task, "transfer", to="bo").status_code == 303
    second = act(anna, task, "delegate", to="bo")
    assert second.status_code == 409
    assert "博文 was faster and took it" in words(second)


def test_a_delegated_task_asks_for_an_answer_and_comes_back(anna: Browser, bo: Browser, task: str) -> None:
    act(anna, task, "delegate", to="bo")
    shown = words(bo.get(f"/tasks/{task}"))
    assert "Anna 委派给您" in shown and "答复" in shown
    assert act(bo, task, "answer", text="可以").status_code == 303
    shown = words(anna.get(f"/tasks/{task}"))
    assert "With you" in shown and "可以" in shown


def test_signers_are_asked_and_sign_in_turn(anna: Browser, bo: Browser, desk: House, task: str, case: str) -> None:
    assert act(anna, task, "add_sign", to="bo", where="before", rule="all").status_code == 303
    shown = words(anna.get(f"/tasks/{task}"))
    assert "Waits for 博文 to sign" in shown and "not yet" in shown
    assert "由您办理" in words(bo.get(f"/tasks/{task}"))
    assert bo.post(f"/tasks/{task}", GOOD, page=f"/tasks/{task}").status_code == 303
    shown = words(anna.get(f"/tasks/{task}"))
    assert "With you" in shown and "signed" in shown
    assert anna.post(f"/tasks/{task}", GOOD, page=f"/tasks/{task}").status_code == 303
    assert [item.node for item in desk.items(case)] != ["approve"]


def test_a_comment_mentions_a_colleague_who_finds_a_notice(anna: Browser, bo: Browser, task: str) -> None:
    assert act(anna, task, "comment", text="@bo please look").status_code == 303
    assert "please look" in words(anna.get(f"/tasks/{task}"))
    shown = words(bo.get("/notices"))
    assert "提到您" in shown and "未读" in shown
    bo.post("/notices/read", {}, page="/notices")
    assert "未读" not in words(bo.get("/notices"))


def test_a_comment_is_text_and_never_markup(anna: Browser, task: str) -> None:
    act(anna, task, "comment", text="<script>alert(1)</script>")
    assert b"<script>alert(1)" not in anna.get(f"/tasks/{task}").data


def test_a_copy_stands_in_the_others_list_until_it_is_read(
    anna: Browser, sign_in: Callable[[str], Browser], desk: House, task: str, case: str
) -> None:
    chen = sign_in("chen")
    assert chen.get(f"/cases/{case}").status_code == 404
    assert act(anna, task, "copy", to="chen", text="for you").status_code == 303
    shown = words(chen.get("/inbox/copied"))
    assert "for you" in shown and ("未读" in shown or "Unread" in shown)
    assert chen.get(f"/cases/{case}").status_code == 200
    shown = words(chen.get("/inbox/copied"))
    assert "未读" not in shown and "Unread" not in shown


def test_an_urge_is_counted_and_not_repeated_at_once(anna: Browser, bo: Browser, task: str) -> None:
    assert act(bo, task, "urge").status_code == 303
    assert "Urged once" in words(anna.get(f"/tasks/{task}"))
    assert act(bo, task, "urge").status_code == 409


def test_what_i_have_begun_stands_among_my_drafts(anna: Browser, task: str) -> None:
    assert "Approve the discount" not in words(anna.get("/inbox/drafts"))
    anna.post(f"/tasks/{task}", {**GOOD, "do": "draft"}, page=f"/tasks/{task}")
    assert "Approve the discount" in words(anna.get("/inbox/drafts"))


def test_what_i_started_is_listed_and_may_be_withdrawn_with_a_reason(anna: Browser, desk: House) -> None:
    desk.customer()
    anna.post("/start/quote", {"customer": "C-1", "once": "page-1", "do": "start", "f/amount": "1200"})
    with desk.engine.store.reading() as tx:
        (mine,) = tx.instances.search(where={"started_by": "anna"}, after="", limit=5)
    case = mine.id
    assert mine.number in words(anna.get("/inbox/started"))
    assert "Withdraw" in words(anna.get(f"/cases/{case}"))
    refused = anna.post(f"/cases/{case}/withdraw", {"reason": " "}, page=f"/cases/{case}")
    assert refused.status_code == 422
    done = anna.post(f"/cases/{case}/withdraw", {"reason": "a mistake"}, page=f"/cases/{case}")
    assert done.status_code == 303
    assert desk.instance(case).status == "cancelled"


@pytest.mark.parametrize("address", ["/inbox/started", "/inbox/copied", "/notices", "/inbox/drafts"])
def test_the_lists_have_empty_states_in_both_languages(anna: Browser, bo: Browser, address: str) -> None:
    for browser in (anna, bo):
        answer = browser.get(address)
        assert answer.status_code == 200 and words(answer)


@pytest.mark.parametrize("before", ["yesterday", "2026-01-01", "2026-01-01T00:00:00", "<x>"])
def test_an_address_that_names_no_moment_begins_at_the_first_page(anna: Browser, before: str) -> None:
    assert post.moment(before) is None
    assert anna.get(f"/notices?before={before}").status_code == 200


def test_an_unknown_verb_is_no_page(anna: Browser, task: str) -> None:
    assert act(anna, task, "explode").status_code == 404


def test_strangers_are_sent_to_the_login(stranger: Browser) -> None:
    for address in ("/inbox/started", "/inbox/copied", "/notices"):
        assert stranger.get(address).status_code == 302
