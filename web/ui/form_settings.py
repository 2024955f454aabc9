"""The boxes beside a field of a form that is being made: which there are for its kind, and what stands in them."""

from dataclasses import dataclass
from typing import Any, cast

import msgspec
from werkzeug.datastructures import MultiDict

from engine.forms import editing, review, settings, steps
from engine.forms.editing import Line
from engine.forms.layout import Schema
from engine.forms.settings import Option, Settings
from engine.model.text import both
from web.ui import known, language

LONGEST = 500
_TEXTS = (
    "zh",
    "en",
    "help_zh",
    "help_en",
    "section",
    "least",
    "most",
    "money",
    "unit_zh",
    "unit_en",
    "group",
    "largest_mb",
)
CURRENCIES = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP")


@dataclass(frozen=True)
class Panel:
    """``said``: as typed, right or wrong. ``values``: what the field that this one depends on may be, (value, label);
    empty where anything may be typed."""

    line: Line
    said: Settings
    key: str
    siblings: list[Line]
    values: list[tuple[str, str]]

    @property
    def bounded(self) -> str:
        """What its limits count; empty where it has none."""
        kind = self.said.kind
        if kind in settings.NUMBERS:
            return "value"
        if kind in settings.TEXTS:
            return "characters"
        return "items" if kind in settings.LISTS else ""

    in_rows: bool = False
    """A column of repeating rows of the form itself."""

    @property
    def top(self) -> bool:
        return len(self.line.path) == 1

    @property
    def differs(self) -> bool:
        """Steps may have rights of their own."""
        return self.top or self.in_rows

    @property
    def options(self) -> list[Option]:
        """With an empty row to type the next one into."""
        return [*self.said.options, Option(value="")]

    @property
    def groups(self) -> list[tuple[str, str]]:
        return sorted(known.staff_groups().items())

    @property
    def currencies(self) -> list[str]:
        return list(dict.fromkeys([*CURRENCIES, *([self.said.money] if self.said.money else [])]))


def panel(schema: Schema, line: Line, typed: Settings | None, key: str) -> Panel:
    """``typed``: None where nothing was, or all of it was laid."""
    said = typed or line.settings
    siblings = [one for one in editing.every(schema) if one.path[:-1] == line.path[:-1] and one.path != line.path]
    other = next((one.settings for one in siblings if one.path[-1] == said.when_field), None)
    values: list[tuple[str, str]] = []
    if other is not None and other.kind == "checkbox":
        values = [("true", language.t("app.yes")), ("false", language.t("app.no"))]
    elif other is not None and other.kind in settings.CHOICES:
        values = [(one.value, language.said(both(zh=one.zh, en=one.en), one.value)) for one in other.options]
    around = [one for one in editing.every(schema) if len(line.path) == 2 and one.path == line.path[:1]]
    in_rows = any(one.settings.kind == "repeat" for one in around)
    return Panel(line=line, said=said, key=key or line.path[-1], siblings=siblings, values=values, in_rows=in_rows)


def entered(form: MultiDict[str, str], now: Settings) -> Settings:
    """What stands in the boxes; what has none of its own here stays as it is."""
    texts: dict[str, Any] = {name: form[f"set-{name}"].strip()[:LONGEST] for name in _TEXTS if f"set-{name}" in form}
    kind = form.get("set-kind", now.kind)
    texts["kind"] = kind if kind in settings.KINDS else now.kind
    for name in ("read_only", "whole"):
        if f"set-{name}?" in form:
            texts[name] = form.get(f"set-{name}") == "1"
    if "set-endings" in form:
        said = form["set-endings"].replace("，", ",").replace("、", ",").split(",")
        texts["endings"] = tuple(one.strip().lstrip(".").lower()[:20] for one in said if one.strip())
    if "options" in form:
        texts["options"] = _options(form)
    if "set-when_field" in form:
        typed = [part for text in form.getlist("set-when_values") for part in text.replace("，", ",").split(",")]
        texts["when_field"] = form["set-when_field"][:LONGEST]
        texts["when_values"] = tuple(value.strip()[:LONGEST] for value in typed if value.strip())
    rights = {name[6:]: right for name, right in form.items() if name.startswith("right-") and right}
    if "rights" in form:
        # A step that shows the form no more keeps what was said of it.
        asked = set(form.getlist("rights"))
        kept = {step: right for step, right in now.steps.items() if step not in asked}
        texts["steps"] = kept | {
            step: cast(steps.Right, right) for step, right in rights.items() if right in steps.RIGHTS and step in asked
        }
    return msgspec.structs.replace(now, **texts)


def _options(form: MultiDict[str, str]) -> tuple[Option, ...]:
    """Rows in which something stands; one without a value is called by its words."""
    found = []
    for n in range(review.MOST_OPTIONS + 2):
        if f"option-{n}-value" not in form:
            break
        value, zh, en = (form.get(f"option-{n}-{what}", "").strip()[:200] for what in ("value", "zh", "en"))
        if value or zh or en:
            found.append(Option(value=value or en.lower().replace(" ", "_") or zh, zh=zh, en=en))
    return tuple(found)
