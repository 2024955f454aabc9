"""Sessions of browsers. The cookie holds a random token, the database its hash: leaving and locking out are at once.

A session ends 12 hours after it was last seen and 7 days after it began, whichever comes first.
"""

from datetime import datetime, timedelta

from engine import ports, records
from engine.people import agents, tokens
from engine.people.agent import Agent

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
NOTED_EVERY = timedelta(minutes=5)
"""``seen_at`` is written no more often than this: a page view should not cost a write."""


def begin(engine: ports.Engine, *, agent: Agent, now: datetime) -> str:
    """The token for the cookie."""
    token = tokens.new()
    session = records.Session(
        token_sha256=tokens.fingerprint(token),
        person=agent.key,
        created_at=now,
        seen_at=now,
        expires_at=now + LONGEST,
    )
    with engine.store.transaction() as tx:
        tx.people.sweep_sessions(now - IDLE, now)
        tx.people.put_session(session)
    return token


def find(engine: ports.Engine, *, token: str, now: datetime) -> Agent | None:
    """Who the token belongs to; None when it is unknown, over, or its person was deactivated."""
    with engine.store.reading() as tx:
        session = tx.people.session(tokens.fingerprint(token))
        person = tx.people.get(session.person) if session is not None else None
    if session is None or person is None or not person.active:
        return None
    if now >= session.expires_at or now - session.seen_at >= IDLE:
        return None
    if now - session.seen_at >= NOTED_EVERY:
        engine.store.run(lambda tx: tx.people.see_session(session.token_sha256, now))
    return agents.of(person)


def end(engine: ports.Engine, *, token: str) -> None:
    engine.store.run(lambda tx: tx.people.end_session(tokens.fingerprint(token)))
