"""Who calls: Basic with a person's password, or Bearer with a token. Preflights and the host's signpost need neither.

A password costs 30 ms to check, and workers ask several times a second: what was found right is remembered by a keyed
hash of the header, and holds as long as the person is active and the stored password is the one that was checked.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict

import flask

from engine import errors
from engine.people import agents, api_tokens, login
from engine.people.agent import Agent
from engine.ports import Engine
from web.api import here
from web.camunda import refusals

MOST = 1000
REALM = 'Basic realm="default"'
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS, HEAD",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Accept, Origin, X-Requested-With",
    "Access-Control-Max-Age": "3600",
}
READING_POSTS = ("/task", "/task/count", "/variable-instance", "/process-instance", "/process-instance/count")


class Known:
    """(person, the password hash that was checked) by what they sent."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._found: OrderedDict[bytes, tuple[str, str]] = OrderedDict()
        self._lock = threading.Lock()

    def agent(self, engine: Engine, header: str) -> Agent:
        """Raises Refusal 401."""
        mark = hmac.new(self._key, header.encode(), hashlib.sha256).digest()
        with self._lock:
            key, checked = self._found.get(mark, ("", ""))
        if key:
            with engine.store.reading() as tx:
                person = tx.people.get(key)
            if person is not None and person.active and person.password_hash == checked:
                return agents.of(person)
        return self._check(engine, header, mark)

    def _check(self, engine: Engine, header: str, mark: bytes) -> Agent:
        name, password = _credentials(header)
        address = flask.request.remote_addr or ""
        try:
            agent = login.authenticate(engine, key=name, password=password, now=here.now(), source=address)
        except errors.Forbidden as refused:
            raise _unknown(refused.text["en"]) from None
        with engine.store.reading() as tx:
            person = tx.people.get(agent.key)
        if person is not None:
            with self._lock:
                self._found[mark] = (person.key, person.password_hash)
                while len(self._found) > MOST:
                    self._found.popitem(last=False)
        return agent


def recognise() -> flask.Response | None:
    """Before each request."""
    if flask.request.method == "OPTIONS":
        return flask.Response(status=204)
    header = flask.request.headers.get("Authorization", "")
    kind, _, rest = header.partition(" ")
    if kind.lower() == "basic":
        known: Known = flask.current_app.extensions["known"]
        flask.g.agent = known.agent(here.engine(), header)
        return None
    found = api_tokens.find(here.engine(), token=rest.strip(), now=here.now()) if kind.lower() == "bearer" else None
    if found is None:
        raise _unknown("Credentials are required: Basic with name and password, or Bearer with a token.")
    flask.g.agent, scopes = found
    reads = flask.request.method in ("GET", "HEAD") or _path() in READING_POSTS or _path().startswith("/history/")
    if not reads and not {"write", "admin"} & set(scopes):
        raise refusals.Refusal(403, "This token may only read.", kind="AuthorizationException")
    return None


def me() -> Agent:
    agent: Agent = flask.g.agent
    return agent


def finish(answer: flask.Response) -> flask.Response:
    """After each request. Origins are never refused: no cookie authorises anything here."""
    answer.headers.update(CORS)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _path() -> str:
    return flask.request.path.removeprefix("/engine/default")


def _credentials(header: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(header.partition(" ")[2].strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise _unknown("The credentials cannot be read.") from None
    name, _, password = text.partition(":")
    return name, password


def _unknown(message: str) -> refusals.Refusal:
    return refusals.Refusal(401, message, kind="AuthenticationException")
