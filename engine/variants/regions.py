"""Single-entry single-exit regions: what structural operations cut out and put somewhere else."""

from collections.abc import Set

import msgspec

from engine.model import nodes
from engine.model.program import Flow
from engine.model.text import EN, ZH
from engine.variants.draft import Draft, Refused


class Region(msgspec.Struct, frozen=True):
    """All ways in lead to ``entry``; the only way out, ``way_out``, leaves ``exit``.

    Ways that begin at a boundary event are not ways out: the boundary event stays on its activity wherever that goes.
    """

    entry: str
    exit: str
    members: frozenset[str]
    ways_in: tuple[Flow, ...]
    way_out: Flow


class Place(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where something is put: behind a step, before a step, or on a flow. Exactly one is given."""

    after: str = ""
    before: str = ""
    on: str = ""

    @property
    def anchor(self) -> str:
        return self.after or self.before or self.on


def find(draft: Draft, entry: str, exit: str = "") -> Region:
    """The region from ``entry`` to ``exit`` (the same step when empty).

    Refused when a way leads into its middle, out of its middle, or when it has not exactly one way out.
    """
    exit = exit or entry
    for node_id in (entry, exit):
        _movable(draft, node_id)
    if draft.node(entry).scope != draft.node(exit).scope:
        raise _no_region(draft, entry, exit)
    members = _between(draft, entry, exit)
    beyond = annex(draft, members)
    way_out = draft.only_way_out(exit)
    leaving = [
        flow
        for flow in draft.flows.values()
        if flow.source in members and flow.target not in members and flow != way_out
    ]
    outside = [
        flow
        for flow in draft.flows.values()
        if flow.target in members and flow.source not in members and flow.source not in beyond
    ]
    straight_in = tuple(flow for flow in outside if flow.target == entry)
    if leaving or len(straight_in) != len(outside) or exit not in members or way_out.target in members:
        raise _no_region(draft, entry, exit)
    if not straight_in or way_out.condition is not None:
        raise _no_region(draft, entry, exit)
    return Region(entry=entry, exit=exit, members=frozenset(members), ways_in=straight_in, way_out=way_out)


def cut(draft: Draft, region: Region) -> None:
    """Close the gap: whatever led in leads to where the region led. The region's way out is left in the air."""
    for flow in region.ways_in:
        draft.bend(flow.id, target=region.way_out.target)
    draft.bend(region.way_out.id, target="")


def paste(draft: Draft, place: Place, *, entry: str, way_out: Flow) -> None:
    """Lead the ways at ``place`` into ``entry`` and ``way_out`` to where they led. Conditions stay on the ways in."""
    ways = ways_at(draft, place)
    target = ways[0].target
    for flow in ways:
        draft.bend(flow.id, target=entry)
    draft.bend(way_out.id, target=target)


def ways_at(draft: Draft, place: Place) -> list[Flow]:
    """The flows, all with one target, that something put at ``place`` interrupts."""
    if place.on:
        return [draft.flow(place.on)]
    if place.after:
        return [draft.only_way_out(place.after)]
    ways = draft.incoming(draft.node(place.before).id)
    joins = isinstance(draft.node(place.before), nodes.Gateway)
    if not ways or (joins and len(ways) > 1):
        raise Refused(
            "not_one_way_in",
            zh=f"「{draft.name(place.before)[ZH]}」有 {len(ways)} 条入路，请指明连线",
            en=f"{draft.name(place.before)[EN]!r} has {len(ways)} ways in: name the flow that is meant",
            element=place.before,
        )
    return ways


def neighbour(draft: Draft, place: Place) -> str:
    """The node beside ``place``: whose scope, lane and document order something new there takes over."""
    return draft.flow(place.on).source if place.on else place.anchor


def _movable(draft: Draft, node_id: str) -> None:
    node = draft.node(node_id)
    if isinstance(node, nodes.StartEvent | nodes.EndEvent | nodes.BoundaryEvent):
        raise Refused(
            "no_region",
            zh=f"「{draft.name(node_id)[ZH]}」是开始、结束或边界事件，不能这样改",
            en=f"{draft.name(node_id)[EN]!r} is a start, end or boundary event: it cannot be changed so",
            element=node_id,
        )


def _between(draft: Draft, entry: str, exit: str) -> set[str]:
    """Everything that ``entry`` leads to without passing ``exit``."""
    members, open_ids = {exit}, [entry]
    while open_ids:
        node_id = open_ids.pop()
        if node_id not in members:
            members.add(node_id)
            open_ids += [flow.target for flow in draft.outgoing(node_id)]
    return members if entry in members else set()


def annex(draft: Draft, members: Set[str]) -> set[str]:
    """What only the boundary events of the region lead to, those events included."""
    open_ids = [event.id for member in members for event in draft.boundaries(member)]
    seen: set[str] = set()
    while open_ids:
        node_id = open_ids.pop()
        if node_id not in seen and node_id not in members:
            seen.add(node_id)
            open_ids += [flow.target for flow in draft.outgoing(node_id)]
    while strangers := {
        flow.target
        for flow in draft.flows.values()
        if flow.target in seen and flow.source not in seen and flow.source not in members
    }:
        seen -= strangers
    return seen


def _no_region(draft: Draft, entry: str, exit: str) -> Refused:
    first, last = draft.name(entry), draft.name(exit)
    what_zh = f"「{first[ZH]}」" if entry == exit else f"从「{first[ZH]}」到「{last[ZH]}」的部分"
    what_en = repr(first[EN]) if entry == exit else f"the part from {first[EN]!r} to {last[EN]!r}"
    return Refused(
        "no_region",
        zh=f"{what_zh}不是单入口单出口的区域",
        en=f"{what_en} has not exactly one way in and one way out",
        element=entry,
    )
