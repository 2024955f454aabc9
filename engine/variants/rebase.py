"""A variant carried along when its base improves: three-way, by element, with every conflict named.

Each operation is replayed on the old base and on the new one. What it reads and writes on the old side is compared with
what the base's owner changed; where the two do not touch, it is applied, where they do, a named conflict is found.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from engine.definitions import checks
from engine.definitions.process import Definition
from engine.model import problem as problems
from engine.model.nodes import AnyNode
from engine.model.program import Program
from engine.proof import prove
from engine.variants import compose, conflicts, upgrade
from engine.variants.conflicts import Choice, Conflict
from engine.variants.draft import Draft, Refused
from engine.variants.operations.activities import Delete, Insert, Replace
from engine.variants.operations.kinds import AnyOperation
from engine.variants.operations.operation import Setting
from engine.variants.operations.order import Move
from engine.variants.operations.way import SetParameter
from engine.variants.regions import Place


class Rebased(msgspec.Struct, frozen=True, kw_only=True):
    """``clean``: nothing to decide. ``drifted`` were applied although their surroundings changed: worth a look."""

    operations: tuple[AnyOperation, ...]
    program: Program
    conflicts: tuple[Conflict, ...]
    drifted: tuple[str, ...]
    redundant: tuple[str, ...]
    """Operations that the new base does by itself: dropped."""
    decided: tuple[Conflict, ...] = ()
    """Conflicts that ``decisions`` answered."""

    @property
    def clean(self) -> bool:
        return not self.conflicts


def rebase(
    old: Program,
    new: Program,
    operations: Sequence[AnyOperation],
    *,
    definition: Definition | None = None,
    decisions: Mapping[str, Choice] | None = None,
) -> Rebased:
    """``definition`` is the new base's: its bounds and rules hold. ``decisions`` answer conflicts by signature.

    An operation in conflict without a decision is left out of ``operations`` and of the program.
    """
    work = _Work(old, new, definition, decisions or {})
    for operation in operations:
        work.carry(operation)
    program = work.after.freeze() if work.kept else new
    if not work.conflicts:
        told = _wrong(program, definition)
        if told and not _wrong(new, definition):
            work.conflicts.append(conflicts.whole(told))
    return Rebased(
        operations=tuple(work.kept),
        program=program,
        conflicts=tuple(work.conflicts),
        drifted=tuple(work.drifted),
        redundant=tuple(work.redundant),
        decided=tuple(work.decided),
    )


class _Work:
    """``before`` is the old base with the operations so far, ``after`` the new base with what became of them."""

    def __init__(
        self, old: Program, new: Program, definition: Definition | None, decisions: Mapping[str, Choice]
    ) -> None:
        self.old, self.new = Draft(old), Draft(new)
        self.before, self.after = Draft(old), Draft(new)
        self.definition, self.decisions = definition, decisions
        self.kept: list[AnyOperation] = []
        self.conflicts: list[Conflict] = []
        self.decided: list[Conflict] = []
        self.drifted: list[str] = []
        self.redundant: list[str] = []

    def carry(self, operation: AnyOperation) -> None:
        try:
            done = compose.apply(self.before, operation)
        except Refused:
            done = self.before  # an operation that stood on one that was left out: judged on the new side alone
        conflict = self._conflict(operation, done)
        if conflict is None and operation.id in self.redundant:
            self.before = done
            return
        wanted: AnyOperation | None = operation
        if conflict is not None:
            choice = self._choice(conflict)
            wanted = {"keep": operation, "reanchor": conflict.proposed}.get(choice)
        if wanted is not None:
            self._apply(wanted)
        self.before = done

    def _choice(self, conflict: Conflict) -> Choice:
        """What was decided; ``ask`` while nothing was that is open to this conflict."""
        choice = self.decisions.get(conflict.signature, "ask")
        if choice not in conflict.choices:
            self.conflicts.append(conflict)
            return "ask"
        self.decided.append(conflict)
        return choice

    def _apply(self, operation: AnyOperation) -> None:
        try:
            self.after = compose.apply(self.after, operation, definition=self.definition)
        except Refused as refused:
            which: conflicts.Kind = "policy" if refused.code == "policy" else "context"
            told = compose.problem(refused, len(self.kept), operation)
            conflict = conflicts.found(which, operation, (refused.element,), problems=(told,))
            self._choice(conflict)
            return
        self.kept.append(operation)
        if self._surroundings_changed(operation):
            self.drifted.append(operation.id)

    def _conflict(self, operation: AnyOperation, done: Draft) -> Conflict | None:
        gone = self._gone(operation)
        if gone:
            return self._of_gone(operation, gone)
        if isinstance(operation, Setting):
            return self._of_setting(operation, done)
        target = getattr(operation, "target", "")
        if isinstance(operation, Delete | Replace) and self._changed(target):
            return conflicts.found("delete_modify", operation, (target,))
        if isinstance(operation, Move) and self._moved(target):
            return conflicts.found("move_move", operation, (target,))
        if isinstance(operation, Insert | Move):
            return self._of_place(operation, operation.at)
        return None

    def _gone(self, operation: AnyOperation) -> list[str]:
        """What the operation needs, the old base had and the new one has no more."""
        had = {**self.old.nodes, **self.old.flows, **self.old.parameters}
        has = {**self.after.nodes, **self.after.flows, **self.after.parameters}
        return sorted(one for one in operation.needs() if one in had and one not in has and self._by_base(one))

    def _by_base(self, element: str) -> bool:
        return element not in self.new.nodes and element not in self.new.flows and element not in self.new.parameters

    def _of_gone(self, operation: AnyOperation, gone: list[str]) -> Conflict | None:
        elements = tuple(gone)
        target = getattr(operation, "target", "")
        if isinstance(operation, Delete):
            self.redundant.append(operation.id)
            return None
        if isinstance(operation, Insert | Move) and target not in gone:
            return conflicts.found("anchor_lost", operation, elements, proposed=self._reanchored(operation))
        if isinstance(operation, Move):
            return conflicts.found("move_delete", operation, elements)
        if isinstance(operation, Replace):
            return conflicts.found("delete_replace", operation, elements, proposed=self._in_its_place(operation))
        return conflicts.found("modify_delete", operation, elements)

    def _reanchored(self, operation: Insert | Move) -> AnyOperation | None:
        """The same behind the nearest step before the lost place."""
        place = operation.at
        start = self.old.flows[place.on].source if place.on in self.old.flows else place.anchor
        at = self._nearest(start)
        return msgspec.structs.replace(operation, at=at) if at else None

    def _in_its_place(self, operation: Replace) -> AnyOperation | None:
        """The replacement as a new step where the lost one was."""
        at = self._nearest(operation.target)
        return Insert(id=operation.id, reason=operation.reason, at=at, node=operation.node) if at else None

    def _left_behind(self, operation: Insert | Move) -> AnyOperation | None:
        """The same where its anchor was before the base's owner moved that."""
        before = [flow.source for flow in self.old.incoming(operation.at.anchor)]
        at = self._nearest(before[0]) if before else None
        return msgspec.structs.replace(operation, at=at) if at else None

    def _behind(self, operation: Insert | Move, fresh: tuple[str, ...]) -> AnyOperation | None:
        """The same behind the step that the base's owner put there."""
        one_way = next((one for one in fresh if len(self.new.outgoing(one)) == 1), None)
        return msgspec.structs.replace(operation, at=Place(after=one_way)) if one_way else None

    def _nearest(self, start: str) -> Place | None:
        """Behind ``start``, or the nearest step before it in the old base, that is still there and has one way out."""
        seen, open_ids = set(), [start]
        while open_ids:
            node_id = open_ids.pop(0)
            if node_id in seen:
                continue
            seen.add(node_id)
            if node_id in self.after.nodes and len(self.after.outgoing(node_id)) == 1:
                return Place(after=node_id)
            open_ids += [flow.source for flow in self.old.incoming(node_id)]
        return None

    def _of_setting(self, operation: Setting, done: Draft) -> Conflict | None:
        """modify/modify, or redundant, by the very attributes that the operation and the base's owner changed."""
        target = operation.target
        if isinstance(operation, SetParameter):
            old, new = self.old.parameters.get(target), self.new.parameters.get(target)
            if old == new or target not in self.old.parameters:
                return None
            return self._judge(operation, target, same=new == operation.value)
        mine = upgrade.fields(self.before.nodes.get(target), done.nodes.get(target))
        mine |= upgrade.fields(self.before.flows.get(target), done.flows.get(target))
        theirs = upgrade.fields(self.old.nodes.get(target), self.new.nodes.get(target))
        theirs |= upgrade.fields(self.old.flows.get(target), self.new.flows.get(target))
        shared = mine.keys() & theirs.keys()
        if not shared:
            return None
        return self._judge(operation, target, same=all(mine[key] == theirs[key] for key in mine))

    def _judge(self, operation: Setting, target: str, *, same: bool) -> Conflict | None:
        if same:
            self.redundant.append(operation.id)
            return None
        return conflicts.found("modify_modify", operation, (target,))  # type: ignore[arg-type]

    def _of_place(self, operation: Insert | Move, place: Place) -> Conflict | None:
        anchor = place.anchor
        if anchor in self.old.nodes and self._moved(anchor):
            return conflicts.found("anchor_moved", operation, (anchor,), proposed=self._left_behind(operation))
        if anchor in self.old.flows and self.old.flows[anchor].target != self.new.flows[anchor].target:
            return self._same_place(operation, (self.new.flows[anchor].target,))
        neighbours = {flow.target for flow in self.new.outgoing(anchor)} if place.after else set()
        neighbours |= {flow.source for flow in self.new.incoming(anchor)} if place.before else set()
        return self._same_place(operation, tuple(sorted(neighbours)))

    def _same_place(self, operation: Insert | Move, beside: tuple[str, ...]) -> Conflict | None:
        """Two new steps at one place: whoever needs the other's result comes second; who is of no concern to the other
        stays where the variant put it."""
        fresh = tuple(one for one in beside if one in self.new.nodes and one not in self.old.nodes)
        ordered = any(self._depends(operation, self.new.nodes[one]) for one in fresh)
        if not ordered:
            return None
        return conflicts.found("same_place", operation, fresh, proposed=self._behind(operation, fresh))

    def _depends(self, operation: Insert | Move, other: AnyNode) -> bool:
        """Both write a result of the same name, so that the order decides which stays."""
        moved = self.old.nodes.get(getattr(operation, "target", ""))
        mine = {getattr(moved, "result", "")} if moved else {_result(getattr(operation, "node", {}))}
        work = getattr(other, "work", None)
        return bool((mine & {getattr(other, "result", ""), work.result if work else ""}) - {""})

    def _changed(self, element: str) -> bool:
        return bool(
            upgrade.fields(self.old.nodes.get(element), self.new.nodes.get(element))
            or upgrade.fields(self.old.flows.get(element), self.new.flows.get(element))
        )

    def _moved(self, node_id: str) -> bool:
        """Neither what came before nor what came after is where it was."""
        if node_id not in self.old.nodes or node_id not in self.new.nodes:
            return False
        before = {flow.source for flow in self.old.incoming(node_id)} & {
            flow.source for flow in self.new.incoming(node_id)
        }
        after = {flow.target for flow in self.old.outgoing(node_id)} & {
            flow.target for flow in self.new.outgoing(node_id)
        }
        around = {flow.source for flow in self.old.incoming(node_id)} | {
            flow.target for flow in self.old.outgoing(node_id)
        }
        return not before and not after and around <= self.new.nodes.keys()

    def _surroundings_changed(self, operation: AnyOperation) -> bool:
        return any(self._ways(self.old, one) != self._ways(self.new, one) for one in operation.needs())

    def _ways(self, draft: Draft, node_id: str) -> tuple[list[str], list[str]]:
        before = sorted(flow.source for flow in draft.incoming(node_id))
        return before, sorted(flow.target for flow in draft.outgoing(node_id))


def _result(node: Mapping[str, Any]) -> str:
    return str((node.get("decision") or node.get("script") or node.get("work") or {}).get("result", ""))


def _wrong(program: Program, definition: Definition | None) -> tuple[problems.Problem, ...]:
    told = problems.errors(checks.check(program))
    if not told:
        told = problems.errors(prove.problems(program, invariants=definition.invariants if definition else ()))
    return tuple(told)
