"""In which order: move, parallelise, serialise."""

import itertools
from typing import ClassVar

from engine.model import nodes
from engine.model.text import EN, ZH, Text, both
from engine.variants import regions
from engine.variants.draft import Draft, Refused
from engine.variants.operations.activities import place_says
from engine.variants.operations.operation import Element, Operation


class Move(Operation, frozen=True, kw_only=True, tag="move"):
    """A step, or the region from ``target`` to ``to``, goes to another place with its boundary events."""

    element: ClassVar[Element] = "logic"

    target: str
    to: str = ""
    at: regions.Place

    def apply(self, draft: Draft) -> None:
        region = regions.find(draft, self.target, self.to)
        beside = regions.neighbour(draft, self.at)
        around = {beside} | draft.scopes(beside)
        if around & region.members:
            raise Refused(
                "moved_into_itself",
                zh=f"不能把「{draft.name(self.target)[ZH]}」移到它自己里面",
                en=f"{draft.name(self.target)[EN]!r} cannot be moved into itself",
                element=self.target,
            )
        if around & regions.annex(draft, region.members):
            raise Refused(
                "moved_behind_its_event",
                zh=f"不能把「{draft.name(self.target)[ZH]}」移到只有它自己的边界事件才通向的地方",
                en=f"{draft.name(self.target)[EN]!r} cannot be moved to where only its own boundary event leads",
                element=self.target,
            )
        regions.cut(draft, region)
        regions.ways_at(draft, self.at)  # refuses an ambiguous place
        scope = draft.node(beside).scope
        if scope != draft.node(region.entry).scope:
            _change_scope(draft, region, scope)
        regions.paste(draft, self.at, entry=region.entry, way_out=draft.flow(region.way_out.id))
        for node_id in (region.entry, region.exit):
            draft.change(node_id)

    def says(self, draft: Draft) -> Text:
        name, place = draft.name(self.target), place_says(draft, self.at)
        end = draft.name(self.to) if self.to else None
        zh = f"「{name[ZH]}」" + (f"至「{end[ZH]}」" if end else "")
        en = name[EN] + (f" to {end[EN]}" if end else "")
        return both(zh=f"{zh}移到{place[ZH].removeprefix('在')}", en=f"{en} moved {place[EN]}")

    def needs(self) -> frozenset[str]:
        return frozenset({self.target, self.to, self.at.anchor} - {""})

    def subject(self) -> str:
        return f"{self.target}..{self.to}"


def _change_scope(draft: Draft, region: regions.Region, scope: str) -> None:
    """Refused for steps with boundary events: the ways that these lead to would stay behind."""
    for node_id in sorted(region.members):
        if draft.boundaries(node_id):
            raise Refused(
                "events_stay_behind",
                zh=f"「{draft.name(node_id)[ZH]}」带有边界事件，不能移入或移出子流程",
                en=f"{draft.name(node_id)[EN]!r} has boundary events: it cannot be moved into or out of a sub-process",
                element=node_id,
            )
        draft.change(node_id, scope=scope)


class Parallelise(Operation, frozen=True, kw_only=True, tag="parallelise"):
    """Steps that follow each other are done at the same time, between ``<id>_split`` and ``<id>_join``."""

    element: ClassVar[Element] = "logic"

    targets: tuple[str, ...]

    def apply(self, draft: Draft) -> None:
        steps = [regions.find(draft, target) for target in self.targets]
        for step, following in itertools.pairwise(steps):
            if step.way_out.target != following.entry or len(following.ways_in) != 1:
                raise Refused(
                    "not_in_a_row",
                    zh=f"「{draft.name(following.entry)[ZH]}」不是紧接在「{draft.name(step.exit)[ZH]}」之后",
                    en=f"{draft.name(following.entry)[EN]!r} does not directly follow {draft.name(step.exit)[EN]!r}",
                    element=following.entry,
                )
        scope = draft.node(self.targets[0]).scope
        split, join = f"{self.id}_split", f"{self.id}_join"
        draft.add(nodes.ParallelGateway(id=split, scope=scope), after=self.targets[0])
        draft.add(nodes.ParallelGateway(id=join, scope=scope), after=self.targets[-1])
        for flow in steps[0].ways_in:
            draft.bend(flow.id, target=split)
        after = steps[0].ways_in[-1].id
        for number, step in enumerate(steps, start=1):
            after = draft.connect(f"{self.id}_{number}", split, step.entry, after=after).id
            draft.bend(step.way_out.id, target=join)
        draft.connect(f"{self.id}_out", join, steps[-1].way_out.target, after=steps[-1].way_out.id)

    def says(self, draft: Draft) -> Text:
        names = [draft.name(target) for target in self.targets]
        return both(
            zh="、".join(f"「{name[ZH]}」" for name in names) + "同时进行",
            en=", ".join(name[EN] for name in names) + " at the same time",
        )

    def needs(self) -> frozenset[str]:
        return frozenset(self.targets)


class Serialise(Operation, frozen=True, kw_only=True, tag="serialise"):
    """The branches of a parallel block, one step each, are done one after the other; its gateways go."""

    element: ClassVar[Element] = "logic"

    targets: tuple[str, ...]

    def apply(self, draft: Draft) -> None:
        steps = [regions.find(draft, target) for target in self.targets]
        splits = {flow.source for step in steps for flow in step.ways_in}
        joins = {step.way_out.target for step in steps}
        split, join = next(iter(splits)), next(iter(joins))
        block = {flow.target for flow in draft.outgoing(split)}
        whole = len(splits) == len(joins) == 1 and block == set(self.targets)
        parallel = isinstance(draft.node(split), nodes.ParallelGateway) and isinstance(
            draft.nodes.get(join), nodes.ParallelGateway
        )
        if not whole or not parallel or len(draft.incoming(join)) != len(steps):
            raise Refused(
                "no_parallel_block",
                zh="这些步骤不是同一个并行块的全部分支",
                en="these steps are not all the branches of one parallel block",
                element=self.targets[0],
            )
        way_out = draft.only_way_out(join)
        for flow in draft.incoming(split):
            draft.bend(flow.id, target=steps[0].entry)
        for step, following in itertools.pairwise(steps):
            draft.bend(step.way_out.id, target=following.entry)
        draft.bend(steps[-1].way_out.id, target=way_out.target)
        draft.remove({split, join})

    def says(self, draft: Draft) -> Text:
        names = [draft.name(target) for target in self.targets]
        return both(
            zh="依次进行：" + "、".join(f"「{name[ZH]}」" for name in names),
            en="one after the other: " + ", ".join(name[EN] for name in names),
        )

    def needs(self) -> frozenset[str]:
        return frozenset(self.targets)
