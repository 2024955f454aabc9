"""Requests with a token, and tries that cannot do anything twice."""

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from typing import Any

TRIES = 4
FIRST_PAUSE_SECONDS = 0.2
PASSING = (429, 502, 503, 504)
"""Statuses that a later try may not meet."""


class Refused(Exception):
    """The server said no. ``problem`` is its whole answer: ``text`` in zh-CN and en, ``problems`` with each place."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = problem
        self.code = str(problem.get("code") or problem.get("type") or f"http_{status}")
        super().__init__(f"{status} {self.code}: {problem.get('detail') or problem.get('message') or ''}")


class Link:
    """One server and one token; safe to share between threads."""

    def __init__(
        self, url: str, token: str, *, timeout_seconds: float = 30, pause: Callable[[float], object] = time.sleep
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"expected an address that begins with http:// or https://, not {url!r}")
        self._url = url.rstrip("/")
        self._token = token
        self._timeout = timeout_seconds
        self._pause = pause

    def ask(self, method: str, path: str, body: Any = None, *, wait_seconds: float = 0, again: bool = True) -> Any:
        """The JSON of the answer, None for an empty one. ``wait_seconds``: how long the server may wait by itself.

        What failed on the way, or is refused for now, is tried again with pauses that double; a change carries an
        Idempotency-Key, so that it happens once. ``again=False``: one try. Raises Refused, and OSError when the
        server cannot be reached.
        """
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        data = None
        if method != "GET":
            data = json.dumps({} if body is None else body, ensure_ascii=False).encode()
            headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        for number in range(TRIES if again else 1):
            last = number == (TRIES if again else 1) - 1
            pause = FIRST_PAUSE_SECONDS * 2**number
            request = urllib.request.Request(f"{self._url}{path}", data=data, headers=headers, method=method)
            try:
                return self._once(request, wait_seconds)
            except Refused as refused:
                if last or refused.status not in PASSING:
                    raise
                pause = max(pause, float(refused.problem.get("retry_after") or 0))
            except OSError:
                if last:
                    raise
            self._pause(pause)
        raise AssertionError("the last try returns or raises")

    def _once(self, request: urllib.request.Request, wait_seconds: float) -> Any:
        try:
            with urllib.request.urlopen(request, timeout=self._timeout + wait_seconds) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(error.code, _problem(error)) from None
        return json.loads(content) if content else None


def _problem(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        found = json.loads(error.read())
    except ValueError:  # somebody between us and the server answered
        found = None
    problem: dict[str, Any] = found if isinstance(found, dict) else {"detail": str(error.reason)}
    return {**problem, "retry_after": error.headers.get("Retry-After")}
