"""``crmflow decide FILE --decision NAME --input JSON``: one decision, its value, and why."""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import msgspec

from engine import clock, dmn, errors, feel
from engine.dmn import explain, review
from engine.model import problem as problems
from engine.model.problem import Problem, place
from engine.model.text import EN, ZH, Text, pick

_JSON = msgspec.json.Decoder(float_hook=Decimal)


@click.command("decide")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--decision", default="", help="Id or name; may be left out where the file has one decision.")
@click.option("--input", "input_", default="{}", help="The inputs as a JSON object.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--check", is_flag=True, help="Evaluate nothing: all problems, and overlaps and gaps of the tables.")
@click.option("--explain", "why", is_flag=True, help="Which rules matched, and why the others did not.")
def decide_command(file: Path, decision: str, input_: str, as_json: bool, check: bool, why: bool) -> None:
    """Evaluate a decision of the DMN file FILE. Files it imports are looked for beside it."""
    others = (path for path in sorted(file.parent.glob("*.dmn")) if path != file and path.is_file())
    beside = {path.name: path.read_bytes() for path in others}
    try:
        model = dmn.read(file.read_bytes(), file=file.name, imports=beside)
        if check:
            _report(model, as_json)
            return
        name = decision or _only_decision(model)
        outcome = dmn.evaluate(model, name, _inputs(input_), now=clock.SystemClock().now())
    except errors.CrmflowError as error:
        _fail(error.text, error.problems if isinstance(error, errors.Invalid) else (), as_json)
    if as_json:
        click.echo(json.dumps(_document(outcome, why), ensure_ascii=False, indent=2))
        return
    click.echo(json.dumps(feel.to_json(outcome.value), ensure_ascii=False))
    for warning in outcome.warnings:
        click.echo(pick(warning.text, _locale()), err=True)
    if why:
        click.echo("\n".join(explain.sentences(outcome.explanation, _locale())))


def _report(model: dmn.DecisionModel, as_json: bool) -> None:
    """Exit code 1 when an error is among the problems."""
    found = [*model.problems, *review.problems(model.library)]
    doubts = [(each.name, text) for each in review.review(model.library) for text in each.analysis.undecided]
    if as_json:
        undecided = [{"name": name, "text": text} for name, text in doubts]
        document = {"problems": [_plain(problem) for problem in found], "undecided": undecided}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for problem in found:
            click.echo(f"{problem.severity}: {place(problem)}: {pick(problem.text, _locale())}")
        for name, text in doubts:
            click.echo(f"?: {name}: {pick(text, _locale())}")
    raise SystemExit(1 if problems.errors(found) else 0)


def _plain(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "severity": problem.severity, "place": place(problem), "text": problem.text}


def _only_decision(model: dmn.DecisionModel) -> str:
    names = [decision.name for decision in model.definitions.decisions]
    if not names:
        raise errors.Invalid("no_decision", zh="文件中没有决策", en="the file holds no decision")
    if len(names) != 1:
        raise errors.Invalid(
            "decision_not_named",
            zh=f"请用 --decision 指明决策：{'、'.join(names)}",
            en=f"name one with --decision: {', '.join(names)}",
        )
    return names[0]


def _inputs(text: str) -> dict[str, Any]:
    try:
        value = _JSON.decode(text)
    except (ValueError, RecursionError) as error:
        raise errors.Invalid(
            "input_not_json", zh=f"--input 不是 JSON：{error}", en=f"--input is not JSON: {error}"
        ) from error
    if not isinstance(value, dict):
        raise errors.Invalid("input_not_object", zh="--input 必须是 JSON 对象", en="--input must be a JSON object")
    return value


def _document(outcome: dmn.Outcome, why: bool) -> dict[str, Any]:
    document: dict[str, Any] = {
        "value": feel.to_json(outcome.value),
        "warnings": [{"code": warning.code, "text": warning.text} for warning in outcome.warnings],
    }
    if why:
        document["explanation"] = explain.to_plain(outcome.explanation)
    return document


def _fail(text: Text, found: tuple[Problem, ...], as_json: bool) -> None:
    if as_json:
        document = {"error": text, "problems": [_plain(problem) for problem in found]}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        if not found:
            click.echo(pick(text, _locale()), err=True)
        for problem in found:
            click.echo(f"{place(problem)}: {pick(problem.text, _locale())}", err=True)
    raise SystemExit(1)


def _locale() -> str:
    return ZH if os.environ.get("LANG", "").lower().startswith("zh") else EN
