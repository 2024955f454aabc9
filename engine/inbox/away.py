"""Who is away from a work item, and who stands in for them: one who is there, by the narrowest word that fits."""

from collections.abc import Sequence
from datetime import datetime

from engine import ports, records
from engine.people.agent import TASK_ROLES


def covering(
    absences: Sequence[records.Absence], *, person: str, process: str, group: str, now: datetime
) -> records.Absence | None:
    """The person's absence that holds now for work of this process for this customer group: one that names both before
    one that names either, that before one for all work; of equals the one that began last."""
    fitting = [
        one
        for one in absences
        if one.person == person
        and one.starts_at <= now < one.ends_at
        and (not one.processes or process in one.processes)
        and (not one.groups or group in one.groups)
    ]
    return max(fitting, key=lambda one: (bool(one.processes) + bool(one.groups), one.starts_at, one.id), default=None)


class Away:
    """What the absences say of one work item at one moment. The customer is read only where one asks for a group."""

    def __init__(
        self, tx: ports.Transaction, item: records.WorkItem, absences: Sequence[records.Absence], now: datetime
    ) -> None:
        self._tx, self._item, self._absences, self._now = tx, item, absences, now
        self._group: str | None = None

    def is_away(self, person: str) -> bool:
        return self._absence(person) is not None

    def stand_in(self, person: str) -> str:
        """Who does the work in the stead of ``person``: the substitute; where that one is away too, has left, or may
        not do it by four eyes, the person's manager. Empty: the person is there, or nobody could. Nobody stands in
        for a substitute: work is not handed on a second time."""
        absence = self._absence(person)
        if absence is None:
            return ""
        if absence.substitute and self.fit(absence.substitute):
            return absence.substitute
        known = self._tx.people.get(person)
        manager = known.manager if known is not None and absence.substitute else ""
        return manager if manager and manager != person and self.fit(manager) else ""

    def fit(self, key: str) -> bool:
        """Somebody who works here, is there, and did not do what this step checks."""
        person = self._tx.people.get(key)
        if person is None or not person.active or not TASK_ROLES & set(person.roles):
            return False
        return key not in self._item.excluded and not self.is_away(key)

    def _absence(self, person: str) -> records.Absence | None:
        if not any(one.person == person for one in self._absences):
            return None
        return covering(
            self._absences, person=person, process=self._item.process, group=self._customer_group(), now=self._now
        )

    def _customer_group(self) -> str:
        if self._group is None:
            customer_id = self._item.customer_id
            asked = customer_id and any(one.groups for one in self._absences)
            customer = self._tx.customers.get(customer_id) if asked and customer_id else None
            self._group = customer.group if customer is not None else ""
        return self._group
