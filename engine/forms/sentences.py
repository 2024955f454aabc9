"""What is wrong with a field, in words that staff understand: one sentence for each keyword of JSON Schema."""

from collections.abc import Callable
from typing import Any

import jsonschema

from engine.model.text import Text, both

TYPES = {
    "string": ("文字", "text"),
    "number": ("数字", "a number"),
    "integer": ("整数", "a whole number"),
    "boolean": ("是或否", "yes or no"),
    "array": ("列表", "a list"),
    "object": ("一组字段", "a group of fields"),
    "null": ("空", "empty"),
}
FORMATS = {
    "date": ("请填写有效日期，例如 2026-05-01。", "Enter a valid date such as 2026-05-01."),
    "date-time": ("请填写有效的日期和时间。", "Enter a valid date and time."),
    "time": ("请填写有效时间，例如 09:30。", "Enter a valid time such as 09:30."),
    "email": ("请填写有效的电子邮箱。", "Enter a valid e-mail address."),
    "uri": ("请填写以 http:// 或 https:// 开头的网址。", "Enter an address that starts with http:// or https://."),
    "attachment": ("请上传文件。", "Upload a file."),
    "phone": ("请填写有效的电话号码。", "Enter a valid telephone number."),
}


def sentence(error: jsonschema.ValidationError) -> Text:
    write = _SENTENCES.get(str(error.validator))
    zh, en = (
        write(error.validator_value, error.instance) if write else ("内容不符合要求。", "This value is not allowed.")
    )
    return both(zh=zh, en=en)


def missing(error: jsonschema.ValidationError) -> str:
    """The name of the field that is not there, for ``required``; else empty."""
    if error.validator not in ("required", "dependentRequired"):
        return ""
    present = error.instance if isinstance(error.instance, dict) else {}
    wanted = error.validator_value
    names = wanted if isinstance(wanted, list) else [name for need in wanted.values() for name in need]
    # jsonschema yields one error a name and quotes it; the name itself is not among the error's attributes.
    return next((name for name in names if name not in present and repr(name) in error.message), "")


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _type(wanted: Any, _: Any) -> tuple[str, str]:
    names = [wanted] if isinstance(wanted, str) else [name for name in wanted if name != "null"]
    zh = "或".join(TYPES.get(name, (name, name))[0] for name in names)
    en = " or ".join(TYPES.get(name, (name, name))[1] for name in names)
    return f"请填写{zh}。", f"Enter {en}."


def _format(wanted: Any, _: Any) -> tuple[str, str]:
    return FORMATS.get(wanted, ("格式不正确。", "The format is not right."))


def _shortest(limit: Any, value: Any) -> tuple[str, str]:
    if limit == 1 or not value:
        return "请填写此项。", "Fill in this field."
    return f"至少 {limit} 个字，现有 {len(value)} 个。", f"At least {limit} characters; there are {len(value)}."


_FILL: Callable[[Any, Any], tuple[str, str]] = lambda _, __: ("请填写此项。", "Fill in this field.")  # noqa: E731
_CHOOSE: Callable[[Any, Any], tuple[str, str]] = lambda _, value: (  # noqa: E731
    ("请选择一项。", "Choose one.") if value in ("", None) else ("请从列出的选项中选择。", "Choose one of the options.")
)

_SENTENCES: dict[str, Callable[[Any, Any], tuple[str, str]]] = {
    "required": _FILL,
    "dependentRequired": _FILL,
    "enum": _CHOOSE,
    "const": lambda _, __: ("请确认此项。", "Confirm this."),
    "type": _type,
    "format": _format,
    "minLength": _shortest,
    "maxLength": lambda limit, value: (
        f"最多 {limit} 个字，现有 {len(value)} 个。",
        f"At most {limit} characters; there are {len(value)}.",
    ),
    "pattern": lambda _, __: ("格式不正确。", "The format is not right."),
    "minimum": lambda limit, _: (f"不能小于 {_number(limit)}。", f"Must be {_number(limit)} or more."),
    "maximum": lambda limit, _: (f"不能大于 {_number(limit)}。", f"Must be {_number(limit)} or less."),
    "exclusiveMinimum": lambda limit, _: (f"必须大于 {_number(limit)}。", f"Must be more than {_number(limit)}."),
    "exclusiveMaximum": lambda limit, _: (f"必须小于 {_number(limit)}。", f"Must be less than {_number(limit)}."),
    "multipleOf": lambda step, _: (f"必须是 {step} 的倍数。", f"Must be a multiple of {step}."),
    "minItems": lambda limit, _: (f"至少 {limit} 项。", f"At least {limit}."),
    "maxItems": lambda limit, _: (f"最多 {limit} 项。", f"At most {limit}."),
    "uniqueItems": lambda _, __: ("不能有重复项。", "The same entry is there twice."),
    "minProperties": lambda limit, _: (f"至少填写 {limit} 项。", f"Fill in at least {limit}."),
    "maxProperties": lambda limit, _: (f"最多填写 {limit} 项。", f"Fill in at most {limit}."),
    "additionalProperties": lambda _, __: ("包含表单没有的字段。", "There is a field that the form does not have."),
}
