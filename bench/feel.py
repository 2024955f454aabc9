"""Expressions: CPU time of a simple condition, beside three others in the same run: ``python -m bench.feel [--json]``.

Targets: at most 0.5 us for ``amount > 1000 and segment = "key"`` once compiled, at most 50 us to parse and compile it.
The others: simpleeval (Python, re-parses unless given the tree), a binding of CEL in Rust, and the evaluation of
SpiffWorkflow's default script engine. They come with the extra ``bench``: ``pip install crmflow[bench]``.
"""

import argparse
import ast
import json
import time
from collections.abc import Callable
from decimal import Decimal

from engine.feel import expression, parser

FEEL_TEXT = 'amount > 1000 and segment = "key"'
PYTHON_TEXT = 'amount > 1000 and segment == "key"'
CEL_TEXT = 'amount > 1000 && segment == "key"'
VARIABLES = {"amount": 1200, "segment": "key"}


def microseconds(call: Callable[[], object], repeat: int, rounds: int = 7) -> float:
    """CPU time of one call: the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        for _ in range(repeat):
            call()
        best = min(best, time.process_time() - began)
    return best / repeat * 1e6


def ours() -> dict[str, float]:
    compiled = expression.compile_expression(FEEL_TEXT)
    assert compiled.evaluate(VARIABLES) is True
    exact = {"amount": Decimal("1200.50"), "segment": "key"}
    return {
        "feel": microseconds(lambda: compiled.evaluate(VARIABLES), 50_000),
        "feel_decimal": microseconds(lambda: compiled.evaluate(exact), 50_000),
        "feel_with_warnings": microseconds(lambda: compiled.evaluate_with_warnings(VARIABLES), 20_000),
        "feel_parse_and_compile": microseconds(
            lambda: expression.Expression(FEEL_TEXT, parser.parse_expression(FEEL_TEXT), expression.NO_TYPES), 1_000
        ),
    }


def others() -> dict[str, float]:
    """Each with its expression prepared as far as its library allows."""
    import cel
    import simpleeval
    from SpiffWorkflow.bpmn.script_engine import TaskDataEnvironment

    program = cel.compile(CEL_TEXT)
    evaluator = simpleeval.SimpleEval(names=VARIABLES)
    parsed = evaluator.parse(PYTHON_TEXT)
    assert isinstance(parsed, ast.AST)
    spiff = TaskDataEnvironment()
    for value in (
        program.execute(VARIABLES),
        evaluator.eval(PYTHON_TEXT, parsed),
        spiff.evaluate(PYTHON_TEXT, VARIABLES),
    ):
        assert value is True
    return {
        "simpleeval": microseconds(lambda: evaluator.eval(PYTHON_TEXT, previously_parsed=parsed), 5_000),
        "simpleeval_with_parsing": microseconds(lambda: evaluator.eval(PYTHON_TEXT), 1_000),
        "cel_rust": microseconds(lambda: program.execute(VARIABLES), 5_000),
        "cel_rust_compile": microseconds(lambda: cel.compile(CEL_TEXT), 500),
        "spiffworkflow": microseconds(lambda: spiff.evaluate(PYTHON_TEXT, VARIABLES), 1_000),
    }


def measure() -> dict[str, float]:
    found = ours() | others()
    for name in ("simpleeval", "cel_rust", "spiffworkflow"):
        found[f"{name}_ratio"] = found[name] / found["feel"]
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", action="store_true")
    found = measure()
    if arguments.parse_args().json:
        print(json.dumps({name: round(value, 3) for name, value in found.items()}))
        return
    for name, value in found.items():
        print(f"{name:26} {value:10.3f} {'times ours' if name.endswith('_ratio') else 'us'}")


if __name__ == "__main__":
    main()
