"""The designer's page: upload a drawing with its forms and decisions, see everything that is wrong and mend it, say who
does what the drawing only names, release it."""

import re
from collections.abc import Mapping
from types import MappingProxyType

import flask

from engine import errors, records
from engine.definitions import bindings, bundle, catalogue, contents, mends, publish, rehearsal
from engine.messages import undelivered
from engine.runtime import bound
from engine.variants import versions
from web.ui import door, drawings, language, visitor

blueprint = flask.Blueprint("designer", __name__, url_prefix="/designer")
MOST_FILES = 50
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
"""Of an encoding that a pasted text has no more."""


@blueprint.get("")
@door.needs("process.draw")
def index() -> flask.typing.ResponseReturnValue:
    return _index("")


@blueprint.post("")
@door.needs("process.draw")
def upload() -> flask.typing.ResponseReturnValue:
    """Files, or a drawing that was pasted; what was typed stays on the page when it cannot be taken."""
    entered = {name: flask.request.form.get(name, "") for name in ("name", "pasted")}
    sent = [file for file in flask.request.files.getlist("files") if file.filename][:MOST_FILES]
    files = {file.filename.replace("\\", "/").rpartition("/")[2][:200]: file.read() for file in sent if file.filename}
    if entered["pasted"].strip():
        files[_file_name(entered["name"])] = _DECLARATION.sub("", entered["pasted"]).encode()
    if not files:
        return _index(language.t("designer.no_file"), entered), 422
    name = entered["name"].strip()[:200] or next(iter(files))
    try:
        deployed = publish.deploy(
            visitor.engine(),
            name=name,
            files=bundle.unpacked(files),
            agent=visitor.me(),
            now=visitor.now(),
            source="desk",
        )
    except (errors.TooLarge, errors.Invalid) as error:
        return _index(language.said(error.text), entered), error.status
    return flask.render_template("designer/report.html", deployed=deployed)


def _file_name(name: str) -> str:
    plain = name.replace("\\", "/").rpartition("/")[2].strip()[:190] or "drawing"
    return plain if contents.kind_of(plain) != "other" else f"{plain}.bpmn"


@blueprint.get("/<key>/<int:n>")
@door.needs("process.draw")
def version(key: str, n: int) -> flask.typing.ResponseReturnValue:
    return _page(key, n)


@blueprint.post("/<key>/<int:n>/mend")
@door.needs("process.draw")
def mend(key: str, n: int) -> flask.typing.ResponseReturnValue:
    """The mend of one problem, or all that are offered: a new draft."""
    fix = flask.request.form.get("fix", "")
    fixes = [mends.Choice(fix=fix, element=flask.request.form.get("element", ""))] if fix else None
    made = mends.mend(visitor.engine(), process=key, n=n, fixes=fixes, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("designer.mended", n=len(made.mended), v=made.version.n), "good")
    return flask.redirect(flask.url_for("designer.version", key=key, n=made.version.n), 303)


@blueprint.post("/<key>/<int:n>/bind")
@door.needs("process.draw")
def bind(key: str, n: int) -> flask.typing.ResponseReturnValue:
    """A handler of the house by its name, or a topic; what was entered stays when it cannot be bound."""
    form = flask.request.form
    target, topic = form.get("target", ""), form.get("topic", "").strip()
    try:
        made = bound.bind(
            visitor.engine(),
            handler=form.get("handler", ""),
            kind="topic" if topic else "handler",
            target=topic or target,
            agent=visitor.me(),
            now=visitor.now(),
        )
    except (errors.Invalid, errors.NotFound, errors.Conflict) as error:
        return _page(
            key, n, {"handler": form.get("handler", ""), "topic": topic, "wrong": language.said(error.text)}
        ), 422
    words = language.t("designer.bound_now", handler=made.binding.handler, target=made.binding.target)
    resumed = " " + language.t("designer.resumed", n=made.retried) if made.retried else ""
    flask.flash(words + resumed, "good")
    return flask.redirect(flask.url_for("designer.version", key=key, n=n) + "#handlers", 303)


@blueprint.post("/<key>/<int:n>/unbind")
@door.needs("process.draw")
def unbind(key: str, n: int) -> flask.typing.ResponseReturnValue:
    handler = flask.request.form.get("handler", "")
    bindings.unbind(visitor.engine(), handler=handler, agent=visitor.me())
    flask.flash(language.t("designer.unbound", handler=handler), "good")
    return flask.redirect(flask.url_for("designer.version", key=key, n=n) + "#handlers", 303)


@blueprint.get("/<key>/<int:n>/drawing")
@door.needs("process.draw")
def drawing(key: str, n: int) -> flask.typing.ResponseReturnValue:
    """Problems are marked on it."""
    _, found = _version(key, n)
    marks = {problem.element: "failed" for problem in found.problems if problem.severity == "error"}
    return drawings.answer(catalogue.program(visitor.engine(), sha256=found.program), marks)


@blueprint.post("/<key>/<int:n>/release")
@door.needs("process.release")
def release(key: str, n: int) -> flask.typing.ResponseReturnValue:
    publish.release(visitor.engine(), process=key, n=n, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("designer.released", n=n), "good")
    return flask.redirect(flask.url_for("processes.show", key=key), 303)


@blueprint.post("/<key>/<int:n>/play-first")
@door.needs("process.release")
def ask_play(key: str, n: int) -> flask.typing.ResponseReturnValue:
    """Whether versions of this process are played to an end before they are released; empty: as the house says."""
    wanted = {"yes": True, "no": False}.get(flask.request.form.get("wanted", ""))
    rehearsal.ask(visitor.engine(), process=key, wanted=wanted, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("app.saved"), "good")
    return flask.redirect(flask.url_for("designer.version", key=key, n=n) + "#play", 303)


@blueprint.get("/<key>/<int:n>/file")
@door.needs("process.draw")
def file(key: str, n: int) -> flask.typing.ResponseReturnValue:
    """Byte for byte as it was uploaded; never shown by the browser."""
    content = catalogue.xml(visitor.engine(), process=key, n=n)
    answer = flask.Response(content, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{key}-v{n}.bpmn")
    return answer


@blueprint.get("/<key>/<int:n>/bundle")
@door.needs("process.draw")
def packed(key: str, n: int) -> flask.typing.ResponseReturnValue:
    """The version with all its parts as one file."""
    content = bundle.pack(visitor.engine(), process=key, n=n, agent=visitor.me())
    answer = flask.Response(content, mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{key}-v{n}.zip")
    return answer


def _version(key: str, n: int) -> tuple[records.Process, records.BaseVersion]:
    process, known = catalogue.get(visitor.engine(), process=key)
    found = next((version for version in known if version.n == n), None)
    if found is None:
        raise errors.NotFound("version_unknown", zh="没有此版本。", en="There is no such version.", process=key, n=n)
    return process, found


def _page(key: str, n: int, entered: Mapping[str, str] = MappingProxyType({})) -> str:
    """``entered`` is what could not be bound, with the reason as ``wrong``."""
    process, found = _version(key, n)
    program = catalogue.program(visitor.engine(), sha256=found.program) if found.program else None
    return flask.render_template(
        "designer/version.html",
        process=process,
        version=found,
        found=mends.problems(visitor.engine(), process=key, n=n, agent=visitor.me()),
        duties=bindings.duties(visitor.engine(), process=key, n=n, agent=visitor.me()),
        offered=sorted(visitor.engine().handlers),
        decisions=sorted(program.decisions) if program else (),
        forms=dict(sorted(program.forms.items())) if program else {},
        play_first=rehearsal.asked(visitor.engine(), process),
        said_of_play={True: "yes", False: "no"}.get(process.details.get(rehearsal.WORD), ""),
        played=rehearsal.played(found),
        before=versions.before(visitor.engine(), process=key, n=n),
        entered=entered,
    )


def _index(wrong: str, entered: Mapping[str, str] = MappingProxyType({})) -> str:
    engine = visitor.engine()
    drafts = []
    for entry in catalogue.processes(engine):
        _, known = catalogue.get(engine, process=entry.process.key)
        drafts += [(entry.process, version) for version in known[:1] if version.status == "draft"]
    dead = undelivered.count(engine)
    return flask.render_template("designer/index.html", drafts=drafts, wrong=wrong, entered=entered, undelivered=dead)
