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


_NEEDS_A_RUN = (tree.Call, tree.For, tree.Quantified, tree.Filter, tree.Lambda, tree.In, tree.InstanceOf)


def is_simple(node: tree.Node) -> bool:
    """Whether its cost is bounded by its text: no loops, no calls. Then nothing needs to be counted."""
    return not any(isinstance(part, _NEEDS_A_RUN) for part in tree.walk(node))
