"""Who may keep webhooks, what is wrong with one, and the record of it."""

from datetime import timedelta
from typing import Any

import pytest

from engine import errors
from engine.settings import Settings
from engine.trust import deeds
from engine.webhooks import keep
from tests import outside_world as world
from tests.house import ANNA, BOSS
from tests.unit.webhooks.conftest import KEY, Telling


def add(home: Telling, **draft: Any) -> Any:
    values = {"name": "shop", "url": "https://shop.test/hook"} | draft
    return keep.add(home.engine, draft=keep.Draft(**values), agent=BOSS, now=home.now)


@pytest.mark.parametrize(
    "draft, pointers",
    [
        ({"name": ""}, {"/name"}),
        ({"name": "  "}, {"/name"}),
        ({"name": "x" * 81}, {"/name"}),
        ({"url": "nonsense"}, {"/url"}),
        ({"url": "ftp://a.test/"}, {"/url"}),
        ({"url": "https://user:pw@a.test/"}, {"/url"}),
        ({"events": ("instance.*", "nope", "task.gone")}, {"/events/1", "/events/2"}),
        ({"processes": ("p", "gone")}, {"/processes/1"}),
        ({"groups": ("KA", "a b", "")}, {"/groups/1", "/groups/2"}),
        ({"groups": ("KA",) * 201}, {"/groups"}),
        ({"name": "", "url": "", "events": ("x",)}, {"/name", "/url", "/events/0"}),
    ],
)
def test_every_wrong_field_is_named_in_both_languages(home: Telling, draft: dict[str, Any], pointers: set[str]) -> None:
    with pytest.raises(errors.Invalid) as refused:
        add(home, **draft)
    assert {problem.pointer for problem in refused.value.problems} == pointers
    assert all(problem.text.keys() == {"zh-CN", "en"} for problem in refused.value.problems)
    assert keep.all_of(home.engine, agent=BOSS) == []


def test_webhooks_are_listed_by_name_with_their_counts(home: Telling) -> None:
    with world.web() as web:
        home.webhook(web, name="b")
        add(home, name="a", events=("incident.*",))
        home.start()
        home.tell()
    shown = keep.all_of(home.engine, agent=BOSS)
    assert [(one.webhook.name, one.counts) for one in shown] == [("a", {}), ("b", {"delivered": 2})]
    assert keep.get(home.engine, webhook_id=shown[1].webhook.id, agent=BOSS) == shown[1]


def test_there_is_a_bound_on_their_number(home: Telling, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "MOST", 2)
    add(home), add(home)
    with pytest.raises(errors.Conflict) as refused:
        add(home)
    assert refused.value.code == "webhooks_many"


def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(home: Telling) -> None:
    made, _ = add(home)
    draft = keep.Draft(name="new", url="https://new.test/")

    def change(revision: int | None) -> int:
        return keep.change(
            home.engine, webhook_id=made.id, draft=draft, agent=BOSS, now=home.now, revision=revision
        ).revision

    assert change(1) == 2
    with pytest.raises(errors.Conflict) as refused:
        change(1)
    assert refused.value.code == "revision_old" and change(None) == 3
    assert keep.get(home.engine, webhook_id=made.id, agent=BOSS).webhook.revision == 3


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=7, seconds=1)])
def test_two_secrets_are_not_valid_for_ever(home: Telling, overlap: timedelta) -> None:
    made, _ = add(home)
    with pytest.raises(errors.Invalid) as refused:
        keep.rotate(home.engine, webhook_id=made.id, overlap=overlap, agent=BOSS, now=home.now)
    assert refused.value.code == "overlap_invalid"


def test_a_dropped_webhook_is_gone(home: Telling) -> None:
    made, _ = add(home)
    keep.drop(home.engine, webhook_id=made.id, agent=BOSS, now=home.now)
    for call in (
        lambda: keep.drop(home.engine, webhook_id=made.id, agent=BOSS, now=home.now),
        lambda: keep.get(home.engine, webhook_id=made.id, agent=BOSS),
        lambda: keep.stop(home.engine, webhook_id=made.id, agent=BOSS, now=home.now),
        lambda: keep.go_on(home.engine, webhook_id=made.id, agent=BOSS, now=home.now),
        lambda: keep.test(home.engine, webhook_id=made.id, agent=BOSS, now=home.now),
        lambda: keep.replay(home.engine, webhook_id=made.id, agent=BOSS, now=home.now),
        lambda: keep.deliveries(home.engine, webhook_id=made.id, agent=BOSS),
        lambda: keep.rotate(home.engine, webhook_id=made.id, overlap=timedelta(), agent=BOSS, now=home.now),
    ):
        with pytest.raises(errors.NotFound) as refused:
            call()
        assert refused.value.code == "webhook_unknown"


def test_a_delivery_of_another_webhook_is_not_sent_again(home: Telling) -> None:
    made, _ = add(home)
    other, _ = add(home)
    sent = keep.test(home.engine, webhook_id=other.id, agent=BOSS, now=home.now)
    for delivery in (sent.id, "nonsense"):
        with pytest.raises(errors.NotFound) as refused:
            keep.replay(home.engine, webhook_id=made.id, delivery_id=delivery, agent=BOSS, now=home.now)
        assert refused.value.code == "delivery_unknown"


def test_only_administrators_keep_webhooks(home: Telling) -> None:
    made, _ = add(home)
    engine, now, key = home.engine, home.now, made.id
    draft = keep.Draft(name="x", url="https://x.test/")
    for call in (
        lambda: keep.add(engine, draft=draft, agent=ANNA, now=now),
        lambda: keep.change(engine, webhook_id=key, draft=draft, agent=ANNA, now=now),
        lambda: keep.rotate(engine, webhook_id=key, overlap=timedelta(), agent=ANNA, now=now),
        lambda: keep.stop(engine, webhook_id=key, agent=ANNA, now=now),
        lambda: keep.go_on(engine, webhook_id=key, agent=ANNA, now=now),
        lambda: keep.drop(engine, webhook_id=key, agent=ANNA, now=now),
        lambda: keep.all_of(engine, agent=ANNA),
        lambda: keep.get(engine, webhook_id=key, agent=ANNA),
        lambda: keep.deliveries(engine, webhook_id=key, agent=ANNA),
        lambda: keep.replay(engine, webhook_id=key, agent=ANNA, now=now),
        lambda: keep.test(engine, webhook_id=key, agent=ANNA, now=now),
    ):
        with pytest.raises(errors.Forbidden):
            call()


def test_every_deed_is_on_record(home: Telling) -> None:
    made, _ = add(home)
    engine, now, key = home.engine, home.now, made.id
    keep.change(engine, webhook_id=key, draft=keep.Draft(name="n", url="https://n.test/"), agent=BOSS, now=now)
    keep.rotate(engine, webhook_id=key, overlap=timedelta(), agent=BOSS, now=now)
    keep.stop(engine, webhook_id=key, agent=BOSS, now=now)
    keep.go_on(engine, webhook_id=key, agent=BOSS, now=now)
    keep.replay(engine, webhook_id=key, agent=BOSS, now=now)
    keep.drop(engine, webhook_id=key, agent=BOSS, now=now)
    done = [one.what.removeprefix("webhook.") for one in deeds.listed(engine, agent=BOSS, prefix="webhook.")]
    assert done[::-1] == ["added", "changed", "rotated", "stopped", "started", "replayed", "dropped"]
    assert "whsec" not in repr(deeds.listed(engine, agent=BOSS))


def test_after_a_change_of_keys_all_secrets_are_sealed_anew(home: Telling) -> None:
    made, _ = add(home)
    keep.rotate(home.engine, webhook_id=made.id, overlap=timedelta(days=1), agent=BOSS, now=home.now)
    settings = Settings(
        data_dir=home.engine.settings.data_dir, credentials_key=f"another key that is long enough 000,{KEY}"
    )
    renewed = type(home.engine)(**{**vars(home.engine), "settings": settings})
    assert keep.reseal(renewed) == 1 and keep.reseal(renewed) == 0
