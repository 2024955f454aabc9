"""The door: pages for people at ``/``, the API for programs at ``/api``, Camunda's clients at ``/engine-rest``.

Only here does the web see ``engine.app``.
"""

from wsgiref.types import WSGIApplication

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from engine import app
from engine.ports import Engine
from engine.settings import Settings
from web.api.app import create_api
from web.camunda.app import create_engine_rest
from web.camunda.engines import SIGNPOST, create_signpost
from web.ui.app import create_pages


def create_app(engine: Engine, *, secure_cookies: bool = False) -> WSGIApplication:
    """As many proxies as the settings name are believed about who asks, by which name and by which way."""
    mounts = {
        "/api": create_api(engine),
        "/engine-rest": create_engine_rest(engine),
        SIGNPOST: create_signpost(),
    }
    inside = DispatcherMiddleware(create_pages(engine, secure_cookies=secure_cookies), mounts)
    proxies = engine.settings.trusted_proxies
    if not proxies:
        return inside
    return ProxyFix(inside, x_for=proxies, x_proto=proxies, x_host=proxies)


def open_engine(settings: Settings, *, dispatcher: bool = True) -> Engine:
    """Whoever opens it closes it. Without a dispatcher due work waits for others."""
    return app.build(settings, dispatcher=dispatcher)
