"""Whether a value has a type, and the conversions that DMN makes at variables, parameters and results."""

from engine.feel import temporal, types
from engine.feel.run import Run
from engine.feel.types import Definitions, Type
from engine.feel.values import Function, Range, Value, kind


def conforms(value: Value, wanted: Type, definitions: Definitions, run: Run) -> bool:
    """Null has no type here, but may stand for an entry or element of any type (rule of ``instance of``)."""
    wanted = resolve(wanted, definitions)
    run.spend()
    if wanted == types.NULL:
        return value is None
    if value is None:
        return False
    if wanted == types.ANY:
        return True
    if isinstance(wanted, types.Named):
        return kind(value) == wanted.name
    if isinstance(wanted, types.ListOf):
        return type(value) is list and all(_fits(item, wanted.item, definitions, run) for item in value)
    if isinstance(wanted, types.RangeOf):
        return type(value) is Range and all(
            end is None or conforms(end, wanted.end, definitions, run) for end in (value.low, value.high)
        )
    if isinstance(wanted, types.ContextOf):
        return type(value) is dict and all(
            key in value and _fits(value[key], entry, definitions, run) for key, entry in wanted.entries
        )
    return isinstance(value, Function) and _function_conforms(value, wanted)


def _fits(value: Value, wanted: Type, definitions: Definitions, run: Run) -> bool:
    return value is None or conforms(value, wanted, definitions, run)


def _function_conforms(value: Function, wanted: types.FunctionOf) -> bool:
    """Only the parameters' number and declared types can be known before a call."""
    if not wanted.parameters and wanted.result == types.ANY:
        return True
    if len(value.parameters) != len(wanted.parameters):
        return False
    pairs = zip(value.parameters, wanted.parameters, strict=True)
    parameters = all(own.type in (None, types.ANY, asked) or asked == types.ANY for own, asked in pairs)
    return parameters and (wanted.result == types.ANY or value.result in (None, wanted.result))


def resolve(wanted: Type, definitions: Definitions) -> Type:
    """The type behind a model's name; the name itself when nobody defined it."""
    for _ in range(20):  # definitions of definitions; a ring of names would go on for ever
        if not isinstance(wanted, types.Named) or wanted.name in types.BUILT_IN or wanted.name not in definitions:
            break
        wanted = definitions[wanted.name]
    if isinstance(wanted, types.Named):
        return _GENERIC.get(wanted.name) or types.Named(types.ALIASES.get(wanted.name, wanted.name))
    return wanted


_GENERIC: dict[str, Type] = {
    "list": types.ListOf(types.ANY),
    "context": types.ContextOf(()),
    "range": types.RangeOf(types.ANY),
    "function": types.FunctionOf((), types.ANY),
}


def coerce(value: Value, wanted: Type | None, definitions: Definitions, run: Run) -> tuple[bool, Value]:
    """Whether the value may stand where ``wanted`` is declared, and as what.

    A list of one element becomes that element, an element a list, a date its midnight in UTC. Null always may.
    """
    if value is None or wanted is None:
        return True, value
    wanted = resolve(wanted, definitions)
    if wanted == types.ANY or conforms(value, wanted, definitions, run):
        return True, value
    if isinstance(wanted, types.ListOf) and type(value) is not list:
        return coerce([value], wanted, definitions, run) if conforms(value, wanted.item, definitions, run) else _NO
    if type(value) is list and len(value) == 1 and not isinstance(wanted, types.ListOf):
        return coerce(value[0], wanted, definitions, run) if type(value[0]) is not list else _NO
    if wanted == types.Named("date and time") and type(value) is temporal.Date:
        return True, temporal.DateTime(value.days, 0, 0)
    return _NO


_NO: tuple[bool, Value] = (False, None)
