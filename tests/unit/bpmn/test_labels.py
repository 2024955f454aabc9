"""Where a designer put a name, it stays: read, written, in variants, and when something is put in before it."""

import msgspec
import pytest

from engine.bpmn import layout, read, write
from engine.model.program import Bounds, Program
from engine.variants import compose
from engine.variants.operations import kinds
from tests.shared import ROOT

FOLDERS = sorted(path.parent.name for path in (ROOT / "processes").glob("*/process.bpmn"))


def shipped(key: str) -> Program:
    (program,) = read.read((ROOT / "processes" / key / "process.bpmn").read_bytes(), file=key).programs
    return program


def test_labels_are_read_and_written_again() -> None:
    for key in FOLDERS:
        program = shipped(key)
        (again,) = read.read(write.write(program), file=key).programs
        assert program.diagram.labels and again.diagram.labels == program.diagram.labels, key
        assert set(program.diagram.labels) <= {*program.diagram.shapes, *program.diagram.edges}


def test_only_exclusive_gateways_show_their_cross() -> None:
    program = shipped("SFA-03")
    shown = {line.split('bpmnElement="')[1].split('"')[0] for line in _lines(program) if "isMarkerVisible" in line}
    assert shown == {node.id for node in program.nodes if type(node).__name__ == "ExclusiveGateway"} != set()


def _lines(program: Program) -> list[str]:
    return write.write(program).decode().replace("><", ">\n<").splitlines()


def inserted(program: Program, before: str) -> Program:
    node = {"type": "userTask", "names": {"zh-CN": "加", "en": "More"}, "performer": {"groups": ["desk"]}}
    operation = {"id": "more", "kind": "insert", "at": {"before": before}, "node": node, "reason": {}}
    return compose.program(program, kinds.read([operation]))


def test_a_label_goes_with_what_it_names_when_something_is_put_in_before_it() -> None:
    base = shipped("SFA-03")
    made = layout.complete(inserted(base, "price_quote"))
    gone_along = 0
    for key, label in made.labels.items():
        was = base.diagram.labels[key]
        if key in base.diagram.shapes:
            here, there = base.diagram.shapes[key], made.shapes[key]
            assert (label.x - was.x, label.y - was.y) == (there.x - here.x, there.y - here.y), key
            gone_along += label.x != was.x
    assert gone_along > 5
    assert {key for key in base.diagram.labels if key in base.diagram.shapes} <= made.labels.keys()


def test_a_way_that_leads_elsewhere_leaves_its_old_label_behind() -> None:
    base = shipped("SFA-03")
    flow = next(one for one in base.flows if one.target == "price_quote")
    labels = {**base.diagram.labels, flow.id: Bounds(1, 2, 3, 4)}
    base = msgspec.structs.replace(base, diagram=msgspec.structs.replace(base.diagram, labels=labels))
    made = inserted(base, flow.target)
    here = {one.id: one for one in made.flows}
    bent = {one.id for one in base.flows if one.id in here and here[one.id] != one}
    assert flow.id in bent and not bent & made.diagram.labels.keys()


@pytest.mark.parametrize(
    "label", ["", "<bpmndi:BPMNLabel/>", '<bpmndi:BPMNLabel><dc:Bounds x="a"/></bpmndi:BPMNLabel>']
)
def test_a_label_without_a_place_stands_where_the_viewer_puts_it(label: str) -> None:
    """A broken number is 0, as for shapes."""
    xml = write.write(shipped("SFA-03")).decode()
    start = xml.index("<bpmndi:BPMNLabel>")
    end = xml.index("</bpmndi:BPMNLabel>") + len("</bpmndi:BPMNLabel>")
    (program,) = read.read((xml[:start] + label + xml[end:]).encode(), file="x").programs
    known = len(shipped("SFA-03").diagram.labels)
    assert len(program.diagram.labels) == (known if "Bounds" in label else known - 1)


def test_labels_are_no_part_of_what_a_program_means() -> None:
    program = shipped("SFA-03")
    bare = msgspec.structs.replace(program, diagram=msgspec.structs.replace(program.diagram, labels={}))
    assert bare.sha256 == program.sha256
