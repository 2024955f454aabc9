"""A process that can run, frozen: nodes, flows and everything they name. No XML is needed any more.

``Program.sha256`` is the hash of its canonical JSON, so equal programs are one program wherever they were made.
"""

import hashlib
from functools import cached_property, lru_cache
from typing import Any, Literal

import msgspec
import msgspec.structs

from engine.model.expression import Expression
from engine.model.nodes import AnyNode, Work
from engine.model.text import Text


class Flow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    source: str
    target: str
    condition: Expression | None = None
    name: str = ""
    texts: Text = {}
    line: int = 0
    origin: str = ""
    errands: tuple[Work, ...] = ()
    """Jobs that are done on the way, one after another: listeners that note that the flow is taken."""


class DataItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A data object, property or data store reference: a variable with a name to show."""

    id: str
    name: str = ""
    scope: str = ""
    kind: str = "dataObject"
    collection: bool = False
    initial: Expression | None = None


class Lane(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: str = ""
    parent: str = ""
    nodes: tuple[str, ...] = ()


class Bounds(msgspec.Struct, frozen=True, array_like=True):
    x: float
    y: float
    width: float
    height: float


class Artifact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is drawn for people only: a text annotation, a group, or the association that joins one to an element."""

    id: str
    kind: Literal["textAnnotation", "group", "association"]
    text: str = ""
    source: str = ""
    target: str = ""
    scope: str = ""


class Diagram(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the elements are drawn, in pixels. Not part of what a program means, hence not of its hash."""

    shapes: dict[str, Bounds] = {}
    edges: dict[str, tuple[tuple[float, float], ...]] = {}
    labels: dict[str, Bounds] = {}
    """Of shapes and edges whose name somebody put in its place; others stand where the viewer puts them."""
    expanded: tuple[str, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    pool: str = ""
    """Id of the pool that the process is drawn in; empty without one."""
    pool_name: str = ""


class Program(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    key: str
    name: str = ""
    texts: Text = {}
    version_tag: str = ""
    documentation: str = ""
    history_time_to_live: str = ""
    """How long ended instances are kept: days (``180``) or an ISO 8601 duration (``P180D``); empty: for ever."""
    starter_groups: tuple[str, ...] = ()
    """Who may start it by hand; with ``starter_users`` both empty, everybody with the right to start."""
    starter_users: tuple[str, ...] = ()
    executable: bool = True
    nodes: tuple[AnyNode, ...] = ()
    """In document order, those of sub-processes included (see Node.scope)."""
    flows: tuple[Flow, ...] = ()
    """In document order: an exclusive gateway takes the first whose condition holds."""
    lanes: tuple[Lane, ...] = ()
    data: tuple[DataItem, ...] = ()
    forms: dict[str, dict[str, Any]] = {}
    """JSON Schema 2020-12 documents with ``x-ui`` hints, by form key."""
    decisions: dict[str, str] = {}
    """DMN XML by decision key."""
    parameters: dict[str, Any] = {}
    """Named constants of the process (limits, thresholds) that variants set; seen by expressions as variables."""
    inputs: tuple[str, ...] = ()
    """Variables that a call has to bring; empty: it may bring any."""
    outputs: tuple[str, ...] = ()
    """Variables that a call gives back; empty: all of them."""
    optional_outputs: tuple[str, ...] = ()
    """Those of ``outputs`` that may be missing at the end; a call then gives them back as null."""
    errands: tuple[Work, ...] = ()
    """Jobs that are done when nothing else is left to do, before the process is over: its end listeners."""
    diagram: Diagram = Diagram()

    @cached_property
    def sha256(self) -> str:
        """Of the canonical form: sorted keys, without diagram, lines and provenance. Kept with this very value: what
        is made of it (``msgspec.structs.replace``) has its own."""
        return hashlib.sha256(canonical(self)).hexdigest()


_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Program)
_NOT_MEANING = frozenset({"line", "origin", "documentation", "diagram"})


def encode(program: Program) -> bytes:
    """The whole program as JSON, drawing and provenance included; ``decode`` gives an equal one back."""
    return _ENCODER.encode(program)


def decode(data: bytes) -> Program:
    """Raises msgspec.ValidationError for anything that is no program."""
    return _DECODER.decode(data)


def canonical(program: Program) -> bytes:
    """What a program means, and nothing else, as bytes that are equal for equal meaning."""
    return _ENCODER.encode(_meaning(program))


def _meaning(value: Any) -> Any:
    """Without the drawing, lines, provenance and notes for people; a field that has its default is left out.

    Defaults are compared by value: msgspec's own ``omit_defaults`` compares strings by identity, so that equal
    programs from different sources would differ.
    """
    if isinstance(value, msgspec.Struct):
        found = {
            field.name: _meaning(part)
            for field in _fields(type(value))
            if field.name not in _NOT_MEANING and (part := getattr(value, field.name)) != _default(field)
        }
        config = value.__struct_config__
        return {**found, config.tag_field: config.tag} if config.tag_field else found
    if isinstance(value, list | tuple):
        return [_meaning(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        # A whole number read back into a float field is 30.0 where its author wrote 30.
        return int(value)
    return value


@lru_cache(maxsize=256)
def _fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """Kept: msgspec reads the annotations of a class anew at every call."""
    return msgspec.structs.fields(kind)


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default
