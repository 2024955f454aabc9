"""The words of warnings, by code. ``{name}`` marks what the place of the warning fills in."""

from collections.abc import Mapping

from engine.model import text as texts
from engine.model.text import Text

_WORDS: dict[str, tuple[str, str]] = {
    "unknown_name": ("没有名为“{name}”的变量", "there is no variable called {name}"),
    "unknown_entry": ("上下文中没有“{name}”", "the context has no entry {name}"),
    "unknown_property": ("{kind} 没有属性“{name}”", "a {kind} has no property {name}"),
    "unknown_function": ("没有名为“{name}”的函数", "there is no function called {name}"),
    "unknown_type": ("没有名为“{name}”的类型", "there is no type called {name}"),
    "not_callable": ("{kind} 不能作为函数调用", "a {kind} cannot be called"),
    "not_comparable": ("{left} 不能与 {right} 比较", "a {left} cannot be compared with a {right}"),
    "no_operator": ("{left} {operator} {right} 没有定义", "{operator} is not defined for {left} and {right}"),
    "not_negatable": ("{kind} 不能取负", "a {kind} has no negative"),
    "no_number": ("{operation} 的结果不是数字", "the result of {operation} is not a number"),
    "not_boolean": ("需要布尔值，得到 {kind}", "a boolean was wanted, but there is a {kind}"),
    "bad_index": ("列表下标 {index} 不存在", "the list has no element {index}"),
    "bad_range": ("{low} 到 {high} 不是区间", "{low} to {high} is not a range"),
    "not_iterable": ("不能遍历 {kind}", "a {kind} cannot be iterated over"),
    "duplicate_key": ("键“{name}”出现了两次", "the key {name} occurs twice"),
    "bad_literal": ("“{text}”不是日期、时间或时长", "{text} is no date, time or duration"),
    "wrong_arguments": ("{name} 的参数不对：{given}", "{name} does not take these arguments: {given}"),
    "wrong_type": (
        "{name} 的参数“{parameter}”应为 {wanted}，得到 {kind}",
        "parameter {parameter} of {name} wants a {wanted}, but there is a {kind}",
    ),
    "no_result": ("{name} 没有结果：{reason}", "{name} has no result: {reason}"),
    "no_clock": ("{name} 需要时刻，但本次计算没有给出", "{name} needs a moment, and this evaluation was given none"),
    "bad_pattern": ("正则表达式无效：{pattern}", "this is not a regular expression: {pattern}"),
    "bad_replacement": (
        "替换文本“{text}”无效：$ 之后是分组号，\\ 只用于 \\$ 和 \\\\",
        "{text} is no replacement: a group's number stands behind $, and \\ only before $ and \\",
    ),
    "external_function": ("不支持外部函数（{kind}）", "external functions ({kind}) are not supported"),
    "bad_result": ("函数“{name}”的结果不是 {wanted}", "the result of {name} is no {wanted}"),
    "bare_value": (
        '原语言把该值当作条件（文本 "true" 也算真，null 算假）；FEEL 中只有布尔值 true 才成立',
        'the original takes this value as a condition ("true" is true, null is false); in FEEL only true holds',
    ),
    "text_boolean": (
        '与文本 "true"/"false" 比较；FEEL 中布尔值与文本不相等',
        'compared with the text "true" or "false"; in FEEL a boolean never equals a text',
    ),
    "text_number": (
        "与写成文本的数字比较；FEEL 中数字与文本不相等",
        "compared with a number written as text; in FEEL a number never equals a text",
    ),
    "unknown_order": (
        "比较两个变量的大小；FEEL 中两者类型不同时结果为 null",
        "two variables are ordered; in FEEL the result is null when their types differ",
    ),
    "mixed_sum": (
        "文本与其他值相加；FEEL 中请用 string(...) 转换",
        "a text is added to another value; in FEEL write string(...) around the value",
    ),
    "literal_text": (
        "没有 ${{...}}，因此文本本身就是值",
        "there is no ${{...}}, so the text itself is the value",
    ),
    "host_failure": ("函数“{name}”失败：{reason}", "function {name} failed: {reason}"),
}


def text(code: str, details: Mapping[str, object]) -> Text:
    zh, en = _WORDS[code]
    return texts.both(zh=zh.format_map(details), en=en.format_map(details))
