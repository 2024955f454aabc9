"""The built-in functions of DMN 1.5, by area, and those Camunda 8 adds."""

from engine.feel import stream
from engine.feel.builtins import contexts, conversion, dates, extensions, lists, numeric, ranges, statistics, strings
from engine.feel.values import Function

_FUNCTIONS: dict[str, Function] = {
    function.name: function
    for area in (conversion, strings, numeric, lists, statistics, contexts, dates, ranges, extensions)
    for function in area.FUNCTIONS
}

for _name in _FUNCTIONS:
    stream.BUILT_IN_NAMES.add(_name)


def find(name: str) -> Function | None:
    return _FUNCTIONS.get(name)


def names() -> frozenset[str]:
    return frozenset(_FUNCTIONS)
