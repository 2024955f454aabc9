"""Credentials: put in once, used by name, never shown again. Each says where it may be sent."""

import base64
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from engine import errors, outward
from engine.model.problem import Problem
from engine.model.text import both
from engine.outside import http, targets
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.trust import deeds, naming, vault

LONGEST_SECRET = 8000
MOST_HOSTS = 20
Kind = Literal["bearer", "basic", "header"]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What an administrator says of a credential, without its secret."""

    kind: Kind
    user: str = ""
    hosts: tuple[str, ...]
    note: str = ""


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A credential in use. Lives as long as the call."""

    kind: Kind
    user: str
    secret: str

    def headers(self) -> dict[str, str]:
        if self.kind == "header":
            return {self.user: self.secret}
        if self.kind == "bearer":
            return {"Authorization": f"Bearer {self.secret}"}
        pair = base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}


def add(engine: Engine, *, name: str, draft: Draft, secret: str, agent: Agent, now: datetime) -> outward.Credential:
    """Raises errors.Forbidden, errors.Invalid with a Problem for each wrong field, errors.Conflict for a used name."""
    rights.need(agent, "outside.manage")
    _check(naming.checked(name), draft, secret)
    made = outward.Credential(
        name=name,
        kind=draft.kind,
        user=draft.user,
        hosts=_hosts(draft.hosts),
        note=draft.note,
        sealed=_sealed(engine, name, secret),
        created_at=now,
        created_by=agent.key,
        rotated_at=now,
    )

    def work(tx: Transaction) -> outward.Credential:
        if tx.trust.credential(name) is not None:
            raise errors.Conflict(
                "credential_exists",
                zh=f"凭据“{name}”已存在。",
                en=f"There is a credential {name!r} already.",
                name=name,
            )
        tx.trust.put_credential(made)
        deeds.note(engine, tx, "credential.added", name, agent=agent, now=now, hosts=list(made.hosts), kind=made.kind)
        return made

    return engine.store.run(work)


def change(
    engine: Engine, *, name: str, draft: Draft, agent: Agent, now: datetime, revision: int | None = None
) -> outward.Credential:
    """Everything but the secret; a new place for it needs the secret again, see ``rotate``.

    Raises as ``add``, errors.NotFound, and errors.Conflict when ``revision`` is not the one that is there, or when the
    secret could go where it could not go before: whoever may change may not therefore learn it.
    """
    rights.need(agent, "outside.manage")
    _check(name, draft, None)

    def work(tx: Transaction) -> outward.Credential:
        before = _found(tx, name)
        _same_revision(before, revision)
        hosts = _hosts(draft.hosts)
        if draft.kind != before.kind or not all(covered(host, before.hosts) for host in hosts):
            raise errors.Conflict(
                "credential_needs_secret",
                zh=f"凭据“{name}”要发往新的主机或改变类型，须重新录入密钥。",
                en=f"The credential {name!r} would go to new hosts or change its kind: enter its secret again.",
                name=name,
            )
        after = msgspec.structs.replace(
            before, user=draft.user, hosts=hosts, note=draft.note, revision=before.revision + 1
        )
        tx.trust.put_credential(after)
        deeds.note(engine, tx, "credential.changed", name, agent=agent, now=now, hosts=list(hosts))
        return after

    return engine.store.run(work)


def rotate(
    engine: Engine, *, name: str, secret: str, agent: Agent, now: datetime, draft: Draft | None = None
) -> outward.Credential:
    """A new secret from this moment on, with new places if ``draft`` says so. Raises as ``change``."""
    rights.need(agent, "outside.manage")

    def work(tx: Transaction) -> outward.Credential:
        before = _found(tx, name)
        wanted = draft or Draft(kind=before.kind, user=before.user, hosts=before.hosts, note=before.note)
        _check(name, wanted, secret)
        after = msgspec.structs.replace(
            before,
            kind=wanted.kind,
            user=wanted.user,
            hosts=_hosts(wanted.hosts),
            note=wanted.note,
            sealed=_sealed(engine, name, secret),
            revision=before.revision + 1,
            rotated_at=now,
        )
        tx.trust.put_credential(after)
        deeds.note(engine, tx, "credential.rotated", name, agent=agent, now=now, hosts=list(after.hosts))
        return after

    return engine.store.run(work)


def drop(engine: Engine, *, name: str, agent: Agent, now: datetime) -> None:
    """What uses it fails from now on, by its name. Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "outside.manage")

    def work(tx: Transaction) -> None:
        if not tx.trust.drop_credential(name):
            raise unknown(name)
        deeds.note(engine, tx, "credential.dropped", name, agent=agent, now=now)

    engine.store.run(work)


def all_of(engine: Engine, *, agent: Agent) -> list[outward.Credential]:
    """By name; their secrets stay sealed. Raises errors.Forbidden."""
    rights.need(agent, "outside.manage")
    with engine.store.reading() as tx:
        return tx.trust.credentials()


def get(engine: Engine, *, name: str, agent: Agent) -> outward.Credential:
    """Raises errors.Forbidden and errors.NotFound."""
    rights.need(agent, "outside.manage")
    with engine.store.reading() as tx:
        return _found(tx, name)


def opened(engine_vault: vault.Vault, tx: Transaction, *, name: str, host: str) -> Opened:
    """For a call to ``host``. Raises errors.NotFound, errors.Forbidden for a host it may not be sent to, and
    errors.Conflict when it cannot be decrypted.
    """
    found = _found(tx, name)
    if not covered(host, found.hosts):
        raise errors.Forbidden(
            "credential_elsewhere",
            zh=f"凭据“{name}”不得发往 {host}，只能发往：{'、'.join(found.hosts)}。",
            en=f"The credential {name!r} may not be sent to {host}, only to {', '.join(found.hosts)}.",
            name=name,
            host=host,
        )
    secret = engine_vault.open(found.sealed, about=_about(name))
    return Opened(kind=found.kind, user=found.user, secret=secret)


def reseal(engine: Engine) -> int:
    """Every credential under the first key of the settings; how many were under another. Used by the command line."""
    keeper = vault.of(engine.settings)

    def work(tx: Transaction) -> int:
        old = [one for one in tx.trust.credentials() if not keeper.fresh(one.sealed)]
        for one in old:
            about = _about(one.name)
            sealed = keeper.seal(keeper.open(one.sealed, about=about), about=about)
            tx.trust.put_credential(msgspec.structs.replace(one, sealed=sealed))
        return len(old)

    return engine.store.run(work)


def unknown(name: str) -> errors.NotFound:
    return errors.NotFound(
        "credential_unknown", zh=f"没有名为“{name}”的凭据。", en=f"There is no credential {name!r}.", name=name
    )


def _found(tx: Transaction, name: str) -> outward.Credential:
    found = tx.trust.credential(name)
    if found is None:
        raise unknown(name)
    return found


def _same_revision(found: outward.Credential, revision: int | None) -> None:
    if revision is not None and revision != found.revision:
        raise errors.Conflict(
            "revision_old",
            zh=f"凭据“{found.name}”已被他人修改，请刷新后重试。",
            en=f"Somebody else changed the credential {found.name!r} meanwhile.",
            name=found.name,
        )


def _about(name: str) -> str:
    return f"credential:{name}"


def _sealed(engine: Engine, name: str, secret: str) -> bytes:
    return vault.of(engine.settings).seal(secret, about=_about(name))


# --- hosts ---------------------------------------------------------------------------------------------------------


def covered(host: str, hosts: Sequence[str]) -> bool:
    """``*.example.com`` covers every name below it, and itself when the same is asked for."""
    return any(host == one or (one.startswith("*.") and host.endswith(one[1:])) for one in hosts)


def _hosts(hosts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_host(host) for host in hosts))


def _host(text: str) -> str:
    """In small ASCII letters; empty for what is none. A star alone, or above a single label, names half the world."""
    text = text.strip()
    if text.startswith("*."):
        rest = targets.name(text[2:])
        return f"*.{rest}" if "." in rest else ""
    return targets.name(text.strip("[]")) or (text.strip("[]") if re.fullmatch(r"\[?[0-9a-fA-F:.]+\]?", text) else "")


def _check(name: str, draft: Draft, secret: str | None) -> None:
    """``secret`` None where it stays as it is."""
    problems = []
    if not draft.hosts or len(draft.hosts) > MOST_HOSTS:
        problems.append(_wrong("hosts", zh=f"请列出 1 到 {MOST_HOSTS} 个主机", en=f"expected 1 to {MOST_HOSTS} hosts"))
    for number, host in enumerate(draft.hosts):
        if not _host(host):
            problems.append(_wrong(f"hosts/{number}", zh=f"“{host[:80]}”不是主机名", en=f"{host[:80]!r} is no host"))
    if draft.kind != "bearer" and not draft.user:
        problems.append(_wrong("user", zh="此类型需要用户名或请求头名称", en="this kind needs a user or header name"))
    if len(draft.user) > 200 or any(ord(sign) < 32 for sign in draft.user):
        problems.append(_wrong("user", zh="最多 200 个字符，不含控制字符", en="at most 200 printable characters"))
    if draft.kind == "basic" and ":" in draft.user:
        problems.append(_wrong("user", zh="用户名不得含冒号", en="a user's name has no colon"))
    if draft.kind == "header" and draft.user:
        problems += _header(draft.user)
    if secret is not None and (not 0 < len(secret) <= LONGEST_SECRET or any(ord(sign) < 32 for sign in secret)):
        problems.append(
            _wrong("secret", zh=f"1 到 {LONGEST_SECRET} 个可见字符", en=f"expected 1 to {LONGEST_SECRET} characters")
        )
    if len(draft.note) > 500:
        problems.append(_wrong("note", zh="最多 500 个字符", en="at most 500 characters"))
    if problems:
        raise errors.Invalid(
            "credential_invalid",
            zh=f"凭据“{name}”有 {len(problems)} 处不符合要求。",
            en=f"The credential {name!r} is wrong in {len(problems)} place(s).",
            problems=problems,
            name=name,
        )


def _header(name: str) -> list[Problem]:
    try:
        http.check_headers({name: ""})
    except errors.Invalid as error:
        return [Problem(code=error.code, pointer="/user", text=error.text)]
    return []


def _wrong(field: str, *, zh: str, en: str) -> Problem:
    return Problem(code=f"credential_{field.partition('/')[0]}", pointer=f"/{field}", text=both(zh=zh, en=en))
