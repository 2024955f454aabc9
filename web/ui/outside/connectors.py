"""Connectors and mail templates: set up, tried out, forgotten."""

from typing import Any, Literal

import flask
import msgspec

from engine import errors
from engine.connectors import keep, letters
from engine.definitions import uses
from engine.model.text import EN, ZH
from engine.trust import credentials
from web.ui import door, language, visitor
from web.ui.outside import fields
from web.ui.outside.fields import Field

blueprint = flask.Blueprint("connectors", __name__, url_prefix="/outside")

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
KINDS: tuple[Literal["http", "mail"], ...] = ("http", "mail")


def _fields(kind: str, *, new: bool) -> list[Field]:
    known = [("", language.t("app.none"))]
    known += [(one.name, one.name) for one in credentials.all_of(visitor.engine(), agent=visitor.me())]
    head = [Field("name", needed=True)] if new else []
    if kind == "http":
        return [
            *head,
            Field("method", "choice", needed=True, options=[(one, one) for one in METHODS]),
            Field("url", needed=True),
            Field("credential", "choice", options=known),
            Field("seconds", "number"),
            Field("query", "pairs"),
            Field("headers", "pairs"),
            Field("body", "json"),
            Field("result", "code"),
            Field("error", "code"),
            Field("errors", "pairs"),
            Field("retry", "lines"),
            Field("note"),
        ]
    security = [(one, language.t(f"outside.security_{one}")) for one in ("starttls", "tls", "plain")]
    return [
        *head,
        Field("host", needed=True),
        Field("port", "number"),
        Field("security", "choice", needed=True, options=security),
        Field("credential", "choice", options=known),
        Field("sender", needed=True),
        Field("sender_name"),
        Field("reply_to"),
        Field("seconds", "number"),
        Field("refused_error"),
        Field("note"),
    ]


@blueprint.get("/connectors/new/<kind>")
@door.needs("outside.manage")
def new(kind: str) -> flask.typing.ResponseReturnValue:
    usual = {"method": "GET", "security": "starttls", "port": 587 if kind == "mail" else None, "url": "https://"}
    return _page(None, _known(kind), fields.shown(_fields(_known(kind), new=True), usual), {})


@blueprint.post("/connectors/new/<kind>")
@door.needs("outside.manage")
def add(kind: str) -> flask.typing.ResponseReturnValue:
    return _kept(flask.request.form.get("name", "").strip(), _known(kind), new=True)


@blueprint.get("/connectors/<name>")
@door.needs("outside.manage")
def show(name: str) -> flask.typing.ResponseReturnValue:
    kept = keep.get(visitor.engine(), name=name, agent=visitor.me())
    values = fields.shown(_fields(kept.kind, new=False), {**kept.settings, "note": kept.note})
    return _page(name, kept.kind, values, {})


@blueprint.post("/connectors/<name>")
@door.needs("outside.manage")
def change(name: str) -> flask.typing.ResponseReturnValue:
    kept = keep.get(visitor.engine(), name=name, agent=visitor.me())
    return _kept(name, kept.kind, new=False)


@blueprint.post("/connectors/<name>/try")
@door.needs("outside.manage")
def try_out(name: str) -> flask.typing.ResponseReturnValue:
    """The real call; what came of it stands in the answer."""
    kept = keep.get(visitor.engine(), name=name, agent=visitor.me())
    given = flask.request.form.get("input", "")
    values = fields.shown(_fields(kept.kind, new=False), {**kept.settings, "note": kept.note})
    tried: dict[str, Any] = {"input": given, "failed": "", "error": ""}
    status = 200
    try:
        answer = keep.try_out(visitor.engine(), name=name, given=_input(given), agent=visitor.me(), now=visitor.now())
        tried |= {"error": answer.error, "message": answer.message, "data": dict(answer.data)}
    except errors.CrmflowError as error:
        tried["failed"], status = language.said(error.text), error.status
    return _page(name, kept.kind, values, {}, tried=tried), status


@blueprint.post("/connectors/<name>/drop")
@door.needs("outside.manage")
def drop(name: str) -> flask.typing.ResponseReturnValue:
    keep.drop(visitor.engine(), name=name, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("outside.dropped", name=name), "good")
    return flask.redirect(flask.url_for("outside.index"), 303)


def _known(kind: str) -> Literal["http", "mail"]:
    found = next((one for one in KINDS if one == kind), None)
    if found is None:
        flask.abort(404)
    return found


def _input(text: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(text or "{}")
    except (msgspec.DecodeError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise errors.Invalid("input_invalid", zh="输入应为 JSON 对象。", en="The input should be a JSON object.")
    return found


def _kept(name: str, kind: Literal["http", "mail"], *, new: bool) -> flask.typing.ResponseReturnValue:
    listed = _fields(kind, new=new)
    try:
        settings = fields.read(listed)
        settings.pop("name", None)
        note = settings.pop("note", "")
        if "port" in settings:
            settings["port"] = int(settings["port"])
        keep.put(
            visitor.engine(),
            name=name,
            kind=kind,
            settings=settings,
            note=note,
            revision=0 if new else None,
            agent=visitor.me(),
            now=visitor.now(),
        )
    except (errors.Invalid, errors.Conflict, errors.TooLarge) as error:
        found = fields.wrong(error, listed)
        if error.code == "name_invalid":
            found = {"name": found[""]}
        return _page(None if new else name, kind, fields.sent(listed), found), error.status
    flask.flash(language.t("app.saved"), "good")
    return flask.redirect(flask.url_for("connectors.show", name=name), 303)


def _page(
    name: str | None,
    kind: str,
    values: dict[str, str],
    wrong: dict[str, list[str]],
    *,
    tried: dict[str, Any] | None = None,
) -> str:
    return flask.render_template(
        "outside/form.html",
        title=name or language.t(f"outside.new_{kind}"),
        lead=language.t("outside.connector_lead", name=f"connector:{name}")
        if name
        else language.t("outside.feel_lead"),
        fields=_fields(kind, new=name is None),
        values=values,
        wrong=wrong,
        action=flask.url_for("connectors.change", name=name) if name else flask.url_for("connectors.add", kind=kind),
        drop=flask.url_for("connectors.drop", name=name) if name else "",
        used_as=("handler", f"connector:{name}"),
        places=uses.of(visitor.engine(), kind="handler", key=f"connector:{name}", agent=visitor.me()) if name else (),
        try_it=flask.url_for("connectors.try_out", name=name) if name else "",
        example='{"to": "me@example.com", "subject": "Test", "text": "Hello"}' if kind == "mail" else '{"id": 7}',
        tried=tried,
    )


# --- templates -----------------------------------------------------------------------------------------------------


def _texts(*, new: bool) -> list[Field]:
    head = [Field("name", needed=True)] if new else []
    return [
        *head,
        *(Field(f"{part}_{tag}", kind) for tag in ("zh_cn", "en") for part, kind in _PARTS),
    ]


_PARTS: tuple[tuple[str, fields.Kind], ...] = (("subject", "text"), ("text", "area"), ("html", "code"))
_TAGS = {"zh_cn": ZH, "en": EN}


@blueprint.get("/templates/new")
@door.needs("outside.manage")
def new_template() -> flask.typing.ResponseReturnValue:
    return _template(None, fields.shown(_texts(new=True), {}), {})


@blueprint.post("/templates/new")
@door.needs("outside.manage")
def add_template() -> flask.typing.ResponseReturnValue:
    return _kept_template(flask.request.form.get("name", "").strip(), new=True)


@blueprint.get("/templates/<name>")
@door.needs("outside.manage")
def template(name: str) -> flask.typing.ResponseReturnValue:
    kept = keep.template(visitor.engine(), name=name, agent=visitor.me())
    values = {
        f"{part}_{tag}": getattr(kept, part).get(locale, "") for tag, locale in _TAGS.items() for part, _ in _PARTS
    }
    return _template(name, values, {}, places=letters.places(kept.subject, kept.text, kept.html))


@blueprint.post("/templates/<name>")
@door.needs("outside.manage")
def change_template(name: str) -> flask.typing.ResponseReturnValue:
    keep.template(visitor.engine(), name=name, agent=visitor.me())
    return _kept_template(name, new=False)


@blueprint.post("/templates/<name>/drop")
@door.needs("outside.manage")
def drop_template(name: str) -> flask.typing.ResponseReturnValue:
    keep.drop_template(visitor.engine(), name=name, agent=visitor.me(), now=visitor.now())
    flask.flash(language.t("outside.dropped", name=name), "good")
    return flask.redirect(flask.url_for("outside.index"), 303)


def _kept_template(name: str, *, new: bool) -> flask.typing.ResponseReturnValue:
    listed = _texts(new=new)
    found = fields.read(listed)
    parts = {
        part: {locale: found[f"{part}_{tag}"] for tag, locale in _TAGS.items() if f"{part}_{tag}" in found}
        for part, _ in _PARTS
    }
    try:
        keep.put_template(
            visitor.engine(),
            name=name,
            subject=parts["subject"],
            text=parts["text"],
            html=parts["html"],
            revision=0 if new else None,
            agent=visitor.me(),
            now=visitor.now(),
        )
    except (errors.Invalid, errors.Conflict) as error:
        wrong = fields.wrong(error, listed)
        if error.code == "name_invalid":
            wrong = {"name": wrong[""]}
        return _template(None if new else name, fields.sent(listed), wrong), error.status
    flask.flash(language.t("app.saved"), "good")
    return flask.redirect(flask.url_for("connectors.template", name=name), 303)


def _template(
    name: str | None, values: dict[str, str], wrong: dict[str, list[str]], *, places: tuple[str, ...] = ()
) -> str:
    lead = language.t("outside.template_lead")
    if places:
        lead += " " + language.t("outside.places", names=language.t("app.list_join").join(places))
    return flask.render_template(
        "outside/form.html",
        title=name or language.t("outside.new_template"),
        lead=lead,
        fields=_texts(new=name is None),
        values=values,
        wrong=wrong,
        action=flask.url_for("connectors.change_template", name=name)
        if name
        else flask.url_for("connectors.add_template"),
        drop=flask.url_for("connectors.drop_template", name=name) if name else "",
        used_as=("template", name),
    )
