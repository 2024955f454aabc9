"""Which program an instance gets, decided once at its start, explained in one sentence, and repeatable ever after."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, records, variation
from engine.customers import facts, groups, rules
from engine.definitions import hold
from engine.model.text import EN, ZH, Text, both, pick
from engine.ports import Transaction
from engine.variants import compose, context

_ENCODER = msgspec.json.Encoder(order="sorted")


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What a process can be for whom, as released: its base, and the variant of each group that has one."""

    process: str
    names: Text
    base_n: int
    base_program: str
    suspended: bool = False
    """Nothing starts with the base, nor with what stands on it."""
    variants: dict[str, "Candidate"] = {}
    """By customer group, whatever the circumstances."""
    special: tuple["Candidate", ...] = ()
    """For circumstances of a start."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    n: int
    group: str
    program: str
    base_n: int
    fingerprint: compose.Fingerprint
    """Of everything that lies over the base, the groups above included."""
    chain: tuple[dict[str, Any], ...] = ()
    context: tuple[variation.Circumstance, ...] = ()
    priority: int = 0


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    program: str
    sentence: Text
    chain: tuple[dict[str, Any], ...]
    candidate: Candidate | None
    """None: the base."""
    tied: tuple[str, ...] = ()
    """Variants for circumstances that fit alike, so that none of them was taken."""


class VariantChooser:
    """Fulfils ports.Chooser. Compiled rules are kept by version, which never changes once released."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._books: dict[int, rules.Book] = {}

    def choose(
        self,
        tx: Transaction,
        *,
        instance_id: str,
        process: records.Process,
        customer: records.Customer | None,
        data: Mapping[str, Any],
        now: datetime,
    ) -> records.Resolution:
        """Raises Conflict when no base of the process is released, when it is on hold, or no rule says the
        customer's group.

        Where no group rules are released there are no groups: everybody gets the base.
        """
        offered = offer(tx, process)
        if offered.suspended:
            raise hold.refusal(process.key)
        meant = () if customer else audience(tx, process, data)
        book = self._book(tx, now) if customer or meant else None
        decided = groups.decide(book, customer, now=now) if book and customer else book.named(meant) if book else None
        chosen = pick_one(offered, book, decided, data=data, now=now)
        known = evidence(offered, book, decided, facts.of(customer) if customer else None, data=data)
        known["audience"] = list(meant)
        known["tied"] = [*(decided.tied if decided else ()), *chosen.tied]
        return records.Resolution(
            id=self._new_id(),
            instance_id=instance_id,
            process=process.key,
            customer_id=customer.id if customer else None,
            program=chosen.program,
            as_of=now,
            sentence=chosen.sentence,
            facts=known,
            facts_sha256=hashlib.sha256(_ENCODER.encode(known)).hexdigest(),
            rules=tuple(msgspec.to_builtins(outcome) for outcome in decided.outcomes) if decided else (),
            chain=chosen.chain,
        )

    def _book(self, tx: Transaction, now: datetime) -> rules.Book | None:
        version = tx.groups.released(now)
        if version is None:
            return None
        if version.n not in self._books:
            self._books[version.n] = rules.Book(rules.read(version.rules))
        return self._books[version.n]


def audience(tx: Transaction, process: records.Process, data: Mapping[str, Any]) -> tuple[str, ...]:
    """The customer groups that a case without a customer is for: those that its start names (one, or a list), else
    those of the campaign that it names."""
    start = process.details.get("start", {})
    named = data.get(start.get("group_from", ""))
    if not named and isinstance(campaign := data.get(start.get("campaign_from", "")), str):
        known = tx.campaigns.get(campaign)
        named = known.audience if known else ()
    keys = named if isinstance(named, list | tuple) else (named,)
    return tuple(dict.fromkeys(key for key in keys if isinstance(key, str) and key))


def offer(tx: Transaction, process: records.Process) -> Offer:
    """What is released now. Raises Conflict when no base is."""
    base = tx.processes.released(process.key)
    if base is None:
        raise errors.Conflict(
            "nothing_released",
            zh=f"流程 {process.key} 还没有发布的版本",
            en=f"no version of {process.key!r} is released",
            process=process.key,
        )
    return of(process, base, [candidate(*pair) for pair in tx.variants.released(process.key)])


def of(process: records.Process, base: records.BaseVersion, found: Sequence["Candidate"]) -> Offer:
    """A variant without group and circumstances is chosen by name only: it is offered to nobody."""
    return Offer(
        process=process.key,
        names=process.texts,
        base_n=base.n,
        base_program=base.program,
        suspended=base.suspended,
        variants={one.group: one for one in found if one.group and not one.context},
        special=tuple(one for one in found if one.context),
    )


def candidate(variant: variation.Variant, version: variation.VariantVersion) -> Candidate:
    return Candidate(
        id=variant.id,
        n=version.n,
        group=variant.customer_group,
        program=version.program,
        base_n=version.base_n,
        fingerprint=fingerprint(version),
        chain=version.chain,
        context=variant.context,
        priority=variant.priority,
    )


def fingerprint(version: variation.VariantVersion) -> compose.Fingerprint:
    """Of the version's own operations and of those that it stands on."""
    links = [compose.Fingerprint(*link["changes"]) for link in version.chain if link["kind"] == "variant"]
    return sum(links, compose.Fingerprint())


def pick_one(
    offered: Offer,
    book: rules.Book | None,
    decided: rules.Decision | None,
    *,
    data: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> Chosen:
    """The most specific variant that fits the customer's group and the start's data (context.rank), else the base.

    Where two for circumstances fit alike, which a release refuses with an example unless it could not decide it, none
    of them is taken but what comes next. Pure; without ``now`` no circumstances hold.
    """
    line = book.chain(decided.group) if book and decided else []
    fitting = [offered.variants[group] for group in line if group in offered.variants]
    if now is not None:
        given = data or {}
        open_to = [one for one in offered.special if not one.group or one.group in line]
        fitting += [one for one in open_to if context.holds(one.context, given, now=now)]
    found, tied = _winner(fitting, book)
    base = {"kind": "base", "id": offered.process, "n": found.base_n if found else offered.base_n}
    if found is None:
        return Chosen(
            program=offered.base_program,
            sentence=_with_ties(_base_says(offered, book, decided), tied),
            chain=(base | {"program": offered.base_program},),
            candidate=None,
            tied=tied,
        )
    says = _special_says(offered, found, data or {}) if found.context else _variant_says(offered, found, book, decided)
    return Chosen(program=found.program, sentence=_with_ties(says, tied), chain=found.chain, candidate=found, tied=tied)


def _winner(fitting: Sequence[Candidate], book: rules.Book | None) -> tuple[Candidate | None, tuple[str, ...]]:
    """The one that goes before all others, and those that would have but for each other."""
    ranked: dict[tuple[int, int, bool], list[Candidate]] = {}
    for one in fitting:
        ranked.setdefault(context.rank(one.group, one.priority, one.context, book), []).append(one)
    tied: tuple[str, ...] = ()
    for rank in sorted(ranked, reverse=True):
        if len(ranked[rank]) == 1:
            return ranked[rank][0], tied
        tied += tuple(one.id for one in ranked[rank])
    return None, tied


def _with_ties(says: Text, tied: Sequence[str]) -> Text:
    if not tied:
        return says
    return both(
        zh=f"{says[ZH]}变体 {'、'.join(tied)} 同样适用，无法决定，因此都未采用。",
        en=f"{says[EN]} The variants {' and '.join(tied)} fit alike, so none of them was taken.",
    )


def evidence(
    offered: Offer,
    book: rules.Book | None,
    decided: rules.Decision | None,
    known: dict[str, Any] | None,
    *,
    data: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Everything that the choice depended on, as JSON: enough to repeat it without asking anybody."""
    return {
        "customer": known,
        "book": slim(book.rules) if book else None,
        "decided": {"group": decided.group, "how": decided.how, "inputs": decided.inputs} if decided else None,
        "base": [offered.base_n, offered.base_program],
        "variants": {group: [one.id, one.n, one.program] for group, one in offered.variants.items()},
        "special": [
            [one.id, one.n, one.program, one.group, one.priority, [[each.name, each.type, each.test] for each in asked]]
            for one in offered.special
            for asked in (one.context,)
        ],
        "data": {each.name: (data or {}).get(each.name) for one in offered.special for each in one.context},
    }


def slim(whole: rules.GroupRules) -> dict[str, Any]:
    """The rules without names and reasons: what decides, and nothing else."""
    return {
        "groups": [[group.key, group.parent, group.priority] for group in whole.groups],
        "inputs": [[item.name, item.expression, item.type] for item in whole.inputs],
        "rules": [[rule.id, rule.when, rule.group] for rule in whole.rules],
        "default": whole.default,
    }


def _special_says(offered: Offer, found: Candidate, data: Mapping[str, Any]) -> Text:
    because, changes, process = context.says(found.context, data), found.fingerprint.says(), offered.names
    total, name = found.fingerprint.total, found.id.partition(":")[2]
    return both(
        zh=f"变体“{name}”v{found.n}：因为{because[ZH]}；基准“{pick(process, ZH)}”v{found.base_n}，共 {total} 处变更"
        + (f"：{changes[ZH]}。" if total else "。"),
        en=f"Variant {name} v{found.n} because {because[EN]}; base {pick(process, EN)} v{found.base_n} "
        f"with {total} change{'' if total == 1 else 's'}" + (f": {changes[EN]}." if total else "."),
    )


def _variant_says(offered: Offer, found: Candidate, book: rules.Book | None, decided: rules.Decision | None) -> Text:
    assert book is not None and decided is not None, "only a customer's group leads to a variant"
    group, owner, because = book.name(decided.group), book.name(found.group), decided.says
    changes, process = found.fingerprint.says(), offered.names
    total = found.fingerprint.total
    via = found.group != decided.group
    zh_via = f"（没有自己的变体，沿用{pick(owner, ZH)}）" if via else ""
    en_via = f" (no variant of its own, that of {pick(owner, EN)})" if via else ""
    return both(
        zh=f"{pick(group, ZH)} v{found.n}{zh_via}：{because[ZH]}；"
        f"基准“{pick(process, ZH)}”v{found.base_n}，共 {total} 处变更" + (f"：{changes[ZH]}。" if total else "。"),
        en=f"{pick(group, EN)} v{found.n}{en_via} {because[EN]}; base {pick(process, EN)} v{found.base_n} "
        f"with {total} change{'' if total == 1 else 's'}" + (f": {changes[EN]}." if total else "."),
    )


def _base_says(offered: Offer, book: rules.Book | None, decided: rules.Decision | None) -> Text:
    process, n = offered.names, offered.base_n
    if book is None or decided is None:
        return both(
            zh=f"基准“{pick(process, ZH)}”v{n}：没有客户群可依据。",
            en=f"Base {pick(process, EN)} v{n}: there is no customer group to go by.",
        )
    group = book.name(decided.group)
    return both(
        zh=f"{pick(group, ZH)}：{decided.says[ZH]}；该群没有变体，使用基准“{pick(process, ZH)}”v{n}。",
        en=f"{pick(group, EN)} {decided.says[EN]}; the group has no variant: base {pick(process, EN)} v{n}.",
    )
