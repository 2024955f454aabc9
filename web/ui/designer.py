"""The designer's page: upload a drawing with its forms and decisions, see everything that is wrong, release it."""

import flask

from engine import errors, records
from engine.definitions import catalogue, publish
from web.ui import door, drawings, language, visitor

blueprint = flask.Blueprint("designer", __name__, url_prefix="/designer")
MOST_FILES = 50


@blueprint.get("")
@door.needs("process.draw")
def index() -> flask.typing.ResponseReturnValue:
    return _index("")


@blueprint.post("")
@door.needs("process.draw")
def upload() -> flask.typing.ResponseReturnValue:
    sent = [file for file in flask.request.files.getlist("files") if file.filename][:MOST_FILES]
    if not sent:
        return _index(language.t("designer.no_file")), 422
    files = {file.filename.replace("\\", "/").rpartition("/")[2][:200]: file.read() for file in sent if file.filename}
    deployed = publish.deploy(
        visitor.engine(), name=next(iter(files)), files=files, agent=visitor.me(), now=visitor.now(), source="desk"
    )
    return flask.render_template("designer/report.html", deployed=deployed)


@blueprint.get("/<key>/<int:n>")
@door.needs("process.draw")
def version(key: str, n: int) -> flask.typing.ResponseReturnValue:
    process, found = _version(key, n)
    return flask.render_template("designer/version.html", process=process, version=found)


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


@blueprint.get("/<key>/<int:n>/file")
@door.needs("process.draw")
def file(key: str, n: int) -> flask.typing.ResponseReturnValue:
    """Byte for byte as it was uploaded; never shown by the browser."""
    content = catalogue.xml(visitor.engine(), process=key, n=n)
    answer = flask.Response(content, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{key}-v{n}.bpmn")
    return answer


def _version(key: str, n: int) -> tuple[records.Process, records.BaseVersion]:
    process, versions = catalogue.get(visitor.engine(), process=key)
    found = next((version for version in versions if version.n == n), None)
    if found is None:
        raise errors.NotFound("version_unknown", zh="没有此版本。", en="There is no such version.", process=key, n=n)
    return process, found


def _index(wrong: str) -> str:
    engine = visitor.engine()
    drafts = []
    for entry in catalogue.processes(engine):
        _, versions = catalogue.get(engine, process=entry.process.key)
        drafts += [(entry.process, version) for version in versions[:1] if version.status == "draft"]
    return flask.render_template("designer/index.html", drafts=drafts, wrong=wrong)
