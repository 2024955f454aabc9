"""What clients may send: strict models whose errors name every wrong place, in Chinese and English."""

from typing import Any, Self

import pydantic
from pydantic_core import ErrorDetails

from engine import errors
from engine.model.problem import Problem
from engine.model.text import Text, both

# Type of a pydantic error: what is wrong. {placeholders} come from the error's own context.
WORDS: dict[str, Text] = {
    "missing": both(zh="缺少必填字段", en="this field is required"),
    "extra_forbidden": both(zh="不认识这个字段", en="this field is not known here"),
    "string_type": both(zh="应为文本", en="expected text"),
    "int_type": both(zh="应为整数", en="expected a whole number"),
    "int_parsing": both(zh="应为整数", en="expected a whole number"),
    "int_from_float": both(zh="应为整数", en="expected a whole number"),
    "float_type": both(zh="应为数字", en="expected a number"),
    "bool_type": both(zh="应为 true 或 false", en="expected true or false"),
    "bool_parsing": both(zh="应为 true 或 false", en="expected true or false"),
    "dict_type": both(zh="应为对象", en="expected an object"),
    "list_type": both(zh="应为数组", en="expected an array"),
    "string_too_short": both(zh="至少需要 {min_length} 个字符", en="expected at least {min_length} characters"),
    "string_too_long": both(zh="最多 {max_length} 个字符", en="expected at most {max_length} characters"),
    "string_pattern_mismatch": both(zh="格式应为 {pattern}", en="expected the form {pattern}"),
    "greater_than_equal": both(zh="不得小于 {ge}", en="expected at least {ge}"),
    "less_than_equal": both(zh="不得大于 {le}", en="expected at most {le}"),
    "greater_than": both(zh="应大于 {gt}", en="expected more than {gt}"),
    "too_long": both(zh="最多 {max_length} 项", en="expected at most {max_length} items"),
    "literal_error": both(zh="应为以下之一：{expected}", en="expected one of {expected}"),
    "datetime_parsing": both(zh="应为带时区的 ISO 8601 时间", en="expected an ISO 8601 moment with its zone"),
    "datetime_from_date_parsing": both(zh="应为带时区的 ISO 8601 时间", en="expected an ISO 8601 moment with its zone"),
    "date_parsing": both(zh="应为日期，如 2026-11-22", en="expected a date: 2026-11-22"),
    "date_from_datetime_parsing": both(zh="应为日期，如 2026-11-22", en="expected a date: 2026-11-22"),
    "date_from_datetime_inexact": both(zh="应为日期，如 2026-11-22", en="expected a date: 2026-11-22"),
    "timezone_aware": both(zh="时间必须带时区", en="expected a moment with its zone"),
    "model_type": both(zh="应为对象", en="expected an object"),
}


class Body(pydantic.BaseModel):
    """A JSON object; unknown keys and wrong types are refused, never dropped or bent."""

    model_config = pydantic.ConfigDict(extra="forbid", strict=True)

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """Raises errors.Invalid with one Problem for each wrong place."""
        try:
            return super().model_validate(obj, **options)
        except pydantic.ValidationError as failure:
            problems = tuple(_problem(error) for error in failure.errors(include_url=False, include_input=False))
            raise errors.Invalid(
                "request_invalid",
                zh=f"请求内容有 {len(problems)} 处不符合要求",
                en=f"the request is wrong in {len(problems)} place(s)",
                problems=problems,
            ) from failure


class Query(Body):
    """A query string: text that is read as numbers and truth values where the field says so."""

    model_config = pydantic.ConfigDict(extra="forbid", strict=False)


class Answer(pydantic.BaseModel):
    """What the API answers; its fields are its documentation."""


def _problem(error: ErrorDetails) -> Problem:
    pointer = "".join(f"/{_escape(str(part))}" for part in error["loc"])
    words = WORDS.get(error["type"])
    if words is None:
        words = both(zh=f"值不符合要求（{error['msg']}）", en=error["msg"])
    context = error.get("ctx", {})
    text = {locale: _fill(line, context) for locale, line in words.items()}
    return Problem(code=error["type"], pointer=pointer, text=text)


def _fill(line: str, context: dict[str, Any]) -> str:
    for name, value in context.items():
        line = line.replace("{" + name + "}", str(value))
    return line


def _escape(part: str) -> str:
    """RFC 6901."""
    return part.replace("~", "~0").replace("/", "~1")
