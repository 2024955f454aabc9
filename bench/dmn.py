"""Decision tables: microseconds a rule, and the whole TCK: ``python -m bench.dmn [--json]``.

Targets: at most 2 us a rule (a table of 100 rules whose last one matches, called by its public door), the whole TCK
within 2 s, both in CPU time of this process.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

from engine import dmn
from engine.dmn import tck, write
from engine.dmn.model import (
    Decision,
    Definitions,
    InputClause,
    InputData,
    Literal,
    OutputClause,
    Reference,
    Rule,
    Table,
    UnaryTests,
    Variable,
)

RULES = 100
ROOT = Path(__file__).resolve().parents[1]


def table(hit_policy: str = "UNIQUE") -> Definitions:
    """100 rules over age (ranges), segment (texts) and amount (comparisons), as customer rules look."""
    names = ("age", "segment", "amount")
    rules = tuple(
        Rule(
            inputs=(
                UnaryTests(text=f"[{i}..{i + 1})"),
                UnaryTests(text='"key", "premium"' if i % 2 else '"base"'),
                UnaryTests(text=f"> {i * 10}" if i % 3 else "-"),
            ),
            outputs=(Literal(text=str(i)),),
        )
        for i in range(RULES)
    )
    body = Table(
        hit_policy=hit_policy,  # type: ignore[arg-type]
        inputs=tuple(InputClause(expression=Literal(text=name)) for name in names),
        outputs=(OutputClause(name="discount", type_ref="number"),),
        rules=rules,
    )
    return Definitions(
        name="bench",
        namespace="urn:bench",
        inputs=tuple(InputData(id=name, name=name, variable=Variable(name=name)) for name in names),
        decisions=(
            Decision(
                id="discount",
                name="discount",
                variable=Variable(name="discount"),
                requires=tuple(Reference(name) for name in names),
                body=body,
            ),
        ),
    )


def microseconds(call: Callable[[], object], repeat: int = 200, rounds: int = 5) -> float:
    """The best of some rounds, for one call."""
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        for _ in range(repeat):
            call()
        best = min(best, time.process_time() - began)
    return best / repeat * 1e6


def measure() -> dict[str, float]:
    data = write.definitions(table())
    model = dmn.read(data)
    inputs = {"age": 99, "segment": "key", "amount": 5000}
    assert dmn.evaluate(model, "discount", inputs).value == 99
    whole = microseconds(lambda: dmn.evaluate(model, "discount", inputs))
    began = time.process_time()
    results = tck.run(ROOT / "../shared/data/dmn-tck")
    return {
        "us_per_rule": whole / RULES,
        "us_per_table_of_100": whole,
        "us_to_read_and_compile": microseconds(lambda: dmn.read(data), repeat=5, rounds=3),
        "tck_seconds": time.process_time() - began,
        "tck_cases": float(len(results)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    found = measure()
    if parser.parse_args().json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:28} {value:12.2f}")


if __name__ == "__main__":
    main()
