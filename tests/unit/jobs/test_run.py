"""Jobs run by themselves, again after failures, and end as incidents when they fail for ever."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import errors, facts, records
from engine.jobs import retry, run
from engine.model import triggers
from engine.model.nodes import Work
from engine.model.text import both
from engine.ports import JobAnswer, JobCall, Notification
from engine.runtime import cancel, incidents, instances
from tests.house import BOSS, MONDAY, House, house
from tests.kernel.models import literal, mapping, node, program


class Services:
    """What stands outside: it counts its calls and does what the test says."""

    def __init__(self) -> None:
        self.calls: list[JobCall] = []
        self.do: Callable[[JobCall], JobAnswer] = lambda call: JobAnswer(data={"answer": 42})

    def __call__(self, call: JobCall) -> JobAnswer:
        self.calls.append(call)
        return self.do(call)


@pytest.fixture
def service() -> Services:
    return Services()


@pytest.fixture
def home(tmp_path: Path, service: Services) -> Iterator[House]:
    with house(tmp_path, {"rate": service}) as made:
        yield made


def work(handler: str = "rate", **more: Any) -> Any:
    return node("service call", work=Work(handler=handler, **more))


def served(home: House, service: Any, *more: Any) -> str:
    flow = ["s > call > look > e", *(["oops > handle > e"] if more else [])]
    home.release(program("start s", service, "user look", *more, "end e", flow=flow))
    return home.start(amount=5)


def variables(home: House, case: str) -> dict[str, Any]:
    return instances.get(home.engine, instance_id=case).variables


def test_a_job_runs_after_the_step_that_made_it(home: House, service: Services) -> None:
    case = served(home, work(parameters=(mapping("sum", "amount"),)))
    assert service.calls == []
    assert [ring.kind for ring in home.rings] == ["job"]
    home.settle()
    (call,) = service.calls
    assert (call.input, call.attempt, call.process) == ({"sum": 5}, 1, "p")
    assert call.customer is not None
    assert variables(home, case)["answer"] == 42
    assert [item.node for item in home.items(case)] == ["look"]
    assert "JobCompleted call" in home.told(case)


def test_a_failed_try_is_repeated_with_the_same_id_and_longer_pauses(home: House, service: Services) -> None:
    def stumble(call: JobCall) -> JobAnswer:
        if call.attempt < 3:
            raise ConnectionError("line is dead")
        return JobAnswer()

    service.do = stumble
    case = served(home, work())
    home.settle()
    assert len(service.calls) == 1
    home.pass_time(seconds=4.9)
    assert len(service.calls) == 1
    home.pass_time(seconds=0.2)
    assert len(service.calls) == 2
    home.pass_time(seconds=10.1)
    assert [call.attempt for call in service.calls] == [1, 2, 3]
    assert len({call.id for call in service.calls}) == 1
    assert [item.node for item in home.items(case)] == ["look"]
    told = [fact for fact in home.facts(case) if isinstance(fact, facts.JobFailed)]
    assert [fact.retries_left for fact in told] == [2, 1]
    assert told[0].message == "ConnectionError: line is dead"


def test_a_service_that_fails_for_ever_is_an_incident_and_can_be_retried(home: House, service: Services) -> None:
    def refuse(call: JobCall) -> JobAnswer:
        raise errors.Unavailable("line", zh="线路中断", en="line is dead")

    service.do = refuse
    case = served(home, work(retries=2))
    home.pass_time(hours=1)
    home.pass_time(hours=1)
    (incident,) = incidents.open_incidents(home.engine, instance_id=case)
    assert (incident.node, len(service.calls)) == ("call", 2)
    assert "线路中断" in incident.message["zh-CN"]
    home.pass_time(hours=9)
    assert len(service.calls) == 2
    service.do = lambda call: JobAnswer()
    incidents.retry(home.engine, incident_id=incident.id, agent=BOSS, now=home.now)
    home.settle()
    assert [item.node for item in home.items(case)] == ["look"]


@pytest.mark.parametrize("style", ["builtin", "unbound"])
def test_work_that_nobody_does_is_an_incident_that_names_it(home: House, style: str) -> None:
    case = served(home, work("fax", style=style))
    home.settle()
    (incident,) = incidents.open_incidents(home.engine, instance_id=case)
    assert incident.code == "handler_unbound"
    assert "'fax'" in incident.message["en"]
    assert "bind it" in incident.message["en"]


def test_a_business_error_takes_the_way_that_the_drawing_shows(home: House, service: Services) -> None:
    caught = node("boundary oops", attached_to="call", triggers=(triggers.Error(code="E1"),))
    service.do = lambda call: JobAnswer(error="E1", message="no credit", data={"why": "limit"})
    case = served(home, work(), caught, "user handle")
    home.settle()
    assert [item.node for item in home.items(case)] == ["handle"]
    assert variables(home, case)["why"] == "limit"


def test_an_asynchronous_step_continues_by_itself(home: House) -> None:
    home.release(program("start s", node("user later", asynchronous=True), "end e", flow=["s > later > e"]))
    case = home.start()
    assert home.items(case) == []
    home.settle()
    assert [item.node for item in home.items(case)] == ["later"]


def claim(home: House, worker: str) -> list[records.Job]:
    until = home.now + timedelta(seconds=60)
    return home.engine.store.run(
        lambda tx: tx.jobs.claim(styles=run.OWN, handlers=None, worker=worker, until=until, now=home.now, limit=9)
    )


def test_a_leased_job_is_nobody_elses_until_the_lease_ends(home: House) -> None:
    served(home, work())
    assert len(claim(home, "one")) == 1
    assert claim(home, "two") == []
    home.clock.advance(timedelta(seconds=61))
    (job,) = claim(home, "two")
    assert (job.fence, job.worker, job.attempts) == (2, "two", 2)


def test_a_worker_back_from_the_dead_is_late(home: House, service: Services) -> None:
    case = served(home, work())
    (old,) = claim(home, "one")
    home.clock.advance(timedelta(seconds=61))
    (new,) = claim(home, "two")
    assert not run.perform(home.engine, old, now=home.now)
    assert home.items(case) == []
    assert run.perform(home.engine, new, now=home.now)
    assert not run.perform(home.engine, new, now=home.now)
    assert [item.node for item in home.items(case)] == ["look"]
    assert len([line for line in home.told(case) if line == "JobCompleted call"]) == 1


def test_a_late_failure_does_not_touch_the_new_lease(home: House) -> None:
    served(home, work())
    (old,) = claim(home, "one")
    home.clock.advance(timedelta(seconds=61))
    claim(home, "two")
    assert not run.failed(home.engine, old, text=both(zh="晚了", en="late"), now=home.now)


def test_the_answer_for_a_cancelled_instance_is_dropped(home: House, service: Services) -> None:
    case = served(home, work())
    (job,) = claim(home, "one")
    cancel.cancel(home.engine, instance_id=case, reason="", agent=BOSS, now=home.now)
    assert not run.perform(home.engine, job, now=home.now)
    assert home.instance(case).status == "cancelled"


def test_notifications_are_written_once_with_the_answer(home: House) -> None:
    parameters = (
        mapping("subject", "'报价已批准'"),
        mapping("text", "{'zh-CN': '请查收', 'en': 'Here it is'}"),
        mapping("channel", "'mail'"),
    )
    case = served(home, work("notify", parameters=parameters))
    (job,) = claim(home, "one")
    assert run.perform(home.engine, job, now=home.now)
    assert not run.perform(home.engine, job, now=home.now)
    with home.engine.store.reading() as tx:
        (notice,) = tx.notices.of_instance(case)
    assert (notice.id, notice.to, notice.channel, notice.created_at) == (job.id, "C-1", "mail", MONDAY)
    assert notice.subject == {"zh-CN": "报价已批准", "en": "报价已批准"}
    assert notice.text == {"zh-CN": "请查收", "en": "Here it is"}


def test_a_handler_may_tell_several_people(home: House, service: Services) -> None:
    text = {"en": "x"}
    service.do = lambda call: JobAnswer(
        notifications=(Notification(to="a", subject=text, text=text), Notification(to="b", subject=text, text=text))
    )
    case = served(home, work())
    home.settle()
    with home.engine.store.reading() as tx:
        assert [notice.to for notice in tx.notices.of_instance(case)] == ["a", "b"]


def test_set_makes_variables_and_log_writes_lines(home: House) -> None:
    case = served(home, work("set", parameters=(mapping("level", "amount + 1"),)))
    home.settle()
    assert variables(home, case)["level"] == 6
    home.release(
        program("start s", work("log", parameters=(mapping("x", "1"),)), "end e", flow=["s > call > e"], key="q")
    )
    quiet = home.start("q")
    home.settle()
    assert home.instance(quiet).status == "completed"


def test_higher_priority_runs_first(home: House, service: Services) -> None:
    calm, urgent = work(priority=literal("1")), node("service hot", work=Work(handler="rate", priority=literal("9")))
    home.release(program("start s", "and f", calm, urgent, "end e", flow=["s > f", "f > call > e", "f > hot > e"]))
    home.start()
    home.settle()
    assert [call.id.rpartition(".")[0] for call in service.calls] == [service.calls[0].instance_id] * 2
    with_node = [fact.node for fact in home.facts(service.calls[0].instance_id) if isinstance(fact, facts.JobCompleted)]
    assert with_node == ["hot", "call"]


def test_pauses_double_up_to_an_hour() -> None:
    # 5 10 20 40 80 160 320 640 1280 2560 3600 3600 seconds
    pauses = [retry.delay(attempt).total_seconds() for attempt in range(1, 13)]
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    assert retry.delay(1000) == retry.LONGEST
