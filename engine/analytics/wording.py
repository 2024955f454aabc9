"""Whose words a fact of a case is told in: those of the program that its step stands in, as it was at that time.

Ids of nodes are unique within a program only, and a case runs several: its own, another one after it has moved, and
what it calls.
"""

from collections.abc import Iterable, Mapping, Sequence

from engine import facts, ports, records
from engine.analytics import telling
from engine.kernel import codec, view

_OF_ITEMS = (facts.WorkItemOpened, facts.WorkItemCompleted, facts.WorkItemCancelled)
_OF_PEOPLE = (facts.WorkItemActed, facts.EscalationReached)
"""These do not say which process their step belongs to: it is the step of that id that was heard of last."""


class Wording:
    """Of one case. Asked fact by fact, oldest first."""

    def __init__(
        self,
        tx: ports.Transaction,
        instance: records.Instance,
        people: Mapping[str, str],
        rows: Sequence[records.FactRow],
    ) -> None:
        self._tx, self._people = tx, people
        moved = [row.fact for row in rows if isinstance(row.fact, facts.InstanceMigrated)]
        self._own = moved[0].old if moved else instance.program
        self._owned = {instance.program, *(sha for fact in moved for sha in (fact.old, fact.new))}
        self._items = tx.waits.work_items(instance.id)
        self._by_wait = {item.wait: item.program for item in self._items}
        kept = tx.steps.read(instance.id)
        self.state = codec.decode(kept.state) if kept is not None else None
        self._called = self.state.programs if self.state is not None else ()
        self._waiting = view.programs_of(self.state) if self.state is not None else {}
        self._now = instance.program
        self._names: dict[str, telling.Names] = {}
        self._last: dict[str, str] = {}

    def of(self, fact: facts.AnyFact) -> telling.Names:
        if isinstance(fact, facts.InstanceMigrated):
            self._own = fact.new
            return _both(self._of(fact.new), self._of(fact.old))
        program = self._program(fact)
        if not isinstance(fact, _OF_PEOPLE):
            self._last[fact.node] = program
        return self._of(program)

    def waiting(self, wait: int) -> telling.Names:
        """Of what the case waits for now."""
        return self._of(self._waiting.get(wait, self._now))

    def _program(self, fact: facts.AnyFact) -> str:
        called: Sequence[str] = self._called
        if 0 < fact.called < len(called):
            return called[fact.called]
        if isinstance(fact, _OF_ITEMS):
            return self._unless_own(self._by_wait.get(fact.wait, self._own))
        if isinstance(fact, _OF_PEOPLE):
            return self._unless_own(self._last.get(fact.node) or self._with_step(fact.node))
        return self._knowing(fact.node)

    def _with_step(self, node: str) -> str:
        found = {item.program for item in self._items if item.node == node}
        return found.pop() if len(found) == 1 else self._own

    def _unless_own(self, program: str) -> str:
        """Rows of steps move along with their case; what was told of them before did not."""
        return self._own if program in self._owned else program

    def _knowing(self, node: str) -> str:
        """Its own program, unless only another one knows the node: for what was told before facts said it."""
        others = (*self._called[1:], *(item.program for item in self._items if item.node == node))
        found = (program for program in (self._own, *others) if node in self._of(program).nodes)
        return next(found, self._own)

    def _of(self, program: str) -> telling.Names:
        if program not in self._names:
            found = self._tx.programs.get(program)
            self._names[program] = (
                telling.names(found, self._people) if found is not None else telling.Names({}, {}, self._people)
            )
        return self._names[program]


def of_cases(
    tx: ports.Transaction, people: Mapping[str, str], rows: Iterable[records.FactRow]
) -> dict[tuple[str, int], telling.Names]:
    """Instance and number of each row, in whatever order they are given -> whose words it is told in."""
    cases: dict[str, list[records.FactRow]] = {}
    for row in rows:
        cases.setdefault(row.instance_id, []).append(row)
    found: dict[tuple[str, int], telling.Names] = {}
    for key, its in cases.items():
        instance = tx.instances.get(key)
        if instance is not None:
            its.sort(key=lambda row: row.seq)
            wording = Wording(tx, instance, people, its)
            found |= {(key, row.seq): wording.of(row.fact) for row in its}
    return found


def _both(one: telling.Names, other: telling.Names) -> telling.Names:
    return telling.Names({**other.nodes, **one.nodes}, {**other.forms, **one.forms}, one.people)
