"""State as bytes and back: a mark, a version, then the records as MessagePack arrays.

An older version is read as long as its reader stands here; anything else is refused by name, never guessed at.
"""

import msgspec
from msgspec.msgpack import Decoder, Encoder

from engine import errors
from engine.kernel.state import State

VERSION = 1
_MARK = 0xC6
_HEAD = bytes((_MARK, VERSION))
_ENCODER = Encoder()
_DECODER = Decoder(State)


def encode(state: State) -> bytes:
    return _HEAD + _ENCODER.encode(state)


def decode(data: bytes) -> State:
    """Raises Invalid ``state_foreign``, ``state_version`` or ``state_broken``."""
    if data[:2] != _HEAD:
        raise _refused(data)
    try:
        return _DECODER.decode(memoryview(data)[2:])
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise errors.Invalid(
            "state_broken",
            zh=f"实例状态已损坏：{error}",
            en=f"the stored state is broken: {error}",
        ) from None


def _refused(data: bytes) -> errors.Invalid:
    if len(data) < 2 or data[0] != _MARK:
        return errors.Invalid(
            "state_foreign",
            zh="这些字节不是实例状态",
            en="expected the state of an instance, got bytes of something else",
        )
    return errors.Invalid(
        "state_version",
        zh=f"实例状态的版本是 {data[1]}，此程序只能读取版本 {VERSION}",
        en=f"the stored state has version {data[1]}, this release reads version {VERSION}",
        version=data[1],
    )
