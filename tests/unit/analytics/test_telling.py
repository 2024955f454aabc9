"""Facts in plain words, in both languages."""

import re
from typing import get_args

import pytest

from engine import facts
from engine.analytics import telling
from engine.model.nodes import ServiceTask, UserTask
from engine.model.program import Program

FORM = {
    "properties": {
        "outcome": {
            "enum": ["approved", "refused"],
            "x-labels": {"approved": {"zh-CN": "同意", "en": "Approve"}},
            "x-ui": {"widget": "actions"},
        }
    }
}
PROGRAM = Program(
    key="SFA-03",
    nodes=(
        UserTask(
            id="approve", name="折扣审批", texts={"zh-CN": "折扣审批", "en": "Approve the discount"}, form="approve"
        ),
        ServiceTask(id="send", name="发送报价", texts={"zh-CN": "发送报价", "en": "Send the quote"}),
    ),
    forms={"approve": FORM},
)
KNOWN = telling.names(PROGRAM, {"li": "李雷", "wang": "王芳"})


def told(fact: facts.AnyFact) -> tuple[str, str]:
    sentence = telling.tell(fact, KNOWN)
    assert sentence is not None
    return sentence.text["zh-CN"], sentence.text["en"]


@pytest.mark.parametrize(
    ("fact", "zh", "en"),
    [
        (facts.InstanceStarted(process="SFA-03", program="x"), "发起了办件", "started the case"),
        (
            facts.WorkItemOpened(node="approve", wait=1),
            "“折扣审批”待办理",
            "“Approve the discount” is waiting to be done",
        ),
        (facts.WorkItemActed(node="approve", verb="claim"), "领取了“折扣审批”", "took “Approve the discount”"),
        (
            facts.WorkItemActed(node="approve", verb="transfer", to="wang"),
            "把“折扣审批”转交给王芳",
            "handed “Approve the discount” to 王芳",
        ),
        (facts.WorkItemCompleted(node="approve", wait=1), "完成了“折扣审批”", "completed “Approve the discount”"),
        (facts.JobCompleted(node="send", wait=2), "“发送报价”已自动完成", "“Send the quote” was done automatically"),
        (
            facts.JobFailed(node="send", wait=2, message="boom", retries_left=2),
            "“发送报价”未成功，将自动重试",
            "“Send the quote” did not work and will be tried again",
        ),
        (
            facts.EscalationReached(node="approve", at_percent=75, action="warn"),
            "“折扣审批”时限已过 75%",
            "75% of the time for “Approve the discount” has passed",
        ),
        (
            facts.EscalationReached(node="approve", at_percent=75, action="warn", of="goal"),
            "“折扣审批”距目标的时间已过 75%",
            "75% of the time to the goal for “Approve the discount” has passed",
        ),
        (
            facts.EscalationReached(node="approve", at_percent=100, action="warn", of="goal"),
            "“折扣审批”已过目标时间",
            "the goal for “Approve the discount” has passed",
        ),
        (facts.InstanceCancelled(reason="重复"), "办件已取消", "the case was cancelled"),
        (facts.WorkItemOpened(node="gone", wait=3), "“一个步骤”待办理", "“a step” is waiting to be done"),
    ],
)
def test_a_fact_is_told_in_both_languages(fact: facts.AnyFact, zh: str, en: str) -> None:
    assert told(fact) == (zh, en)


def test_the_outcome_is_told_in_the_words_of_the_button_with_what_was_said() -> None:
    done = facts.WorkItemCompleted(node="approve", wait=1, data={"outcome": "approved", "approver_comment": "价格合适"})
    assert telling.tell(done, KNOWN).detail == {"zh-CN": "同意 · 价格合适", "en": "Approve · 价格合适"}


@pytest.mark.parametrize(
    "fact",
    [
        facts.JobCompleted(node="send", wait=2, errand="continue"),
        facts.FlowTaken(flow="f"),
        facts.VariablesSet(values={"a": 1}),
        facts.ActivityStarted(node="approve", token=1),
        facts.JobCreated(node="send", wait=2, handler="notify"),
        facts.TimerSet(node="send", wait=3, due_at="2026-05-01T00:00:00Z"),
        facts.WorkItemActed(node="approve", verb="save"),
    ],
)
def test_machinery_is_not_told(fact: facts.AnyFact) -> None:
    assert telling.tell(fact, KNOWN) is None


def test_no_sentence_speaks_the_engine_s_language() -> None:
    jargon = re.compile(r"token|gateway|UserTask|work item|instance|BPMN|令牌|网关|实例", re.IGNORECASE)
    made = {
        facts.InstanceStarted: {"process": "p", "program": "x"},
        facts.InstanceMigrated: {"old": "a", "new": "b"},
        facts.TokenMoved: {"to": "approve", "reason": "r"},
        facts.IncidentRaised: {"incident": 1, "code": "c", "message": {"zh-CN": "甲", "en": "a"}},
        facts.IncidentResolved: {"incident": 1},
        facts.EventCaught: {"trigger": "message", "name": "paid"},
        facts.EventThrown: {"trigger": "message", "name": "paid"},
        facts.DecisionMade: {"decision": "d"},
        facts.TimerFired: {"wait": 1},
        facts.Commented: {"text": "hi"},
    }
    for kind, values in made.items():
        assert kind in get_args(facts.AnyFact)
        for text in told(kind(node="approve", **values)):
            assert text and not jargon.search(text), text
