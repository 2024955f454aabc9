"""What the modellers of the market write beside the standard is known as theirs: no warning, nothing lost."""

import pytest

from engine.bpmn import survey
from engine.bpmn.names import BPMN
from engine.bpmn.read import read

BODY = """<b:process id="p" name="P" isExecutable="false"><b:startEvent id="s"><b:outgoing>f</b:outgoing></b:startEvent>
<b:task id="t" name="Do">{held}<b:incoming>f</b:incoming><b:outgoing>g</b:outgoing></b:task>
<b:endEvent id="e"><b:incoming>g</b:incoming></b:endEvent>
<b:sequenceFlow id="f" sourceRef="s" targetRef="t"/><b:sequenceFlow id="g" sourceRef="t" targetRef="e"/></b:process>"""

# modeller: namespace, an attribute of the definitions, an extension element
NOTES = {
    "Bizagi": ("http://www.bizagi.com/bpmn20", "", "<v:BizagiExtensions><v:BizagiProperties/></v:BizagiExtensions>"),
    "ADONIS": ("http://www.boc-group.com", "", '<v:modelattribute name="x"/>'),
    "Signavio": ("http://www.signavio.com", "", '<v:signavioMetaData metaKey="bgcolor" metaValue="#fff"/>'),
    "Trisotech": (
        "http://www.trisotech.com/2015/triso/modeling",
        'v:logoChoice="Default"',
        '<v:defaultLabel color="1"/>',
    ),
    "Trisotech feed": ("http://trisotech.com/feed", "", '<v:contents-feed relativeUrl="x"/>'),
    "ARIS": ("http://www.software-ag.com/bpmn2", 'v:exportTime="1"', '<v:guid value="1"/>'),
    "Enterprise Architect": ("http://www.sparxsystems.com/profiles/BPMN2.0", "", '<v:tag name="x"/>'),
    "itp commerce": ("http://www.itp-commerce.com/BPMN2.0", 'v:version="7"', '<v:shapeId value="1"/>'),
    "Visual Paradigm": ("http://www.visual-paradigm.com/product/vpuml/bpmn", "", '<v:stereotype name="x"/>'),
    "Yaoqiang": ("http://bpmn.sourceforge.net", "", '<v:style fillColor="#FFF"/>'),
    "W4": ("http://www.w4.eu/spec/BPMN/20110930/GRAPH", "", "<v:graphStyle><v:basic/></v:graphStyle>"),
    "IBM": ("http://www.ibm.com/xmlns/bpmnx/20100524/v1/BusinessProcessModel", "", '<v:note text="x"/>'),
    "iGrafx": ("http://www.igrafx.com/bpmn", 'v:x="1"', "<v:data/>"),
    "BIC": ("http://www.gbtec.de/bic", "", "<v:data/>"),
    "Eclipse": ("http://www.eclipse.org/bpmn2/ext", "", '<v:style value="x"/>'),
    "bpmn.io": ("http://bpmn.io/schema/bpmn/biocolor/1.0", 'v:fill="#fff"', "<v:x/>"),
    "OMG colours": ("http://www.omg.org/spec/BPMN/non-normative/color/1.0", 'v:border-color="#fff"', "<v:x/>"),
    "Activiti Modeler": ("http://www.activiti.org/editor", 'v:x="1"', "<v:x/>"),
    "Flowable Modeler": ("http://flowable.org/modeler", 'v:x="1"', "<v:x/>"),
    "BPSim": ("http://www.bpsim.org/schemas/2.0", "", "<v:BPSimData/>"),
}


def written(ns: str, attribute: str, element: str, encoding: str = "UTF-8") -> bytes:
    held = f"<b:extensionElements>{element}</b:extensionElements>"
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><b:definitions xmlns:b="{BPMN}" xmlns:v="{ns}" {attribute} '
        f'targetNamespace="x">{BODY.format(held=held)}</b:definitions>'
    )
    return text.encode(encoding)


@pytest.mark.parametrize("modeller", NOTES)
def test_a_modellers_own_notes_are_no_warning(modeller):
    reading, problems = survey.survey(written(*NOTES[modeller]))
    assert problems == ()
    assert (reading.dialect, [node.id for node in reading.programs[0].nodes]) == ("plain", ["s", "t", "e"])


def test_notes_of_an_unknown_maker_are_named_once():
    reading = read(written("http://nobody.example/x", 'v:a="1"', "<v:one/><v:one/><v:two/>"))
    told = [problem.text["en"] for problem in reading.problems]
    assert len(told) == 3 and all("http://nobody.example/x" in words for words in told)


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-8-sig", "UTF-16", "ISO-8859-1", "windows-1252", "GBK", "GB18030"])
def test_a_file_is_read_in_the_encoding_that_it_declares(encoding):
    declared = "UTF-8" if encoding == "utf-8-sig" else encoding
    name = "Grün" if encoding in ("ISO-8859-1", "windows-1252") else "核查线索"
    text = written("http://x", "", "", declared if encoding != "utf-8-sig" else "UTF-8").decode(declared)
    data = text.replace('name="Do"', f'name="{name}"').encode(encoding)
    (program,) = read(data).programs
    assert program.nodes[1].name == name


@pytest.mark.parametrize(
    "space",
    [
        "http://schema.omg.org/spec/BPMN/2.0",
        "http://www.omg.org/spec/BPMN/20100501/MODEL",
        "http://www.omg.org/bpmn20",
        BPMN,
    ],
)
def test_drafts_of_the_standard_are_read_as_the_standard(space):
    data = written("http://x", "", "").decode().replace(BPMN, space).encode()
    assert [node.id for node in read(data).programs[0].nodes] == ["s", "t", "e"]


POOLS = """<b:collaboration id="c"><b:participant id="A" name="买方" processRef="b:buyer"/><b:participant id="B"
name="Seller" processRef="seller"/><b:participant id="C" name="Bank"/>
<b:messageFlow id="m1" name="order" sourceRef="ask" targetRef="got"/>
<b:messageFlow id="m2" name="bill" sourceRef="B" targetRef="C"/></b:collaboration>
<b:process id="buyer"><b:sendTask id="ask"/></b:process>
<b:process id="seller"><b:receiveTask id="got"/></b:process>"""


def test_pools_and_the_messages_between_them():
    reading = read(f'<b:definitions xmlns:b="{BPMN}" targetNamespace="x">{POOLS}</b:definitions>'.encode())
    pools = [(pool.id, pool.name, pool.process) for pool in reading.participants]
    assert pools == [("A", "买方", "buyer"), ("B", "Seller", "seller"), ("C", "Bank", "")]
    assert [(flow.source, flow.target, flow.name) for flow in reading.message_flows] == [
        ("ask", "got", "order"),
        ("B", "C", "bill"),
    ]
    buyer, seller = reading.programs
    assert buyer.nodes[0].message.name == seller.nodes[0].message.name == "order"
    assert (buyer.diagram.pool, seller.diagram.pool_name) == ("A", "Seller")
