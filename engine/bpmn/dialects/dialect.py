"""What a dialect may say about each part of a model. A part it has no word for is left as the standard reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.bpmn.draft import Draft
from engine.bpmn.names import BPMN
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model.expression import Language

Fields = dict[str, Any]
Reader = Callable[[Tag, Fields, Context], None]


def _nothing(tag: Tag, fields: Fields, context: Context) -> None:
    """The standard says it all."""


def _no_node(draft: Draft) -> None:
    """The standard says it all."""


@dataclass(frozen=True, kw_only=True)
class Dialect:
    name: str
    namespaces: frozenset[str] = frozenset()
    language: Language | None = None
    """What an expression without a declared language is written in; None: what it looks like."""
    script_language: str = ""
    """What a script without a declared format is written in."""
    harmless: frozenset[str] = frozenset()
    """Local names of attributes and extension elements that are known and change nothing here."""
    node: Callable[[Draft], None] = _no_node
    trigger: Reader = _nothing
    loop: Reader = _nothing
    process: Reader = _nothing
    data: Reader = _nothing
    flow: Reader = _nothing


def extensions(tag: Tag, namespaces: frozenset[str], name: str) -> list[Tag]:
    """The extension elements of that name in any of the vendor's namespaces, taken."""
    return [
        child.take()
        for holder in tag.children
        if holder.name == "extensionElements"
        for child in holder.children
        if child.name == name and child.ns in namespaces
    ]


def extension(tag: Tag, namespaces: frozenset[str], name: str) -> Tag | None:
    return next(iter(extensions(tag, namespaces, name)), None)


def inner(tag: Tag, name: str) -> list[Tag]:
    """Children of that name, taken; authors often leave the prefix away inside a vendor's element."""
    return [child.take() for child in tag.children if child.name == name and child.ns in (tag.ns, BPMN, "")]


def attribute(tag: Tag, namespaces: frozenset[str], name: str) -> str:
    """A vendor's attribute in any of its namespaces."""
    for ns in namespaces:
        key = f"{{{ns}}}{name}"
        if key in tag.attributes:
            return tag.get(key)
    return ""
