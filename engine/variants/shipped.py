"""The catalogue's folders into the store: base versions, the customer groups, and every variant, released in order."""

import json
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from engine import errors, variation
from engine.customers import groups, rules
from engine.definitions import bases, folder
from engine.people.agent import SYSTEM, Agent
from engine.ports import Engine, Transaction
from engine.variants import approval, author, release


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    processes: tuple[str, ...]
    variants: tuple[str, ...]


def install(
    engine: Engine,
    *,
    path: Path,
    read: folder.Reader,
    agent: Agent,
    now: datetime,
    only: Sequence[str] = (),
    told: Callable[[str], None] = lambda name: None,
) -> Installed:
    """The process folders under ``path``, those named by ``only`` or all, and ``groups.json``; what is there
    already and unchanged stays as it is.

    ``told`` hears each folder's name when it is done. Raises NotFound, before anything is done, for a name that no
    folder has, and Invalid with every problem of the first folder that is wrong: then the installation is broken.
    """
    places = {one.name: one for one in sorted(path.iterdir()) if (one / "process.bpmn").is_file()}
    _need(places, only)
    document = json.loads((path / "groups.json").read_bytes())
    engine.store.run(lambda tx: _groups(tx, document, agent, now))
    installed: list[str] = []
    variants: list[str] = []
    for place in [one for name, one in places.items() if not only or name in only]:
        loaded = folder.load(place, read=read)
        variants += engine.store.run(lambda tx, loaded=loaded: _process(engine, tx, loaded, agent, now))  # type: ignore[misc]
        installed.append(loaded.name)
        told(loaded.name)
    return Installed(processes=tuple(installed), variants=tuple(variants))


def _need(there: Collection[str], wanted: Sequence[str]) -> None:
    missing = sorted(set(wanted) - set(there))
    if missing:
        raise errors.NotFound(
            "process_not_shipped",
            zh=f"流程目录中没有 {'、'.join(missing)}，可选：{'、'.join(there)}",
            en=f"The catalogue has no {', '.join(missing)}; there are {', '.join(there)}",
        )


def _groups(tx: Transaction, document: dict[str, object], agent: Agent, now: datetime) -> None:
    """Those of the catalogue, unless the house has released its own."""
    present = tx.groups.released(now)
    own = present is not None and present.created_by != SYSTEM.key
    if present is None or (present.rules != document and not own):
        groups.publish_within(tx, document=document, agent=agent, now=now)


def _process(engine: Engine, tx: Transaction, loaded: folder.Folder, agent: Agent, now: datetime) -> list[str]:
    bases.install(engine, tx, folder=loaded, agent=agent, now=now)
    book = groups.book(tx, now)
    orders = [
        author.Order(
            process=document["process"],
            name=name,
            group=document.get("group", ""),
            context=msgspec.convert(document.get("context", []), tuple[variation.Circumstance, ...]),
            priority=document.get("priority", 0),
            texts=document["names"],
            reason=document["reason"],
            operations=document["operations"],
            with_base=True,
        )
        for name, document in loaded.variants.items()
    ]
    return [_variant(tx, order, book, agent, now).variant_id for order in _from_the_root(orders, book)]


def _variant(
    tx: Transaction, order: author.Order, book: rules.Book, agent: Agent, now: datetime
) -> variation.VariantVersion:
    if order.group and order.group not in book.groups:
        raise errors.Invalid(
            "group_unknown",
            zh=f"变体 {order.process}/{order.name}：没有客户群 {order.group}",
            en=f"variant {order.process}/{order.name}: there is no group {order.group!r}",
        )
    saved = author.save_within(tx, order=order, agent=agent, now=now)
    if saved.status == "released":
        return saved
    which: dict[str, Any] = {"variant_id": saved.variant_id, "n": saved.n}
    if not saved.submitted:
        approval.submit_within(tx, **which, agent=agent, now=now)
    if agent.key != SYSTEM.key:  # what a person brings in, somebody else approves
        return saved
    approval.approve_within(tx, **which, agent=agent, now=now)
    return release.release_within(tx, **which, agent=agent, now=now)


def _from_the_root(orders: Sequence[author.Order], book: rules.Book) -> list[author.Order]:
    """Groups above first: a variant is composed on top of theirs."""
    return sorted(orders, key=lambda order: (len(book.ancestors(order.group)), order.name))
