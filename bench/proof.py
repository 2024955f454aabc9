"""What a proof costs before a release: median, p95 and longest, by the number of nodes, in one run.

    python -m bench.proof [--models 200] [--json]

Models are random (tests/unit/variants): sequences, choices, parallel blocks, loops, sub-processes and timers, sound by
construction, drawn until each class has its number. The catalogue's composed variants are proved with the rules of
their families. Times are milliseconds of CPU of one proof, all checks included: soundness, data flow, rules.
``fib20_ms`` says how fast the machine was (1.07 on the target's), ``load`` how busy.
"""

import argparse
import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence

from bench.kernel import machine
from engine import files
from engine.compare import folders
from engine.definitions.process import Invariant
from engine.model.program import Program
from engine.proof import prove
from tests.unit.variants.models import Random

CLASSES = ((1, 20), (21, 45), (46, 55), (56, 80), (81, 160))
"""From, to: how many nodes. The promise is about the third."""
SIZES = (6, 14, 34, 60, 110)
"""Steps asked for, so that classes fill up."""
Case = tuple[Program, tuple[Invariant, ...]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--models", type=int, default=200, help="in each class")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = {f"{low}-{high} nodes": measure(group) for (low, high), group in classes(asked.models)}
    found["catalogue"] = measure(list(catalogue()))
    about = {"fib20_ms": round(min(machine() for _ in range(9)), 2), "load": round(os.getloadavg()[0], 1)}
    if asked.json:
        sys.stdout.write(json.dumps({**about, **found}) + "\n")
        return
    for name, figures in {"machine": about, **found}.items():
        sys.stdout.write(f"{name:<14}" + "  ".join(f"{key} {value}" for key, value in figures.items()) + "\n")


def classes(number: int) -> Iterator[tuple[tuple[int, int], list[Case]]]:
    for (low, high), size in zip(CLASSES, SIZES, strict=True):
        group: list[Case] = []
        for seed in range(number * 40):
            program = Random(seed, size=size).program()
            if low <= len(program.nodes) <= high:
                group.append((program, ()))
            if len(group) == number:
                break
        yield (low, high), group


def catalogue() -> Iterator[Case]:
    for path in sorted(files.shipped("processes").iterdir()):
        if (path / "process.bpmn").is_file():
            loaded = folders.load(path)
            rules = loaded.definition.invariants if loaded.definition else ()
            for one in folders.compositions(path, loaded):
                yield one.difference.program, rules


def measure(group: Sequence[Case]) -> dict[str, float | int]:
    times: list[float] = []
    undecided = 0
    gc.collect()
    gc.disable()
    for program, rules in group:
        began = time.process_time()
        proof = prove.prove(program, invariants=rules)
        times.append((time.process_time() - began) * 1000)
        undecided += any(one.fault == "undecided" for one in proof.verdicts)
    gc.enable()
    if len(times) < 2:
        return {"models": len(times)}
    return {
        "models": len(times),
        "nodes_median": int(statistics.median(len(program.nodes) for program, _ in group)),
        "median_ms": round(statistics.median(times), 2),
        "p95_ms": round(statistics.quantiles(times, n=20)[18], 2),
        "max_ms": round(max(times), 2),
        "undecided": undecided,
    }


if __name__ == "__main__":
    main()
