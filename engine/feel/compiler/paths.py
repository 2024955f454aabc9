"""Names, paths, filters and indexes."""

from engine.feel import boundary, builtins, numbers, properties, tree
from engine.feel.compiler.static import Code, Compilers, Scope, Static
from engine.feel.run import Run
from engine.feel.values import SCALARS, Value, is_number, kind

_LIMIT = numbers.LIMIT


def _adopt(value: Value, run: Run) -> Value:
    return boundary.from_python(value, run)


def _name(node: tree.Name, static: Static) -> Code:
    name, at, scalars, adopt = node.name, node.at, SCALARS, _adopt
    if name in static.bound:
        return lambda scope, run: scope[name]

    def look_up(scope: Scope, run: Run) -> Value:
        try:
            value = scope[name]
        except KeyError:
            return _unbound(name, at, run)
        if type(value) is int:
            return value if -_LIMIT < value < _LIMIT else numbers.settle(value)
        if type(value) in scalars:
            return value
        return numbers.from_float(value) if type(value) is float else run.adopt(value, adopt)

    return look_up


def _unbound(name: str, at: int, run: Run) -> Value:
    function = builtins.find(name)
    if function is None:
        run.warn("unknown_name", at, name=name)
    return function


def _path(node: tree.Path, static: Static) -> Code:
    keys = [node.name]
    source = node.source
    while isinstance(source, tree.Path):
        keys.append(source.name)
        source = source.source
    if isinstance(source, tree.Name) and source.name not in static.bound:
        return _chain(source, tuple(reversed(keys)), node.at)
    inner, name, at = static.compile(node.source), node.name, node.at
    return lambda scope, run: entry(inner(scope, run), name, run, at)


def _chain(root: tree.Name, keys: tuple[str, ...], at: int) -> Code:
    """``customer.address.city`` from a variable: only the last value is converted."""
    name = root.name

    def follow(scope: Scope, run: Run) -> Value:
        try:
            value = scope[name]
        except KeyError:
            value = _unbound(name, root.at, run)
        for key in keys:
            if type(value) is dict and key in value:
                value = value[key]
            else:
                if type(value) not in SCALARS:
                    value = run.adopt(value, _adopt)
                value = entry(value, key, run, at)
        if type(value) in SCALARS and type(value) is not int:
            return value
        return run.adopt(value, _adopt)

    return follow


def entry(value: Value, name: str, run: Run, at: int = -1) -> Value:
    """``value.name``: of a context, of each element of a list, or a property."""
    if type(value) is dict:
        if name in value:
            return value[name]
        run.warn("unknown_entry", at, name=name)
        return None
    if type(value) is list:
        run.spend(1 + len(value))
        return [None if item is None else entry(item, name, run, at) for item in value]
    found = properties.of(value).get(name)
    if found is not None:
        return found(value)
    run.warn("unknown_property", at, kind=kind(value), name=name)
    return None


def _filter(node: tree.Filter, static: Static) -> Code:
    source, at = static.compile(node.source), node.at
    if isinstance(node.test, tree.Literal) and is_number(node.test.value):
        index = node.test.value
        return lambda scope, run: _element(_as_list(source(scope, run)), index, run, at)
    test = static.compile(node.test)

    def select(scope: Scope, run: Run) -> Value:
        items = _as_list(source(scope, run))
        if items is None:
            return None
        run.spend(1 + len(items))
        chosen = []
        for item in items:
            inner = {**scope, "item": item, **item} if type(item) is dict else {**scope, "item": item}
            verdict = test(inner, run)
            if is_number(verdict):
                return _element(items, verdict, run, at)
            if verdict is True:
                chosen.append(item)
        if not items and is_number(test(scope, run)):
            return None
        return chosen

    return select


def _as_list(value: Value) -> list[Value] | None:
    return value if value is None or type(value) is list else [value]


def _element(items: list[Value] | None, index: Value, run: Run, at: int) -> Value:
    """The element at a 1-based index; negative ones count from the end."""
    if items is None:
        return None
    position = numbers.integral(index)
    if position is None or not 0 < abs(position) <= len(items):
        run.warn("bad_index", at, index=index)
        return None
    return items[position - 1 if position > 0 else position]


def _index(node: tree.Index, static: Static) -> Code:
    source, index = static.compile_all((node.source, node.index))

    def look_up(scope: Scope, run: Run) -> Value:
        items, key = source(scope, run), index(scope, run)
        if type(items) is dict and type(key) is str:
            return entry(items, key, run, node.at)
        position = numbers.integral(key)
        if type(items) is list and position is not None and 0 <= position < len(items):
            return items[position]
        run.warn("bad_index", node.at, index=str(key)[:40])
        return None

    return look_up


COMPILERS: Compilers = {
    tree.Name: _name,
    tree.Path: _path,
    tree.Filter: _filter,
    tree.Index: _index,
}
