"""What a form shows, sent back untouched, is what was there: drawn, read as a browser would send it, and judged."""

import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import Any

import flask
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from engine.forms import check
from tests.house import house
from web.ui import filling
from web.ui.app import create_pages
from web.ui.forms import fields, read

ROW = {
    "type": "object",
    "required": ["sku"],
    "properties": {
        "sku": {"type": "string", "minLength": 1, "maxLength": 20},
        "count": {"type": "integer", "minimum": -5, "maximum": 5},
        "express": {"type": "boolean"},
        "kinds": {"type": "array", "items": {"enum": ["a", "b", "c"]}, "uniqueItems": True},
    },
    "additionalProperties": False,
}
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 40},
        "notes": {"type": "string", "x-ui": {"widget": "textarea"}},
        "amount": {"type": "number", "x-ui": {"money": "CNY"}},
        "rate": {"type": "number", "minimum": 0, "maximum": 100, "x-ui": {"widget": "percent"}},
        "count": {"type": "integer"},
        "agreed": {"type": "boolean"},
        "grade": {"enum": ["gold", "silver", 3, None]},
        "way": {"type": "string", "enum": ["post", "mail"], "x-ui": {"widget": "radio"}},
        "tags": {"type": "array", "items": {"type": "string", "enum": ["x", "y", "z"]}, "uniqueItems": True},
        "lines": {"type": "array", "items": {"type": "string", "minLength": 1}},
        "numbers": {"type": "array", "items": {"type": "integer"}},
        "day": {"type": "string", "format": "date"},
        "at": {"type": "string", "format": "date-time"},
        "clock": {"type": "string", "format": "time"},
        "address": {"type": "object", "properties": {"city": {"type": "string"}, "flat": {"type": "integer"}}},
        "rows": {"type": "array", "maxItems": 5, "items": {"$ref": "#/$defs/row"}},
        "who": {"type": "string", "x-ui": {"widget": "user"}},
    },
    "additionalProperties": False,
    "$defs": {"row": ROW},
}
words = st.text(alphabet="abÄ李🐎 <>&\"'/\\,.-1", min_size=1, max_size=12).map(str.strip).filter(bool)
prose = st.lists(words, min_size=1, max_size=3).map("\n".join)
rows = st.fixed_dictionaries(
    {"sku": words, "express": st.booleans()},
    optional={
        "count": st.integers(-5, 5),
        "kinds": st.lists(st.sampled_from("abc"), min_size=1, unique=True).map(sorted),
    },
)
filled = st.fixed_dictionaries(
    {"agreed": st.booleans()},
    optional={
        "name": words,
        "notes": prose,
        "amount": st.integers(-(10**9), 10**9) | st.decimals(-9999, 9999, places=2).map(float),
        "rate": st.floats(0, 100).map(lambda rate: round(rate, 2)),
        "count": st.integers(-(10**12), 10**12),
        "grade": st.sampled_from(["gold", "silver", 3]),
        "way": st.sampled_from(["post", "mail"]),
        "tags": st.lists(st.sampled_from("xyz"), min_size=1, unique=True).map(sorted),
        "lines": st.lists(words, min_size=1, max_size=3),
        "numbers": st.lists(st.integers(-99, 99), min_size=1, max_size=3),
        "day": st.dates().map(str),
        "at": st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:00").rjust(19, "0")),
        "clock": st.times().map(lambda time: time.strftime("%H:%M")),
        "address": st.fixed_dictionaries({"city": words}, optional={"flat": st.integers(1, 99)}),
        "rows": st.lists(rows, min_size=1, max_size=3),
        "who": st.sampled_from(["li", "gone"]),
    },
)


class Known:
    def people(self, group: str) -> list[tuple[str, str]]:
        return [("li", "李雷")]

    def customer(self, customer_id: str) -> str:
        return customer_id

    def product(self, key: str) -> str:
        return key

    def material(self, key: str) -> str:
        return key


def sent(drawn: fields.Form) -> MultiDict[str, str]:
    """What a browser sends of the boxes as they stand."""
    return MultiDict(pair for _, shown in drawn.sections for one in shown for pair in boxes(one))


def boxes(one: fields.Field) -> Iterator[tuple[str, str]]:
    if one.read_only:
        return
    if one.widget == "group":
        for child in one.children:
            yield from boxes(child)
    elif one.widget == "repeat":
        for row in one.rows:
            for cell in row:
                yield from boxes(cell)
    elif one.widget == "checkbox":
        yield f"{one.name}?", "1"
        if one.value is True:
            yield one.name, "true"
    elif one.widget in ("multi-select", "radio"):
        chosen = one.value if isinstance(one.value, list) else [one.value]
        yield from ((one.name, str(value)) for value, _ in one.options if value in chosen and value is not None)
    elif one.widget in ("select", "user"):
        yield one.name, next((str(value) for value, _ in one.options if value == one.value and one.filled), "")
    else:
        yield one.name, one.text.replace("\n", "\r\n")  # as browsers write the end of a line


@pytest.fixture(scope="module")
def back(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Mapping[str, Any]], dict[str, Any]]]:
    """Data, drawn on a page and sent back."""
    with house(tmp_path_factory.mktemp("round")) as made:
        app = create_pages(made.engine, testing=True)

        def round_trip(data: Mapping[str, Any]) -> dict[str, Any]:
            with app.test_request_context():
                flask.session["locale"] = "en"
                return read.read(FORM, sent(fields.draw(FORM, data, lookups=Known())))

        yield round_trip


@given(data=filled)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_there_comes_back_and_is_still_right(back, data: dict[str, Any]) -> None:
    assert check.check(FORM, data) == []
    again = back(data)
    assert again == data
    assert check.check(FORM, again) == []


@given(data=filled)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sending_it_twice_changes_nothing_more(back, data: dict[str, Any]) -> None:
    once = back(data)
    assert back(once) == once


WRONG: list[tuple[str, Any]] = [
    # what was typed and is wrong stands there again, for its author to mend
    ("amount", "twelve"),
    ("count", "1.5"),
    ("day", "soon"),
    ("grade", "brass"),
    ("rate", "-5"),
]


@pytest.mark.parametrize(("name", "typed"), WRONG)
def test_what_was_typed_wrong_is_judged_and_shown_again(back, name: str, typed: str) -> None:
    data = read.read(FORM, MultiDict({f"f/{name}": typed}))
    assert [problem.pointer for problem in check.check(FORM, data)] == [f"/{name}"]
    if name != "grade":  # a choice that is none cannot be drawn as one
        assert back(data) == {"agreed": False, **data}


def test_an_empty_page_says_no_to_what_is_asked_and_nothing_else(back) -> None:
    assert back({}) == {"agreed": False}


TYPED = [
    # typed, and what it is
    ("count", " 12 ", 12),
    ("count", "1,200", 1200),
    ("count", "1 200", 1200),
    ("count", "１２", 12),
    ("count", "+5", 5),
    ("count", "-0", 0),
    ("count", "12.0", 12.0),
    ("amount", "1,200.50", 1200.5),
    ("amount", ".5", 0.5),
    ("amount", "1e3", 1000.0),
    ("amount", "１２．５", 12.5),
    ("amount", "inf", "inf"),
    ("amount", "nan", "nan"),
    ("amount", "0x10", "0x10"),
    ("amount", "1" * 41, "1" * 41),
    ("amount", "--5", "--5"),
    ("name", "  李雷  ", "李雷"),
    ("name", "a\r\nb", "a\nb"),
    ("notes", " a ", " a "),  # of prose the author's spaces stay
    ("notes", "   ", None),
    ("lines", " a \r\n\r\n b ", ["a", "b"]),
    ("numbers", "1\n2\nthree", [1, 2, "three"]),
    ("grade", "3", 3),
    ("at", "2026-05-01T09:30", "2026-05-01T09:30:00"),
    ("at", "2026-05-01T09:30:15", "2026-05-01T09:30:15"),
]


@pytest.mark.parametrize(("name", "typed", "value"), TYPED)
def test_what_people_type_is_taken_as_they_mean_it(name: str, typed: str, value: Any) -> None:
    assert read.read(FORM, MultiDict({f"f/{name}": typed})) == ({} if value is None else {name: value})


LINES: dict[str, Any] = {
    "type": "object",
    "properties": {
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "sku": {"type": "string", "readOnly": True},
                    "tags": {"type": "array", "readOnly": True, "default": ["x"]},
                    "count": {"type": "integer"},
                },
            },
        }
    },
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Mapping[str, Any]], str]]:
    with house(tmp_path_factory.mktemp("page")) as made:
        app = create_pages(made.engine, testing=True)

        def drawn(data: Mapping[str, Any]) -> str:
            with app.test_request_context():
                flask.session["locale"] = "en"
                ctx = filling.Drawn(LINES, data)
                words = "{% from 'forms/fields.html' import body with context %}{{ body(ctx.form, ctx) }}"
                return flask.render_template_string(words, ctx=ctx)

        yield drawn


def test_a_row_takes_its_read_only_cells_along(page: Callable[[Mapping[str, Any]], str]) -> None:
    known = {"lines": [{"sku": 'a"<&李', "tags": [1, {"b": None}]}, {"sku": "b"}, {"sku": "c", "count": 3}]}
    found = re.findall(r'<input type="hidden" name="(f/[^"]*!)" value="([^"]*)"', page(known))
    sent: MultiDict[str, str] = MultiDict((name, unescape(value)) for name, value in found)
    assert {name for name in sent if name.endswith("tags!")} == {"f/lines/0/tags!"}, "a default is no value"
    del sent["f/lines/1/sku!"]
    sent["f/lines/2/count"] = "4"
    assert read.read(LINES, sent) == {"lines": [known["lines"][0], {"sku": "c", "count": 4}]}


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "NaN,"])
def test_a_hidden_cell_that_is_no_json_is_a_text_that_no_row_has(text: str) -> None:
    assert read.read(LINES, MultiDict({"f/lines/0/sku!": text})) == {"lines": [{"sku": text}]}
