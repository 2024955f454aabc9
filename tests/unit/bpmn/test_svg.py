"""Drawings as SVG: everything that has a place is drawn, nothing in a file can add to the picture."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn import glyphs, markup, svg
from tests.processes import shipped

HEAD = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
 xmlns:di="http://www.omg.org/spec/DD/20100524/DI" targetNamespace="t"><process id="p">"""
SVG = "{http://www.w3.org/2000/svg}"


def file(element: str, *, place: str = 'x="100" y="80" width="100" height="80"', shape: str = "") -> bytes:
    drawn = f'<bpmndi:BPMNShape bpmnElement="n" {shape}><dc:Bounds {place}/></bpmndi:BPMNShape>'
    return (
        f"{HEAD}{element}</process><bpmndi:BPMNDiagram><bpmndi:BPMNPlane>{drawn}"
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>"
    ).encode()


def drawn(data: bytes, **names: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg.draw(data, names=names))


def classes(picture: ElementTree.Element, kind: str) -> list[str]:
    return [found.get("class", "") for found in picture.iter(f"{SVG}{kind}") if found.get("class")]


@pytest.mark.parametrize("key", shipped.KEYS)
def test_everything_with_a_place_is_drawn(key: str) -> None:
    data = (shipped.PROCESSES / key / "process.bpmn").read_bytes()
    program = shipped.base(key)
    picture = ElementTree.fromstring(svg.draw(data, names={}))
    circles = [one for one in classes(picture, "circle") if one.startswith("s")]
    ways = [one for one in picture.iter(f"{SVG}path") if one.get("marker-end")]
    inside = set(program.diagram.shapes) & {node.id for node in program.nodes}

    assert len(circles) == sum(node.id in inside and type(node).__name__.endswith("Event") for node in program.nodes)
    assert len(ways) == len(set(program.diagram.edges) & {flow.id for flow in program.flows})


@pytest.mark.parametrize("kind", list(glyphs.TASKS))
def test_each_kind_of_task_has_its_sign(kind: str) -> None:
    picture = drawn(file(f'<{kind} id="n" name="Do"/>'))

    assert [path.get("d") for path in picture.iter(f"{SVG}path")][1:] == [glyphs.TASKS[kind]]


@pytest.mark.parametrize(
    ("kind", "inner", "rings"),
    [
        ("startEvent", "", ["s"]),
        ("endEvent", "", ["s k"]),
        ("intermediateCatchEvent", "<timerEventDefinition/>", ["s", "i"]),
        ("intermediateThrowEvent", "<signalEventDefinition/>", ["s", "i"]),
    ],
)
def test_rings_say_what_kind_of_event_it_is(kind: str, inner: str, rings: list[str]) -> None:
    picture = drawn(file(f'<{kind} id="n">{inner}</{kind}>', place='x="0" y="0" width="36" height="36"'))

    assert classes(picture, "circle") == rings


def test_an_event_that_does_not_interrupt_is_dashed() -> None:
    event = '<boundaryEvent id="n" cancelActivity="false" attachedToRef="t"><timerEventDefinition/></boundaryEvent>'

    assert classes(drawn(file(event)), "circle") == ["s d", "i d"]


@pytest.mark.parametrize(
    ("event", "filled"),
    [
        ("<endEvent id='n'><messageEventDefinition/></endEvent>", True),
        ("<startEvent id='n'><messageEventDefinition/></startEvent>", False),
        ("<endEvent id='n'><terminateEventDefinition/></endEvent>", True),
    ],
)
def test_signs_are_filled_where_an_event_throws(event: str, filled: bool) -> None:
    sign = [path for path in drawn(file(event)).iter(f"{SVG}path") if path.get("transform")]

    assert [("f" in path.get("class", "").split()) for path in sign] == [filled]


@pytest.mark.parametrize(
    ("inner", "sign"),
    [
        ("<multiInstanceLoopCharacteristics/>", glyphs.PARALLEL),
        ('<multiInstanceLoopCharacteristics isSequential="true"/>', glyphs.SEQUENTIAL),
        ("<standardLoopCharacteristics/>", glyphs.LOOP),
    ],
)
def test_what_is_done_often_says_so(inner: str, sign: str) -> None:
    picture = drawn(file(f'<task id="n">{inner}</task>'))

    assert sign in [path.get("d") for path in picture.iter(f"{SVG}path")]


def test_a_folded_sub_process_has_a_plus_and_an_unfolded_one_has_none() -> None:
    element = '<subProcess id="n" name="Inside"/>'
    signs = [
        [path.get("d") for path in drawn(file(element, shape=shape)).iter(f"{SVG}path")]
        for shape in ('isExpanded="false"', 'isExpanded="true"')
    ]

    assert [glyphs.FOLDED in found for found in signs] == [True, False]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a & b", "\"quoted\" 'text'", "]]>"])
def test_names_are_text_whatever_they_hold(name: str) -> None:
    picture = drawn(file('<task id="n"/>'), n=name)

    assert "".join("".join(picture.itertext()).split()).endswith("".join(name.split()))
    assert {found.tag for found in picture.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "style", "defs", "marker", "path", "rect", "circle", "text")
    }


@pytest.mark.parametrize("number", ["wide", "", "nan", "1e99", "-inf"])
def test_a_broken_number_is_nought_not_a_broken_picture(number: str) -> None:
    text = svg.draw(file('<task id="n"/>', place=f'x="{number}" y="0" width="{number}" height="80"'), names={})

    assert not re.search(r"nan|inf|e\+", re.sub(r"<style>.*?</style>", "", text, flags=re.S))


def test_a_default_way_has_its_stroke() -> None:
    flow = (
        '<exclusiveGateway id="g" default="f"/><task id="t"/><sequenceFlow id="f" sourceRef="g" targetRef="t"/>'
        '<sequenceFlow id="h" sourceRef="g" targetRef="t"/>'
    )
    edges = "".join(
        f'<bpmndi:BPMNEdge bpmnElement="{name}"><di:waypoint x="0" y="{y}"/><di:waypoint x="50" y="{y}"/>'
        "</bpmndi:BPMNEdge>"
        for name, y in (("f", 0), ("h", 20))
    )
    data = (
        f"{HEAD}{flow}</process><bpmndi:BPMNDiagram><bpmndi:BPMNPlane>{edges}</bpmndi:BPMNPlane>"
        "</bpmndi:BPMNDiagram></definitions>"
    )
    strokes = [path.get("d") for path in drawn(data.encode()).iter(f"{SVG}path") if path.get("class") == "e"]

    assert strokes == ["M0 0L50 0", "M8 5l8-10", "M0 20L50 20"]


def test_badges_stand_at_the_foot() -> None:
    text = svg.draw(file('<task id="n"/>'), names={}, badges={"n": ["KA", "PR-R"], "gone": ["ST"]})

    assert re.findall(r">(KA|PR-R|ST)</text>", text) == ["KA", "PR-R"]


def test_bytes_that_are_no_drawing_are_refused() -> None:
    with pytest.raises(markup.Refused):
        svg.draw(b"<!DOCTYPE x [<!ENTITY e 'x'>]><x>&e;</x>", names={})


def test_a_file_without_a_drawing_gives_an_empty_picture() -> None:
    picture = drawn(f"{HEAD}<task id='n'/></process></definitions>".encode())

    assert picture.get("viewBox") == "-12 -12 24 24"


@pytest.mark.parametrize(
    ("text", "width", "rows"),
    [
        ("", 90, []),
        ("short", 90, ["short"]),
        ("客户得到准信以后再回复", 60, ["客户得到准", "信以后再回", "复"]),
        ("Manager approves the discount", 90, ["Manager", "approves the", "discount"]),
        ("发送 PDF 报价", 60, ["发送 PDF", "报价"]),
        ("a/b-c d", 1000, ["a/b-c d"]),
    ],
)
def test_lines_break_between_words_and_between_chinese_characters(text: str, width: int, rows: list[str]) -> None:
    assert svg.wrapped(text, width) == rows


@given(st.text(max_size=80), st.integers(min_value=20, max_value=200))
def test_wrapping_loses_nothing_but_space(text: str, width: int) -> None:
    assert "".join("".join(svg.wrapped(text, width)).split()) == "".join(text.split())
