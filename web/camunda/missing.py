"""What Camunda has and this face has not answers 501 by name, so that one sees what is missing; the rest is 404."""

from typing import NoReturn

import flask

from web.camunda import refusals

RESOURCES = frozenset(
    {
        *("auth", "authorization", "batch", "case-definition", "case-execution", "case-instance", "condition"),
        *("decision-definition", "decision-requirements-definition", "deployment", "engine", "event-subscription"),
        *("execution", "external-task", "filter", "group", "history", "identity", "incident", "job"),
        *("job-definition", "message", "metrics", "migration", "modification", "process-definition"),
        *("process-instance", "report", "schema", "signal", "task", "telemetry", "tenant", "user"),
        *("variable-instance",),
    }
)
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH")


def register(app: flask.Flask) -> None:
    app.add_url_rule("/<path:path>", "missing", answer, methods=METHODS)
    app.register_error_handler(405, lambda error: refusals.of_refusal(_of_request()))


def answer(path: str) -> NoReturn:
    raise _of_request()


def _of_request() -> refusals.Refusal:
    path = flask.request.path.removeprefix("/engine/default")
    if path.strip("/").split("/")[0] in RESOURCES:
        return refusals.unable(f"{flask.request.method} {path}")
    return refusals.Refusal(404, f"There is no resource {path}.")
