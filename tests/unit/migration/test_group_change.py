"""A customer changes group: what becomes of the running cases is the process's own policy, and the story says why."""

from datetime import timedelta
from typing import Any

import pytest

from engine import facts, variation
from engine.analytics import timeline
from engine.customers import groups
from engine.migration import plans
from tests.house import BOSS, House
from tests.kernel.models import program
from tests.unit.customers import books
from tests.unit.migration.test_bulk import everything, finish, step


def line(*names: str) -> Any:
    return program("start s", *(step(name) for name in names), "end e", flow=[" > ".join(["s", *names, "e"])])


BASE, FOR_KA = line("a", "b", "c"), line("a", "b", "welcome", "c")
WITHOUT_B = line("a", "c")


def into(house: House, group: str) -> None:
    """By hand, for a month."""
    groups.override(
        house.engine,
        customer_id="c-1",
        group=group,
        reason="decided by the board",
        until=(house.now + timedelta(days=30)).date(),
        agent=BOSS,
        now=house.now,
    )


def variant(house: House, group: str, made: Any) -> None:
    """A released variant of ``p`` for the group."""
    with house.engine.store.transaction() as tx:
        sha256 = tx.programs.add(made, process="p", now=house.now)
        key = f"p:{group.lower()}"
        names = {"zh-CN": f"{group} 变体", "en": f"{group} variant"}
        tx.variants.put(variation.Variant(id=key, process="p", customer_group=group, texts=names, created_at=house.now))
        chain = (
            {"kind": "base", "id": "p", "n": 1, "program": BASE.sha256},
            {"kind": "variant", "id": key, "n": 1, "changes": [1, 0, 0, 0, 0]},
        )
        tx.variants.put_version(
            variation.VariantVersion(
                variant_id=key,
                n=1,
                process="p",
                base_n=1,
                chain=chain,
                program=sha256,
                status="released",
                created_at=house.now,
                created_by="boss",
                released_at=house.now,
                released_by="boss",
            )
        )


def standard_case(house: House, policy: str, made: Any = FOR_KA) -> str:
    """A case of a standard customer at ``b``; key accounts have a variant."""
    house.release(BASE, **({"when_group_changes": policy} if policy else {}))
    with house.engine.store.transaction() as tx:
        groups.publish_within(tx, document=books.document(), agent=BOSS, now=house.now)
    house.customer()
    into(house, "ST")
    instance_id = house.start()
    finish(house, instance_id, "a")
    variant(house, "KA", made)
    house.pass_time(hours=1)
    return instance_id


def test_the_first_group_of_a_customer_moves_nothing(house: House) -> None:
    standard_case(house, "move")
    assert plans.listed(house.engine, agent=BOSS) == []


@pytest.mark.parametrize("policy", ["", "finish"])
def test_by_default_cases_finish_as_they_began(house: House, policy: str) -> None:
    instance_id = standard_case(house, policy)
    into(house, "KA")
    house.settle()
    assert house.instance(instance_id).program == BASE.sha256
    assert plans.listed(house.engine, agent=BOSS) == []
    assert house.instance(house.start()).program == FOR_KA.sha256, "the next case gets the new group's variant"


def test_a_case_moves_to_the_variant_of_the_new_group_and_its_story_says_why(house: House) -> None:
    instance_id = standard_case(house, "move")
    into(house, "KA")
    house.settle()
    case = house.instance(instance_id)
    assert case.program == FOR_KA.sha256
    for locale, said in (("en", "decided by the board"), ("zh-CN", "客户群变更")):
        assert said in case.sentence[locale], case.sentence
    finish(house, instance_id, "b")
    assert [item.node for item in house.items(instance_id)] == ["welcome"]
    moved = next(fact for fact in house.facts(instance_id) if isinstance(fact, facts.InstanceMigrated))
    assert moved.reason == "ST → KA"
    told = timeline.of_instance(house.engine, instance_id=instance_id, people={})
    assert "the case moved to a new version" in [one.text["en"] for one in told]
    with house.engine.store.reading() as tx:
        why = tx.resolutions.of_instance(instance_id)
    assert why is not None and why.facts["decided"]["group"] == "KA" and why.chain[-1]["id"] == "p:ka"


def test_somebody_is_asked_and_says_yes(house: House) -> None:
    instance_id = standard_case(house, "ask")
    before = everything(house, instance_id)
    into(house, "KA")
    house.settle()
    (asked,) = plans.listed(house.engine, agent=BOSS)
    assert asked.counts == {"proposed": 1} and asked.plan.occasion == "group"
    assert asked.plan.title["en"] == "base v1 → KA variant v1"
    assert everything(house, instance_id) == before
    plans.accept(house.engine, plan_id=asked.plan.id, agent=BOSS, now=house.now)
    house.settle()
    assert house.instance(instance_id).program == FOR_KA.sha256
    plans.undo(house.engine, plan_id=asked.plan.id, agent=BOSS, now=house.now)
    house.settle()
    assert everything(house, instance_id) == before


def test_somebody_is_asked_and_says_no(house: House) -> None:
    instance_id = standard_case(house, "ask")
    into(house, "KA")
    house.settle()
    (asked,) = plans.listed(house.engine, agent=BOSS)
    plans.decline(house.engine, plan_id=asked.plan.id, agent=BOSS, now=house.now, instances=[instance_id])
    house.settle()
    assert plans.get(house.engine, plan_id=asked.plan.id, agent=BOSS).counts == {"declined": 1}
    assert house.instance(instance_id).program == BASE.sha256


def test_a_case_waits_for_its_next_safe_point(house: House) -> None:
    """``b`` is done, and the variant has no ``b``: nothing that was done may be dropped without a yes."""
    instance_id = standard_case(house, "move", WITHOUT_B)
    finish(house, instance_id, "b")
    into(house, "KA")
    house.settle()
    (waiting,) = plans.listed(house.engine, agent=BOSS)
    assert waiting.counts == {"waiting": 1}
    assert house.instance(instance_id).program == BASE.sha256
    finish(house, instance_id, "c")
    house.pass_time(days=2)
    (over,) = plans.listed(house.engine, agent=BOSS)
    assert over.counts == {"stays": 1}, "it ended as it began"


def test_a_later_change_takes_the_place_of_one_that_nobody_carried_out(house: House) -> None:
    standard_case(house, "ask")
    variant(house, "GR", WITHOUT_B)
    into(house, "KA")
    house.settle()
    house.pass_time(hours=1)
    into(house, "GR")
    house.settle()
    later, first = plans.listed(house.engine, agent=BOSS)
    assert (first.counts, later.counts) == ({"declined": 1}, {"proposed": 1})
    house.pass_time(hours=1)
    into(house, "ST")
    house.settle()
    assert [one.counts for one in plans.listed(house.engine, agent=BOSS)] == [{"declined": 1}, {"declined": 1}]
