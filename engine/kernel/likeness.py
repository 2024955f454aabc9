"""Whether something open can go on, as it stands, at a node of another program."""

from engine.kernel.graph import NodePlan, Plan
from engine.model import nodes, triggers


def fits(old: NodePlan, new: NodePlan) -> bool:
    """The same kind of element, done by the same handler, in the same kind of loop. What else differs (form, performer,
    deadline, conditions) does not disturb what is open: it holds for what opens from now on."""
    if old.kind != new.kind:
        return False
    if old.kind == "eventBasedGateway":
        return bool(old.model.parallel == new.model.parallel)
    if not old.is_activity:
        return True
    if getattr(old.model, "variety", "") != getattr(new.model, "variety", ""):
        return False
    return _handler(old.model) == _handler(new.model) and _loop(old.model) == _loop(new.model)


def same_trigger(old: triggers.AnyTrigger, new: triggers.AnyTrigger) -> bool:
    """What is awaited is the same. A timer is: its due date was a promise, however the drawing now words it."""
    if isinstance(old, triggers.Timer) and isinstance(new, triggers.Timer):
        return old.kind == new.kind
    return old == new


def events(plan: Plan, node: NodePlan) -> tuple[NodePlan, ...]:
    """The nodes whose triggers a token at ``node`` awaits: its own, those behind a gateway, its boundary events'."""
    own: tuple[NodePlan, ...] = ()
    if node.kind == "eventBasedGateway":
        own = tuple(plan.nodes[flow.target] for flow in node.outgoing)
    elif node.kind in ("intermediateCatchEvent", "receiveTask"):
        own = (node,)
    return own + node.boundaries


def _handler(model: nodes.AnyNode) -> object:
    work = getattr(model, "work", None)
    return (work.handler, work.style) if work is not None else getattr(model, "decision", None)


def _loop(model: nodes.AnyNode) -> object:
    loop, standard = getattr(model, "loop", None), getattr(model, "standard_loop", None)
    if loop is not None:
        return (loop.sequential, loop.element, loop.index, loop.output_collection, loop.collection is None)
    return standard is not None
