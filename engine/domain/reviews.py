"""Processes measured and reviewed: how long, in time or not, at what cost, where it sticks, what came of a change."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import fmean, median
from typing import Any

import msgspec

from engine import errors, queries, records, steering
from engine.domain import given
from engine.model import nodes
from engine.model.text import LOCALES
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction

CASES_AT_LEAST = 5
MOST_CASES = 2000
MOST_ITEMS = 20000
NEWEST_FIRST = ("-ended_at",)
BOTTLENECKS = 3
MILLION = 1_000_000
BETTER_BY = 0.05
"""Less than this is no proof."""
DECISIONS = ("keep", "improve", "redesign", "retire")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What the work of one step came to."""

    step: str
    name: str
    """Chinese and English."""
    done: int
    hours: float
    """On average, from opened to done."""
    late_percent: float
    cost: float
    tag: str = ""
    value_missing: bool = False


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "reviews.compute": lambda call: store.run(lambda tx: _compute(tx, call)),
        "reviews.feedback": lambda call: _feedback(store, call),
        "reviews.decide": lambda call: store.run(lambda tx: _decide(tx, call)),
        "reviews.compare": lambda call: _compare(store, call),
    }


def steps(items: Iterable[records.WorkItem], known: Mapping[str, nodes.AnyNode]) -> list[Step]:
    """Of completed work, the step that took the most time of all first."""
    kept: dict[str, list[records.WorkItem]] = defaultdict(list)
    for item in items:
        kept[item.node].append(item)
    found = []
    for node, done in kept.items():
        hours = [(one.ended_at - one.created_at).total_seconds() / 3600 for one in done if one.ended_at]
        worth = getattr(known.get(node), "worth", None)
        texts = done[0].texts
        found.append(
            Step(
                step=node,
                name=" / ".join(dict.fromkeys(texts.get(locale) or done[0].name for locale in LOCALES)),
                done=len(done),
                hours=round(fmean(hours), 2) if hours else 0,
                late_percent=round(100 * sum(map(late, done)) / len(done), 1),
                cost=round(worth.cost * len(done), 2) if worth else 0,
                tag=worth.tag if worth else "",
                value_missing=worth is None or not all(worth.value.get(locale) for locale in LOCALES),
            )
        )
    return sorted(found, key=lambda one: (-one.hours * one.done, one.step))


def late(item: records.WorkItem) -> bool:
    return bool(item.due_at and item.ended_at and item.ended_at > item.due_at)


def missed(item: records.WorkItem) -> bool:
    """Its goal."""
    return bool(item.goal_at and item.ended_at and item.ended_at > item.goal_at)


def dpmo(promised: int, broken: int) -> float | None:
    """Broken promises of a million; None where nothing was promised."""
    return round(MILLION * broken / promised, 0) if promised else None


def change(before: float | None, now: float | None) -> float | None:
    """In per cent of what was; None where there is nothing to compare."""
    return round(100 * (now - before) / before, 1) if before and now is not None else None


def _compute(tx: Transaction, call: JobCall) -> JobAnswer:
    """``figures`` of the ``process`` over ``span`` until now; where none is named, of the one that broke most promises.

    ``enough`` when so many cases ended that it says something. What was measured is kept with the case.
    """
    since = call.now - given.span(call, "span", timedelta(days=90))
    process = given.text(call, "process", "") or _worst(tx, since)
    figures, heat = _figures(tx, process, since) if process else ({"cases": 0}, [])
    if process:
        known = tx.reviews.get(call.instance_id)
        asked = steering.ProcessReview(
            id=call.instance_id, process=process, since=since, until=call.now, figures=figures
        )
        kept = msgspec.structs.replace(known, since=since, until=call.now, figures=figures) if known else asked
        tx.reviews.put(kept)
    return JobAnswer(
        data={
            "process": process,
            "figures": figures,
            "enough": figures["cases"] >= given.number(call, "cases_at_least", CASES_AT_LEAST),
            "heat": [msgspec.to_builtins(one) for one in heat],
            "bottlenecks": [one.name for one in heat[:BOTTLENECKS]],
            "value_gaps": [one.name for one in heat if one.value_missing or one.tag == "NVA"],
        }
    )


def _figures(tx: Transaction, process: str, since: datetime) -> tuple[dict[str, Any], list[Step]]:
    ended = _completed(since, queries.Where("process", "=", process))
    cases = tx.lists.find(records.Instance, where=ended, order=NEWEST_FIRST, limit=MOST_CASES)
    items = tx.lists.find(records.WorkItem, where=ended, order=NEWEST_FIRST, limit=MOST_ITEMS)
    known = {one.id: one for program in {item.program for item in items} for one in _nodes(tx, program)}
    heat = steps(items, known)
    hours = [(one.ended_at - one.started_at).total_seconds() / 3600 for one in cases if one.ended_at]
    promised, aimed = [one for one in items if one.due_at], [one for one in items if one.goal_at]
    broken = sum(map(late, promised))
    worthy = [one for one in known.values() if isinstance(one, nodes.Activity)]
    valued = sum(bool(one.worth and all(one.worth.value.get(locale) for locale in LOCALES)) for one in worthy)
    return {
        "cases": len(cases),
        "median_hours": round(median(hours), 2) if hours else None,
        "in_time_percent": round(100 * (1 - broken / len(promised)), 1) if promised else None,
        "in_goal_percent": round(100 * (1 - sum(map(missed, aimed)) / len(aimed)), 1) if aimed else None,
        "dpmo": dpmo(len(promised), broken),
        "cost_per_case": round(sum(one.cost for one in heat) / len(cases), 2) if cases else None,
        "value_coverage_percent": round(100 * valued / len(worthy), 1) if worthy else None,
    }, heat


def _worst(tx: Transaction, since: datetime) -> str:
    """Of the processes whose work was late since then, the one most often; empty when everything was in time."""
    items = tx.lists.find(records.WorkItem, where=_completed(since), order=NEWEST_FIRST, limit=MOST_ITEMS)
    counted = Counter(one.process for one in items if late(one))
    return min(counted, key=lambda key: (-counted[key], key), default="")


def _completed(since: datetime, *more: queries.Where) -> list[queries.Where]:
    return [*more, queries.Where("status", "=", "completed"), queries.Where("ended_at", ">=", since)]


def _nodes(tx: Transaction, sha256: str) -> Sequence[nodes.AnyNode]:
    program = tx.programs.get(sha256)
    return program.nodes if program else ()


def _feedback(store: Store, call: JobCall) -> JobAnswer:
    """What customers said in the time that was looked at: how many, how good, and their words, the worst first."""
    since = call.now - given.span(call, "span", timedelta(days=90))
    with store.reading() as tx:
        said = tx.surveys.answered(since, MOST_CASES)
    scores = [one.score for one in said if one.score is not None]
    words = [one.comment for one in sorted(said, key=lambda one: (one.score or 0, one.id)) if one.comment]
    summary = {"count": len(scores), "csat": round(fmean(scores), 2) if scores else None, "words": words[:10]}
    return JobAnswer(data={"customer_feedback": summary})


def _decide(tx: Transaction, call: JobCall) -> JobAnswer:
    """Kept with what was measured. Raises NotFound where nothing was."""
    known = _known(tx, call)
    decision, target = given.choice(call, "decision", DECISIONS), given.text(call, "target", "")
    tx.reviews.put(
        msgspec.structs.replace(
            known,
            decision=decision,
            target=target,
            decided_by=given.text(call, "owner", ""),
            decided_at=call.now,
        )
    )
    return JobAnswer(data={"review_decision": decision})


def _compare(store: Store, call: JobCall) -> JobAnswer:
    """The same figures since the decision against those before; ``proved`` when time, cost or promises got better and
    none of them worse."""
    with store.reading() as tx:
        known = _known(tx, call)
        now, _ = _figures(tx, known.process, known.decided_at or known.until)
    moved = {name: change(known.figures.get(name), now.get(name)) for name in ("median_hours", "cost_per_case", "dpmo")}
    told = [value for value in moved.values() if value is not None]
    bar = 100 * BETTER_BY
    proved = any(value <= -bar for value in told) and not any(value >= bar for value in told)
    return JobAnswer(data={"compared": {"now": now, "change_percent": moved}, "proved": proved})


def _known(tx: Transaction, call: JobCall) -> steering.ProcessReview:
    known = tx.reviews.get(call.instance_id)
    if known is None:
        raise errors.NotFound(
            "review_unknown", zh="本案还没有计算过指标", en="nothing was measured in this case", id=call.instance_id
        )
    return known
