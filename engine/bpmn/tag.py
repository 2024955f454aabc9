"""An XML element as the reader sees it: plain values, its line, and whether anybody has understood it yet.

Every part that a reader asks for is marked as taken. What nobody took when the reading is over is reported, so that
nothing of an author's file is dropped silently (engine/bpmn/account.py).
"""

from collections.abc import Iterator

from engine.bpmn.names import BPMN

_PARTS = ("EventDefinition", "xpression", "Association", "assignment", "Characteristics", "ioSpecification", "Set")
"""How the names of elements end that are parts of another one, though they may carry an id."""


class Tag:
    """``attributes`` are keyed by ``name`` or, in a namespace, ``{namespace}name``."""

    __slots__ = ("attributes", "children", "line", "name", "ns", "parent", "read", "taken", "text")

    def __init__(self, ns: str, name: str, attributes: dict[str, str], line: int, parent: "Tag | None") -> None:
        self.ns = ns
        self.name = name
        self.attributes = attributes
        self.line = line
        self.parent = parent
        self.text = ""
        self.children: list[Tag] = []
        self.taken = False
        self.read: set[str] = set()

    def get(self, name: str, default: str = "") -> str:
        """An attribute's value; asking for it takes it."""
        self.read.add(name)
        return self.attributes.get(name, default)

    def has(self, name: str) -> bool:
        return name in self.attributes

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.get(name)
        return value.strip().lower() in ("true", "1") if value else default

    def take(self) -> "Tag":
        self.taken = True
        return self

    def take_all(self) -> "Tag":
        """With everything inside: the whole of it is understood, or is known to mean nothing here."""
        for tag in self.walk():
            tag.taken = True
            tag.read.update(tag.attributes)
        return self

    def find(self, ns: str, name: str) -> "Tag | None":
        """The first such child, taken."""
        return next((child.take() for child in self.children if child.name == name and child.ns == ns), None)

    def each(self, ns: str, name: str) -> "list[Tag]":
        """All such children, taken."""
        return [child.take() for child in self.children if child.name == name and child.ns == ns]

    def words(self, ns: str, name: str) -> str:
        """The trimmed text of the first such child, or nothing."""
        child = self.find(ns, name)
        return child.text.strip() if child else ""

    def walk(self) -> "Iterator[Tag]":
        """Itself and everything below, in document order."""
        stack = [self]
        while stack:
            tag = stack.pop()
            yield tag
            stack.extend(reversed(tag.children))

    def ancestors(self) -> "Iterator[Tag]":
        tag = self.parent
        while tag is not None:
            yield tag
            tag = tag.parent

    @property
    def id(self) -> str:
        return self.attributes.get("id", "")

    @property
    def label(self) -> str:
        return self.attributes.get("name", "")

    @property
    def owner(self) -> "Tag":
        """The nearest element that an author sees in the drawing or in a list: itself or what encloses it."""
        tag: Tag = self
        while tag.parent is not None and (not tag.id or tag.ns != BPMN or tag.name.endswith(_PARTS)):
            tag = tag.parent
        return tag
