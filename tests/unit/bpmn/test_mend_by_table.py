"""Mends by tables: the duration that a name says, where flows are listed, which way out is the default."""

import pytest
from lxml import etree

from engine.bpmn import markup, mend
from engine.bpmn.read import read
from engine.model.problem import Problem
from tests.unit.bpmn.drawn import document, program
from tests.unit.bpmn.shown import short

SAID = [
    ("", ""),
    ("soon", ""),
    ("7 days", "P7D"),
    ("after 24h", "PT24H"),
    ("24hours", "PT24H"),
    ("1 day", "P1D"),
    ("3d", "P3D"),
    ("3 dogs", ""),
    ("2 weeks", "P2W"),
    ("1 Month", "P1M"),
    ("2 YEARS", "P2Y"),
    ("90 seconds", "PT90S"),
    ("15 minutes", "PT15M"),
    ("15min", "PT15M"),
    ("10秒", "PT10S"),
    ("30分钟", "PT30M"),
    ("2小时", "PT2H"),
    ("2个小时后", "PT2H"),
    ("5天内", "P5D"),
    ("1周", "P1W"),
    ("1星期", "P1W"),
    ("3个月", "P3M"),
    ("2年", "P2Y"),
    ("12345 days", ""),
    ("wait 3 days or 2 weeks", "P3D"),
    ("2.5 hours", ""),
    ("1–2 天", "P2D"),
    ("3月/15日", ""),
    ("3月15日", ""),
    ("12 月 31 日前", ""),
    ("2026年3月1号", ""),
    ("2026年底", ""),
    ("3月", ""),
    ("月底前3天", "P3D"),
    ("3月15日后2天", "P2D"),
    ("15日内", "P15D"),
    ("10年", "P10Y"),
]


@pytest.mark.parametrize(("name", "duration"), SAID)
def test_a_name_says_a_duration_or_none(name, duration):
    assert mend.said(name) == duration


def after(inside: str, fix: str, element: str = "", roots: str = "") -> bytes:
    return mend.apply(document(inside, roots), [Problem(code="x", text={}, fix=fix, element=element)])


def element(data: bytes, key: str) -> str:
    return short(etree.fromstring(data).xpath("//*[@id = $key]", key=key)[0])


FLOW = '<sequenceFlow id="f" sourceRef="a" targetRef="b"/>'
NODE = '<task id="b"/>'
# what stands in the node that the flow leaves, and what stands there after
LISTED = [
    ("", "<outgoing>f</outgoing>"),
    ("<documentation>d</documentation>", "<documentation>d</documentation><outgoing>f</outgoing>"),
    ("<extensionElements/>", "<extensionElements/><outgoing>f</outgoing>"),
    ("<incoming>g</incoming>", "<incoming>g</incoming><outgoing>f</outgoing>"),
    ("<outgoing>g</outgoing>", "<outgoing>g</outgoing><outgoing>f</outgoing>"),
    ("<outgoing>f</outgoing>", "<outgoing>f</outgoing>"),
    ("<outgoing> f </outgoing>", "<outgoing> f </outgoing>"),
    ('<property id="p"/>', "<outgoing>f</outgoing><property id='p'/>"),
    ("<!-- here -->", "<outgoing>f</outgoing><!-- here -->"),
]


@pytest.mark.parametrize(("inside", "listed"), LISTED)
def test_a_flow_is_listed_where_the_standard_wants_it(inside, listed):
    data = after(f'<task id="a">{inside}</task>{NODE}{FLOW}', "list_flows", "f")
    assert element(data, "a") == f"<task id='a'>{listed}</task>"
    assert element(data, "b") == "<task id='b'><incoming>f</incoming></task>"


def choice(*flows: tuple[str, str, str]) -> str:
    """A gateway x with flows (id, target, condition); tasks lead on to the end."""
    drawn = "".join(
        f'<sequenceFlow id="{key}" name="{key}" sourceRef="x" targetRef="{target}">'
        + (f"<conditionExpression>{condition}</conditionExpression>" if condition is not None else "")
        + "</sequenceFlow>"
        for key, target, condition in flows
    )
    return (
        f'<exclusiveGateway id="x"/><task id="near"/><task id="far"/><task id="loop"/><endEvent id="e"/>{drawn}'
        '<sequenceFlow id="n-e" sourceRef="near" targetRef="e"/>'
        '<sequenceFlow id="f-n" sourceRef="far" targetRef="near"/>'
        '<sequenceFlow id="l-x" sourceRef="loop" targetRef="x"/>'
    )


DEFAULTS = [
    ([("a", "e", None), ("b", "near", None)], "a", {"b": 'outcome = "b"'}),
    ([("a", "far", None), ("b", "near", None)], "b", {"a": 'outcome = "a"'}),
    ([("a", "loop", None), ("b", "far", None)], "b", {"a": 'outcome = "a"'}),
    ([("a", "near", None), ("b", "near", None)], "a", {"b": 'outcome = "b"'}),
    ([("a", "near", " "), ("b", "far", "")], "a", {"b": 'outcome = "b"'}),
    ([("a", "near", "yes"), ("b", "far", None), ("c", "e", None)], "c", {"a": "yes", "b": 'outcome = "b"'}),
    ([("a", "near", "yes"), ("b", "far", "no")], "", {"a": "yes", "b": "no"}),
]


@pytest.mark.parametrize(("flows", "default", "conditions"), DEFAULTS)
def test_the_way_that_is_nearest_to_an_end_is_the_default_and_the_others_ask_for_their_name(flows, default, conditions):
    made = read(after(choice(*flows), "choose_by_outcome", flows[0][0])).programs[0]
    assert made.nodes[0].default == default
    assert {flow.id: flow.condition.text for flow in made.flows if flow.condition is not None} == conditions


OUTCOMES = [
    ("Good", 'outcome = "Good"'),
    ("很好", 'outcome = "很好"'),
    ("  two \n words ", 'outcome = "two words"'),
    ("&quot;so&quot; called", 'outcome = "\\"so\\" called"'),
]


@pytest.mark.parametrize(("words", "condition"), OUTCOMES)
def test_prose_becomes_a_text_of_feel(words, condition):
    flow = f'<sequenceFlow id="f" sourceRef="a" targetRef="b"><conditionExpression>{words}</conditionExpression>'
    made = read(after(f'<task id="a"/>{NODE}{flow}</sequenceFlow>', "condition_to_outcome", "f")).programs[0]
    assert (made.flows[0].condition.text, made.flows[0].condition.language) == (condition, "feel")


def event(inside: str, name: str = "") -> str:
    return f'<intermediateCatchEvent id="a" name="{name}">{inside}</intermediateCatchEvent>'


TIMERS = [
    ("<timerEventDefinition/>", "<timeDuration xsi:type='tFormalExpression'>PT1H</timeDuration>"),
    (
        "<timerEventDefinition><timeDate/></timerEventDefinition>",
        "<timeDuration xsi:type='tFormalExpression'>PT1H</timeDuration>",
    ),
    (
        "<timerEventDefinition><timeCycle> </timeCycle></timerEventDefinition>",
        "<timeDuration xsi:type='tFormalExpression'>PT1H</timeDuration>",
    ),
    (
        "<timerEventDefinition><timeDate/><timeDuration>P9D</timeDuration></timerEventDefinition>",
        "<timeDate/><timeDuration>P9D</timeDuration>",
    ),
]


@pytest.mark.parametrize(("definition", "times"), TIMERS)
def test_only_a_timer_that_says_no_time_is_filled(definition, times):
    data = after(event(definition), "fill_timer", "a")
    assert times in element(data, "a")


def test_a_timer_that_several_events_refer_to_is_filled_where_it_stands():
    data = after(
        event("<eventDefinitionRef>t</eventDefinitionRef>"), "fill_timer", "a", '<timerEventDefinition id="t"/>'
    )
    filled = "<timeDuration xsi:type='tFormalExpression'>PT1H</timeDuration>"
    assert element(data, "t") == f"<timerEventDefinition id='t'>{filled}</timerEventDefinition>"


def test_a_mend_works_on_files_with_any_prefix():
    prefixed = (
        b'<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL"><b:process id="p">'
        b'<b:startEvent/><b:exclusiveGateway id="x"/><b:endEvent id="e"/>'
        b'<b:sequenceFlow id="f" sourceRef="x" targetRef="e"/><b:sequenceFlow id="g" sourceRef="x" targetRef="e"/>'
        b"</b:process></b:definitions>"
    )
    fixes = [Problem(code="x", text={}, fix=fix, element="f") for fix in ("give_ids", "choose_by_outcome")]
    data = mend.apply(prefixed, fixes)
    assert b'<b:startEvent id="startEvent_1"/>' in data and b'type="b:tFormalExpression"' in data
    assert read(data).programs[0].flows[1].condition.text == 'outcome = "g"'


def test_a_mended_file_declares_the_encoding_that_it_has():
    data = "<?xml version='1.0' encoding='GBK'?>" + document('<task name="核查"/>').decode().partition("?>")[2]
    mended = mend.apply(data.encode("gbk"), [Problem(code="x", text={}, fix="give_ids")])
    assert mended.startswith(b"<?xml version='1.0' encoding='UTF-8'?>") and "核查".encode() in mended
    assert read(mended).programs[0].nodes[0].name == "核查"


def test_what_is_no_xml_is_refused():
    with pytest.raises(markup.Refused):
        mend.apply(b"<a", [Problem(code="x", text={}, fix="give_ids")])


# ids: what a file leaves out is given in document order, past what is taken
GIVEN = [
    ("<task/><task/>", ["task_1", "task_2"]),
    ('<task/><task id="task_1"/><task/>', ["task_2", "task_1", "task_3"]),
    ("<userTask/><task/>", ["userTask_1", "task_1"]),
    ('<task id="a"/><task id="a"/><task id="a"/>', ["a", "a_1", "a_2"]),
    ('<task id="a"/><task id="a"/><task id="a_1"/>', ["a", "a_2", "a_1"]),
    ('<task id=""/>', ["task_1"]),
    ("<subProcess><task/></subProcess><task/>", ["subProcess_1", "task_1", "task_2"]),
]


@pytest.mark.parametrize(("inside", "found"), GIVEN)
def test_every_node_has_an_id_of_its_own(inside, found):
    assert [node.id for node in program(inside).nodes] == found


@pytest.mark.parametrize(("inside", "found"), [row for row in GIVEN if 'id="a"' not in row[0]])
def test_the_mend_gives_the_ids_that_the_reader_gave(inside, found):
    assert [node.id for node in read(after(inside, "give_ids")).programs[0].nodes] == found
