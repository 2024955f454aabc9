"""What customers ask and what staff answer, learnt from the scenarios of the shipped processes."""

import random
import re
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from engine.simulation import scenario
from engine.simulation.scenario import Scenario

THERE_ALREADY = ("list_id",)
"""Who names one of these speaks of what another case made: nothing that begins by itself."""
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

    def learn(self, told: Scenario) -> None:
        customer = (told.customer or {}).get("group", "")
        if not told.start.node and not any(told.start.data.get(name) for name in THERE_ALREADY):
            self.beginnings.append(Beginning(told.group or customer, told.start.data, told))
        for deed in told.deeds():
            if deed.complete:
                self.tasks[deed.complete].append(Answer(deed.data, told))
            elif deed.message:
                self.messages[deed.message].append(Answer(deed.data, told))


def answers(shelf: list[Answer], *, key: str, begun: datetime, chance: random.Random) -> list[dict[str, Any]]:
    """In an order of chance: the first that fits is taken."""
    mixed = chance.sample(shelf, len(shelf))
    return [speak(one.said, one.told, key=key, begun=begun) for one in mixed]


def learn(catalogue: Path) -> dict[str, Habits]:
    """By process key."""
    found: dict[str, Habits] = {}
    for path in sorted(catalogue.glob("*/scenarios/*.json")):
        key = path.parent.parent.name
        found.setdefault(key, Habits(key)).learn(scenario.decode(path.read_bytes()))
    return found


def speak(said: Any, told: Scenario, *, key: str, begun: datetime) -> Any:
    """Data of a scenario as it is said of another case: its key, and its days moved along with the beginning."""
    if isinstance(said, dict):
        return {name: speak(value, told, key=key, begun=begun) for name, value in said.items()}
    if isinstance(said, list):
        return [speak(value, told, key=key, begun=begun) for value in said]
    if isinstance(said, str):
        if told.start.business_key and said == told.start.business_key:
            return key
        day = _DAY.fullmatch(said)
        if day and told.start.at is not None:
            moved = date.fromisoformat(day[1]) + (begun.date() - told.start.at.date())
            return moved.isoformat() + (day[2] or "")
    return said


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
