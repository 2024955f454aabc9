"""What a device is given for the time without a connection, and what it hands in afterwards."""

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import flask
import pytest
from werkzeug.test import TestResponse

from engine import facts
from engine.attachments import keep
from engine.inbox import act, handing
from engine.people import users
from engine.people.agent import SYSTEM
from engine.runtime import cancel
from tests.house import ANNA, BO, BOSS, House
from tests.web.conftest import Browser, words
from web.ui import offline, shell

Enter = Callable[[str], Browser]
PNG = b"\x89PNG\r\n\x1a\n"


def job(desk: House, **data: Any) -> str:
    """A task of Anna's."""
    item = desk.item(desk.start("quote", **{"amount": 1200, **data}), "approve").id
    act.claim(desk.engine, work_item_id=item, agent=ANNA, now=desk.now)
    return item


def pack(browser: Browser) -> dict[str, Any]:
    answer = browser.get("/offline/pack")
    assert answer.status_code == 200
    return dict(answer.json)


def seen(browser: Browser, item: str) -> str:
    found = re.search(r'data-seen="(\w+)"', browser.get(f"/tasks/{item}").text)
    assert found
    return found[1]


def entry(browser: Browser, desk: House, item: str, what: str = "complete", **more: Any) -> dict[str, Any]:
    about = {"person": "anna", "item": item, "what": what, "done_at": desk.now.isoformat()}
    filled = {"f/outcome": "approved", "seen": seen(browser, item)} if what in ("complete", "draft") else {}
    return {**about, **filled, **more}


def send(browser: Browser, data: dict[str, Any], key: str = "k-1", **more: Any) -> TestResponse:
    headers = {"Idempotency-Key": key, "X-CSRFToken": browser.token("/account")}
    return browser.client.post("/offline/send", data=data, headers=headers, **more)


def told(desk: House, item: str, kind: type) -> list[Any]:
    return [fact for fact in desk.facts(item.rpartition(".")[0]) if isinstance(fact, kind)]


def test_the_pack_names_my_own_tasks_alone_with_their_customers_and_small_files(
    anna: Browser, desk: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "LARGEST_FILE", 1000)
    mine = job(desk)
    other = desk.item(desk.start("quote", amount=5), "approve").id
    act.claim(desk.engine, work_item_id=other, agent=BO, now=desk.now)
    unclaimed = desk.item(desk.start("quote", amount=5), "approve").id
    case = mine.rpartition(".")[0]
    small = keep.add(desk.engine, instance_id=case, file=keep.File("a.png", PNG), agent=ANNA, now=desk.now)
    keep.add(desk.engine, instance_id=case, file=keep.File("b.png", PNG + b"0" * 1000), agent=ANNA, now=desk.now)
    found = pack(anna)
    addresses = [one["address"] for one in found["pages"]]
    assert addresses == ["/inbox", "/offline", f"/tasks/{mine}", "/customers/c-1"]
    assert other not in str(found) and unclaimed not in str(found)
    assert found["files"] == [{"address": f"/attachments/{small.id}"}] and found["large_files"] == 1
    assert (found["person"], found["tasks"], found["more_tasks"]) == ("anna", 1, False)
    for address in addresses:
        assert anna.get(address).status_code == 200


def test_more_than_the_limit_is_said(anna: Browser, desk: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline, "MOST_TASKS", 2)
    for _ in range(3):
        job(desk)
    found = pack(anna)
    assert (found["tasks"], found["more_tasks"], found["hours"]) == (2, True, offline.MOST_HOURS)


def test_a_mark_changes_with_what_its_page_shows_and_with_nothing_else(anna: Browser, desk: House) -> None:
    one, two = job(desk), job(desk)
    marks = [{page["address"]: page["mark"] for page in pack(anna)["pages"]} for _ in range(2)]
    assert marks[0] == marks[1]
    act.save_draft(desk.engine, work_item_id=one, data={"comment": "hm"}, agent=ANNA, now=desk.now)
    now = {page["address"]: page["mark"] for page in pack(anna)["pages"]}
    assert {address for address in now if now[address] != marks[0][address]} == {"/inbox", f"/tasks/{one}"}
    keep.add(desk.engine, instance_id=two.rpartition(".")[0], file=keep.File("a.png", PNG), agent=ANNA, now=desk.now)
    later = {page["address"]: page["mark"] for page in pack(anna)["pages"]}
    assert later[f"/tasks/{two}"] != now[f"/tasks/{two}"] and later[f"/tasks/{one}"] == now[f"/tasks/{one}"]
    users.set_locale(desk.engine, locale="zh-CN", agent=ANNA)
    other = {page["address"]: page["mark"] for page in pack(anna)["pages"]}
    assert all(other[address] != later[address] for address in other)


def test_each_person_has_a_secret_of_their_own_that_stays_the_same(sign_in: Enter) -> None:
    first, again, other = pack(sign_in("anna")), pack(sign_in("anna")), pack(sign_in("bo"))
    assert first["secret"] == again["secret"] != other["secret"]
    assert len(first["secret"]) == 44


def test_the_words_of_scripts_are_in_the_reader_s_language(anna: Browser, bo: Browser) -> None:
    assert pack(anna)["words"]["state_waiting"] == "Waits to be sent"
    assert pack(bo)["words"]["state_waiting"] == "等待发送"


def test_it_is_done_once_however_often_it_comes_and_says_when(anna: Browser, desk: House) -> None:
    item = job(desk)
    data = entry(anna, desk, item)
    desk.clock.advance(timedelta(hours=2))
    first, again = send(anna, data), send(anna, data)
    assert first.status_code == again.status_code == 200 and first.json == again.json
    assert first.json["state"] == "done"
    assert len(told(desk, item, facts.DoneEarlier)) == 1
    assert told(desk, item, facts.WorkItemCompleted)[0].data["outcome"] == "approved"
    assert "Done today 17:00" in words(anna.get(f"/cases/{item.rpartition('.')[0]}"))


def test_a_month_later_it_is_still_known(anna: Browser, desk: House, sign_in: Enter) -> None:
    item = job(desk)
    data = entry(anna, desk, item, "comment", text="here")
    assert send(anna, data).json["state"] == "done"
    desk.pass_time(days=29)
    assert send(sign_in("anna"), data).json["state"] == "done"
    assert len(told(desk, item, facts.Commented)) == 1


def test_another_request_under_the_same_name_is_a_conflict(anna: Browser, desk: House) -> None:
    item = job(desk)
    assert send(anna, entry(anna, desk, item, "comment", text="one")).status_code == 200
    assert send(anna, entry(anna, desk, item, "comment", text="two")).json["state"] == "conflict"
    assert [fact.text for fact in told(desk, item, facts.Commented)] == ["one"]


def test_files_arrive_with_what_they_belong_to_or_not_at_all(anna: Browser, desk: House) -> None:
    item = job(desk)
    case = item.rpartition(".")[0]
    data = entry(anna, desk, item, "add_file")
    good = send(anna, {**data, "file": [(io.BytesIO(PNG), "a.png"), (io.BytesIO(PNG), "b.png")]})
    assert good.json["state"] == "done"
    bad = send(anna, {**data, "file": [(io.BytesIO(PNG), "c.png"), (io.BytesIO(b"MZ"), "d.exe")]}, key="k-2")
    assert (bad.status_code, bad.json["state"]) == (422, "refused") and "d.exe" in bad.json["text"]
    with desk.engine.store.reading() as tx:
        assert [one.name for one in tx.attachments.of_instance(case)] == ["a.png", "b.png"]
    assert [fact.verb for fact in told(desk, item, facts.DoneEarlier)] == ["add_file"]


@pytest.mark.parametrize(("size", "status"), [(keep.LARGEST + 1, 413), (3 * keep.LARGEST, 413)])
def test_files_that_are_too_large_are_refused(anna: Browser, desk: House, size: int, status: int) -> None:
    item = job(desk)
    data = entry(anna, desk, item, "add_file", file=(io.BytesIO(PNG + b"0" * size), "a.png"))
    assert send(anna, data).status_code == status
    assert told(desk, item, facts.AttachmentAdded) == []


def test_a_draft_is_kept_as_a_draft(anna: Browser, desk: House) -> None:
    item = job(desk)
    assert send(anna, entry(anna, desk, item, "draft", **{"f/comment": "half"})).json["state"] == "done"
    assert desk.item(item.rpartition(".")[0], "approve").draft["comment"] == "half"  # type: ignore[index]


def test_a_value_that_is_refused_names_its_place(anna: Browser, desk: House) -> None:
    item = job(desk)
    data = entry(anna, desk, item, **{"f/outcome": "refused"})
    answer = send(anna, data)
    assert (answer.status_code, answer.json["state"]) == (422, "refused")
    assert [one["pointer"] for one in answer.json["problems"]] == ["/comment"]
    assert send(anna, {**data, "f/comment": "no"}, key="k-2").json["state"] == "done"


def transferred(desk: House, item: str) -> None:
    handing.transfer(desk.engine, work_item_id=item, to="bo", reason="", agent=ANNA, now=desk.now)


def completed(desk: House, item: str) -> None:
    act.release(desk.engine, work_item_id=item, agent=ANNA, now=desk.now)
    act.complete(desk.engine, work_item_id=item, data={"outcome": "approved"}, agent=BO, now=desk.now)


def cancelled(desk: House, item: str) -> None:
    cancel.cancel(desk.engine, instance_id=item.rpartition(".")[0], reason="gone", agent=BOSS, now=desk.now)


def hidden(desk: House, item: str) -> None:
    transferred(desk, item)
    profile = users.Profile(name="Anna", roles=("staff",), groups=("legal",), locale="en")
    users.change_user(desk.engine, key="anna", profile=profile, active=True, agent=SYSTEM, now=desk.now)


CONFLICTS = [
    (transferred, "博文 was faster and took it", "博文 已先您一步领取"),
    (completed, "博文 was faster and completed it", "博文 已先您一步完成"),
    (cancelled, "was cancelled", "取消"),
]


@pytest.mark.parametrize(("deed", "en", "zh"), CONFLICTS)
@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_what_happened_meanwhile_is_a_conflict_that_overwrites_nothing(
    anna: Browser, desk: House, deed: Callable[[House, str], None], en: str, zh: str, locale: str
) -> None:
    item = job(desk)
    data = entry(anna, desk, item, **{"f/comment": "from the cellar"})
    deed(desk, item)
    users.set_locale(desk.engine, locale=locale, agent=ANNA)
    answer = send(anna, data)
    assert (answer.status_code, answer.json["state"]) == (409, "conflict")
    assert (en if locale == "en" else zh) in answer.json["text"]
    assert "from the cellar" not in json.dumps([repr(fact) for fact in desk.facts(item.rpartition(".")[0])])


def test_who_sees_it_no_longer_is_told_no_more_than_that(anna: Browser, desk: House) -> None:
    item = job(desk)
    data = entry(anna, desk, item)
    hidden(desk, item)
    answer = send(anna, data)
    assert answer.json["state"] == "conflict"


def test_a_form_that_shows_something_else_now_is_a_conflict(anna: Browser, desk: House) -> None:
    item = job(desk)
    answer = send(anna, entry(anna, desk, item, seen="another"))
    assert answer.json["state"] == "conflict" and "has changed" in answer.json["text"]
    assert desk.item(item.rpartition(".")[0], "approve").status == "open"


def test_the_mark_of_a_form_is_of_what_it_shows_alone(anna: Browser, desk: House) -> None:
    one, same, other = job(desk), job(desk), job(desk, amount=7)
    assert seen(anna, one) == seen(anna, same) != seen(anna, other)
    before = seen(anna, one)
    act.save_draft(desk.engine, work_item_id=one, data={"comment": "hm"}, agent=ANNA, now=desk.now)
    assert seen(anna, one) == before


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"what": "nonsense"}, 422),
        ({"what": ""}, 422),
        ({"done_at": "yesterday"}, 422),
        ({"done_at": "2026-03-02T09:00:00"}, 422),
        ({"person": "bo"}, 409),
        ({"person": ""}, 409),
        ({"item": "none.1"}, 409),
        ({"item": "../x"}, 409),
    ],
)
@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_what_makes_no_sense_is_refused_in_words(
    anna: Browser, desk: House, wrong: dict[str, str], status: int, locale: str
) -> None:
    item = job(desk)
    data = {**entry(anna, desk, item), **wrong}
    users.set_locale(desk.engine, locale=locale, agent=ANNA)
    answer = send(anna, data)
    assert answer.status_code == status and answer.json["text"]
    assert bool(re.search(r"[\u4e00-\u9fff]", answer.json["text"])) is (locale == "zh-CN")
    assert desk.item(item.rpartition(".")[0], "approve").status == "open"


@pytest.mark.parametrize("key", ["", "x" * 101])
def test_without_a_name_nothing_is_taken(anna: Browser, desk: House, key: str) -> None:
    item = job(desk)
    assert send(anna, entry(anna, desk, item), key=key).status_code == 422


@pytest.mark.parametrize("off", [-timedelta(days=400), timedelta(days=400)])
def test_a_clock_that_goes_wrong_costs_no_work(anna: Browser, desk: House, off: timedelta) -> None:
    item = job(desk)
    data = entry(anna, desk, item, done_at=(desk.now + off).isoformat())
    assert send(anna, data).json["state"] == "done"
    assert told(desk, item, facts.DoneEarlier)[0].done_at == desk.now.isoformat()


def test_who_waits_at_the_page_is_told_and_led_on(anna: Browser, desk: House) -> None:
    first, second = job(desk), job(desk)
    headers = {"Idempotency-Key": "k", "X-CSRFToken": anna.token("/account")}
    answer = anna.client.post("/offline/send?told=1", data=entry(anna, desk, first), headers=headers)
    assert answer.json["next"].startswith(f"/tasks/{second}")
    assert "“Approve the discount” is done" in words(anna.get(answer.json["next"]))
    quiet = send(anna, entry(anna, desk, second), key="k-2")
    assert quiet.json["state"] == "done" and "” is done" not in words(anna.get("/inbox"))


def test_a_forged_request_does_nothing(anna: Browser, desk: House) -> None:
    item = job(desk)
    data = entry(anna, desk, item)
    assert anna.client.post("/offline/send", data=data, headers={"Idempotency-Key": "k"}).status_code == 400
    assert desk.item(item.rpartition(".")[0], "approve").status == "open"


def test_the_worker_stands_at_the_root_and_names_what_is_there(stranger: Browser, app: flask.Flask) -> None:
    answer = stranger.get("/sw.js")
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'const BUILD = "{shell.build()}";' in answer.text
    with app.test_request_context():
        addresses = shell.addresses()
    for address in addresses:
        assert stranger.get(address).status_code == 200, address
    assert not any("modeler" in address for address in addresses)


def test_every_module_that_a_page_imports_is_there_without_a_connection(app: flask.Flask) -> None:
    with app.test_request_context():
        known = {address.partition("?")[0] for address in shell.addresses()}
    folder = shell._STATIC / "js"
    for name in [*folder.glob("*.js"), *(folder / "offline").glob("*.js")]:
        if f"/static/{name.relative_to(shell._STATIC).as_posix()}" not in known:
            continue
        for wanted in re.findall(r'^import .*?"(\.[^"]+)";', name.read_text(encoding="utf-8"), flags=re.M):
            path = (name.parent / wanted).resolve().relative_to(shell._STATIC)
            assert f"/static/{path.as_posix()}" in known


@pytest.mark.parametrize(("who", "lang"), [("anna", "en"), ("bo", "zh-CN")])
def test_a_phone_can_put_it_on_its_first_screen(sign_in: Enter, who: str, lang: str) -> None:
    browser = sign_in(who)
    told = json.loads(browser.get("/manifest.webmanifest").text)
    assert (told["lang"], told["display"], told["scope"]) == (lang, "standalone", "/")
    assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
    for icon in told["icons"]:
        assert browser.get(icon["src"]).data.startswith(PNG)


def test_the_page_without_a_connection_knows_nobody(anna: Browser) -> None:
    text = anna.get("/no-connection").text
    assert "Anna" not in text and "data-person" not in text


def test_another_build_is_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    before = shell.build()
    shell.build.cache_clear()
    listed = shell._files
    monkeypatch.setattr(shell, "_files", lambda folder: listed(folder)[1:])
    try:
        assert shell.build() != before
    finally:
        shell.build.cache_clear()
