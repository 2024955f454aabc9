"""One word of a vendor or of the standard, one field: the table of docs/dialects.md, line by line."""

import pytest

from engine.model import nodes
from tests.unit.bpmn.drawn import codes, ext, reading

MESSAGE = '<message id="m" name="M"/>'
SIGNAL = '<signal id="s" name="S"/>'


def at(found, path: str):
    """``work.handler``, ``inputs.0.target`` ...; a number is a place in a tuple."""
    for part in path.split("."):
        found = found[int(part)] if part.isdigit() else found[part] if isinstance(found, dict) else getattr(found, part)
    return found


def event(kind: str, definition: str, attributes: str = "") -> str:
    return f'<{kind} id="a" {attributes}>{definition}</{kind}>'


def catch(definition: str) -> str:
    return event("intermediateCatchEvent", definition)


def throw(definition: str) -> str:
    return event("intermediateThrowEvent", definition)


def task(kind: str, attributes: str = "", inside: str = "") -> str:
    return f'<{kind} id="a" {attributes}>{inside}</{kind}>'


def timer(part: str, text: str) -> str:
    return catch(f"<timerEventDefinition><{part}>{text}</{part}></timerEventDefinition>")


def many(attributes: str = "", inside: str = "", kind: str = "task") -> str:
    return task(kind, "", f"<multiInstanceLoopCharacteristics {attributes}>{inside}</multiInstanceLoopCharacteristics>")


# what is drawn, and what its node says: path -> value
STANDARD = [
    (task("task", 'name="核查"'), {"name": "核查"}),
    (task("task", inside="<documentation>one</documentation>"), {"documentation": "one"}),
    (
        task("task", inside="<documentation>one</documentation><documentation>two</documentation>"),
        {"documentation": "one\n\ntwo"},
    ),
    (task("task", 'isForCompensation="true"'), {"for_compensation": True}),
    (task("task", 'startQuantity="2" completionQuantity="3"'), {"start_quantity": 2, "completion_quantity": 3}),
    (task("task", 'startQuantity="zero"'), {"start_quantity": 1}),
    (task("task", 'default="f"'), {"default": "f"}),
    (task("scriptTask", 'scriptFormat="text/x-groovy"', "<script>x</script>"), {"language": "groovy", "script": "x"}),
    (task("scriptTask", 'scriptFormat="application/javascript"', "<script>x</script>"), {"language": "javascript"}),
    (task("scriptTask", 'scriptFormat="python3"', "<script>x</script>"), {"language": "python"}),
    (task("scriptTask", "", "<script><![CDATA[a < b]]></script>"), {"language": "python", "script": "a < b"}),
    (task("receiveTask", 'messageRef="m" instantiate="true"'), {"message.name": "M", "instantiate": True}),
    (task("sendTask", 'messageRef="m"'), {"message.name": "M"}),
    (task("callActivity", 'calledElement="x:other"'), {"called.text": "other", "called.language": "literal"}),
    (task("callActivity", 'calledElement="${which}"'), {"called.text": "${which}", "called.language": "juel"}),
    (task("subProcess", 'triggeredByEvent="true"'), {"variety": "event"}),
    (task("transaction"), {"variety": "transaction"}),
    (task("adHocSubProcess", 'ordering="Sequential"'), {"variety": "adHoc", "ordering": "sequential"}),
    (task("adHocSubProcess", 'cancelRemainingInstances="false"'), {"cancel_remaining": False, "ordering": "parallel"}),
    (task("adHocSubProcess", "", "<completionCondition>done</completionCondition>"), {"completion.text": "done"}),
    (
        many('isSequential="true"', "<loopCardinality>3</loopCardinality>"),
        {"loop.sequential": True, "loop.cardinality.text": "3"},
    ),
    (many("", "<loopCardinality>3</loopCardinality>"), {"loop.sequential": False}),
    (many("", "<loopDataInputRef>people</loopDataInputRef>"), {"loop.collection.text": "people"}),
    (many("", '<loopDataInputRef>l</loopDataInputRef><inputDataItem id="i" name="one"/>'), {"loop.element": "one"}),
    (
        many("", "<loopDataInputRef>l</loopDataInputRef><loopDataOutputRef>r</loopDataOutputRef>"),
        {"loop.output_collection": "r"},
    ),
    (
        task(
            "task",
            "",
            '<standardLoopCharacteristics testBefore="true" loopMaximum="9"><loopCondition>a</loopCondition>'
            "</standardLoopCharacteristics>",
        ),
        {"standard_loop.test_before": True, "standard_loop.maximum": 9, "standard_loop.condition.text": "a"},
    ),
    (catch('<messageEventDefinition messageRef="m"/>'), {"triggers.0.name": "M"}),
    (catch('<signalEventDefinition signalRef="s"/>'), {"triggers.0.name.text": "S"}),
    (timer("timeDuration", "PT5M"), {"triggers.0.kind": "duration", "triggers.0.text.text": "PT5M"}),
    (timer("timeDuration", '"PT5M"'), {"triggers.0.text.text": "PT5M", "triggers.0.text.language": "literal"}),
    (timer("timeDuration", "${wait}"), {"triggers.0.text.language": "juel"}),
    (timer("timeDuration", "=wait"), {"triggers.0.text.language": "camunda8"}),
    (timer("timeDate", "2026-03-01T09:00:00Z"), {"triggers.0.kind": "date", "triggers.0.text.language": "literal"}),
    (timer("timeCycle", "R3/PT1H"), {"triggers.0.kind": "cycle", "triggers.0.text.text": "R3/PT1H"}),
    (timer("timeCycle", "0 0 9 * * MON-FRI"), {"triggers.0.kind": "cycle", "triggers.0.text.language": "literal"}),
    (
        catch("<conditionalEventDefinition><condition>x &gt; 1</condition></conditionalEventDefinition>"),
        {"triggers.0.condition.text": "x > 1"},
    ),
    (catch('<linkEventDefinition name="L"/>'), {"triggers.0.name": "L"}),
    (
        throw('<compensateEventDefinition activityRef="x" waitForCompletion="false"/>'),
        {"triggers.0.activity": "x", "triggers.0.wait": False},
    ),
    (throw('<escalationEventDefinition escalationRef="e"/>'), {"triggers.0.code": "E1"}),
    (event("endEvent", '<errorEventDefinition errorRef="r"/>'), {"triggers.0.code": "R1"}),
    (event("endEvent", "<terminateEventDefinition/>"), {"triggers.0": None}),
    (
        event("boundaryEvent", "<timerEventDefinition/>", 'attachedToRef="z" cancelActivity="false"'),
        {"attached_to": "z", "interrupting": False},
    ),
    (event("boundaryEvent", "<timerEventDefinition/>", 'attachedToRef="z"'), {"interrupting": True}),
    (event("startEvent", "<signalEventDefinition/>", 'isInterrupting="false"'), {"interrupting": False}),
    (
        event(
            "startEvent",
            '<messageEventDefinition messageRef="m"/><signalEventDefinition signalRef="s"/>',
            'parallelMultiple="true"',
        ),
        {"parallel": True, "triggers.1.name.text": "S"},
    ),
    (task("exclusiveGateway", 'default="f"'), {"default": "f"}),
    (
        task("eventBasedGateway", 'instantiate="true" eventGatewayType="Parallel"'),
        {"instantiate": True, "parallel": True},
    ),
    (task("complexGateway", "", "<activationCondition>n &gt; 1</activationCondition>"), {"activation.text": "n > 1"}),
    (
        task(
            "userTask",
            "",
            "<humanPerformer><resourceAssignmentExpression><formalExpression>ann</formalExpression>"
            "</resourceAssignmentExpression></humanPerformer>",
        ),
        {"performer.assignee.text": "ann"},
    ),
    (
        task(
            "userTask",
            "",
            "<potentialOwner><resourceAssignmentExpression><formalExpression>user(ann), group(sales), ops"
            "</formalExpression></resourceAssignmentExpression></potentialOwner>",
        ),
        {"performer.users.0.text": "ann", "performer.groups.0.text": "sales", "performer.groups.1.text": "ops"},
    ),
    (
        task("userTask", "", "<potentialOwner><resourceRef>res</resourceRef></potentialOwner>"),
        {"performer.groups.0.text": "Team"},
    ),
]

CAMUNDA = [
    (task("userTask", 'camunda:assignee="${x}"'), {"performer.assignee.language": "juel"}),
    (task("userTask", 'camunda:candidateGroups="a,b"'), {"performer.groups.1.text": "b"}),
    (task("userTask", 'camunda:formKey="embedded:app:x.html"'), {"form": "embedded:app:x.html"}),
    (task("userTask", 'camunda:formRef="f"'), {"form": "f"}),
    (task("userTask", 'camunda:asyncBefore="true"'), {"asynchronous": True}),
    (task("userTask", 'camunda:asyncAfter="true"'), {"asynchronous": False}),
    (
        task("serviceTask", 'camunda:type="external" camunda:topic="t" camunda:taskPriority="5"'),
        {"work.priority.text": "5"},
    ),
    (task("serviceTask", 'camunda:type="external" camunda:topic="t"'), {"work.handler": "t", "work.style": "external"}),
    (task("serviceTask", 'camunda:type="external"'), {"work.handler": "a"}),
    (
        task("serviceTask", 'camunda:class="C"', ext('<camunda:field name="f" stringValue="v"/>')),
        {"work.parameters.0.target": "f"},
    ),
    (
        task(
            "serviceTask",
            'camunda:class="C"',
            ext("<camunda:failedJobRetryTimeCycle>R7/PT1M</camunda:failedJobRetryTimeCycle>"),
        ),
        {"work.retries": 7},
    ),
    (
        task(
            "serviceTask",
            'camunda:class="C"',
            ext("<camunda:failedJobRetryTimeCycle>PT1M,PT5M,PT9M</camunda:failedJobRetryTimeCycle>"),
        ),
        {"work.retries": 4},
    ),
    (
        task(
            "serviceTask",
            'camunda:class="C"',
            ext('<camunda:properties><camunda:property name="k" value="v"/></camunda:properties>'),
        ),
        {"notes.k": "v"},
    ),
    (
        task("scriptTask", 'scriptFormat="juel" camunda:resultVariable="r"', "<script>${1}</script>"),
        {"result": "r", "language": "juel"},
    ),
    (task("scriptTask", 'camunda:resultVariable="r"', "<script>1</script>"), {"language": "javascript"}),
    (task("businessRuleTask", 'camunda:decisionRef="d"'), {"decision": "d", "result_shape": "resultList"}),
    (task("businessRuleTask", 'camunda:decisionRef="${d}"'), {"decided_by.text": "${d}", "decision": ""}),
    (
        task("businessRuleTask", 'camunda:decisionRef="d" camunda:mapDecisionResult="collectEntries"'),
        {"result_shape": "collectEntries"},
    ),
    (
        task(
            "callActivity",
            'calledElement="c" camunda:calledElementBinding="versionTag" camunda:calledElementVersionTag="7"',
        ),
        {"binding": "versionTag", "version": "7"},
    ),
    (task("callActivity", 'calledElement="c"', ext('<camunda:in variables="all"/>')), {"pass_all_in": True}),
    (
        task("callActivity", 'calledElement="c"', ext('<camunda:in source="x" target="y"/>')),
        {"pass_all_in": False, "inputs.0.target": "y", "inputs.0.source.text": "x"},
    ),
    (
        task("callActivity", 'calledElement="c"', ext('<camunda:out sourceExpression="${x}" target="y"/>')),
        {"pass_all_out": False, "outputs.0.source.language": "juel"},
    ),
    (
        many('camunda:collection="${l}" camunda:elementVariable="e"'),
        {"loop.collection.language": "juel", "loop.element": "e"},
    ),
    (event("startEvent", "", 'camunda:formKey="k" camunda:initiator="who"'), {"form": "k", "initiator": "who"}),
    (
        throw('<messageEventDefinition messageRef="m" camunda:type="external" camunda:topic="t"/>'),
        {"work.handler": "t"},
    ),
    (
        catch(
            '<conditionalEventDefinition camunda:variableName="v"><condition>${v}</condition>'
            "</conditionalEventDefinition>"
        ),
        {"triggers.0.variable": "v"},
    ),
    (
        throw(
            '<signalEventDefinition signalRef="s">'
            + ext('<camunda:in source="x" target="y"/>')
            + "</signalEventDefinition>"
        ),
        {"triggers.0.mappings.0.0": "y"},
    ),
]

FLOWABLE = [
    (
        task(
            "serviceTask",
            'flowable:type="mail"',
            ext("<flowable:field name='to'><flowable:string>x</flowable:string></flowable:field>"),
        ),
        {"work.handler": "mail", "work.style": "unbound", "work.parameters.0.source.text": "x"},
    ),
    (
        task("serviceTask", 'flowable:type="external-worker" flowable:topic="t"'),
        {"work.handler": "t", "work.style": "external"},
    ),
    (task("serviceTask", 'flowable:type="http"'), {"work.handler": "http"}),
    (task("serviceTask", 'flowable:type="shell"'), {"work.handler": "shell"}),
    (task("serviceTask", 'activiti:class="C" activiti:async="true"'), {"asynchronous": True, "work.handler": "C"}),
    (
        task("businessRuleTask", 'activiti:rules="r1" activiti:ruleVariablesInput="${o}" activiti:resultVariable="z"'),
        {"work.handler": "rules:r1", "work.result": "z", "work.parameters.0.target": "o"},
    ),
    (
        task("userTask", 'activiti:candidateUsers="a, b" activiti:dueDate="${d}" activiti:priority="9"'),
        {"performer.users.1.text": "b", "due.text": "${d}", "priority.text": "9"},
    ),
    (task("callActivity", 'calledElement="c" flowable:inheritVariables="true"'), {"pass_all_in": True}),
    (task("callActivity", 'calledElement="c" flowable:businessKey="${k}"'), {"business_key.text": "${k}"}),
    (
        many('activiti:collection="l" activiti:elementVariable="e"'),
        {"loop.collection.text": "l", "loop.collection.language": "feel"},
    ),
    (task("userTask", 'flowable:skipExpression="${x}"'), {"notes.skipExpression": "${x}"}),
]

ZEEBE = [
    (
        task("serviceTask", "", ext('<zeebe:taskDefinition type="t" retries="9"/>')),
        {"work.handler": "t", "work.retries": 9},
    ),
    (task("serviceTask", "", ext('<zeebe:taskDefinition type="t" retries="=n"/>')), {"work.retries": 3}),
    (
        task(
            "serviceTask",
            "",
            ext(
                '<zeebe:taskDefinition type="t"/><zeebe:taskHeaders><zeebe:header key="k" value="v"/>'
                "</zeebe:taskHeaders>"
            ),
        ),
        {"work.headers.k": "v"},
    ),
    (
        task("serviceTask", "", ext('<zeebe:ioMapping><zeebe:input source="=x" target="y"/></zeebe:ioMapping>')),
        {"inputs.0.target": "y", "inputs.0.source.language": "camunda8"},
    ),
    (
        task("serviceTask", "", ext('<zeebe:ioMapping><zeebe:input source="x" target="y"/></zeebe:ioMapping>')),
        {"inputs.0.source.language": "literal"},
    ),
    (
        task(
            "userTask",
            "",
            ext('<zeebe:assignmentDefinition assignee="=a" candidateUsers="b, c" candidateGroups="=g"/>'),
        ),
        {"performer.assignee.text": "=a", "performer.users.1.text": "c", "performer.groups.0.language": "camunda8"},
    ),
    (task("userTask", "", ext('<zeebe:formDefinition formId="f"/>')), {"form": "f"}),
    (task("userTask", "", ext('<zeebe:formDefinition externalReference="http://x"/>')), {"form": "http://x"}),
    (
        task("userTask", "", ext('<zeebe:taskSchedule dueDate="=d" followUpDate="=f"/>')),
        {"due.text": "=d", "follow_up.text": "=f"},
    ),
    (task("userTask", "", ext('<zeebe:priorityDefinition priority="70"/>')), {"priority.text": "70"}),
    (
        task("scriptTask", "", ext('<zeebe:script expression="=1 + 1" resultVariable="r"/>')),
        {"script": "1 + 1", "result": "r", "language": "feel"},
    ),
    (
        task(
            "businessRuleTask",
            "",
            ext('<zeebe:calledDecision decisionId="d" resultVariable="r" bindingType="deployment"/>'),
        ),
        {"decision": "d", "result": "r", "binding": "deployment"},
    ),
    (
        task("callActivity", "", ext('<zeebe:calledElement processId="p"/>')),
        {"called.text": "p", "pass_all_in": True, "pass_all_out": True},
    ),
    (
        task("callActivity", "", ext('<zeebe:calledElement processId="=p" propagateAllChildVariables="false"/>')),
        {"called.language": "camunda8", "pass_all_out": False},
    ),
    (
        many(
            "",
            ext(
                '<zeebe:loopCharacteristics inputCollection="=l" inputElement="e" '
                'outputCollection="r" outputElement="=e"/>'
            ),
        ),
        {"loop.collection.text": "=l", "loop.element": "e", "loop.output_collection": "r", "loop.output.text": "=e"},
    ),
    (task("adHocSubProcess", "", ext('<zeebe:adHoc activeElementsCollection="=x"/>')), {"active_elements.text": "=x"}),
    (
        catch(
            "<conditionalEventDefinition>"
            + ext('<zeebe:conditionalFilter variableNames="v, w"/>')
            + "<condition>=v</condition></conditionalEventDefinition>"
        ),
        {"triggers.0.variable": "v"},
    ),
]

OTHERS = [
    (
        task(
            "serviceTask",
            "",
            ext(
                '<spiffworkflow:serviceTaskOperator id="http/Get" resultVariable="r"><spiffworkflow:parameters>'
                '<spiffworkflow:parameter id="url" type="str" value="u"/></spiffworkflow:parameters>'
                "</spiffworkflow:serviceTaskOperator>"
            ),
        ),
        {"work.handler": "http/Get", "work.result": "r", "work.parameters.0.source.language": "python"},
    ),
    (task("manualTask", "", ext("<spiffworkflow:preScript>a = 1</spiffworkflow:preScript>")), {"before.text": "a = 1"}),
    (
        task("manualTask", "", ext("<spiffworkflow:postScript>a = 1</spiffworkflow:postScript>")),
        {"after.text": "a = 1"},
    ),
    (
        task("businessRuleTask", "", ext("<spiffworkflow:calledDecisionId>d</spiffworkflow:calledDecisionId>")),
        {"decision": "d"},
    ),
    (
        task(
            "userTask",
            "",
            ext(
                '<spiffworkflow:properties><spiffworkflow:property name="formJsonSchemaFilename" value="f.json"/>'
                "</spiffworkflow:properties>"
            ),
        ),
        {"form": "f.json"},
    ),
    (task("serviceTask", 'drools:taskName="Email"'), {"work.handler": "Email", "work.style": "unbound"}),
    (task("businessRuleTask", 'drools:ruleFlowGroup="g"'), {"work.handler": "rules:g"}),
    (task("scriptTask", 'scriptFormat="http://www.java.com/java"', "<script>x</script>"), {"language": "java"}),
    (task("serviceTask", 'crmflow:handler="log"'), {"work.handler": "log", "work.style": "builtin"}),
    (task("userTask", 'crmflow:name-en="Check"'), {"texts.en": "Check"}),
]

ROOTS = (
    f'{MESSAGE}{SIGNAL}<escalation id="e" escalationCode="E1"/><error id="r" errorCode="R1"/>'
    '<resource id="res" name="Team"/>'
)
TABLE = [*STANDARD, *CAMUNDA, *FLOWABLE, *ZEEBE, *OTHERS]


@pytest.mark.parametrize(("drawn", "said"), TABLE)
def test_a_word_becomes_a_field(drawn, said):
    made = reading(drawn, ROOTS)
    node = made.programs[0].nodes[0]
    for path, value in said.items():
        found = at(node, path)
        if value is None:
            assert type(found).__name__ == "Terminate"
        else:
            assert found == value, path
    assert not codes(made) & {"element_not_understood", "extension_not_understood"}


# files of which only a part has a meaning here: the rest is named by this code
NAMED = [
    (task("callActivity", 'camunda:caseRef="c"'), "case_not_supported"),
    (task("userTask", 'flowable:skipExpression="${x}"'), "skip_expression_ignored"),
    (task("scriptTask", 'camunda:resource="deployment://x"'), "script_elsewhere"),
    (task("adHocSubProcess", "", ext('<zeebe:adHoc outputCollection="x"/>')), "ad_hoc_output_ignored"),
    (many('behavior="One"', "<loopCardinality>2</loopCardinality>"), "loop_behaviour_ignored"),
    (many(), "loop_without_number"),
    (task("serviceTask", "", "<performer/>"), "performer_without_work"),
    (task("serviceTask", 'operationRef="ghost"'), "dangling_operation"),
    (catch('<messageEventDefinition messageRef="ghost"/>'), "dangling_message"),
    (catch('<signalEventDefinition signalRef="ghost"/>'), "dangling_signal"),
    (throw('<escalationEventDefinition escalationRef="ghost"/>'), "dangling_escalation"),
    (event("endEvent", '<errorEventDefinition errorRef="ghost"/>'), "dangling_error"),
    (catch("<eventDefinitionRef>ghost</eventDefinitionRef>"), "dangling_event_definition"),
    (catch("<messageEventDefinition/>"), "message_without_reference"),
    (catch("<signalEventDefinition/>"), "signal_without_reference"),
    (catch("<timerEventDefinition/>"), "timer_without_time"),
    (catch("<conditionalEventDefinition/>"), "condition_missing"),
    (task("task", 'acme:x="1"'), "extension_not_understood"),
    (task("task", "", ext("<acme:x/>")), "extension_not_understood"),
    ("<nonsense/>", "element_not_understood"),
    ("<task/>", "missing_id"),
    ('<task id="a"/><task id="a"/>', "duplicate_id"),
]


@pytest.mark.parametrize(("drawn", "code"), NAMED, ids=[code + str(n) for n, (_, code) in enumerate(NAMED)])
def test_what_has_no_meaning_here_is_named_in_both_languages(drawn, code):
    told = [problem for problem in reading(drawn, ROOTS).problems if problem.code == code]
    assert told
    for problem in told:
        assert problem.line > 0 and problem.text["zh-CN"] != problem.text["en"]
        assert all(problem.text.values()) and (not problem.mend or all(problem.mend.values()))


def test_every_kind_of_node_of_the_standard_is_read_as_its_own():
    kinds = {
        "task": nodes.Task,
        "userTask": nodes.UserTask,
        "manualTask": nodes.ManualTask,
        "serviceTask": nodes.ServiceTask,
        "sendTask": nodes.SendTask,
        "receiveTask": nodes.ReceiveTask,
        "scriptTask": nodes.ScriptTask,
        "businessRuleTask": nodes.BusinessRuleTask,
        "callActivity": nodes.CallActivity,
        "subProcess": nodes.SubProcess,
        "transaction": nodes.SubProcess,
        "adHocSubProcess": nodes.SubProcess,
        "startEvent": nodes.StartEvent,
        "endEvent": nodes.EndEvent,
        "intermediateCatchEvent": nodes.CatchEvent,
        "boundaryEvent": nodes.BoundaryEvent,
        "intermediateThrowEvent": nodes.ThrowEvent,
        "exclusiveGateway": nodes.ExclusiveGateway,
        "parallelGateway": nodes.ParallelGateway,
        "inclusiveGateway": nodes.InclusiveGateway,
        "complexGateway": nodes.ComplexGateway,
        "eventBasedGateway": nodes.EventBasedGateway,
    }
    made = reading("".join(f'<{name} id="n_{name}"/>' for name in kinds))
    assert {node.id: type(node) for node in made.programs[0].nodes} == {
        f"n_{name}": kind for name, kind in kinds.items()
    }
