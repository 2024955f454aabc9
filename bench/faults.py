"""A web server killed with -9 again and again while programs call it: what was answered is there, each thing once.

    python -m bench.faults [--minutes 30] [--store sqlite|postgresql] [--json]

Clients start cases and complete their tasks with an Idempotency-Key and repeat what got no answer.
"""

import argparse
import http.client
import json
import os
import random
import sys
import threading
import time
from collections import Counter
from typing import Any

import msgspec

from bench import http as serving
from bench import world
from engine.runtime import instances

CLIENTS = 3
TASKS = 3
LONGEST_SILENCE_SECONDS = 120


class Report(msgspec.Struct):
    kills: int = 0
    answered: int = 0
    """Starts and completions that got 2xx."""
    repeated: int = 0
    """Requests sent again because nobody answered."""
    losses: int = 0
    doubles: int = 0


class Door:
    """Where the server is now; None while it is dead."""

    def __init__(self) -> None:
        self.port: int | None = None


def torment(store: str, *, seconds: float, seed: int = 7) -> Report:
    report, lock, door, over = Report(), threading.Lock(), Door(), threading.Event()
    chance = random.Random(seed)
    with world.world(store) as place:
        world.release(place.engine, world.lead(TASKS))
        waits = world.waits_of(place, "lead")
        place.bearer = serving.token(place.engine, place.now)
        started: list[str] = []

        def client(number: int) -> None:
            count = 0
            while not over.is_set():
                key = f"{number}-{count}"
                count += 1
                begun = _sure(place, door, "/instances", {"process": "lead", "business_key": key}, key, report, lock)
                case = begun["instance"]["id"]
                with lock:
                    started.append(case)
                for wait in waits:
                    _sure(place, door, f"/tasks/{case}.{wait}/complete", {"data": {}}, f"{key}-{wait}", report, lock)

        threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with serving.server(place) as (port, pid):
                door.port = port
                over.wait(chance.uniform(0.3, 2.0))
                door.port = None
                os.kill(pid, 9)
                report.kills += 1
        over.set()
        with serving.server(place) as (port, _):
            door.port = port
            for thread in threads:
                thread.join()
        _examine(place, started, report)
    return report


def _sure(place: world.World, door: Door, path: str, body: Any, key: str, report: Report, lock: threading.Lock) -> Any:
    """Asks until there is an answer; the same request under the same key."""
    end = time.monotonic() + LONGEST_SILENCE_SECONDS
    while time.monotonic() < end:
        port = door.port
        if port is None:
            time.sleep(0.02)
            continue
        client = serving.Client(port, place.bearer)
        try:
            answer = client.call("POST", path, body, **{"Idempotency-Key": key})
            with lock:
                report.answered += 1
            return answer
        except (OSError, http.client.HTTPException):
            with lock:
                report.repeated += 1
        finally:
            client.close()
    raise TimeoutError(f"{path} got no answer in {LONGEST_SILENCE_SECONDS} s")


def _examine(place: world.World, started: list[str], report: Report) -> None:
    """Every answered case is there, ended, with each of its completions once; and there is no other case."""
    found: list[str] = []
    after = ""
    while page := instances.search(place.engine, after=after, limit=200):
        found += [one.id for one in page]
        after = page[-1].id
    report.losses += len(set(started) - set(found))
    report.doubles += len(started) - len(set(started)) + len(set(found) - set(started)) - 1  # one showed the waits
    with place.engine.store.reading() as tx:
        for case in started:
            told = Counter(type(row.fact).__name__ for row in tx.facts.of_instance(case))
            report.losses += max(0, TASKS - told["WorkItemCompleted"]) + (told["InstanceEnded"] == 0)
            report.doubles += max(0, told["WorkItemCompleted"] - TASKS) + max(0, told["InstanceEnded"] - 1)


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.faults")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(words)
    report = torment(asked.store, seconds=asked.minutes * 60)
    figures = msgspec.to_builtins(report)
    sys.stdout.write(json.dumps(figures) + "\n" if asked.json else "".join(f"{k:10} {v}\n" for k, v in figures.items()))
    return 1 if report.losses or report.doubles else 0


if __name__ == "__main__":
    sys.exit(main())
