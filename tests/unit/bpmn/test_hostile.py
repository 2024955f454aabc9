"""What is meant to hurt is refused readably or read within bounds."""

import time

import pytest

from engine.bpmn import markup, survey
from engine.bpmn.read import read
from engine.bpmn.write import write
from tests.unit.bpmn.drawn import SPACES, document

BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">&b;</definitions>'
)


def refused(data: bytes):
    reading = read(data, file="x.bpmn")
    assert reading.programs == () and len(reading.problems) == 1
    (problem,) = reading.problems
    assert problem.severity == "error" and problem.file == "x.bpmn"
    assert problem.text["zh-CN"] and problem.text["en"]
    return problem


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BOMB, "doctype"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "doctype"),
        ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><x/>'.encode("utf-16"), "doctype"),
        (b"", "empty_file"),
        (b"   \n ", "empty_file"),
        (b"PK\x03\x04 not xml", "malformed_xml"),
        (b"<a><b></a>", "malformed_xml"),
        (b"<a>&undefined;</a>", "malformed_xml"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "bad_encoding"),
        (b'<?xml version="1.0" encoding="gbk"?><a name="' + b"\xff\xff" + b'"/>', "bad_encoding"),
        (b"<html/>", "not_bpmn"),
        (b"x" * (markup.MAX_BYTES + 1), "too_large"),
        (b"<a>" * 5000 + b"</a>" * 5000, "malformed_xml"),
        (b"<a>" * 200 + b"</a>" * 200, "too_large"),
        (document(f'<task id="a" name="{"n" * 1_000_000}"/>'), "too_large"),
        (document(f'<task id="a"><documentation>{"n" * 1_000_001}</documentation></task>'), "too_large"),
        (b"<" + b"n" * 1_000_000 + b"/>", "malformed_xml"),
    ],
)
def test_it_is_refused_with_its_reason_and_nothing_else(data, code):
    assert refused(data).code == code


def test_malformed_xml_names_line_and_column():
    problem = refused(b"<a>\n <b>\n</a>")
    assert problem.line == 3 and "column" in problem.text["en"]


def test_an_entity_in_an_attribute_never_reaches_the_reader():
    data = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x a="&e;"/>'
    assert refused(data).code == "doctype"


def test_gbk_is_read_as_the_chinese_tools_write_it():
    text = document('<task id="a" name="客户"/>').decode().replace("UTF-8", "GBK")
    assert read(text.encode("gbk")).programs[0].nodes[0].name == "客户"


def test_ten_thousand_nodes_are_read_and_written_within_seconds():
    nodes = "".join(f'<task id="t{n}"/>' for n in range(10_000))
    flows = "".join(f'<sequenceFlow id="f{n}" sourceRef="t{n}" targetRef="t{n + 1}"/>' for n in range(9_999))
    began = time.process_time()
    program = read(document(nodes + flows)).programs[0]
    assert len(program.nodes) == 10_000 and len(program.flows) == 9_999
    assert write(program)
    assert time.process_time() - began < 12


def test_too_many_elements_are_refused():
    data = f"<definitions {SPACES}>{'<message/>' * (markup.MAX_ELEMENTS + 1)}</definitions>".encode()
    assert refused(data).code == "too_large"


def test_deeply_nested_sub_processes_are_read_up_to_the_limit():
    depth = 100
    inside = "".join(f'<subProcess id="s{n}">' for n in range(depth)) + "</subProcess>" * depth
    assert len(read(document(inside)).programs[0].nodes) == depth
    deeper = "".join(f'<subProcess id="s{n}">' for n in range(130)) + "</subProcess>" * 130
    assert refused(document(deeper)).code == "too_large"


def test_references_in_circles_end():
    ring = "".join(
        f'<exclusiveGateway id="g{n}" default="f{n}"/>'
        f'<sequenceFlow id="f{n}" sourceRef="g{n}" targetRef="g{(n + 1) % 50}"/>'
        for n in range(50)
    )
    program = read(document(ring)).programs[0]
    assert write(program) and len(program.nodes) == 50


def test_control_characters_and_markup_in_names_survive_writing():
    program = read(document('<task id="a" name="&lt;b&gt; &amp; &quot;x&quot;"/>')).programs[0]
    assert read(write(program)).programs[0].nodes[0].name == '<b> & "x"'


N = 1500
SHAPES = {
    "nothing has an id": ("<task/>" * N) + "<sequenceFlow sourceRef='task_1' targetRef='task_2'/>" * N,
    "one node with all flows": '<task id="a">'
    + "".join(f"<outgoing>f{n}</outgoing>" for n in range(N))
    + "</task>"
    + "".join(f'<task id="t{n}"/><sequenceFlow id="f{n}" sourceRef="a" targetRef="t{n}"/>' for n in range(N)),
    "a compensation each": "".join(
        f'<task id="t{n}"/><boundaryEvent id="b{n}" attachedToRef="t{n}"><compensateEventDefinition/></boundaryEvent>'
        f'<task id="u{n}" isForCompensation="true"/><association id="a{n}" sourceRef="b{n}" targetRef="u{n}"/>'
        for n in range(N)
    ),
    "sub-processes side by side": "".join(f'<subProcess id="s{n}"><task id="t{n}"/></subProcess>' for n in range(N)),
    "code asked at every timer": "".join(
        f'<intermediateCatchEvent id="t{n}"><timerEventDefinition><timeDuration>${{a.b({n})}}</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>"
        for n in range(N // 3)
    )
    + "".join(f'<sequenceFlow id="f{n}" sourceRef="t{n}" targetRef="t{n + 1}"/>' for n in range(N // 3 - 1)),
    "timers that ask nobody": "".join(
        f'<intermediateCatchEvent id="t{n}"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
        f'</timerEventDefinition></intermediateCatchEvent><sequenceFlow id="f{n}" sourceRef="t{n}" targetRef="t0"/>'
        for n in range(N)
    ),
    "listeners": '<task id="a"><extensionElements>'
    + '<camunda:executionListener event="start" class="x"/>' * N
    + "</extensionElements></task>",
    "names with spaces": "".join(f'<dataObject id="d{n}" name="name {n} x"/>' for n in range(N))
    + '<task id="a"/>'
    + "".join(
        f'<sequenceFlow id="f{n}" sourceRef="a" targetRef="a"><conditionExpression language="feel">name {n} x = 1'
        "</conditionExpression></sequenceFlow>"
        for n in range(N)
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_work_grows_no_faster_than_the_file(shape):
    """Far below what a square of the number of elements would take."""
    began = time.process_time()
    reading = read(document(SHAPES[shape]))
    assert write(reading.programs[0])
    assert time.process_time() - began < 6


@pytest.mark.parametrize("attribute", ["messageRef", "calledElement", "default", "attachedToRef", "id", "name"])
def test_a_reference_is_no_longer_than_what_it_refers_to(attribute):
    """What is read can be written and read again."""
    long = "a" * (markup.MAX_NAME + 1)
    found = read(document(f'<receiveTask {attribute}="{long}"/>'))
    if found.programs:
        assert read(write(found.programs[0])).programs[0].sha256 == found.programs[0].sha256
    else:
        assert [problem.code for problem in found.problems] == ["too_large"]


CALLS = [
    "${" + "a.b(" * 49 + "1" + ")" * 49 + "}",
    "${" + "a.b(" * 5_000 + "1" + ")" * 5_000 + "}",
    "${" + " + ".join(f"a.b{n}()" for n in range(2_000)) + "}",
    "${a.b(" + ", ".join("x" for _ in range(5_000)) + ")}",
    "${a.b('" + "y" * 15_000 + "')}",
    "${" + "a." * 5_000 + "b()}",
]


@pytest.mark.parametrize("text", CALLS, ids=range(len(CALLS)))
def test_calls_of_code_are_bounded_and_a_play_of_them_ends(text):
    data = document(f'<startEvent id="s"/><userTask id="a" camunda:assignee="{text}"/>'
                    '<sequenceFlow id="f" sourceRef="s" targetRef="a"/>')  # fmt: skip
    began = time.process_time()
    reading, problems = survey.survey(data)
    (program,) = reading.programs
    asked = [errand for node in program.nodes for errand in node.errands]
    assert asked or [problem for problem in problems if problem.code == "expression_unreadable"]
    assert len(asked) <= 2_000
    assert read(write(program)).programs[0].sha256 == program.sha256
    assert time.process_time() - began < 6
