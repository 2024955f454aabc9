"""Variables with their types. What comes in typed becomes a plain value; what goes out says its type by its value.

Json and Object values travel as JSON text and live as what they say, so that expressions can look inside. A file and
bytes are kept as an object that ``FILE`` or ``BYTES`` marks.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine import errors
from web import numbers
from web.api.values import plain
from web.camunda import moments, refusals

FILE = "camunda.file"
BYTES = "camunda.bytes"
_INTEGERS = {"Short": 15, "Integer": 31, "Long": 63}
Shape = dict[str, Any]


def value(shape: Any, name: str = "") -> Any:
    """The plain value of a VariableValueDto. Raises Refusal 400 for a type that is unknown or does not fit."""
    if not isinstance(shape, Mapping):
        raise refusals.wrong(f"Cannot set variable '{name}': expected an object with 'value' and 'type'.")
    given, kind = shape.get("value"), shape.get("type")
    if kind is None or kind == "":
        return given
    kind = str(kind)
    kind = kind[:1].upper() + kind[1:]
    reader = _READERS.get(kind)
    if reader is None:
        raise refusals.wrong(f"Unsupported value type '{shape['type']}'")
    if kind in ("File", "Bytes"):
        return reader(given, shape.get("valueInfo") or {})
    return None if given is None else reader(given, kind)


def values(shapes: Any) -> dict[str, Any]:
    """Of a map of variables; None is an empty one."""
    if shapes is None:
        return {}
    if not isinstance(shapes, Mapping):
        raise refusals.wrong("expected a JSON object of variables")
    return {str(name): value(shape, str(name)) for name, shape in shapes.items()}


def shape(given: Any, *, deserialize: bool = True) -> Shape:
    """``deserialize`` concerns Object values only, of which there are none: Json is text both ways."""
    if isinstance(given, Mapping) and FILE in given:
        info = {name: part for name, part in given[FILE].items() if name != "content" and part}
        return {"type": "File", "value": None, "valueInfo": info}
    if isinstance(given, Mapping) and BYTES in given:
        return {"type": "Bytes", "value": None, "valueInfo": {}}
    kind, told = _told(given)
    return {"type": kind, "value": told, "valueInfo": {}}


def shapes(given: Mapping[str, Any]) -> dict[str, Shape]:
    return {name: shape(each) for name, each in given.items()}


def content(given: Any) -> tuple[bytes, str, str] | None:
    """(bytes, media type, file name) of a file or bytes; None for any other value."""
    if isinstance(given, Mapping) and FILE in given:
        file = given[FILE]
        return base64.b64decode(file["content"]), file.get("mimetype") or "application/octet-stream", file["filename"]
    if isinstance(given, Mapping) and BYTES in given:
        return base64.b64decode(given[BYTES]), "application/octet-stream", ""
    return None


def file(data: bytes, *, filename: str, mimetype: str = "", encoding: str = "") -> dict[str, Any]:
    stored = base64.b64encode(data).decode()
    return {FILE: {"filename": filename, "mimetype": mimetype, "encoding": encoding, "content": stored}}


def binary(data: bytes) -> dict[str, Any]:
    return {BYTES: base64.b64encode(data).decode()}


def meets(seen: Mapping[str, Any], name: str, operator: str, wanted: Any) -> bool:
    """A condition on a variable; one that is not there, or not comparable, meets none but ``neq``."""
    if name not in seen:
        return operator == "neq"
    given = seen[name]
    if isinstance(wanted, str) and not isinstance(given, str):
        wanted = _as(given, wanted)
    if operator in ("eq", "neq"):
        return (given == wanted) == (operator == "eq")
    if operator == "like":
        return isinstance(given, str) and _like(given, str(wanted))
    try:
        return _ORDER[operator](given, wanted)
    except (TypeError, KeyError):
        return False


def _as(given: Any, text: str) -> Any:
    """What a query string says, as the type of the value that it is compared with."""
    try:
        if isinstance(given, bool):
            return {"true": True, "false": False}.get(text.lower(), text)
        if isinstance(given, int | float | Decimal):
            return Decimal(text)
        if isinstance(given, datetime):
            return datetime.fromisoformat(text)
    except (ArithmeticError, ValueError):
        return text
    return text


def _like(given: str, pattern: str) -> bool:
    parts = pattern.split("%")
    if len(parts) == 1:
        return given == pattern
    if not given.startswith(parts[0]) or not given.endswith(parts[-1]):
        return False
    place = len(parts[0])
    for part in parts[1:-1]:
        place = given.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return place + len(parts[-1]) <= len(given)


_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": lambda a, b: a > b,
    "gteq": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lteq": lambda a, b: a <= b,
}


def _told(given: Any) -> tuple[str, Any]:
    if given is None:
        return "Null", None
    if isinstance(given, bool):
        return "Boolean", given
    if isinstance(given, Decimal):
        given = int(given) if given == given.to_integral_value() else float(given)
    if isinstance(given, int):
        return ("Integer" if -(2**31) <= given < 2**31 else "Long"), given
    if isinstance(given, float):
        return "Double", given
    if isinstance(given, datetime):
        return "Date", moments.told(given)
    if isinstance(given, str):
        return "String", given
    if isinstance(given, date | time | timedelta):
        return "String", str(plain(given))
    return "Json", json.dumps(plain(given), ensure_ascii=False, separators=(",", ":"))


def _unfit(given: Any, kind: str) -> refusals.Refusal:
    java = f"java.lang.{kind}" if kind != "Date" else "java.util.Date"
    return refusals.wrong(f"Cannot convert value '{given}' of type '{kind}' to java type {java}")


def _boolean(given: Any, kind: str) -> bool:
    found = {"true": True, "false": False}.get(str(given).lower())
    if found is None:
        raise _unfit(given, kind)
    return found


def _integer(given: Any, kind: str) -> int:
    try:
        number = given if isinstance(given, int) and not isinstance(given, bool) else int(str(given))
    except ValueError:
        raise _unfit(given, kind) from None
    if not -(2 ** _INTEGERS[kind]) <= number < 2 ** _INTEGERS[kind]:
        raise _unfit(given, kind)
    return number


def _double(given: Any, kind: str) -> float:
    try:
        if isinstance(given, bool):
            raise ValueError
        return float(given)
    except (TypeError, ValueError):
        raise _unfit(given, kind) from None


def _number(given: Any, kind: str) -> int | float:
    return given if isinstance(given, int) and not isinstance(given, bool) else _double(given, "Double")


def _text(given: Any, kind: str) -> str:
    if isinstance(given, str):
        return given
    if isinstance(given, bool | int | float):
        return json.dumps(given)
    raise _unfit(given, "String")


def _date(given: Any, kind: str) -> datetime:
    try:
        return moments.read(given, "value")
    except refusals.Refusal:
        raise _unfit(given, kind) from None


def _json(given: Any, kind: str) -> Any:
    if not isinstance(given, str):
        raise refusals.wrong(f"Must provide 'null' or String value for value of SerializableValue type '{kind}'.")
    try:
        return numbers.read(given)
    except (ValueError, RecursionError, errors.Invalid):
        if kind == "Object":
            return given  # serialised by another format: kept as it came
        raise refusals.wrong(f"Cannot read the value of type '{kind}': it is no JSON.") from None


def _file(given: Any, info: Mapping[str, Any]) -> Any:
    if not info.get("filename"):
        raise refusals.wrong("'filename' is missing in the valueInfo of the value of type 'File'.")
    data = _binary(given)
    return file(
        data,
        filename=str(info["filename"]),
        mimetype=str(info.get("mimetype") or info.get("mimeType") or ""),
        encoding=str(info.get("encoding") or ""),
    )


def _bytes(given: Any, info: Mapping[str, Any]) -> Any:
    return None if given is None else binary(_binary(given))


def _binary(given: Any) -> bytes:
    try:
        return base64.b64decode(given or "", validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise refusals.wrong("The value is not base64.") from None


_READERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "Boolean": _boolean,
    "Short": _integer,
    "Integer": _integer,
    "Long": _integer,
    "Double": _double,
    "Number": _number,
    "String": _text,
    "Xml": _text,
    "Date": _date,
    "Json": _json,
    "Object": _json,
    "Null": lambda given, kind: None,
    "File": _file,
    "Bytes": _bytes,
}
