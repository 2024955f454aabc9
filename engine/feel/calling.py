"""Calling functions: arguments by position or name, converted to the parameters' types, within the budget's depth."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from engine import errors
from engine.feel import boundary, conformance, temporal, types
from engine.feel.run import Run
from engine.feel.types import Definitions
from engine.feel.values import Argument, Function, Native, Parameter, Range, Value, kind

Body = Callable[[Sequence[Value], Run], Value]


def call(function: Value, values: list[Value], names: list[str] | None, run: Run, at: int = -1) -> Value:
    """The function's value for these arguments; null where they do not fit."""
    run.spend()
    if not isinstance(function, Function):
        run.warn("not_callable", at, kind=kind(function))
        return None
    if function.variants:
        return _call_native(function, values, names, run, at)
    ordered = values if names is None else _ordered([p.name for p in function.parameters], values, names)
    if ordered is None or len(ordered) != len(function.parameters):
        given = ", ".join(names or map(kind, values))
        run.warn("wrong_arguments", at, name=function.name or "function", given=given)
        return None
    run.enter()
    try:
        return function.body(ordered, run)
    finally:
        run.leave()


def _ordered(wanted: list[str], values: list[Value], names: list[str]) -> list[Value] | None:
    if sorted(wanted) != sorted(names):
        return None
    given = dict(zip(names, values, strict=True))
    return [given[name] for name in wanted]


def _call_native(function: Function, values: list[Value], names: list[str] | None, run: Run, at: int) -> Value:
    """The first way to call it that fits; the misfit of the first one is what the warning tells."""
    misfit: tuple[Argument, Value] | None = None
    for variant in function.variants:
        placed = _place(variant, values, names)
        if placed is None:
            continue
        found = _convert(variant, placed)
        if found is None:
            _charge(placed, run)
            return variant.body(run, *placed)
        misfit = misfit or found
    if misfit is None:
        given = ", ".join(names if names is not None else map(kind, values))
        run.warn("wrong_arguments", at, name=function.name, given=given)
    else:
        wanted, value = misfit
        run.warn("wrong_type", at, name=function.name, parameter=wanted.name, wanted=wanted.wanted, kind=kind(value))
    return None


def _charge(values: list[Value], run: Run) -> None:
    """What a function looks through costs steps: long texts, lists and contexts."""
    for value in values:
        if type(value) is str and len(value) > 64:
            run.spend(len(value) // 64)
        elif (type(value) is list or type(value) is dict) and len(value) > 8:
            run.spend(len(value) // 8)


_NOT_GIVEN = object()


def _place(variant: Native, values: list[Value], names: list[str] | None) -> list[Value] | None:
    """A value for each argument in order; None where number or names do not fit."""
    arguments = variant.arguments
    if names is not None:
        given = dict(zip(names, values, strict=True))
        if len(given) != len(names) or not given.keys() <= {argument.name for argument in arguments}:
            return None
        placed = [given.get(argument.name, _NOT_GIVEN) for argument in arguments]
        if variant.variadic == "rest" and placed[-1] is not _NOT_GIVEN:
            placed[-1] = [placed[-1]]
    elif variant.variadic:
        return _place_variadic(variant, values)
    else:
        if len(values) > len(arguments):
            return None
        placed = values + [_NOT_GIVEN] * (len(arguments) - len(values))
    for argument, value in zip(arguments, placed, strict=True):
        if value is _NOT_GIVEN and not argument.optional:
            return None
    return placed


def _place_variadic(variant: Native, values: list[Value]) -> list[Value] | None:
    last = len(variant.arguments) - 1
    if len(values) <= last:
        return None
    if variant.variadic == "list" and len(values) == 1 and (type(values[0]) is list or values[0] is None):
        return list(values)
    return [*values[:last], values[last:]]


def _convert(variant: Native, placed: list[Value]) -> tuple[Argument, Value] | None:
    """Converts in place: a list of one to its element, an element to a list. The first that does not fit, or None."""
    for number, argument in enumerate(variant.arguments):
        value = placed[number]
        if value is _NOT_GIVEN:
            placed[number] = None
        elif value is None:
            if not argument.nullable:
                return argument, value
        elif variant.variadic == "rest" and number == len(variant.arguments) - 1:
            continue
        elif argument.kinds and type(value) not in argument.kinds:
            if list in argument.kinds:
                placed[number] = [value]
            elif type(value) is list and len(value) == 1 and type(value[0]) in argument.kinds:
                placed[number] = value[0]
            else:
                return argument, value
    return None


def converting(parameters: tuple[Parameter, ...], body: Body, definitions: Definitions) -> Body:
    """The body, called with arguments converted to the parameters' types; null where one cannot be."""
    if all(parameter.type is None for parameter in parameters):
        return body

    def convert(arguments: Sequence[Value], run: Run) -> Value:
        converted = []
        for parameter, value in zip(parameters, arguments, strict=True):
            fits, argument = conformance.coerce(value, parameter.type, definitions, run)
            if not fits and parameter.type is not None:
                wanted = types.to_text(parameter.type)
                run.warn("wrong_type", name="function", parameter=parameter.name, wanted=wanted, kind=kind(value))
                return None
            converted.append(argument)
        return body(converted, run)

    return convert


def of_host(name: str, function: Callable[..., Any]) -> Function:
    """A Python function that the caller of the evaluation offers; it takes and gives Python values."""
    if isinstance(function, Function):
        return function

    def call_host(run: Run, arguments: list[Value]) -> Value:
        try:
            result = function(*(boundary.to_python(argument) for argument in arguments or []))
        except errors.CrmflowError:
            raise
        except (ArithmeticError, LookupError, TypeError, ValueError) as failure:
            run.warn("host_failure", name=name, reason=str(failure)[:200])
            return None
        return boundary.from_python(result, run)

    return Function(
        name, (), _never, None, (Native((_ARGUMENTS,), call_host, variadic="rest"), Native((), _bare(call_host)))
    )


def _bare(call_host: Callable[[Run, list[Value]], Value]) -> Callable[[Run], Value]:
    return lambda run: call_host(run, [])


_ARGUMENTS = Argument("arguments", frozenset(), "Any", nullable=True)


def _never(arguments: Sequence[Value], run: Run) -> Value:
    raise AssertionError("a built-in function is called by its variants")


def native(name: str, *variants: tuple[str, Callable[..., Value]]) -> Function:
    """A built-in function from signatures such as ``(string: string, start position: number, length: number?)``.

    ``?`` marks what may be left out, ``| null`` what may be null, ``...`` a list that may be given element by element,
    ``*`` a parameter that takes all further arguments.
    """
    natives = tuple(_native(signature, body) for signature, body in variants)
    parameters = tuple(Parameter(argument.name) for argument in natives[0].arguments)
    return Function(name, parameters, _never, None, natives)


def _native(signature: str, body: Callable[..., Value]) -> Native:
    inner = signature.strip().removeprefix("(").removesuffix(")")
    variadic = "list" if inner.endswith("...") else "rest" if inner.endswith("*") else ""
    parts = [part.strip() for part in inner.rstrip(".*").split(",") if part.strip()]
    return Native(tuple(_argument(part) for part in parts), body, variadic)


def _argument(text: str) -> Argument:
    name, _, wanted = text.partition(":")
    optional = wanted.endswith("?")
    words = [word.strip() for word in wanted.removesuffix("?").split("|")]
    nullable = "null" in words or "Any" in words
    kinds: frozenset[type] = frozenset()
    if "Any" not in words:
        kinds = frozenset().union(*(_KINDS[word] for word in words if word != "null"))
    return Argument(name.strip(), kinds, " | ".join(words), optional, nullable)


_KINDS: dict[str, frozenset[type]] = {
    "number": frozenset({int, Decimal}),
    "string": frozenset({str}),
    "boolean": frozenset({bool}),
    "list": frozenset({list}),
    "context": frozenset({dict}),
    "function": frozenset({Function}),
    "range": frozenset({Range}),
    "date": frozenset({temporal.Date}),
    "time": frozenset({temporal.Time}),
    "date and time": frozenset({temporal.DateTime}),
    "days and time duration": frozenset({temporal.DaysDuration}),
    "years and months duration": frozenset({temporal.MonthsDuration}),
}
