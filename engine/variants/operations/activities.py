"""Which activities there are: insert, delete, replace."""

from typing import Any, ClassVar

import msgspec

from engine.definitions import folder, steps
from engine.model import nodes
from engine.model.text import EN, ZH, Text, both
from engine.variants import regions
from engine.variants.draft import Draft, Refused
from engine.variants.operations.operation import Element, Operation


def made(draft: Draft, node_id: str, given: dict[str, Any], *, beside: str) -> nodes.AnyNode:
    """A new node in the scope and lane of its neighbour. Refused for a part that such a node cannot have."""
    neighbour = draft.node(beside)
    try:
        node = steps.new(node_id, given, scope=neighbour.scope, origin=draft.origin)
    except steps.DoesNotFit as misfit:
        raise misfitting(misfit, node_id) from misfit
    return folder.with_buttons(msgspec.structs.replace(node, lane=neighbour.lane), draft.program.forms)


def misfitting(misfit: steps.DoesNotFit, element: str) -> Refused:
    return Refused("part_does_not_fit", zh=f"{misfit.kind} 不能有 {misfit.part}", en=str(misfit), element=element)


class Insert(Operation, frozen=True, kw_only=True, tag="insert"):
    """A new step; its id is the operation's, its way out ``<id>_out``."""

    element: ClassVar[Element] = "activity"

    at: regions.Place
    node: dict[str, Any]

    def apply(self, draft: Draft) -> None:
        ways = regions.ways_at(draft, self.at)
        beside = regions.neighbour(draft, self.at)
        draft.add(made(draft, self.id, self.node, beside=beside), after=beside)
        way_out = draft.connect(f"{self.id}_out", self.id, "", after=ways[-1].id)
        regions.paste(draft, self.at, entry=self.id, way_out=way_out)

    def says(self, draft: Draft) -> Text:
        place = place_says(draft, self.at)
        names = self.node["names"]
        return both(zh=f"新增「{names[ZH]}」，{place[ZH]}", en=f"new: {names[EN]}, {place[EN]}")

    def needs(self) -> frozenset[str]:
        return frozenset({self.at.anchor})


class Delete(Operation, frozen=True, kw_only=True, tag="delete"):
    """A step with its boundary events and whatever only they lead to; or a flow: one of several ways out."""

    element: ClassVar[Element] = "activity"

    target: str

    def apply(self, draft: Draft) -> None:
        before = draft.copy(origin=draft.origin)
        if self.target in draft.flows:
            self._way(draft)
        else:
            region = regions.find(draft, self.target)
            regions.cut(draft, region)
            draft.remove(region.members)
        draft.sweep(before)

    def _way(self, draft: Draft) -> None:
        flow = draft.flows[self.target]
        source = draft.node(flow.source)
        rest = [way for way in draft.outgoing(source.id) if way.id != flow.id]
        if not rest or getattr(source, "default", "") == flow.id:
            raise Refused(
                "last_way_out",
                zh=f"「{draft.name(flow.id)[ZH]}」是唯一的或默认的出路，不能删除",
                en=f"{draft.name(flow.id)[EN]!r} is the only or the default way out and cannot be deleted",
                element=flow.id,
            )
        del draft.flows[flow.id]
        if len(rest) == 1:
            _always(draft, source, rest[0].id)

    def says(self, draft: Draft) -> Text:
        name = draft.name(self.target)
        if self.target in draft.flows:
            source = draft.name(draft.flows[self.target].source)
            return both(zh=f"「{source[ZH]}」之后不再有「{name[ZH]}」", en=f"after {source[EN]} no longer: {name[EN]}")
        return both(zh=f"取消「{name[ZH]}」", en=f"without: {name[EN]}")

    def needs(self) -> frozenset[str]:
        return frozenset({self.target})


class Replace(Operation, frozen=True, kw_only=True, tag="replace"):
    """Another step at the same place; its id is the operation's. Boundary events and four-eyes rules go over to it."""

    element: ClassVar[Element] = "activity"

    target: str
    node: dict[str, Any]

    def apply(self, draft: Draft) -> None:
        old = draft.activity(self.target)
        if isinstance(old, nodes.SubProcess):
            raise Refused(
                "subprocess_replaced",
                zh=f"子流程「{draft.name(old.id)[ZH]}」不能整体替换",
                en=f"the sub-process {draft.name(old.id)[EN]!r} cannot be replaced as a whole",
                element=old.id,
            )
        new = made(draft, self.id, self.node, beside=old.id)
        if old.default:
            new = msgspec.structs.replace(new, default=old.default)
        draft.add(new, after=old.id)
        for flow in draft.incoming(old.id):
            draft.bend(flow.id, target=self.id)
        for flow in draft.outgoing(old.id):
            draft.bend(flow.id, source=self.id)
        for event in draft.boundaries(old.id):
            draft.change(event.id, attached_to=self.id)
        _rename_in_four_eyes(draft, old.id, self.id)
        draft.remove({old.id})

    def says(self, draft: Draft) -> Text:
        name, names = draft.name(self.target), self.node["names"]
        return both(zh=f"以「{names[ZH]}」代替「{name[ZH]}」", en=f"{names[EN]} in place of {name[EN]}")

    def needs(self) -> frozenset[str]:
        return frozenset({self.target})


def place_says(draft: Draft, place: regions.Place) -> Text:
    if place.on:
        flow = draft.flows.get(place.on)
        if flow is None:
            return both(zh=f"在连线 {place.on} 上", en=f"on the way {place.on}")
        source, target = draft.name(flow.source), draft.name(flow.target)
        return both(zh=f"在「{source[ZH]}」与「{target[ZH]}」之间", en=f"between {source[EN]} and {target[EN]}")
    name = draft.name(place.anchor)
    if place.after:
        return both(zh=f"在「{name[ZH]}」之后", en=f"after {name[EN]}")
    return both(zh=f"在「{name[ZH]}」之前", en=f"before {name[EN]}")


def _always(draft: Draft, source: nodes.AnyNode, flow_id: str) -> None:
    """The only way left needs no condition and cannot be the default of a choice that is none any more."""
    if draft.flows[flow_id].condition is not None:
        draft.bend(flow_id, condition=None)
    if getattr(source, "default", ""):
        draft.change(source.id, default="")


def _rename_in_four_eyes(draft: Draft, old: str, new: str) -> None:
    for node in list(draft.nodes.values()):
        who = getattr(node, "performer", None)
        if who is not None and old in who.exclude_performers_of:
            excluded = tuple(new if step == old else step for step in who.exclude_performers_of)
            draft.change(node.id, performer=msgspec.structs.replace(who, exclude_performers_of=excluded))
