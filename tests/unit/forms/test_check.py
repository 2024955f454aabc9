"""What a filled form must obey, and what people are told when it does not."""

import time

import pytest

from engine import errors
from engine.forms import check, patterns

QUOTE = {
    "type": "object",
    "required": ["amount", "reason", "lines"],
    "properties": {
        "amount": {"type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000},
        "reason": {"type": "string", "minLength": 10, "maxLength": 200},
        "channel": {"enum": ["phone", "web"]},
        "by": {"type": "string", "format": "date"},
        "lines": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "required": ["sku"], "properties": {"sku": {"type": "string"}}},
        },
        "code": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$"},
    },
}
GOOD = {"amount": 5, "reason": "十个字以上的原因说明", "lines": [{"sku": "A"}]}


def test_a_good_form_has_no_problem() -> None:
    assert check.check(QUOTE, GOOD) == []


@pytest.mark.parametrize(
    ("change", "pointer", "zh", "en"),
    [
        ({"amount": 0}, "/amount", "必须大于 0。", "Must be more than 0."),
        ({"amount": 2_000_000}, "/amount", "不能大于 1,000,000。", "Must be 1,000,000 or less."),
        ({"amount": "5"}, "/amount", "请填写数字。", "Enter a number."),
        ({"reason": "短"}, "/reason", "至少 10 个字，现有 1 个。", "At least 10 characters; there are 1."),
        ({"channel": "fax"}, "/channel", "请从列出的选项中选择。", "Choose one of the options."),
        ({"by": "2026-02-30"}, "/by", "请填写有效日期，例如 2026-05-01。", "Enter a valid date such as 2026-05-01."),
        ({"lines": []}, "/lines", "至少 1 项。", "At least 1."),
        ({"lines": [{"sku": "A"}, {}]}, "/lines/1/sku", "请填写此项。", "Fill in this field."),
        ({"code": "x"}, "/code", "格式不正确。", "The format is not right."),
        ({"role": "admin"}, "/role", "表单没有“role”这一项。", "The form has no field “role”."),
    ],
)
def test_each_wrong_field_is_named_in_both_languages(change: dict, pointer: str, zh: str, en: str) -> None:
    (problem,) = check.check(QUOTE, GOOD | change)
    assert (problem.pointer, problem.text["zh-CN"], problem.text["en"]) == (pointer, zh, en)


def test_everything_missing_is_named_at_once() -> None:
    assert [problem.pointer for problem in check.check(QUOTE, {})] == ["/amount", "/lines", "/reason"]


def test_true_is_not_a_number() -> None:
    assert check.check(QUOTE, GOOD | {"amount": True})


def test_data_nested_without_end_is_refused() -> None:
    deep: dict = {}
    for _ in range(40):
        deep = {"x": deep}
    with pytest.raises(errors.TooLarge):
        check.check({"type": "object"}, deep)


def test_a_schema_may_not_reach_outside_itself() -> None:
    (problem,) = check.vet({"properties": {"x": {"$ref": "http://127.0.0.1/secret"}}})
    assert (problem.code, problem.pointer) == ("remote_reference", "/properties/x")
    with pytest.raises(errors.Invalid):
        check.check({"properties": {"x": {"$ref": "file:///etc/passwd"}}}, {"x": 1})


def test_what_is_no_schema_is_refused() -> None:
    assert check.vet({"type": "nonsense"})[0].code == "schema_invalid"


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|a)*b\1", r"(x*)*", r"((ab)*c)+", r".*.*.*.*x", "(", "a" * 300])
def test_patterns_that_could_take_for_ever_are_refused(pattern: str) -> None:
    assert patterns.costly(pattern)


@pytest.mark.parametrize("pattern", [r"^[A-Z]{2}-[0-9]{4}$", r"^1[3-9]\d{9}$", r"^(KA|GR)-\d+$", r"^\S+@\S+$"])
def test_everyday_patterns_are_kept(pattern: str) -> None:
    assert patterns.costly(pattern) == {}


def test_a_hundred_checks_take_less_than_a_tenth_of_a_second() -> None:
    check.check(QUOTE, GOOD)
    begin = time.process_time()
    for _ in range(100):
        check.check(QUOTE, GOOD)
    assert time.process_time() - begin < 0.1
