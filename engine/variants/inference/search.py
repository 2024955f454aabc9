"""The structural operations that lead from a base to an aim: the nearest drafts are followed, a few at a time."""

import itertools

import msgspec

from engine.model.program import Program
from engine.variants import compose
from engine.variants.draft import Draft, Refused
from engine.variants.inference.distance import Aim, signature
from engine.variants.inference.propose import NewId, Proposal, View, proposals

WIDTH = 4
"""Drafts that are followed beside each other."""
PATIENCE = 3
"""Rounds without a nearer draft before it is left at that: some changes lead over a detour."""
MOST_TRIED = 400_000
"""Proposals that are tried out in all, times the nodes of the program: seconds, whatever is uploaded."""
EACH = 0.1
"""What one more operation costs beside the distance, so that of two ways the shorter is taken."""


class Trail(msgspec.Struct, frozen=True, kw_only=True):
    """How far a draft is from the aim, and the operations that made it."""

    distance: float
    operations: Proposal
    draft: Draft

    @property
    def cost(self) -> float:
        return self.distance + EACH * len(self.operations)


def search(base: Program, aim: Aim, *, prefix: str, taken: frozenset[str] = frozenset()) -> Trail:
    """The best trail that was found; its distance is 0 when it reaches the aim."""
    start = Draft(base)
    best = Trail(distance=aim.distance(start), operations=(), draft=start)
    front, seen, tried, idle = [best], {signature(start)}, 0, 0
    while front and best.distance > 0 and idle < PATIENCE and tried < MOST_TRIED:
        pool: list[Trail] = []
        for trail in front:
            for proposal in proposals(View(trail.draft, aim, _names(trail, prefix, taken))):
                tried += len(trail.draft.nodes)
                found = _tried(trail, proposal, aim)
                if found is not None and (mark := signature(found.draft)) not in seen:
                    seen.add(mark)
                    pool.append(found)
        front = sorted(pool, key=lambda one: one.cost)[:WIDTH]
        idle += 1
        if front and front[0].distance < best.distance:
            best, idle = front[0], 0
    return best


def _tried(trail: Trail, proposal: Proposal, aim: Aim) -> Trail | None:
    draft = trail.draft
    try:
        for operation in proposal:
            draft = compose.apply(draft, operation)
    except Refused:
        return None
    return Trail(distance=aim.distance(draft), operations=(*trail.operations, *proposal), draft=draft)


def _names(trail: Trail, prefix: str, taken: frozenset[str]) -> NewId:
    used = taken | {one.id for one in trail.operations} | trail.draft.nodes.keys() | trail.draft.flows.keys()

    def new_id(kind: str, number: int) -> str:
        free = (name for n in itertools.count(1) if (name := f"{prefix}_{kind}_{n}") not in used)
        return next(itertools.islice(free, number, None))

    return new_id
