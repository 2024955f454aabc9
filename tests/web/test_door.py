"""Who gets in, what every answer carries, and that forged requests are refused."""

import re
from collections.abc import Callable

import flask
import pytest

from engine import errors
from engine.people import login, rights, users
from engine.people.agent import SYSTEM
from tests.house import House
from tests.web.conftest import PASSWORD, Browser, words
from web.ui import security

OPEN = {"login.show", "login.enter", "login.switch", "static", "shell.worker", "shell.manifest", "shell.none"}
ANY_AGENT = {"login.home", "login.leave", "account.show", "account.change", "account.keys", "account.change_keys"}


def test_every_page_but_the_login_asks_for_a_right(app: flask.Flask) -> None:
    free = {
        name for name, view in app.view_functions.items() if not hasattr(view, "needs") and name not in OPEN | ANY_AGENT
    }
    assert free == set()


def test_a_stranger_is_sent_to_the_login_and_comes_back(stranger: Browser) -> None:
    answer = stranger.get("/cases?status=active")
    assert answer.headers["Location"] == "/login?next=/cases?status%3Dactive"
    data = {"key": "anna", "password": PASSWORD, "next": "/cases?status=active"}
    assert stranger.post("/login", data, page="/login").headers["Location"] == "/cases?status=active"


@pytest.mark.parametrize(
    "next_page", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb"]
)
def test_a_login_never_leads_out_of_the_house(stranger: Browser, next_page: str) -> None:
    answer = stranger.post("/login", {"key": "anna", "password": PASSWORD, "next": next_page}, page="/login")
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_keeps_the_name_and_says_so_in_both_languages(stranger: Browser) -> None:
    data = {"key": "anna", "password": "wrong password"}
    answer = stranger.post("/login", data, page="/login")
    assert answer.status_code == 403
    assert "登录名或密码不正确" in words(answer) and 'value="anna"' in answer.text
    stranger.post("/language", {"locale": "en"}, page="/login")
    assert "is not right" in words(stranger.post("/login", data, page="/login"))


def test_too_many_tries_from_one_address_are_stopped(stranger: Browser) -> None:
    token = stranger.token("/login")
    data = {"key": "nobody", "password": "x", "csrf_token": token}
    statuses = [stranger.client.post("/login", data=data).status_code for _ in range(21)]
    assert statuses == [403] * 20 + [429]


def test_signing_out_ends_the_session_on_the_server(anna: Browser) -> None:
    cookie = anna.client.get_cookie("page")
    assert cookie is not None
    anna.post("/logout")
    anna.client.set_cookie("page", cookie.value)
    assert anna.get("/inbox").headers["Location"].startswith("/login")


def test_a_deactivated_person_is_out_at_once(anna: Browser, desk: House) -> None:
    assert anna.get("/inbox").status_code == 200
    profile = users.Profile(name="Anna")
    users.change_user(desk.engine, key="anna", profile=profile, active=False, agent=SYSTEM, now=desk.now)
    assert anna.get("/inbox").status_code == 302


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger: Browser) -> None:
    answer = stranger.get("/login")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


@pytest.mark.parametrize("page", ["/login", "/inbox", "/nowhere", "/static/css/base.css"])
def test_every_answer_carries_the_strict_headers(anna: Browser, page: str) -> None:
    headers = anna.get(page).headers
    for name, value in security.HEADERS.items():
        assert headers[name] == value
    assert "unsafe" not in headers["Content-Security-Policy"]


PAGES = [
    "/inbox",
    "/start",
    "/start/quote",
    "/cases",
    "/customers",
    "/processes",
    "/people",
    "/people/new",
    "/designer",
]


@pytest.mark.parametrize("page", [*PAGES, "/operations", "/account", "/nowhere"])
def test_no_page_holds_a_script_or_style_of_its_own(sign_in: Callable[[str], Browser], page: str) -> None:
    text = sign_in("boss").get(page).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)


@pytest.mark.parametrize(
    "address", ["/login", "/logout", "/language", "/tasks/x/claim", "/start/quote", "/people/new", "/designer"]
)
def test_a_request_without_the_page_s_token_is_refused(anna: Browser, address: str) -> None:
    answer = anna.client.post(address, data={"locale": "en"})
    assert answer.status_code == 400
    assert "did not come from it" in words(answer)


GETS = {
    "/inbox": "task.work",
    "/start": "case.start",
    "/cases": "case.see",
    "/customers": "customer.see",
    "/processes": "process.see",
    "/designer": "process.draw",
    "/people": "people.manage",
    "/outside": "outside.manage",
    "/operations": "operations.see",
}
PEOPLE = {"anna": "staff", "dana": "designer", "boss": "admin", "robot": "integrator"}


@pytest.mark.parametrize("key", PEOPLE)
def test_each_role_reaches_exactly_the_pages_of_its_rights(sign_in: Callable[[str], Browser], key: str) -> None:
    browser = sign_in(key)
    for page, action in GETS.items():
        wanted = 200 if action in rights.TABLE[PEOPLE[key]] else 403
        assert browser.get(page).status_code == wanted, (key, page)


@pytest.mark.parametrize("key", ["anna", "dana", "robot"])
def test_nobody_but_an_administrator_adds_people(sign_in: Callable[[str], Browser], desk: House, key: str) -> None:
    data = {"key": "mallory", "name": "Mallory", "password": PASSWORD, "roles": "admin", "locale": "en"}
    answer = sign_in(key).post("/people/new", data)
    assert answer.status_code == 403
    assert "mallory" not in users.names(desk.engine)


def test_a_forbidden_page_names_who_could_and_links_home(anna: Browser) -> None:
    assert "needs one of these roles: Administrator" in words(anna.get("/people"))


def test_the_language_switch_keeps_the_page_and_is_remembered(anna: Browser) -> None:
    answer = anna.post("/language", {"locale": "zh-CN", "next": "/cases?status=active"})
    assert answer.headers["Location"] == "/cases?status=active"
    assert 'lang="zh-CN"' in anna.get("/cases").text
    assert anna.post("/language", {"locale": "fr"}).status_code == 400


@pytest.mark.parametrize(
    ("posted", "referrer", "place"),
    [
        ("/people/anna", "/people/anna?from=x", "/people/anna?from=x"),
        ("/people/anna/password", "/people/anna/password", "/people/anna"),
        ("/people/anna/password", "//evil.example/people", "/people/anna"),
        ("/people/groups", "/people", "/people"),
        ("/people/new", "/nowhere", "/people/new"),
        ("/nowhere/at/all", None, "/"),
    ],
)
def test_the_language_switch_of_a_refused_form_leads_back_to_its_page(
    sign_in: Callable[[str], Browser], posted: str, referrer: str | None, place: str
) -> None:
    boss = sign_in("boss")
    sent = {"csrf_token": boss.token("/people"), "password": "1", "key": "-", "name": ""}
    host = referrer if referrer is None or referrer.startswith("//") else f"http://localhost{referrer}"
    answer = boss.client.post(posted, data=sent, headers={"Referer": host} if host else {})
    assert answer.status_code in (404, 422)
    assert set(re.findall(r'name="next" value="([^"]*)"', answer.text)) == {place}


def test_an_unknown_page_is_told_in_the_reader_s_language(anna: Browser, bo: Browser) -> None:
    assert "There is no such page" in words(anna.get("/nowhere"))
    assert "找不到此页面" in words(bo.get("/nowhere"))


def test_a_broken_page_shows_a_number_and_no_traceback(desk: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from web.ui.app import create_pages

    app = create_pages(desk.engine)
    client = app.test_client()
    monkeypatch.setitem(app.view_functions, "login.show", lambda: 1 / 0)
    answer = client.get("/login")
    assert answer.status_code == 500
    assert "编号" in words(answer) and "ZeroDivision" not in answer.text


def test_whoever_signs_in_is_told_of_wrong_passwords_from_elsewhere_in_words(stranger: Browser, desk: House) -> None:
    for _ in range(2):
        with pytest.raises(errors.Forbidden):
            login.authenticate(desk.engine, key="anna", password="wrong", now=desk.now, source="203.0.113.9")
    stranger.post("/login", {"key": "anna", "password": PASSWORD}, page="/login")
    page = stranger.get("/inbox", follow_redirects=True).text
    assert "Wrong passwords were entered for you 2 times" in page and "203.0.113.9" in page
    assert "203.0.113.9" not in stranger.get("/cases").text


def test_five_wrong_passwords_shut_the_door_here_and_say_how_long(stranger: Browser, desk: House) -> None:
    for _ in range(5):
        assert "登录名或密码不正确" in stranger.post("/login", {"key": "anna", "password": "x"}, page="/login").text
    answer = stranger.post("/login", {"key": "anna", "password": PASSWORD}, page="/login")
    assert answer.status_code == 403 and "1 分钟后再试" in answer.text
    found = login.authenticate(desk.engine, key="anna", password=PASSWORD, now=desk.now, source="192.0.2.1")
    assert found.key == "anna"
