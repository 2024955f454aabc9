"""RFC 9457 problem documents: the one shape in which the API says no."""

from typing import Any

import flask
from apiflask.exceptions import HTTPError
from werkzeug.exceptions import HTTPException

from engine import errors
from engine.model.problem import Problem
from engine.model.text import Text, both, pick
from web.api import tags
from web.api.body import Answer

MEDIA_TYPE = "application/problem+json"

HTTP_WORDS: dict[int, Text] = {
    400: both(zh="请求无法读取：应为合法的 JSON", en="the request cannot be read: expected well-formed JSON"),
    401: both(zh="需要有效的访问令牌", en="expected a valid access token"),
    403: both(zh="没有权限", en="not permitted"),
    404: both(zh="没有这个地址", en="there is nothing at this address"),
    405: both(zh="此地址不支持该方法", en="this address does not know the method"),
    413: both(zh="请求过大", en="the request is too large"),
    415: both(zh="应为 Content-Type: application/json", en="expected Content-Type: application/json"),
    429: both(zh="请求过于频繁，请稍后再试", en="too many requests; try again later"),
    500: both(zh="服务器内部错误，已记录", en="something went wrong in the server; it has been recorded"),
}


class Place(Answer):
    """One wrong place in what was sent."""

    code: str
    pointer: str = ""
    file: str = ""
    line: int = 0
    element: str = ""
    name: str = ""
    severity: str = "error"
    text: dict[str, str]
    mend: dict[str, str] = {}
    fix: str = ""
    trace: list[list[str]] = []


class ProblemDocument(Answer):
    """RFC 9457, with a stable ``code``, the texts in zh-CN and en, and every wrong place."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    text: dict[str, str]
    ids: dict[str, Any] = {}
    problems: list[Place] = []


def locale() -> str:
    """The reader's language by ``Accept-Language``: zh-CN or en."""
    best = flask.request.accept_languages.best_match(["zh-CN", "zh", "en"], "en")
    return "zh-CN" if best.startswith("zh") else "en"


def of_error(error: errors.CrmflowError) -> flask.Response:
    # RFC 9110: a precondition of the request's own head is answered with 412.
    status = 412 if error.code in tags.OLD and flask.request.if_match else error.status
    return _answer(document(error, status))


def document(error: errors.CrmflowError, status: int = 0) -> ProblemDocument:
    places = [place(problem) for problem in getattr(error, "problems", ())]
    return _document(status=status or error.status, code=error.code, text=error.text, ids=error.ids, problems=places)


def of_http(error: HTTPException | HTTPError) -> flask.Response:
    status = int(getattr(error, "status_code", None) or getattr(error, "code", None) or 500)
    words = HTTP_WORDS.get(status) or both(zh=str(error), en=str(error))
    answer = _answer(_document(status=status, code=f"http_{status}", text=words))
    if status == 429 and getattr(error, "retry_after", None):
        answer.headers["Retry-After"] = str(error.retry_after)  # type: ignore[union-attr]
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="crmflow"'
    if isinstance(error, HTTPException) and status == 405 and getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
    return answer


def of_depth(error: RecursionError) -> flask.Response:
    """JSON nested so deeply that reading it gave up."""
    text = both(zh="请求的 JSON 嵌套过深", en="the request's JSON is nested too deeply")
    return _answer(_document(status=400, code="too_deep", text=text))


def place(problem: Problem) -> Place:
    return Place(
        code=problem.code,
        pointer=problem.pointer,
        file=problem.file,
        line=problem.line,
        element=problem.element,
        name=problem.name,
        severity=problem.severity,
        text=problem.text,
        mend=problem.mend,
        fix=problem.fix,
        trace=[list(move) for move in problem.trace],
    )


def _document(
    *, status: int, code: str, text: Text, ids: dict[str, Any] | None = None, problems: list[Place] | None = None
) -> ProblemDocument:
    words = pick(text, locale())
    return ProblemDocument(
        title=code.replace("_", " "),
        status=status,
        detail=words,
        code=code,
        text=text,
        ids={name: value for name, value in (ids or {}).items() if value is not None},
        problems=problems or [],
    )


def _answer(document: ProblemDocument) -> flask.Response:
    answer = flask.jsonify(document.model_dump(mode="json"))
    answer.status_code = document.status
    answer.content_type = MEDIA_TYPE
    return answer
