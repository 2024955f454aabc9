"""Compiled programs, kept in memory: a program never changes, so neither does its plan."""

import threading
from collections import OrderedDict

from engine import errors
from engine.kernel import plan
from engine.kernel.graph import Plan
from engine.ports import Transaction

MOST = 500


class PlanCache:
    """The least recently used plans go when there are more than ``MOST``."""

    def __init__(self) -> None:
        self._plans: OrderedDict[str, Plan] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, tx: Transaction, sha256: str) -> Plan:
        with self._lock:
            found = self._plans.get(sha256)
            if found is not None:
                self._plans.move_to_end(sha256)
                return found
        program = tx.programs.get(sha256)
        if program is None:
            raise errors.NotFound(
                "program_unknown", zh=f"找不到执行方案 {sha256}。", en=f"There is no program {sha256}.", program=sha256
            )
        made = plan.compile_program(program)
        with self._lock:
            self._plans[sha256] = made
            while len(self._plans) > MOST:
                self._plans.popitem(last=False)
        return made
