"""The verbs beside an open task: which there are, their forms, and why others are not possible."""

from typing import cast

import flask

from engine import errors
from engine.inbox import doing, returning, verbs
from engine.model import handling
from web.ui import known, language, tasks, visitor

SHOWN: tuple[verbs.Verb, ...] = (
    "resume", "answer", "hold", "transfer", "delegate", "add_sign", "remove_sign", "send_back", "urge", "copy",
)  # fmt: skip
"""Those with a form of their own beside the task, in this order. Claim, release and complete have their buttons."""


class Sheet:
    """The verbs of one open task. ``failed``: the verb that was refused, with what was typed and why."""

    def __init__(self, opened: tasks.Open, failed: verbs.Verb | None = None, error: errors.CrmflowError | None = None):
        self.item = opened.item
        self.may = [verb for verb in SHOWN if opened.may(verb)]
        if failed in SHOWN and failed not in self.may:
            self.may.append(cast(verbs.Verb, failed))
        self.why_not = [
            (verb, why) for verb in SHOWN if (why := opened.detail.actions[verb]) is not None and verb not in self.may
        ]
        self.failed, self.error = failed, tasks.who(error) if isinstance(error, errors.Conflict) else ""
        if error is not None and not self.error:
            self.error = language.said(error.text)
        self.typed = flask.request.form if failed else {}
        self.asks = {verb: doing.TABLE[verb].asks for verb in verbs.VERBS}
        self.needs = {verb: doing.TABLE[verb].needs for verb in verbs.VERBS}
        self.targets: list[returning.Target] = []
        if "send_back" in self.may:
            with visitor.engine().store.reading() as tx:
                self.targets = returning.targets(visitor.engine(), tx, self.item)
        if not self.targets and "send_back" in self.may and failed != "send_back":
            self.may.remove("send_back")

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
