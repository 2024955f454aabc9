"""What a step costs without a database: decode, step, encode, in microseconds of CPU.

    python -m bench.kernel [--json]

Medians of ``REPEATS`` runs in one process, garbage collection off while measuring as in every benchmark of this kind;
``fib20_ms`` says how fast the machine was meanwhile (the target's machine needs 1.07).
"""

import gc
import itertools
import json
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time
from typing import Any

from engine.evaluation import HouseEvaluator
from engine.kernel import codec, stimuli, waits
from engine.kernel.graph import Plan
from engine.kernel.plan import compile_program
from engine.kernel.step import step
from engine.model import nodes, triggers
from engine.model.expression import Expression
from engine.model.program import Flow, Program

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REPEATS = 7
EVALUATOR = HouseEvaluator()


def data(size: int) -> dict[str, Any]:
    """Twenty variables of about ``size`` bytes together."""
    return {f"field_{number}": "x" * (size // 20 - 10) if number else size for number in range(20)}


def lead(tasks: int) -> Program:
    """``tasks`` user tasks in a row."""
    names = ["start", *(f"task{number}" for number in range(tasks)), "end"]
    drawn = [nodes.StartEvent(id="start"), *(nodes.UserTask(id=name) for name in names[1:-1]), nodes.EndEvent(id="end")]
    return Program(key="lead", nodes=tuple(drawn), flows=_chain(names))  # type: ignore[arg-type]


def case() -> Program:
    """25 nodes: nine user tasks with boundary timers, gateways with conditions, a parallel block."""
    hour = triggers.Timer(kind="duration", text=Expression(text="PT4H", language="literal"))
    drawn: list[Any] = [nodes.StartEvent(id="start"), nodes.EndEvent(id="end"), nodes.UserTask(id="late")]
    names = ["start"]
    for number in range(9):
        task = f"task{number}"
        drawn += [
            nodes.UserTask(id=task),
            nodes.BoundaryEvent(id=f"timer{number}", attached_to=task, interrupting=False, triggers=(hour,)),
        ]
        names.append(task)
    drawn += [
        nodes.ExclusiveGateway(id="choice", default="to_end"),
        nodes.ParallelGateway(id="fork"),
        nodes.ParallelGateway(id="join"),
        nodes.UserTask(id="side"),
    ]
    flows = [
        *_chain([*names[:5], "choice"]),
        Flow(id="on", source="choice", target="fork", condition=Expression(text='field_0 > 10 and field_1 != "no"')),
        Flow(id="to_end", source="choice", target="end"),
        *_chain(["fork", *names[5:], "join"], "m"),
        *_chain(["fork", "side", "join", "end"], "s"),
        *(Flow(id=f"late{number}", source=f"timer{number}", target="late") for number in range(9)),
    ]
    return Program(key="case", nodes=tuple(drawn), flows=tuple(flows))


def loop() -> Program:
    """One user task, again and again."""
    drawn = (nodes.StartEvent(id="start"), nodes.ExclusiveGateway(id="merge"), nodes.UserTask(id="task"))
    return Program(key="loop", nodes=drawn, flows=_chain(["start", "merge", "task", "merge"]))


def fan(width: int) -> Program:
    """A fork, ``width`` user tasks, a join."""
    drawn = [nodes.StartEvent(id="start"), nodes.ParallelGateway(id="fork"), nodes.ParallelGateway(id="join")]
    names = [f"task{number}" for number in range(width)]
    flows = [*_chain(["start", "fork"])]
    for name in names:
        flows += _chain(["fork", name, "join"], name)
    return Program(key="fan", nodes=(*drawn, *(nodes.UserTask(id=name) for name in names)), flows=tuple(flows))


def many(width: int) -> Program:
    """A parallel multi-instance user task."""
    loops = nodes.MultiInstance(cardinality=Expression(text=str(width)))
    drawn = (nodes.StartEvent(id="start"), nodes.UserTask(id="task", loop=loops))
    return Program(key="many", nodes=drawn, flows=_chain(["start", "task"]))


def _chain(names: list[str], prefix: str = "f") -> tuple[Flow, ...]:
    return tuple(
        Flow(id=f"{prefix}{index}", source=source, target=target)
        for index, (source, target) in enumerate(itertools.pairwise(names))
    )


class Running:
    """An instance as the runtime has it between two steps: bytes, and the open work."""

    def __init__(self, program: Program, size: int) -> None:
        self.plan: Plan = compile_program(program)
        self.seconds: list[float] = []
        self.sizes: list[int] = []
        done = step(self.plan, None, stimuli.Start(data=data(size)), now=NOW, evaluator=EVALUATOR)
        self.state = codec.encode(done.state)
        self.work = [wait.id for wait in done.opened if isinstance(wait, waits.WorkItem)]

    def complete(self) -> None:
        """The work item opened first is done, with one variable changed."""
        stimulus = stimuli.Complete(wait=self.work.pop(0), data={"outcome": len(self.seconds)})
        begin = process_time()
        state = codec.decode(self.state)
        done = step(self.plan, state, stimulus, now=NOW, evaluator=EVALUATOR)
        self.state = codec.encode(done.state)
        self.seconds.append(process_time() - begin)
        self.sizes.append(len(self.state))
        self.work += [wait.id for wait in done.opened if isinstance(wait, waits.WorkItem)]


def each(make: Callable[[], Running], completions: int) -> tuple[float, int]:
    """Median microseconds of a completion, over all completions of many instances; and the largest state in bytes."""
    medians, largest = [], 0
    for _ in range(REPEATS):
        seconds = []
        for _ in range(max(1, 200 // completions)):
            running = make()
            while running.work and len(running.seconds) < completions:
                running.complete()
            seconds += running.seconds
            largest = max(largest, *running.sizes)
        medians.append(statistics.median(seconds))
    return round(statistics.median(medians) * 1e6, 1), largest


def age() -> dict[str, Any]:
    """One task in a loop: the median of twenty completions around each age, and the bytes there."""
    found: dict[int, list[float]] = {}
    sizes: dict[int, int] = {}
    for _ in range(REPEATS):
        running = Running(loop(), 1000)
        for _ in range(2010):
            running.complete()
        for at in (12, 50, 200, 2000):
            found.setdefault(at, []).append(statistics.median(running.seconds[at - 10 : at + 10]))
            sizes[at] = running.sizes[at]
    micros = {at: round(statistics.median(values) * 1e6, 1) for at, values in found.items()}
    return {
        "us": micros,
        "bytes": sizes,
        "time_ratio": round(micros[2000] / micros[12], 3),
        "bytes_ratio": round(sizes[2000] / sizes[12], 3),
    }


def machine() -> float:
    """Milliseconds of CPU for fib(20)."""
    begin = process_time()
    _fib(20)
    return round((process_time() - begin) * 1000, 2)


def _fib(number: int) -> int:
    return number if number < 2 else _fib(number - 1) + _fib(number - 2)


def measure() -> dict[str, Any]:
    gc.disable()
    try:
        return {
            "fib20_ms": min(machine() for _ in range(9)),
            "case_25_nodes_1kb_us": each(lambda: Running(case(), 1000), 10),
            "case_25_nodes_10kb_us": each(lambda: Running(case(), 10_000), 10),
            "lead_20_us": each(lambda: Running(lead(20), 1000), 20),
            "lead_100_us": each(lambda: Running(lead(100), 1000), 100),
            "fan_50_us": each(lambda: Running(fan(50), 1000), 50),
            "many_50_us": each(lambda: Running(many(50), 1000), 50),
            "age": age(),
        }
    finally:
        gc.enable()


def main() -> None:
    found = measure()
    if "--json" in sys.argv[1:]:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:26} {value}")


if __name__ == "__main__":
    main()
