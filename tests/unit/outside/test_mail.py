"""Letters over real SMTP: encryption, refusals, servers that mean no good."""

import socket
import threading
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from engine import errors
from engine.outside import line, mail
from tests import outside_world as world
from tests import sockets


def letter(text: str = "Hello\n") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "crm@house.test", "li@customer.test", "您好"
    made.set_content(text)
    return made


def send(port: int, gate: line.Gate | None = None, *to: str, **more: object) -> mail.Sent:
    server = mail.Server(host="127.0.0.1", port=port, **{"security": "plain", **more})  # type: ignore[arg-type]
    return mail.send(
        letter(), sender="crm@house.test", to=to or ("li@customer.test",), server=server, gate=gate or world.open_gate()
    )


def test_a_letter_arrives_whole() -> None:
    with world.post() as post:
        assert send(post.port).accepted == ("li@customer.test",)
        assert (post.letter().sender, post.letter().to) == ("crm@house.test", ["li@customer.test"])
        assert post.letter().message["Subject"] == "您好" and not post.letter().encrypted


def test_in_the_clear_only_where_an_administrator_opened_it() -> None:
    with world.post() as post:
        with pytest.raises(errors.Forbidden):
            send(post.port, line.Gate())
        assert post.letters == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_letter_goes_encrypted_with_a_login(security: str, tmp_path: Path) -> None:
    certificates = world.Certificates(tmp_path)
    with world.post(certificates.server, implicit=security == "tls", password="s3cret") as post:
        gate = world.open_gate(certificates.client)
        send(post.port, gate, security=security, user="crm", password="s3cret")
        assert post.letter().encrypted and post.letter().login == "crm"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_stops_the_letter(security: str, tmp_path: Path) -> None:
    certificates = world.Certificates(tmp_path)
    with world.post(certificates.server, implicit=security == "tls") as post:
        with pytest.raises(errors.Unavailable, match="certificate"):
            send(post.port, security=security)
        assert post.letters == []


def test_a_server_without_encryption_gets_no_letter_and_no_password() -> None:
    """Somebody between may have taken the offer away."""
    with world.post() as post:
        with pytest.raises(errors.Unavailable, match="STARTTLS"):
            send(post.port, security="starttls", user="crm", password="s3cret")
        assert post.letters == []


def test_a_wrong_password_is_refused_for_ever(tmp_path: Path) -> None:
    certificates = world.Certificates(tmp_path)
    with world.post(certificates.server, password="right") as post:
        gate = world.open_gate(certificates.client)
        with pytest.raises(errors.Invalid) as refused:
            send(post.port, gate, security="starttls", user="crm", password="wrong")
        assert refused.value.code == "mail_refused" and refused.value.ids["status"] == 535
        assert "wrong" not in str(refused.value)


def test_who_is_refused_for_ever_is_told_and_the_others_get_it() -> None:
    with world.post() as post:
        post.refuse = {"gone@customer.test": "550 no such person"}
        sent = send(post.port, None, "li@customer.test", "gone@customer.test")
        assert sent.accepted == ("li@customer.test",)
        assert sent.refused == {"gone@customer.test": "550 no such person"}
        assert post.letter().to == ["li@customer.test"]


def test_nobody_gets_it_while_one_is_put_off_so_that_nobody_gets_it_twice() -> None:
    with world.post() as post:
        post.refuse = {"slow@customer.test": "451 try later"}
        with pytest.raises(errors.Unavailable, match="451"):
            send(post.port, None, "li@customer.test", "slow@customer.test")
        assert post.letters == []


def test_everybody_refused_is_told_and_nothing_is_sent() -> None:
    with world.post() as post:
        post.refuse = {"li@customer.test": "550 5.1.1 gone"}
        assert send(post.port) == mail.Sent(accepted=(), refused={"li@customer.test": "550 5.1.1 gone"})
        assert post.letters == []


@pytest.mark.parametrize(
    "words, kind", [("554 spam", errors.Invalid), ("452 full", errors.Unavailable), ("550 no", errors.Invalid)]
)
def test_what_the_server_says_to_the_letter_decides_whether_it_is_tried_again(
    words: str, kind: type[errors.CrmflowError]
) -> None:
    with world.post() as post:
        post.at_data = words
        with pytest.raises(kind, match=words.split()[0]):
            send(post.port)


def test_nobody_there_is_unreachable() -> None:
    with pytest.raises(errors.Unavailable):
        send(sockets.free_port())


@pytest.mark.parametrize("greeting", [b"", b"554 go away\r\n", b"nonsense\r\n", b"HTTP/1.1 400 Bad\r\n\r\n"])
def test_a_server_that_does_not_greet_is_no_mail_server(greeting: bytes) -> None:
    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(greeting)

    with world.raw(talk) as port, pytest.raises(errors.CrmflowError) as refused:
        send(port)
    assert refused.value.code in ("target_unreachable", "mail_refused")


@pytest.mark.parametrize("greeting", [b"", b"220-"])
def test_a_server_that_drips_is_left_at_the_deadline(greeting: bytes) -> None:
    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(greeting)
        while not over.wait(0.03):
            connection.sendall(b"x")

    began = time.monotonic()
    with world.raw(talk) as port, pytest.raises(errors.Unavailable, match="in time"):
        send(port, seconds=0.3)
    assert time.monotonic() - began < 3


def test_words_said_before_the_encryption_are_forgotten(tmp_path: Path) -> None:
    """A plain ``250`` slipped in behind the ``220`` of STARTTLS must not count as said by the server."""
    certificates = world.Certificates(tmp_path)

    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(b"220 hello\r\n")
        connection.recv(1000)
        connection.sendall(b"250-hello\r\n250 STARTTLS\r\n")
        connection.recv(1000)
        connection.sendall(b"220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n")
        with certificates.server.wrap_socket(connection, server_side=True) as secure:
            secure.recv(1000)
            secure.sendall(b"554 no such thing\r\n")
            over.wait(0.1)

    with world.raw(talk) as port, pytest.raises(errors.CrmflowError) as refused:
        send(port, world.open_gate(certificates.client), security="starttls", user="crm", password="s3cret")
    assert refused.value.code in ("target_unreachable", "mail_refused")
