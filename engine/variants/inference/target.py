"""What a drawing means in the terms of operations: same ids, same names, gateways called as operations call theirs.

What a drawing may say in two ways is said in one: a second plain end of a scope is the first one; a gateway that only
brings ways together before a step is left out, since ways may end at the step itself, and so is one at which nothing is
decided, shared out or waited for.
"""

from collections.abc import Iterator, Mapping

import msgspec

from engine.definitions import steps
from engine.model import nodes
from engine.model.program import Flow, Program
from engine.model.text import ZH
from engine.variants.inference import match, said

SPLIT, JOIN = "_split", "_join"
BLOCKS = nodes.ExclusiveGateway | nodes.ParallelGateway | nodes.InclusiveGateway


class Target(msgspec.Struct, frozen=True, kw_only=True):
    program: Program
    renamed: dict[str, str]
    """Drawn id -> what it is called here, where they differ."""


class Ways:
    """A program's flows by their ends."""

    def __init__(self, flows: Mapping[str, Flow] | tuple[Flow, ...]) -> None:
        self.out: dict[str, list[Flow]] = {}
        self.into: dict[str, list[Flow]] = {}
        for flow in flows.values() if isinstance(flows, Mapping) else flows:
            self.out.setdefault(flow.source, []).append(flow)
            self.into.setdefault(flow.target, []).append(flow)

    def behind(self, node_id: str) -> list[Flow]:
        return self.out.get(node_id, [])

    def before(self, node_id: str) -> list[Flow]:
        return self.into.get(node_id, [])


def of(base: Program, drawn: Program, *, prefix: str) -> Target:
    program, names = match.named_alike(base, drawn, prefix=prefix)
    old = {node.id for node in base.nodes}
    program = _without_idle(_named(_one_end(program, old), old), old)
    called = _gateways(program, old)
    program = _without_joins(match.renamed(program, called), old)
    names = {key: called.get(name, name) for key, name in ({one: one for one in called} | names).items()}
    return Target(program=program, renamed={key: name for key, name in names.items() if key != name})


def _one_end(program: Program, old: set[str]) -> Program:
    """New plain ends are the plain end that the base has in their scope, at best the one that they were drawn for."""
    plain = [node for node in program.nodes if _is_plain_end(node)]
    fed = {flow.target for flow in program.flows}
    kept = {node.scope: node.id for node in sorted(plain, key=lambda one: one.id not in fed) if node.id in old}
    gone = {node.id: kept[node.scope] for node in plain if node.id not in old and node.scope in kept}
    return msgspec.structs.replace(
        program,
        nodes=tuple(node for node in program.nodes if node.id not in gone),
        flows=tuple(msgspec.structs.replace(flow, target=gone.get(flow.target, flow.target)) for flow in program.flows),
    )


def _is_plain_end(node: nodes.AnyNode) -> bool:
    return isinstance(node, nodes.EndEvent) and not (node.triggers or node.work or node.errands or node.inputs)


def _named(program: Program, old: set[str]) -> Program:
    """What is new is called in both languages."""
    made = []
    for node in program.nodes:
        if node.id not in old and steps.kind(node) in steps.KINDS:
            texts = said.texts(node.name, node.texts, node.id)
            node = msgspec.structs.replace(node, texts=texts, name=texts[ZH])
        made.append(node)
    return msgspec.structs.replace(program, nodes=tuple(made))


def _gateways(program: Program, old: set[str]) -> dict[str, str]:
    """New gateways that open and close one block, and those that open a branch, by the names operations give."""
    ways = Ways(program.flows)
    fresh = {node.id: node for node in program.nodes if isinstance(node, nodes.Gateway) and node.id not in old}
    called: dict[str, str] = {}
    taken = {part.id for part in (*program.nodes, *program.flows)}
    for node_id, node in fresh.items():
        if len(ways.behind(node_id)) < 2 or node_id.endswith(SPLIT):
            continue
        join = _closing(node_id, ways)
        closed = join in fresh and type(fresh[join]) is type(node) and join not in called
        stem = node_id if closed else _branch(node_id, node, ways, old) or node_id
        if f"{stem}{SPLIT}" in taken or (closed and f"{stem}{JOIN}" in taken):
            continue
        called[node_id] = f"{stem}{SPLIT}"
        if closed:
            called[join] = f"{stem}{JOIN}"
        taken |= set(called.values())
    return called


def _branch(node_id: str, node: nodes.Gateway, ways: Ways, old: set[str]) -> str:
    """The new step that a branch begins with, after which the gateway before it is called."""
    for flow in ways.behind(node_id):
        if flow.id != node.default and flow.target not in old:
            return flow.target
    return ""


def _closing(split: str, ways: Ways) -> str:
    """Where all ways that leave a gateway come together first; empty where they do not."""
    reached = [list(_behind(flow.target, split, ways)) for flow in ways.behind(split)]
    shared = set(reached[0]).intersection(*reached[1:])
    return next((node_id for node_id in reached[0] if node_id in shared and len(ways.before(node_id)) > 1), "")


def _behind(start: str, stop: str, ways: Ways) -> Iterator[str]:
    """Everything that can be reached, nearest first."""
    seen, open_ids = {stop}, [start]
    while open_ids:
        node_id = open_ids.pop(0)
        if node_id not in seen:
            seen.add(node_id)
            yield node_id
            open_ids += [flow.target for flow in ways.behind(node_id)]


def _without_idle(program: Program, old: set[str]) -> Program:
    """Without new gateways at which nothing is decided, shared out or waited for."""
    program = _shared_out(program, old)
    while idle := next(_idle(program, old), None):
        gone, onward = idle
        program = msgspec.structs.replace(
            program,
            nodes=tuple(node for node in program.nodes if node.id not in gone),
            flows=tuple(
                msgspec.structs.replace(flow, target=onward if flow.target in gone else flow.target)
                for flow in program.flows
                if flow.source not in gone
            ),
        )
        program = _shared_out(program, old)
    return program


def _idle(program: Program, old: set[str]) -> Iterator[tuple[set[str], str]]:
    """The gateways of each place where nothing happens, and where one comes from there."""
    ways = Ways(program.flows)
    fresh = {node.id: node for node in program.nodes if isinstance(node, BLOCKS) and node.id not in old}
    for node_id, node in fresh.items():
        targets = {flow.target for flow in ways.behind(node_id)}
        if len(targets) != 1:
            continue
        (target,) = targets
        if len(ways.behind(node_id)) == 1 == len(ways.before(node_id)) and target != node_id:
            yield {node_id}, target
        closes = type(fresh.get(target)) is type(node) and len(ways.behind(target)) == 1
        if closes and {flow.source for flow in ways.before(target)} == {node_id}:
            yield {node_id, target}, ways.behind(target)[0].target


def _shared_out(program: Program, old: set[str]) -> Program:
    """Without the ways of new parallel gateways that lead straight to where the others are waited for."""
    ways = Ways(program.flows)
    parallel = {node.id for node in program.nodes if isinstance(node, nodes.ParallelGateway) and node.id not in old}
    empty = {
        flow.id
        for flow in program.flows
        if {flow.source, flow.target} <= parallel and flow.target == _closing(flow.source, ways)
    }
    spared = {ways.behind(node_id)[0].id for node_id in parallel if {one.id for one in ways.behind(node_id)} <= empty}
    left = tuple(flow for flow in program.flows if flow.id not in empty - spared)
    return msgspec.structs.replace(program, flows=left)


def _without_joins(program: Program, old: set[str]) -> Program:
    """Without new exclusive gateways that only join, unless they close the block of a new one."""
    ways = Ways(program.flows)
    kinds = {node.id: node for node in program.nodes}
    gone: dict[str, str] = {}
    for node in program.nodes:
        onward = ways.behind(node.id)
        joins = isinstance(node, nodes.ExclusiveGateway) and node.id not in old and len(onward) == 1
        opened = node.id.removesuffix(JOIN) + SPLIT
        if not joins or len(ways.before(node.id)) < 2 or isinstance(kinds.get(opened), nodes.ExclusiveGateway):
            continue
        if not isinstance(kinds.get(onward[0].target), nodes.ParallelGateway | nodes.InclusiveGateway):
            gone[node.id] = onward[0].target
    flows = [
        msgspec.structs.replace(flow, target=_final(flow.target, gone))
        for flow in program.flows
        if flow.source not in gone
    ]
    kept = tuple(node for node in program.nodes if node.id not in gone)
    return msgspec.structs.replace(program, nodes=kept, flows=tuple(flows))


def _final(target: str, gone: Mapping[str, str]) -> str:
    for _ in range(len(gone)):
        target = gone.get(target, target)
    return target
