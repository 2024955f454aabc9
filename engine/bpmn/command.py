"""``crmflow check``: all problems of BPMN files, with place and mend."""

import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from engine.bpmn import survey
from engine.model.problem import Problem, place
from engine.model.text import EN, ZH, pick

COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of lines of text.")
@click.option("--fix", is_flag=True, help="Mend what needs no thought, in the files themselves.")
@click.option("--strict", is_flag=True, help="Show the letter of the standard, too.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="The language of the messages.")
def check_command(files: tuple[Path, ...], as_json: bool, fix: bool, strict: bool, lang: str) -> None:
    """All problems of BPMN FILES; exit code 1 when one of them is an error.

    With --fix, ids are given, default flows set and the like; what was mended is listed first.
    """
    results = [_check(path, fix=fix) for path in files]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(results), indent=1).decode())
    else:
        locale = ZH if lang == "zh" else EN
        for result in results:
            _print(result, locale, strict=strict)
    sys.exit(1 if any(result["errors"] for result in results) else 0)


def _check(path: Path, *, fix: bool) -> dict[str, Any]:
    data = path.read_bytes()
    mended: tuple[Problem, ...] = ()
    if fix:
        better, mended = survey.mended(data, file=str(path))
        if better != data:
            path.write_bytes(better)
            data = better
    reading, problems = survey.survey(data, file=str(path))
    return {
        "file": str(path),
        "dialect": reading.dialect,
        "processes": [program.key for program in reading.programs],
        "errors": sum(problem.severity == "error" for problem in problems),
        "warnings": sum(problem.severity == "warning" for problem in problems),
        "mended": mended,
        "problems": problems,
        "missing_handlers": reading.missing_handlers,
    }


def _print(result: dict[str, Any], locale: str, *, strict: bool) -> None:
    for problem in result["mended"]:
        _line(problem, locale, label="已修正" if locale == ZH else "mended", colour="green")
    for problem in result["problems"]:
        if problem.severity == "info" and not strict:
            continue
        _line(problem, locale, label=problem.severity, colour=COLOURS[problem.severity])
        if problem.mend:
            click.echo(f"    → {pick(problem.mend, locale)}")
    for handler in result["missing_handlers"]:
        word = "待绑定" if locale == ZH else "to bind"
        click.echo(f"{result['file']}:{handler.line} {handler.node} {word}: {handler.handler} ({handler.style})")
    counts = (result["file"], result["dialect"], result["errors"], result["warnings"])
    form = "{}（{}）：{} 个错误，{} 个警告" if locale == ZH else "{} ({}): {} errors, {} warnings"
    click.echo(form.format(*counts))


def _line(problem: Problem, locale: str, *, label: str, colour: str) -> None:
    where = " ".join(place(problem).split())
    click.echo(f"{where} {click.style(label, fg=colour)} {pick(problem.text, locale)} [{problem.code}]")
