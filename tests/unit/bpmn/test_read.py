"""What the standard's elements become."""

import pytest

from engine.bpmn.read import read
from engine.model import nodes, triggers
from engine.model.expression import Expression
from tests.unit.bpmn.drawn import SPACES, codes, node, program, reading


@pytest.mark.parametrize(
    ("element", "kind"),
    [
        ("task", nodes.Task),
        ("userTask", nodes.UserTask),
        ("manualTask", nodes.ManualTask),
        ("serviceTask", nodes.ServiceTask),
        ("sendTask", nodes.SendTask),
        ("receiveTask", nodes.ReceiveTask),
        ("scriptTask", nodes.ScriptTask),
        ("businessRuleTask", nodes.BusinessRuleTask),
        ("callActivity", nodes.CallActivity),
        ("subProcess", nodes.SubProcess),
        ("transaction", nodes.SubProcess),
        ("adHocSubProcess", nodes.SubProcess),
        ("startEvent", nodes.StartEvent),
        ("endEvent", nodes.EndEvent),
        ("intermediateCatchEvent", nodes.CatchEvent),
        ("intermediateThrowEvent", nodes.ThrowEvent),
        ("boundaryEvent", nodes.BoundaryEvent),
        ("exclusiveGateway", nodes.ExclusiveGateway),
        ("parallelGateway", nodes.ParallelGateway),
        ("inclusiveGateway", nodes.InclusiveGateway),
        ("complexGateway", nodes.ComplexGateway),
        ("eventBasedGateway", nodes.EventBasedGateway),
    ],
)
def test_each_element_has_its_node(element, kind):
    found = node(f'<{element} id="a" name="名称"/>')
    assert type(found) is kind and found.id == "a" and found.name == "名称" and found.line == 4


def test_varieties_of_sub_processes():
    found = program(
        '<subProcess id="a" triggeredByEvent="true"/><transaction id="b"/>'
        '<adHocSubProcess id="c" ordering="Sequential" cancelRemainingInstances="false">'
        "<task id='inner'/><completionCondition language='feel'>done</completionCondition></adHocSubProcess>"
    )
    assert [item.variety for item in found.nodes if isinstance(item, nodes.SubProcess)] == [
        "event",
        "transaction",
        "adHoc",
    ]
    ad_hoc = found.nodes[2]
    assert (ad_hoc.ordering, ad_hoc.cancel_remaining, ad_hoc.completion.text) == ("sequential", False, "done")
    assert found.nodes[3].scope == "c"


@pytest.mark.parametrize(
    ("definition", "roots", "expected"),
    [
        ('<messageEventDefinition messageRef="m"/>', '<message id="m" name="Paid"/>', triggers.Message(name="Paid")),
        (
            '<signalEventDefinition signalRef="s"/>',
            '<signal id="s" name="Alarm"/>',
            triggers.Signal(name=Expression(text="Alarm", language="literal", line=4)),
        ),
        ('<errorEventDefinition errorRef="e"/>', '<error id="e" errorCode="E7"/>', triggers.Error(code="E7")),
        (
            '<escalationEventDefinition escalationRef="x"/>',
            '<escalation id="x" escalationCode="late"/>',
            triggers.Escalation(code="late"),
        ),
        ('<compensateEventDefinition activityRef="t"/>', "", triggers.Compensate(activity="t")),
        ('<linkEventDefinition name="L"/>', "", triggers.Link(name="L")),
        ("<cancelEventDefinition/>", "", triggers.Cancel()),
        ("<terminateEventDefinition/>", "", triggers.Terminate()),
        (
            "<conditionalEventDefinition><condition language='feel'>x &gt; 1</condition></conditionalEventDefinition>",
            "",
            triggers.Conditional(condition=Expression(text="x > 1", line=4)),
        ),
    ],
)
def test_each_event_definition_has_its_trigger(definition, roots, expected):
    assert node(f'<endEvent id="a">{definition}</endEvent>', roots).triggers == (expected,)


def test_a_definition_may_stand_beside_the_process_and_be_referred_to():
    found = node(
        '<endEvent id="a"><eventDefinitionRef>d</eventDefinitionRef></endEvent>', '<terminateEventDefinition id="d"/>'
    )
    assert found.triggers == (triggers.Terminate(),)


@pytest.mark.parametrize(
    ("text", "kind", "language", "read_as"),
    [
        ("PT2H", "timeDuration", "literal", "PT2H"),
        ('"PT2H"', "timeDuration", "literal", "PT2H"),
        ("'P1D'", "timeDuration", "literal", "P1D"),
        ("R3/PT10M", "timeCycle", "literal", "R3/PT10M"),
        ("0 0 9 ? * MON", "timeCycle", "literal", "0 0 9 ? * MON"),
        ("2026-03-01T09:00:00Z", "timeDate", "literal", "2026-03-01T09:00:00Z"),
        ("${due}", "timeDate", "juel", "${due}"),
        ("= due", "timeDate", "camunda8", "= due"),
        ("timedelta(hours=x['h'])", "timeDuration", "python", "timedelta(hours=x['h'])"),
    ],
)
def test_timers_are_literals_or_expressions(text, kind, language, read_as):
    (trigger,) = node(
        f'<startEvent id="a"><timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition></startEvent>'
    ).triggers
    assert (trigger.text.text, trigger.text.language) == (read_as, language)


@pytest.mark.parametrize(
    ("text", "attribute", "language"),
    [
        ("${approved}", "", "juel"),
        ("= approved", "", "camunda8"),
        ("amount &gt; 10", "", "feel"),
        ("state == 'open'", "", "python"),
        ("x &gt; 1", 'language="http://www.omg.org/spec/FEEL/20140401"', "feel"),
        ("x &gt; 1", 'language="http://www.java.com/java"', "mvel"),
        ("x &gt; 1", 'language="groovy"', "groovy"),
        ("x &gt; 1", 'language="https://262.ecma-international.org/ecmascript"', "javascript"),
    ],
)
def test_the_language_is_what_is_declared_else_what_it_looks_like(text, attribute, language):
    found = program(
        f'<task id="a"/><task id="b"/><sequenceFlow id="f" sourceRef="a" targetRef="b">'
        f"<conditionExpression {attribute}>{text}</conditionExpression></sequenceFlow>"
    )
    assert found.flows[0].condition.language == language


def test_flows_and_nodes_without_ids_get_them_and_it_is_said():
    found = reading('<startEvent/><task id="b"/><sequenceFlow sourceRef="startEvent_1" targetRef="b"/>')
    (made,) = found.programs
    assert made.nodes[0].id == "startEvent_1" and made.flows[0].id == "sequenceFlow_1"
    assert [problem.fix for problem in found.problems if problem.code == "missing_id"] == ["give_ids", "give_ids"]


def test_an_id_that_is_taken_is_an_error_and_both_elements_stay():
    found = reading('<task id="a"/><task id="a"/>')
    assert [item.id for item in found.programs[0].nodes] == ["a", "a_1"] and "duplicate_id" in codes(found)


def test_nodes_called_start_and_end_are_nodes_like_any_other():
    found = program(
        '<startEvent id="Start"/><endEvent id="End"/><sequenceFlow id="f" sourceRef="Start" targetRef="End"/>'
    )
    assert {item.id for item in found.nodes} == {"Start", "End"}


def test_a_lane_gives_its_user_tasks_their_group():
    found = program(
        '<laneSet id="s"><lane id="l" name="销售"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
        '<userTask id="a"/><userTask id="b"/>'
    )
    assert [group.text for group in found.nodes[0].performer.groups] == ["销售"]
    assert found.nodes[0].lane == "l" and found.nodes[1].lane == ""


def test_nested_lanes_name_their_parent():
    found = program(
        '<laneSet id="s"><lane id="l"><childLaneSet id="c"><lane id="i"><flowNodeRef>a</flowNodeRef></lane>'
        '</childLaneSet></lane></laneSet><task id="a"/>'
    )
    assert [(lane.id, lane.parent) for lane in found.lanes] == [("l", ""), ("i", "l")]


def test_potential_owners_are_users_and_groups():
    owner = (
        "<potentialOwner><resourceAssignmentExpression><formalExpression>user(kermit), group(sales), leads"
        "</formalExpression></resourceAssignmentExpression></potentialOwner>"
    )
    who = node(f'<userTask id="a">{owner}</userTask>').performer
    assert [item.text for item in who.users] == ["kermit"] and [item.text for item in who.groups] == ["sales", "leads"]


def test_a_compensation_boundary_event_knows_its_handler():
    found = program(
        '<task id="a"/><boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
        '<task id="undo" isForCompensation="true"/><association id="x" sourceRef="b" targetRef="undo"/>'
    )
    assert found.nodes[1].compensation_handler == "undo" and found.nodes[2].for_compensation


def test_multi_instance_over_a_data_input_reads_the_variable_behind_it():
    found = program(
        '<property id="people" name="people"/><task id="a"><ioSpecification><dataInput id="in" name="in"/>'
        "<inputSet><dataInputRefs>in</dataInputRefs></inputSet><outputSet/></ioSpecification>"
        "<dataInputAssociation><sourceRef>people</sourceRef><targetRef>in</targetRef></dataInputAssociation>"
        '<multiInstanceLoopCharacteristics isSequential="true"><loopDataInputRef>in</loopDataInputRef>'
        '<inputDataItem id="i" name="person"/><completionCondition>${enough}</completionCondition>'
        "</multiInstanceLoopCharacteristics></task>"
    )
    loop = found.nodes[0].loop
    assert (loop.collection.text, loop.element, loop.sequential) == ("people", "person", True)
    assert loop.completion.language == "juel"


def test_standard_loops():
    loop = node(
        '<task id="a"><standardLoopCharacteristics testBefore="true" loopMaximum="3"><loopCondition>x &lt; 5'
        "</loopCondition></standardLoopCharacteristics></task>"
    ).standard_loop
    assert (loop.test_before, loop.maximum, loop.condition.text) == (True, 3, "x < 5")


def test_data_associations_become_mappings_where_names_differ():
    found = node(
        '<task id="a"><ioSpecification><dataInput id="i" name="limit"/><dataOutput id="o" name="answer"/>'
        "<inputSet/><outputSet/></ioSpecification>"
        "<dataInputAssociation><targetRef>i</targetRef><assignment><from>7</from><to>i</to></assignment>"
        "</dataInputAssociation>"
        "<dataOutputAssociation><sourceRef>o</sourceRef><targetRef>v</targetRef></dataOutputAssociation></task>"
        '<property id="v" name="verdict"/>'
    )
    assert [(item.target, item.source.text) for item in found.inputs] == [("limit", "7")]
    assert [(item.target, item.source.text) for item in found.outputs] == [("verdict", "answer")]


def test_a_drawn_message_flow_names_both_of_its_ends_alike():
    roots = (
        '<collaboration id="c"><participant id="q" processRef="p"/><participant id="r"/>'
        '<messageFlow id="f" name="order" sourceRef="a" targetRef="b"/></collaboration>'
    )
    found = program(
        '<endEvent id="a"><messageEventDefinition/></endEvent>'
        '<startEvent id="b"><messageEventDefinition/></startEvent>',
        roots,
    )
    assert {item.triggers[0].name for item in found.nodes} == {"order"}


def test_correlation_properties_are_the_messages_key():
    roots = (
        '<message id="m" name="order"/><correlationProperty id="number">'
        '<correlationPropertyRetrievalExpression messageRef="m"><messagePath>order.number</messagePath>'
        "</correlationPropertyRetrievalExpression></correlationProperty>"
    )
    subscription = (
        '<correlationSubscription correlationKeyRef="k"><correlationPropertyBinding correlationPropertyRef="number">'
        "<dataPath>mine</dataPath></correlationPropertyBinding></correlationSubscription>"
    )
    found = program(
        '<sendTask id="a" messageRef="m"/><receiveTask id="b" messageRef="m"/>' + subscription,
        roots,
    )
    sent, awaited = (item.message for item in found.nodes)
    assert sent.key.text == "order.number" and awaited.key.text == "mine"


def test_names_with_spaces_are_one_name_in_feel():
    found = program(
        '<dataObject id="d" name="Vacation Approval"/><task id="a"/><task id="b"/>'
        '<sequenceFlow id="f" sourceRef="a" targetRef="b"><conditionExpression language="feel">'
        'Vacation Approval = "Vacation Approval"</conditionExpression></sequenceFlow>'
    )
    assert found.flows[0].condition.text == '`Vacation Approval` = "Vacation Approval"'


def test_the_standards_xpath_functions_name_variables():
    found = program(
        '<task id="a"/><task id="b"/><sequenceFlow id="f" sourceRef="a" targetRef="b"><conditionExpression>'
        "not(bpmn:getDataObject('approved')) and getDataObject('the answer') = 'no'"
        "</conditionExpression></sequenceFlow>"
    )
    assert found.flows[0].condition == Expression(text='not(approved) and `the answer` = "no"', line=4)


def test_several_processes_are_several_programs():
    data = f'<definitions {SPACES}><process id="a"/><process id="b" isExecutable="false"/></definitions>'.encode()
    assert [(item.key, item.executable) for item in read(data).programs] == [("a", True), ("b", False)]
