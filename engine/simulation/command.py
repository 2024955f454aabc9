"""``crmflow play FILE``: walk a model on a virtual clock, or follow a scenario, and print what happens."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from engine import errors
from engine.evaluation import HouseEvaluator
from engine.kernel.graph import Plan
from engine.kernel.library import CallRequest
from engine.kernel.plan import compile_program
from engine.model import text
from engine.model.problem import Problem, place
from engine.model.program import Program
from engine.schedule.calendars import Calendar
from engine.simulation import scenario
from engine.simulation.play import Playback, explore, play

Read = Callable[[bytes, str], Any]
"""(bytes, file name) to a reading with ``programs`` and ``problems``; handed in by the command line as ``ctx.obj``."""


@click.command("play")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--process", default="", help="Key of the process to play; without it every process of the first file.")
@click.option("--data", default="{}", help="Start data as JSON.")
@click.option("--answers", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A scenario file.")
@click.option("--limit", default=300, show_default=True, help="Steps after which a play is given up.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.pass_obj
def play_command(
    read: Read, files: tuple[Path, ...], process: str, data: str, answers: Path | None, limit: int, as_json: bool
) -> None:
    """Walk the processes of the first FILE; the other files are there to be called.

    Tasks are completed, jobs answered, messages delivered and timers fired as they come. Exit code 1 when one does not
    reach its end or does not come out as its scenario expects.
    """
    readings = [read(file.read_bytes(), file.name) for file in files]
    shelf = Shelf([program for reading in readings for program in reading.programs])
    chosen = [program for program in readings[0].programs if process in ("", program.key) and program.nodes]
    if not chosen:
        raise click.ClickException(f"{files[0].name}: no process {process or 'with nodes'} in this file")
    try:
        start = _data(data)
        story = scenario.decode(answers.read_bytes()) if answers else None
    except errors.Invalid as refused:
        raise click.ClickException(text.pick(refused.text, text.EN)) from None
    evaluator = HouseEvaluator()
    try:
        played = {
            program.key: play(program, evaluator=evaluator, library=shelf, data=start, answers=story, limit=limit)
            if story
            else explore(program, evaluator=evaluator, library=shelf, data=start, limit=limit)
            for program in chosen
        }
    finally:
        evaluator.close()
    _print(played, readings[0].problems, as_json)
    failed = any(problem.severity == "error" for found in played.values() for problem in found.problems)
    sys.exit(1 if failed or (story is None and not all(found.ended for found in played.values())) else 0)


class Shelf:
    """The programs of the files at hand."""

    def __init__(self, programs: list[Program]) -> None:
        self._programs = {program.key: program for program in programs}
        self._plans: dict[str, Plan] = {}

    def called(self, request: CallRequest) -> Plan:
        if request.key not in self._programs:
            raise errors.NotFound(
                "process_missing",
                zh=f"没有提供流程 {request.key}",
                en=f"the process {request.key} is in none of the files",
                process=request.key,
            )
        plan = compile_program(self._programs[request.key])
        return self._plans.setdefault(plan.sha256, plan)

    def plan(self, sha256: str) -> Plan:
        return self._plans[sha256]

    def calendar(self, key: str) -> Calendar:
        raise errors.NotFound("calendar_missing", zh=f"没有日历 {key}", en=f"there is no calendar {key}", calendar=key)


def _data(given: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(given)
    except (msgspec.DecodeError, RecursionError) as error:
        raise errors.Invalid("data", zh=f"--data 不是 JSON:{error}", en=f"--data is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise errors.Invalid("data", zh="--data 应是 JSON 对象", en="--data has to be a JSON object")
    return found


def _print(played: dict[str, Playback], problems: tuple[Problem, ...], as_json: bool) -> None:
    if as_json:
        whole = {
            "problems": problems,
            "plays": {
                key: {
                    "ended": found.ended,
                    "began_at": found.began_at,
                    "ended_at": found.ended_at,
                    "steps": found.steps,
                    "problems": found.problems,
                    "open": found.open,
                    "variables": found.variables,
                    "facts": [{"at": moment.at, **_fact(moment.fact)} for moment in found.history],
                }
                for key, found in played.items()
            },
        }
        click.echo(msgspec.json.format(msgspec.json.encode(whole, enc_hook=str), indent=1).decode())
        return
    for problem in problems:
        click.echo(f"{problem.severity}: {place(problem)} {text.pick(problem.text, text.EN)}")
    for key, found in played.items():
        for moment in found.history:
            fact = _fact(moment.fact)
            kind, node = fact.pop("type"), fact.pop("node", "")
            rest = " ".join(f"{name}={value}" for name, value in fact.items() if value not in ("", 0, (), {}))
            click.echo(f"{moment.at:%Y-%m-%d %H:%M} {kind:20} {node} {rest}".rstrip())
        click.echo(f"{key}: {'ended' if found.ended else 'not ended'} after {found.steps} steps")
        for problem in found.problems:
            click.echo(f"  {problem.severity}: {place(problem)} {text.pick(problem.text, text.EN)}")


def _fact(fact: Any) -> dict[str, Any]:
    whole: dict[str, Any] = msgspec.to_builtins(fact, enc_hook=str, builtin_types=())
    return whole
