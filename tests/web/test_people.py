"""Administration of people and one's own account: bad input stays in its box with the reason, nothing else is lost."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from engine import records
from engine.people import groups, login, users
from engine.people.agent import SYSTEM
from tests.house import House
from tests.web.conftest import PASSWORD, Browser, words

Enter = Callable[[str], Browser]
EVA = {
    "key": "eva",
    "name": "Eva Müller",
    "email": "eva@example.com",
    "password": "a long enough one",
    "locale": "en",
    "roles": ["staff"],
    "groups": ["sales"],
    "manager": "boss",
    "skills": "loans、English, 保险",
}


@pytest.fixture
def boss(sign_in: Enter) -> Browser:
    return sign_in("boss")


def person(desk: House, key: str) -> records.Person:
    with desk.engine.store.reading() as tx:
        found = tx.people.get(key)
    assert found is not None
    return found


def test_a_person_is_added_with_everything_that_was_entered(boss: Browser, desk: House) -> None:
    assert boss.post("/people/new", EVA, page="/people/new").status_code == 303
    eva = person(desk, "eva")
    assert (eva.name, eva.email, eva.locale, eva.manager) == ("Eva Müller", "eva@example.com", "en", "boss")
    assert (eva.roles, eva.groups, eva.skills) == (("staff",), ("sales",), ("loans", "English", "保险"))
    assert "Eva Müller is added." in words(boss.get("/people"))
    signed_in = login.authenticate(desk.engine, key="eva", password=EVA["password"], now=desk.now)
    assert signed_in.groups == frozenset({"sales"})


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"key": ""}, "key", ""),
    ({"key": "E"}, "key", ""),
    ({"key": "eva muller"}, "key", ""),
    ({"key": "é"}, "key", ""),
    ({"key": "x" * 41}, "key", ""),
    ({"key": "../etc"}, "key", ""),
    ({"key": "system"}, "key", ""),
    ({"key": "anna"}, "", "taken"),
    ({"name": ""}, "name", ""),
    ({"name": "   "}, "name", ""),
    ({"password": ""}, "password", ""),
    ({"password": "2short2"}, "password", ""),
    ({"password": "eva eva eva eva"}, "password", ""),
    ({"roles": []}, "roles", ""),
    ({"roles": ["emperor"]}, "roles", ""),
    ({"groups": ["nowhere"]}, "groups", ""),
    ({"manager": "nobody"}, "manager", ""),
    ({"email": "no address"}, "email", ""),
]


@pytest.mark.parametrize(("change", "field", "says"), WRONG)
def test_what_is_wrong_is_said_at_its_box_and_everything_entered_stays(
    boss: Browser, desk: House, change: dict[str, Any], field: str, says: str
) -> None:
    sent = EVA | change
    answer = boss.post("/people/new", sent, page="/people/new")
    assert answer.status_code in (409, 422), words(answer)
    assert 'class="error"' in answer.text or 'class="notice bad"' in answer.text
    if field:
        assert f'id="{field}-error"' in answer.text, words(answer)
    assert says in words(answer)
    for name in ("name", "key", "email"):
        if name not in change:
            assert f'value="{sent[name]}"' in answer.text
    assert "loans, English, 保险" in answer.text
    assert sent["password"] not in answer.text or sent["password"] == ""
    if "groups" not in change:
        assert 'value="sales" checked' in answer.text
    assert change.get("key") == "anna" or all(one != "eva" for one in users.names(desk.engine))


@pytest.mark.parametrize(("change", "field", "says"), [row for row in WRONG if "key" not in row[0]])
def test_a_refused_person_is_not_there(
    boss: Browser, desk: House, change: dict[str, Any], field: str, says: str
) -> None:
    status = boss.post("/people/new", EVA | change, page="/people/new").status_code
    assert ("eva" in users.names(desk.engine)) is (status == 303)


def test_a_change_of_one_thing_leaves_the_others(boss: Browser, desk: House) -> None:
    """The form carries all of them: whoever saves it unchanged changes nothing."""
    boss.post("/people/new", EVA, page="/people/new")
    before = person(desk, "eva")
    page = boss.get("/people/eva").text
    for shown in ("Eva Müller", "eva@example.com", "loans, English, 保险", 'value="boss" selected'):
        assert shown in page
    kept = {name: value for name, value in EVA.items() if name not in ("key", "password")}
    assert boss.post("/people/eva", {**kept, "active": "true"}, page="/people/eva").status_code == 303
    assert person(desk, "eva") == before
    boss.post("/people/eva", {**kept, "name": "Eva M.", "active": "true"}, page="/people/eva")
    after = person(desk, "eva")
    assert after.name == "Eva M."
    assert (after.skills, after.groups, after.password_hash) == (before.skills, before.groups, before.password_hash)


def test_what_the_edit_page_shows_can_be_sent_back_as_it_is(boss: Browser, desk: House) -> None:
    boss.post("/people/new", EVA, page="/people/new")
    form = boss.get("/people/eva").text.split('action="/people/eva"')[1].split("</form>")[0]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        assert name and value
        if "checkbox" in tag:
            if " checked" in tag:
                sent.setdefault(name[1], []).append(value[1])
        elif name[1] != "csrf_token":
            sent[name[1]] = value[1]
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    before = person(desk, "eva")
    assert boss.post("/people/eva", sent, page="/people/eva").status_code == 303
    assert person(desk, "eva") == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"roles": []}, "roles"),
        ({"manager": "nobody"}, "manager"),
        ({"groups": ["x"]}, "groups"),
    ],
)
def test_a_wrong_change_changes_nothing_and_keeps_what_was_entered(
    boss: Browser, desk: House, change: dict[str, Any], field: str
) -> None:
    before = person(desk, "anna")
    sent = {"name": "Anna New", "locale": "zh-CN", "roles": ["staff"], "groups": ["legal"], "active": "true", **change}
    answer = boss.post("/people/anna", sent, page="/people/anna")
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert person(desk, "anna") == before
    if field != "name":
        assert 'value="Anna New"' in answer.text
    if field != "groups":
        assert 'value="legal" checked' in answer.text


def test_the_last_administrator_stays(boss: Browser, desk: House) -> None:
    for sent in (
        {"name": "Boss", "locale": "en", "roles": ["staff"], "active": "true"},
        {"name": "Boss", "locale": "en", "roles": ["admin"]},
    ):
        answer = boss.post("/people/boss", sent, page="/people/boss")
        assert answer.status_code == 409 and "administrator" in words(answer)
    assert person(desk, "boss").active and person(desk, "boss").roles == ("admin",)


@pytest.mark.parametrize("key", ["nobody", "%00", "..", "x" * 300, "%F0%9F%98%80", "<script>"])
def test_a_person_who_is_not_there_is_not_found(boss: Browser, key: str) -> None:
    assert boss.get(f"/people/{key}").status_code == 404
    assert boss.post(f"/people/{key}", {"name": "x"}).status_code == 404


def test_a_new_password_ends_every_session_of_that_person(boss: Browser, anna: Browser, desk: House) -> None:
    answer = boss.post("/people/anna/password", {"password": "another long one"}, page="/people/anna")
    assert answer.status_code == 303
    assert anna.get("/inbox").status_code == 302
    assert login.authenticate(desk.engine, key="anna", password="another long one", now=desk.now).key == "anna"


@pytest.mark.parametrize("password", ["", "short", "anna", "          "])
def test_a_weak_new_password_is_refused_at_its_box(boss: Browser, anna: Browser, password: str) -> None:
    answer = boss.post("/people/anna/password", {"password": password}, page="/people/anna")
    assert answer.status_code == 422 and 'id="password-error"' in answer.text
    assert anna.get("/inbox").status_code == 200


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"key": "", "zh-CN": "仓", "en": "Store"}, {"key"}),
        ({"key": "Big", "zh-CN": "仓", "en": "Store"}, {"key"}),
        ({"key": "store", "zh-CN": "", "en": "Store"}, {"zh-CN"}),
        ({"key": "store", "zh-CN": "仓", "en": " "}, {"en"}),
        ({"key": "x y", "zh-CN": "", "en": ""}, {"key", "zh-CN", "en"}),
        ({"key": "store", "zh-CN": "仓" * 61, "en": "Store"}, {"zh-CN"}),
    ],
)
def test_a_group_needs_a_key_and_both_names(boss: Browser, desk: House, sent: dict[str, str], fields: set[str]) -> None:
    answer = boss.post("/people/groups", sent, page="/people")
    assert answer.status_code == 422
    assert {name for name in ("key", "zh-CN", "en") if f'id="g-{name}-error"' in answer.text} == fields
    for value in sent.values():
        assert not value.strip() or value in answer.text
    assert {group.key for group in groups.groups(desk.engine)} == {"sales", "legal"}


def test_the_groups_read_as_a_page_are_the_list_of_people_and_nobody(boss: Browser) -> None:
    answer = boss.get("/people/groups")
    assert (answer.status_code, answer.headers["Location"]) == (308, "http://localhost/people")
    refused = boss.post("/people/new", {"key": "groups", "name": "G", "password": NEW, "roles": "staff"})
    assert refused.status_code == 422
    assert "This name is kept for the system" in words(refused)


def test_a_renamed_group_keeps_its_manager_and_members(boss: Browser, desk: House) -> None:
    groups.put_group(desk.engine, key="sales", texts={"zh-CN": "销售", "en": "Sales"}, agent=SYSTEM, manager="boss")
    boss.post("/people/groups", {"key": "sales", "zh-CN": "销售部", "en": "Sales team"}, page="/people")
    (found,) = [group for group in groups.groups(desk.engine) if group.key == "sales"]
    assert (found.texts, found.manager) == ({"zh-CN": "销售部", "en": "Sales team"}, "boss")
    assert person(desk, "anna").groups == ("sales",)


def test_a_manager_can_be_taken_away_by_the_use_case(desk: House) -> None:
    for manager in ("boss", ""):
        groups.put_group(desk.engine, key="sales", texts={"zh-CN": "销", "en": "S"}, agent=SYSTEM, manager=manager)
    assert [group.manager for group in groups.groups(desk.engine) if group.key == "sales"] == [""]


NEW = "another long one"


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ("", NEW, "old", "not right"),
        ("wrong", NEW, "old", "not right"),
        (PASSWORD + " ", NEW, "old", "not right"),
        (PASSWORD, "", "password", ""),
        (PASSWORD, "short", "password", ""),
        (PASSWORD, "anna", "password", ""),
    ],
)
def test_one_s_own_password_is_not_changed_without_the_present_one_nor_to_a_weak_one(
    anna: Browser, desk: House, old: str, new: str, field: str, says: str
) -> None:
    before = person(desk, "anna").password_hash
    answer = anna.post("/account/password", {"old": old, "password": new})
    assert answer.status_code == 422 and says in words(answer)
    assert 'class="error"' in answer.text
    assert person(desk, "anna").password_hash == before
    assert anna.get("/inbox").status_code == 200


def test_a_changed_password_asks_for_it_on_every_device(sign_in: Enter, desk: House) -> None:
    here, there = sign_in("anna"), sign_in("anna")
    answer = here.post("/account/password", {"old": PASSWORD, "password": NEW})
    assert answer.headers["Location"] == "/login"
    assert "The password is changed" in words(here.get("/login")) or "sign in" in words(here.get("/login")).lower()
    assert there.get("/inbox").status_code == 302
    assert login.authenticate(desk.engine, key="anna", password=NEW, now=desk.now).key == "anna"


def test_the_language_stays_after_a_changed_password(sign_in: Enter) -> None:
    bo = sign_in("bo")
    bo.post("/account/password", {"old": PASSWORD, "password": NEW})
    assert 'lang="zh-CN"' in bo.get("/login").text


def test_the_account_says_who_one_is(sign_in: Enter) -> None:
    shown = words(sign_in("bo").get("/account"))
    assert "博文" in shown and "bo" in shown and "业务人员" in shown and "销售" in shown


@pytest.mark.parametrize(
    "name", ["<b>Bo</b>", '" onmouseover="x', "'; DROP TABLE person; --", "{{ 7*7 }}", "李" * 200, "👩‍💼"]
)
def test_a_hostile_name_is_shown_as_it_is_written(boss: Browser, desk: House, name: str) -> None:
    answer = boss.post("/people/new", EVA | {"name": name}, page="/people/new")
    page = boss.get("/people").text if answer.status_code == 303 else answer.text
    assert "<b>Bo</b>" not in page and '" onmouseover="x' not in page and ">49<" not in page
    if answer.status_code == 303:
        assert name in words(boss.get("/people/eva")) or name in boss.get("/people/eva").text or "&" in page


@pytest.mark.parametrize("who", ["anna", "dana", "robot"])
def test_nobody_else_administers_people(sign_in: Enter, desk: House, who: str) -> None:
    browser = sign_in(who)
    before = person(desk, "anna")
    for place, sent in (
        ("/people/anna", {"name": "Mallory", "roles": "admin", "locale": "en", "active": "true"}),
        ("/people/anna/password", {"password": NEW}),
        ("/people/groups", {"key": "store", "zh-CN": "仓", "en": "Store"}),
    ):
        assert browser.post(place, sent).status_code == 403
    assert person(desk, "anna") == before
    assert {group.key for group in groups.groups(desk.engine)} == {"sales", "legal"}
