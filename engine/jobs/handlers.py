"""The handlers every house has: ``notify``, ``log``, ``set`` and ``nothing``. ``engine.app.build`` adds the domain's.

A handler is a function of a ``JobCall``; it knows nothing of transactions. What it returns is written in one with the
step; what it does outside must be repeatable, with ``call.id`` as the key.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import structlog

from engine import errors
from engine.model.text import EN, ZH, Text
from engine.ports import Handler, JobAnswer, JobCall, Notification

_LOG = structlog.get_logger("crmflow.jobs")


def notify(call: JobCall) -> JobAnswer:
    """Tells somebody something: ``to`` (default: the customer), ``subject``, ``text``, ``channel``."""
    to = call.input.get("to") or (call.customer.number if call.customer else "")
    if not isinstance(to, str) or not to:
        raise errors.Invalid("notify_nobody", zh="通知没有收件人（to）。", en="The notification has no recipient (to).")
    note = Notification(
        to=to,
        subject=_text(call.input.get("subject")),
        text=_text(call.input.get("text")),
        channel=str(call.input.get("channel") or "desk"),
    )
    return JobAnswer(notifications=(note,))


def log(call: JobCall) -> JobAnswer:
    """Writes its input to the server's log."""
    _LOG.info("log", instance=call.instance_id, **{f"input_{name}": value for name, value in call.input.items()})
    return JobAnswer()


def set_values(call: JobCall) -> JobAnswer:
    """Its input becomes its answer: values computed by expressions become variables."""
    return JobAnswer(data=dict(call.input))


def nothing(call: JobCall) -> JobAnswer:
    """Does nothing: for code of another engine that is not needed here, such as a listener that writes a log."""
    return JobAnswer()


def _text(value: Any) -> Text:
    if isinstance(value, Mapping):
        return {str(tag): str(words) for tag, words in value.items()}
    words = "" if value is None else str(value)
    return {ZH: words, EN: words}


BUILTIN: Mapping[str, Handler] = MappingProxyType({"notify": notify, "log": log, "set": set_values, "nothing": nothing})
