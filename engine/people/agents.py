"""A stored person as the Agent that acts."""

from engine import errors, ports, records
from engine.people.agent import ROLES, Agent


def of(person: records.Person) -> Agent:
    return Agent(
        key=person.key,
        name=person.name,
        roles=frozenset(role for role in ROLES if role in person.roles),
        groups=frozenset(person.groups),
        locale=person.locale,
        shortcuts=tuple(sorted(person.shortcuts.items())),
    )


def found(tx: ports.Transaction, key: str) -> records.Person:
    """Raises NotFound."""
    person = tx.people.get(key)
    if person is None:
        raise errors.NotFound("person_unknown", zh=f"没有用户“{key}”。", en=f"There is no user “{key}”.", person=key)
    return person
