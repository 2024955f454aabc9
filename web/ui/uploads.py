"""Files that come with a form: kept at once, so that nothing chosen is lost whatever else is wrong with it."""

from collections.abc import Mapping
from typing import Any

import flask

from engine import errors
from engine.attachments import fields, keep, kinds
from engine.model.problem import Problem
from engine.model.text import EN, ZH
from web.ui import visitor


class Uploads:
    """Of one request, for a case or, without one, for a start that has not happened yet."""

    def __init__(self, instance_id: str | None = None, node: str = "") -> None:
        self._instance_id = instance_id
        self._node = node
        self.problems: list[Problem] = []
        """Files that were refused, at the pointer of their field."""

    def take(self, name: str, part: Mapping[str, Any]) -> list[str]:
        """Ids of what was chosen for the field of this name, which are kept from now on."""
        found = []
        for sent in flask.request.files.getlist(f"{name}+"):
            if sent.filename:
                data = sent.read()
                try:
                    self._fits(part, sent.filename, len(data))
                    found.append(self.add(sent.filename, data))
                except (errors.Invalid, errors.TooLarge, errors.Conflict) as error:
                    self.problems.append(Problem(code=error.code, text=error.text, pointer=name[1:]))
        return found

    @staticmethod
    def _fits(part: Mapping[str, Any], name: str, size: int) -> None:
        why = fields.refusal(part, name=kinds.cleaned(name), size=size)
        if why is not None:
            raise errors.Invalid("form_attachment_refused", zh=why[ZH], en=why[EN])

    def add(self, name: str, data: bytes) -> str:
        made = keep.add(
            visitor.engine(),
            instance_id=self._instance_id,
            node=self._node,
            file=keep.File(name, data),
            agent=visitor.me(),
            now=visitor.now(),
        )
        return made.id
