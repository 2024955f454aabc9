"""What vendors' models add to BPMN is not only read but carried out."""

from engine.evaluation import HouseEvaluator
from engine.simulation.play import play
from tests.unit.bpmn.drawn import ext, program

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
