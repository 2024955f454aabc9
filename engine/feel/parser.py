"""A Pratt parser for the FEEL of DMN 1.5: the operators; operands and brackets have modules of their own.

Where the grammar of the specification is ambiguous: a name in scope is taken as long as possible and before key words;
``-3 ** 2`` is 9 and ``**`` associates to the left; ``instance of`` binds like a comparison.
"""

from collections.abc import Iterable

from engine.feel import operands, tree, type_names
from engine.feel.stream import Stream

OR, AND, COMPARISON, SUM, PRODUCT, POWER = 1, 2, 3, 4, 5, 6

_BINDING = {"or": OR, "and": AND, "between": COMPARISON, "in": COMPARISON, "instance": COMPARISON}
_BINDING |= {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "**": POWER}
_BINDING |= dict.fromkeys(operands.COMPARISONS, COMPARISON)


def parse_expression(text: str, declared: Iterable[str] = (), entries: Iterable[str] = ()) -> tree.Node:
    """Raises FeelSyntaxError. ``declared`` are the names in scope that may have spaces or operators in them.

    ``entries`` are such names too, of components: known behind a dot and within a filter.
    """
    stream = Stream(text, declared, expression, entries)
    node = stream.parse()
    _finish(stream)
    return node


def parse_unary_tests(
    text: str, declared: Iterable[str] = (), entries: Iterable[str] = ()
) -> tuple[list[tree.Node], bool] | None:
    """The tests and whether they are negated; None for ``-`` and an empty text, which hold for every input."""
    if text.strip() in ("", "-"):
        return None
    stream = Stream(text, declared, expression, entries)
    negated = stream.at("not") and stream.ahead().text == "("
    if negated:
        stream.next()
        stream.next()
    tests = [operands.test(stream)]
    while stream.accept(","):
        tests.append(operands.test(stream))
    if negated:
        stream.expect(")")
    if negated and stream.token.kind != "end":
        return [parse_expression(text, declared, entries)], False  # not(a) and b: an expression that begins with not
    _finish(stream)
    return tests, negated


def _finish(stream: Stream) -> None:
    token = stream.token
    if token.kind == "end":
        return
    raise stream.error(
        token.at,
        zh=f"表达式在 {token.text!r} 之前已经结束",
        en=f"the expression is complete before {token.text!r}",
        hint=operands.trailing_hint(stream),
    )


def expression(stream: Stream, binding: int = 0, *, filters: bool = True) -> tree.Node:
    stream.enter()
    left = operands.operand(stream, filters=filters)
    while True:
        token = stream.tokens[stream.position]
        level = _BINDING.get(token.text, 0) if token.kind == "op" or token.kind == "name" else 0
        if level <= binding:
            stream.leave()
            return left
        left = _infix(stream, left, level, filters)


def _infix(stream: Stream, left: tree.Node, level: int, filters: bool) -> tree.Node:
    token = stream.next()
    if level in (OR, AND):
        return _joined(stream, left, token.text, level, filters)
    if token.text == "between":
        low = stream.parse(COMPARISON)
        stream.expect("and")
        return tree.Between(token.at, left, low, stream.parse(COMPARISON, filters=filters))
    if token.text == "in":
        return tree.In(token.at, left, operands.tests_after_in(stream))
    if token.text == "instance":
        stream.expect("of")
        return tree.InstanceOf(token.at, left, type_names.type_name(stream))
    right = stream.parse(level, filters=filters)
    if level == COMPARISON:
        return tree.Comparison(token.at, token.text, left, right)
    return tree.Arithmetic(token.at, token.text, left, right)


def _joined(stream: Stream, left: tree.Node, word: str, level: int, filters: bool) -> tree.Node:
    """``a and b and c`` is one node, so that long conditions are not deep ones."""
    members = [left, stream.parse(level, filters=filters)]
    at = stream.token.at
    while stream.accept(word):
        members.append(stream.parse(level, filters=filters))
    return tree.And(at, members) if level == AND else tree.Or(at, members)
