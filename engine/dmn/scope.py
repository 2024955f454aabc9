"""What is known about a place in a model before anything runs: the names in sight, the types, and what went wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from engine.dmn.model import Element
from engine.dmn.types import Catalogue, Gate, gate
from engine.errors import Invalid
from engine.model.problem import Problem, Severity
from engine.model.text import Text, both

CAMUNDA_TYPES = dict.fromkeys(("integer", "int", "long", "short", "double", "float", "decimal"), "number")
"""Names of other engines for types of the standard."""


MAX_PROBLEMS = 200
"""How far back a problem is known not to be told twice."""


@dataclass
class Findings:
    """Problems of one file; the element they are laid to is the one being compiled."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, where: Element, name: str, text: Text, *, severity: Severity = "error") -> None:
        problem = Problem(
            code=code, text=text, severity=severity, file=self.file, line=where.line, element=where.id, name=name
        )
        if problem not in self.problems[-MAX_PROBLEMS:]:
            self.problems.append(problem)


@dataclass(frozen=True)
class Scope:
    """One level of names. ``owner`` is the decision, function or service that is being compiled."""

    catalogue: Catalogue
    findings: Findings
    owner: Element
    owner_name: str
    names: frozenset[str] = frozenset()
    """Variables in sight; all of them hold values when the code runs."""
    entries: frozenset[str] = frozenset()
    """Names of several words that may stand behind a dot anywhere in the model."""
    loose: frozenset[str] = frozenset()
    """Names that may be meant without being variables: the entries of an item within a filter."""

    camunda: bool = False
    """Whether the file was made for Camunda 7."""
    closed: bool = False
    """Whether nothing but ``names`` can be there; else variables that nobody declared may be given."""

    def binding(self, names: Iterable[str]) -> "Scope":
        return replace(self, names=self.names | frozenset(names))

    def at(self, place: Element) -> "Scope":
        """The same, with problems laid to ``place`` where it can be named."""
        return replace(self, owner=place) if place.id else self

    def problem(self, code: str, where: Element, *, zh: str, en: str, severity: Severity = "error") -> None:
        """A problem at ``where``, laid to the owner where the place has no id of its own."""
        place = self.owner if not where.id else where
        line = where.line or self.owner.line
        self.findings.add(code, Element(id=place.id, line=line), self.owner_name, both(zh=zh, en=en), severity=severity)

    def refused(self, error: Invalid, where: Element, text: str) -> None:
        """A text that could not be compiled."""
        shown = " ".join(text.split())[:80]
        self.problem(error.code, where, zh=f"“{shown}”：{error.text['zh-CN']}", en=f"{shown!r}: {error.text['en']}")

    def type_name(self, written: str, where: Element) -> str:
        """The name the catalogue knows; a warning for a type that nobody defined, which then checks nothing."""
        if self.camunda and written == "date":
            return ""  # Camunda 7's date has a time of day, or has none
        if self.catalogue.known(written):
            return written
        local = written.rpartition(":")[2]
        if self.catalogue.known(local):
            return local
        if local in CAMUNDA_TYPES:
            return CAMUNDA_TYPES[local]
        self.problem(
            "type_unknown", where, zh=f"未定义的类型“{written}”", en=f"unknown type {written!r}", severity="warning"
        )
        return ""

    def gate(self, written: str, where: Element) -> Gate | None:
        return gate(self.catalogue, self.type_name(written, where)) if written else None
