"""A model whose references are linked and whose expressions are compiled: what an evaluation walks through.

Every element of a requirements graph is a Unit. A plan is the order in which the units below one of them are computed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal as OneOf

from engine.dmn.model import Decision, DecisionService, Definitions, InputData, KnowledgeModel, Named, Reference
from engine.dmn.scope import Findings
from engine.dmn.types import Catalogue, Gate
from engine.feel.compiler.static import Code
from engine.model.problem import Problem

MAX_CIRCLES = 200

Kind = OneOf["input", "decision", "knowledge", "service"]


@dataclass(eq=False)
class Unit:
    """An element of the graph. Equal only to itself, so that it can key what was computed."""

    kind: Kind
    element: Named
    name: str
    """Of its variable: how others see it."""
    library: "Library"
    needs: list["Need"] = field(default_factory=list)
    code: Code | None = None
    """None for an input, and for a decision without logic: their value is given."""
    gate: Gate | None = None
    outputs: tuple["Unit", ...] = ()
    parameters: tuple["Unit", ...] = ()
    """Of a service: its input data, then its input decisions."""
    problems: tuple[Problem, ...] = ()
    """Errors that stand in the way of computing it."""
    open: bool = False
    """Whether it sees all variables that are given, declared or not."""


@dataclass(frozen=True)
class Need:
    unit: Unit
    alias: str
    """Name of the import it is seen through; empty for the model's own elements."""


@dataclass(eq=False)
class Library:
    """One file."""

    definitions: Definitions
    findings: Findings
    catalogue: Catalogue = field(default_factory=Catalogue)
    units: list[Unit] = field(default_factory=list)
    imports: dict[str, "Library"] = field(default_factory=dict)
    """By the name of the import."""
    imported: bool = False
    """Whether another file imports this one: its inputs may then stand behind the import's name."""
    orders: dict[tuple[tuple[Unit, ...], tuple[Unit, ...]], tuple[Unit, ...]] = field(default_factory=dict)
    """Plans already made, by their targets and what was given."""
    _index: dict[str, Unit] = field(default_factory=dict)

    def find(self, reference: Reference) -> Need | None:
        """The unit a reference points at, and the import it lies behind."""
        own = self.definitions.namespace
        if reference.namespace in ("", own):
            unit = self.by_id(reference.id)
            return None if unit is None else Need(unit, "")
        for alias, library in self.imports.items():
            if library.definitions.namespace == reference.namespace:
                unit = library.by_id(reference.id)
                return None if unit is None else Need(unit, alias)
        return None

    def by_id(self, id_: str) -> Unit | None:
        """By id; failing that by name, for files whose elements have no ids."""
        if not self._index:
            for unit in self.units:
                self._index.setdefault(unit.element.id or unit.element.name, unit)
        return self._index.get(id_)

    def named(self, wanted: str) -> Unit | None:
        """A decision, service or knowledge model by id or name; decisions first.

        ``namespace#name`` names one of an imported model.
        """
        namespace, hash_, name = wanted.rpartition("#")
        if hash_ and namespace != self.definitions.namespace:
            found = (library.named(wanted) for library in self.imports.values())
            return next((unit for unit in found if unit is not None), None)
        wanted = name if hash_ else wanted
        for kind in ("decision", "service", "knowledge"):
            for unit in self.units:
                if unit.kind == kind and wanted in (unit.element.id, unit.element.name, unit.name):
                    return unit
        return None


def units_of(library: Library) -> Iterator[Unit]:
    definitions = library.definitions
    kinds: tuple[tuple[Kind, Sequence[InputData | Decision | KnowledgeModel | DecisionService]], ...] = (
        ("input", definitions.inputs),
        ("knowledge", definitions.knowledge),
        ("service", definitions.services),
        ("decision", definitions.decisions),
    )
    for kind, elements in kinds:
        for element in elements:
            yield Unit(kind, element, element.variable.name or element.name, library)


def plan(targets: Sequence[Unit], given: Sequence[Unit] = ()) -> list[Unit]:
    """All units below the targets, each after what it needs; ``given`` are taken as they are.

    Without recursion: a chain of requirements may be as long as the file. Units in a circle come out in some order;
    they carry a problem and are refused before anything runs.
    """
    order: dict[Unit, None] = {}
    entered: set[Unit] = set()
    for target in targets:
        waiting = [(target, False)]
        while waiting:
            unit, done = waiting.pop()
            if done:
                order[unit] = None
            elif unit not in entered:
                entered.add(unit)
                waiting.append((unit, True))
                below = [] if unit in given else [need.unit for need in reversed(unit.needs)]
                waiting += [(needed, False) for needed in below if needed not in entered]
    return list(order)


def circles(units: Sequence[Unit]) -> list[list[Unit]]:
    """Circles that between them hold every unit that is in one (at most MAX_CIRCLES of them).

    Units that need nothing more are taken away until none is left: in a sound model, all of them.
    """
    above: dict[Unit, list[Unit]] = {unit: [] for unit in units}
    missing: dict[Unit, int] = dict.fromkeys(units, 0)
    for unit in units:
        for need in unit.needs:
            if need.unit in missing:
                above[need.unit].append(unit)
                missing[unit] += 1
    free = [unit for unit, count in missing.items() if count == 0]
    while free:
        for unit in above[free.pop()]:
            missing[unit] -= 1
            if missing[unit] == 0:
                free.append(unit)
    found: list[list[Unit]] = []
    seen: set[Unit] = set()
    for unit in [unit for unit, count in missing.items() if count > 0][:MAX_CIRCLES]:
        way = [] if unit in seen else circle(unit)
        seen.update(way)
        found += [way] if way else []
    return found


def circle(unit: Unit) -> list[Unit]:
    """The way from a unit back to itself; empty where there is none."""
    came_from: dict[Unit, Unit] = {}
    waiting = [unit]
    while waiting:
        at = waiting.pop()
        for need in at.needs:
            if need.unit is unit:
                way = [at]
                while way[-1] is not unit:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if need.unit not in came_from:
                came_from[need.unit] = at
                waiting.append(need.unit)
    return []
