"""What each vendor's words become: the tables of docs/dialects.md as tests."""

import pytest

from engine.bpmn.read import read
from engine.model import nodes
from tests.unit.bpmn.drawn import codes, document, ext, node, program, reading


def texts(expressions):
    return [(item.text, item.language) for item in expressions]


# Camunda 7


def test_camunda_user_task():
    found = node(
        '<userTask id="a" camunda:assignee="${boss}" camunda:candidateUsers="ann, ${list(a, b)}" '
        'camunda:candidateGroups="sales" camunda:dueDate="${due}" camunda:followUpDate="P1D" camunda:priority="70" '
        'camunda:formKey="embedded:x.html" camunda:asyncBefore="true"/>'
    )
    who = found.performer
    assert (who.assignee.text, who.assignee.language) == ("${boss}", "juel")
    assert texts(who.users) == [("ann", "literal"), ("${list(a, b)}", "juel")]
    assert texts(who.groups) == [("sales", "literal")]
    assert (found.due.text, found.follow_up.text, found.priority.text) == ("${due}", "P1D", "70")
    assert found.form == "embedded:x.html" and found.asynchronous


def test_camunda_form_data_becomes_a_schema():
    form = (
        '<camunda:formData><camunda:formField id="amount" label="金额" type="long" defaultValue="5">'
        '<camunda:validation><camunda:constraint name="required"/><camunda:constraint name="min" config="1"/>'
        "</camunda:validation></camunda:formField>"
        '<camunda:formField id="kind" type="enum"><camunda:value id="a" name="A"/></camunda:formField>'
        "</camunda:formData>"
    )
    found = program(f'<userTask id="a" name="T">{ext(form)}</userTask>')
    schema = found.forms["a"]
    assert found.nodes[0].form == "a" and schema["required"] == ["amount"]
    assert schema["properties"]["amount"] == {"type": "integer", "title": "金额", "default": 5, "minimum": 1}
    assert schema["properties"]["kind"]["oneOf"] == [{"const": "a", "title": "A"}]


@pytest.mark.parametrize(
    ("attributes", "handler", "style"),
    [
        ('camunda:type="external" camunda:topic="mail"', "mail", "external"),
        ('camunda:class="org.acme.Send"', "org.acme.Send", "unbound"),
        ('camunda:delegateExpression="${sender}"', "${sender}", "unbound"),
        ('camunda:expression="${sender.send()}" camunda:resultVariable="r"', "sender.send", "unbound"),
    ],
)
def test_camunda_services_are_named_handlers(attributes, handler, style):
    made = reading(f'<serviceTask id="a" {attributes}/>')
    work = made.programs[0].nodes[0].work
    assert (work.handler, work.style) == (handler, style)
    assert [(item.node, item.handler, item.style) for item in made.missing_handlers] == [("a", handler, style)]


def test_a_camunda_expression_that_is_only_a_value_needs_nobody_to_bind_it():
    made = reading('<serviceTask id="a" camunda:expression="${amount * 2}" camunda:resultVariable="twice"/>')
    found = made.programs[0].nodes[0]
    assert isinstance(found, nodes.ScriptTask) and made.missing_handlers == ()
    assert (found.script, found.language, found.result) == ("${amount * 2}", "juel", "twice")


def test_camunda_connector_and_retries():
    connector = (
        "<camunda:connector><camunda:connectorId>http-connector</camunda:connectorId><camunda:inputOutput>"
        '<camunda:inputParameter name="url">http://x</camunda:inputParameter>'
        '<camunda:inputParameter name="headers"><camunda:map><camunda:entry key="a">${b}</camunda:entry></camunda:map>'
        "</camunda:inputParameter></camunda:inputOutput></camunda:connector>"
        "<camunda:failedJobRetryTimeCycle>R5/PT5M</camunda:failedJobRetryTimeCycle>"
    )
    work = node(f'<serviceTask id="a">{ext(connector)}</serviceTask>').work
    assert (work.handler, work.retries) == ("http-connector", 5)
    assert [(item.target, item.source.text) for item in work.parameters] == [
        ("url", "http://x"),
        ("headers", '{"a": b}'),
    ]


def test_camunda_input_and_output_parameters():
    io = (
        '<camunda:inputOutput><camunda:inputParameter name="x">${y}</camunda:inputParameter>'
        '<camunda:inputParameter name="l"><camunda:list><camunda:value>a</camunda:value></camunda:list>'
        '</camunda:inputParameter><camunda:outputParameter name="z"><camunda:script scriptFormat="groovy">1 + 1'
        "</camunda:script></camunda:outputParameter></camunda:inputOutput>"
    )
    found = node(f'<task id="a">{ext(io)}</task>')
    assert [(m.target, m.source.text, m.source.language) for m in found.inputs] == [
        ("x", "${y}", "juel"),
        ("l", '["a"]', "feel"),
    ]
    assert [(m.target, m.source.text, m.source.language) for m in found.outputs] == [("z", "1 + 1", "groovy")]


def test_camunda_rule_task_names_decision_binding_and_result():
    found = node(
        '<businessRuleTask id="a" camunda:decisionRef="discount" camunda:decisionRefBinding="version" '
        'camunda:decisionRefVersion="3" camunda:resultVariable="r" camunda:mapDecisionResult="singleEntry"/>'
    )
    assert (found.decision, found.binding, found.version) == ("discount", "version", "3")
    assert (found.result, found.result_shape) == ("r", "singleEntry")


def test_camunda_call_activity_carries_what_is_listed():
    mappings = (
        '<camunda:in businessKey="#{execution.processBusinessKey}"/><camunda:in source="a" target="b"/>'
        '<camunda:in sourceExpression="${c}" target="d"/><camunda:out variables="all"/>'
    )
    found = node(f'<callActivity id="x" calledElement="other">{ext(mappings)}</callActivity>')
    assert found.called.text == "other" and not found.pass_all_in and found.pass_all_out
    assert [(item.target, item.source.text) for item in found.inputs] == [("b", "a"), ("d", "${c}")]
    assert found.business_key.text == "#{execution.processBusinessKey}"


def test_camunda_multi_instance_collection():
    loop = node(
        '<task id="a"><multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="p"/>'
        "</task>"
    ).loop
    assert (loop.collection.text, loop.collection.language, loop.element) == ("people", "feel", "p")


def test_camunda_process_settings():
    found = program(
        '<startEvent id="s" camunda:initiator="who"/>',
        attributes='camunda:versionTag="2" camunda:historyTimeToLive="30" camunda:candidateStarterGroups="a, b"',
    )
    assert (found.version_tag, found.history_time_to_live, found.starter_groups) == ("2", "30", ("a", "b"))
    assert found.nodes[0].initiator == "who"


def test_camunda_error_and_conditional_details():
    found = program(
        '<boundaryEvent id="b" attachedToRef="x"><errorEventDefinition errorRef="e" camunda:errorCodeVariable="c" '
        'camunda:errorMessageVariable="m"/></boundaryEvent>'
        '<intermediateCatchEvent id="i"><conditionalEventDefinition camunda:variableName="v"><condition>'
        "${v}</condition></conditionalEventDefinition></intermediateCatchEvent>",
        '<error id="e" errorCode="7" camunda:errorMessage="no"/>',
    )
    error = found.nodes[0].triggers[0]
    assert (error.code, error.code_variable, error.message_variable, error.message.text) == ("7", "c", "m", "no")
    assert found.nodes[1].triggers[0].variable == "v"


def test_a_listener_is_a_handler_by_the_name_of_its_code():
    listener = '<camunda:executionListener event="start" class="org.acme.L"/>'
    made = reading(f'<task id="a">{ext(listener)}</task>')
    assert "listener_not_run" not in codes(made)
    assert [(place.node, place.handler, place.process) for place in made.missing_handlers] == [("a", "org.acme.L", "p")]


def test_a_python_listener_runs_before_or_after():
    listener = (
        '<camunda:executionListener event="end"><camunda:script scriptFormat="python">x = 1</camunda:script>'
        "</camunda:executionListener>"
    )
    assert node(f'<task id="a">{ext(listener)}</task>').after == nodes.Script(text="x = 1")


# Flowable and Activiti


def test_flowable_form_properties_and_skip_expression():
    form = '<activiti:formProperty id="days" name="Days" type="long" required="true"/>'
    found = program(f'<userTask id="a" activiti:assignee="ann">{ext(form)}</userTask>')
    assert found.forms["a"]["properties"]["days"] == {"type": "integer", "title": "Days"}
    made = reading('<task id="a" flowable:skipExpression="${x}"/>')
    assert "skip_expression_ignored" in codes(made)


def test_flowable_decision_service_task_is_a_rule_task():
    field = '<flowable:field name="decisionTableReferenceKey"><flowable:string>risk</flowable:string></flowable:field>'
    found = node(f'<serviceTask id="a" flowable:type="dmn">{ext(field)}</serviceTask>')
    assert isinstance(found, nodes.BusinessRuleTask) and found.decision == "risk"


@pytest.mark.parametrize("kind", ["mail", "http", "shell"])
def test_flowable_built_in_services_are_handlers_by_their_type(kind):
    field = '<flowable:field name="to" stringValue="a@b"/>'
    work = node(f'<serviceTask id="a" flowable:type="{kind}">{ext(field)}</serviceTask>').work
    assert work.handler == kind and [(m.target, m.source.text) for m in work.parameters] == [("to", "a@b")]


def test_activiti_rules_are_a_handler():
    work = node('<businessRuleTask id="a" activiti:rules="r1" activiti:ruleVariablesInput="${x}"/>').work
    assert work.handler == "rules:r1" and work.style == "unbound"


def test_flowable_data_objects_have_their_value():
    found = program(
        f'<dataObject id="d" name="n" itemSubjectRef="xsd:int">{ext("<flowable:value>5</flowable:value>")}</dataObject>'
    )
    assert (found.data[0].initial.text, found.data[0].initial.language) == ("5", "feel")


def test_flowable_aggregation_collects_an_object_a_round_prefix_or_not():
    inside = (
        '<flowable:variableAggregation target="reviews"><variable source="approved"/>'
        '<flowable:variable sourceExpression="${score * 2}" target="points"/></flowable:variableAggregation>'
    )
    made = reading(
        f'<task id="a"><multiInstanceLoopCharacteristics>{ext(inside)}<loopCardinality>2</loopCardinality>'
        "</multiInstanceLoopCharacteristics></task>"
    )
    loop = made.programs[0].nodes[0].loop
    assert (loop.output_collection, loop.output.text) == ("reviews", '{"approved": approved, "points": score * 2}')
    assert codes(made) == set()


def test_flowable_collection_of_json_is_a_list():
    shown = '<flowable:string>[{"a": 1}]</flowable:string>'
    inside = f'<flowable:collection flowable:class="org.acme.H">{shown}</flowable:collection>'
    made = reading(
        f'<task id="a"><multiInstanceLoopCharacteristics>{ext(inside)}</multiInstanceLoopCharacteristics></task>'
    )
    assert made.programs[0].nodes[0].loop.collection.text == '[{"a": 1}]'
    assert "collection_handler_not_run" in codes(made)


# Camunda 8


def test_zeebe_jobs_mappings_and_headers():
    inside = (
        '<zeebe:taskDefinition type="score" retries="5"/><zeebe:ioMapping><zeebe:input source="= a.b" target="x"/>'
        '<zeebe:output source="=y" target="z"/></zeebe:ioMapping>'
        '<zeebe:taskHeaders><zeebe:header key="h" value="v"/></zeebe:taskHeaders>'
    )
    found = node(f'<serviceTask id="a">{ext(inside)}</serviceTask>')
    assert (found.work.handler, found.work.style, found.work.retries) == ("score", "external", 5)
    assert found.work.headers == {"h": "v"}
    assert [(m.target, m.source.text, m.source.language) for m in found.inputs] == [("x", "= a.b", "camunda8")]
    assert [m.target for m in found.outputs] == ["z"]


def test_zeebe_user_task():
    inside = (
        '<zeebe:userTask/><zeebe:assignmentDefinition assignee="= who" candidateGroups="a, b"/>'
        '<zeebe:formDefinition formId="lead"/><zeebe:priorityDefinition priority="60"/>'
        '<zeebe:taskSchedule dueDate="=now() + duration(&quot;P1D&quot;)"/>'
    )
    found = node(f'<userTask id="a">{ext(inside)}</userTask>')
    assert found.performer.assignee.language == "camunda8"
    assert texts(found.performer.groups) == [("a", "literal"), ("b", "literal")]
    assert (found.form, found.priority.text, found.due.language) == ("lead", "60", "camunda8")


def test_zeebe_embedded_form_becomes_a_schema():
    form = '{"components":[{"type":"textfield","key":"n","label":"N","validate":{"required":true}}]}'
    task = ext('<zeebe:formDefinition formKey="camunda-forms:bpmn:f1"/>')
    made = ext(f'<zeebe:userTaskForm id="f1">{form}</zeebe:userTaskForm>')
    found = program(f'{made}<userTask id="a">{task}</userTask>')
    assert found.nodes[0].form == "f1" and found.forms["f1"]["required"] == ["n"]


def test_zeebe_calls_decisions_scripts_loops_and_correlation():
    found = program(
        f'<callActivity id="c">{ext(_CALLED)}</callActivity>'
        f'<businessRuleTask id="d">{ext(_DECISION)}</businessRuleTask>'
        f'<scriptTask id="s">{ext(_SCRIPT)}</scriptTask>'
        f"<task id='m'><multiInstanceLoopCharacteristics>{ext(_LOOP)}</multiInstanceLoopCharacteristics></task>"
        '<receiveTask id="r" messageRef="msg"/>',
        f'<message id="msg" name="paid">{ext(_KEY)}</message>',
    )
    call, rule, script, many, receive = found.nodes
    assert (call.called.text, call.pass_all_out, call.binding) == ("other", False, "deployment")
    assert (rule.decision, rule.result) == ("risk", "r")
    assert (script.language, script.script, script.result) == ("feel", "a + 1", "b")
    assert (many.loop.collection.text, many.loop.element, many.loop.output_collection) == ("= items", "item", "results")
    assert receive.message.key.text == "= orderId"


_CALLED = '<zeebe:calledElement processId="other" propagateAllChildVariables="false" bindingType="deployment"/>'
_DECISION = '<zeebe:calledDecision decisionId="risk" resultVariable="r"/>'
_SCRIPT = '<zeebe:script expression="= a + 1" resultVariable="b"/>'
_LOOP = (
    '<zeebe:loopCharacteristics inputCollection="= items" inputElement="item" outputCollection="results" '
    'outputElement="= result"/>'
)
_KEY = '<zeebe:subscription correlationKey="= orderId"/>'


def test_zeebe_listeners_of_the_process_are_jobs_of_its_ends():
    listeners = "".join(f'<zeebe:executionListener eventType="{at}" type="audit-{at}"/>' for at in ("start", "end"))
    made = reading(ext(f"<zeebe:executionListeners>{listeners}</zeebe:executionListeners>") + '<task id="a"/>')
    (found,) = made.programs
    assert codes(made) == set()
    assert [(errand.at, errand.work.handler) for errand in found.nodes[0].errands] == [("enter", "audit-start")]
    assert [(work.handler, work.style) for work in found.errands] == [("audit-end", "external")]


def test_the_modellers_platform_counts_where_no_extension_is_used():
    platform = 'xmlns:modeler="http://camunda.org/schema/modeler/1.0" modeler:executionPlatform="Camunda Cloud"'
    data = document('<task id="a"/>').replace(b"targetNamespace", f"{platform} targetNamespace".encode())
    assert read(data).dialect == "camunda8"


# Spiff


def test_spiff_operators_scripts_and_forms():
    inside = (
        '<spiffworkflow:serviceTaskOperator id="http/Get" resultVariable="r"><spiffworkflow:parameters>'
        '<spiffworkflow:parameter id="url" type="str" value="&quot;x&quot;"/></spiffworkflow:parameters>'
        "</spiffworkflow:serviceTaskOperator><spiffworkflow:preScript>a = 1</spiffworkflow:preScript>"
        "<spiffworkflow:postScript>b = 2</spiffworkflow:postScript>"
    )
    found = node(f'<serviceTask id="a">{ext(inside)}</serviceTask>')
    assert (found.work.handler, found.work.result) == ("http/Get", "r")
    assert found.work.parameters[0].source.language == "python"
    assert (found.before.text, found.after.text) == ("a = 1", "b = 2")
    form = (
        '<spiffworkflow:properties><spiffworkflow:property name="formJsonSchemaFilename" value="f.json"/>'
        "</spiffworkflow:properties>"
    )
    assert node(f'<userTask id="a">{ext(form)}</userTask>').form == "f.json"


def test_spiff_message_payload_is_sent_name_by_name_and_received_whole():
    message = (
        "<message id='m' name='order'>"
        + ext(
            "<spiffworkflow:messagePayload>{'a': x, 'b': y + 1}</spiffworkflow:messagePayload>"
            "<spiffworkflow:messageVariable>got</spiffworkflow:messageVariable>"
        )
        + "</message>"
    )
    found = program('<sendTask id="a" messageRef="m"/><receiveTask id="b" messageRef="m"/>', message)
    sent, awaited = (item.message for item in found.nodes)
    assert [(name, expression.text) for name, expression in sent.mappings] == [("a", "x"), ("b", "y + 1")]
    assert awaited.payload == "got" and awaited.mappings == ()


# jBPM


def test_jbpm_people_work_items_and_rules():
    def assigned(name, value):
        return (
            f"<dataInputAssociation><targetRef>{name}X</targetRef><assignment><from>{value}</from><to>{name}X</to>"
            "</assignment></dataInputAssociation>"
        )

    spec = '<ioSpecification><dataInput id="GroupIdX" name="GroupId"/><inputSet/><outputSet/></ioSpecification>'
    found = program(
        f'<userTask id="a">{spec}{assigned("GroupId", "hr,it")}</userTask>'
        '<task id="b" drools:taskName="Rest"/><businessRuleTask id="c" drools:ruleFlowGroup="g"/>'
    )
    user, rest, rule = found.nodes
    assert texts(user.performer.groups) == [("hr", "literal"), ("it", "literal")] and user.inputs == ()
    assert isinstance(rest, nodes.ServiceTask) and rest.work.handler == "Rest"
    assert rule.work.handler == "rules:g"


@pytest.mark.parametrize(("text", "iso"), [("500ms###1s", "R/PT1S"), ("30s", "PT30S"), ("2d", "P2D"), ("5000", "PT5S")])
def test_jbpm_times_in_its_own_units(text, iso):
    start = (
        f'<startEvent id="a" drools:x="y"><timerEventDefinition><timeCycle language="none">{text}</timeCycle>'
        "</timerEventDefinition></startEvent>"
    )
    assert node(start).triggers[0].text.text == iso


# The house's own


def test_our_own_words():
    inside = (
        '<crmflow:promise duration="PT4H" calendar="office"><crmflow:escalation atPercent="75" action="warn"/>'
        '</crmflow:promise><crmflow:worth tag="VA" touchMinutes="5"><crmflow:text locale="zh-CN">快</crmflow:text>'
        '</crmflow:worth><crmflow:text locale="en">Check</crmflow:text>'
        "<crmflow:candidateGroup>customer.team</crmflow:candidateGroup>"
    )
    found = node(
        f'<userTask id="a" crmflow:form="lead" crmflow:assignee="=owner" crmflow:actions="yes, no" '
        f'crmflow:signMode="all" crmflow:excludePerformersOf="b" crmflow:due="=due">{ext(inside)}</userTask>'
    )
    assert (found.form, found.actions, found.due.text) == ("lead", ("yes", "no"), "due")
    assert (found.performer.assignee.text, found.performer.assignee.language) == ("owner", "feel")
    assert texts(found.performer.groups) == [("customer.team", "feel")]
    assert (found.performer.sign_mode, found.performer.exclude_performers_of) == ("all", ("b",))
    assert (found.promise.duration, found.promise.ladder[0].at_percent) == ("PT4H", 75)
    assert (found.worth.tag, found.worth.value, found.texts) == ("VA", {"zh-CN": "快"}, {"en": "Check"})


def test_our_handlers_in_short_and_in_full():
    assert node('<serviceTask id="a" crmflow:handler="notify"/>').work.style == "builtin"
    full = ext(
        '<crmflow:work handler="x" style="external" retries="1"><crmflow:parameter target="t">u</crmflow:parameter>'
        "</crmflow:work>"
    )
    work = node(f'<serviceTask id="a">{full}</serviceTask>').work
    assert (work.handler, work.style, work.retries, work.parameters[0].target) == ("x", "external", 1, "t")


# Nobody's


def test_an_unknown_vendors_words_are_named_once():
    made = reading('<task id="a" acme:magic="1"/><task id="b" acme:magic="2"/>' + ext("<acme:thing/>"))
    told = [item for item in made.problems if item.code == "extension_not_understood"]
    assert len(told) == 2 and all(item.severity == "warning" for item in told)
    assert any("acme.example/bpmn}magic" in item.text["en"] and item.element == "a" for item in told)


def test_an_unknown_element_in_a_process_is_an_error():
    made = reading('<usertask id="a"/>')
    (problem,) = [item for item in made.problems if item.code == "element_not_understood"]
    assert problem.severity == "error" and problem.line == 4


def test_the_dialect_is_recognised_by_what_is_used_not_by_what_is_declared():
    assert read(document('<task id="a"/>')).dialect == "plain"
    assert read(document('<task id="a" camunda:asyncBefore="true"/>')).dialect == "camunda7"
    assert read(document('<task id="a" activiti:async="true"/>')).dialect == "flowable"
    assert read(document(f'<task id="a">{ext("<zeebe:properties/>")}</task>')).dialect == "camunda8"
