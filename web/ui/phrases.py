"""Canned phrases: kept on a page of their own, inserted beside every comment and reason."""

from itertools import groupby
from typing import cast

import flask

from engine import errors, records
from engine.inbox import phrases
from web.ui import door, language, visitor

blueprint = flask.Blueprint("phrases", __name__, url_prefix="/phrases")


@blueprint.get("")
@door.needs("case.see")
def show() -> flask.typing.ResponseReturnValue:
    return _page()


@blueprint.post("")
@door.needs("case.see")
def keep() -> flask.typing.ResponseReturnValue:
    form = flask.request.form
    everybody = form.get("everybody") == "1"
    own = form.get("text", "")
    texts = {"zh-CN": form.get("zh", ""), "en": form.get("en", "")} if everybody else {"zh-CN": own, "en": own}
    try:
        phrases.keep(
            visitor.engine(),
            kind=form.get("kind", ""),
            texts=texts,
            everybody=everybody,
            agent=visitor.me(),
            now=visitor.now(),
        )
    except errors.Invalid as error:
        return _page(error), error.status
    flask.flash(language.t("phrase.kept"), "good")
    return flask.redirect(flask.url_for("phrases.show"), 303)


@blueprint.post("/<phrase_id>/remove")
@door.needs("case.see")
def remove(phrase_id: str) -> flask.typing.ResponseReturnValue:
    phrases.drop(visitor.engine(), phrase_id=phrase_id, agent=visitor.me())
    flask.flash(language.t("phrase.removed"), "good")
    return flask.redirect(flask.url_for("phrases.show"), 303)


def offered() -> list[tuple[str, list[str]]]:
    """(kind, words in the reader's language) for the boxes of a page; asked once a request."""
    if "phrases" not in flask.g:
        by_kind = sorted(phrases.shown(visitor.engine(), agent=visitor.me()), key=_kind)
        flask.g.phrases = [
            (kind, [language.said(one.texts) for one in found])
            for kind, found in groupby(by_kind, lambda one: one.kind)
        ]
    return cast(list[tuple[str, list[str]]], flask.g.phrases)


def _kind(one: records.Phrase) -> int:
    return phrases.KINDS.index(one.kind)


def _page(error: errors.Invalid | None = None) -> str:
    found = phrases.shown(visitor.engine(), agent=visitor.me())
    return flask.render_template(
        "inbox/phrases.html",
        own=sorted((one for one in found if one.owner), key=_kind),
        everybody=sorted((one for one in found if not one.owner), key=_kind),
        kinds=phrases.KINDS,
        wrong=language.said(error.text) if error else "",
        sent=flask.request.form,
    )
