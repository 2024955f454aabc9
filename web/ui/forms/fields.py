"""The fields of a form as a page draws them: each with its words, its value as typed, and what is wrong with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import babel.numbers

from engine.forms import layout as forms
from engine.forms.layout import Schema
from engine.model.problem import Problem
from web.ui import language


class Lookups(Protocol):
    """Where fields find people and customers."""

    def people(self, group: str) -> list[tuple[str, str]]: ...
    def customer(self, customer_id: str) -> str:
        """What to show for an id; a text that is no id is shown as it was typed."""
        ...

    def product(self, key: str) -> str:
        """The same for a product."""
        ...

    def material(self, key: str) -> str:
        """The same for released material, with its version."""
        ...


@dataclass(frozen=True, kw_only=True)
class Field:
    name: str
    widget: str
    label: str
    part: Schema
    value: Any = None
    known: Any = None
    """``value`` without the default that stands in for it."""
    help: str = ""
    error: str = ""
    needed: bool = False
    read_only: bool = False
    options: Sequence[tuple[Any, str]] = ()
    unit: str = ""
    placeholder: str = ""
    when: tuple[str, str] | None = None
    """(name of the other field, its values joined by a line feed): shown only while it has one of them."""
    children: Sequence["Field"] = ()
    """Of a group; of a repeat, the fields of a row yet to be added."""
    rows: Sequence[Sequence["Field"]] = ()

    @property
    def id(self) -> str:
        return self.name.replace("/", "-")

    @property
    def filled(self) -> bool:
        return self.value not in (None, "", [], {})

    @property
    def kept(self) -> str:
        """As JSON, for a read-only cell that goes along with its row; empty for one that has no value."""
        return "" if self.known is None else json.dumps(self.known, ensure_ascii=False)

    @property
    def wide(self) -> bool:
        return self.widget in forms.WIDE

    @property
    def text(self) -> str:
        """The value as a box holds it."""
        if self.value is None:
            return ""
        if self.widget == "list" and isinstance(self.value, list):
            return "\n".join(str(line) for line in self.value)
        if self.widget == "datetime" and isinstance(self.value, str):
            return self.value[:16]
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        return str(self.value)

    @property
    def step(self) -> str:
        if forms.kind(self.part) == "integer":
            return "1"
        return str(self.part.get("multipleOf", "any"))

    @property
    def endings(self) -> list[str]:
        """Those that a file chooser offers."""
        part = self.part.get("items", {}) if self.widget == "files" else self.part
        return list(part.get("fileEndings") or forms.hint(self.part, "accept", []))

    @property
    def described(self) -> str:
        """Ids for ``aria-describedby``."""
        parts = [f"{self.id}-help"] * bool(self.help) + [f"{self.id}-error"] * bool(self.error)
        return " ".join(parts)


@dataclass(frozen=True, kw_only=True)
class Action:
    name: str
    value: Any
    label: str


@dataclass(frozen=True, kw_only=True)
class Form:
    title: str
    help: str
    sections: Sequence[tuple[str, Sequence[Field]]]
    actions: Sequence[Action]
    problems: Sequence[str] = field(default=())
    """What is wrong at no field that is shown."""
    wrong: int = 0


@dataclass(frozen=True, kw_only=True)
class _Drawing:
    root: Schema
    errors: Mapping[str, str]
    lookups: Lookups
    data: Mapping[str, Any]


def draw(schema: Schema, data: Mapping[str, Any], *, problems: Sequence[Problem] = (), lookups: Lookups) -> Form:
    """``data``: variables to begin with, a draft, or what was handed in and refused."""
    errors: dict[str, str] = {}
    for problem in problems:
        errors.setdefault(problem.pointer, language.said(problem.text))
    drawing = _Drawing(root=schema, errors=errors, lookups=lookups, data=data)
    parts = dict(forms.properties(schema, schema))
    required = set(schema.get("required", ()))
    sections = [
        (
            language.said(title),
            [_field(drawing, parts[name], f"f/{name}", name, data.get(name), name in required) for name in names],
        )
        for title, names in forms.sections(schema)
    ]
    shown = {f.name[1:] for _, fields in sections for f in _all(fields)}
    return Form(
        title=_words(schema, "title"),
        help=_words(schema, "help"),
        sections=sections,
        actions=[action for name, part in forms.actions(schema) for action in _actions(name, part)],
        problems=[text for pointer, text in errors.items() if pointer not in shown],
        wrong=len(errors),
    )


def _all(fields: Sequence[Field]) -> list[Field]:
    inner = [child for one in fields for child in one.children] if fields else []
    cells = [cell for one in fields for row in one.rows for cell in row]
    return [*fields, *(_all([*inner, *cells]) if inner or cells else [])]


def _words(part: Schema, what: str) -> str:
    return language.said(part.get(f"x-{what}") or part.get(what) or "")


def _actions(name: str, part: Schema) -> list[Action]:
    return [Action(name=f"f/{name}", value=value, label=label) for value, label in _labels(part)]


def _labels(part: Schema) -> list[tuple[Any, str]]:
    labels = part.get("x-labels", {})
    return [(value, language.said(labels.get(str(value), ""), str(value))) for value in part.get("enum", ())]


def _field(drawing: _Drawing, part: Schema, name: str, key: str, value: Any, needed: bool) -> Field:
    widget, known = forms.widget(part), value
    if value is None:
        value = part.get("default")
    when = forms.hint(part, "when")
    return Field(
        name=name,
        widget=widget,
        label=_words(part, "title") or key,
        part=part,
        value=value,
        known=known,
        help=_words(part, "help"),
        error=drawing.errors.get(name[1:], ""),
        needed=needed,
        read_only=bool(part.get("readOnly")),
        options=_options(drawing, part, widget, value),
        unit=_unit(drawing, part, widget),
        placeholder=language.said(forms.hint(part, "placeholder", "")),
        when=(f"{name.rpartition('/')[0]}/{when['field']}", "\n".join(str(v) for v in when["in"])) if when else None,
        children=_children(drawing, part, widget, name, value),
        rows=_rows(drawing, part, name, value) if widget == "repeat" else (),
    )


def _children(drawing: _Drawing, part: Schema, widget: str, name: str, value: Any) -> list[Field]:
    if widget == "repeat":
        return _inside(drawing, forms.resolved(part.get("items", {}), drawing.root), f"{name}/__n__", {})
    if widget == "group":
        return _inside(drawing, part, name, value)
    return []


def _rows(drawing: _Drawing, part: Schema, name: str, value: Any) -> list[list[Field]]:
    items = forms.resolved(part.get("items", {}), drawing.root)
    rows = list(value) if isinstance(value, list) else []
    if not part.get("readOnly"):
        rows += [{}] * (max(1, part.get("minItems", 0)) - len(rows))
    return [_inside(drawing, items, f"{name}/{index}", row) for index, row in enumerate(rows)]


def _inside(drawing: _Drawing, part: Schema, name: str, value: Any) -> list[Field]:
    values = value if isinstance(value, Mapping) else {}
    required = set(part.get("required", ()))
    if name.count("/") > forms.DEEPEST:
        return []
    return [
        _field(drawing, inner, f"{name}/{key}", key, values.get(key), key in required)
        for key, inner in forms.properties(part, drawing.root)
    ]


def _options(drawing: _Drawing, part: Schema, widget: str, value: Any) -> list[tuple[Any, str]]:
    if widget == "user":
        people = drawing.lookups.people(forms.hint(part, "group", ""))
        return people if not value or value in dict(people) else [*people, (value, str(value))]
    if widget == "multi-select":
        return _labels(
            {
                "enum": part.get("items", {}).get("enum", ()),
                "x-labels": {**part.get("items", {}).get("x-labels", {}), **part.get("x-labels", {})},
            }
        )
    return _labels(part)


def _unit(drawing: _Drawing, part: Schema, widget: str) -> str:
    if widget == "percent":
        return "%"
    if widget == "minutes":
        return language.t("form.minutes")
    if widget == "money":
        return currency_symbol(currency(part, drawing.data))
    return language.said(forms.hint(part, "unit", ""))


def currency(part: Schema, data: Mapping[str, Any]) -> str:
    told = forms.hint(part, "money", "CNY")
    code = data.get(told.get("field"), "CNY") if isinstance(told, Mapping) else told
    return str(code) if isinstance(code, str) and len(code) == 3 else "CNY"


def currency_symbol(code: str) -> str:
    return babel.numbers.get_currency_symbol(code, locale="zh_Hans_CN" if language.locale() == "zh-CN" else "en")


def shown(one: Field, drawing_data: Mapping[str, Any], lookups: Lookups) -> str:
    """A value as words, for fields that are only read."""
    value = one.value
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return language.t("app.yes" if value else "app.no")
    labels = {str(option): label for option, label in one.options}
    if isinstance(value, list):
        return language.t("app.list_join").join(labels.get(str(item), str(item)) for item in value)
    if str(value) in labels:
        return labels[str(value)]
    if one.widget == "customer":
        return lookups.customer(str(value))
    if one.widget == "product":
        return lookups.product(str(value))
    if one.widget == "material":
        return lookups.material(str(value))
    if isinstance(value, int | float):
        if one.widget == "money":
            return language.money(value, currency(one.part, drawing_data))
        return f"{language.number(value)}{' ' if one.unit and one.unit != '%' else ''}{one.unit}"
    return _moment(one.widget, str(value))


def _moment(widget: str, value: str) -> str:
    if widget not in ("date", "datetime"):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return language.calendar_day(moment.date()) if widget == "date" else language.calendar_moment(moment)
