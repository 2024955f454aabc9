"""A variant of a process for a customer group: its differences told and drawn, changed by forms, approved, released."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flask

from engine import errors, records, variation
from engine.definitions import catalogue
from engine.model.problem import Problem
from engine.model.text import EN, ZH
from engine.people import rights
from engine.variants import approval, author, diff, look, release, version
from engine.variants.operations.operation import ELEMENTS
from web.ui import changes, choices, door, drawings, known, language, processes, visitor

blueprint = flask.Blueprint("variants", __name__, url_prefix="/variants")


@dataclass(frozen=True)
class Page:
    """What is shown of a cell of the matrix: the version being written, else the one released, else nothing yet."""

    process: records.Process
    group: str
    variant: variation.Variant | None
    versions: list[variation.VariantVersion]
    seen: look.Seen | None

    @property
    def operations(self) -> list[dict[str, Any]]:
        return [dict(one) for one in self.seen.version.operations] if self.seen else []

    @property
    def writable(self) -> bool:
        """A change goes into this version, or begins the next one."""
        return self.seen is None or self.seen.version.status != "approved"


@blueprint.get("/<key>/<group>")
@door.needs("matrix.see")
def show(key: str, group: str) -> flask.typing.ResponseReturnValue:
    return _render(_page(key, group))


@blueprint.get("/<key>/<group>/drawing")
@door.needs("matrix.see")
def drawing(key: str, group: str) -> flask.typing.ResponseReturnValue:
    """What is taken away is drawn in its old place, as a ghost."""
    page = _page(key, group)
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
    page = _page(key, group)
    entered, empty = changes.asked(form, flask.request.form)
    if empty:
        return _render(page, form, entered, {name: language.t("change.needed") for name in empty}), 422
    operation = {
        "id": changes.new_id(group, form, _taken(key, page)),
        "reason": changes.reason(entered, language.locale()),
        **form.make(entered, _bench(page)),
    }
    order = _order(page, [*page.operations, operation])
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
    page = _page(key, group)
    gone = flask.request.form.get("operation", "")
    _save(_order(page, [one for one in page.operations if one["id"] != gone]), page)
    flask.flash(language.t("change.taken_back"), "good")
    return _back(key, group)


@blueprint.post("/<key>/<group>/discard")
@door.needs("variant.edit")
def discard(key: str, group: str) -> flask.typing.ResponseReturnValue:
    page = _page(key, group)
    author.discard(visitor.engine(), variant_id=_version(page).variant_id, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("change.discarded"), "good")
    return _back(key, group)


@blueprint.post("/<key>/<group>/submit")
@door.needs("variant.edit")
def submit(key: str, group: str) -> flask.typing.ResponseReturnValue:
    return _moved(key, group, approval.submit, note=flask.request.form.get("note", "")[:2000])


@blueprint.post("/<key>/<group>/approve")
@door.needs("variant.approve")
def approve(key: str, group: str) -> flask.typing.ResponseReturnValue:
    return _moved(key, group, approval.approve, note=flask.request.form.get("note", "")[:2000])


@blueprint.post("/<key>/<group>/send-back")
@door.needs("variant.approve")
def send_back(key: str, group: str) -> flask.typing.ResponseReturnValue:
    return _moved(key, group, approval.send_back, note=flask.request.form.get("note", "")[:2000])


@blueprint.post("/<key>/<group>/release")
@door.needs("process.release")
def release_it(key: str, group: str) -> flask.typing.ResponseReturnValue:
    return _moved(key, group, release.release)


@blueprint.post("/<key>/<group>/roll-back")
@door.needs("process.release")
def roll_back(key: str, group: str) -> flask.typing.ResponseReturnValue:
    page = _page(key, group)
    note = flask.request.form.get("note", "")[:2000]
    variant_id = _version(page).variant_id
    back = release.roll_back(visitor.engine(), variant_id=variant_id, agent=visitor.me(), now=visitor.now(), note=note)
    flask.flash(language.t("change.rolled_back", n=back.n), "good")
    return _back(key, group)


def _page(key: str, group: str) -> Page:
    """Raises NotFound for a process or a group that is none."""
    process, _ = catalogue.get(visitor.engine(), process=key)
    if group not in known.customer_groups():
        raise errors.NotFound("group_unknown", zh="没有此客户群。", en="There is no such group.", group=group)
    found = look.variants(visitor.engine(), process=key, agent=visitor.me())
    variant, versions = next((pair for pair in found if pair[0].customer_group == group), (None, []))
    shown = version.pending(versions) or version.released(versions)
    seen = None
    if variant is not None and shown is not None:
        seen = look.see(visitor.engine(), variant_id=variant.id, n=shown.n, agent=visitor.me(), now=visitor.now())
    return Page(process=process, group=group, variant=variant, versions=versions, seen=seen)


def _order(page: Page, operations: list[dict[str, Any]]) -> author.Order:
    name = known.customer_group(page.group) or page.group
    texts = {ZH: name, EN: name}
    return author.Order(
        process=page.process.key,
        name=page.variant.id.partition(":")[2] if page.variant else page.group.lower(),
        group=page.group,
        texts=page.variant.texts if page.variant else texts,
        reason=page.seen.version.reason if page.seen else texts,
        operations=operations,
    )


def _save(order: author.Order, page: Page) -> None:
    """The page carries what its reader saw: a change over somebody else's is refused."""
    seen = flask.request.form.get("seen")
    author.save(visitor.engine(), order=order, seen=seen, agent=visitor.me(), now=visitor.now())


def _moved(
    key: str, group: str, act: Callable[..., variation.VariantVersion], **more: Any
) -> flask.typing.ResponseReturnValue:
    found = _version(_page(key, group))
    try:
        done = act(
            visitor.engine(), variant_id=found.variant_id, n=found.n, agent=visitor.me(), now=visitor.now(), **more
        )
    except (errors.Conflict, errors.Forbidden, errors.Invalid) as refused:
        flask.flash(language.said(refused.text), "bad")
    else:
        flask.flash(language.t(f"change.did_{done.history[-1].did}"), "good")
    return _back(key, group)


def _version(page: Page) -> variation.VariantVersion:
    if page.seen is None:
        raise errors.NotFound(
            "variant_unknown", zh="还没有此变体。", en="There is no such variant yet.", group=page.group
        )
    return page.seen.version


def _back(key: str, group: str) -> flask.typing.ResponseReturnValue:
    return flask.redirect(flask.url_for("variants.show", key=key, group=group), 303)


def _bench(page: Page) -> choices.Bench:
    if page.seen is not None and page.seen.difference is not None:
        return choices.Bench(page.seen.difference.program, page.seen.definition)
    order = _order(page, [])
    bare = look.dry_run(visitor.engine(), order=order, agent=visitor.me(), now=visitor.now())
    return choices.Bench(bare.under or processes.base(page.process.key), bare.definition)


def _taken(key: str, page: Page) -> set[str]:
    """Every id that is or ever was in use in the process."""
    taken = {part.id for part in (*_bench(page).program.nodes, *_bench(page).program.flows)}
    for _, versions in look.variants(visitor.engine(), process=key, agent=visitor.me()):
        taken |= {str(operation.get("id", "")) for one in versions for operation in one.operations}
    return taken


def _words(problems: list[Problem]) -> str:
    return " ".join(language.said(one.text) for one in problems)


def _render(
    page: Page,
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
    )
