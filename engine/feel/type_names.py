"""Types in expressions: ``number``, ``list<string>``, ``context<a: number>``, ``function<date> -> Any``, ``tOrder``."""

from engine.feel import names, types
from engine.feel.stream import Stream
from engine.feel.types import Type

_LONG = names.Names(name for name in types.BUILT_IN if " " in name)
MAX_DEPTH = 20


def type_name(stream: Stream, depth: int = 0) -> Type:
    token = stream.token
    if depth > MAX_DEPTH:
        raise stream.error(token.at, zh="类型嵌套过深", en="the type is nested too deeply")
    long = _LONG.longest(stream.tokens, stream.position) or stream.known_name()
    if long:
        stream.position += long[0]
        return types.Named(long[1])
    if token.kind != "name":
        raise stream.unexpected("type")
    stream.next()
    generic = _GENERIC.get(token.text)
    if generic and stream.accept("<"):
        return generic(stream, depth + 1)
    name = token.text
    while stream.at(".") and stream.ahead().kind == "name":  # a type of an imported model
        stream.next()
        name += "." + stream.next().text
    return types.Named(name)


def _list(stream: Stream, depth: int) -> Type:
    item = type_name(stream, depth)
    stream.expect(">")
    return types.ListOf(item)


def _range(stream: Stream, depth: int) -> Type:
    end = type_name(stream, depth)
    stream.expect(">")
    return types.RangeOf(end)


def _context(stream: Stream, depth: int) -> Type:
    entries = []
    while not stream.at(">"):
        words = [stream.next().text]
        while not stream.at(":") and stream.token.kind == "name":
            words.append(stream.next().text)
        stream.expect(":")
        entries.append((" ".join(words), type_name(stream, depth)))
        if not stream.accept(","):
            break
    stream.expect(">")
    return types.ContextOf(tuple(entries))


def _function(stream: Stream, depth: int) -> Type:
    parameters = []
    while not stream.at(">"):
        parameters.append(type_name(stream, depth))
        if not stream.accept(","):
            break
    stream.expect(">")
    stream.expect("->")
    return types.FunctionOf(tuple(parameters), type_name(stream, depth))


_GENERIC = {"list": _list, "range": _range, "context": _context, "function": _function}
