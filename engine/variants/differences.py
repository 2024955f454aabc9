"""All variants of a process side by side: per step and group what is done, how, by whom and how fast, and how many
variants differ at which step."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from engine.customers import groups
from engine.definitions import bases
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.program import Program
from engine.model.text import Text
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.variants import choose, diff
from engine.variants.draft import Draft
from engine.variants.operations import kinds
from engine.variants.operations.operation import ELEMENTS, Element


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One step as one group gets it. Empty texts where a step has no such thing."""

    group: str
    presence: Literal["there", "absent", "new"]
    differs: tuple[Element, ...] = ()
    """In what it differs from the base; a step that is new or absent differs in its activity."""
    performer: tuple[str, ...] = ()
    """Staff groups, people and expressions (with a ``=``); empty: the system."""
    way: str = ""
    """Form, service, decision or called process, by key."""
    promise: str = ""
    """ISO 8601 duration."""
    goal: str = ""
    calendar: str = ""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    element: str
    names: Text
    base: Cell | None
    """None: only variants have it."""
    cells: tuple[Cell, ...]

    @property
    def variants(self) -> int:
        """How many groups' processes differ at it."""
        return sum(bool(cell.differs) for cell in self.cells)


class Differences(msgspec.Struct, frozen=True, kw_only=True):
    process: str
    texts: Text
    base_n: int
    groups: tuple[tuple[str, Text], ...]
    """Key and names of the groups that have a variant, in the order of the rules."""
    steps: tuple[Step, ...]
    touched: dict[str, int]
    """Nodes and flows of the base -> how many variants change, move or take them away, or put something beside them."""
    cases: dict[str, int]
    """The same, weighted by the cases that run now."""


def differences(engine: Engine, *, process: str, agent: Agent) -> Differences:
    """What is released now. Raises NotFound, and Conflict before anything is."""
    rights.need(agent, "matrix.see")
    with engine.store.reading() as tx:
        entry = bases.get(tx, process)
        offered = choose.offer(tx, entry.process)
        book = groups.book(tx, engine.clock.now())
        base = tx.programs.get(offered.base_program)
        assert base is not None, "a released base has its program"
        running = {program: count for (key, program), count in tx.variants.running().items() if key == process}
        having = [key for key in book.groups if key in offered.variants]
        seen = [(key, *_against_base(tx, base, offered.variants[key])) for key in having]
    touched: dict[str, int] = {}
    cases: dict[str, int] = {}
    for key, _, marks in seen:
        for element in _elements(marks, base):
            touched[element] = touched.get(element, 0) + 1
            cases[element] = cases.get(element, 0) + running.get(offered.variants[key].program, 0)
    return Differences(
        process=process,
        texts=entry.process.texts,
        base_n=offered.base_n,
        groups=tuple((key, book.name(key)) for key in having),
        steps=tuple(_steps(base, seen)),
        touched=touched,
        cases=cases,
    )


def _against_base(tx: Transaction, base: Program, found: choose.Candidate) -> tuple[Program, diff.Marks]:
    """The variant's program, and how it differs from the base that it stands on; operations of the groups above it
    count as its own."""
    program = tx.programs.get(found.program)
    stands_on = tx.programs.get(found.chain[0]["program"]) if found.chain else base
    assert program is not None and stands_on is not None, "what is released has its program"
    operations = [
        operation
        for link in found.chain[1:]
        if (version := tx.variants.version(link["id"], link["n"])) is not None
        for operation in kinds.read(list(version.operations))
    ]
    return program, diff.diff(stands_on, operations).marks


def _elements(marks: diff.Marks, base: Program) -> set[str]:
    """Of the base: also the step that something new comes behind."""
    known = {node.id for node in base.nodes} | {flow.id for flow in base.flows}
    return {one for one in (*marks.deleted, *marks.moved, *marks.changed) if one in known}


def _steps(base: Program, seen: Sequence[tuple[str, Program, diff.Marks]]) -> list[Step]:
    """The base's steps in its order; a step that only variants have behind the step that it follows there."""
    order = [node.id for node in base.nodes if _is_step(node)]
    drafts = {"": Draft(base), **{key: Draft(program) for key, program, _ in seen}}
    for _, program, _ in seen:
        before = ""
        for node in program.nodes:
            if _is_step(node) and node.id not in order:
                order.insert(order.index(before) + 1 if before in order else 0, node.id)
            before = node.id if _is_step(node) else before
    found = []
    for element in order:
        home = next(draft for draft in drafts.values() if element in draft.nodes)
        in_base = drafts[""].nodes.get(element)
        found.append(
            Step(
                element=element,
                names=home.name(element),
                base=_cell("", in_base, (), known=True) if in_base else None,
                cells=tuple(
                    _cell(key, drafts[key].nodes.get(element), _differs(element, marks), known=in_base is not None)
                    for key, _, marks in seen
                ),
            )
        )
    return found


def _is_step(node: nodes.AnyNode) -> bool:
    return isinstance(node, nodes.Activity) and not isinstance(node, nodes.SubProcess)


def _differs(element: str, marks: diff.Marks) -> tuple[Element, ...]:
    if element in marks.inserted or element in marks.deleted:
        return ("activity",)
    said = {*marks.changed.get(element, ()), *(("logic",) if element in marks.moved else ())}
    return tuple(one for one in ELEMENTS if one in said)


def _cell(group: str, node: nodes.AnyNode | None, differs: tuple[Element, ...], *, known: bool) -> Cell:
    if node is None:
        return Cell(group=group, presence="absent", differs=("activity",) if known else ())
    promise = getattr(node, "promise", None)
    return Cell(
        group=group,
        presence="there" if known else "new",
        differs=differs,
        performer=_performer(node),
        way=_way(node),
        promise=promise.duration if promise else "",
        goal=promise.goal if promise else "",
        calendar=promise.calendar if promise else "",
    )


def _performer(node: nodes.AnyNode) -> tuple[str, ...]:
    who = getattr(node, "performer", None)
    if who is None:
        return ()
    named = [*([who.assignee] if who.assignee else []), *who.users, *who.groups]
    return (*(_written(one) for one in named), *((who.rule,) if who.rule and not named else ()))


def _written(expression: Expression) -> str:
    return expression.text if expression.language == "literal" else f"={expression.text}"


def _way(node: nodes.AnyNode) -> str:
    work = getattr(node, "work", None)
    called = getattr(node, "called", None)
    found = getattr(node, "form", "") or getattr(node, "decision", "") or (work.handler if work else "")
    return str(found or (called.text if called is not None else ""))
