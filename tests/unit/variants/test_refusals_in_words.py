"""Each refusal names what stands in the way by its drawn name, in Chinese and in English, and the element's id."""

from typing import Any

import msgspec
import pytest

from engine.model import nodes
from engine.model.expression import Expression
from engine.model.program import Flow, Program
from engine.variants import compose
from engine.variants.draft import Draft, Refused
from engine.variants.operations import kinds
from tests.unit.variants.models import quote, text

NEW = {"type": "userTask", "names": text("Call"), "performer": {"groups": ["desk"]}}
AFTER_SEND = {"after": "Send"}


def base() -> Program:
    """The quotation with a called process and a sub-process behind it."""
    program = quote()
    more = (
        nodes.CallActivity(id="Ship", name="Ship", called=Expression(text="X-02", language="literal")),
        nodes.SubProcess(id="Pack", name="Pack"),
        nodes.StartEvent(id="PackIn", scope="Pack"),
        nodes.UserTask(id="Wrap", name="Wrap", scope="Pack"),
        nodes.EndEvent(id="PackOut", scope="Pack"),
    )
    flows = tuple(msgspec.structs.replace(flow, target="Ship") if flow.id == "f9" else flow for flow in program.flows)
    ways = [("Ship", "Pack"), ("Pack", "End"), ("PackIn", "Wrap"), ("Wrap", "PackOut")]
    tail = tuple(Flow(id=f"t{number}", source=source, target=target) for number, (source, target) in enumerate(ways))
    return msgspec.structs.replace(program, nodes=(*program.nodes, *more), flows=(*flows, *tail))


# kind, arguments, code, element, Chinese, English
WORDS: list[tuple[str, dict[str, Any], str, str, str, str]] = [
    ("insert", {"at": {"after": "Gone"}, "node": NEW}, "element_unknown", "Gone",
     "流程中没有步骤 Gone", "the process has no step 'Gone'"),
    ("insert", {"at": {"on": "gone"}, "node": NEW}, "element_unknown", "gone",
     "流程中没有连线 gone", "the process has no flow 'gone'"),
    ("insert", {"at": {"after": "Fork"}, "node": NEW}, "not_one_way_out", "Fork",
     "「Fork」有 2 条出路，请指明连线", "'Fork' has 2 ways out: name the flow that is meant"),
    ("insert", {"at": {"after": "End"}, "node": NEW}, "not_one_way_out", "End",
     "「End」有 0 条出路，请指明连线", "'End' has 0 ways out: name the flow that is meant"),
    ("insert", {"at": {"after": "Big"}, "node": NEW}, "not_one_way_out", "Big",
     "「Big?」有 2 条出路，请指明连线", "'Big?' has 2 ways out: name the flow that is meant"),
    ("delete", {"target": "small"}, "last_way_out", "small",
     "「small」是唯一的或默认的出路，不能删除", "'small' is the only or the default way out and cannot be deleted"),
    ("replace", {"target": "Pack", "node": NEW}, "subprocess_replaced", "Pack",
     "子流程「Pack」不能整体替换", "the sub-process 'Pack' cannot be replaced as a whole"),
    ("replace", {"target": "Big", "node": NEW}, "no_activity", "Big", "Big? 不是一个活动", "'Big?' is no activity"),
    ("move", {"target": "Pack", "at": {"after": "Wrap"}}, "moved_into_itself", "Pack",
     "不能把「Pack」移到它自己里面", "'Pack' cannot be moved into itself"),
    ("move", {"target": "Approve", "at": {"after": "Remind"}}, "moved_behind_its_event", "Approve",
     "不能把「Approve。」移到只有它自己的边界事件才通向的地方",
     "'Approve' cannot be moved to where only its own boundary event leads"),
    ("move", {"target": "Approve", "at": {"after": "Wrap"}}, "events_stay_behind", "Approve",
     "「Approve。」带有边界事件，不能移入或移出子流程",
     "'Approve' has boundary events: it cannot be moved into or out of a sub-process"),
    ("serialise", {"targets": ["Price", "Check"]}, "no_parallel_block", "Price",
     "这些步骤不是同一个并行块的全部分支", "these steps are not all the branches of one parallel block"),
    ("set_condition", {"target": "f1", "condition": "x"}, "no_choice_here", "f1",
     "「Start」之后没有选择，不能设条件", "nothing is chosen after 'Start': a condition has no meaning there"),
    ("set_condition", {"target": "p1", "condition": "x"}, "no_choice_here", "p1",
     "「Fork」之后没有选择，不能设条件", "nothing is chosen after 'Fork': a condition has no meaning there"),
    ("add_branch", {"target": "Big", "to": "Start", "condition": "x"}, "way_leads_nowhere", "Start",
     "不能从「Big?」连到「Start」", "no way can lead from 'Big?' to 'Start'"),
    ("add_branch", {"target": "Big", "to": "Wrap", "condition": "x"}, "way_leads_nowhere", "Wrap",
     "不能从「Big?」连到「Wrap」", "no way can lead from 'Big?' to 'Wrap'"),
    ("add_branch", {"target": "Big", "to": "End"}, "condition_missing", "Big",
     "这条路需要条件", "this way needs a condition"),
    ("add_branch", {"target": "Fork", "to": "Join", "condition": "x"}, "no_choice_here", "Fork",
     "并行网关之后没有选择，不能设条件", "nothing is chosen after a parallel gateway"),
    ("add_branch", {"target": "Merge", "to": "End", "condition": "x"}, "no_choice_here", "Merge",
     "「Merge」是汇合网关", "'Merge' joins ways and has nothing to choose"),
    ("set_loop", {"target": "Fork", "loop": None}, "no_activity", "Fork", "Fork 不是一个活动", "'Fork' is no activity"),
    ("set_timer", {"target": "Stock", "timer": {"kind": "duration", "text": "PT1H"}}, "no_timer", "Stock",
     "「Stock」不是定时事件", "'Stock' is no timer event"),
    ("set_timer", {"target": "End", "timer": {"kind": "duration", "text": "PT1H"}}, "no_timer", "End",
     "「End」不是定时事件", "'End' is no timer event"),
    ("set_form", {"target": "Approve", "form": "lost"}, "form_missing", "Approve",
     "找不到表单 lost", "there is no form 'lost'"),
    ("set_channel", {"target": "Approve", "channel": "sms"}, "part_does_not_fit", "Approve",
     "「Approve。」不发送任何内容", "'Approve' sends nothing"),
    ("set_channel", {"target": "Fork", "channel": "sms"}, "part_does_not_fit", "Fork",
     "「Fork」不发送任何内容", "'Fork' sends nothing"),
    ("set_decision", {"target": "Check", "decision": {"key": "lost"}}, "decision_missing", "Check",
     "找不到决策 lost", "there is no decision 'lost'"),
    ("set_parameter", {"target": "ceiling", "value": 1}, "element_unknown", "ceiling",
     "流程没有参数 ceiling", "the process has no parameter 'ceiling'"),
    ("set_performer", {"target": "Price", "performer": {"exclude_performers_of": ["Lost"]}}, "element_unknown", "Lost",
     "流程中没有步骤 Lost", "the process has no step 'Lost'"),
    ("automate", {"target": "Ship", "work": {"handler": "erp"}}, "no_single_step", "Ship",
     "「Ship」是子流程或调用活动，没有单一的承担者",
     "'Ship' is a sub-process or call: no single performer carries it out"),
    ("automate", {"target": "Approve", "decision": {"key": "lost"}}, "decision_missing", "Approve",
     "找不到决策 lost", "there is no decision 'lost'"),
    ("do_by_person", {"target": "Pack", "performer": {"groups": ["desk"]}}, "no_single_step", "Pack",
     "「Pack」是子流程或调用活动，没有单一的承担者",
     "'Pack' is a sub-process or call: no single performer carries it out"),
    ("do_by_person", {"target": "Stock", "performer": {"groups": ["desk"]}, "form": "lost"}, "form_missing", "Stock",
     "找不到表单 lost", "there is no form 'lost'"),
    ("set_calendar", {"target": "*", "calendar": "cn"}, "", "", "", ""),
    ("set_calendar", {"target": "Stock", "calendar": "cn"}, "no_promise", "Stock",
     "没有承诺时限，日历无从适用", "there is no promise to count"),
    ("set_sla", {"target": "Big", "promise": {"duration": "PT1H"}}, "no_activity", "Big",
     "Big? 不是一个活动", "'Big?' is no activity"),
    ("set_worth", {"target": "Late", "worth": {"tag": "VA"}}, "no_activity", "Late",
     "Late 不是一个活动", "'Late' is no activity"),
]  # fmt: skip
REFUSED = [row for row in WORDS if row[2]]


def operation(kind: str, arguments: dict[str, Any], op_id: str = "v1") -> Any:
    document = {"id": op_id, "kind": kind, "reason": text("why"), **arguments}
    assert kinds.check([document]) == []
    return kinds.read([document])[0]


@pytest.mark.parametrize(("kind", "arguments", "code", "element", "zh", "en"), REFUSED)
def test_a_refusal_says_what_stands_in_the_way(
    kind: str, arguments: dict[str, Any], code: str, element: str, zh: str, en: str
) -> None:
    with pytest.raises(Refused) as refused:
        compose.apply(Draft(base()), operation(kind, arguments))
    assert (refused.value.code, refused.value.element) == (code, element)
    assert refused.value.text == {"zh-CN": zh, "en": en}


@pytest.mark.parametrize(("kind", "arguments", "code", "element", "zh", "en"), REFUSED)
def test_a_refusal_in_a_list_names_the_operation_and_its_place(
    kind: str, arguments: dict[str, Any], code: str, element: str, zh: str, en: str
) -> None:
    good = operation("set_parameter", {"target": "limit", "value": 3}, "good")
    composed = compose.compose(base(), (good, operation(kind, arguments)))
    (problem,) = composed.problems
    assert (problem.code, problem.pointer, problem.element) == (code, "/operations/1", element)
    assert problem.text == {"zh-CN": f"变更 v1：{zh}", "en": f"operation 'v1': {en}"}
    assert composed.applied == ("good",) and composed.program.parameters == {"limit": 3}


def test_a_calendar_for_all_steps_needs_one_promise_somewhere() -> None:
    everywhere = operation("set_calendar", {"target": "*", "calendar": "cn"})
    assert compose.compose(base(), (everywhere,)).problems == ()
    bare = msgspec.structs.replace(
        base(),
        nodes=tuple(
            msgspec.structs.replace(node, promise=None) if isinstance(node, nodes.Activity) else node
            for node in base().nodes
        ),
    )
    (problem,) = compose.compose(bare, (everywhere,)).problems
    assert (problem.code, problem.element) == ("no_promise", "*")


@pytest.mark.parametrize(
    ("taken", "kind", "arguments"),
    [
        ("Check", "insert", {"at": AFTER_SEND, "node": NEW}),
        ("f1", "insert", {"at": AFTER_SEND, "node": NEW}),
        ("Stock", "replace", {"target": "Approve", "node": NEW}),
        ("small", "make_optional", {"target": "Check", "condition": "x"}),
        ("Check", "set_parameter", {"target": "limit", "value": 1}),
    ],
)
def test_no_operation_takes_the_id_of_something_drawn(taken: str, kind: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        compose.apply(Draft(base()), operation(kind, arguments, taken))
    assert (refused.value.code, refused.value.element) == ("id_taken", taken)
    assert refused.value.text == {"zh-CN": f"标识 {taken} 已被使用", "en": f"the id {taken!r} is taken"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"zh-CN": "询价", "en": "Ask"}, "'Ask' is no activity"),
        ({"zh-CN": "询价"}, "'Big?' is no activity"),
        ({}, "'Big?' is no activity"),
    ],
)
def test_a_refusal_uses_the_words_of_its_reader_before_the_drawn_name(arguments: dict[str, str], says: str) -> None:
    program = base()
    named = tuple(msgspec.structs.replace(one, texts=arguments) if one.id == "Big" else one for one in program.nodes)
    with pytest.raises(Refused) as refused:
        Draft(msgspec.structs.replace(program, nodes=named)).activity("Big")
    assert refused.value.text["en"] == says
    assert refused.value.text["zh-CN"] == f"{arguments.get('zh-CN', 'Big?')} 不是一个活动"
