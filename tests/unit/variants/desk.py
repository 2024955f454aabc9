"""A house with the quote process, four customer groups and two admins who bring variants to release together."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from engine import variation
from engine.customers import groups
from engine.model.program import Program
from engine.people.agent import SYSTEM, Agent
from engine.variants import approval, author, compose, release
from engine.variants.operations import kinds
from tests.house import House, house
from tests.unit.customers.books import document
from tests.unit.variants.models import quote, text

ANN = Agent(key="ann", name="Ann", roles=frozenset({"admin"}))
BEN = Agent(key="ben", name="Ben", roles=frozenset({"admin"}))
LI = Agent(key="li", name="Li", roles=frozenset({"staff"}))
LIMIT = {"id": "ka_limit", "kind": "set_parameter", "target": "limit", "value": 50, "reason": text("why")}
PHONE = {"id": "ka_phone", "kind": "set_channel", "target": "Send", "channel": "phone", "reason": text("why")}


def base() -> Program:
    """The quote process whose check needs no decision table."""
    program = msgspec.structs.replace(quote(), decisions={})
    check = next(node for node in program.nodes if node.id == "Check")
    plain = [msgspec.structs.replace(check, decision="") if node is check else node for node in program.nodes]
    return msgspec.structs.replace(program, nodes=tuple(plain))


def improved(program: Program, *documents: dict[str, Any], name: str = "") -> Program:
    """The next base: the same with these operations worked in, as if its owner had drawn them."""
    said = [{"id": f"b{number}", "reason": text("why"), **one} for number, one in enumerate(documents, 1)]
    made = compose.program(program, kinds.read(said))
    return msgspec.structs.replace(
        made,
        name=name or made.name,
        nodes=tuple(msgspec.structs.replace(node, origin="") for node in made.nodes),
        flows=tuple(msgspec.structs.replace(flow, origin="") for flow in made.flows),
    )


@contextmanager
def desk(folder: Path, rules: dict[str, Any] | None = None, **wired: Any) -> Iterator[House]:
    with house(folder, **wired) as made:
        made.release(base())
        groups.publish(made.engine, document=rules or document(), agent=SYSTEM, now=made.now)
        yield made


def write(
    house: House, *operations: dict[str, Any], group: str = "KA", name: str = "", by: Agent = ANN, **more: Any
) -> variation.VariantVersion:
    order = author.Order(
        process="SFA-03", name=name or group.lower(), group=group, texts=text(group), reason=text("r"),
        operations=list(operations), **more,
    )  # fmt: skip
    return author.save(house.engine, order=order, agent=by, now=house.now)


def act(house: House, what: Any, by: Agent, found: variation.VariantVersion, **more: Any) -> variation.VariantVersion:
    done: variation.VariantVersion = what(
        house.engine, variant_id=found.variant_id, n=found.n, agent=by, now=house.now, **more
    )
    return done


def approved(house: House, *operations: dict[str, Any], **more: Any) -> variation.VariantVersion:
    """Ann writes and submits, Ben approves."""
    saved = write(house, *operations, **more)
    act(house, approval.submit, ANN, saved)
    return act(house, approval.approve, BEN, saved)


def bring(house: House, *operations: dict[str, Any], **more: Any) -> variation.VariantVersion:
    """All the way to release."""
    return act(house, release.release, BEN, approved(house, *operations, **more))


def versions(house: House, variant_id: str = "SFA-03:ka") -> dict[int, str]:
    with house.engine.store.reading() as tx:
        return {one.n: one.status for one in tx.variants.versions(variant_id)}
