"""``crmflow migrate``: what runs on older versions, what would become of it, moving and undoing, in the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

from engine import app, errors, settings
from engine.migration import assess, carry, plans, standing
from engine.model.problem import place
from engine.model.text import EN, ZH, both, pick
from engine.people.agent import SYSTEM
from engine.ports import Engine

DATA = click.option("--data", type=click.Path(path_type=Path), help="Folder of the embedded database.")
LANGUAGE = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="The language of the messages.")
BATCH = 100
NONE_OLDER = both(zh="没有运行在旧版本上的实例", en="no instance runs on an older version")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("migrate")
def migrate_command() -> None:
    """Running instances go on with another version of their process."""


@migrate_command.command("older")
@click.argument("process", default="")
@AS_JSON
@LANGUAGE
@DATA
def older_command(process: str, as_json: bool, lang: str, data: Path | None) -> None:
    """Instances on versions that are no longer released. Of PROCESS, or of all."""
    with _engine(data, lang) as engine:
        found = standing.older(engine, process=process, agent=SYSTEM)
    if as_json:
        _print(found)
        return
    if not found:
        click.echo(pick(NONE_OLDER, _locale(lang)))
    for one in found:
        target = pick(one.target_title, _locale(lang)) or "-"
        click.echo(f"{one.process}  {one.running:>6}  {pick(one.title, _locale(lang))} -> {target}")
        click.echo(f"        {one.program} {one.target or '-'}")


def _plan_options(command: Any) -> Any:
    options = (
        click.argument("process"),
        click.option("--from", "old", required=True, help="SHA-256 of the program that they run."),
        click.option("--to", "new", required=True, help="SHA-256 of the program that they are to run."),
        click.option("--map", "pairs", multiple=True, metavar="OLD=NEW", help="A step that changed its id."),
        click.option("--allow", multiple=True, type=click.Choice(assess.ALLOWANCES), help="May be given again."),
        click.option("--timers", type=click.Choice(["keep", "again"]), default="keep", show_default=True),
        click.option("--instance", "instances", multiple=True, help="Only this one; may be given again."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@migrate_command.command("check")
@_plan_options
@AS_JSON
@LANGUAGE
@DATA
def check_command(as_json: bool, lang: str, data: Path | None, **wanted: Any) -> None:
    """A dry run: the class of each instance, and the step in the way. Exit status 1 when one would stay."""
    with _engine(data, lang) as engine:
        shown = plans.dry_run(engine, order=_order(wanted), agent=SYSTEM, now=engine.clock.now())
    if as_json:
        _print(shown)
    else:
        click.echo(f"{pick(shown.title, _locale(lang))}: " + ", ".join(f"{n} {k}" for k, n in shown.counts.items()))
        for one in shown.prospects:
            reasons = "; ".join(pick(reason.text, _locale(lang)) for reason in one.reasons)
            click.echo(f"  {'>' if one.moves else '!'} {one.number or one.instance_id}  {one.kind}  {reasons}".rstrip())
    if not all(one.moves for one in shown.prospects):
        raise SystemExit(1)


@migrate_command.command("run")
@_plan_options
@click.option("--reason", required=True, help="Stays in the history of each instance.")
@LANGUAGE
@DATA
def run_command(reason: str, lang: str, data: Path | None, **wanted: Any) -> None:
    """Move them here and now. Stopped in the middle, what is left is moved by the next dispatcher."""
    with _engine(data, lang) as engine:
        begun = plans.begin(engine, order=_order(wanted), reason=reason, agent=SYSTEM, now=engine.clock.now())
        _tell(engine, begun.plan.id)


@migrate_command.command("undo")
@click.argument("migration")
@click.option("--instance", "instances", multiple=True, help="Only this one; may be given again.")
@LANGUAGE
@DATA
def undo_command(migration: str, instances: tuple[str, ...], lang: str, data: Path | None) -> None:
    """Back to where they were before MIGRATION."""
    with _engine(data, lang) as engine:
        plans.undo(engine, plan_id=migration, agent=SYSTEM, now=engine.clock.now(), instances=list(instances) or None)
        _tell(engine, migration)


def _tell(engine: Engine, plan_id: str) -> None:
    """Works until nothing of the plan is open, then says how it ended."""
    while carry.carry_due(engine, now=engine.clock.now(), limit=BATCH):
        if not plans.get(engine, plan_id=plan_id, agent=SYSTEM).open:
            break
    done = plans.get(engine, plan_id=plan_id, agent=SYSTEM)
    click.echo(f"{plan_id}: " + ", ".join(f"{count} {status}" for status, count in sorted(done.counts.items())))


def _order(wanted: dict[str, Any]) -> plans.Order:
    nodes = {}
    for pair in wanted["pairs"]:
        old, sign, new = pair.partition("=")
        if not sign or not old:
            raise click.BadParameter(f"expected OLD=NEW, got {pair!r}", param_hint="--map")
        nodes[old] = new
    terms = assess.Terms(nodes=nodes, allow=frozenset(wanted["allow"]), timers=wanted["timers"])
    return plans.Order(
        process=wanted["process"],
        old=wanted["old"],
        new=wanted["new"],
        terms=terms,
        instances=wanted["instances"] or None,
    )


@contextmanager
def _engine(data: Path | None, lang: str) -> Iterator[Engine]:
    """An error of the engine ends the command with its words and places."""
    engine = app.build(settings.of_environment(data), dispatcher=False)
    try:
        yield engine
    except errors.CrmflowError as error:
        locale = _locale(lang)
        lines = [pick(error.text, locale), *_places(error, locale)]
        raise click.ClickException("\n".join(lines)) from error
    finally:
        engine.close()


def _places(error: errors.CrmflowError, locale: str) -> list[str]:
    problems = error.problems if isinstance(error, errors.Invalid) else ()
    return [f"{one.pointer or place(one)}: {pick(one.text, locale)}" for one in problems]


def _locale(lang: str) -> str:
    return ZH if lang == "zh" else EN


def _print(found: Any) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1))
