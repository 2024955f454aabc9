"""``crmflow feel EXPR --context JSON``: evaluate one expression and say why it is null."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import click
import msgspec

from engine import errors, feel
from engine.model import text as texts

_JSON = msgspec.json.Decoder(float_hook=Decimal)


@click.command("feel")
@click.argument("expression")
@click.option("--context", "context_json", default="{}", help="The variables, as a JSON object.")
@click.option(
    "--language", "-l", default="feel", type=click.Choice(feel.LANGUAGES), help="What EXPRESSION is written in."
)
@click.option("--now", "moment", default=None, help="The moment for now() and today(), in ISO 8601 with an offset.")
@click.option("--json", "as_json", is_flag=True, help="Print value, type, warnings and hazards as JSON.")
@click.option("--lang", default="en", type=click.Choice(["en", "zh"]), help="The language of the messages.")
def feel_command(
    expression: str, context_json: str, language: str, moment: str | None, as_json: bool, lang: str
) -> None:
    """Evaluate EXPRESSION with the variables of --context."""
    locale = texts.ZH if lang == "zh" else texts.EN
    if not _is_text(expression):
        raise click.BadParameter("expected UTF-8", param_hint="EXPRESSION")
    try:
        compiled = feel.compile_dialect(expression, language)
        value, warnings = compiled.evaluate_with_warnings(_context(context_json), now=_moment(moment))
    except errors.Invalid as failure:
        raise click.ClickException(texts.pick(failure.text, locale)) from failure
    if as_json:
        click.echo(json.dumps(_report(compiled, value, warnings, locale), ensure_ascii=False))
        return
    click.echo(feel.to_text(value) if not isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    if compiled.feel_text.strip() != expression.strip():
        click.echo(f"FEEL: {compiled.feel_text}", err=True)
    for note in (*warnings, *compiled.hazards):
        click.echo(f"{note.code}: {texts.pick(note.text, locale)}", err=True)


def _report(compiled: feel.Expression, value: Any, warnings: tuple[feel.Warning, ...], locale: str) -> dict[str, Any]:
    return {
        "value": feel.to_json(value),
        "type": feel.values.kind(value),
        "feel": compiled.feel_text,
        "variables": sorted(compiled.free_variables),
        "warnings": [_note(warning, locale) for warning in warnings],
        "hazards": [_note(hazard, locale) for hazard in compiled.hazards],
    }


def _note(warning: feel.Warning, locale: str) -> dict[str, Any]:
    return {"code": warning.code, "text": texts.pick(warning.text, locale), "position": warning.position}


def _is_text(argument: str) -> bool:
    """Bytes of an argument that are no UTF-8 come as half characters."""
    return not any("\ud800" <= letter <= "\udfff" for letter in argument)


def _context(text: str) -> dict[str, Any]:
    try:
        context = _JSON.decode(text)
    except (ValueError, RecursionError) as failure:
        raise click.BadParameter(f"not JSON: {failure}", param_hint="--context") from failure
    if not isinstance(context, dict):
        raise click.BadParameter("expected a JSON object", param_hint="--context")
    return context


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as failure:
        raise click.BadParameter(str(failure), param_hint="--now") from failure
    if moment.tzinfo is None:
        raise click.BadParameter("expected an offset, such as +08:00", param_hint="--now")
    return moment
