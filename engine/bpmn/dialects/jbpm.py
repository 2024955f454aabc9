"""jBPM and Kogito (``drools:``): work items, service operations, rule groups, people by data inputs."""

from engine.bpmn import expressions
from engine.bpmn.dialects import listeners
from engine.bpmn.dialects.dialect import Dialect, Fields, attribute, extension, extensions, inner
from engine.bpmn.draft import Draft
from engine.bpmn.names import DROOLS
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model import nodes
from engine.model.expression import Expression, Mapping
from engine.model.performer import Performer

NAMESPACES = frozenset({DROOLS, "http://www.jboss.org/bpmn2-emfextmodel"})
HARMLESS = frozenset(
    {
        *("packageName", "version", "adHoc", "dtype", "dg", "dockerinfo", "boundaryca", "erefname", "msgref", "sigref"),
        *("serviceimplementation", "serviceinterface", "serviceoperation", "independent", "waitForCompletion"),
        *(
            "priority",
            "selectable",
            "bgcolor",
            "color",
            "color-background",
            "color-border",
            "import",
            "global",
            "esref",
        ),
        *("metaData", "metaValue", "metaentry", "linkref", "cr", "vp", "executionType", "customDescription"),
        *("timer", "timerinfo", "documentation"),
    }
)
_PEOPLE = {"GroupId": "groups", "ActorId": "users"}
_NOTES = ("TaskName", "Comment", "Description", "Content", "CreatedBy", "Skippable", "Locale")
_UNUSED = (
    "NotStartedReassign",
    "NotCompletedReassign",
    "NotStartedNotify",
    "NotCompletedNotify",
    "multiInstanceItemType",
)


def get(tag: Tag, name: str) -> str:
    return attribute(tag, NAMESPACES, name)


def node(draft: Draft) -> None:
    tag = draft.tag
    for name in ("onEntry-script", "onExit-script"):
        for script in extensions(tag, NAMESPACES, name):
            _script(script, draft, place="before" if name.startswith("onEntry") else "after")
    handler = get(tag, "taskName")
    if handler and issubclass(draft.kind, nodes.Task | nodes.ServiceTask):
        _work_item(draft, handler)
    if issubclass(draft.kind, nodes.ServiceTask) and draft.fields.get("work") is not None:
        work: nodes.Work = draft.fields["work"]
        draft.context.handler(draft.id, work.handler, work.style, process=draft.process, line=tag.line)
    if issubclass(draft.kind, nodes.UserTask):
        _user(draft)
    if issubclass(draft.kind, nodes.BusinessRuleTask):
        _rule(draft)
    if issubclass(draft.kind, nodes.CallActivity):
        draft.fields["pass_all_in"] = not draft.fields.get("inputs")
        draft.fields["pass_all_out"] = not draft.fields.get("outputs")


def _script(tag: Tag, draft: Draft, *, place: str) -> None:
    declared = tag.get("scriptFormat")
    text = "\n".join(part.text.strip() for part in inner(tag, "script"))
    language = expressions.declared(declared)
    if language and text and (language == "python" or listeners.certain(language, text)):
        draft.fields[place] = nodes.Script(text=text, language=language)
        return
    if text:
        event = "start" if place == "before" else "end"
        work = nodes.Work(handler=f"{declared or 'script'} {draft.id}.{event}", style="unbound")
        listeners.beside(draft, tag, event, (work,))


def _work_item(draft: Draft, handler: str) -> None:
    """A ``<task drools:taskName="Rest">`` is done by the work item handler of that name."""
    draft.kind = nodes.ServiceTask
    inputs: tuple[Mapping, ...] = draft.fields.get("inputs", ())
    draft.fields["inputs"] = ()
    draft.fields["work"] = nodes.Work(handler=handler, style="unbound", parameters=inputs)


def _constants(draft: Draft) -> dict[str, Expression]:
    found = {mapping.target: mapping.source for mapping in draft.fields.get("inputs", ())}
    draft.fields["inputs"] = tuple(
        mapping
        for mapping in draft.fields.get("inputs", ())
        if mapping.target not in (*_PEOPLE, *_NOTES, *_UNUSED, "Priority")
    )
    return found


def _user(draft: Draft) -> None:
    """``ActorId`` and potential owners are people, ``GroupId`` groups; both are lists with commas."""
    given = _constants(draft)
    standard: Performer = draft.fields.get("performer", Performer())
    people: dict[str, tuple[Expression, ...]] = {"users": standard.groups, "groups": ()}
    for name, field in _PEOPLE.items():
        if name in given and given[name].text:
            people[field] = (*people[field], *_listed(given[name]))
    draft.fields["performer"] = Performer(assignee=standard.assignee, users=people["users"], groups=people["groups"])
    if "Priority" in given and given["Priority"].text:
        draft.fields["priority"] = given["Priority"]
    notes = {name: given[name].text for name in _NOTES if name in given and given[name].text}
    if notes:
        draft.fields["notes"] = notes


def _listed(expression: Expression) -> tuple[Expression, ...]:
    if expression.language != "literal":
        return (expression,)
    return tuple(expressions.juel(part.strip(), expression.line) for part in expression.text.split(",") if part.strip())


def _rule(draft: Draft) -> None:
    """Decisions by model and name (DMN), or a rule flow group that somebody must bind."""
    group = get(draft.tag, "ruleFlowGroup")
    given = {mapping.target: mapping.source for mapping in draft.fields.get("inputs", ())}
    if "DMN" in draft.tag.attributes.get("implementation", "").upper() or "decision" in given:
        name = given.get("decision") or given.get("model")
        draft.fields["decision"] = name.text if name is not None else ""
    elif group:
        draft.fields["work"] = nodes.Work(handler=f"rules:{group}", style="unbound")
        draft.context.handler(draft.id, f"rules:{group}", "unbound", process=draft.process, line=draft.tag.line)
    draft.fields["inputs"] = tuple(
        mapping
        for mapping in draft.fields.get("inputs", ())
        if mapping.target not in ("fileName", "namespace", "decision", "model")
    )


def trigger(tag: Tag, fields: Fields, context: Context) -> None:
    """A bare number of a timer is milliseconds; with units it is read everywhere (expressions.py)."""
    text = fields.get("text")
    if tag.name in ("timeCycle", "timeDuration") and isinstance(text, Expression) and text.text.strip().isdigit():
        fields["text"] = expressions.literal(f"PT{int(text.text) / 1000:g}S", text.line)


def process(tag: Tag, fields: Fields, context: Context) -> None:
    get(tag, "version")
    imported = extension(tag, NAMESPACES, "import")
    if imported is not None:
        imported.take_all()


DIALECT = Dialect(
    name="jbpm",
    namespaces=NAMESPACES,
    script_language="java",
    harmless=HARMLESS,
    node=node,
    trigger=trigger,
    process=process,
)
