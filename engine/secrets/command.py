"""``crmflow secrets``: what connectors and webhooks keep secret, under the newest key."""

from pathlib import Path

import click
from rich.console import Console

from engine import app, errors, settings
from engine.trust import credentials
from engine.webhooks import keep

console = Console(highlight=False)


@click.group("secrets")
def secrets_command() -> None:
    """Credentials and the secrets of webhooks: they lie encrypted in the database."""


@secrets_command.command("reseal")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the embedded database.")
def reseal_command(data: Path | None) -> None:
    """Encrypt every secret with the newest key.

    That is the first of CRMFLOW_CREDENTIALS_KEY; afterwards the others may go.
    """
    engine = app.build(settings.of_environment(data), dispatcher=False)
    try:
        count = credentials.reseal(engine) + keep.reseal(engine)
    except errors.CrmflowError as error:
        raise click.ClickException(" / ".join(error.text.values())) from error
    finally:
        engine.close()
    console.print(f"{count} secret{'' if count == 1 else 's'} encrypted anew")
