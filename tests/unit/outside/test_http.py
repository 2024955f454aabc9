"""Calls over real sockets: pinned addresses, redirects, bounds, and peers that mean no good."""

import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import client
from pathlib import Path

import pytest

from engine import errors
from engine.outside import http, line, targets
from tests import outside_world as world
from tests import sockets
from tests.outside_world import Reply

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def get(url: str, gate: line.Gate | None = None, **more: object) -> http.Answer:
    return http.call(http.Request(method="GET", url=url, **more), gate or world.open_gate())  # type: ignore[arg-type]


def test_a_request_arrives_as_it_was_meant() -> None:
    with world.web() as web:
        web.says(Reply(201, b'{"id": 7}', {"Content-Type": "application/json", "X-Two": "a"}))
        request = http.Request(
            method="POST",
            url=f"{web.url}/orders?x=1",
            headers={"Content-Type": "application/json"},
            secret_headers={"Authorization": "Bearer s3cret"},
            body=b'{"amount": 12}',
        )
        answer = http.call(request, world.open_gate())
        (heard,) = web.heard
    assert (answer.status, answer.body, answer.headers["x-two"]) == (201, b'{"id": 7}', "a")
    assert (heard.method, heard.path, heard.body) == ("POST", "/orders?x=1", b'{"amount": 12}')
    assert heard.headers["host"] == f"127.0.0.1:{web.port}"
    assert heard.headers["authorization"] == "Bearer s3cret"
    assert heard.headers["content-length"] == "14"
    assert heard.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_every_method_works_also_without_a_body(method: str) -> None:
    with world.web() as web:
        web.says(Reply(200, b"" if method == "HEAD" else b"ok"))
        answer = http.call(http.Request(method=method, url=web.url), world.open_gate())
        assert web.heard[0].method == method
        assert web.heard[0].headers.get("content-length", "0") == "0"
    assert answer.body == (b"" if method == "HEAD" else b"ok")


@pytest.mark.parametrize("status", [200, 204, 304, 400, 401, 404, 409, 410, 418, 429, 500, 503])
def test_every_status_is_an_answer(status: int) -> None:
    with world.web() as web:
        web.says(Reply(status))
        assert get(web.url).status == status


def test_loopback_is_refused_until_an_administrator_opens_it() -> None:
    with world.web() as web:
        with pytest.raises(errors.Forbidden) as refused:
            get(web.url, line.Gate())
        assert web.heard == [] and refused.value.code == "target_refused"
        assert get(web.url, line.Gate([targets.opening(f"127.0.0.1:{web.port}")])).status == 200


@pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "0177.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_loopback_in_disguise_is_loopback(host: str) -> None:
    with world.web() as web, pytest.raises(errors.CrmflowError) as refused:
        get(f"http://{host}:{web.port}/", line.Gate())
    assert refused.value.code in ("target_refused", "url_invalid")
    assert web.heard == []


def test_one_bad_address_among_good_ones_spoils_the_name() -> None:
    gate = line.Gate(resolver=lambda host, port: ["8.8.8.8", "10.0.0.5"])
    with pytest.raises(errors.Forbidden, match=r"10\.0\.0\.5"):
        get("https://mixed.example/", gate)


def test_a_name_is_resolved_once_and_the_checked_address_is_the_one_that_is_called() -> None:
    """DNS rebinding: the second answer would lead inside. It is never asked for."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    with world.web() as web:
        gate = line.Gate([targets.opening("127.0.0.1")], resolver=rebinding)
        assert get(f"http://rebind.example:{web.port}/", gate).status == 200
        assert web.heard[0].headers["host"] == f"rebind.example:{web.port}"
    assert asked == ["rebind.example"]


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    with world.web() as web:
        gate = world.open_gate(resolver=lambda host, port: ["127.0.0.2", "127.0.0.1"])
        assert get(f"http://two.example:{web.port}/", gate).status == 200


@pytest.mark.parametrize("found", [[], ["not an address"]])
def test_a_name_without_addresses_is_unreachable(found: list[str]) -> None:
    with pytest.raises(errors.Unavailable) as refused:
        get("https://nowhere.example/", line.Gate(resolver=lambda host, port: found))
    assert refused.value.code == "target_unreachable"


def test_an_unknown_name_is_unreachable_and_says_so() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(errors.Unavailable, match="Name or service not known"):
        get("https://nowhere.example/", line.Gate(resolver=unknown))


def test_a_name_server_that_does_not_answer_holds_nobody_up() -> None:
    over = threading.Event()

    def slow(host: str, port: int) -> list[str]:
        over.wait(5)
        return ["8.8.8.8"]

    began = time.monotonic()
    with pytest.raises(errors.Unavailable, match="in time"):
        get("https://slow.example/", line.Gate(resolver=slow), seconds=0.2)
    assert time.monotonic() - began < 2
    over.set()


# --- redirects -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_of_a_reading_request_is_followed(status: int) -> None:
    with world.web() as web:
        web.says(Reply(status, headers={"Location": "/there?x=2"}), Reply(200, b"here"))
        answer = get(f"{web.url}/a/b")
        assert [one.path for one in web.heard] == ["/a/b", "/there?x=2"]
    assert answer.body == b"here" and answer.url == f"{web.url}/there?x=2"


def test_a_redirect_of_a_writing_request_is_the_answer() -> None:
    with world.web() as web:
        web.says(Reply(307, headers={"Location": "/there"}))
        answer = http.call(http.Request(method="POST", url=web.url, body=b"x"), world.open_gate())
        assert answer.status == 307 and len(web.heard) == 1


@pytest.mark.parametrize(
    "there", ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "https://[::1]/", "http://0x0a000001/"]
)
def test_a_redirect_to_the_inside_is_refused(there: str) -> None:
    with world.web() as web:
        web.says(Reply(302, headers={"Location": there}))
        with pytest.raises(errors.Forbidden):
            get(web.url)


@pytest.mark.parametrize("there", ["file:///etc/passwd", "gopher://127.0.0.1/", "https://user@a.example/", "ftp://a/"])
def test_a_redirect_to_another_kind_of_address_is_refused(there: str) -> None:
    with world.web() as web:
        web.says(Reply(302, headers={"Location": there}))
        with pytest.raises(errors.Invalid):
            get(web.url)


def test_a_redirect_to_another_origin_gets_no_secret() -> None:
    with world.web() as first, world.web() as second:
        first.says(Reply(302, headers={"Location": f"{second.url}/x"}))
        get(first.url, secret_headers={"Authorization": "Bearer s3cret"}, headers={"X-Open": "1"})
        assert first.heard[0].headers["authorization"] == "Bearer s3cret"
        assert "authorization" not in second.heard[0].headers
        assert second.heard[0].headers["x-open"] == "1"


def test_a_redirect_within_the_origin_keeps_the_secret() -> None:
    with world.web() as web:
        web.says(Reply(302, headers={"Location": "/x"}), Reply())
        get(web.url, secret_headers={"Authorization": "Bearer s3cret"})
        assert [one.headers["authorization"] for one in web.heard] == ["Bearer s3cret"] * 2


def test_redirects_without_end_end() -> None:
    with world.web() as web:
        web.says(Reply(302, headers={"Location": "/again"}))
        with pytest.raises(errors.Unavailable) as refused:
            get(web.url)
        assert refused.value.code == "redirects_endless"
        assert len(web.heard) == http.REDIRECTS + 1


# --- bounds --------------------------------------------------------------------------------------------------------


def test_an_answer_of_the_largest_size_is_taken_and_one_byte_more_is_not() -> None:
    with world.web() as web:
        web.says(Reply(200, b"x" * 1000))
        assert len(get(web.url, largest=1000).body) == 1000
        with pytest.raises(errors.TooLarge) as refused:
            get(web.url, largest=999)
    assert refused.value.ids == {"host": "127.0.0.1", "largest": 999}


def endless(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not over.is_set():
        connection.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def test_an_endless_answer_is_cut_off_at_the_bound() -> None:
    with world.raw(endless) as port, pytest.raises(errors.TooLarge):
        get(f"http://127.0.0.1:{port}/", largest=100_000)


def test_a_compressed_answer_is_refused() -> None:
    with world.web() as web:
        web.says(Reply(200, b"\x1f\x8b", {"Content-Encoding": "gzip"}))
        with pytest.raises(errors.TooLarge, match="compressed"):
            get(web.url)


def dripping(head: bytes) -> Callable[[socket.socket, threading.Event], None]:
    """After ``head`` a byte now and then: a slow loris from the other side."""

    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        connection.sendall(head)
        while not over.wait(0.03):
            connection.sendall(b"x")

    return talk


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
    ],
    ids=["status line", "header", "body", "body without length", "after continue"],
)
def test_a_peer_that_drips_is_left_at_the_deadline(head: bytes) -> None:
    began = time.monotonic()
    with world.raw(dripping(head)) as port, pytest.raises(errors.Unavailable, match="in time"):
        get(f"http://127.0.0.1:{port}/", seconds=0.3)
    assert time.monotonic() - began < 3


def test_a_peer_that_reads_nothing_is_left_at_the_deadline() -> None:
    def deaf(connection: socket.socket, over: threading.Event) -> None:
        over.wait(5)

    request = {"method": "POST", "body": b"x" * 20_000_000, "seconds": 0.3}
    with world.raw(deaf) as port, pytest.raises(errors.Unavailable, match="in time"):
        http.call(http.Request(url=f"http://127.0.0.1:{port}/", **request), world.open_gate())  # type: ignore[arg-type]


def saying(words: bytes) -> Callable[[socket.socket, threading.Event], None]:
    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        connection.sendall(words)

    return talk


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(200)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
    ],
    ids=["silence", "nonsense", "ssh", "status", "headers", "long header", "chunk", "cut chunk", "cut body"],
)
def test_an_answer_that_is_no_http_or_breaks_off_is_no_answer(words: bytes) -> None:
    with world.raw(saying(words)) as port, pytest.raises(errors.Unavailable) as refused:
        get(f"http://127.0.0.1:{port}/")
    assert refused.value.code == "target_unreachable"
    assert refused.value.text["zh-CN"].startswith(f"无法与 127.0.0.1:{port} 通信")


def test_nobody_there_is_unreachable() -> None:
    with pytest.raises(errors.Unavailable, match="refused"):
        get(f"http://127.0.0.1:{sockets.free_port()}/")


# --- headers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, value",
    [
        ("X-A", "b\r\nX-Evil: 1"),
        ("X-A", "b\nc"),
        ("X-A", "b\x00"),
        ("X-A\r\nX-Evil", "1"),
        ("X A", "1"),
        ("", "1"),
        ("X:A", "1"),
        ("X-ä", "1"),
        ("Host", "other.example"),
        ("content-length", "5"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "keep-alive"),
    ],
)
def test_a_header_that_would_say_more_than_itself_is_refused(name: str, value: str) -> None:
    with world.web() as web:
        with pytest.raises(errors.Invalid) as refused:
            get(web.url, headers={name: value})
        assert refused.value.code == "header_invalid" and web.heard == []


def test_a_value_of_a_header_may_be_chinese() -> None:
    with world.web() as web:
        get(web.url, headers={"X-Name": "李雷"})
        assert web.heard[0].headers["x-name"].encode("latin-1").decode() == "李雷"


# --- pauses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked, pause",
    [
        ("0", timedelta(0)),
        ("120", timedelta(seconds=120)),
        ("999999999999999999", http.LONGEST_PAUSE),
        ("Mon, 02 Mar 2026 09:10:00 GMT", timedelta(minutes=10)),
        ("Mon, 02 Mar 2026 08:00:00 GMT", timedelta(0)),
        ("Mon, 02 Mar 2099 08:00:00 GMT", http.LONGEST_PAUSE),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("１２", None),
        ("Mon, 99 Mar 2026 09:10:00 GMT", None),
        ("Mon, 02 Mar 2026 09:10:00", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_within_bounds(asked: str, pause: timedelta | None) -> None:
    assert http.pause({"retry-after": asked}, NOW) == pause


# --- encryption ----------------------------------------------------------------------------------------------------


def test_an_encrypted_call_checks_the_certificate_against_the_name_not_the_address(tmp_path: Path) -> None:
    certificates = world.Certificates(tmp_path)
    with world.web(certificates.server) as web:
        gate = world.open_gate(certificates.client, resolver=lambda host, port: ["127.0.0.1"])
        assert get(f"https://crm.test:{web.port}/", gate).status == 200
        with pytest.raises(errors.Unavailable, match="certificate"):
            get(f"https://evil.test:{web.port}/", gate)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    certificates = world.Certificates(tmp_path)
    with world.web(certificates.server) as web, pytest.raises(errors.Unavailable, match="certificate"):
        get(web.url)


def test_a_deadline_that_has_passed_leaves_nothing() -> None:
    with pytest.raises(TimeoutError):
        line.Deadline(0).left()


def test_a_line_that_is_gone_is_not_opened_anew() -> None:
    """The standard library would connect by itself, to an address that nobody checked."""
    made = line.Line(socket.socket(), line.Deadline(1))
    connection = http._Connection(made, targets.read("http://a.example/"))
    connection.close()
    with pytest.raises(client.NotConnected):
        connection.request("GET", "/")
