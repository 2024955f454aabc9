"""``crmflow people``: the way back in when nobody can sign in any more."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from engine import app, settings
from engine.people import passwords, users
from engine.people.agent import SYSTEM
from engine.ports import Engine

console = Console(highlight=False)
data_option = click.option("--data", type=click.Path(path_type=Path), help="Folder of the embedded database.")


@click.group("people")
def people_command() -> None:
    """Who may sign in; everything else about people is on the page of the same name."""


@people_command.command("list")
@data_option
def list_command(data: Path | None) -> None:
    """Everybody with key, name and roles; the inactive last."""
    engine = _opened(data)
    try:
        found = users.users(engine, agent=SYSTEM)
    finally:
        engine.close()
    table = Table("key", "name", "roles", "", box=None, pad_edge=False)
    for person in found:
        table.add_row(person.key, person.name, ", ".join(sorted(person.roles)), "" if person.active else "inactive")
    console.print(table)


@people_command.command("password")
@click.argument("key")
@data_option
def password_command(key: str, data: Path | None) -> None:
    """Give the person KEY a new password and print it once. Every session of that person ends."""
    password = passwords.random(key)
    engine = _opened(data)
    try:
        users.reset_password(engine, key=key, password=password, agent=SYSTEM)
        active = users.user(engine, key=key, agent=SYSTEM).active
    finally:
        engine.close()
    console.print(f"{key} signs in with {password} and changes it.", soft_wrap=True)
    if not active:
        console.print(f"{key} is inactive: an administrator must take them in again first.")


def _opened(data: Path | None) -> Engine:
    return app.build(settings.of_environment(data), dispatcher=False)
