"""Everything that is checked about a program before it is released: one function a rule, each yields Problems.

The rules see the program alone, however it came about: read from BPMN or composed from a base and a variant. What only
the drawing's XML can show is checked where it is read (engine/bpmn/rules).
"""

from collections.abc import Callable, Iterator

from engine.definitions import (
    event_rules,
    flow_rules,
    gateway_rules,
    name_rules,
    order_rules,
    promise_rules,
    text_rules,
    work_rules,
)
from engine.definitions.graph import Graph, Surroundings
from engine.model.problem import Problem, Severity
from engine.model.program import Program

Rule = Callable[[Graph], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    *flow_rules.RULES,
    *gateway_rules.RULES,
    *event_rules.RULES,
    *work_rules.RULES,
    *text_rules.RULES,
    *promise_rules.RULES,
    *name_rules.RULES,
    *order_rules.RULES,
)


def check(program: Program, surroundings: Surroundings | None = None) -> tuple[Problem, ...]:
    """All problems at once, rule by rule; what ``surroundings`` does not know is not asked about."""
    graph = Graph(program, surroundings)
    return tuple(problem for rule in RULES for problem in rule(graph))


def together(*groups: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Problems of several checks, each place's breach of a rule once, errors first, then warnings, then by line."""
    found: dict[tuple[str, str, int], Problem] = {}
    for problem in (problem for group in groups for problem in group):
        found.setdefault((problem.code, problem.element, problem.line if not problem.element else 0), problem)
    return tuple(sorted(found.values(), key=lambda problem: (_ORDER.index(problem.severity), problem.line)))


_ORDER: tuple[Severity, ...] = ("error", "warning", "info")
