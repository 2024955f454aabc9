"""Ended instances out of the database into files, whole, and back again.

An archive is a folder. ``manifest.json`` names its parts with their hashes; a part is a gzip file that holds a line of
JSON for each instance, with all its rows as they stood; what was attached stands in ``files``, each under its hash.
What stands in two parts, because somebody was interrupted or it was restored meanwhile, counts as the later one says.
"""

import gzip
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa

from engine import errors
from engine.store.forget import OF_INSTANCES
from engine.store.tables.instances import instance

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files"
_TRAFFIC = ("delivery", "outgoing")
"""On its way to webhooks: no history, and nothing that a restored case would tell again."""
TABLES = (instance, *(table for table in reversed(OF_INSTANCES) if table.name not in _TRAFFIC))
"""Those that others refer to first."""
DROPPED = {"work_item": frozenset({"held"})}
"""What older archives say and no table holds any more: nobody asks it of what has ended."""
BATCH = 200
"""Instances in a transaction."""
Told = Callable[[int], None]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    name: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}\.jsonl\.gz$")]
    sha256: str
    """Of the file."""
    instances: int
    rows: int
    first: str
    last: str
    """The least and the greatest id in it."""
    ended_from: datetime
    ended_to: datetime


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    format: int = FORMAT
    parts: tuple[Part, ...] = ()

    @property
    def instances(self) -> int:
        return sum(part.instances for part in self.parts)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One instance with its rows, by table, as the database holds them: moments in microseconds, JSON as text."""

    id: str
    number: str
    process: str
    ended_at: int
    rows: dict[str, list[dict[str, Any]]]


def manifest(folder: Path) -> Manifest:
    """Raises errors.NotFound where there is none, errors.Invalid for one that is damaged or of a later format."""
    path = folder / MANIFEST
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        raise errors.NotFound(
            "archive_missing", zh=f"{folder} 不是归档文件夹。", en=f"{folder} is no folder of an archive."
        ) from error
    except msgspec.MsgspecError as error:
        raise _damaged(path, str(error)) from error
    if found.format != FORMAT:
        raise errors.Invalid(
            "archive_format",
            zh=f"归档格式 {found.format} 无法读取，此版本只认识格式 {FORMAT}。",
            en=f"The archive has the format {found.format}; this version reads {FORMAT}.",
        )
    return found


def cases(folder: Path, part: Part) -> Iterator[Case]:
    """Raises errors.Invalid for a part that is missing or not what the manifest says."""
    path = folder / part.name
    try:
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != part.sha256:
            raise _damaged(path, "sha256")
        for line in gzip.decompress(data).splitlines():
            yield msgspec.json.decode(line, type=Case)
    except (OSError, EOFError, msgspec.MsgspecError) as error:
        raise _damaged(path, str(error)) from error


def verify(folder: Path, *, told: Told = lambda instances: None) -> Manifest:
    """Reads everything. Raises as ``manifest`` and ``cases``, and errors.Invalid where a count differs."""
    known = manifest(folder)
    count = 0
    for part in known.parts:
        found = list(cases(folder, part))
        rows = sum(len(rows) for case in found for rows in case.rows.values())
        if (len(found), rows) != (part.instances, part.rows):
            raise _damaged(folder / part.name, f"{len(found)} instances, {rows} rows")
        for sha256 in {sha256 for case in found for sha256 in attached(case)}:
            content(folder, sha256)
        count += len(found)
        told(count)
    return known


def attached(case: Case) -> list[str]:
    """Hashes of the files that are attached to it."""
    return [row["sha256"] for row in case.rows.get("attachment", ())]


def content(folder: Path, sha256: str) -> bytes:
    """Raises errors.Invalid for a file that is missing or not what its name says."""
    path = file_of(folder, sha256)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _damaged(path, str(error)) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise _damaged(path, "sha256")
    return data


def file_of(folder: Path, sha256: str) -> Path:
    """Raises errors.Invalid for a name that is no hash."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise _damaged(folder / FILES, repr(sha256[:80]))
    return folder / FILES / sha256


def find(folder: Path, wanted: str) -> Case:
    """By id or number. Raises errors.NotFound, and as ``cases``."""
    for part in reversed(manifest(folder).parts):
        for case in cases(folder, part):
            if wanted in (case.id, case.number):
                return case
    raise errors.NotFound(
        "archive_case_unknown", zh=f"归档中没有办件 {wanted}。", en=f"There is no case {wanted!r} in the archive."
    )


def keep(path: Path, data: bytes) -> None:
    """Whole or not at all, and on the disk when this returns."""
    draft = path.with_name(path.name + ".draft")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        place = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)
    except OSError as error:
        raise unwritable(path, error) from error


def kept_as(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    """The type under ours: values as the database holds them, so that nothing is read and written anew on the way."""
    return column.type.impl_instance if isinstance(column.type, sa.types.TypeDecorator) else column.type


def batches(found: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for first in range(0, len(found), BATCH):
        yield found[first : first + BATCH]


def unwritable(path: Path, error: OSError) -> errors.Invalid:
    return errors.Invalid(
        "archive_unwritable",
        zh=f"无法写入归档 {path}：{error.strerror}",
        en=f"The archive cannot be written to {path}: {error.strerror}",
    )


def _damaged(path: Path, why: str) -> errors.Invalid:
    return errors.Invalid(
        "archive_damaged", zh=f"归档文件 {path} 已损坏：{why}", en=f"The file {path} of the archive is damaged: {why}"
    )
