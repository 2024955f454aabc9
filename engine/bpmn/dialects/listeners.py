"""Execution and task listeners: code that another engine calls beside an activity.

A script at the start or end of an activity, in a language that is sandboxed here, runs before or after it. Anything
else names code that lives elsewhere: it is listed as a missing handler and warned of, for it does not run here.
"""

from engine.bpmn import expressions
from engine.bpmn.dialects.dialect import attribute, extensions, inner
from engine.bpmn.draft import Draft
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model.nodes import Activity, Script

_NAMES = ("executionListener", "taskListener")
_PLACES = {"start": "before", "end": "after", "complete": "after"}


def read(draft: Draft, namespaces: frozenset[str]) -> None:
    for name in _NAMES:
        for tag in extensions(draft.tag, namespaces, name):
            script = _script(tag)
            place = _PLACES.get(tag.get("event"))
            if script is not None and place and issubclass(draft.kind, Activity) and not draft.fields.get(place):
                draft.fields[place] = script
            else:
                _warn(tag, draft.context, namespaces)


def of_process(process: Tag, namespaces: frozenset[str], context: Context) -> None:
    for name in (*_NAMES, "eventListener"):
        for tag in extensions(process, namespaces, name):
            _warn(tag, context, namespaces)


def of_flow(flow: Tag, namespaces: frozenset[str], context: Context) -> None:
    for tag in extensions(flow, namespaces, "executionListener"):
        _warn(tag, context, namespaces)


def _script(tag: Tag) -> Script | None:
    for child in inner(tag, "script"):
        language = expressions.declared(child.get("scriptFormat"))
        if language == "python" and child.text.strip():
            return Script(text=child.text.strip("\n"), language=language)
    return None


def _warn(tag: Tag, context: Context, namespaces: frozenset[str]) -> None:
    names = [tag.get(name) for name in ("class", "delegateExpression", "expression", "type") if tag.get(name)]
    handler = names[0] if names else f"{tag.name} ({tag.get('event')})"
    tag.take_all()
    context.warn(
        "listener_not_run",
        tag,
        zh=f"监听器“{handler}”（{tag.get('event') or '任意事件'}）不在这里执行",
        en=f"The listener {handler} ({tag.get('event') or 'any event'}) does not run here",
        mend=("需要时改为服务任务", "Make it a service task where it is needed"),
    )


def has(tag: Tag, namespaces: frozenset[str], name: str) -> bool:
    return bool(attribute(tag, namespaces, name))
