"""What differs where: each step of each process, with the elements that each customer group has otherwise."""

from collections.abc import Iterator

from engine.compare.folders import Composed
from engine.definitions.folder import Folder
from engine.handbook import chapter
from engine.handbook.tell import LETTERS, Book
from engine.model.text import Text
from engine.variants.operations.operation import ELEMENTS


def cells(folder: Folder, composed: list[Composed]) -> dict[str, dict[str, str]]:
    """Step -> group -> letters of what differs; ``+`` for a step that only this group has, ``-`` for one it has not.

    Differences at gateways, flows and events are told at the process itself, under the empty step.
    """
    assert folder.program is not None, "the book is made of folders that can be read"
    known = [node.id for node in chapter.steps(folder.program)]
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


def write(folders: dict[str, tuple[Folder, list[Composed]]], groups: dict[str, Text], book: Book) -> Iterator[str]:
    """The table in Markdown, line by line."""
    shown = [key for key in groups if any(one.group == key for _, composed in folders.values() for one in composed)]
    yield f"| {book('step')} |" + "".join(f" {key} {book.text(groups[key])} |" for key in shown)
    yield "|---|" + "---|" * len(shown)
    for key, (folder, composed) in folders.items():
        names = {node.id: book.text(node.texts, node.name) for one in composed for node in one.difference.program.nodes}
        if folder.program is not None:
            names |= {node.id: book.text(node.texts, node.name) for node in folder.program.nodes}
        table = cells(folder, composed)
        whole = table.pop("", {})
        yield f"| **[{book.process(key)}]({key}.md)** |" + "".join(f" {whole.get(group, '')} |" for group in shown)
        for step, letters in table.items():
            yield f"| {names.get(step) or step} |" + "".join(f" {letters.get(group, '')} |" for group in shown)
