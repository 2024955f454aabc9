"""Parentheses, lists, contexts and the ways to write a range."""

from engine.feel import names, tokens, tree
from engine.feel.stream import Stream
from engine.model.text import both

_SUM = 3
"""Ends of ranges are sums: a comparison would be read too far."""
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_ENDS_AN_OPERAND = frozenset([",", ")", "]", "}", ".", "+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", ".."])
_WORDS_AFTER_AN_OPERAND = frozenset(["and", "or", "in", "between", "instance", "then", "else", "return", "satisfies"])


def bracketed(stream: Stream) -> tree.Node:
    token = stream.token
    if token.text == "(":
        return _parenthesis(stream)
    if token.text == "[":
        return _list(stream)
    if token.text == "]":
        stream.next()
        return _interval(stream, token.at, stream.parse(_SUM), low_included=False)
    if token.text == "{":
        return _context(stream)
    raise stream.unexpected()


def _parenthesis(stream: Stream) -> tree.Node:
    at = stream.next().at
    operator = stream.token.text
    if stream.at(*_COMPARISONS):
        stream.next()
        end = stream.parse(_SUM)
        stream.expect(")")
        return tree.OpenRange(at, operator, end)
    inner = stream.parse()
    if stream.at(".."):
        return _interval(stream, at, inner, low_included=False)
    stream.expect(")")
    return inner


def _list(stream: Stream) -> tree.Node:
    at = stream.next().at
    items: list[tree.Node] = []
    while not stream.at("]"):
        items.append(_list_item(stream))
        if len(items) == 1 and stream.at(".."):
            return _interval(stream, at, items[0], low_included=True)
        if not stream.accept(","):
            break
    stream.expect("]")
    return tree.ListOf(at, items)


def _list_item(stream: Stream) -> tree.Node:
    token = stream.token
    if stream.at(*_COMPARISONS):
        stream.next()
        return tree.OpenRange(token.at, token.text, stream.parse(_SUM))
    return stream.parse()


def _interval(stream: Stream, at: int, low: tree.Node, *, low_included: bool) -> tree.Node:
    stream.expect("..")
    start = stream.position
    high = stream.parse(_SUM, filters=False)
    if stream.at("[") and not _closes(stream):
        stream.position = start  # a filter after all: [1..limits[2]]
        high = stream.parse(_SUM)
    if not stream.at("]", ")", "["):
        raise stream.unexpected("]", both(zh="区间以 ]、) 或 [ 结尾", en="a range ends with ], ) or ["))
    return tree.Interval(at, low, high, low_included, stream.next().text == "]")


def _closes(stream: Stream) -> bool:
    """Whether the ``[`` here closes a range, judged by what follows it."""
    after = stream.ahead()
    if after.kind == "op":
        return after.text in _ENDS_AN_OPERAND
    return after.kind == "end" or (after.kind == "name" and after.text in _WORDS_AFTER_AN_OPERAND)


def _context(stream: Stream) -> tree.Node:
    at = stream.next().at
    entries: list[tuple[str, tree.Node]] = []
    with stream.scope(names.Names()):
        while not stream.at("}"):
            key = _key(stream)
            stream.expect(":")
            entries.append((key, stream.parse()))
            stream.levels[-1].add(key)
            stream.entries.add(key)
            if not stream.accept(","):
                break
        stream.expect("}")
    return tree.ContextOf(at, entries)


def _key(stream: Stream) -> str:
    """A text, or all tokens up to the colon: ``foo bar``, ``foo+bar``, ``if``."""
    first = stream.token
    if first.kind == "string" and stream.ahead().text == ":":
        return tokens.unescape(stream.next().text[1:-1])
    if first.kind == "quoted":
        return stream.next().text[1:-1]
    if first.kind != "name":
        raise stream.unexpected("name")
    last = first
    while stream.token.kind in ("name", "number") or stream.at("+", "-", "*", "/", "**", ".", "'"):
        last = stream.next()
    return " ".join(stream.text[first.at : last.at + len(last.text)].split())
