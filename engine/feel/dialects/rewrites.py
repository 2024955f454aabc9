"""Calls of other languages that have an equal in FEEL. All others are left as calls of the host's functions.

``execution`` is a context that the engine provides: ``execution.processInstanceId``, ``execution.processBusinessKey``.
"""

from collections.abc import Callable

from engine.feel import tree, types
from engine.feel.dialects.grammar import Grammar
from engine.feel.dialects.refusal import refusal
from engine.feel.temporal import durations

PREDICATES = frozenset(
    {"not", "contains", "starts with", "ends with", "list contains", "matches", "any", "all", "even"}
)
"""Built-in functions that answer true or false."""

HOST = "host:"
"""Marks the name of a function that only the host can offer."""

Arguments = list[tree.Node]
_STRING = types.Named("string")
_Rewrite = Callable[[int, tree.Node, Arguments], tree.Node]


def function(at: int, name: str, *arguments: tree.Node) -> tree.Node:
    return tree.Call(at, tree.Name(at, name), list(arguments), None)


def literal(at: int, value: object) -> tree.Node:
    return tree.Literal(at, value)


def equals(at: int, left: tree.Node, right: tree.Node) -> tree.Node:
    return tree.Comparison(at, "=", left, right)


def empty(at: int, value: tree.Node) -> tree.Node:
    """Null, an empty text, list or context; a list is asked, for tests of other kinds than the value would be null."""
    nothing = [literal(at, None), literal(at, ""), tree.ListOf(at, []), tree.ContextOf(at, [])]
    return function(at, "list contains", tree.ListOf(at, nothing), value)


def negated(at: int, node: tree.Node) -> tree.Node:
    return function(at, "not", node)


def member(at: int, collection: tree.Node, element: tree.Node) -> tree.Node:
    """``element in collection`` where the collection may also be a text or a context."""
    if isinstance(collection, tree.ListOf):
        return function(at, "list contains", collection, element)
    is_text = tree.InstanceOf(at, collection, _STRING)
    return tree.If(
        at, is_text, function(at, "contains", collection, element), function(at, "list contains", collection, element)
    )


def size(at: int, value: tree.Node) -> tree.Node:
    is_text = tree.InstanceOf(at, value, _STRING)
    return tree.If(at, is_text, function(at, "string length", value), function(at, "count", value))


def _index(at: int, source: tree.Node, key: tree.Node) -> tree.Node:
    if isinstance(key, tree.Literal) and isinstance(key.value, str):
        return tree.Path(at, source, key.value)
    return tree.Index(at, source, key)


def _itself(at: int, target: tree.Node, arguments: Arguments) -> tree.Node:
    return target


def _named(name: str) -> _Rewrite:
    return lambda at, target, arguments: function(at, name, target, *arguments)


def _ignoring_case(at: int, target: tree.Node, arguments: Arguments) -> tree.Node:
    return equals(at, function(at, "lower case", target), function(at, "lower case", *arguments))


def _shifted(sign: int, unit: str) -> _Rewrite:
    """``plusDays(3)``: a duration, added or taken away."""

    def shift(at: int, target: tree.Node, arguments: Arguments) -> tree.Node:
        length = tree.Arithmetic(at, "*", arguments[0], literal(at, durations.parse(unit)))
        return tree.Arithmetic(at, "+" if sign > 0 else "-", target, length)

    return shift


_UNITS = {
    "Years": "P1Y",
    "Months": "P1M",
    "Weeks": "P7D",
    "Days": "P1D",
    "Hours": "PT1H",
    "Minutes": "PT1M",
    "Seconds": "PT1S",
}

TIMEDELTA = {word.lower(): unit for word, unit in _UNITS.items() if word not in ("Years", "Months")}
"""The keywords of Python's timedelta."""


def duration(at: int, parts: list[tuple[str, tree.Node]]) -> tree.Node:
    """``timedelta(days=1, hours=2)``"""
    total: tree.Node = literal(at, durations.parse("PT0S"))
    for number, (name, amount) in enumerate(parts):
        part = tree.Arithmetic(at, "*", amount, literal(at, durations.parse(TIMEDELTA[name])))
        total = part if number == 0 else tree.Arithmetic(at, "+", total, part)
    return total


_METHODS: dict[tuple[str, int], _Rewrite] = {
    ("get", 1): lambda at, target, arguments: _index(at, target, arguments[0]),
    ("concat", 1): lambda at, target, arguments: tree.Loose(at, "+", target, arguments[0], "javascript"),
    ("size", 0): lambda at, target, arguments: function(at, "count", target),
    ("length", 0): lambda at, target, arguments: function(at, "string length", target),
    ("equals", 1): lambda at, target, arguments: tree.Loose(at, "=", target, arguments[0], "strict"),
    ("equalsIgnoreCase", 1): _ignoring_case,
    ("isEmpty", 0): lambda at, target, arguments: empty(at, target),
    ("contains", 1): lambda at, target, arguments: member(at, target, arguments[0]),
    ("includes", 1): lambda at, target, arguments: member(at, target, arguments[0]),
    ("containsKey", 1): lambda at, target, arguments: negated(
        at, equals(at, function(at, "get value", target, *arguments), literal(at, None))
    ),
    ("toString", 0): _named("string"),
    ("name", 0): _named("string"),
    ("startsWith", 1): _named("starts with"),
    ("endsWith", 1): _named("ends with"),
    ("startswith", 1): _named("starts with"),
    ("endswith", 1): _named("ends with"),
    **dict.fromkeys((("toLowerCase", 0), ("lower", 0)), _named("lower case")),
    **dict.fromkeys((("toUpperCase", 0), ("upper", 0)), _named("upper case")),
    **dict.fromkeys((("trim", 0), ("strip", 0)), _named("trim")),
    **dict.fromkeys(
        ((name, 0) for name in ("toDate", "intValue", "longValue", "doubleValue", "booleanValue")), _itself
    ),
    **{(f"plus{word}", 1): _shifted(1, unit) for word, unit in _UNITS.items()},
    **{(f"minus{word}", 1): _shifted(-1, unit) for word, unit in _UNITS.items()},
}

_JSON_READERS = frozenset({"value", "stringValue", "numberValue", "boolValue", "elements", "element", "jsonPath"})
_VARIABLE_READERS = frozenset({"getVariable", "getVariableLocal", "getVariableTyped"})
_VARIABLE_WRITERS = frozenset({"setVariable", "setVariableLocal", "removeVariable", "setVariables"})
_SCOPES = frozenset({"execution", "kcontext", "delegateTask", "task"})

_VAR_TESTS = {
    **dict.fromkeys(("eq", "equals"), "="),
    **dict.fromkeys(("ne", "neq", "notEquals"), "!="),
    **dict.fromkeys(("lt", "lessThan"), "<"),
    **dict.fromkeys(("lte", "lessThanOrEquals"), "<="),
    **dict.fromkeys(("gt", "greaterThan"), ">"),
    **dict.fromkeys(("gte", "greaterThanOrEquals"), ">="),
}


def call(text: str, grammar: Grammar, at: int, target: tree.Node, arguments: Arguments) -> tree.Node:
    """The call in FEEL. Raises Untranslatable for what changes variables."""
    if isinstance(target, tree.Name):
        return _function_call(grammar, at, target, arguments)
    if isinstance(target, tree.Path):
        return _method_call(text, at, target, arguments)
    return tree.Call(at, target, arguments, None)


def _function_call(grammar: Grammar, at: int, target: tree.Name, arguments: Arguments) -> tree.Node:
    prefix, _, name = target.name.partition(":")
    if name and prefix in ("var", "vars", "variables") and arguments:
        return _variable_function(at, name, _variable(at, arguments[0]), arguments[1:], target)
    if target.name in ("S", "JSON") and len(arguments) == 1:
        return tree.Call(at, tree.Name(at, "S"), arguments, None)  # unwrapped by what follows: prop(...), value()
    if target.name in ("now", "dateTime") and not arguments:
        return function(at, "now")
    if target.name in ("currentUser", "currentUserGroups") and not arguments:
        return tree.Name(at, target.name)
    if grammar.python and target.name == "len" and len(arguments) == 1:
        return size(at, arguments[0])
    if grammar.python and target.name in ("any", "all", "sum", "min", "max", "abs"):
        return tree.Call(at, target, arguments, None)
    if grammar.python and target.name == "str":
        return function(at, "string", *arguments)
    return tree.Call(at, tree.Name(at, HOST + target.name), arguments, None)


def _variable(at: int, argument: tree.Node) -> tree.Node:
    """Flowable names the variable bare or as a text."""
    if isinstance(argument, tree.Literal) and isinstance(argument.value, str):
        return tree.Name(at, argument.value)
    return argument


def _variable_function(at: int, name: str, variable: tree.Node, others: Arguments, target: tree.Name) -> tree.Node:
    if name in _VAR_TESTS and len(others) == 1:
        return tree.Loose(at, _VAR_TESTS[name], variable, others[0], "juel")
    if name in ("empty", "isEmpty"):
        return empty(at, variable)
    if name in ("notEmpty", "isNotEmpty"):
        return negated(at, empty(at, variable))
    if name == "exists":
        return negated(at, equals(at, variable, literal(at, None)))
    if name == "get":
        return variable
    if name == "getOrDefault" and len(others) == 1:
        return function(at, "get or else", variable, others[0])
    if name in ("contains", "containsAny") and others:
        tests = [member(at, variable, other) for other in others]
        return tree.Or(at, tests) if name == "containsAny" else tree.And(at, tests)
    return tree.Call(at, tree.Name(at, HOST + target.name), [variable, *others], None)


def _method_call(text: str, at: int, target: tree.Path, arguments: Arguments) -> tree.Node:
    source, method = target.source, target.name
    if isinstance(source, tree.Name) and source.name in _SCOPES:
        if method in _VARIABLE_WRITERS:
            raise refusal("side_effect", text, detail=f"{source.name}.{method}")
        if method in _VARIABLE_READERS and len(arguments) == 1:
            return _variable(at, arguments[0])
        if method == "hasVariable" and len(arguments) == 1:
            return negated(at, equals(at, _variable(at, arguments[0]), literal(at, None)))
    if _is_json(source):
        return _json_call(at, source, method, arguments)
    rewrite = _METHODS.get((method, len(arguments)))
    if rewrite is not None:
        return rewrite(at, source, arguments)
    getter = _getter(method) if not arguments else ""
    if getter:
        return tree.Path(at, source, getter)
    return tree.Call(at, tree.Path(target.at, _hosted(source), method), arguments, None)


def _getter(method: str) -> str:
    """``getName`` and ``isName`` read ``name``."""
    for prefix in ("get", "is"):
        rest = method.removeprefix(prefix)
        if rest != method and rest[:1].isupper():
            return rest[0].lower() + rest[1:]
    return ""


def _hosted(source: tree.Node) -> tree.Node:
    """Marks the root of ``bean.method(...)`` as something of the host, not a variable."""
    if isinstance(source, tree.Name):
        return tree.Name(source.at, HOST + source.name)
    if isinstance(source, tree.Path):
        return tree.Path(source.at, _hosted(source.source), source.name)
    return source


def _is_json(node: tree.Node) -> bool:
    """``S(x)`` or what was reached from it."""
    while isinstance(node, tree.Path | tree.Index):
        node = node.source
    return isinstance(node, tree.Call) and isinstance(node.function, tree.Name) and node.function.name == "S"


def _json_call(at: int, source: tree.Node, method: str, arguments: Arguments) -> tree.Node:
    if method == "prop" and len(arguments) == 1:
        return _index(at, source, arguments[0])
    if method == "hasProp" and len(arguments) == 1:
        return negated(at, equals(at, unwrapped(_index(at, source, arguments[0])), literal(at, None)))
    if method in _JSON_READERS and not arguments:
        return source
    return tree.Call(at, tree.Path(at, tree.Name(at, "host:S"), method), arguments, None)


def unwrapped(node: tree.Node) -> tree.Node:
    """Without the ``S(...)`` of Camunda's JSON values: here JSON is a context already."""
    if isinstance(node, tree.Call) and isinstance(node.function, tree.Name) and node.function.name == "S":
        return node.arguments[0]
    if isinstance(node, tree.Path):
        return tree.Path(node.at, unwrapped(node.source), node.name)
    if isinstance(node, tree.Index):
        return tree.Index(node.at, unwrapped(node.source), node.index)
    return node


def bare_path(grammar: Grammar, node: tree.Node) -> tree.Node:
    """A path that ended: JavaScript's ``length`` is a property."""
    if grammar.name in ("javascript", "groovy") and isinstance(node, tree.Path) and node.name in ("length", "size"):
        return size(node.at, node.source)
    return unwrapped(node) if _is_json(node) else node


def host_call(node: tree.Node) -> tuple[str, tree.Name] | None:
    """Of a call that is left to the host: its dotted name, and the node that carries the mark."""
    if not isinstance(node, tree.Call):
        return None
    root, keys = node.function, []
    while isinstance(root, tree.Path):
        keys.append(root.name)
        root = root.source
    if not isinstance(root, tree.Name) or not root.name.startswith(HOST):
        return None
    return ".".join([root.name.removeprefix(HOST), *reversed(keys)]), root
