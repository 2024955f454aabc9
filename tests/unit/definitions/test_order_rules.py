"""A parameter that is called like a variable hides it from those after it: told with its place, and put right."""

from itertools import permutations
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn import read, survey
from engine.definitions import checks, order_rules
from engine.definitions.graph import Graph
from engine.evaluation import HouseEvaluator
from engine.model import nodes, triggers
from engine.model.expression import Expression, Mapping
from engine.model.problem import Problem
from engine.model.program import DataItem, Program
from engine.model.text import EN, ZH
from engine.ports import JobAnswer, JobCall
from tests.house import house
from tests.unit.bpmn.drawn import document
from tests.unit.definitions.build import end, feel, program, start

FORMS = {"f": {"type": "object", "properties": {"subject": {"type": "string"}, "guest": {"type": "object"}}}}


def entries(*written: str, line: int = 0) -> tuple[Mapping, ...]:
    """From ``"target = source"``; a source in quotes is a text."""
    found = []
    for one in written:
        target, source = one.split(" = ")
        said = Expression(text=source[1:-1], language="literal") if source.startswith("'") else feel(source)
        found.append(Mapping(target=target, source=msgspec.structs.replace(said, line=line)))
    return tuple(found)


def telling(*written: str, line: int = 0, **fields: Any) -> Program:
    work = nodes.Work(handler="notify", parameters=entries(*written, line=line))
    tell = nodes.ServiceTask(id="tell", name="Tell", line=7, work=work)
    return program(start(), tell, end(), "start > tell > end", **{"forms": FORMS, **fields})


def told(made: Program) -> list[Problem]:
    return [one for one in checks.check(made) if one.code == "variable_hidden"]


@pytest.mark.parametrize(
    ("written", "hidden"),
    [
        (("subject = 'News'", "text = subject"), True),
        (("text = subject", "subject = 'News'"), False),
        (("guest = guest.id", "name = guest.name"), True),
        (("name = guest.name", "guest = guest.id"), False),
        (("guest = guest", "name = guest.name"), False),  # carried over as it is
        (("guest = 'guest'", "name = guest.name"), True),  # a text that only looks like it
        (("sum = 1 + 2", "text = sum"), False),  # no variable: there to be used further down
        (("customer = customer.id", "name = customer.name"), True),  # the engine's own
        (("subject = 'a'", "subject = subject + 'b'"), False),  # goes on with itself
        (("subject = 'a'", "text = 'subject'"), False),
        (("subject = 'a'", "text = {subject: 1}.subject"), False),
        (("subject = 'a'", "text = for subject in [1] return subject"), False),
        (("subject = 'a'", "text = ((("), False),  # unreadable: told by another rule
        (("guest.id = 7", "name = guest.name"), True),  # makes a guest of its own
        (("subject = 'a'",), False),
        ((), False),
    ],
)
def test_what_hides_a_variable_from_what_comes_after_it(written: tuple[str, ...], hidden: bool) -> None:
    assert bool(told(telling(*written))) is hidden


def test_the_place_and_both_names_are_told_in_both_languages() -> None:
    (problem,) = told(telling("to = 'x'", "subject = 'News'", "text = subject"))
    assert (problem.element, problem.name, problem.line, problem.severity) == ("tell", "Tell", 7, "warning")
    assert "subject" in problem.text[EN] and "text" in problem.text[EN]
    assert "“subject”" in problem.text[ZH] and "“text”" in problem.text[ZH]
    assert problem.mend == {ZH: "把“subject”移到“text”之后", EN: "Put subject behind text"}


def test_the_line_is_that_of_the_entry_that_reads_it_where_it_has_one() -> None:
    (problem,) = told(telling("subject = 'News'", "text = subject", line=12))
    assert (problem.line, problem.fix) == (12, "put_behind")


def test_what_process_json_says_is_told_without_a_mend_of_the_drawing() -> None:
    (problem,) = told(telling("subject = 'News'", "text = subject"))
    assert problem.fix == "" and problem.mend


def test_where_no_order_helps_another_name_is_advised() -> None:
    (problem,) = told(telling("subject = guest", "guest = subject", line=3))
    assert problem.fix == "" and problem.mend[EN] == "Give the parameter subject another name"
    assert problem.mend[ZH] == "把参数“subject”改名"


@pytest.mark.parametrize(
    "fields",
    [
        {"forms": FORMS},
        {"forms": {}, "data": (DataItem(id="d", name="subject"),)},
        {"forms": {}, "inputs": ("subject",)},
        {"forms": {}, "parameters": {"subject": 1}},
    ],
)
def test_a_variable_is_what_holds_something_when_the_step_begins(fields: dict[str, Any]) -> None:
    assert told(telling("subject = 'News'", "text = subject", **fields))
    assert not told(telling("subject = 'News'", "text = subject", forms={}))


@pytest.mark.parametrize(
    "writer",
    [
        nodes.ScriptTask(id="w", script="1", result="subject"),
        nodes.Task(id="w", outputs=entries("subject = 1")),
        nodes.Task(id="w", outputs=entries("subject.a = 1")),
        nodes.ServiceTask(id="w", work=nodes.Work(handler="h", result="subject")),
        nodes.Task(id="w", loop=nodes.MultiInstance(element="subject")),
        nodes.CatchEvent(id="w", triggers=(triggers.Message(name="m", payload="subject"),)),
    ],
)
def test_what_another_step_writes_is_a_variable(writer: nodes.Node) -> None:
    made = telling("subject = 'News'", "text = subject", forms={})
    assert not told(made)
    assert told(msgspec.structs.replace(made, nodes=(*made.nodes, writer)))


def test_what_another_steps_parameters_are_called_is_none() -> None:
    made = telling("subject = 'News'", "text = subject", forms={})
    other = nodes.ServiceTask(id="o", work=nodes.Work(handler="h", parameters=entries("subject = 1", "b = 2")))
    assert not told(msgspec.structs.replace(made, nodes=(*made.nodes, other)))


@pytest.mark.parametrize(
    "node",
    [
        nodes.Task(id="n", inputs=entries("subject = 'a'", "text = subject")),
        nodes.UserTask(id="n", inputs=entries("subject = 'a'", "text = subject")),
        nodes.CallActivity(id="n", inputs=entries("subject = 'a'", "text = subject")),
        nodes.ThrowEvent(id="n", inputs=entries("subject = 'a'", "text = subject")),
        nodes.Task(
            id="n",
            errands=(
                nodes.Errand(
                    at="enter", work=nodes.Work(handler="h", parameters=entries("subject = 'a'", "text = subject"))
                ),
            ),
        ),
    ],
)
def test_inputs_of_steps_calls_and_events_and_errands_are_looked_at_too(node: nodes.Node) -> None:
    made = program(start(), node, end(), "start > n > end", forms=FORMS)
    assert [one.element for one in told(made)] == ["n"]


def test_outputs_are_assignments_and_hide_nothing() -> None:
    step = nodes.Task(id="n", outputs=entries("subject = 'a'", "text = subject"))
    assert not told(program(start(), step, end(), "start > n > end", forms=FORMS))


KNOWN = frozenset("abc")
SOURCES = ("1", "a", "b.x", "c.x", "d", "a + d", "b + c")
MADE = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(SOURCES)), max_size=5)


@settings(max_examples=80, deadline=None)
@given(MADE)
def test_the_order_hides_nothing_and_is_there_whenever_any_order_is(written: list[tuple[str, str]]) -> None:
    made = entries(*(f"{target} = {source}" for target, source in written))
    found = order_rules.order(made, KNOWN)
    if found is not None:
        assert sorted(found) == list(range(len(made)))
        assert order_rules.hidden([made[here] for here in found], KNOWN) is None
    elif len({target for target, _ in written}) == len(written) and not any("d" in source for _, source in written):
        rows = list(permutations(made))
        assert all(order_rules.hidden(row, KNOWN) for row in rows if not _carries(row))


def _carries(row: tuple[Mapping, ...]) -> bool:
    """An entry that carries its variable over as it is hides nothing, which the order does not count on."""
    return any(one.target == one.source.text for one in row)


def test_the_order_changes_nothing_where_nothing_is_hidden() -> None:
    made = entries("z = 1", "text = z", "name = guest.name", "guest = guest.id")
    assert order_rules.order(made, frozenset({"guest"})) == (0, 1, 2, 3)


TELL = """<startEvent id="s" camunda:formKey="ask"/><sequenceFlow id="f1" sourceRef="s" targetRef="tell"/>
<serviceTask id="tell"><extensionElements>
  <!-- whom we tell -->
  <crmflow:work handler="notify">
    <crmflow:parameter target="guest">guest.id</crmflow:parameter>
    <crmflow:parameter target="name">guest.name</crmflow:parameter>
  </crmflow:work></extensionElements></serviceTask>
<sequenceFlow id="f2" sourceRef="tell" targetRef="keep"/>
<scriptTask id="keep" scriptFormat="feel" camunda:resultVariable="guest"><script>1</script></scriptTask>
<sequenceFlow id="f3" sourceRef="keep" targetRef="e"/><endEvent id="e"/>"""
CAMUNDA = """<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="tell"/>
<serviceTask id="tell" camunda:type="external" camunda:topic="t"><extensionElements><camunda:inputOutput>
    <camunda:inputParameter name="guest">${guest.id}</camunda:inputParameter>
    <camunda:inputParameter name="name">${guest.name}</camunda:inputParameter>
    <camunda:outputParameter name="guest">${1}</camunda:outputParameter>
  </camunda:inputOutput></extensionElements></serviceTask>
<sequenceFlow id="f2" sourceRef="tell" targetRef="e"/><endEvent id="e"/>"""


def targets(data: bytes) -> list[str]:
    (made,) = read.read(data, file="x.bpmn").programs
    (node,) = (node for node in made.nodes if node.id == "tell")
    return [entry.target for entry in next(order_rules.lists(node))]


@pytest.mark.parametrize("inside", [TELL, CAMUNDA], ids=["crmflow", "camunda"])
def test_one_click_puts_it_behind_in_the_drawing_itself(inside: str) -> None:
    data = document(inside)
    _, before = survey.survey(data)
    assert [(one.element, one.fix) for one in before if one.code == "variable_hidden"] == [("tell", "put_behind")]
    better, done = survey.mended(data, wanted={("put_behind", "tell")})
    assert targets(data) == ["guest", "name"] and targets(better) == ["name", "guest"]
    assert [one.code for one in done] == ["variable_hidden"]
    assert not [one for one in survey.survey(better)[1] if one.code == "variable_hidden"]
    assert sorted(better.split()) == sorted(survey.mended(better)[0].split()), "done twice it is the same"


def test_what_else_stands_in_the_step_stays_where_it_was() -> None:
    better, _ = survey.mended(document(TELL), wanted={("put_behind", "tell")})
    text = better.decode()
    assert "<!-- whom we tell -->" in text
    assert text.index("guest.name") < text.index("guest.id") and text.count("crmflow:parameter") == 4


@pytest.mark.parametrize(("mended", "name"), [(False, None), (True, "Li")])
def test_the_handler_is_given_the_variable_once_it_is_mended(tmp_path: Path, mended: bool, name: str | None) -> None:
    """What the rule says of the order is what the engine does."""
    given: list[dict[str, Any]] = []

    def tell(call: JobCall) -> JobAnswer:
        given.append(dict(call.input))
        return JobAnswer()

    data = document(TELL)
    made = read.read(survey.mended(data)[0] if mended else data, file="x.bpmn").programs[0]
    evaluator = HouseEvaluator()
    with house(tmp_path, {"notify": tell}, evaluator=evaluator) as home:
        home.release(made)
        home.start("p", guest={"id": 7, "name": "Li"})
        home.settle()
    evaluator.close()
    assert given == [{"guest": 7, "name": name}]


def test_graphs_without_entries_cost_nothing() -> None:
    assert list(order_rules.hidden_variables(Graph(program(start(), end(), "start > end")))) == []
