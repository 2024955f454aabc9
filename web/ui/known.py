"""What to call processes, people, groups and customers; each kind is looked up once a request."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import flask

from engine import records, variation
from engine.attachments import keep
from engine.definitions import uses
from engine.people import groups, users
from web.ui import language, visitor

T = TypeVar("T")


def _once(name: str, find: Callable[[], T]) -> T:
    if name not in flask.g:
        setattr(flask.g, name, find())
    return cast(T, flask.g.get(name))


def people() -> dict[str, str]:
    """Key -> name; what nobody did was done by the system."""
    return _once("people_names", lambda: {"system": language.t("app.system"), **users.names(visitor.engine())})


def person(key: str) -> str:
    return people().get(key, key)


def staff_groups() -> dict[str, str]:
    """Key -> name."""
    return _once("group_names", lambda: groups.names(visitor.engine(), language.locale()))


def staff_group(key: str) -> str:
    return staff_groups().get(key, key)


def who(key: str) -> str:
    """A person or a staff group."""
    return people().get(key) or staff_group(key)


def processes() -> dict[str, records.Process]:
    def find() -> dict[str, records.Process]:
        with visitor.engine().store.reading() as tx:
            return {process.key: process for process in sorted(tx.processes.all(), key=lambda process: process.key)}

    return _once("processes", find)


def used(kind: str, key: str, process: str = "") -> int:
    """How many places of living versions name it."""
    found: dict[tuple[str, str], int] = _once(f"used_{kind}", lambda: _used(kind))
    return found.get((key, process), 0)


def running(process: str, version: variation.VariantVersion | None) -> int:
    """Cases that run with a version of a variant."""
    with visitor.engine().store.reading() as tx:
        return tx.variants.running().get((process, version.program), 0) if version is not None else 0


def _used(kind: str) -> dict[tuple[str, str], int]:
    return {(one.key, one.process): one.places for one in uses.keys(visitor.engine(), kind=kind, agent=visitor.me())}


def process(key: str) -> str:
    found = processes().get(key)
    return language.said(found.texts, key) if found else key


def customer(customer_id: str | None) -> records.Customer | None:
    if not customer_id:
        return None
    with visitor.engine().store.reading() as tx:
        return tx.customers.get(customer_id)


def customer_groups() -> dict[str, str]:
    """Key -> name of the customer groups, in the order of their rules; empty before any rules are released."""

    def find() -> dict[str, Any]:
        with visitor.engine().store.reading() as tx:
            held = tx.groups.released(visitor.now())
        return {group["key"]: group["names"] for group in held.rules["groups"]} if held else {}

    return {key: language.said(names, key) for key, names in _once("customer_groups", find).items()}


def customer_group(key: str) -> str:
    return customer_groups().get(key, "")


def attachment(attachment_id: str) -> records.Attachment | None:
    with visitor.engine().store.reading() as tx:
        return keep.find(tx, attachment_id, visitor.me())


def customer_words(typed: str) -> str:
    """Number and name of the customer that an address names, else what it says."""
    found = customer(customer_id(typed)) if typed else None
    return f"{found.number} {found.name}" if found else typed


def product_words(key: str) -> str:
    """Key and name of a product; what is none stays as it was typed."""
    with visitor.engine().store.reading() as tx:
        found = tx.ledger.product(key) if key else None
    return f"{key} {language.said(found.texts)}".strip() if found else key


def product_key(typed: str) -> str:
    """``gateway 网关`` or a key as the key; what names none stays as it was typed."""
    with visitor.engine().store.reading() as tx:
        return _key(typed, tx.ledger.product)


def material_words(key: str) -> str:
    """Key, version and title of material; what is none stays as it was typed."""
    with visitor.engine().store.reading() as tx:
        found = tx.assets.latest(key) if key else None
    return f"{key} v{found.n} {found.title}".strip() if found else key


def material_key(typed: str) -> str:
    """``SPRING v2 春季信函`` or a key as the key; what names none stays as it was typed."""
    with visitor.engine().store.reading() as tx:
        return _key(typed, tx.assets.latest)


def _key(typed: str, find: Callable[[str], object]) -> str:
    """The whole of what was typed, else its first word: whichever names something."""
    first = typed.split()[0] if typed.split() else typed
    return next((key for key in (typed, first) if find(key)), typed)


class Lookups:
    """What form fields may ask for."""

    def people(self, group: str) -> list[tuple[str, str]]:
        def find() -> list[records.Person]:
            with visitor.engine().store.reading() as tx:
                return tx.people.all()

        found = _once("all_people", find)
        return sorted(
            ((one.key, one.name) for one in found if one.active and (not group or group in one.groups)),
            key=lambda pair: pair[1],
        )

    def product(self, key: Any) -> str:
        return product_words(str(key or ""))

    def material(self, key: Any) -> str:
        return material_words(str(key or ""))

    def customer(self, customer_id: Any) -> str:
        found = customer(str(customer_id)) if customer_id else None
        return f"{found.number} {found.name}" if found else str(customer_id or "")


def customer_id(typed: str) -> str:
    """``C-0001 Name``, a number or an id as the id; what names nobody stays as it was typed."""
    number = typed.split()[0] if typed.split() else typed
    with visitor.engine().store.reading() as tx:
        found = tx.customers.get(typed) or tx.customers.by_number(number)
    return found.id if found else typed
