"""Why an instance cannot move, or what moving would mean, in words."""

from typing import Literal

import msgspec

from engine.model.program import Program
from engine.model.text import EN, ZH, Text, both, pick

Code = Literal[
    "back",
    "owed",
    "surplus",
    "order",
    "begun",
    "blocked",
    "no_place",
    "no_undo",
    "undoing",
    "stopped",
    "event_missed",
    "finished_inside",
    "way_unclear",
    "never_begins",
    "undecided",
    "data_missing",
    "failed",
    "elsewhere",
    "over",
    "waited_long",
    "kept",
    "offered",
]


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """``node`` is the step concerned, by the id of the program that has it."""

    code: Code
    node: str = ""
    text: Text


_WORDS: dict[Code, tuple[str, str]] = {
    "back": ("“{}”还没有人办理，将收回", "“{}” was not begun by anybody and is taken back"),
    "owed": ("“{}”在新方案中应已完成，将作为补办事项", "“{}” should have been done by now and becomes a to-do"),
    "surplus": ("“{}”已完成，新方案中没有这一步", "“{}” was done, and the new program does not have it"),
    "order": ("“{}”在新方案中应更早完成", "“{}” is done later than the new program wants it"),
    "begun": ("“{}”已有人在办理，新方案在此处没有它", "“{}” was begun, and the new program does not have it here"),
    "blocked": ("“{}”已完成，而新方案此时还不允许", "“{}” was done where the new program does not allow it yet"),
    "no_place": ("新方案中没有可以接续“{}”的位置", "the new program has no place where “{}” could go on"),
    "no_undo": ("“{}”已完成，新方案不能再撤销它", "“{}” was done, and the new program could not undo it any more"),
    "undoing": ("“{}”正在撤销已完成的步骤，请稍后再试", "“{}” is undoing what was done; it can move afterwards"),
    "stopped": ("“{}”有故障，请先处理", "there is an incident at “{}” to be mended first"),
    "event_missed": (
        "新方案在此之前等待“{}”，它没有发生",
        "the new program waits for “{}” before this, which never came",
    ),
    "finished_inside": (
        "已结束的子流程中没有做过“{}”",
        "“{}” was never done in a sub-process that has ended",
    ),
    "way_unclear": (
        "有几条路，无法判定“{}”应如何开始",
        "it is not clear by which way “{}” is to begin",
    ),
    "never_begins": ("新方案一开始就无法前进", "the new program stands still from its very start"),
    "undecided": ("可能的情况太多，未能判定", "too many ways to look at: not decided within the budget"),
    "data_missing": ("以后的步骤需要“{}”，而它不会再被填写", "later steps need “{}” and nothing fills it in any more"),
    "failed": ("迁移时出错：{}", "it failed: {}"),
    "elsewhere": ("它已在运行另一个方案", "it runs another program by now"),
    "over": ("它已结束", "it has ended"),
    "kept": (
        "“{}”已有人领取、填写或签署，仍由原来的人办理",
        "“{}” was taken, begun or signed and stays with those who have it",
    ),
    "offered": (
        "“{}”还没有人领取或签署，改由新方案指定的人办理",
        "“{}” was not taken or signed by anybody and is offered to whom the new program names",
    ),
    "waited_long": ("一直没有等到可以迁移的时机", "no safe moment came"),
}


def reason(code: Code, node: str = "", *programs: Program) -> Reason:
    """``programs`` are searched for the step's name, the first that has it."""
    name = next((found for program in programs if (found := _name(program, node))), both(zh=node, en=node))
    zh, en = _WORDS[code]
    return Reason(code=code, node=node, text=both(zh=zh.format(name[ZH]), en=en.format(name[EN])))


def said(code: Code, words: Text) -> Reason:
    """With the words of an error."""
    zh, en = _WORDS[code]
    return Reason(code=code, text=both(zh=zh.format(pick(words, ZH)), en=en.format(pick(words, EN))))


def _name(program: Program, node: str) -> Text:
    found = next((one for one in program.nodes if one.id == node), None)
    if found is None:
        return {}
    drawn = (found.name or found.id).replace("\n", " ")
    return both(zh=pick(found.texts, ZH, drawn), en=pick(found.texts, EN, drawn))
