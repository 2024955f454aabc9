"""A process that can run, frozen: nodes, flows and everything they name. No XML is needed any more.

``Program.sha256`` is the hash of its canonical JSON, so equal programs are one program wherever they were made.
"""

import hashlib
from typing import Any

import msgspec

from engine.model.expression import Expression
from engine.model.nodes import AnyNode
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


class Diagram(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the elements are drawn, in pixels. Not part of what a program means, hence not of its hash."""

    shapes: dict[str, Bounds] = {}
    edges: dict[str, tuple[tuple[float, float], ...]] = {}
    expanded: tuple[str, ...] = ()


class Program(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
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
    diagram: Diagram = Diagram()

    @property
    def sha256(self) -> str:
        """Of the canonical form: sorted keys, without diagram, lines and provenance."""
        return hashlib.sha256(canonical(self)).hexdigest()


_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Program)
_NOT_MEANING = frozenset({"line", "origin", "documentation"})


def encode(program: Program) -> bytes:
    """The whole program as JSON, drawing and provenance included; ``decode`` gives an equal one back."""
    return _ENCODER.encode(program)


def decode(data: bytes) -> Program:
    """Raises msgspec.ValidationError for anything that is no program."""
    return _DECODER.decode(data)


def canonical(program: Program) -> bytes:
    """What a program means, and nothing else, as bytes that are equal for equal meaning."""
    whole = msgspec.to_builtins(program)
    whole.pop("diagram", None)
    for part in ("nodes", "flows", "lanes", "data"):
        if part in whole:
            whole[part] = _meaning(whole[part])
    return _ENCODER.encode(whole)


def _meaning(value: Any) -> Any:
    """Without lines, provenance and notes; what authors name themselves (headers) stays whole."""
    if isinstance(value, dict):
        return {
            key: item if key == "headers" else _meaning(item) for key, item in value.items() if key not in _NOT_MEANING
        }
    if isinstance(value, list | tuple):
        return [_meaning(item) for item in value]
    return value
