"""A step sent back: what is broken off, what is gone through again, and when it may not be."""

from random import Random

import pytest

from engine import errors, facts
from engine.kernel import stimuli, waits
from engine.kernel.state import BODY
from engine.model import nodes
from tests.kernel.case import Case
from tests.kernel.conftest import Tell
from tests.kernel.models import feel, node, program, timer
from tests.kernel.random_models import nested
from tests.kernel.test_anything_goes import counts_are_right

LINE = program("start s", "user a", "user b", "user c", "end e", flow=["s > a > b > c > e"])
SIDE = program(
    "start s", "user a", "and split", "user l", "user l2", "user r", "and join", "user c", "end e",
    flow=["s > a > split > l > l2 > join > c > e", "split > r > join"],
)  # fmt: skip
INNER = program(
    "start s", "user a", "sub p", "user z", "end e",
    node("start i", scope="p"), node("user b", scope="p"), node("user c", scope="p"),
    flow=["s > a > p > z > e", "i > b > c"],
)  # fmt: skip


def back(case: Case, at: str, to: str, *, straight: bool = False) -> Case:
    wait = case.wait(at, waits.WorkItem).id
    case.give(stimuli.SendBack(wait=wait, to=to, straight=straight, reason="incomplete", agent="bo"))
    counts_are_right(case)
    return case


def then(case: Case, at: str, to: str, **data: object) -> Case:
    """Completes the step that was sent back; it goes on where it came from."""
    case.give(stimuli.Complete(wait=case.wait(at, waits.WorkItem).id, data=dict(data), then=to))
    counts_are_right(case)
    return case


def test_what_lies_between_is_gone_through_again(tell: Tell) -> None:
    case = back(tell(LINE).start().complete("a", x=1).complete("b"), "c", "a")
    assert case.open() == ["a"]
    assert case.variables() == {"x": 1}, "what was entered stays"
    assert case.complete("a").complete("b").complete("c").ended


def test_straight_it_comes_back_to_the_step_that_sent_it(tell: Tell) -> None:
    case = back(tell(LINE).start().complete("a").complete("b"), "c", "a", straight=True)
    assert case.open() == ["a"]
    then(case, "a", "c", x=2)
    assert case.open() == ["c"]
    assert case.variables() == {"x": 2}
    assert case.complete("c").ended


def test_it_is_told_as_moved_with_the_reason(tell: Tell) -> None:
    case = back(tell(LINE).start().complete("a"), "b", "a")
    moved = [fact for fact in case.facts if isinstance(fact, facts.TokenMoved)]
    assert [(fact.node, fact.reason) for fact in moved] == [("a", "incomplete")]
    assert [fact.node for fact in case.facts if isinstance(fact, facts.WorkItemCancelled)] == ["b"]


def test_the_other_branch_goes_on_when_a_branch_is_sent_back_within_itself(tell: Tell) -> None:
    case = back(tell(SIDE).start().complete("a").complete("l"), "l2", "l")
    assert case.open() == ["l", "r"]
    assert case.complete("r").complete("l").complete("l2").complete("c").ended


def test_before_the_split_every_branch_is_broken_off(tell: Tell) -> None:
    case = back(tell(SIDE).start().complete("a"), "l", "a")
    assert case.open() == ["a"]
    case.complete("a")
    assert case.open() == ["l", "r"]


def test_arrivals_at_the_join_are_taken_back_so_that_it_counts_each_branch_once(tell: Tell) -> None:
    case = back(tell(SIDE).start().complete("a").complete("r"), "l", "a")
    case.complete("a").complete("l").complete("l2")
    assert case.open() == ["r"], "the first answer of the right branch is gone"
    case.complete("r")
    assert case.open() == ["c"]
    assert case.complete("c").ended


def test_behind_a_join_one_branch_alone_cannot_be_run_again(tell: Tell) -> None:
    case = tell(SIDE).start().complete("a").complete("l").complete("l2").complete("r")
    with pytest.raises(errors.Conflict) as caught:
        back(case, "c", "r")
    assert caught.value.code == "cannot_run_again"
    assert "并行" in caught.value.text["zh-CN"] and "parallel" in caught.value.text["en"]
    assert case.open() == ["c"], "nothing happened"
    assert then(back(case, "c", "r", straight=True), "r", "c").open() == ["c"]
    assert back(case, "c", "a").open() == ["a"]


def test_a_branch_in_a_loop_does_not_break_off_the_other_branch(tell: Tell) -> None:
    looped = program(
        "start s", "xor m", "and split", "user l", "user l2", "user r", "and join",
        node("xor again", default="again_e"), "end e",
        flow=["s > m > split > l > l2 > join > again > e", "split > r > join", "again > m: more"],
    )  # fmt: skip
    case = back(tell(looped).start(more=False).complete("l"), "l2", "l")
    assert case.open() == ["l", "r"]
    assert case.complete("l").complete("l2").complete("r").ended


def test_out_of_a_sub_process_the_whole_of_it_is_broken_off(tell: Tell) -> None:
    case = back(tell(INNER).start().complete("a").complete("b"), "c", "a")
    assert case.open() == ["a"]
    assert case.complete("a").open() == ["b"]


def test_within_a_sub_process_it_stays_there(tell: Tell) -> None:
    case = back(tell(INNER).start().complete("a").complete("b"), "c", "b")
    assert case.open() == ["b"]
    assert case.complete("b").complete("c").complete("z").ended


@pytest.mark.parametrize(
    ("at", "to", "straight", "code"),
    [
        ("c", "a", True, "not_beside"),
        ("c", "nowhere", False, "node_missing"),
        ("z", "b", False, "node_missing"),
        ("c", "z", False, "cannot_run_again"),
    ],
)
def test_where_it_cannot_go_is_said(tell: Tell, at: str, to: str, straight: bool, code: str) -> None:
    case = tell(INNER).start().complete("a").complete("b")
    if at == "z":
        case.complete("c")
    with pytest.raises((errors.NotFound, errors.Conflict)) as caught:
        back(case, at, to, straight=straight)
    assert caught.value.code == code
    assert set(caught.value.text) == {"zh-CN", "en"}


def test_one_of_several_instances_goes_back_with_all_of_them(tell: Tell) -> None:
    many = nodes.UserTask(id="m", loop=nodes.MultiInstance(cardinality=feel("3")))
    case = tell(program("start s", "user a", many, "end e", flow=["s > a > m > e"])).start().complete("a")
    case.complete("m")
    assert back(case, "m", "a").open() == ["a"]
    case.complete("a")
    assert case.open() == ["m", "m", "m"], "all of them once more"
    assert [scope.kind for scope in case.state.scopes.values()].count(BODY) == 1


def test_several_instances_do_not_come_straight_back(tell: Tell) -> None:
    many = nodes.UserTask(id="m", loop=nodes.MultiInstance(cardinality=feel("2")))
    case = tell(program("start s", "user a", many, "user b", "end e", flow=["s > a > m > b > e"])).start().complete("a")
    case.complete("m").complete("m")
    with pytest.raises(errors.Conflict) as caught:
        back(case, "b", "m", straight=True)
    assert caught.value.code == "cannot_come_straight"
    assert back(case, "b", "m").open() == ["m", "m"]


def test_one_of_several_instances_cannot_go_on_elsewhere(tell: Tell) -> None:
    many = nodes.UserTask(id="m", loop=nodes.MultiInstance(cardinality=feel("2")))
    case = tell(program("start s", "user a", many, "end e", flow=["s > a > m > e"])).start().complete("a")
    with pytest.raises(errors.Conflict) as caught:
        then(case, "m", "a")
    assert caught.value.code == "step_repeated"


def test_timers_of_what_is_broken_off_are_gone_and_begin_anew(tell: Tell) -> None:
    timed = program(
        "start s", "user a", "user b", "end e",
        node("boundary late", attached_to="b", triggers=(timer("PT1H"),)), "user chase",
        flow=["s > a > b > e", "late > chase"],
    )  # fmt: skip
    case = tell(timed).start().complete("a").after(minutes=50)
    back(case, "b", "a")
    assert case.open(waits.Timer) == []
    case.complete("a")
    assert (case.wait("late", waits.Timer).due_at - case.now).total_seconds() == 3600


def test_a_job_cannot_be_sent_back(tell: Tell) -> None:
    case = tell(
        program("start s", "user a", node("service j", work=nodes.Work(handler="x")), "end e", flow=["s > a > j > e"])
    ).start()
    case.complete("a")
    with pytest.raises(errors.Conflict) as caught:
        case.give(stimuli.SendBack(wait=case.wait("j").id, to="a", reason="no"))
    assert caught.value.code == "other_wait"


@pytest.mark.parametrize("first", range(0, 160, 40))
def test_a_sound_model_stays_sound_however_often_it_is_sent_back(first: int) -> None:
    """Random nested models: sent back to whatever was done, straight or not; then everything is completed and the
    instance ends, with no token left behind and no join waiting for ever."""
    sent = 0
    for seed in range(first, first + 40):
        random = Random(seed)
        model, _ = nested(random, 11)
        case = Case(model, saved=bool(seed % 2)).start(r=random.randrange(12))
        done: list[str] = []
        returns: dict[int, tuple[str, ...]] = {}
        for turn in range(400):
            counts_are_right(case)
            if case.ended:
                break
            wait = case.waits[random.choice(sorted(case.waits))]
            if done and turn < 40 and random.random() < 0.3:
                owed = returns.get(wait.id, ())
                straight = bool(owed) or random.random() < 0.5
                try:
                    case.give(stimuli.SendBack(wait=wait.id, to=random.choice(done), straight=straight, reason="r"))
                except (errors.NotFound, errors.Conflict):
                    continue
                sent += 1
                if straight:
                    returns[max(case.waits)] = (wait.node, *owed)
                continue
            done.append(wait.node)
            onward, *owed_then = returns.pop(wait.id, ("",))
            case.give(stimuli.Complete(wait=wait.id, data={"r": random.randrange(12)}, then=onward))
            if owed_then:
                returns[max(case.waits)] = tuple(owed_then)
        assert case.ended, f"seed {seed} does not end: {case.open()}"
    assert sent > 10
