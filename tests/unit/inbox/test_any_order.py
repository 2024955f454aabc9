"""Verbs in any order, by anybody: work is never left with nobody who could finish it, and each deed is told once."""

from contextlib import suppress
from datetime import timedelta
from random import Random

import msgspec
import pytest

from engine import errors
from engine.inbox import absences, bulk, direct, doing, listing, returning, untouched, verbs
from engine.inbox.doing import Given
from engine.model import handling
from engine.model.performer import Passing, Performer
from engine.runtime import start, suspend
from tests.house import ANNA, BOSS, House
from tests.kernel.models import literal
from tests.unit.inbox.desk import PEOPLE, STAFF, Desk

MODES = {
    "group": Performer(groups=(literal("sales"),)),
    "named": Performer(assignee=literal("anna")),
    "countersign": Performer(users=(literal("anna"), literal("bo")), sign_mode="all"),
    "vote": Performer(users=tuple(literal(key) for key in ("anna", "bo", "chen")), sign_mode="ratio"),
    "turn": Performer(groups=(literal("sales"), literal("legal")), sign_mode="sequence"),
}


def given(random: Random, desk: Desk) -> Given:
    people = random.sample(sorted(STAFF), random.randint(1, 2))
    return Given(
        to=tuple(people),
        text=random.choice(["because", "x"]),
        node=random.choice(["draft", "check", "sign"]),
        straight=random.random() < 0.5,
        where=random.choice(["before", "after", "parallel"]),
        rule=random.choice(["all", "any", "ratio", "sequence"]),
        data={"outcome": random.choice(["yes", "yes", "no"])},
    )


def somebody_can_finish(desk: Desk) -> None:
    """Of every open step: somebody may complete it, or answer it, or claim it; and it stands in their list. On hold:
    somebody may let it go on."""
    engine, now = desk.home.engine, desk.home.now
    on_hold = desk.home.instance(desk.case).suspended
    for item in desk.home.items(desk.case):
        assert item.held == on_hold
        if on_hold:
            assert any(verbs.refusal("resume", item, agent) is None for agent in PEOPLE)
            continue
        able = [
            agent
            for agent in PEOPLE
            if any(verbs.refusal(verb, item, agent) is None for verb in ("complete", "answer", "claim"))
        ]
        assert able, f"nobody can go on with {item.node}: {item.handling}"
        for agent in able:
            mine = {row.item.id for row in listing.mine(engine, agent=agent, now=now).rows}
            free = {row.item.id for row in listing.claimable(engine, agent=agent, now=now).rows}
            assert item.id in mine | free, f"{agent.key} may do {item.node} and does not see it"


def finish(desk: Desk) -> None:
    """Whoever may complete does, until the case is over."""
    if desk.home.instance(desk.case).suspended:
        suspend.resume(desk.home.engine, instance_id=desk.case, agent=BOSS, now=desk.home.now)
    for _ in range(60):
        open_items = desk.home.items(desk.case)
        if not open_items:
            return
        item = open_items[0]
        for agent in PEOPLE:
            if verbs.refusal("complete", item, agent) is None:
                desk.complete(agent, item.node)
                break
            if verbs.refusal("answer", item, agent) is None:
                desk.answer(agent, item.node)
                break
    pytest.fail(f"does not end: {[(item.node, item.handling) for item in desk.home.items(desk.case)]}")


def come_and_go(random: Random, desk: Desk) -> None:
    """Somebody says they are away, or one who is comes back; a day passes now and then."""
    home = desk.home
    with home.engine.store.reading() as tx:
        ahead = tx.absences.ahead()
    if ahead and random.random() < 0.5:
        absences.end(home.engine, absence_id=random.choice(ahead).id, agent=BOSS, now=home.now)
    else:
        person, other = random.sample(sorted(STAFF), 2)
        plan = absences.Plan(
            starts_at=home.now + timedelta(days=random.randint(0, 1)),
            ends_at=home.now + timedelta(days=random.randint(2, 4)),
            substitute=random.choice([other, ""]),
            open_too=random.random() < 0.7,
        )
        with suppress(errors.Invalid):
            absences.declare(home.engine, person=person, plan=plan, agent=BOSS, now=home.now)
    if random.random() < 0.4:
        home.pass_time(days=1)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", range(4))
def test_nobody_s_absence_leaves_work_that_nobody_can_finish(home: House, mode: str, seed: int) -> None:
    """The same, while people come and go: what others have in somebody's stead is always back with them at the end."""
    random = Random(f"away{mode}{seed}")
    desk = Desk(home, MODES[mode])
    for _ in range(40):
        items = home.items(desk.case)
        if not items:
            break
        if random.random() < 0.4:
            come_and_go(random, desk)
        else:
            item, agent, verb = random.choice(items), random.choice(PEOPLE), random.choice(verbs.VERBS)
            with suppress(errors.CrmflowError):
                doing.do(home.engine, verb, work_item_id=item.id, given=given(random, desk), agent=agent, now=home.now)
        somebody_can_finish(desk)
    home.pass_time(days=9)
    for item in home.items(desk.case):
        assert handling.absent(item.shared) == (), f"not back: {item.handling}"
    with home.engine.store.reading() as tx:
        assert tx.absences.ahead() == []
    finish(desk)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", range(6))
def test_no_order_of_verbs_leaves_work_that_nobody_can_finish(home: House, mode: str, seed: int) -> None:
    random = Random(f"{mode}{seed}")
    desk = Desk(home, MODES[mode])
    done = 0
    for _ in range(45):
        items = home.items(desk.case) + home.items(desk.case, "completed")
        if not home.items(desk.case):
            break
        item, agent = random.choice(items), random.choice(PEOPLE)
        verb = random.choice(verbs.VERBS)
        before = len(home.facts(desk.case))
        try:
            doing.do(home.engine, verb, work_item_id=item.id, given=given(random, desk), agent=agent, now=home.now)
        except errors.CrmflowError as error:
            assert set(error.text) == {"zh-CN", "en"}
            assert len(home.facts(desk.case)) == before, f"{verb} was refused and still told something"
            continue
        done += 1
        somebody_can_finish(desk)
    assert done
    finish(desk)
    assert home.instance(desk.case).status == "completed"


def together(random: Random, desk: Desk) -> None:
    """Something with all that is open at once, by one of them."""
    home, agent = desk.home, random.choice(PEOPLE)
    verb = random.choice(("claim", "release", "transfer", "approve", "urge"))
    order = bulk.Order(verb=verb, to=random.choice(sorted(STAFF)))
    named = [item.id for item in home.items(desk.case)]
    found = bulk.do(home.engine, order=order, work_item_ids=named, agent=agent, now=home.now)
    assert len(found) == len(named)
    assert all(one.done or set(one.text) == {"zh-CN", "en"} for one in found)


def on_hold(random: Random, desk: Desk) -> None:
    """The case stands still for a while: every verb says so, and afterwards all is as it was but for the time."""
    home = desk.home
    suspend.suspend(home.engine, instance_id=desk.case, agent=BOSS, now=home.now)
    before = home.items(desk.case)
    for item in before:
        agent = random.choice(PEOPLE)
        refused = {verb for verb in verbs.VERBS if verbs.refusal(verb, item, agent) is not None}
        assert refused >= set(verbs.VERBS) - {"copy", "comment", "resume"}
        with pytest.raises(errors.Conflict, match="on hold"):
            direct.change(home.engine, work_item_id=item.id, agent=BOSS, now=home.now, priority=9)
    home.pass_time(hours=random.choice([1, 30]))
    suspend.resume(home.engine, instance_id=desk.case, agent=BOSS, now=home.now)
    after = {item.id: (item.assignee, item.draft) for item in home.items(desk.case)}
    if not desk.home.engine.store.run(lambda tx: tx.absences.ahead()):
        assert after == {item.id: (item.assignee, item.draft) for item in before}


def withdrawn(desk: Desk) -> bool:
    """Anna, who started the case, ends it where she may; then nothing of it is left to anybody."""
    try:
        returning.withdraw(desk.home.engine, instance_id=desk.case, reason="not needed", agent=ANNA, now=desk.home.now)
    except errors.Conflict as error:
        assert set(error.text) == {"zh-CN", "en"}
        return False
    assert desk.home.items(desk.case) == []
    assert desk.home.instance(desk.case).status == "cancelled"
    return True


PASSING = {
    "nothing": None,
    "adjacent": Passing(same_person="adjacent", nobody="admin"),
    "before": Passing(same_person="before", starter=True, nobody="manager"),
}


@pytest.mark.parametrize("passing", PASSING)
@pytest.mark.parametrize("mode", MODES)
def test_nor_do_many_at_once_absences_what_passes_and_what_nobody_touches(home: House, mode: str, passing: str) -> None:
    """Everything that gives work to somebody, in any order; a case ends done or withdrawn, never stuck."""
    random = Random(f"all{mode}{passing}")
    desk = Desk(home, MODES[mode], passing=PASSING[passing])
    with home.engine.store.transaction() as tx:
        process = tx.processes.get("p")
        assert process is not None
        tx.processes.put(msgspec.structs.replace(process, details={"untouched": {"after": "PT3H", "most": 2}}))
    begun = start.start(
        home.engine, process="p", customer_id="c-1", business_key=None, data={}, agent=ANNA, now=home.now
    )
    desk.case = begun.instance.id
    for _ in range(30):
        items = home.items(desk.case)
        if not items:
            break
        chance = random.random()
        if chance < 0.15:
            together(random, desk)
        elif chance < 0.3:
            come_and_go(random, desk)
        elif chance < 0.4:
            home.pass_time(hours=3)
            untouched.return_due(home.engine, now=home.now)
        elif chance < 0.43 and withdrawn(desk):
            return
        elif chance < 0.5:
            on_hold(random, desk)
        else:
            item, agent, verb = random.choice(items), random.choice(PEOPLE), random.choice(verbs.VERBS)
            with suppress(errors.CrmflowError):
                doing.do(home.engine, verb, work_item_id=item.id, given=given(random, desk), agent=agent, now=home.now)
        somebody_can_finish(desk)
    finish(desk)
    assert home.instance(desk.case).status == "completed"
