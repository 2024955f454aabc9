"""Mends that need no thought: what is done, and that nothing else of the file changes."""

import json
import re

import pytest
from click.testing import CliRunner

from engine.bpmn import mend, survey
from engine.bpmn.command import check_command
from engine.bpmn.read import read
from engine.model.problem import Problem, errors
from tests import shared
from tests.unit.bpmn.drawn import document

CHOICE = (
    '<startEvent id="s"/><userTask id="a"/><exclusiveGateway id="x"/><endEvent id="e"/>'
    '<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="x"/>'
    '<sequenceFlow id="again" name="Try again" sourceRef="x" targetRef="a"/>'
    '<sequenceFlow id="out" name="Good" sourceRef="x" targetRef="e"/>'
)


def mended(inside: str):
    data, done = survey.mended(document(inside))
    return read(data).programs[0], {problem.fix for problem in done}, data


def test_ids_are_given_as_the_reader_gave_them():
    inside = '<startEvent/><task id="b"/><sequenceFlow sourceRef="startEvent_1" targetRef="b"/>'
    program, done, data = mended(inside)
    assert "give_ids" in done and b'id="startEvent_1"' in data and b'id="sequenceFlow_1"' in data
    assert program.sha256 == read(document(inside)).programs[0].sha256


def test_a_lone_flow_without_condition_becomes_the_default():
    said = '<conditionExpression language="feel">bad</conditionExpression></sequenceFlow>'
    inside = CHOICE.replace('sourceRef="x" targetRef="a"/>', f'sourceRef="x" targetRef="a">{said}')
    program, done, _ = mended(inside)
    assert done >= {"add_default_flow"} and program.nodes[2].default == "out"


def test_a_choice_that_says_nothing_asks_for_an_outcome_and_defaults_to_the_way_out():
    program, done, _ = mended(CHOICE)
    assert "choose_by_outcome" in done and program.nodes[2].default == "out"
    assert program.flows[2].condition.text == 'outcome = "Try again"'


@pytest.mark.parametrize(
    ("name", "duration"),
    [("7 days", "P7D"), ("after 2 hours", "PT2H"), ("3天后", "P3D"), ("30 min", "PT30M"), ("late", "PT1H")],
)
def test_a_timer_without_a_time_gets_the_one_that_its_name_says(name, duration):
    program, done, _ = mended(
        f'<startEvent id="s" name="{name}"><timerEventDefinition><timeDuration/></timerEventDefinition></startEvent>'
    )
    assert "fill_timer" in done and program.nodes[0].triggers[0].text.text == duration


def test_a_conditional_event_without_a_condition_is_true():
    program, done, _ = mended('<startEvent id="s"><conditionalEventDefinition/></startEvent>')
    assert "fill_condition" in done and program.nodes[0].triggers[0].condition.text == "true"


def test_conditions_that_have_no_effect_go():
    program, done, _ = mended(
        '<parallelGateway id="x"/><task id="t"/><sequenceFlow id="f" sourceRef="x" targetRef="t">'
        "<conditionExpression>a</conditionExpression></sequenceFlow>"
    )
    assert "remove_condition" in done and program.flows[0].condition is None


def test_prose_becomes_the_name_of_an_outcome():
    program, done, _ = mended(
        '<task id="a"/><task id="t"/><sequenceFlow id="f" sourceRef="a" targetRef="t">'
        "<conditionExpression>the customer is happy</conditionExpression></sequenceFlow>"
    )
    assert "condition_to_outcome" in done
    assert program.flows[0].condition.text == 'outcome = "the customer is happy"'


def test_flows_are_listed_at_their_ends_where_the_schema_wants_them():
    _, done, data = mended('<task id="a"><documentation>d</documentation></task><task id="b"/>'
                           '<sequenceFlow id="f" sourceRef="a" targetRef="b"/>')  # fmt: skip
    assert "list_flows" in done
    assert not {problem.code for problem in read(data).problems} & {"flow_not_listed", "listed_flow_missing", "schema"}


def test_comments_and_everything_else_stay():
    data = document('<!-- by Ann --><startEvent/><task id="b" camunda:x="y"/>')
    better, _ = survey.mended(data)
    assert b"<!-- by Ann -->" in better and b'camunda:x="y"' in better


def test_nothing_to_mend_leaves_the_bytes_alone():
    data = document('<startEvent id="s"/>')
    assert mend.apply(data, ()) == data
    assert mend.apply(data, [Problem(code="x", text={}, fix="no such mend", element="s")]) == data


def test_a_mend_whose_element_is_gone_does_nothing():
    data = document('<startEvent id="s"/>')
    for fix in mend.FIXES:
        assert read(mend.apply(data, [Problem(code="x", text={}, fix=fix, element="ghost")])).programs


def test_mended_files_of_vendors_have_fewer_errors_and_no_more_mends():
    for path in sorted(shared.data("bpmn", "modeller-exports").glob("*C.*"))[:12]:
        data = path.read_bytes()
        better, done = survey.mended(data)
        _, before = survey.survey(data)
        _, after = survey.survey(better)
        assert len(errors(after)) <= len(errors(before))
        assert not done or not [problem for problem in after if problem.fix in mend.FIXES], path.name


def run(*arguments: str):
    return CliRunner().invoke(check_command, arguments)


def test_the_command_prints_place_name_message_and_mend(tmp_path):
    path = tmp_path / "x.bpmn"
    path.write_bytes(document('<startEvent id="s" name="开始"><timerEventDefinition/></startEvent>'))
    result = run(str(path))
    assert result.exit_code == 1
    assert f'{path}:4 s "开始" error The timer event says no time' in result.output and "→ Give a date" in result.output
    assert "定时事件没有给出时间" in run(str(path), "--lang", "zh").output


def test_the_command_mends_the_file_and_says_what_it_did(tmp_path):
    path = tmp_path / "x.bpmn"
    path.write_bytes(document('<startEvent id="s"><timerEventDefinition/></startEvent><endEvent id="e"/>'))
    result = run(str(path), "--fix")
    assert "mended" in result.output and result.exit_code == 0
    assert b"PT1H" in path.read_bytes()


def test_the_command_speaks_json(tmp_path):
    path = tmp_path / "x.bpmn"
    path.write_bytes(document('<serviceTask id="a" camunda:class="org.acme.X"/>'))
    (result,) = json.loads(run(str(path), "--json").output)
    assert result["dialect"] == "camunda7" and result["missing_handlers"][0]["handler"] == "org.acme.X"
    assert {"code", "text", "line"} <= set(result["problems"][0])


def test_a_file_that_is_no_bpmn_is_one_problem(tmp_path):
    path = tmp_path / "x.bpmn"
    path.write_bytes(b"<html/>")
    result = run(str(path), "--fix")
    assert result.exit_code == 1 and "Not a BPMN 2.0 file" in result.output


TWICE = [
    ('<dataObject id="x"/><dataObject id="x"/>', "dataObject", ["x", "x_1"]),
    ('<dataObject id="x"/><dataObject id="x"/><dataObject id="x"/>', "dataObject", ["x", "x_1", "x_2"]),
    ('<dataObject id="x_1"/><dataObject id="x"/><dataObject id="x"/>', "dataObject", ["x_1", "x", "x_2"]),
    ('<dataObjectReference id="x"/><dataStoreReference id="x"/>', "dataStoreReference", ["x_1"]),
    ('<laneSet><lane id="x"/><lane id="x"/></laneSet>', "lane", ["x", "x_1"]),
]


@pytest.mark.parametrize(("inside", "kind", "ids"), TWICE)
def test_a_second_bearer_of_an_id_that_nobody_refers_to_gets_its_own(inside, kind, ids):
    data = document(f'<startEvent id="s"/><endEvent id="e"/>{inside}')
    mended_file, done = survey.mended(data)
    assert {problem.code for problem in done} >= {"duplicate_id"}
    assert re.findall(rf'<{kind} id="([^"]*)"', mended_file.decode()) == ids
    before, after = read(data).programs[0], read(mended_file).programs[0]
    assert [item.id for item in before.data] == [item.id for item in after.data]
    assert "duplicate_id" not in {problem.code for problem in read(mended_file).problems}


@pytest.mark.parametrize(
    "inside",
    ['<task id="x"/><task id="x"/>', '<task id="x"/><endEvent id="x"/>', '<exclusiveGateway id="x"/><task id="x"/>'],
)
def test_which_of_two_nodes_is_meant_only_the_author_knows(inside):
    data = document(f'<startEvent id="s"/>{inside}<sequenceFlow id="f" sourceRef="s" targetRef="x"/>')
    (problem,) = [problem for problem in read(data).problems if problem.code == "duplicate_id"]
    assert problem.severity == "error" and problem.fix == ""
    assert survey.mended(data)[0].count(b'id="x"') == 2


def test_flows_of_one_id_keep_their_ends():
    flows = '<sequenceFlow id="f" sourceRef="s" targetRef="a"/><sequenceFlow id="f" sourceRef="a" targetRef="e"/>'
    data = document(f'<startEvent id="s"/><task id="a"/><endEvent id="e"/>{flows}')
    (program,) = read(survey.mended(data)[0]).programs
    assert [(flow.id, flow.source, flow.target) for flow in program.flows] == [("f", "s", "a"), ("f_1", "a", "e")]
