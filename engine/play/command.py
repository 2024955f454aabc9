"""``crmflow play``."""

import json
from pathlib import Path
from typing import Any

import click
import msgspec

from engine import errors
from engine.evaluation import HouseEvaluator
from engine.model import text as texts
from engine.model.problem import Problem, place
from engine.model.program import Program
from engine.play import files
from engine.play.shelf import Shelf
from engine.simulation import play, scenario

PATH = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("play")
@click.argument("file", type=PATH)
@click.option("--process", help="Key of the process to play; without it the first executable one.")
@click.option("--data", default="{}", help="What the start brings, as a JSON object.")
@click.option("--answers", type=PATH, help="A scenario: what people and services do, and what must come out.")
@click.option("--limit", default=1000, show_default=True, help="Steps after which it is stopped.")
@click.option("--json", "as_json", is_flag=True, help="Print facts, variables and problems as JSON.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="The language of the messages.")
def play_command(
    file: Path, process: str | None, data: str, answers: Path | None, limit: int, as_json: bool, lang: str
) -> None:
    """Walk a BPMN file on a virtual clock and print, in order, what happens.

    Tasks are completed, jobs answered, messages delivered and timers fired by themselves: as the scenario says, else
    with empty data, and where that does not reach the end with data that the model seems to expect. Exit status 1 when
    it does not come to its end, or only by passing over what is missing.
    """
    reading, programs = files.load(file)
    program = _wanted(programs, process, reading.problems)
    script = _scenario(answers)
    evaluator = HouseEvaluator()
    try:
        given, shelf = _object(data), Shelf(programs)
        if script is None:
            played = play.explore(program, evaluator=evaluator, data=given, library=shelf, limit=limit)
        else:
            played = play.play(program, evaluator=evaluator, data=given, library=shelf, answers=script, limit=limit)
    finally:
        evaluator.close()
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(_report(program, played)), indent=1))
    else:
        _print(played, texts.ZH if lang == "zh" else texts.EN)
    if played.problems or not played.ended:
        raise SystemExit(1)


def _wanted(programs: tuple[Program, ...], key: str | None, problems: tuple[Problem, ...]) -> Program:
    if key is not None:
        programs = tuple(program for program in programs if program.key == key)
    runs_first = sorted(programs, key=lambda program: not program.executable)
    if not runs_first:
        why = "; ".join(f"{place(problem)} {problem.text['en']}".strip() for problem in problems)
        raise click.ClickException(why or f"there is no process {key or ''} in the file")
    return runs_first[0]


def _scenario(path: Path | None) -> scenario.Scenario | None:
    try:
        return scenario.decode(path.read_bytes()) if path else None
    except errors.Invalid as failure:
        raise click.BadParameter(str(failure), param_hint="--answers") from failure


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as failure:
        raise click.BadParameter(f"expected a JSON object: {failure}", param_hint="--data") from failure
    if not isinstance(found, dict):
        raise click.BadParameter("expected a JSON object", param_hint="--data")
    return found


def _report(program: Program, played: play.Playback) -> dict[str, Any]:
    return {
        "process": program.key,
        "program": program.sha256,
        "ended": played.ended,
        "steps": played.steps,
        "began_at": played.began_at,
        "ended_at": played.ended_at,
        "facts": [{"at": moment.at, **msgspec.to_builtins(moment.fact)} for moment in played.history],
        "open": played.open,
        "variables": played.variables,
        "problems": played.problems,
    }


def _print(played: play.Playback, locale: str) -> None:
    for moment in played.history:
        fields = msgspec.to_builtins(moment.fact)
        kind, node = fields.pop("type"), fields.pop("node", "")
        rest = " ".join(
            f"{name}={json.dumps(value, ensure_ascii=False, default=str)}" for name, value in fields.items()
        )
        click.echo(f"{moment.at:%Y-%m-%d %H:%M:%S}  {kind:<20} {node}  {rest}".rstrip())
    for problem in played.problems:
        click.echo(f"{place(problem)} {texts.pick(problem.text, locale)}".strip(), err=True)
