"""``crmflow worker``, ``crmflow dispatcher``, ``crmflow redis``, ``crmflow db`` and ``crmflow history``."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from engine import errors, logs, settings, worker
from engine.clock import SystemClock
from engine.model import text
from engine.store import archive, backup, copy, purge, put_away, restore
from engine.store.types import moment
from engine.store.unit_of_work import Store
from engine.upkeep import redis

console = Console(highlight=False)
data_option = click.option("--data", type=click.Path(path_type=Path), help="Folder of the embedded database.")


# --- due work ------------------------------------------------------------------------------------------------------


@click.command("worker")
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 256), help="How many side by side.")
@data_option
def worker_command(processes: int, data: Path | None) -> None:
    """Do due work beside the web servers until Ctrl-C or SIGTERM; a process that dies is begun anew."""
    logs.configure()
    console.print(f"{processes} worker process{'es' if processes > 1 else ''}   (Ctrl-C ends)")
    worker.work_in_processes(settings.of_environment(data), processes=processes)


@click.command("dispatcher")
@data_option
def dispatcher_command(data: Path | None) -> None:
    """Fire timers, deliver letters, climb the ladders of promises, and ring for jobs that no worker heard of."""
    logs.configure()
    console.print("dispatcher   (Ctrl-C ends)")
    worker.work(settings.of_environment(data), jobs=False)


@click.command("redis")
@click.option("--port", default=6379, show_default=True, type=click.IntRange(1, 65535))
def redis_command(port: int) -> None:
    """Run a Redis on loopback until Ctrl-C; then `CRMFLOW_QUEUE=rq crmflow serve` and `crmflow worker`."""
    words = redis.words(redis.program(), port=port)
    click.echo(f"redis://127.0.0.1:{port}/0   (Ctrl-C ends)")
    sys.stdout.flush()
    # It takes this process over: whoever ends the one has ended the other.
    os.execv(words[0], words)


# --- the database --------------------------------------------------------------------------------------------------


@click.group("db")
def db_command() -> None:
    """The database: its tables, its backup, and the way from SQLite to PostgreSQL."""


@db_command.command("upgrade")
@data_option
def upgrade_command(data: Path | None) -> None:
    """Bring the tables to this version's. Running instances go on with the program they began with."""
    with _told(), _store(settings.of_environment(data).database) as store:
        console.print(f"{store.version() or 'empty'} → ", end="")
        store.upgrade()
        console.print(store.version())


@db_command.command("copy")
@click.argument("source")
@click.argument("target")
def copy_command(source: str, target: str) -> None:
    """Copy the database SOURCE into the empty database TARGET.

    Both are URLs; every row is compared.

    Stop what writes to SOURCE first: the copy is what it held at one moment.
    """
    bar = Progress(
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with _told(), _store(source) as old, _store(target) as new, bar:
        task = bar.add_task("copying", total=None)
        if not old.version():
            raise errors.Invalid(
                "source_empty", zh="源数据库里没有 crmflow 的数据。", en="SOURCE holds no database of crmflow."
            )
        old.upgrade()
        new.upgrade()
        done = copy.copy(old, new, told=lambda table, rows: bar.update(task, description=f"{table}: {rows}"))
    for one in done:
        if one.rows:
            console.print(f"{one.table:20} {one.rows:>9}  {one.sha256[:12]}")
    console.print(f"{sum(one.rows for one in done)} rows in {len(done)} tables, the same on both sides")


@db_command.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
def backup_command(file: Path, data: Path | None) -> None:
    """Copy the embedded database into the new FILE while it is in use. For PostgreSQL there is pg_dump."""
    house = settings.of_environment(data)
    with _told():
        size = backup.back_up(house.database, file)
    console.print(f"{size:,} bytes in {file}", soft_wrap=True)
    if not house.credentials_key:
        kept = house.data_dir / "credentials.key"
        console.print(f"Keep {kept} in another safe place: without it no secret of a connector opens.", soft_wrap=True)


# --- history -------------------------------------------------------------------------------------------------------


DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


def _age(context: click.Context, option: click.Parameter, value: str) -> timedelta:
    """``90d``, ``12w``, ``18m`` or ``2y``."""
    number, unit = value[:-1], value[-1:].lower()
    if not number.isdecimal() or len(number) > 4 or unit not in DAYS:
        raise click.BadParameter(f"expected days, weeks, months or years such as 90d, 12w, 18m, 2y, not {value!r}")
    return timedelta(days=int(number) * DAYS[unit])


@click.group("history")
def history_command() -> None:
    """What is kept about ended instances."""


@history_command.command("purge")
@click.option("--older-than", "age", required=True, callback=_age, help="Ended longer ago: 90d, 12w, 18m, 2y.")
@click.option("--process", "processes", multiple=True, help="Only of this process; may be given again.")
@click.option("--dry-run", is_flag=True, help="Count what would go, delete nothing.")
@data_option
def purge_command(age: timedelta, processes: tuple[str, ...], dry_run: bool, data: Path | None) -> None:
    """Delete instances that ended long ago. Their history goes with them, in small transactions."""
    with (
        _told(),
        _store(settings.of_environment(data).database) as store,
        _counted("counted" if dry_run else "deleted") as told,
    ):
        store.upgrade()
        before = SystemClock().now() - age
        gone = purge.purge(store, before=before, processes=processes, dry=dry_run, told=told)
    for table, rows in sorted(gone.rows.items()):
        console.print(f"{table:20} {rows:>9}")
    console.print(f"{gone.instances} instances {'would go' if dry_run else 'are gone'}")


folder_argument = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


@history_command.command("archive")
@folder_argument
@click.option("--older-than", "age", required=True, callback=_age, help="Ended longer ago: 90d, 12w, 18m, 2y.")
@click.option("--process", "processes", multiple=True, help="Only of this process; may be given again.")
@data_option
def archive_command(folder: Path, age: timedelta, processes: tuple[str, ...], data: Path | None) -> None:
    """Move instances that ended long ago into files in FOLDER. With their history and a manifest of hashes."""
    with _told(), _store(settings.of_environment(data).database) as store, _counted("archived") as told:
        store.upgrade()
        done = put_away.put_away(store, folder, before=SystemClock().now() - age, processes=processes, told=told)
    for table, rows in sorted(done.rows.items()):
        console.print(f"{table:20} {rows:>9}")
    console.print(f"{done.instances} instances are archived in {done.parts} new parts")
    if done.changed:
        console.print(f"{done.changed} were changed meanwhile and stay for the next run")


@history_command.command("verify")
@folder_argument
def verify_command(folder: Path) -> None:
    """Compare every hash and count of the archive in FOLDER."""
    with _told(), _counted("compared") as told:
        known = archive.verify(folder, told=told)
    for part in known.parts:
        span = f"{part.ended_from:%Y-%m-%d} … {part.ended_to:%Y-%m-%d}"
        click.echo(f"{part.name}  {part.instances:>6} instances {part.rows:>9} rows  {span}  {part.sha256[:12]}")
    console.print(f"{known.instances} instances in {len(known.parts)} parts, all as they were written")


@history_command.command("show")
@folder_argument
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="All its rows as JSON.")
def show_command(folder: Path, case: str, as_json: bool) -> None:
    """Read a case back from the archive in FOLDER. CASE is its id or number; what happened, line by line."""
    with _told():
        found = archive.find(folder, case)
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    console.print(f"{found.number}  {found.process}  ended {moment(found.ended_at):%Y-%m-%d %H:%M}  {found.id}")
    for fact in found.rows.get("fact", ()):
        when = f"{moment(fact['at']):%Y-%m-%d %H:%M:%S}"
        click.echo(
            f"{fact['seq']:>4}  {when}  {fact['type']:<22} {fact['node']:<16} {fact['agent']:<10} {fact['data']}"
        )


@history_command.command("restore")
@folder_argument
@click.argument("cases", nargs=-1)
@data_option
def restore_command(folder: Path, cases: tuple[str, ...], data: Path | None) -> None:
    """Put cases from the archive in FOLDER back. CASES are ids or numbers, else all; FOLDER keeps them."""
    with _told(), _store(settings.of_environment(data).database) as store, _counted("restored") as told:
        store.upgrade()
        done = restore.restore(store, folder, only=cases, told=told)
    console.print(f"{done.instances} instances are back, {done.there} were there already")


@contextmanager
def _counted(what: str) -> Iterator[Callable[[int], None]]:
    """Shows how many instances are done, as long as it lasts."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task(f"instances {what}", total=None)
        yield lambda count: bar.update(task, completed=count, description=f"instances {what}: {count}")


# --- common --------------------------------------------------------------------------------------------------------


@contextmanager
def _store(url: str) -> Iterator[Store]:
    store = Store(url, bell=lambda rings: None)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _told() -> Iterator[None]:
    """An error of the engine ends the command with its words, in the terminal's language."""
    try:
        yield
    except errors.CrmflowError as error:
        locale = text.ZH if os.environ.get("LANG", "").startswith("zh") else text.EN
        raise click.ClickException(text.pick(error.text, locale)) from error
