"""``Idempotency-Key``: a request that may come again is carried out once and answered alike each time."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec

import flask
from pydantic_core import to_jsonable_python

from engine.runtime import repeat
from web.api import access, here

P = ParamSpec("P")
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


def _request() -> bytes:
    """What makes two requests the same: the method, the address, every byte of the body."""
    request = flask.request
    return b"\n".join((request.method.encode(), request.full_path.encode(), request.get_data(cache=True)))
