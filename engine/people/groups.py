"""Staff groups: people who share a queue."""

import re

from engine import errors, ports, records
from engine.model.problem import Problem
from engine.model.text import EN, LOCALES, Text, both
from engine.people import rights
from engine.people.agent import Agent

_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")


def groups(engine: ports.Engine) -> list[records.StaffGroup]:
    """By key."""
    with engine.store.reading() as tx:
        return sorted(tx.people.groups(), key=lambda group: group.key)


def put_group(
    engine: ports.Engine, *, key: str, texts: Text, agent: Agent, manager: str | None = None
) -> records.StaffGroup:
    """Adds a group, or renames the one with this key; without ``manager`` it keeps the one it has.

    Raises Invalid without a name in both languages.
    """
    rights.need(agent, "people.manage")
    problems = [
        Problem(code="group_invalid", text=both(zh="请填写名称。", en="Enter a name."), pointer=f"/{locale}")
        for locale in LOCALES
        if not 1 <= len(texts.get(locale, "").strip()) <= 60
    ]
    if not _KEY.fullmatch(key):
        text = both(zh="编号只能用小写字母、数字、点和横线。", en="Small letters, digits, dots and hyphens only.")
        problems.insert(0, Problem(code="group_invalid", text=text, pointer="/key"))
    if problems:
        raise errors.Invalid(
            "group_invalid", zh="岗位组信息有误。", en="The group's details are not right.", problems=problems
        )

    def work(tx: ports.Transaction) -> records.StaffGroup:
        before = next((group.manager for group in tx.people.groups() if group.key == key), "")
        group = records.StaffGroup(
            key=key,
            texts={locale: texts[locale].strip() for locale in LOCALES},
            manager=before if manager is None else manager,
        )
        tx.people.put_group(group)
        return group

    return engine.store.run(work)


def names(engine: ports.Engine, locale: str = EN) -> dict[str, str]:
    return {group.key: group.texts.get(locale) or group.texts.get(EN) or group.key for group in groups(engine)}
