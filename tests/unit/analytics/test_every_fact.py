"""Every kind of fact: told in both languages with its sign and tone, or known to be machinery."""

from typing import Any, get_args

import pytest

from engine import facts
from engine.analytics import telling
from engine.model.nodes import ServiceTask, UserTask
from engine.model.program import Program

PROGRAM = Program(
    key="SFA-03",
    nodes=(
        UserTask(id="a", texts={"zh-CN": "审批", "en": "Approve"}, form="ask"),
        UserTask(id="chinese", name="审批", texts={}),
        UserTask(id="half", name="审批", texts={"en": "Approve"}),
        UserTask(id="lines", texts={"zh-CN": "两\n行", "en": "Two\nlines"}),
        UserTask(id="nameless"),
        ServiceTask(id="j", name="Send"),
    ),
    forms={
        "ask": {
            "properties": {
                "outcome": {
                    "x-ui": {"widget": "actions"},
                    "x-labels": {"yes": {"zh-CN": "同意", "en": "Agree"}, "no": {"en": "Refuse"}},
                },
                "again": {"x-ui": {"widget": "actions"}, "enum": [True, False]},
                "rate": {"type": "number"},
            }
        }
    },
)
DONE_AT = "2026-03-02T09:00:00+08:00"
KNOWN = telling.names(PROGRAM, {"li": "李雷"})

TOLD: list[tuple[facts.AnyFact, str, str, str, str]] = [
    (facts.InstanceStarted(process="p", program="x"), "发起了办件", "started the case", "start", ""),
    (facts.InstanceEnded(), "办件已办结", "the case is closed", "end", "good"),
    (facts.InstanceCancelled(), "办件已取消", "the case was cancelled", "end", "bad"),
    (facts.InstanceMigrated(old="1", new="2"), "办件改用新的流程版本", "the case moved to a new version", "system", ""),
    (facts.WorkItemOpened(node="a", wait=1), "“审批”待办理", "“Approve” is waiting to be done", "open", ""),
    (facts.WorkItemCompleted(node="a", wait=1), "完成了“审批”", "completed “Approve”", "done", "good"),
    (facts.WorkItemCancelled(node="a", wait=1), "“审批”不再需要办理", "“Approve” is no longer needed", "open", ""),
    (facts.WorkItemActed(node="a", verb="claim"), "领取了“审批”", "took “Approve”", "person", ""),
    (
        facts.WorkItemActed(node="a", verb="release"),
        "退回了“审批”，可由他人领取",
        "put “Approve” back for others",
        "person",
        "",
    ),
    (
        facts.WorkItemActed(node="a", verb="transfer", to="li"),
        "把“审批”转交给李雷",
        "handed “Approve” to 李雷",
        "person",
        "",
    ),
    (
        facts.WorkItemActed(node="a", verb="delegate", to="li"),
        "把“审批”委派给李雷",
        "delegated “Approve” to 李雷",
        "person",
        "",
    ),
    (
        facts.WorkItemActed(node="a", verb="assign", to="li"),
        "“审批”分配给李雷",
        "“Approve” was given to 李雷",
        "person",
        "",
    ),
    (
        facts.WorkItemActed(node="a", verb="assign", to="gone"),
        "“审批”分配给gone",
        "“Approve” was given to gone",
        "person",
        "",
    ),
    (facts.WorkItemActed(node="a", verb="urge"), "催办“审批”", "urged “Approve”", "person", ""),
    (
        facts.WorkItemActed(node="a", verb="copy", to="li"),
        "把“审批”抄送给李雷",
        "copied “Approve” to 李雷",
        "person",
        "",
    ),
    (facts.JobCompleted(node="a", wait=1), "“审批”已自动完成", "“Approve” was done automatically", "system", ""),
    (
        facts.JobCompleted(node="a", wait=1, errand="org.L"),
        "“审批”的附带作业“org.L”已完成",
        "“org.L” was done beside “Approve”",
        "system",
        "",
    ),
    (
        facts.JobFailed(node="a", wait=1, message="m", retries_left=1),
        "“审批”未成功，将自动重试",
        "“Approve” did not work and will be tried again",
        "trouble",
        "warn",
    ),
    (facts.JobFailed(node="a", wait=1, message="m"), "“审批”多次未成功", "“Approve” failed for good", "trouble", "bad"),
    (facts.TimerFired(node="a", wait=1), "“审批”时间已到", "the time of “Approve” has come", "time", ""),
    (facts.EventCaught(node="a", trigger="message", name="付款"), "收到“付款”", "“付款” arrived", "mail", ""),
    (facts.EventCaught(node="a", trigger="signal", name="stop"), "收到“stop”", "“stop” arrived", "mail", ""),
    (facts.EventCaught(node="a", trigger="message"), "收到“Approve”", "“Approve” arrived", "mail", ""),
    (facts.EventCaught(node="a", trigger="error"), "触发“审批”", "“Approve” happened", "mail", ""),
    (facts.EventCaught(node="a", trigger="escalation"), "触发“审批”", "“Approve” happened", "mail", ""),
    (facts.EventThrown(node="a", trigger="message", name="报价"), "发出“报价”", "sent “报价”", "mail", ""),
    (facts.EventThrown(node="a", trigger="signal", name="x"), "发出“x”", "sent “x”", "mail", ""),
    (facts.DecisionMade(node="a", decision="d"), "“审批”已按规则判定", "“Approve” was decided by rule", "rule", ""),
    (
        facts.IncidentRaised(node="a", incident=1, code="c", message={"zh-CN": "断线", "en": "no line"}),
        "“审批”出现故障，等待处理",
        "“Approve” ran into trouble and waits to be mended",
        "trouble",
        "bad",
    ),
    (
        facts.IncidentResolved(node="a", incident=1),
        "“审批”的故障已处理",
        "the trouble at “Approve” was mended",
        "system",
        "good",
    ),
    (facts.TokenMoved(to="a", reason="r"), "人工调整到“审批”", "moved by hand to “Approve”", "person", "warn"),
    (facts.VariantChosen(resolution="r", sentence={"zh-CN": "因为", "en": "because"}), "因为", "because", "why", ""),
    (
        facts.EscalationReached(node="a", at_percent=50, action="warn"),
        "“审批”时限已过 50%",
        "50% of the time for “Approve” has passed",
        "time",
        "warn",
    ),
    (
        facts.EscalationReached(node="a", at_percent=99, action="warn"),
        "“审批”时限已过 99%",
        "99% of the time for “Approve” has passed",
        "time",
        "warn",
    ),
    (
        facts.EscalationReached(node="a", at_percent=100, action="warn"),
        "“审批”已超过时限",
        "“Approve” is past its deadline",
        "time",
        "bad",
    ),
    (
        facts.EscalationReached(node="a", at_percent=200, action="warn"),
        "“审批”已超过时限",
        "“Approve” is past its deadline",
        "time",
        "bad",
    ),
    (
        facts.DoneEarlier(node="a", verb="complete", done_at=DONE_AT),
        "离线完成了“审批”，现在送达",
        "had done “Approve” without a connection; it arrives now",
        "person",
        "",
    ),
    (
        facts.DoneEarlier(node="a", verb="comment", done_at=DONE_AT),
        "离线写下了留言，现在送达",
        "had written a comment without a connection; it arrives now",
        "person",
        "",
    ),
    (
        facts.DoneEarlier(node="a", verb="add_file", done_at=DONE_AT),
        "离线添加了附件，现在送达",
        "had added a file without a connection; it arrives now",
        "person",
        "",
    ),
    (facts.Commented(text="hm"), "留言", "commented", "comment", ""),
    (facts.AttachmentAdded(attachment="f", name="a.pdf", size=1), "添加了附件", "added a file", "file", ""),
    (
        facts.AttachmentRemoved(attachment="f", name="a.pdf"),
        "删除了附件“a.pdf”",
        "removed the file “a.pdf”",
        "file",
        "warn",
    ),
    (
        facts.MessageUndelivered(trigger="message", name="paid", message={}),
        "“paid”未能送达，不再自动重试",
        "“paid” could not be delivered and was given up",
        "trouble",
        "bad",
    ),
    (facts.InstanceSuspended(), "暂停了办件", "put the case on hold", "person", "warn"),
    (facts.InstanceResumed(), "恢复了办件", "let the case go on", "person", "good"),
    (
        facts.InstanceSuspended(awaits_customer=True),
        "暂停了办件，等待客户答复",
        "put the case on hold until the customer answers",
        "person",
        "warn",
    ),
    (
        facts.InstanceResumed(answered=True),
        "转来客户答复，办件恢复",
        "brought the customer's answer: the case goes on",
        "person",
        "good",
    ),
]

MACHINERY: list[facts.AnyFact] = [
    facts.ActivityStarted(node="a", token=1),
    facts.ActivityCompleted(node="a", token=1),
    facts.ActivityCancelled(node="a", token=1),
    facts.FlowTaken(flow="f"),
    facts.VariablesSet(values={"n": 1}),
    facts.JobCreated(node="j", wait=1, handler="h"),
    facts.TimerSet(node="a", wait=1, due_at="2026-05-01T00:00:00Z"),
    facts.SubscriptionOpened(node="a", wait=1, trigger="message", name="m"),
    facts.EventCaught(node="a", trigger="timer"),
    facts.EventCaught(node="a", trigger="conditional"),
    facts.EventThrown(node="a", trigger="error", name="E"),
    facts.EventThrown(node="a", trigger="compensate"),
    facts.WorkItemActed(node="a", verb="save"),
    facts.WorkItemActed(node="a", verb=""),
]


@pytest.mark.parametrize(("fact", "zh", "en", "icon", "tone"), TOLD)
def test_a_fact_is_told_with_its_sign_and_its_tone(fact: facts.AnyFact, zh: str, en: str, icon: str, tone: str) -> None:
    said = telling.tell(fact, KNOWN)
    assert said is not None
    assert (said.text, said.icon, said.tone) == ({"zh-CN": zh, "en": en}, icon, tone)


@pytest.mark.parametrize("fact", MACHINERY)
def test_machinery_is_not_told(fact: facts.AnyFact) -> None:
    assert telling.tell(fact, KNOWN) is None


def test_every_kind_of_fact_is_told_or_known_to_be_machinery() -> None:
    assert {type(fact) for fact, *_ in TOLD} | {type(fact) for fact in MACHINERY} == set(get_args(facts.AnyFact))


STEPS = [
    ("a", "审批", "Approve"),
    ("chinese", "审批", "审批"),  # of a name in one language both are told
    ("half", "Approve", "Approve"),
    ("lines", "两 行", "Two lines"),  # a drawing's line feed is none in a sentence
    ("nameless", "一个步骤", "a step"),
    ("gone", "一个步骤", "a step"),
    ("", "一个步骤", "a step"),
    ("j", "Send", "Send"),
]


@pytest.mark.parametrize(("node", "zh", "en"), STEPS)
def test_what_a_step_is_called(node: str, zh: str, en: str) -> None:
    said = telling.tell(facts.TimerFired(node=node, wait=1), KNOWN)
    assert said.text == {"zh-CN": f"“{zh}”时间已到", "en": f"the time of “{en}” has come"}


def same(words: str) -> dict[str, str]:
    return {"zh-CN": words, "en": words}


DETAILS: list[tuple[facts.AnyFact, dict[str, str]]] = [
    (facts.InstanceCancelled(reason="重复"), same("重复")),
    (facts.InstanceCancelled(), {}),
    (facts.InstanceSuspended(reason="a strike"), same("a strike")),
    (facts.InstanceResumed(reason="over"), same("over")),
    (facts.InstanceResumed(), {}),
    (facts.WorkItemActed(node="a", verb="transfer", to="li", reason="on leave"), same("on leave")),
    (facts.WorkItemActed(node="a", verb="claim"), {}),
    (facts.TokenMoved(to="a", reason="wrong way"), same("wrong way")),
    (facts.Commented(text="hm"), same("hm")),
    (facts.AttachmentAdded(attachment="f", name="a.pdf", size=1), same("a.pdf")),
    (facts.AttachmentRemoved(attachment="f", name="a.pdf", reason="twice"), same("twice")),
    (
        facts.IncidentRaised(node="a", incident=1, code="c", message={"zh-CN": "断线", "en": "no line"}),
        {"zh-CN": "断线", "en": "no line"},
    ),
    (
        facts.MessageUndelivered(trigger="signal", name="s", message={"zh-CN": "无人", "en": "nobody"}),
        {"zh-CN": "无人", "en": "nobody"},
    ),
    (facts.InstanceEnded(), {}),
]


@pytest.mark.parametrize(("fact", "detail"), DETAILS)
def test_what_a_person_said_stands_beside_the_sentence(fact: facts.AnyFact, detail: dict[str, str]) -> None:
    assert telling.tell(fact, KNOWN).detail == detail


OUTCOMES: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("a", {}, {}),
    ("a", {"rate": 5}, {}),  # fields are data, no outcome
    ("a", {"outcome": "yes"}, {"zh-CN": "同意", "en": "Agree"}),
    ("a", {"outcome": "no"}, {"zh-CN": "Refuse", "en": "Refuse"}),  # a label in one language
    ("a", {"outcome": "maybe"}, same("maybe")),  # a value without a label
    ("a", {"outcome": None}, {}),
    ("a", {"again": False}, same("False")),
    ("a", {"outcome": "yes", "again": True}, {"zh-CN": "同意 · True", "en": "Agree · True"}),
    ("a", {"comment": "好"}, same("好")),
    ("a", {"comment": ""}, {}),
    ("a", {"refusal_reason": "too dear"}, same("too dear")),
    ("a", {"reasons": "x", "commented": "y"}, {}),  # only what ends so
    (
        "a",
        {"outcome": "yes", "comment": "好", "reason": "便宜"},
        {"zh-CN": "同意 · 好 · 便宜", "en": "Agree · 好 · 便宜"},
    ),
    ("chinese", {"outcome": "yes", "comment": "x"}, same("x")),  # without a form there is no button
    ("gone", {"comment": "x"}, same("x")),
    ("j", {"outcome": "yes"}, {}),
]


@pytest.mark.parametrize(("node", "data", "detail"), OUTCOMES)
def test_the_button_that_was_pressed_is_told_with_what_was_said(node: str, data: dict, detail: dict[str, str]) -> None:
    said = telling.tell(facts.WorkItemCompleted(node=node, wait=1, data=data), KNOWN)
    assert said.detail == detail


@pytest.mark.parametrize("hostile", ["{step}", "{0}", "%s", "{fact.__class__}", "<b>x</b>", "“”"])
def test_names_and_words_of_people_are_text_and_no_pattern(hostile: str) -> None:
    program = Program(key="p", nodes=(UserTask(id="a", name=hostile),))
    known = telling.names(program, {"li": hostile})
    said = telling.tell(facts.WorkItemActed(node="a", verb="transfer", to="li", reason=hostile), known)
    assert said.text["en"] == f"handed “{hostile}” to {hostile}"
    assert said.detail == same(hostile)
    assert (
        telling.tell(facts.EventThrown(node="a", trigger="message", name=hostile), known).text["en"]
        == f"sent “{hostile}”"
    )
