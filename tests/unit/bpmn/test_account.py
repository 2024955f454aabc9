"""The account of a reading, by tables: what is understood, kept as a note, warned of, or an error."""

import pytest

from tests.unit.bpmn.drawn import codes, ext, reading

UNKNOWN = {"element_not_understood", "extension_not_understood", "choreography_not_run", "global_task_not_run"}


def told(inside: str = "", roots: str = "") -> list[tuple[str, str, str]]:
    """(code, severity, element) of what the account says."""
    return [
        (problem.code, problem.severity, problem.element)
        for problem in reading(inside, roots).problems
        if problem.code in UNKNOWN
    ]


# inside a process: understood without a word
QUIET = [
    '<task id="a"><auditing/><monitoring/></task>',
    '<task id="a"><documentation>d</documentation></task>',
    '<textAnnotation id="t"><text>x</text></textAnnotation><association id="z" sourceRef="t" targetRef="t"/>',
    '<group id="g"/>',
    ext('<x:y xmlns:x="http://www.signavio.com"/>'),
    ext('<x:y xmlns:x="http://www.bpsim.org/schemas/1.0"/>'),
    '<task id="a" xmlns:c="http://www.omg.org/spec/BPMN/non-normative/color/1.0" c:background-color="#fff"/>',
    '<task id="a" xsi:type="tTask"/>',
    '<task id="a" xml:lang="en"/>',
]


@pytest.mark.parametrize("inside", QUIET)
def test_notes_for_people_and_for_modellers_are_passed_over(inside):
    assert told(inside) == []


ROOTS = [
    ('<interface id="i"><operation id="o"/></interface>', []),
    ('<resource id="r" name="R"/>', []),
    ('<itemDefinition id="d"/>', []),
    ('<import importType="x" location="y" namespace="z"/>', []),
    ('<partnerEntity id="e"/><partnerRole id="r"/><endPoint id="p"/>', []),
    ('<category id="c"/>', []),
    ('<message id="m" name="M"/><signal id="s"/><error id="r"/><escalation id="e"/>', []),
    ('<timerEventDefinition id="t"/>', []),
    ('<choreography id="c"/>', [("choreography_not_run", "warning", "c")]),
    ('<globalUserTask id="g"/>', [("global_task_not_run", "warning", "g")]),
    ('<nonsense id="n"/>', [("element_not_understood", "warning", "n")]),
    ("<nonsense/>", [("element_not_understood", "warning", "")]),
    ('<acme:x id="n"/>', [("extension_not_understood", "warning", "")]),
]


@pytest.mark.parametrize(("roots", "said"), ROOTS)
def test_beside_the_process_nothing_unknown_stops_it(roots, said):
    assert told(roots=roots) == said


INSIDE = [
    ('<nonsense id="n"/>', [("element_not_understood", "error", "n")]),
    ('<task id="a"><nonsense/></task>', [("element_not_understood", "error", "a")]),
    ('<nonsense id="n"><worse/><task id="b"/></nonsense>', [("element_not_understood", "error", "n")]),
    ("<nonsense/><nonsense/>", [("element_not_understood", "error", "p")] * 2),
    (f'<task id="a">{ext("<acme:x/>")}</task>', [("extension_not_understood", "warning", "a")]),
    (f'<task id="a">{ext("<acme:x><acme:y/></acme:x>")}</task>', [("extension_not_understood", "warning", "a")]),
    (f'<task id="a">{ext("<acme:x/><acme:x/>")}</task>', [("extension_not_understood", "warning", "a")]),
    (f'<task id="a">{ext("<acme:x/><acme:y/>")}</task>', [("extension_not_understood", "warning", "a")] * 2),
    ('<task id="a" acme:x="1"/>', [("extension_not_understood", "warning", "a")]),
    ('<task id="a" acme:x="1"/><task id="b" acme:x="2"/>', [("extension_not_understood", "warning", "a")]),
    ('<task id="a" acme:x="1" acme:y="1"/>', [("extension_not_understood", "warning", "a")] * 2),
    ('<task id="a" camunda:nonsense="1"/>', [("extension_not_understood", "warning", "a")]),
    ('<task id="a" crmflow:nonsense="1"/>', [("extension_not_understood", "warning", "a")]),
]


@pytest.mark.parametrize(("inside", "said"), INSIDE)
def test_what_nobody_understands_is_named_once_at_its_place(inside, said):
    assert told(inside) == said


def test_an_extension_is_named_with_its_whole_name_and_its_line():
    (problem,) = [
        one for one in reading(f'\n<task id="a" name="核查">{ext("<acme:x/>")}</task>').problems if one.code in UNKNOWN
    ]
    assert (
        "{http://acme.example/bpmn}x" in problem.text["en"] and "{http://acme.example/bpmn}x" in problem.text["zh-CN"]
    )
    assert (problem.file, problem.line, problem.element, problem.name) == ("x.bpmn", 5, "a", "核查")


MESSAGE = '<message id="m" name="M"/>'
KEY = (
    '<correlationProperty id="cp" name="order"><correlationPropertyRetrievalExpression messageRef="m">'
    "<messagePath>id</messagePath></correlationPropertyRetrievalExpression></correlationProperty>"
)
BOUND = (
    '<correlationSubscription id="cs" correlationKeyRef="k"><correlationPropertyBinding correlationPropertyRef="cp">'
    "<dataPath>order_id</dataPath></correlationPropertyBinding></correlationSubscription>"
)


def event(kind: str, reference: str = 'messageRef="m"') -> str:
    return f'<{kind} id="a" name="Event"><messageEventDefinition {reference}/></{kind}>'


# what is drawn, what stands beside it, and the message's name, key and properties
MESSAGES = [
    (event("intermediateCatchEvent"), MESSAGE, ("M", None, [])),
    (event("intermediateCatchEvent"), MESSAGE + KEY, ("M", None, ["cp"])),
    (event("intermediateCatchEvent") + BOUND, MESSAGE + KEY, ("M", "order_id", ["cp"])),
    (event("intermediateCatchEvent") + BOUND, MESSAGE, ("M", None, [])),
    (event("intermediateThrowEvent"), MESSAGE + KEY, ("M", "id", ["cp"])),
    (event("intermediateThrowEvent") + BOUND, MESSAGE + KEY, ("M", "id", ["cp"])),
    (event("intermediateThrowEvent"), MESSAGE + KEY.replace('"m"', '"other"'), ("M", None, [])),
    (event("intermediateThrowEvent"), MESSAGE + KEY.replace('"m"', '"x:m"'), ("M", "id", ["cp"])),
    (event("intermediateThrowEvent", 'messageRef="x:m"'), MESSAGE, ("M", None, [])),
    (event("intermediateCatchEvent"), '<message id="m"/>', ("m", None, [])),
    (event("intermediateCatchEvent", 'messageRef="ghost"'), "", ("ghost", None, [])),
    (event("intermediateCatchEvent", ""), "", ("Event", None, [])),
    ('<intermediateCatchEvent id="a"><messageEventDefinition/></intermediateCatchEvent>', "", ("a", None, [])),
]


@pytest.mark.parametrize(("inside", "roots", "said"), MESSAGES)
def test_a_message_has_its_name_its_key_and_its_properties(inside, roots, said):
    (message,) = reading(inside, roots).programs[0].nodes[0].triggers
    key = message.key.text if message.key is not None else None
    assert (message.name, key, [name for name, _ in message.properties]) == said


def flows(attributes: str, roots: str = "") -> str:
    return f'<collaboration id="c"><messageFlow id="mf" {attributes}/></collaboration>{roots}'


DRAWN = [
    (flows('sourceRef="a" targetRef="z"'), "mf"),
    (flows('sourceRef="z" targetRef="a"'), "mf"),
    (flows('name="Order" sourceRef="a" targetRef="z"'), "Order"),
    (flows('name="Order" sourceRef="a" targetRef="z" messageRef="m"', MESSAGE), "M"),
    (flows('name="Order" sourceRef="a" targetRef="z" messageRef="m"', '<message id="m"/>'), "m"),
    (flows('name="Order" sourceRef="a" targetRef="z" messageRef="ghost"'), "Order"),
    (flows('name="Order" sourceRef="y" targetRef="z"'), "Event"),
]


@pytest.mark.parametrize(("roots", "name"), DRAWN)
def test_a_drawn_message_flow_names_the_message_of_an_event_that_names_none(roots, name):
    made = reading(event("intermediateThrowEvent", ""), roots)
    assert made.programs[0].nodes[0].triggers[0].name == name


def test_a_message_flow_of_its_own_name_never_overrules_the_event():
    roots = flows('name="Order" sourceRef="a" targetRef="z"', MESSAGE)
    made = reading(event("intermediateThrowEvent"), roots)
    assert made.programs[0].nodes[0].triggers[0].name == "M" and "message_without_reference" not in codes(made)


# an event definition, what stands beside it, and its code: on a catch, and on a throw
CODES = [
    ('errorRef="r"', '<error id="r" errorCode="R1" name="N"/>', "R1", "R1"),
    ('errorRef="r"', '<error id="r" name="N"/>', "", "N"),
    ('errorRef="r"', '<error id="r"/>', "", "r"),
    ('errorRef="ghost"', "", "ghost", "ghost"),
    ("", "", "", ""),
    ('errorRef="x:r"', '<error id="r" errorCode="R1"/>', "R1", "R1"),
]


@pytest.mark.parametrize("kind", ["error", "escalation"])
@pytest.mark.parametrize(("reference", "roots", "caught", "thrown"), CODES)
def test_a_catch_without_a_code_takes_all_and_a_throw_without_one_throws_its_name(
    kind, reference, roots, caught, thrown
):
    definition = f"<errorEventDefinition {reference}/>".replace("error", kind)
    host = '<task id="t"/>'
    catch = f'<boundaryEvent id="a" attachedToRef="t">{definition}</boundaryEvent>{host}'
    throw = f'<endEvent id="a">{definition}</endEvent>'
    found = [
        reading(drawn, roots.replace("error", kind)).programs[0].nodes[0].triggers[0].code for drawn in (catch, throw)
    ]
    assert found == [caught, thrown]
