"""Multi-instance: an activity once for each item of a collection, or a number of times; all at once or one by one.

The body's scope holds nrOfInstances, nrOfActiveInstances and nrOfCompletedInstances, and the output collection in the
order of the items (null where one is not done); each run sees loopCounter (from 0) and its item. After each run the
completion condition is looked at; when it holds the rest is cancelled. No items: complete at once.
"""

from typing import Any

from engine import errors
from engine.kernel import expressions, loop_body, scopes, values, variables
from engine.kernel.graph import NodePlan
from engine.kernel.run import ACTIVATIONS, COMPLETE, Run
from engine.kernel.state import Token

_ITEMS = "loopItems"
"""Variable of a sequential body: the items as they were at the start."""


def begin(run: Run, token: Token, node: NodePlan) -> None:
    loop = node.model.loop
    items = _items(run, token, node)
    total = len(items) if items is not None else _cardinality(run, token, node)
    body = loop_body.open_body(run, token)
    first = min(total, 1) if loop.sequential else total
    token.memo = (total, first, 0)
    if loop.output_collection:
        blank: list[Any] = [] if loop.sequential else [None] * total
        variables.local(run, body.number, {loop.output_collection: blank})
    if loop.sequential and items is not None:
        variables.local(run, body.number, {_ITEMS: items})
    _count(run, token)
    if total == 0:
        run.agenda.append((COMPLETE, token.number, 0))
        return
    loop_body.start_instances(run, body, node, [(index, _own(node, items, index)) for index in range(first)])


def collect(run: Run, token: Token, node: NodePlan) -> bool:
    """Raises Invalid when output or completion condition cannot be evaluated; doing it twice changes nothing."""
    loop = node.model.loop
    body = run.tokens[run.scopes[token.scope].token]
    total, started, completed = body.memo
    if loop.output_collection and loop.output is not None:
        outputs = list(values.unpack(run.scopes[token.scope].variables[loop.output_collection]))
        index = token.memo[0]
        outputs.extend([None] * (index + 1 - len(outputs)))
        outputs[index] = expressions.value(run, loop.output, token.inner)
        variables.local(run, token.scope, {loop.output_collection: outputs})
    completed += 1
    if loop.completion is not None:
        counts = {
            "nrOfInstances": total,
            "nrOfActiveInstances": started - completed,
            "nrOfCompletedInstances": completed,
        }
        if expressions.condition(run, loop.completion, token.inner, counts):
            return True
    return completed >= total


def instance_done(run: Run, token: Token, node: NodePlan, over: bool) -> None:
    """``token`` is complete and its own scope closed."""
    scope = run.own_scope(token.scope)
    del run.tokens[token.number]
    scope.live -= 1
    body = run.own_token(scope.token)
    total, started, completed = body.memo
    body.memo = (total, started, completed + 1)
    _count(run, body)
    if over:
        scopes.cancel_inside(run, scope.number)
        run.agenda.append((COMPLETE, body.number, 0))
    elif started < total and scope.live == 0:
        body.memo = (total, started + 1, completed + 1)
        _count(run, body)
        raw = scope.variables.get(_ITEMS)
        items = values.unpack(raw) if raw is not None else None
        loop_body.start_instances(run, scope, node, [(started, _own(node, items, started))])


def gather(run: Run, token: Token, node: NodePlan) -> None:
    """The output collection becomes a variable outside."""
    name = node.model.loop.output_collection
    if name:
        raw = run.scopes[token.inner].variables[name]
        variables.assign(run, token.scope, {name: values.unpack(raw)}, node.id)


def _own(node: NodePlan, items: list[Any] | None, index: int) -> dict[str, Any]:
    loop = node.model.loop
    own: dict[str, Any] = {loop.index: index} if loop.index else {}
    return {**own, loop.element: items[index]} if loop.element and items is not None else own


def _count(run: Run, token: Token) -> None:
    total, started, completed = token.memo
    counts = {
        "nrOfInstances": total,
        "nrOfActiveInstances": started - completed,
        "nrOfCompletedInstances": completed,
    }
    variables.local(run, token.inner, counts)


def _items(run: Run, token: Token, node: NodePlan) -> list[Any] | None:
    expression = node.model.loop.collection
    if expression is None:
        return None
    found = expressions.value(run, expression, token.scope)
    if not isinstance(found, list | tuple):
        raise errors.Invalid(
            "not_a_collection",
            zh=f"{node.id} 的集合“{expression.text}”应是列表，得到 {_kind(found)}",
            en=f"expected the collection {expression.text!r} of {node.id} to be a list, got {_kind(found)}",
            node=node.id,
        )
    _bound(len(found), node)
    return list(found)


def _cardinality(run: Run, token: Token, node: NodePlan) -> int:
    expression = node.model.loop.cardinality
    if expression is None:
        raise errors.Invalid(
            "loop_without_number",
            zh=f"{node.id} 是多实例活动，但既没有集合也没有次数",
            en=f"{node.id} is multi-instance but has neither a collection nor a cardinality",
            node=node.id,
        )
    number = expressions.number(run, expression, token.scope, f"loopCardinality {node.id}")
    if number < 0:
        raise errors.Invalid(
            "negative_number",
            zh=f"{node.id} 的次数是负数 {number}",
            en=f"the cardinality of {node.id} is the negative number {number}",
            node=node.id,
        )
    _bound(number, node)
    return number


def _bound(count: int, node: NodePlan) -> None:
    if count > ACTIVATIONS:
        raise errors.Invalid(
            "too_many_instances",
            zh=f"{node.id} 要运行 {count} 次，上限是 {ACTIVATIONS}",
            en=f"{node.id} would run {count} times, the limit is {ACTIVATIONS}",
            node=node.id,
        )


def _kind(value: Any) -> str:
    return "null" if value is None else type(value).__name__
