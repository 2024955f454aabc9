"""``crmflow doctor``."""

import os
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.markup import escape

from engine import settings
from engine.doctor import examine
from engine.model import text

MARKS = {"good": "[green]✓[/]", "absent": "[yellow]–[/]", "bad": "[red]✗[/]"}


@click.command("doctor")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the embedded database.")
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="Port that the web server would use."
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor_command(data: Path | None, port: int, as_json: bool) -> None:
    """Look at this machine and say what stands and what is missing. Exit status 1 when something must be mended."""
    findings = examine.examine(settings.of_environment(data), port=port)
    if as_json:
        click.echo(msgspec.json.encode(findings))
    else:
        locale = text.ZH if os.environ.get("LANG", "").startswith("zh") else text.EN
        console = Console(highlight=False)
        for finding in findings:
            mend = text.pick(finding.mend, locale)
            line = f" {finding.what}: {text.pick(finding.text, locale)}" + (f" → {mend}" if mend else "")
            console.print(MARKS[finding.verdict] + escape(line))
    if any(finding.verdict == "bad" for finding in findings):
        raise SystemExit(1)
