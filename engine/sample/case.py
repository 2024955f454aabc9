"""What a case under way in the sample company is."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from engine import records


class Deed(NamedTuple):
    """Somebody completes the open task of ``node``."""

    node: str
    data: dict[str, Any]
    minutes: int = 20
    """Since the deed before."""


class Case(NamedTuple):
    process: str
    client: str
    """Number of the customer; empty where the process is for none."""
    key: str
    hours: float
    """How long ago it was started."""
    data: dict[str, Any]
    deeds: tuple[Deed, ...] = ()


def able(people: Iterable[records.Person], item: records.WorkItem) -> list[records.Person]:
    """Who of them may do it: whose it is, else whoever may take it, four eyes kept."""
    return [
        person
        for person in people
        if person.key not in item.excluded
        and (
            person.key == item.assignee
            or (item.assignee is None and (person.key in item.users or set(item.groups) & set(person.groups)))
        )
    ]
