"""Who is at the door: a login name and a password become an Agent, or nobody learns why not.

After five wrong passwords in a row a person's door stays shut: 30 s, then twice as long each time, at most 15 minutes.
The answer is the same for an unknown name, a wrong password and a person who left, and takes the same time.
"""

from datetime import datetime, timedelta

import msgspec

from engine import errors, ports
from engine.people import agents, passwords
from engine.people.agent import Agent

FREE_TRIES = 5
SHORTEST_BLOCK = timedelta(seconds=30)
LONGEST_BLOCK = timedelta(minutes=15)


def authenticate(engine: ports.Engine, *, key: str, password: str, now: datetime) -> Agent:
    """Raises Forbidden: ``login_refused``, or ``login_blocked`` while the door stays shut."""
    name = key.strip().lower()
    with engine.store.reading() as tx:
        person = tx.people.get(name)
    if person is not None and person.blocked_until is not None and now < person.blocked_until:
        raise _blocked(person.blocked_until - now)
    good = passwords.matches(person.password_hash if person is not None and person.active else "", password)
    if person is None:
        raise _refused()
    if not good:
        engine.store.run(lambda tx: _count(tx, name, now))
        raise _refused()
    if person.failures or passwords.outdated(person.password_hash):
        engine.store.run(lambda tx: _forget(tx, name, password))
    return agents.of(person)


def block_after(failures: int) -> timedelta | None:
    """How long the door stays shut after this many wrong passwords in a row; None: not at all."""
    if failures < FREE_TRIES:
        return None
    doubled: int = 2 ** min(failures - FREE_TRIES, 10)
    return min(SHORTEST_BLOCK * doubled, LONGEST_BLOCK)


def _count(tx: ports.Transaction, key: str, now: datetime) -> None:
    person = agents.found(tx, key)
    failures = person.failures + 1
    wait = block_after(failures)
    tx.people.put(msgspec.structs.replace(person, failures=failures, blocked_until=now + wait if wait else None))


def _forget(tx: ports.Transaction, key: str, password: str) -> None:
    person = agents.found(tx, key)
    kept = person.password_hash
    fresh = passwords.hashed(password) if passwords.outdated(kept) else kept
    tx.people.put(msgspec.structs.replace(person, failures=0, blocked_until=None, password_hash=fresh))


def _refused() -> errors.Forbidden:
    return errors.Forbidden(
        "login_refused", zh="登录名或密码不正确。", en="The login name or the password is not right."
    )


def _blocked(rest: timedelta) -> errors.Forbidden:
    minutes = max(1, -(-int(rest.total_seconds()) // 60))
    return errors.Forbidden(
        "login_blocked",
        zh=f"密码多次输入错误，请在 {minutes} 分钟后再试。",
        en=f"Too many wrong passwords. Try again in {minutes} min.",
        minutes=minutes,
    )
