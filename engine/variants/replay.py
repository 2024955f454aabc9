"""A stored choice, repeated from the resolution alone; with other facts it says what would have been."""

from collections.abc import Mapping
from typing import Any

import msgspec

from engine import errors, records, variation
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


def replay(
    resolution: records.Resolution,
    *,
    facts: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> Replayed:
    """``facts`` replace single facts of the customer (``{"contract": "gold", "values": {...}}``), ``data`` single
    values that the start brought.

    Unchanged facts give the program that was chosen. A decision by hand or a minimum stay that held the customer back
    is part of what was decided and stays; with other facts only the rules speak.
    """
    kept = resolution.facts
    base_n, base_program = kept["base"]
    book, decided = _decided(resolution, facts)
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
        special=tuple(_special(entry, base_n) for entry in kept.get("special", ())),
    )
    given = {**kept.get("data", {}), **(data or {})}
    found = choose.pick_one(offered, book, decided, data=given, now=resolution.as_of)
    return Replayed(
        group=decided.group if decided else "",
        variant=found.candidate.id if found.candidate else "",
        n=found.candidate.n if found.candidate else base_n,
        program=found.program,
        outcomes=decided.outcomes if decided else (),
    )


def _decided(
    resolution: records.Resolution, facts: Mapping[str, Any] | None
) -> tuple[rules.Book | None, rules.Decision | None]:
    """The group by the rules that are kept; none where no customer was concerned."""
    kept = resolution.facts
    if kept["decided"] is None:
        return None, None
    book = rules.Book(book_of(kept["book"]))
    if kept["decided"]["how"] == "named":
        return book, book.named(kept.get("audience") or [kept["decided"]["group"]])
    inputs = book.look({**kept["customer"], **(facts or {})}, now=resolution.as_of)
    outcomes = book.try_all(inputs, now=resolution.as_of)
    hits = [outcome.group for outcome in outcomes if not outcome.missed]
    tied = book.winners(hits)
    group = book.above(tied) if len(tied) > 1 else next(iter(tied), book.rules.default)
    before, how = kept["decided"]["group"], kept["decided"]["how"]
    if not facts and (how in ("override", "held") or (how == "rule" and len(tied) > 1)):
        group = before  # once the rule that stood first decided a tie; such resolutions are kept
    if not group:
        raise errors.Conflict("no_group", zh="没有规则适用于这些取值", en="no group rule matches these facts")
    return book, rules.Decision(group=group, how="rule", inputs=inputs, outcomes=outcomes, says=both(zh="", en=""))


def _special(entry: list[Any], base_n: int) -> choose.Candidate:
    variant, n, program, group, priority, asked = entry
    return choose.Candidate(
        id=variant,
        n=n,
        group=group,
        program=program,
        base_n=base_n,
        fingerprint=compose.Fingerprint(),
        context=tuple(variation.Circumstance(name=name, type=kind, test=test) for name, kind, test in asked),
        priority=priority,
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
