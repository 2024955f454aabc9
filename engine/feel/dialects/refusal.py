"""Why a text of another language is not translated, in words a designer understands."""

from engine.feel.errors import Untranslatable

_REASONS: dict[str, tuple[str, str]] = {
    "free_text": (
        "“{text}”是说明文字，不是条件；请写成表达式，例如 approved = true",
        "{text} is prose, not a condition; write an expression such as approved = true",
    ),
    "syntax": ("“{text}”不是有效的 {language} 表达式：{detail}", "{text} is no {language} expression: {detail}"),
    "assignment": (
        "“{text}”给变量赋值；条件和映射不能改变变量，请使用输出映射或脚本任务",
        "{text} sets a variable; conditions and mappings change nothing, use an output mapping or a script task",
    ),
    "statements": (
        "“{text}”是由语句组成的脚本，不是一个表达式；请使用脚本任务",
        "{text} is a script of statements, not one expression; use a script task",
    ),
    "host_function": (
        "“{text}”调用了 {detail}，本引擎没有登记该函数；请登记函数，或改用变量",
        "{text} calls {detail}, which is not registered here; register the function or use a variable",
    ),
    "side_effect": (
        "“{text}”通过 {detail} 改变流程；请使用输出映射",
        "{text} changes the process by {detail}; use an output mapping",
    ),
    "xpath": ("“{text}”是 XPath；请改写为 FEEL", "{text} is XPath; write it as FEEL"),
    "construct": (
        "“{text}”使用了 {detail}，FEEL 中没有对应的写法",
        "{text} uses {detail}, which has no equal in FEEL",
    ),
    "language": ("不支持语言 {detail}", "the language {detail} is not supported"),
    "empty": ("表达式为空", "the expression is empty"),
}


def refusal(reason: str, text: str, *, language: str = "", detail: str = "", detail_zh: str = "") -> Untranslatable:
    shown = " ".join(text.split())
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    zh, en = _REASONS[reason]
    return Untranslatable(
        reason,
        zh=zh.format(text=shown, language=language, detail=detail_zh or detail),
        en=en.format(text=shown, language=language, detail=detail),
        language=language,
    )
