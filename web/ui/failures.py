"""What people see when something went wrong: a page in their language that says what, and how to go on."""

import flask
import flask_wtf.csrf
import structlog
from werkzeug.exceptions import HTTPException

from engine import errors
from web.ui import language, visitor

log = structlog.get_logger()

# The first class that fits: (status, heading)
TABLE: tuple[tuple[type[errors.CrmflowError], int, str], ...] = (
    (errors.NotFound, 404, "error.not_found"),
    (errors.Forbidden, 403, "error.forbidden"),
    (errors.Conflict, 409, "error.conflict"),
    (errors.Invalid, 422, "error.invalid"),
    (errors.TooLarge, 413, "error.too_large"),
    (errors.Unavailable, 503, "error.unavailable"),
)
HTTP = {404: "error.not_found", 403: "error.forbidden", 413: "error.too_large", 405: "error.invalid"}


def register(app: flask.Flask) -> None:
    app.register_error_handler(errors.CrmflowError, told)
    app.register_error_handler(flask_wtf.csrf.CSRFError, forged)
    app.register_error_handler(HTTPException, plain)
    app.register_error_handler(Exception, broken)


def told(error: errors.CrmflowError) -> flask.typing.ResponseReturnValue:
    status, heading = next(((status, key) for kind, status, key in TABLE if isinstance(error, kind)), (500, ""))
    problems = [language.said(problem.text) for problem in getattr(error, "problems", ())]
    return _page(status, heading or "error.internal", language.said(error.text), problems)


def forged(error: flask_wtf.csrf.CSRFError) -> flask.typing.ResponseReturnValue:
    return _page(400, "error.invalid", language.t("error.csrf"))


def plain(error: HTTPException) -> flask.typing.ResponseReturnValue:
    if error.response is not None or (error.code or 500) < 400:
        return error
    status = error.code or 500
    lead = {404: "error.not_found_lead", 405: "error.method", 429: "login.many"}.get(status)
    return _page(status, HTTP.get(status, "error.invalid"), language.t(lead) if lead else "")


def broken(error: Exception) -> flask.typing.ResponseReturnValue:
    """Tracebacks go to the log, never to a page; the number finds them."""
    if flask.current_app.testing:
        raise error
    ref = visitor.engine().store.new_id()[-12:]
    log.error("page failed", ref=ref, path=flask.request.path, exc_info=error)
    return _page(500, "error.internal", language.t("error.internal_lead", ref=ref))


def _page(status: int, heading: str, lead: str, problems: list[str] | None = None) -> tuple[str, int]:
    page = flask.render_template("failure.html", heading=heading, lead=lead, problems=problems or [], status=status)
    return page, status
