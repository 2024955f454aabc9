"""Decision models (DMN 1.1 to 1.5): read, checked, evaluated, explained.

model = dmn.read(data, file="discount.dmn")
model.problems                                  # everything that is wrong with it, with file, line and element
outcome = dmn.evaluate(model, "Discount", {"segment": "key"}, now=now)
outcome.value, outcome.warnings, outcome.explanation
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.dmn import document, evaluation, link, story
from engine.dmn.evaluation import Noted, Record
from engine.dmn.explain import Explanation
from engine.dmn.model import Definitions
from engine.dmn.program import Library
from engine.dmn.scope import Findings
from engine.errors import NotFound
from engine.feel.run import Budget
from engine.feel.values import Value
from engine.model.problem import Problem


@dataclass(frozen=True, eq=False)
class DecisionModel:
    """A model, linked and compiled; safe to share between threads."""

    library: Library

    @property
    def definitions(self) -> Definitions:
        return self.library.definitions

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All at once; a decision without an error among what it needs can be evaluated all the same."""
        return tuple(self.library.findings.problems)


@dataclass(frozen=True, eq=False)
class Outcome:
    value: Value
    """A FEEL value; ``engine.feel.to_python`` and ``to_json`` turn it into what others understand."""
    warnings: tuple[Noted, ...]
    records: tuple[Record, ...]

    @property
    def explanation(self) -> Explanation:
        """Which rules matched and why others did not, for every table that was asked; made when it is wanted."""
        return story.tell(self.records)

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the rules that the value came from; their numbers where they have no ids."""
        return story.rules_used(self.records)


def read(data: bytes, *, file: str = "", imports: Mapping[str, bytes] | None = None) -> DecisionModel:
    """``imports``: files by name, of which those are taken that the model imports.

    Raises Invalid or TooLarge for a text that is not acceptable XML; everything else is a Problem of the model.
    """
    linker = link.Linker(imports or {})
    definitions, problems = document.definitions(data, file=file)
    return DecisionModel(linker.library(definitions, Findings(file, problems)))


def build(definitions: Definitions) -> DecisionModel:
    """A model made in code instead of read from a file."""
    return DecisionModel(link.Linker({}).library(definitions, Findings(definitions.file)))


def evaluate(
    model: DecisionModel,
    decision: str,
    inputs: Mapping[str, Any],
    *,
    now: datetime | None = None,
    budget: Budget | None = None,
) -> Outcome:
    """The value of a decision, decision service or knowledge model, named by id or name.

    ``inputs`` are Python values or FEEL values by name (``engine.feel.boundary``). Raises NotFound for an unknown
    name; Invalid where the decision or something it needs has errors, and when the budget is used up.
    """
    unit = model.library.named(decision)
    if unit is None:
        known = ", ".join(unit.element.name for unit in model.library.units if unit.kind in ("decision", "service"))
        raise NotFound(
            "decision_unknown",
            zh=f"模型中没有决策“{decision}”，有：{known}",
            en=f"there is no decision {decision!r}; there are: {known}",
            decision=decision,
        )
    running = evaluation.begin(inputs, now=now, budget=budget)
    value = running.decide(unit)
    return Outcome(value, tuple(running.warnings), tuple(running.records))
