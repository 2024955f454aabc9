"""The inbox as staff use it: claim, fill in, complete; mistakes, double presses and races lose nothing."""

import re
from collections.abc import Callable

import msgspec
import pytest

from engine.model.performer import Promise
from tests.house import House
from tests.web.conftest import Browser, quote_program, words

GOOD = {"f/rate": "10", "f/comment": "fine", "f/outcome": "approved"}


@pytest.fixture
def case(desk: House) -> str:
    return desk.start("quote", amount=1200)


@pytest.fixture
def task(desk: House, case: str) -> str:
    """The open approval, to be claimed by the sales group."""
    return desk.item(case, "approve").id


def page(task: str) -> str:
    return f"/tasks/{task}"


def test_what_a_group_may_claim_stands_in_its_members_lists_with_equal_counts(anna: Browser, task: str) -> None:
    shown = words(anna.get("/inbox/open"))
    assert "Approve the discount" in shown and "李先生" in shown and "Today" not in words(anna.get("/inbox"))
    assert "To claim 1" in shown and "Mine 0" in shown


def test_somebody_of_another_group_sees_neither_the_task_nor_the_case(
    sign_in: Callable[[str], Browser], task: str, case: str
) -> None:
    chen = sign_in("chen")
    assert "Approve the discount" not in words(chen.get("/inbox/open"))
    assert chen.get(page(task)).status_code == 404
    assert chen.get(f"/cases/{case}").status_code == 404
    assert chen.get(f"/cases/{case}/drawing").status_code == 404
    assert "quote-" not in words(chen.get("/cases"))


def test_a_claimed_task_is_mine_and_gone_for_others(anna: Browser, bo: Browser, task: str) -> None:
    answer = anna.post(f"{page(task)}/claim")
    assert answer.headers["Location"] == f"{page(task)}?shelf=mine"
    assert "With you" in words(anna.get(page(task)))
    assert "折扣审批" not in words(bo.get("/inbox/open"))


def test_who_claims_second_is_told_who_was_faster(anna: Browser, bo: Browser, task: str) -> None:
    anna.post(f"{page(task)}/claim")
    answer = bo.post(f"{page(task)}/claim")
    assert answer.status_code == 409
    assert "Anna 已先您一步领取" in words(answer)


PANE = re.compile(r'<section class="(list|detail)-pane".*?</section>\s*(?=<section|</main>)', re.DOTALL)


def test_what_is_told_stands_once_in_a_pane_and_never_beside_the_two(anna: Browser, task: str) -> None:
    for verb, pane in (("claim", "detail"), ("release", "list")):
        answer = anna.post(f"{page(task)}/{verb}")
        shown = anna.get(answer.headers["Location"]).text
        told = re.compile(r'<div class="notice good".*?</div>', re.DOTALL)
        main = shown[shown.index("<main") : shown.index("</main>") + len("</main>")]
        (found,) = [found[1] for found in PANE.finditer(main) if told.search(found[0])]
        assert (found, len(told.findall(main))) == (pane, 1)


def test_what_is_put_back_can_be_claimed_again(anna: Browser, bo: Browser, task: str) -> None:
    anna.post(f"{page(task)}/claim")
    anna.post(f"{page(task)}/release")
    assert "折扣审批" in words(bo.get("/inbox/open"))


def test_the_form_shows_what_is_known_and_asks_in_the_reader_s_language(anna: Browser, bo: Browser, task: str) -> None:
    anna.post(f"{page(task)}/claim")
    shown = anna.get(page(task))
    assert "1,200" in words(shown) and 'name="f/amount"' not in shown.text
    assert ">Approve</button>" in shown.text.replace("\n", "") or "Approve" in words(shown)
    anna.post(f"{page(task)}/release")
    bo.post(f"{page(task)}/claim")
    assert "不同意" in words(bo.get(page(task))) and "意见" in words(bo.get(page(task)))


def test_completing_takes_the_process_on_and_opens_the_next_task(anna: Browser, desk: House, task: str) -> None:
    other = desk.start("quote", amount=50)
    second = desk.item(other, "approve").id
    for one in (task, second):
        anna.post(f"{page(one)}/claim")
    answer = anna.post(f"{page(task)}?shelf=mine", GOOD)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{page(second)}?shelf=mine"
    assert "“Approve the discount” is done." in words(anna.get(answer.headers["Location"]))
    assert [item.node for item in desk.items(task.rpartition(".")[0])] == ["check"]
    assert "Approve the discount" in words(anna.get("/inbox/done"))


@pytest.mark.parametrize(
    ("sent", "en", "zh"),
    [
        ({"f/rate": "ten", "f/outcome": "approved"}, "Enter a whole number.", "请填写整数。"),
        ({"f/rate": "31", "f/outcome": "approved"}, "Must be 30 or less.", "不能大于 30。"),
        ({"f/rate": "5", "f/outcome": "refused"}, "Fill in this field.", "请填写此项。"),
        ({"f/outcome": "maybe"}, "Choose one of the options.", "请从列出的选项中选择。"),
        ({"f/comment": "x" * 501, "f/outcome": "approved"}, "At most 500 characters; there are 501.", "现有 501 个"),
    ],
)
@pytest.mark.parametrize("who", ["anna", "bo"])
def test_each_mistake_is_shown_at_its_field_and_nothing_typed_is_lost(
    sign_in: Callable[[str], Browser], desk: House, task: str, who: str, sent: dict[str, str], en: str, zh: str
) -> None:
    browser = sign_in(who)
    browser.post(f"{page(task)}/claim")
    answer = browser.post(page(task), sent)
    assert answer.status_code == 422
    assert (en if who == "anna" else zh) in words(answer)
    for value in (value for name, value in sent.items() if name != "f/outcome"):
        assert value in answer.text
    if any(name in ("f/rate", "f/comment") for name in sent) and "f/comment" not in sent and len(sent) == 2:
        assert 'aria-invalid="true"' in answer.text
    assert desk.items(task.rpartition(".")[0])[0].id == task


def test_a_read_only_value_cannot_be_set_by_hand(anna: Browser, desk: House, task: str) -> None:
    anna.post(f"{page(task)}/claim")
    anna.post(page(task), GOOD | {"f/amount": "1"})
    stored = [fact for fact in desk.facts(task.rpartition(".")[0]) if type(fact).__name__ == "VariablesSet"]
    assert all(fact.values.get("amount", 1200) == 1200 for fact in stored)


def test_a_field_that_the_form_does_not_have_never_reaches_the_process(anna: Browser, desk: House, task: str) -> None:
    anna.post(f"{page(task)}/claim")
    anna.post(page(task), GOOD | {"f/approved_by": "ceo", "approved_by": "ceo"})
    assert not any("approved_by" in str(fact) for fact in desk.facts(task.rpartition(".")[0]))


def test_pressing_twice_is_pressing_once(anna: Browser, desk: House, task: str) -> None:
    anna.post(f"{page(task)}/claim")
    first, second = anna.post(page(task), GOOD), anna.post(page(task), GOOD)
    assert (first.status_code, second.status_code) == (303, 303)
    told = desk.told(task.rpartition(".")[0])
    assert told.count("WorkItemCompleted approve") == 1


def test_who_completes_second_is_told_by_whom_and_keeps_what_was_typed(
    anna: Browser, bo: Browser, desk: House, task: str
) -> None:
    assert anna.post(page(task), GOOD).status_code == 303
    answer = bo.post(page(task), {"f/comment": "我写了很久的意见", "f/outcome": "refused"})
    assert answer.status_code == 409
    assert "Anna 已先您一步完成" in words(answer) and "我写了很久的意见" in answer.text
    assert desk.told(task.rpartition(".")[0]).count("WorkItemCompleted approve") == 1


def test_a_draft_is_kept_as_one_types_and_found_again(anna: Browser, task: str) -> None:
    anna.post(f"{page(task)}/claim")
    assert anna.post(f"{page(task)}/draft", {"f/comment": "half a thought", "f/rate": "not yet"}).status_code == 204
    shown = anna.get(page(task)).text
    assert "half a thought" in shown and "not yet" in shown


def test_pressing_enter_in_a_field_saves_a_draft_and_never_approves(anna: Browser, desk: House, task: str) -> None:
    anna.post(f"{page(task)}/claim")
    shown = anna.get(page(task)).text
    form = shown[shown.index(f'action="{page(task)}?') :]
    first = form[form.index("<button") :].split(">")[0]
    assert 'value="draft"' in first
    anna.post(page(task), {"f/comment": "x", "do": "draft"})
    assert desk.items(task.rpartition(".")[0])[0].node == "approve"


def test_hostile_input_is_shown_as_text(anna: Browser, bo: Browser, desk: House, task: str) -> None:
    attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    anna.post(f"{page(task)}/claim")
    anna.post(f"{page(task)}/draft", {"f/comment": attack})
    assert "<script>alert" not in anna.get(page(task)).text and "<img src=x" not in anna.get(page(task)).text
    anna.post(page(task), GOOD | {"f/comment": attack})
    shown = anna.get(f"/cases/{task.rpartition('.')[0]}").text
    assert "<img src=x" not in shown and "&lt;img src=x" in shown


@pytest.mark.parametrize(
    "address", ["/tasks/nonsense", "/tasks/..%2f..", "/tasks/x.99999999999999999999", "/inbox/none"]
)
def test_an_address_that_is_none_is_not_found(anna: Browser, address: str) -> None:
    assert anna.get(address).status_code == 404


def test_a_page_mark_that_was_tampered_with_is_refused_in_words(anna: Browser, task: str) -> None:
    answer = anna.get("/inbox/open?after=%00garbage")
    assert answer.status_code == 422 and "cursor" in words(answer)


def test_filters_narrow_the_list_and_empty_lists_teach(anna: Browser, desk: House, task: str) -> None:
    assert "Approve the discount" in words(anna.get("/inbox/open?process=quote"))
    assert "Nothing matches" in words(anna.get("/inbox/open?process=other"))
    assert "Nothing matches" in words(anna.get("/inbox/open?due=late"))
    desk.pass_time(hours=6)
    assert "2 hours overdue" in words(anna.get("/inbox/open?due=late"))
    assert "Nothing on your desk" in words(anna.get("/inbox"))


def test_due_today_is_what_ends_before_the_reader_s_midnight(anna: Browser, desk: House, task: str) -> None:
    assert "Approve the discount" in words(anna.get("/inbox/open?due=today"))
    assert "Nothing matches" in words(anna.get("/inbox/mine?due=today"))


def test_the_keys_are_told_on_the_page(anna: Browser, bo: Browser) -> None:
    assert "Choose more, down" in words(anna.get("/inbox")) and "键盘操作" in words(bo.get("/inbox"))


@pytest.mark.parametrize(
    ("day", "hour", "en", "zh"),
    [
        (2, 10, "17 hours of working time left", "余 17 小时工作时间"),
        (4, 8, "1 hour of working time left", "余 1 小时工作时间"),
        (4, 11, "1 hour of working time over", "已超 1 小时工作时间"),
    ],
)
def test_a_promise_in_working_time_is_counted_down_in_working_time(
    sign_in: Callable[[str], Browser], desk: House, day: int, hour: int, en: str, zh: str
) -> None:
    """Two working days from Monday at 9 in UTC, an hour before closing time: 18 hours, due on Wednesday at 9."""
    promised = Promise(duration="P2D", calendar="weekdays")
    program = quote_program()
    nodes_ = tuple(
        msgspec.structs.replace(node, promise=promised) if node.id == "approve" else node for node in program.nodes
    )
    desk.release(msgspec.structs.replace(program, nodes=nodes_))
    item = desk.item(desk.start("quote", amount=5), "approve").id
    desk.clock.advance(desk.now.replace(day=day, hour=hour) - desk.now)
    anna, bo = sign_in("anna"), sign_in("bo")
    assert en in words(anna.get(page(item))) and en in anna.get("/inbox/open").text
    assert zh in words(bo.get(page(item)))
