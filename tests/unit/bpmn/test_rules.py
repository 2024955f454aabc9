"""The rules of the standard beyond its schema, on the files that break one each."""

import json
import re
from pathlib import Path

import pytest

from engine.bpmn.read import read
from engine.bpmn.rules.check import MAX_EACH, RULES
from tests import shared
from tests.unit.bpmn.drawn import codes, reading

# Not broken rules of the standard: a mended copy that is valid, two models that deadlock (the proof finds those), and
# one whose fault lies in a file that it imports.
OTHERS = {"fail_sub_process_manualFix", "failure_collaboration_deadlock", "fail_call_ref_process_call_call"}
OTHERS.add("failure_no-detection-deadlock-in-subprocess")


def broken():
    for source in json.loads(shared.data("bpmn", "SOURCES.json").read_text()):
        number = re.search(r"resources/(\d+)/", source["path"])
        if "/invalid/" in source["file"] and number and Path(source["path"]).stem not in OTHERS:
            yield pytest.param(
                source["file"].removeprefix("bpmn/"), number[1], id=source["path"].split("resources/")[1]
            )


@pytest.mark.parametrize(("file", "number"), list(broken()))
def test_the_violated_rule_is_reported_with_its_line(file, number):
    found = read(shared.data("bpmn", file).read_bytes()).problems
    told = [problem for problem in found if re.search(rf"EXT\.{number}\b", problem.text["en"])]
    assert told and all(problem.line > 0 for problem in told)


def test_every_rule_has_a_code_a_number_and_both_languages():
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"(EXT\.\d{3}|REF)(, EXT\.\d{3})*", rule.number), rule.code
        assert rule.zh and rule.en and re.search(r"[\u4e00-\u9fff]", rule.zh), rule.code


SOUND = (
    '<startEvent id="s"><outgoing>f</outgoing></startEvent><task id="t"><incoming>f</incoming><outgoing>g</outgoing>'
    '</task><endEvent id="e"><incoming>g</incoming></endEvent><sequenceFlow id="f" sourceRef="s" targetRef="t"/>'
    '<sequenceFlow id="g" sourceRef="t" targetRef="e"/>'
)
BREACHES = {
    "flow_to_artifact": SOUND + '<textAnnotation id="n"/><sequenceFlow id="h" sourceRef="t" targetRef="n"/>',
    "flow_without_source": SOUND + '<sequenceFlow id="h" sourceRef="ghost" targetRef="t"/>',
    "flow_without_target": SOUND + '<sequenceFlow id="h" sourceRef="t" targetRef="ghost"/>',
    "crossing_flow": SOUND
    + '<subProcess id="u"><task id="i"/></subProcess><sequenceFlow id="h" sourceRef="t" targetRef="i"/>',
    "default_of_another": SOUND.replace('<task id="t">', '<task id="t" default="f">'),
    "start_with_incoming": SOUND + '<sequenceFlow id="h" sourceRef="t" targetRef="s"/>',
    "end_with_outgoing": SOUND + '<sequenceFlow id="h" sourceRef="e" targetRef="t"/>',
    "process_start_kind": SOUND.replace("<outgoing>f</outgoing>", "<outgoing>f</outgoing><errorEventDefinition/>"),
    "end_kind": SOUND.replace("<incoming>g</incoming>", '<incoming>g</incoming><linkEventDefinition name="x"/>'),
    "cancel_outside_transaction": SOUND.replace(
        "<incoming>g</incoming>", "<incoming>g</incoming><cancelEventDefinition/>"
    ),
    "boundary_without_host": SOUND
    + '<boundaryEvent id="b" attachedToRef="ghost"><timerEventDefinition/></boundaryEvent>',
    "boundary_kind": SOUND + '<boundaryEvent id="b" attachedToRef="t"/>',
    "gateway_dead_end": SOUND + '<parallelGateway id="x"/>',
    "event_based_follower": SOUND + '<eventBasedGateway id="x"/><sequenceFlow id="h" sourceRef="x" targetRef="t"/>',
    "parallel_condition": SOUND
    + '<parallelGateway id="x"/><sequenceFlow id="h" sourceRef="x" targetRef="t"><conditionExpression>a'
    "</conditionExpression></sequenceFlow>",
    "ad_hoc_empty": SOUND + '<adHocSubProcess id="x"/>',
    "link_without_target": SOUND
    + '<intermediateThrowEvent id="x"><linkEventDefinition name="q"/></intermediateThrowEvent>',
    "without_incoming": SOUND + '<task id="x"/>',
}


def test_a_sound_model_breaks_no_rule():
    assert codes(reading(SOUND)) == set()


@pytest.mark.parametrize("code", BREACHES)
def test_each_breach_is_named(code):
    assert code in codes(reading(BREACHES[code]))


def test_the_letter_of_the_standard_is_not_held_against_a_vendors_files():
    plain = SOUND.replace("<incoming>f</incoming>", "")
    assert "flow_not_listed" in codes(reading(plain))
    assert "flow_not_listed" not in codes(
        reading(plain.replace('<task id="t">', '<task id="t" camunda:asyncBefore="true">'))
    )


def test_a_rule_that_is_broken_a_thousand_times_is_told_often_enough():
    made = reading("".join(f'<endEvent id="e{n}"/>' for n in range(1000)))
    assert sum(problem.code == "end_without_incoming" for problem in made.problems) == MAX_EACH
