"""Calls of code that lives elsewhere: ``${bean.method(args)}``. Such a call is read as a variable by its own text.

Somebody else asks the code before the expression is evaluated, and puts its answer into that variable.
"""

from engine.feel import tree
from engine.feel.dialects import rewrites, writing
from engine.feel.dialects.grammar import Grammar
from engine.feel.dialects.reader import Reader
from engine.feel.expression import HostCall


class AskingReader(Reader):
    def __init__(self, text: str, grammar: Grammar, whole: str, calls: list[HostCall]) -> None:
        super().__init__(text, grammar, whole)
        self.calls = calls
        """Grows in the order in which the calls have to be made: inner ones first."""

    def call(self, at: int, target: tree.Node) -> tree.Node:
        node = super().call(at, target)
        found = rewrites.host_call(node)
        if found is None or found[0].startswith("S.") or not isinstance(node, tree.Call):
            return node
        arguments = tuple(writing.write(argument) for argument in node.arguments)
        made = HostCall(found[0], arguments, f"{found[0]}({', '.join(arguments)})".replace("`", ""))
        self.calls.append(made)
        return tree.Name(at, made.variable)
