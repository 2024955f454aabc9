"""Our own namespace: what BPMN has no word for. Described for authors in docs/bpmn-extensions.md.

A short value is an attribute; an expression is an element whose ``language`` defaults to FEEL, or an attribute that
starts with ``=``. The writer writes exactly what is read here.
"""

import json
from typing import Any, cast, get_args

from engine.bpmn import expressions
from engine.bpmn.dialects.dialect import Dialect, Fields, attribute, extension, extensions, inner
from engine.bpmn.draft import Draft
from engine.bpmn.names import BPMN, CRMFLOW
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model import nodes
from engine.model.expression import Expression, Mapping
from engine.model.performer import Escalation, Passing, Performer, Promise, Worth

NAMESPACES = frozenset({CRMFLOW})
MOMENTS = get_args(nodes.Moment)


def get(tag: Tag, name: str) -> str:
    return attribute(tag, NAMESPACES, name)


def spoken(tag: Tag) -> Expression:
    """An expression element: FEEL unless it says otherwise."""
    return Expression(
        text=tag.text.strip(), language=expressions.declared(tag.get("language")) or "feel", line=tag.line
    )


def short(text: str, line: int) -> Expression:
    """An attribute: FEEL after ``=``, a template with ``${``, else itself."""
    if text.startswith("="):
        return Expression(text=text[1:].strip(), language="feel", line=line)
    return expressions.juel(text, line)


def one(tag: Tag, name: str) -> Expression | None:
    """The element of that name, else the attribute."""
    found = extension(tag, NAMESPACES, name)
    if found is not None:
        return spoken(found)
    text = get(tag, name)
    return short(text, tag.line) if text else None


def several(tag: Tag, element: str, attribute_name: str) -> tuple[Expression, ...]:
    words = [part.strip() for part in get(tag, attribute_name).split(",") if part.strip()]
    return (
        *(short(word, tag.line) for word in words),
        *(spoken(item) for item in extensions(tag, NAMESPACES, element)),
    )


def words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _put(fields: Fields, name: str, value: Any) -> None:
    """Only what is said: an absent word leaves what the standard read."""
    if value not in (None, "", (), {}):
        fields[name] = value


def node(draft: Draft) -> None:
    tag, fields = draft.tag, draft.fields
    _put(fields, "texts", texts(tag))
    _put(fields, "origin", get(tag, "origin"))
    _put(fields, "notes", {item.get("name"): item.get("value") for item in extensions(tag, NAMESPACES, "note")})
    draft.add("inputs", *_mappings(tag, "input"))
    draft.add("outputs", *_mappings(tag, "output"))
    if draft.accepts("promise"):
        _activity(draft)
    if draft.accepts("performer"):
        _put(fields, "performer", performer(tag, fields.get("performer") or Performer()))
    if draft.accepts("passing"):
        _put(fields, "passing", passing(tag))
    for name in ("form", "initiator", "result", "decision", "binding", "version"):
        if draft.accepts(name):
            _put(fields, name, get(tag, name))
    for name, field in _EXPRESSIONS:
        if draft.accepts(field):
            _put(fields, field, one(tag, name))
    if draft.accepts("actions"):
        _put(fields, "actions", words(get(tag, "actions")))
    if draft.accepts("result_shape"):
        _put(fields, "result_shape", get(tag, "resultShape"))
    for name, field in (("passAllIn", "pass_all_in"), ("passAllOut", "pass_all_out")):
        if draft.accepts(field) and get(tag, name):
            fields[field] = get(tag, name) == "true"
    if draft.accepts("work"):
        _put(fields, "work", work(draft))
    _errands(draft)


_EXPRESSIONS = (
    ("due", "due"),
    ("followUp", "follow_up"),
    ("priority", "priority"),
    ("decidedBy", "decided_by"),
    ("called", "called"),
    ("businessKey", "business_key"),
    ("activeElements", "active_elements"),
)


def _activity(draft: Draft) -> None:
    tag, fields = draft.tag, draft.fields
    _put(fields, "promise", promise(tag))
    _put(fields, "worth", worth(tag))
    if get(tag, "asynchronous"):
        fields["asynchronous"] = get(tag, "asynchronous") == "true"
    for name in ("before", "after"):
        script = extension(tag, NAMESPACES, name)
        if script is not None:
            fields[name] = nodes.Script(text=script.text.strip("\n"), language=script.get("language", "python"))


def _mappings(tag: Tag, name: str) -> tuple[Mapping, ...]:
    return tuple(Mapping(target=item.get("target"), source=spoken(item)) for item in extensions(tag, NAMESPACES, name))


def performer(tag: Tag, standard: Performer) -> Performer | None:
    found = Performer(
        assignee=one(tag, "assignee") or standard.assignee,
        users=several(tag, "candidateUser", "candidateUsers") or standard.users,
        groups=several(tag, "candidateGroup", "candidateGroups") or standard.groups,
        skill=get(tag, "skill"),
        rule=get(tag, "rule"),
        sign_mode=cast(Any, get(tag, "signMode") or "any"),
        exclude_performers_of=words(get(tag, "excludePerformersOf")),
    )
    return found if found != Performer() else None


def passing(tag: Tag) -> Passing | None:
    found = extension(tag, NAMESPACES, "passing")
    if found is None:
        return None
    return Passing(
        same_person=cast(Any, found.get("samePerson")),
        starter=found.get("starter") == "true",
        nobody=cast(Any, found.get("nobody")),
    )


def promise(tag: Tag) -> Promise | None:
    found = extension(tag, NAMESPACES, "promise")
    if found is None:
        return None
    ladder = tuple(
        Escalation(
            at_percent=number(rung, "atPercent"),
            action=cast(Any, rung.get("action")),
            to=rung.get("to"),
            of=cast(Any, rung.get("of") or "deadline"),
        )
        for rung in inner(found, "escalation")
    )
    return Promise(
        duration=found.get("duration"), goal=found.get("goal"), calendar=found.get("calendar"), ladder=ladder
    )


def number(tag: Tag, name: str) -> int:
    text = tag.get(name)
    return int(text) if text.lstrip("-").isdigit() else 0


def worth(tag: Tag) -> Worth | None:
    found = extension(tag, NAMESPACES, "worth")
    if found is None:
        return None
    figures = {field: float(found.get(name) or 0) for name, field in _FIGURES}
    return Worth(
        value={item.get("locale"): item.text.strip() for item in inner(found, "text")},
        tag=cast(Any, found.get("tag")),
        **figures,
    )


_FIGURES = (("touchMinutes", "touch_minutes"), ("costRatePerHour", "cost_rate_per_hour"), ("fixedCost", "fixed_cost"))


def work(draft: Draft) -> nodes.Work | None:
    """``<crmflow:work handler=...>``, or the short form ``crmflow:handler="notify"`` (style ``builtin``)."""
    tag = draft.tag
    found = extension(tag, NAMESPACES, "work")
    if found is None:
        name = get(tag, "handler")
        return nodes.Work(handler=name, style="builtin", result=get(tag, "result")) if name else None
    style = found.get("style") or "builtin"
    handler = found.get("handler")
    if style != "builtin":
        draft.context.handler(draft.id, handler, style, process=draft.process, line=found.line)
    if draft.kind is nodes.SendTask and not (tag.get("messageRef") or tag.words(BPMN, "operationRef")):
        draft.fields["message"] = None
    return _job(found)


def _job(tag: Tag) -> nodes.Work:
    return nodes.Work(
        handler=tag.get("handler"),
        named=next((spoken(item) for item in inner(tag, "named")), None),
        style=cast(Any, tag.get("style") or "builtin"),
        parameters=tuple(Mapping(target=item.get("target"), source=spoken(item)) for item in inner(tag, "parameter")),
        result=tag.get("result"),
        retries=number(tag, "retries") if tag.get("retries") else 3,
        priority=next((spoken(item) for item in inner(tag, "priority")), None),
        headers={item.get("name"): item.get("value") for item in inner(tag, "header")},
    )


def _errands(draft: Draft) -> None:
    """``<crmflow:errand at="start" handler=...>``: a job beside the node's own work."""
    for item in extensions(draft.tag, NAMESPACES, "errand"):
        at = item.get("at") or "start"
        if at not in MOMENTS:
            draft.context.note(
                "errand_moment",
                item,
                zh=f"附带作业的时刻“{at}”应为 {'、'.join(MOMENTS)} 之一",
                en=f"The moment {at} of an errand is none of {', '.join(MOMENTS)}",
                mend=("改为其中之一", "Write one of these"),
            )
            continue
        draft.add("errands", nodes.Errand(at=cast(Any, at), work=_job(item)))


def texts(tag: Tag) -> dict[str, str]:
    """``<crmflow:text locale="en">`` and the short form ``crmflow:name-en``."""
    found = {item.get("locale"): item.text.strip() for item in extensions(tag, NAMESPACES, "text")}
    for key in tag.attributes:
        if key.startswith(f"{{{CRMFLOW}}}name-"):
            found[key.partition("name-")[2]] = tag.get(key)
    return found


def trigger(tag: Tag, fields: Fields, context: Context) -> None:
    """``tag`` is an event definition, what it refers to, or the task or event that holds it."""
    for name in ("payload", "code_variable", "message_variable", "variable", "calendar"):
        _put(fields, name, get(tag, _camel(name)))
    handler = extension(tag, NAMESPACES, "handler")
    if handler is not None:
        fields["handler"] = handler.text.strip()
    for name in ("key", "named", "message"):
        _put(fields, name, one(tag, name))
    named = extension(tag, NAMESPACES, "name")
    if named is not None:
        fields["name"] = spoken(named)
    for element, field in (("data", "mappings"), ("property", "properties")):
        _put(fields, field, tuple((item.get("name"), spoken(item)) for item in extensions(tag, NAMESPACES, element)))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def loop(tag: Tag, fields: Fields, context: Context) -> None:
    for name in ("element", "index", "output_collection"):
        _put(fields, name, get(tag, _camel(name)))
    _put(fields, "collection", one(tag, "collection"))
    _put(fields, "output", one(tag, "output"))


def process(tag: Tag, fields: Fields, context: Context) -> None:
    _put(fields, "texts", texts(tag))
    _put(fields, "version_tag", get(tag, "versionTag"))
    _put(fields, "history_time_to_live", get(tag, "historyTimeToLive"))
    _put(fields, "starter_groups", words(get(tag, "starterGroups")))
    _put(fields, "starter_users", words(get(tag, "starterUsers")))
    _put(fields, "inputs", words(get(tag, "inputs")))
    _put(fields, "outputs", words(get(tag, "outputs")))
    _put(fields, "optional_outputs", words(get(tag, "optionalOutputs")))
    for item in extensions(tag, NAMESPACES, "form"):
        document = _json(item, context)
        if isinstance(document, dict):
            context.forms[item.get("key")] = document
    decisions = {item.get("key"): item.text.lstrip() for item in extensions(tag, NAMESPACES, "decision")}
    _put(fields, "decisions", decisions)
    parameters = {item.get("name"): _json(item, context) for item in extensions(tag, NAMESPACES, "parameter")}
    _put(fields, "parameters", parameters)
    _put(fields, "errands", tuple(_job(item) for item in extensions(tag, NAMESPACES, "errand")))


def _json(tag: Tag, context: Context) -> Any:
    try:
        return json.loads(tag.text)
    except (ValueError, RecursionError) as fault:
        context.note(
            "bad_json",
            tag,
            zh=f"“{tag.get('key') or tag.get('name')}”不是有效的 JSON：{fault}",
            en=f"{tag.get('key') or tag.get('name')} is not valid JSON: {fault}",
            mend=("改正 JSON 内容", "Correct the JSON"),
        )
        return None


def flow(tag: Tag, fields: Fields, context: Context) -> None:
    _put(fields, "texts", texts(tag))
    _put(fields, "origin", get(tag, "origin"))
    _put(fields, "errands", tuple(_job(item) for item in extensions(tag, NAMESPACES, "errand")))


def data(tag: Tag, fields: Fields, context: Context) -> None:
    _put(fields, "initial", one(tag, "initial"))
    if get(tag, "collection"):
        fields["collection"] = get(tag, "collection") == "true"


DIALECT = Dialect(
    name="crmflow",
    namespaces=NAMESPACES,
    language="feel",
    node=node,
    trigger=trigger,
    loop=loop,
    process=process,
    data=data,
    flow=flow,
)
