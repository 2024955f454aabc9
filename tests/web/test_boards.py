"""The page of a new base: seen by who may, decided by buttons, carried over, approved by another, released, undone."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from engine.customers import groups
from engine.people import users
from engine.people.agent import SYSTEM
from engine.variants import approval, author, release
from engine.variants.board import board
from tests.house import BOSS, House
from tests.unit.customers.books import document
from tests.unit.variants.desk import improved
from tests.unit.variants.models import text
from tests.web.conftest import PASSWORD, Browser, quote_program, words
from web.ui import boards, texts

HERE = "/boards/quote"
FASTER = {"kind": "set_sla", "target": "approve", "promise": {"duration": "PT2H"}}


def sla(operation_id: str, duration: str) -> dict[str, Any]:
    return {
        "id": operation_id, "kind": "set_sla", "target": "approve", "promise": {"duration": duration},
        "reason": text("why"),
    }  # fmt: skip


def bring(desk: House, group: str, *operations: dict[str, Any], name: str = "", **more: Any) -> None:
    order = author.Order(
        process="quote", name=name or group.lower(), group=group, texts=text(group or name), reason=text("r"),
        operations=list(operations), **more,
    )  # fmt: skip
    saved = author.save(desk.engine, order=order, agent=SYSTEM, now=desk.now)
    which: dict[str, Any] = {"variant_id": saved.variant_id, "n": saved.n, "agent": SYSTEM, "now": desk.now}
    with desk.engine.store.transaction() as tx:
        approval.submit_within(tx, **which)
        approval.approve_within(tx, **which)
        release.release_within(tx, **which)


@pytest.fixture
def boss(desk: House, sign_in: Callable[[str], Browser]) -> Browser:
    groups.publish(desk.engine, document=document(), agent=SYSTEM, now=desk.now)
    profile = users.Profile(name="Eve", roles=("admin",), locale="zh-CN")
    users.add_user(desk.engine, key="eve", profile=profile, password=PASSWORD, agent=SYSTEM, now=desk.now)
    for group in ("KA", "GR"):
        bring(desk, group, sla(f"{group.lower()}_1", "PT1H"))
    bring(desk, "ST", {"id": "st_1", "kind": "set_priority", "target": "check", "priority": 9, "reason": text("w")})
    desk.release(improved(quote_program(), FASTER))
    return sign_in("boss")


def states(desk: House) -> dict[str, str]:
    found = board(desk.engine, process="quote", agent=BOSS)
    return {row.variant.customer_group: row.state for row in found.rows}


def signature(desk: House, group: str = "KA") -> str:
    found = board(desk.engine, process="quote", agent=BOSS)
    return next(row.asked[0].conflict.signature for row in found.rows if row.variant.customer_group == group)


def choose(browser: Browser, desk: House, choice: str, variant: str = "quote:ka", **more: str) -> Any:
    sent = {"variant": variant, "signature": signature(desk), "choice": choice, **more}
    return browser.post(f"{HERE}/decide", sent, page=HERE)


def test_the_matrix_leads_to_the_board(boss: Browser) -> None:
    page = boss.get("/matrix")
    assert "3 variants stand on an older base" in words(page) and 'href="/boards/quote"' in page.text


def test_the_board_says_what_changed_what_is_in_the_way_and_what_can_be_done(boss: Browser) -> None:
    page = words(boss.get(HERE))
    assert "Approve the discount: its promise (4 hours → 2 hours) changed" in page
    assert "Approve the discount within 1 hour : the new base changed the same thing." in page
    assert "Keep what the variant says usual" in page and "Take what the new base says" in page
    assert page.count("to be decided") > 2 and "Carry over and submit (1)" in page


def test_in_chinese_too(boss: Browser, sign_in: Callable[[str], Browser]) -> None:
    page = words(sign_in("eve").get(HERE))
    assert "「折扣审批」：时限承诺（4 小时 → 2 小时）有变" in page
    assert "保留本变体的设定" in page and "移到新基准并提交（1）" in page
    assert "Carry" not in page


def test_decided_once_it_is_proposed_and_taken_for_the_sibling(boss: Browser, desk: House) -> None:
    choose(boss, desk, "keep", note="they pay for it")
    page = words(boss.get(HERE))
    assert "decided by Boss" in page and "they pay for it" in page
    assert "Boss chose this for the same conflict of ka: Keep what the variant says" in page
    boss.post(f"{HERE}/accept", page=HERE)
    assert "1 conflict decided as proposed." in words(boss.get(HERE))
    assert states(desk) == {"GR": "look", "KA": "look", "ST": "clean"}


def test_a_decision_is_opened_again(boss: Browser, desk: House) -> None:
    choose(boss, desk, "drop")
    assert states(desk)["KA"] == "look"
    choose(boss, desk, "")
    assert "Open again." in words(boss.get(HERE)) and states(desk)["KA"] == "decide"


@pytest.mark.parametrize(("choice", "says"), [("reanchor", "open to this conflict"), ("<b>", "open to this conflict")])
def test_a_choice_that_is_none_is_told(choice: str, says: str, boss: Browser, desk: House) -> None:
    choose(boss, desk, choice)
    page = boss.get(HERE)
    assert says in words(page) and "<b>" not in page.text
    assert states(desk)["KA"] == "decide"


@pytest.mark.parametrize("variant", ["quote:none", "", "x" * 300])
def test_a_conflict_that_is_none_is_not_found(variant: str, boss: Browser, desk: House) -> None:
    assert choose(boss, desk, "keep", variant).status_code == 404


def test_carried_over_approved_by_another_released_and_undone(
    boss: Browser, desk: House, sign_in: Callable[[str], Browser]
) -> None:
    choose(boss, desk, "keep")
    boss.post(f"{HERE}/accept", page=HERE)
    boss.post(f"{HERE}/carry", page=HERE)
    page = words(boss.get(HERE))
    assert "3 variants carried over" in page and "Approve (" not in page, "nobody approves what they carried"
    eve = sign_in("eve")
    assert "批准（3）" in words(eve.get(HERE))
    eve.post(f"{HERE}/approve", page=HERE)
    eve.post(f"{HERE}/release", page=HERE)
    page = words(eve.get(HERE))
    assert "已发布 3 个变体" in page and "所有变体都在基准 v2 上" in page
    with desk.engine.store.reading() as tx:
        assert {(one.base_n, one.n) for _, one in tx.variants.released("quote")} == {(2, 2)}
    eve.post(f"{HERE}/undo", {"variant": "quote:ka"}, page=HERE)
    assert "原来的方案仍在使用" in words(eve.get(HERE))
    assert states(desk) == {"GR": "current", "KA": "look", "ST": "current"}


def test_what_cannot_be_carried_is_told_and_the_others_go(boss: Browser, desk: House) -> None:
    both = [("variant", "quote:ka"), ("variant", "quote:st")]
    token = boss.token(HERE)
    boss.client.post(f"{HERE}/carry", data={"csrf_token": token, "variant": [value for _, value in both]})
    page = words(boss.get(HERE))
    assert "has conflicts to be decided" in page and "1 variant carried over" in page


def test_undo_of_what_was_not_carried_is_told(boss: Browser) -> None:
    boss.post(f"{HERE}/undo", {"variant": "quote:ka"}, page=HERE)
    assert "was not carried to a new base" in words(boss.get(HERE))


def test_a_base_that_is_a_draft_is_a_look_ahead_without_buttons(boss: Browser, desk: House) -> None:
    with desk.engine.store.transaction() as tx:
        version = tx.processes.version("quote", 2)
        assert version is not None
        tx.processes.put_version(msgspec.structs.replace(version, status="draft", released_at=None))
    assert "Every variant stands on base v1" in words(boss.get(HERE))
    ahead = boss.get(f"{HERE}?base=2")
    assert "this is a look ahead" in words(ahead)
    assert 'name="choice"' not in ahead.text and "Carry over" not in words(ahead)


@pytest.mark.parametrize("query", ["base=x", "base=-1", "base=99999999", "base=²"])
def test_a_base_that_is_no_number_is_the_newest(query: str, boss: Browser) -> None:
    assert boss.get(f"{HERE}?{query}").status_code == 200


@pytest.mark.parametrize("page", ["/boards/none", f"{HERE}?base=77"])
def test_what_is_not_there_is_not_found(page: str, boss: Browser) -> None:
    assert boss.get(page).status_code == 404


@pytest.mark.parametrize("deed", ["", "/decide", "/accept", "/carry", "/undo", "/approve", "/release"])
def test_staff_have_no_board(deed: str, anna: Browser) -> None:
    answer = anna.get(HERE) if not deed else anna.post(f"{HERE}{deed}")
    assert answer.status_code == 403


@pytest.mark.parametrize("mark", boards.SIGNS)
def test_every_mark_has_a_sign_and_words(mark: str) -> None:
    assert f"board.mark_{mark}" in texts.ALL and bool(boards.SIGNS[mark]) == bool(mark)


@pytest.mark.parametrize("state", boards.TONES)
def test_every_state_has_words(state: str) -> None:
    assert f"board.state_{state}" in texts.ALL
