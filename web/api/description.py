"""Finishes the OpenAPI document: every operation says in which shape it says no."""

import re
import string
from typing import Any

import flask

from web.api import again, example
from web.api.problems import MEDIA_TYPE, ProblemDocument

WORDS = {
    "400": "What was sent cannot be read: it is no well-formed JSON",
    "401": "Without a valid token",
    "403": "The token lacks the scope, or its person the right",
    "404": "There is no such thing, or it may not be seen",
    "429": "This token asks too often: `Retry-After` says in how many seconds it may again",
    "413": "What was sent is too large",
    "415": "What was sent is not said to be `application/json`",
    "422": "What was sent is wrong: `problems` names each place",
}
STANDS_AGAINST = "It stands against what is there: `code` and `text` say what"
REFERENCE = "#/components/schemas/"
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
LARGEST_NUMBER = 999_999_999
"""Of a version in an address; there is nothing beyond it."""
PATHS_WITHOUT_TOKEN = ("/v1/health/live", "/v1/health/ready", "/v1/health/dispatcher")


def finish(spec: dict[str, Any]) -> dict[str, Any]:
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    _mend_references(schemas)
    problem = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    for name in ("HTTPError", "ValidationError"):
        schemas.pop(name, None)
    spec["tags"] = [{"name": name} for name in dict.fromkeys(tag["name"] for tag in spec.get("tags", ()))]
    for operation in _with("repeats_by_key", spec["paths"]):
        operation.setdefault("parameters", []).append(again.PARAMETER)
        operation["responses"].setdefault("409", {"description": "The `Idempotency-Key` was used for another request"})
    for operation in _with("takes_a_file", spec["paths"]):
        operation["requestBody"] = {"required": True, "content": BYTES}
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            _give_example(operation, schemas)
            operation["operationId"] = operation["operationId"].removeprefix(f"{method}_")
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path" and parameter["schema"].get("type") == "integer":
                    parameter["schema"] |= {"minimum": 0, "maximum": LARGEST_NUMBER}
            responses = operation["responses"]
            if path not in PATHS_WITHOUT_TOKEN:
                for status in _refusals(method, operation):
                    responses.setdefault(status, {"description": ""})
            for status, response in responses.items():
                if status.startswith(("4", "5")):
                    response["description"] = WORDS.get(status) or response.get("description") or STANDS_AGAINST
                    response["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return spec


def _give_example(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """A whole body where nobody wrote one."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is not None and not content.keys() & {"example", "examples"}:
        content["example"] = example.of(content.get("schema", {}), schemas)


def _mend_references(schemas: dict[str, Any]) -> None:
    """Of two shapes of one name the second is called with a number; its parts are named after the first."""
    for name, shape in schemas.items():
        whole = name.split(".", 1)[0]
        first = whole.rstrip(string.digits)
        if first != whole and first in schemas:
            _refer(shape, f"{REFERENCE}{first}.", f"{REFERENCE}{whole}.")


def _refer(shape: Any, old: str, new: str) -> None:
    if isinstance(shape, dict):
        if shape.get("$ref", "").startswith(old):
            shape["$ref"] = new + shape["$ref"].removeprefix(old)
        shape = list(shape.values())
    for part in shape if isinstance(shape, list) else ():
        _refer(part, old, new)


def _refusals(method: str, operation: dict[str, Any]) -> list[str]:
    """What may be said to any request of this kind, whatever it is about."""
    found = ["401", "403", "404", "422", "429"]
    if "requestBody" in operation:
        found += ["400", "413", "415"]
    return found if method == "get" else [*found, "409"]


def _with(mark: str, paths: dict[str, Any]) -> list[dict[str, Any]]:
    """The operations whose view says so of itself: that it knows ``Idempotency-Key``, or takes any bytes."""
    app = flask.current_app
    rules = [rule for rule in app.url_map.iter_rules() if hasattr(app.view_functions[rule.endpoint], mark)]
    return [paths[re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)]["post"] for rule in rules]
