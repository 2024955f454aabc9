"""Those who call while everything dies around them: they ask again under the same key until somebody answers."""

import http.client
import json
import random
import threading
import time
from typing import Any

import msgspec

from bench.faults.town import Town
from engine.model.nodes import Work
from engine.model.performer import Performer
from engine.model.program import Program
from tests.kernel.models import feel, literal, mapping, message, node, program, timer

LONGEST_SILENCE_SECONDS = 180
PATIENCE_SECONDS = 5
AGAIN_SECONDS = 0.05
PAYS = 2
"""Effects of each case: one of its own, one of the case that its message reaches."""


def pay(name: str) -> Any:
    return node(f"service {name}", work=Work(handler="pay", parameters=(mapping("n", "n"),), retries=1000))


DEAL: Program = program(
    "start s", pay("first"), node("user look", performer=Performer(groups=(literal("sales"),))),
    node("boundary late", attached_to="look", triggers=(timer("PT4H"),)),
    node("catch pause", triggers=(timer("PT0.3S"),)),
    node("throw tell", triggers=(message("closed", key=feel("string(n)"), mappings=(("n", feel("n")),)),)), "end e",
    flow=["s > first > look > pause > tell > e", "late > e"], key="deal",
)  # fmt: skip
THANKS: Program = program(
    "start s", node("catch closed", triggers=(message("closed", key=feel("string(n)")),)), pay("second"), "end e",
    flow=["s > closed > second > e"], key="thanks",
)  # fmt: skip


class Tally(msgspec.Struct):
    answered: int = 0
    """Requests that got 2xx."""
    repeated: int = 0
    """Requests sent again: nobody answered, or the answer was to come again."""
    wrong: int = 0
    """Answers that should not have been: neither 2xx nor a request to come again."""


class Client(threading.Thread):
    """Starts pairs of cases and completes their task, one pair after the other, until told to end."""

    def __init__(self, town: Town, bearer: str, wait: int, number: int, over: threading.Event) -> None:
        super().__init__(name=f"client-{number}")
        self._town, self._bearer, self._wait, self._over = town, bearer, wait, over
        self._number = number
        self._chance = random.Random(number)
        self.tally = Tally()
        self.words: list[str] = []
        """What the wrong answers said."""
        self.begun: dict[int, list[str]] = {}
        """Amount of each pair: the ids of its cases, as answered."""

    def run(self) -> None:
        count = 0
        try:
            while not self._over.is_set():
                self._pair(self._number * 1_000_000 + count)
                count += 1
        except TimeoutError as silence:
            self.tally.wrong += 1
            self.words.append(str(silence))

    def _pair(self, n: int) -> None:
        ids = [self._start(process, n) for process in ("thanks", "deal")]
        self.begun[n] = ids
        self._sure(f"/tasks/{ids[1]}.{self._wait}/complete", {"data": {}}, f"look {n}")

    def _start(self, process: str, n: int) -> str:
        body = {"process": process, "business_key": f"{process} {n}", "data": {"n": n}}
        answer = self._sure("/instances", body, f"{process} {n}")
        case: str = answer["instance"]["id"]
        return case

    def _sure(self, path: str, body: Any, key: str) -> Any:
        end = time.monotonic() + LONGEST_SILENCE_SECONDS
        while time.monotonic() < end:
            status, answer = self._ask(path, body, key)
            if 200 <= status < 300:
                self.tally.answered += 1
                return answer
            self.tally.repeated += 1
            # 404: the job before the task is not done yet.
            if status not in (0, 404, 503) and answer.get("code") != "always_overtaken":
                self.tally.wrong += 1
                self.words.append(f"{path} {status} {json.dumps(answer)[:300]}")
            threading.Event().wait(AGAIN_SECONDS)
        raise TimeoutError(f"{path} got no answer in {LONGEST_SILENCE_SECONDS} s")

    def _ask(self, path: str, body: Any, key: str) -> tuple[int, Any]:
        """(0, nothing) when there was no answer."""
        address, port = self._chance.choice(self._town.doors)
        line = http.client.HTTPConnection(address, port, timeout=PATIENCE_SECONDS)
        head = {"Authorization": f"Bearer {self._bearer}", "Content-Type": "application/json", "Idempotency-Key": key}
        try:
            line.request("POST", f"/api/v1{path}", json.dumps(body), head)
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            line.close()
