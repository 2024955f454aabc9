"""What every list shares: only what the caller may see, filters by columns, pages."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from engine import queries, records
from engine.people import rights, scope
from engine.ports import Transaction
from web.camunda import door, moments, refusals, sent

T = TypeVar("T")


def mine() -> list[queries.Where]:
    """Raises errors.Forbidden for those who may see no cases at all."""
    rights.need(door.me(), "case.see")
    who = scope.of(door.me())
    return [queries.Where("", "seen by", who)] if who else []


def need(tx: Transaction, instance_id: str, unknown: refusals.Refusal) -> records.Instance:
    """The instance, running or not; whether one exists that the caller may not see is not told."""
    where = [queries.Where("id", "=", instance_id), *mine()]
    found = tx.lists.find(records.Instance, where=where, limit=1)
    if not found:
        raise unknown
    return found[0]


def equal(given: Mapping[str, Any], columns: Mapping[str, str]) -> list[queries.Where]:
    return [queries.Where(column, "=", text) for name, column in columns.items() if (text := sent.text(given, name))]


def among(given: Mapping[str, Any], columns: Mapping[str, str]) -> list[queries.Where]:
    return [
        queries.Where(column, "in", listed)
        for name, column in columns.items()
        if (listed := sent.several(given, name)) is not None
    ]


def like(given: Mapping[str, Any], columns: Mapping[str, str]) -> list[queries.Where]:
    return [queries.Where(column, "like", text) for name, column in columns.items() if (text := sent.text(given, name))]


def when(given: Mapping[str, Any], columns: Mapping[str, tuple[str, str]]) -> list[queries.Where]:
    """``columns``: parameter -> (column, how)."""
    return [
        queries.Where(column, how, moments.read(text, name))
        for name, (column, how) in columns.items()
        if (text := sent.text(given, name))
    ]


def waits(ids: Sequence[str]) -> queries.Where:
    """Rows of these ``<instance>.<number>``; ids of another form fit none."""
    pairs = [one.rpartition(".") for one in ids]
    groups = [
        [queries.Where("instance_id", "=", instance_id), queries.Where("wait", "=", int(number))]
        for instance_id, _, number in pairs
        if number.isascii() and number.isdigit() and len(number) < 12 and instance_id
    ]
    return queries.Where("", "or", groups or [[queries.Where("instance_id", "=", "")]])


def paged(found: list[T]) -> list[T]:
    """For lists that are put together here; the others are paged by the database."""
    first, most = sent.page()
    return found[first:] if most is None else found[first : first + most]
