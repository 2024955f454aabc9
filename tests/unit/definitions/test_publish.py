"""Every uploaded file is kept with its problems; only what has none is released; running cases keep theirs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import errors
from engine.bpmn import read
from engine.definitions import catalogue, contents, publish
from engine.runtime import instances
from tests.house import ANNA, BOSS, House, house

BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">
  <process id="hello" name="Hello" isExecutable="true">
    <startEvent id="begin"/>
    <sequenceFlow id="f1" sourceRef="begin" targetRef="work"/>
    <userTask id="work" name="{name}">
      <potentialOwner><resourceAssignmentExpression>
        <formalExpression>user(anna)</formalExpression>
      </resourceAssignmentExpression></potentialOwner>
    </userTask>
    <sequenceFlow id="f2" sourceRef="work" targetRef="done"/>
    <endEvent id="done"/>
  </process>
</definitions>
"""
GOOD = BPMN.format(name="Work").encode()
BETTER = BPMN.format(name="Better work").encode()
BROKEN = GOOD.replace(b'targetRef="done"', b'targetRef="nowhere"')


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, reader=read.read) as made:
        yield made


def deploy(home: House, **files: bytes) -> publish.Deployed:
    named = {name.replace("_", "."): content for name, content in files.items()}
    return publish.deploy(home.engine, name="upload", files=named, agent=BOSS, now=home.now)


def release(home: House, n: int) -> None:
    publish.release(home.engine, process="hello", n=n, agent=BOSS, now=home.now)


def test_a_good_file_is_a_draft_that_can_be_released_and_started(home: House) -> None:
    deployed = deploy(home, hello_bpmn=GOOD)
    (version,) = deployed.versions
    assert (version.process, version.n, version.status) == ("hello", 1, "draft")
    release(home, 1)
    case = home.start("hello")
    assert home.instance(case).program == version.program
    assert [item.name for item in home.items(case)] == ["Work"]


def test_a_draft_is_not_started(home: House) -> None:
    deploy(home, hello_bpmn=GOOD)
    with pytest.raises(errors.Conflict) as caught:
        home.start("hello")
    assert caught.value.code == "nothing_released"


def test_a_broken_file_is_kept_whole_and_not_released(home: House) -> None:
    deployed = deploy(home, hello_bpmn=BROKEN)
    assert deployed.resources[0].content == BROKEN
    assert deployed.problems
    assert catalogue.xml(home.engine, process="hello", n=1) == BROKEN
    with pytest.raises(errors.Invalid) as caught:
        release(home, 1)
    assert caught.value.problems
    assert all(problem.severity == "error" for problem in caught.value.problems)


@pytest.mark.parametrize("content", [b"", b"<", b"no xml", b"\xff\xfe", b"<!DOCTYPE a><a/>", b"<a/>"])
def test_what_is_no_model_is_kept_with_its_problem(home: House, content: bytes) -> None:
    deployed = deploy(home, x_bpmn=content)
    assert deployed.versions == ()
    assert deployed.problems
    with home.engine.store.reading() as tx:
        assert tx.processes.resources(deployed.deployment.id)[0].content == content


@pytest.mark.parametrize("content", [b"[]", b"{", b"\xff", b"[" * 100_000])
def test_a_form_that_is_none_is_kept_with_its_problem(home: House, content: bytes) -> None:
    assert [problem.code for problem in deploy(home, f_json=content).problems] == ["form_not_json"]


def test_a_new_release_retires_the_old_one_and_running_cases_stay(home: House) -> None:
    deploy(home, hello_bpmn=GOOD)
    release(home, 1)
    old = home.start("hello")
    deploy(home, hello_bpmn=BETTER)
    release(home, 2)
    new = home.start("hello")
    assert [item.name for item in (*home.items(old), *home.items(new))] == ["Work", "Better work"]
    _, versions = catalogue.get(home.engine, process="hello")
    assert [(version.n, version.status) for version in versions] == [(2, "released"), (1, "retired")]
    with pytest.raises(errors.Conflict):
        release(home, 1)
    assert instances.get(home.engine, instance_id=old).tokens[0].node == "work"


def test_the_same_model_again_makes_no_new_version(home: House) -> None:
    deploy(home, hello_bpmn=GOOD)
    assert [version.n for version in deploy(home, hello_bpmn=GOOD).versions] == [1]
    release(home, 1)
    assert [version.n for version in deploy(home, hello_bpmn=GOOD).versions] == [1]


def test_forms_and_decisions_of_the_deployment_belong_to_its_processes(home: House) -> None:
    deployed = deploy(home, hello_bpmn=GOOD, ask_json=b'{"type": "object"}')
    program = catalogue.program(home.engine, sha256=deployed.versions[0].program)
    assert program.forms == {"ask": {"type": "object"}}


def test_the_catalogue_shows_what_is_released(home: House) -> None:
    deploy(home, hello_bpmn=GOOD)
    (entry,) = catalogue.processes(home.engine)
    assert (entry.process.key, entry.released) == ("hello", None)
    release(home, 1)
    (entry,) = catalogue.processes(home.engine)
    assert entry.released is not None
    assert entry.released.released_by == "boss"


def test_staff_draw_and_release_nothing(home: House) -> None:
    with pytest.raises(errors.Forbidden):
        publish.deploy(home.engine, name="x", files={}, agent=ANNA, now=home.now)
    with pytest.raises(errors.Forbidden):
        publish.release(home.engine, process="hello", n=1, agent=ANNA, now=home.now)


def test_too_much_is_refused_and_unknown_things_are_named(home: House) -> None:
    with pytest.raises(errors.TooLarge):
        deploy(home, x_bpmn=b"x" * (publish.LARGEST_FILE + 1))
    with pytest.raises(errors.NotFound):
        release(home, 1)
    with pytest.raises(errors.NotFound):
        catalogue.get(home.engine, process="hello")
    with pytest.raises(errors.NotFound):
        catalogue.xml(home.engine, process="hello", n=1)
    with pytest.raises(errors.NotFound):
        catalogue.program(home.engine, sha256="0")


DMN = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">
<inputData id="i" name="amount"><variable name="amount" typeRef="number"/></inputData>
<decision id="level" name="level"><variable name="level"/>
<informationRequirement><requiredInput href="#i"/></informationRequirement>
<decisionTable hitPolicy="{policy}"><input><inputExpression><text>amount</text></inputExpression></input><output/>
<rule id="r1"><inputEntry><text>&lt; 10</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>
<rule id="r2"><inputEntry><text>&gt;= 5</text></inputEntry><outputEntry><text>2</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def test_an_overlap_of_a_unique_table_is_told_at_upload_with_an_example(home: House) -> None:
    (problem,) = deploy(home, level_dmn=DMN.format(policy="UNIQUE").encode()).problems
    assert (problem.code, problem.severity, problem.element) == ("table_overlap", "warning", "r2")
    assert "rules 1 and 2 overlap" in problem.text["en"] and "amount = " in problem.text["en"]
    assert "重叠" in problem.text["zh-CN"]


def test_a_table_whose_rules_may_overlap_has_no_problem(home: House) -> None:
    assert deploy(home, level_dmn=DMN.format(policy="COLLECT").encode()).problems == ()


def test_tables_that_are_too_large_together_are_not_analysed_at_upload(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "MOST_ANALYSED_CELLS", 3)
    overlapping = DMN.format(policy="UNIQUE").encode()  # two cells
    found = deploy(home, one_dmn=overlapping, two_dmn=overlapping.replace(b"urn:m", b"urn:n")).problems
    assert [problem.file for problem in found] == ["one.dmn"]
