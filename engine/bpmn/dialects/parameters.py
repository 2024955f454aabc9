"""Camunda's input and output parameters: text, expression, script, list or map."""

import json

from engine.bpmn import expressions
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model.expression import Expression, Language, Mapping


def mapping(tag: Tag, context: Context) -> Mapping:
    return Mapping(target=tag.get("name"), source=value(tag, context))


def value(tag: Tag, context: Context) -> Expression:
    """A list or map becomes a FEEL list or context, each part in its place."""
    for child in tag.children:
        if child.name == "script":
            return _script(child.take(), context)
        if child.name in ("list", "map"):
            return Expression(text=_structure(child.take(), context), language="feel", line=child.line)
    return expressions.juel(tag.text.strip(), tag.line)


def _script(tag: Tag, context: Context) -> Expression:
    declared = tag.get("scriptFormat")
    language: Language = expressions.declared(declared) or "groovy"
    if tag.get("resource"):
        context.warn(
            "script_elsewhere",
            tag,
            zh=f"脚本在外部资源“{tag.get('resource')}”中，没有内容可以执行",
            en=f"The script is in the resource {tag.get('resource')}; there is nothing to run here",
        )
    return Expression(text=tag.text.strip(), language=language, line=tag.line)


def _structure(tag: Tag, context: Context) -> str:
    if tag.name == "list":
        return "[" + ", ".join(_item(child.take(), context) for child in tag.children) + "]"
    pairs = (f"{json.dumps(child.get('key'))}: {_item(child.take(), context)}" for child in tag.children)
    return "{" + ", ".join(pairs) + "}"


def _item(tag: Tag, context: Context) -> str:
    """One entry as FEEL. JUEL inside is kept by its text when it is a plain path, which reads the same in both."""
    for child in tag.children:
        if child.name in ("list", "map"):
            return _structure(child.take(), context)
        if child.name == "script":
            context.warn(
                "script_in_list",
                child.take_all(),
                zh="列表或映射中的脚本不执行",
                en="A script inside a list or map is not run",
                mend=("改用表达式", "Use an expression"),
            )
            return "null"
    text = tag.text.strip()
    inside = text[2:-1].strip() if expressions.has_juel(text) and text.endswith("}") else ""
    if inside and all(part.isidentifier() for part in inside.split(".")):
        return inside
    if inside:
        context.warn(
            "expression_in_list",
            tag,
            zh=f"列表或映射中的表达式“{text}”按文本处理",
            en=f"The expression {text} inside a list or map is taken as text",
            mend=("只使用变量名", "Use a variable's name only"),
        )
    return json.dumps(text, ensure_ascii=False)
