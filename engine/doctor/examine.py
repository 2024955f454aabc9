"""The examinations: each a small function that looks at one thing and says what it found."""

import difflib
import importlib.metadata
import os
import re
import socket
import sys
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from engine import files
from engine.model.text import Text, both
from engine.settings import Settings
from engine.store import migrate, unit_of_work

Verdict = Literal["good", "bad", "absent"]
OLDEST_PYTHON = (3, 11)
_FILE = "sqlite:///"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """``absent`` is something optional that is not here; only ``bad`` stops crmflow from working."""

    what: str
    verdict: Verdict
    text: Text
    mend: Text = {}


def examine(settings: Settings, *, port: int) -> list[Finding]:
    """Everything, in the order a newcomer would ask. Nothing is made and nothing changed by looking."""
    return [finding for examination in EXAMINATIONS for finding in examination(settings, port)]


def python(settings: Settings, port: int) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= OLDEST_PYTHON
    wanted = ".".join(map(str, OLDEST_PYTHON))
    yield Finding(
        what="python",
        verdict="good" if good else "bad",
        text=both(zh=f"Python {version}", en=f"Python {version}"),
        mend={} if good else both(zh=f"请安装 Python {wanted} 或更高版本", en=f"install Python {wanted} or later"),
    )


def libraries(settings: Settings, port: int) -> Iterator[Finding]:
    if not _is_installed("crmflow"):
        yield Finding(
            what="libraries",
            verdict="bad",
            text=both(zh="crmflow 未安装，只是从源码目录运行", en="crmflow is not installed, only run from its folder"),
            mend=both(zh="请运行 python3 run.py doctor", en="run python3 run.py doctor"),
        )
        return
    needed = (line for line in importlib.metadata.requires("crmflow") or () if "extra ==" not in line)
    missing = [
        name for name in (re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in needed) if not _is_installed(name)
    ]
    names = ", ".join(missing)
    yield Finding(
        what="libraries",
        verdict="bad" if missing else "good",
        text=both(zh=f"缺少：{names}" if missing else "齐全", en=f"missing: {names}" if missing else "all there"),
        mend=both(zh="请重新安装 crmflow", en="install crmflow again") if missing else {},
    )


def shipped_files(settings: Settings, port: int) -> Iterator[Finding]:
    for name in ("processes", "schemas"):
        try:
            count = sum(1 for path in files.shipped(name).rglob("*") if path.is_file())
            yield Finding(what=name, verdict="good", text=both(zh=f"{count} 个文件", en=f"{count} files"))
        except FileNotFoundError as missing:
            yield Finding(what=name, verdict="bad", text=both(zh="安装不完整", en=str(missing)))


def variables(settings: Settings, port: int) -> Iterator[Finding]:
    """A slip of the pen in the name of a setting changes nothing, and nobody would notice."""
    known = [f"CRMFLOW_{name.upper()}" for name in Settings.model_fields]
    for name in sorted(
        name for name in os.environ if name.upper().startswith("CRMFLOW_") and name.upper() not in known
    ):
        near = difflib.get_close_matches(name.upper(), known, n=1)
        yield Finding(
            what=name,
            verdict="absent",
            text=both(zh="没有这个设置", en="names no setting"),
            mend=both(zh=f"是否指 {near[0]}？", en=f"is {near[0]} meant?") if near else {},
        )


def time_zone(settings: Settings, port: int) -> Iterator[Finding]:
    known = settings.time_zone in zoneinfo.available_timezones()
    yield Finding(
        what="time zone",
        verdict="good" if known else "bad",
        text=both(zh=settings.time_zone, en=settings.time_zone),
        mend={} if known else both(zh="请更正 CRMFLOW_TIME_ZONE", en="correct CRMFLOW_TIME_ZONE"),
    )


def database(settings: Settings, port: int) -> Iterator[Finding]:
    url = settings.database_url
    place = url.split("@")[-1] if url else str(settings.data_dir.resolve())
    file = url.removeprefix(_FILE) if url.startswith(_FILE) else ""
    folder = Path(file).parent if file else settings.data_dir
    setting = "CRMFLOW_DATABASE_URL" if url else "CRMFLOW_DATA_DIR"
    if (file or not url) and not _can_write(folder):
        yield Finding(
            what="database",
            verdict="bad",
            text=both(zh=f"文件夹 {folder.resolve()} 不可写", en=f"the folder {folder.resolve()} cannot be written"),
            mend=both(zh=f"请设置 {setting}", en=f"set {setting}"),
        )
        return
    try:
        state = unit_of_work.state(settings.database)
    except Exception as failure:  # whatever the driver says belongs into the report
        yield Finding(
            what="database",
            verdict="bad",
            text=both(zh=f"无法打开 {place}：{failure}", en=f"{place} cannot be opened: {failure}"),
            mend=both(zh="请检查 CRMFLOW_DATABASE_URL", en="check CRMFLOW_DATABASE_URL"),
        )
        return
    verdict, text, mend = _STATES[state]
    yield Finding(
        what="database",
        verdict=verdict,
        text={locale: f"{place} {words}" for locale, words in text.items()},
        mend=mend,
    )


def door(settings: Settings, port: int) -> Iterator[Finding]:
    with socket.socket() as knock:
        knock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            knock.bind(("127.0.0.1", port))
        except OSError as taken:
            yield Finding(
                what=f"port {port}",
                verdict="absent",
                text=both(zh=f"已被占用：{taken.strerror}", en=f"taken: {taken.strerror}"),
                mend=both(zh="启动时使用 --port 另选端口", en="start with --port and another number"),
            )
            return
    yield Finding(what=f"port {port}", verdict="good", text=both(zh="空闲", en="free"))


_STATES: Mapping[migrate.State, tuple[Verdict, Text, Text]] = {
    "current": ("good", both(zh="可用", en="stands"), {}),
    "empty": ("good", both(zh="可用，首次启动时建表", en="can be used; the first start makes its tables"), {}),
    "older": (
        "absent",
        both(zh="是旧版本的表，启动时自动升级", en="holds tables of an older version; a start brings them up to date"),
        both(zh="也可先备份，再运行 crmflow db upgrade", en="or make a backup, then run crmflow db upgrade"),
    ),
    "newer": (
        "bad",
        both(zh="由更新版本的 crmflow 建立", en="was made by a newer crmflow"),
        both(zh="请安装该版本，或恢复旧备份", en="install that one, or put an older backup back"),
    ),
}
EXAMINATIONS: tuple[Callable[[Settings, int], Iterator[Finding]], ...] = (
    python,
    libraries,
    shipped_files,
    variables,
    time_zone,
    database,
    door,
)


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _can_write(folder: Path) -> bool:
    """Whether it, or the nearest folder above that exists, may be written."""
    folder = folder.resolve()
    while not folder.exists():
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK)
