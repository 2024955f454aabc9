"""A draft tried out in the browser: begin, complete, answer, deliver, let time pass, undo; nothing of it is kept.

What was done so far travels in the page as a scenario; each press adds a step or takes the last one away.
"""

from collections.abc import Mapping
from typing import Any

import flask
import msgspec

from engine import errors
from engine.analytics import telling
from engine.forms import rows, steps
from engine.model import nodes
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import both
from engine.simulation import sandbox, scenario
from engine.simulation.sandbox import Stand, Waiting
from engine.simulation.scenario import Scenario
from web.ui import door, drawings, filling, known, language, visitor

blueprint = flask.Blueprint("sandbox", __name__, url_prefix="/designer")
LARGEST_STORY = 500_000
LARGEST_DATA = 50_000


@blueprint.get("/<key>/<int:n>/play")
@door.needs("process.draw")
def show(key: str, n: int) -> flask.typing.ResponseReturnValue:
    return _page(key, n, None)


@blueprint.post("/<key>/<int:n>/play")
@door.needs("process.draw")
def act(key: str, n: int) -> flask.typing.ResponseReturnValue:
    """``do`` says what happens now; what cannot happen leaves the story as it was, with the reason."""
    before = _story()
    try:
        return _page(key, n, _next(_stand(key, n, before), before))
    except errors.Invalid as error:
        return _page(key, n, before, error), 422


@blueprint.get("/<key>/<int:n>/play/drawing")
@door.needs("process.draw")
def drawing(key: str, n: int) -> flask.typing.ResponseReturnValue:
    """``now`` and ``done`` name nodes."""
    program = _stand(key, n, None).program
    nodes_of = {name: flask.request.args.get(name, "").split(",") for name in ("done", "now")}
    return drawings.answer(program, dict.fromkeys(nodes_of["done"], "done") | dict.fromkeys(nodes_of["now"], "now"))


def _stand(key: str, n: int, story: Scenario | None) -> Stand:
    return sandbox.play(visitor.engine(), process=key, n=n, story=story, agent=visitor.me(), now=visitor.now())


def _story() -> Scenario | None:
    """What was done so far. Raises Invalid for what nobody here wrote."""
    text = flask.request.form.get("story", "")
    if not text:
        return None
    if len(text) > LARGEST_STORY:
        raise errors.TooLarge("story_too_long", zh="试运行的内容过大。", en="What was played is too large.")
    return scenario.decode(text.encode())


def _next(stand: Stand, before: Scenario | None) -> Scenario | None:
    deed = flask.request.form.get("do", "")
    if deed == "restart":
        return None
    if before is None:
        data = filling.typed(_start_form(stand.program))
        begin = scenario.Begin(at=visitor.now(), data=data, agent=visitor.me().key)
        return Scenario(start=begin)
    if deed == "undo":
        return msgspec.structs.replace(before, steps=before.steps[:-1]) if before.steps else None
    verb, _, number = deed.partition(":")
    wait = next((one for one in stand.open if str(one.id) == number), None)
    step = _step(stand, verb, wait)
    return msgspec.structs.replace(before, steps=(*before.steps, step)) if step else before


def _step(stand: Stand, verb: str, wait: Waiting | None) -> dict[str, Any]:
    """The step that a button stands for; empty for one that is not on the page any more."""
    form = flask.request.form
    if verb == "pass" and form.get("span", "").strip():
        return {"wait": form["span"].strip()[:50]}
    if wait is None:
        return {}
    if verb == "complete":
        schema = steps.of(stand.program.forms, wait.form, wait.node) or filling.EMPTY
        data = rows.whole(_columns(stand, wait), filling.typed(schema), stand.variables)
        return {"complete": wait.node, "data": data, "agent": visitor.me().key}
    if verb == "answer":
        return {"answer": wait.node, "data": _data(wait)}
    if verb == "fail":
        return {"fail": wait.node, "kind": "error", "code": form.get(f"code-{wait.id}", "").strip()[:200] or "failed"}
    if verb == "deliver" and wait.kind in ("message", "signal"):
        told = {wait.kind: wait.name, "data": _data(wait)}
        return told | ({"key": wait.key} if wait.key is not None and wait.kind == "message" else {})
    if verb == "fire" and wait.due_at is not None:
        return {"until": wait.due_at.isoformat()}
    return {}


def _data(wait: Waiting) -> dict[str, Any]:
    text = flask.request.form.get(f"data-{wait.id}", "").strip()
    try:
        if len(text) > LARGEST_DATA:
            raise ValueError("too large")
        return msgspec.json.decode(text, type=dict[str, Any]) if text else {}
    except (msgspec.MsgspecError, ValueError, RecursionError) as fault:
        place = Problem(code="data_wrong", text=both(zh="应为 JSON 对象", en="a JSON object"), pointer=f"/{wait.id}")
        raise errors.Invalid(
            "data_wrong",
            zh='数据应为 JSON 对象，例如 {"level": 2}。',
            en='The data are no JSON object, such as {"level": 2}.',
            problems=(place,),
        ) from fault


def _start_form(program: Program) -> Mapping[str, Any]:
    starts = [node for node in program.nodes if isinstance(node, nodes.StartEvent) and not node.scope]
    start = next((node for node in starts if node.form), None)
    return (steps.of(program.forms, start.form, start.id) if start else None) or filling.EMPTY


def _form(stand: Stand, story: Scenario | None, chosen: Waiting | None) -> Mapping[str, Any]:
    """What is asked for now: to begin, else for the chosen task."""
    if story is None:
        return _start_form(stand.program)
    return (steps.of(stand.program.forms, chosen.form, chosen.node) if chosen else None) or {}


def _columns(stand: Stand, wait: Waiting | None) -> Mapping[str, frozenset[str]]:
    """Those of rows that the step does not see."""
    form = stand.program.forms.get(wait.form) if wait is not None else None
    return steps.hidden(form, wait.node)[1] if form is not None and wait is not None else {}


def _page(key: str, n: int, story: Scenario | None, error: errors.Invalid | None = None) -> str:
    stand = _stand(key, n, story)
    wrong: tuple[Problem, ...] = stand.problems
    if story is not None and story.steps and wrong:
        # The step that could not be done is taken back; what was typed stays in its form.
        typed = story.steps[-1].get("data", {})
        story = msgspec.structs.replace(story, steps=story.steps[:-1])
        stand = _stand(key, n, story)
    else:
        typed = {}
    chosen = _chosen(stand)
    form = _form(stand, story, chosen)
    told = telling.names(stand.program, known.people())
    shown = rows.given(_columns(stand, chosen), typed or stand.variables)
    return flask.render_template(
        "designer/play.html",
        process=known.processes()[key],
        key=key,
        n=n,
        stand=stand,
        begun=story is not None and stand.begun,
        steps=len(story.steps) if story else 0,
        story=msgspec.json.encode(story).decode() if story is not None and stand.begun else "",
        chosen=chosen,
        drawn=filling.Drawn(form or filling.EMPTY, shown, wrong),
        wrong=[language.said(one.text) for one in wrong if not one.pointer],
        refused=language.said(error.text) if error else "",
        history=[(one.at, said) for one in stand.history if (said := telling.tell(one.fact, told)) is not None],
        name=lambda node: language.said(told.step(node)),
        next_timer=min((one for one in stand.open if one.due_at and one.kind == "timer"), key=_due, default=None),
        pretty=lambda value: msgspec.json.format(msgspec.json.encode(value)).decode(),
    )


def _due(wait: Waiting) -> Any:
    return wait.due_at


def _chosen(stand: Stand) -> Waiting | None:
    """The task whose form is on the page: the one that was asked for, else the first."""
    tasks = [one for one in stand.open if one.kind == "work"]
    asked = flask.request.form.get("do", "").partition("choose:")[2]
    return next((one for one in tasks if str(one.id) == asked), tasks[0] if tasks else None)
