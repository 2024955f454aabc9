"""The process of changing variants, played on a real house: from the change to its release, and back."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine import errors, ports, variation
from engine.bpmn import read
from engine.domain import governance
from engine.evaluation import HouseEvaluator
from engine.inbox import act
from engine.people.agent import SYSTEM, Agent
from engine.runtime import start
from engine.variants import author, shipped, version
from tests.house import House, house
from tests.shared import ROOT
from tests.unit.variants.desk import base, improved
from tests.unit.variants.models import text

GROUPS = frozenset({"cs_managers", "sales_managers", "operations", "directors", "executives", "account_managers"})
LI = Agent(key="li", name="Li", roles=frozenset({"designer"}), groups=frozenset({"cs_managers"}))
WEI = Agent(key="wei", name="Wei", roles=frozenset({"admin"}), groups=frozenset({"directors"}))
ZHAO = Agent(key="zhao", name="Zhao", roles=frozenset({"staff"}), groups=frozenset({"directors", "executives"}))
KA = "SFA-03:ka"
WANTED: dict[str, Any] = {
    "process": "SFA-03", "group": "KA", "change_types": ["way"], "reason": "they asked for a higher limit than before",
    "running_policy": "keep", "tell_group": "directors", "channel": "web",
}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[House]:
    catalogue = tmp_path / "processes"
    shutil.copytree(ROOT / "processes" / "X-04", catalogue / "X-04")
    shutil.copy(ROOT / "processes" / "groups.json", catalogue / "groups.json")
    evaluator = HouseEvaluator()
    with house(tmp_path, evaluator=evaluator, reader=read.read) as made:
        handlers = {**made.engine.handlers, **governance.handlers(made.engine.store)}
        object.__setattr__(made.engine, "handlers", handlers)
        for agent in (LI, WEI, ZHAO, Agent(key="x", name="X", groups=GROUPS)):
            made.person(agent)
        made.release(base())
        shipped.install(
            made.engine, path=catalogue, read=lambda data, file: read.read(data, file=file), agent=SYSTEM, now=made.now
        )
        yield made
    evaluator.close()


def write(desk: House, *operations: dict[str, Any]) -> variation.VariantVersion:
    order = author.Order(
        process="SFA-03", name="ka", group="KA", texts=text("ka"), reason=text("r"), operations=list(operations)
    )
    return author.save(desk.engine, order=order, agent=LI, now=desk.now)


def limit(value: int) -> dict[str, Any]:
    return {"id": "ka_limit", "kind": "set_parameter", "target": "limit", "value": value, "reason": text("why")}


SLA = {"id": "ka_sla", "kind": "set_sla", "target": "Price", "promise": {"duration": "PT1H"}, "reason": text("why")}
UNSOUND = (
    {"id": "ka_1", "kind": "parallelise", "targets": ["Configure", "Check"], "reason": text("r")},
    {"id": "ka_2", "kind": "add_branch", "target": "Configure", "to": "End", "condition": "x > 1", "reason": text("r")},
)


def begin(desk: House) -> str:
    begun = start.start(
        desk.engine, process="X-04", customer_id=None, business_key=None, data=WANTED, agent=SYSTEM, now=desk.now
    )
    desk.settle()
    return begun.instance.id


def complete(desk: House, case: str, node: str, agent: Agent, **data: Any) -> None:
    item = desk.item(case, node)
    act.claim(desk.engine, work_item_id=item.id, agent=agent, now=desk.now)
    act.complete(desk.engine, work_item_id=item.id, data=data, agent=agent, now=desk.now)
    desk.settle()


def hand_in(desk: House, case: str, n: int = 1, effective: datetime | None = None) -> None:
    when = (effective or desk.now).isoformat()
    complete(desk, case, "submit", LI, variant=KA, version=n, effective=when, outcome="submit")


def agree(desk: House, case: str) -> None:
    complete(desk, case, "review", ZHAO, outcome="worth_it")
    complete(desk, case, "approve", WEI, outcome="approved")


def released(desk: House) -> int:
    with desk.engine.store.reading() as tx:
        found = version.released(tx.variants.versions(KA))
    return found.n if found else 0


def open_at(desk: House, case: str) -> list[str]:
    return [item.node for item in desk.items(case)]


def test_a_version_that_is_not_there_comes_back_to_whoever_handed_it_in(desk: House) -> None:
    case = begin(desk)
    hand_in(desk, case, 9)
    assert open_at(desk, case) == ["submit"] and desk.instance(case).incidents == 0
    told = desk.engine.store.run(lambda tx: tx.instances.get(case))
    assert told is not None and told.status == "active"
    write(desk, limit(50))
    hand_in(desk, case, 1)
    assert open_at(desk, case) == ["review"]


def test_from_the_change_to_its_release_in_the_names_of_those_two(desk: House) -> None:
    write(desk, limit(50))
    case = begin(desk)
    hand_in(desk, case)
    assert open_at(desk, case) == ["review"]
    assert [one for one in desk.told(case) if one == "ActivityCompleted sandbox"], "a virtual case went through it"
    agree(desk, case)
    assert released(desk) == 1
    with desk.engine.store.reading() as tx:
        found = version.get(tx, KA, 1)
    assert [(deed.did, deed.by) for deed in found.history] == [
        ("saved", "li"), ("submitted", "li"), ("approved", "wei"), ("released", "wei"),
    ]  # fmt: skip
    assert found.history[-1].note == WANTED["reason"]
    assert "ActivityCompleted tell_users" in desk.told(case)


def test_it_is_in_use_from_its_date_and_not_before(desk: House) -> None:
    write(desk, limit(50))
    case = begin(desk)
    hand_in(desk, case, effective=desk.now + timedelta(days=3))
    agree(desk, case)
    desk.pass_time(days=2)
    assert released(desk) == 0
    desk.pass_time(days=1)
    assert released(desk) == 1


def test_who_only_changes_a_promise_goes_the_short_way(desk: House) -> None:
    write(desk, SLA)
    case = begin(desk)
    hand_in(desk, case)
    assert open_at(desk, case) == ["review"] and "ActivityCompleted sandbox" not in desk.told(case)


def test_what_is_wrong_comes_back_with_every_problem(desk: House) -> None:
    write(desk, *UNSOUND)
    case = begin(desk)
    hand_in(desk, case)
    assert open_at(desk, case) == ["submit"] and released(desk) == 0
    write(desk, limit(50))
    hand_in(desk, case)
    assert open_at(desk, case) == ["review"]


def test_nobody_approves_their_own_change(desk: House) -> None:
    write(desk, limit(50))
    case = begin(desk)
    hand_in(desk, case)
    complete(desk, case, "review", ZHAO, outcome="worth_it")
    item = desk.item(case, "approve")
    with pytest.raises((errors.Forbidden, errors.NotFound)):
        act.claim(desk.engine, work_item_id=item.id, agent=LI, now=desk.now)


def test_an_approver_without_the_right_is_refused_and_it_goes_back(desk: House) -> None:
    write(desk, limit(50))
    case = begin(desk)
    hand_in(desk, case)
    complete(desk, case, "review", WEI, outcome="worth_it")
    complete(desk, case, "approve", ZHAO, outcome="approved")
    assert released(desk) == 0 and open_at(desk, case) == ["submit"]


def test_a_base_that_changed_meanwhile_sends_it_back(desk: House) -> None:
    write(desk, limit(50))
    case = begin(desk)
    hand_in(desk, case, effective=desk.now + timedelta(days=3))
    agree(desk, case)
    desk.release(improved(base(), {"kind": "set_parameter", "target": "limit", "value": 20}))
    desk.pass_time(days=3)
    assert released(desk) == 0 and open_at(desk, case) == ["submit"]


def cases(desk: House, program: str, count: int, hours: float) -> None:
    """Finished ones of that program which took so long."""
    for _ in range(count):
        begun = desk.start("SFA-03", discount=1)
        with desk.engine.store.transaction() as tx:
            ended = int((desk.now + timedelta(hours=hours)).timestamp() * 1_000_000)
            tx.connection.execute(  # type: ignore[attr-defined]
                sa.text("UPDATE instance SET status = 'completed', ended_at = :at, program = :program WHERE id = :id"),
                {"at": ended, "program": program, "id": begun},
            )


@pytest.mark.parametrize(("hours", "worse"), [(13, True), (11, False), (5, False)])
def test_after_a_fortnight_slower_cases_are_put_to_an_owner_who_goes_back(
    desk: House, hours: float, worse: bool
) -> None:
    for n, value in ((1, 50), (2, 60)):
        write(desk, limit(value))
        case = begin(desk)
        hand_in(desk, case, n)
        agree(desk, case)
    with desk.engine.store.reading() as tx:
        old, new = (version.get(tx, KA, n).program for n in (1, 2))
    cases(desk, old, 6, 10)
    cases(desk, new, 6, hours)
    desk.pass_time(days=14)
    assert open_at(desk, case) == (["decide"] if worse else [])
    if worse:
        complete(desk, case, "decide", WEI, outcome="roll_back", comment="a third slower")
        assert released(desk) == 1 and desk.instance(case).status == "completed"


def call(handler: str, **given: Any) -> ports.JobCall:
    return ports.JobCall(
        id="j", handler=handler, input=given, headers={}, attempt=1, now=datetime(2026, 3, 2, 9).astimezone(),
        instance_id="none", process="X-04", business_key=None, customer=None,
    )  # fmt: skip


def test_what_a_job_asks_wrongly_is_named(desk: House) -> None:
    handlers = governance.handlers(desk.engine.store)
    write(desk, limit(50))
    for handler, given, code in (
        ("variants.check", {"variant": "", "version": 1}, "parameter_wrong"),
        ("variants.check", {"variant": KA, "version": "one"}, "parameter_wrong"),
        ("variants.try", {"program": "none"}, "program_unknown"),
    ):
        with pytest.raises(errors.CrmflowError) as refused:
            handlers[handler](call(handler, **given))
        assert refused.value.code == code
    nobody = handlers["variants.release"](
        call("variants.release", variant=KA, version=1, author_steps=["submit"], approver_steps=["approve"])
    )
    assert nobody.error == governance.REFUSED and "没有人完成" in nobody.message


def test_a_job_that_runs_twice_releases_once(desk: House) -> None:
    write(desk, limit(50))
    case = begin(desk)
    hand_in(desk, case)
    agree(desk, case)
    again = governance.handlers(desk.engine.store)["variants.release"](call("variants.release", variant=KA, version=1))
    assert again.data == {"released_n": 1} and not again.error
