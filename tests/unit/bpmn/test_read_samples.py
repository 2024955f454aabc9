"""Every sample file is read without a crash, and every flow element of it is in a Program or named in a Problem."""

import pytest
from lxml import etree

from engine.bpmn import elements
from engine.bpmn.names import BPMN
from engine.bpmn.read import read
from tests import shared

FILES = sorted((shared.data() / "bpmn").glob("*/*.bpmn"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_flow_element_is_in_a_program_or_named_in_a_problem(path):
    data = path.read_bytes()
    reading = read(data, file=path.name)
    found = {node.id for program in reading.programs for node in program.nodes}
    found |= {flow.id for program in reading.programs for flow in program.flows}
    lines = {problem.line for problem in reading.problems}
    for tag in etree.fromstring(data).iter(*(f"{{{BPMN}}}{name}" for name in (*elements.NODES, "sequenceFlow"))):
        if not any(above.tag == f"{{{BPMN}}}process" for above in tag.iterancestors()):
            continue
        assert tag.get("id") in found or tag.sourceline in lines, etree.QName(tag).localname
