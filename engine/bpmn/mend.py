"""Mends that need no thought, done to the file itself: everything else of it stays as its author wrote it."""

import json
import re
from collections.abc import Callable, Iterable

from lxml import etree

from engine.bpmn import elements, ids, markup, read
from engine.bpmn.build import Element
from engine.bpmn.names import BPMN, XSI
from engine.definitions import order_rules
from engine.model.problem import Problem

FILL_DURATION = "PT1H"
"""What a timer gets whose name says no duration either: its author sees it in the drawing and changes it."""


def apply(data: bytes, problems: Iterable[Problem]) -> bytes:
    """The file with every problem mended that names one of FIXES; unchanged when none does.

    Raises markup.Refused for what is no XML at all.
    """
    wanted = [problem for problem in problems if problem.fix in FIXES]
    if not wanted:
        return data
    root = markup.element(data, whole=True)
    for problem in wanted:
        FIXES[problem.fix](root, problem)
    tree = root.getroottree()
    return bytes(etree.tostring(tree, encoding=tree.docinfo.encoding or "UTF-8", xml_declaration=True))


def _named(root: Element, problem: Problem) -> Element | None:
    return _by_id(root, problem.element)


def _add(parent: Element, name: str, text: str) -> Element:
    child = etree.SubElement(parent, f"{{{BPMN}}}{name}")
    child.text = text
    return child


def _formal(parent: Element, name: str, text: str) -> Element:
    """An expression, as the standard wants it in an executable process."""
    child = _add(parent, name, text)
    prefix = next((prefix for prefix, ns in child.nsmap.items() if ns == BPMN), None)
    child.set(f"{{{XSI}}}type", f"{prefix}:tFormalExpression" if prefix else "tFormalExpression")
    return child


def give_ids(root: Element, problem: Problem) -> None:
    """All at once, with the names that the reader gave, so that the mended file reads as the unmended one did."""
    used, seen = ids.Used(root.xpath("//@id")), set[str]()
    for element in root.iter(f"{{{BPMN}}}*"):
        name, key = etree.QName(element).localname, element.get("id", "")
        if name in ids.NEEDING and not key:
            element.set("id", used.fresh(name))
        elif key in seen and name in ids.NEEDING - ids.REFERRED:
            element.set("id", used.fresh(key))
        seen.add(key)


def add_default_flow(root: Element, problem: Problem) -> None:
    """A flow without a condition becomes the default of the gateway that it leaves."""
    flow = _named(root, problem)
    source = _by_id(root, flow.get("sourceRef", "")) if flow is not None and not _said_condition(flow) else None
    if source is not None and not source.get("default"):
        source.set("default", problem.element)


def choose_by_outcome(root: Element, problem: Problem) -> None:
    """Flows out of a choice that say nothing: each is taken when the variable ``outcome`` is its name.

    That is the variable which a user task's buttons set. The default is the flow that is nearest to an end.
    """
    flow = _named(root, problem)
    gateway = _by_id(root, flow.get("sourceRef", "")) if flow is not None else None
    if gateway is None:
        return
    flows = [item for item in root.iter(f"{{{BPMN}}}sequenceFlow") if item.get("sourceRef") == gateway.get("id")]
    silent = [item for item in flows if not _said_condition(item)]
    if not gateway.get("default") and silent:
        gateway.set("default", min(silent, key=lambda item: _steps_to_end(root, item)).get("id"))
    for item in silent:
        if item.get("id") != gateway.get("default"):
            words = " ".join(item.get("name", "").split()) or item.get("id")
            said_so = f"outcome = {json.dumps(words, ensure_ascii=False)}"
            _formal(item, "conditionExpression", said_so).set("language", "feel")


def _said_condition(flow: Element) -> bool:
    """Empty conditions say nothing and go."""
    found = flow.findall(f"{{{BPMN}}}conditionExpression")
    for condition in found:
        if not (condition.text or "").strip():
            flow.remove(condition)
    return any((condition.text or "").strip() for condition in found)


def condition_to_outcome(root: Element, problem: Problem) -> None:
    """A condition in prose becomes the name of an outcome that a person chooses."""
    flow = _named(root, problem)
    condition = flow.find(f"{{{BPMN}}}conditionExpression") if flow is not None else None
    if condition is not None:
        words = " ".join((condition.text or "").split())
        condition.text = f"outcome = {json.dumps(words, ensure_ascii=False)}"
        condition.set("language", "feel")


def _steps_to_end(root: Element, flow: Element) -> int:
    """How many flows lie between this one and an end; very many when none is reached."""
    following: dict[str, list[str]] = {}
    for item in root.iter(f"{{{BPMN}}}sequenceFlow"):
        following.setdefault(item.get("sourceRef", ""), []).append(item.get("targetRef", ""))
    reached, level = {flow.get("sourceRef", "")}, [flow.get("targetRef", "")]
    for steps in range(len(following) + 1):
        if any(not following.get(node) for node in level):
            return steps
        reached.update(level)
        level = [target for node in level for target in following[node] if target not in reached]
        if not level:
            break
    return len(following) + 1


def _by_id(root: Element, key: str) -> Element | None:
    return next(iter(root.xpath("//*[@id = $id]", id=key)), None)


def fill_timer(root: Element, problem: Problem) -> None:
    for timer in _definitions(root, problem, "timerEventDefinition"):
        times = [
            child for child in timer if etree.QName(child).localname.startswith("time") and (child.text or "").strip()
        ]
        if not times:
            for child in list(timer):
                timer.remove(child)
            name = timer.getparent().get("name", "") if timer.getparent() is not None else ""
            _formal(timer, "timeDuration", said(name) or FILL_DURATION)


def said(name: str) -> str:
    """The duration that an event's name says: ``7 days`` is P7D, ``2小时`` PT2H; empty when it says none, or a date."""
    found = _SAID.search(_DATE.sub(" ", name))
    if found is None:
        return ""
    unit = next(unit for start, unit in _UNITS if found[2].lower().startswith(start))
    return unit.format(found[1])


_DATE = re.compile(r"\d{4}\s*年(?:底|末|初)?|\d{1,2}\s*月(?:份|底|末|初)?\s*[/、.-]?\s*(?:\d{1,2}\s*[日号])?")
"""``3月`` is March, ``3个月`` are three months."""
_SAID = re.compile(
    r"(?<![\d.,])(\d{1,4})\s*(sec|min|hour|day|week|month|year|h\b|d\b|秒|分|小时|个小时|天|日|周|星期|个月|年)",
    re.IGNORECASE,
)
_UNITS = (
    *(("sec", "PT{}S"), ("秒", "PT{}S"), ("min", "PT{}M"), ("分", "PT{}M")),
    *(("h", "PT{}H"), ("小时", "PT{}H"), ("个小时", "PT{}H"), ("d", "P{}D"), ("天", "P{}D"), ("日", "P{}D")),
    *(("week", "P{}W"), ("周", "P{}W"), ("星期", "P{}W"), ("month", "P{}M"), ("个月", "P{}M")),
    *(("year", "P{}Y"), ("年", "P{}Y")),
)


def fill_condition(root: Element, problem: Problem) -> None:
    for definition in _definitions(root, problem, "conditionalEventDefinition"):
        conditions = definition.findall(f"{{{BPMN}}}condition")
        if not any((child.text or "").strip() for child in conditions):
            for child in conditions:
                definition.remove(child)
            _formal(definition, "condition", "true").set("language", "feel")


def _definitions(root: Element, problem: Problem, name: str) -> list[Element]:
    """In the element itself, and the shared ones among the root elements that it refers to."""
    holder = _named(root, problem)
    if holder is None:
        return []
    referred = ((ref.text or "").strip().rpartition(":")[2] for ref in holder.iter(f"{{{BPMN}}}eventDefinitionRef"))
    shared = [found for key in referred if (found := _by_id(root, key)) is not None]
    return [*holder.iter(f"{{{BPMN}}}{name}"), *(found for found in shared if etree.QName(found).localname == name)]


def remove_condition(root: Element, problem: Problem) -> None:
    flow = _named(root, problem)
    if flow is None:
        return
    for condition in flow.findall(f"{{{BPMN}}}conditionExpression"):
        flow.remove(condition)


def list_flows(root: Element, problem: Problem) -> None:
    """Name a flow at both its ends, where the standard wants it: behind documentation and extensions."""
    flow = _named(root, problem)
    if flow is None:
        return
    for side, name in (("sourceRef", "outgoing"), ("targetRef", "incoming")):
        node = _by_id(root, flow.get(side, ""))
        if (
            node is None
            or etree.QName(node).localname not in elements.NODES
            or any((child.text or "").strip() == flow.get("id") for child in node.iter(f"{{{BPMN}}}{name}"))
        ):
            continue
        before = {"documentation", "extensionElements", "incoming", *(() if name == "incoming" else ("outgoing",))}
        place = sum(1 for child in node if isinstance(child.tag, str) and etree.QName(child).localname in before)
        child = etree.Element(f"{{{BPMN}}}{name}")
        child.text = flow.get("id")
        node.insert(place, child)


def put_behind(root: Element, problem: Problem) -> None:
    """Entries of a step that hide a variable go behind those that ask for it; the rule says how."""
    holder = _named(root, problem)
    programs = read.read(etree.tostring(root), file="").programs
    found = [(program, node) for program in programs for node in program.nodes if node.id == problem.element]
    if holder is None or not found:
        return
    program, node = found[0]
    for entries in order_rules.lists(node):
        wanted = order_rules.order(entries, order_rules.variables(program))
        if wanted is not None:
            _reorder(holder, [entry.target for entry in entries], wanted)


def _reorder(holder: Element, targets: list[str], order: tuple[int, ...]) -> None:
    """The tags below the holder's extensions that stand for these targets, one after the other, change places."""
    for extensions in holder.findall(f"{{{BPMN}}}extensionElements"):
        for parent in extensions.iter("*"):
            for kind in {child.tag for child in parent if isinstance(child.tag, str)}:
                tags = parent.findall(kind)
                if [tag.get("target") or tag.get("name") for tag in tags] == targets:
                    places = [parent.index(tag) for tag in tags]
                    tails = [tag.tail for tag in tags]
                    for tag in tags:
                        parent.remove(tag)
                    for place, number, tail in zip(places, order, tails, strict=True):
                        parent.insert(place, tags[number])
                        tags[number].tail = tail


FIXES: dict[str, Callable[[Element, Problem], None]] = {
    "give_ids": give_ids,
    "add_default_flow": add_default_flow,
    "choose_by_outcome": choose_by_outcome,
    "condition_to_outcome": condition_to_outcome,
    "fill_timer": fill_timer,
    "fill_condition": fill_condition,
    "remove_condition": remove_condition,
    "list_flows": list_flows,
    "put_behind": put_behind,
}
"""``give_ids`` comes first: the others find their element by its id."""
