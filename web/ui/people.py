"""Administration of people: who works here, in which groups, with which roles."""

from collections.abc import Mapping
from typing import Any

import flask
import msgspec

from engine import errors, records
from engine.model.text import EN, LOCALES, ZH
from engine.people import groups, users
from engine.people.agent import ROLES
from web.ui import door, language, visitor

blueprint = flask.Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("")
@blueprint.get("/groups", alias=True)  # the groups stand on the list of people
@door.needs("people.manage")
def index() -> flask.typing.ResponseReturnValue:
    return _index({}, {})


@blueprint.get("/new")
@door.needs("people.manage")
def new() -> flask.typing.ResponseReturnValue:
    blank = users.Profile(name="", locale=language.house_locale())
    return _edit(None, {"key": "", **msgspec.structs.asdict(blank), "active": True}, {})


@blueprint.post("/new")
@door.needs("people.manage")
def add() -> flask.typing.ResponseReturnValue:
    sent = flask.request.form
    try:
        person = users.add_user(
            visitor.engine(),
            key=sent.get("key", ""),
            profile=_profile(),
            password=sent.get("password", ""),
            agent=visitor.me(),
            now=visitor.now(),
        )
    except (errors.Invalid, errors.Conflict) as error:
        values = {"key": sent.get("key", ""), **msgspec.structs.asdict(_profile()), "active": True}
        return _edit(None, values, _wrong(error)), error.status
    flask.flash(language.t("people.added", name=person.name), "good")
    return flask.redirect(flask.url_for("people.index"), 303)


@blueprint.get("/<key>")
@door.needs("people.manage")
def show(key: str) -> flask.typing.ResponseReturnValue:
    person = users.user(visitor.engine(), key=key, agent=visitor.me())
    return _edit(person, msgspec.structs.asdict(person), {})


@blueprint.post("/<key>")
@door.needs("people.manage")
def change(key: str) -> flask.typing.ResponseReturnValue:
    person = users.user(visitor.engine(), key=key, agent=visitor.me())
    profile, active = _profile(), flask.request.form.get("active") == "true"
    try:
        users.change_user(
            visitor.engine(), key=key, profile=profile, active=active, agent=visitor.me(), now=visitor.now()
        )
    except (errors.Invalid, errors.Conflict) as error:
        values = {"key": key, **msgspec.structs.asdict(profile), "active": active}
        return _edit(person, values, _wrong(error)), error.status
    flask.flash(language.t("app.saved"), "good")
    return flask.redirect(flask.url_for("people.index"), 303)


@blueprint.post("/<key>/password")
@door.needs("people.manage")
def reset(key: str) -> flask.typing.ResponseReturnValue:
    person = users.user(visitor.engine(), key=key, agent=visitor.me())
    try:
        users.reset_password(
            visitor.engine(), key=key, password=flask.request.form.get("password", ""), agent=visitor.me()
        )
    except errors.Invalid as error:
        return _edit(person, msgspec.structs.asdict(person), _wrong(error)), error.status
    flask.flash(language.t("people.reset_done", name=person.name), "good")
    return flask.redirect(flask.url_for("people.show", key=key), 303)


@blueprint.post("/groups")
@door.needs("people.manage")
def put_group() -> flask.typing.ResponseReturnValue:
    sent = flask.request.form
    texts = {locale: sent.get(locale, "") for locale in LOCALES}
    try:
        groups.put_group(visitor.engine(), key=sent.get("key", "").strip(), texts=texts, agent=visitor.me())
    except errors.Invalid as error:
        return _index(_wrong(error), sent), error.status
    flask.flash(language.t("app.saved"), "good")
    return flask.redirect(flask.url_for("people.index"), 303)


def _index(wrong: dict[str, list[str]], sent: Mapping[str, str]) -> str:
    return flask.render_template(
        "people/index.html",
        people=users.users(visitor.engine(), agent=visitor.me()),
        groups=_groups(),
        group_names=groups.names(visitor.engine(), language.locale()),
        group_wrong=wrong,
        group_sent=sent,
    )


def _groups() -> list[records.StaffGroup]:
    return groups.groups(visitor.engine())


def _profile() -> users.Profile:
    sent = flask.request.form
    return users.Profile(
        name=sent.get("name", "").strip(),
        email=sent.get("email", "").strip()[:254],
        roles=tuple(sent.getlist("roles")),
        groups=tuple(sent.getlist("groups")),
        locale=sent.get("locale", ""),
        manager=sent.get("manager", ""),
        capacity=_whole(sent.get("capacity", "")),
        skills=tuple(skill.strip() for skill in sent.get("skills", "").replace("、", ",").split(",") if skill.strip()),
    )


def _whole(typed: str) -> int:
    """-1, which is refused, for what is no number."""
    typed = typed.strip() or "0"
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1


def _wrong(error: errors.CrmflowError) -> dict[str, list[str]]:
    """Words by field; what belongs to no field stands under the empty name."""
    wrong: dict[str, list[str]] = {}
    for problem in getattr(error, "problems", ()):
        wrong.setdefault(problem.pointer.strip("/"), []).append(language.said(problem.text))
    return wrong or {"": [language.said(error.text)]}


def _edit(person: records.Person | None, values: Mapping[str, Any], wrong: dict[str, list[str]]) -> str:
    return flask.render_template(
        "people/edit.html",
        person=person,
        values={**values, "skills": language.t("app.list_join").join(values["skills"])},
        wrong=wrong,
        groups=_groups(),
        others=users.users(visitor.engine(), agent=visitor.me()),
        roles=ROLES,
        locales=(ZH, EN),
    )
