"""One fact as a sentence for people, or nothing where it is only machinery. Pure.

Staff read these: they speak of steps, never of tokens, gateways or ids.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from engine import facts
from engine.model.nodes import AnyNode, UserTask
from engine.model.program import Program
from engine.model.text import EN, LOCALES, ZH, Text, both, pick

Tone = Literal["", "good", "warn", "bad"]
Icon = Literal[
    "start", "open", "person", "done", "system", "time", "mail", "rule", "why", "trouble", "end", "comment", "file"
]


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    text: Text
    icon: Icon
    tone: Tone = ""
    detail: Text = {}
    """What a person said or chose there: an outcome, a comment, a reason."""
    earlier: datetime | None = None
    """When it was done, where that was before it arrived."""


class Names(msgspec.Struct, frozen=True):
    """What to call steps and people."""

    nodes: Mapping[str, AnyNode]
    forms: Mapping[str, dict[str, Any]]
    people: Mapping[str, str]

    def step(self, node: str) -> Text:
        found = self.nodes.get(node)
        if found is None or not (found.texts or found.name):
            return both(zh="一个步骤", en="a step")
        texts = found.texts or {ZH: found.name, EN: found.name}
        return {locale: pick(texts, locale, found.name).replace("\n", " ") for locale in LOCALES}

    def person(self, key: str) -> str:
        return self.people.get(key, key)


def names(program: Program, people: Mapping[str, str]) -> Names:
    return Names({node.id: node for node in program.nodes}, program.forms, people)


def tell(fact: facts.AnyFact, known: Names) -> Sentence | None:
    teller = _TELLERS.get(type(fact))
    return teller(fact, known) if teller else None


VERBS: dict[str, tuple[str, str]] = {
    "claim": ("领取了“{step}”", "took “{step}”"),
    "release": ("退回了“{step}”，可由他人领取", "put “{step}” back for others"),
    "transfer": ("把“{step}”转交给{to}", "handed “{step}” to {to}"),
    "delegate": ("把“{step}”委派给{to}", "delegated “{step}” to {to}"),
    "assign": ("“{step}”分配给{to}", "“{step}” was given to {to}"),
    "answer": ("答复了委派的“{step}”", "answered about “{step}”"),
    "add_sign_before": ("请{to}先签署“{step}”", "asked {to} to sign “{step}” first"),
    "add_sign_after": ("请{to}在其后签署“{step}”", "asked {to} to sign “{step}” afterwards"),
    "add_sign_parallel": ("请{to}一同签署“{step}”", "asked {to} to sign “{step}” too"),
    "remove_sign": ("不再请{to}签署“{step}”", "no longer asks {to} to sign “{step}”"),
    "sign": ("签署了“{step}”", "signed “{step}”"),
    "send_back": ("退回了“{step}”", "sent “{step}” back"),
    "take_back": ("取回了“{step}”", "took “{step}” back"),
    "urge": ("催办“{step}”", "urged “{step}”"),
    "copy": ("把“{step}”抄送给{to}", "copied “{step}” to {to}"),
    "stand_in": ("“{step}”由{to}代{behalf}办理", "{to} stands in for {behalf} at “{step}”"),
    "regain": ("“{step}”交还{to}", "“{step}” went back to {to}"),
    "complete": ("代{behalf}完成了“{step}”", "completed “{step}” for {behalf}"),
    "auto_same": ("“{step}”自动通过：{to}此前已同意", "“{step}” was passed by itself: {to} had agreed already"),
    "auto_starter": ("“{step}”自动通过：{to}是发起人", "“{step}” was passed by itself: {to} started the case"),
    "auto_nobody": ("“{step}”自动通过：没有人可办", "“{step}” was passed by itself: nobody could do it"),
    "nobody_there": ("“{step}”没有人可办，交由{to}", "nobody could do “{step}”: it is open to {to}"),
    "nobody_incident": ("“{step}”没有人可办", "nobody could do “{step}”"),
    "untouched": ("{to}一直未处理“{step}”，已退回待领", "{to} did nothing with “{step}”: it may be claimed again"),
    "untouched_kept": ("{to}一直未处理“{step}”，已告知上级", "{to} did nothing with “{step}”: the manager was told"),
    "nobody_free": ("“{step}”暂无空闲人员，由{to}安排", "nobody was free for “{step}”: {to} may give it to somebody"),
}


def _step(zh: str, en: str, fact: facts.Fact, known: Names, **more: str) -> Text:
    step = known.step(fact.node)
    return both(zh=zh.format(step=step[ZH], **more), en=en.format(step=step[EN], **more))


def _acted(fact: facts.WorkItemActed, known: Names) -> Sentence | None:
    if fact.verb not in VERBS:
        return None
    zh, en = VERBS[fact.verb]
    behalf = known.person(fact.behalf) if fact.behalf else ""
    to = "、".join(known.person(key) for key in fact.to.split(","))
    text = _step(zh, en, fact, known, to=to, behalf=behalf)
    if behalf and "{behalf}" not in zh:
        text = both(zh=f"代{behalf}{text[ZH]}", en=f"{text[EN]} for {behalf}")
    return Sentence(text=text, icon="person", detail=_same(fact.reason))


EARLIER: dict[str, tuple[str, str]] = {
    "complete": ("离线完成了“{step}”，现在送达", "had done “{step}” without a connection; it arrives now"),
    "comment": ("离线写下了留言，现在送达", "had written a comment without a connection; it arrives now"),
    "add_file": ("离线添加了附件，现在送达", "had added a file without a connection; it arrives now"),
}


def _earlier(fact: facts.DoneEarlier, known: Names) -> Sentence:
    zh, en = EARLIER[fact.verb]
    return Sentence(text=_step(zh, en, fact, known), icon="person", earlier=datetime.fromisoformat(fact.done_at))


def _completed(fact: facts.WorkItemCompleted, known: Names) -> Sentence:
    return Sentence(
        text=_step("完成了“{step}”", "completed “{step}”", fact, known),
        icon="done",
        tone="good",
        detail=_outcome(fact, known),
    )


def _outcome(fact: facts.WorkItemCompleted, known: Names) -> Text:
    """The button that was pressed and what was said with it, in the words of the form."""
    node = known.nodes.get(fact.node)
    form = known.forms.get(node.form, {}) if isinstance(node, UserTask) else {}
    said: dict[str, list[str]] = {locale: [] for locale in LOCALES}
    for name, part in form.get("properties", {}).items():
        value = fact.data.get(name)
        if part.get("x-ui", {}).get("widget") == "actions" and value is not None:
            labels = part.get("x-labels", {}).get(str(value), {})
            for locale in LOCALES:
                said[locale].append(pick(labels, locale, str(value)))
    comments = [str(value) for name, value in fact.data.items() if name.endswith(("comment", "reason")) and value]
    return {locale: " · ".join([*words, *comments]) for locale, words in said.items() if words or comments}


def _done(fact: facts.JobCompleted, known: Names) -> Sentence | None:
    """An errand is not the step itself; that a step may begin is no news."""
    if fact.errand == "continue":
        return None
    if fact.errand:
        zh, en = "“{step}”的附带作业“{errand}”已完成", "“{errand}” was done beside “{step}”"
        return Sentence(text=_step(zh, en, fact, known, errand=fact.errand), icon="system")
    return Sentence(text=_step("“{step}”已自动完成", "“{step}” was done automatically", fact, known), icon="system")


def _failed(fact: facts.JobFailed, known: Names) -> Sentence:
    if fact.retries_left:
        zh, en = "“{step}”未成功，将自动重试", "“{step}” did not work and will be tried again"
    else:
        zh, en = "“{step}”多次未成功", "“{step}” failed for good"
    tone: Tone = "warn" if fact.retries_left else "bad"
    return Sentence(text=_step(zh, en, fact, known), icon="trouble", tone=tone)


def _incident(fact: facts.IncidentRaised, known: Names) -> Sentence:
    text = _step("“{step}”出现故障，等待处理", "“{step}” ran into trouble and waits to be mended", fact, known)
    return Sentence(text=text, icon="trouble", tone="bad", detail=dict(fact.message))


def _caught(fact: facts.EventCaught, known: Names) -> Sentence | None:
    if fact.trigger in ("message", "signal"):
        zh, en = "收到“{name}”", "“{name}” arrived"
    elif fact.trigger in ("error", "escalation"):
        zh, en = "触发“{step}”", "“{step}” happened"
    else:
        return None
    return Sentence(text=_step(zh, en, fact, known, name=fact.name or known.step(fact.node)[EN]), icon="mail")


def _thrown(fact: facts.EventThrown, known: Names) -> Sentence | None:
    if fact.trigger not in ("message", "signal"):
        return None
    return Sentence(text=_step("发出“{name}”", "sent “{name}”", fact, known, name=fact.name), icon="mail")


def _escalated(fact: facts.EscalationReached, known: Names) -> Sentence:
    if fact.of == "goal":
        return _short_of_goal(fact, known)
    if fact.at_percent >= 100:
        text = _step("“{step}”已超过时限", "“{step}” is past its deadline", fact, known)
        return Sentence(text=text, icon="time", tone="bad")
    percent = str(fact.at_percent)
    text = _step("“{step}”时限已过 {p}%", "{p}% of the time for “{step}” has passed", fact, known, p=percent)
    return Sentence(text=text, icon="time", tone="warn")


def _short_of_goal(fact: facts.EscalationReached, known: Names) -> Sentence:
    if fact.at_percent >= 100:
        text = _step("“{step}”已过目标时间", "the goal for “{step}” has passed", fact, known)
    else:
        zh, en = "“{step}”距目标的时间已过 {p}%", "{p}% of the time to the goal for “{step}” has passed"
        text = _step(zh, en, fact, known, p=str(fact.at_percent))
    return Sentence(text=text, icon="time", tone="warn")


def _moved(fact: facts.TokenMoved, known: Names) -> Sentence:
    to = known.step(fact.to)
    text = both(zh=f"人工调整到“{to[ZH]}”", en=f"moved by hand to “{to[EN]}”")
    return Sentence(text=text, icon="person", tone="warn", detail=_same(fact.reason))


def _migrated(fact: facts.InstanceMigrated, known: Names) -> Sentence:
    """With the steps that were taken back or are to be made up for."""
    if fact.undone:
        text = both(zh="办件恢复原来的流程版本", en="the case is back on the version before")
        return Sentence(text=text, icon="system")
    said = {locale: [fact.reason] if fact.reason else [] for locale in LOCALES}
    parts = (("收回“{}”", "took back “{}”", fact.back), ("补办“{}”", "to be done late: “{}”", fact.owed))
    for zh, en, steps in parts:
        for step in steps:
            said[ZH].append(zh.format(known.step(step)[ZH]))
            said[EN].append(en.format(known.step(step)[EN]))
    return Sentence(
        text=both(zh="办件改用新的流程版本", en="the case moved to a new version"),
        icon="system",
        detail={locale: " · ".join(words) for locale, words in said.items() if words},
    )


def _same(words: str) -> Text:
    return both(zh=words, en=words) if words else {}


def _plain(zh: str, en: str, icon: Icon, tone: Tone = "") -> Callable[[Any, Names], Sentence]:
    return lambda fact, known: Sentence(text=_step(zh, en, fact, known), icon=icon, tone=tone)


_TELLERS: dict[type, Callable[[Any, Names], Sentence | None]] = {
    facts.InstanceStarted: _plain("发起了办件", "started the case", "start"),
    facts.VariantChosen: lambda fact, known: Sentence(text=dict(fact.sentence), icon="why"),
    facts.WorkItemOpened: _plain("“{step}”待办理", "“{step}” is waiting to be done", "open"),
    facts.WorkItemActed: _acted,
    facts.DoneEarlier: _earlier,
    facts.WorkItemCompleted: _completed,
    facts.WorkItemCancelled: _plain("“{step}”不再需要办理", "“{step}” is no longer needed", "open"),
    facts.JobCompleted: _done,
    facts.JobFailed: _failed,
    facts.TimerFired: _plain("“{step}”时间已到", "the time of “{step}” has come", "time"),
    facts.EventCaught: _caught,
    facts.EventThrown: _thrown,
    facts.DecisionMade: _plain("“{step}”已按规则判定", "“{step}” was decided by rule", "rule"),
    facts.IncidentRaised: _incident,
    facts.IncidentResolved: _plain("“{step}”的故障已处理", "the trouble at “{step}” was mended", "system", "good"),
    facts.MessageUndelivered: lambda fact, known: Sentence(
        text=both(
            zh=f"“{fact.name}”未能送达，不再自动重试", en=f"“{fact.name}” could not be delivered and was given up"
        ),
        icon="trouble",
        tone="bad",
        detail=dict(fact.message),
    ),
    facts.TokenMoved: _moved,
    facts.InstanceSuspended: lambda fact, known: Sentence(
        text=both(zh="暂停了办件，等待客户答复", en="put the case on hold until the customer answers")
        if fact.awaits_customer
        else both(zh="暂停了办件", en="put the case on hold"),
        icon="person",
        tone="warn",
        detail=_same(fact.reason),
    ),
    facts.InstanceResumed: lambda fact, known: Sentence(
        text=both(zh="转来客户答复，办件恢复", en="brought the customer's answer: the case goes on")
        if fact.answered
        else both(zh="恢复了办件", en="let the case go on"),
        icon="person",
        tone="good",
        detail=_same(fact.reason),
    ),
    facts.InstanceMigrated: _migrated,
    facts.EscalationReached: _escalated,
    facts.Commented: lambda fact, known: Sentence(
        text=both(zh="留言", en="commented"), icon="comment", detail=_same(fact.text)
    ),
    facts.AttachmentAdded: lambda fact, known: Sentence(
        text=both(zh="添加了附件", en="added a file"), icon="file", detail=_same(fact.name)
    ),
    facts.AttachmentRemoved: lambda fact, known: Sentence(
        text=both(zh=f"删除了附件“{fact.name}”", en=f"removed the file “{fact.name}”"),
        icon="file",
        tone="warn",
        detail=_same(fact.reason),
    ),
    facts.InstanceEnded: _plain("办件已办结", "the case is closed", "end", "good"),
    facts.InstanceCancelled: lambda fact, known: Sentence(
        text=both(zh="办件已取消", en="the case was cancelled"), icon="end", tone="bad", detail=_same(fact.reason)
    ),
}
