"""Marketing material: version after version, each until its last day."""

from datetime import date, timedelta
from typing import Any

import pytest

from engine import errors, marketing
from engine.domain import assets, merging
from engine.people.agent import Agent
from engine.ports import JobAnswer
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run


def release(run: Run, job: str = "j-1", **more: Any) -> JobAnswer:
    told = {
        "asset": "SPRING",
        "kind": "letter",
        "language": "zh-CN",
        "title": "春季信函",
        "subject": "您好 {{name}}",
        "body": "{{name}}，编号 {{number}}",
        "valid_until": "2026-12-31",
    }
    return run("assets.release", job=job, **{**told, **more})


def test_each_release_is_the_next_version_and_a_repeated_job_makes_none(run: Run, store: Store) -> None:
    versions = [release(run, job).data["asset_version"] for job in ("j-1", "j-1", "j-2")]
    assert versions == [1, 1, 2]
    with store.reading() as tx:
        known = tx.assets.latest("SPRING")
    assert known is not None and (known.n, known.title, known.valid_until) == (2, "春季信函", "2026-12-31")


@pytest.mark.parametrize(
    ("until", "notice"),
    [
        ("2026-12-31", "2026-12-01"),
        ("2026-04-01", "2026-03-02"),
        ("2026-03-05", "2026-03-02"),  # less than thirty days are left: today
        ("2026-03-02", "2026-03-02"),
        ("", ""),
    ],
)
def test_its_successor_is_thought_of_thirty_days_before_the_last_day(run: Run, until: str, notice: str) -> None:
    watched = {"assetKey": "SPRING", "asset_version": 1, "notice_at": notice}
    assert release(run, valid_until=until).data["released"] == watched


@pytest.mark.parametrize(
    ("until", "today", "holds"),
    [
        ("2026-03-02", date(2026, 3, 2), True),
        ("2026-03-02", date(2026, 3, 3), False),
        ("", date(2099, 1, 1), True),
    ],
)
def test_material_holds_up_to_its_last_day(run: Run, store: Store, until: str, today: date, holds: bool) -> None:
    release(run, valid_until=until)
    with store.reading() as tx:
        assert assets.valid(tx.assets.latest("SPRING"), today) is holds
        assert not assets.valid(tx.assets.latest("NONE"), today)


@pytest.mark.parametrize(
    ("wrong", "parameter"),
    [
        ({"valid_until": "2026-03-01"}, "valid_until"),
        ({"valid_until": "soon"}, "valid_until"),
        ({"body": ""}, "body"),
        ({"body": "x" * (merging.LONGEST + 1)}, "body"),
        ({"kind": "song"}, "kind"),
        ({"language": "fr"}, "language"),
        ({"title": ""}, "title"),
        ({"asset": ""}, "asset"),
    ],
)
def test_what_is_no_material_is_named(run: Run, store: Store, wrong: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        release(run, **wrong)
    assert refused.value.ids == {"handler": "assets.release", "parameter": parameter}
    assert all(parameter in words for words in refused.value.text.values())
    with store.reading() as tx:
        assert tx.assets.latest("SPRING") is None


def test_a_brochure_is_its_file(run: Run, store: Store) -> None:
    release(run, kind="brochure", body="", subject="", file="att-1")
    with store.reading() as tx:
        known = tx.assets.latest("SPRING")
    assert known is not None and (known.file, known.body) == ("att-1", "")


def test_a_renewal_begins_with_what_stands_and_how_often_it_went_out(run: Run, store: Store) -> None:
    release(run)
    batch = marketing.Mailing(
        id="B-1", asset="SPRING", n=1, list="l-1", channel="email", purpose="news", sent=2, left_out=1, job="j", at=NOON
    )
    with store.transaction() as tx:
        for one in (batch, batch):
            tx.assets.log(one)
    with store.reading() as tx:
        assert tx.assets.mailings("SPRING") == [batch] and tx.assets.mailings("OTHER") == []
    told = run("assets.standing", asset="SPRING", now=NOON + timedelta(days=200)).data
    assert (told["newest_version"], told["times_used"]) == (1, 1)
    assert told["expiring"] == {
        "assetKey": "SPRING",
        "title": "春季信函",
        "asset_type": "letter",
        "asset_language": "zh-CN",
        "subject": "您好 {{name}}",
        "body": "{{name}}，编号 {{number}}",
        "last_day": "2026-12-31",
        "times_used": 1,
    }


def test_material_that_nobody_knows_is_named_in_both_languages(run: Run) -> None:
    with pytest.raises(errors.NotFound) as refused:
        run("assets.standing", asset="NONE")
    assert all("NONE" in words for words in refused.value.text.values())


def test_only_the_newest_version_that_is_still_valid_is_found(run: Run, store: Store) -> None:
    release(run, "j-1")
    release(run, "j-2", title="春季信函二")
    release(run, "j-3", asset="AUTUMN", title="Autumn 100%", valid_until="")
    release(run, "j-4", asset="OLD", title="旧信函", valid_until="2026-03-02")

    def found(text: str, day: str, limit: int = 9) -> list[tuple[str, int]]:
        with store.reading() as tx:
            return [(one.key, one.n) for one in tx.assets.standing(text, day, limit)]

    assert found("", "2026-03-02") == [("AUTUMN", 1), ("OLD", 1), ("SPRING", 2)]
    assert found("", "2026-03-03") == [("AUTUMN", 1), ("SPRING", 2)], "its last day was yesterday"
    assert found("", "2027-01-01") == [("AUTUMN", 1)]
    assert found("信函", "2026-03-02") == [("OLD", 1), ("SPRING", 2)]
    assert found("spr", "2026-03-02") == [("SPRING", 2)]
    assert found("%", "2026-03-02") == [("AUTUMN", 1)], "a wildcard is a letter like others"
    assert found("", "2026-03-02", limit=1) == [("AUTUMN", 1)]


def test_who_may_not_see_customers_sees_no_material(store: Store) -> None:
    nobody = Agent(key="x", name="X", roles=frozenset())
    with pytest.raises(errors.Forbidden):
        assets.search(None, text="", agent=nobody, now=NOON)  # type: ignore[arg-type]


def test_a_test_takes_the_material_that_was_chosen(run: Run) -> None:
    release(run, "j-1")
    answer = run("campaigns.test", recipients=["a@house.example"], material="SPRING", subject="x", text="y")
    assert answer.data == {
        "places": ["name", "number"],
        "material_title": "春季信函",
        "material_subject": "您好 {{name}}",
        "material_text": "{{name}}，编号 {{number}}",
        "material_version": 1,
        "material_tested": "SPRING",
        "material_problem": "",
    }
    (letter,) = answer.notifications
    assert "[TEST] 您好 {{name}}" in letter.subject.values()


def test_without_material_the_words_are_tested_as_they_are(run: Run) -> None:
    answer = run("campaigns.test", recipients=[], material="", subject="x", text="{{name}}")
    assert answer.data == {"places": ["name"], "material_version": None, "material_tested": "", "material_problem": ""}


@pytest.mark.parametrize("case", ["unknown", "over", "no words"])
def test_material_that_may_not_go_out_is_said_in_both_languages(run: Run, case: str) -> None:
    if case == "over":
        release(run, "j-1", valid_until="2026-03-02")
    elif case == "no words":
        release(run, "j-1", body="", file="f-1")
    later = NOON + timedelta(days=1)
    answer = run("campaigns.test", now=later, recipients=["a@house.example"], material="SPRING", subject="", text="")
    assert answer.data["material_version"] is None and answer.data["material_tested"] == "SPRING"
    assert "没有可用的已发布版本" in answer.data["material_problem"]
    assert "no released version" in answer.data["material_problem"]
    assert not answer.notifications
