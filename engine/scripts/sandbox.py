"""Runs a Python script in pydantic-monty: an interpreter of its own in a worker process, without files, network or host
functions. The clock that a script sees stands still at ``now`` and its random numbers are seeded, so that the same
inputs give the same outcome.
"""

import os
import re
import threading
import types
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
import pydantic_monty as monty

from engine import errors
from engine.scripts import names, wording

_PRELUDE = {
    "datetime": "from datetime import datetime",
    "date": "from datetime import date",
    "time": "import time",
    "timedelta": "from datetime import timedelta",
    "math": "import math",
    "json": "import json",
    "re": "import re",
    "random": "import random",
}
_MODULES = frozenset(
    {("datetime", "datetime"), ("datetime", "date"), ("datetime", "timedelta"), ("datetime", "timezone")}
)
"""Attributes by which a script means the module ``datetime`` rather than the class."""
_UNSET = "\0unset"
_analysed = lru_cache(maxsize=512)(names.names)
_worded = lru_cache(maxsize=512)(wording.worded)
_CUT = frozenset({"[...]", "{...}", "(...)"})
"""What the interpreter hands out in place of an object that holds itself."""
_IN_ITSELF = """
def __in_itself(value, above):
    if not isinstance(value, (list, tuple, dict)):
        return False
    if id(value) in above:
        return True
    inner = value.values() if isinstance(value, dict) else value
    return any([__in_itself(item, above + [id(value)]) for item in inner])
__in_itself({name}, [])
"""
_DEEPEST = 64
_NUMBER_KEY = re.compile(r"KeyError: -?\d+$")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    seconds: float = 2.0
    memory_bytes: int = 64 * 1024 * 1024
    recursion: int = 200
    output_bytes: int = 64 * 1024
    """What a script may print; it is thrown away."""


class Sandbox:
    """Workers start when the first script runs. Safe to use from several threads."""

    def __init__(self, limits: Limits | None = None, *, workers: int = 2) -> None:
        self._limits = limits or Limits()
        self._workers = workers
        self._lock = threading.Lock()
        self._pool: monty.Monty | None = None
        self._owner = 0

    def run(self, text: str, variables: Mapping[str, Any], now: datetime) -> tuple[Any, dict[str, Any]]:
        """The value of the script's last expression (None without one), and the variables that it set or changed.

        A variable that the script deletes is None afterwards. Keys of objects are texts; a script that looks for a
        number among them runs again with keys that read as whole numbers being numbers.

        Raises Invalid ``script_syntax``, ``script_failed`` (with the line), ``script_timeout``, ``script_memory``,
        ``script_recursion`` or ``script_value`` (something that no variable can hold).
        """
        found = _analysed(text)
        given = {name: variables[name] for name in sorted(found.used) if name in variables}
        runs = _worded(text)
        try:
            try:
                value, after = self._feed(runs, found, given, now)
            except monty.MontyRuntimeError as error:
                if not _NUMBER_KEY.search(str(error)):
                    raise
                given = {name: _number_keys(item) for name, item in given.items()}
                value, after = self._feed(runs, found, given, now)
        except monty.MontyError as error:
            raise _failed(error) from None
        changed = {
            name: _plain(item, name)
            for name, item in after.items()
            if item != _UNSET and not _callable(item) and (name not in given or item != given[name])
        }
        return _plain(value, "") if _is_plain(value) else None, changed

    def close(self) -> None:
        with self._lock:
            if self._pool is not None and self._owner == os.getpid():
                self._pool.__exit__(None, None, None)
            self._pool = None

    def _feed(self, text: str, found: names.Names, given: dict[str, Any], now: datetime) -> tuple[Any, dict[str, Any]]:
        limits = self._limits
        session = self._started().checkout(
            limits={
                "max_feed_duration_secs": limits.seconds,
                "max_memory": limits.memory_bytes,
                "max_recursion_depth": limits.recursion,
            },
            os_policy={"datetime": now, "sleep": "zero", "random_start": {"seed": text}},
        )
        prelude = _prelude(found, given)
        wanted = sorted(found.assigned | given.keys())
        with session as open_session:
            if prelude:
                open_session.feed_run(prelude)
            printed = monty.CollectString(max_bytes=limits.output_bytes)
            value = open_session.feed_run(text, inputs=given, print_callback=printed)
            collect = "{" + ", ".join(f"{name!r}: {name}" for name in wanted) + "}"
            after = open_session.feed_run(collect, external_lookup=dict.fromkeys(wanted, _UNSET))
            for name in [name for name, item in after.items() if _cut_short(item)]:
                if open_session.feed_run(_IN_ITSELF.format(name=name)):
                    raise _unkept(name, zh="引用了自身的对象", en="an object that holds itself")
        return value, after

    def _started(self) -> monty.Monty:
        with self._lock:
            if self._pool is None or self._owner != os.getpid():  # a forked child has workers of its own
                pool = monty.Monty(
                    min_processes=1,
                    max_processes=self._workers,
                    request_timeout=self._limits.seconds + 5,
                    checkout_timeout=60,
                )
                pool.__enter__()
                self._pool, self._owner = pool, os.getpid()
            return self._pool


def _prelude(found: names.Names, given: Mapping[str, Any]) -> str:
    lines = {name: _PRELUDE[name] for name in sorted(found.used) if name in _PRELUDE and name not in given}
    if "datetime" in lines and found.attributes & _MODULES:
        lines["datetime"] = "import datetime"
    return "\n".join(lines.values())


def _failed(error: monty.MontyError) -> errors.Invalid:
    inner = error.exception() if not isinstance(error, monty.MontyCrashedError) else error
    kind: dict[type[BaseException], str] = {
        TimeoutError: "script_timeout",
        MemoryError: "script_memory",
        RecursionError: "script_recursion",
    }
    frames = error.traceback() if isinstance(error, monty.MontyRuntimeError | monty.MontySyntaxError) else []
    line = frames[-1].line if frames else 0
    words = str(error)[:300]
    return errors.Invalid(
        kind.get(type(inner), "script_failed"),
        zh=f"脚本第 {line} 行出错：{words}" if line else f"脚本出错：{words}",
        en=f"line {line} of the script failed: {words}" if line else f"the script failed: {words}",
        line=line,
    )


def _number_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {int(key) if _is_number(key) else key: _number_keys(item) for key, item in value.items()}
    return [_number_keys(item) for item in value] if isinstance(value, list) else value


def _is_number(key: Any) -> bool:
    return isinstance(key, str) and re.fullmatch(r"-?(?:0|[1-9]\d{0,17})", key) is not None


def _callable(value: Any) -> bool:
    return isinstance(value, types.FunctionType | type | monty.MontyClassTypeProxy) or (
        isinstance(value, str) and value.startswith("<function ")
    )


def _is_plain(value: Any) -> bool:
    return not isinstance(value, monty.MontyClassProxy | monty.MontyClassTypeProxy | types.EllipsisType | type)


def _cut_short(value: Any) -> bool:
    if isinstance(value, dict | list | tuple):
        inner = value.values() if isinstance(value, dict) else value
        return any(_cut_short(item) for item in inner)
    return isinstance(value, str) and value in _CUT


def _plain(value: Any, name: str, depth: int = 0) -> Any:
    """Lists for tuples and sets; refuses what no variable can hold."""
    if depth > _DEEPEST:
        raise _unkept(name, zh=f"嵌套超过 {_DEEPEST} 层", en=f"something nested deeper than {_DEEPEST}")
    if isinstance(value, dict):
        return {str(key): _plain(item, name, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, name, depth + 1) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(item, name, depth + 1) for item in value), key=repr)
    if not _is_plain(value):
        raise _unkept(name, zh=type(value).__name__, en=f"a {type(value).__name__}")
    return value


def _unkept(name: str, *, zh: str, en: str) -> errors.Invalid:
    return errors.Invalid(
        "script_value",
        zh=f"脚本变量“{name}”的值不能保存：{zh}",
        en=f"the script's variable {name!r} holds {en}, which cannot be kept",
        variable=name,
    )
