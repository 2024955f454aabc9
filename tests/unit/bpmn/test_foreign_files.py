"""Files in the manner of many products: read whole, played to their end, written back equal, and nothing refused."""

from xml.etree import ElementTree

import pytest
from lxml import etree

from engine.bpmn import markup, survey, write
from engine.bpmn.names import BPMN
from engine.bpmn.read import read
from engine.evaluation import HouseEvaluator
from engine.play.shelf import Shelf
from engine.simulation.explore import explore
from tests.unit.bpmn.foreign import FILES

TOLD: dict[str, set[str]] = {
    "pools: two processes that talk": {"message_without_reference"},
    "pools: an empty process beside a full one": {"empty_process"},
    "camunda 7: an error event that refers to nothing": {"dangling_error"},
    "camunda 7: message and signal that refer to nothing": {"dangling_message", "dangling_signal"},
    "flowable: an event of the registry and a channel": {"extension_not_understood"},
    "flowable: a script in groovy with a result": {"script_language"},
    "signavio: a gateway whose answers are names": {"condition_missing"},
    "visio: no names, no ids of flows": {"missing_id"},
    "sparx: item definitions and resources": {"schema"},
    "a vendor that nobody knows": {"extension_not_understood"},
    "jbpm: java conditions": {"default_missing"},
    "bonita: a connector in its own namespace": {"schema"},
    "standard: a default namespace of the draft of 2010": {"schema"},
    "standard: empty conditions beside a default": {"condition_missing", "empty_expression"},
    "standard: no start and no end": {"no_end", "no_start"},
    "standard: compensation by association": {"schema"},
    "standard: monitoring, auditing, documentation, relationship": {"import_not_read", "schema"},
    "standard: a choreography and a conversation beside": {"choreography_not_run", "schema"},
    "standard: an event-based gateway with a timer and a message": {"message_without_reference"},
    "drawn: a loop marker, and instances without a number": {"loop_not_counted", "loop_without_number"},
    "drawn: an end event of each kind": {
        "escalation_without_code",
        "message_without_reference",
        "signal_without_reference",
    },
    "drawn: a start by a timer in cron": {"no_end", "start_without_end"},
    "drawn: a cycle with a start, Flowable's way": {"extension_not_understood"},
    "drawn: an error end inside, caught outside": {"without_outgoing"},
    "drawn: a receive task that begins the process": {"end_without_start"},
    "drawn: an event-based gateway that begins the process": {"end_without_start"},
    "drawn: a call that names nothing": {"called_process_unnamed"},
    "drawn: a rule task and a script task that say nothing": {
        "decision_unnamed",
        "script_missing",
        "service_without_work",
    },
    "drawn: input and output sets, whiles and optionals": {"executing_input", "optional_input"},
    "drawn: a state of a shared data object that nobody defines": {"dangling_reference"},
}
"""What each file is told, errors and warnings; the others are told nothing (user tasks without a performer apart)."""
NOT_MENDED = {"drawn: a call that names nothing"}
_DRAWN = (
    *("Task", "task", "Event", "Gateway", "subProcess", "transaction", "adHocSubProcess", "callActivity"),
    "sequenceFlow",
)
"""How the names of nodes and flows end."""


@pytest.fixture(scope="module")
def evaluator():
    made = HouseEvaluator()
    yield made
    made.close()


@pytest.mark.parametrize("name", FILES)
def test_what_is_told_is_what_is_wrong_and_nothing_else(name):
    _, problems = survey.survey(FILES[name], file="x.bpmn")
    told = {problem.code for problem in problems if problem.severity != "info"} - {"performer_missing"}
    assert told == TOLD.get(name, set()), [problem.text["en"] for problem in problems]
    for problem in problems:
        assert problem.text["zh-CN"] and problem.text["en"] and problem.file == "x.bpmn"


@pytest.mark.parametrize("name", FILES)
def test_the_offered_mends_leave_no_error(name):
    mended, _ = survey.mended(FILES[name], file="x.bpmn")
    _, problems = survey.survey(mended, file="x.bpmn")
    wrong = [problem.text["en"] for problem in problems if problem.severity == "error"]
    assert bool(wrong) is (name in NOT_MENDED), wrong


@pytest.mark.parametrize("name", FILES)
def test_every_drawn_node_and_flow_is_in_a_program(name):
    """Looked for in the bare XML, by nobody of this house's reader but its decoding."""
    reading = read(FILES[name])
    root = ElementTree.fromstring(_utf8(FILES[name]))
    space = BPMN if root.tag.startswith(f"{{{BPMN}}}") else root.tag[1:].partition("}")[0]
    drawn = [
        element
        for process in root.iter(f"{{{space}}}process")
        for element in process.iter()
        if element.tag.startswith(f"{{{space}}}") and element.tag.partition("}")[2].endswith(_DRAWN)
    ]
    parts = {part.id for program in reading.programs for part in (*program.nodes, *program.flows)}
    assert len(parts) == len(drawn)
    assert {element.get("id") for element in drawn if element.get("id")} <= parts


def _utf8(data: bytes) -> str:
    found = markup.element(data)
    return str(etree.tostring(found, encoding="unicode"))


@pytest.mark.parametrize("name", FILES)
def test_every_process_is_played_to_its_end(name, evaluator):
    reading = read(FILES[name])
    assert reading.programs
    for program in reading.programs:
        if program.nodes:
            played = explore(program, evaluator=evaluator, library=Shelf(list(reading.programs)))
            assert played.ended, [problem.text["en"] for problem in played.problems]


@pytest.mark.parametrize("name", FILES)
def test_every_program_is_written_and_reads_back_equal(name):
    for program in read(FILES[name]).programs:
        (again,) = read(write.write(program)).programs
        assert again.sha256 == program.sha256


NAMES = {
    "encoded: GBK": "客户",
    "encoded: UTF-16": "客户",
    "encoded: UTF-16 without a declaration": "客户核对",
    "encoded: Big5": "客戶",
    "encoded: Shift_JIS": "お客様",
    "encoded: ISO-8859-1": "Kündigung",
    "encoded: blank lines before the declaration": "客户核对",
    "encoded: declared UTF-16, written as UTF-8": "客户核对",
}


@pytest.mark.parametrize("name", NAMES)
def test_names_are_what_was_written_whatever_the_encoding(name):
    (program,) = read(FILES[name]).programs
    assert program.nodes[1].name == NAMES[name]


def test_a_passed_over_declaration_moves_no_line():
    plain = FILES["encoded: UTF-8 with a byte order mark"][3:]
    lines = [node.line for node in read(plain).programs[0].nodes]
    late = [node.line for node in read(b"\n\n" + plain).programs[0].nodes]
    assert late == [line + 2 for line in lines]


@pytest.mark.parametrize("encoding", ["UTF-32", "klingon", "utf-7", "rot13", "idna"])
def test_an_encoding_that_nobody_writes_is_refused_by_name(encoding):
    data = FILES["bpmn.io: a file without a drawing"].replace(b"UTF-8", encoding.encode())
    (problem,) = read(data).problems
    assert problem.code in ("bad_encoding", "malformed_xml") and problem.text["zh-CN"] and problem.text["en"]
