"""A draft's offered mends, done on request: a new draft, with everything else of the file as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import errors
from engine.bpmn import read
from engine.definitions import catalogue, mends, publish
from tests.house import ANNA, BOSS, House, house
from tests.unit.bpmn.drawn import document

TIMERS = """<!-- kept -->
<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="w1"/>
<intermediateCatchEvent id="w1" name="after 2 days"><timerEventDefinition/></intermediateCatchEvent>
<sequenceFlow id="f2" sourceRef="w1" targetRef="w2"/>
<intermediateCatchEvent id="w2"><timerEventDefinition/></intermediateCatchEvent>
<sequenceFlow id="f3" sourceRef="w2" targetRef="a"/>
<userTask id="a" camunda:candidateGroups="sales" camunda:formKey="look"/>
<sequenceFlow id="f4" sourceRef="a" targetRef="e"/><endEvent id="e"/>"""
GOOD = '<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/><endEvent id="e"/>'
NO_IDS = (
    '<startEvent/><userTask id="a" camunda:candidateGroups="sales"/><sequenceFlow sourceRef="a" targetRef="e"/>'
    + ('<endEvent id="e"/>')
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, reader=read.read) as made:
        yield made


def deploy(home: House, inside: str = TIMERS, **files: bytes) -> publish.Deployed:
    named = {"x.bpmn": document(inside), **{name.replace("_", "."): data for name, data in files.items()}}
    return publish.deploy(home.engine, name="u", files=named, agent=BOSS, now=home.now)


def mend(home: House, *fixes: tuple[str, str], n: int = 1, everything: bool = False, agent=BOSS) -> mends.Mended:
    chosen = None if everything else [mends.Choice(fix=fix, element=element) for fix, element in fixes]
    return mends.mend(home.engine, process="p", n=n, fixes=chosen, agent=agent, now=home.now)


def offered(home: House, n: int = 1) -> list[tuple[str, str]]:
    found = mends.problems(home.engine, process="p", n=n, agent=ANNA)
    return [(problem.fix, problem.element) for problem in found if problem.fix]


def test_the_offered_mends_are_listed_with_their_place(home: House) -> None:
    deploy(home)
    assert {("fill_timer", "w1"), ("fill_timer", "w2")} <= set(offered(home))


def test_all_mends_make_a_draft_that_can_be_released_and_runs(home: House) -> None:
    deploy(home)
    with pytest.raises(errors.Invalid):
        publish.release(home.engine, process="p", n=1, agent=BOSS, now=home.now)
    made = mend(home, everything=True)
    assert (made.version.n, made.version.status) == (2, "draft")
    assert {problem.element for problem in made.mended} >= {"w1", "w2"}
    publish.release(home.engine, process="p", n=2, agent=BOSS, now=home.now)
    case = home.start("p")
    home.pass_time(days=2)
    home.pass_time(hours=1)
    assert [item.node for item in home.items(case)] == ["a"]


def test_only_what_was_chosen_is_mended(home: House) -> None:
    deploy(home)
    made = mend(home, ("fill_timer", "w1"))
    assert {(problem.fix, problem.element) for problem in made.mended} == {("fill_timer", "w1")}
    assert ("fill_timer", "w2") in offered(home, 2) and ("fill_timer", "w1") not in offered(home, 2)


def test_what_its_author_wrote_stays(home: House) -> None:
    before = deploy(home).resources[0].content
    mend(home, everything=True)
    assert catalogue.xml(home.engine, process="p", n=1) == before
    after = catalogue.xml(home.engine, process="p", n=2)
    assert b"<!-- kept -->" in after and b"P2D" in after


def test_forms_of_the_deployment_come_along(home: House) -> None:
    form = b'{"type": "object", "properties": {"x": {"type": "string", "title": "x"}}}'
    deploy(home, look_json=form)
    made = mend(home, everything=True)
    program = catalogue.program(home.engine, sha256=made.version.program)
    assert set(program.forms) == {"look"}


def test_a_mend_that_changes_no_program_mends_the_draft_itself(home: House) -> None:
    deploy(home, NO_IDS)
    assert "give_ids" in {fix for fix, _ in offered(home)}, offered(home)
    made = mend(home, everything=True)
    assert "give_ids" not in {problem.fix for problem in made.version.problems}
    assert b'<startEvent id="' in catalogue.xml(home.engine, process="p", n=made.version.n)


@pytest.mark.parametrize(
    ("inside", "fixes"),
    [
        (TIMERS, [("fill_timer", "s")]),
        (TIMERS, [("give_ids", "w1")]),
        (TIMERS, [("fill_timer", "w1"), ("eval", "w1")]),
        (TIMERS, []),
    ],
)
def test_a_mend_that_is_not_offered_is_refused_whole(home: House, inside: str, fixes: list[tuple[str, str]]) -> None:
    deploy(home, inside)
    with pytest.raises(errors.Invalid) as caught:
        mend(home, *fixes)
    assert caught.value.code == "mend_not_offered"
    assert caught.value.text["zh-CN"] and {problem.fix for problem in caught.value.problems} >= {"fill_timer"}
    assert len(catalogue.get(home.engine, process="p")[1]) == 1


def test_where_nothing_is_offered_nothing_is_mended(home: House) -> None:
    made = deploy(home, GOOD.replace('<startEvent id="s"/>', '<startEvent id="s"><outgoing>f</outgoing></startEvent>'))
    if not any(problem.fix for problem in made.versions[0].problems):
        with pytest.raises(errors.Invalid):
            mend(home, everything=True)
    else:
        mend(home, everything=True)
        newest = catalogue.get(home.engine, process="p")[1][0]
        assert not any(problem.fix for problem in newest.problems)


def test_an_unknown_version_is_not_mended(home: House) -> None:
    deploy(home)
    for n in (0, 2):
        with pytest.raises(errors.NotFound):
            mend(home, n=n, everything=True)
        with pytest.raises(errors.NotFound):
            mends.problems(home.engine, process="p", n=n, agent=BOSS)


def test_only_who_draws_processes_mends(home: House) -> None:
    deploy(home)
    with pytest.raises(errors.Forbidden):
        mend(home, everything=True, agent=ANNA)


def test_a_released_version_is_left_alone_and_the_mended_one_is_a_draft(home: House) -> None:
    deploy(home)
    mend(home, everything=True)
    publish.release(home.engine, process="p", n=2, agent=BOSS, now=home.now)
    mend(home, ("fill_timer", "w1"), n=1)
    _, versions = catalogue.get(home.engine, process="p")
    assert [(version.n, version.status) for version in versions] == [(3, "draft"), (2, "released"), (1, "draft")]
