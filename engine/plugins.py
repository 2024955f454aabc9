"""Handlers that installed packages bring along: entry points of the group ``crmflow.handlers``.

An entry point's name is the handler's name; it leads to a function of a ``JobCall``. It is imported when the first job
needs it: a package that cannot be imported fails that job, by name, and not the house.
"""

from collections.abc import Mapping
from importlib import metadata

from engine.ports import Handler, JobAnswer, JobCall

GROUP = "crmflow.handlers"


class Installed:
    """One entry point as a handler."""

    def __init__(self, point: metadata.EntryPoint) -> None:
        self.point = point

    def __call__(self, call: JobCall) -> JobAnswer:
        handler: Handler = self.point.load()
        return handler(call)


def handlers() -> Mapping[str, Handler]:
    """By name, whatever is installed now."""
    return {point.name: Installed(point) for point in metadata.entry_points(group=GROUP)}
