"""Many instances move in the background, each by itself; what they hold comes along, and an undo brings back."""

from typing import Any

import msgspec
import pytest

from engine import errors, facts
from engine.inbox import act
from engine.kernel import codec, stimuli
from engine.migration import assess, plans, standing
from engine.model.performer import Performer, Promise
from engine.runtime import deliver
from tests.house import ANNA, BOSS, House
from tests.kernel.models import literal, node, program, timer

SALES = Performer(groups=(literal("sales"),))


def step(name: str, **more: Any) -> Any:
    return node(f"user {name}", performer=SALES, name=name, **more)


def line(*names: str) -> Any:
    """A process of steps; ``b`` has a reminder and a promise."""
    made = [step(name, promise=Promise(duration="P2D")) if name == "b" else step(name) for name in names]
    ways = [" > ".join(["s", *names, "e"])]
    if "b" in names:
        made += [
            node("boundary remind", attached_to="b", interrupting=False, triggers=(timer("P1D"),)),
            node("end late"),
        ]
        ways.append("remind > late")
    return program("start s", *made, "end e", flow=ways)


V1, V2 = line("a", "b", "c"), line("a", "b", "x", "c")


def finish(house: House, instance_id: str, *names: str) -> None:
    for name in names:
        stimulus = stimuli.Complete(wait=house.item(instance_id, name).wait)
        deliver.deliver(house.engine, instance_id=instance_id, stimulus=stimulus, now=house.now)


def at_b(house: House) -> str:
    """An instance of version 1 that stands at ``b``."""
    instance_id = house.start()
    finish(house, instance_id, "a")
    return instance_id


def order(old: Any = V1, new: Any = V2, **more: Any) -> plans.Order:
    allow = frozenset(more.pop("allow", ()))
    terms = assess.Terms(
        allow=allow, **{name: more.pop(name) for name in ("nodes", "timers", "values") if name in more}
    )
    return plans.Order(process="p", old=old.sha256, new=new.sha256, terms=terms, **more)


def begin(house: House, wanted: plans.Order) -> plans.Progress:
    begun = plans.begin(house.engine, order=wanted, reason="v2 is better", agent=BOSS, now=house.now)
    house.settle()
    return plans.get(house.engine, plan_id=begun.plan.id, agent=BOSS)


def everything(house: House, instance_id: str) -> dict[str, Any]:
    """All that is kept of an instance but its history, its revision and the counter of numbers."""
    with house.engine.store.reading() as tx:
        kept = tx.steps.read(instance_id)
        instance = tx.instances.get(instance_id)
        assert kept is not None and instance is not None
        state = codec.decode(kept.state)
        state.counter = 0
        return {
            "state": codec.encode(state),
            "program": kept.program,
            "incidents": kept.incidents,
            "sentence": instance.sentence,
            "status": instance.status,
            "items": [item for item in tx.waits.work_items(instance_id) if item.status == "open"],
            "done": [item.id for item in tx.waits.work_items(instance_id) if item.status == "completed"],
            "rungs": tx.moves.rungs(instance_id),
            "timers": tx.waits.timers(instance_id),
            "subscriptions": tx.waits.subscriptions(instance_id),
            "jobs": tx.waits.jobs(instance_id),
            "troubles": tx.waits.incidents(instance_id),
            "resolution": tx.resolutions.of_instance(instance_id),
        }


def test_instances_of_an_older_version_are_found_with_what_was_released_since(house: House) -> None:
    house.release(V1)
    at_b(house)
    assert standing.older(house.engine, agent=BOSS) == []
    house.release(V2)
    with house.engine.store.transaction() as tx:
        first = tx.processes.version("p", 1)
        assert first is not None
        tx.processes.put_version(msgspec.structs.replace(first, status="retired"))
    (found,) = standing.older(house.engine, agent=BOSS)
    assert (found.program, found.target, found.running) == (V1.sha256, V2.sha256, 1)
    assert found.title["en"] == "base v1" and found.target_title["zh-CN"] == "基准流程 v2"


def test_a_step_keeps_its_person_its_draft_its_due_date_and_its_timer(house: House) -> None:
    house.release(V1)
    house.person(ANNA)
    instance_id = at_b(house)
    item = house.item(instance_id, "b")
    act.claim(house.engine, work_item_id=item.id, agent=ANNA, now=house.now)
    act.save_draft(house.engine, work_item_id=item.id, data={"note": "half"}, agent=ANNA, now=house.now)
    before = everything(house, instance_id)
    house.pass_time(hours=5)
    house.release(V2)
    done = begin(house, order())
    assert done.counts == {"moved": 1}
    after = everything(house, instance_id)
    assert after["program"] == V2.sha256
    assert after["timers"] == before["timers"] and after["rungs"] == before["rungs"]
    old, new = before["items"][0], after["items"][0]
    assert (new.assignee, new.draft, new.due_at, new.created_at) == (
        "anna",
        {"note": "half"},
        old.due_at,
        old.created_at,
    )
    assert new.program == V2.sha256, "its form is that of the new version"
    act.complete(house.engine, work_item_id=new.id, data={}, agent=ANNA, now=house.now)
    assert [item.node for item in house.items(instance_id)] == ["x"]


def test_the_history_says_what_happened_and_the_case_why_it_runs_what_it_runs(house: House) -> None:
    house.release(V1)
    instance_id = at_b(house)
    house.release(V2)
    done = begin(house, order())
    moved = next(fact for fact in house.facts(instance_id) if isinstance(fact, facts.InstanceMigrated))
    assert (moved.old, moved.new, moved.plan, moved.reason) == (V1.sha256, V2.sha256, done.plan.id, "v2 is better")
    instance = house.instance(instance_id)
    assert "v2 is better" in instance.sentence["en"] and "基准流程 v2" in instance.sentence["zh-CN"]
    with house.engine.store.reading() as tx:
        why = tx.resolutions.of_instance(instance_id)
    assert why is not None and why.program == V2.sha256 and why.chain[0]["n"] == 2


@pytest.mark.parametrize(
    "new", [V2, line("a", "x", "b", "c"), line("b", "c"), line("x", "a", "b", "c"), line("a", "c", "b")]
)
def test_an_undo_brings_everything_back_as_it_was(house: House, new: Any) -> None:
    house.release(V1)
    house.person(ANNA)
    instance_id = at_b(house)
    before = everything(house, instance_id)
    house.release(new)
    done = begin(house, order(new=new, allow=assess.ALLOWANCES))
    assert done.counts == {"moved": 1}
    assert everything(house, instance_id) != before
    plans.undo(house.engine, plan_id=done.plan.id, agent=BOSS, now=house.now)
    house.settle()
    assert plans.get(house.engine, plan_id=done.plan.id, agent=BOSS).counts == {"undone": 1}
    assert everything(house, instance_id) == before
    finish(house, instance_id, "b", "c")
    assert house.instance(instance_id).status == "completed"


def test_who_has_gone_on_goes_back_by_the_way_that_the_old_program_allows(house: House) -> None:
    house.release(V1)
    instance_id = at_b(house)
    house.release(V2)
    done = begin(house, order())
    finish(house, instance_id, "b", "x")
    plans.undo(house.engine, plan_id=done.plan.id, agent=BOSS, now=house.now)
    house.settle()
    assert plans.get(house.engine, plan_id=done.plan.id, agent=BOSS).counts == {"undone": 1}
    assert house.instance(instance_id).program == V1.sha256
    assert [item.node for item in house.items(instance_id)] == ["c"]


def test_a_dry_run_names_the_step_in_the_way_and_writes_nothing(house: House) -> None:
    house.release(V1)
    instance_id = at_b(house)
    new = line("x", "a", "b", "c")
    house.release(new)
    before = everything(house, instance_id)
    shown = plans.dry_run(house.engine, order=order(new=new), agent=BOSS, now=house.now)
    assert shown.counts == {"compliant": 0, "adjustable": 1, "not": 0} and shown.running == 1
    (one,) = shown.prospects
    assert not one.moves and one.needs == ("owed",)
    assert [(why.code, why.node) for why in one.reasons] == [("owed", "x")]
    assert "x" in one.reasons[0].text["zh-CN"] and "to-do" in one.reasons[0].text["en"]
    assert everything(house, instance_id) == before
    assert house.settle() == 0


def test_an_instance_that_may_not_move_stays_with_its_reason_and_can_be_tried_again(house: House) -> None:
    house.release(V1)
    instance_id = at_b(house)
    new = line("a", "x", "b", "c")
    house.release(new)
    done = begin(house, order(new=new))
    assert done.counts == {"stays": 1}
    (row,) = plans.moves(house.engine, plan_id=done.plan.id, agent=BOSS)
    assert row.kind == "adjustable" and row.reasons[0]["code"] == "back" and row.reasons[0]["node"] == "b"
    finish(house, instance_id, "b")
    plans.again(house.engine, plan_id=done.plan.id, agent=BOSS, now=house.now)
    house.settle()
    (row,) = plans.moves(house.engine, plan_id=done.plan.id, agent=BOSS)
    assert row.status == "stays" and row.reasons[0]["code"] == "owed", "x lies behind by now"
    assert house.instance(instance_id).program == V1.sha256


def test_a_patient_plan_moves_an_instance_at_its_next_safe_point(house: House) -> None:
    """In the new version ``c`` may be done at once; while somebody works on ``b`` the instance waits."""
    new = line("a", "c")
    house.release(V1)
    house.person(ANNA)
    instance_id = at_b(house)
    act.claim(house.engine, work_item_id=house.item(instance_id, "b").id, agent=ANNA, now=house.now)
    house.release(new)
    done = begin(house, order(new=new, allow=("back", "surplus"), patient=True))
    assert done.counts == {"waiting": 1}
    house.pass_time(minutes=30)
    assert house.instance(instance_id).program == V1.sha256
    act.complete(house.engine, work_item_id=house.item(instance_id, "b").id, data={}, agent=ANNA, now=house.now)
    house.pass_time(days=1)
    assert house.instance(instance_id).program == new.sha256
    assert [item.node for item in house.items(instance_id)] == ["c"]


def test_two_plans_for_one_instance_do_not_disturb_each_other(house: House) -> None:
    house.release(V1)
    at_b(house)
    house.release(V2)
    first = plans.begin(house.engine, order=order(), reason="one", agent=BOSS, now=house.now)
    second = plans.begin(house.engine, order=order(), reason="two", agent=BOSS, now=house.now)
    house.settle()
    found = [plans.get(house.engine, plan_id=one.plan.id, agent=BOSS).counts for one in (first, second)]
    assert found == [{"moved": 1}, {"stays": 1}]
    (row,) = plans.moves(house.engine, plan_id=second.plan.id, agent=BOSS)
    assert row.reasons[0]["code"] == "elsewhere"


def test_an_instance_that_ended_meanwhile_is_told(house: House) -> None:
    house.release(V1)
    instance_id = at_b(house)
    house.release(V2)
    begun = plans.begin(house.engine, order=order(), reason="r", agent=BOSS, now=house.now)
    finish(house, instance_id, "b", "c")
    house.settle()
    (row,) = plans.moves(house.engine, plan_id=begun.plan.id, agent=BOSS)
    assert (row.status, row.reasons[0]["code"]) == ("stays", "over")


def test_a_hundred_instances_move_in_small_transactions_and_go_back(house: House) -> None:
    house.release(V1)
    many = [at_b(house) for _ in range(100)]
    house.release(V2)
    done = begin(house, order())
    assert done.counts == {"moved": 100} and done.open == 0
    assert {house.instance(one).program for one in many} == {V2.sha256}
    plans.undo(house.engine, plan_id=done.plan.id, agent=BOSS, now=house.now, instances=many[:40])
    house.settle()
    assert plans.get(house.engine, plan_id=done.plan.id, agent=BOSS).counts == {"moved": 60, "undone": 40}


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"new": V1}, "/new"),
        ({"old": line("z")}, "/old"),
        ({"new": line("z")}, "/new"),
        ({"nodes": {"nowhere": "x"}}, "/nodes/nowhere"),
        ({"nodes": {"b": "nowhere"}}, "/nodes/b"),
        ({"nodes": {"b": "remind"}}, "/nodes/b"),
        ({"nodes": {"b": "c"}}, "/nodes/b"),
        ({"instances": ("i-1",)}, "/instances/0"),
        ({"instances": ()}, "/instances"),
    ],
)
def test_a_wrong_plan_is_refused_with_its_place_in_both_languages(
    house: House, wrong: dict[str, Any], pointer: str
) -> None:
    house.release(V1)
    at_b(house)
    house.release(V2)
    with pytest.raises(errors.Invalid) as refused:
        plans.begin(house.engine, order=order(**wrong), reason="r", agent=BOSS, now=house.now)
    (problem,) = refused.value.problems
    assert problem.pointer == pointer
    assert problem.text["zh-CN"] != problem.text["en"]
    assert plans.listed(house.engine, agent=BOSS) == []


def test_without_a_reason_or_without_the_right_nothing_moves(house: House) -> None:
    house.release(V1)
    at_b(house)
    house.release(V2)
    with pytest.raises(errors.Invalid):
        plans.begin(house.engine, order=order(), reason="  ", agent=BOSS, now=house.now)
    with pytest.raises(errors.Forbidden):
        plans.begin(house.engine, order=order(), reason="r", agent=ANNA, now=house.now)
    with pytest.raises(errors.NotFound):
        plans.get(house.engine, plan_id="m-1", agent=BOSS)
    assert house.settle() == 0
