"""``crmflow pack``: processes with their variants as one file, and such a file into a house."""

from pathlib import Path

import click

from engine import app, files, settings
from engine.people.agent import SYSTEM
from engine.variants import packs

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group("pack")
def pack_command() -> None:
    """Processes with their variants as one file: made, looked into, installed."""


@pack_command.command("make")
@click.argument("keys", nargs=-1, required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file that is written.")
@click.option("--from", "catalogue", type=FOLDER, help="Folder of process folders; left away: the shipped ones.")
def make_command(keys: tuple[str, ...], out: Path, catalogue: Path | None) -> None:
    """The processes named by KEYS as one file.

    With their forms, decisions, variants and scenarios, and the customer groups.

    The lending pack: crmflow pack make SFA-15 SFA-15-before --out lending.zip
    """
    made = packs.collect(catalogue or files.shipped("processes"), keys)
    out.write_bytes(packs.write(made))
    click.echo(f"{out}: {', '.join(made.processes)}, {len(made.files)} files")


@pack_command.command("show")
@click.argument("file", type=FILE)
def show_command(file: Path) -> None:
    """What a pack holds."""
    held = packs.read(file.read_bytes(), file=file.name)
    for key in held.processes:
        mine = sorted(name.partition("/")[2] for name in held.files if name.startswith(f"{key}/"))
        click.echo(f"{key}\n  " + "\n  ".join(mine))


@pack_command.command("install")
@click.argument("file", type=FILE)
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the embedded database.")
def install_command(file: Path, data: Path | None) -> None:
    """Release what a pack holds. The house's own customer groups stay as they are."""
    held = packs.read(file.read_bytes(), file=file.name)
    engine = app.build(settings.of_environment(data), dispatcher=False)
    try:
        done = packs.install(engine, pack=held, agent=SYSTEM, now=engine.clock.now())
    finally:
        engine.close()
    click.echo(f"{', '.join(done.processes)} with {len(done.variants)} variants are released")
