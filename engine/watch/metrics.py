"""The state of the house as Prometheus reads it (text exposition format 0.0.4).

All of it is read from the database: every web server says the same, and nothing is lost when one ends. How long
requests take is measured where they all come by, at the proxy.
"""

from collections.abc import Iterator
from datetime import datetime

import prometheus_client
from prometheus_client import registry
from prometheus_client.core import GaugeMetricFamily, Metric

from engine.people.agent import Agent
from engine.ports import Engine
from engine.watch import health

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# metric: (what it says, the name of its label, value of the label -> name of the count)
GAUGES = {
    "crmflow_cases": ("Cases that have not ended.", "state", {"running": "running", "on_hold": "on_hold"}),
    "crmflow_tasks_open": ("Tasks that wait for people.", "", {"": "open_tasks"}),
    "crmflow_incidents": ("Steps that gave up and wait for somebody.", "", {"": "incidents"}),
    "crmflow_jobs": (
        "Jobs: due now, due later, and those that workers outside fetch.",
        "state",
        {"due": "jobs_due", "later": "jobs_later", "outside": "jobs_outside"},
    ),
    "crmflow_timers": ("Timers that wait.", "", {"": "timers"}),
    "crmflow_letters": ("Letters that wait to be delivered.", "", {"": "letters"}),
    "crmflow_letters_dead": ("Letters that were given up.", "", {"": "undelivered"}),
}


def of(engine: Engine, *, agent: Agent, now: datetime) -> bytes:
    """Raises Forbidden. ``on_hold`` cases are among the ``running`` ones."""
    found = registry.CollectorRegistry(auto_describe=False)
    found.register(_Read(health.of(engine, agent=agent, now=now), now))
    return prometheus_client.generate_latest(found)


class _Read(registry.Collector):
    def __init__(self, known: health.Health, now: datetime) -> None:
        self._known, self._now = known, now

    def collect(self) -> Iterator[Metric]:
        for name, (says, label, states) in GAUGES.items():
            gauge = GaugeMetricFamily(name, says, labels=[label] if label else [])
            for state, count in states.items():
                gauge.add_metric([state] if label else [], self._known.counts[count])
            yield gauge
        lag = GaugeMetricFamily("crmflow_lag_seconds", "How long the most urgent has been due.", labels=["queue"])
        for queue in self._known.queues:
            lag.add_metric([queue.kind], max(0.0, (self._now - queue.next).total_seconds()))
        yield lag
        yield GaugeMetricFamily("crmflow_late", "1: due work is not taken.", value=float(self._known.late))
