"""Every fact of a case is told in the words of the program that its step stands in, whatever else has the same ids."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import errors, facts
from engine.analytics import picture, telling, timeline, wording
from engine.inbox import act, handing
from engine.migration import assess, plans
from engine.model.nodes import MultiInstance, Work
from engine.model.performer import Escalation, Performer, Promise
from tests.house import ANNA, BO, BOSS, House, house
from tests.kernel.models import feel, literal, message, node, program, timer

LADDER = (Escalation(at_percent=50, action="warn"), Escalation(at_percent=100, action="breach"))
SALES = Performer(groups=(literal("sales"),))
FORM = {"type": "object", "properties": {"outcome": {"type": "string", "enum": ["ok"], "x-ui": {"widget": "actions"}}}}


def named(words: str, zh: str, en: str, **more: Any) -> Any:
    return node(words, texts={"zh-CN": zh, "en": en}, **more)


def step(node_id: str, zh: str, en: str, **more: Any) -> Any:
    return named(f"user {node_id}", zh, en, performer=SALES, **more)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        for agent in (ANNA, BO):
            made.person(agent)
        yield made


def done(home: House, case: str, name: str) -> None:
    item = home.item(case, name).id
    act.claim(home.engine, work_item_id=item, agent=ANNA, now=home.now)
    act.complete(home.engine, work_item_id=item, data={}, agent=ANNA, now=home.now)


def seen(home: House, case: str) -> picture.Picture:
    return picture.of_instance(home.engine, instance_id=case, people={})


def told(home: House, case: str, locale: str = "en") -> list[str]:
    """What the page of the case says, which is what the other two stories say."""
    story = list(seen(home, case).story)
    assert story == timeline.of_instance(home.engine, instance_id=case, people={})
    of_customer = timeline.of_customer(home.engine, customer_id="c-1", people={})
    assert [one for one in reversed(of_customer) if one.instance_id == case] == story
    return [one.text[locale] for one in story if one.text]


def release_inner(home: House, *more: Any, flow: str = "s > same > auto > e", key: str = "inner") -> None:
    made = [
        step("same", "诊断", "Diagnose"),
        named("service auto", "记录", "Record", work=Work(handler="nothing")),
        *more,
    ]
    home.release(program("start s", *made, "end e", key=key, flow=[flow]))


def release_outer(home: House, *more: Any, **call: Any) -> None:
    steps = [step("same", "受理", "Take in"), named("service auto", "登记", "Register", work=Work(handler="nothing"))]
    calling = named("call c", "解决", "Resolve", called=literal("inner"), **call)
    home.release(program("start s", *steps, calling, *more, "end e", flow=["s > same > auto > c > e"]))


def test_a_step_of_a_called_process_has_its_own_name_while_it_waits_and_afterwards(home: House) -> None:
    release_inner(home)
    release_outer(home)
    case = home.start()
    done(home, case, "same")
    home.settle()
    assert told(home, case)[-1] == "“Diagnose” is waiting to be done"
    assert told(home, case, "zh-CN")[-1] == "“诊断”待办理"
    handing.transfer(home.engine, work_item_id=home.item(case, "same").id, to="bo", reason="", agent=BOSS, now=home.now)
    assert told(home, case)[-1] == "handed “Diagnose” to bo"
    act.complete(home.engine, work_item_id=home.item(case, "same").id, data={}, agent=BO, now=home.now)
    home.settle()
    assert home.instance(case).status == "completed"
    said = told(home, case)[1:]
    assert [text for text in said if "“" in text] == [
        "“Take in” is waiting to be done",
        "took “Take in”",
        "completed “Take in”",
        "“Register” was done automatically",
        "“Diagnose” is waiting to be done",
        "handed “Diagnose” to bo",
        "completed “Diagnose”",
        "“Record” was done automatically",
    ]
    assert not [text for text in (*said, *told(home, case, "zh-CN")) if "a step" in text or "一个步骤" in text]


def test_what_called_processes_wait_for_is_named_and_stands_at_the_call_on_the_drawing(home: House) -> None:
    waiting = (
        named("catch paid", "等待付款", "Wait for payment", triggers=(message("paid"),)),
        named("catch pause", "冷静期", "Cooling off", triggers=(timer("P1D"),)),
    )
    outside = named("service same", "计算", "Reckon", work=Work(handler="no", style="external"))
    ways = ["s > f > paid > e", "f > pause > e", "f > same > e"]
    home.release(program("start s", "and f", *waiting, outside, "end e", key="inner", flow=ways))
    release_outer(home)
    case = home.start()
    done(home, case, "same")
    home.settle()
    found = seen(home, case)
    assert sorted(text["en"] for text in found.steps.values()) == ["Cooling off", "Wait for payment"]
    assert sorted(text["zh-CN"] for text in found.steps.values()) == ["冷静期", "等待付款"]
    assert (found.marks["c"], found.marks["same"], found.marks["auto"]) == ("now", "done", "done")
    assert [(stop.node, stop.state) for stop in found.stops] == [("same", "done"), ("auto", "done"), ("c", "now")]


def test_trouble_inside_a_called_process_names_its_step_and_fails_the_call(home: House) -> None:
    home.release(
        program("start s", named("service same", "计算", "Reckon", work=Work(handler="gone", style="unbound")), "end e",
                key="inner", flow=["s > same > e"])
    )  # fmt: skip
    release_outer(home)
    case = home.start()
    done(home, case, "same")
    home.settle()
    found = seen(home, case)
    (incident,) = found.incidents
    assert found.steps[incident.wait]["en"] == "Reckon"
    assert (found.marks["c"], found.marks["same"]) == ("failed", "done")
    assert told(home, case)[-1] == "“Reckon” ran into trouble and waits to be mended"


def test_each_instance_of_a_called_process_is_told_in_its_words(home: House) -> None:
    release_inner(home)
    release_outer(home, loop=MultiInstance(collection=feel("[1, 2]"), element="n"))
    case = home.start()
    done(home, case, "same")
    home.settle()
    done(home, case, "same")
    done(home, case, "same")
    home.settle()
    said = told(home, case)
    assert home.instance(case).status == "completed"
    assert [said.count(f"“{name}” is waiting to be done") for name in ("Take in", "Diagnose")] == [1, 2]
    assert said.count("completed “Diagnose”") == 2 and said.count("“Record” was done automatically") == 2


def test_a_call_within_a_call_and_two_processes_with_the_same_ids_are_kept_apart(home: House) -> None:
    home.release(program("start s", step("same", "询问", "Ask"), "end e", key="inmost", flow=["s > same > e"]))
    release_inner(home, node("call c", called=literal("inmost")), flow="s > same > auto > c > e")
    release_outer(home)
    case = home.start()
    for _ in range(3):
        done(home, case, "same")
        home.settle()
    steps = [text for text in told(home, case) if "completed" in text]
    assert steps == ["completed “Take in”", "completed “Diagnose”", "completed “Ask”"]


def test_a_sub_process_and_an_event_sub_process_of_a_called_one_have_their_names(home: House) -> None:
    home.release(
        program(
            "start s", node("sub p"), node("start ps", scope="p"), step("same", "初查", "First look", scope="p"),
            node("end pe", scope="p"), "end e", node("sub v", variety="event"),
            node("start vs", scope="v", interrupting=False, triggers=(timer("PT1H"),)),
            step("auto", "提醒", "Remind", scope="v"), node("end ve", scope="v"),
            key="inner", flow=["s > p > e", "ps > same > pe", "vs > auto > ve"],
        )
    )  # fmt: skip
    release_outer(home)
    case = home.start()
    done(home, case, "same")
    home.settle()
    home.pass_time(hours=2)
    said = told(home, case)
    assert "“First look” is waiting to be done" in said and "“Remind” is waiting to be done" in said
    done(home, case, "auto")
    assert told(home, case)[-1] == "completed “Remind”"
    assert told(home, case, "zh-CN")[-1] == "完成了“提醒”"


def move(home: House, old: Any, new: Any) -> None:
    order = plans.Order(process="p", old=old.sha256, new=new.sha256, terms=assess.Terms())
    plans.begin(home.engine, order=order, reason="better words", agent=BOSS, now=home.now)
    home.settle()


def test_a_moved_case_is_told_in_the_words_of_its_time(home: House) -> None:
    """As after a variant that renames a step: what was said before keeps the name that people read then."""

    def made(zh: str, en: str) -> Any:
        calling = node("call c", called=literal("inner"))
        return program("start s", step("same", zh, en, form="f"), calling, "end e", flow=["s > same > c > e"],
                       forms={"f": FORM})  # fmt: skip

    release_inner(home)
    old, new = made("受理", "Take in"), made("受理大客户", "Take in for key accounts")
    home.release(old)
    case = home.start()
    home.release(new)
    move(home, old, new)
    assert home.instance(case).program == new.sha256
    item = home.item(case, "same").id
    act.claim(home.engine, work_item_id=item, agent=ANNA, now=home.now)
    act.complete(home.engine, work_item_id=item, data={"outcome": "ok"}, agent=ANNA, now=home.now)
    assert [text for text in told(home, case) if "“" in text or "version" in text] == [
        "“Take in” is waiting to be done",
        "the case moved to a new version",
        "took “Take in for key accounts”",
        "completed “Take in for key accounts”",
        "“Diagnose” is waiting to be done",
    ]
    assert "“受理”待办理" in told(home, case, "zh-CN") and "完成了“受理大客户”" in told(home, case, "zh-CN")


def test_a_case_that_moves_while_a_called_process_runs_keeps_that_one_s_words(home: House) -> None:
    release_inner(home)
    release_outer(home)
    old = seen(home, home.start()).program
    case = home.start()
    done(home, case, "same")
    home.settle()
    release_outer(home, step("extra", "额外", "Extra"))
    with home.engine.store.reading() as tx:
        version = tx.processes.versions("p")[0]
        new = tx.programs.get(version.program)
    move(home, old, new)
    assert home.instance(case).program == new.sha256
    done(home, case, "same")
    home.settle()
    said = told(home, case)
    assert said[-3:-1] == ["completed “Diagnose”", "“Record” was done automatically"]
    assert "completed “Take in”" in said and "completed “Diagnose”" in said


def test_a_reminder_of_a_called_process_names_its_step(home: House) -> None:
    promised = step("same", "诊断", "Diagnose", promise=Promise(duration="PT1H", ladder=LADDER))
    home.release(program("start s", promised, "end e", key="inner", flow=["s > same > e"]))
    release_outer(home)
    case = home.start()
    done(home, case, "same")
    home.settle()
    home.pass_time(hours=2)
    late = [text for text in told(home, case) if "deadline" in text or "%" in text]
    assert len(late) == 2 and all("Diagnose" in text for text in late)


def test_what_was_told_before_facts_said_their_process_is_still_named(home: House) -> None:
    """Facts of an older house: none says which of the processes it is of."""
    release_inner(home)
    release_outer(home)
    case = home.start()
    done(home, case, "same")
    home.settle()
    done(home, case, "same")
    home.settle()
    with home.engine.store.reading() as tx:
        instance = tx.instances.get(case)
        rows = tx.facts.of_instance(case)
        assert instance is not None and any(row.fact.called for row in rows)
        words = wording.Wording(tx, instance, {}, rows)
        said = []
        for row in rows:
            if isinstance(row.fact, facts.WorkItemOpened | facts.WorkItemActed | facts.WorkItemCompleted):
                kind = type(row.fact)
                old = kind(**{name: getattr(row.fact, name) for name in kind.__struct_fields__} | {"called": 0})
                sentence = telling.tell(old, words.of(old))
                assert sentence is not None
                said.append(sentence.text["en"])
    assert said[-3:] == ["“Diagnose” is waiting to be done", "took “Diagnose”", "completed “Diagnose”"]


def test_a_process_that_is_gone_leaves_its_steps_unnamed_and_the_story_whole(home: House) -> None:
    release_inner(home)
    release_outer(home)
    case = home.start()
    done(home, case, "same")
    home.settle()
    with home.engine.store.reading() as tx:
        instance = tx.instances.get(case)
        assert instance is not None
        words = wording.Wording(tx, instance, {}, ())
    far = facts.ActivityStarted(node="nowhere", called=99, token=1)
    assert words.of(far).step("nowhere") == {"zh-CN": "一个步骤", "en": "a step"}


def test_a_case_that_is_not_there_is_not_found_in_both_languages(home: House) -> None:
    with pytest.raises(errors.NotFound) as raised:
        seen(home, "nowhere")
    assert raised.value.text["zh-CN"] == "没有此办件。"
