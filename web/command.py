"""``crmflow serve`` and ``crmflow demo``: the web server, with its dispatcher threads inside."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from engine import logs, settings
from engine.people import agent, passwords, users
from engine.ports import Engine
from engine.sample import company, staff
from engine.settings import Settings
from web import wsgi
from web.serving import server

console = Console(highlight=False)

host_option = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
port_option = click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)


@click.command("serve")
@host_option
@port_option
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the embedded database.")
@click.option("--https", is_flag=True, help="The outside speaks HTTPS: cookies are marked secure.")
@click.option(
    "--processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Web servers side by side on one port; for PostgreSQL, about one for each core.",
)
def serve_command(host: str, port: int, data: Path | None, https: bool, processes: int) -> None:
    """Serve pages and API, and do due work, until Ctrl-C. The first start makes an administrator."""
    logs.configure()
    house = settings.of_environment(data)
    engine = wsgi.open_engine(house, dispatcher=processes == 1)
    try:
        password = _first_administrator(engine)
        if password:
            console.print(f"First start. Log in as [bold]admin[/] with the password [bold]{password}[/] and change it.")
        if processes == 1:
            _serve(engine, host=host, port=port, https=https)
    finally:
        engine.close()
    if processes > 1:
        _serve_in_processes(house, host=host, port=port, https=https, processes=processes)


@click.command("demo")
@host_option
@port_option
@click.option("--data", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True)
@click.option("--fresh", is_flag=True, help="Forget what was done in the demo before.")
@click.option(
    "--year",
    type=click.IntRange(0, 20_000),
    default=30,
    show_default=True,
    help="Cases of the year before today, one of each process at least.",
)
def demo_command(host: str, port: int, data: Path, fresh: bool, year: int) -> None:
    """A sample company with customers, staff, a year of history and live cases, on loopback."""
    logs.configure()
    if fresh:
        for path in data.glob("crmflow.db*"):
            path.unlink()
    house = settings.of_environment(data)
    _load_company(house, year)
    engine = wsgi.open_engine(house)
    try:
        _serve(engine, host=host, port=port, https=False, logins=staff.logins())
    finally:
        engine.close()


def _load_company(house: Settings, year: int) -> None:
    """Its cases begin in the past, so no dispatcher may run beside."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    engine = wsgi.open_engine(house, dispatcher=False)
    try:
        with bar:
            task = bar.add_task("the sample company", total=None)

            def told(what: str, done: int, total: int) -> None:
                bar.update(task, completed=done, total=total, description=f"the sample company: {what}")

            company.load(engine, now=engine.clock.now(), told=told, year=year)
    finally:
        engine.close()


def _first_administrator(engine: Engine) -> str:
    """The password of an administrator made now; empty when there are people already."""
    if users.users(engine, agent=agent.SYSTEM):
        return ""
    password = passwords.random("admin")
    profile = users.Profile(name="Administrator", roles=("admin",))
    users.add_user(engine, key="admin", profile=profile, password=password, agent=agent.SYSTEM, now=engine.clock.now())
    return password


def _serve(engine: Engine, *, host: str, port: int, https: bool, logins: tuple[tuple[str, str, str], ...] = ()) -> None:
    with _taken(host, port):
        listening = server.listen(engine, host=host, port=port, https=https)
    server.ends_cleanly()
    try:
        _say_where(host, listening.effective_port, logins)
        listening.run()
    except KeyboardInterrupt:
        console.print("ended")
    finally:
        listening.close()


def _serve_in_processes(house: Settings, *, host: str, port: int, https: bool, processes: int) -> None:
    with _taken(host, port):
        shared = server.bind(host, port)
    with shared:
        _say_where(host, shared.getsockname()[1], ())
        server.serve_in_processes(house, shared, https=https, processes=processes)


@contextmanager
def _taken(host: str, port: int) -> Iterator[None]:
    """Ends with a sentence when nobody can listen there."""
    try:
        yield
    except (socket.gaierror, ValueError):
        sys.exit(f"expected to listen on {host}:{port}, but this machine has no such address; see --host")
    except OSError as taken:
        sys.exit(f"expected to listen on {host}:{port}, but {taken.strerror}; choose another with --port")


def _say_where(host: str, port: int, logins: tuple[tuple[str, str, str], ...]) -> None:
    console.print(f"\n  [bold]http://{host}:{port}[/]   (Ctrl-C ends)\n")
    people = Table.grid(padding=(0, 2))
    for login in logins:
        people.add_row(*login)
    console.print(Padding(people, (0, 0, 0, 2)))
    sys.stdout.flush()
