"""Whether what a handler gave back can be kept: looked at before anything is written."""

from collections.abc import Mapping
from typing import Any

import msgspec

from engine import errors
from engine.kernel import values
from engine.model.text import Text
from engine.ports import JobAnswer


class _Note(msgspec.Struct):
    to: str
    subject: Text
    text: Text
    channel: str


class _Answer(msgspec.Struct):
    """The shape that ``JobAnswer`` promises and no handler is made to keep."""

    data: Mapping[str, Any]
    error: str
    message: str
    notifications: list[_Note]


def fit(answer: object, *, handler: str) -> JobAnswer:
    """Raises errors.Invalid, which names the handler and the place in its answer."""
    if not isinstance(answer, JobAnswer):
        raise _unfit(handler, f"{type(answer).__name__}, not JobAnswer")
    try:
        made = msgspec.convert(answer, _Answer, from_attributes=True)
        msgspec.json.encode([made.error, made.message, made.notifications, list(made.data)])
    except msgspec.ValidationError as error:
        raise _unfit(handler, str(error)) from error
    except UnicodeEncodeError as error:
        raise _unfit(handler, f"{error.reason}: {error.object[error.start : error.end]!r}") from error
    for name, value in made.data.items():
        try:
            values.pack(value, name)
        except errors.Invalid as error:
            raise _unfit(handler, error.text["en"], zh=error.text["zh-CN"]) from error
    return answer


def _unfit(handler: str, why: str, *, zh: str = "") -> errors.Invalid:
    return errors.Invalid(
        "answer_unfit",
        zh=f"处理程序“{handler}”的结果无法保存：{zh or why}",
        en=f"what the handler {handler!r} gave back cannot be kept: {why}",
        handler=handler,
    )
