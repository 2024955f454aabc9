"""What the command palette offers: places, processes to start, and what can be done with the open task."""

from typing import NamedTuple

import flask

from engine.inbox import verbs
from engine.model import initials
from engine.people import rights
from web.ui import known, language, sheet, tasks, visitor

PLACES: tuple[tuple[str, str, rights.Action], ...] = (
    ("inbox.show", "inbox.mine", "task.work"),
    ("mine.started", "list.started", "case.start"),
    ("mine.copied", "list.copied", "case.see"),
    ("mine.notices", "list.notices", "case.see"),
    ("start.choose", "nav.start", "case.start"),
    ("cases.index", "nav.cases", "case.see"),
    ("customers.index", "nav.customers", "customer.see"),
    ("quotes.index", "quotes.title", "customer.see"),
    ("campaigns.index", "campaigns.title", "customer.see"),
    ("sales.index", "sales.title", "customer.see"),
    ("knowledge.index", "knowledge.title", "customer.see"),
    ("processes.index", "nav.processes", "process.see"),
    ("matrix.show", "nav.matrix", "matrix.see"),
    ("groups.show", "nav.groups", "matrix.see"),
    ("designer.index", "nav.designer", "process.draw"),
    ("people.index", "nav.people", "people.manage"),
    ("operations.show", "nav.operations", "operations.see"),
    ("absences.mine", "absence.title", "task.work"),
    ("offline.show", "offline.title", "task.work"),
    ("phrases.show", "phrase.title", "case.see"),
    ("feedback.show", "feedback.title", "case.see"),
)
SHELVES = ("open", "drafts", "done")


class Command(NamedTuple):
    words: str
    initials: str
    address: str = ""
    verb: str = ""
    """Of the open task: its form is opened."""


def commands(opened: tasks.Open | None = None) -> list[Command]:
    """Verbs of the open task first, then places, then processes to start."""
    me = visitor.me()
    found = [_verb(verb) for verb in verbs.VERBS if opened is not None and opened.may(verb)]
    found += [
        _place(language.t(words), flask.url_for(endpoint))
        for endpoint, words, action in PLACES
        if rights.may(me, action)
    ]
    if rights.may(me, "task.work"):
        found += [_place(language.t(f"inbox.{name}"), flask.url_for("inbox.show", shelf=name)) for name in SHELVES]
    if rights.may(me, "case.start"):
        found += [
            _place(language.t("palette.start", name=known.process(key)), flask.url_for("start.fill", key=key))
            for key in known.processes()
        ]
    return found


def _verb(verb: verbs.Verb) -> Command:
    words = language.t(sheet.WORDS.get(verb, f"verb.{verb}"))
    return Command(words, initials.of(words), verb=verb)


def _place(words: str, address: str) -> Command:
    return Command(words, initials.of(words), address=address)
