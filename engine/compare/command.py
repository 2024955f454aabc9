"""``crmflow variant``."""

from pathlib import Path
from typing import Any

import click
import msgspec

from engine import errors
from engine.compare import folders
from engine.model import problem as problems
from engine.model.problem import Problem, place
from engine.model.text import EN, ZH, pick
from engine.rollout import command as rollout
from engine.variants import rebase
from engine.variants.operations import kinds

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
LANGUAGE = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="The language of the messages.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("variant")
def variant_command() -> None:
    """The variants of a process folder (check, diff, rebase; docs/process-folder.md), and those of an installation."""


@variant_command.command("check")
@click.argument("paths", nargs=-1, required=True, type=FOLDER, metavar="FOLDER...")
@AS_JSON
@LANGUAGE
def check_command(paths: tuple[Path, ...], as_json: bool, lang: str) -> None:
    """All problems of the base and of every variant.

    Of files, operations, bounds, soundness, and the rules of the family.

    Exit status 1 when any of them stops a release.
    """
    report: dict[str, list[Problem]] = {}
    for path in paths:
        loaded = folders.load(path)
        found = list(loaded.problems)
        if loaded.program is not None:
            found += folders.proved(loaded, loaded.program, "process.bpmn")
            try:
                found += [one for composed in folders.compositions(path, loaded) for one in composed.problems]
            except errors.Invalid as wrong:
                found += wrong.problems
        report[loaded.name] = [one for number, one in enumerate(found) if one not in found[:number]]
    if as_json:
        _print(report)
    else:
        _tell(report, ZH if lang == "zh" else EN)
    if any(problems.errors(found) for found in report.values()):
        raise SystemExit(1)


@variant_command.command("diff")
@click.argument("path", type=FOLDER, metavar="FOLDER")
@click.argument("names", nargs=-1, metavar="[VARIANT]...")
@AS_JSON
@LANGUAGE
def diff_command(path: Path, names: tuple[str, ...], as_json: bool, lang: str) -> None:
    """What the variants change, operation by operation. Those named, or all."""
    locale = ZH if lang == "zh" else EN
    try:
        found = folders.compositions(path, folders.load(path))
    except errors.Invalid as wrong:
        _tell({path.name: list(wrong.problems)}, locale)
        raise SystemExit(1) from wrong
    unknown = set(names) - {one.name for one in found}
    if unknown:
        raise click.UsageError(f"no such variant: {', '.join(sorted(unknown))}")
    chosen = [one for one in found if not names or one.name in names]
    if as_json:
        _print(
            {
                one.name: {
                    "group": one.group,
                    "lines": one.difference.lines,
                    "marks": one.difference.marks,
                    "fingerprint": one.difference.fingerprint,
                }
                for one in chosen
            }
        )
        return
    for one in chosen:
        says = pick(one.difference.fingerprint.says(), locale) or ("无变更" if locale == ZH else "no difference")
        click.echo(f"{one.name} ({one.group or '-'}): {says}")
        for line in one.difference.lines:
            mark = "!" if line.refused else "*"
            click.echo(f"  {mark} [{line.element}] {pick(line.says, locale)}  ({pick(line.reason, locale)})")
            if line.refused:
                click.echo(f"      {pick(line.refused, locale)}")


@variant_command.command("rebase")
@click.argument("old", type=FOLDER, metavar="OLD_FOLDER")
@click.argument("new", type=FOLDER, metavar="NEW_FOLDER")
@AS_JSON
@LANGUAGE
def rebase_command(old: Path, new: Path, as_json: bool, lang: str) -> None:
    """Carry the variants of the old folder over to the new base.

    Every conflict is named. Nothing is written.

    Exit status 1 when something must be decided.
    """
    locale = ZH if lang == "zh" else EN
    before, after = folders.load(old), folders.load(new)
    if before.program is None or after.program is None:
        _tell({before.name: list(before.problems), after.name: list(after.problems)}, locale)
        raise SystemExit(1)
    done = {
        name: rebase.rebase(
            before.program, after.program, kinds.read(document["operations"]), definition=after.definition
        )
        for name, document in before.variants.items()
    }
    if as_json:
        _print(
            {
                name: {
                    "clean": one.clean,
                    "operations": kinds.write(one.operations),
                    "conflicts": one.conflicts,
                    "drifted": one.drifted,
                    "redundant": one.redundant,
                }
                for name, one in done.items()
            }
        )
    else:
        for name, one in done.items():
            click.echo(f"{name}: " + ("clean" if one.clean else f"{len(one.conflicts)} to decide"))
            for conflict in one.conflicts:
                click.echo(
                    f"  {conflict.kind} {conflict.operation}: {pick(conflict.says, locale)} ({conflict.offered})"
                )
    if not all(one.clean for one in done.values()):
        raise SystemExit(1)


@variant_command.command("infer")
@click.argument("path", type=FOLDER, metavar="FOLDER")
@click.argument("drawing", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.bpmn")
@click.option("--group", default="", help="Key of the customer group; without it the variant is chosen by name only.")
@click.option("--name", required=True, help="What the variant is called, in both languages.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the variant's file here.")
@LANGUAGE
def infer_command(path: Path, drawing: Path, group: str, name: str, out: Path | None, lang: str) -> None:
    """The fewest operations that make FILE.bpmn.

    It is a copy, drawn elsewhere, of the folder's base; what comes out is a variant's file.

    Exit status 1 when the drawing holds something that no operation says; it is told.
    """
    locale = ZH if lang == "zh" else EN
    try:
        found = folders.inferred(path, drawing, group=group, name=name)
    except errors.Invalid as wrong:
        _tell({drawing.name: list(wrong.problems)}, locale)
        raise click.ClickException(pick(wrong.text, locale)) from wrong
    written = msgspec.json.format(msgspec.json.encode(found.document), indent=2)
    if out is not None:
        out.write_bytes(written + b"\n")
    else:
        click.echo(written)
    for one in found.remains:
        click.echo(f"  {one.severity}: {place(one)}: {pick(one.text, locale)}", err=True)
    if found.remains:
        raise SystemExit(1)


for _command in rollout.COMMANDS:
    variant_command.add_command(_command)


def _tell(report: dict[str, list[Problem]], locale: str) -> None:
    for name, found in report.items():
        stopping = len(problems.errors(found))
        click.echo(
            f"{name}: {stopping} 个错误，{len(found) - stopping} 个警告"
            if locale == ZH
            else f"{name}: {stopping} errors, {len(found) - stopping} warnings"
        )
        for one in found:
            click.echo(f"  {one.severity}: {place(one)}: {pick(one.text, locale)}")


def _print(report: Any) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(report), indent=1))
