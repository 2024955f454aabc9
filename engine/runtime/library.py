"""What a running program names but does not contain: called processes, for the same customer, and calendars."""

from datetime import datetime

from engine import errors, records
from engine.kernel.graph import Plan
from engine.kernel.library import CallRequest
from engine.ports import Engine, Transaction
from engine.schedule.calendars import Calendar


class Library:
    """Looks inside one transaction, for one instance."""

    def __init__(
        self, engine: Engine, tx: Transaction, *, instance_id: str, customer_id: str | None, now: datetime
    ) -> None:
        self._engine = engine
        self._tx = tx
        self._instance_id = instance_id
        self._customer_id = customer_id
        self._now = now

    def plan(self, sha256: str) -> Plan:
        plan: Plan = self._engine.plans.get(self._tx, sha256)
        return plan

    def calendar(self, key: str) -> Calendar:
        found = self._engine.calendars.get(key)
        if found is None:
            raise errors.NotFound(
                "calendar_unknown", zh=f"找不到工作日历 {key}。", en=f"There is no calendar {key!r}.", calendar=key
            )
        return found

    def called(self, request: CallRequest) -> Plan:
        process = self._tx.processes.get(request.key)
        if process is None:
            raise errors.NotFound(
                "process_unknown",
                zh=f"找不到流程 {request.key}。",
                en=f"There is no process {request.key!r}.",
                process=request.key,
            )
        if request.binding in ("version", "versionTag"):
            return self.plan(self._bound(request).program)
        customer = self._tx.customers.get(self._customer_id) if self._customer_id else None
        chosen = self._engine.chooser.choose(
            self._tx,
            instance_id=self._instance_id,
            process=process,
            customer=customer,
            data=request.variables,
            now=self._now,
        )
        return self.plan(chosen.program)

    def _bound(self, request: CallRequest) -> records.BaseVersion:
        for version in self._tx.processes.versions(request.key):
            mark = str(version.n) if request.binding == "version" else version.version_tag
            if mark == request.version and version.status in ("released", "retired"):
                return version
        raise errors.NotFound(
            "version_unknown",
            zh=f"流程 {request.key} 没有已发布的版本 {request.version}。",
            en=f"The process {request.key!r} has no released version {request.version!r}.",
            process=request.key,
        )
