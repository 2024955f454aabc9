"""Values of variables as bytes: JSON values, Decimal, date, time, datetime and timedelta, each coming back as itself.

Every variable is packed by itself the moment it is set, so nobody can change it from outside any more, and reading a
state decodes only the variables that somebody asks for. A type is one of the codes below; data never name one.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.msgpack import Decoder, Encoder, Ext

from engine import errors

DEEPEST = 64
LARGEST_BYTES = 8 * 1024 * 1024

_INTEGER, _DECIMAL, _DATE, _TIME, _DATETIME, _TIMEDELTA = range(1, 7)
_SMALL = frozenset((str, bool, float, type(None)))
_LEAST, _MOST = -(2**63), 2**64 - 1
_MICROSECOND = timedelta(microseconds=1)


def pack(value: Any, name: str = "") -> msgspec.Raw:
    """Raises Invalid ``value`` for what no variable can hold; ``name`` is the variable, for the message."""
    try:
        data = _ENCODER.encode(value if type(value) in _SMALL else _tagged(value, 0))
    except _Unfit as unfit:
        raise _wrong(name, str(unfit)) from None
    except (UnicodeEncodeError, RecursionError, OverflowError) as error:
        raise _wrong(name, type(error).__name__) from None
    if len(data) > LARGEST_BYTES:
        raise errors.Invalid(
            "value_too_large",
            zh=f"变量“{name}”超过 {LARGEST_BYTES // 1024 // 1024} MB",
            en=f"variable {name!r} is larger than {LARGEST_BYTES // 1024 // 1024} MB",
            variable=name,
        )
    return msgspec.Raw(data)


def unpack(raw: msgspec.Raw) -> Any:
    return _DECODER.decode(raw)


class _Unfit(Exception):
    pass


def _tagged(value: Any, depth: int) -> Any:
    kind = type(value)
    if kind in _SMALL:
        return value
    if kind is int:
        return value if _LEAST <= value <= _MOST else _big(value)
    if depth > DEEPEST:
        raise _Unfit(f"nested deeper than {DEEPEST}")
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise _Unfit(f"a key of type {type(key).__name__}")
        return {str(key): _tagged(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_tagged(item, depth + 1) for item in value]
    return _ext(value)


def _ext(value: Any) -> Any:
    if isinstance(value, Decimal):
        return Ext(_DECIMAL, str(value).encode())
    if isinstance(value, datetime):
        return Ext(_DATETIME, value.isoformat().encode())
    if isinstance(value, date):
        return Ext(_DATE, value.isoformat().encode())
    if isinstance(value, time):
        return Ext(_TIME, value.isoformat().encode())
    if isinstance(value, timedelta):
        return Ext(_TIMEDELTA, str(value // _MICROSECOND).encode())
    if isinstance(value, str):
        return str(value)
    raise _Unfit(f"type {type(value).__name__}")


def _big(value: int) -> Ext:
    if value.bit_length() > 4096:
        raise _Unfit("an integer of more than 4096 bits")
    return Ext(_INTEGER, hex(value).encode())


def _from_ext(code: int, data: memoryview) -> Any:
    text = bytes(data).decode()
    if code == _DECIMAL:
        return Decimal(text)
    if code == _DATETIME:
        return datetime.fromisoformat(text)
    if code == _DATE:
        return date.fromisoformat(text)
    if code == _TIME:
        return time.fromisoformat(text)
    if code == _TIMEDELTA:
        return timedelta(microseconds=int(text))
    if code == _INTEGER:
        return int(text, 16)
    raise ValueError(f"unknown kind of value {code}")


def _wrong(name: str, why: str) -> errors.Invalid:
    return errors.Invalid(
        "value",
        zh=f"变量“{name}”的值不能保存：{why}",
        en=f"the value of variable {name!r} cannot be kept: {why}",
        variable=name,
    )


_ENCODER = Encoder()
_DECODER: Decoder[Any] = Decoder(ext_hook=_from_ext)
