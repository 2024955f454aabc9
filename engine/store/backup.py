"""A copy of the embedded database while it is in use: what it held at one moment, in one file."""

import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from engine import errors


def back_up(url: str, target: Path) -> int:
    """Bytes written. Readers and writers go on meanwhile: with a write-ahead log a reader holds up nobody.

    Raises Invalid for a database that is not embedded or holds nothing, Conflict when ``target`` is there already.
    """
    source = _file(url)
    draft = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(draft)) as new,
        ):
            old.backup(new)
            (found,) = new.execute("pragma quick_check(1)").fetchone()
        if found != "ok":
            raise errors.Invalid("backup_broken", zh=f"备份已损坏：{found}。", en=f"The backup is broken: {found}.")
        # A link appears whole or not at all, and never in place of another file.
        os.link(draft, target)
    except FileExistsError:
        raise errors.Conflict("backup_exists", zh=f"{target} 已存在。", en=f"{target} is there already.") from None
    except (OSError, sqlite3.Error) as wrong:
        raise errors.Invalid(
            "backup_impossible", zh=f"无法写入 {target}：{wrong}", en=f"{target} cannot be written: {wrong}"
        ) from wrong
    finally:
        draft.unlink(missing_ok=True)
    return target.stat().st_size


def _file(url: str) -> Path:
    known = sa.make_url(url)
    if known.get_backend_name() != "sqlite" or not known.database:
        raise errors.Invalid(
            "not_embedded",
            zh="只有内嵌数据库（SQLite）可以这样备份；PostgreSQL 请使用 pg_dump。",
            en="Only the embedded database (SQLite) is backed up like this; use pg_dump for PostgreSQL.",
        )
    path = Path(known.database)
    if not path.exists():
        raise errors.NotFound("source_empty", zh=f"没有数据库 {path}。", en=f"There is no database {path}.")
    return path
