"""A variant that somebody drew in another tool: the file is uploaded, what it changes is shown line by line, and what
is confirmed becomes the draft."""

import json
from typing import Any

import flask

from engine import errors
from engine.model.problem import Problem
from engine.model.text import EN, ZH
from engine.variants import author, drawn, version
from web.ui import cell, door, language, visitor

blueprint = flask.Blueprint("copies", __name__, url_prefix="/variants")
LONGEST_REASON = 2000


@blueprint.get("/<key>/<group>/copy")
@door.needs("variant.edit")
def show(key: str, group: str) -> flask.typing.ResponseReturnValue:
    return _render(cell.page(key, group))


@blueprint.post("/<key>/<group>/copy")
@door.needs("variant.edit")
def upload(key: str, group: str) -> flask.typing.ResponseReturnValue:
    """Nothing is written: the answer is the proposal, or the form again with everything that is wrong in the file."""
    page, sent = cell.page(key, group), flask.request.files.get("file")
    said = flask.request.form.get("reason", "").strip()[:LONGEST_REASON]
    if sent is None or not sent.filename:
        return _render(page, wrong=language.t("copy.no_file"), reason=said), 422
    variant = cell.order(page, [])
    sketch = drawn.Sketch(
        process=key,
        name=variant.name,
        group=variant.group,
        file=sent.filename.replace("\\", "/").rpartition("/")[2][:200],
        data=sent.read(),
        reason={ZH: said, EN: said} if said else {},
    )
    try:
        found = drawn.propose(visitor.engine(), sketch=sketch, agent=visitor.me(), now=visitor.now())
    except (errors.Invalid, errors.Conflict, errors.TooLarge) as refused:
        told = getattr(refused, "problems", ())
        return _render(page, wrong=language.said(refused.text), reason=said, problems=told), 422
    return _render(page, found=found, reason=said, file=sketch.file)


@blueprint.post("/<key>/<group>/copy/take")
@door.needs("variant.edit")
def take(key: str, group: str) -> flask.typing.ResponseReturnValue:
    """The operations that were ticked become the draft, in place of what stood in it."""
    page, chosen = cell.page(key, group), set(flask.request.form.getlist("take"))
    operations = [one for one in _operations() if one.get("id") in chosen]
    seen = flask.request.form.get("seen")
    author.save(
        visitor.engine(),
        order=cell.order(page, operations),
        seen=seen,
        agent=visitor.me(),
        now=visitor.now(),
        note=language.t("copy.note"),
    )
    flask.flash(language.t("copy.taken", n=len(operations)), "good")
    return cell.back(key, group)


def _operations() -> list[dict[str, Any]]:
    """As the proposal wrote them into the page; a draft tells what is wrong with any that were changed there."""
    try:
        found = json.loads(flask.request.form.get("operations", ""))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise errors.Invalid(
            "copy_wrong", zh="提案内容无法读取，请重新上传。", en="The proposal cannot be read: upload again."
        )
    return found


def _render(
    page: cell.Page,
    *,
    found: drawn.Drawn | None = None,
    wrong: str = "",
    problems: tuple[Problem, ...] | list[Problem] = (),
    reason: str = "",
    file: str = "",
) -> str:
    last = version.being_written(page.versions) or version.released(page.versions)
    return flask.render_template(
        "variants/copy.html",
        page=page,
        cell_name=cell.name(page),
        found=found,
        operations=json.dumps(found.operations, ensure_ascii=False) if found else "",
        seen=last.sha256 if last else "",
        replaces=len(page.operations),
        wrong=wrong,
        problems_found=problems,
        reason=reason,
        file=file,
    )
