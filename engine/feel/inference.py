"""Types of expressions as far as they can be known without values. None is "not known", never "wrong"."""

from collections.abc import Mapping

from engine.feel import conformance, messages, tree, types, values
from engine.feel.run import Warning
from engine.feel.types import Definitions, Type

Known = Mapping[str, Type | None]

NUMBER, TEXT, BOOLEAN = types.Named("number"), types.Named("string"), types.Named("boolean")
_ORDERED = frozenset(
    {
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)
_CONDITIONS = tree.Comparison | tree.And | tree.Or | tree.Between | tree.In | tree.InstanceOf | tree.Quantified
_RESULTS = {
    **dict.fromkeys(("count", "sum", "mean", "string length", "abs", "floor", "ceiling", "number", "modulo"), NUMBER),
    **dict.fromkeys(("string", "substring", "upper case", "lower case", "replace", "string join"), TEXT),
    **dict.fromkeys(("not", "contains", "starts with", "ends with", "matches", "all", "any", "list contains"), BOOLEAN),
    **{name: types.Named(name) for name in ("date", "time", "date and time")},
    "today": types.Named("date"),
    "now": types.Named("date and time"),
}


def infer(node: tree.Node, names: Known, definitions: Definitions) -> Type | None:
    if isinstance(node, tree.Literal):
        return None if node.value is None else types.Named(values.kind(node.value))
    if isinstance(node, tree.Name):
        known = names.get(node.name)
        return None if known is None else conformance.resolve(known, definitions)
    if isinstance(node, tree.Path):
        source = infer(node.source, names, definitions)
        found = dict(source.entries).get(node.name) if isinstance(source, types.ContextOf) else None
        return None if found is None else conformance.resolve(found, definitions)
    if isinstance(node, _CONDITIONS):
        return BOOLEAN
    if isinstance(node, tree.Call) and isinstance(node.function, tree.Name) and node.function.name not in names:
        return _RESULTS.get(node.function.name)
    return _composed(node, names, definitions)


def _composed(node: tree.Node, names: Known, definitions: Definitions) -> Type | None:
    if isinstance(node, tree.Arithmetic):
        left, right = infer(node.left, names, definitions), infer(node.right, names, definitions)
        return left if left == right and left in (NUMBER, TEXT) else None
    if isinstance(node, tree.Negation):
        return infer(node.operand, names, definitions)
    if isinstance(node, tree.If):
        then, otherwise = infer(node.then, names, definitions), infer(node.otherwise, names, definitions)
        return then if then == otherwise else None
    if isinstance(node, tree.ListOf):
        kinds = {infer(item, names, definitions) for item in node.items}
        only = kinds.pop() if len(kinds) == 1 else None
        return types.ListOf(only or types.ANY)
    if isinstance(node, tree.ContextOf):
        entries = tuple((key, infer(value, names, definitions) or types.ANY) for key, value in node.entries)
        return types.ContextOf(entries)
    return None


def misfits(node: tree.Node, names: Known, definitions: Definitions) -> list[Warning]:
    """Comparisons, sums and conditions whose sides are known and cannot go together."""
    found = []
    for part in tree.walk(node):
        if isinstance(part, tree.Comparison):
            found += _compared(part, names, definitions)
        elif isinstance(part, tree.If):
            kind = infer(part.condition, names, definitions)
            if kind not in (None, BOOLEAN, types.ANY):
                found.append(_warning("not_boolean", part.at, kind=_word(kind)))
    return found


def _compared(node: tree.Comparison, names: Known, definitions: Definitions) -> list[Warning]:
    left, right = infer(node.left, names, definitions), infer(node.right, names, definitions)
    if left is None or right is None or types.ANY in (left, right):
        return []
    ordered = _word(left) in _ORDERED and _word(right) in _ORDERED
    if _word(left) == _word(right) and (ordered or node.operator in ("=", "!=")):
        return []
    return [_warning("not_comparable", node.at, left=_word(left), right=_word(right))]


def _word(kind: Type | None) -> str:
    if isinstance(kind, types.Named):
        return kind.name
    words = {types.ListOf: "list", types.ContextOf: "context", types.RangeOf: "range", types.FunctionOf: "function"}
    return words.get(type(kind), "")


def _warning(code: str, at: int, **details: object) -> Warning:
    return Warning(code, messages.text(code, details), at)
