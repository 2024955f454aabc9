"""What was done without a connection: told beside its arrival, and never at a moment that cannot be."""

from datetime import datetime, timedelta, timezone

import pytest

from engine import errors, facts
from engine.analytics import timeline
from engine.inbox import act, late
from engine.runtime import repeat
from tests.house import ANNA, BO, House
from tests.unit.inbox.desk import Desk
from tests.unit.inbox.test_act import two
from tests.unit.inbox.test_signing import mode

HOUR = timedelta(hours=1)


def told(home: House, case: str) -> list[facts.DoneEarlier]:
    return [fact for fact in home.facts(case) if isinstance(fact, facts.DoneEarlier)]


def test_when_it_was_done_stands_beside_when_it_arrived(home: House) -> None:
    case = two(home)
    before = home.now
    home.clock.advance(2 * HOUR)
    done_at = (before + HOUR).astimezone(timezone(8 * HOUR))
    item = home.item(case, "one").id
    act.complete(home.engine, work_item_id=item, data={"outcome": "yes"}, agent=ANNA, now=home.now, done_at=done_at)
    assert told(home, case) == [facts.DoneEarlier(node="one", verb="complete", done_at=done_at.isoformat())]
    story = timeline.of_instance(home.engine, instance_id=case, people={})
    (said,) = [moment for moment in story if moment.earlier]
    assert (said.earlier, said.at, said.agent) == (done_at, home.now, "anna")
    assert said.text["zh-CN"].startswith("离线完成了") and "without a connection" in said.text["en"]


def test_what_is_done_with_a_connection_says_nothing_more(home: House) -> None:
    case = two(home)
    act.complete(home.engine, work_item_id=home.item(case, "one").id, data={"outcome": "yes"}, agent=ANNA, now=home.now)
    assert told(home, case) == []


@pytest.mark.parametrize("off", [-HOUR, timedelta(seconds=1), 400 * 24 * HOUR])
def test_nothing_is_done_before_it_was_there_or_in_the_future(home: House, off: timedelta) -> None:
    case = two(home)
    with pytest.raises(errors.Invalid) as caught:
        act.complete(
            home.engine,
            work_item_id=home.item(case, "one").id,
            data={"outcome": "yes"},
            agent=ANNA,
            now=home.now,
            done_at=home.now + off,
        )
    assert caught.value.code == "done_at_impossible"
    assert "办理时间" in caught.value.text["zh-CN"] and "was done" in caught.value.text["en"]
    assert home.item(case, "one").status == "open" and told(home, case) == []


@pytest.mark.parametrize(
    ("off", "expected"),
    [(-HOUR, timedelta()), (timedelta(), timedelta()), (HOUR, HOUR), (2 * HOUR, 2 * HOUR), (9 * HOUR, 2 * HOUR)],
)
def test_a_clock_that_goes_wrong_is_brought_to_the_nearest_moment(
    home: House, off: timedelta, expected: timedelta
) -> None:
    item = home.item(two(home), "one")
    assert late.possible(item, item.created_at + off, item.created_at + 2 * HOUR) == item.created_at + expected


@pytest.mark.parametrize("verb", ["comment", "add_file"])
def test_comments_and_files_tell_it_too(home: House, verb: late.Verb) -> None:
    case = two(home)
    future = home.now + HOUR
    item = home.item(case, "one").id
    act.tell_earlier(home.engine, work_item_id=item, verb=verb, done_at=future, agent=ANNA, now=home.now)
    assert told(home, case) == [facts.DoneEarlier(node="one", verb=verb, done_at=home.now.isoformat())]


def test_nobody_tells_of_work_that_is_not_theirs_to_see(home: House) -> None:
    case = two(home)
    stranger = ANNA.__class__(key="zoe", name="Zoe", roles=frozenset({"staff"}), groups=frozenset())
    with pytest.raises(errors.NotFound):
        act.tell_earlier(
            home.engine,
            work_item_id=home.item(case, "one").id,
            verb="comment",
            done_at=home.now,
            agent=stranger,
            now=home.now,
        )
    assert told(home, case) == []


@pytest.mark.parametrize(("kept", "later", "calls"), [(late.REPEATABLE, 29, 1), (late.REPEATABLE, 31, 2)])
def test_a_device_may_come_again_for_a_month(home: House, kept: timedelta, later: int, calls: int) -> None:
    made: list[datetime] = []

    def work() -> tuple[int, str]:
        made.append(home.now)
        return 200, "done"

    for _ in range(2):
        repeat.once(home.engine, key="k", request=b"r", agent=BO, now=home.now, work=work, keep=kept)
        home.clock.advance(timedelta(days=later))
    assert len(made) == calls


def test_a_signature_that_does_not_decide_tells_it_too(home: House) -> None:
    desk = Desk(home, mode("all"))
    item = home.item(desk.case, "draft").id
    act.complete(home.engine, work_item_id=item, data={"outcome": "yes"}, agent=ANNA, now=home.now, done_at=home.now)
    assert [fact.verb for fact in told(home, desk.case)] == ["complete"] and desk.open() == ["draft"]
