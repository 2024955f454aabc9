"""The commands of ``crmflow variant`` that act on an installation. Who acts is named: four eyes hold here too."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from engine import app, errors, settings, variation
from engine.model.problem import place
from engine.model.text import EN, ZH, pick
from engine.people import agents
from engine.people.agent import Agent
from engine.ports import Engine
from engine.variants import approval, board, carry, release, smells

DATA = click.option("--data", type=click.Path(path_type=Path), help="Folder of the embedded database.")
LANGUAGE = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="The language of the messages.")
WHO = click.option("--as", "person", required=True, help="Who does it: the key of a person.")
NOTE = click.option("--note", default="", help="Kept in the history.")
VERSION = click.option("--version", "n", required=True, type=click.IntRange(1), help="Its number.")


def _deed(what: Any) -> Any:
    for option in (DATA, LANGUAGE, NOTE, WHO):
        what = option(what)
    return what


@click.command("submit")
@click.argument("variant")
@VERSION
@_deed
def submit_command(variant: str, n: int, person: str, note: str, lang: str, data: Path | None) -> None:
    """Hand a draft in for approval. Refused with every problem while anything is wrong."""
    with _acting(data, lang, person) as (engine, agent):
        _tell(approval.submit(engine, variant_id=variant, n=n, agent=agent, now=engine.clock.now(), note=note))


@click.command("approve")
@click.argument("variant")
@VERSION
@_deed
def approve_command(variant: str, n: int, person: str, note: str, lang: str, data: Path | None) -> None:
    """Approve what somebody else submitted."""
    with _acting(data, lang, person) as (engine, agent):
        _tell(approval.approve(engine, variant_id=variant, n=n, agent=agent, now=engine.clock.now(), note=note))


@click.command("release")
@click.argument("variant")
@VERSION
@click.option("--from", "moment", default="", help="A moment to come, ISO 8601 with its zone. Default: now.")
@_deed
def release_command(variant: str, n: int, moment: str, person: str, note: str, lang: str, data: Path | None) -> None:
    """Bring an approved version into use, now or from a moment."""
    valid_from = _moment(moment)
    with _acting(data, lang, person) as (engine, agent):
        now = engine.clock.now()
        which: dict[str, Any] = {"variant_id": variant, "n": n, "agent": agent, "now": now, "note": note}
        _tell(release.release(engine, **which, valid_from=valid_from))


@click.command("roll-back")
@click.argument("variant")
@_deed
def roll_back_command(variant: str, person: str, note: str, lang: str, data: Path | None) -> None:
    """Release the version before again, as it was."""
    with _acting(data, lang, person) as (engine, agent):
        _tell(release.roll_back(engine, variant_id=variant, agent=agent, now=engine.clock.now(), note=note))


@click.command("retire")
@click.argument("variant")
@_deed
def retire_command(variant: str, person: str, note: str, lang: str, data: Path | None) -> None:
    """Take a variant out of use. Its group falls back to what is above."""
    if not note.strip():
        raise click.UsageError("say why: --note")
    with _acting(data, lang, person) as (engine, agent):
        _tell(release.retire(engine, variant_id=variant, agent=agent, now=engine.clock.now(), note=note))


@click.command("board")
@click.argument("process")
@click.option("--base", "base_n", default=0, help="Number of the base to look at. Default: the newest released one.")
@LANGUAGE
@DATA
@WHO
def board_command(process: str, base_n: int, person: str, lang: str, data: Path | None) -> None:
    """The variants of PROCESS against a new base.

    And what is worth tidying up. Exit status 1 when something has to be decided or mended.
    """
    locale = _locale(lang)
    with _acting(data, lang, person) as (engine, agent):
        seen = board.board(engine, process=process, base_n=base_n, agent=agent)
        found = smells.smells(engine, process=process, agent=agent, now=engine.clock.now())
    click.echo(f"{process} v{seen.from_n} -> v{seen.base.n}")
    for change in seen.changes:
        click.echo(f"  * {pick(change.says, locale)}")
    for row in seen.rows:
        click.echo(f"{row.variant.id} v{row.version.n} ({row.version.base_n}): {row.state}")
        for asked in row.asked:
            mark = "=" if asked.decided else "?"
            click.echo(f"  {mark} {pick(asked.says, locale)}: {pick(asked.conflict.says, locale)}")
            for choice, says in asked.choices.items():
                chosen = asked.decided is not None and asked.decided.choice == choice
                click.echo(f"      {'>' if chosen else ' '} {choice}: {pick(says, locale)}")
            click.echo(f"      {asked.conflict.signature}")
    for smell in found:
        click.echo(f"~ {smell.kind}: {pick(smell.says, locale)}")
    if any(row.state in ("decide", "blocked") for row in seen.rows):
        raise SystemExit(1)


@click.command("decide")
@click.argument("process")
@click.argument("variant")
@click.argument("signature")
@click.argument("choice")
@_deed
def decide_command(process: str, person: str, note: str, lang: str, data: Path | None, **which: str) -> None:
    """Decide about one conflict with a new base. SIGNATURE and CHOICE as ``board`` shows them."""
    with _acting(data, lang, person) as (engine, agent):
        made = carry.decide(
            engine,
            process=process,
            variant_id=which["variant"],
            signature=which["signature"],
            choice=which["choice"],
            agent=agent,
            now=engine.clock.now(),
            note=note,
        )
    click.echo(f"{made.variant_id} {made.operation}: {made.choice}")


@click.command("carry")
@click.argument("process")
@click.argument("variants", nargs=-1, metavar="[VARIANT]...")
@_deed
def carry_command(
    process: str, variants: tuple[str, ...], person: str, note: str, lang: str, data: Path | None
) -> None:
    """Carry variants over to the newest base.

    Those named, or all that are ready; they are submitted. Exit status 1 when one is refused.
    """
    with _acting(data, lang, person) as (engine, agent):
        done = carry.carry(engine, process=process, variants=variants, agent=agent, now=engine.clock.now(), note=note)
    for one in done:
        click.echo(f"{one.variant_id}: " + (pick(one.refused, _locale(lang)) if one.refused else f"v{one.n}"))
    if any(one.refused for one in done):
        raise SystemExit(1)


@click.command("undo")
@click.argument("variant")
@_deed
def undo_command(variant: str, person: str, note: str, lang: str, data: Path | None) -> None:
    """As before it was carried to a new base."""
    with _acting(data, lang, person) as (engine, agent):
        _tell(carry.undo(engine, variant_id=variant, agent=agent, now=engine.clock.now(), note=note))


COMMANDS = (
    submit_command, approve_command, release_command, roll_back_command, retire_command, board_command,
    decide_command, carry_command, undo_command,
)  # fmt: skip


@contextmanager
def _acting(data: Path | None, lang: str, person: str) -> Iterator[tuple[Engine, Agent]]:
    """The installation and who acts; an error ends the command with its words and every problem."""
    engine = app.build(settings.of_environment(data), dispatcher=False)
    try:
        with engine.store.reading() as tx:
            agent = agents.of(agents.found(tx, person))
        yield engine, agent
    except errors.CrmflowError as error:
        locale = _locale(lang)
        for problem in getattr(error, "problems", ()):
            click.echo(f"  {problem.severity}: {place(problem)}: {pick(problem.text, locale)}", err=True)
        raise click.ClickException(pick(error.text, locale)) from error
    finally:
        engine.close()


def _moment(said: str) -> datetime | None:
    if not said:
        return None
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise click.BadParameter(f"expected a moment with its zone such as 2026-05-01T08:00+08:00, not {said!r}")
    return found.astimezone(UTC)


def _tell(done: variation.VariantVersion) -> None:
    since = f" from {done.valid_from.isoformat()}" if done.valid_from else ""
    click.echo(f"{done.variant_id} v{done.n}: {done.status}{since}")


def _locale(lang: str) -> str:
    return ZH if lang == "zh" else EN
