"""The forms by which a variant is changed: which fields each asks for, and the operation that comes of them.

Four elements of a process and its service level; a form is one kind of change. What comes of it is checked like any
operation (schemas/variant.json, bounds, proof): a form decides nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.model import nodes
from engine.model.text import EN, ZH
from engine.variants.operations.operation import Element
from web.ui import choices
from web.ui.choices import Bench, Source

Sent = Mapping[str, Any]
Widget = Literal["select", "many", "text", "area", "number"]


@dataclass(frozen=True)
class Field:
    """``many`` sends a list. ``help`` names a text that says more."""

    name: str
    widget: Widget = "text"
    options: Source | None = None
    needed: bool = True
    help: str = ""


@dataclass(frozen=True)
class Form:
    key: str
    element: Element
    fields: tuple[Field, ...]
    make: Callable[[Sent, Bench], dict[str, Any]]
    """The operation without id and reason."""
    missing: Callable[[Sent], tuple[str, ...]] = field(default=lambda sent: ())
    """Fields of which one at least must be given, where none is."""


def asked(form: Form, sent: Any) -> tuple[dict[str, Any], list[str]]:
    """What was entered, and the names of fields that must not be empty; ``sent`` is a MultiDict."""
    values: dict[str, Any] = {}
    for one in (*form.fields, *REASON):
        many = [item for item in sent.getlist(one.name) if item]
        values[one.name] = many if one.widget == "many" else sent.get(one.name, "").strip()
    empty = [one.name for one in (*form.fields, *REASON) if one.needed and not values[one.name]]
    return values, [*empty, *form.missing(values)]


def reason(sent: Sent, locale: str) -> dict[str, str]:
    """In both languages; the one that was not entered says the same."""
    return {ZH: sent["reason"], EN: sent["reason"]}


def new_id(group: str, form: Form, taken: set[str]) -> str:
    """``ka_insert_2``: unique in the process for ever."""
    stem = re.sub(r"[^a-z0-9]+", "_", f"{group or 'x'}_{form.key}".lower()).strip("_")
    stem = stem if stem[0].isalpha() else f"v_{stem}"
    number = 1
    while any(one == f"{stem}_{number}" or one.startswith(f"{stem}_{number}_") for one in taken):
        number += 1
    return f"{stem}_{number}"


def _texts(sent: Sent) -> dict[str, str]:
    return {ZH: sent["name_zh"], EN: sent["name_en"]}


def _place(value: str) -> dict[str, str]:
    where, _, element = value.partition(":")
    return {where: element}


def _performer(sent: Sent) -> dict[str, Any]:
    said: dict[str, Any] = {"groups": sent["groups"]} if sent["groups"] else {}
    if sent.get("person"):
        said["assignee"] = sent["person"]
    if sent.get("rule"):
        said["rule"] = sent["rule"]
    return said


def _number(value: str) -> Any:
    """A number where it is one, else the text itself."""
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() else number


def _duration(sent: Sent, name: str = "number") -> str:
    number = sent[name]
    return str({"minutes": f"PT{number}M", "hours": f"PT{number}H", "days": f"P{number}D"}.get(sent["unit"], number))


def _new_task(sent: Sent) -> dict[str, Any]:
    node = {"type": "userTask", "names": _texts(sent), "performer": _performer(sent)}
    return node | ({"form": sent["form"]} if sent["form"] else {})


def _notice(sent: Sent) -> dict[str, Any]:
    said = {"channel": sent["channel"], "subject": sent["name_en"], "text": sent["text"]}
    return {"type": "sendTask", "names": _texts(sent), "work": {"handler": "notify", "parameters": said}}


def _four_eyes(sent: Sent, bench: Bench) -> dict[str, Any]:
    """On top of the steps whose performers are kept out already."""
    node = next((one for one in bench.program.nodes if one.id == sent["step"]), None)
    before = node.performer.exclude_performers_of if isinstance(node, nodes.UserTask) else ()
    excluded = dict.fromkeys([*before, *sent["others"]])
    return {"kind": "set_performer", "target": sent["step"], "performer": {"exclude_performers_of": list(excluded)}}


def _somebody(sent: Sent) -> tuple[str, ...]:
    named = sent["groups"] or sent.get("person") or sent.get("rule") in ("owner", "manager")
    return () if named else ("groups",)


def _promise(sent: Sent) -> dict[str, Any]:
    more = {"goal": _duration(sent, "goal")} if sent["goal"] else {}
    return {"duration": _duration(sent)} | more | ({"calendar": sent["calendar"]} if sent["calendar"] else {})


def _decided(sent: Sent) -> dict[str, Any]:
    return {"key": sent["decision"]} | ({"result": sent["result"]} if sent["result"] else {})


def _set(kind: str, *names: str) -> Callable[[Sent, Bench], dict[str, Any]]:
    return lambda sent, bench: {
        "kind": kind,
        "target": sent["step"],
        **{name: sent[name] for name in names if sent[name]},
    }


REASON = (Field("reason"),)
NAMES = (Field("name_zh"), Field("name_en"))
WHO = (Field("groups", "many", choices.staff, needed=False), Field("person", "select", choices.people, needed=False))
PLACE = Field("place", "select", choices.places)
FORM = Field("form", "select", choices.forms)
NO_FORM = Field("form", "select", choices.forms, needed=False)
SPAN = (Field("number", "number"), Field("unit", "select", choices.units))
CONDITION = Field("condition", help="condition_help")


def _step(source: Source) -> Field:
    return Field("step", "select", source)


FORMS: tuple[Form, ...] = (
    Form("insert", "activity", (PLACE, *NAMES, *WHO, NO_FORM),
         lambda sent, bench: {"kind": "insert", "at": _place(sent["place"]), "node": _new_task(sent)}, _somebody),
    Form("notice", "activity", (PLACE, *NAMES, Field("channel", "select", choices.channels), Field("text", "area")),
         lambda sent, bench: {"kind": "insert", "at": _place(sent["place"]), "node": _notice(sent)}),
    Form("delete", "activity", (_step(choices.activities),), _set("delete")),
    Form("replace", "activity", (_step(choices.activities), *NAMES, *WHO, NO_FORM),
         lambda sent, bench: {"kind": "replace", "target": sent["step"], "node": _new_task(sent)}, _somebody),
    Form("move", "logic", (_step(choices.movable), PLACE),
         lambda sent, bench: {"kind": "move", "target": sent["step"], "at": _place(sent["place"])}),
    Form("make_optional", "logic", (_step(choices.movable), CONDITION), _set("make_optional", "condition")),
    Form("set_condition", "logic", (_step(choices.ways), Field("condition", needed=False, help="default_help")),
         lambda sent, bench: {"kind": "set_condition", "target": sent["step"], "condition": sent["condition"] or None}),
    Form("parallelise", "logic", (_step(choices.activities), Field("next", "select", choices.activities)),
         lambda sent, bench: {"kind": "parallelise", "targets": [sent["step"], sent["next"]]}),
    Form("add_branch", "logic", (_step(choices.branching), Field("to", "select", choices.goals), CONDITION),
         _set("add_branch", "to", "condition")),
    Form("set_timer", "logic", (_step(choices.timed), *SPAN),
         lambda sent, bench: {"kind": "set_timer", "target": sent["step"],
                              "timer": {"kind": "duration", "text": _duration(sent)}}),
    Form("set_form", "way", (_step(choices.tasks), FORM), _set("set_form", "form")),
    Form("set_channel", "way", (_step(choices.notices), Field("channel", "select", choices.channels)),
         _set("set_channel", "channel")),
    Form("set_service", "way", (_step(choices.services), Field("handler", "select", choices.handlers)),
         lambda sent, bench: {"kind": "set_service", "target": sent["step"], "work": {"handler": sent["handler"]}}),
    Form("set_decision", "way",
         (_step(choices.ruled), Field("decision", "select", choices.decisions), Field("result", needed=False)),
         lambda sent, bench: {"kind": "set_decision", "target": sent["step"], "decision": _decided(sent)}),
    Form("set_parameter", "way", (Field("parameter", "select", choices.parameters), Field("value")),
         lambda sent, bench: {"kind": "set_parameter", "target": sent["parameter"], "value": _number(sent["value"])}),
    Form("set_names", "way", (_step(choices.activities), *NAMES),
         lambda sent, bench: {"kind": "set_names", "target": sent["step"], "names": _texts(sent)}),
    Form("set_performer", "performer",
         (_step(choices.tasks), *WHO, Field("rule", "select", choices.rules, needed=False)),
         lambda sent, bench: {"kind": "set_performer", "target": sent["step"], "performer": _performer(sent)},
         _somebody),
    Form("four_eyes", "performer", (_step(choices.tasks), Field("others", "many", choices.tasks)), _four_eyes),
    Form("automate", "performer",
         (_step(choices.tasks), Field("decision", "select", choices.decisions),
          Field("result", needed=False, help="result_help")),
         lambda sent, bench: {"kind": "automate", "target": sent["step"], "decision": _decided(sent)}),
    Form("do_by_person", "performer", (_step(choices.automatic), *WHO, NO_FORM),
         lambda sent, bench: {"kind": "do_by_person", "target": sent["step"], "performer": _performer(sent)}
         | ({"form": sent["form"]} if sent["form"] else {}), _somebody),
    Form("set_sla", "service_level",
         (_step(choices.activities), *SPAN, Field("goal", "number", needed=False, help="goal_help"),
          Field("calendar", "select", choices.calendars, needed=False)),
         lambda sent, bench: {"kind": "set_sla", "target": sent["step"], "promise": _promise(sent)}),
    Form("set_priority", "service_level", (_step(choices.tasks), Field("number", "number")),
         lambda sent, bench: {"kind": "set_priority", "target": sent["step"], "priority": _number(sent["number"])}),
    Form("set_calendar", "service_level",
         (_step(choices.promised), Field("calendar", "select", choices.calendars)), _set("set_calendar", "calendar")),
)  # fmt: skip
BY_KEY = {form.key: form for form in FORMS}
