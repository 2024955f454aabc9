"""From a fact to a listener: in order, at least once, signed, and with nothing lost when anything breaks."""

import threading
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from engine import dispatch, facts
from engine.runtime import cancel
from engine.trust import deeds, openings, vault
from engine.webhooks import expand, keep, pace, send
from tests import outside_world as world
from tests.house import ANNA, BOSS
from tests.outside_world import Reply
from tests.unit.webhooks.conftest import ASK, Telling, heard, signed


def ended(home: Telling, case: str) -> None:
    cancel.cancel(home.engine, instance_id=case, reason="changed their mind", agent=BOSS, now=home.now)


# --- what is told --------------------------------------------------------------------------------------------------


def test_a_case_is_told_from_its_start_to_its_end_in_order(home: Telling, web: world.Web) -> None:
    _, secret = home.webhook(web)
    case = home.start()
    ended(home, case)
    home.tell()
    assert heard(web) == ["instance.started", "task.opened", "task.cancelled", "instance.cancelled"]
    assert all(one.json["subject"] == case for one in web.heard)
    sequences = [one.json["sequence"] for one in web.heard]
    assert sequences == sorted(sequences)
    assert all(signed(one, secret, home) for one in web.heard)
    assert all(one.headers["content-type"].startswith("application/cloudevents+json") for one in web.heard)
    assert all(one.headers["webhook-id"] == one.json["id"] for one in web.heard)


def test_what_happened_before_is_not_told(home: Telling, web: world.Web) -> None:
    home.start()
    webhook, _ = home.webhook(web)
    home.tell()
    assert heard(web) == [] and home.deliveries(webhook) == []


def test_each_hears_what_it_asked_for(home: Telling, web: world.Web) -> None:
    home.customer(group="KA")
    home.webhook(web, url=f"{web.url}/all", events=())
    home.webhook(web, url=f"{web.url}/starts", events=("instance.started",))
    home.webhook(web, url=f"{web.url}/ka", events=("instance.started",), groups=("KA",))
    home.webhook(web, url=f"{web.url}/st", groups=("ST",))
    home.start()
    home.tell()
    by_path: dict[str, list[str]] = {}
    for one in web.heard:
        by_path.setdefault(one.path, []).append(one.json["type"].removeprefix("dev.crmflow."))
    assert by_path["/starts"] == by_path["/ka"] == ["instance.started"]
    assert "/st" not in by_path and len(by_path["/all"]) > 3


def test_only_its_processes_are_told(home: Telling, web: world.Web) -> None:
    home.release(msgspec.structs.replace(ASK, key="q"))
    home.webhook(web, processes=("q",))
    home.start("p")
    home.start("q")
    home.tell()
    assert {one.json["source"] for one in web.heard} == {"/processes/q"}


def test_what_was_entered_is_kept_back_unless_it_was_asked_for(home: Telling, web: world.Web) -> None:
    home.webhook(web, url=f"{web.url}/open", events=("instance.started",), with_data=True)
    home.webhook(web, url=f"{web.url}/closed", events=("instance.started",))
    home.start(income=5000)
    home.tell()
    told = {one.path: one.json["data"]["fact"] for one in web.heard}
    assert told["/open"]["data"]["income"] == 5000 and "data" not in told["/closed"]


def test_what_people_do_beside_the_flow_is_told_too(home: Telling, web: world.Web) -> None:
    home.webhook(web, events=("task.acted",))
    case = home.start()
    home.person(ANNA)
    with home.engine.store.transaction() as tx:
        tx.facts.append(case, [facts.WorkItemActed(node="ask", verb="claim")], agent="anna", now=home.now)
    home.tell()
    assert heard(web) == ["task.acted"] and web.heard[0].json["data"]["agent"] == "anna"


def test_a_case_that_was_purged_meanwhile_is_no_hindrance(home: Telling, web: world.Web) -> None:
    webhook, _ = home.webhook(web)
    with home.engine.store.transaction() as tx:
        tx.connection.exec_driver_sql("INSERT INTO outgoing (instance_id, first, last) VALUES ('gone', 1, 3)")  # type: ignore[attr-defined]
    home.start()
    home.tell()
    assert len(heard(web)) == 2 and len(home.deliveries(webhook)) == 2


# --- when nobody listens -------------------------------------------------------------------------------------------


def test_a_refused_event_is_told_again_with_the_same_body_and_holds_back_its_case_only(
    home: Telling, web: world.Web
) -> None:
    first_case: list[str] = []

    def answer(one: world.Heard) -> Reply:
        refused = (
            one.json["subject"] == first_case[0] and sum(h.json["subject"] == first_case[0] for h in web.heard) < 3
        )
        return Reply(500 if refused else 200)

    web.says(answer)
    home.webhook(web)
    first_case.append(home.start())
    other = home.start()
    home.tell()
    for _ in range(6):
        home.wait(minutes=10)
    told = [(one.json["subject"], one.json["type"].removeprefix("dev.crmflow.")) for one in web.heard]
    mine = [kind for case, kind in told if case == first_case[0]]
    assert mine == ["instance.started"] * 3 + ["task.opened"], "in order, the first again until it was heard"
    assert [kind for case, kind in told if case == other] == ["instance.started", "task.opened"]
    again = [one for one in web.heard if one.json["subject"] == first_case[0]][:3]
    assert len({one.body for one in again}) == 1 and len({one.headers["webhook-id"] for one in again}) == 1


def test_a_listener_that_is_away_hears_all_of_it_later(home: Telling, web: world.Web) -> None:
    web.says(Reply(503))
    webhook, _ = home.webhook(web)
    home.start()
    home.tell()
    assert home.shown(webhook).failures == 1 and home.shown(webhook).failing_since == home.now
    web.says(Reply(200))
    web.heard.clear()
    home.wait(seconds=3)
    assert heard(web) == [], "it rests"
    home.wait(seconds=10)
    assert heard(web) == ["instance.started", "task.opened"]
    assert (home.shown(webhook).failures, home.shown(webhook).failing_since) == (0, None)


def test_a_listener_that_never_answers_makes_dead_letters_and_they_are_replayed(home: Telling, web: world.Web) -> None:
    web.says(Reply(500, b"broken"))
    webhook, _ = home.webhook(web, events=("instance.started",))
    case = home.start()
    home.tell()
    for _ in range(60):
        home.wait(hours=1)
    (dead,) = home.deliveries(webhook)
    assert (dead.status, dead.attempts, dead.answered) == ("dead", pace.TRIES, 500)
    assert "broken" in dead.error["en"] and "对方应答 500" in dead.error["zh-CN"]
    assert len(web.heard) == pace.TRIES
    web.says(Reply(200))
    assert keep.replay(home.engine, webhook_id=webhook.id, agent=BOSS, now=home.now) == 1
    home.wait(minutes=10)
    (again,) = home.deliveries(webhook)
    assert (again.status, again.error, again.event) == ("delivered", {}, dead.event)
    assert web.heard[-1].json["subject"] == case and web.heard[-1].body == web.heard[0].body


def test_after_a_dead_letter_the_case_goes_on_being_told(home: Telling, web: world.Web) -> None:
    web.says(lambda one: Reply(400 if one.json["type"].endswith("instance.started") else 200))
    webhook, _ = home.webhook(web)
    home.start()
    home.tell()
    for _ in range(60):
        home.wait(hours=1)
    assert [one.status for one in home.deliveries(webhook)] == ["dead", "delivered"]
    assert heard(web)[-1] == "task.opened"


def test_an_answer_that_asks_for_a_pause_gets_it(home: Telling, web: world.Web) -> None:
    web.says(Reply(429, headers={"Retry-After": "3600"}), Reply(200))
    webhook, _ = home.webhook(web, events=("instance.started",))
    home.start()
    home.tell()
    assert home.deliveries(webhook)[0].due_at == home.now + timedelta(hours=1)
    home.wait(minutes=59)
    assert len(web.heard) == 1
    home.wait(minutes=1)
    assert home.deliveries(webhook)[0].status == "delivered"


def test_who_says_gone_is_not_called_again(home: Telling, web: world.Web) -> None:
    web.says(Reply(410))
    webhook, _ = home.webhook(web)
    home.start()
    home.tell()
    home.wait(days=1)
    shown = home.shown(webhook)
    assert (shown.active, shown.stopped, len(web.heard)) == (False, "gone", 1)
    done = deeds.listed(home.engine, agent=BOSS, prefix="webhook.stopped")
    assert [(one.agent, one.about, one.details["why"]) for one in done] == [("system", "listener", "gone")]


def test_after_five_days_of_failure_it_is_stopped_and_what_waits_waits(home: Telling, web: world.Web) -> None:
    web.says(Reply(500))
    webhook, _ = home.webhook(web, events=("instance.started",))
    for day in range(7):
        home.start(day=day)
        home.tell()
        for _ in range(24):
            home.wait(hours=1)
    shown = home.shown(webhook)
    assert (shown.active, shown.stopped) == (False, "failing")
    count = len(web.heard)
    home.wait(days=1)
    assert len(web.heard) == count
    waiting = [one for one in home.deliveries(webhook) if one.status == "pending"]
    assert waiting
    web.says(Reply(200))
    keep.go_on(home.engine, webhook_id=webhook.id, agent=BOSS, now=home.now)
    home.tell()
    home.wait(days=1)
    assert not [one for one in home.deliveries(webhook) if one.status == "pending"]
    assert home.shown(webhook).stopped == ""


def test_one_that_does_not_answer_holds_up_no_other(home: Telling, web: world.Web) -> None:
    with world.raw(lambda connection, over: None) as port:
        home.webhook(web, name="a", url=f"http://127.0.0.1:{port}/")
        home.webhook(web, name="b")
        for _ in range(4):
            home.start()
        home.tell()
    assert len(heard(web)) == 8
    shown = keep.all_of(home.engine, agent=BOSS)
    assert shown[0].webhook.failures == 1, "after the first failure it rests: the other deliveries were given back"
    assert {one.attempts for one in home.deliveries(shown[0].webhook)} <= {0, 1}


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "https://169.254.169.254/latest", "https://[::1]/", "http://localhost:1/"]
)
def test_nobody_inside_is_told_by_a_webhook(home: Telling, web: world.Web, url: str) -> None:
    """An address that became an inner one, or always was."""
    openings.drop(home.engine, place="127.0.0.1", agent=BOSS, now=home.now)
    webhook, _ = home.webhook(web, url=url)
    home.start()
    home.tell()
    (first, _) = home.deliveries(webhook)
    assert first.status == "pending" and first.answered == 0
    assert "may not be called" in first.error["en"] and "不允许访问" in first.error["zh-CN"]


def test_a_redirect_is_a_failure(home: Telling, web: world.Web) -> None:
    web.says(Reply(307, headers={"Location": "/elsewhere"}))
    webhook, _ = home.webhook(web, events=("instance.started",))
    home.start()
    home.tell()
    assert home.deliveries(webhook)[0].answered == 307 and len(web.heard) == 1


# --- secrets -------------------------------------------------------------------------------------------------------


def test_after_a_rotation_both_secrets_sign_until_the_old_one_ends(home: Telling, web: world.Web) -> None:
    webhook, old = home.webhook(web, events=("instance.started",))
    _, new = keep.rotate(home.engine, webhook_id=webhook.id, overlap=timedelta(hours=24), agent=BOSS, now=home.now)
    assert new != old
    home.start()
    home.tell()
    assert signed(web.heard[0], old, home) and signed(web.heard[0], new, home)
    home.wait(hours=25)
    home.start()
    home.tell()
    assert not signed(web.heard[1], old, home) and signed(web.heard[1], new, home)


def test_a_rotation_without_overlap_ends_the_old_secret_at_once(home: Telling, web: world.Web) -> None:
    webhook, old = home.webhook(web, events=("instance.started",))
    _, new = keep.rotate(home.engine, webhook_id=webhook.id, overlap=timedelta(), agent=BOSS, now=home.now)
    home.start()
    home.tell()
    assert not signed(web.heard[0], old, home) and signed(web.heard[0], new, home)


def test_what_waited_is_signed_with_the_secret_of_its_sending(home: Telling, web: world.Web) -> None:
    web.says(Reply(500), Reply(200))
    webhook, _ = home.webhook(web, events=("instance.started",))
    home.start()
    home.tell()
    _, new = keep.rotate(home.engine, webhook_id=webhook.id, overlap=timedelta(), agent=BOSS, now=home.now)
    home.wait(minutes=1)
    assert signed(web.heard[1], new, home) and web.heard[0].body == web.heard[1].body


def test_no_row_shows_a_secret_and_another_key_cannot_sign(home: Telling, web: world.Web) -> None:
    webhook, secret = home.webhook(web, events=("instance.started",))
    assert secret.encode() not in webhook.sealed and secret not in repr(home.shown(webhook))
    with pytest.raises(Exception, match="cannot be decrypted"):
        send.secrets(vault.Vault(["x" * 40]), webhook, home.now)


# --- when anything breaks ------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here."""


def test_a_kill_between_hearing_and_writing_tells_it_again_under_the_same_id(
    home: Telling, web: world.Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.webhook(web, events=("instance.started",))
    home.start()

    def die(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(send, "_settle", die)
        with pytest.raises(Killed):
            home.tell()
    assert len(web.heard) == 1
    home.wait(minutes=1)
    assert len(web.heard) == 1, "it is held until the lease ends"
    home.wait(minutes=5)
    assert len(web.heard) == 2 and web.heard[0].headers["webhook-id"] == web.heard[1].headers["webhook-id"]


def test_a_kill_while_facts_are_looked_up_loses_and_doubles_nothing(
    home: Telling, web: world.Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook, _ = home.webhook(web)
    home.start()
    home.start()
    real, calls = expand._deliveries, []

    def dying(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        return real(*args)

    with monkeypatch.context() as patched:
        patched.setattr(expand, "_deliveries", dying)
        with pytest.raises(Killed):
            home.tell()
    assert home.deliveries(webhook) == []
    home.tell()
    assert sorted(heard(web)) == ["instance.started"] * 2 + ["task.opened"] * 2


def test_the_answer_of_a_courier_that_was_thought_dead_changes_nothing(home: Telling, web: world.Web) -> None:
    webhook, _ = home.webhook(web, events=("instance.started",))
    home.start()
    expand.expand(home.engine, now=home.now)
    (stale,) = home.engine.store.run(
        lambda tx: tx.webhooks.claim(now=home.now, until=home.now + timedelta(seconds=1), limit=1)
    )
    home.wait(seconds=2)
    assert home.deliveries(webhook)[0].status == "delivered"
    late = send.Heard(status=500, error={"en": "late"})
    with home.engine.store.transaction() as tx:
        send._settle(home.engine, tx, stale, late, home.now)
    assert home.deliveries(webhook)[0].status == "delivered" and home.shown(webhook).failures == 0


def test_several_couriers_at_once_tell_each_event_once_and_in_order(home: Telling, web: world.Web) -> None:
    home.webhook(web)
    cases = [home.start(n=n) for n in range(8)]
    for case in cases:
        ended(home, case)
    threads = [threading.Thread(target=home.tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    home.tell()
    for case in cases:
        mine = [one.json["sequence"] for one in web.heard if one.json["subject"] == case]
        assert mine == sorted(mine) and len(mine) == len(set(mine)) == 4


def test_an_event_that_was_told_twice_is_one_row(home: Telling, web: world.Web) -> None:
    webhook, _ = home.webhook(web)
    case = home.start()
    home.tell()
    with home.engine.store.transaction() as tx:
        tx.connection.exec_driver_sql(f"INSERT INTO outgoing (instance_id, first, last) VALUES ('{case}', 1, 99)")  # type: ignore[attr-defined]
    home.tell()
    assert len(home.deliveries(webhook)) == len(web.heard) == 2


# --- by hand -------------------------------------------------------------------------------------------------------


def test_a_test_is_sent_at_once_and_is_signed(home: Telling, web: world.Web) -> None:
    webhook, secret = home.webhook(web)
    sent = keep.test(home.engine, webhook_id=webhook.id, agent=BOSS, now=home.now)
    home.tell()
    (one,) = web.heard
    assert one.json["type"] == "dev.crmflow.test" and one.json["id"] == sent.event and signed(one, secret, home)
    assert home.deliveries(webhook)[0].status == "delivered"


def test_one_delivery_is_sent_again_whatever_became_of_it(home: Telling, web: world.Web) -> None:
    webhook, _ = home.webhook(web, events=("instance.started",))
    home.start()
    home.tell()
    (done,) = home.deliveries(webhook)
    assert keep.replay(home.engine, webhook_id=webhook.id, delivery_id=done.id, agent=BOSS, now=home.now) == 1
    home.tell()
    assert len(web.heard) == 2 and web.heard[0].body == web.heard[1].body


def test_a_stopped_webhook_hears_nothing_and_what_waited_goes_out_when_it_goes_on(
    home: Telling, web: world.Web
) -> None:
    webhook, _ = home.webhook(web, events=("instance.started",))
    home.start()
    expand.expand(home.engine, now=home.now)
    keep.stop(home.engine, webhook_id=webhook.id, agent=BOSS, now=home.now)
    home.start()
    home.tell()
    assert heard(web) == []
    keep.go_on(home.engine, webhook_id=webhook.id, agent=BOSS, now=home.now)
    home.tell()
    assert heard(web) == ["instance.started"], "what happened while it was stopped is not told"


def test_a_changed_address_gets_what_is_waiting(home: Telling, web: world.Web) -> None:
    web.says(Reply(500), Reply(200))
    webhook, _ = home.webhook(web, events=("instance.started",))
    home.start()
    home.tell()
    draft = keep.Draft(name="moved", url=f"{web.url}/new", events=("instance.started",))
    keep.change(home.engine, webhook_id=webhook.id, draft=draft, agent=BOSS, now=home.now)
    home.wait(minutes=1)
    assert [one.path for one in web.heard] == ["/in", "/new"]


def test_the_sweep_takes_old_deliveries_away(home: Telling, web: world.Web) -> None:
    webhook, _ = home.webhook(web)
    home.start()
    home.tell()
    home.clock.advance(timedelta(days=8))
    dispatch.sweep(home.engine, now=home.now)
    assert home.deliveries(webhook) == []
