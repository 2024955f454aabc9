"""What a screen shows of a case and of a customer, over a real database and real steps."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine import errors
from engine.analytics import picture, timeline
from engine.inbox import act
from engine.messages import correlate
from engine.model.nodes import Work
from engine.model.performer import Performer
from engine.people.agent import SYSTEM
from engine.runtime import start
from tests.house import ANNA, MONDAY, House, house
from tests.kernel.models import literal, message, node, program, timer

PEOPLE = {"anna": "Anna"}
FOR_SALES = Performer(groups=(literal("sales"),))
BROAD = program(
    "start s", "and f", node("user u", performer=FOR_SALES, texts={"zh-CN": "审批", "en": "Approve"}),
    node("boundary b", attached_to="u", interrupting=False, triggers=(timer("P1D"),)),
    node("service j", work=Work(handler="outside")), node("catch m", triggers=(message("paid"),)),
    node("catch t", triggers=(timer("PT1H"),)), "xor x", "and k", "end z", "end late",
    flow=["s > f", "f > u > k", "f > j > k", "f > m > k", "f > t > k", "f > x", "x > k: nothing = 1", "k > z",
          "b > late"],
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.person(ANNA)
        yield made


def seen(home: House, case: str) -> picture.Picture:
    return picture.of_instance(home.engine, instance_id=case, people=PEOPLE)


def states(found: picture.Picture) -> dict[str, str]:
    return {stop.node: stop.state for stop in found.stops}


def test_everything_that_waits_is_in_the_picture_by_its_kind(home: House) -> None:
    home.release(BROAD)
    found = seen(home, home.start(nothing=0))
    assert [item.node for item in found.work_items] == ["u"]
    assert sorted(timer.node for timer in found.timers) == ["b", "t"]
    assert [wait.node for wait in found.subscriptions] == ["m"]
    assert [job.node for job in found.jobs] == ["j"]
    assert [incident.node for incident in found.incidents] == ["x"]
    assert {key: found.marks[key] for key in "ujmtx"} == {"u": "now", "j": "now", "m": "now", "t": "now", "x": "failed"}
    assert states(found) == {"u": "now", "j": "now", "m": "now", "t": "now"}


def test_the_picture_knows_the_customer_the_program_and_why_this_variant(home: House) -> None:
    home.release(BROAD)
    found = seen(home, home.start(nothing=0))
    assert (found.instance.status, found.customer.id, found.program.key) == ("active", "c-1", "p")
    assert found.resolution is not None and found.resolution.id == found.instance.resolution_id
    assert found.story[0].text["en"] or found.story[0].icon == "why"


def test_what_is_done_moves_from_now_to_done_and_the_story_grows(home: House) -> None:
    home.release(program("start s", node("user u", performer=FOR_SALES), node("user v", performer=FOR_SALES), "end z",
                         flow=["s > u > v > z"]))  # fmt: skip
    case = home.start()
    before = seen(home, case)
    item = home.item(case, "u").id
    act.claim(home.engine, work_item_id=item, agent=ANNA, now=home.now)
    act.complete(home.engine, work_item_id=item, data={}, agent=ANNA, now=home.now)
    after = seen(home, case)
    assert (states(before), states(after)) == ({"u": "now", "v": "later"}, {"u": "done", "v": "now"})
    assert after.story[: len(before.story)] == before.story
    assert [(moment.icon, moment.agent) for moment in after.story[len(before.story) :]] == [
        ("person", "anna"),
        ("done", "anna"),
        ("open", "anna"),
    ]
    assert after.stops[0].who == "anna" and after.stops[1].at == MONDAY


def test_an_ended_case_waits_for_nothing_and_is_done_all_over(home: House) -> None:
    home.release(program("start s", node("user u", performer=FOR_SALES), "end z", flow=["s > u > z"]))
    case = home.start()
    act.complete(home.engine, work_item_id=home.item(case, "u").id, data={}, agent=ANNA, now=home.now)
    found = seen(home, case)
    assert (found.work_items, found.timers, found.jobs, found.subscriptions, found.incidents) == ((), (), (), (), ())
    assert states(found) == {"u": "done"} and set(found.marks.values()) == {"done"}
    assert found.story[-1].icon == "end"


def test_a_case_of_nobody_has_a_picture_too(home: House) -> None:
    home.release(program("start s", "user u", flow=["s > u"]), start={"customer_required": False})
    begun = start.start(home.engine, process="p", customer_id=None, data={}, agent=SYSTEM, now=home.now)
    assert seen(home, begun.instance.id).customer is None


@pytest.mark.parametrize("of", [picture.of_instance, timeline.of_instance])
def test_a_case_that_is_not_there_is_not_found(home: House, of) -> None:
    with pytest.raises(errors.NotFound) as raised:
        of(home.engine, instance_id="nowhere", people={})
    assert (raised.value.code, raised.value.text["en"]) == ("instance_unknown", "There is no such case.")
    assert raised.value.text["zh-CN"] == "没有此办件。"


def test_a_case_s_story_is_told_oldest_first_and_as_its_picture_has_it(home: House) -> None:
    home.release(BROAD)
    case = home.start(nothing=0)
    home.pass_time(hours=2)
    told = timeline.of_instance(home.engine, instance_id=case, people=PEOPLE)
    assert [moment.number for moment in told] == sorted(moment.number for moment in told)
    assert [moment.at for moment in told] == sorted(moment.at for moment in told)
    assert tuple(told) == seen(home, case).story
    assert told[-1].at == MONDAY + timedelta(hours=2)


def test_a_customer_s_story_is_told_newest_first_over_all_cases_with_each_case_s_own_words(home: House) -> None:
    for key, zh, en in (("p", "审批", "Approve"), ("q", "回访", "Call back")):
        made = program("start s", node("user u", texts={"zh-CN": zh, "en": en}), flow=["s > u"], key=key)
        home.release(made)
    first, second = home.start("p"), None
    home.pass_time(hours=1)
    second = home.start("q")
    told = timeline.of_customer(home.engine, customer_id="c-1", people=PEOPLE)
    assert [moment.at for moment in told] == sorted((moment.at for moment in told), reverse=True)
    opened = {moment.instance_id: moment.text for moment in told if moment.icon == "open"}
    assert opened == {
        first: {"zh-CN": "“审批”待办理", "en": "“Approve” is waiting to be done"},
        second: {"zh-CN": "“回访”待办理", "en": "“Call back” is waiting to be done"},
    }


def test_a_customer_s_story_is_as_long_as_was_asked_for(home: House) -> None:
    home.release(program("start s", "user u", flow=["s > u"]))
    for _ in range(3):
        home.start()
    whole = timeline.of_customer(home.engine, customer_id="c-1", people={})
    short = timeline.of_customer(home.engine, customer_id="c-1", people={}, limit=4)
    assert 0 < len(short) <= 4 < len(whole)
    assert whole[: len(short)] == short


def test_a_customer_without_cases_has_no_story(home: House) -> None:
    home.customer("c-9")
    assert timeline.of_customer(home.engine, customer_id="c-9", people={}) == []


def test_inside_a_called_process_the_call_stands_on_this_drawing(home: House) -> None:
    home.release(program("start s2", node("user inner", performer=FOR_SALES), flow=["s2 > inner"], key="called"))
    home.release(program("start s", node("call k", called=literal("called")), "end z", flow=["s > k > z"]))
    found = seen(home, home.start())
    assert (found.marks["k"], states(found)["k"]) == ("now", "now")
    assert "inner" not in found.marks and "inner" not in states(found)
    assert [item.node for item in found.work_items] == ["inner"]


def test_of_several_that_wait_at_one_step_trouble_is_shown_before_people_before_machines() -> None:
    one = (SimpleNamespace(wait=1, node="n", path=()),)
    kinds = ["message", "timer", "job", "work_item", "incident"]
    # the order of the arguments is: work items, timers, subscriptions, jobs, incidents
    place = {"work_item": 0, "timer": 1, "message": 2, "job": 3, "incident": 4}
    for weaker, stronger in itertools.pairwise(kinds):
        waits = [one if number in (place[weaker], place[stronger]) else () for number in range(5)]
        assert picture._open_at({}, *waits) == {"n": stronger}, (weaker, stronger)


def test_a_message_that_arrives_is_in_the_story(home: House) -> None:
    home.release(program("start s", node("catch m", triggers=(message("paid"),)), "user u", flow=["s > m > u"]))
    case = home.start()
    correlate.correlate(home.engine, letter=correlate.Letter(name="paid"), agent=SYSTEM, now=home.now)
    found = seen(home, case)
    assert "“paid” arrived" in [moment.text["en"] for moment in found.story]
    assert states(found) == {"m": "done", "u": "now"}
