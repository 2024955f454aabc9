"""Expressions of other engines, read into FEEL's tree with their own meaning, or refused with the reason."""

from collections.abc import Callable, Collection
from functools import lru_cache

from engine.feel import messages, parser, tree
from engine.feel.dialects import grammar, hazards, rewrites, templates, writing
from engine.feel.dialects.asking import AskingReader
from engine.feel.dialects.python import PythonReader
from engine.feel.dialects.reader import Reader, is_condition
from engine.feel.dialects.refusal import refusal
from engine.feel.expression import NO_TYPES, Expression, HostCall, compile_expression
from engine.feel.run import Warning

LANGUAGES = ("feel", "juel", "camunda8", "python", "javascript", "groovy", "mvel")
_SCRIPTED = {
    "javascript": grammar.JAVASCRIPT,
    "groovy": grammar.GROOVY,
    "mvel": grammar.MVEL,
    "python": grammar.PYTHON,
}


def compile_dialect(text: str, language: str, *, functions: Collection[str] = (), errands: bool = False) -> Expression:
    """``text`` as its own language means it. ``functions``: names of the host's functions that it may call.

    With ``errands`` a call of code that lives elsewhere, in JUEL, is a variable by the call's own text: the
    expression's ``calls`` are what has to be asked before (engine/definitions/errands.py).
    Raises FeelSyntaxError for FEEL and Camunda 8, Untranslatable for the others.
    """
    if errands and language == "juel":
        return _asking(text)
    return _compiled(text, language, frozenset(functions))


@lru_cache(maxsize=2048)
def _asking(text: str) -> Expression:
    calls: list[HostCall] = []
    if not text.strip():
        raise refusal("empty", text)
    made = _juel(text, frozenset(), lambda part: AskingReader(part, grammar.JUEL, whole=text, calls=calls))
    made.calls = tuple(dict.fromkeys(calls))
    return made


@lru_cache(maxsize=2048)
def _compiled(text: str, language: str, functions: frozenset[str]) -> Expression:
    if language == "feel":
        return compile_expression(text)
    if language not in LANGUAGES:
        raise refusal("language", text, detail=language)
    if not text.strip():
        raise refusal("empty", text)
    if language == "camunda8":
        return _camunda8(text)
    if language == "juel":
        return _juel(text, functions, lambda part: Reader(part, grammar.JUEL, whole=text))
    reader = PythonReader if language == "python" else Reader
    node = reader(text.strip(), _SCRIPTED[language]).read()
    return _finished(text, node, language, functions)


def _camunda8(text: str) -> Expression:
    """Behind ``=`` stands FEEL; a text without it is a text."""
    if not text.lstrip().startswith("="):
        return _literal(text, "camunda8", text)
    inner = text.replace("=", " ", 1)  # places in it stay those of the whole text
    node = parser.parse_expression(inner)
    return Expression(text, node, NO_TYPES, language="camunda8", feel_text=inner.strip())


def _literal(text: str, language: str, value: str) -> Expression:
    node = tree.Literal(0, value)
    warning = Warning("literal_text", messages.text("literal_text", {}))
    return Expression(text, node, NO_TYPES, language=language, hazards=(warning,), feel_text=writing.write(node))


def _juel(text: str, functions: frozenset[str], reader: Callable[[str], Reader]) -> Expression:
    parts = templates.split(text.strip())
    if not any(is_expression for is_expression, _ in parts):
        return _literal(text, "juel", "".join(part for _, part in parts))
    nodes = [reader(part).read() if inner else tree.Literal(0, part) for inner, part in parts]
    if len(nodes) == 1:
        return _finished(text, nodes[0], "juel", functions)
    pieces = [node if isinstance(node, tree.Literal) else _as_text(node) for node in nodes]
    joined = tree.Call(0, tree.Name(0, "string join"), [tree.ListOf(0, list(pieces))], None)
    return _finished(text, joined, "juel", functions)


def _as_text(node: tree.Node) -> tree.Node:
    """Within a text, null is nothing: ``string join`` passes over it."""
    return tree.Call(node.at, tree.Name(node.at, "string"), [node], None)


def _finished(text: str, node: tree.Node, language: str, functions: frozenset[str]) -> Expression:
    _settle_host_calls(text, node, functions)
    truth = grammar.JUEL.truth if language == "juel" else _SCRIPTED[language].truth
    return Expression(
        text,
        node,
        NO_TYPES,
        language=language,
        hazards=hazards.hazards(node, conditional=not is_condition(node)),
        feel_text=writing.write(node),
        truth=truth,
    )


def _host_calls(node: tree.Node) -> list[tuple[str, tree.Name]]:
    """The calls that rewrites.py left to the host: their dotted names and the node that carries the mark."""
    return [found for part in tree.walk(node) if (found := rewrites.host_call(part)) is not None]


def _settle_host_calls(text: str, node: tree.Node, functions: frozenset[str]) -> None:
    """Takes the marks away. Raises Untranslatable for a function that the host does not offer."""
    for name, root in _host_calls(node):
        if name not in functions:
            raise refusal("host_function", text, detail=name)
        root.name = root.name.removeprefix(rewrites.HOST)
