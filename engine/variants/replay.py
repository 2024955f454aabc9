"""A stored choice, repeated from the resolution alone; with other facts it says what would have been."""

from collections.abc import Mapping
from typing import Any

import msgspec

from engine import errors, records
from engine.customers import rules
from engine.model.text import both
from engine.variants import choose, compose


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    group: str
    """Empty where no customer was concerned."""
    variant: str
    """Id; empty: the base."""
    n: int
    program: str
    outcomes: tuple[rules.Outcome, ...] = ()


def replay(resolution: records.Resolution, *, facts: Mapping[str, Any] | None = None) -> Replayed:
    """``facts`` replace single facts of the customer (``{"contract": "gold", "values": {...}}``).

    Unchanged facts give the program that was chosen. A decision by hand or a minimum stay that held the customer back
    is part of what was decided and stays; with other facts only the rules speak.
    """
    kept = resolution.facts
    base_n, base_program = kept["base"]
    if kept["decided"] is None:
        return Replayed(group="", variant="", n=base_n, program=base_program)
    book = rules.Book(book_of(kept["book"]))
    known = {**kept["customer"], **(facts or {})}
    inputs = book.look(known, now=resolution.as_of)
    outcomes = book.try_all(inputs, now=resolution.as_of)
    hits = [outcome.group for outcome in outcomes if not outcome.missed]
    group = max(hits, key=book.rank, default=book.rules.default)
    if not facts and kept["decided"]["how"] in ("override", "held"):
        group = kept["decided"]["group"]
    if not group:
        raise errors.Conflict("no_group", zh="没有规则适用于这些取值", en="no group rule matches these facts")
    offered = choose.Offer(
        process=resolution.process,
        names={},
        base_n=base_n,
        base_program=base_program,
        variants={
            key: choose.Candidate(
                id=variant, n=n, group=key, program=program, base_n=base_n, fingerprint=compose.Fingerprint()
            )
            for key, (variant, n, program) in kept["variants"].items()
        },
    )
    decided = rules.Decision(group=group, how="rule", inputs=inputs, outcomes=outcomes, says=both(zh="", en=""))
    found = choose.pick_one(offered, book, decided)
    if found.candidate is None:
        return Replayed(group=group, variant="", n=base_n, program=base_program, outcomes=outcomes)
    return Replayed(
        group=group,
        variant=found.candidate.id,
        n=found.candidate.n,
        program=found.program,
        outcomes=outcomes,
    )


def book_of(slim: Mapping[str, Any]) -> rules.GroupRules:
    """The opposite of choose.slim, as far as deciding goes."""
    return rules.GroupRules(
        groups=tuple(
            rules.Group(key=key, parent=parent, priority=priority, names=both(zh=key, en=key))
            for key, parent, priority in slim["groups"]
        ),
        inputs=tuple(rules.Input(name=name, expression=text, type=kind) for name, text, kind in slim["inputs"]),
        rules=tuple(rules.Rule(id=rule, when=when, group=group) for rule, when, group in slim["rules"]),
        default=slim["default"],
    )
