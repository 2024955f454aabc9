"""Keys of the desk: what single keys do, changed or switched off by each person for themselves (WCAG 2.1.4).

A key is one character, or two with a space between that are pressed one after the other (``g i``).
"""

from collections.abc import Iterator, Mapping

import msgspec

from engine import errors, ports
from engine.model.problem import Problem
from engine.model.text import Text, both
from engine.people import agents
from engine.people.agent import Agent

DEFAULTS: dict[str, str] = {
    "down": "j",
    "up": "k",
    "more_down": "J",
    "more_up": "K",
    "open": "o",
    "pick": "x",
    "pick_all": "* a",
    "claim": "c",
    "approve": "a",
    "reject": "r",
    "edit": "e",
    "transfer": "t",
    "add_sign": "+",
    "send_back": "b",
    "urge": "u",
    "comment": "m",
    "more": ".",
    "search": "/",
    "undo": "z",
    "to_inbox": "g i",
    "to_claim": "g o",
    "to_done": "g d",
    "to_started": "g s",
    "to_cases": "g c",
    "to_processes": "g p",
    "to_start": "g n",
    "help": "?",
}
"""Command -> key as shipped."""
OFF = "off"
"""Stands among what a person changed when single keys are to do nothing at all."""


def of(agent: Agent) -> dict[str, str]:
    """Command -> key as this person has them; empty: switched off."""
    changed = dict(agent.shortcuts)
    if OFF in changed:
        return dict.fromkeys(DEFAULTS, "")
    return {command: changed.get(command, key) for command, key in DEFAULTS.items()}


def chosen(agent: Agent) -> dict[str, str]:
    """As ``of``, with what was chosen also while all are switched off."""
    changed = dict(agent.shortcuts)
    return {command: changed.get(command, key) for command, key in DEFAULTS.items()}


def change(engine: ports.Engine, *, keys: Mapping[str, str], on: bool, agent: Agent) -> None:
    """All keys of a person, those left out as shipped; an empty one does nothing. Raises Invalid."""
    found = list(_wrong({**DEFAULTS, **keys}))
    if found:
        raise errors.Invalid("keys_wrong", zh="快捷键有误", en="some keys are wrong", problems=found)
    kept = {command: key for command, key in keys.items() if key != DEFAULTS[command]}
    if not on:
        kept[OFF] = ""
    engine.store.run(lambda tx: tx.people.put(msgspec.structs.replace(agents.found(tx, agent.key), shortcuts=kept)))


def _wrong(keys: Mapping[str, str]) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    firsts = {key.split(" ")[0] for key in keys.values() if " " in key}
    for command, key in keys.items():
        if command not in DEFAULTS:
            yield _problem(command, both(zh=f"没有命令 {command}", en=f"there is no command {command!r}"))
        elif not key:
            continue
        elif not _is_key(key):
            yield _problem(
                command,
                both(zh="应为一个字符，或以空格隔开的两个字符", en="expected a character, or two with a space between"),
            )
        elif key in taken:
            yield _problem(command, both(zh=f"{key} 已用于另一命令", en=f"{key} does something else already"))
        elif key in firsts:
            yield _problem(command, both(zh=f"{key} 是另一命令的第一键", en=f"another command begins with {key}"))
        else:
            taken[key] = command


def _is_key(key: str) -> bool:
    parts = key.split(" ")
    return len(parts) <= 2 and all(len(part) == 1 and part.isprintable() for part in parts)


def _problem(command: str, text: Text) -> Problem:
    return Problem(code="key_wrong", text=text, pointer=f"/keys/{command}")
