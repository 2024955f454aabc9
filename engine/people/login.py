"""Who is at the door: a login name and a password become an Agent, or nobody learns why not.

After five wrong passwords in a row for one name from one place (an address, of IPv6 its network) the door stays shut
for that name from there: 30 s, then twice as long each time, at most 15 minutes. So nobody locks out anybody who sits
elsewhere. Against guesses from many places there is a slower limit for a name: after 30 wrong ones there is one try a
minute, after 100 one in five, for places from which the person has not come in of late. A day without wrong ones ends
it.
The answer is the same for an unknown name, a wrong password and a person who left, and takes the same time.
"""

import ipaddress
from datetime import datetime, timedelta

import msgspec

from engine import errors, ports, records
from engine.people import agents, passwords
from engine.people.agent import Agent

FREE_TRIES = 5
SHORTEST_BLOCK = timedelta(seconds=30)
LONGEST_BLOCK = timedelta(minutes=15)
SLOWER = ((100, timedelta(minutes=5)), (30, timedelta(minutes=1)))
"""From so many wrong passwords on, from wherever they came, one try in so long."""
QUIET = timedelta(days=1)
"""After which wrong passwords are counted anew."""
FAMILIAR = timedelta(days=30)
"""So long a place is remembered from which somebody came in."""
EVERYWHERE = "*"
LONGEST_NAME = 100
FEW = 3
"""So many wrong passwords from where one sits oneself are worth a word."""


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    count: int
    at: datetime
    """The last one."""
    place: str


def authenticate(engine: ports.Engine, *, key: str, password: str, now: datetime, source: str = "") -> Agent:
    """``source``: the address that asks; empty for this machine itself.

    Raises Forbidden: ``login_refused``, or ``login_blocked`` while the door stays shut.
    """
    name, place = key.strip().lower()[:LONGEST_NAME], place_of(source)
    with engine.store.reading() as tx:
        person = tx.people.get(name)
        here, all_over = tx.people.tries(name, place), tx.people.tries(name, EVERYWHERE)
    until = shut_until(here, all_over, now)
    if until is not None:
        raise _blocked(until - now)
    good = passwords.matches(person.password_hash if person is not None and person.active else "", password)
    if person is None or not good:
        engine.store.run(lambda tx: _count(tx, name, place, now))
        raise _refused()
    if here.failures or not familiar(here, now, FAMILIAR / 2) or passwords.outdated(person.password_hash):
        engine.store.run(lambda tx: _let_in(tx, name, place, password, now))
    return agents.of(person)


def wrong_ones(engine: ports.Engine, *, agent: Agent, source: str = "") -> Wrong | None:
    """The wrong passwords at the agent's name that the agent has not been told of; each is told once. None for none, or
    a few slips from where the agent sits."""
    place = place_of(source)
    with engine.store.reading() as tx:
        found = tx.people.untold_tries(agent.key)
    if not found:
        return None
    engine.store.run(lambda tx: tx.people.told_tries(agent.key))
    count, last = sum(one.untold for one in found), found[0]
    if last.failed_at is None or (count < FEW and all(one.source == place for one in found)):
        return None
    return Wrong(count=count, at=last.failed_at, place=last.source)


def place_of(source: str) -> str:
    """An address of IPv4 alone, of IPv6 with its network of 64 bits: its owner has all of them."""
    try:
        address = ipaddress.ip_address(source.partition("%")[0])
    except ValueError:
        return source[:64]
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))


def shut_until(here: records.LoginTries, all_over: records.LoginTries, now: datetime) -> datetime | None:
    """None: the door is open."""
    if here.blocked_until is not None and now < here.blocked_until:
        return here.blocked_until
    if all_over.blocked_until is not None and now < all_over.blocked_until and not familiar(here, now):
        return all_over.blocked_until
    return None


def familiar(here: records.LoginTries, now: datetime, within: timedelta = FAMILIAR) -> bool:
    return here.good_at is not None and now - here.good_at < within


def block_after(failures: int) -> timedelta | None:
    """How long the door stays shut after this many wrong passwords in a row from one place; None: not at all."""
    if failures < FREE_TRIES:
        return None
    doubled: int = 2 ** min(failures - FREE_TRIES, 10)
    return min(SHORTEST_BLOCK * doubled, LONGEST_BLOCK)


def slow_after(failures: int) -> timedelta | None:
    """The same after this many from anywhere."""
    return next((pause for many, pause in SLOWER if failures >= many), None)


def _count(tx: ports.Transaction, name: str, place: str, now: datetime) -> None:
    for source, pause_after in ((place, block_after), (EVERYWHERE, slow_after)):
        seen = tx.people.tries(name, source)
        counts = seen.failed_at is not None and now - seen.failed_at < QUIET
        failures = (seen.failures if counts else 0) + 1
        pause = pause_after(failures)
        changed = msgspec.structs.replace(
            seen,
            failures=failures,
            untold=seen.untold + 1 if source == place else 0,
            blocked_until=now + pause if pause else None,
            failed_at=now,
            seen_at=now,
        )
        tx.people.put_tries(seen, changed)


def _let_in(tx: ports.Transaction, name: str, place: str, password: str, now: datetime) -> None:
    seen = tx.people.tries(name, place)
    tx.people.put_tries(seen, msgspec.structs.replace(seen, failures=0, blocked_until=None, good_at=now, seen_at=now))
    tx.people.sweep_tries(now - FAMILIAR)
    person = agents.found(tx, name)
    if passwords.outdated(person.password_hash):
        tx.people.put(msgspec.structs.replace(person, password_hash=passwords.hashed(password)))


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
