"""``Idempotency-Key``: a request that may come again is carried out once and answered alike each time."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec

import flask
from pydantic_core import to_jsonable_python

from engine import errors
from engine.runtime import repeat
from web.api import access, here

P = ParamSpec("P")
LONGEST_OF_MANY = repeat.LONGEST_KEY - 4
HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
PARAMETER: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Your own name for this request, kept for a day. The same request with it again has the same answer"
    f" and happens once (`{REPLAYED}: true`); another request with it is refused with 409.",
    "schema": {"type": "string", "minLength": 1, "maxLength": repeat.LONGEST_KEY},
}


def by_key(view: Callable[P, Any]) -> Callable[P, Any]:
    """For views that start or change something: the innermost decorator, so that rights are asked each time.

    What the view answers must be JSON, or (JSON, status). Refusals are not kept: the next try is a first one.
    """

    @functools.wraps(view)
    def once(*args: P.args, **kwargs: P.kwargs) -> Any:
        key = flask.request.headers.get(HEADER)
        if key is None:
            return view(*args, **kwargs)
        made: list[Any] = []

        def work() -> tuple[int, Any]:
            answer = view(*args, **kwargs)
            body, status = answer if isinstance(answer, tuple) else (answer, 0)
            made[:] = [to_jsonable_python(body)]
            return status, made[0]

        kept = repeat.once(here.engine(), key=key, request=_request(), agent=access.me(), now=here.now(), work=work)
        # Work may have been undone because another was faster: what counts is whose answer was kept.
        headers = {} if made and kept.answer is made[0] else {REPLAYED: "true"}
        return (kept.answer, kept.status, headers) if kept.status else (kept.answer, headers)

    once.repeats_by_key = True  # type: ignore[attr-defined]
    return once


def of_each_item(view: Callable[P, Any]) -> Callable[P, Any]:
    """For views that do several things, each in a transaction of its own by ``item``."""
    view.repeats_by_key = True  # type: ignore[attr-defined]
    return view


def item(number: int, content: str, work: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
    """One of several things that a request asks for: with an Idempotency-Key done once, as if it had come alone."""
    key = flask.request.headers.get(HEADER)
    if key is None:
        return work()
    if len(key) > LONGEST_OF_MANY:
        raise errors.Invalid(
            "idempotency_key",
            zh=f"批量请求的 Idempotency-Key 最多 {LONGEST_OF_MANY} 个字符。",
            en=f"The Idempotency-Key of a request for several has at most {LONGEST_OF_MANY} characters.",
        )
    kept = repeat.once(
        here.engine(),
        key=f"{key} {number}",
        request=f"{flask.request.path}\n{content}".encode(),
        agent=access.me(),
        now=here.now(),
        work=lambda: _plain(work()),
    )
    return kept.status, kept.answer


def _plain(answer: tuple[int, Any]) -> tuple[int, Any]:
    return answer[0], to_jsonable_python(answer[1])


def _request() -> bytes:
    """What makes two requests the same: the method, the address, every byte of the body."""
    request = flask.request
    return b"\n".join((request.method.encode(), request.full_path.encode(), request.get_data(cache=True)))
