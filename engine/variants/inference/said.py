"""The parts of a node in the words of schemas/step.json: the opposite of engine.definitions.steps.

None stands for what those words cannot say.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from engine import errors, feel
from engine.definitions import steps
from engine.model import nodes, triggers
from engine.model.expression import Expression, Mapping
from engine.model.performer import Escalation, Performer, Promise, Worth
from engine.model.text import EN, ZH, Text

Words = dict[str, Any]


def texts(name: str, said: Text, node_id: str) -> Text:
    """Both languages; the one that is not said says what the other does, at last the id."""
    return {ZH: said.get(ZH) or name or said.get(EN) or node_id, EN: said.get(EN) or name or said.get(ZH) or node_id}


def value(expression: Expression) -> Any:
    """A text, a FEEL expression as ``=...``, or a number or list that it stands for."""
    if expression.language == "literal":
        return expression.text
    if expression.language != "feel":
        return "=" + translated(expression)
    try:
        plain = json.loads(expression.text)
    except ValueError:
        return "=" + expression.text
    return plain if steps.value(plain) == expression else "=" + expression.text


def translated(expression: Expression) -> str:
    """As FEEL; the text as it stands where there is no translation, which the comparison then finds."""
    if expression.language in ("feel", "literal"):
        return expression.text
    try:
        return feel.compile_dialect(expression.text, expression.language).feel_text
    except errors.Invalid:
        return expression.text


def performer(who: Performer) -> Words:
    """Everything that can be said of it; those who are not named are named as nobody."""
    said: Words = {"groups": [value(one) for one in who.groups]}
    if who.users:
        said["users"] = [value(one) for one in who.users]
    if who.assignee is not None:
        said["assignee"] = value(who.assignee)
    said |= {key: getattr(who, key) for key in ("skill", "rule") if getattr(who, key)}
    if who.sign_mode != "any":
        said["sign_mode"] = who.sign_mode
    if who.exclude_performers_of:
        said["exclude_performers_of"] = list(who.exclude_performers_of)
    if not said["groups"] and {"users", "assignee", "rule"} & said.keys():
        del said["groups"]
    return said


PEOPLE = ("assignee", "users", "groups", "rule")
"""Ways to name who does it: one that is said replaces all that were (engine.definitions.steps)."""


def performer_over(who: Performer, base: Performer | None) -> Words:
    """Only what is different from ``base``."""
    before, said = base or Performer(), performer(who)
    if all(getattr(before, key) == getattr(who, key) for key in PEOPLE):
        said = {key: one for key, one in said.items() if key not in PEOPLE}
    if before.sign_mode != "any":
        said.setdefault("sign_mode", "any")
    if before.exclude_performers_of:
        said.setdefault("exclude_performers_of", [])
    alike = {key for key in said if key not in PEOPLE and getattr(before, key) == getattr(who, key)}
    return {key: one for key, one in said.items() if key not in alike}


def promise(given: Promise, base: Promise | None = None) -> Words:
    """What ``base`` has and ``given`` has not is said to be none."""
    said: Words = {"duration": given.duration}
    if given.goal or (base and base.goal):
        said["goal"] = given.goal
    if given.calendar:
        said["calendar"] = given.calendar
    if given.ladder or (base and base.ladder):
        said["ladder"] = [_rung(rung) for rung in given.ladder]
    return said


def _rung(rung: Escalation) -> Words:
    said: Words = msgspec.to_builtins(rung)
    if rung.of == "deadline":
        del said["of"]
    return said


def worth(given: Worth, base: Worth | None = None) -> Words:
    before = base or Worth()
    fields = ("value", "tag", "touch_minutes", "cost_rate_per_hour", "fixed_cost")
    return {key: getattr(given, key) for key in fields if getattr(given, key) != getattr(before, key)}


def work(given: nodes.Work) -> Words | None:
    if given.named is not None or given.priority is not None or given.style == "unbound":
        return None
    said: Words = {"handler": given.handler}
    if given.style != "builtin":
        said["style"] = given.style
    if given.parameters:
        said["parameters"] = carried(given.parameters)
    if given.retries != 3:
        said["retries"] = given.retries
    return said | {key: getattr(given, key) for key in ("result", "headers") if getattr(given, key)}


def carried(given: Iterable[Mapping]) -> Words:
    return {one.target: value(one.source) for one in given}


def script(node: nodes.ScriptTask) -> Words | None:
    if not node.script or node.language not in ("feel", "python"):
        return None
    said = {"text": node.script, "language": node.language}
    return said | ({"result": node.result} if node.result else {})


def decision(node: nodes.BusinessRuleTask) -> Words | None:
    if not node.decision or node.decided_by is not None or node.work is not None:
        return None
    said = {"key": node.decision}
    return said | {key: getattr(node, key) for key in ("result", "result_shape") if getattr(node, key)}


def timer(given: triggers.Timer) -> Words:
    said = {"kind": given.kind, "text": value(given.text)}
    return said | ({"calendar": given.calendar} if given.calendar else {})


def message(given: triggers.Message) -> Words:
    said: Words = {"name": given.name}
    if given.key is not None:
        said["key"] = value(given.key)
    return said | ({"payload": given.payload} if given.payload else {})


def call(node: nodes.CallActivity) -> Words | None:
    if node.called is None:
        return None
    said: Words = {"process": value(node.called)}
    if not node.pass_all_in:
        said["in"] = carried(node.inputs)
    if not node.pass_all_out:
        said["out"] = carried(node.outputs)
    return said


def loop(node: nodes.Activity) -> Words | None:
    if node.standard_loop is not None:
        return _standard(node.standard_loop)
    many = node.loop
    if many is None:
        return None
    said: Words = {"sequential": True} if many.sequential else {}
    for key in ("collection", "output", "completion"):
        expression = getattr(many, key)
        if expression is not None:
            said[key] = translated(expression)
    if many.cardinality is not None:
        said["cardinality"] = value(many.cardinality)
    return said | {key: getattr(many, key) for key in ("element", "output_collection") if getattr(many, key)}


def _standard(given: nodes.StandardLoop) -> Words | None:
    if given.condition is None:
        return None
    said: Words = {"while": translated(given.condition)}
    return said | {key: getattr(given, key) for key in ("test_before", "maximum") if getattr(given, key)}


def only(node: nodes.AnyNode, sort: type[triggers.Trigger]) -> Any:
    """The one trigger of that sort that an event has; None for several or none."""
    found = [one for one in getattr(node, "triggers", ()) if isinstance(one, sort)]
    return found[0] if len(found) == 1 else None


def new_node(node: nodes.AnyNode) -> Words | None:
    """The node as one that an operation puts in; None for a kind that none does. What it cannot say is left out."""
    kind = steps.kind(node)
    if kind not in steps.KINDS:
        return None
    said: Words = {"type": kind, "names": texts(node.name, node.texts, node.id)}
    for part, tell in _PARTS.items():
        words = tell(node)
        if words is not None and words != {}:
            said[part] = words
    return said


def _of(part: str, tell: Callable[[Any], Any]) -> Callable[[nodes.AnyNode], Any]:
    return lambda node: None if getattr(node, part, None) in (None, "") else tell(getattr(node, part))


def _told_performer(node: nodes.AnyNode) -> Words | None:
    who = getattr(node, "performer", None)
    return performer(who) if who is not None and who != Performer() else None


def _told_message(node: nodes.AnyNode) -> Words | None:
    given = only(node, triggers.Message) if isinstance(node, nodes.Event) else getattr(node, "message", None)
    return message(given) if isinstance(given, triggers.Message) else None


_PARTS: dict[str, Callable[[nodes.AnyNode], Any]] = {
    "performer": _told_performer,
    "form": _of("form", str),
    "due": _of("due", value),
    "follow_up": _of("follow_up", value),
    "priority": _of("priority", value),
    "promise": _of("promise", promise),
    "worth": _of("worth", worth),
    "work": _of("work", work),
    "decision": lambda node: decision(node) if isinstance(node, nodes.BusinessRuleTask) else None,
    "script": lambda node: script(node) if isinstance(node, nodes.ScriptTask) else None,
    "timer": lambda node: timer(found) if (found := only(node, triggers.Timer)) is not None else None,
    "message": _told_message,
    "call": lambda node: call(node) if isinstance(node, nodes.CallActivity) else None,
    "loop": lambda node: loop(node) if isinstance(node, nodes.Activity) else None,
}
