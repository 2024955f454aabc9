"""Addresses of static files that carry the file's hash: cached for a year, never stale."""

import functools
import hashlib
from pathlib import Path

import flask

_FOLDER = Path(__file__).resolve().parent.parent / "static"


@functools.cache
def _hash(name: str) -> str:
    return hashlib.sha256((_FOLDER / name).read_bytes()).hexdigest()[:12]


def address(name: str) -> str:
    return flask.url_for("static", filename=name, v=_hash(name))
