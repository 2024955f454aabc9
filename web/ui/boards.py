"""The board of a new base: variants against its changes; what is decided, carried over, approved, released, undone."""

from collections.abc import Callable, Sequence
from typing import Any

import flask

from engine import errors, variation
from engine.people import rights
from engine.variants import approval, board, carry, release, smells
from web.ui import door, language, visitor

blueprint = flask.Blueprint("boards", __name__, url_prefix="/boards")
SIGNS = {"flows": "✓", "look": "◔", "decide": "!", "same": "=", "": ""}
"""Beside the colour: colour alone says nothing to some."""
TONES = {"current": "info", "clean": "good", "look": "warn", "decide": "bad", "blocked": "bad"}


@blueprint.get("/<key>")
@door.needs("matrix.see")
def show(key: str) -> flask.typing.ResponseReturnValue:
    asked = flask.request.args.get("base", "")
    n = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 0
    found = board.board(visitor.engine(), process=key, base_n=n, agent=visitor.me())
    return flask.render_template(
        "boards/show.html",
        found=found,
        signs=SIGNS,
        tones=TONES,
        real=found.base.status == "released",
        behind=[row for row in found.rows if row.state != "current"],
        open_rows=[row for row in found.rows if row.asked or row.blocked or row.looks or row.drops],
        ready=[row for row in found.rows if row.ready and row.version.status != "approved"],
        carried=[row for row in found.rows if row.carried],
        proposed=sum(asked.proposed is not None for row in found.rows for asked in row.asked),
        approvable=_approvable(found.rows),
        releasable=[row for row in found.rows if row.carried and row.version.status == "approved"],
        smells=smells.smells(visitor.engine(), process=key, agent=visitor.me(), now=visitor.now()),
    )


@blueprint.post("/<key>/decide")
@door.needs("variant.edit")
def decide(key: str) -> flask.typing.ResponseReturnValue:
    """``choice`` empty: the conflict is open again."""
    sent = flask.request.form
    which: dict[str, Any] = {"variant_id": sent.get("variant", ""), "signature": sent.get("signature", "")}
    choice, note = sent.get("choice", ""), sent.get("note", "")[:2000]
    if choice:
        return _done(key, lambda: _decided(key, which, choice, note))
    return _done(key, lambda: _undecided(key, which))


@blueprint.post("/<key>/accept")
@door.needs("variant.edit")
def accept(key: str) -> flask.typing.ResponseReturnValue:
    def all_of_them() -> str:
        made = carry.accept(visitor.engine(), process=key, agent=visitor.me(), now=visitor.now())
        return language.t("board.accepted", n=len(made))

    return _done(key, all_of_them)


@blueprint.post("/<key>/carry")
@door.needs("variant.edit")
def carry_over(key: str) -> flask.typing.ResponseReturnValue:
    wanted = flask.request.form.getlist("variant")
    made = carry.carry(visitor.engine(), process=key, variants=wanted, agent=visitor.me(), now=visitor.now())
    for one in made:
        if one.refused:
            flask.flash(language.said(one.refused), "bad")
    count = sum(not one.refused for one in made)
    if count:
        flask.flash(language.t("board.carried", n=count), "good")
    return _back(key)


@blueprint.post("/<key>/undo")
@door.needs("variant.edit")
def undo(key: str) -> flask.typing.ResponseReturnValue:
    def back() -> str:
        variant = flask.request.form.get("variant", "")
        carry.undo(visitor.engine(), variant_id=variant, agent=visitor.me(), now=visitor.now())
        return language.t("board.undone")

    return _done(key, back)


@blueprint.post("/<key>/approve")
@door.needs("variant.approve")
def approve(key: str) -> flask.typing.ResponseReturnValue:
    """All that were carried over by somebody else."""
    found = board.board(visitor.engine(), process=key, agent=visitor.me())
    return _each(key, [row.version for row in _approvable(found.rows)], approval.approve, "board.approved")


@blueprint.post("/<key>/release")
@door.needs("process.release")
def release_all(key: str) -> flask.typing.ResponseReturnValue:
    """The groups above first: those below are composed on what they became."""
    found = board.board(visitor.engine(), process=key, agent=visitor.me())
    ready = [row.version for row in found.rows if row.carried and row.version.status == "approved"]
    return _each(key, ready, release.release, "board.released")


def _approvable(rows: Sequence[board.Row]) -> list[board.Row]:
    if not rights.may(visitor.me(), "variant.approve"):
        return []
    submitted = [row for row in rows if row.carried and row.version.submitted]
    return [row for row in submitted if visitor.me().key not in row.version.authors]


def _each(
    key: str, versions: Sequence[variation.VariantVersion], act: Callable[..., variation.VariantVersion], says: str
) -> flask.typing.ResponseReturnValue:
    count = 0
    for one in versions:
        which = {"variant_id": one.variant_id, "n": one.n, "agent": visitor.me(), "now": visitor.now()}
        try:
            act(visitor.engine(), **which)
        except (errors.Conflict, errors.Forbidden, errors.Invalid) as refused:
            flask.flash(language.said(refused.text), "bad")
        else:
            count += 1
    flask.flash(language.t(says, n=count), "good" if count else "bad")
    return _back(key)


def _decided(key: str, which: dict[str, Any], choice: str, note: str) -> str:
    carry.decide(
        visitor.engine(), process=key, **which, choice=choice, note=note, agent=visitor.me(), now=visitor.now()
    )
    return language.t("board.decided")


def _undecided(key: str, which: dict[str, Any]) -> str:
    carry.undecide(visitor.engine(), process=key, **which, agent=visitor.me(), now=visitor.now())
    return language.t("board.open_again")


def _done(key: str, deed: Callable[[], str]) -> flask.typing.ResponseReturnValue:
    try:
        flask.flash(deed(), "good")
    except (errors.Conflict, errors.Invalid) as refused:
        flask.flash(language.said(refused.text), "bad")
    return _back(key)


def _back(key: str) -> flask.typing.ResponseReturnValue:
    return flask.redirect(flask.url_for("boards.show", key=key), 303)
