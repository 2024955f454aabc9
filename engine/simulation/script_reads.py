"""What a Python script expects of the variables it reads: parts, items, numbers, texts. From its syntax tree alone."""

import ast
import builtins
import itertools
from collections.abc import Iterator

from engine import errors
from engine.scripts import names
from engine.simulation.want import Want

_BUILT_IN = frozenset(dir(builtins)) | names.AT_HAND
_TEXT = frozenset(
    {"split", "upper", "lower", "strip", "title", "replace", "startswith", "endswith", "capitalize", "encode", "join"}
)
_LIST = frozenset({"append", "extend", "sort", "insert", "remove", "index"})
_OBJECT = frozenset({"items", "keys", "values", "update"})
_NUMBER = (1, 2, 0, 10)


def read(text: str, wants: Want) -> None:
    """Adds to ``wants``; a script that is no Python adds nothing."""
    try:
        found = names.names(text)
    except errors.Invalid:
        return
    tree = ast.parse(text)
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    bound = {
        name.id
        for part in ast.walk(tree)
        if isinstance(part, ast.comprehension)
        for name in ast.walk(part.target)
        if isinstance(name, ast.Name)
    }
    free = found.used - _BUILT_IN - found.defined - called - bound
    for name in sorted(free - found.assigned):
        wants.part(name)
    _Reads(wants, free).visit(tree)


class _Reads(ast.NodeVisitor):
    def __init__(self, wants: Want, free: frozenset[str]) -> None:
        self._wants = wants
        self._free = free
        self._aliases: dict[str, Want] = {}

    def _want(self, node: ast.expr) -> Want | None:
        match node:
            case ast.Name(id=name):
                return self._aliases.get(name) or (self._known(name) if name in self._free else None)
            case ast.Attribute(value=owner, attr=name) if name not in _TEXT | _LIST | _OBJECT | {"get", "pop"}:
                want = self._want(owner)
                return want.part(name) if want else None
            case ast.Subscript(value=owner, slice=ast.Constant(value=str() as name)):
                want = self._want(owner)
                return want.part(name) if want else None
            case ast.Subscript(value=owner):
                want = self._want(owner)
                return want.item() if want and not want.parts else None
            case ast.Call(func=ast.Attribute(value=owner, attr="get"), args=[ast.Constant(value=str() as name), *_]):
                want = self._want(owner)
                return want.part(name) if want else None
        return None

    def _known(self, name: str) -> Want | None:
        """Only what is read somewhere before it is set; a script's own variables are none."""
        return self._wants.parts.get(name)

    def visit_For(self, node: ast.For) -> None:
        self._each(node.target, node.iter)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self._each(node.target, node.iter)
        self.generic_visit(node)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._generators(node.generators, [node.elt])

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self._generators(node.generators, [node.elt])

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._generators(node.generators, [node.elt])

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._generators(node.generators, [node.key, node.value])

    def visit_Call(self, node: ast.Call) -> None:
        match node.func:
            case ast.Attribute(value=owner, attr=name):
                self._method(self._want(owner), name)
            case ast.Name(id="int" | "float" | "range" | "round" | "abs"):
                for want in self._wants_of(node.args):
                    want.add(*_NUMBER)
            case ast.Name(id="len" | "sum" | "sorted" | "enumerate" | "list"):
                for want in self._wants_of(node.args):
                    want.add(["a", "b"], [1, 2])
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        for side, other in ((node.left, node.right), (node.right, node.left)):
            want = self._want(side)
            if want is not None:
                text = isinstance(other, ast.JoinedStr) or isinstance(getattr(other, "value", None), str)
                want.add(*(("a",) if text and isinstance(node.op, ast.Add) else _NUMBER))
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        for side in (node.target, node.value):
            want = self._want(side)
            if want is not None:
                want.add(*_NUMBER)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        pairs = list(itertools.pairwise(sides))
        for one, other in [*pairs, *((right, left) for left, right in pairs)]:
            want, value = self._want(one), getattr(other, "value", None)
            if want is None or not isinstance(other, ast.Constant):
                continue
            if isinstance(value, bool):
                want.add(value, not value)
            elif isinstance(value, int | float):
                want.add(value, value + 1, value - 1)
            elif isinstance(value, str):
                want.add(value, "other")
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        want = self._want(node.test)
        if want is not None:
            want.add(True, False)
        self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.expr):
            self._want(node)
        super().generic_visit(node)

    def _generators(self, generators: list[ast.comprehension], results: list[ast.expr]) -> None:
        for generator in generators:
            self.visit(generator)
        for result in results:
            self.visit(result)

    def _each(self, target: ast.expr, over: ast.expr) -> None:
        if isinstance(over, ast.Call) and isinstance(over.func, ast.Name) and over.func.id == "enumerate" and over.args:
            over = over.args[0]
            target = target.elts[-1] if isinstance(target, ast.Tuple) and target.elts else target
        want = self._want(over)
        if want is not None and isinstance(target, ast.Name) and not want.parts:
            self._aliases[target.id] = want.item()

    def _method(self, want: Want | None, name: str) -> None:
        if want is None:
            return
        if name in _TEXT:
            want.add("a,b c")
        elif name in _LIST:
            want.add(["a", "b"])
        elif name in _OBJECT:
            want.add({"a": "b"})

    def _wants_of(self, nodes: list[ast.expr]) -> Iterator[Want]:
        yield from (want for node in nodes if (want := self._want(node)) is not None)
