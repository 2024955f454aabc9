"""Drawing a process in the browser: a new one, the modeler's page, what it asks while one draws, and its saves."""

from typing import Any, get_args

import flask

from engine import errors
from engine.definitions import bases, drafts
from engine.model.performer import Escalation
from engine.model.problem import Problem
from engine.model.text import EN, LOCALES, ZH
from web.ui import choices, door, known, language, texts, visitor

blueprint = flask.Blueprint("modeler", __name__, url_prefix="/designer")
ACTIONS = get_args(Escalation.__annotations__["action"])


@blueprint.get("/new")
@door.needs("process.draw")
def new() -> flask.typing.ResponseReturnValue:
    return _new({}, None)


@blueprint.post("/new")
@door.needs("process.draw")
def begin() -> flask.typing.ResponseReturnValue:
    """What was entered stays on the page when it cannot be taken."""
    entered = {name: flask.request.form.get(name, "").strip() for name in ("key", "name_zh", "name_en", "pillar")}
    names = {ZH: entered["name_zh"], EN: entered["name_en"]}
    try:
        version = drafts.begin(
            visitor.engine(),
            key=entered["key"],
            names=names,
            pillar=entered["pillar"] or "X",
            agent=visitor.me(),
            now=visitor.now(),
        )
    except (errors.Invalid, errors.Conflict) as error:
        return _new(entered, error), error.status
    return flask.redirect(flask.url_for("modeler.draw", key=version.process, n=version.n), 303)


@blueprint.get("/<key>/<int:n>/draw")
@door.needs("process.draw")
def draw(key: str, n: int) -> flask.typing.ResponseReturnValue:
    found = drafts.opened(visitor.engine(), process=key, n=n, agent=visitor.me())
    process = known.processes()[key]
    return flask.render_template(
        "designer/draw.html",
        process=process,
        opened=found,
        namespace=drafts.OWN_WORDS.decode(),
        choices=_choices(choices.Bench(found.program, bases.definition(process))),
        words=_words("draw"),
    )


@blueprint.get("/<key>/<int:n>/draw/file")
@door.needs("process.draw")
def file(key: str, n: int) -> flask.typing.ResponseReturnValue:
    """The drawing, and what its saves will say that they saw."""
    found = drafts.opened(visitor.engine(), process=key, n=n, agent=visitor.me())
    return flask.jsonify({"xml": found.drawing.decode("utf-8", errors="replace"), "seen": found.seen})


@blueprint.post("/<key>/<int:n>/draw/check")
@door.needs("process.draw")
def check(key: str, n: int) -> flask.typing.ResponseReturnValue:
    sent = _sent()
    found = drafts.check(visitor.engine(), process=key, n=n, drawing=sent["drawing"].encode(), agent=visitor.me())
    return flask.jsonify({"problems": [_shape(problem) for problem in found]})


@blueprint.post("/<key>/<int:n>/draw/save")
@door.needs("process.draw")
def save(key: str, n: int) -> flask.typing.ResponseReturnValue:
    """Refused, it says why, and what the newest version is: nothing of what was drawn leaves the canvas."""
    sent = _sent()
    try:
        made = drafts.save(
            visitor.engine(),
            process=key,
            n=n,
            drawing=sent["drawing"].encode(),
            seen=sent["seen"],
            agent=visitor.me(),
            now=visitor.now(),
        )
    except (errors.Invalid, errors.Conflict, errors.TooLarge, errors.NotFound) as error:
        problems = [_shape(problem) for problem in getattr(error, "problems", ())]
        newest = _newest(key, error)
        return flask.jsonify({"text": error.text, "problems": problems, "newest": newest}), error.status
    version = next(one for one in made.versions if one.process == key)
    address = flask.url_for("designer.version", key=key, n=version.n)
    return flask.jsonify({"n": version.n, "seen": version.resource_id, "address": address})


def _sent() -> dict[str, str]:
    """``drawing`` and ``seen`` of a JSON object, as text."""
    body: Any = flask.request.get_json(silent=True)
    if not isinstance(body, dict) or not all(isinstance(body.get(name, ""), str) for name in ("drawing", "seen")):
        raise errors.Invalid(
            "request_invalid", zh="请求无法读取。", en="The request cannot be read: expected a JSON object of texts."
        )
    return {name: body.get(name, "") for name in ("drawing", "seen")}


def _newest(key: str, error: errors.CrmflowError) -> dict[str, Any] | None:
    if error.code != "draft_changed":
        return None
    n = error.ids["n"]
    return {"n": n, "seen": error.ids["seen"], "address": flask.url_for("modeler.draw", key=key, n=n)}


def _shape(problem: Problem) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in ("code", "severity", "element", "name", "line", "text", "mend")}


def _choices(bench: choices.Bench) -> dict[str, Any]:
    """What the panel offers: pairs of a key and what to call it."""
    processes = [(key, f"{key} {language.said(one.texts)}") for key, one in known.processes().items()]
    return {
        "groups": choices.staff(bench),
        "rules": choices.rules(bench),
        "forms": choices.forms(bench),
        "decisions": choices.decisions(bench),
        "calendars": choices.calendars(bench),
        "handlers": [key for key, _ in choices.handlers(bench)],
        "processes": processes,
        "escalations": [(action, language.t(f"draw.do_{action}")) for action in ACTIONS],
    }


def _words(part: str) -> dict[str, str]:
    """All words of a part in the reader's language, for the scripts of a page."""
    column = LOCALES.index(language.locale())
    return {key.partition(".")[2]: words[column] for key, words in texts.ALL.items() if key.startswith(f"{part}.")}


def _new(entered: dict[str, str], error: errors.CrmflowError | None) -> str:
    wrong = {problem.pointer.strip("/"): language.said(problem.text) for problem in getattr(error, "problems", ())}
    if error is not None and not wrong:
        wrong = {"key": language.said(error.text)}
    return flask.render_template("designer/new.html", entered=entered, wrong=wrong, pillars=drafts.PILLARS)
