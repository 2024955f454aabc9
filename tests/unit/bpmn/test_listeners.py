"""Code that other engines call beside an activity: handlers by the code's own name, done when their moment comes."""

import pytest

from engine.bpmn import survey, write
from engine.bpmn.read import read
from engine.evaluation import HouseEvaluator
from engine.model import nodes
from engine.simulation.play import play
from tests.unit.bpmn.drawn import codes, document, ext, program, reading

WAY = '<sequenceFlow id="f" sourceRef="s" targetRef="a"/><sequenceFlow id="g" sourceRef="a" targetRef="e"/>'
ENDS = f'<startEvent id="s"/><endEvent id="e"/>{WAY}'


def listener(attributes: str, inside: str = "", kind: str = "executionListener", vendor: str = "camunda") -> str:
    return ext(f"<{vendor}:{kind} {attributes}>{inside}</{vendor}:{kind}>")


def told(made, node: str = "a") -> list[tuple[str, str]]:
    (found,) = [one for one in made.programs[0].nodes if one.id == node]
    return [(errand.at, errand.work.handler) for errand in found.errands]


def jobs(inside: str, roots: str = "", **data) -> list[str]:
    """The handlers whose jobs are created when it is played, in their order."""
    found = play(program(inside, roots), evaluator=HouseEvaluator(), data=data)
    assert found.ended, found.problems
    return [fact.handler for fact in found.facts if type(fact).__name__ == "JobCreated"]


CODE = [
    ('class="org.acme.L"', "", "org.acme.L"),
    ('delegateExpression="${bean}"', "", "${bean}"),
    ('expression="${bean.log()}"', "", "bean.log"),
    ('expression="#{bean.log(execution)}"', "", "bean.log"),
    ('expression="${a.b.log(x, 1)}"', "", "a.b.log"),
    ('expression="${bean.log() + 1}"', "", "${bean.log() + 1}"),
    ("expression=\"${execution.setVariable('x', bean.get())}\"", "", "${execution.setVariable('x', bean.get())}"),
    ("", '<camunda:script scriptFormat="groovy">if (n) { x = 1 }</camunda:script>', "groovy a.start"),
    ("", '<camunda:script scriptFormat="ruby">puts 1</camunda:script>', "ruby a.start"),
    ("", "", "script a.start"),
]


@pytest.mark.parametrize(("attributes", "inside", "handler"), CODE)
def test_code_becomes_a_handler_by_its_own_name(attributes, inside, handler):
    made = reading(f'<manualTask id="a">{listener(f"""event="start" {attributes}""", inside)}</manualTask>')
    assert told(made) == [("start", handler)]
    assert [place.handler for place in made.missing_handlers] == [handler]
    assert "listener_not_run" not in codes(made)


MOMENTS = [
    ("executionListener", "start", "camunda", ["start"]),
    ("executionListener", "end", "camunda", ["end"]),
    ("executionListener", "start", "activiti", ["start"]),
    ("executionListener", "end", "flowable", ["end"]),
    ("taskListener", "create", "camunda", ["start"]),
    ("taskListener", "complete", "flowable", ["end"]),
    ("taskListener", "all", "activiti", ["start", "end"]),
]


@pytest.mark.parametrize(("kind", "event", "vendor", "moments"), MOMENTS)
def test_each_event_has_its_moment(kind, event, vendor, moments):
    words = listener(f'event="{event}" class="L"', kind=kind, vendor=vendor)
    assert told(reading(f'<userTask id="a">{words}</userTask>')) == [(moment, "L") for moment in moments]


def test_who_is_assigned_by_the_drawing_is_assigned_at_the_start():
    words = listener('event="assignment" class="L"', kind="taskListener")
    assert told(reading(f'<userTask id="a" camunda:assignee="ann">{words}</userTask>')) == [("start", "L")]
    assert "listener_not_run" in codes(reading(f'<userTask id="a">{words}</userTask>'))


def test_a_listeners_fields_are_the_jobs_parameters():
    field = '<camunda:field name="to" stringValue="x"/><camunda:field name="n">' + (
        "<camunda:expression>${m}</camunda:expression>"
    )
    words = listener('event="start" class="L"', field + "</camunda:field>")
    (errand,) = program(f'<task id="a">{words}</task>').nodes[0].errands
    assert [(one.target, one.source.text, one.source.language) for one in errand.work.parameters] == [
        ("to", "x", "literal"),
        ("n", "${m}", "juel"),
    ]
    assert errand.work.headers == {"event": "start"} and errand.work.style == "unbound"


def test_listeners_of_flows_processes_and_events_are_done_when_their_moment_comes():
    inside = (
        listener('event="start" class="begins"')
        + '<startEvent id="s"/>'
        + f'<intermediateThrowEvent id="a">{listener("""event="end" class="thrown" """)}</intermediateThrowEvent>'
        + f'<endEvent id="e">{listener("""event="start" class="at the end" """)}</endEvent>'
        + f'<sequenceFlow id="f" sourceRef="s" targetRef="a">{listener("""event="take" class="on the way" """)}'
        + '</sequenceFlow><sequenceFlow id="g" sourceRef="a" targetRef="e"/>'
    )
    assert jobs(inside) == ["begins", "on the way", "thrown", "at the end"]
    over = ENDS + '<manualTask id="a"/>'
    assert jobs(listener('event="end" class="over"') + over) == ["over"]


def test_a_process_without_a_start_event_is_begun_at_its_first_node():
    inside = listener('event="start" class="begins"') + '<task id="a"/><task id="b"/>'
    found = program(inside)
    assert [[errand.work.handler for errand in node.errands] for node in found.nodes] == [["begins"], []]


def test_an_event_listener_of_activiti_is_named():
    made = reading(
        listener('events="TASK_CREATED" class="L"', kind="eventListener", vendor="activiti") + '<task id="a"/>'
    )
    (problem,) = [one for one in made.problems if one.code == "listener_not_run"]
    assert "L (TASK_CREATED)" in problem.text["en"]


ZEEBE = [
    ("executionListener", "start", ["start"]),
    ("executionListener", "end", ["end"]),
    ("taskListener", "creating", ["start"]),
    ("taskListener", "completing", ["end"]),
]


@pytest.mark.parametrize(("kind", "event", "moments"), ZEEBE)
def test_a_listener_of_camunda_8_is_a_job_of_its_type(kind, event, moments):
    words = f'<zeebe:{kind}s><zeebe:{kind} eventType="{event}" type="audit" retries="5"/></zeebe:{kind}s>'
    (node,) = program(f'<userTask id="a">{ext(words)}</userTask>').nodes
    assert [errand.at for errand in node.errands] == moments
    (work,) = [errand.work for errand in node.errands]
    assert (work.handler, work.style, work.retries, work.headers) == ("audit", "external", 5, {"event": event})


@pytest.mark.parametrize("event", ["updating", "canceling"])
def test_a_task_listener_of_camunda_8_without_a_moment_is_named(event):
    words = f'<zeebe:taskListeners><zeebe:taskListener eventType="{event}" type="audit"/></zeebe:taskListeners>'
    assert "listener_not_run" in codes(reading(f'<userTask id="a">{ext(words)}</userTask>'))


def test_a_computed_type_of_a_listener_is_computed():
    words = (
        '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="=kind"/></zeebe:executionListeners>'
    )
    assert jobs(f'{ENDS}<manualTask id="a">{ext(words)}</manualTask>', kind="audit") == ["audit"]


def test_a_jbpm_entry_script_of_other_statements_is_a_handler():
    entry = '<drools:onEntry-script scriptFormat="http://www.java.com/java"><drools:script>while (true) {}' + (
        "</drools:script></drools:onEntry-script>"
    )
    assert told(reading(f'<manualTask id="a">{ext(entry)}</manualTask>')) == [
        ("start", "http://www.java.com/java a.start")
    ]


# Variable mapping classes


@pytest.mark.parametrize(
    "attribute", ['camunda:variableMappingClass="org.Map"', 'camunda:variableMappingDelegateExpression="${org.Map}"']
)
def test_a_variable_mapping_class_is_asked_before_and_after_the_call(attribute):
    made = reading(f'<callActivity id="a" calledElement="q" {attribute}/>')
    (node,) = made.programs[0].nodes
    assert [(errand.at, errand.work.headers) for errand in node.errands] == [
        ("start", {"event": "in"}),
        ("end", {"event": "out"}),
    ]
    assert {"org.Map"} == {errand.work.handler.strip("${}") for errand in node.errands}


# Code in expressions


def test_a_condition_asks_code_elsewhere_before_the_gateway_chooses():
    inside = (
        '<startEvent id="s"/><exclusiveGateway id="a" default="n"/><endEvent id="yes"/><endEvent id="no"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="a"/><sequenceFlow id="n" sourceRef="a" targetRef="no"/>'
        '<sequenceFlow id="y" sourceRef="a" targetRef="yes"><conditionExpression>${bean.good(order.id)}'
        "</conditionExpression></sequenceFlow>"
    )
    (gateway,) = [node for node in program(inside).nodes if node.id == "a"]
    (errand,) = gateway.errands
    assert (errand.at, errand.work.handler, errand.work.result) == ("enter", "bean.good", "bean.good(order.id)")
    assert [(one.target, one.source.text) for one in errand.work.parameters] == [("arg1", "order.id")]
    assert jobs(inside, order={"id": 1}) == ["bean.good"]


PLACES = [
    ('<userTask id="a" camunda:assignee="${b.c()}"/>', "a", "start"),
    ('<userTask id="a" camunda:candidateGroups="${b.c()}, x"/>', "a", "start"),
    ('<userTask id="a" camunda:dueDate="${b.c()}"/>', "a", "start"),
    ('<userTask id="a" camunda:priority="${b.c()}"/>', "a", "start"),
    ('<callActivity id="a" calledElement="${b.c()}"/>', "a", "start"),
    ('<businessRuleTask id="a" camunda:decisionRef="${b.c()}"/>', "a", "start"),
    (
        '<task id="a"><extensionElements><camunda:inputOutput><camunda:inputParameter name="x">${b.c()}'
        "</camunda:inputParameter></camunda:inputOutput></extensionElements></task>",
        "a",
        "inputs",
    ),
    (
        '<task id="a"><extensionElements><camunda:inputOutput><camunda:outputParameter name="x">${b.c()}'
        "</camunda:outputParameter></camunda:inputOutput></extensionElements></task>",
        "a",
        "end",
    ),
    (
        '<task id="a"><multiInstanceLoopCharacteristics camunda:collection="${b.c()}"/></task>',
        "a",
        "enter",
    ),
    (
        '<task id="a"><multiInstanceLoopCharacteristics><loopCardinality>${b.c()}</loopCardinality>'
        "</multiInstanceLoopCharacteristics></task>",
        "a",
        "enter",
    ),
    (
        '<task id="a"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality><completionCondition>'
        "${b.c()}</completionCondition></multiInstanceLoopCharacteristics></task>",
        "a",
        "end",
    ),
    (
        '<intermediateCatchEvent id="a"><timerEventDefinition><timeDuration>${b.c()}</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>",
        "a",
        "enter",
    ),
    (
        '<userTask id="u"/><boundaryEvent id="a" attachedToRef="u"><timerEventDefinition><timeDuration>${b.c()}'
        "</timeDuration></timerEventDefinition></boundaryEvent>",
        "u",
        "enter",
    ),
    (
        '<eventBasedGateway id="g"/><intermediateCatchEvent id="a"><timerEventDefinition><timeDuration>${b.c()}'
        "</timeDuration></timerEventDefinition></intermediateCatchEvent>"
        '<sequenceFlow id="x" sourceRef="g" targetRef="a"/>',
        "g",
        "enter",
    ),
    (
        '<subProcess id="p1"><subProcess id="v" triggeredByEvent="true"><startEvent id="a"><timerEventDefinition>'
        "<timeDuration>${b.c()}</timeDuration></timerEventDefinition></startEvent></subProcess></subProcess>",
        "p1",
        "start",
    ),
    (
        '<task id="a"/><task id="z"/><sequenceFlow id="x" sourceRef="a" targetRef="z"><conditionExpression>${b.c()}'
        "</conditionExpression></sequenceFlow>",
        "a",
        "leave",
    ),
]


@pytest.mark.parametrize(("inside", "node", "moment"), PLACES)
def test_an_expression_is_asked_for_in_time(inside, node, moment):
    found = program(inside)
    asked = {one.id: [(errand.at, errand.work.handler) for errand in one.errands] for one in found.nodes if one.errands}
    assert asked == {node: [(moment, "b.c")]}


TOO_LATE = [
    '<intermediateCatchEvent id="a"><conditionalEventDefinition><condition>${b.c()}</condition>'
    "</conditionalEventDefinition></intermediateCatchEvent>",
    '<adHocSubProcess id="a"><task id="t"/><completionCondition>${b.c()}</completionCondition></adHocSubProcess>',
    '<startEvent id="a"><timerEventDefinition><timeDuration>${b.c()}</timeDuration></timerEventDefinition>'
    "</startEvent>",
]


@pytest.mark.parametrize("inside", TOO_LATE)
def test_where_nobody_can_be_asked_in_time_the_call_is_an_error_of_the_draft(inside):
    (problem,) = [
        one for one in survey.survey(document(inside), file="x.bpmn")[1] if one.code == "expression_unreadable"
    ]
    assert "b.c" in problem.text["en"] and "b.c" in problem.text["zh-CN"] and problem.severity == "error"


def test_a_call_within_a_call_is_made_first():
    found = program('<userTask id="a" camunda:assignee="${b.c(d.e(x), 1)}"/>').nodes[0]
    assert [errand.work.result for errand in found.errands] == ["d.e(x)", "b.c(d.e(x), 1)"]
    assert found.errands[1].work.parameters[0].source.text == "`d.e(x)`"


def test_the_same_call_at_the_same_moment_is_made_once():
    found = program('<userTask id="a" camunda:assignee="${b.c()}" camunda:candidateUsers="${b.c()}, ${b.d()}"/>')
    assert [errand.work.handler for errand in found.nodes[0].errands] == ["b.c", "b.d"]


def test_a_service_that_is_a_call_is_the_handler_itself_with_its_arguments():
    found = program('<serviceTask id="a" camunda:expression="${b.c(x, d.e())}" camunda:resultVariable="r"/>').nodes[0]
    assert isinstance(found, nodes.ServiceTask) and found.work is not None
    assert (found.work.handler, found.work.result) == ("b.c", "r")
    assert [one.source.text for one in found.work.parameters] == ["x", "`d.e()`"]
    assert [errand.work.handler for errand in found.errands] == ["d.e"]


# In and out

WRITTEN = [
    f'<manualTask id="a">{listener("""event="start" class="L" """, """<camunda:field name="x" stringValue="1"/>""")}'
    "</manualTask>",
    '<userTask id="a" camunda:assignee="${b.c(d.e(x), 1)}"/>',
    '<callActivity id="a" calledElement="q" camunda:variableMappingClass="org.Map"/>',
    '<serviceTask id="a" camunda:expression="${b.c(x)}"/>',
    f'<serviceTask id="a">{ext("<zeebe:taskDefinition type=" + chr(39) + "=kind" + chr(39) + "/>")}</serviceTask>',
    f'<sequenceFlow id="z" sourceRef="s" targetRef="e">{listener("""class="L" """)}</sequenceFlow><task id="a"/>',
    listener('event="end" class="over"') + '<task id="a"/>',
    listener('event="start" class="begins"') + '<task id="a"/>',
]


@pytest.mark.parametrize("inside", WRITTEN)
def test_what_is_written_reads_back_equal(inside):
    found = read(document(ENDS + inside)).programs[0]
    again = read(write.write(found))
    assert again.programs[0].sha256 == found.sha256
    assert {one.code for one in again.problems if one.severity == "error"} == set()


def test_an_errand_of_our_own_has_a_moment_that_exists():
    made = reading(f'<task id="a">{ext("""<crmflow:errand at="noon" handler="x"/>""")}</task>')
    (problem,) = [one for one in made.problems if one.code == "errand_moment"]
    assert "noon" in problem.text["en"] and "noon" in problem.text["zh-CN"] and problem.line
    assert made.programs[0].nodes[0].errands == ()


def test_work_without_a_message_reads_back_without_one():
    words = ext('<crmflow:work handler="mail"/>')
    found = program(f'{ENDS}<sendTask id="a">{words}</sendTask>')
    task = next(node for node in found.nodes if node.id == "a")
    assert isinstance(task, nodes.SendTask) and task.message is None
    assert read(write.write(found)).programs[0].sha256 == found.sha256
