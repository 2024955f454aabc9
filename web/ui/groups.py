"""Customer groups and the rules that decide who is in which: read, drafted, tried on the customers, released.

The whole draft travels in the form: nothing is kept before it is saved, and nothing that was typed is lost.
"""

from collections.abc import Callable, Mapping
from typing import Any

import flask

from engine import errors, variation
from engine.customers import compared, drafts
from engine.hours import keep
from engine.model import problem as problems_of
from engine.model.problem import Problem
from engine.variants import regrouping
from web.ui import door, group_form, language, texts, visitor

blueprint = flask.Blueprint("groups", __name__, url_prefix="/groups")
FIELDS = {"names": "name", "group": "leads_to", "default": "otherwise"}
"""Fields that have other words than their own name."""


@blueprint.get("")
@door.needs("matrix.see")
def show() -> flask.typing.ResponseReturnValue:
    return _overview()


@blueprint.get("/versions/<int:n>")
@door.needs("matrix.see")
def version(n: int) -> flask.typing.ResponseReturnValue:
    """An earlier version, and what has changed since."""
    here = _shelf()
    found = drafts.version(visitor.engine(), n=n, agent=visitor.me())
    return flask.render_template(
        "groups/version.html",
        one=found,
        changes=_changes(found, here.present),
        present=here.present,
        tree=tree,
        field_name=_namer(found),
    )


@blueprint.post("")
@door.needs("variant.edit")
def act() -> flask.typing.ResponseReturnValue:
    """``do``: ``submit``, ``discard``, ``release``, ``send_back`` or ``call_off``."""
    form, who = flask.request.form, {"agent": visitor.me(), "now": visitor.now()}
    deed, note, engine = form.get("do", ""), form.get("note", "").strip()[:2000], visitor.engine()
    try:
        if deed == "submit":
            drafts.submit(engine, note=note, **who)
        elif deed == "discard":
            drafts.discard(engine, **who)
        elif deed == "send_back":
            drafts.send_back(engine, note=note, **who)
        elif deed == "call_off":
            drafts.call_off(engine, **who)
        elif deed == "release":
            begins = form.get("valid_from", "").strip()
            moment = language.typed_moment(begins) if begins else None
            if begins and moment is None:
                raise errors.Invalid(
                    "moment_unreadable", zh="生效时间无法识别。", en="That is no moment to begin from."
                )
            drafts.release(engine, note=note, valid_from=moment, **who)
        else:
            return flask.redirect(flask.url_for("groups.show"), 303)
    except (errors.Invalid, errors.Conflict) as error:
        return _overview(error), error.status
    flask.flash(language.t(f"groups.done_{deed}"), "good")
    return flask.redirect(flask.url_for("groups.show"), 303)


@blueprint.get("/draft")
@door.needs("variant.edit")
def edit() -> flask.typing.ResponseReturnValue:
    """The draft; where there is none, the version of ``from`` or what holds, as the beginning of one."""
    here = _shelf()
    asked = flask.request.args.get("from", "")
    begin = here.draft or here.present
    if asked.isdecimal() and len(asked) < 10:
        begin = drafts.version(visitor.engine(), n=int(asked), agent=visitor.me())
    return _page(begin.rules if begin else drafts.FIRST, here.seen)


@blueprint.post("/draft")
@door.needs("variant.edit")
def change() -> flask.typing.ResponseReturnValue:
    """``do``: ``check``, ``save``, ``add-rules``, ``drop-groups-2`` ..."""
    form = flask.request.form
    document, deed, seen = group_form.entered(form), form.get("do", "check"), form.get("seen", "")
    if deed != "save":
        return _page(group_form.changed(document, deed), seen, look=deed == "check")
    note = form.get("note", "").strip()[:2000]
    try:
        drafts.save(visitor.engine(), document=document, seen=seen, agent=visitor.me(), now=visitor.now(), note=note)
    except (errors.Invalid, errors.Conflict) as error:
        return _page(document, seen, error=error), error.status
    flask.flash(language.t("groups.saved"), "good")
    return flask.redirect(flask.url_for("groups.show", look=1), 303)


def tree(document: Mapping[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """(depth, group), those above before those below; one in a circle stands at the top."""
    below: dict[str, list[dict[str, Any]]] = {}
    keys = {group["key"] for group in document["groups"]}
    for group in document["groups"]:
        parent = group.get("parent", "")
        below.setdefault(parent if parent in keys else "", []).append(group)
    found: list[tuple[int, dict[str, Any]]] = []
    seen: set[str] = set()

    def walk(key: str, depth: int) -> None:
        for group in below.pop(key, []):
            found.append((depth, group))
            seen.add(group["key"])
            walk(group["key"], depth + 1)

    walk("", 0)
    return found + [(0, group) for group in document["groups"] if group["key"] not in seen]


def _shelf() -> drafts.Shelf:
    return drafts.shelf(visitor.engine(), agent=visitor.me(), now=visitor.now())


def _overview(error: errors.CrmflowError | None = None) -> str:
    here = _shelf()
    looked, found = None, list[Problem]()
    if here.draft is not None:
        found = drafts.check(visitor.engine(), document=here.draft.rules, agent=visitor.me(), now=visitor.now())
        if flask.request.args.get("look") and not problems_of.errors(found):
            looked = _look(here.draft.rules)
    return flask.render_template(
        "groups/show.html",
        shelf=here,
        tree=tree,
        mine=here.draft is not None and visitor.me().key in here.draft.authors,
        found=found,
        wrong=problems_of.errors(found),
        looked=looked,
        changes=_changes(here.present, here.draft),
        field_name=_namer(here.draft or here.present),
        refused=_told(error),
    )


def _page(document: dict[str, Any], seen: str, *, look: bool = False, error: errors.CrmflowError | None = None) -> str:
    found = drafts.check(visitor.engine(), document=document, agent=visitor.me(), now=visitor.now())
    wrong: dict[str, list[Problem]] = {}
    for one in found:
        wrong.setdefault(group_form.place(one.pointer, document), []).append(one)
    return flask.render_template(
        "groups/edit.html",
        document=document,
        seen=seen,
        wrong=wrong,
        errors=problems_of.errors(found),
        found=found,
        refused=[] if problems_of.errors(found) else _told(error),
        looked=_look(document) if look and not problems_of.errors(found) else None,
        keys=[group["key"] for group in document["groups"] if group["key"]],
        kinds=group_form.KINDS,
        types=group_form.TYPES,
        calendars=keep.all_of(visitor.engine(), agent=visitor.me()),
        beside=group_form.beside,
        beside_all=group_form.beside_all,
    )


def _look(document: dict[str, Any]) -> regrouping.Preview:
    return regrouping.preview(visitor.engine(), document=document, agent=visitor.me(), now=visitor.now())


def _changes(old: variation.GroupRules | None, new: variation.GroupRules | None) -> list[compared.Change]:
    return list(compared.changes(old.rules, new.rules)) if old and new else []


def _namer(version: variation.GroupRules | None) -> Callable[[str], str]:
    """What to call a field of a group, an input or a rule: an input by its name."""
    inputs = {one["name"]: one.get("names", {}) for one in version.rules["inputs"]} if version else {}

    def name(field: str) -> str:
        if field in inputs:
            return language.said(inputs[field], field)
        key = f"groups.{FIELDS.get(field, field)}"
        return language.t(key) if key in texts.ALL else field

    return name


def _told(error: errors.CrmflowError | None) -> list[str]:
    if error is None:
        return []
    return [language.said(one.text) for one in getattr(error, "problems", ())] or [language.said(error.text)]
