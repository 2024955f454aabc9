"""Data that the steps still to come read, and that nobody fills in any more because their step lies behind."""

from collections.abc import Mapping
from typing import Any

from engine.kernel.change import Change
from engine.kernel.graph import Plan
from engine.kernel.state import State
from engine.model.program import Program
from engine.proof import dataflow


def missing(old: Plan, new: Plan, state: State, change: Change, given: Mapping[str, Any]) -> tuple[str, ...]:
    """Names that the new program fills in behind the instance and reads before it, and that it lacks.

    What the old program filled in too was there to be filled in: left empty, it may stay so."""
    program = new.program
    writes = {node.id: dataflow.writes(program, node).names for node in program.nodes}
    ahead = _ahead(program, _standing(old, new, state, change))
    before = {name for node in old.program.nodes for name in dataflow.writes(old.program, node).names}
    known = {name for scope in state.scopes.values() for name in scope.variables} | given.keys()
    known |= before | dataflow.ALWAYS | program.parameters.keys()
    known |= {name for node in ahead for name in writes[node]}
    wanted = {name for names in writes.values() for name in names} - known
    read = [name for node in program.nodes if node.id in ahead for name, _ in dataflow.reads(program, node)]
    return tuple(dict.fromkeys(name for name in read if name in wanted))


def _standing(old: Plan, new: Plan, state: State, change: Change) -> set[str]:
    """Where tokens will be, in the new program's ids; those of called processes left out."""
    places = {node for _, node in (*change.begin, *change.owed)}
    for token in state.tokens.values():
        if state.scopes[token.scope].program == 0 and token.number not in change.back:
            node = old.nodes[token.node].id
            places.add(change.nodes.get(node, node))
    for flows in change.joins.values():
        places |= {new.nodes[flow.target].id for flow in new.flows if flow.id in flows}
    return places & new.index.keys()


def _ahead(program: Program, standing: set[str]) -> set[str]:
    ways: dict[str, list[str]] = {}
    for flow in program.flows:
        ways.setdefault(flow.source, []).append(flow.target)
    for node in program.nodes:
        host = getattr(node, "attached_to", "")
        if host:
            ways.setdefault(host, []).append(node.id)
        if node.scope:
            ways.setdefault(node.scope, []).append(node.id)
            ways.setdefault(node.id, []).extend(flow.target for flow in program.flows if flow.source == node.scope)
    ahead, open_ids = set(standing), list(standing)
    while open_ids:
        for target in ways.get(open_ids.pop(), ()):
            if target not in ahead:
                ahead.add(target)
                open_ids.append(target)
    return ahead
