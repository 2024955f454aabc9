"""Everything a screen shows of one case: what happened, where it stands, what it waits for. One read."""

from collections.abc import Mapping

import msgspec

from engine import ports, records
from engine.analytics import path, telling, timeline, wording
from engine.kernel import graph, view
from engine.model.program import Program
from engine.model.text import Text
from engine.people import scope


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    instance: records.Instance
    customer: records.Customer | None
    resolution: records.Resolution | None
    program: Program
    story: tuple[timeline.Moment, ...]
    """Oldest first."""
    stops: tuple[path.Stop, ...]
    marks: dict[str, path.State]
    names: telling.Names
    """Of its own program, which the drawing shows."""
    steps: dict[int, Text]
    """What each timer, subscription and incident waits at, also inside a called process: wait -> name."""
    work_items: tuple[records.WorkItem, ...]
    """The open ones."""
    timers: tuple[records.Timer, ...]
    subscriptions: tuple[records.Subscription, ...]
    jobs: tuple[records.Job, ...]
    incidents: tuple[records.Incident, ...]


def of_instance(engine: ports.Engine, *, instance_id: str, people: Mapping[str, str]) -> Picture:
    """``people``: key -> name. Raises NotFound."""
    with engine.store.reading() as tx:
        instance = tx.instances.get(instance_id)
        program = tx.programs.get(instance.program) if instance is not None else None
        if instance is None or program is None:
            raise scope.unknown(instance_id)
        history = tx.facts.of_instance(instance_id, limit=timeline.LONGEST)
        names, words = telling.names(program, people), wording.Wording(tx, instance, people, history)
        waits = tx.waits
        open_items = tuple(item for item in waits.work_items(instance_id) if item.status == "open")
        timers, jobs = tuple(waits.timers(instance_id)), tuple(waits.jobs(instance_id))
        subscriptions, incidents = tuple(waits.subscriptions(instance_id)), tuple(waits.incidents(instance_id))
        inside = _inside(engine, tx, instance, words)
        open_at = _open_at(inside, open_items, timers, subscriptions, jobs, incidents)
        return Picture(
            instance=instance,
            customer=tx.customers.get(instance.customer_id) if instance.customer_id else None,
            resolution=tx.resolutions.of_instance(instance_id),
            program=program,
            story=tuple(moment for row in history for moment in timeline.moments(row, words.of(row.fact))),
            stops=tuple(path.path(program, history, open_at)),
            marks=path.marks(program, history, open_at),
            names=names,
            steps=_steps(words, timers, subscriptions, incidents),
            work_items=open_items,
            timers=timers,
            subscriptions=subscriptions,
            jobs=jobs,
            incidents=incidents,
        )


def _steps(
    words: wording.Wording,
    timers: tuple[records.Timer, ...],
    subscriptions: tuple[records.Subscription, ...],
    incidents: tuple[records.Incident, ...],
) -> dict[int, Text]:
    at = {one.wait: one.node for one in timers}
    at |= {one.wait: one.node for one in subscriptions}
    at |= {one.wait: one.node for one in incidents}
    return {wait: words.waiting(wait).step(node) for wait, node in at.items()}


def _inside(
    engine: ports.Engine, tx: ports.Transaction, instance: records.Instance, words: wording.Wording
) -> dict[int, str]:
    """Each wait -> where it stands on the case's own drawing; none where nothing is called."""
    state = words.state
    if state is None or len(state.programs) == 1:
        return {}
    plan: graph.Plan = engine.plans.get(tx, instance.program)
    return {wait: view.standing(plan, state, wait) for wait in state.waits}


def _open_at(
    inside: Mapping[int, str],
    items: tuple[records.WorkItem, ...],
    timers: tuple[records.Timer, ...],
    subscriptions: tuple[records.Subscription, ...],
    jobs: tuple[records.Job, ...],
    incidents: tuple[records.Incident, ...],
) -> dict[str, str]:
    """Node -> what is waiting there. Inside a called process it is the call that stands on this drawing."""
    found: dict[str, str] = {}
    for kind, waits in (
        ("message", subscriptions),
        ("timer", timers),
        ("job", jobs),
        ("work_item", items),
        ("incident", incidents),
    ):
        for wait in waits:
            found[inside.get(wait.wait, wait.node)] = kind
            for outer in getattr(wait, "path", ())[:1]:
                found[outer] = kind
    return found
