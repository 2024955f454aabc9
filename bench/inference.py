"""How often a drawing made elsewhere is told whole as operations, and how long that takes.

    python -m bench.inference [--random 300] [--each 3] [--json]

Random: random bases and operations, composed, and inferred back. Corpus: every readable process of ../shared/data/bpmn
as a base, random operations on it, written as a file, read back and inferred. Catalogue: the shipped variants.
``exact`` counts those of which nothing was left unsaid; times are of one inference, in milliseconds.
"""

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Iterator

from engine import files
from engine.bpmn import read, write
from engine.compare import folders
from engine.model import problem as problems
from engine.model.program import Program
from engine.variants import compose
from engine.variants.inference import infer
from tests import shared
from tests.unit.variants.arbitrary import Author
from tests.unit.variants.models import Random

REASON = {"zh-CN": "-", "en": "-"}
Pair = tuple[Program, Program]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--random", type=int, default=300)
    parser.add_argument("--each", type=int, default=3, help="operations on each model of the corpus")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = {
        "random": measure(at_random(asked.random)),
        "corpus": measure(corpus(asked.each)),
        "catalogue": measure(catalogue()),
    }
    if asked.json:
        sys.stdout.write(json.dumps(found) + "\n")
        return
    for name, figures in found.items():
        sys.stdout.write(f"{name:<12}" + "  ".join(f"{key} {value}" for key, value in figures.items()) + "\n")


def at_random(number: int) -> Iterator[Pair]:
    for seed in range(number):
        base = Random(seed).program()
        yield base, compose.program(base, Author(base, random.Random(seed)).write(6))


def corpus(each: int) -> Iterator[Pair]:
    """Models that read without an error and hold one process with a step."""
    for number, path in enumerate(sorted(path for path in shared.data("bpmn").rglob("*.bpmn*") if path.is_file())):
        reading = read.read(path.read_bytes(), file=path.name)
        if problems.errors(list(reading.problems)) or len(reading.programs) != 1 or not reading.programs[0].flows:
            continue
        base = reading.programs[0]
        drawn = compose.program(base, Author(base, random.Random(number)).write(each))
        again = read.read(write.write(drawn), file=path.name)
        if len(again.programs) == 1:
            yield base, again.programs[0]


def catalogue() -> Iterator[Pair]:
    for path in sorted(files.shipped("processes").iterdir()):
        if (path / "variants").is_dir():
            loaded = folders.load(path)
            for one in folders.compositions(path, loaded) if loaded.program is not None else ():
                assert loaded.program is not None
                yield loaded.program, one.difference.program


def measure(pairs: Iterator[Pair]) -> dict[str, float | int]:
    times, exact = [], 0
    for base, drawn in pairs:
        began = time.perf_counter()
        found = infer.infer(base, drawn, prefix="x", reason=REASON)
        times.append((time.perf_counter() - began) * 1000)
        exact += found.exact
    return {
        "models": len(times),
        "exact": exact,
        "exact_percent": round(100 * exact / max(1, len(times)), 1),
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(statistics.quantiles(times, n=20)[18], 1),
        "max_ms": round(max(times), 1),
    }


if __name__ == "__main__":
    main()
