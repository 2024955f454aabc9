"""A version with all its parts as one zip file, and such a file as parts again.

A zip from outside is hostile: its size is bounded before anything is unpacked, and its names are plain names.
"""

import io
import zipfile
from collections.abc import Mapping

from engine import errors
from engine.definitions import contents, parts, publish, trials
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine

ENDING = ".zip"
LARGEST = 20_000_000
"""Bytes of all parts together, unpacked."""
MOST_FILES = publish.MOST_FILES
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""So that equal versions give equal files."""


def pack(engine: Engine, *, process: str, n: int, agent: Agent) -> bytes:
    """Drawing, forms, decisions and test rows of a version. Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "process.see")
    with engine.store.reading() as tx:
        version = tx.processes.version(process, n)
        program = tx.programs.get(version.program) if version is not None and version.program else None
        if version is None or program is None:
            raise publish.no_version(process, n)
        files = parts.files(engine, tx, version, program)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            packed.writestr(zipfile.ZipInfo(name, _MOMENT), files[name], zipfile.ZIP_DEFLATED)
    return made.getvalue()


def unpacked(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files as they are, and the parts of each bundle among them in its place.

    Raises errors.Invalid for what is no zip file, holds a name with a path, or anything but BPMN, DMN, forms and test
    rows; errors.TooLarge before more is unpacked than the bounds allow.
    """
    found: dict[str, bytes] = {}
    for name, data in files.items():
        for part, content in (_opened(name, data) if name.lower().endswith(ENDING) else {name: data}).items():
            if part in found:
                raise _wrong(name, f"“{part}”出现了两次", f"{part!r} is there twice")
            found[part] = content
    return found


def _opened(bundle: str, data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            infos = [info for info in packed.infolist() if not info.is_dir()]
            _bounded(bundle, infos)
            return {_name(bundle, info): _content(packed, info) for info in infos}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as fault:
        raise _wrong(bundle, "不是可以读取的 zip 文件", f"it cannot be read as a zip file: {fault}") from fault


def _bounded(bundle: str, infos: list[zipfile.ZipInfo]) -> None:
    """By what the directory says; ``_content`` holds each file to it."""
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > LARGEST:
        raise errors.TooLarge(
            "bundle_too_large",
            zh=f"{bundle}：最多 {MOST_FILES} 个文件，解压后共 {LARGEST // 1_000_000} MB。",
            en=f"{bundle}: at most {MOST_FILES} files of {LARGEST // 1_000_000} MB together when unpacked.",
            file=bundle,
        )


def _name(bundle: str, info: zipfile.ZipInfo) -> str:
    name = info.filename
    plain = not set(name) & set("/\\:\0") and name not in ("", ".", "..") and len(name) <= 200 and name.isprintable()
    if not plain:
        raise _wrong(bundle, f"文件名“{name[:80]}”不能带路径", f"the name {name[:80]!r} is a path or no plain name")
    if contents.kind_of(name) == "other" and not trials.is_one(name):
        raise _wrong(
            bundle, f"“{name}”不是流程图、决策表、表单或测试行", f"{name!r} is no drawing, decision, form or test"
        )
    return name


def _content(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with packed.open(info) as file:
        content = file.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise ValueError(f"{info.filename} is not as long as it says")
    return content


def _wrong(bundle: str, zh: str, en: str) -> errors.Invalid:
    return errors.Invalid("bundle_wrong", zh=f"{bundle}：{zh}。", en=f"{bundle}: {en}.", file=bundle)
