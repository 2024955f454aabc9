"""The people of the house: added, changed, deactivated, never deleted (history names them)."""

import re
from collections.abc import Iterable
from datetime import datetime

import msgspec

from engine import errors, ports, records
from engine.model.problem import Problem
from engine.model.text import LOCALES, ZH, both
from engine.people import agents, leaving, passwords, rights
from engine.people.agent import ROLES, SYSTEM, Agent

_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_KEPT = {SYSTEM.key, "groups", "new"}
"""What the system is called, and what stands in the addresses of pages where a person's key would stand."""
MOST_CAPACITY = 10_000
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What an administrator says about a person."""

    name: str
    email: str = ""
    roles: tuple[str, ...] = ("staff",)
    groups: tuple[str, ...] = ()
    locale: str = ZH
    manager: str = ""
    skills: tuple[str, ...] = ()
    capacity: int = 0
    """Open tasks up to which rules of assignment give them more; 0: any number."""


def add_user(
    engine: ports.Engine, *, key: str, profile: Profile, password: str, agent: Agent, now: datetime
) -> records.Person:
    """``key`` is the login name. Raises Forbidden, Invalid, or Conflict when the name is taken."""
    rights.need(agent, "people.manage")
    key = key.strip().lower()
    _checked(_key_problems(key))
    passwords.check(password, key=key)
    stored = passwords.hashed(password)

    def work(tx: ports.Transaction) -> records.Person:
        if tx.people.get(key) is not None:
            raise errors.Conflict(
                "person_exists", zh=f"登录名“{key}”已被使用。", en=f"The login name “{key}” is taken.", person=key
            )
        _checked(_profile_problems(tx, key, profile))
        person = records.Person(key=key, password_hash=stored, created_at=now, **msgspec.structs.asdict(profile))
        tx.people.put(person)
        return person

    return engine.store.run(work)


def change_user(
    engine: ports.Engine, *, key: str, profile: Profile, active: bool, agent: Agent, now: datetime
) -> records.Person:
    """Deactivating ends the person's sessions, gives their open work back and tells whoever shares out customers
    (people/leaving.py), in one transaction.

    Raises Conflict when no active administrator would be left.
    """
    rights.need(agent, "people.manage")

    def work(tx: ports.Transaction) -> records.Person:
        person = agents.found(tx, key)
        _checked(_profile_problems(tx, key, profile))
        changed = msgspec.structs.replace(person, active=active, **msgspec.structs.asdict(profile))
        _keep_an_admin(tx, changed)
        tx.people.put(changed)
        if not active:
            tx.people.end_sessions(key)
            leaving.hand_over(tx, changed, agent=agent, now=now)
        if person.active and not active:
            leaving.tell(tx, changed, new_id=engine.store.new_id, now=now)
        return changed

    return engine.store.run(work)


def reset_password(engine: ports.Engine, *, key: str, password: str, agent: Agent) -> None:
    """By an administrator, for somebody who forgot it: every session of that person ends."""
    rights.need(agent, "people.manage")
    _set_password(engine, key, password)


def change_password(engine: ports.Engine, *, old: str, new: str, agent: Agent) -> None:
    """One's own. Raises Invalid when ``old`` is wrong or ``new`` is weak. Every session ends, this one included."""
    with engine.store.reading() as tx:
        person = agents.found(tx, agent.key)
    if not passwords.matches(person.password_hash, old):
        raise errors.Invalid(
            "password_wrong",
            zh="当前密码不正确。",
            en="The present password is not right.",
            problems=[_problem("/old", zh="当前密码不正确。", en="The present password is not right.")],
        )
    _set_password(engine, agent.key, new)


def set_locale(engine: ports.Engine, *, locale: str, agent: Agent) -> None:
    """The language a person reads. Raises Invalid for one that the house does not speak."""
    if locale not in LOCALES:
        raise errors.Invalid("locale_unknown", zh="不支持此语言。", en="This language is not known.", locale=locale)
    engine.store.run(lambda tx: tx.people.put(msgspec.structs.replace(agents.found(tx, agent.key), locale=locale)))


def users(engine: ports.Engine, *, agent: Agent) -> list[records.Person]:
    """By name, the inactive last."""
    rights.need(agent, "people.manage")
    with engine.store.reading() as tx:
        people = tx.people.all()
    return sorted(people, key=lambda person: (not person.active, person.name.casefold(), person.key))


def user(engine: ports.Engine, *, key: str, agent: Agent) -> records.Person:
    rights.need(agent, "people.manage")
    with engine.store.reading() as tx:
        return agents.found(tx, key)


def names(engine: ports.Engine) -> dict[str, str]:
    """What to call everybody on screens: key -> name."""
    with engine.store.reading() as tx:
        return {person.key: person.name for person in tx.people.all()}


def _set_password(engine: ports.Engine, key: str, password: str) -> None:
    passwords.check(password, key=key)
    stored = passwords.hashed(password)

    def work(tx: ports.Transaction) -> None:
        person = agents.found(tx, key)
        tx.people.put(msgspec.structs.replace(person, password_hash=stored))
        tx.people.forget_tries(key)
        tx.people.end_sessions(key)

    engine.store.run(work)


def _keep_an_admin(tx: ports.Transaction, changed: records.Person) -> None:
    others = [person for person in tx.people.all() if person.key != changed.key]
    if not any(person.active and "admin" in person.roles for person in [*others, changed]):
        raise errors.Conflict(
            "last_admin",
            zh="至少须保留一名启用的管理员。",
            en="At least one active administrator must remain.",
            person=changed.key,
        )


def _checked(problems: Iterable[Problem]) -> None:
    found = list(problems)
    if found:
        raise errors.Invalid(
            "person_invalid", zh="用户信息有误。", en="The user's details are not right.", problems=found
        )


def _key_problems(key: str) -> Iterable[Problem]:
    if not _KEY.fullmatch(key):
        yield _problem(
            "/key",
            zh="登录名须为 2 至 40 个小写字母、数字、点、横线或下划线，以字母或数字开头。",
            en="2 to 40 small letters, digits, dots, hyphens or underscores; a letter or digit first.",
        )
    elif key in _KEPT:
        yield _problem("/key", zh="此登录名为系统保留。", en="This name is kept for the system.")


def _profile_problems(tx: ports.Transaction, key: str, profile: Profile) -> Iterable[Problem]:
    if not 1 <= len(profile.name.strip()) <= 80:
        yield _problem("/name", zh="请填写姓名，最多 80 个字。", en="Enter a name of at most 80 characters.")
    if not profile.roles or set(profile.roles) - set(ROLES):
        yield _problem("/roles", zh="请至少选择一个角色。", en="Choose at least one role.")
    if profile.locale not in LOCALES:
        yield _problem("/locale", zh="请选择语言。", en="Choose a language.")
    if profile.email and not _EMAIL.fullmatch(profile.email):
        yield _problem("/email", zh="电子邮箱地址不正确。", en="This is no e-mail address.")
    unknown = set(profile.groups) - {group.key for group in tx.people.groups()}
    if unknown:
        listed = "、".join(sorted(unknown))
        yield _problem("/groups", zh=f"没有岗位组：{listed}", en=f"There is no staff group {listed}.")
    if profile.manager and tx.people.get(profile.manager) is None:
        yield _problem("/manager", zh="没有此上级。", en="There is no such person.")
    if not 0 <= profile.capacity <= MOST_CAPACITY:
        yield _problem(
            "/capacity", zh=f"请填写 0 至 {MOST_CAPACITY} 的整数。", en=f"A whole number from 0 to {MOST_CAPACITY}."
        )
    if profile.manager and profile.manager == key:
        yield _problem("/manager", zh="不能是自己的上级。", en="Nobody is their own manager.")


def _problem(pointer: str, *, zh: str, en: str) -> Problem:
    return Problem(code="person_invalid", text=both(zh=zh, en=en), pointer=pointer)
