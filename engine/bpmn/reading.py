"""What reading a file gave, and what the readers of its parts share while they work."""

from typing import Any

import msgspec

from engine.bpmn.names import BPMN
from engine.bpmn.tag import Tag
from engine.model.problem import Problem, Severity
from engine.model.program import Program
from engine.model.text import both


class MissingHandler(msgspec.Struct, frozen=True, kw_only=True):
    """Work that a deployment must bind before it can be done: a Java class, a delegate, an external topic."""

    node: str
    handler: str
    style: str
    process: str = ""
    line: int = 0


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """A pool. ``process`` is empty for a black box."""

    id: str
    name: str = ""
    process: str = ""


class MessageFlow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    source: str
    target: str
    name: str = ""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    programs: tuple[Program, ...] = ()
    problems: tuple[Problem, ...] = ()
    missing_handlers: tuple[MissingHandler, ...] = ()
    participants: tuple[Participant, ...] = ()
    message_flows: tuple[MessageFlow, ...] = ()
    dialect: str = "plain"
    target_namespace: str = ""

    def program(self, key: str) -> Program | None:
        return next((program for program in self.programs if program.key == key), None)


class Context:
    """The whole document by id, and the list of problems that grows while it is read."""

    def __init__(self, root: Tag, *, file: str = "") -> None:
        self.root = root
        self.file = file
        self.problems: list[Problem] = []
        self.by_id: dict[str, Tag] = {}
        self._kinds: dict[str, list[Tag]] = {}
        self._associations: dict[str, list[Tag]] | None = None
        self._drawn: dict[str, Tag] | None = None
        self.throwing = False
        """Whether the event that is being read throws: a message means other data on each side."""
        self.forms: dict[str, dict[str, Any]] = {}
        self.handlers: list[MissingHandler] = []

    def index(self) -> None:
        """Once every element has its id."""
        for tag in self.root.walk():
            if tag.ns == BPMN:
                self._kinds.setdefault(tag.name, []).append(tag)
                if tag.id:
                    self.by_id.setdefault(tag.id, tag)

    def associated(self, source: str) -> list[Tag]:
        """The associations that begin at an element."""
        if self._associations is None:
            self._associations = {}
            for tag in self.of_kind("association"):
                begin = tag.attributes.get("sourceRef", "").rpartition(":")[2]
                self._associations.setdefault(begin, []).append(tag)
        return self._associations.get(source, [])

    def message_flow_at(self, end: str) -> Tag | None:
        """The first message flow that is drawn at an element."""
        if self._drawn is None:
            self._drawn = {}
            for tag in self.message_flows:
                for side in ("sourceRef", "targetRef"):
                    self._drawn.setdefault(tag.attributes.get(side, "").rpartition(":")[2], tag)
        return self._drawn.get(end)

    @property
    def message_flows(self) -> list[Tag]:
        return self.of_kind("messageFlow")

    def refer(self, reference: str, *kinds: str) -> Tag | None:
        """The element that a reference names (with or without a prefix), when it is of one of ``kinds``."""
        found = self.by_id.get(reference) or self.by_id.get(reference.rpartition(":")[2])
        return found if found is not None and (not kinds or found.name in kinds) else None

    def of_kind(self, name: str) -> list[Tag]:
        """All elements of that name, in document order."""
        return self._kinds.get(name, [])

    def note(
        self,
        code: str,
        tag: Tag,
        *,
        zh: str,
        en: str,
        mend: tuple[str, str] | None = None,
        severity: Severity = "error",
        fix: str = "",
    ) -> None:
        """Remember a problem at ``tag``; ``mend`` is (zh, en)."""
        owner = tag.owner
        self.problems.append(
            Problem(
                code=code,
                text=both(zh=zh, en=en),
                severity=severity,
                file=self.file,
                line=tag.line,
                element=owner.id,
                name=owner.label,
                mend=both(zh=mend[0], en=mend[1]) if mend else {},
                fix=fix,
            )
        )

    def warn(self, code: str, tag: Tag, *, zh: str, en: str, mend: tuple[str, str] | None = None) -> None:
        self.note(code, tag, zh=zh, en=en, mend=mend, severity="warning")

    def handler(self, node: str, handler: str, style: str, *, process: str, line: int) -> None:
        self.handlers.append(MissingHandler(node=node, handler=handler, style=style, process=process, line=line))
