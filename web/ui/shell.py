"""What a device needs of the house itself to show its pages alone: scripts, styles, signs; nobody's data.

All of it is named by one build, a hash over every file that makes a page, so that a device never puts old scripts to
new pages: another build is another cache.
"""

import functools
import hashlib
import json
from pathlib import Path

import flask

from web.ui import assets, language

blueprint = flask.Blueprint("shell", __name__)
_WEB = Path(__file__).resolve().parent.parent
_STATIC = _WEB / "static"
ELSEWHERE = {"worker.js", "drawing.js"}
"""The worker itself, and what draws: the pages that are kept tell the way in words."""
SHEETS = ("tokens", "base", "layout", "parts", "form", "pages", "cases", "house", "print")


@blueprint.get("/sw.js")
def worker() -> flask.Response:
    """The service worker, at the root so that it is asked for every page."""
    told = {"BUILD": build(), "SHELL": addresses(), "NONE": flask.url_for("shell.none")}
    lines = [f"const {name} = {json.dumps(value)};" for name, value in told.items()]
    text = "\n".join([*lines, (_STATIC / "js" / "offline" / "worker.js").read_text(encoding="utf-8")])
    return flask.Response(text, content_type="text/javascript; charset=utf-8")


@blueprint.get("/manifest.webmanifest")
def manifest() -> flask.Response:
    """What a phone puts on its first screen."""
    icons = [
        {"src": assets.address(f"app-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    told = {
        "name": language.t("app.name"),
        "short_name": language.t("app.name"),
        "description": language.t("app.claim"),
        "lang": language.locale(),
        "id": "/",
        "start_url": "/inbox",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f6f8",
        "theme_color": "#1f57c3",
        "icons": icons,
    }
    return flask.Response(json.dumps(told, ensure_ascii=False), content_type="application/manifest+json")


@blueprint.get("/no-connection")
def none() -> flask.typing.ResponseReturnValue:
    """Shown where nothing is kept on the device; it knows nobody."""
    return flask.render_template("no_connection.html", me=None)


@functools.cache
def build() -> str:
    files = [path for folder in ("static/js", "static/css", "templates", "ui") for path in _files(_WEB / folder)]
    made = hashlib.sha256()
    for path in [*files, _STATIC / "icons.svg", _STATIC / "brand.svg", _STATIC / "vendor" / "htmx.js"]:
        made.update(path.read_bytes())
    return made.hexdigest()[:12]


def addresses() -> list[str]:
    """Of all that the inbox and its tasks are made of. Modules import one another by their plain addresses."""
    versioned = ["brand.svg", "icons.svg", "vendor/htmx.js", "js/page.js", *(f"css/{name}.css" for name in SHEETS)]
    modules = [path for path in _files(_STATIC / "js") if path.parent.name in ("js", "offline")]
    plain = [path.relative_to(_STATIC).as_posix() for path in modules if path.name not in ELSEWHERE]
    return [
        *(assets.address(name) for name in versioned),
        *(flask.url_for("static", filename=name) for name in plain),
        flask.url_for("shell.none"),
    ]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in (".js", ".css", ".html", ".py"))
