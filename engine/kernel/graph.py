"""A program made ready to run: every node knows its flows, its boundary events and the functions that move it.

Nodes and flows are numbered in document order; a state refers to them by these numbers.
"""

from collections.abc import Callable, Mapping
from typing import Any

from engine.model.expression import Expression
from engine.model.nodes import Work
from engine.model.program import Program

Act = Callable[..., None]
"""A function of an element's module: (run, token, node) and what its kind of call adds."""


class FlowPlan:
    __slots__ = ("condition", "errands", "id", "index", "source", "target")

    def __init__(self, index: int, flow_id: str, source: int, target: int, condition: Expression | None) -> None:
        self.index = index
        self.id = flow_id
        self.source = source
        self.target = target
        self.condition = condition
        self.errands: tuple[Work, ...] = ()


class NodePlan:
    """``model`` is the node as its author drew it. The functions come from the module of its kind."""

    __slots__ = (
        "arrive",
        "asynchronous",
        "awaited",
        "boundaries",
        "catchers",
        "compensable",
        "default",
        "enter",
        "errands",
        "finished",
        "handler",
        "id",
        "incoming",
        "index",
        "inner_kind",
        "is_activity",
        "kind",
        "leaving",
        "loops",
        "model",
        "occur",
        "only",
        "outgoing",
        "outputs",
        "perform",
        "plain",
        "quantity",
        "resume",
        "scope",
        "triggers",
        "undo_handler",
    )

    def __init__(self, index: int, model: Any, scope: int) -> None:
        self.index = index
        self.id: str = model.id
        self.model = model
        self.kind: str = model.__struct_config__.tag
        self.scope = scope
        self.incoming: tuple[FlowPlan, ...] = ()
        self.outgoing: tuple[FlowPlan, ...] = ()
        self.only = -1
        """The one unconditional flow that leaves, when there is no other."""
        self.default = -1
        self.boundaries: tuple[NodePlan, ...] = ()
        """Boundary events that wait: message, signal, timer, conditional."""
        self.catchers: tuple[NodePlan, ...] = ()
        """Boundary events that catch what is thrown inside: error, escalation, cancel."""
        self.handler = -1
        """Of an activity: the node that undoes it."""
        self.undo_handler = False
        """It is a compensation handler or a compensation event sub-process."""
        self.is_activity = False
        self.inner_kind = 0
        self.triggers: tuple[Any, ...] = getattr(model, "triggers", ())
        self.awaited: tuple[tuple[int, str], ...] = ()
        """Those of the triggers that come from outside: (index, tag)."""
        self.plain = True
        """An activity with neither loop, mappings, errands, boundary events nor asynchronous start."""
        self.loops = False
        self.quantity: int = getattr(model, "start_quantity", 1)
        self.outputs: tuple[Any, ...] = ()
        self.asynchronous = False
        self.compensable = False
        self.errands: tuple[tuple[Work, ...], ...] | None = None
        """By phase (state.MOMENTS); None where there are none."""
        self.leaving = False
        """Some of them are done before it is left."""
        self.arrive: Act
        self.enter: Act
        self.perform: Act
        self.resume: Act
        self.occur: Act
        self.finished: Act


class ScopePlan:
    """A process (index -1) or a sub-process: where tokens begin, and which event sub-processes listen."""

    __slots__ = ("event_subs", "nodes", "starts")

    def __init__(self) -> None:
        self.starts: tuple[NodePlan, ...] = ()
        """The none start events, else every node without incoming flow."""
        self.event_subs: tuple[NodePlan, ...] = ()
        self.nodes: tuple[NodePlan, ...] = ()


class Plan:
    __slots__ = (
        "conditional",
        "data",
        "flows",
        "index",
        "joins",
        "links",
        "nodes",
        "parameters",
        "program",
        "reach",
        "scopes",
        "sha256",
    )

    def __init__(self, program: Program) -> None:
        self.program = program
        self.sha256 = program.sha256
        self.nodes: tuple[NodePlan, ...] = ()
        self.flows: tuple[FlowPlan, ...] = ()
        self.index: Mapping[str, int] = {}
        self.scopes: Mapping[int, ScopePlan] = {}
        self.parameters: Mapping[str, Any] = program.parameters
        self.data: Mapping[int, tuple[Any, ...]] = {}
        """Data objects with an initial value, by scope."""
        self.conditional = False
        """Some event looks at variables."""
        self.links: Mapping[tuple[int, str], int] = {}
        """Link catch events by scope and name."""
        self.joins: tuple[NodePlan, ...] = ()
        """Inclusive and complex gateways that several flows enter."""
        self.reach: dict[int, tuple[tuple[int, int], ...]] = {}
        """See reach.py; filled when a join first waits."""
