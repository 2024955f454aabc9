"""The workloads of the project, beside what the database can do and what an afternoon's loop does, in one run.

    python -m bench.workloads [W1 ...] [--json] [--store sqlite|postgresql|both] [--size 0.1]

Size 1 is the workload as it is defined (a million open work items in W6, ten million facts in W8); the default of 0.1
takes some minutes, 0.002 some seconds. CPU is that of the engine's process; a database of its own is told apart.
"""

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import msgspec
from rich.console import Console

from bench import limit, naive, steps, volume, world

WORKLOADS: dict[str, tuple[str, Callable[[str, float], dict[str, Any]]]] = {
    "W1": ("lead-20: twenty user tasks in a row, in process and over HTTP", steps.lead),
    "W2": ("age: one user task in a loop", steps.age),
    "W3": ("fan: fifty parallel tasks and a join; multi-instance of fifty", steps.fan),
    "W4": ("case: script, gateway, job, user task with timer, through the queues", steps.cases),
    "W5": ("due: timers due at once; one of many waiting messages", volume.due),
    "W6": ("inbox: pages, filters and counts of large groups", volume.inbox),
    "W7": ("choice: variant, compile, proof", volume.choice),
    "W8": ("history: a case's page, a customer's page, purge while work goes on", volume.history),
}


def measure(names: list[str], *, store: str, size: float) -> dict[str, Any]:
    with world.one_server() if store == "postgresql" else nullcontext():
        return _measured(names, store=store, size=size)


def _measured(names: list[str], *, store: str, size: float) -> dict[str, Any]:
    count = max(20, int(3000 * size))
    found: dict[str, Any] = {
        "limit": limit.measure(store, count),
        "naive": naive.measure(store, max(1, int(50 * size))),
    }
    for name in names:
        found[name] = WORKLOADS[name][1](store, size)
        _compare(found, name)
    return found


def _compare(found: dict[str, Any], name: str) -> None:
    """Every step is also a ratio."""
    step = found[name].get("step")
    if step is None:
        return
    mine, beside = msgspec.to_builtins(step), found[name].setdefault("ratios", {})
    beside["share_of_limit"] = world.rounded(mine["per_second"] / found["limit"]["per_second"])
    beside["times_naive_speed"] = world.rounded(mine["per_second"] / found["naive"]["per_second"])
    beside["naive_cpu_over_ours"] = world.rounded(found["naive"]["cpu_ms"] / mine["cpu_ms"])


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.workloads")
    parser.add_argument("names", nargs="*", metavar="W1", help="all when none is named")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--size", type=float, default=0.1)
    asked = parser.parse_args(words)
    unknown = set(asked.names) - set(WORKLOADS)
    if unknown:
        parser.error(f"expected some of {' '.join(WORKLOADS)}, not {' '.join(sorted(unknown))}")
    stores = ("sqlite", "postgresql") if asked.store == "both" else (asked.store,)
    found = {store: measure(asked.names or list(WORKLOADS), store=store, size=asked.size) for store in stores}
    plain = {"size": asked.size, **msgspec.to_builtins(found)}
    if asked.json:
        sys.stdout.write(json.dumps(plain) + "\n")
    else:
        _print(plain, stores)


def _print(found: dict[str, Any], stores: tuple[str, ...]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for store in stores:
        console.print(f"\n[bold]{store}[/], size {found['size']}")
        for name, figures in found[store].items():
            console.print(f"[bold]{name}[/] {WORKLOADS[name][0] if name in WORKLOADS else ''}")
            for line, value in figures.items():
                shown = " ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
                console.print(f"  {line:28} {shown}")


if __name__ == "__main__":
    main()
