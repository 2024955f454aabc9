"""Group rules are written by one person and released by another; what holds changes only by a release."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import errors, variation
from engine.customers import drafts, groups
from engine.people.agent import SYSTEM, Agent
from tests.house import House, house
from tests.unit.customers.books import NOW, document

ANN = Agent(key="ann", name="Ann", roles=frozenset({"admin"}))
BEN = Agent(key="ben", name="Ben", roles=frozenset({"admin"}))
DANA = Agent(key="dana", name="Dana", roles=frozenset({"designer"}))
LI = Agent(key="li", name="Li", roles=frozenset({"staff"}))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        groups.publish(made.engine, document=document(), agent=SYSTEM, now=made.now)
        made.pass_time(hours=1)
        yield made


def higher(value: int = 95) -> dict[str, Any]:
    """Key accounts only from this value on."""
    said = document()
    said["rules"][0]["when"]["value"] = f">= {value}"
    said["rules"][1]["when"]["value"] = f"[40..{value})"
    said["rules"][3]["when"]["value"] = f">= {value}"
    return said


def seen(desk: House) -> str:
    return drafts.shelf(desk.engine, agent=ANN, now=desk.now).seen


def save(desk: House, said: dict[str, Any] | None = None, by: Agent = ANN, **more: Any) -> variation.GroupRules:
    sent = {"document": said or higher(), "seen": seen(desk), **more}
    return drafts.save(desk.engine, agent=by, now=desk.now, **sent)


def do(desk: House, what: Callable[..., variation.GroupRules], by: Agent, **more: Any) -> variation.GroupRules:
    return what(desk.engine, agent=by, now=desk.now, **more)


def state(desk: House) -> tuple[int, int, int]:
    """Numbers of what holds, what is to come and the draft; 0 for none."""
    here = drafts.shelf(desk.engine, agent=ANN, now=desk.now)
    return tuple(one.n if one else 0 for one in (here.present, here.coming, here.draft))  # type: ignore[return-value]


def released(desk: House, said: dict[str, Any] | None = None, **more: Any) -> variation.GroupRules:
    save(desk, said)
    do(desk, drafts.submit, ANN)
    return do(desk, drafts.release, BEN, **more)


def test_a_draft_changes_nothing_until_somebody_else_releases_it(desk: House) -> None:
    assert save(desk).n == 2 and state(desk) == (1, 0, 2)
    do(desk, drafts.submit, ANN, note="the board wants it")
    assert state(desk) == (1, 0, 2)
    with pytest.raises(errors.Forbidden) as refused:
        do(desk, drafts.release, ANN)
    assert refused.value.code == "own_work" and "他人" in refused.value.text["zh-CN"]
    made = do(desk, drafts.release, BEN)
    assert state(desk) == (2, 0, 0)
    assert [deed.did for deed in made.history] == ["saved", "submitted", "released"]
    assert made.history[1].note == "the board wants it"


def test_everybody_who_wrote_at_it_is_its_author(desk: House) -> None:
    save(desk)
    save(desk, higher(96), by=BEN)
    do(desk, drafts.submit, ANN)
    for author in (ANN, BEN):
        with pytest.raises(errors.Forbidden):
            do(desk, drafts.release, author)


@pytest.mark.parametrize(
    ("what", "agent", "more"),
    [
        (drafts.save, LI, {"document": document(), "seen": ""}),
        (drafts.submit, LI, {}),
        (drafts.discard, LI, {}),
        (drafts.release, DANA, {}),
        (drafts.send_back, DANA, {"note": "no"}),
        (drafts.call_off, DANA, {}),
        (drafts.shelf, LI, {}),
        (drafts.check, LI, {"document": document()}),
    ],
)
def test_designers_write_and_administrators_release(desk: House, what: Any, agent: Agent, more: Any) -> None:
    with pytest.raises(errors.Forbidden):
        do(desk, what, agent, **more)


def test_a_save_over_what_one_has_not_seen_is_refused_and_names_who_was_faster(desk: House) -> None:
    before = seen(desk)
    save(desk, by=BEN)
    with pytest.raises(errors.Conflict) as refused:
        save(desk, higher(97), seen=before)
    assert refused.value.code == "group_rules_overtaken" and "ben" in refused.value.text["en"]
    assert save(desk, higher(97)).rules == higher(97)


def test_saving_after_a_submission_takes_it_back(desk: House) -> None:
    save(desk)
    assert do(desk, drafts.submit, ANN).submitted
    assert not save(desk, higher(97)).submitted
    with pytest.raises(errors.Conflict) as refused:
        do(desk, drafts.release, BEN)
    assert refused.value.code == "not_submitted"


@pytest.mark.parametrize("what", [drafts.submit, drafts.discard, drafts.release, drafts.call_off])
def test_where_there_is_nothing_nothing_can_be_done_with_it(desk: House, what: Any) -> None:
    with pytest.raises(errors.Conflict) as refused:
        do(desk, what, BEN)
    assert refused.value.code in ("no_draft", "not_scheduled") and set(refused.value.text) == {"zh-CN", "en"}


def test_what_has_not_the_shape_of_rules_is_not_kept(desk: House) -> None:
    with pytest.raises(errors.Invalid) as refused:
        save(desk, document(rules=[{"id": "R1", "when": {"value": 3}, "group": "KA"}]))
    assert [one.pointer for one in refused.value.problems] == ["/rules/0/when/value"]
    assert state(desk) == (1, 0, 0)


def test_an_overlap_may_be_saved_and_is_not_submitted(desk: House) -> None:
    said = document()
    said["groups"][4]["priority"] = 40
    save(desk, said)
    with pytest.raises(errors.Invalid) as refused:
        do(desk, drafts.submit, ANN)
    assert any(one.code == "rules_overlap" for one in refused.value.problems)


def test_sent_back_with_a_word_it_is_a_draft_again(desk: House) -> None:
    save(desk)
    do(desk, drafts.submit, ANN)
    with pytest.raises(errors.Invalid):
        do(desk, drafts.send_back, BEN, note="  ")
    back = do(desk, drafts.send_back, BEN, note="95 is too high")
    assert not back.submitted and back.history[-1].note == "95 is too high"
    with pytest.raises(errors.Conflict):
        do(desk, drafts.send_back, BEN, note="again")


def test_a_discarded_draft_leaves_what_holds_and_its_number_is_not_given_again(desk: House) -> None:
    save(desk)
    assert do(desk, drafts.discard, ANN).status == "retired"
    assert state(desk) == (1, 0, 0)
    assert save(desk).n == 3


def test_a_release_for_later_waits_for_its_moment(desk: House) -> None:
    made = released(desk, valid_from=desk.now + timedelta(days=2))
    assert state(desk) == (1, 2, 0) and made.valid_from == desk.now + timedelta(days=2)
    desk.pass_time(days=2)
    assert state(desk) == (2, 0, 0)


def test_a_moment_that_is_past_is_now(desk: House) -> None:
    assert released(desk, valid_from=desk.now - timedelta(days=2)).valid_from == desk.now


def test_what_waits_for_its_moment_can_be_called_off(desk: House) -> None:
    released(desk, valid_from=desk.now + timedelta(days=2))
    assert not do(desk, drafts.call_off, BEN).submitted
    assert state(desk) == (1, 0, 2)
    desk.pass_time(days=3)
    assert state(desk) == (1, 0, 2)


def test_with_another_draft_in_work_it_is_not_called_off(desk: House) -> None:
    released(desk, valid_from=desk.now + timedelta(days=2))
    save(desk, higher(70))
    with pytest.raises(errors.Conflict) as refused:
        do(desk, drafts.call_off, BEN)
    assert refused.value.code == "draft_there" and state(desk) == (1, 2, 3)


def test_a_release_takes_the_place_of_one_that_still_waited(desk: House) -> None:
    released(desk, valid_from=desk.now + timedelta(days=2))
    assert released(desk, higher(70)).n == 3
    desk.pass_time(days=3)
    assert state(desk) == (3, 0, 0)


def test_a_draft_that_rules_from_elsewhere_went_past_is_saved_anew_before_its_release(desk: House) -> None:
    save(desk)
    do(desk, drafts.submit, ANN)
    groups.publish(desk.engine, document=higher(60), agent=BEN, now=desk.now)
    with pytest.raises(errors.Conflict) as refused:
        do(desk, drafts.release, BEN)
    assert refused.value.code == "group_rules_overtaken"
    assert save(desk).n == 4
    do(desk, drafts.submit, ANN)
    do(desk, drafts.release, BEN)
    assert state(desk) == (4, 0, 0)


def test_versions_are_read_by_number_and_customers_counted(desk: House) -> None:
    desk.customer("c-1", group="KA")
    desk.customer("c-2", group="KA")
    desk.customer("c-3")
    assert drafts.shelf(desk.engine, agent=DANA, now=desk.now).customers == {"KA": 2, "": 1}
    assert drafts.version(desk.engine, n=1, agent=DANA).rules == document()
    with pytest.raises(errors.NotFound):
        drafts.version(desk.engine, n=9, agent=DANA)


def test_what_is_wrong_with_a_document_is_told_without_keeping_it(desk: House) -> None:
    assert drafts.check(desk.engine, document=higher(), agent=DANA, now=desk.now) == []
    gap = higher()
    del gap["rules"][2]
    assert {one.code for one in drafts.check(desk.engine, document=gap, agent=DANA, now=desk.now)} == {"rules_gap"}
    assert state(desk) == (1, 0, 0)


def test_what_a_house_begins_with_is_sound() -> None:
    assert groups.check(drafts.FIRST, now=NOW) == []
