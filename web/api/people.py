"""The people of the house, their groups, and one's own account."""

from datetime import datetime
from typing import Any, Literal

from apiflask import APIBlueprint
from pydantic import Field

from engine import errors, records
from engine.people import groups, shortcuts, users
from engine.people.agent import Role
from web.api import access, again, here, shapes
from web.api.body import Answer, Body

blueprint = APIBlueprint("people", __name__, url_prefix="/v1", tag="People")
Texts = dict[str, str]


class Person(Answer):
    key: str = Field(description="The login name; what facts and tasks name.")
    name: str
    email: str
    roles: list[str]
    groups: list[str]
    locale: str
    manager: str
    skills: list[str]
    capacity: int
    active: bool
    created_at: datetime


class People(Answer):
    items: list[Person]


class Profile(Body):
    name: str = Field(min_length=1, max_length=80)
    email: str = Field(default="", max_length=254)
    roles: list[Role] = Field(default=["staff"], min_length=1, max_length=4)
    groups: list[str] = Field(default=[], max_length=100)
    locale: Literal["zh-CN", "en"] = "zh-CN"
    manager: str = Field(default="", max_length=40, description="Key of another person.")
    skills: list[str] = Field(default=[], max_length=100)
    capacity: int = Field(
        default=0, ge=0, le=10_000, description="Open tasks up to which rules give them more; 0: any number."
    )


class NewPerson(Profile):
    key: str = Field(min_length=2, max_length=40, examples=["li.lei"])
    password: str = Field(max_length=200)


class PersonUpdate(Profile):
    active: bool = Field(default=True, description="False ends the person's sessions and gives open work back.")


class Password(Body):
    password: str = Field(max_length=200)


class OwnPassword(Body):
    old: str = Field(max_length=200)
    password: str = Field(max_length=200)


class Keys(Answer):
    keys: dict[str, str] = Field(description="Command -> a character, or two with a space between; empty: nothing.")
    on: bool = Field(description="False: single keys do nothing at all.")


class OwnKeys(Body):
    keys: dict[str, str] = Field(default={}, examples=[{"claim": "q", "undo": ""}])
    on: bool = True


class Language(Body):
    locale: Literal["zh-CN", "en"]


class StaffGroup(Answer):
    key: str
    texts: Texts
    manager: str


class StaffGroups(Answer):
    items: list[StaffGroup]


class StaffGroupChange(Body):
    texts: Texts = Field(description="Names by language: zh-CN and en.")
    manager: str = Field(default="", max_length=40)


@blueprint.get("/people")
@blueprint.output(People)
@access.needs("people.manage")
def index() -> dict[str, Any]:
    """Everybody, the inactive last."""
    return {"items": [_person(one) for one in users.users(here.engine(), agent=access.me())]}


@blueprint.post("/people")
@blueprint.input(NewPerson)
@blueprint.output(Person, status_code=201)
@blueprint.doc(responses={409: "The login name is taken"})
@access.needs("people.manage", "admin")
@again.by_key
def add(json_data: NewPerson) -> tuple[dict[str, Any], int]:
    """Add a person, who may log in with this password."""
    made = users.add_user(
        here.engine(),
        key=json_data.key,
        profile=_profile(json_data),
        password=json_data.password,
        agent=access.me(),
        now=here.now(),
    )
    return _person(made), 201


@blueprint.get("/people/<key>")
@blueprint.output(Person)
@access.needs("people.manage")
def get(key: str) -> dict[str, Any]:
    """One person."""
    return _person(users.user(here.engine(), key=key, agent=access.me()))


@blueprint.put("/people/<key>")
@blueprint.input(PersonUpdate)
@blueprint.output(Person)
@blueprint.doc(responses={409: "No active administrator would be left"})
@access.needs("people.manage", "admin")
def change(key: str, json_data: PersonUpdate) -> dict[str, Any]:
    """All that an administrator says about a person."""
    changed = users.change_user(
        here.engine(),
        key=key,
        profile=_profile(json_data),
        active=json_data.active,
        agent=access.me(),
        now=here.now(),
    )
    return _person(changed)


@blueprint.put("/people/<key>/password")
@blueprint.input(Password)
@blueprint.output({}, status_code=204)
@access.needs("people.manage", "admin")
def reset(key: str, json_data: Password) -> str:
    """A new password for somebody who forgot theirs; every session of that person ends."""
    users.reset_password(here.engine(), key=key, password=json_data.password, agent=access.me())
    return ""


@blueprint.get("/me")
@blueprint.output(Person)
@access.needs("api.use")
def me() -> dict[str, Any]:
    """Whom this token speaks for."""
    with here.engine().store.reading() as tx:
        found = tx.people.get(access.me().key)
    if found is None:
        raise errors.NotFound("person_unknown", zh="没有此用户。", en="There is no such user.")
    return _person(found)


@blueprint.put("/me/password")
@blueprint.input(OwnPassword)
@blueprint.output({}, status_code=204)
@access.needs("api.use", "admin")
def change_password(json_data: OwnPassword) -> str:
    """One's own password; every session ends, tokens stay."""
    users.change_password(here.engine(), old=json_data.old, new=json_data.password, agent=access.me())
    return ""


@blueprint.put("/me/language")
@blueprint.input(Language)
@blueprint.output({}, status_code=204)
@access.needs("api.use", "write")
def set_language(json_data: Language) -> str:
    """The language that one reads."""
    users.set_locale(here.engine(), locale=json_data.locale, agent=access.me())
    return ""


@blueprint.get("/me/keys")
@blueprint.output(Keys)
@access.needs("api.use")
def keys() -> dict[str, Any]:
    """The keys of the desk as one has them."""
    return {"keys": shortcuts.chosen(access.me()), "on": shortcuts.OFF not in dict(access.me().shortcuts)}


@blueprint.put("/me/keys")
@blueprint.input(OwnKeys)
@blueprint.output({}, status_code=204)
@access.needs("api.use", "write")
def set_keys(json_data: OwnKeys) -> str:
    """Change keys of the desk, or switch them off; what is left out is as shipped."""
    shortcuts.change(here.engine(), keys=json_data.keys, on=json_data.on, agent=access.me())
    return ""


@blueprint.get("/staff-groups")
@blueprint.output(StaffGroups)
@access.needs("process.see")
def staff_groups() -> dict[str, Any]:
    """Groups of people who share a queue."""
    return {"items": [shapes.whole(one) for one in groups.groups(here.engine())]}


@blueprint.put("/staff-groups/<key>")
@blueprint.input(StaffGroupChange)
@blueprint.output(StaffGroup)
@access.needs("people.manage", "admin")
def put_group(key: str, json_data: StaffGroupChange) -> dict[str, Any]:
    """Add a group, or rename it."""
    made = groups.put_group(here.engine(), key=key, texts=json_data.texts, manager=json_data.manager, agent=access.me())
    return shapes.whole(made)


def _profile(sent: Profile) -> users.Profile:
    return users.Profile(
        name=sent.name,
        email=sent.email,
        roles=tuple(sent.roles),
        groups=tuple(sent.groups),
        locale=sent.locale,
        manager=sent.manager,
        skills=tuple(sent.skills),
        capacity=sent.capacity,
    )


def _person(one: records.Person) -> dict[str, Any]:
    """Without what guards the door: the password's hash, failures, blocks."""
    shape = shapes.whole(one)
    return {name: shape[name] for name in Person.model_fields}
