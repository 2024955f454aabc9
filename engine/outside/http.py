"""HTTP through the guard: one request, one connection, one answer, bounded in time and size.

No proxy of the environment, no cookies, no compression, no credentials but those of the request. The standard
library's client reads the protocol; connection, redirects and bounds are ours.
"""

import http.client
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

import msgspec

from engine import errors
from engine.outside import line, targets

SECONDS = 20.0
LARGEST_ANSWER = 1024 * 1024
REDIRECTS = 5
LONGEST_PAUSE = timedelta(hours=6)
"""What an answer may ask us to wait."""
SAFE = ("GET", "HEAD")
"""Methods that change nothing: their redirects are followed."""
_MOVED = (301, 302, 303, 307, 308)
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "te", "upgrade"})
"""Headers that the connection decides."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    method: str
    url: str
    headers: Mapping[str, str] = {}
    secret_headers: Mapping[str, str] = {}
    """Sent to the first origin only, never to where it redirects."""
    body: bytes = b""
    seconds: float = SECONDS
    """For everything: names, connections, redirects and the last byte of the answer."""
    largest: int = LARGEST_ANSWER
    """Bytes of the answer."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    status: int
    headers: dict[str, str]
    """Names in small letters; several of one name joined by commas."""
    body: bytes
    url: str
    """Where it came from, after redirects."""


def call(request: Request, gate: line.Gate) -> Answer:
    """Whatever the status says. Raises errors.Invalid (address, headers), errors.Forbidden (target),
    errors.Unavailable (no connection, no answer in time, nonsense) and errors.TooLarge.
    """
    deadline = line.Deadline(request.seconds)
    first = targets.read(request.url)
    url, target = request.url, first
    for _ in range(REDIRECTS + 1):
        answer = _once(request, url, target, gate, deadline, secrets=target.origin == first.origin)
        moved = answer.headers.get("location") if answer.status in _MOVED else None
        if moved is None or request.method not in SAFE:
            return answer
        url = urljoin(url, moved).partition("#")[0]
        target = targets.read(url)
    raise errors.Unavailable(
        "redirects_endless",
        zh=f"{first.host} 重定向超过 {REDIRECTS} 次。",
        en=f"{first.host} redirected more than {REDIRECTS} times.",
        host=first.host,
    )


class _Connection(http.client.HTTPConnection):
    """Speaks over a line that is already there."""

    def __init__(self, made: line.Line, target: targets.Target) -> None:
        super().__init__(target.host, target.port)
        # The standard library asks of a socket no more than what a Line has.
        self.sock = made
        self.auto_open = 0

    def close(self) -> None:
        """Lets go of the line, which may still be read: whoever opened it closes it."""
        self.sock = None
        super().close()


def _once(
    request: Request, url: str, target: targets.Target, gate: line.Gate, deadline: line.Deadline, *, secrets: bool
) -> Answer:
    headers = {**request.headers, **(request.secret_headers if secrets else {})}
    check_headers(headers)
    try:
        made = gate.open(target.host, target.port, secure=target.secure, deadline=deadline)
        try:
            if target.secure:
                made.encrypt(target.host, gate.context)
            return _exchange(_Connection(made, target), request, headers, url, target)
        finally:
            made.close()
    except (OSError, http.client.HTTPException) as error:
        raise line.unreachable(target.host, target.port, error) from error


def _exchange(
    connection: _Connection, request: Request, headers: Mapping[str, str], url: str, target: targets.Target
) -> Answer:
    connection.putrequest(request.method, target.path, skip_host=True, skip_accept_encoding=True)
    connection.putheader("Host", target.authority)
    connection.putheader("Accept-Encoding", "identity")
    connection.putheader("Connection", "close")
    if request.body or request.method not in SAFE:
        connection.putheader("Content-Length", str(len(request.body)))
    for name, value in headers.items():
        connection.putheader(name, value.encode("utf-8"))
    connection.endheaders(request.body or None)
    with connection.getresponse() as response:
        body = response.read(request.largest + 1)
        if len(body) > request.largest or _encoded(response):
            raise _too_large(target.host, request.largest)
        if response.length:
            raise http.client.IncompleteRead(body, response.length)
        found: dict[str, str] = {}
        for name, value in response.getheaders():
            key = name.lower()
            found[key] = f"{found[key]}, {value}" if key in found else value
        return Answer(status=response.status, headers=found, body=body, url=url)


def _encoded(response: http.client.HTTPResponse) -> bool:
    """Compressed although we asked for plain: its true size is unknown."""
    return response.getheader("Content-Encoding", "identity").lower() not in ("", "identity")


def check_headers(headers: Mapping[str, str]) -> None:
    """Raises errors.Invalid: a header that would begin another one, or one that belongs to the connection."""
    for name, value in headers.items():
        token = name.isascii() and name and all(sign.isalnum() or sign in "!#$%&'*+-.^_`|~" for sign in name)
        if not token or name.lower() in _OURS or any(ord(sign) < 32 or ord(sign) == 127 for sign in value):
            shown = name[:80]
            raise errors.Invalid(
                "header_invalid",
                zh=f"请求头 {shown!r} 不可用：名称或值含有不允许的字符，或由连接自行决定。",
                en=f"The header {shown!r} cannot be sent: its name or value has signs that may not be there, "
                "or the connection decides it.",
                header=shown,
            )


def pause(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """What ``Retry-After`` asks for, seconds or a date; None when it asks for nothing that can be read."""
    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdecimal():
        return min(timedelta(seconds=min(int(asked[:9]), 10**6)), LONGEST_PAUSE)
    try:
        moment = parsedate_to_datetime(asked)
        return min(max(moment - now, timedelta()), LONGEST_PAUSE)
    except (ValueError, TypeError, OverflowError):
        return None


def _too_large(host: str, largest: int) -> errors.TooLarge:
    return errors.TooLarge(
        "answer_too_large",
        zh=f"{host} 的应答超过 {largest} 字节，或经过压缩。",
        en=f"The answer of {host} has more than {largest} bytes, or is compressed.",
        host=host,
        largest=largest,
    )
