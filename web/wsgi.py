"""The door: pages for people at ``/``, the API for programs at ``/api``. Only here does the web see ``engine.app``."""

from wsgiref.types import WSGIApplication

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from engine.ports import Engine
from web.ui.app import create_pages


def create_app(engine: Engine, *, secure_cookies: bool = False) -> WSGIApplication:
    return DispatcherMiddleware(create_pages(engine, secure_cookies=secure_cookies), {})
