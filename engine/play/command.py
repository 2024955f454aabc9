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
from engine.model.problem import errors as stopping
from engine.model.program import Program
from engine.play import files
from engine.play.shelf import Shelf
from engine.simulation import play, scenario
from engine.simulation.explore import explore

PATH = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("play")
@click.argument("file", type=PATH)
@click.option("--process", help="Key of the process to play; without it the first executable one.")
@click.option("--data", default="{}", help="What the start brings, as a JSON object.")
@click.option("--answers", type=PATH, help="A scenario: what people and services do, and what must come out.")
@click.option(
    "--limit", default=1000, show_default=True, type=click.IntRange(1), help="Steps after which it is stopped."
)
@click.option("--json", "as_json", is_flag=True, help="Print facts, variables and problems as JSON.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="The language of the messages.")
def play_command(
    file: Path, process: str | None, data: str, answers: Path | None, limit: int, as_json: bool, lang: str
) -> None:
    """Walk a BPMN file on a virtual clock and print, in order, what happens.

    Tasks are completed, jobs answered, messages delivered and timers fired by themselves: as the scenario says, else
    with empty data, and where that does not reach the end with data that the model seems to expect. What the file
    calls and does not hold is answered, and a warning says so. Exit status 1 when it does not come to its end, or when
    something that the file says has no place in what ran.
    """
    loaded = files.load(file)
    programs = loaded.programs
    program = _wanted(programs, process, loaded.problems)
    script = _scenario(answers)
    evaluator = HouseEvaluator()
    try:
        given, shelf = _object(data), Shelf(programs)
        if script is None:
            played = explore(program, evaluator=evaluator, data=given, library=shelf, limit=limit)
        else:
            played = play.play(program, evaluator=evaluator, data=given, library=shelf, answers=script, limit=limit)
    finally:
        evaluator.close()
    problems = (*loaded.problems, *played.problems, *_left(programs, program, process))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(_report(program, played, problems)), indent=1))
    else:
        _print(played, problems, texts.ZH if lang == "zh" else texts.EN)
    if stopping(problems) or not _came_out(played, script):
        raise SystemExit(1)


def _left(programs: tuple[Program, ...], played: Program, asked: str | None) -> list[Problem]:
    """Only one process of a file is played: the others are named."""
    others = [one.key for one in programs if one.executable and one.nodes and one.key != played.key]
    if asked or not others:
        return []
    names = ", ".join(others)
    text = texts.both(
        zh=f"只试运行了 {played.key}；文件中还有：{names}（用 --process 指定）",
        en=f"only {played.key} was played; the file also holds {names}: --process plays another",
    )
    return [Problem(code="one_of_several", severity="warning", text=text)]


def _came_out(played: play.Playback, script: scenario.Scenario | None) -> bool:
    """A scenario says itself where it has to stand; without one the process has to end."""
    return played.ended or (script is not None and script.expect.ended is not True)


def _wanted(programs: tuple[Program, ...], key: str | None, problems: tuple[Problem, ...]) -> Program:
    if not programs:
        why = "; ".join(f"{place(problem)} {problem.text['en']}".strip() for problem in problems)
        raise click.ClickException(why or "there is no process in the file")
    runs_first = sorted(programs, key=lambda program: (not program.executable, not program.nodes))
    found = next((program for program in runs_first if key in (None, program.key)), None)
    if found is None:
        there_are = ", ".join(program.key for program in programs)
        raise click.ClickException(f"there is no process {key} in the file; there are: {there_are}")
    return found


def _scenario(path: Path | None) -> scenario.Scenario | None:
    try:
        return scenario.decode(path.read_bytes()) if path else None
    except errors.Invalid as failure:
        raise click.BadParameter(str(failure), param_hint="--answers") from failure


def _object(text: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(text)
    except (ValueError, RecursionError) as failure:
        raise click.BadParameter(f"expected a JSON object: {failure}", param_hint="--data") from failure
    if not isinstance(found, dict):
        raise click.BadParameter("expected a JSON object", param_hint="--data")
    return found


def _report(program: Program, played: play.Playback, problems: tuple[Problem, ...]) -> dict[str, Any]:
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
        "errors": stopping(problems),
        "warnings": [problem for problem in problems if problem.severity == "warning"],
    }


def _print(played: play.Playback, problems: tuple[Problem, ...], locale: str) -> None:
    for moment in played.history:
        fields = msgspec.to_builtins(moment.fact)
        kind, node = fields.pop("type"), fields.pop("node", "")
        rest = " ".join(
            f"{name}={json.dumps(value, ensure_ascii=False, default=str)}" for name, value in fields.items()
        )
        click.echo(f"{moment.at:%Y-%m-%d %H:%M:%S}  {kind:<20} {node}  {rest}".rstrip())
    words = {
        "error": {texts.EN: "error", texts.ZH: "错误"},
        "warning": {texts.EN: "warning", texts.ZH: "警告"},
        "info": {texts.EN: "info", texts.ZH: "提示"},
    }
    for problem in problems:
        told = f"{place(problem)} {texts.pick(problem.text, locale)}".strip()
        click.echo(f"{words[problem.severity][locale]}: {told}", err=True)
