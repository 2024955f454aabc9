"""What the sentences of a difference call what an operation names by its key."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from engine.definitions.process import Definition, Parameter
from engine.model.program import Program
from engine.model.text import EN, ZH, Text, both
from engine.ports import Transaction
from engine.variants import durations

RULES: Mapping[str, Text] = {
    "owner": both(zh="客户负责人", en="the customer's account manager"),
    "manager": both(zh="上级", en="the manager"),
    "least_busy": both(zh="手头最少的人", en="whoever has least to do"),
    "round_robin": both(zh="轮流", en="in turn"),
}
OWNER = "customer.owner"
CHANNELS: Mapping[str, Text] = {
    "email": both(zh="电子邮件", en="e-mail"),
    "sms": both(zh="短信", en="text message"),
    "phone": both(zh="电话", en="telephone"),
    "post": both(zh="信件", en="letter"),
    "wechat": both(zh="微信", en="WeChat"),
    "web": both(zh="网页", en="the web"),
    "desk": both(zh="站内通知", en="notice in the inbox"),
    "survey": both(zh="调查问卷", en="a survey"),
}
_DURATION = re.compile(r"(?:R\d*/)?(P(?=[\dT])(\d+[YMWD])*(T(\d+[HMS])+)?)")
SWITCHES = {True: both(zh="是", en="yes"), False: both(zh="否", en="no")}
UNITS = {"d": both(zh="天", en="days"), "h": both(zh="小时", en="hours")}


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What is not known is called by its key."""

    parameters: Mapping[str, Parameter] = {}
    staff: Mapping[str, Text] = {}
    processes: Mapping[str, Text] = {}

    def parameter(self, key: str) -> Text:
        return _named(self.parameters[key].names if key in self.parameters else {}, key)

    def value(self, key: str, given: Any) -> Text:
        """Of the parameter ``key``, with its unit."""
        parameter = self.parameters.get(key)
        labels = parameter.labels if parameter is not None else {}
        if isinstance(given, str) and given in labels:
            return _named(labels[given], given)
        if isinstance(given, list | tuple) and given and labels:
            return _listed(_named(labels.get(one, {}), str(one)) for one in given)
        unit = parameter.unit if parameter is not None else ""
        words = UNITS.get(unit, both(zh=unit, en=unit))
        told = self._value(given)
        return {locale: f"{told[locale]} {words[locale]}".strip() for locale in (ZH, EN)}

    def process(self, key: str) -> Text:
        names = self.processes.get(key)
        return both(zh=key, en=key) if not names else {one: f"{key} “{_named(names, key)[one]}”" for one in (ZH, EN)}

    def people(self, performer: Mapping[str, Any]) -> Text:
        """Whom a performer names."""
        named = [performer.get("assignee") or "", *performer.get("users", ()), *performer.get("groups", ())]
        named += [performer.get("rule") or "", performer.get("skill") or ""]
        return _listed(self._person(one) for one in named if one) if any(named) else both(zh="-", en="-")

    def _person(self, key: str) -> Text:
        bare = key.removeprefix("=")
        if bare == OWNER:
            return RULES["owner"]
        return RULES.get(bare) or _named(self.staff.get(bare, {}), bare)

    def _value(self, given: Any) -> Text:
        if isinstance(given, bool):
            return SWITCHES[given]
        if given is None or given == []:
            return both(zh="无", en="none")
        if isinstance(given, list | tuple):
            return _listed(self._value(one) for one in given)
        duration = _DURATION.fullmatch(given) if isinstance(given, str) else None
        return durations.spoken(duration[1]) if duration else self._person(str(given))


def of(tx: Transaction, definition: Definition | None) -> Words:
    """Of this house and of the process."""
    return Words(
        parameters=definition.parameters if definition else {},
        staff={group.key: group.texts for group in tx.people.groups()},
        processes={process.key: process.texts for process in tx.processes.all()},
    )


def form(program: Program, key: str) -> Text:
    """Its title, else its key."""
    return _named(program.forms.get(key, {}).get("x-title", {}), key)


def channel(key: str) -> Text:
    return CHANNELS.get(key) or both(zh=key, en=key)


def _named(names: Mapping[str, str], key: str) -> Text:
    return both(zh=names.get(ZH) or names.get(EN) or key, en=names.get(EN) or names.get(ZH) or key)


def _listed(told: Iterable[Text]) -> Text:
    found = list(told)
    return both(zh="、".join(one[ZH] for one in found), en=", ".join(one[EN] for one in found))
