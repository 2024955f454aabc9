"""How a process is measured, in words: between which steps, over which cases, and what is aimed at."""

from collections.abc import Iterator

from engine.definitions.process import Definition, Kpi
from engine.handbook.tell import Book
from engine.model.program import Program
from engine.model.text import both, pick
from engine.variants import durations

BEGIN, END = both(zh="发起", en="the start"), both(zh="办结", en="the end")
SPAN = both(zh="从“{begin}”到“{end}”", en="from “{begin}” to “{end}”")
OVER = {
    "duration": both(zh="用时", en="time taken"),
    "share": both(zh="占办结的办件", en="of the cases that ended"),
    "count": both(zh="次数", en="how often"),
    "amount": both(zh="每个办件的数值", en="the figure of each case"),
    "rating": both(zh="平均值", en="the mean"),
}
BETTER = {"lower": both(zh="越低越好", en="lower is better"), "higher": both(zh="越高越好", en="higher is better")}
AIM = {
    "lower": both(zh="目标不超过 {target}", en="aim: at most {target}"),
    "higher": both(zh="目标不低于 {target}", en="aim: at least {target}"),
}


def write(program: Program, definition: Definition, book: Book) -> Iterator[str]:
    """A line each: its name, what is counted, and the aim, or at least which way is better."""
    comma = "，" if book.colon == "：" else ", "
    for one in definition.kpis:
        yield f"* **{book.text(one.names)}**{book.colon}{_counted(one, program, book)}{comma}{_aim(one, book)}"


def _counted(kpi: Kpi, program: Program, book: Book) -> str:
    if kpi.kind != "duration" or not (kpi.start or kpi.end):
        return pick(OVER[kpi.kind], book.locale)
    begin = _named(kpi.start, program, book) or pick(BEGIN, book.locale)
    end = _named(kpi.end, program, book) or pick(END, book.locale)
    return pick(SPAN, book.locale).format(begin=begin, end=end)


def _named(element: str, program: Program, book: Book) -> str:
    """A node without a name is called by the sub-process that it is in."""
    known = {node.id: node for node in program.nodes}
    while element in known:
        node = known[element]
        if words := book.text(node.texts, node.name):
            return words
        element = node.scope
    return ""


def _aim(kpi: Kpi, book: Book) -> str:
    if kpi.target is None:
        return pick(BETTER[kpi.better], book.locale)
    if isinstance(kpi.target, str):
        told = pick(durations.spoken(kpi.target), book.locale)
    else:
        told = f"{kpi.target * 100:g} %" if kpi.kind == "share" else f"{kpi.target:g}"
    return pick(AIM[kpi.better], book.locale).format(target=told)
