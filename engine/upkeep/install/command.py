"""``crmflow install``."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from engine import app, files, settings
from engine.people.agent import SYSTEM
from engine.variants import shipped

console = Console(highlight=False)


@click.command("install")
@click.argument("keys", nargs=-1)
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the embedded database.")
@click.option("--list", "listing", is_flag=True, help="Tell which there are, install nothing.")
def install_command(keys: tuple[str, ...], data: Path | None, listing: bool) -> None:
    """Release the shipped processes named by KEYS, or all, with their forms, decisions and variants.

    What is there already and unchanged stays as it is; a process of the house that has the same key gets a new version.
    """
    catalogue = files.shipped("processes")
    names = sorted(one.parent.name for one in catalogue.glob("*/process.bpmn"))
    if listing:
        click.echo("\n".join(names))
        return
    engine = app.build(settings.of_environment(data), dispatcher=False)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    try:
        with bar:
            task = bar.add_task("installing", total=len(set(keys)) or len(names))
            done = shipped.install(
                engine,
                path=catalogue,
                read=lambda data, name: engine.reader(data, file=name),
                agent=SYSTEM,
                now=engine.clock.now(),
                only=keys,
                told=lambda name: bar.update(task, advance=1, description=name),
            )
    finally:
        engine.close()
    console.print(f"{len(done.processes)} processes with {len(done.variants)} variants are released")
