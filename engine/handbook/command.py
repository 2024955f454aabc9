"""``crmflow handbook``."""

from pathlib import Path

import click

from engine.handbook import book

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("handbook")
@click.argument("catalogue", type=FOLDER, metavar="FOLDER")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Where the pages go.")
@click.option("--check", is_flag=True, help="Write nothing; exit status 1 when the pages there are not up to date.")
def handbook_command(catalogue: Path, out: Path, check: bool) -> None:
    """The processes of a catalogue told for managers, with pictures, in Chinese and English."""
    if not check:
        click.echo(f"{book.write(catalogue, out)} pages in {out}")
        return
    stale = [
        name
        for name, content in book.pages(catalogue).items()
        if not (out / name).is_file() or (out / name).read_text(encoding="utf-8") != content
    ]
    for name in stale:
        click.echo(f"not up to date: {name}")
    if stale:
        raise SystemExit(1)
