"""Puts the API together: one application for programs, mounted at ``/api``."""

import flask
from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from werkzeug.exceptions import HTTPException

from engine import errors
from engine.attachments import keep
from engine.ports import Engine
from web import addresses
from web.api import (
    absences,
    access,
    actions,
    attachments,
    boards,
    bulk,
    calendars,
    campaigns,
    comparison,
    connectors,
    customers,
    decisions,
    description,
    desk,
    differences,
    drafts,
    filters,
    forms,
    group_rules,
    handlers,
    health,
    incidents,
    instances,
    knowledge,
    materials,
    matrix,
    messages,
    migration,
    pace,
    packs,
    people,
    post,
    problems,
    processes,
    products,
    quotes,
    resolutions,
    sales,
    sandbox,
    sharing,
    standing,
    tasks,
    tokens,
    trust,
    uses,
    variants,
    watch,
    webhooks,
)
from web.numbers import StrictJson

LARGEST_REQUEST = 8 * 1024 * 1024
TAKES_FILES = {"attachments.add", "attachments.add_for_start"}
RESOURCES = (
    health,
    processes,
    drafts,
    comparison,
    decisions,
    forms,
    group_rules,
    sandbox,
    handlers,
    uses,
    customers,
    products,
    instances,
    attachments,
    tasks,
    actions,
    filters,
    bulk,
    messages,
    incidents,
    materials,
    matrix,
    variants,
    resolutions,
    differences,
    boards,
    migration,
    packs,
    trust,
    connectors,
    webhooks,
    people,
    absences,
    calendars,
    campaigns,
    quotes,
    sales,
    standing,
    knowledge,
    tokens,
    sharing,
    desk,
    post,
    watch,
)

DESCRIPTION = """
Start processes, deliver messages, work tasks and read what happened.

Every answer that says no is an RFC 9457 problem document with a stable `code`, the texts in zh-CN and en, and, where
what was sent is wrong, one entry in `problems` for each wrong place with its JSON pointer. `Accept-Language` chooses
the language of `detail`. A start with a `business_key` may be repeated: the same instance is answered again,
and any request that starts or changes something may carry an `Idempotency-Key`: it then happens once.
"""


def create_api(engine: Engine) -> APIFlask:
    app = APIFlask(
        "web.api", title="crmflow", version="1", spec_path="/v1/openapi.json", docs_path=None, json_errors=False
    )
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION=DESCRIPTION,
        SERVERS=[{"url": "/api"}],
        SECURITY_SCHEMES={"token": {"type": "http", "scheme": "bearer"}},
        AUTO_404_RESPONSE=True,
        AUTO_OPERATION_ID=True,
        VALIDATION_ERROR_DESCRIPTION="What was sent is wrong: each place is named",
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        JSON_SORT_KEYS=False,
    )
    app.json = StrictJson(app)
    app.url_map.converters["int"] = addresses.Number
    app.security = [{"token": []}]
    app.spec_processor(description.finish)
    app.extensions.update(engine=engine, pace=pace.Pace(engine.settings.api_requests_per_minute))
    app.before_request(_allow_files)
    app.before_request(access.recognise)
    app.after_request(_headers)
    app.register_error_handler(errors.CrmflowError, problems.of_error)
    app.register_error_handler(HTTPException, problems.of_http)
    app.register_error_handler(HTTPError, problems.of_http)
    app.register_error_handler(RecursionError, problems.of_depth)
    for resource in RESOURCES:
        app.register_blueprint(resource.blueprint)
    return app


def _allow_files() -> None:
    """Files may be larger than anything else that is sent."""
    if flask.request.endpoint in TAKES_FILES:
        flask.request.max_content_length = keep.LARGEST


def _headers(answer: flask.Response) -> flask.Response:
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return answer
