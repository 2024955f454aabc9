"""Finds what a played file calls: the other processes of the same files, and the shipped calendars."""

from collections.abc import Iterable

from engine import errors
from engine.kernel.graph import Plan
from engine.kernel.library import CallRequest
from engine.kernel.plan import compile_program
from engine.model.program import Program
from engine.schedule import calendars


class Shelf:
    def __init__(self, programs: Iterable[Program]) -> None:
        self._plans = {program.key: compile_program(program) for program in programs}

    def called(self, request: CallRequest) -> Plan:
        found = self._plans.get(request.key)
        if found is None:
            raise errors.NotFound(
                "process_unknown",
                zh=f"所给文件中没有流程 {request.key}",
                en=f"the files given hold no process {request.key!r}",
                process=request.key,
            )
        return found

    def plan(self, sha256: str) -> Plan:
        for plan in self._plans.values():
            if plan.sha256 == sha256:
                return plan
        raise errors.NotFound("program_unknown", zh="没有此执行方案", en="there is no such program", program=sha256)

    def calendar(self, key: str) -> calendars.Calendar:
        if key not in calendars.BUILT_IN:
            raise errors.NotFound("calendar_unknown", zh=f"没有日历 {key}", en=f"there is no calendar {key!r}", key=key)
        return calendars.BUILT_IN[key]
