"""Whether a scenario came out as it says: one function per expectation, all of them asked."""

from collections.abc import Iterator
from typing import Any

from engine import facts
from engine.kernel import waits
from engine.model.problem import Problem
from engine.model.text import both
from engine.schedule import due
from engine.simulation.playing import Playing
from engine.simulation.scenario import Expectation, Scenario

_GONE_THROUGH = (facts.ActivityCompleted, facts.EventCaught, facts.EventThrown)


def check(playing: Playing, scenario: Scenario) -> list[Problem]:
    return [problem for rule in _RULES for problem in rule(playing, scenario.expect)]


def done(playing: Playing) -> list[str]:
    """Ids of activities, events and gateways in the order they were passed."""
    found: list[str] = []
    nodes, index = playing.plan.nodes, playing.plan.index
    for moment in playing.history:
        fact = moment.fact
        at = index.get(fact.node, -1)
        if isinstance(fact, _GONE_THROUGH) or (
            isinstance(fact, facts.FlowTaken) and at >= 0 and nodes[at].kind.endswith("Gateway")
        ):
            found.append(fact.node)
    return found


def entered(playing: Playing) -> set[str]:
    targets = {flow.id: flow.target for flow in playing.plan.program.flows}
    found = set()
    for moment in playing.history:
        fact = moment.fact
        if isinstance(fact, facts.FlowTaken):
            found.add(targets.get(fact.flow, ""))
        elif isinstance(fact, facts.ActivityStarted | facts.EventCaught | facts.EventThrown):
            found.add(fact.node)
    return found


def standing(playing: Playing) -> list[str]:
    """Nodes that wait: those of work items, jobs, messages, timers; not what listens beside them."""
    listening = {
        node.id for node in playing.plan.program.nodes if type(node).__name__ in ("BoundaryEvent", "StartEvent")
    }
    return sorted({wait.node for wait in playing.waits.values()} - listening)


def cost(playing: Playing) -> float:
    """Over completed steps: touch_minutes / 60 x cost_rate_per_hour + fixed_cost."""
    worth = {node.id: getattr(node, "worth", None) for node in playing.plan.program.nodes}
    total = 0.0
    for moment in playing.history:
        value = worth.get(moment.fact.node) if isinstance(moment.fact, facts.ActivityCompleted) else None
        if value is not None:
            total += value.cost
    return total


def _done(playing: Playing, expect: Expectation) -> Iterator[Problem]:
    passed = done(playing)
    rest = iter(passed)
    for index, node in enumerate(expect.done or ()):
        if node not in rest:
            yield _wrong(f"/expect/done/{index}", node, " > ".join(passed) or "-")
            return


def _never(playing: Playing, expect: Expectation) -> Iterator[Problem]:
    seen = entered(playing)
    for index, node in enumerate(expect.never):
        if node in seen:
            yield _wrong(f"/expect/never/{index}", f"not {node}", node)


def _open(playing: Playing, expect: Expectation) -> Iterator[Problem]:
    if expect.open is not None and sorted(set(expect.open)) != standing(playing):
        yield _wrong("/expect/open", sorted(set(expect.open)), standing(playing))


def _ended(playing: Playing, expect: Expectation) -> Iterator[Problem]:
    if expect.ended is not None and expect.ended != playing.ended:
        yield _wrong("/expect/ended", expect.ended, f"{playing.ended}, open: {standing(playing)}")
    if expect.end_events is not None:
        found = [
            node
            for moment in playing.history
            if isinstance(moment.fact, facts.InstanceEnded)
            for node in moment.fact.end_events
        ]
        if sorted(found) != sorted(expect.end_events):
            yield _wrong("/expect/end_events", sorted(expect.end_events), sorted(found))


def _data(playing: Playing, expect: Expectation) -> Iterator[Problem]:
    variables = playing.variables()
    for name, value in expect.data.items():
        if name not in variables or variables[name] != value:
            yield _wrong(f"/expect/data/{name}", value, variables.get(name))


def _work(playing: Playing, expect: Expectation) -> Iterator[Problem]:
    for node, wanted in expect.work.items():
        item = playing.items.get(node)
        if item is None:
            yield _wrong(f"/expect/work/{node}", "a work item", None)
            continue
        for name, value in _looked_at(wanted):
            found = _of_item(item, name)
            if found != value:
                yield _wrong(f"/expect/work/{node}/{name}", value, found)


def _looked_at(wanted: Any) -> Iterator[tuple[str, Any]]:
    for name in wanted.__struct_fields__:
        value = getattr(wanted, name)
        if value is not None and type(value).__name__ == "UnsetType":
            continue
        yield name, value


def _of_item(item: waits.WorkItem, name: str) -> Any:
    if name == "promise":
        return item.promise.duration if item.promise else ""
    if name in ("goal", "calendar"):
        return getattr(item.promise, name) if item.promise else ""
    return getattr(item, name)


def _thrown(playing: Playing, expect: Expectation) -> Iterator[Problem]:
    names = tuple(thrown.name for thrown in playing.thrown)
    if expect.thrown is not None and names != expect.thrown:
        yield _wrong("/expect/thrown", list(expect.thrown), list(names))


def _time(playing: Playing, expect: Expectation) -> Iterator[Problem]:
    took = playing.now - playing.begun_at
    if expect.within and playing.now > due.after(expect.within, playing.begun_at):
        yield _wrong("/expect/within", expect.within, took)
    if expect.at_least and playing.now < due.after(expect.at_least, playing.begun_at):
        yield _wrong("/expect/at_least", expect.at_least, took)


def _cost(playing: Playing, expect: Expectation) -> Iterator[Problem]:
    if expect.cost is not None and abs(cost(playing) - expect.cost) > 0.005:
        yield _wrong("/expect/cost", expect.cost, round(cost(playing), 2))


def _incidents(playing: Playing, expect: Expectation) -> Iterator[Problem]:
    found = playing.incidents()
    if len(found) != expect.incidents:
        words = "; ".join(f"{incident.node}: {incident.message.get('en', '')}" for incident in found)
        yield _wrong("/expect/incidents", expect.incidents, f"{len(found)} ({words})")


def _wrong(pointer: str, wanted: Any, found: Any) -> Problem:
    return Problem(
        code="not_as_expected",
        text=both(zh=f"{pointer}：期望 {wanted}，实际是 {found}", en=f"{pointer}: expected {wanted}, found {found}"),
        pointer=pointer,
    )


_RULES = (_done, _never, _open, _ended, _data, _work, _thrown, _time, _cost, _incidents)
