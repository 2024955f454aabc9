"""From the words of process.json and variant.json (schemas/step.json) to the parts of a node, and onto a node.

A string that starts with ``=`` is FEEL, every other value stands for itself.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from engine.model import nodes, triggers
from engine.model.expression import Expression
from engine.model.expression import Mapping as Carried
from engine.model.performer import Escalation, Passing, Performer, Promise, Worth

Json = Mapping[str, Any]

KINDS: dict[str, type[nodes.Node]] = {
    "userTask": nodes.UserTask,
    "manualTask": nodes.ManualTask,
    "serviceTask": nodes.ServiceTask,
    "sendTask": nodes.SendTask,
    "receiveTask": nodes.ReceiveTask,
    "scriptTask": nodes.ScriptTask,
    "businessRuleTask": nodes.BusinessRuleTask,
    "callActivity": nodes.CallActivity,
    "intermediateCatchEvent": nodes.CatchEvent,
}
"""What a variant may put in, by the ``type`` of a new node."""


class DoesNotFit(Exception):
    """A part that this kind of node cannot have: ``part`` and the node's ``kind``."""

    def __init__(self, part: str, kind: str) -> None:
        super().__init__(f"a {kind} has no {part}")
        self.part = part
        self.kind = kind


def feel(text: str) -> Expression:
    """Always an expression; a leading ``=`` may stand or not."""
    return Expression(text=text.removeprefix("=").strip())


def value(given: Any) -> Expression:
    """A FEEL expression for ``=...``, else the value itself."""
    if isinstance(given, str):
        return feel(given) if given.startswith("=") else Expression(text=given, language="literal")
    return Expression(text=json.dumps(given, ensure_ascii=False))


def written(expression: Expression) -> str:
    """As an author writes it: the opposite of ``value`` for texts and expressions."""
    return expression.text if expression.language == "literal" else "=" + expression.text


def performer(given: Json, base: Performer | None = None) -> Performer:
    """Whom ``given`` names. The four ways of naming people replace those of ``base`` together; the rest one by one."""
    start = base or Performer()
    if given.keys() & {"assignee", "users", "groups", "rule"}:
        start = msgspec.structs.replace(start, assignee=None, users=(), groups=(), rule="")
    fields: dict[str, Any] = {key: given[key] for key in ("skill", "rule", "sign_mode") if key in given}
    if "assignee" in given:
        fields["assignee"] = value(given["assignee"])
    for key in ("users", "groups"):
        if key in given:
            fields[key] = tuple(value(item) for item in given[key])
    if "exclude_performers_of" in given:
        fields["exclude_performers_of"] = tuple(given["exclude_performers_of"])
    return msgspec.structs.replace(start, **fields)


def passing(given: Json) -> Passing:
    return Passing(**given)


def promise(given: Json) -> Promise:
    ladder = tuple(sorted((Escalation(**rung) for rung in given.get("ladder", ())), key=lambda rung: rung.at_percent))
    return Promise(
        duration=given["duration"], goal=given.get("goal", ""), calendar=given.get("calendar", ""), ladder=ladder
    )


def worth(given: Json, base: Worth | None = None) -> Worth:
    """What is named replaces that part of ``base``."""
    return msgspec.structs.replace(base or Worth(), **given)


def work(given: Json) -> nodes.Work:
    return nodes.Work(
        handler=given["handler"],
        style=given.get("style", "builtin"),
        parameters=_carried(given.get("parameters", {})),
        result=given.get("result", ""),
        retries=given.get("retries", 3),
        headers=dict(given.get("headers", {})),
    )


def timer(given: Json) -> triggers.Timer:
    return triggers.Timer(kind=given["kind"], text=value(given["text"]), calendar=given.get("calendar", ""))


def loop(given: Json | None) -> dict[str, Any]:
    """The two loop fields of an activity; None takes both away."""
    if given is None:
        return {"loop": None, "standard_loop": None}
    if "while" in given:
        standard = nodes.StandardLoop(
            condition=feel(given["while"]), test_before=given.get("test_before", False), maximum=given.get("maximum", 0)
        )
        return {"loop": None, "standard_loop": standard}
    expressions: dict[str, Any] = {
        key: feel(given[key]) for key in ("collection", "output", "completion") if key in given
    }
    if "cardinality" in given:
        cardinality = given["cardinality"]
        expressions["cardinality"] = feel(cardinality) if isinstance(cardinality, str) else value(cardinality)
    return {
        "standard_loop": None,
        "loop": nodes.MultiInstance(
            sequential=given.get("sequential", False),
            element=given.get("element", ""),
            output_collection=given.get("output_collection", ""),
            **expressions,
        ),
    }


def overlay(node: nodes.AnyNode, given: Json) -> nodes.AnyNode:
    """The node with what a step says about it. Raises DoesNotFit for a part that such a node cannot have."""
    fields: dict[str, Any] = {}
    for part, said in given.items():
        if part != "type":
            fields |= _PARTS[part](node, said)
    return msgspec.structs.replace(node, **fields)


def new(node_id: str, given: Json, *, scope: str, origin: str) -> nodes.AnyNode:
    """A node of its own, as an inserted or replacing step. Raises DoesNotFit."""
    made = KINDS[given["type"]](id=node_id, scope=scope, origin=origin)
    return overlay(made, given)  # type: ignore[arg-type]


def _carried(given: Json) -> tuple[Carried, ...]:
    return tuple(Carried(target=name, source=value(item)) for name, item in given.items())


def _names(node: nodes.AnyNode, said: Json) -> dict[str, Any]:
    return {"texts": dict(said)} | ({} if node.name else {"name": said.get("zh-CN", "")})


def _performer(node: nodes.AnyNode, said: Json) -> dict[str, Any]:
    if not isinstance(node, nodes.UserTask | nodes.ManualTask):
        raise DoesNotFit("performer", kind(node))
    fields: dict[str, Any] = {"performer": performer(said, node.performer)}
    if "passing" in said:
        if not isinstance(node, nodes.UserTask):
            raise DoesNotFit("passing", kind(node))
        fields["passing"] = None if said["passing"] is None else passing(said["passing"])
    return fields


def _work(node: nodes.AnyNode, said: Json) -> dict[str, Any]:
    if not hasattr(node, "work"):
        raise DoesNotFit("work", kind(node))
    return {"work": work(said)}


def _decision(node: nodes.AnyNode, said: Json) -> dict[str, Any]:
    if not isinstance(node, nodes.BusinessRuleTask):
        raise DoesNotFit("decision", kind(node))
    return {
        "decision": said["key"],
        "result": said.get("result", ""),
        "result_shape": said.get("result_shape", ""),
        "work": None,
    }


def _script(node: nodes.AnyNode, said: Json) -> dict[str, Any]:
    if not isinstance(node, nodes.ScriptTask):
        raise DoesNotFit("script", kind(node))
    return {"script": said["text"], "language": said.get("language", "feel"), "result": said.get("result", "")}


def _message(node: nodes.AnyNode, said: Json) -> dict[str, Any]:
    message = triggers.Message(
        name=said["name"], key=value(said["key"]) if "key" in said else None, payload=said.get("payload", "")
    )
    if isinstance(node, nodes.ReceiveTask | nodes.SendTask):
        return {"message": message}
    return {"triggers": _swapped(node, triggers.Message, message)}


def _timer(node: nodes.AnyNode, said: Json) -> dict[str, Any]:
    return {"triggers": _swapped(node, triggers.Timer, timer(said))}


def _swapped(node: nodes.AnyNode, sort: type[triggers.Trigger], new_one: triggers.AnyTrigger) -> tuple[Any, ...]:
    """The event's triggers with the one of that sort exchanged; an event without any receives it."""
    if not isinstance(node, nodes.Event):
        raise DoesNotFit(sort.__name__.lower(), kind(node))
    if not node.triggers:
        return (new_one,)
    if sum(isinstance(trigger, sort) for trigger in node.triggers) != 1:
        raise DoesNotFit(sort.__name__.lower(), kind(node))
    return tuple(new_one if isinstance(trigger, sort) else trigger for trigger in node.triggers)


def _call(node: nodes.AnyNode, said: Json) -> dict[str, Any]:
    if not isinstance(node, nodes.CallActivity):
        raise DoesNotFit("call", kind(node))
    fields: dict[str, Any] = {"called": value(said["process"])}
    if "in" in said:
        fields |= {"inputs": _carried(said["in"]), "pass_all_in": False}
    if "out" in said:
        fields |= {"outputs": _carried(said["out"]), "pass_all_out": False}
    return fields


def _loop(node: nodes.AnyNode, said: Json | None) -> dict[str, Any]:
    if not isinstance(node, nodes.Activity):
        raise DoesNotFit("loop", kind(node))
    return loop(said)


def _of_activity(part: str, convert: Callable[[Any], Any]) -> Callable[[nodes.AnyNode, Any], dict[str, Any]]:
    def apply(node: nodes.AnyNode, said: Any) -> dict[str, Any]:
        if not hasattr(node, part):
            raise DoesNotFit(part, kind(node))
        return {part: convert(said)}

    return apply


def _worth(node: nodes.AnyNode, said: Json) -> dict[str, Any]:
    if not isinstance(node, nodes.Activity):
        raise DoesNotFit("worth", kind(node))
    return {"worth": worth(said, node.worth)}


def kind(node: nodes.Node) -> str:
    """The BPMN name of what this node is: ``userTask``."""
    return str(node.__struct_config__.tag)


_PARTS: dict[str, Callable[[nodes.AnyNode, Any], dict[str, Any]]] = {
    "names": _names,
    "performer": _performer,
    "form": _of_activity("form", str),
    "due": _of_activity("due", value),
    "follow_up": _of_activity("follow_up", value),
    "priority": _of_activity("priority", value),
    "promise": _of_activity("promise", lambda said: None if said is None else promise(said)),
    "worth": _worth,
    "work": _work,
    "decision": _decision,
    "script": _script,
    "timer": _timer,
    "message": _message,
    "call": _call,
    "loop": _loop,
}
