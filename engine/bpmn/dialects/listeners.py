"""Execution and task listeners: code that another engine calls beside an activity.

A script at the start or end of an activity runs before or after it: in Python, or in another language where its
statements mean the same here (engine/scripts/foreign.py); so does an expression that sets a variable. Any other code
is an errand of the node, the flow or the process: a job for a handler of the code's own name, which a deployment lists
as missing until somebody binds it. A moment that does not exist here is warned of.
"""

import re
from collections.abc import Sequence
from typing import Any

from engine import errors, feel
from engine.bpmn import expressions
from engine.bpmn.dialects.dialect import Fields, extensions, inner
from engine.bpmn.draft import Draft
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.definitions import errands
from engine.model import nodes
from engine.model.expression import Mapping
from engine.model.nodes import Activity, Errand, Moment, Script, Work
from engine.scripts import foreign

_NAMES = ("executionListener", "taskListener")
_PLACES = {"start": "before", "create": "before", "end": "after", "complete": "after"}
_MOMENTS: dict[str, tuple[Moment, ...]] = {
    **dict.fromkeys(("start", "create", "creating", ""), ("start",)),
    **dict.fromkeys(("end", "complete", "completing"), ("end",)),
    "all": ("start", "end"),
}
_ASSIGNED = ("assignment", "assigning")
_SETS = re.compile(r"\s*[$#]\{\s*(execution\.setVariable(?:Local)?\(.*\))\s*\}\s*$", re.DOTALL)


def read(draft: Draft, namespaces: frozenset[str]) -> None:
    for name in _NAMES:
        for tag in extensions(draft.tag, namespaces, name):
            if not _attached(draft, tag):
                beside(draft, tag, tag.get("event"), _works(tag, draft.id))


def _attached(draft: Draft, tag: Tag) -> bool:
    """Whether it is a script that runs with the activity."""
    script = _script(tag)
    place = _PLACES.get(tag.get("event"))
    before = draft.fields.get(place or "")
    if script is None or not place or not issubclass(draft.kind, Activity):
        return False
    if before is None:
        draft.fields[place] = script
    elif before.language == script.language:
        draft.fields[place] = Script(text=f"{before.text}\n{script.text}", language=script.language)
    return before is None or before.language == script.language


def beside(draft: Draft, tag: Tag, event: str, works: Sequence[Work]) -> None:
    """Errands at the moments that ``event`` names. Somebody is assigned at the start, where the drawing says who."""
    moments = _MOMENTS.get(event.lower(), ())
    performer = draft.fields.get("performer")
    if event.lower() in _ASSIGNED and performer is not None and performer.assignee is not None:
        moments = ("start",)
    tag.take_all()
    if not moments:
        _warn(tag, event, works, draft.context)
    for at in moments:
        draft.add("errands", *(Errand(at=at, work=work) for work in works))
        _name(works, draft.context, node=draft.id, process=draft.process, line=tag.line)


def of_process(process: Tag, fields: Fields, namespaces: frozenset[str], context: Context) -> None:
    for name in (*_NAMES, "eventListener"):
        for tag in extensions(process, namespaces, name):
            event = tag.get("event") if name != "eventListener" else tag.get("events") or "?"
            around(fields, tag, event, _works(tag, process.id), context)


def around(fields: Fields, tag: Tag, event: str, works: Sequence[Work], context: Context) -> None:
    """Errands of a process: ``errands`` are those of its end, ``begins`` those of its start events."""
    moments = _MOMENTS.get(event.lower(), ())
    tag.take_all()
    if not moments:
        _warn(tag, event, works, context)
    for at in moments:
        key = "begins" if at == "start" else "errands"
        fields[key] = (*fields.get(key, ()), *works)
        _name(works, context, node="", process=fields.get("key", ""), line=tag.line)


def of_flow(flow: Tag, fields: Fields, namespaces: frozenset[str], context: Context) -> None:
    """A flow is taken; whatever event its listener names, no other happens to it."""
    process = next((above.id for above in flow.ancestors() if above.name == "process"), "")
    for tag in extensions(flow, namespaces, "executionListener"):
        works = _works(tag, flow.id)
        fields["errands"] = (*fields.get("errands", ()), *works)
        _name(works, context, node=flow.id, process=process, line=tag.line)
        tag.take_all()


def begun(found: Sequence[nodes.Node], works: Sequence[Work]) -> list[nodes.Node]:
    """The start of a process is told where it begins: at its start events, else at its first node."""
    starts = [node for node in found if not node.scope and node.__struct_config__.tag == "startEvent"]
    first = starts or found[:1]
    told = tuple(Errand(at="enter", work=work) for work in works)
    return [_told(node, told) if any(node is one for one in first) else node for node in found]


def _told(node: nodes.Node, told: tuple[Errand, ...]) -> nodes.Node:
    fields = {name: getattr(node, name) for name in node.__struct_fields__}
    return type(node)(**{**fields, "errands": (*told, *node.errands)})


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


def _works(tag: Tag, place: str) -> tuple[Work, ...]:
    """The job of a listener, behind those for the code that its expression asks."""
    event = tag.get("event") or tag.get("eventType")
    headers = {"event": event} if event else {}
    for name in ("class", "delegateExpression", "expression", "type"):
        code = tag.get(name)
        if code:
            *before, work = called(code, tag.line) if name == "expression" else [Work(handler=code, style="unbound")]
            fields = tuple(injected(field) for field in inner(tag, "field"))
            parameters = (*work.parameters, *fields)
            return (*before, Work(handler=work.handler, style="unbound", parameters=parameters, headers=headers))
    script = next(iter(inner(tag, "script")), None)
    written = (script.get("scriptFormat") if script is not None else "") or "script"
    return (Work(handler=f"{written} {place}.{event or 'start'}", style="unbound", headers=headers),)


def called(code: str, line: int) -> list[Work]:
    """``${bean.method(args)}`` is the handler ``bean.method`` with its arguments, behind the calls within these. Any
    other expression is a handler by its own text."""
    try:
        compiled = feel.compile_dialect(code, "juel", errands=True)
    except errors.Invalid:
        return [Work(handler=code, style="unbound")]
    if not compiled.calls or compiled.feel_text not in (
        compiled.calls[-1].variable,
        f"`{compiled.calls[-1].variable}`",
    ):
        return [Work(handler=code, style="unbound")]
    *before, last = (errands.of_call(call, line) for call in compiled.calls)
    return [*before, Work(handler=last.handler, style="unbound", parameters=last.parameters)]


def injected(field: Tag) -> Mapping:
    """``camunda:field``: a constant or an expression that a delegate gets."""
    text = field.get("stringValue") or field.get("expression")
    for name in ("string", "expression"):
        for child in inner(field, name):
            text = text or child.text.strip()
    return Mapping(target=field.get("name"), source=expressions.juel(text, field.line))


def _name(works: Sequence[Work], context: Context, *, node: str, process: str, line: int) -> None:
    for work in works:
        context.handler(node, work.handler, work.style, process=process, line=line)


def _warn(tag: Tag, event: str, works: Sequence[Work], context: Context) -> None:
    handler = works[-1].handler
    tag.take_all()
    context.warn(
        "listener_not_run",
        tag,
        zh=f"监听器“{handler}”（{event or '任意事件'}）不在这里执行：这里没有这样的时刻",
        en=f"The listener {handler} ({event or 'any event'}) does not run here: there is no such moment",
        mend=("需要时改为服务任务", "Make it a service task where it is needed"),
    )
