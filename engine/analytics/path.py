"""Where a case stands, in words: what is done, what is on now, what comes next. The drawing's accessible twin. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from engine import facts, records
from engine.model import nodes
from engine.model.program import Program

State = Literal["done", "now", "failed", "later"]
MOST_LATER = 5


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    node: str
    state: State
    at: datetime | None = None
    """When it was done, or since when it is on."""
    who: str = ""
    """Key of the person who did it or does it."""
    times: int = 1


def path(program: Program, history: Sequence[records.FactRow], open_at: Mapping[str, str]) -> list[Stop]:
    """``open_at``: node -> ``work_item``, ``job``, ``timer``, ``message`` or ``incident`` for what is waiting now."""
    shown = {node.id for node in program.nodes if _is_step(node)}
    done: dict[str, Stop] = {}
    since: dict[str, datetime] = {}
    holder: dict[str, str] = {}
    # What people did is theirs; what went on by itself behind it is nobody's, though it is the same step.
    doer: dict[str, str] = {}
    for row in history:
        node = row.fact.node
        if node not in shown or row.fact.called:
            continue
        match row.fact:
            case facts.ActivityStarted() | facts.TimerSet() | facts.SubscriptionOpened():
                since[node] = row.at
                holder.pop(node, None)
            case facts.WorkItemActed(verb="claim"):
                holder[node] = row.agent
            case facts.WorkItemActed(verb="release"):
                holder.pop(node, None)
            case facts.WorkItemCompleted():
                doer[node] = row.agent
            case facts.ActivityCompleted() | facts.EventCaught():
                times = done[node].times + 1 if node in done else 1
                done.pop(node, None)
                done[node] = Stop(node=node, state="done", at=row.at, who=doer.pop(node, ""), times=times)
    now = [node for node in open_at if node in shown]
    stops = [stop for node, stop in done.items() if node not in now]
    stops += [
        Stop(
            node=node,
            state="failed" if open_at[node] == "incident" else "now",
            at=since.get(node),
            who=holder.get(node, ""),
        )
        for node in now
    ]
    return stops + [Stop(node=node, state="later") for node in _later(program, now, shown, set(done))]


def marks(program: Program, history: Iterable[records.FactRow], open_at: Mapping[str, str]) -> dict[str, State]:
    """How to colour the drawing: node and flow ids that were passed, are on, or failed."""
    known = {node.id for node in program.nodes} | {flow.id for flow in program.flows}
    found: dict[str, State] = {}
    for row in history:
        match row.fact:
            case facts.FlowTaken(flow=flow, called=0):
                found[flow] = "done"
            case facts.ActivityCompleted(node=node, called=0) | facts.EventCaught(node=node, called=0):
                found[node] = "done"
    for node, kind in open_at.items():
        found[node] = "failed" if kind == "incident" else "now"
    return {key: state for key, state in found.items() if key in known}


def _is_step(node: nodes.AnyNode) -> bool:
    """What people would call a step: not gateways, starts, ends, nor the frame around other steps."""
    return isinstance(node, nodes.Activity | nodes.CatchEvent) and not isinstance(node, nodes.SubProcess)


def _later(program: Program, now: Sequence[str], shown: set[str], passed: set[str]) -> list[str]:
    """The next steps along the arrows, nearest first, at most five; what was passed already is not "later"."""
    outgoing: dict[str, list[str]] = {}
    for flow in program.flows:
        outgoing.setdefault(flow.source, []).append(flow.target)
    found: list[str] = []
    seen, edge = set(now), list(now)
    while edge and len(found) < MOST_LATER:
        following = [target for node in edge for target in outgoing.get(node, ()) if target not in seen]
        edge = list(dict.fromkeys(following))
        seen.update(edge)
        found += [node for node in edge if node in shown and node not in passed]
    return found[:MOST_LATER]
