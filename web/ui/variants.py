"""A variant of a process for a customer group: its differences told and drawn, changed by forms, approved, released."""

from typing import Any

import flask

from engine import errors
from engine.model.problem import Problem
from engine.people import rights
from engine.variants import author, diff, look, version
from engine.variants.operations.operation import ELEMENTS
from web.ui import cell, changes, choices, door, drawings, known, language, processes, visitor

blueprint = flask.Blueprint("variants", __name__, url_prefix="/variants")


@blueprint.get("/<key>/<group>")
@door.needs("matrix.see")
def show(key: str, group: str) -> flask.typing.ResponseReturnValue:
    return _render(cell.page(key, group))


@blueprint.get("/<key>/<group>/drawing")
@door.needs("matrix.see")
def drawing(key: str, group: str) -> flask.typing.ResponseReturnValue:
    """What is taken away is drawn in its old place, as a ghost."""
    page = cell.page(key, group)
    if page.seen is None or page.seen.difference is None or page.seen.under is None:
        return drawings.answer(processes.base(key), {})
    marks = page.seen.difference.marks
    states: dict[str, str] = dict.fromkeys(marks.changed, "changed") | dict.fromkeys(marks.moved, "moved")
    states |= dict.fromkeys(marks.inserted, "inserted") | dict.fromkeys(marks.deleted, "deleted")
    drawn = diff.ghosted(page.seen.under, page.seen.difference)
    ghosts = {flow.id: "deleted" for flow in drawn.flows if flow.id.endswith(diff.GHOST)}
    return drawings.answer(drawn, states | ghosts)


@blueprint.post("/<key>/<group>/changes/<form_key>")
@door.needs("variant.edit")
def change(key: str, group: str, form_key: str) -> flask.typing.ResponseReturnValue:
    """Saved when it can be applied, with every problem it causes; else the form comes back as it was filled in."""
    form = changes.BY_KEY.get(form_key)
    if form is None:
        raise errors.NotFound("change_unknown", zh="没有这种变更。", en="There is no such change.", kind=form_key)
    page = cell.page(key, group)
    entered, empty = changes.asked(form, flask.request.form)
    if empty:
        return _render(page, form, entered, {name: language.t("change.needed") for name in empty}), 422
    operation = {
        "id": changes.new_id(group, form, _taken(key, page)),
        "reason": changes.reason(entered, language.locale()),
        **form.make(entered, _bench(page)),
    }
    order = cell.order(page, [*page.operations, operation])
    tried = look.dry_run(visitor.engine(), order=order, agent=visitor.me(), now=visitor.now())
    number = len(order.operations) - 1
    refused = [one for one in tried.version.problems if one.pointer.startswith(f"/operations/{number}")]
    if refused:
        return _render(page, form, entered, {"": _words(refused)}), 422
    _save(order, page)
    flask.flash(language.t("change.saved"), "good")
    return flask.redirect(flask.url_for("variants.show", key=key, group=group, do=form.element), 303)


@blueprint.post("/<key>/<group>/take-back")
@door.needs("variant.edit")
def take_back(key: str, group: str) -> flask.typing.ResponseReturnValue:
    """One change less."""
    page = cell.page(key, group)
    gone = flask.request.form.get("operation", "")
    _save(cell.order(page, [one for one in page.operations if one["id"] != gone]), page)
    flask.flash(language.t("change.taken_back"), "good")
    return cell.back(key, group)


@blueprint.post("/<key>/<group>/discard")
@door.needs("variant.edit")
def discard(key: str, group: str) -> flask.typing.ResponseReturnValue:
    page = cell.page(key, group)
    author.discard(visitor.engine(), variant_id=page.version.variant_id, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("change.discarded"), "good")
    return cell.back(key, group)


def _save(order: author.Order, page: cell.Page) -> None:
    """The page carries what its reader saw: a change over somebody else's is refused."""
    seen = flask.request.form.get("seen")
    author.save(visitor.engine(), order=order, seen=seen, agent=visitor.me(), now=visitor.now())


def _bench(page: cell.Page) -> choices.Bench:
    if page.seen is not None and page.seen.difference is not None:
        return choices.Bench(page.seen.difference.program, page.seen.definition)
    order = cell.order(page, [])
    bare = look.dry_run(visitor.engine(), order=order, agent=visitor.me(), now=visitor.now())
    return choices.Bench(bare.under or processes.base(page.process.key), bare.definition)


def _taken(key: str, page: cell.Page) -> set[str]:
    """Every id that is or ever was in use in the process."""
    taken = {part.id for part in (*_bench(page).program.nodes, *_bench(page).program.flows)}
    for _, versions in look.variants(visitor.engine(), process=key, agent=visitor.me()):
        taken |= {str(operation.get("id", "")) for one in versions for operation in one.operations}
    return taken


def _words(problems: list[Problem]) -> str:
    return " ".join(language.said(one.text) for one in problems)


def _render(
    page: cell.Page,
    form: changes.Form | None = None,
    entered: dict[str, Any] | None = None,
    wrong: dict[str, str] | None = None,
) -> str:
    chosen = form.element if form else flask.request.args.get("do", "")
    element = chosen if chosen in ELEMENTS else ELEMENTS[0]
    editing = rights.may(visitor.me(), "variant.edit") and page.writable
    return flask.render_template(
        "variants/show.html",
        page=page,
        cell_name=cell.name(page),
        bench=_bench(page) if editing else None,
        elements=ELEMENTS,
        element=element,
        forms=[one for one in changes.FORMS if one.element == element] if editing else [],
        reason_fields=changes.REASON,
        failed=form.key if form else "",
        entered=entered or {},
        wrong=wrong or {},
        mine=page.seen is not None and visitor.me().key in page.seen.version.authors,
        before=[one for one in page.versions if one.status == "retired" and one.released_at],
        present=version.released(page.versions),
        running=known.running(page.process.key, version.released(page.versions)),
    )
