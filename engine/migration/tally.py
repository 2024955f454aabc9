"""What became of a migration in numbers: by class and status, and why instances stayed or had to be adjusted."""

from collections.abc import Iterator, Mapping

import msgspec

from engine import moving
from engine.migration import plans
from engine.model.text import Text
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction

AT_A_TIME = 500


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """One reason at one step: of how many instances in one status it was told."""

    code: str
    node: str
    status: str
    text: Text
    """As it was told of the first of them."""
    count: int


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """``classes``: by class and status; class '' are those that nobody has looked at yet. ``causes``: the most frequent
    first."""

    classes: Mapping[str, Mapping[str, int]]
    causes: tuple[Cause, ...]


def tally(engine: Engine, *, plan_id: str, agent: Agent) -> Tally:
    """Raises Forbidden, NotFound."""
    rights.need(agent, "case.migrate")
    with engine.store.reading() as tx:
        plans.found(tx, plan_id)
        classes: dict[str, dict[str, int]] = {}
        for (status, kind), count in tx.moves.counts(plan_id).items():
            classes.setdefault(kind, {})[status] = count
        causes: dict[tuple[str, str, str], Cause] = {}
        for move in _moves(tx, plan_id):
            for why in move.reasons:
                key = (str(why["code"]), str(why.get("node", "")), move.status)
                first = causes.get(key) or Cause(code=key[0], node=key[1], status=key[2], text=why["text"], count=0)
                causes[key] = msgspec.structs.replace(first, count=first.count + 1)
    ordered = sorted(causes.values(), key=lambda one: (-one.count, one.code, one.node, one.status))
    return Tally(classes=classes, causes=tuple(ordered))


def _moves(tx: Transaction, plan_id: str) -> Iterator[moving.Move]:
    after = ""
    while page := tx.moves.page(plan_id=plan_id, after=after, limit=AT_A_TIME):
        yield from page
        after = page[-1].instance_id
