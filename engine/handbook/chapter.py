"""One process as a chapter, in Markdown."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.compare.folders import Composed
from engine.definitions.folder import Folder
from engine.definitions.process import Definition
from engine.handbook import measures, plain
from engine.handbook.tell import LETTERS, TAGS, Book, cell
from engine.model import nodes
from engine.model.program import Program
from engine.model.text import ZH, Text, pick
from engine.variants.diff import Line
from engine.variants.words import Words


def write(folder: Folder, composed: list[Composed], groups: dict[str, Text], book: Book) -> str:
    """``groups``: key -> names of the customer groups, in their order."""
    definition, program = folder.definition, folder.program
    assert definition is not None and program is not None, "the book is made of folders that can be read"
    composed = sorted(composed, key=lambda one: list(groups).index(one.group) if one.group in groups else len(groups))
    parts = [
        f"# {book.process(folder.name)}",
        book.text(definition.purpose),
        f"**{book('customer_gets')}**{book.colon}{book.text(definition.customer_output)}  \n"
        f"**{book('owner')}**{book.colon}{book.team(definition.owner)}  \n"
        f"**{book('starts')}**{book.colon}{_starts(program, definition, book)}",
        f"![{folder.name}]({folder.name}.svg)",
        _section(book("steps"), _steps(program, book)),
        _section(book("rungs"), _rungs(program, book)),
        _section(book("groups"), _groups(folder, composed, groups, book)),
        _section(book("rules"), (f"* {book.text(one.names)}" for one in definition.invariants)),
        _section(book("settings"), _settings(definition, composed, book)),
        _section(book("measures"), measures.write(program, definition, book)),
        _section(book("forms"), _forms(program, book)),
        _section(book("calls"), _calls(program, book)),
        _section(book("cases"), _cases(folder, book)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(title: str, lines: Iterator[str]) -> str:
    found = list(lines)
    return f"## {title}\n\n" + "\n".join(found) if found else ""


def _starts(program: Program, definition: Definition, book: Book) -> str:
    ways = []
    join = "、" if book.locale == ZH else ", "
    if definition.start.groups:
        ways.append(book("manager") + join.join(book.team(key) for key in definition.start.groups))
    for node in program.nodes:
        if not isinstance(node, nodes.StartEvent) or node.scope:
            continue
        for trigger in node.triggers:
            kind = type(trigger).__name__.lower()
            name = getattr(trigger, "name", "")
            clock = book("timer") + book.colon + book.text(node.texts, node.name)
            ways.append(_told(node, name, book) if "message" in kind else clock)
    return ("；" if book.locale == ZH else "; ").join(dict.fromkeys(ways)) or book("started")


def _told(node: nodes.StartEvent, message: str, book: Book) -> str:
    """In words, and what systems call it."""
    words, called = book.text(node.texts, node.name), f"`{cell(message)}`"
    return f"{book('message')}“{words}”（{called}）" if book.locale == ZH else f"{book('message')} “{words}” ({called})"


def steps(program: Program) -> list[nodes.Activity]:
    """What is done, in the order in which it was drawn; sub-processes are told by what is in them."""
    return [
        node for node in program.nodes if isinstance(node, nodes.Activity) and not isinstance(node, nodes.SubProcess)
    ]


def _steps(program: Program, book: Book) -> Iterator[str]:
    yield f"| | {book('step')} | {book('who')} | {book('within')} | {book('value')} |"
    yield "|---|---|---|---|---|"
    for number, node in enumerate(steps(program), 1):
        worth = node.worth
        value = book.text(worth.value) if worth else ""
        tag = pick(TAGS.get(worth.tag, {}), book.locale) if worth else ""
        told = value + book.aside([tag]) if value and tag else value or tag
        name = book.text(node.texts, node.name)
        yield f"| {number} | {name} | {book.who(node)} | {book.promise(node.promise)} | {told} |"


def _rungs(program: Program, book: Book) -> Iterator[str]:
    for node in steps(program):
        rungs = list(book.rungs(node.promise))
        if rungs and isinstance(node, nodes.UserTask):
            told = ("；" if book.locale == ZH else "; ").join(rungs)
            yield f"* **{book.text(node.texts, node.name)}**{book.colon}{told}"


def _groups(folder: Folder, composed: list[Composed], groups: dict[str, Text], book: Book) -> Iterator[str]:
    having = {one.group: one for one in composed}
    if not having:
        yield book("all_alike")
    operations = {one["id"]: one for variant in folder.variants.values() for one in variant["operations"]}
    yield book("letters_here")
    yield ""
    for key in (key for key in groups if key in having):
        yield f"### {key} {book.text(groups[key])}"
        yield ""
        difference = having[key].difference
        lasting = plain.lasting(operations, (line.operation for line in difference.lines))
        for line in (one for one in difference.lines if one.operation in lasting):
            yield _line(line, operations.get(line.operation, {}), book)
        yield ""


def _line(line: Line, operation: Mapping[str, Any], book: Book) -> str:
    """A condition is said by the name of the way that it opens, or by its reason if it has one."""
    reason, condition = book.text(line.reason), operation.get("condition")
    said = plain.said(
        book.text(line.says),
        condition=cell(condition.removeprefix("=")) if reason and isinstance(condition, str) else "",
        when=book.text(operation.get("names", {})),
        people=line.element == "performer",
        locale=book.locale,
    )
    gap = "——" if book.locale == ZH else " – "
    return f"* **{LETTERS[line.element]}** {said}" + (f"{gap}{reason}" if reason else "")


def _settings(definition: Definition, composed: list[Composed], book: Book) -> Iterator[str]:
    if not definition.parameters:
        return
    having = [one.group for one in composed]
    yield f"| {book('name')} | {book('base')} |" + "".join(f" {key} |" for key in having)
    yield "|---|---|" + "---|" * len(having)
    words = Words(parameters=definition.parameters, staff=book.staff)
    for key, parameter in definition.parameters.items():
        values = [one.difference.program.parameters.get(key, parameter.value) for one in composed]
        told = [plain.calendars(book.text(words.value(key, one)), book.locale) for one in (parameter.value, *values)]
        shown = [one if one != told[0] else "" for one in told[1:]]
        yield f"| {book.text(parameter.names)} | {told[0]} |" + "".join(f" {one} |" for one in shown)


def _forms(program: Program, book: Book) -> Iterator[str]:
    for form in program.forms.values():
        title = book.text(form.get("x-title", {}), form.get("title", ""))
        fields = [
            book.text(field.get("x-title", {}), name) + (" *" if name in form.get("required", ()) else "")
            for name, field in form.get("properties", {}).items()
            if isinstance(field, dict) and not field.get("readOnly")
        ]
        if fields:
            yield f"* **{title}**{book.colon}" + ("、" if book.locale == ZH else ", ").join(fields)


def _calls(program: Program, book: Book) -> Iterator[str]:
    called = [node.called.text for node in program.nodes if isinstance(node, nodes.CallActivity) and node.called]
    for key in dict.fromkeys(called):
        yield f"* [{book.process(key)}]({key}.md)" if key in book.processes else f"* {cell(key)}"


def _cases(folder: Folder, book: Book) -> Iterator[str]:
    for document in folder.scenarios.values():
        group = document.get("group", "")
        yield f"* {book.text(document['names'])}" + book.aside([cell(group)] if group else [])
