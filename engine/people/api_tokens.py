"""Tokens of programs: opaque, shown once, kept as a hash, limited to scopes, taken back at any time."""

from datetime import datetime

import msgspec

from engine import errors, ports, records
from engine.people import agents, rights, tokens
from engine.people.agent import Agent

SCOPES = ("read", "write", "admin")
NOTED_EVERY_SECONDS = 60


def issue(
    engine: ports.Engine,
    *,
    person: str,
    name: str,
    scopes: tuple[str, ...],
    agent: Agent,
    now: datetime,
    expires_at: datetime | None = None,
) -> tuple[str, records.ApiToken]:
    """The token itself, to be shown this once, and its row. One's own, or anybody's for an administrator."""
    if person != agent.key:
        rights.need(agent, "people.manage")
    rights.need(agent, "api.use")
    unknown = set(scopes) - set(SCOPES)
    if unknown or not scopes:
        raise errors.Invalid(
            "scope_unknown",
            zh=f"权限范围须为 {'、'.join(SCOPES)} 之一。",
            en=f"expected scopes among {', '.join(SCOPES)}",
            scopes=list(scopes),
        )
    token = f"crm_{tokens.new()}"
    row = records.ApiToken(
        id=engine.store.new_id(),
        token_sha256=tokens.fingerprint(token),
        person=person,
        name=name.strip()[:80],
        scopes=scopes,
        created_at=now,
        expires_at=expires_at,
    )

    def work(tx: ports.Transaction) -> None:
        agents.found(tx, person)
        tx.people.put_token(row)

    engine.store.run(work)
    return token, row


def held(engine: ports.Engine, *, person: str, agent: Agent) -> list[records.ApiToken]:
    """A person's tokens, the newest first, those taken back too. Raises Forbidden for somebody else's, NotFound."""
    if person != agent.key:
        rights.need(agent, "people.manage")
    with engine.store.reading() as tx:
        agents.found(tx, person)
        return tx.people.tokens(person)


def find(engine: ports.Engine, *, token: str, now: datetime) -> tuple[Agent, tuple[str, ...]] | None:
    """Whom the token speaks for and its scopes; None when it is unknown, taken back, over, or its person left."""
    key = tokens.fingerprint(token)
    known: tuple[records.ApiToken, Agent] | None = engine.callers.get(key, now) or _look(engine, key, now)
    if known is None:
        return None
    row, agent = known
    return None if row.expires_at is not None and now >= row.expires_at else (agent, row.scopes)


def _look(engine: ports.Engine, token_sha256: str, now: datetime) -> tuple[records.ApiToken, Agent] | None:
    with engine.store.reading() as tx:
        row = tx.people.token(token_sha256)
        person = tx.people.get(row.person) if row is not None else None
    if row is None or person is None or not person.active or row.revoked_at is not None:
        return None
    over = row.expires_at is not None and now >= row.expires_at
    if not over and (row.used_at is None or (now - row.used_at).total_seconds() >= NOTED_EVERY_SECONDS):
        engine.store.run(lambda tx: tx.people.put_token(msgspec.structs.replace(row, used_at=now)))
    known = (row, agents.of(person))
    engine.callers.put(token_sha256, known, now)
    return known


def revoke(engine: ports.Engine, *, token_sha256: str, agent: Agent, now: datetime) -> None:
    """Raises NotFound. Revoking twice keeps the first moment."""

    def work(tx: ports.Transaction) -> None:
        row = tx.people.token(token_sha256)
        if row is None or (row.person != agent.key and not rights.may(agent, "people.manage")):
            raise errors.NotFound("token_unknown", zh="没有此令牌。", en="there is no such token")
        if row.revoked_at is None:
            tx.people.put_token(msgspec.structs.replace(row, revoked_at=now))

    engine.store.run(work)
