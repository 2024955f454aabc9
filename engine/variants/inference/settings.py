"""What was set at steps, ways and parameters that stayed: one operation for each part that differs."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from engine.model import nodes, triggers
from engine.model.program import Flow, Program
from engine.variants import compose
from engine.variants.draft import Draft, Refused
from engine.variants.inference import likeness, said
from engine.variants.inference.propose import NewId
from engine.variants.operations import kinds
from engine.variants.operations.kinds import AnyOperation

Words = dict[str, Any]


def settings(draft: Draft, aim: Program, new_id: NewId) -> tuple[tuple[AnyOperation, ...], Draft]:
    """Those that apply and bring the draft nearer to the aim, and the draft after them."""
    chosen: list[AnyOperation] = []
    for words in itertools.chain(_nodes(draft, aim), _parameters(draft, aim)):
        draft = _taken(draft, words, aim, chosen, new_id)
    for words in _ways(draft, aim):
        draft = _taken(draft, words, aim, chosen, new_id)
    return tuple(chosen), draft


def _taken(draft: Draft, words: Words, aim: Program, chosen: list[AnyOperation], new_id: NewId) -> Draft:
    """With the operation if it applies and leaves less to be said; else as before."""
    known = {"id": new_id(words["kind"], sum(1 for one in chosen if kinds.kind(one) == words["kind"])), **words}
    if kinds.check([known | {"reason": {"zh-CN": "-", "en": "-"}}]):
        return draft
    (operation,) = kinds.read([known])
    try:
        after = compose.apply(draft, operation)
    except Refused:
        return draft
    target = words["target"]
    if _open(after, aim, target) >= _open(draft, aim, target):
        return draft
    chosen.append(operation)
    return after


def _open(draft: Draft, aim: Program, target: str) -> int:
    """In how many points the target still differs."""
    there = {one.id: one for one in aim.nodes}
    if target in draft.nodes and target in there:
        return len(likeness.different(draft.nodes[target], there[target])) * 10
    if target in draft.flows:
        source = draft.flows[target].source
        here = likeness.ways(draft.freeze()).get(source, [])
        wanted = likeness.ways(aim).get(source, [])
        return len([one for one in here if one not in wanted]) * 2 + _unnamed(draft, aim, target)
    return int(draft.parameters.get(target) != aim.parameters.get(target))


def _unnamed(draft: Draft, aim: Program, flow_id: str) -> int:
    flow = draft.flows[flow_id]
    return int(
        flow.texts not in [one.texts for one in aim.flows if (one.source, one.target) == (flow.source, flow.target)]
    )


def _parameters(draft: Draft, aim: Program) -> Iterator[Words]:
    for name, value in aim.parameters.items():
        if name in draft.parameters and draft.parameters[name] != value:
            yield {"kind": "set_parameter", "target": name, "value": value}


def _nodes(draft: Draft, aim: Program) -> Iterator[Words]:
    for node in aim.nodes:
        here = draft.nodes.get(node.id)
        if here is None:
            continue
        fields = likeness.different(here, node)
        if "kind" in fields:
            yield from _other_kind(node)
            fields = sorted({*fields, *_SETTINGS})
        for field in fields:
            tell = _SETTINGS.get(field)
            words = tell(here, node) if tell is not None else None
            if words:
                yield {**words, "target": node.id}


def _other_kind(node: nodes.AnyNode) -> Iterator[Words]:
    """Who carries a step out changed from a person to the system, or back."""
    target = {"target": node.id}
    if isinstance(node, nodes.ServiceTask) and node.work is not None and (work := said.work(node.work)):
        yield {"kind": "automate", **target, "work": work}
    elif isinstance(node, nodes.ScriptTask) and (script := said.script(node)):
        yield {"kind": "automate", **target, "script": script}
    elif isinstance(node, nodes.BusinessRuleTask) and (decision := said.decision(node)):
        yield {"kind": "automate", **target, "decision": decision}
    elif isinstance(node, nodes.UserTask):
        form = {"form": node.form} if node.form else {}
        yield {"kind": "do_by_person", **target, "performer": said.performer(node.performer), **form}


def _performer(here: nodes.AnyNode, there: nodes.AnyNode) -> Words | None:
    who = getattr(there, "performer", None)
    if who is None:
        return None
    words = said.performer_over(who, getattr(here, "performer", None))
    return {"kind": "set_performer", "performer": words} if words else None


def _form(here: nodes.AnyNode, there: nodes.AnyNode) -> Words | None:
    return {"kind": "set_form", "form": there.form} if isinstance(there, nodes.UserTask) and there.form else None


def _work(here: nodes.AnyNode, there: nodes.AnyNode) -> Words | None:
    """A channel where nothing else of a notice changed, else the whole service."""
    old, new = getattr(here, "work", None), getattr(there, "work", None)
    words = said.work(new) if new is not None else None
    if new is None or words is None:
        return None
    channel = _channel(old, new) if old is not None else None
    return {"kind": "set_channel", **channel} if channel else {"kind": "set_service", "work": words}


def _channel(old: nodes.Work, new: nodes.Work) -> Words | None:
    about = ("channel", "template")

    def rest(work: nodes.Work) -> nodes.Work:
        return msgspec.structs.replace(
            work, parameters=tuple(one for one in work.parameters if one.target not in about)
        )

    words = {key: one for key, one in said.carried(new.parameters).items() if key in about}
    plain = all(isinstance(one, str) and not one.startswith("=") for one in words.values())
    return words if "channel" in words and plain and rest(old) == rest(new) else None


def _promise(here: nodes.AnyNode, there: nodes.AnyNode) -> Words | None:
    base, given = getattr(here, "promise", None), getattr(there, "promise", None)
    return {"kind": "set_sla", "promise": None if given is None else said.promise(given, base)}


def _worth(here: nodes.AnyNode, there: nodes.AnyNode) -> Words | None:
    given = getattr(there, "worth", None)
    words = said.worth(given, getattr(here, "worth", None)) if given is not None else None
    return {"kind": "set_worth", "worth": words} if words else None


def _priority(here: nodes.AnyNode, there: nodes.AnyNode) -> Words | None:
    given = getattr(there, "priority", None)
    return {"kind": "set_priority", "priority": said.value(given)} if given is not None else None


def _loop(here: nodes.AnyNode, there: nodes.AnyNode) -> Words | None:
    return {"kind": "set_loop", "loop": said.loop(there)} if isinstance(there, nodes.Activity) else None


def _timer(here: nodes.AnyNode, there: nodes.AnyNode) -> Words | None:
    given = said.only(there, triggers.Timer)
    return {"kind": "set_timer", "timer": said.timer(given)} if given is not None else None


def _script(here: nodes.AnyNode, there: nodes.AnyNode) -> Words | None:
    words = said.script(there) if isinstance(there, nodes.ScriptTask) else None
    return {"kind": "set_script", "script": words} if words else None


def _decision(here: nodes.AnyNode, there: nodes.AnyNode) -> Words | None:
    words = said.decision(there) if isinstance(there, nodes.BusinessRuleTask) else None
    return {"kind": "set_decision", "decision": words} if words else None


def _result(here: nodes.AnyNode, there: nodes.AnyNode) -> Words | None:
    return _script(here, there) or _decision(here, there)


def _call(here: nodes.AnyNode, there: nodes.AnyNode) -> Words | None:
    words = said.call(there) if isinstance(there, nodes.CallActivity) else None
    return {"kind": "set_call", "call": words} if words else None


def _names(here: nodes.AnyNode, there: nodes.AnyNode) -> Words | None:
    return {"kind": "set_names", "names": said.texts(there.name, there.texts, there.id)}


_SETTINGS: dict[str, Callable[[nodes.AnyNode, nodes.AnyNode], Words | None]] = {
    "texts": _names,
    "performer": _performer,
    "form": _form,
    "priority": _priority,
    "promise": _promise,
    "worth": _worth,
    "work": _work,
    "script": _script,
    "decision": _decision,
    "result": _result,
    "result_shape": _decision,
    "called": _call,
    "inputs": _call,
    "outputs": _call,
    "loop": _loop,
    "standard_loop": _loop,
    "triggers": _timer,
}


def _ways(draft: Draft, aim: Program) -> Iterator[Words]:
    """Conditions first, then which way is the default, then what ways are called."""
    pairs = list(_paired(draft, aim))
    sources = {one.id: one for one in aim.nodes}
    defaults = []
    for here, there in pairs:
        default = getattr(sources.get(there.source), "default", "") == there.id
        if default:
            defaults.append({"kind": "set_condition", "target": here.id, "condition": None})
        elif there.condition is not None:
            yield {"kind": "set_condition", "target": here.id, "condition": "=" + said.translated(there.condition)}
    yield from defaults
    for here, there in pairs:
        if there.texts and here.texts != there.texts:
            yield {"kind": "set_names", "target": here.id, "names": said.texts(there.name, there.texts, there.id)}


def _paired(draft: Draft, aim: Program) -> Iterator[tuple[Flow, Flow]]:
    """The draft's flows beside the aim's: of those with the same ends the ones with the same condition first."""
    left, wanted = list(draft.flows.values()), list(aim.flows)
    for exact in (True, False):
        for there in tuple(wanted):
            found = next((here for here in left if _fits(here, there, exact)), None)
            if found is not None:
                left.remove(found)
                wanted.remove(there)
                yield found, there


def _fits(here: Flow, there: Flow, exact: bool) -> bool:
    if (here.source, here.target) != (there.source, there.target):
        return False
    return not exact or likeness.way(here, None) == likeness.way(there, None)
