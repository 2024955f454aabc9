"""Which way: make optional, set condition, add branch."""

from typing import Any, ClassVar

from engine.definitions import steps
from engine.model import nodes
from engine.model.text import EN, ZH, Text, both
from engine.variants import regions
from engine.variants.draft import Draft, Refused
from engine.variants.operations.activities import made
from engine.variants.operations.operation import Element, Operation, Setting


class MakeOptional(Operation, frozen=True, kw_only=True, tag="make_optional"):
    """A step, or the region from ``target`` to ``to``, is done only when ``condition`` holds.

    New: the gateways ``<id>_split`` and ``<id>_join``, the ways ``<id>_do``, ``<id>_skip`` and ``<id>_out``.
    """

    element: ClassVar[Element] = "logic"

    target: str
    to: str = ""
    condition: str

    def apply(self, draft: Draft) -> None:
        region = regions.find(draft, self.target, self.to)
        scope = draft.node(region.entry).scope
        split, join, skip = f"{self.id}_split", f"{self.id}_join", f"{self.id}_skip"
        draft.add(nodes.ExclusiveGateway(id=split, scope=scope, default=skip), after=region.ways_in[-1].source)
        draft.add(nodes.ExclusiveGateway(id=join, scope=scope), after=region.exit)
        for flow in region.ways_in:
            draft.bend(flow.id, target=split)
        condition = steps.feel(self.condition)
        draft.connect(f"{self.id}_do", split, region.entry, after=region.ways_in[-1].id, condition=condition)
        draft.connect(skip, split, join, after=f"{self.id}_do")
        draft.bend(region.way_out.id, target=join)
        draft.connect(f"{self.id}_out", join, region.way_out.target, after=region.way_out.id)

    def says(self, draft: Draft) -> Text:
        name, condition = draft.name(self.target), self.condition.removeprefix("=")
        return both(zh=f"仅当 {condition} 时才做「{name[ZH]}」", en=f"{name[EN]} only if {condition}")

    def needs(self) -> frozenset[str]:
        return frozenset({self.target, self.to} - {""})


class SetCondition(Setting, frozen=True, kw_only=True, tag="set_condition"):
    """When the way ``target`` is taken; None makes it the default way: taken when no other is."""

    element: ClassVar[Element] = "logic"

    condition: str | None

    def apply(self, draft: Draft) -> None:
        flow = draft.flow(self.target)
        source = draft.node(flow.source)
        chooses = isinstance(source, nodes.ExclusiveGateway | nodes.InclusiveGateway | nodes.Activity)
        if not chooses or len(draft.outgoing(source.id)) < 2:
            raise Refused(
                "no_choice_here",
                zh=f"「{draft.name(source.id)[ZH]}」之后没有选择，不能设条件",
                en=f"nothing is chosen after {draft.name(source.id)[EN]!r}: a condition has no meaning there",
                element=self.target,
            )
        if self.condition is None:
            draft.bend(flow.id, condition=None)
            draft.change(source.id, default=flow.id)
            return
        draft.bend(flow.id, condition=steps.feel(self.condition))
        if getattr(source, "default", "") == flow.id:
            draft.change(source.id, default="")

    def says(self, draft: Draft) -> Text:
        name = draft.name(self.target)
        if self.condition is None:
            return both(zh=f"「{name[ZH]}」成为默认路径", en=f"{name[EN]} is the way taken otherwise")
        condition = self.condition.removeprefix("=")
        return both(zh=f"走「{name[ZH]}」的条件改为 {condition}", en=f"{name[EN]} is taken if {condition}")


class AddBranch(Operation, frozen=True, kw_only=True, tag="add_branch"):
    """Another way out of a gateway, or of a step (which then chooses by ``<id>_split``), to the node ``to``.

    It stands before the other ways: the special case is looked at first. The way is ``<id>_in``; with ``node`` the step
    ``<id>`` lies on it.
    """

    element: ClassVar[Element] = "logic"

    target: str
    to: str
    condition: str = ""
    node: dict[str, Any] | None = None
    names: Text = {}

    def apply(self, draft: Draft) -> None:
        target, goal = draft.node(self.target), draft.node(self.to)
        if target.scope != goal.scope or isinstance(goal, nodes.StartEvent | nodes.BoundaryEvent):
            raise Refused(
                "way_leads_nowhere",
                zh=f"不能从「{draft.name(self.target)[ZH]}」连到「{draft.name(self.to)[ZH]}」",
                en=f"no way can lead from {draft.name(self.target)[EN]!r} to {draft.name(self.to)[EN]!r}",
                element=self.to,
            )
        gateway = self._gateway(draft)
        parallel = isinstance(draft.node(gateway), nodes.ParallelGateway | nodes.EventBasedGateway)
        if parallel == bool(self.condition):
            raise Refused(
                "condition_missing" if not parallel else "no_choice_here",
                zh="这条路需要条件" if not parallel else "并行网关之后没有选择，不能设条件",
                en="this way needs a condition" if not parallel else "nothing is chosen after a parallel gateway",
                element=gateway,
            )
        first = next(iter(draft.outgoing(gateway)))
        way: dict[str, Any] = {"condition": steps.feel(self.condition)} if self.condition else {}
        if self.names:
            way |= {"texts": dict(self.names), "name": self.names.get(ZH, "")}
        before = list(draft.flows)[: list(draft.flows).index(first.id)]
        after = before[-1] if before else ""
        if self.node is None:
            draft.connect(f"{self.id}_in", gateway, self.to, after=after, **way)
            return
        draft.add(made(draft, self.id, self.node, beside=self.target), after=gateway)
        draft.connect(f"{self.id}_in", gateway, self.id, after=after, **way)
        draft.connect(f"{self.id}_out", self.id, self.to, after=f"{self.id}_in")

    def _gateway(self, draft: Draft) -> str:
        """The gateway itself; for a step a new one behind it whose default is the way that was there."""
        target = draft.node(self.target)
        if isinstance(target, nodes.Gateway):
            if not draft.outgoing(target.id) or (
                len(draft.outgoing(target.id)) == 1 and len(draft.incoming(target.id)) > 1
            ):
                raise Refused(
                    "no_choice_here",
                    zh=f"「{draft.name(target.id)[ZH]}」是汇合网关",
                    en=f"{draft.name(target.id)[EN]!r} joins ways and has nothing to choose",
                    element=target.id,
                )
            return target.id
        way_out = draft.only_way_out(self.target)
        split, usual = f"{self.id}_split", f"{self.id}_usual"
        draft.add(
            nodes.ExclusiveGateway(id=split, scope=target.scope, lane=target.lane, default=usual), after=target.id
        )
        draft.bend(way_out.id, target=split)
        draft.connect(usual, split, way_out.target, after=way_out.id)
        return split

    def says(self, draft: Draft) -> Text:
        name, goal = draft.name(self.target), draft.name(self.to)
        when = self.condition.removeprefix("=")
        zh, en = (f"若 {when}，", f"if {when}, ") if when else ("", "")
        by = (f"经「{self.node['names'][ZH]}」", f" by {self.node['names'][EN]}") if self.node else ("", "")
        return both(
            zh=f"「{name[ZH]}」之后{zh}{by[0]}转到「{goal[ZH]}」", en=f"after {name[EN]}: {en}to {goal[EN]}{by[1]}"
        )

    def needs(self) -> frozenset[str]:
        return frozenset({self.target, self.to})
