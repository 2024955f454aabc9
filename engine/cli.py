"""The command ``crmflow``. Each command lives in the room it belongs to and is loaded only when it is called."""

import importlib
import importlib.metadata
import os
from typing import Any

import click

from engine import errors
from engine.model import text

# name: (module:attribute, the line that `crmflow --help` shows)
COMMANDS = {
    "demo": ("web.command:demo_command", "A sample company, live, in your browser."),
    "serve": ("web.command:serve_command", "The web server with everything in it."),
    "install": (
        "engine.upkeep.install.command:install_command",
        "The shipped processes, all or some, into the database.",
    ),
    "pack": ("engine.upkeep.pack.command:pack_command", "Processes with their variants as one file, out and in."),
    "worker": ("engine.upkeep.command:worker_command", "Do due work beside the web servers, in N processes."),
    "dispatcher": (
        "engine.upkeep.command:dispatcher_command",
        "Timers, letters and promises; jobs are left to workers.",
    ),
    "redis": ("engine.upkeep.command:redis_command", "A Redis of one's own, to try workers with."),
    "db": ("engine.upkeep.command:db_command", "Upgrade the database, back it up, or copy it into another."),
    "history": ("engine.upkeep.command:history_command", "Archive, read back or delete what ended long ago."),
    "people": ("engine.upkeep.people.command:people_command", "Who may sign in, and a new password for who cannot."),
    "secrets": ("engine.secrets.command:secrets_command", "Encrypt kept secrets with a new key."),
    "doctor": ("engine.doctor.command:doctor_command", "What stands and what is missing on this machine."),
    "check": ("engine.bpmn.command:check_command", "All problems of BPMN files, with place and mend."),
    "play": ("engine.play.command:play_command", "Walk a model on a virtual clock and print what happens."),
    "feel": ("engine.feel.command:feel_command", "Evaluate a FEEL expression."),
    "decide": ("engine.dmn.command:decide_command", "Evaluate a decision of a DMN file."),
    "handbook": ("engine.handbook.command:handbook_command", "The catalogue told for managers, with pictures."),
    "migrate": ("engine.switch.command:migrate_command", "Running instances go on with another version."),
    "variant": (
        "engine.compare.command:variant_command",
        "Variants: compared, checked, carried to a new base, released.",
    ),
}


class Lazy(click.Group):
    """Knows its commands by name; imports one when it is wanted, so that `crmflow feel` loads no web server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """An error of the engine ends a command with its words, in the terminal's language."""
        try:
            return super().invoke(ctx)
        except errors.CrmflowError as error:
            locale = text.ZH if os.environ.get("LANG", "").lower().startswith("zh") else text.EN
            raise click.ClickException(text.pick(error.text, locale)) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _version() -> str:
    try:
        return importlib.metadata.version("crmflow")
    except importlib.metadata.PackageNotFoundError:
        return "(not installed, run from its folder)"


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version=_version(), prog_name="crmflow")
def main() -> None:
    """crmflow: processes that differ per customer group, and run."""


if __name__ == "__main__":
    main(prog_name="crmflow")
