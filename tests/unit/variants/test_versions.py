"""Two versions of a base: every difference once, in both languages, on the drawing where it can be seen."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from engine import errors
from engine.model.nodes import UserTask
from engine.model.performer import Promise
from engine.model.program import Program
from engine.people.agent import Agent
from engine.variants import versions
from tests.house import ANNA, BOSS, House, house
from tests.unit.variants.test_upgrade import base, improved, text

INSERT = {
    "kind": "insert",
    "at": {"after": "Price"},
    "node": {"type": "userTask", "names": text("Call"), "performer": {"groups": ["sales"]}},
}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        yield made


def compared(home: House, *programs: Program, agent: Agent = BOSS) -> versions.Compared:
    for program in programs:
        home.release(program)
    return versions.compare(home.engine, process=programs[0].key, old=1, new=len(programs), agent=agent)


def told(found: versions.Compared, locale: str = "en") -> list[tuple[str, str]]:
    return [(change.kind, change.says[locale]) for change in found.changes]


def test_what_means_the_same_has_no_difference(home: House) -> None:
    found = compared(home, base(), base())
    assert found.changes == () and found.marks(of_old=True) == found.marks(of_old=False) == {}
    assert [version.n for version in found.versions] == [2, 1]


def test_a_new_step_stands_on_the_new_drawing_only(home: House) -> None:
    new = improved(base(), INSERT)
    found = compared(home, base(), new)
    (step,) = {node.id for node in new.nodes} - {node.id for node in base().nodes}
    assert found.changes[0].kind == "inserted" and found.changes[0].elements[0] == step
    assert found.marks(of_old=False)[step] == "inserted"
    assert step not in found.marks(of_old=True)


def test_turned_round_it_is_gone_and_stands_on_the_old_drawing_only(home: House) -> None:
    new = improved(base(), INSERT)
    (step,) = {node.id for node in new.nodes} - {node.id for node in base().nodes}
    found = compared(home, new, base())
    assert found.marks(of_old=True)[step] == "deleted" and step not in found.marks(of_old=False)


def test_a_change_stands_on_both(home: House) -> None:
    new = improved(base(), {"kind": "set_sla", "target": "Price", "promise": {"duration": "PT1H"}})
    found = compared(home, base(), new)
    assert found.marks(of_old=True)["Price"] == found.marks(of_old=False)["Price"] == "changed"
    assert isinstance(next(node for node in found.after.nodes if node.id == "Price"), UserTask)
    assert any(getattr(node, "promise", None) == Promise(duration="PT1H") for node in found.after.nodes)


PAPERS = [
    ({}, {"forms": {"a": {"type": "object"}}}, [("inserted", "new form a")]),
    ({"forms": {"a": {"type": "object"}}}, {}, [("deleted", "the form a is gone")]),
    ({"forms": {"a": {"type": "object"}}}, {"forms": {"a": {"title": "A"}}}, [("changed", "the form a changed")]),
    ({}, {"decisions": {"d": "<d/>"}}, [("inserted", "new decision d")]),
    ({"decisions": {"d": "<d/>"}}, {}, [("deleted", "the decision d is gone")]),
    ({"decisions": {"d": "<d/>"}}, {"decisions": {"d": "<e/>"}}, [("changed", "the decision d changed")]),
    (
        {"forms": {"a": {}}, "decisions": {"d": "<d/>"}},
        {"forms": {"b": {}}, "decisions": {"d": "<d/>"}},
        [("deleted", "the form a is gone"), ("inserted", "new form b")],
    ),
]


@pytest.mark.parametrize(("old", "new", "lines"), PAPERS)
def test_forms_and_decisions_are_told_too(home: House, old: dict, new: dict, lines: list[tuple[str, str]]) -> None:
    empty = {"forms": {}, "decisions": {}}
    before, after = (msgspec.structs.replace(base(), **{**empty, **part}) for part in (old, new))
    found = compared(home, before, after)
    assert told(found) == lines
    assert all(change.says["zh-CN"] for change in found.changes)


@pytest.mark.parametrize(("old", "new"), [(1, 3), (3, 1), (0, 1), (9, 9)])
def test_a_version_that_is_not_there_is_not_found(home: House, old: int, new: int) -> None:
    compared(home, base(), base())
    with pytest.raises(errors.NotFound):
        versions.compare(home.engine, process=base().key, old=old, new=new, agent=BOSS)


def test_an_unknown_process_is_not_found(home: House) -> None:
    with pytest.raises(errors.NotFound):
        versions.compare(home.engine, process="nothing", old=1, new=1, agent=BOSS)


def test_what_could_never_be_read_is_neither_compared_nor_offered(home: House) -> None:
    compared(home, base(), base())
    with home.engine.store.transaction() as tx:
        broken = tx.processes.version(base().key, 2)
        assert broken is not None
        tx.processes.put_version(msgspec.structs.replace(broken, program=""))
    with pytest.raises(errors.NotFound, match="has no program"):
        versions.compare(home.engine, process=base().key, old=1, new=2, agent=BOSS)
    found = versions.compare(home.engine, process=base().key, old=1, new=1, agent=BOSS)
    assert [version.n for version in found.versions] == [1]


def test_the_version_before_is_the_newest_that_can_be_read(home: House) -> None:
    compared(home, base(), base(), base())
    with home.engine.store.transaction() as tx:
        broken = tx.processes.version(base().key, 2)
        assert broken is not None
        tx.processes.put_version(msgspec.structs.replace(broken, program=""))
    assert [versions.before(home.engine, process=base().key, n=n) for n in (1, 2, 3)] == [0, 1, 1]


def test_whoever_may_see_processes_may_compare(home: House) -> None:
    nobody = Agent(key="x", name="X", roles=frozenset())
    compared(home, base(), base(), agent=ANNA)
    with pytest.raises(errors.Forbidden):
        versions.compare(home.engine, process=base().key, old=1, new=1, agent=nobody)
