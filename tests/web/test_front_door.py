"""What stands before pages and API: the mounts, headers, cookies and key of the door, and who opens it."""

import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from werkzeug.test import Client

from engine import app as wiring
from engine.people import login, users
from engine.people.agent import SYSTEM
from engine.settings import Settings
from tests.house import House, house
from web import command, wsgi
from web.serving import server as web_server
from web.ui import security


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("door")) as made:
        yield made


@pytest.fixture(scope="module")
def client(home: House) -> Client:
    return Client(wsgi.create_app(home.engine))


MOUNTS = [
    # address, status, what kind of answer
    ("/login", 200, "text/html"),
    ("/nowhere", 404, "text/html"),
    ("/api/v1/health/live", 200, "application/json"),
    ("/api/v1/health/ready", 200, "application/json"),
    ("/api/v1/nowhere", 401, "application/problem+json"),
    ("/api/v1/tasks", 401, "application/problem+json"),
    ("/api/v1/openapi.json", 200, "application/json"),
    ("/engine-rest/engine", 401, "application/json"),
    ("/engine-rest/version", 401, "application/json"),
    ("/engine-rest/task", 401, "application/json"),
    ("/.well-known/camunda-automation-platform/webapps", 200, "application/json"),
    ("/apis", 404, "text/html"),  # a mount is a whole word
    ("/engine-rests", 404, "text/html"),
]


@pytest.mark.parametrize(("address", "status", "kind"), MOUNTS)
def test_each_address_is_answered_by_its_own_application(client: Client, address: str, status: int, kind: str) -> None:
    answer = client.get(address, follow_redirects=False)
    if answer.status_code in (302, 303) and status == 404:
        answer = client.get(address, follow_redirects=True)  # strangers are asked to sign in first
        assert answer.mimetype == kind
        return
    assert (answer.status_code, answer.mimetype) == (status, kind)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("address", ["/login", "/api/v1/health/live", "/engine-rest/engine"])
def test_a_way_of_asking_that_is_none_is_refused_and_no_crash(client: Client, address: str, method: str) -> None:
    assert 400 <= getattr(client, method)(address).status_code < 500


@pytest.mark.parametrize("name", security.HEADERS)
@pytest.mark.parametrize("address", ["/login", "/nowhere"])
def test_every_page_carries_the_headers_that_keep_it_to_itself(client: Client, address: str, name: str) -> None:
    assert client.get(address).headers[name] == security.HEADERS[name]


def test_pages_are_kept_by_nobody_and_static_files_are(client: Client) -> None:
    assert client.get("/login").headers["Cache-Control"] == "no-store"
    assert "no-store" not in client.get("/static/icons.svg").headers["Cache-Control"]


def test_nothing_of_a_page_may_come_from_elsewhere_or_be_framed() -> None:
    rules = dict(part.split(" ", 1) for part in security.POLICY.split("; "))
    assert rules["default-src"] == rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in security.POLICY and "*" not in security.POLICY


@pytest.mark.parametrize(("secure", "marked"), [(True, True), (False, False)])
def test_behind_https_cookies_are_marked_secure(home: House, secure: bool, marked: bool) -> None:
    answer = Client(wsgi.create_app(home.engine, secure_cookies=secure)).get("/login")
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert ("Secure" in cookie) is marked
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_a_browser_that_came_by_https_is_told_to_stay_there(client: Client) -> None:
    assert "Strict-Transport-Security" not in client.get("/login").headers
    assert "Strict-Transport-Security" in client.get("/login", base_url="https://localhost").headers


def test_the_key_of_the_settings_wins_and_nothing_is_written(tmp_path: Path) -> None:
    assert security.secret(Settings(data_dir=tmp_path, secret_key="mine")) == "mine"
    assert list(tmp_path.iterdir()) == []


def test_without_one_a_key_is_made_once_and_its_owner_alone_may_read_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new" / "folder")
    first, again = security.secret(settings), security.secret(settings)
    (file,) = settings.data_dir.iterdir()
    assert first == again == file.read_text().strip() and len(first) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_servers_that_start_at_once_have_one_key_and_never_half_of_it(tmp_path: Path) -> None:
    for number in range(20):
        settings = Settings(data_dir=tmp_path / str(number))
        settings.data_dir.mkdir()
        ready, keys = threading.Barrier(6), []

        def make(settings: Settings = settings, ready: threading.Barrier = ready, keys: list[str] = keys) -> None:
            ready.wait()
            keys.append(security.secret(settings))

        threads = [threading.Thread(target=make) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(keys) == 6 and len(set(keys)) == 1 and len(keys[0]) == 64
        assert [file.name for file in settings.data_dir.iterdir()] == ["secret.key"]


def test_the_first_start_makes_an_administrator_whose_password_opens_and_the_second_does_not(tmp_path: Path) -> None:
    engine = wiring.build(Settings(data_dir=tmp_path, queue="inline"), dispatcher=False)
    try:
        password = command._first_administrator(engine)
        assert len(password) >= 12
        now = engine.clock.now()
        agent = login.authenticate(engine, key="admin", password=password, now=now)
        assert agent.roles == {"admin"}
        assert command._first_administrator(engine) == ""
        assert len(users.users(engine, agent=SYSTEM)) == 1
    finally:
        engine.close()


def test_port_0_takes_a_free_one_and_a_taken_one_is_an_error(home: House) -> None:
    server = web_server.listen(home.engine, host="127.0.0.1", port=0)
    try:
        port = int(server.effective_port)
        assert 0 < port < 65536
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass
        with pytest.raises(OSError):
            web_server.listen(home.engine, host="127.0.0.1", port=port)
    finally:
        server.close()


def test_where_it_stands_is_said_with_the_logins_in_columns(capsys: pytest.CaptureFixture[str]) -> None:
    command._say_where("127.0.0.1", 8080, (("li", "secret", "Li"), ("wangfang", "secret", "王芳")))
    said = capsys.readouterr().out
    assert "http://127.0.0.1:8080" in said and "Ctrl-C" in said
    columns = [line.index("secret") for line in said.splitlines() if "secret" in line]
    assert len(columns) == 2 and len(set(columns)) == 1


def test_a_fresh_demo_forgets_only_its_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("crmflow.db", "crmflow.db-wal", "notes.txt"):
        (tmp_path / name).write_text("old")
    seen: list[list[str]] = []

    def load(settings: Settings, year: int) -> None:
        seen.append(sorted(path.name for path in settings.data_dir.iterdir()))
        raise SystemExit(0)

    monkeypatch.setattr(command, "_load_company", load)
    CliRunner().invoke(command.demo_command, ["--data", str(tmp_path), "--fresh", "--port", "0"])
    assert seen == [["notes.txt"]]
