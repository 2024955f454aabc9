"""What differs where: each step of each process, with the elements that each customer group has otherwise."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from engine.compare.folders import Composed
from engine.definitions.folder import Folder
from engine.definitions.process import Definition
from engine.handbook import chapter
from engine.handbook.tell import LETTERS, Book
from engine.model.program import Program
from engine.model.text import Text
from engine.variants.operations.operation import ELEMENTS


class Told(NamedTuple):
    """A process that can be read, with its variants and what they have otherwise."""

    folder: Folder
    definition: Definition
    program: Program
    composed: list[Composed]
    cells: Mapping[str, Mapping[str, str]]


def told(folder: Folder, composed: list[Composed]) -> Told:
    assert folder.definition is not None and folder.program is not None, "the book is made of folders that can be read"
    return Told(folder, folder.definition, folder.program, composed, cells(folder.program, composed))


def cells(base: Program, composed: list[Composed]) -> dict[str, dict[str, str]]:
    """Step -> group -> letters of what differs; ``+`` for a step that only this group has, ``-`` for one it has not.

    Differences at gateways, flows and events are told at the process itself, under the empty step.
    """
    known = [node.id for node in chapter.steps(base)]
    found: dict[str, dict[str, str]] = {step: {} for step in ["", *known]}
    for one in composed:
        marks = one.difference.marks
        theirs = {node.id for node in chapter.steps(one.difference.program)}
        for step in known:
            changed = marks.changed.get(step, ())
            moved = "L" if step in marks.moved else ""
            letters = "".join(LETTERS[element] for element in ELEMENTS if element in changed)
            told = "-" if step not in theirs else moved + letters
            if told:
                found[step][one.group] = told
        for step in [key for key in marks.inserted if key in theirs]:
            found.setdefault(step, {})[one.group] = "+"
        elsewhere = {line.element for line in one.difference.lines if not set(line.touches) & {*known, *theirs}}
        if elsewhere:
            found[""][one.group] = "".join(LETTERS[element] for element in ELEMENTS if element in elsewhere)
    return {step: groups for step, groups in found.items() if groups}


def write(processes: Mapping[str, Told], groups: Mapping[str, Text], book: Book) -> Iterator[str]:
    """The table in Markdown, line by line."""
    shown = [key for key in groups if any(one.group == key for told in processes.values() for one in told.composed)]
    yield f"| {book('step')} |" + "".join(f" {key} {book.text(groups[key])} |" for key in shown)
    yield "|---|" + "---|" * len(shown)
    for key, process in processes.items():
        programs = [*(one.difference.program for one in process.composed), process.program]
        names = {node.id: book.text(node.texts, node.name) for program in programs for node in program.nodes}
        whole = process.cells.get("", {})
        yield f"| **[{book.process(key)}]({key}.md)** |" + "".join(f" {whole.get(group, '')} |" for group in shown)
        for step, letters in process.cells.items():
            if step:
                yield f"| {names.get(step) or step} |" + "".join(f" {letters.get(group, '')} |" for group in shown)
