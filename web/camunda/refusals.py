"""How this face says no: ``{"type", "message", "code"}``, with the status and the words that clients match on."""

from typing import Any

import flask
from werkzeug.exceptions import HTTPException

from engine import errors
from engine.model import problem as problems_of
from engine.model.problem import Problem
from engine.model.text import EN


class Refusal(Exception):
    """``kind`` is the ``type`` of the answer."""

    def __init__(self, status: int, message: str, *, kind: str = "RestException", **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"type": kind, "message": message, "code": None, **more}


def missing(message: str) -> Refusal:
    return Refusal(404, message, kind="InvalidRequestException")


def wrong(message: str) -> Refusal:
    return Refusal(400, message, kind="InvalidRequestException")


def unable(what: str) -> Refusal:
    return Refusal(501, f"{what} is not implemented.", kind="NotImplementedException")


def of_refusal(refusal: Refusal) -> flask.Response:
    return _answer(refusal.status, refusal.body)


def of_error(error: errors.CrmflowError) -> flask.Response:
    """Camunda answers 500 for whatever came too late; those who retry look for the optimistic lock."""
    message = error.text[EN]
    if isinstance(error, errors.Invalid) and error.problems:
        message += " " + "; ".join(_told(problem) for problem in error.problems)
    status, kind = next((found for branch, found in _BRANCHES if isinstance(error, branch)), (500, "RestException"))
    code = None
    if error.code == "always_overtaken":
        kind, code = "OptimisticLockingException", 1
    return _answer(status, {"type": kind, "message": message, "code": code})


def of_http(error: HTTPException) -> flask.Response:
    answer = _answer(error.code or 500, {"type": "RestException", "message": error.description or "", "code": None})
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            answer.headers[name] = value
    return answer


def of_parse(error: errors.Invalid) -> Refusal:
    """What the Modeler shows: each file with its errors and warnings, at line and element."""
    stopping = [one for one in error.problems if one.severity == "error"]
    lines = [f"* {_told(one)} | {one.file} | line {one.line or 1}" for one in stopping]
    details: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for one in error.problems:
        place = details.setdefault(one.file, {"errors": [], "warnings": []})
        place[f"{one.severity}s"].append(_report(one))
    message = "\n".join(["ENGINE-09005 Could not parse BPMN process. Errors: ", *lines])
    return Refusal(400, message, kind="ParseException", details=details)


def _report(one: Problem) -> dict[str, Any]:
    return {
        "message": _told(one),
        "line": one.line or 1,
        "column": 1,
        "mainElementId": one.element or None,
        "elementIds": [one.element] if one.element else [],
    }


def _told(one: Problem) -> str:
    where = "" if one.element or not one.pointer else f"{problems_of.place(one)}: "
    return where + one.text[EN]


def _answer(status: int, body: dict[str, Any]) -> flask.Response:
    answer = flask.jsonify(body)
    answer.status_code = status
    return answer


_BRANCHES: tuple[tuple[type[errors.CrmflowError], tuple[int, str]], ...] = (
    (errors.NotFound, (404, "InvalidRequestException")),
    (errors.Forbidden, (403, "AuthorizationException")),
    (errors.Invalid, (400, "InvalidRequestException")),
    (errors.TooLarge, (413, "InvalidRequestException")),
    (errors.Unavailable, (503, "RestException")),
)
