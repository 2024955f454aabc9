"""Mail merge: to a frozen list, each target once, complete letters only, of material that holds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from engine import errors
from engine.domain import letters
from engine.ports import JobAnswer
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run
from tests.unit.domain.test_assets import release
from tests.unit.domain.test_sending import outcomes, ready


def preview(run: Run, list_id: str, **more: Any) -> JobAnswer:
    return run("letters.preview", job="p-1", asset="SPRING", list=list_id, **more)


def send(run: Run, list_id: str, *, job: str = "s-1", **more: Any) -> JobAnswer:
    told = {"batch": "B", "asset": "SPRING", "version": 1, "list": list_id, "part": 1, "channel": "email", **more}
    return run("letters.send", job=job, **told)


def test_the_preview_shows_a_letter_and_who_lacks_what_for_it(run: Run, store: Store) -> None:
    release(run, body="{{name}}：{{contract}}，{{person}}")
    list_id = ready(run, store, 2, contract="gold", person="王磊")
    ready(run, store, 3, campaign="B")
    told = preview(run, str(run("lists.freeze", job="f-3", campaign="A", candidates=allowed(3)).data["list_id"])).data
    assert (told["asset_version"], told["letters_count"], told["missing_count"]) == (1, 3, 1)
    assert (told["sample_subject"], told["sample_text"]) == ("您好 c-0", "c-0：gold，王磊")
    assert told["missing_fields"] == [{"customer": "C-2", "name": "c-2", "fields": "contract、person"}]
    assert told["parts"] == [1]
    assert preview(run, list_id).data["missing_count"] == 0


def allowed(count: int) -> list[dict[str, Any]]:
    return [{"customer_id": f"c-{number}", "verdict": "allowed"} for number in range(count)]


@pytest.mark.parametrize(("members", "parts"), [(0, []), (1, [1]), (2, [1]), (3, [1, 2]), (5, [1, 2, 3])])
def test_a_batch_is_done_in_parts_that_cover_it(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch, members: int, parts: list[int]
) -> None:
    monkeypatch.setattr(letters, "PART", 2)
    release(run)
    list_id = ready(run, store, members)
    assert preview(run, list_id).data["parts"] == parts
    got = [note.to for part in parts for note in send(run, list_id, job=f"s-{part}", part=part).notifications]
    assert got == [f"c-{number}@b.cn" for number in range(members)]


def test_nobody_gets_a_letter_with_a_hole_in_it(run: Run, store: Store) -> None:
    release(run, body="{{name}}：{{contract}}")
    ready(run, store, 1, contract="gold")
    list_id = ready(run, store, 2, campaign="A2")
    assert [note.text["en"] for note in send(run, list_id).notifications] == ["c-0：gold"]
    assert outcomes(store, "B") == {"sent": 1, "incomplete": 1}


def test_what_was_written_for_one_customer_goes_to_that_one_alone(run: Run, store: Store) -> None:
    release(run, body="{{name}}：{{personal}}")
    list_id = ready(run, store, 2)
    own = [{"customer": "C-0", "words": "谢谢来访 {{number}}"}]
    assert [one["fields"] for one in preview(run, list_id, personal=own).data["missing_fields"]] == ["personal"]
    letters_ = send(run, list_id, personal=own).notifications
    assert [(note.to, note.text["zh-CN"]) for note in letters_] == [("c-0@b.cn", "c-0：谢谢来访 {{number}}")]


@pytest.mark.parametrize(
    ("purpose", "found"),
    [("news", {"sent": 1, "stopped": 1, "full": 1}), ("service", {"sent": 3})],
)
def test_advertising_keeps_wishes_and_budget_and_what_must_be_known_goes_out(
    run: Run, store: Store, purpose: str, found: dict[str, int]
) -> None:
    release(run)
    ready(run, store, 2)
    run("contacts.opt_out", customer="c-1")
    ready(run, store, 3, campaign="A3", reserve=False)
    list_id = str(run("lists.freeze", job="f-3", campaign="A", candidates=allowed(3)).data["list_id"])
    send(run, list_id, purpose=purpose)
    assert outcomes(store, "B") == found


def test_a_part_repeated_after_a_crash_sends_the_same_letters_and_another_job_sends_none(
    run: Run, store: Store
) -> None:
    release(run)
    list_id = ready(run, store, 3)
    first, again, other = (send(run, list_id, job=job) for job in ("s-1", "s-1", "s-2"))
    assert [note.to for note in first.notifications] == [note.to for note in again.notifications]
    assert len(first.notifications) == 3 and other.notifications == ()


def test_two_runs_of_a_batch_at_once_write_to_each_customer_once(run: Run, store: Store) -> None:
    release(run)
    list_id = ready(run, store, 12)
    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = list(pool.map(lambda n: send(run, list_id, job=f"s-{n}"), range(4)))
    assert sorted(note.to for one in answers for note in one.notifications) == sorted(
        f"c-{number}@b.cn" for number in range(12)
    )


def test_paper_leaves_no_mail_and_becomes_a_file(run: Run, store: Store) -> None:
    release(run)
    list_id = ready(run, store, 2, address="上海市南京路 1 号")
    assert send(run, list_id, channel="mail").notifications == ()
    file = run("campaigns.file", campaign="B", wave=1, subject="{{name}}", text="亲启").data
    assert file["file_lines"] == 2 and "C-1,c-1,上海市南京路 1 号,c-1,亲启" in file["file_text"]


def test_who_has_no_address_for_the_channel_is_left_out(run: Run, store: Store) -> None:
    release(run)
    send(run, ready(run, store, 2), channel="fax")
    assert outcomes(store, "B") == {"no_address": 2}


@pytest.mark.parametrize("handler", ["letters.preview", "letters.send"])
@pytest.mark.parametrize("case", ["unknown", "expired", "wordless"])
def test_material_that_does_not_hold_is_sent_to_nobody(run: Run, store: Store, handler: str, case: str) -> None:
    list_id = ready(run, store, 1)
    if case != "unknown":
        release(run, **({"body": "", "file": "att-1"} if case == "wordless" else {}))
    later = NOON + timedelta(days=305 if case == "expired" else 0)
    answer = run(
        handler, job="s-1", now=later, batch="B", asset="SPRING", version=1, list=list_id, part=1, channel="email"
    )
    assert (answer.error, answer.message) == ("batch_blocked", "SPRING")
    assert outcomes(store, "B") == {}


def test_a_version_that_nobody_has_seen_is_not_sent(run: Run, store: Store) -> None:
    release(run)
    list_id = ready(run, store, 1)
    release(run, "j-2", body="other words")
    assert send(run, list_id).error == "batch_blocked"
    assert send(run, list_id, version=2).error == ""


def test_the_batch_is_on_record_with_its_version_and_figures(run: Run, store: Store) -> None:
    release(run)
    list_id = ready(run, store, 2)
    run("contacts.opt_out", customer="c-1")
    send(run, list_id)
    for _ in range(2):
        told = run("letters.log", batch="B", asset="SPRING", version=1, list=list_id, channel="email", purpose="news")
        assert told.data == {"sent_count": 1, "left_out_count": 1}
    with store.reading() as tx:
        kept = tx.assets.mailings("SPRING")
    assert [(one.id, one.n, one.list, one.sent, one.left_out) for one in kept] == [("B", 1, list_id, 1, 1)]


@pytest.mark.parametrize("handler", ["letters.preview", "letters.send"])
def test_a_list_that_there_is_not_is_told_and_stops_the_batch(run: Run, handler: str) -> None:
    release(run)
    answer = run(handler, batch="B", asset="SPRING", list="nowhere", channel="email")
    assert (answer.error, answer.message) == ("batch_blocked", "nowhere")


def test_a_list_that_is_too_long_and_a_channel_that_there_is_not_are_named(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    release(run)
    list_id = ready(run, store, 2)
    for wrong, parameter, longest in (({"channel": "tv"}, "channel", 10), ({}, "list", 1)):
        monkeypatch.setattr(letters, "MOST", longest)
        with pytest.raises(errors.Invalid) as refused:
            send(run, list_id, **wrong)
        assert refused.value.ids == {"handler": "letters.send", "parameter": parameter}
        assert all(parameter in words for words in refused.value.text.values())
