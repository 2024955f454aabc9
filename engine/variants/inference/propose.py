"""Operations that may bring a draft nearer to its aim. Each proposal is a short list that is tried as a whole."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from engine.model import nodes
from engine.variants.draft import Draft
from engine.variants.inference import likeness, said
from engine.variants.inference.distance import Aim
from engine.variants.inference.target import JOIN, SPLIT, Ways
from engine.variants.operations.activities import Delete, Insert, Replace
from engine.variants.operations.choices import AddBranch, MakeOptional
from engine.variants.operations.kinds import AnyOperation
from engine.variants.operations.order import Move, Parallelise, Serialise
from engine.variants.regions import Place

Proposal = tuple[AnyOperation, ...]
NewId = Callable[[str, int], str]
"""A name for an operation of a kind that names nothing in the program; the number counts within a proposal."""
MOST_ENDS = 12
"""Steps whose surroundings changed that are looked at as ends of a moved part."""


class View:
    """A draft beside its aim: where what is missing would stand."""

    def __init__(self, draft: Draft, aim: Aim, new_id: NewId) -> None:
        self.draft, self.aim, self.new_id = draft, aim, new_id
        self.ways = Ways(draft.flows)
        self.missing = [node for node in aim.program.nodes if node.id not in draft.nodes]
        self.surplus = [node for node in draft.nodes.values() if node.id not in aim.nodes]

    def new_node(self, node_id: str) -> dict[str, Any] | None:
        """In words, what the draft lacks and an operation can put in."""
        node = self.aim.nodes.get(node_id)
        if node is None or node_id in self.draft.nodes or node_id in self.aim.old:
            return None
        return said.new_node(node)

    def before(self, node_id: str) -> list[str]:
        """The nearest nodes before it in the aim that the draft has."""
        return self._nearest(node_id, lambda one: [flow.source for flow in self.aim.ways.before(one)])

    def behind(self, node_id: str) -> list[str]:
        return self._nearest(node_id, lambda one: [flow.target for flow in self.aim.ways.behind(one)])

    def _nearest(self, node_id: str, step: Callable[[str], list[str]]) -> list[str]:
        found, seen, open_ids = [], {node_id}, step(node_id)
        while open_ids:
            one = open_ids.pop(0)
            if one not in seen:
                seen.add(one)
                if one in self.draft.nodes:
                    found.append(one)
                else:
                    open_ids += step(one)
        return found

    def places(self, before: list[str], behind: list[str]) -> Iterator[Place]:
        """Where something stands that comes after ``before`` and leads to ``behind``, the plainest first."""
        for one in before:
            if len(self.ways.behind(one)) == 1:
                yield Place(after=one)
        for one in behind:
            if self.ways.before(one):
                yield Place(before=one)
        for one in before:
            for flow in self.ways.behind(one):
                if flow.target in behind or len(self.ways.behind(one)) > 1:
                    yield Place(on=flow.id)
        for one in behind:
            for flow in self.ways.before(one) if len(self.ways.before(one)) > 1 else ():
                yield Place(on=flow.id)


def proposals(view: View) -> Iterator[Proposal]:
    for tell in (_new_steps, _optional, _parallel, _branches, _gone, _serial, _moves):
        yield from tell(view)


def _new_steps(view: View) -> Iterator[Proposal]:
    for node in view.missing:
        words = view.new_node(node.id)
        if words is None:
            continue
        for old in view.surplus:
            if isinstance(old, nodes.Activity) and old.scope == node.scope:
                yield (Replace(id=node.id, target=old.id, node=words),)
        for place in view.places(view.before(node.id), view.behind(node.id)):
            yield (Insert(id=node.id, at=place, node=words),)


def _stems(view: View, sort: type[nodes.Gateway]) -> Iterator[str]:
    """Names of operations that make a block of such gateways which is still missing."""
    names = {node.id: node for node in view.missing}
    for node_id in names:
        stem = node_id.removesuffix(SPLIT)
        if stem != node_id and isinstance(names[node_id], sort) and isinstance(names.get(f"{stem}{JOIN}"), sort):
            yield stem


def _optional(view: View) -> Iterator[Proposal]:
    for stem in _stems(view, nodes.ExclusiveGateway):
        split, join = f"{stem}{SPLIT}", f"{stem}{JOIN}"
        condition = next(
            (said.translated(flow.condition) for flow in view.aim.ways.behind(split) if flow.condition), "true"
        )
        inside = _between(view, split, join)
        for entry, last in itertools.product(
            [one for one in view.behind(split) if one in inside], [one for one in view.before(join) if one in inside]
        ):
            yield (MakeOptional(id=stem, target=entry, to="" if entry == last else last, condition=condition),)


def _between(view: View, split: str, join: str) -> set[str]:
    """What the aim has from a split to its join."""
    seen, open_ids = {join}, [split]
    while open_ids:
        one = open_ids.pop()
        if one not in seen:
            seen.add(one)
            open_ids += [flow.target for flow in view.aim.ways.behind(one)]
    return seen - {split, join}


def _parallel(view: View) -> Iterator[Proposal]:
    """One step of each branch: those that follow each other already, or after others were moved behind the first."""
    for stem in _stems(view, nodes.ParallelGateway):
        split, join = f"{stem}{SPLIT}", f"{stem}{JOIN}"
        branches = [
            [one for one in _along(view, flow.target, join) if one in view.draft.nodes]
            for flow in view.aim.ways.behind(split)
        ]
        if not all(branches) or len(branches) < 2:
            continue
        for chosen in itertools.islice(itertools.product(*branches), 30):
            yield (Parallelise(id=stem, targets=tuple(chosen)),)
            for turned in itertools.islice(itertools.permutations(chosen), 1, 6):
                yield (Parallelise(id=stem, targets=tuple(turned)),)
            moves = [
                Move(id=view.new_id("move", number), target=one, at=Place(after=before))
                for number, (before, one) in enumerate(itertools.pairwise(chosen))
            ]
            yield (*moves, Parallelise(id=stem, targets=tuple(chosen)))


def _along(view: View, start: str, stop: str) -> list[str]:
    seen: list[str] = []
    open_ids = [start]
    while open_ids:
        one = open_ids.pop(0)
        if one != stop and one not in seen:
            seen.append(one)
            open_ids += [flow.target for flow in view.aim.ways.behind(one)]
    return seen


def _branches(view: View) -> Iterator[Proposal]:
    """Ways out that a node has in the aim and not in the draft, with or without a new step on them."""
    for node_id, node in view.draft.nodes.items():
        if node_id not in view.aim.nodes or isinstance(node, nodes.EndEvent):
            continue
        there = {likeness.way(flow, None) for flow in view.ways.behind(node_id)}
        # A new branch stands before the others: the last one is put in first.
        for flow in reversed(view.aim.ways.behind(node_id)):
            if likeness.way(flow, None) in there:
                continue
            if flow.target not in view.draft.nodes or not _has(view, node_id, flow.target):
                yield from _branch(view, node_id, node_id, flow.target, flow)
                split = flow.target
                if split.endswith(SPLIT) and split not in view.draft.nodes:
                    for way in view.aim.ways.behind(split):
                        yield from _branch(view, node_id, split, way.target, way)


def _branch(view: View, source: str, split: str, first: str, flow: object) -> Iterator[Proposal]:
    """``source`` is the draft's node; ``split`` the aim's gateway, perhaps a new one behind it."""
    given = getattr(flow, "condition", None)
    condition = said.translated(given) if given is not None else ""
    if split != source and not condition:
        return
    stem = split.removesuffix(SPLIT) if split != source else ""
    words = view.new_node(first)
    goals = view.behind(first) if first not in view.draft.nodes else [first]
    names = {"zh-CN": flow.name, "en": flow.name} if getattr(flow, "name", "") else {}  # type: ignore[attr-defined]
    for goal in goals:
        if first not in view.draft.nodes and _spare(view, source, goal):
            continue  # the way is there: what is new lies on it
        if words is not None and stem in ("", first):
            yield (AddBranch(id=first, target=source, to=goal, condition=condition, node=words, names=names),)
        if words is None or stem not in ("", first):
            branch = stem or view.new_id("add_branch", 0)
            yield (AddBranch(id=branch, target=source, to=goal, condition=condition, names=names),)


def _has(view: View, source: str, target: str) -> bool:
    wanted = view.aim.flows[source, target]
    return sum(1 for flow in view.ways.behind(source) if flow.target == target) >= wanted


def _spare(view: View, source: str, target: str) -> bool:
    """Whether the draft has a way that the aim has not."""
    return sum(1 for flow in view.ways.behind(source) if flow.target == target) > view.aim.flows[source, target]


def _gone(view: View) -> Iterator[Proposal]:
    for node in view.surplus:
        yield (Delete(id=view.new_id("delete", 0), target=node.id),)
    for flow in view.draft.flows.values():
        if len(view.ways.behind(flow.source)) > 1 and (
            flow.source not in view.aim.nodes or _spare(view, flow.source, flow.target)
        ):
            yield (Delete(id=view.new_id("delete", 0), target=flow.id),)


def _serial(view: View) -> Iterator[Proposal]:
    """The branches of a parallel block that the aim has not, in the aim's order."""
    order = {node_id: number for number, node_id in enumerate(_in_order(view))}
    for node in view.surplus:
        branches = [flow.target for flow in view.ways.behind(node.id)]
        if isinstance(node, nodes.ParallelGateway) and 1 < len(branches) <= 20:
            targets = sorted(branches, key=lambda one: order.get(one, len(order)))
            yield (Serialise(id=view.new_id("serialise", 0), targets=tuple(targets)),)


def _in_order(view: View) -> list[str]:
    """The aim's nodes as a token meets them."""
    seen: list[str] = []
    open_ids = [node.id for node in view.aim.program.nodes if not view.aim.ways.before(node.id)]
    while open_ids:
        one = open_ids.pop(0)
        if one not in seen:
            seen.append(one)
            open_ids += [flow.target for flow in view.aim.ways.behind(one)]
    return seen


def _moves(view: View) -> Iterator[Proposal]:
    """A step, or all from one to another, to where the aim has it."""
    common = [one for one in view.draft.nodes if one in view.aim.nodes]
    firsts = [one for one in common if not _met(view, one, "source")]
    lasts = [one for one in common if not _met(view, one, "target")]
    for first, last in itertools.product(firsts[:MOST_ENDS], [None, *lasts[:MOST_ENDS]]):
        end = first if last is None else last
        if last == first or not _movable(view, first) or not _movable(view, end):
            continue
        for place in view.places(view.before(first), view.behind(end)):
            if place.anchor not in (first, end):
                yield (Move(id=view.new_id("move", 0), target=first, to="" if end == first else end, at=place),)


def _movable(view: View, node_id: str) -> bool:
    return not isinstance(view.draft.nodes[node_id], nodes.StartEvent | nodes.EndEvent | nodes.BoundaryEvent)


def _met(view: View, node_id: str, end: str) -> bool:
    """Whether it is preceded, or followed, by the same as in the aim."""
    here = view.ways.before(node_id) if end == "source" else view.ways.behind(node_id)
    there = view.aim.ways.before(node_id) if end == "source" else view.aim.ways.behind(node_id)
    return sorted(getattr(flow, end) for flow in here) == sorted(getattr(flow, end) for flow in there)
