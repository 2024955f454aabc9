"""What process.json and variant.json say about a step, by tables: the words, and the part of the node they become."""

import msgspec
import pytest

from engine.definitions import steps
from engine.model import nodes, triggers
from engine.model.expression import Expression, Mapping
from engine.model.performer import Escalation, Passing, Performer, Promise, Worth


def feel(text: str) -> Expression:
    return Expression(text=text)


def word(text: str) -> Expression:
    return Expression(text=text, language="literal")


VALUES = [
    ("anna", word("anna")),
    ("", word("")),
    ("=a + 1", feel("a + 1")),
    ("= a ", feel("a")),
    ("==a", feel("=a")),
    (" =a", word(" =a")),
    (7, feel("7")),
    (0.5, feel("0.5")),
    (True, feel("true")),
    (None, feel("null")),
    (["a", 1], feel('["a", 1]')),
    ({"名": "x"}, feel('{"名": "x"}')),
]


@pytest.mark.parametrize(("given", "expression"), VALUES)
def test_a_text_stands_for_itself_unless_it_begins_with_an_equals_sign(given, expression):
    assert steps.value(given) == expression


@pytest.mark.parametrize("given", ["anna", "=a + 1", "=[1, 2]", "a = b", ""])
def test_what_is_written_is_what_an_author_wrote(given):
    assert steps.written(steps.value(given)) == given


@pytest.mark.parametrize(("text", "read"), [("a", "a"), ("=a", "a"), ("= a ", "a"), ("a = b", "a = b")])
def test_a_condition_is_feel_with_or_without_its_sign(text, read):
    assert steps.feel(text) == feel(read)


BASE = Performer(
    assignee=word("anna"), users=(word("ben"),), groups=(word("sales"),), skill="de", rule="least_busy", sign_mode="all"
)
BARE = Performer(skill="de", sign_mode="all")
PERFORMERS = [
    ({}, BASE),
    ({"assignee": "=x"}, msgspec.structs.replace(BARE, assignee=feel("x"))),
    ({"users": ["a", "=b"]}, msgspec.structs.replace(BARE, users=(word("a"), feel("b")))),
    ({"groups": []}, BARE),
    ({"rule": "owner"}, msgspec.structs.replace(BARE, rule="owner")),
    (
        {"groups": ["g"], "rule": "owner"},
        msgspec.structs.replace(BARE, groups=(word("g"),), rule="owner"),
    ),
    ({"skill": ""}, msgspec.structs.replace(BASE, skill="")),
    ({"sign_mode": "any"}, msgspec.structs.replace(BASE, sign_mode="any")),
    ({"exclude_performers_of": ["t"]}, msgspec.structs.replace(BASE, exclude_performers_of=("t",))),
]


@pytest.mark.parametrize(("given", "made"), PERFORMERS)
def test_naming_people_replaces_all_who_were_named_and_the_rest_stays(given, made):
    assert steps.performer(given, BASE) == made


@pytest.mark.parametrize("given", [{"groups": ["g"]}, {"skill": "de"}])
def test_a_performer_may_be_said_from_nothing(given):
    assert steps.performer(given) == steps.performer(given, Performer())


PASSINGS = [
    ({}, Passing(starter=True)),
    ({"passing": {"nobody": "admin"}}, Passing(nobody="admin")),
    ({"passing": {"same_person": "before", "starter": True}}, Passing(same_person="before", starter=True)),
    ({"passing": None}, None),
]


@pytest.mark.parametrize(("given", "made"), PASSINGS)
def test_when_a_step_passes_by_itself_is_said_anew_kept_or_taken_away(given, made):
    task = nodes.UserTask(id="t", passing=Passing(starter=True))
    assert steps.overlay(task, {"performer": given}).passing == made


def test_only_a_user_task_passes_by_itself():
    with pytest.raises(steps.DoesNotFit):
        steps.overlay(nodes.ManualTask(id="t"), {"performer": {"passing": {"starter": True}}})


PROMISES = [
    ({"duration": "PT4H"}, Promise(duration="PT4H")),
    ({"duration": "P1D", "calendar": "cn"}, Promise(duration="P1D", calendar="cn")),
    (
        {
            "duration": "P1D",
            "ladder": [
                {"at_percent": 100, "action": "breach"},
                {"at_percent": 50, "action": "warn"},
                {"at_percent": 80, "action": "reassign", "to": "l2"},
            ],
        },
        Promise(
            duration="P1D",
            ladder=(
                Escalation(at_percent=50, action="warn"),
                Escalation(at_percent=80, action="reassign", to="l2"),
                Escalation(at_percent=100, action="breach"),
            ),
        ),
    ),
]


@pytest.mark.parametrize(("given", "made"), PROMISES)
def test_the_rungs_of_a_promise_stand_in_the_order_of_time(given, made):
    assert steps.promise(given) == made


PRICE = Worth(value={"en": "peace"}, tag="VA", touch_minutes=5, fixed_cost=2)
WORTHS = [
    ({}, PRICE),
    ({"tag": "NVA"}, msgspec.structs.replace(PRICE, tag="NVA")),
    ({"touch_minutes": 0}, msgspec.structs.replace(PRICE, touch_minutes=0)),
    (
        {"value": {"en": "joy"}, "cost_rate_per_hour": 9},
        msgspec.structs.replace(PRICE, value={"en": "joy"}, cost_rate_per_hour=9),
    ),
]


@pytest.mark.parametrize(("given", "made"), WORTHS)
def test_a_worth_replaces_only_what_it_names(given, made):
    assert steps.worth(given, PRICE) == made


WORKS = [
    ({"handler": "notify"}, nodes.Work(handler="notify")),
    ({"handler": "x", "style": "external", "retries": 0}, nodes.Work(handler="x", style="external", retries=0)),
    (
        {"handler": "x", "parameters": {"to": "=a", "n": 2}, "result": "r", "headers": {"k": "v"}},
        nodes.Work(
            handler="x",
            parameters=(Mapping(target="to", source=feel("a")), Mapping(target="n", source=feel("2"))),
            result="r",
            headers={"k": "v"},
        ),
    ),
]


@pytest.mark.parametrize(("given", "made"), WORKS)
def test_work_is_a_handler_with_its_parameters(given, made):
    assert steps.work(given) == made


LOOPS = [
    (None, None, None),
    ({"cardinality": 3}, nodes.MultiInstance(cardinality=feel("3")), None),
    ({"cardinality": "=n"}, nodes.MultiInstance(cardinality=feel("n")), None),
    ({"cardinality": "n"}, nodes.MultiInstance(cardinality=feel("n")), None),
    (
        {"collection": "=people", "element": "one", "sequential": True},
        nodes.MultiInstance(collection=feel("people"), element="one", sequential=True),
        None,
    ),
    (
        {"collection": "l", "output": "=a", "output_collection": "all", "completion": "=done"},
        nodes.MultiInstance(collection=feel("l"), output=feel("a"), output_collection="all", completion=feel("done")),
        None,
    ),
    ({"while": "=n < 3"}, None, nodes.StandardLoop(condition=feel("n < 3"))),
    (
        {"while": "more", "test_before": True, "maximum": 9},
        None,
        nodes.StandardLoop(condition=feel("more"), test_before=True, maximum=9),
    ),
]


@pytest.mark.parametrize(("given", "many", "standard"), LOOPS)
def test_a_step_has_one_loop_or_the_other_or_none(given, many, standard):
    assert steps.loop(given) == {"loop": many, "standard_loop": standard}
    looped = nodes.UserTask(
        id="t", loop=nodes.MultiInstance(cardinality=feel("2")), standard_loop=nodes.StandardLoop(maximum=2)
    )
    made = steps.overlay(looped, {"loop": given})
    assert (made.loop, made.standard_loop) == (many, standard)


USER = nodes.UserTask(id="t", name="T", promise=Promise(duration="PT1H"))
RULE = nodes.BusinessRuleTask(id="t", work=nodes.Work(handler="rules:x"))
CALL = nodes.CallActivity(id="t")
PT1H = triggers.Timer(kind="duration", text=word("PT1H"))
ASKED = triggers.Message(name="asked")
WAIT = nodes.CatchEvent(id="t", triggers=(ASKED, PT1H))
# a node, what a step says, and the fields that it then has
PARTS = [
    (USER, {"names": {"zh-CN": "甲", "en": "A"}}, {"texts": {"zh-CN": "甲", "en": "A"}, "name": "T"}),
    (nodes.UserTask(id="t"), {"names": {"zh-CN": "甲", "en": "A"}}, {"name": "甲"}),
    (nodes.UserTask(id="t"), {"names": {"en": "A"}}, {"name": ""}),
    (USER, {"performer": {"groups": ["g"]}}, {"performer": Performer(groups=(word("g"),))}),
    (nodes.ManualTask(id="t"), {"performer": {"assignee": "a"}}, {"performer": Performer(assignee=word("a"))}),
    (USER, {"form": "ask"}, {"form": "ask"}),
    (nodes.StartEvent(id="t"), {"form": "ask"}, {"form": "ask"}),
    (
        USER,
        {"due": "P1D", "follow_up": "=x", "priority": 7},
        {"due": word("P1D"), "follow_up": feel("x"), "priority": feel("7")},
    ),
    (USER, {"promise": None}, {"promise": None}),
    (USER, {"promise": {"duration": "PT2H"}}, {"promise": Promise(duration="PT2H")}),
    (nodes.ServiceTask(id="t"), {"promise": {"duration": "PT2H"}}, {"promise": Promise(duration="PT2H")}),
    (USER, {"worth": {"tag": "BVA"}}, {"worth": Worth(tag="BVA")}),
    (nodes.ServiceTask(id="t"), {"work": {"handler": "log"}}, {"work": nodes.Work(handler="log")}),
    (nodes.EndEvent(id="t"), {"work": {"handler": "log"}}, {"work": nodes.Work(handler="log")}),
    (RULE, {"decision": {"key": "d"}}, {"decision": "d", "result": "", "result_shape": "", "work": None}),
    (
        RULE,
        {"decision": {"key": "d", "result": "r", "result_shape": "resultList"}},
        {"result": "r", "result_shape": "resultList"},
    ),
    (
        nodes.ScriptTask(id="t"),
        {"script": {"text": "1 + 1", "result": "r"}},
        {"script": "1 + 1", "language": "feel", "result": "r"},
    ),
    (
        nodes.ScriptTask(id="t"),
        {"script": {"text": "x = 1", "language": "python"}},
        {"language": "python", "result": ""},
    ),
    (nodes.ReceiveTask(id="t"), {"message": {"name": "M"}}, {"message": triggers.Message(name="M")}),
    (
        nodes.SendTask(id="t"),
        {"message": {"name": "M", "key": "=k", "payload": "p"}},
        {"message": triggers.Message(name="M", key=feel("k"), payload="p")},
    ),
    (nodes.CatchEvent(id="t"), {"message": {"name": "M"}}, {"triggers": (triggers.Message(name="M"),)}),
    (WAIT, {"message": {"name": "M"}}, {"triggers": (triggers.Message(name="M"), PT1H)}),
    (
        WAIT,
        {"timer": {"kind": "date", "text": "=d", "calendar": "cn"}},
        {"triggers": (ASKED, triggers.Timer(kind="date", text=feel("d"), calendar="cn"))},
    ),
    (CALL, {"call": {"process": "CSS-02"}}, {"called": word("CSS-02"), "pass_all_in": True, "pass_all_out": True}),
    (
        CALL,
        {"call": {"process": "=p", "in": {"a": "=b"}}},
        {
            "called": feel("p"),
            "inputs": (Mapping(target="a", source=feel("b")),),
            "pass_all_in": False,
            "pass_all_out": True,
        },
    ),
    (CALL, {"call": {"process": "p", "out": {}}}, {"outputs": (), "pass_all_in": True, "pass_all_out": False}),
    (USER, {}, {}),
    (USER, {"type": "serviceTask"}, {}),
]


@pytest.mark.parametrize(("node", "said", "fields"), PARTS)
def test_what_a_step_says_replaces_that_part_and_no_other(node, said, fields):
    made = steps.overlay(node, said)
    assert {name: getattr(made, name) for name in fields} == fields
    touched = {*fields, "name", "texts", "result", "result_shape", "work", "language", "script", "decision"}
    touched |= {"called", "inputs", "outputs", "pass_all_in", "pass_all_out"}
    rest = [name for name in node.__struct_fields__ if name not in touched]
    assert [getattr(made, name) for name in rest] == [getattr(node, name) for name in rest]


UNFIT = [
    (nodes.ServiceTask(id="t"), {"performer": {}}, "performer", "serviceTask"),
    (nodes.ServiceTask(id="t"), {"form": "f"}, "form", "serviceTask"),
    (nodes.ServiceTask(id="t"), {"due": "P1D"}, "due", "serviceTask"),
    (nodes.ServiceTask(id="t"), {"follow_up": "P1D"}, "follow_up", "serviceTask"),
    (nodes.ServiceTask(id="t"), {"priority": 1}, "priority", "serviceTask"),
    (nodes.EndEvent(id="t"), {"promise": None}, "promise", "endEvent"),
    (nodes.ParallelGateway(id="t"), {"worth": {}}, "worth", "parallelGateway"),
    (nodes.UserTask(id="t"), {"work": {"handler": "x"}}, "work", "userTask"),
    (nodes.UserTask(id="t"), {"decision": {"key": "d"}}, "decision", "userTask"),
    (nodes.UserTask(id="t"), {"script": {"text": "x"}}, "script", "userTask"),
    (nodes.UserTask(id="t"), {"message": {"name": "M"}}, "message", "userTask"),
    (nodes.UserTask(id="t"), {"timer": {"kind": "date", "text": "x"}}, "timer", "userTask"),
    (nodes.UserTask(id="t"), {"call": {"process": "p"}}, "call", "userTask"),
    (nodes.StartEvent(id="t"), {"loop": None}, "loop", "startEvent"),
    (nodes.ReceiveTask(id="t"), {"timer": {"kind": "date", "text": "x"}}, "timer", "receiveTask"),
    (
        nodes.CatchEvent(id="t", triggers=(ASKED,)),
        {"timer": {"kind": "date", "text": "x"}},
        "timer",
        "intermediateCatchEvent",
    ),
    (
        nodes.CatchEvent(id="t", triggers=(ASKED, ASKED)),
        {"message": {"name": "M"}},
        "message",
        "intermediateCatchEvent",
    ),
]


@pytest.mark.parametrize(("node", "said", "part", "kind"), UNFIT)
def test_a_part_that_such_a_node_cannot_have_is_named_with_the_nodes_kind(node, said, part, kind):
    with pytest.raises(steps.DoesNotFit) as caught:
        steps.overlay(node, said)
    assert (caught.value.part, caught.value.kind, str(caught.value)) == (part, kind, f"a {kind} has no {part}")


@pytest.mark.parametrize(("kind", "made"), list(steps.KINDS.items()))
def test_a_new_step_is_of_the_kind_that_its_type_says(kind, made):
    node = steps.new("n", {"type": kind, "names": {"zh-CN": "新"}}, scope="s", origin="op-1")
    assert node == made(id="n", name="新", texts={"zh-CN": "新"}, scope="s", origin="op-1")
    assert steps.kind(node) == kind


def test_a_new_step_that_says_what_it_cannot_have_is_refused():
    with pytest.raises(steps.DoesNotFit):
        steps.new("n", {"type": "serviceTask", "form": "f"}, scope="", origin="op-1")
