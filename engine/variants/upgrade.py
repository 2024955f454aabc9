"""What a base's owner changed between two bases, told for people: one line each, with the elements concerned."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, Literal

import msgspec

from engine.model import nodes
from engine.model.performer import Promise
from engine.model.program import Flow, Program
from engine.model.text import EN, ZH, Text, both, pick
from engine.variants import durations
from engine.variants.draft import Draft

Kind = Literal["inserted", "deleted", "moved", "changed"]

_PARTS: dict[str, tuple[str, str]] = {
    "performer": ("承担者", "who does it"),
    "passing": ("自动通过", "when it passes by itself"),
    "form": ("表单", "its form"),
    "promise": ("时限承诺", "its promise"),
    "priority": ("优先级", "its priority"),
    "due": ("到期时间", "when it is due"),
    "work": ("服务", "its service"),
    "decision": ("决策", "its decision"),
    "result": ("结果变量", "where its result goes"),
    "script": ("计算", "its computation"),
    "called": ("调用的流程", "the process that it calls"),
    "loop": ("重复", "how often it is done"),
    "standard_loop": ("重复", "how often it is done"),
    "triggers": ("触发条件", "what sets it off"),
    "message": ("消息", "its message"),
    "worth": ("客户价值与成本", "its value and cost"),
    "texts": ("名称", "its name"),
    "name": ("名称", "its name"),
    "condition": ("条件", "its condition"),
    "attached_to": ("所附步骤", "the step it hangs on"),
    "kind": ("种类", "what kind of step it is"),
}
_OTHER = ("其他设定", "another setting")
_UNNAMED: dict[type[nodes.Node], Text] = {
    nodes.ExclusiveGateway: both(zh="选择网关", en="a choice"),
    nodes.InclusiveGateway: both(zh="包容网关", en="a choice of several"),
    nodes.ParallelGateway: both(zh="并行网关", en="a parallel gateway"),
    nodes.EventBasedGateway: both(zh="事件网关", en="a wait for the first of several"),
    nodes.EndEvent: both(zh="结束", en="an end"),
    nodes.StartEvent: both(zh="开始", en="a start"),
}
_NOTHING = frozenset({"origin", "line", "source", "target", "default", "lane", "scope", "actions"})
"""Fields that follow from others, or say where something stands."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    kind: Kind
    elements: tuple[str, ...]
    """Ids of nodes, flows and parameters; the first is the one that the line speaks of."""
    says: Text


def changes(old: Program, new: Program, *, names: Mapping[str, Text] | None = None) -> tuple[Change, ...]:
    """In the order of the new base; what is gone last. Empty for bases that mean the same. ``names`` are those of the
    parameters."""
    before, after = Draft(old), Draft(new)
    moved = _moved(before, after)
    return (
        *_inserted(before, after),
        *(_change("moved", one, after, zh="移动", en="is moved") for one in moved),
        *_settings(before, after),
        *_ways(before, after, set(moved)),
        *_parameters(before, after, names or {}),
        *_deleted(before, after),
    )


def fields(before: Any, after: Any) -> dict[str, Any]:
    """What is different about an element that both have, apart from where it stands and who changed it."""
    if before is None or after is None:
        return {}
    if type(before) is not type(after):
        return {"kind": type(after)}
    return {
        name: getattr(after, name)
        for name in after.__struct_fields__
        if name not in _NOTHING and getattr(before, name) != getattr(after, name)
    }


def _inserted(before: Draft, after: Draft) -> Iterator[Change]:
    for node_id in after.nodes:
        if node_id not in before.nodes:
            ways = tuple(flow.id for flow in after.flows.values() if node_id in (flow.source, flow.target))
            yield _change("inserted", node_id, after, *ways, zh="新增", en="is new")


def _deleted(before: Draft, after: Draft) -> Iterator[Change]:
    for node_id in before.nodes:
        if node_id not in after.nodes:
            ways = tuple(
                flow.id
                for flow in before.flows.values()
                if node_id in (flow.source, flow.target) and flow.id not in after.flows
            )
            yield _change("deleted", node_id, before, *ways, zh="取消", en="is gone")


def _moved(before: Draft, after: Draft) -> list[str]:
    """Steps that stand elsewhere in the order of those that both bases have: as few as explain it."""
    old = [one for one in _order(before) if one in after.nodes]
    new = [one for one in _order(after) if one in before.nodes]
    stayed = {
        one
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        for one in new[block.b : block.b + block.size]
    }
    return [one for one in new if one not in stayed]


def _order(draft: Draft) -> list[str]:
    """Activities from the start to the ends, each behind whatever leads to it (loops apart), branches in document
    order: reverse post-order."""
    done: list[str] = []
    seen: set[str] = set()
    for start in [node.id for node in draft.nodes.values() if isinstance(node, nodes.StartEvent)][::-1]:
        open_ids = [(start, False)]
        while open_ids:
            node_id, left = open_ids.pop()
            if left:
                done.append(node_id)
            elif node_id not in seen:
                seen.add(node_id)
                hanging = [event.id for event in draft.boundaries(node_id)]
                open_ids.append((node_id, True))
                open_ids += [(one, False) for one in (*hanging, *(flow.target for flow in draft.outgoing(node_id)))]
    return [one for one in reversed(done) if isinstance(draft.nodes[one], nodes.Activity)]


def _settings(before: Draft, after: Draft) -> Iterator[Change]:
    for node_id, node in after.nodes.items():
        different = fields(before.nodes.get(node_id), node)
        if different:
            yield _changed(node_id, after, _told(before.nodes[node_id], node, different))
    for flow_id, flow in after.flows.items():
        different = fields(before.flows.get(flow_id), flow)
        if different:
            yield _changed(flow_id, after, _told(before.flows[flow_id], flow, different))


def _ways(before: Draft, after: Draft, moved: set[str]) -> Iterator[Change]:
    """New and lost ways between steps that both bases have and that stayed where they were."""
    stayed = (before.nodes.keys() & after.nodes.keys()) - moved
    for kind, one, other in (("inserted", after, before), ("deleted", before, after)):
        for flow in one.flows.values():
            if flow.id in other.flows or not {flow.source, flow.target} <= stayed or _reaches(other, flow, one):
                continue
            name, (zh, en) = _name(one, flow.id), ("新增", "is new") if kind == "inserted" else ("取消", "is gone")
            says = both(zh=f"{zh}{name[ZH]}", en=f"{name[EN]} {en}")
            yield Change(kind=kind, elements=(flow.id,), says=says)  # type: ignore[arg-type]


def _reaches(draft: Draft, flow: Flow, without: Draft) -> bool:
    """The same two steps are joined by another flow, or by steps that only this base has."""
    open_ids, seen = [flow.source], set()
    while open_ids:
        node_id = open_ids.pop()
        if node_id in seen:
            continue
        seen.add(node_id)
        for way in draft.outgoing(node_id):
            if way.target == flow.target:
                return True
            if way.target not in without.nodes:
                open_ids.append(way.target)
    return False


def _parameters(before: Draft, after: Draft, names: Mapping[str, Text]) -> Iterator[Change]:
    for name in {**before.parameters, **after.parameters}:
        old, new = before.parameters.get(name), after.parameters.get(name)
        if old == new:
            continue
        zh, en = pick(names.get(name, {}), ZH, name), pick(names.get(name, {}), EN, name)
        if name not in after.parameters:
            says = both(zh=f"取消参数“{zh}”", en=f"the parameter {en} is gone")
        elif name not in before.parameters:
            says = both(zh=f"新增参数“{zh}”：{new}", en=f"new parameter {en}: {new}")
        else:
            says = both(zh=f"{zh}：{old} → {new}", en=f"{en}: {old} → {new}")
        yield Change(kind="changed", elements=(name,), says=says)


def _told(before: Any, after: Any, different: dict[str, Any]) -> Text:
    """The parts that differ; of a promise how long it was and is."""
    zh, en = [], []
    for part in different:
        words = _PARTS.get(part, _OTHER)
        if words[0] in zh:
            continue
        zh.append(words[0])
        en.append(words[1])
    old, new = getattr(before, "promise", None), getattr(after, "promise", None)
    if "promise" in different and isinstance(old, Promise) and isinstance(new, Promise):
        spoken = list(_spans(old, new))
        if spoken:
            zh[zh.index(_PARTS["promise"][0])] += f"（{'，'.join(one[ZH] for one in spoken)}）"
            en[en.index(_PARTS["promise"][1])] += f" ({', '.join(one[EN] for one in spoken)})"
    return both(zh="、".join(zh), en=", ".join(en))


def _spans(old: Promise, new: Promise) -> Iterator[Text]:
    """The deadline and the goal, where they differ."""
    none = both(zh="无", en="none")
    if old.duration != new.duration:
        was, now = durations.spoken(old.duration), durations.spoken(new.duration)
        yield both(zh=f"{was[ZH]} → {now[ZH]}", en=f"{was[EN]} → {now[EN]}")
    if old.goal != new.goal:
        was, now = (durations.spoken(one.goal) if one.goal else none for one in (old, new))
        yield both(zh=f"目标 {was[ZH]} → {now[ZH]}", en=f"goal {was[EN]} → {now[EN]}")


def _name(draft: Draft, element: str) -> Text:
    """What people call it; gateways, starts and ends without a name by their kind, ways by where they lead."""
    name, flow = draft.name(element), draft.flows.get(element)
    if name[EN] != element:
        return name
    if flow is None:
        return _UNNAMED.get(type(draft.nodes[element]), name)
    source, target = _name(draft, flow.source), _name(draft, flow.target)
    return both(zh=f"从「{source[ZH]}」到「{target[ZH]}」的路", en=f"the way from {source[EN]} to {target[EN]}")


def _changed(element: str, draft: Draft, parts: Text) -> Change:
    name = _name(draft, element)
    quoted = name[ZH] if element in draft.flows else f"「{name[ZH]}」"
    says = both(zh=f"{quoted}：{parts[ZH]}有变", en=f"{name[EN]}: {parts[EN]} changed")
    return Change(kind="changed", elements=(element,), says=says)


def _change(kind: Kind, element: str, draft: Draft, *more: str, zh: str, en: str) -> Change:
    name = _name(draft, element)
    return Change(kind=kind, elements=(element, *more), says=both(zh=f"{zh}「{name[ZH]}」", en=f"{name[EN]} {en}"))
