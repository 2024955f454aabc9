"""Process folders as one zip file, with their variants and customer groups, and such a file into a house.

A zip from outside is hostile: names are checked against what a process folder holds, sizes before anything is unpacked.
"""

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from engine import errors
from engine.definitions import folder
from engine.model.text import Text
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine
from engine.variants import shipped

LARGEST = 40_000_000
"""Bytes of all files together, unpacked."""
MOST_FILES = 4000
GROUPS = "groups.json"
_MOMENT = (1980, 1, 1, 0, 0, 0)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
_PARTS = re.compile(
    r"(process\.bpmn|process\.json|README\.md|(forms|variants|scenarios)/[\w-]{1,80}\.json|decisions/[\w-]{1,80}\.dmn)",
    re.ASCII,
)


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """File name -> content; the names begin with the process's key."""

    processes: tuple[str, ...]
    files: Mapping[str, bytes]


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A process folder that may go into a pack."""

    process: str
    pillar: str
    names: Text


def offered(catalogue: Path) -> list[Offer]:
    """By key."""
    found = []
    for path in sorted(catalogue.glob("*/process.json")):
        told = json.loads(path.read_bytes())
        found.append(Offer(process=path.parent.name, pillar=told["pillar"], names=told["names"]))
    return found


def collect(catalogue: Path, keys: Sequence[str]) -> Pack:
    """The folders of these processes and the customer groups. Raises NotFound for a key that no folder has."""
    missing = [key for key in keys if not _KEY.fullmatch(key) or not (catalogue / key / "process.bpmn").is_file()]
    if missing or not keys:
        listed = ", ".join(missing) or "-"
        raise errors.NotFound("pack_unknown", zh=f"没有流程文件夹 {listed}", en=f"there is no process folder {listed}")
    files = {GROUPS: (catalogue / GROUPS).read_bytes()}
    for key in keys:
        for path in sorted((catalogue / key).rglob("*")):
            name = path.relative_to(catalogue / key).as_posix()
            if path.is_file() and _PARTS.fullmatch(name):
                files[f"{key}/{name}"] = path.read_bytes()
    return Pack(processes=tuple(sorted(set(keys))), files=files)


def write(pack: Pack) -> bytes:
    """Equal packs give equal files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(pack.files):
            packed.writestr(zipfile.ZipInfo(name, _MOMENT), pack.files[name], zipfile.ZIP_DEFLATED)
    return made.getvalue()


def read(data: bytes, *, file: str) -> Pack:
    """Raises Invalid for what is no pack, TooLarge before more is unpacked than the bounds allow."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            infos = [info for info in packed.infolist() if not info.is_dir()]
            _bounded(infos, file)
            found = {info.filename: _content(packed, info) for info in infos}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as fault:
        raise _wrong(file, "不是可以读取的 zip 文件", f"it cannot be read as a zip file: {fault}") from fault
    keys = sorted({name.partition("/")[0] for name in found if name != GROUPS})
    if not keys:
        raise _wrong(file, "没有流程", "it holds no process")
    for key in keys:
        if f"{key}/process.bpmn" not in found or f"{key}/process.json" not in found:
            raise _wrong(file, f"{key} 缺少 process.bpmn 或 process.json", f"{key} lacks process.bpmn or process.json")
    return Pack(processes=tuple(keys), files=found)


def install(engine: Engine, *, pack: Pack, agent: Agent, now: datetime) -> shipped.Installed:
    """Released as the shipped processes are; variants that a person brings in wait for somebody else's approval. The
    house's own customer groups stay; those of the pack count where there are none yet.

    Raises Forbidden, and Invalid with every problem of a folder that is wrong.
    """
    rights.need(agent, "process.release")
    rights.need(agent, "variant.approve")
    with engine.store.reading() as tx:
        present = tx.groups.released(now)
    if present is None and GROUPS not in pack.files:
        raise _wrong(GROUPS, "缺少客户群", "customer groups are missing")
    with tempfile.TemporaryDirectory() as place:
        catalogue = Path(place)
        for name, content in pack.files.items():
            (catalogue / name).parent.mkdir(parents=True, exist_ok=True)
            (catalogue / name).write_bytes(content)
        if present is not None:
            (catalogue / GROUPS).write_text(json.dumps(present.rules), encoding="utf-8")
        _sound(engine, catalogue, pack)
        return shipped.install(
            engine, path=catalogue, read=lambda data, name: engine.reader(data, file=name), agent=agent, now=now
        )


def _sound(engine: Engine, catalogue: Path, pack: Pack) -> None:
    """Every folder is looked at before the first is installed."""
    for key in pack.processes:
        loaded = folder.load(catalogue / key, read=lambda data, name: engine.reader(data, file=name))
        wrong = [one for one in loaded.problems if one.severity == "error"]
        if wrong:
            raise errors.Invalid(
                "pack_wrong", zh=f"{key} 有 {len(wrong)} 个错误", en=f"{key} has {len(wrong)} errors", problems=wrong
            )


def _bounded(infos: Sequence[zipfile.ZipInfo], file: str) -> None:
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > LARGEST:
        megabytes = LARGEST // 1_000_000
        raise errors.TooLarge(
            "pack_too_large",
            zh=f"{file}：最多 {MOST_FILES} 个文件，解压后共 {megabytes} MB。",
            en=f"{file}: at most {MOST_FILES} files of {megabytes} MB together when unpacked.",
            file=file,
        )
    seen: set[str] = set()
    for info in infos:
        name = info.filename
        key, _, part = name.partition("/")
        if name != GROUPS and not (_KEY.fullmatch(key) and _PARTS.fullmatch(part)):
            raise _wrong(file, f"“{name[:80]}”不属于流程文件夹", f"{name[:80]!r} is no part of a process folder")
        if name.lower() in seen:
            raise _wrong(file, f"“{name}”出现了两次", f"{name!r} is there twice")
        seen.add(name.lower())


def _content(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with packed.open(info) as inside:
        content = inside.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise ValueError(f"{info.filename} is not as long as it says")
    return content


def _wrong(file: str, zh: str, en: str) -> errors.Invalid:
    return errors.Invalid("pack_wrong", zh=f"{file}：{zh}。", en=f"{file}: {en}.", file=file)
