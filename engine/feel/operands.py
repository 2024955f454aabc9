"""What stands between operators: literals, names, signs, calls, paths, filters, and the tests behind ``in``."""

from engine.feel import blocks, brackets, names, numbers, tokens, tree
from engine.feel.stream import KEYWORDS, Stream
from engine.feel.temporal import reading
from engine.model.text import Text, both

COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
_BELOW_SUM = 3
_ABOVE_POWER = 7
_CONSTANTS = {"null": None, "true": True, "false": False}


def operand(stream: Stream, *, filters: bool = True) -> tree.Node:
    token = stream.token
    if token.kind == "op" and token.text == "-":
        stream.next()
        return _negated(token.at, stream.parse(_ABOVE_POWER, filters=filters))
    return _postfix(stream, _primary(stream), filters)


def _negated(at: int, value: tree.Node) -> tree.Node:
    if isinstance(value, tree.Literal) and type(value.value) is int:
        return tree.Literal(at, -value.value)
    return tree.Negation(at, value)


def _primary(stream: Stream) -> tree.Node:
    token = stream.token
    known = stream.known_name() if token.kind in ("name", "op", "number") else None
    if known:
        stream.position += known[0]
        return tree.Name(token.at, known[1])
    if token.kind == "name":
        return _word(stream)
    if token.kind == "op":
        return brackets.bracketed(stream)
    return _literal(stream)


def _literal(stream: Stream) -> tree.Node:
    token = stream.token
    if token.kind == "end":
        raise stream.unexpected()
    stream.next()
    if token.kind == "string":
        return tree.Literal(token.at, tokens.unescape(token.text[1:-1]))
    if token.kind == "quoted":
        return tree.Name(token.at, token.text[1:-1])
    if token.kind == "at":
        text = tokens.unescape(token.text[token.text.index('"') + 1 : -1])
        value = reading.parse_any(text)
        return tree.BadLiteral(token.at, text) if value is None else tree.Literal(token.at, value)
    number = numbers.from_text(token.text)
    if number is None:
        raise stream.error(token.at, zh=f"数字 {token.text} 太大", en=f"the number {token.text} is too large")
    return tree.Literal(token.at, number)


def _word(stream: Stream) -> tree.Node:
    token = stream.token
    block = blocks.BLOCKS.get(token.text)
    if block and not any(token.text in level.plain for level in stream.levels):
        return block(stream)
    if token.text in _CONSTANTS:
        stream.next()
        return tree.Literal(token.at, _CONSTANTS[token.text])
    if token.text in KEYWORDS and not any(token.text in level.plain for level in stream.levels):
        raise stream.unexpected()
    stream.next()
    return tree.Name(token.at, token.text)


def _postfix(stream: Stream, node: tree.Node, filters: bool) -> tree.Node:
    while True:
        token = stream.token
        if stream.at("."):
            stream.next()
            node = tree.Path(token.at, node, property_name(stream))
        elif stream.at("("):
            node = _call(stream, node)
        elif stream.at("[") and filters:
            stream.next()
            with stream.scope(stream.entries):
                test = stream.parse()
            stream.expect("]")
            node = tree.Filter(token.at, node, test)
        else:
            return node


def property_name(stream: Stream) -> str:
    """The name behind a dot: key words are names here."""
    for level in (*reversed(stream.levels), stream.entries, names.PROPERTIES):
        found = level.longest(stream.tokens, stream.position)
        if found:
            stream.position += found[0]
            return found[1]
    token = stream.next()
    if token.kind == "quoted":
        return token.text[1:-1]
    if token.kind != "name":
        stream.position -= token.kind != "end"
        raise stream.unexpected("name")
    return token.text


def _call(stream: Stream, function: tree.Node) -> tree.Node:
    at = stream.expect("(").at
    arguments: list[tree.Node] = []
    given: list[str] = []
    while not stream.at(")"):
        name = _argument_name(stream)
        if arguments and bool(name) != bool(given):
            zh, en = "不能混用按名称与按位置的参数", "arguments are either all named or all positional"
            raise stream.error(stream.token.at, zh=zh, en=en)
        if name:
            given.append(name)
        arguments.append(stream.parse())
        if not stream.accept(","):
            break
    stream.expect(")")
    return tree.Call(at, function, arguments, given or None)


def _argument_name(stream: Stream) -> str:
    """``start position :`` ahead of an argument; empty where the argument begins at once."""
    words, position = [], stream.position
    while stream.tokens[position].kind == "name":
        words.append(stream.tokens[position].text)
        position += 1
    if not words or stream.tokens[position].text != ":":
        return ""
    stream.position = position + 1
    return " ".join(words)


def test(stream: Stream) -> tree.Node:
    """One positive unary test: an expression, or an operator with its right side."""
    token = stream.token
    if token.kind == "op" and token.text in COMPARISONS:
        stream.next()
        return tree.OpenRange(token.at, token.text, stream.parse(_BELOW_SUM))
    return stream.parse()


def tests_after_in(stream: Stream) -> list[tree.Node]:
    """Behind ``in``: one test, or several in parentheses."""
    if stream.token.kind == "op" and stream.token.text in COMPARISONS:
        return [test(stream)]
    start = stream.position
    if not stream.accept("("):
        return [stream.parse(_BELOW_SUM)]
    tests = [test(stream)]
    if not stream.at(","):
        stream.position = start  # a range, or an expression in parentheses
        return [stream.parse(_BELOW_SUM)]
    while stream.accept(","):
        tests.append(test(stream))
    stream.expect(")")
    return tests


def trailing_hint(stream: Stream) -> Text | None:
    """Why an expression may go on where it should have ended."""
    token, before = stream.token, stream.tokens[max(stream.position - 1, 0)]
    if token.text == "=" and before.text == "=":
        return both(zh="相等比较只用一个 =", en="equality is a single =")
    if token.text in ("&", "|"):
        return both(zh="请使用 and、or", en="write and, or")
    if token.text == "?":
        return both(zh="请使用 if … then … else …", en="write if ... then ... else ...")
    if token.text == ";":
        return both(zh="这里只能有一个表达式", en="one expression stands here, not several statements")
    if token.text == "..":
        return both(zh="区间应写在括号内，如 [1..2]", en="a range stands in brackets: [1..2]")
    if before.text == "not" and before.kind == "name":
        return both(zh="否定应写作 not(...)", en="a negation is written not(...)")
    if token.kind == "name" and token.text not in KEYWORDS and token.text.lower() in KEYWORDS:
        return both(zh=f"关键字应小写：{token.text.lower()}", en=f"key words are small: {token.text.lower()}")
    words = [other for other in stream.tokens if other.kind == "name"]
    if len(words) > 2 and len(words) == len(stream.tokens) - 1:
        return both(zh="这像是说明文字，不是表达式", en="this reads like prose, not like an expression")
    if token.kind == "name" and before.kind == "name":
        name = f"{before.text} {token.text}"
        return both(zh=f"若“{name}”是一个名称，请写成 `{name}`", en=f"if {name} is one name, write it as `{name}`")
    return None
