"""What a step gives back is what the runtime writes down."""

import pytest

from engine import errors
from engine.kernel import stimuli, waits
from tests.kernel.case import Case
from tests.kernel.models import program

TASKS = program("start s", "user a", "user b", "end z", flow=["s > a > b > z"])


def test_what_opened_and_closed_within_one_step_is_in_neither() -> None:
    model = program("start s", "and f", "user a", "task t", flow=["s > f > a", "f > t"])
    case = Case(model).start()
    assert case.open() == ["a"]


@pytest.mark.parametrize("saved", [False, True])
def test_a_done_task_cannot_be_done_twice(saved: bool) -> None:
    case = Case(TASKS, saved=saved).start()
    wait = case.wait("a").id
    case.complete("a")
    with pytest.raises(errors.Conflict) as refused:
        case.give(stimuli.Complete(wait=wait))
    assert refused.value.code == "wait_gone"
    assert case.open() == ["b"]


def test_nothing_reaches_an_ended_instance() -> None:
    case = Case(TASKS).start().complete("a").complete("b")
    assert case.ended and case.ends() == ("z",)
    with pytest.raises(errors.Conflict):
        case.give(stimuli.SetVariables(values={"x": 1}))


def test_a_state_of_another_program_is_refused() -> None:
    case = Case(TASKS).start()
    other = Case(program("start s", "user a", flow=["s > a"])).start()
    case.state = other.state
    with pytest.raises(errors.Conflict) as refused:
        case.give(stimuli.SetVariables(values={"x": 1}))
    assert refused.value.code == "other_program"


def test_cancel_ends_everything() -> None:
    case = Case(TASKS).start()
    case.give(stimuli.Cancel(reason="withdrawn"))
    assert case.ended and not case.waits


def test_a_work_item_belongs_to_its_activity() -> None:
    item = Case(TASKS).start().wait("a", waits.WorkItem)
    assert item.token and item.path == () and item.scope == 0
