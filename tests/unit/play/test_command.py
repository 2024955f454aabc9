"""`crmflow play` tells what happens, in order, and says by its exit status whether the model came to its end."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.play.command import play_command

MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t" id="d">
  <process id="visit" isExecutable="true">
    <startEvent id="begin"/>
    <sequenceFlow id="f1" sourceRef="begin" targetRef="ask"/>
    <userTask id="ask" name="Ask"/>
    <sequenceFlow id="f2" sourceRef="ask" targetRef="wait"/>
    <intermediateCatchEvent id="wait"><timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition>
    </intermediateCatchEvent>
    <sequenceFlow id="f3" sourceRef="wait" targetRef="rate"/>
    <businessRuleTask id="rate" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:decisionRef="rating"
        camunda:mapDecisionResult="singleEntry" camunda:resultVariable="grade"/>
    <sequenceFlow id="f4" sourceRef="rate" targetRef="over"/>
    <endEvent id="over"/>
  </process>
</definitions>"""
SCRIPT = '<scriptTask id="ask" scriptFormat="python"><script>1 / 0</script></scriptTask>'
TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="t">
  <decision id="rating" name="rating"><decisionTable id="t">
    <input id="i"><inputExpression id="e"><text>score</text></inputExpression></input><output id="o" name="grade"/>
    <rule id="r1"><inputEntry id="a"><text>&gt;= 50</text></inputEntry>
      <outputEntry id="b"><text>"good"</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="c"><text>&lt; 50</text></inputEntry>
      <outputEntry id="f"><text>"poor"</text></outputEntry></rule>
  </decisionTable></decision>
</definitions>"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "rating.dmn").write_text(TABLE)
    path = tmp_path / "visit.bpmn"
    path.write_text(MODEL)
    return path


def play(*words: object) -> Result:
    return CliRunner().invoke(play_command, [str(word) for word in words])


def test_a_model_is_walked_to_its_end_and_its_facts_are_printed_in_order(model: Path) -> None:
    answer = play(model, "--data", '{"score": 70}', "--json")
    assert answer.exit_code == 0, answer.output
    report = json.loads(answer.output)
    assert report["ended"] is True
    assert report["variables"]["grade"] == "good"
    completed = [fact["node"] for fact in report["facts"] if fact["type"] in ("ActivityCompleted", "TimerFired")]
    assert completed == ["ask", "wait", "rate"]
    moments = [fact["at"] for fact in report["facts"]]
    assert moments == sorted(moments)
    assert report["began_at"] < report["ended_at"]


def test_a_scenario_supplies_data_and_its_expectations_are_checked(model: Path, tmp_path: Path) -> None:
    answers = tmp_path / "poor.json"
    deeds = [{"complete": "ask", "data": {"score": 10}}, {"wait": "PT2H"}]
    answers.write_text(json.dumps({"steps": deeds, "expect": {"data": {"grade": "poor"}}}))
    assert play(model, "--answers", answers).exit_code == 0
    answers.write_text(json.dumps({"steps": deeds, "expect": {"data": {"grade": "good"}}}))
    refused = play(model, "--answers", answers)
    assert refused.exit_code == 1
    assert "grade" in refused.output


def test_a_decision_that_nobody_gave_is_passed_over_and_said(model: Path) -> None:
    (model.parent / "rating.dmn").unlink()
    answer = play(model)
    assert answer.exit_code == 0
    assert "warning: rate the decision 'rating'" in answer.output


def test_what_stands_in_the_way_is_named(model: Path) -> None:
    model.write_text(MODEL.replace('<userTask id="ask" name="Ask"/>', SCRIPT))
    answer = play(model)
    assert answer.exit_code == 1
    assert "error: ask line 1 of the script failed" in answer.output


def test_a_part_of_the_file_that_has_no_place_in_what_ran_is_an_error(model: Path) -> None:
    model.write_text(MODEL.replace("<endEvent", "<boundaryEvent id='odd' attachedToRef='ask'/><endEvent"))
    answer = play(model, "--json")
    assert answer.exit_code == 1
    report = json.loads(answer.stdout)
    assert report["ended"] is True
    assert "odd" in {problem["element"] for problem in report["errors"]}


def test_mends_that_need_no_thought_are_done_and_told(model: Path) -> None:
    model.write_text(MODEL.replace('<sequenceFlow id="f1" ', "<sequenceFlow "))
    answer = play(model, "--json")
    assert answer.exit_code == 0
    assert "missing_id" in {problem["code"] for problem in json.loads(answer.stdout)["warnings"]}


def test_the_other_processes_of_the_file_are_named(model: Path) -> None:
    other = '<process id="aside" isExecutable="true"><startEvent id="s2"/></process></definitions>'
    model.write_text(MODEL.replace("</definitions>", other))
    assert "the file also holds aside" in play(model).output
    named = play(model, "--process", "aside", "--json")
    assert json.loads(named.stdout)["process"] == "aside"
    assert "also holds" not in named.output


@pytest.mark.parametrize("text", ["<definitions", "", "<a/>"])
def test_a_file_without_a_process_is_refused_with_the_reason(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.bpmn"
    path.write_text(text)
    answer = play(path)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")


def test_data_that_is_no_object_is_refused(model: Path) -> None:
    assert play(model, "--data", "[1]").exit_code == 2
    assert play(model, "--data", "{").exit_code == 2


def test_a_scenario_that_cannot_be_read_is_refused_with_its_place(model: Path, tmp_path: Path) -> None:
    answers = tmp_path / "wrong.json"
    answers.write_text('{"steps": [{"fly": "away"}]}')
    answer = play(model, "--answers", answers)
    assert answer.exit_code == 2
    assert "/steps/0" in answer.output
