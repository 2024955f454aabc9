"""Changing a running case by hand: first tried, without a trace; then carried out, if nothing has moved meanwhile."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import flask
import msgspec

from engine import errors
from engine.analytics import picture
from engine.model.text import both
from engine.people import scope
from engine.runtime import modify
from web.ui import door, known, language, visitor

blueprint = flask.Blueprint("modifications", __name__, url_prefix="/cases/<instance_id>/modify")
VALUES = 3
"""Variables that one change may set on the page; the API takes any number."""
LONGEST = 100_000


class Wrong(Exception):
    """A value that is no JSON; ``field`` is where it stands."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(field)
        self.field = field
        self.text = text


@blueprint.get("")
@door.needs("case.modify")
def show(instance_id: str) -> flask.typing.ResponseReturnValue:
    return _page(instance_id)


@blueprint.post("")
@door.needs("case.modify")
def change(instance_id: str) -> flask.typing.ResponseReturnValue:
    """``do`` is ``try`` or ``carry_out``; what was changed on the page since the try is tried first."""
    scope.need(visitor.engine(), instance_id=instance_id, agent=visitor.me())
    form = flask.request.form
    try:
        wanted = _wanted(form)
        seen = hashlib.sha256(msgspec.json.encode(wanted)).hexdigest()
        earnest = form.get("do") == "carry_out" and form.get("seen") == seen and form.get("revision", "").isdigit()
        tried = modify.modify(
            visitor.engine(),
            instance_id=instance_id,
            change=wanted,
            reason=form.get("reason", "")[:1000],
            agent=visitor.me(),
            now=visitor.now(),
            dry_run=not earnest,
            revision=int(form["revision"]) if earnest else None,
        )
    except Wrong as wrong:
        return _page(instance_id, wrong={wrong.field: wrong.text}), 422
    except errors.Invalid as error:
        field = "reason" if error.code == "reason_missing" else ""
        return _page(instance_id, wrong={field: language.said(error.text)}), 422
    except (errors.Conflict, errors.NotFound) as error:
        return _page(instance_id, wrong={"": language.said(error.text)}), 409
    if not earnest:
        return _page(instance_id, tried=tried, seen=seen)
    flask.flash(language.t("modify.done"), "good")
    return flask.redirect(flask.url_for("cases.show", instance_id=instance_id), 303)


def _wanted(form: Mapping[str, str]) -> modify.Change:
    """``token/<number>`` is empty, ``end`` or ``to/<node>``. Raises Wrong."""
    cancel: list[int | str] = []
    start: list[str] = []
    for name, said in form.items():
        number = name.removeprefix("token/")
        if name != number and number.isdigit() and said:
            cancel.append(int(number))
            if said.startswith("to/"):
                start.append(said.removeprefix("to/"))
    start += [form["start"]] if form.get("start") else []
    values = {name: value for place in range(VALUES) for name, value in _value(form, place)}
    return modify.Change(cancel=tuple(cancel), start=tuple(start), values=values)


def _value(form: Mapping[str, str], place: int) -> list[tuple[str, Any]]:
    """A name without a value sets nothing: the page offers rows that nobody filled in."""
    name, said = form.get(f"name/{place}", "").strip()[:200], form.get(f"value/{place}", "").strip()
    if not name and not said:
        return []
    if not name:
        raise Wrong(f"name/{place}", language.t("modify.name_needed"))
    if len(said) > LONGEST:
        raise Wrong(f"value/{place}", language.t("modify.value_long", n=LONGEST))
    try:
        return [(name, msgspec.json.decode(said))]
    except (msgspec.DecodeError, RecursionError):
        raise Wrong(f"value/{place}", language.t("modify.not_json")) from None


def _page(
    instance_id: str,
    *,
    tried: modify.Modified | None = None,
    seen: str = "",
    wrong: Mapping[str, str] | None = None,
) -> str:
    """``seen`` stands for the change that was tried."""
    engine, me = visitor.engine(), visitor.me()
    scope.need(engine, instance_id=instance_id, agent=me)
    standing = modify.standing(engine, instance_id=instance_id, agent=me)
    case = picture.of_instance(engine, instance_id=instance_id, people=known.people())
    return flask.render_template(
        "cases/modify.html",
        p=case,
        standing=standing,
        tried=tried,
        seen=seen,
        wrong=wrong or {},
        entered=flask.request.form,
        names={
            place.node: place.texts or both(zh=place.name, en=place.name) for place in standing.places if place.name
        },
        rows=range(VALUES),
        values={name: json.dumps(value, ensure_ascii=False, default=str) for name, value in standing.variables.items()},
    )
