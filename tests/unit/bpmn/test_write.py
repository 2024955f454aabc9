"""A program that is written reads back as the same program, and any modeller can open what is written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn import schema
from engine.bpmn.markup import element
from engine.bpmn.read import read
from engine.bpmn.write import write
from engine.model import nodes, triggers
from engine.model.expression import Expression, Mapping
from engine.model.performer import Escalation, Performer, Promise, Worth
from engine.model.program import Flow, Program, canonical
from tests import shared

FILES = sorted(
    path for folder in ("real-life", "behaviours", "miwg-reference") for path in shared.data("bpmn", folder).glob("*")
)
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=8).map(str.strip)
names = words.filter(bool)
expressions = st.builds(
    Expression, text=names, language=st.sampled_from(["feel", "juel", "camunda8", "python", "literal"])
)
mappings = st.lists(st.builds(Mapping, target=names, source=expressions), max_size=2).map(tuple)
plain = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=5)
performers = st.builds(
    Performer,
    assignee=st.none() | expressions,
    users=st.lists(expressions, max_size=2).map(tuple),
    groups=st.lists(expressions, max_size=3).map(tuple),
    skill=plain,
    sign_mode=st.sampled_from(["any", "all", "sequence"]),
    exclude_performers_of=st.lists(plain, max_size=2).map(tuple),
)
promises = st.builds(
    Promise,
    duration=st.just("PT4H"),
    goal=st.sampled_from(["", "PT1H"]),
    calendar=plain,
    ladder=st.lists(
        st.builds(
            Escalation,
            at_percent=st.integers(1, 200),
            action=st.just("warn"),
            of=st.sampled_from(["deadline", "goal"]),
        ),
        max_size=2,
    ).map(tuple),
)
loops = st.builds(
    nodes.MultiInstance,
    sequential=st.booleans(),
    collection=st.none() | expressions,
    cardinality=st.just(Expression(text="3")),
    element=plain,
    index=plain,
    output=st.none() | expressions,
    output_collection=plain,
    completion=st.none() | expressions,
)
works = st.builds(
    nodes.Work,
    handler=names,
    style=st.sampled_from(["builtin", "external", "unbound"]),
    parameters=mappings,
    result=plain,
    retries=st.integers(0, 9),
    priority=st.none() | expressions,
    headers=st.dictionaries(plain, words, max_size=2),
)
messages = st.builds(
    triggers.Message,
    name=names,
    key=st.none() | expressions,
    payload=plain,
    mappings=st.lists(st.tuples(plain, expressions), max_size=2).map(tuple),
    named=st.none() | expressions,
    handler=st.just("") | plain,
)
TRIGGERS = st.one_of(
    messages,
    st.builds(triggers.Signal, name=expressions, payload=plain),
    st.builds(triggers.Timer, kind=st.sampled_from(["date", "duration", "cycle"]), text=expressions, calendar=plain),
    st.builds(triggers.Conditional, condition=expressions, variable=plain),
    st.builds(triggers.Error, code=plain, code_variable=plain, message=st.none() | expressions),
    st.builds(triggers.Escalation, code=plain, code_variable=plain),
    st.builds(triggers.Compensate, activity=st.just("n1"), wait=st.booleans()),
    st.builds(triggers.Link, name=names),
    st.just(triggers.Cancel()),
    st.just(triggers.Terminate()),
)
common = {"name": words, "texts": st.dictionaries(st.sampled_from(["en", "zh-CN"]), words, max_size=2)}
activity = {
    **common,
    "loop": st.none() | loops,
    "inputs": mappings,
    "outputs": mappings,
    "asynchronous": st.booleans(),
    "promise": st.none() | promises,
    "worth": st.none() | st.builds(Worth, tag=st.just("VA"), touch_minutes=st.floats(0.5, 99)),
    "before": st.none() | st.builds(nodes.Script, text=names),
    "origin": plain,
}
NODES = st.one_of(
    st.builds(nodes.Task, id=st.just("n1"), **activity),
    st.builds(
        nodes.UserTask,
        id=st.just("n1"),
        **activity,
        performer=performers,
        form=plain,
        due=st.none() | expressions,
        priority=st.none() | expressions,
        actions=st.lists(plain, max_size=2).map(tuple),
    ),
    st.builds(nodes.ServiceTask, id=st.just("n1"), **activity, work=st.none() | works),
    st.builds(nodes.SendTask, id=st.just("n1"), **activity, message=messages),
    st.builds(nodes.ReceiveTask, id=st.just("n1"), **activity, message=messages, instantiate=st.booleans()),
    st.builds(nodes.ScriptTask, id=st.just("n1"), **activity, script=names, result=plain),
    st.builds(
        nodes.BusinessRuleTask,
        id=st.just("n1"),
        **activity,
        decision=plain,
        result=plain,
        result_shape=st.sampled_from(["", "singleEntry", "resultList"]),
        decided_by=st.none() | expressions,
    ),
    st.builds(
        nodes.CallActivity,
        id=st.just("n1"),
        **activity,
        called=expressions,
        binding=st.sampled_from(["latest", "deployment", "version", "versionTag"]),
        version=plain,
        pass_all_in=st.booleans(),
        business_key=st.none() | expressions,
    ),
    st.builds(
        nodes.SubProcess,
        id=st.just("n1"),
        **activity,
        variety=st.sampled_from(["embedded", "event", "transaction"]),
    ),
    st.builds(
        nodes.SubProcess,
        id=st.just("n1"),
        variety=st.just("adHoc"),
        completion=st.none() | expressions,
        ordering=st.sampled_from(["parallel", "sequential"]),
        cancel_remaining=st.booleans(),
        active_elements=st.none() | expressions,
    ),
    st.builds(nodes.StartEvent, id=st.just("n1"), **common, triggers=st.lists(TRIGGERS, max_size=2).map(tuple)),
    st.builds(nodes.EndEvent, id=st.just("n1"), **common, triggers=st.lists(TRIGGERS, max_size=1).map(tuple)),
    st.builds(nodes.ComplexGateway, id=st.just("n1"), **common, activation=st.none() | expressions),
    st.builds(nodes.EventBasedGateway, id=st.just("n1"), instantiate=st.booleans(), parallel=st.booleans()),
)
flows = st.builds(
    Flow,
    id=st.just("f1"),
    source=st.just("n1"),
    target=st.just("n2"),
    condition=st.none() | expressions,
    name=words,
    origin=plain,
)


@settings(max_examples=120, deadline=None)
@given(node=NODES, flow=flows)
def test_whatever_a_program_says_is_read_again(node, flow):
    made = Program(key="p", nodes=(node, nodes.EndEvent(id="n2")), flows=(flow,))
    data = write(made)
    reading = read(data)
    assert canonical(reading.programs[0]) == canonical(made)
    assert [part.origin for part in (*reading.programs[0].nodes, *reading.programs[0].flows)] == [
        getattr(node, "origin", ""),
        "",
        flow.origin,
    ]
    assert not {problem.code for problem in reading.problems} & {"extension_not_understood", "element_not_understood"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_of_any_dialect_reads_equal_after_writing(path):
    for program in read(path.read_bytes()).programs:
        data = write(program)
        again = read(data).programs[0]
        assert again.sha256 == program.sha256
        assert set(program.diagram.shapes) <= set(again.diagram.shapes)
        assert all(again.diagram.shapes[key] == bounds for key, bounds in program.diagram.shapes.items())
        assert again.diagram.labels == program.diagram.labels


def test_what_is_written_obeys_the_schema_of_the_standard():
    for path in FILES:
        if path.name.startswith("sample-process-models--testing_Data_Objects"):
            continue  # its author's id "1" is no XML id, and stays
        for program in read(path.read_bytes()).programs:
            assert schema.check(element(write(program))) == (), path.name


def test_forms_decisions_and_parameters_travel_along():
    form = {"type": "object", "properties": {"x": {"type": "string", "title": "客户"}}}
    made = Program(
        key="p",
        nodes=(nodes.StartEvent(id="s"),),
        forms={"f": form},
        decisions={"d": "<definitions/>"},
        parameters={"limit": 0.2, "groups": ["KA", "ST"]},
        version_tag="2",
        starter_groups=("sales", "service"),
        history_time_to_live="P30D",
    )
    again = read(write(made)).programs[0]
    assert again == made or canonical(again) == canonical(made)
    assert again.forms == made.forms and again.parameters == made.parameters and again.decisions == made.decisions
