"""From a syntax tree to nested Python functions, once per expression."""

from engine.feel import tree
from engine.feel.compiler import blocks, calls, operators, paths, tests
from engine.feel.compiler.static import Code, Compilers, Static
from engine.feel.types import Definitions

COMPILERS: Compilers = {
    **operators.COMPILERS,
    **paths.COMPILERS,
    **tests.COMPILERS,
    **blocks.COMPILERS,
    **calls.COMPILERS,
}


def compile_tree(node: tree.Node, definitions: Definitions) -> Code:
    return Static(COMPILERS, definitions).compile(node)


_SIMPLE: tuple[type[tree.Node], ...] = (
    tree.Literal,
    tree.Name,
    tree.Path,
    tree.Comparison,
    tree.And,
    tree.Or,
    tree.Arithmetic,
    tree.Negation,
)
_SIMPLE += (tree.Between, tree.If, tree.Index, tree.Truthy, tree.Loose)


def is_simple(node: tree.Node) -> bool:
    """Whether its cost is bounded by its text and variables: no loops, calls or lists. Then nothing is counted."""
    return all(isinstance(part, _SIMPLE) for part in tree.walk(node))
