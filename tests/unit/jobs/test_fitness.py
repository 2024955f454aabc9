"""What a handler gives back and nobody can keep fails its job in words, and holds up nobody else's."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine import errors
from engine.jobs import fitness
from engine.kernel import values
from engine.model.nodes import Work
from engine.ports import JobAnswer, JobCall, Notification
from engine.runtime import incidents, instances
from tests.house import BOSS, House, house
from tests.kernel.models import node, program

TEXT = {"zh-CN": "好", "en": "well"}
LONE = "\ud800"
DEEP: Any = []
for _ in range(values.DEEPEST + 2):
    DEEP = [DEEP]
LOOP: list[Any] = []
LOOP.append(LOOP)

UNFIT: dict[str, tuple[Any, str]] = {
    "nothing": (None, "NoneType"),
    "a plain mapping": ({"answer": 1}, "dict"),
    "an object": (JobAnswer(data={"thing": object()}), "'thing'"),
    "a set inside": (JobAnswer(data={"list": [{"in": {1, 2}}]}), "'list'"),
    "bytes": (JobAnswer(data={"scan": b"\x00"}), "'scan'"),
    "half a character": (JobAnswer(data={"text": LONE}), "'text'"),
    "a name of half a character": (JobAnswer(data={LONE: 1}), "surrogates"),
    "too deep": (JobAnswer(data={"deep": DEEP}), "deeper"),
    "in itself": (JobAnswer(data={"loop": LOOP}), "deeper"),
    "too large": (JobAnswer(data={"large": "x" * (values.LARGEST_BYTES + 1)}), "'large'"),
    "a name that is a number": (JobAnswer(data={1: 2}), "$.data"),  # type: ignore[dict-item]
    "no data": (JobAnswer(data=None), "$.data"),  # type: ignore[arg-type]
    "a code that is a number": (JobAnswer(error=404), "$.error"),  # type: ignore[arg-type]
    "a message that is an error": (JobAnswer(error="E", message=ValueError()), "$.message"),  # type: ignore[arg-type]
    "a message of half a character": (JobAnswer(error="E", message=LONE), "surrogates"),
    "told to a number": (
        JobAnswer(notifications=(Notification(to=3, subject=TEXT, text=TEXT),)),  # type: ignore[arg-type]
        "$.notifications[0].to",
    ),
    "told an object": (
        JobAnswer(notifications=(Notification(to="a", subject=TEXT, text={"en": object()}),)),  # type: ignore[dict-item]
        "$.notifications[0].text",
    ),
    "told by nobody": (JobAnswer(notifications=("hello",)), "$.notifications[0]"),  # type: ignore[arg-type]
}
FIT = {
    "nothing to say": JobAnswer(),
    "all kinds of values": JobAnswer(
        data={"d": Decimal("1.50"), "on": date(2026, 3, 2), "n": None, "l": [1, {"a": "中"}]}
    ),
    "an error": JobAnswer(error="E1", message="no credit", data={"why": "limit"}),
    "a letter": JobAnswer(notifications=(Notification(to="a", subject=TEXT, text=TEXT),)),
}


class Service:
    """Gives back what the test says, to the first case; to others, what is well."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.answers: list[Any] = []

    def __call__(self, call: JobCall) -> Any:
        self.calls.append(call.instance_id)
        return self.answers.pop(0) if self.answers else JobAnswer(data={"answer": 42})


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def home(tmp_path: Path, service: Service) -> Iterator[House]:
    with house(tmp_path, {"rate": service}) as made:
        work = node("service call", work=Work(handler="rate"))
        made.release(program("start s", work, "user look", "end e", flow=["s > call > look > e"]))
        yield made


@pytest.mark.parametrize("name", UNFIT)
def test_an_unfit_answer_is_refused_by_its_place_in_both_languages(name: str) -> None:
    answer, place = UNFIT[name]
    with pytest.raises(errors.Invalid) as refused:
        fitness.fit(answer, handler="rate")
    assert refused.value.code == "answer_unfit"
    assert place in refused.value.text["en"] and "'rate' gave back cannot be kept" in refused.value.text["en"]
    assert "处理程序“rate”的结果无法保存" in refused.value.text["zh-CN"]


@pytest.mark.parametrize("name", FIT)
def test_what_can_be_kept_is_left_as_it_is(name: str) -> None:
    assert fitness.fit(FIT[name], handler="rate") is FIT[name]


@pytest.mark.parametrize("name", UNFIT)
def test_an_unfit_answer_is_an_incident_at_once_and_the_round_goes_on(home: House, service: Service, name: str) -> None:
    service.answers = [UNFIT[name][0]]
    cases = [home.start(), home.start()]
    home.settle()
    bad, good = service.calls
    assert {bad, good} == set(cases)
    assert [item.node for item in home.items(good)] == ["look"]
    assert home.items(bad) == []
    (incident,) = incidents.open_incidents(home.engine, instance_id=bad)
    assert incident.node == "call"
    assert "无法保存" in incident.message["zh-CN"] and "cannot be kept" in incident.message["en"]
    home.pass_time(hours=9)
    assert len(service.calls) == 2


def test_a_mended_handler_goes_on_after_a_retry(home: House, service: Service) -> None:
    service.answers = [None]
    case = home.start()
    home.settle()
    (incident,) = incidents.open_incidents(home.engine, instance_id=case)
    incidents.retry(home.engine, incident_id=incident.id, agent=BOSS, now=home.now)
    home.settle()
    assert instances.get(home.engine, instance_id=case).variables["answer"] == 42


def test_nothing_of_an_unfit_answer_is_written(home: House, service: Service) -> None:
    note = Notification(to="a", subject=TEXT, text=TEXT)
    service.answers = [JobAnswer(data={"fine": 1, "thing": object()}, notifications=(note,))]
    case = home.start()
    home.settle()
    with home.engine.store.reading() as tx:
        assert tx.notices.of_instance(case) == []
    assert "fine" not in instances.get(home.engine, instance_id=case).variables
