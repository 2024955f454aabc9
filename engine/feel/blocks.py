"""Expressions that begin with a key word: if, for, some, every, function."""

from collections.abc import Callable

from engine.feel import names, tree, type_names
from engine.feel.stream import Stream

_SUM = 3


def _if(stream: Stream) -> tree.Node:
    at = stream.next().at
    condition = stream.parse()
    stream.expect("then")
    then = stream.parse()
    stream.expect("else")
    return tree.If(at, condition, then, stream.parse())


def _for(stream: Stream) -> tree.Node:
    at = stream.next().at
    with stream.scope(names.Names()):
        iterations = _iterations(stream)
        stream.expect("return")
        return tree.For(at, iterations, stream.parse())


def _quantified(stream: Stream) -> tree.Node:
    token = stream.next()
    with stream.scope(names.Names()):
        iterations = _iterations(stream)
        stream.expect("satisfies")
        return tree.Quantified(token.at, token.text == "every", iterations, stream.parse())


def _iterations(stream: Stream) -> list[tree.Iteration]:
    iterations = [_iteration(stream)]
    while stream.accept(","):
        iterations.append(_iteration(stream))
    return iterations


def _iteration(stream: Stream) -> tree.Iteration:
    at = stream.token.at
    name = _words_until(stream, "in")
    stream.expect("in")
    source = stream.parse()
    end = stream.parse(_SUM) if stream.accept("..") else None
    stream.levels[-1].add(name)
    return tree.Iteration(at, name, source, end)


def _words_until(stream: Stream, *stops: str) -> str:
    first = stream.token
    if first.kind == "quoted":
        return stream.next().text[1:-1]
    if first.kind != "name":
        raise stream.unexpected("name")
    last = stream.next()
    while not stream.at(*stops) and stream.token.kind != "end" and not stream.at(",", ")", ":"):
        last = stream.next()
    return " ".join(stream.text[first.at : last.at + len(last.text)].split())


def _function(stream: Stream) -> tree.Node:
    at = stream.next().at
    stream.expect("(")
    parameters = []
    with stream.scope(names.Names()):
        while not stream.at(")"):
            name = _words_until(stream, ":")
            kind = type_names.type_name(stream) if stream.accept(":") else None
            parameters.append((name, kind))
            stream.levels[-1].add(name)
            if not stream.accept(","):
                break
        stream.expect(")")
        external = stream.accept("external")
        return tree.Lambda(at, parameters, stream.parse(), external)


BLOCKS: dict[str, Callable[[Stream], tree.Node]] = {
    "if": _if,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
    "function": _function,
}
