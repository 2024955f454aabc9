"""What the base's owner allows variants to do: asked for each operation, before and after it is applied."""

from engine.definitions.process import Definition
from engine.model.text import EN, ZH
from engine.variants.draft import Draft, Refused
from engine.variants.operations import kinds
from engine.variants.operations.activities import Insert, Replace
from engine.variants.operations.choices import AddBranch, MakeOptional
from engine.variants.operations.operation import Operation
from engine.variants.operations.order import Move, Parallelise, Serialise

_SAYS = {
    "delete": ("不允许取消", "must not be taken away or made optional"),
    "move": ("不允许移动", "must not be moved"),
    "insert_after": ("之后不允许插入", "must not be followed by a new step"),
    "change": ("不允许更改", "must not be changed"),
}


def hold(operation: Operation, before: Draft, after: Draft, definition: Definition) -> None:
    """Raises Refused when ``operation``, which turned ``before`` into ``after``, oversteps a bound."""
    for element in before.nodes.keys() - after.nodes.keys():
        _ask(definition, element, "delete", before)
    for element in before.flows.keys() - after.flows.keys():
        if element in definition.policy:
            _ask(definition, element, "delete", before)
    for element, right in _touched(operation, before):
        _ask(definition, element, right, before)
    said = operation.violates(before, definition)
    if said is not None:
        target = str(getattr(operation, "target", ""))
        name = before.name(target)
        raise Refused("policy", zh=f"「{name[ZH]}」{said[ZH]}", en=f"{name[EN]!r}: {said[EN]}", element=target)


def _touched(operation: Operation, before: Draft) -> list[tuple[str, str]]:
    """(element, right) for what an operation does apart from taking elements away."""
    if isinstance(operation, Insert):
        place = operation.at
        if place.before:
            return [(flow.source, "insert_after") for flow in before.incoming(place.before)]
        return [(before.flow(place.on).source if place.on else place.after, "insert_after")]
    if isinstance(operation, AddBranch):
        return [(operation.target, "insert_after")]
    if isinstance(operation, Move):
        return [(operation.target, "move"), *([(operation.to, "move")] if operation.to else [])]
    if isinstance(operation, Parallelise | Serialise):
        return [(target, "move") for target in operation.targets]
    if isinstance(operation, MakeOptional):
        return [(operation.target, "delete")]
    if isinstance(operation, Replace) or kinds.kind(operation) == "delete":
        return []
    return [(element, "change") for element in operation.needs()]


def _ask(definition: Definition, element: str, right: str, draft: Draft) -> None:
    if not getattr(definition.policy_of(element), right):
        name, (zh, en) = draft.name(element), _SAYS[right]
        raise Refused("policy", zh=f"「{name[ZH]}」{zh}", en=f"{name[EN]!r} {en}", element=element)
