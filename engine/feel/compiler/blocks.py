"""Lists, contexts, conditions and iterations."""

from collections.abc import Iterator

from engine.feel import iteration, tree
from engine.feel.compiler.static import Code, Compilers, Scope, Static
from engine.feel.run import Run
from engine.feel.values import Value, kind


def _list(node: tree.ListOf, static: Static) -> Code:
    items = static.compile_all(node.items)
    return lambda scope, run: [item(scope, run) for item in items]


def _context(node: tree.ContextOf, static: Static) -> Code:
    entries = []
    for key, value in node.entries:
        entries.append((key, static.compile(value)))
        static = static.binding((key,))

    def context(scope: Scope, run: Run) -> Value:
        inner, result = dict(scope), {}
        for key, value in entries:
            if key in result:
                run.warn("duplicate_key", node.at, name=key)
                return None
            inner[key] = result[key] = value(inner, run)
        return result

    return context


def _if(node: tree.If, static: Static) -> Code:
    condition, then, otherwise = static.compile_all((node.condition, node.then, node.otherwise))

    def choose(scope: Scope, run: Run) -> Value:
        decided = condition(scope, run)
        if decided is True:
            return then(scope, run)
        if decided is not None and decided is not False:
            run.warn("not_boolean", node.at, kind=kind(decided))
        return otherwise(scope, run)

    return choose


class _Rounds:
    """All combinations of the iterated values, the last iterator turning fastest."""

    def __init__(self, iterations: list[tree.Iteration], static: Static) -> None:
        self._steps = []
        for step in iterations:
            source = static.compile(step.source)
            end = static.compile(step.end) if step.end else None
            self._steps.append((step.name, source, end, step.at))
            static = static.binding((step.name,))
        self.static = static

    def turn(self, inner: dict[str, Value], run: Run) -> Iterator[bool]:
        """Binds the names in ``inner``, once per round; False where there is nothing to iterate over."""
        return self._turn(0, inner, run)

    def _turn(self, number: int, inner: dict[str, Value], run: Run) -> Iterator[bool]:
        if number == len(self._steps):
            yield True
            return
        name, source, end, at = self._steps[number]
        if end is None:
            items = iteration.over(source(inner, run), run, at)
        else:
            items = iteration.span(source(inner, run), end(inner, run), run, at)
        if items is None:
            yield False
            return
        for item in items:
            run.spend()
            inner[name] = item
            yield from self._turn(number + 1, inner, run)


def _for(node: tree.For, static: Static) -> Code:
    rounds = _Rounds(node.iterations, static)
    body = rounds.static.binding(("partial",)).compile(node.body)
    looks_back = any(isinstance(part, tree.Name) and part.name == "partial" for part in tree.walk(node.body))

    def loop(scope: Scope, run: Run) -> Value:
        results: list[Value] = []
        inner = {**scope, "partial": results}
        for round_ in rounds.turn(inner, run):
            if not round_:
                return None
            if looks_back:  # a copy: what the body makes of it must not change when the list grows
                run.spend_size(len(results))
                inner["partial"] = list(results)
            results.append(body(inner, run))
        run.spend_size(len(results))
        return results

    return loop


def _quantified(node: tree.Quantified, static: Static) -> Code:
    rounds = _Rounds(node.iterations, static)
    test, decisive = rounds.static.compile(node.test), not node.every

    def decide(scope: Scope, run: Run) -> Value:
        inner, doubt = dict(scope), False
        for round_ in rounds.turn(inner, run):
            if not round_:
                return None
            verdict = test(inner, run)
            if verdict is decisive:
                return decisive
            if type(verdict) is not bool:
                doubt = True
        return None if doubt else not decisive

    return decide


COMPILERS: Compilers = {
    tree.ListOf: _list,
    tree.ContextOf: _context,
    tree.If: _if,
    tree.For: _for,
    tree.Quantified: _quantified,
}
