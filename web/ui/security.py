"""The headers that keep a page to itself, and the key that signs its cookies."""

import contextlib
import os
import secrets
import tempfile

import flask

from engine.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def headers(response: flask.Response) -> flask.Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if flask.request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if flask.request.endpoint != "static":
        # Pages show customers' data: neither proxies nor the back button of a shared desk may keep them.
        response.headers["Cache-Control"] = "no-store"
    return response


def secret(settings: Settings) -> str:
    """The configured key, else one made once and kept beside the data, readable by its owner alone."""
    if settings.secret_key:
        return settings.secret_key
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    path = settings.data_dir / "secret.key"
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=settings.data_dir)  # readable by its owner alone
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # whole, or another server was faster
        os.unlink(draft)
    return path.read_text(encoding="ascii").strip()
