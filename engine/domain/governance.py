"""What the process of changing variants (X-04) asks of the engine: check, try, release, look again, go back.

Whoever handed the change in and whoever approved it are the people who completed those steps; four eyes, the right to
approve and every check hold here as they do on the pages.
"""

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from engine import errors, evaluation, queries, records, variation
from engine.domain import given
from engine.model.text import EN, ZH
from engine.people import agents, rights
from engine.people.agent import Agent
from engine.ports import Handler, JobAnswer, JobCall, Store, Transaction
from engine.simulation import explore
from engine.variants import approval, check, compose, release, version
from engine.variants.operations import kinds

REFUSED = "variant_refused"
SHORT_PATH = frozenset({"performer", "service_level"})
"""Elements that can be changed without playing the process: nobody waits for something else, only for somebody else."""
WORSE_BY = 0.10
CASES_AT_LEAST = 5
"""Finished on both sides, before one is called slower."""
CASES_AT_MOST = 500


def handlers(store: Store) -> Mapping[str, Handler]:
    return {
        "variants.check": lambda call: store.run(lambda tx: _check(tx, call)),
        "variants.try": lambda call: _try(store, call),
        "variants.release": lambda call: _refusable(lambda: store.run(lambda tx: _release(tx, call))),
        "variants.compare": lambda call: store.run(lambda tx: _compare(tx, call)),
        "variants.roll_back": lambda call: _refusable(lambda: store.run(lambda tx: _roll_back(tx, call))),
    }


def _check(tx: Transaction, call: JobCall) -> JobAnswer:
    """Words, operations, bounds, rules of BPMN and of the family, proof; and which elements are changed. A version that
    is not there is told as a problem: whoever handed it in names another one."""
    try:
        found = _version(tx, call)
    except errors.NotFound as unknown:
        told = f"{unknown.text[ZH]} / {unknown.text[EN]}"
        nothing: dict[str, Any] = {"changed_elements": [], "short_path": False, "program": ""}
        return JobAnswer(data={"check_ok": False, "check_problems": told, **nothing})
    made = check.check_within(tx, version.variant(tx, found.variant_id), found, now=call.now)
    wrong = [one for one in made.problems if one.severity == "error"]
    counted = compose.fingerprint(kinds.read(list(found.operations))) if made.program else compose.Fingerprint()
    changed = [name for name in compose.Fingerprint.__struct_fields__ if getattr(counted, name)]
    return JobAnswer(
        data={
            "check_ok": bool(made.program),
            "check_problems": "\n".join(f"{one.text[ZH]} / {one.text[EN]}" for one in wrong),
            "changed_elements": changed,
            "short_path": bool(changed) and set(changed) <= SHORT_PATH,
            "program": made.program,
        }
    )


def _try(store: Store, call: JobCall) -> JobAnswer:
    """A virtual case from start to end, with guessed data where nothing is given; nothing outside is called."""
    with store.reading() as tx:
        program = tx.programs.get(given.text(call, "program"))
    if program is None:
        raise errors.NotFound("program_unknown", zh="没有此方案", en="there is no such program")
    with closing(evaluation.HouseEvaluator()) as evaluator:
        played = explore.explore(program, evaluator=evaluator, start=call.now)
    told = "\n".join(f"{one.text[ZH]} / {one.text[EN]}" for one in played.problems if one.severity == "error")
    return JobAnswer(data={"tried_ok": played.ended, "tried_problems": told})


def _release(tx: Transaction, call: JobCall) -> JobAnswer:
    """Submitted by whoever handed it in, approved by whoever approved it, then in use."""
    found = _version(tx, call)
    which: dict[str, Any] = {"variant_id": found.variant_id, "n": found.n, "now": call.now}
    if found.status == "released":
        return JobAnswer(data={"released_n": found.n})  # a second run of the same job
    author, approver = _who(tx, call, "author_steps"), _who(tx, call, "approver_steps")
    rights.need(approver, "variant.approve")
    if found.status != "approved":
        if not found.submitted:
            approval.submit_within(tx, **which, agent=author, note=given.text(call, "reason", ""))
        approval.approve_within(tx, **which, agent=approver)
    release.release_within(tx, **which, agent=approver, note=given.text(call, "reason", ""))
    return JobAnswer(data={"released_n": found.n})


def _compare(tx: Transaction, call: JobCall) -> JobAnswer:
    """The median time of cases of the new version against those of the one before it."""
    found = _version(tx, call)
    earlier = [
        one for one in tx.variants.versions(found.variant_id) if one.released_at and one.program and one.n < found.n
    ]
    before = max(earlier, key=lambda one: (one.released_at or call.now, one.n), default=None)
    base = tx.processes.released(found.process)
    program = before.program if before else base.program if base else ""
    since = call.now - given.span(call, "since", timedelta(days=90))
    mine, theirs = (_hours(tx, found.process, one, since) for one in (found.program, program))
    known = len(mine) >= CASES_AT_LEAST and len(theirs) >= CASES_AT_LEAST
    worse = known and median(mine) > median(theirs) * (1 + WORSE_BY)
    return JobAnswer(
        data={
            "worse": worse,
            "hours_new": round(median(mine), 2) if mine else None,
            "hours_before": round(median(theirs), 2) if theirs else None,
            "cases_new": len(mine),
        }
    )


def _roll_back(tx: Transaction, call: JobCall) -> JobAnswer:
    """The version that was released before; what is that already stays."""
    found, who = _version(tx, call), _who(tx, call, "approver_steps")
    rights.need(who, "process.release")
    present = version.released(tx.variants.versions(found.variant_id))
    if present is not None and present.n != found.n:
        return JobAnswer(data={"released_n": present.n})
    back = release.roll_back_within(tx, variant_id=found.variant_id, agent=who, now=call.now, note="X-04")
    return JobAnswer(data={"released_n": back.n})


def _refusable(work: Callable[[], JobAnswer]) -> JobAnswer:
    """What cannot be done is a business error that the drawing catches: nothing about it gets better by trying
    again."""
    try:
        return work()
    except (errors.Conflict, errors.Forbidden, errors.Invalid) as refused:
        return JobAnswer(error=REFUSED, message=f"{refused.text[ZH]} / {refused.text[EN]}")


def _version(tx: Transaction, call: JobCall) -> variation.VariantVersion:
    """Raises NotFound."""
    return version.get(tx, given.text(call, "variant"), int(given.number(call, "version")))


def _who(tx: Transaction, call: JobCall, parameter: str) -> Agent:
    """Whoever completed one of those steps of this case last. Raises Invalid when nobody did."""
    steps = [str(step) for step in given.items(call, parameter)]
    items = [one for one in tx.waits.work_items(call.instance_id) if one.node in steps and one.status == "completed"]
    done = max(items, key=lambda one: one.ended_at or one.created_at, default=None)
    if done is None or not done.ended_by:
        listed = ", ".join(steps)
        raise errors.Invalid("nobody_did", zh=f"没有人完成 {listed}", en=f"nobody completed {listed}")
    return agents.of(agents.found(tx, done.ended_by))


def _hours(tx: Transaction, process: str, program: str, since: datetime) -> list[float]:
    finished = [
        queries.Where("process", "=", process),
        queries.Where("program", "=", program),
        queries.Where("status", "=", "completed"),
        queries.Where("started_at", ">=", since),
    ]
    found = tx.lists.find(records.Instance, where=finished, order=("-started_at",), limit=CASES_AT_MOST)
    return [(one.ended_at - one.started_at).total_seconds() / 3600 for one in found if one.ended_at]
