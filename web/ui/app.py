"""Puts the pages together: one Flask application for people."""

import flask
import flask_wtf
import jinja2
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from engine.attachments import keep
from engine.inbox import live as inbox_live
from engine.people import rights, shortcuts
from engine.ports import Engine
from web import addresses
from web.ui import (
    absences,
    account,
    assets,
    attachments,
    audit,
    boards,
    bulk,
    calendars,
    campaigns,
    cases,
    comparison,
    copies,
    customers,
    designer,
    differences,
    failures,
    feedback,
    form_editor,
    groups,
    inbox,
    kept,
    knowledge,
    known,
    language,
    live,
    login,
    materials,
    matrix,
    migration,
    mine,
    modeler,
    modifications,
    offline,
    operations,
    packs,
    palette,
    people,
    phrases,
    processes,
    products,
    quotes,
    resolutions,
    rollout,
    sales,
    sandbox,
    security,
    sheets,
    shell,
    start,
    tokens,
    undelivered,
    uses,
    variants,
    verbs,
    visitor,
    words,
)
from web.ui.outside import connectors, overview, webhooks
from web.watch import Watch

LARGEST_REQUEST = 6 * 1024 * 1024
LARGEST_WITH_FILES = 3 * keep.LARGEST
"""Several files at once, each as large as one may be."""
TAKES_FILES = {"attachments.add", "inbox.complete", "offline.send", "start.go"}
SEATS = 64
"""Screens that may wait for news at once, each in a thread of the server."""
LOGINS = "20 per minute"
"""From one address, right or wrong; people/login.py slows down guesses at one person."""
PAGES = (
    login,
    account,
    mine,
    live,
    kept,
    bulk,
    inbox,
    offline,
    shell,
    verbs,
    start,
    cases,
    attachments,
    feedback,
    phrases,
    modifications,
    customers,
    products,
    processes,
    materials,
    matrix,
    variants,
    rollout,
    copies,
    boards,
    differences,
    groups,
    resolutions,
    designer,
    uses,
    modeler,
    comparison,
    sheets,
    form_editor,
    sandbox,
    migration,
    people,
    absences,
    calendars,
    campaigns,
    quotes,
    sales,
    knowledge,
    tokens,
    operations,
    undelivered,
    packs,
    audit,
    overview,
    connectors,
    webhooks,
)


def create_pages(engine: Engine, *, testing: bool = False, secure_cookies: bool = False) -> flask.Flask:
    """``secure_cookies`` where the outside speaks HTTPS."""
    app = flask.Flask("web", static_folder="static", template_folder="templates")
    app.config.update(
        SECRET_KEY=security.secret(engine.settings),
        TESTING=testing,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_NAME="page",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        PARK_SECONDS=0.0 if testing else live.PARK_SECONDS,
    )
    app.extensions["engine"] = engine
    app.extensions["watch"] = Watch(lambda: inbox_live.last(engine), seats=SEATS)
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(words.FILTERS)
    app.jinja_env.globals.update(
        t=language.t,
        h=language.h,
        static=assets.address,
        may=_may,
        rights=rights,
        shortcuts=shortcuts.of,
    )
    app.url_map.converters["int"] = addresses.Number
    app.before_request(_allow_files)
    app.before_request(login.recognise)
    flask_wtf.CSRFProtect(app)
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", strategy="fixed-window")
    for pages in PAGES:
        app.register_blueprint(pages.blueprint)
    app.view_functions["login.enter"] = limiter.limit(LOGINS)(app.view_functions["login.enter"])
    app.after_request(security.headers)
    app.context_processor(_around)
    failures.register(app)
    return app


def _allow_files() -> None:
    """Files may be larger than anything else that is sent."""
    if flask.request.endpoint in TAKES_FILES:
        flask.request.max_content_length = LARGEST_WITH_FILES


def _may(action: rights.Action) -> bool:
    agent = visitor.agent()
    return agent is not None and rights.may(agent, action)


def _around() -> dict[str, object]:
    """What the frame of every page shows."""
    return {
        "me": visitor.agent(),
        "locale": language.locale(),
        "this_page": visitor.place,
        "waiting": inbox.waiting,
        "unread": mine.unread,
        "known": known,
        "commands": palette.commands,
        "offered_phrases": phrases.offered,
    }
