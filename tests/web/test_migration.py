"""The pages of migrations: older versions, a dry run with its form, the plan, and its buttons."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from engine.kernel import stimuli
from engine.migration import plans
from engine.model import nodes
from engine.model.program import Flow, Program
from engine.runtime import deliver
from tests.house import BOSS, House
from tests.web.conftest import Browser, quote_program, words

OLD = quote_program()


def newer(renamed: bool = False, second: bool = True) -> Program:
    """A second look behind the legal check; ``renamed``: the approval has another id."""
    made: list[Any] = []
    for node in OLD.nodes:
        if node.id == "approve" and renamed:
            node = msgspec.structs.replace(node, id="agree")
        made.append(node)
    flows = [
        Flow(
            id=flow.id,
            source=flow.source.replace("approve", "agree") if renamed else flow.source,
            target=flow.target.replace("approve", "agree") if renamed else flow.target,
        )
        for flow in OLD.flows
    ]
    if second:
        made.append(nodes.UserTask(id="second", name="Second look", texts={"zh-CN": "复核", "en": "Second look"}))
        flows = [
            *flows[:2],
            Flow(id="f4", source="check", target="second"),
            Flow(id="f3", source="second", target="end"),
        ]
    return msgspec.structs.replace(OLD, nodes=tuple(made), flows=tuple(flows))


def release(desk: House, program: Program) -> str:
    """The version before is retired, as a release does."""
    with desk.engine.store.transaction() as tx:
        for version in tx.processes.versions("quote"):
            tx.processes.put_version(msgspec.structs.replace(version, status="retired"))
    return desk.release(program)


def finish(desk: House, instance_id: str, node: str) -> None:
    stimulus = stimuli.Complete(wait=desk.item(instance_id, node).wait)
    deliver.deliver(desk.engine, instance_id=instance_id, stimulus=stimulus, now=desk.now)


@pytest.fixture
def boss(sign_in: Callable[[str], Browser]) -> Browser:
    return sign_in("boss")


@pytest.fixture
def running(desk: House) -> str:
    return desk.start("quote", amount=10)


def address(new: str, **more: str) -> str:
    extra = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/migrations/try?process=quote&old={OLD.sha256}&new={new}{extra}"


def test_the_list_says_which_cases_run_older_versions(desk: House, boss: Browser, running: str) -> None:
    assert "No cases on older versions" in words(boss.get("/migrations"))
    release(desk, newer())
    page = words(boss.get("/migrations"))
    assert "base v1" in page and "base v2" in page and "1 case" in page


def test_cases_are_tried_moved_and_taken_back_on_the_pages(desk: House, boss: Browser, running: str) -> None:
    new = release(desk, newer())
    shown = words(boss.get(address(new)))
    assert "moves as it is" in shown and desk.instance(running).number in shown
    form = {"process": "quote", "old": OLD.sha256, "new": new, "reason": "a second look"}
    begun = boss.post("/migrations", {**form, "instance": running}, page=address(new))
    assert begun.status_code == 303
    desk.settle()
    page = begun.headers["Location"]
    assert "Moved 1" in words(boss.get(page)) and "a second look" in words(boss.get(page))
    assert desk.instance(running).program == new
    story = words(boss.get(f"/cases/{running}"))
    assert "the case moved to a new version" in story and "a second look" in story
    assert boss.post(f"{page}/undo", page=page).status_code == 303
    desk.settle()
    assert "Undone 1" in words(boss.get(page)) and desk.instance(running).program == OLD.sha256


def test_a_step_with_a_new_id_is_mapped_by_its_name_and_the_choice_can_be_changed(
    desk: House, boss: Browser, running: str
) -> None:
    new = release(desk, newer(renamed=True))
    page = boss.get(address(new))
    assert re.search(r'<option value="agree" selected>', page.text), "proposed by its name"
    assert "of the same name" in words(page) and "moves as it is" in words(page)
    without = boss.get(address(new, **{"node:approve": ""}))
    assert "was not begun by anybody and is taken back" in words(without)
    allowed = boss.get(address(new, **{"node:approve": "", "allow": "back"}))
    assert 'data-moves="true"' in allowed.text and "needs adjusting" in words(allowed)
    wrong = boss.get(address(new, **{"node:approve": "nowhere"}))
    assert wrong.status_code == 200 and "the new program has no 'nowhere'" in words(wrong)


def test_what_stands_in_the_way_is_said_in_the_readers_language(
    desk: House, sign_in: Callable[[str], Browser], running: str
) -> None:
    finish(desk, running, "approve")
    gone = [node for node in newer().nodes if node.id != "approve"]
    flows = [Flow(id="f1", source="begin", target="check"), *newer().flows[2:]]
    new = release(desk, msgspec.structs.replace(newer(), nodes=tuple(gone), flows=tuple(flows)))
    page = words(sign_in("boss").get(address(new)))
    assert "was done, and the new program does not have it" in page and "1 case needs it" in page


def test_nothing_chosen_no_reason_and_unknown_things_are_told(desk: House, boss: Browser, running: str) -> None:
    new = release(desk, newer())
    form = {"process": "quote", "old": OLD.sha256, "new": new}
    none = boss.post("/migrations", {**form, "reason": "r"}, page=address(new))
    assert none.status_code == 422 and "Choose at least one case" in words(none)
    mute = boss.post("/migrations", {**form, "instance": running, "reason": " "}, page=address(new))
    assert mute.status_code == 422 and "give a reason" in words(mute)
    assert boss.get("/migrations/m-1").status_code == 404
    assert boss.get("/migrations/try?process=nothing&old=a&new=b").status_code == 404
    assert boss.post("/migrations/m-1/undo").status_code == 404
    assert boss.post("/migrations/m-1/explode").status_code == 404


def test_a_button_that_comes_too_late_says_so(desk: House, boss: Browser, running: str) -> None:
    new = release(desk, newer())
    order = plans.Order(process="quote", old=OLD.sha256, new=new)
    begun = plans.begin(desk.engine, order=order, reason="r", agent=BOSS, now=desk.now)
    page = f"/migrations/{begun.plan.id}"
    boss.post(f"{page}/undo", page=page)
    assert "please look again" in words(boss.get(page))
    boss.post(f"{page}/stop", page=page)
    assert "Stopped." in words(boss.get(page)) and "Declined 1" in words(boss.get(page))


def test_only_administrators_find_the_page(sign_in: Callable[[str], Browser]) -> None:
    for key in ("anna", "dana"):
        browser = sign_in(key)
        assert browser.get("/migrations").status_code == 403
        assert "/migrations" not in browser.get("/account").text
    assert "/migrations" in sign_in("boss").get("/account").text


def test_a_case_asks_on_its_own_page_whether_it_is_to_follow_its_customer(
    desk: House, boss: Browser, running: str
) -> None:
    new = release(desk, newer())
    order = plans.Order(process="quote", old=OLD.sha256, new=new)
    begun = plans.begin(desk.engine, order=order, reason="r", agent=BOSS, now=desk.now)
    with desk.engine.store.transaction() as tx:
        tx.moves.shift(begun.plan.id, was="waiting", to="proposed", instances=None, by="boss", now=desk.now)
    page = f"/cases/{running}"
    assert "this case could go on as" in words(boss.get(page))
    boss.post(f"/migrations/{begun.plan.id}/accept", {"instance": running}, page=page)
    desk.settle()
    assert desk.instance(running).program == new
    assert "could go on as" not in words(boss.get(page))


def test_the_page_of_a_process_leads_to_its_migrations(boss: Browser) -> None:
    assert 'href="/migrations?process=quote"' in boss.get("/processes/quote").text
    assert boss.get("/migrations?process=quote").status_code == 200


def test_cases_beyond_the_first_page_are_looked_at_and_all_are_moved_at_once(
    desk: House, boss: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "MOST_LOOKED_AT", 2)
    made = sorted(desk.start("quote", amount=10) for _ in range(5))
    new = release(desk, newer())
    seen: list[str] = []
    page, here = boss.get(address(new)), address(new)
    assert "2 cases of 5 are tried here" in words(page)
    for _ in range(3):
        seen += re.findall(r'name="instance" value="([^"]+)"', page.text)
        following = re.search(r'href="(/migrations/try[^"]*after=[^"]*)"', page.text)
        if following is None:
            break
        here = following[1].replace("&amp;", "&")
        page = boss.get(here)
    assert sorted(seen) == made and "From the beginning" in words(page)
    form = {"process": "quote", "old": OLD.sha256, "new": new, "reason": "all of them", "all": "1"}
    begun = boss.post("/migrations", form, page=address(new))
    desk.settle()
    told = words(boss.get(begun.headers["Location"]))
    assert "Moved 5" in told and "In numbers" in told and "Move as they are 5" in told
    assert {desk.instance(one).program for one in made} == {new}


def test_the_page_counts_causes(desk: House, boss: Browser, running: str) -> None:
    finish(desk, running, "approve")
    gone = [node for node in newer().nodes if node.id != "approve"]
    flows = [Flow(id="f1", source="begin", target="check"), *newer().flows[2:]]
    new = release(desk, msgspec.structs.replace(newer(), nodes=tuple(gone), flows=tuple(flows)))
    form = {"process": "quote", "old": OLD.sha256, "new": new, "reason": "r", "instance": running}
    begun = boss.post("/migrations", form, page=address(new))
    desk.settle()
    page = boss.get(begun.headers["Location"])
    assert 'data-class="adjustable"' in page.text and "Causes 1" in words(page)
    assert "1 × " in words(page) and "was done, and the new program does not have it" in words(page)
