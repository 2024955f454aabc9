"""How often a variant follows a new base by itself: our rebase beside ``git merge-file`` on the same programs' BPMN.

    python -m bench.rebase [--triples 1500] [--json]

A triple is a random base, a changed base, and a variant of the old one (tests/unit/variants). The merge is clean when
git names no conflict, the file still reads without an error, and the process that comes of it is as sound as the new
base was; both sides are judged alike. Ours must also keep every operation, which the tests hold.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from engine.bpmn import read, write
from engine.model import problem as problems
from engine.model.program import Program
from engine.proof import soundness
from engine.variants import compose, rebase
from tests.unit.variants.test_rebase import triple

TRIPLES = 1500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--triples", type=int, default=TRIPLES)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measure(asked.triples)
    if asked.json:
        sys.stdout.write(json.dumps(found) + "\n")
        return
    for name, value in found.items():
        sys.stdout.write(f"{name:<28}{value}\n")


def measure(triples: int) -> dict[str, float | int]:
    ours = conflicts_in_git = clean_in_git = 0
    seconds = 0.0
    for seed in range(triples):
        old, new, operations = triple(seed)
        began = time.perf_counter()
        done = rebase.rebase(old, new, operations)
        seconds += time.perf_counter() - began
        ours += done.clean
        merged = merge(old, new, compose.program(old, operations))
        if merged is None:
            conflicts_in_git += 1
        else:
            clean_in_git += holds(merged, new)
    return {
        "triples": triples,
        "rebase_clean_percent": round(100 * ours / triples, 1),
        "rebase_ms_mean": round(1000 * seconds / triples, 2),
        "git_clean_percent": round(100 * clean_in_git / triples, 1),
        "git_conflict_percent": round(100 * conflicts_in_git / triples, 1),
        "git_merged_but_wrong_percent": round(100 * (triples - conflicts_in_git - clean_in_git) / triples, 1),
    }


def merge(old: Program, new: Program, variant: Program) -> bytes | None:
    """The three files merged line by line; None where git names a conflict."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("variant.bpmn", "old.bpmn", "new.bpmn")]
        for path, program in zip(paths, (variant, old, new), strict=True):
            path.write_bytes(write.write(program))
        done = subprocess.run(
            ["git", "merge-file", "-p", "--quiet", *map(str, paths)], capture_output=True, check=False
        )
    return done.stdout if done.returncode == 0 else None


def holds(merged: bytes, new: Program) -> bool:
    """Whether the merged file is still a process, and no less sound than the new base."""
    reading = read.read(merged, file="merged.bpmn")
    if problems.errors(list(reading.problems)) or len(reading.programs) != 1:
        return False
    return bool(soundness.verdicts(new)) or not soundness.verdicts(reading.programs[0])


if __name__ == "__main__":
    main()
