"""What vendors' models add to BPMN is not only read but carried out."""

from xml.sax.saxutils import escape

import pytest

from engine.evaluation import HouseEvaluator
from engine.model import nodes
from engine.play.shelf import Shelf
from engine.simulation.play import play
from tests.unit.bpmn.drawn import ext, program, reading

WAY = '<sequenceFlow id="f" sourceRef="s" targetRef="a"/><sequenceFlow id="g" sourceRef="a" targetRef="e"/>'
ENDS = f'<startEvent id="s"/><endEvent id="e"/>{WAY}'


def played(inside: str, roots: str = "", **data):
    found = play(program(ENDS + inside, roots), evaluator=HouseEvaluator(), data=data)
    assert found.ended, found.problems
    return found


def test_scripts_before_and_after_an_activity():
    scripts = (
        "<spiffworkflow:preScript>x = n + 1</spiffworkflow:preScript>"
        "<spiffworkflow:postScript>y = x * 2</spiffworkflow:postScript>"
    )
    found = played(f'<manualTask id="a">{ext(scripts)}</manualTask>', n=1)
    assert (found.variables["x"], found.variables["y"]) == (2, 4)


def test_a_variable_holds_the_number_of_the_instance():
    loop = (
        '<multiInstanceLoopCharacteristics isSequential="true" flowable:elementIndexVariable="i">'
        + ext('<flowable:variableAggregation target="all"><variable source="i"/></flowable:variableAggregation>')
        + "<loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    assert played(f'<task id="a">{loop}</task>').variables["all"] == [{"i": 0}, {"i": 1}, {"i": 2}]


def test_the_name_of_a_message_may_be_computed():
    found = played(
        '<intermediateThrowEvent id="a"><messageEventDefinition messageRef="m"/></intermediateThrowEvent>',
        '<message id="m" name="order-${number}" camunda:x="y"/>',
        number="7",
    )
    assert "order-7" in [fact.name for fact in found.facts if type(fact).__name__ == "EventThrown"]


def test_a_service_that_is_only_a_value_sets_its_result():
    found = played('<serviceTask id="a" camunda:expression="${n * 2}" camunda:resultVariable="r"/>', n=4)
    assert found.variables["r"] == 8


LISTENERS = [
    ("start", "javascript", 'execution.setVariable("x", 1 + n)'),
    ("end", "javascript", 'var y = n; execution.setVariable("x", y + 1);'),
    ("start", "groovy", 'println "hello"; execution.setVariable("x", n + 1)'),
    ("end", "python", "x = n + 1"),
]


@pytest.mark.parametrize(("event", "language", "script"), LISTENERS)
def test_a_listeners_script_whose_meaning_is_certain_runs(event, language, script):
    words = escape(script)
    listener = f'<camunda:executionListener event="{event}"><camunda:script scriptFormat="{language}">{words}' + (
        "</camunda:script></camunda:executionListener>"
    )
    assert played(f'<manualTask id="a">{ext(listener)}</manualTask>', n=1).variables["x"] == 2


@pytest.mark.parametrize("opening", ["$", "#"])
def test_a_listeners_expression_that_sets_a_variable_runs(opening):
    listener = f'<camunda:executionListener event="end" expression="{opening}{{execution.setVariable(\'x\', n + 1)}}"/>'
    assert played(f'<manualTask id="a">{ext(listener)}</manualTask>', n=1).variables["x"] == 2


def test_listeners_of_one_event_run_in_their_order():
    one = '<camunda:executionListener event="start"><camunda:script scriptFormat="python">{}</camunda:script>' + (
        "</camunda:executionListener>"
    )
    found = played(f'<manualTask id="a">{ext(one.format("x = n + 1") + one.format("y = x * 10"))}</manualTask>', n=1)
    assert found.variables["y"] == 20


OTHER_MOMENTS = [
    ('executionListener event="take"', "manualTask", "take"),
    ('taskListener event="update"', "userTask", "update"),
    ('taskListener event="delete"', "userTask", "delete"),
    ('taskListener event="timeout"', "userTask", "timeout"),
    ('taskListener event="assignment"', "userTask", "assignment"),
]


@pytest.mark.parametrize(("listener", "kind", "event"), OTHER_MOMENTS)
def test_a_listener_of_a_moment_that_does_not_exist_here_is_named_with_its_reason(listener, kind, event):
    made = reading(f'<{kind} id="a">{ext(f"""<camunda:{listener} class="org.acme.L"/>""")}</{kind}>')
    (problem,) = [problem for problem in made.problems if problem.code == "listener_not_run"]
    assert f"org.acme.L ({event})" in problem.text["en"] and "org.acme.L" in problem.text["zh-CN"]
    assert problem.element == "a" and problem.severity == "warning"
    assert made.programs[0].nodes[0].errands == ()


def test_the_entry_script_of_a_jbpm_task_runs_where_its_meaning_is_certain():
    entry = '<drools:onEntry-script scriptFormat="http://www.java.com/java"><drools:script>' + (
        'kcontext.setVariable("x", n + 1);</drools:script></drools:onEntry-script>'
    )
    assert played(f'<manualTask id="a">{ext(entry)}</manualTask>', n=1).variables["x"] == 2


GLOBAL = [
    ('<globalTask id="g" name="G"/>', nodes.Task),
    ('<globalUserTask id="g" name="G"/>', nodes.UserTask),
    ('<globalManualTask id="g" name="G"/>', nodes.ManualTask),
    (
        '<globalScriptTask id="g" name="G" scriptLanguage="python"><script>x = 1</script></globalScriptTask>',
        nodes.ScriptTask,
    ),
    ('<globalBusinessRuleTask id="g" name="G"/>', nodes.BusinessRuleTask),
]


@pytest.mark.parametrize(("root", "kind"), GLOBAL)
def test_calling_a_global_task_is_doing_it(root, kind):
    made = reading('<callActivity id="a" calledElement="g"/>', root)
    (node,) = made.programs[0].nodes
    assert (type(node), node.id, node.name) == (kind, "a", "G")
    assert not {problem.code for problem in made.problems} & {"global_task_not_run", "element_not_understood"}


def test_a_called_global_script_runs_and_the_calls_own_words_go_before():
    root = '<globalScriptTask id="g" name="G" scriptLanguage="python"><script>x = n + 1</script></globalScriptTask>'
    call = '<callActivity id="a" name="Mine" calledElement="g"/>'
    assert program(call, root).nodes[0].name == "Mine"
    assert played(call, root, n=1).variables["x"] == 2


def test_a_global_task_gives_its_people_to_whoever_calls_it():
    root = (
        '<globalUserTask id="g"><potentialOwner><resourceAssignmentExpression><formalExpression>group(sales)'
        "</formalExpression></resourceAssignmentExpression></potentialOwner></globalUserTask>"
    )
    (node,) = program('<callActivity id="a" calledElement="g"/>', root).nodes
    assert [group.text for group in node.performer.groups] == ["sales"]


def test_a_global_task_that_nobody_calls_is_named():
    found = [problem.code for problem in reading('<task id="a"/>', '<globalUserTask id="g"/>').problems]
    assert "global_task_not_run" in found


def test_a_case_that_is_called_is_named_with_what_happens():
    (problem,) = [
        problem
        for problem in reading('<callActivity id="a" camunda:caseRef="claims"/>').problems
        if problem.code == "case_not_supported"
    ]
    assert "claims" in problem.text["en"] and "claims" in problem.text["zh-CN"] and problem.element == "a"


def test_a_mapping_with_dots_nests_in_the_variables():
    """Camunda 8: the target's dots are keys, and what stood beside them stays."""
    io = (
        '<zeebe:ioMapping><zeebe:output source="=1" target="order.customer.id"/>'
        '<zeebe:output source="=2" target="order.total"/></zeebe:ioMapping>'
    )
    found = played(f'<manualTask id="a">{ext(io)}</manualTask>', order={"no": "7"})
    assert found.variables["order"] == {"no": "7", "customer": {"id": 1}, "total": 2}


def test_an_input_with_dots_is_seen_nested_inside_the_activity_alone():
    io = (
        '<zeebe:ioMapping><zeebe:input source="=n" target="given.number"/></zeebe:ioMapping>'
        '<zeebe:script expression="=given.number + 1" resultVariable="r"/>'
    )
    found = played(f'<scriptTask id="a">{ext(io)}</scriptTask>', n=1)
    assert found.variables["r"] == 2 and "given" not in found.variables


def test_an_event_of_a_registry_is_a_message_by_its_key():
    held = ext(
        "<flowable:eventType>orderPlaced</flowable:eventType>"
        '<flowable:eventOutParameter source="no" target="orderNo"/>'
        '<flowable:eventCorrelationParameter name="customer" value="${customer}"/>'
    )
    (trigger,) = program(f'<startEvent id="s">{held}</startEvent>').nodes[0].triggers
    assert (trigger.name, trigger.key.text) == ("orderPlaced", "${customer}")
    assert [(name, source.text) for name, source in trigger.mappings] == [("orderNo", "no")]


@pytest.mark.parametrize(("said", "topic"), [("mail", "mail"), ('="mail"', "mail"), ('= "mail" ', "mail")])
def test_a_job_type_that_is_a_text_is_its_topic(said, topic):
    definition = f"<zeebe:taskDefinition type='{said}'/>"
    made = reading(f'<serviceTask id="a">{ext(definition)}</serviceTask>')
    assert made.programs[0].nodes[0].work.handler == topic
    assert "job_type_computed" not in {problem.code for problem in made.problems}


def test_a_computed_job_type_is_computed_when_the_job_begins():
    definition = "<zeebe:taskDefinition type='=&quot;send-&quot; + channel'/>"
    found = played(f'<serviceTask id="a">{ext(definition)}</serviceTask>', channel="mail")
    assert [fact.handler for fact in found.facts if type(fact).__name__ == "JobCreated"] == ["send-mail"]


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_a_computed_code_is_computed_by_its_throw(kind):
    code = "errorCode" if kind == "error" else "escalationCode"
    inside = (
        f'<startEvent id="s"/><subProcess id="a"><startEvent id="i"/><endEvent id="j">'
        f'<{kind}EventDefinition {kind}Ref="x"/></endEvent><sequenceFlow id="h" sourceRef="i" targetRef="j"/>'
        f'</subProcess><boundaryEvent id="b" attachedToRef="a"><{kind}EventDefinition {kind}Ref="y"/></boundaryEvent>'
        f'<endEvent id="caught"/><sequenceFlow id="g" sourceRef="b" targetRef="caught"/><endEvent id="e"/>{WAY}'
    )
    roots = f'<{kind} id="x" {code}="=code"/><{kind} id="y" {code}="=&quot;E1&quot;"/><message id="m" zeebe:x="1"/>'
    found = play(program(inside, roots), evaluator=HouseEvaluator(), data={"code": "E1"})
    assert found.ended and "caught" in [fact.node for fact in found.facts], found.problems


def test_a_computed_code_of_a_catch_is_named():
    inside = '<manualTask id="a"/><boundaryEvent id="b" attachedToRef="a"><errorEventDefinition errorRef="x"/>' + (
        "</boundaryEvent>"
    )
    made = reading(inside, '<error id="x" errorCode="=code"/><message id="m" zeebe:x="1"/>')
    assert "code_computed" in {problem.code for problem in made.problems}


def test_a_calls_mappings_with_dots_go_in_and_come_back_nested():
    held = ext(
        '<zeebe:calledElement processId="q" propagateAllParentVariables="false" propagateAllChildVariables="false"/>'
        '<zeebe:ioMapping><zeebe:input source="=n" target="order.number"/>'
        '<zeebe:output source="=order.number + 1" target="answer.number"/></zeebe:ioMapping>'
    )
    called = (
        '<process id="q"><startEvent id="qs"/><endEvent id="qe"/>'
        '<sequenceFlow id="qf" sourceRef="qs" targetRef="qe"/></process>'
    )
    made = reading(f'{ENDS}<callActivity id="a">{held}</callActivity>', called)
    q, p = made.programs
    found = play(p, evaluator=HouseEvaluator(), data={"n": 1, "answer": {"by": "q"}}, library=Shelf([p, q]))
    assert found.variables["answer"] == {"by": "q", "number": 2} and "order" not in found.variables
