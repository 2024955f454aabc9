"""Keyword by keyword: what obeys it, what does not, and the sentence that staff read at the field."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.forms import check, keywords
from engine.model.problem import Problem

OBEYED: list[tuple[dict[str, Any], Any]] = [
    ({"type": "string"}, ""),
    ({"type": "number"}, 1),
    ({"type": "number"}, 1.5),
    ({"type": "integer"}, 7),
    ({"type": "integer"}, 7.0),  # JSON knows one kind of number
    ({"type": "boolean"}, False),
    ({"type": "array"}, []),
    ({"type": "object"}, {}),
    ({"type": "null"}, None),
    ({"type": ["string", "null"]}, None),
    ({"type": ["integer", "string"]}, "x"),
    ({"minLength": 2}, "李雷"),
    ({"maxLength": 2}, "李雷"),
    ({"maxLength": 1}, "🐎"),  # characters, not bytes
    ({"minLength": 2}, 5),  # a keyword of texts says nothing of numbers
    ({"maximum": 5}, "99"),
    ({"minimum": 5}, 5),
    ({"maximum": 5}, 5),
    ({"exclusiveMinimum": 5}, 5.01),
    ({"exclusiveMaximum": 5}, 4.99),
    ({"minimum": -0.5}, -0.5),
    ({"multipleOf": 0.01}, 0.07),
    ({"multipleOf": 0.01}, 19.99),
    ({"multipleOf": 0.01}, 1e300),
    ({"multipleOf": 0.1}, 0.3),
    ({"multipleOf": 0.1}, 1.1),
    ({"multipleOf": 5}, -15),
    ({"multipleOf": 5}, 0),
    ({"multipleOf": 5}, 10**400),
    ({"multipleOf": 2.5}, 7.5),
    ({"multipleOf": 5}, "7"),
    ({"enum": ["a", 1, None]}, None),
    ({"enum": [1]}, 1.0),
    ({"const": True}, True),
    ({"pattern": "^[A-Z]{2}-[0-9]{4}$"}, "KA-0042"),
    ({"pattern": "42"}, "KA-0042"),  # anywhere, where nothing ties it to the ends
    ({"pattern": "^a"}, 7),
    ({"minItems": 1}, [None]),
    ({"maxItems": 1}, [None]),
    ({"uniqueItems": True}, [1, "1", True, [1], {"a": 1}]),
    ({"uniqueItems": True}, [0, False, None, "", [], {}]),
    ({"uniqueItems": True}, [[1, 2], [2, 1]]),
    ({"uniqueItems": True}, [[], {}]),
    ({"uniqueItems": False}, [1, 1]),
    ({"uniqueItems": True}, "aa"),
    ({"items": {"type": "integer"}}, [1, 2]),
    ({"prefixItems": [{"type": "integer"}]}, [1, "x"]),
    ({"contains": {"const": 1}}, [0, 1]),
    ({"minProperties": 1}, {"a": 1}),
    ({"maxProperties": 1}, {"a": 1}),
    ({"required": ["a"]}, {"a": None}),
    ({"dependentRequired": {"a": ["b"]}}, {"b": 1}),
    ({"additionalProperties": {"type": "integer"}}, {"a": 1}),
    ({"patternProperties": {"^x": {"type": "integer"}}}, {"x1": 1, "y": "a"}),
    ({"anyOf": [{"type": "string"}, {"minimum": 3}]}, 4),
    ({"oneOf": [{"const": "a"}, {"const": "b"}]}, "b"),
    ({"allOf": [{"minimum": 1}, {"maximum": 3}]}, 2),
    ({"not": {"const": 1}}, 2),
    ({"if": {"const": "a"}, "then": {"maxLength": 0}}, "b"),
    ({"$ref": "#/$defs/small"}, 3),
    ({"x-ui": {"widget": "money"}, "x-title": {"en": "A"}, "x-labels": {}}, "anything"),  # hints decide nothing
    ({"unheard-of": 1}, "anything"),
    ({}, [None]),
]

BROKEN: list[tuple[dict[str, Any], Any, str, str]] = [
    ({"type": "string"}, 1, "请填写文字。", "Enter text."),
    ({"type": "string"}, None, "请填写文字。", "Enter text."),
    ({"type": "number"}, "1", "请填写数字。", "Enter a number."),
    ({"type": "number"}, True, "请填写数字。", "Enter a number."),
    ({"type": "integer"}, 1.5, "请填写整数。", "Enter a whole number."),
    ({"type": "integer"}, False, "请填写整数。", "Enter a whole number."),
    ({"type": "boolean"}, 1, "请填写是或否。", "Enter yes or no."),
    ({"type": "boolean"}, "true", "请填写是或否。", "Enter yes or no."),
    ({"type": "array"}, {}, "请填写列表。", "Enter a list."),
    ({"type": "object"}, [], "请填写一组字段。", "Enter a group of fields."),
    ({"type": "null"}, 0, "请填写空。", "Enter empty."),
    ({"type": ["string", "null"]}, 1, "请填写文字。", "Enter text."),
    ({"type": ["integer", "string"]}, [], "请填写整数或文字。", "Enter a whole number or text."),
    ({"minLength": 1}, "", "请填写此项。", "Fill in this field."),
    ({"minLength": 5}, "", "请填写此项。", "Fill in this field."),
    ({"minLength": 3}, "李雷", "至少 3 个字，现有 2 个。", "At least 3 characters; there are 2."),
    ({"maxLength": 1}, "李雷", "最多 1 个字，现有 2 个。", "At most 1 characters; there are 2."),
    ({"minimum": 5}, 4.99, "不能小于 5。", "Must be 5 or more."),
    ({"minimum": 1_234_567}, 1, "不能小于 1,234,567。", "Must be 1,234,567 or more."),
    ({"maximum": 5}, 5.01, "不能大于 5。", "Must be 5 or less."),
    ({"maximum": 0.5}, 10**400, "不能大于 0.5。", "Must be 0.5 or less."),
    ({"exclusiveMinimum": 0}, 0, "必须大于 0。", "Must be more than 0."),
    ({"exclusiveMaximum": 100}, 100, "必须小于 100。", "Must be less than 100."),
    ({"multipleOf": 5}, 7, "必须是 5 的倍数。", "Must be a multiple of 5."),
    ({"multipleOf": 0.01}, 0.005, "必须是 0.01 的倍数。", "Must be a multiple of 0.01."),
    ({"multipleOf": 0.1}, 4.35, "必须是 0.1 的倍数。", "Must be a multiple of 0.1."),
    ({"enum": ["a"]}, "b", "请从列出的选项中选择。", "Choose one of the options."),
    ({"enum": ["a"]}, "", "请选择一项。", "Choose one."),
    ({"enum": ["a"]}, None, "请选择一项。", "Choose one."),
    ({"enum": [1]}, True, "请从列出的选项中选择。", "Choose one of the options."),
    ({"const": True}, False, "请确认此项。", "Confirm this."),
    ({"const": 1}, True, "请确认此项。", "Confirm this."),
    ({"pattern": "^[A-Z]{2}$"}, "AB\n", "格式不正确。", "The format is not right."),  # $ is the very end
    ({"pattern": r"^\d+$"}, "١٢", "格式不正确。", "The format is not right."),  # digits of other scripts
    ({"pattern": r"^\d+$"}, "１２", "格式不正确。", "The format is not right."),  # ... and wide ones
    ({"pattern": r"^\w+$"}, "é", "格式不正确。", "The format is not right."),
    ({"pattern": "^[$]$"}, "x", "格式不正确。", "The format is not right."),
    ({"pattern": r"^\$$"}, "x", "格式不正确。", "The format is not right."),
    ({"format": "email"}, "x", "请填写有效的电子邮箱。", "Enter a valid e-mail address."),
    ({"format": "time"}, "9", "请填写有效时间，例如 09:30。", "Enter a valid time such as 09:30."),
    ({"format": "date-time"}, "x", "请填写有效的日期和时间。", "Enter a valid date and time."),
    ({"format": "phone"}, "x", "请填写有效的电话号码。", "Enter a valid telephone number."),
    (
        {"format": "uri"},
        "x",
        "请填写以 http:// 或 https:// 开头的网址。",
        "Enter an address that starts with http:// or https://.",
    ),
    ({"minItems": 2}, [1], "至少 2 项。", "At least 2."),
    ({"maxItems": 1}, [1, 2], "最多 1 项。", "At most 1."),
    ({"uniqueItems": True}, [1, 2, 1], "不能有重复项。", "The same entry is there twice."),
    ({"uniqueItems": True}, [1, 1.0], "不能有重复项。", "The same entry is there twice."),
    ({"uniqueItems": True}, [{"a": 1, "b": 2}, {"b": 2, "a": 1}], "不能有重复项。", "The same entry is there twice."),
    ({"uniqueItems": True}, [[True], [True]], "不能有重复项。", "The same entry is there twice."),
    ({"minProperties": 1}, {}, "至少填写 1 项。", "Fill in at least 1."),
    ({"maxProperties": 0}, {"a": 1}, "最多填写 0 项。", "Fill in at most 0."),
    (
        {"additionalProperties": False},
        {"a": 1},
        "包含表单没有的字段。",
        "There is a field that the form does not have.",
    ),
    ({"not": {"const": 1}}, 1, "内容不符合要求。", "This value is not allowed."),
    ({"contains": {"const": 1}}, [0], "内容不符合要求。", "This value is not allowed."),
    ({"propertyNames": {"const": "b"}}, {"a": 1}, "请确认此项。", "Confirm this."),
    ({"$ref": "#/$defs/small"}, 30, "不能大于 9。", "Must be 9 or less."),
    ({"allOf": [{"minimum": 1}, {"maximum": 3}]}, 4, "不能大于 3。", "Must be 3 or less."),
    (
        {"if": {"const": "a"}, "then": {"maxLength": 0}},
        "a",
        "最多 0 个字，现有 1 个。",
        "At most 0 characters; there are 1.",
    ),
    (
        {"if": {"const": "a"}, "else": {"maxLength": 0}},
        "b",
        "最多 0 个字，现有 1 个。",
        "At most 0 characters; there are 1.",
    ),
]


def form(part: Any) -> dict[str, Any]:
    return {"$defs": {"small": {"maximum": 9}}, "properties": {"x": part}}


def problems(part: Any, value: Any) -> list[Problem]:
    return check.check(form(part), {"x": value})


@pytest.mark.parametrize(("part", "value"), OBEYED)
def test_what_obeys_has_no_problem(part: dict[str, Any], value: Any) -> None:
    assert problems(part, value) == []


@pytest.mark.parametrize(("part", "value", "zh", "en"), BROKEN)
def test_what_does_not_obey_is_told_once_at_its_field(part: dict[str, Any], value: Any, zh: str, en: str) -> None:
    (problem,) = problems(part, value)
    assert (problem.pointer, problem.text["zh-CN"], problem.text["en"]) == ("/x", zh, en)
    assert problem.severity == "error"


HOLDERS = {"if", "then", "else", "allOf", "propertyNames", "$ref"}
"""These hold other keywords, and those are told."""


@pytest.mark.parametrize("keyword", sorted({key for part, *_ in BROKEN for key in part} - HOLDERS))
def test_the_code_of_a_problem_is_the_keyword_that_found_it(keyword: str) -> None:
    found = [problems(part, value)[0].code for part, value, *_ in BROKEN if keyword in part]
    assert set(found) == {f"form_{keyword}"}


def test_a_field_that_may_never_be_there_is_refused_by_a_name_that_a_program_can_hold_on_to() -> None:
    (problem,) = check.check({"properties": {"x": {"type": "object", "properties": {"y": False}}}}, {"x": {"y": 1}})
    assert (problem.code, problem.text["en"]) == ("form_forbidden", "This value is not allowed.")


PLACES = [
    ({"properties": {"a": {"type": "object", "required": ["b"]}}}, {"a": {}}, ["/a/b"]),
    ({"properties": {"a": {"items": {"type": "integer"}}}}, {"a": [1, "x", 2, "y"]}, ["/a/1", "/a/3"]),
    ({"properties": {"a": {"items": {"required": ["b"]}}}}, {"a": [{"b": 1}, {}]}, ["/a/1/b"]),
    ({"properties": {"a/b": {"type": "integer"}}}, {"a/b": "x"}, ["/a~1b"]),
    ({"properties": {"a~b": {"type": "integer"}}}, {"a~b": "x"}, ["/a~0b"]),
    ({"required": ["a/b", "c~d"]}, {}, ["/a~1b", "/c~0d"]),
    ({"required": ["it's"]}, {}, ["/it's"]),
    ({"required": ["a", "aa"]}, {}, ["/a", "/aa"]),
    ({"properties": {"a": {}}, "required": ["a", "aa"]}, {"a": 1}, ["/aa"]),
    ({"properties": {"a": {}}, "dependentRequired": {"a": ["b", "c"]}}, {"a": 1}, ["/b", "/c"]),
    ({"properties": {"a": {"minLength": 3, "pattern": "^x"}}}, {"a": "b"}, ["/a", "/a"]),
    ({}, {"b": 1, "a": 1}, ["/a", "/b"]),
    ({"additionalProperties": False}, {"b": 1, "a": 1}, ["/a", "/b"]),
    ({"unevaluatedProperties": False}, {"b": 1}, ["/b"]),
    ({"patternProperties": {"^x-": {"type": "integer"}}}, {"x-1": 1, "y-1": 1}, ["/y-1"]),
    ({"patternProperties": {"^x-": {"type": "integer"}}}, {"x-1": "a"}, ["/x-1"]),
    ({"if": {"required": ["a"]}, "then": {"required": ["b"]}, "properties": {"a": {}}}, {"a": 1}, ["/b"]),
]


@pytest.mark.parametrize(("schema", "data", "pointers"), PLACES)
def test_the_place_is_a_json_pointer_to_the_field_and_not_to_what_holds_it(schema, data, pointers) -> None:
    assert [problem.pointer for problem in check.check(schema, data)] == pointers


NEAREST = [
    # of alternatives the one that was meant is told, not that none fits
    ({"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 3}]}, 1, "Must be 3 or more."),
    ({"oneOf": [{"type": "string"}, {"type": "array", "items": {"minLength": 1}}]}, [""], "Fill in this field."),
]


@pytest.mark.parametrize(("part", "value", "en"), NEAREST)
def test_of_alternatives_the_nearest_miss_is_told(part: dict[str, Any], value: Any, en: str) -> None:
    (problem,) = problems(part, value)
    assert problem.text["en"] == en


def test_what_fits_two_of_exactly_one_is_refused() -> None:
    (problem,) = problems({"oneOf": [{"minimum": 1}, {"maximum": 9}]}, 5)
    assert (problem.code, problem.pointer) == ("form_oneOf", "/x")


def test_a_hundred_problems_are_enough() -> None:
    wrong = check.check(form({"items": {"type": "integer"}}), {"x": ["a"] * 500})
    strange = check.check({}, {f"n{number}": 1 for number in range(500)})
    assert len(wrong) == len(strange) == check.MOST_PROBLEMS


def test_what_stands_in_the_way_of_the_first_hundred_does_not_hide_strangers_of_a_small_form() -> None:
    found = check.check(form({"items": {"type": "integer"}}), {"x": ["a"], "y": 1})
    assert [problem.code for problem in found] == ["form_type", "form_unknown_field"]


cents = st.integers(-(10**9), 10**9)


@given(cents)
@settings(max_examples=100, deadline=None)
def test_every_amount_of_cents_is_a_multiple_of_a_hundredth(amount: int) -> None:
    assert keywords.is_multiple(float(Decimal(amount) / 100), 0.01)


@given(cents.filter(lambda amount: amount % 10))
@settings(max_examples=100, deadline=None)
def test_no_amount_with_a_rest_of_a_tenth_of_a_cent_is_one(amount: int) -> None:
    assert not keywords.is_multiple(float(Decimal(amount) / 1000), 0.01)


json = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, 0.5, "", "1", "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=5,
)


def equal(one: Any, other: Any) -> bool:
    """As JSON Schema has it, said the slow way."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    numbers = {type(one), type(other)} <= {int, float}
    return (numbers or type(one) is type(other)) and one == other


@given(st.lists(json, max_size=6))
@settings(max_examples=150, deadline=None)
def test_items_are_unique_when_no_two_of_them_are_equal(items: list[Any]) -> None:
    twice = any(equal(one, other) for place, one in enumerate(items) for other in items[:place])
    assert bool(problems({"uniqueItems": True}, items)) == twice
