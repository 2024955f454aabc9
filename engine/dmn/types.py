"""Item definitions: the types of a model, the conversions at variables, and the allowed values.

A Gate stands where a type is declared (an input, a parameter, a decision's result): it says whether a value may pass,
and as what. The language's own conversions come first (``engine.feel.conformance``), then the allowed values.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import msgspec

from engine.dmn.model import FunctionType, ItemDefinition
from engine.feel import conformance, types
from engine.feel.run import Run
from engine.feel.temporal import Date
from engine.feel.types import Type
from engine.feel.values import Value

Passes = Callable[[Value, Run], bool]
"""Whether a value is among the allowed ones."""


Check = Callable[[Value, Run], tuple[bool, Value]]
"""Whether a value may stand here, and as what. Null always may."""


@dataclass(frozen=True, slots=True)
class Gate:
    wanted: str
    """The declared type's name."""
    check: Check


MAX_DEPTH = 100
"""Levels of components; a type may contain itself."""


@dataclass
class Catalogue:
    """The types of a model by the names under which it sees them: ``tPerson``, ``library.tPerson``."""

    definitions: dict[str, Type] = field(default_factory=dict)
    """For FEEL: structure only, ``instance of`` ignores allowed values."""
    items: dict[str, ItemDefinition] = field(default_factory=dict)
    passes: dict[int, Passes] = field(default_factory=dict)
    """The compiled allowed values, by identity of their UnaryTests."""

    def add(self, item: ItemDefinition) -> None:
        self.items[item.name] = item
        self.definitions[item.name] = _type_of(item)

    def adopt(self, other: "Catalogue", prefix: str) -> None:
        """All types of an imported model, by their names with ``prefix`` before them."""
        names = frozenset(other.items)
        for item in other.items.values():
            self.add(_prefixed(item, prefix, names, top=True))
        self.passes.update(other.passes)

    def known(self, name: str) -> bool:
        return not name or name in types.BUILT_IN or name in self.definitions

    def type_of(self, name: str) -> Type | None:
        """None for a place that declares no type, or one that nobody defined (reported elsewhere)."""
        if not name or name == "Any" or not self.known(name):
            return None
        return types.Named(name)


def _prefixed(item: ItemDefinition, prefix: str, names: frozenset[str], *, top: bool) -> ItemDefinition:
    function = item.function
    if function is not None:
        parameters = tuple(
            msgspec.structs.replace(parameter, type_ref=_with(prefix, parameter.type_ref, names))
            for parameter in function.parameters
        )
        result = _with(prefix, function.result, names)
        function = msgspec.structs.replace(function, parameters=parameters, result=result)
    return msgspec.structs.replace(
        item,
        name=prefix + item.name if top else item.name,
        type_ref=_with(prefix, item.type_ref, names),
        components=tuple(_prefixed(part, prefix, names, top=False) for part in item.components),
        function=function,
    )


def _with(prefix: str, name: str, names: frozenset[str]) -> str:
    return prefix + name if name in names else name


def _named(name: str) -> Type:
    return types.Named(name) if name else types.ANY


def _type_of(item: ItemDefinition) -> Type:
    inner: Type
    if item.components:
        inner = types.ContextOf(tuple((part.name, _type_of(part)) for part in item.components))
    elif item.function is not None:
        inner = _function_type(item.function)
    else:
        inner = _named(item.type_ref)
    return types.ListOf(inner) if item.is_collection else inner


def _function_type(function: FunctionType) -> Type:
    return types.FunctionOf(
        tuple(_named(parameter.type_ref) for parameter in function.parameters), _named(function.result)
    )


def gate(catalogue: Catalogue, name: str) -> Gate | None:
    """None where nothing needs to be checked."""
    wanted = catalogue.type_of(name)
    if wanted is None:
        return None
    definitions = catalogue.definitions
    if not _limited(catalogue, name, set()):
        return Gate(name, _quick(conformance.resolve(wanted, definitions), definitions))

    def check(value: Value, run: Run) -> tuple[bool, Value]:
        ok, value = conformance.coerce(value, wanted, definitions, run)
        return (True, value) if ok and allowed(catalogue, name, value, run) else (False, None)

    return Gate(name, check)


_SCALARS: dict[Type, frozenset[type]] = {
    types.Named("number"): frozenset({int, Decimal, type(None)}),
    types.Named("string"): frozenset({str, type(None)}),
    types.Named("boolean"): frozenset({bool, type(None)}),
    types.Named("date"): frozenset({Date, type(None)}),
}
"""Python types that need no further look."""


def _quick(wanted: Type, definitions: types.Definitions) -> Check:
    known = _SCALARS.get(wanted, frozenset())

    def check(value: Value, run: Run) -> tuple[bool, Value]:
        return (True, value) if type(value) in known else conformance.coerce(value, wanted, definitions, run)

    return check


def _limited(catalogue: Catalogue, name: str, seen: set[str]) -> bool:
    """Whether any allowed values can be reached from the type."""
    item = catalogue.items.get(name)
    if item is None or name in seen:
        return False
    seen.add(name)
    return _item_limited(catalogue, item, seen)


def _item_limited(catalogue: Catalogue, item: ItemDefinition, seen: set[str]) -> bool:
    if item.allowed is not None or item.constraint is not None:
        return True
    return _limited(catalogue, item.type_ref, seen) or any(
        _item_limited(catalogue, part, seen) for part in item.components
    )


def filled(value: Value, wanted: Type, definitions: Mapping[str, Type], depth: int = 0) -> Value:
    """A context from outside with null for the components it leaves out: in JSON, absent and null are the same."""
    wanted = conformance.resolve(wanted, definitions)
    if depth > MAX_DEPTH:
        return value
    if isinstance(wanted, types.ListOf) and type(value) is list:
        return [filled(item, wanted.item, definitions, depth + 1) for item in value]
    if isinstance(wanted, types.ContextOf) and type(value) is dict:
        parts = {key: filled(value.get(key), part, definitions, depth + 1) for key, part in wanted.entries}
        return {**value, **parts}
    return value


def allowed(catalogue: Catalogue, name: str, value: Value, run: Run) -> bool:
    """Whether a value of the right structure obeys the allowed values of its type and of all types within."""
    item = catalogue.items.get(name)
    return item is None or value is None or _item_allows(catalogue, item, value, run)


def _item_allows(catalogue: Catalogue, item: ItemDefinition, value: Value, run: Run) -> bool:
    run.enter()
    try:
        values = value if item.is_collection and type(value) is list else [value]
        run.spend(1 + len(values))
        if not all(part is None or _one_allowed(catalogue, item, part, run) for part in values):
            return False
        return item.constraint is None or catalogue.passes[id(item.constraint)](value, run)
    finally:
        run.leave()


def _one_allowed(catalogue: Catalogue, item: ItemDefinition, value: Value, run: Run) -> bool:
    if item.allowed is not None and not catalogue.passes[id(item.allowed)](value, run):
        return False
    if item.components:
        return type(value) is dict and all(
            value.get(part.name) is None or _item_allows(catalogue, part, value[part.name], run)
            for part in item.components
        )
    return allowed(catalogue, item.type_ref, value, run)
