"""Connectors and templates as administrators keep them: checked whole before they are kept, and tried out."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

import msgspec

from engine import errors, outward
from engine.connectors import filling, http, letters, mail
from engine.connectors.handlers import Handlers, unknown
from engine.model.problem import Problem
from engine.model.text import Text, both
from engine.outside import targets
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Failed, JobAnswer, JobCall, Transaction
from engine.trust import credentials, deeds, naming

Kind = Literal["http", "mail"]
SETTINGS: dict[str, type[http.Http] | type[mail.Mail]] = {"http": http.Http, "mail": mail.Mail}
LARGEST = 100_000
"""Bytes of a connector's settings as JSON."""


def put(
    engine: Engine,
    *,
    name: str,
    kind: Kind,
    settings: dict[str, Any],
    note: str,
    agent: Agent,
    now: datetime,
    revision: int | None = None,
) -> outward.Connector:
    """A new connector, or a new form of one. Drawings that name it use it from the next job on.

    Raises errors.Forbidden, errors.Invalid with a Problem for each wrong place, and errors.Conflict when ``revision``
    (0: there is none yet) is not the one that is there.
    """
    rights.need(agent, "outside.manage")
    naming.checked(name)
    found = _read(kind, settings)

    def work(tx: Transaction) -> outward.Connector:
        before = tx.connectors.get(name)
        _same_revision(name, before.revision if before else 0, revision)
        problems = [*_problems(found), *_credential(tx, found)]
        if problems:
            raise _invalid(name, problems)
        made = outward.Connector(
            name=name,
            kind=kind,
            settings=msgspec.to_builtins(found),
            note=note.strip()[:500],
            revision=before.revision + 1 if before else 1,
            changed_at=now,
            changed_by=agent.key,
        )
        tx.connectors.put(made)
        what = "connector.changed" if before else "connector.added"
        deeds.note(engine, tx, what, name, agent=agent, now=now, settings=made.settings)
        return made

    return engine.store.run(work)


def drop(engine: Engine, *, name: str, agent: Agent, now: datetime) -> None:
    """Jobs that name it stop with an incident from now on. Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "outside.manage")

    def work(tx: Transaction) -> None:
        if not tx.connectors.drop(name):
            raise unknown(name)
        deeds.note(engine, tx, "connector.dropped", name, agent=agent, now=now)

    engine.store.run(work)


def all_of(engine: Engine, *, agent: Agent) -> list[outward.Connector]:
    """By name. Raises errors.Forbidden."""
    rights.need(agent, "outside.manage")
    with engine.store.reading() as tx:
        return tx.connectors.all()


def get(engine: Engine, *, name: str, agent: Agent) -> outward.Connector:
    """Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "outside.manage")
    with engine.store.reading() as tx:
        found = tx.connectors.get(name)
    if found is None:
        raise unknown(name)
    return found


def try_out(engine: Engine, *, name: str, given: dict[str, Any], agent: Agent, now: datetime) -> JobAnswer:
    """The connector's real call with made-up input: what a job would get.

    Raises errors.Forbidden, errors.NotFound, errors.Unavailable when another try might help, errors.Conflict when none
    would.
    """
    connector = get(engine, name=name, agent=agent)
    job_id = engine.store.new_id()
    call = JobCall(
        id=job_id,
        handler=f"connector:{name}",
        input=given,
        headers={},
        attempt=1,
        now=now,
        instance_id="",
        process="",
        business_key=None,
        customer=None,
    )
    engine.store.run(lambda tx: deeds.note(engine, tx, "connector.tried", name, agent=agent, now=now))
    keeper = engine.handlers if isinstance(engine.handlers, Handlers) else _keeper(engine)
    try:
        return keeper.perform(connector, call)
    except Failed as failed:
        kind = errors.Conflict if failed.hopeless else errors.Unavailable
        raise kind("connector_failed", zh=failed.text["zh-CN"], en=failed.text["en"], name=name) from failed


def _keeper(engine: Engine) -> Handlers:
    return Handlers({}, store=engine.store, settings=engine.settings)


# --- templates -----------------------------------------------------------------------------------------------------


def put_template(
    engine: Engine,
    *,
    name: str,
    subject: Text,
    text: Text,
    html: Text,
    agent: Agent,
    now: datetime,
    revision: int | None = None,
) -> outward.Template:
    """Raises as ``put``."""
    rights.need(agent, "outside.manage")
    naming.checked(name)
    problems = list(letters.problems(subject, text, html))
    if problems:
        raise _invalid(name, problems)

    def work(tx: Transaction) -> outward.Template:
        before = tx.connectors.template(name)
        _same_revision(name, before.revision if before else 0, revision)
        made = outward.Template(
            name=name,
            subject=subject,
            text=text,
            html=html,
            revision=before.revision + 1 if before else 1,
            changed_at=now,
            changed_by=agent.key,
        )
        tx.connectors.put_template(made)
        what = "template.changed" if before else "template.added"
        deeds.note(engine, tx, what, name, agent=agent, now=now)
        return made

    return engine.store.run(work)


def templates(engine: Engine, *, agent: Agent) -> list[outward.Template]:
    """By name. Raises errors.Forbidden."""
    rights.need(agent, "outside.manage")
    with engine.store.reading() as tx:
        return tx.connectors.templates()


def template(engine: Engine, *, name: str, agent: Agent) -> outward.Template:
    """Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "outside.manage")
    with engine.store.reading() as tx:
        found = tx.connectors.template(name)
    if found is None:
        raise _no_template(name)
    return found


def drop_template(engine: Engine, *, name: str, agent: Agent, now: datetime) -> None:
    """Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "outside.manage")

    def work(tx: Transaction) -> None:
        if not tx.connectors.drop_template(name):
            raise _no_template(name)
        deeds.note(engine, tx, "template.dropped", name, agent=agent, now=now)

    engine.store.run(work)


def _no_template(name: str) -> errors.NotFound:
    return errors.NotFound(
        "template_unknown", zh=f"没有名为“{name}”的邮件模板。", en=f"There is no mail template {name!r}.", name=name
    )


# --- checks --------------------------------------------------------------------------------------------------------


def _read(kind: Kind, settings: dict[str, Any]) -> http.Http | mail.Mail:
    try:
        if len(msgspec.json.encode(settings)) > LARGEST:
            raise errors.TooLarge(
                "connector_large", zh=f"设置超过 {LARGEST} 字节。", en=f"The settings have more than {LARGEST} bytes."
            )
        return msgspec.convert(settings, SETTINGS[kind])
    except msgspec.ValidationError as error:
        words, _, place = str(error).partition(" - at `$")
        pointer = "/settings" + place.rstrip("`").replace(".", "/").replace("[", "/").replace("]", "")
        problem = Problem(code="setting_invalid", pointer=pointer, text=both(zh=f"设置有误：{words}", en=words))
        raise _invalid("settings", [problem]) from error


def _problems(found: http.Http | mail.Mail) -> Iterator[Problem]:
    longest = http.LONGEST_SECONDS
    if not 0 < found.seconds <= longest:
        yield _wrong("seconds", zh=f"应大于 0，最多 {longest:g} 秒", en=f"more than 0, at most {longest:g} seconds")
    yield from _mail(found) if isinstance(found, mail.Mail) else _http(found)


def _http(found: http.Http) -> Iterator[Problem]:
    yield from filling.address_problems(found.url, "/settings/url")
    origin = found.url.split("://", 1)[-1].split("/", 1)[0].split("?", 1)[0]
    if "{" in origin:
        yield _wrong("url", zh="主机和端口不得含表达式", en="host and port are fixed: no expression there")
    else:
        try:
            targets.read(found.url.partition("{")[0])
        except errors.Invalid as error:
            yield Problem(code=error.code, pointer="/settings/url", text=error.text)
    for part in ("query", "headers", "body"):
        yield from filling.problems(getattr(found, part), f"/settings/{part}")
    for part in ("result", "error"):
        text = getattr(found, part)
        if text and not text.startswith("="):
            yield _wrong(part, zh="应为以 = 开头的 FEEL 表达式", en="expected FEEL that starts with =")
        yield from filling.problems(text, f"/settings/{part}")
    for status in (*found.errors, *found.retry):
        if not http.status_pattern(status):
            yield _wrong("errors", zh=f"“{status}”应写作 404 或 4xx", en=f"{status!r} should read like 404 or 4xx")


def _mail(found: mail.Mail) -> Iterator[Problem]:
    if not targets.name(found.host):
        yield _wrong("host", zh="应为主机名", en="expected a host's name")
    if not 0 < found.port < 65536:
        yield _wrong("port", zh="应为 1 到 65535", en="expected 1 to 65535")
    for part in ("sender", "reply_to"):
        text = getattr(found, part)
        try:
            letters.address(text) if text or part == "sender" else ""
        except errors.Invalid as error:
            yield Problem(code=error.code, pointer=f"/settings/{part}", text=error.text)
    if any(ord(sign) < 32 for sign in found.sender_name):
        yield _wrong("sender_name", zh="不得换行", en="has one line")


def _credential(tx: Transaction, found: http.Http | mail.Mail) -> Iterator[Problem]:
    """That it exists and may go there, before the first job finds out."""
    if not found.credential:
        return
    host = found.host if isinstance(found, mail.Mail) else _host(found.url)
    kept = tx.trust.credential(found.credential)
    if kept is None:
        yield _wrong("credential", zh=f"没有凭据“{found.credential}”", en=f"no credential {found.credential!r}")
    elif host and not credentials.covered(host, kept.hosts):
        yield _wrong("credential", zh=f"此凭据不得发往 {host}", en=f"this credential may not be sent to {host}")
    elif isinstance(found, mail.Mail) and kept.kind != "basic":
        yield _wrong("credential", zh="邮件登录需要用户名和密码类型的凭据", en="a mail login needs a user and password")


def _host(url: str) -> str:
    try:
        return targets.read(url.partition("{")[0]).host
    except errors.Invalid:
        return ""


def _same_revision(name: str, there: int, wanted: int | None) -> None:
    if wanted is not None and wanted != there:
        raise errors.Conflict(
            "revision_old",
            zh=f"“{name}”已被他人修改或新建，请刷新后重试。",
            en=f"Somebody else changed or made {name!r} meanwhile.",
            name=name,
        )


def _invalid(name: str, problems: list[Problem]) -> errors.Invalid:
    return errors.Invalid(
        "connector_invalid",
        zh=f"“{name}”有 {len(problems)} 处不符合要求。",
        en=f"{name!r} is wrong in {len(problems)} place(s).",
        problems=problems,
        name=name,
    )


def _wrong(field: str, *, zh: str, en: str) -> Problem:
    return Problem(code="setting_invalid", pointer=f"/settings/{field}", text=both(zh=zh, en=en))
