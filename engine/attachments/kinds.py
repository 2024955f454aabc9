"""Which files are taken: known by the ending of their name, and their content has to begin as that kind does.

What a browser could run (pages, scripts, drawings with scripts) and what a computer could (programs, macros) is of no
kind here. Pure.
"""

import re
import unicodedata
from collections.abc import Callable

import msgspec

LONGEST_NAME = 200
_HEAD = 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_OFFICE = "application/vnd.openxmlformats-officedocument."


class Kind(msgspec.Struct, frozen=True):
    type: str
    """Media type under which it is given out again."""
    fits: Callable[[bytes], bool]


def _starting(*heads: bytes, at: int = 0) -> Callable[[bytes], bool]:
    return lambda data: data[at:].startswith(heads) if at else data.startswith(heads)


def _is_text(data: bytes) -> bool:
    """UTF-8 or what Chinese offices write, without control characters that no text has."""
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    for encoding in ("utf-8", "gb18030", "utf-16"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _is_image(brand: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(b"RIFF") and data[8:12] == brand


KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", lambda data: b"%PDF-" in data[:_HEAD]),
    "png": Kind("image/png", _starting(b"\x89PNG\r\n\x1a\n")),
    "jpg": Kind("image/jpeg", _starting(b"\xff\xd8\xff")),
    "jpeg": Kind("image/jpeg", _starting(b"\xff\xd8\xff")),
    "gif": Kind("image/gif", _starting(b"GIF87a", b"GIF89a")),
    "webp": Kind("image/webp", _is_image(b"WEBP")),
    "tif": Kind("image/tiff", _starting(b"II*\x00", b"MM\x00*")),
    "tiff": Kind("image/tiff", _starting(b"II*\x00", b"MM\x00*")),
    "heic": Kind("image/heic", _starting(b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", at=4)),
    "mp4": Kind("video/mp4", _starting(b"ftyp", at=4)),
    "m4a": Kind("audio/mp4", _starting(b"ftyp", at=4)),
    "mp3": Kind("audio/mpeg", _starting(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    "wav": Kind("audio/wav", _is_image(b"WAVE")),
    "txt": Kind("text/plain", _is_text),
    "csv": Kind("text/csv", _is_text),
    "eml": Kind("message/rfc822", _is_text),
    "docx": Kind(f"{_OFFICE}wordprocessingml.document", _starting(*_ZIP)),
    "xlsx": Kind(f"{_OFFICE}spreadsheetml.sheet", _starting(*_ZIP)),
    "pptx": Kind(f"{_OFFICE}presentationml.presentation", _starting(*_ZIP)),
    "odt": Kind("application/vnd.oasis.opendocument.text", _starting(*_ZIP)),
    "ods": Kind("application/vnd.oasis.opendocument.spreadsheet", _starting(*_ZIP)),
    "ofd": Kind("application/ofd", _starting(*_ZIP)),
    "zip": Kind("application/zip", _starting(*_ZIP)),
    "doc": Kind("application/msword", _starting(*_OLE)),
    "xls": Kind("application/vnd.ms-excel", _starting(*_OLE)),
    "ppt": Kind("application/vnd.ms-powerpoint", _starting(*_OLE)),
    "wps": Kind("application/vnd.ms-works", _starting(*_OLE)),
}
"""By ending, in small letters."""
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What every browser shows as a picture, and as nothing else."""


def of(name: str, data: bytes) -> Kind | None:
    """None for an ending that is not taken, and for a content that is not what the ending says."""
    found = KINDS.get(ending(name))
    return found if found is not None and found.fits(data) else None


def ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


_UNSAFE = re.compile(r'[\\/:*?"<>|]')


def cleaned(name: str) -> str:
    """A name that every system can store: no folders, nothing invisible or that turns the direction of the text.

    Too long a name keeps its ending. Empty when nothing is left.
    """
    last = re.split(r"[\\/]", name)[-1]
    seen = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C")
    plain = _UNSAFE.sub("_", seen).strip().lstrip(".").strip()
    if len(plain) <= LONGEST_NAME:
        return plain
    tail = f".{ending(plain)}"
    return plain[: LONGEST_NAME - len(tail)] + tail if len(tail) < 20 else plain[:LONGEST_NAME]
