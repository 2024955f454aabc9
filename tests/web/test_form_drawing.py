"""A form's hints one by one (docs/forms.md): what each makes of a field, and how it stands on the page."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from html import unescape
from typing import Any

import flask
import pytest

from engine.forms import layout
from engine.model.problem import Problem
from tests.house import house
from web.ui.app import create_pages
from web.ui.forms import fields

PEOPLE = {"": [("li", "李雷"), ("wang", "王芳")], "sales": [("li", "李雷")]}
PAGE = "{% from 'forms/fields.html' import body with context %}{{ body(ctx.form, ctx) }}"


class Known:
    """Where fields find people and customers."""

    def people(self, group: str) -> list[tuple[str, str]]:
        return PEOPLE[group]

    def customer(self, customer_id: str) -> str:
        return {"c-1": "华光 (C-1)"}.get(customer_id, customer_id)

    def product(self, key: str) -> str:
        return {"gw": "gw 网关"}.get(key, key)

    def material(self, key: str) -> str:
        return {"gw": "gw 网关"}.get(key, key)


class Drawn:
    """What the template asks for."""

    phrases = False

    def __init__(self, form: fields.Form, data: Mapping[str, Any]) -> None:
        self.form, self._data = form, data

    def shown(self, one: fields.Field) -> str:
        return fields.shown(one, self._data, Known())

    def found(self, widget: str, value: Any) -> str:
        return getattr(Known(), widget)(value or "")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[flask.Flask]:
    with house(tmp_path_factory.mktemp("forms")) as made:
        yield create_pages(made.engine, testing=True)


@pytest.fixture(params=["en"])
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def draw(app: flask.Flask, locale: str) -> Iterator[Callable[..., fields.Form]]:
    with app.test_request_context():
        flask.session["locale"] = locale

        def drawn(form: Mapping[str, Any], data: Mapping[str, Any] | None = None, **more: Any) -> fields.Form:
            return fields.draw(form, data or {}, lookups=Known(), **more)

        yield drawn


chinese = pytest.mark.parametrize("locale", ["zh-CN"], indirect=True)


def field(form: fields.Form, name: str = "x") -> fields.Field:
    return next(one for _, shown in form.sections for one in shown if one.name == f"f/{name}")


def html(form: fields.Form, data: Mapping[str, Any] | None = None) -> str:
    """In one line."""
    page = flask.render_template_string(PAGE, ctx=Drawn(form, data or {}))
    return re.sub(r"\s+", " ", unescape(page))


def one(part: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"x": part}, **more}


WIDGETS = [
    # what the schema says, and what it is drawn as
    ({}, "text"),
    ({"type": "string"}, "text"),
    ({"type": ["string", "null"]}, "text"),
    ({"type": ["null", "integer"]}, "number"),
    ({"type": "number"}, "number"),
    ({"type": "integer"}, "number"),
    ({"type": "boolean"}, "checkbox"),
    ({"type": "object"}, "group"),
    ({"type": "array"}, "list"),
    ({"type": "array", "items": {"type": "string"}}, "list"),
    ({"type": "array", "items": {"enum": ["a"]}}, "multi-select"),
    ({"type": "array", "items": {"type": "object"}}, "repeat"),
    ({"type": "array", "items": {"properties": {}}}, "repeat"),
    ({"type": "array", "items": {"$ref": "#/$defs/row"}}, "repeat"),
    ({"enum": ["a"]}, "select"),
    ({"type": "integer", "enum": [1, 2]}, "select"),
    ({"type": "string", "format": "date"}, "date"),
    ({"type": "string", "format": "date-time"}, "datetime"),
    ({"type": "string", "format": "time"}, "time"),
    ({"type": "string", "format": "email"}, "email"),
    ({"type": "string", "format": "phone"}, "tel"),
    ({"type": "string", "format": "uri"}, "text"),
    ({"$ref": "#/$defs/row"}, "group"),
    ({"$ref": "#/$defs/row", "x-ui": {"widget": "text"}}, "text"),  # what stands beside a reference wins
    ({"type": "number", "x-ui": {"money": "CNY"}}, "money"),
    ({"type": "number", "x-ui": {"money": {"field": "currency"}}}, "money"),
    ({"type": "number", "x-ui": {"widget": "percent", "money": "CNY"}}, "percent"),
    *(
        ({"type": "string", "x-ui": {"widget": widget}}, widget)
        for widget in (
            "text",
            "textarea",
            "email",
            "tel",
            "date",
            "datetime",
            "time",
            "select",
            "radio",
            "user",
            "customer",
        )
    ),
    *(({"type": "number", "x-ui": {"widget": widget}}, widget) for widget in ("number", "money", "percent", "minutes")),
]


@pytest.mark.parametrize(("part", "widget"), WIDGETS)
def test_what_a_property_is_drawn_as(draw, part: dict[str, Any], widget: str) -> None:
    defs = {"row": {"type": "object", "properties": {"sku": {"type": "string"}}}}
    assert field(draw(one(part, **{"$defs": defs}))).widget == widget


INPUTS = [
    # on the page
    ({"type": "string"}, "a", '<input class="input" type="text" id="f-x" name="f/x" value="a">'),
    ({"type": "string", "maxLength": 9}, None, 'value="" maxlength="9">'),
    ({"type": "string", "format": "date"}, "2026-05-01", 'type="date" id="f-x" name="f/x" value="2026-05-01">'),
    ({"type": "string", "format": "date-time"}, "2026-05-01T09:30:00", 'type="datetime-local" id="f-x" name="f/x"'),
    ({"type": "string", "format": "date-time"}, "2026-05-01T09:30:00", 'value="2026-05-01T09:30">'),
    ({"type": "string", "format": "time"}, "09:30", 'type="time"'),
    ({"type": "string", "format": "email"}, None, 'type="email"'),
    ({"type": "string", "format": "phone"}, None, 'type="tel"'),
    ({"x-ui": {"widget": "textarea"}}, "a\nb", '<textarea class="input" rows="3" id="f-x" name="f/x"> a b</textarea>'),
    ({"x-ui": {"widget": "textarea", "rows": 8}, "maxLength": 50}, None, 'rows="8" id="f-x" name="f/x" maxlength="50"'),
    ({"type": "array", "items": {"type": "string"}}, ["a", "b"], "> a b</textarea>"),
    ({"type": "number"}, 1200.5, 'inputmode="decimal" autocomplete="off" id="f-x" name="f/x" value="1200.5">'),
    ({"type": "number"}, 5.0, 'value="5">'),
    ({"type": "number", "multipleOf": 0.01}, None, 'inputmode="decimal"'),
    ({"type": "integer"}, 5, 'inputmode="numeric"'),
    ({"type": "number", "x-ui": {"money": "CNY"}}, 5, '<span class="affix">CN¥</span> <input'),
    ({"type": "number", "x-ui": {"money": "EUR"}}, 5, '<span class="affix">€</span> <input'),
    ({"type": "number", "x-ui": {"widget": "percent"}}, 5, 'value="5"> <span class="affix">%</span>'),
    ({"type": "number", "x-ui": {"widget": "minutes"}}, 5, '<span class="affix">min</span>'),
    ({"type": "integer", "x-ui": {"unit": {"zh-CN": "个月", "en": "months"}}}, 5, '<span class="affix">months</span>'),
    ({"type": "boolean"}, True, '<input type="checkbox" id="f-x" name="f/x" value="true" checked> x</label>'),
    ({"type": "boolean"}, False, '<input type="checkbox" id="f-x" name="f/x" value="true"> x</label>'),
    ({"type": "boolean"}, "true", 'value="true"> x</label>'),  # a text is no yes
    ({"type": "boolean"}, None, '<input type="hidden" name="f/x?" value="1">'),
    ({"enum": ["a", "b"]}, "b", '<option value="a">a</option><option value="b" selected>b</option>'),
    ({"enum": ["a"]}, None, '<option value="">'),
    ({"enum": [1, 2]}, 2, '<option value="2" selected>2</option>'),
    ({"enum": ["a", "b"], "x-ui": {"widget": "radio"}}, "b", '<input type="radio" name="f/x" value="b" checked> b'),
    ({"enum": ["a", "b"], "x-ui": {"widget": "radio"}}, "b", '<input type="radio" name="f/x" value="a"> a'),
    ({"type": "array", "items": {"enum": ["a", "b"]}}, ["b"], '<input type="checkbox" name="f/x" value="b" checked> b'),
    ({"x-ui": {"widget": "user"}}, "li", '<option value="li" selected>李雷</option><option value="wang">王芳</option>'),
    ({"x-ui": {"widget": "user", "group": "sales"}}, None, '<option value="li">李雷</option></select>'),
    ({"x-ui": {"widget": "user"}}, "gone", '<option value="gone" selected>gone</option>'),  # kept though they left
    ({"x-ui": {"widget": "customer"}}, "c-1", 'value="华光 (C-1)" list="f-x-list"'),
    ({"x-ui": {"placeholder": {"zh-CN": "例如", "en": "such as"}}}, None, 'placeholder="such as"'),
    ({"x-ui": {"when": {"field": "y", "in": ["a", 2]}}}, None, 'data-when="f/y" data-when-in="a 2"'),
    ({"x-help": {"zh-CN": "说明", "en": "What for"}}, None, 'aria-describedby="f-x-help"'),
    ({"x-help": {"zh-CN": "说明", "en": "What for"}}, None, '<p class="help" id="f-x-help">What for</p>'),
    ({"description": "never shown"}, None, 'name="f/x" value="">'),
    ({"readOnly": True, "type": "string"}, "a", '<span class="label">x</span> <div class="shown">a</div>'),
    ({"type": "object", "properties": {"y": {}}}, {"y": "b"}, 'name="f/x/y" value="b">'),
    ({"type": "object", "properties": {"y": {}}}, "no object", 'name="f/x/y" value="">'),
]  # fmt: skip


@pytest.mark.parametrize(("part", "value", "seen"), INPUTS)
def test_how_a_field_stands_on_the_page(draw, part: dict[str, Any], value: Any, seen: str) -> None:
    data = {} if value is None else {"x": value}
    assert seen in html(draw(one(part), data), data)


WORDS = [
    ({"x-title": {"zh-CN": "总价", "en": "Total"}}, "Total", "总价"),
    ({"x-title": {"zh-CN": "总价"}}, "总价", "总价"),
    ({"title": "Total"}, "Total", "Total"),
    ({"title": "Other", "x-title": {"zh-CN": "总价", "en": "Total"}}, "Total", "总价"),
    ({}, "x", "x"),  # its name, where it has no other
    ({"x-title": {}}, "x", "x"),
]


@pytest.mark.parametrize(("part", "en", "zh"), WORDS)
def test_a_field_s_label_is_in_the_reader_s_language(draw, part: dict[str, Any], en: str, zh: str) -> None:
    assert field(draw(one(part))).label == en
    flask.session["locale"] = "zh-CN"
    assert field(draw(one(part))).label == zh


@chinese
def test_every_hint_in_words_is_said_in_chinese_too(draw) -> None:
    part = {
        "type": "integer",
        "x-title": {"zh-CN": "期限", "en": "Term"},
        "x-help": {"zh-CN": "说明", "en": "Help"},
        "x-ui": {"unit": {"zh-CN": "个月", "en": "months"}, "placeholder": {"zh-CN": "例如 12", "en": "12"}},
    }
    form = draw({**one(part), "x-title": {"zh-CN": "订单", "en": "Order"}, "x-help": {"zh-CN": "请填", "en": "Fill"}})
    found = field(form)
    assert (form.title, form.help) == ("订单", "请填")
    assert (found.label, found.help, found.unit, found.placeholder) == ("期限", "说明", "个月", "例如 12")


LABELS = {"a": {"zh-CN": "甲", "en": "First"}, "b": {"zh-CN": "乙"}}


def test_values_have_the_labels_that_the_form_gives_them(draw) -> None:
    assert field(draw(one({"enum": ["a", "b", "c"], "x-labels": LABELS}))).options == [
        ("a", "First"),
        ("b", "乙"),
        ("c", "c"),
    ]


def test_of_a_list_the_labels_of_its_items_hold_and_its_own_win(draw) -> None:
    items = {"enum": ["a", "b"], "x-labels": LABELS}
    own = {"a": {"en": "Mine"}}
    assert field(draw(one({"type": "array", "items": items, "x-labels": own}))).options == [("a", "Mine"), ("b", "乙")]


ORDERED = [
    ({"a": {}, "b": {}}, ["a", "b"]),
    ({"a": {}, "b": {"x-ui": {"order": 1}}}, ["b", "a"]),  # what has no order comes last
    ({"a": {"x-ui": {"order": 2}}, "b": {"x-ui": {"order": 1}}}, ["b", "a"]),
    ({"a": {"x-ui": {"order": 1}}, "b": {"x-ui": {"order": 1}}}, ["a", "b"]),  # equals in file order
    ({"a": {"x-ui": {"order": 0.5}}, "b": {"x-ui": {"order": -1}}}, ["b", "a"]),
]


@pytest.mark.parametrize(("properties", "names"), ORDERED)
def test_fields_stand_in_their_order(properties: dict[str, Any], names: list[str]) -> None:
    assert [name for name, _ in layout.properties({"properties": properties}, {})] == names


SECTIONED = {
    "x-ui": {
        "sections": [
            {"key": "late", "x-title": {"zh-CN": "后", "en": "Late"}},
            {"key": "early", "title": "Early"},
            {"key": "empty", "title": "Nothing here"},
        ]
    },
    "properties": {
        "a": {"x-ui": {"section": "early"}},
        "b": {"x-ui": {"section": "late", "order": 2}},
        "c": {"x-ui": {"section": "late", "order": 1}},
        "d": {},
        "e": {"x-ui": {"section": "unknown"}},
        "go": {"enum": ["ok"], "x-ui": {"widget": "actions", "section": "late"}},
    },
}


def test_sections_are_drawn_in_their_order_and_without_one_a_field_stands_before_them(draw) -> None:
    form = draw(SECTIONED)
    assert [(title, [one.name for one in inside]) for title, inside in form.sections] == [
        ("", ["f/d", "f/e"]),
        ("Late", ["f/c", "f/b"]),
        ("Early", ["f/a"]),
    ]
    page = html(form)
    assert '<h3 id="section-2">Late</h3>' in page and "Nothing here" not in page
    assert page.index('name="f/d"') < page.index("Late") < page.index('name="f/c"') < page.index("Early")


def test_actions_are_buttons_and_no_fields_the_first_value_first(draw) -> None:
    part = {"enum": ["yes", "no"], "x-labels": {"yes": {"en": "Agree"}}, "x-ui": {"widget": "actions"}}
    form = draw({"properties": {"x": {}, "outcome": part}})
    assert [(action.name, action.value, action.label) for action in form.actions] == [
        ("f/outcome", "yes", "Agree"),
        ("f/outcome", "no", "no"),
    ]
    assert "f/outcome" not in html(form)


def test_needed_fields_have_a_star_for_eyes_and_a_word_for_ears(draw) -> None:
    page = html(draw({"properties": {"x": {"type": "string"}, "y": {}}, "required": ["x"]}))
    assert page.count('<span class="needed" aria-hidden="true">*</span>') == 1
    assert 'name="f/x" aria-required="true"' in page and 'name="f/y" aria-required' not in page


FILLED = [
    # value, default, shown
    (None, None, None),
    (None, "d", "d"),
    ("v", "d", "v"),
    ("", "d", ""),
    (0, 5, 0),
    (False, True, False),
]


@pytest.mark.parametrize(("value", "default", "shown"), FILLED)
def test_a_field_holds_the_variable_of_its_name_and_else_its_default(
    draw, value: Any, default: Any, shown: Any
) -> None:
    part = {} if default is None else {"default": default}
    assert field(draw(one(part), {} if value is None else {"x": value})).value == shown


SHOWN = [
    ({"type": "string"}, "a", "a"),
    ({"type": "string"}, "", ""),
    ({"type": "string"}, None, ""),
    ({"type": "array"}, [], ""),
    ({"type": "array", "items": {"type": "string"}}, ["a", "b"], "a, b"),
    ({"type": "array", "items": {"enum": ["a", "b"], "x-labels": LABELS}}, ["a", "z"], "First, z"),
    ({"enum": ["a"], "x-labels": LABELS}, "a", "First"),
    ({"enum": ["a"], "x-labels": LABELS}, "z", "z"),
    ({"type": "boolean"}, True, "Yes"),
    ({"type": "boolean"}, False, "No"),
    ({"type": "number"}, 1234567.5, "1,234,567.5"),
    ({"type": "integer"}, 0, "0"),
    ({"type": "number", "x-ui": {"widget": "percent"}}, 12.5, "12.5%"),
    ({"type": "number", "x-ui": {"unit": {"en": "months"}}}, 12, "12 months"),
    ({"type": "string", "format": "date"}, "2026-05-01", "1 May 2026"),
    ({"type": "string", "format": "date-time"}, "2026-05-01T09:30:00", "1 May 2026 09:30"),
    ({"type": "string", "format": "date"}, "soon", "soon"),  # what is no date is shown as it is
    ({"x-ui": {"widget": "user"}}, "li", "李雷"),
    ({"x-ui": {"widget": "user"}}, "gone", "gone"),
    ({"x-ui": {"widget": "customer"}}, "c-1", "华光 (C-1)"),
    ({"x-ui": {"widget": "product"}}, "gw", "gw 网关"),
    ({"type": "string", "format": "date-time"}, "2026-11-22T23:30:00+00:00", "23 Nov 2026 07:30"),
]


@pytest.mark.parametrize(("part", "value", "words"), SHOWN)
def test_what_is_only_read_is_shown_in_words(draw, part: dict[str, Any], value: Any, words: str) -> None:
    data = {"x": value}
    form = draw(one({**part, "readOnly": True}), data)
    assert fields.shown(field(form), data, Known()) == words
    page = html(form, data)
    assert "<input" not in page and "<select" not in page
    assert (f'<div class="shown">{words}</div>' in page) == bool(words)


CHINESE = [
    ("date", "2026-11-22", "2026年11月22日"),
    ("date", "2026-01-05", "2026年1月5日"),
    ("date-time", "2026-11-22T16:30:00", "2026年11月22日 16:30"),
    ("date-time", "2026-11-22T16:30:00Z", "2026年11月23日 00:30"),
    ("date", "明天", "明天"),
]


@pytest.mark.parametrize("locale", ["zh-CN"], indirect=True)
@pytest.mark.parametrize(("form", "value", "shown"), CHINESE)
def test_dates_are_read_as_chinese_write_them(draw, form: str, value: str, shown: str) -> None:
    part = {"type": "string", "format": form, "readOnly": True}
    assert f'<div class="shown">{shown}</div>' in html(draw(one(part), {"x": value}), {"x": value})
    row = {"type": "array", "readOnly": True, "items": {"type": "object", "properties": {"a": part}}}
    assert shown in html(draw(one(row), {"x": [{"a": value}]}), {"x": [{"a": value}]})


MONEY = [
    ("CNY", {}, "CN¥"),
    ("EUR", {}, "€"),
    ({"field": "currency"}, {"currency": "EUR"}, "€"),
    ({"field": "currency"}, {}, "CN¥"),
    ({"field": "currency"}, {"currency": "euros"}, "CN¥"),
    ({"field": "currency"}, {"currency": 5}, "CN¥"),
    (5, {}, "CN¥"),
]


@pytest.mark.parametrize(("money", "data", "sign"), MONEY)
def test_money_is_of_the_currency_that_is_named_or_that_another_field_names(draw, money, data, sign) -> None:
    assert field(draw(one({"type": "number", "x-ui": {"money": money}}), data)).unit == sign


ROWS = {
    "type": "array",
    "x-title": {"en": "Lines"},
    "items": {
        "type": "object",
        "required": ["sku"],
        "properties": {"sku": {"type": "string", "title": "Article"}, "count": {"type": "integer", "title": "Count"}},
    },
}


def test_a_table_has_a_row_for_each_item_and_an_empty_one_to_begin_with(draw) -> None:
    for items, rows in (([], 1), ([{"sku": "a"}], 1), ([{"sku": "a"}, {"sku": "b"}], 2), ("no list", 1), (None, 1)):
        assert len(field(draw(one(ROWS), {"x": items})).rows) == rows
    assert len(field(draw(one({**ROWS, "minItems": 3}), {})).rows) == 3
    assert field(draw(one({**ROWS, "readOnly": True}), {})).rows == []


def test_the_cells_of_a_table_are_named_by_row_and_field(draw) -> None:
    data = {"x": [{"sku": "a", "count": 1}, {"sku": "b"}]}
    page = html(draw(one({**ROWS, "maxItems": 4}), data), data)
    for seen in (
        'name="f/x/0/sku" aria-required="true" value="a"',
        'name="f/x/0/count" value="1"',
        'name="f/x/1/sku" aria-required="true" value="b"',
        'name="f/x/1/count" value=""',
        'name="f/x/__n__/sku"',  # the row yet to be added
        'value="add:f/x"',
        'value="remove:f/x/1"',
        'data-most="4"',
        '<th scope="col">Article<span class="needed"',
        '<th scope="col">Count</th>',
    ):
        assert seen in page, seen


def test_a_table_that_is_only_read_has_no_boxes_and_no_buttons(draw) -> None:
    data = {"x": [{"sku": "a", "count": 1}]}
    page = html(draw(one({**ROWS, "readOnly": True}), data), data)
    assert '<div class="shown">a</div>' in page
    assert "<input" not in page and "remove:" not in page and "add:" not in page


def problem(pointer: str, words: str = "Wrong.") -> Problem:
    return Problem(code="c", text={"zh-CN": "有误。", "en": words}, pointer=pointer)


def test_what_is_wrong_stands_at_its_field_and_what_has_no_field_above_all(draw) -> None:
    data = {"x": [{"sku": ""}]}
    form = draw(one(ROWS), data, problems=[problem("/x/0/sku"), problem("/gone", "Gone is unknown.")])
    page = html(form, data)
    assert (form.wrong, form.problems) == (2, ["Gone is unknown."])
    assert 'id="f-x-0-sku-error"' in page and 'aria-invalid="true"' in page
    assert "<li>Gone is unknown.</li>" in page and 'role="alert"' in page


def test_of_two_problems_at_one_field_the_first_is_told(draw) -> None:
    form = draw(one({}), problems=[problem("/x", "First."), problem("/x", "Second.")])
    assert (field(form).error, form.wrong) == ("First.", 1)
    assert field(form).described == "f-x-error"
    assert replace(field(form), help="why").described == "f-x-help f-x-error"


def test_a_form_without_problems_raises_no_alarm(draw) -> None:
    form = draw(one({}))
    assert (form.wrong, form.problems) == (0, [])
    assert "alert" not in html(form) and "aria-invalid" not in html(form)


PLAIN = [
    True,
    {"type": "array"},
    {"type": "array", "items": True},
    {"type": "array", "items": {}},
    {"$ref": "#/$defs/any"},
]


@pytest.mark.parametrize("part", PLAIN)
def test_a_property_of_which_little_is_said_is_drawn_too(draw, part: Any) -> None:
    form = draw({"properties": {"x": part}, "$defs": {"any": True}})
    assert field(form).widget in ("text", "list")
    assert 'name="f/x"' in html(form)


HOSTILE = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    "part",
    [
        {"x-title": {"en": HOSTILE}},
        {"x-help": {"en": HOSTILE}},
        {"x-ui": {"placeholder": {"en": HOSTILE}}},
        {"x-ui": {"unit": {"en": HOSTILE}}, "type": "number"},
        {"x-ui": {"rows": HOSTILE, "widget": "textarea"}},
        {"x-ui": {"when": {"field": HOSTILE, "in": [HOSTILE]}}},
        {"enum": [HOSTILE]},
        {"enum": [HOSTILE], "x-ui": {"widget": "radio"}},
        {"type": "array", "items": {"enum": [HOSTILE]}},
        {"default": HOSTILE},
        {"default": HOSTILE, "readOnly": True},
        {"default": HOSTILE, "x-ui": {"widget": "textarea"}},
        {"default": HOSTILE, "x-ui": {"widget": "customer"}},
        {"default": HOSTILE, "x-ui": {"widget": "user"}},
        {"default": HOSTILE, "x-ui": {"widget": HOSTILE}},
        {"maxLength": HOSTILE},
    ],
)
def test_words_of_authors_and_values_are_never_markup(draw, part: dict[str, Any]) -> None:
    page = flask.render_template_string(PAGE, ctx=Drawn(draw(one(part)), {}))
    assert "<script>" not in page


def test_a_schema_that_holds_itself_is_drawn_to_a_bound(draw) -> None:
    endless = {
        "properties": {"x": {"$ref": "#/$defs/t"}},
        "$defs": {"t": {"properties": {"x": {"$ref": "#/$defs/t"}}, "type": "object"}},
    }
    depth, found = 0, field(draw(endless))
    while found.children:
        found, depth = found.children[0], depth + 1
    assert depth == layout.DEEPEST
