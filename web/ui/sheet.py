"""The verbs beside an open task: which there are, their forms, and why others are not possible."""

from typing import cast

import flask

from engine import errors, records
from engine.inbox import doing, returning, verbs
from engine.model import handling
from web.ui import known, language, tasks, visitor

SHOWN: tuple[verbs.Verb, ...] = (
    "resume", "answer", "hold", "transfer", "delegate", "add_sign", "remove_sign", "send_back", "urge", "copy",
)  # fmt: skip
"""Those with a form of their own beside the task, in this order. Claim, release and complete have their buttons."""


WORDS = {
    "claim": "inbox.claim",
    "release": "inbox.release",
    "complete": "form.done",
    "save_draft": "inbox.draft",
}
"""Verbs that have a word of their own on the page."""


def why_not(verb: verbs.Verb, item: records.WorkItem) -> str:
    """Why I may not, in words of the desk; empty where I may."""
    error = verbs.refusal(verb, item, visitor.me())
    return in_words(error, item) if error is not None else ""


def in_words(error: errors.CrmflowError, item: records.WorkItem) -> str:
    """With people's names for their logins, and moments as they are written here."""
    if error.code == "delegated" and item.shared.owner:
        return language.t("verb.delegated_by", name=known.person(item.shared.owner))
    if error.code == "not_your_turn":
        names = map(known.person, handling.active(item.shared.signatures))
        return language.t("verb.turn", names=language.t("app.list_join").join(names))
    if error.code == "not_a_candidate":
        return language.t("inbox.queue", names=tasks.queue(item))
    return tasks.who(error) if isinstance(error, errors.Conflict) else language.said(error.text)


class Sheet:
    """The verbs of one open task. ``failed``: the verb that was refused, with what was typed and why."""

    def __init__(self, opened: tasks.Open, failed: verbs.Verb | None = None, error: errors.CrmflowError | None = None):
        self.item = opened.item
        self.may = [verb for verb in SHOWN if opened.may(verb)]
        if failed in SHOWN and failed not in self.may:
            self.may.append(cast(verbs.Verb, failed))
        self.why_not = [
            (language.t(WORDS.get(verb, f"verb.{verb}")), why)
            for verb in verbs.VERBS
            if verb not in self.may and (why := why_not(verb, self.item))
        ]
        self.failed, self.error = failed, in_words(error, self.item) if error is not None else ""
        self.typed = flask.request.form if failed else {}
        self.asks = {verb: doing.TABLE[verb].asks for verb in verbs.VERBS}
        self.needs = {verb: doing.TABLE[verb].needs for verb in verbs.VERBS}
        self.targets: list[returning.Target] = []
        if "send_back" in self.may:
            with visitor.engine().store.reading() as tx:
                self.targets = returning.targets(visitor.engine(), tx, self.item)
        if not self.targets and "send_back" in self.may and failed != "send_back":
            self.may.remove("send_back")
            self.why_not.append((language.t("verb.send_back"), language.t("verb.nothing_before")))

    def people(self, verb: verbs.Verb) -> list[tuple[str, str]]:
        """(login, name) of those to choose from."""
        if verb == "remove_sign":
            return [
                (one.person, known.person(one.person))
                for one in self.item.shared.signatures
                if one.kind != "main" and one.status in ("waiting", "active")
            ]
        return [pair for pair in known.Lookups().people("") if pair[0] != visitor.me().key]

    def chosen(self, verb: verbs.Verb, person: str) -> bool:
        return verb == self.failed and person in flask.request.form.getlist("to")

    def value(self, verb: verbs.Verb, name: str) -> str:
        return self.typed.get(name, "") if verb == self.failed else ""

    @property
    def signers(self) -> list[tuple[str, str]]:
        """(name, status) of everybody who signs or signed, in order."""
        return [
            (known.person(one.person), one.status) for one in self.item.shared.signatures if one.status != "removed"
        ]

    @property
    def turn(self) -> str:
        join = language.t("app.list_join")
        return join.join(known.person(key) for key in handling.active(self.item.shared.signatures))
