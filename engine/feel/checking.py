"""What can be said of an expression before it runs: unknown names with a guess at what was meant, and type misfits."""

import difflib
from collections.abc import Iterable, Mapping

from engine.feel import builtins, freedom, inference, messages, tree
from engine.feel.expression import Expression, compile_expression
from engine.feel.run import Warning
from engine.feel.types import Definitions, Type
from engine.model.text import EN, ZH, both

CONSTANTS = frozenset({"true", "false", "null"})


def check(text: str, names: Mapping[str, Type | None], types: Definitions | None = None) -> list[Warning]:
    """The warnings for a text whose variables are ``names``, with their types where known; in the text's order.

    Raises FeelSyntaxError. A name within a filter is not questioned: it may be an entry of the elements.
    """
    node = compile_expression(text, names=names, types=types).tree
    found = [_unknown(name, names) for name in freedom.unknown(node, frozenset(names))]
    found += inference.misfits(node, names, types or {})
    return sorted(found, key=lambda warning: warning.position)


def inferred_type(text: str, names: Mapping[str, Type | None], types: Definitions | None = None) -> Type | None:
    """The type of the expression's value, None where only the values tell. Raises FeelSyntaxError."""
    node: tree.Node = compile_expression(text, names=names, types=types).tree
    return inference.infer(node, names, types or {})


def unknown(expression: Expression, names: Iterable[str]) -> list[freedom.Occurrence]:
    """The names in it that neither ``names`` nor the language know, but for those within filters; of any dialect."""
    return list(freedom.unknown(expression.tree, frozenset(names)))


def function_names() -> frozenset[str]:
    """Of all built-in functions."""
    return builtins.names()


def _unknown(found: freedom.Occurrence, names: Iterable[str]) -> Warning:
    code = "unknown_function" if found.called else "unknown_name"
    words = messages.text(code, {"name": found.name})
    guess = did_you_mean(found.name, builtins.names() if found.called else {*names, *found.bound, *CONSTANTS})
    if guess:
        words = both(zh=f"{words[ZH]}，是否指“{guess}”？", en=f"{words[EN]}; did you mean {guess}?")
    return Warning(code, words, found.at)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The known name most like this one, empty where none is."""
    by_folded = {other.casefold(): other for other in sorted(known)}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.7)
    return by_folded[close[0]] if close else ""
