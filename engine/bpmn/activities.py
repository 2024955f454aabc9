"""Activities: tasks, call activities and the part that all of them share."""

from collections.abc import Sequence

from engine.bpmn import data, expressions, loops, triggers
from engine.bpmn.dialects.dialect import Dialect
from engine.bpmn.draft import Draft
from engine.bpmn.names import BPMN
from engine.bpmn.reading import Context
from engine.bpmn.tag import Tag
from engine.model.expression import Expression
from engine.model.nodes import Work
from engine.model.performer import Performer

_ROLES = ("potentialOwner", "humanPerformer", "performer", "resourceRole")


def common(draft: Draft, dialects: Sequence[Dialect]) -> None:
    """What every activity has: default flow, loop, mappings, properties, compensation, quantities."""
    tag = draft.tag
    draft.fields["default"] = tag.get("default")
    draft.fields["for_compensation"] = tag.flag("isForCompensation")
    for attribute, field in (("startQuantity", "start_quantity"), ("completionQuantity", "completion_quantity")):
        text = tag.get(attribute)
        if text.isdigit() and int(text) >= 1:
            draft.fields[field] = int(text)
    if tag.name not in ("userTask", "manualTask"):
        _idle_roles(draft)
    loops.read(draft, dialects)
    data.mappings(draft)


def _idle_roles(draft: Draft) -> None:
    for name in _ROLES:
        for role in draft.tag.each(BPMN, name):
            role.take_all()
            draft.context.warn(
                "performer_without_work",
                role,
                zh="只有用户任务和人工任务才有执行人，这里的执行人不起作用",
                en="Only user and manual tasks have a performer; the one given here has no effect",
                mend=("改为用户任务", "Make it a user task"),
            )


def user(draft: Draft, dialects: Sequence[Dialect]) -> None:
    for rendering in draft.tag.each(BPMN, "rendering"):
        rendering.take_all()
    draft.tag.read.add("implementation")
    draft.fields["performer"] = performer(draft.tag, draft.context)


def manual(draft: Draft, dialects: Sequence[Dialect]) -> None:
    found = performer(draft.tag, draft.context)
    if found != Performer():
        draft.fields["performer"] = found


def performer(tag: Tag, context: Context) -> Performer:
    """``humanPerformer`` is the assignee; a potential owner is ``user(a), group(b)``, or a group (Camunda 7)."""
    assignee: Expression | None = None
    users: list[Expression] = []
    groups: list[Expression] = []
    for name in _ROLES:
        for role in tag.each(BPMN, name):
            role.read.update(("id", "name", "resourceRef"))
            for text, line in _assigned(role, context):
                if name == "humanPerformer":
                    assignee = expressions.juel(text, line)
                    continue
                for part in _parts(text):
                    kind, _, inner = part.partition("(")
                    target = users if kind.strip() == "user" and inner else groups
                    word = inner.rstrip(") ") if inner and kind.strip() in ("user", "group") else part
                    target.append(expressions.juel(word.strip(), line))
    return Performer(assignee=assignee, users=tuple(users), groups=tuple(groups))


def _assigned(role: Tag, context: Context) -> list[tuple[str, int]]:
    found = []
    for assignment in role.each(BPMN, "resourceAssignmentExpression"):
        assignment.read.add("id")
        for name in ("formalExpression", "expression"):
            for expression in assignment.each(BPMN, name):
                expression.read.update(expression.attributes)
                if expression.text.strip():
                    found.append((expression.text.strip(), expression.line))
    for name in ("resourceRef", "resourceParameterBinding"):
        for part in role.each(BPMN, name):
            part.take_all()
            if name == "resourceRef" and part.text.strip() and not found:
                resource = context.refer(part.text.strip(), "resource")
                found.append((resource.label if resource is not None else part.text.strip(), part.line))
    return found


def _parts(text: str) -> list[str]:
    """Split at commas outside brackets and expressions."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        depth += (char in "({") - (char in ")}")
        if char == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def service(draft: Draft, dialects: Sequence[Dialect]) -> None:
    work = operation(draft)
    if work is not None:
        draft.fields["work"] = work


def operation(draft: Draft) -> Work | None:
    """An ``operationRef`` names a handler: ``Interface.operation``, waiting to be bound."""
    tag, context = draft.tag, draft.context
    tag.read.add("implementation")
    reference = tag.get("operationRef") or tag.words(BPMN, "operationRef")
    if not reference:
        return None
    found = context.refer(reference, "operation")
    if found is None:
        context.warn(
            "dangling_operation",
            tag,
            zh=f"引用的操作“{reference}”没有定义，按此名称使用",
            en=f"The operation {reference} is not defined; it is used by this name",
        )
        return Work(handler=reference, style="unbound")
    interface = found.parent.label if found.parent is not None else ""
    label = found.label or found.id
    return Work(handler=f"{interface}.{label}" if interface else label, style="unbound")


def send(draft: Draft, dialects: Sequence[Dialect]) -> None:
    draft.fields["message"] = triggers.message(draft.tag, draft.tag, draft.context, dialects)
    draft.tag.read.update(("implementation", "operationRef"))
    draft.tag.words(BPMN, "operationRef")


def receive(draft: Draft, dialects: Sequence[Dialect]) -> None:
    send(draft, dialects)
    draft.fields["instantiate"] = draft.tag.flag("instantiate")


def script(draft: Draft, dialects: Sequence[Dialect]) -> None:
    tag = draft.tag
    body = tag.find(BPMN, "script")
    if body is not None:
        draft.fields["script"] = body.text.strip("\n")
        body.read.update(body.attributes)
    declared = tag.get("scriptFormat") or tag.get("scriptLanguage")
    language = expressions.declared(declared) or declared.rpartition("/")[2].lower() if declared else ""
    defaults = [dialect.script_language for dialect in dialects if dialect.script_language]
    # Spiff's files name Camunda's modeler too: where both are, Python is what their engine runs.
    default = "python" if "python" in defaults or not defaults else defaults[0]
    draft.fields["language"] = {"mvel": "java"}.get(language, language) or default
    if "mvel" in declared.lower():
        draft.fields["language"] = "mvel"


def rule(draft: Draft, dialects: Sequence[Dialect]) -> None:
    draft.tag.read.add("implementation")


def call(draft: Draft, dialects: Sequence[Dialect]) -> None:
    called = draft.tag.get("calledElement")
    if called:
        plain = called.rpartition(":")[2] if not expressions.has_juel(called) else called
        draft.fields["called"] = expressions.juel(plain, draft.tag.line)


def task(draft: Draft, dialects: Sequence[Dialect]) -> None:
    """The undefined task has nothing of its own."""
