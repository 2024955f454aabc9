"""The handlers ``http`` and ``email``, and one named ``connector:<name>`` for each connector.

A mapping that looks connectors up when they are asked for: one that an administrator sets up now runs at once, in
every process of the house. What they do outside carries the job's id as its idempotency key.
"""

import functools
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from engine import errors, outward
from engine.connectors import filling, http, mail
from engine.outside import line
from engine.outside.http import Request
from engine.ports import Handler, JobAnswer, JobCall, Store
from engine.settings import Settings
from engine.trust import credentials, openings, vault

PREFIX = outward.CONNECTOR
"""The connector of the handler ``email`` where the job names no other one."""


class Handlers(Mapping[str, Handler]):
    """``fixed`` and what connectors do."""

    def __init__(self, fixed: Mapping[str, Handler], *, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._fixed: dict[str, Handler] = {**fixed, "http": self._http, "email": self._email}

    def __getitem__(self, name: str) -> Handler:
        if name not in self:
            raise KeyError(name)
        return self._fixed.get(name) or functools.partial(self._connected, name.removeprefix(PREFIX))

    def __contains__(self, name: object) -> bool:
        if name in self._fixed:
            return True
        return isinstance(name, str) and name.startswith(PREFIX) and self._found(name) is not None

    def __iter__(self) -> Iterator[str]:
        yield from self._fixed
        with self._store.reading() as tx:
            names = [PREFIX + one.name for one in tx.connectors.all()]
        yield from names

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _found(self, name: str) -> outward.Connector | None:
        with self._store.reading() as tx:
            return tx.connectors.get(name.removeprefix(PREFIX))

    # --- what they do ----------------------------------------------------------------------------------------------

    def _http(self, call: JobCall) -> JobAnswer:
        """All of it in the drawing: values as parameters, what the answer means as headers."""
        try:
            settings = drawn(call)
            made = http.plain_request(settings, call)
            return self._call(settings, made, call)
        except errors.CrmflowError as error:
            raise http.of_error(error) from error

    def _email(self, call: JobCall) -> JobAnswer:
        return self._connected(str(call.input.get("connector") or outward.USUAL_MAIL), call)

    def _connected(self, name: str, call: JobCall) -> JobAnswer:
        found = self._found(name)
        try:
            if found is None:
                raise unknown(name)
            return self.perform(found, call)
        except errors.CrmflowError as error:
            raise http.of_error(error) from error

    def perform(self, connector: outward.Connector, call: JobCall) -> JobAnswer:
        """Raises Failed and errors.CrmflowError."""
        if connector.kind == "http":
            settings = msgspec.convert(connector.settings, http.Http)
            return self._call(settings, http.request(settings, call, filling.variables(call)), call)
        server = msgspec.convert(connector.settings, mail.Mail)
        with self._store.reading() as tx:
            envelope, content = mail.letter(server, call, tx, locale=self._settings.locale)
        gate, opened = self._trusted(server.credential, server.host)
        return mail.perform(server, call, envelope, content, gate=gate, opened=opened)

    def _call(self, settings: http.Http, made: Request, call: JobCall) -> JobAnswer:
        gate, opened = self._trusted(settings.credential, http.host(made))
        return http.judge(settings, http.perform(made, gate, opened), call.now)

    def _trusted(self, credential: str, host: str) -> tuple[line.Gate, credentials.Opened | None]:
        """One look at what may be called and sent; no connection to the database is held during the call."""
        with self._store.reading() as tx:
            gate = openings.gate(tx)
            if not credential:
                return gate, None
            return gate, credentials.opened(vault.of(self._settings), tx, name=credential, host=host)


def drawn(call: JobCall) -> http.Http:
    """The settings of an ``http`` job: parameters are values, headers (``result``, ``error``, ``errors``, ``retry``)
    are the author's own text. Raises errors.Invalid.
    """
    told: dict[str, Any] = {name: call.headers[name] for name in ("result", "error") if name in call.headers}
    for name in told:
        told[name] = told[name] if told[name].startswith("=") else f"={told[name]}"
    if call.headers.get("retry"):
        told["retry"] = call.headers["retry"].replace(",", " ").split()
    try:
        if call.headers.get("errors"):
            told["errors"] = msgspec.json.decode(call.headers["errors"])
        given = {name: value for name, value in filling.plain(dict(call.input)).items() if value is not None}
        made = msgspec.convert({**given, **told}, http.Http)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise errors.Invalid(
            "http_invalid",
            zh=f"http 作业的参数不符合要求：{error}",
            en=f"The parameters of the http job are wrong: {error}",
        ) from error
    for problem in filling.problems({"result": made.result, "error": made.error}):
        raise errors.Invalid(problem.code, zh=problem.text["zh-CN"], en=problem.text["en"])
    return msgspec.structs.replace(made, seconds=min(max(made.seconds, 0.1), http.LONGEST_SECONDS))


def unknown(name: str) -> errors.NotFound:
    return errors.NotFound(
        "connector_unknown", zh=f"没有名为“{name}”的连接器。", en=f"There is no connector {name!r}.", name=name
    )
