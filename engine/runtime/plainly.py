"""The simplest choice: everybody gets the released base."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine import errors, records
from engine.model.text import both
from engine.ports import Transaction


class BaseForAll:
    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id

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
        base = tx.processes.released(process.key)
        if base is None:
            raise errors.Conflict(
                "nothing_released",
                zh=f"流程 {process.key} 还没有发布的版本。",
                en=f"The process {process.key!r} has no released version yet.",
                process=process.key,
            )
        return records.Resolution(
            id=self._new_id(),
            instance_id=instance_id,
            process=process.key,
            customer_id=customer.id if customer else None,
            program=base.program,
            as_of=now,
            sentence=both(zh=f"{process.key} 基准流程 v{base.n}。", en=f"{process.key} base v{base.n}."),
            chain=({"base": base.n},),
        )
