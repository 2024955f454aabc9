"""Function literals and calls."""

from collections.abc import Sequence

from engine.feel import builtins, calling, tree
from engine.feel.compiler.static import Code, Compilers, Scope, Static
from engine.feel.run import Run
from engine.feel.values import Function, Parameter, Value, kind


def _lambda(node: tree.Lambda, static: Static) -> Code:
    if node.external:
        return _external(node)
    names = [name for name, _ in node.parameters]
    parameters = tuple(Parameter(name, kind) for name, kind in node.parameters)
    body, definitions = static.binding(names).compile(node.body), static.definitions

    def function(scope: Scope, run: Run) -> Value:
        captured = dict(scope)

        def call(arguments: Sequence[Value], run: Run) -> Value:
            return body({**captured, **dict(zip(names, arguments, strict=True))}, run)

        return Function("", parameters, calling.converting(parameters, call, definitions))

    return function


def _external(node: tree.Lambda) -> Code:
    """Functions of Java classes or PMML models are not called: null, and the reason."""
    keys = [key for key, _ in node.body.entries] if isinstance(node.body, tree.ContextOf) else []
    kind = ", ".join(keys)[:40]

    def refuse(scope: Scope, run: Run) -> Value:
        run.warn("external_function", node.at, kind=kind)
        return None

    return refuse


def _call(node: tree.Call, static: Static) -> Code:
    arguments, names, at = static.compile_all(node.arguments), node.names, node.at
    find, named = _finder(node.function, static), isinstance(node.function, tree.Name)

    def call(scope: Scope, run: Run) -> Value:
        function = find(scope, run)
        if function is None:
            if not named:
                run.warn("not_callable", at, kind="null")
            return None
        values = [argument(scope, run) for argument in arguments]
        return calling.call(function, values, names, run, at)

    return call


def _finder(node: tree.Node, static: Static) -> Code:
    """What finds the function: a variable that is one, a built-in, a function of the host, or any expression."""
    name = dotted(node)
    if isinstance(node, tree.Name):
        return _by_name(node.name, node.at, bound=node.name in static.bound)
    evaluate = static.compile(node)
    if name is None:
        return evaluate

    def find(scope: Scope, run: Run) -> Value:
        host = run.functions.get(name)
        return evaluate(scope, run) if host is None else calling.of_host(name, host)

    return find


def _by_name(name: str, at: int, *, bound: bool) -> Code:
    """A value that is no function does not hide a built-in one, but a function of one's own that became null does."""
    built_in = builtins.find(name)

    def find(scope: Scope, run: Run) -> Value:
        own = scope.get(name)
        if isinstance(own, Function):
            return own
        if bound and own is None:
            run.warn("not_callable", at, kind="null")
            return None
        host = run.functions.get(name)
        if host is not None:
            return calling.of_host(name, host)
        if built_in is None and own is not None:
            run.warn("not_callable", at, kind=kind(own))
        elif built_in is None:
            run.warn("unknown_function", at, name=name)
        return built_in

    return find


def dotted(node: tree.Node) -> str | None:
    """``bean.method`` of a path of names."""
    keys = []
    while isinstance(node, tree.Path):
        keys.append(node.name)
        node = node.source
    return ".".join([node.name, *reversed(keys)]) if isinstance(node, tree.Name) else None


COMPILERS: Compilers = {tree.Lambda: _lambda, tree.Call: _call}
