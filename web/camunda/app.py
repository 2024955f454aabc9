"""Puts Camunda's face together: one application for its clients, mounted at ``/engine-rest``."""

import flask
from werkzeug.exceptions import HTTPException

from engine import errors
from engine.ports import Engine
from web.camunda import (
    decisions,
    definitions,
    deployments,
    door,
    engines,
    executions,
    external,
    external_tasks,
    history,
    history_facts,
    incidents,
    instances,
    instructions,
    jobs,
    messages,
    missing,
    refusals,
    suspensions,
    task_forms,
    tasks,
    variables,
)
from web.camunda.waiting import Hall

LARGEST_REQUEST = 64 * 1024 * 1024
SEATS = 224
"""How many polls may wait at once; each holds a thread of the server."""
RESOURCES = (
    engines,
    deployments,
    definitions,
    decisions,
    suspensions,
    instances,
    instructions,
    variables,
    executions,
    messages,
    external,
    external_tasks,
    tasks,
    task_forms,
    incidents,
    jobs,
    history,
    history_facts,
)


def create_engine_rest(engine: Engine, *, seats: int = SEATS) -> flask.Flask:
    app = flask.Flask("web.camunda", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_REQUEST, MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.extensions.update(engine=engine, known=door.Known(), hall=Hall(engine, seats=seats))
    app.before_request(door.recognise)
    app.after_request(door.finish)
    app.register_error_handler(refusals.Refusal, refusals.of_refusal)
    app.register_error_handler(errors.CrmflowError, refusals.of_error)
    app.register_error_handler(HTTPException, refusals.of_http)
    for prefix, name in (("", ""), ("/engine/default", "default")):
        for resource in RESOURCES:
            blueprint = resource.blueprint
            app.register_blueprint(
                blueprint, url_prefix=f"{prefix}{blueprint.url_prefix or ''}", name=f"{name}{blueprint.name}"
            )
    missing.register(app)
    return app
