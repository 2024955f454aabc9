"""Programs as drawings: BPMN 2.0 XML with a diagram."""

from typing import Any

import flask

from engine.definitions import catalogue
from web.api import here

ANSWER: dict[Any, Any] = {
    200: {"description": "BPMN 2.0 XML with a diagram", "content": {"application/xml": {"schema": {"type": "string"}}}}
}


def answer(sha256: str) -> flask.Response:
    """A download, never shown in place. Raises NotFound for a hash that no program has."""
    program = catalogue.program(here.engine(), sha256=sha256)
    return of_bytes(here.engine().writer(program))


def of_bytes(xml: bytes) -> flask.Response:
    found = flask.Response(xml, mimetype="application/xml")
    found.headers["Content-Disposition"] = "attachment"
    return found
