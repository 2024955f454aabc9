"""Which step of the new program goes on where one of the old stood: proposed by ids and provenance, edited by hand."""

from collections.abc import Mapping

import msgspec

from engine import errors
from engine.kernel import likeness
from engine.kernel.graph import NodePlan, Plan
from engine.model.problem import Problem
from engine.model.text import both

MOST = 2000


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """``old`` has no step of its id in the new program. ``new`` is what is proposed, empty for nothing."""

    old: str
    new: str = ""
    why: str = ""
    """``origin``: the same operation of a variant made both; ``name``: the same kind with the same name."""


def propose(old: Plan, new: Plan) -> tuple[Pair, ...]:
    """For every old step, event and sub-process whose id the new program does not have, in document order."""
    left = [node for node in new.nodes if node.id not in old.index and _counts(node)]
    pairs = []
    for node in old.nodes:
        if node.id in new.index or not _counts(node):
            continue
        found, why = _alike(node, left, old, new)
        if found is not None:
            left.remove(found)
        pairs.append(Pair(old=node.id, new=found.id if found else "", why=why))
    return tuple(pairs)


def proposed(old: Plan, new: Plan) -> dict[str, str]:
    return {pair.old: pair.new for pair in propose(old, new) if pair.new}


def whole(old: Plan, new: Plan, given: Mapping[str, str]) -> dict[str, str]:
    """Every old id with its new one, empty where there is none. Raises Invalid with every wrong pair."""
    problems = check(old, new, given)
    if problems:
        raise errors.Invalid(
            "mapping_wrong", zh="步骤对应关系有误", en="the mapping of steps is wrong", problems=problems
        )
    return {node.id: given.get(node.id, node.id if node.id in new.index else "") for node in old.nodes}


def check(old: Plan, new: Plan, given: Mapping[str, str]) -> list[Problem]:
    """Each problem points to its old id; an empty new id says that the step has no place any more."""
    found: list[Problem] = []
    if len(given) > MOST:
        return [_problem("", f"对应关系最多 {MOST} 项", f"at most {MOST} pairs")]
    taken: dict[str, str] = {}
    for here, there in given.items():
        if here not in old.index:
            found.append(_problem(here, f"旧方案中没有 {here}", f"the old program has no {here!r}"))
            continue
        if not there:
            continue
        if there not in new.index:
            found.append(_problem(here, f"新方案中没有 {there}", f"the new program has no {there!r}"))
        elif there in taken:
            other = taken[there]
            found.append(_problem(here, f"{there} 已对应 {other}", f"{there!r} is taken by {other!r} already"))
        elif (there in old.index and given.get(there, there) == there) and there != here:
            found.append(_problem(here, f"{there} 已对应它自己", f"{there!r} goes on as itself already"))
        elif not _comparable(old.nodes[old.index[here]], new.nodes[new.index[there]]):
            found.append(
                _problem(here, f"{here} 与 {there} 不是同类元素", f"{here!r} and {there!r} are of different kinds")
            )
        taken[there] = here
    return found


def _comparable(old: NodePlan, new: NodePlan) -> bool:
    """Any step may stand for any other step, as far as it is done; other elements for their own kind only."""
    if old.is_activity and new.is_activity:
        return (old.kind == "subProcess") == (new.kind == "subProcess")
    return old.kind == new.kind


def _counts(node: NodePlan) -> bool:
    return node.is_activity or node.kind in ("intermediateCatchEvent", "boundaryEvent", "eventBasedGateway")


def _alike(node: NodePlan, left: list[NodePlan], old: Plan, new: Plan) -> tuple[NodePlan | None, str]:
    same = [one for one in left if _comparable(node, one) and _around(one, new) == _around(node, old)]
    if node.model.origin:
        found = [one for one in same if one.model.origin == node.model.origin and likeness.fits(node, one)]
        if len(found) == 1:
            return found[0], "origin"
    name = node.model.name.strip()
    found = [one for one in same if name and one.model.name.strip() == name and one.kind == node.kind]
    return (found[0], "name") if len(found) == 1 else (None, "")


def _around(node: NodePlan, plan: Plan) -> str:
    return plan.nodes[node.scope].id if node.scope >= 0 else ""


def _problem(old: str, zh: str, en: str) -> Problem:
    escaped = old.replace("~", "~0").replace("/", "~1")
    return Problem(
        code="mapping_wrong", text=both(zh=zh, en=en), element=old, pointer=f"/nodes/{escaped}" if old else "/nodes"
    )
