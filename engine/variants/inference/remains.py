"""What a list of operations leaves different from the drawing, each point with the element where it is."""

from collections.abc import Iterator

from engine.model import nodes
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import EN, ZH, Text, both
from engine.variants.draft import Draft
from engine.variants.inference import likeness

PARTS: dict[str, tuple[str, str]] = {
    "kind": ("类型", "its kind"),
    "scope": ("所在的子流程", "the sub-process it is in"),
    "name": ("名称", "its name"),
    "texts": ("名称", "its name"),
    "performer": ("承担者", "who does it"),
    "form": ("表单", "its form"),
    "due": ("到期时间", "when it is due"),
    "follow_up": ("跟进时间", "when it is followed up"),
    "priority": ("优先级", "its priority"),
    "promise": ("承诺时限", "its promise"),
    "worth": ("客户价值与成本", "its value and cost"),
    "work": ("服务", "the service that does it"),
    "script": ("脚本", "its script"),
    "decision": ("决策", "its decision"),
    "called": ("所调用的流程", "the process it calls"),
    "loop": ("重复方式", "how it is repeated"),
    "standard_loop": ("重复方式", "how it is repeated"),
    "triggers": ("触发条件", "what triggers it"),
    "errands": ("监听器", "its listeners"),
    "notes": ("附注", "its notes"),
}
"""Fields as people call them; others by their own name."""


def remains(composed: Program, aim: Program) -> list[Problem]:
    """Empty when nothing is left."""
    return [*_nodes(composed, aim), *_ways(composed, aim), *_parameters(composed, aim)]


def _nodes(composed: Program, aim: Program) -> Iterator[Problem]:
    here, there = {one.id: one for one in composed.nodes}, {one.id: one for one in aim.nodes}
    names = Draft(aim)
    for node_id, node in there.items():
        name = names.name(node_id)
        if node_id not in here:
            yield _left(
                "element_not_inferred",
                node,
                zh=f"「{name[ZH]}」（{likeness.kind(node)}）没有对应的变更，需要手工处理",
                en=f"{name[EN]!r} ({likeness.kind(node)}): no operation puts it in; see to it by hand",
            )
            continue
        for field in likeness.different(here[node_id], node):
            words = PARTS.get(field, (field, field))
            yield _left(
                "part_not_inferred",
                node,
                zh=f"「{name[ZH]}」：{words[0]}与图不同，没有变更可以表达",
                en=f"{name[EN]!r}: {words[1]} differs from the drawing, and no operation says it",
            )
    old = Draft(composed)
    for node_id in here.keys() - there.keys():
        name = old.name(node_id)
        yield _left(
            "element_not_taken_away",
            here[node_id],
            zh=f"图中没有「{name[ZH]}」，但没有变更能单独去掉它",
            en=f"the drawing has no {name[EN]!r}, but no operation takes it away by itself",
        )


def _ways(composed: Program, aim: Program) -> Iterator[Problem]:
    here, there = likeness.ways(composed), likeness.ways(aim)
    known = {one.id: one for one in (*composed.nodes, *aim.nodes)}
    names, old = Draft(aim), Draft(composed)
    for node_id in sorted(here.keys() | there.keys()):
        mine, wanted = here.get(node_id, []), there.get(node_id, [])
        if mine == wanted or node_id not in known:
            continue
        name = names.name(node_id) if node_id in names.nodes else old.name(node_id)
        if sorted(mine) == sorted(wanted):
            yield _left(
                "order_not_inferred",
                known[node_id],
                zh=f"「{name[ZH]}」之后的条件在图中按另一顺序判断",
                en=f"the drawing asks the conditions after {name[EN]!r} in another order",
            )
            continue
        yield _left(
            "ways_not_inferred",
            known[node_id],
            zh=f"「{name[ZH]}」之后的路径与图不同：图中通往 {_goals(wanted, names)[ZH]}",
            en=f"the ways after {name[EN]!r} differ: in the drawing they lead to {_goals(wanted, names)[EN]}",
        )


def _goals(wanted: list[tuple[str, str, bool]], names: Draft) -> Text:
    told = [(names.name(target), condition) for target, condition, _ in wanted]
    zh = [f"「{name[ZH]}」" + (f"（{condition}）" if condition else "") for name, condition in told]
    en = [repr(name[EN]) + (f" ({condition})" if condition else "") for name, condition in told]
    return both(zh="、".join(zh) or "（无）", en=", ".join(en) or "nothing")


def _parameters(composed: Program, aim: Program) -> Iterator[Problem]:
    for name, value in aim.parameters.items():
        if composed.parameters.get(name) != value:
            yield Problem(
                code="parameter_not_inferred",
                text=both(
                    zh=f"参数 {name} 在基准中不存在", en=f"the base has no parameter {name!r}; a variant cannot add one"
                ),
                severity="warning",
                element=name,
            )


def _left(code: str, node: nodes.AnyNode, *, zh: str, en: str) -> Problem:
    return Problem(
        code=code, text=both(zh=zh, en=en), severity="warning", element=node.id, name=node.name, line=node.line
    )
