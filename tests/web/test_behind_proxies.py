"""Who asks is whom the last proxy of one's own names; what others write into those headers counts for nothing."""

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from werkzeug.test import Client

from engine.settings import Settings
from tests.house import House, house
from web import wsgi
from web.serving import server as web_server
from web.ui import app as pages

TRIES = 3


@contextmanager
def behind(proxies: int, folder: Path) -> Iterator[House]:
    with house(folder, settings=Settings(data_dir=folder, trusted_proxies=proxies)) as made:
        yield made


def sign_in(client: Client, forwarded: str) -> int:
    headers = {"X-Forwarded-For": forwarded}
    token = re.findall(r'name="csrf_token" value="([^"]+)"', client.get("/login", headers=headers).text)[0]
    return client.post("/login", data={"csrf_token": token, "key": "zoe", "password": "x"}, headers=headers).status_code


@pytest.mark.parametrize(
    ("proxies", "forwarded", "other", "apart"),
    [
        (0, "10.0.0.1", "10.0.0.2", False),  # written by the client itself: nobody gets more tries by it
        (1, "10.0.0.1", "10.0.0.2", True),
        (1, "10.9.9.1, 10.0.0.1", "10.9.9.2, 10.0.0.1", False),  # only the last entry is the proxy's own
        (2, "10.0.0.1, 10.0.1.1", "10.0.0.2, 10.0.1.1", True),
    ],
)
def test_tries_to_sign_in_are_counted_by_whom_the_proxies_name(
    proxies: int, forwarded: str, other: str, apart: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LOGINS", f"{TRIES} per hour")
    with behind(proxies, tmp_path) as made:
        client = Client(wsgi.create_app(made.engine))
        tries = [sign_in(client, forwarded) for _ in range(TRIES + 1)]
        assert tries == [403] * TRIES + [429]
        assert sign_in(client, other) == (403 if apart else 429)


@pytest.mark.parametrize(("proxies", "believed"), [(0, False), (1, True)])
def test_a_real_server_hears_of_https_from_a_proxy_it_trusts(proxies: int, believed: bool, tmp_path: Path) -> None:
    with behind(proxies, tmp_path) as made:
        server = web_server.listen(made.engine, host="127.0.0.1", port=0)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            asked = http.client.HTTPConnection("127.0.0.1", int(server.effective_port), timeout=30)
            asked.request("GET", "/login", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "crm.example"})
            answer = asked.getresponse()
            assert answer.status == 200
            assert (answer.getheader("Strict-Transport-Security") is not None) is believed
            asked.close()
        finally:
            server.task_dispatcher.shutdown()
            server.close()
            thread.join(30)
        assert not thread.is_alive()
