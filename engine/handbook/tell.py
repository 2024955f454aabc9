"""Words of the handbook: who, how, by when, in the reader's language."""

import re
from collections.abc import Iterator, Mapping, Sequence

from engine.handbook import plain
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.performer import Performer, Promise
from engine.model.text import ZH, Text, both, pick
from engine.variants import durations
from engine.variants.operations.operation import Element
from engine.variants.words import RULES

WORDS = {
    "step": both(zh="步骤", en="Step"),
    "who": both(zh="由谁", en="Who"),
    "within": both(zh="时限", en="Within"),
    "value": both(zh="给客户的价值", en="What the customer has of it"),
    "customer_gets": both(zh="客户得到", en="The customer gets"),
    "owner": both(zh="负责", en="Owner"),
    "starts": both(zh="怎样开始", en="How it starts"),
    "steps": both(zh="逐步说明", en="Step by step"),
    "goal": both(zh="目标", en="goal"),
    "rungs": both(zh="超时怎么办", en="When time runs out"),
    "groups": both(zh="对谁不同", en="For whom it differs"),
    "all_alike": both(zh="所有客户群都按基准流程办理。", en="All customer groups get the base process."),
    "rules": both(zh="任何变体都不能违反", en="What no variant may break"),
    "settings": both(zh="可调参数", en="What can be set"),
    "measures": both(zh="怎样衡量", en="How it is measured"),
    "forms": both(zh="填写什么", en="What is asked"),
    "cases": both(zh="试过的情形", en="Cases that were tried"),
    "calls": both(zh="用到的流程", en="Processes it uses"),
    "name": both(zh="名称", en="Name"),
    "base": both(zh="基准", en="Base"),
    "system": both(zh="系统", en="the system"),
    "awaited": both(zh="等候消息", en="a message is awaited"),
    "manager": both(zh="由人启动：", en="Started by: "),
    "message": both(zh="得知", en="When told"),
    "timer": both(zh="到时间", en="By the clock"),
    "started": both(zh="手工或由程序启动", en="Started by hand or by a program"),
    "letters": both(
        zh="A 活动 · L 逻辑 · W 做法 · P 承担者 · S 服务水平；加号为该客户群新增，横线为没有此步。",
        en="A activities · L logic · W way · P performer · S service level; a plus: only this group has the step, "
        "a dash: it has not.",
    ),
    "letters_here": both(
        zh="A 活动 · L 逻辑 · W 做法 · P 承担者 · S 服务水平",
        en="A activities · L logic · W way · P performer · S service level",
    ),
    "working": both(zh="工作时间", en="working time"),
    "process": both(zh="流程", en="Process"),
    "purpose": both(zh="为什么", en="What for"),
    "differing": both(zh="哪些客户群不同", en="Which groups differ"),
    "required": both(zh="必填", en="required"),
    "as_above": both(zh="无变化", en="as the base"),
}
LETTERS: dict[Element, str] = {"activity": "A", "logic": "L", "way": "W", "performer": "P", "service_level": "S"}
TAGS = {
    "VA": both(zh="增值", en="adds value"),
    "BVA": both(zh="业务必需", en="the business needs it"),
    "NVA": both(zh="不增值", en="adds none"),
}
AROUND_THE_CLOCK = ("24x7", "cn-24x7")
"""Calendars that count every hour."""
OR = both(zh="或", en=" or ")
_QUOTED = re.compile(r'"([a-z0-9_]+)"')
_OWNER = re.compile(r"\bcustomer\.owner\b")
ACTIONS = {
    "warn": both(zh="提醒", en="a reminder"),
    "notify_manager": both(zh="通知", en="told:"),
    "raise_priority": both(zh="提高优先级", en="priority raised"),
    "reassign": both(zh="改派", en="given to"),
    "breach": both(zh="记为违约", en="counted as broken"),
}
SOMEBODY = {
    "notify_manager": both(zh="上级", en=" the manager"),
    "reassign": both(zh="他人", en=" somebody else"),
}


class Book:
    """Speaks one language, and knows what staff groups and processes are called."""

    def __init__(self, locale: str, staff: Mapping[str, Text], processes: Mapping[str, Text]) -> None:
        self.locale = locale
        self.staff = staff
        self.processes = processes

    def __call__(self, key: str) -> str:
        return pick(WORDS[key], self.locale)

    @property
    def colon(self) -> str:
        return "：" if self.locale == ZH else ": "

    def text(self, text: Text, default: str = "") -> str:
        """On one line, and nothing in it is markup."""
        return cell(pick(text, self.locale, default))

    def team(self, key: str) -> str:
        return pick(self.staff.get(key, {}), self.locale, key)

    def process(self, key: str) -> str:
        return f"{key} {pick(self.processes.get(key, {}), self.locale)}".strip()

    def promise(self, promise: Promise | None) -> str:
        """The deadline, and the goal where it has one."""
        if promise is None:
            return ""
        more = [] if promise.calendar in ("", *AROUND_THE_CLOCK) else [self("working")]
        if promise.goal:
            more.append(f"{self('goal')} {pick(durations.spoken(promise.goal), self.locale)}")
        return pick(durations.spoken(promise.duration), self.locale) + self.aside(more)

    def aside(self, told: Sequence[str]) -> str:
        """Behind what it explains, in the brackets of the language; nothing for nothing."""
        if not told:
            return ""
        return f"（{'，'.join(told)}）" if self.locale == ZH else f" ({', '.join(told)})"

    def who(self, node: nodes.Activity) -> str:
        if isinstance(node, nodes.ReceiveTask):
            return self("awaited")
        performer: Performer | None = getattr(node, "performer", None)
        if performer is None:
            return self("system")
        named = [self._named(one) for one in (*performer.users, *performer.groups)]
        if performer.assignee is not None:
            named.insert(0, self._named(performer.assignee))
        if performer.rule in RULES:
            rule = pick(RULES[performer.rule], self.locale)
            if performer.rule == "owner":
                return rule
            return ("、" if self.locale == ZH else ", ").join(named) + self.aside([rule])
        return ("、" if self.locale == ZH else ", ").join(named)

    def _named(self, expression: Expression) -> str:
        """A computed one in words: the staff groups between which it chooses, the customer's owner, the case's own."""
        if expression.language == "literal":
            return self.team(expression.text)
        teams = [key for key in _QUOTED.findall(expression.text) if key in self.staff]
        if teams:
            return pick(OR, self.locale).join(map(self.team, teams))
        return pick(RULES["owner"] if _OWNER.search(expression.text) else plain.NAMED, self.locale)

    def rungs(self, promise: Promise | None) -> Iterator[str]:
        """What happens at which part of the time, rung by rung."""
        for rung in promise.ladder if promise else ():
            deed = pick(ACTIONS[rung.action], self.locale)
            gap = "" if self.locale == ZH else " "
            whom = f"{gap}{self.team(rung.to)}" if rung.to else pick(SOMEBODY.get(rung.action, {}), self.locale)
            of = f"{self('goal')} " if rung.of == "goal" else ""
            yield f"{of}{rung.at_percent} % {deed}{whom}"


def cell(words: str) -> str:
    """For a table of Markdown: one line, no bars, no tags."""
    return " ".join(words.split()).replace("|", "\\|").replace("<", "&lt;")
