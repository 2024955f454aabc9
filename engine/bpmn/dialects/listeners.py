"""Execution and task listeners: code that another engine calls beside an activity.

A script at the start or end of an activity runs before or after it: in Python, or in another language where its
statements mean the same here (engine/scripts/foreign.py); so does an expression that sets a variable. Anything else
names code that lives elsewhere: it is warned of by its name, with the reason, for it does not run here.
"""

import re
from typing import Any

from engine import errors, feel
from engine.bpmn import expressions
from engine.bpmn.dialects.dialect import attribute, extensions, inner
from engine.bpmn.draft import Draft
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model.nodes import Activity, Script
from engine.scripts import foreign

_NAMES = ("executionListener", "taskListener")
_PLACES = {"start": "before", "create": "before", "end": "after", "complete": "after"}
_SETS = re.compile(r"\s*[$#]\{\s*(execution\.setVariable(?:Local)?\(.*\))\s*\}\s*$", re.DOTALL)


def read(draft: Draft, namespaces: frozenset[str]) -> None:
    for name in _NAMES:
        for tag in extensions(draft.tag, namespaces, name):
            script = _script(tag)
            place = _PLACES.get(tag.get("event"))
            before = draft.fields.get(place or "")
            if script is None or not place or not issubclass(draft.kind, Activity):
                _warn(tag, draft.context)
            elif before is None:
                draft.fields[place] = script
            elif before.language == script.language:
                draft.fields[place] = Script(text=f"{before.text}\n{script.text}", language=script.language)
            else:
                _warn(tag, draft.context)


def of_process(process: Tag, namespaces: frozenset[str], context: Context) -> None:
    for name in (*_NAMES, "eventListener"):
        for tag in extensions(process, namespaces, name):
            _warn(tag, context)


def of_flow(flow: Tag, namespaces: frozenset[str], context: Context) -> None:
    for tag in extensions(flow, namespaces, "executionListener"):
        _warn(tag, context)


def _script(tag: Tag) -> Script | None:
    for child in inner(tag, "script"):
        language = expressions.declared(child.get("scriptFormat"))
        if child.text.strip() and (language == "python" or certain(language, child.text)):
            return Script(text=child.text.strip("\n"), language=language or "")
    sets = _SETS.match(tag.get("expression"))
    if sets is not None and certain("javascript", sets[1]):
        return Script(text=sets[1], language="javascript")
    return None


def certain(language: str | None, text: str) -> bool:
    """Whether every statement is one whose meaning is known here; nothing is evaluated."""

    def compiles(part: str, dialect: str, variables: Any) -> None:
        feel.compile_dialect(part, dialect)

    if language not in foreign.LANGUAGES:
        return False
    try:
        foreign.run(language, text, {}, compiles)
    except errors.CrmflowError:
        return False
    return True


def _warn(tag: Tag, context: Context) -> None:
    names = [tag.get(name) for name in ("class", "delegateExpression", "expression", "type") if tag.get(name)]
    script = next(iter(inner(tag, "script")), None)
    written = (script.get("scriptFormat") or "?") if script is not None else ""
    handler = names[0] if names else tag.name
    event = tag.get("event") or tag.get("eventType")
    tag.take_all()
    context.warn(
        "listener_not_run",
        tag,
        zh=f"监听器“{handler}”（{event or '任意事件'}）不在这里执行" + (f"：{written} 脚本" if written else ""),
        en=f"The listener {handler} ({event or 'any event'}) does not run here"
        + (f": a script in {written}" if written else ""),
        mend=("需要时改为服务任务", "Make it a service task where it is needed"),
    )


def has(tag: Tag, namespaces: frozenset[str], name: str) -> bool:
    return bool(attribute(tag, namespaces, name))
