"""What customers ask and what staff answer, learnt from the scenarios of the shipped processes."""

import random
import re
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from engine.sample import staff
from engine.simulation import scenario
from engine.simulation.scenario import Scenario

THERE_ALREADY = ("list_id",)
"""Who names one of these speaks of what another case made: nothing that begins by itself."""
COMMON = 1 / 3
"""What is heard in so many of the scenarios belongs to the ordinary way."""
USUAL = 0.85
CAST = {
    "am": "account_managers",
    "director": "sales_directors",
    "ombuds": "ombudsman",
    "rep": "sales_reps",
}
"""Whose part scenarios play with ``rep_1``, ``rep_2``: groups of the house."""
_PLAYER = re.compile(rf"({'|'.join(CAST)})_(\d+)")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T.*)?")


class Beginning(NamedTuple):
    """How somebody starts a case for a customer of a group."""

    group: str
    said: dict[str, Any]
    told: Scenario


class Answer(NamedTuple):
    said: dict[str, Any]
    told: Scenario


class Habits:
    """Of one process. What is handed out speaks of the new case's key and of days around its beginning."""

    def __init__(self, process: str) -> None:
        self.process = process
        self.beginnings: list[Beginning] = []
        self.tasks: dict[str, list[Answer]] = defaultdict(list)
        self.messages: dict[str, list[Answer]] = defaultdict(list)
        self.thrown: set[str] = set()
        """Messages that its cases write to others themselves."""
        self._told = 0

    def learn(self, told: Scenario) -> None:
        self._told += 1
        self.thrown.update(told.expect.thrown or ())
        customer = (told.customer or {}).get("group", "")
        if not told.start.node and not any(told.start.data.get(name) for name in THERE_ALREADY):
            self.beginnings.append(Beginning(told.group or customer, told.start.data, told))
        for deed in told.deeds():
            if deed.complete:
                self.tasks[deed.complete].append(Answer(deed.data, told))
            elif deed.message:
                self.messages[deed.message].append(Answer(deed.data, told))

    def likely(self, message: str) -> float:
        """How often somebody writes it while a case waits for it: nearly always what most scenarios hear, seldom what
        few do (a change, a cancellation)."""
        share = len({id(answer.told) for answer in self.messages.get(message, ())}) / max(1, self._told)
        return USUAL if share >= COMMON else share / 2


def answers(
    shelf: list[Answer], *, key: str, begun: datetime, chance: random.Random, like: Scenario | None = None
) -> list[dict[str, Any]]:
    """In an order of chance: the first that fits is taken. ``like``: what this scenario says last comes first, so that
    a step which was done already is not done for ever."""
    last = [one for one in reversed(shelf) if one.told is like][:1]
    mixed = last + chance.sample(shelf, len(shelf))
    return [speak(one.said, one.told, key=key, begun=begun) for one in mixed]


def learn(catalogue: Path) -> dict[str, Habits]:
    """By process key."""
    found: dict[str, Habits] = {}
    for path in sorted(catalogue.glob("*/scenarios/*.json")):
        key = path.parent.parent.name
        found.setdefault(key, Habits(key)).learn(scenario.decode(path.read_bytes()))
    return found


def speak(said: Any, told: Scenario, *, key: str, begun: datetime) -> Any:
    """Data of a scenario as it is said of another case: its key, its days moved along with the
    beginning, its players people of the house."""
    if isinstance(said, dict):
        return {name: speak(value, told, key=key, begun=begun) for name, value in said.items()}
    if isinstance(said, list):
        return [speak(value, told, key=key, begun=begun) for value in said]
    if isinstance(said, str):
        if told.start.business_key and said == told.start.business_key:
            return key
        if player := _PLAYER.fullmatch(said):
            return _of_the_house(player[1], int(player[2]))
        day = _DAY.fullmatch(said)
        if day and told.start.at is not None:
            moved = date.fromisoformat(day[1]) + (begun.date() - told.start.at.date())
            return moved.isoformat() + (day[2] or "")
    return said


def _of_the_house(part: str, number: int) -> str:
    members = [one.key for one in staff.PEOPLE if CAST[part] in one.groups.split()]
    return members[(number - 1) % len(members)]


def later(moment: datetime, hours: float) -> datetime:
    """So many hours on, at the next moment when people work: from nine to six, Monday to Friday, as the clock of
    ``moment`` says."""
    found = moment + timedelta(hours=hours)
    if found.hour >= 18:
        found = (found + timedelta(days=1)).replace(hour=9)
    elif found.hour < 9:
        found = found.replace(hour=9)
    while found.weekday() > 4:
        found += timedelta(days=1)
    return found
