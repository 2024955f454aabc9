"""What an HTTP connector does: the request it makes of a job, and what the answer means. Pure but for ``perform``."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec

from engine import errors
from engine.connectors import filling
from engine.model.text import both
from engine.outside import http, line, targets
from engine.ports import Failed, JobAnswer, JobCall
from engine.trust.credentials import Opened

LONGEST_SECONDS = 25.0
SHOWN = 300
"""Characters of an answer that an incident shows."""
_FORM = "application/x-www-form-urlencoded"
_STATUS = re.compile(r"[1-5](\d\d|xx)")
Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


class Http(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Texts that start with ``=`` are FEEL over the job's input."""

    url: str
    """What stands in braces is FEEL, too; the host never is."""
    method: Method = "GET"
    query: dict[str, Any] = {}
    headers: dict[str, Any] = {}
    body: Any = None
    credential: str = ""
    seconds: float = http.SECONDS
    result: str = ""
    """FEEL over status, headers and body: what goes back into the process. Empty: status and body."""
    error: str = ""
    """FEEL over the same: null, or the code of a BPMN error, or {code, message, data}."""
    errors: dict[str, str] = {}
    """BPMN error codes by status: ``404``, ``4xx``."""
    retry: tuple[str, ...] = ("408", "425", "429", "5xx")
    """Statuses after which another try may help."""


def request(settings: Http, call: JobCall, scope: Mapping[str, Any]) -> http.Request:
    """With the values of ``scope`` filled in. Raises errors.Invalid."""
    url = filling.address(settings.url, scope, call.now)
    return _request(
        settings,
        url=url,
        query=filling.fill(settings.query, scope, call.now),
        headers=filling.fill(settings.headers, scope, call.now),
        body=filling.fill(settings.body, scope, call.now),
        key=call.id,
    )


def plain_request(settings: Http, call: JobCall) -> http.Request:
    """Of values that the process itself has computed: nothing in them is evaluated."""
    return _request(
        settings, url=settings.url, query=settings.query, headers=settings.headers, body=settings.body, key=call.id
    )


def _request(settings: Http, *, url: str, query: Any, headers: Any, body: Any, key: str) -> http.Request:
    found = filling.texts(headers)
    names = {name.lower(): name for name in found}
    kind = found[names["content-type"]] if "content-type" in names else ""
    data, usual = _body(body, kind)
    if usual and not kind:
        found["Content-Type"] = usual
    if settings.method not in http.SAFE and "idempotency-key" not in names:
        found["Idempotency-Key"] = key
    found.setdefault("User-Agent", "crmflow")
    asked = urlencode(filling.texts(query))
    if asked:
        url += ("&" if "?" in url else "?") + asked
    return http.Request(method=settings.method, url=url, headers=found, body=data, seconds=settings.seconds)


def _body(body: Any, kind: str) -> tuple[bytes, str]:
    """The bytes, and the content type they have unless the headers say another."""
    if body is None:
        return b"", ""
    if isinstance(body, str):
        return body.encode(), "text/plain; charset=utf-8"
    if isinstance(body, dict) and kind.startswith(_FORM):
        return urlencode(filling.texts(body)).encode(), _FORM
    return filling.encode(body), "application/json"


def perform(made: http.Request, gate: line.Gate, opened: Opened | None) -> http.Answer:
    """Raises Failed: what names a wrong target, too, and what could not be reached this time."""
    if opened is not None:
        made = msgspec.structs.replace(made, secret_headers=opened.headers())
    try:
        return http.call(made, gate)
    except errors.CrmflowError as error:
        raise of_error(error) from error


def of_error(error: errors.CrmflowError) -> Failed:
    """Only what did not answer may answer another time."""
    return Failed(error.text, hopeless=not isinstance(error, errors.Unavailable))


def host(made: http.Request) -> str:
    return targets.read(made.url).host


def judge(settings: Http, answer: http.Answer, now: datetime) -> JobAnswer:
    """What the answer means for the process. Raises Failed: with another try to come, or hopeless."""
    said = {"status": answer.status, "headers": answer.headers, "body": content(answer)}
    fault = filling.evaluate(settings.error, said, now) if settings.error else None
    if fault:
        return _fault(fault, said)
    code = _matching(settings.errors, answer.status)
    if code:
        return JobAnswer(error=code, message=_told(answer), data={"status": answer.status, "body": said["body"]})
    if any(_fits(pattern, answer.status) for pattern in settings.retry):
        raise Failed(_unhappy(answer), after=http.pause(answer.headers, now))
    if not 200 <= answer.status < 300:
        raise Failed(_unhappy(answer), hopeless=True)
    if not settings.result:
        return JobAnswer(data={"status": answer.status, "body": said["body"]})
    found = filling.evaluate(settings.result, said, now)
    return JobAnswer(data=found if isinstance(found, dict) else {"result": found})


def content(answer: http.Answer) -> Any:
    """JSON as its value, text as text, anything else null. Raises Failed for what says that it is JSON and is not."""
    kind, _, more = answer.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if not answer.body:
        return None
    if kind == "application/json" or kind.endswith("+json"):
        try:
            return msgspec.json.decode(answer.body)
        except (msgspec.DecodeError, RecursionError) as error:
            words = both(zh=f"应答自称 JSON，却无法读取：{error}", en=f"The answer says JSON and is none: {error}")
            raise Failed(words, hopeless=True) from error
    if kind.startswith("text/") or kind.endswith(("/xml", "+xml")) or not kind:
        return answer.body.decode(_charset(more), "replace").replace("\x00", "\ufffd")
    return None


def _charset(parameters: str) -> str:
    found = re.search(r"charset=\"?([A-Za-z0-9_-]{1,40})", parameters)
    name = found[1].lower() if found else "utf-8"
    return name if name in ("utf-8", "us-ascii", "iso-8859-1", "windows-1252", "gbk", "gb2312", "gb18030") else "utf-8"


def _fault(fault: Any, said: dict[str, Any]) -> JobAnswer:
    if isinstance(fault, dict):
        data = fault.get("data")
        return JobAnswer(
            error=str(fault.get("code") or "error"),
            message=str(fault.get("message") or "")[:1000],
            data=data if isinstance(data, dict) else {},
        )
    return JobAnswer(error=str(fault)[:200], data={"status": said["status"], "body": said["body"]})


def _matching(codes: Mapping[str, str], status: int) -> str:
    """A whole status wins over its class."""
    return codes.get(str(status)) or codes.get(f"{status // 100}xx") or ""


def _fits(pattern: str, status: int) -> bool:
    return pattern in (str(status), f"{status // 100}xx")


def status_pattern(text: str) -> bool:
    return bool(_STATUS.fullmatch(text))


def _told(answer: http.Answer) -> str:
    words = " ".join(answer.body[: 4 * SHOWN].decode("utf-8", "replace").split())
    return f"HTTP {answer.status} {words[:SHOWN]}".rstrip()


def _unhappy(answer: http.Answer) -> dict[str, str]:
    where = targets.read(answer.url).host
    return both(zh=f"{where} 应答 {_told(answer)}", en=f"{where} answered {_told(answer)}")
