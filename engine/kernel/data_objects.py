"""Data objects and properties with an initial value: variables of the scope that declares them."""

from engine.kernel import expressions, variables
from engine.kernel.run import Run
from engine.kernel.state import Scope


def create(run: Run, scope: Scope, sub_process: int) -> None:
    """Those of node ``sub_process`` (-1: the process); a value that is already there stays. Raises Invalid."""
    for item in run.plan_of(scope).data.get(sub_process, ()):
        if item.name not in scope.variables:
            variables.local(run, scope.number, {item.name: expressions.value(run, item.initial, scope.number)})
