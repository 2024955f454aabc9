"""SMTP through the guard: one connection, one letter, every recipient's answer, bounded in time."""

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal

import msgspec

from engine import errors
from engine.outside import line

SECONDS = 25.0
PORTS = (25, 465, 587)
Security = Literal["starttls", "tls", "plain"]


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """``plain`` only reaches places that an administrator has opened."""

    host: str
    port: int
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    seconds: float = SECONDS


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    accepted: tuple[str, ...]
    refused: dict[str, str]
    """By recipient: the server's words. For ever, as opposed to what may go well another time."""


class _Client(smtplib.SMTP):
    """Speaks over a line that is already there, and encrypts it in place."""

    def __init__(self, made: line.Line, host: str, gate: line.Gate) -> None:
        super().__init__(local_hostname="crmflow.invalid")
        self.sock = made  # type: ignore[assignment]
        self.host = host
        self._gate = gate

    def greet(self) -> None:
        code, words = self.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        self.ehlo_or_helo_if_needed()

    def encrypt(self) -> None:
        """What was said before the encryption is forgotten: somebody between might have said it."""
        if not self.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError("STARTTLS is not offered")
        code, words = self.docmd("STARTTLS")
        if code != 220:
            raise smtplib.SMTPResponseException(code, words)
        made: line.Line = self.sock  # type: ignore[assignment]
        made.encrypt(self.host, self._gate.context)
        self.file = None
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False
        self.ehlo_or_helo_if_needed()


def send(message: EmailMessage, *, sender: str, to: tuple[str, ...], server: Server, gate: line.Gate) -> Sent:
    """Raises errors.Forbidden (target), errors.Unavailable (not now) and errors.Invalid (never)."""
    deadline = line.Deadline(server.seconds)
    encrypted = server.security != "plain"
    made = gate.open(server.host, server.port, secure=encrypted, deadline=deadline, ports=PORTS)
    try:
        if server.security == "tls":
            made.encrypt(server.host, gate.context)
        client = _Client(made, server.host, gate)
        client.greet()
        if server.security == "starttls":
            client.encrypt()
        if server.user:
            client.login(server.user, server.password)
        return _deliver(client, message, sender, to)
    except smtplib.SMTPResponseException as error:
        words = _text(error.smtp_error)
        raise _answered(server, error.smtp_code, words) from error
    except (OSError, smtplib.SMTPException) as error:
        # The library hides what broke a conversation off behind its own words.
        cause = error.__context__ if isinstance(error.__context__, OSError) else error
        raise line.unreachable(server.host, server.port, cause) from error
    finally:
        made.close()


def _deliver(client: _Client, message: EmailMessage, sender: str, to: tuple[str, ...]) -> Sent:
    """Letter by letter of the protocol, for the library's own way hides who was refused for now and who for ever."""
    _need(client.mail(sender))
    accepted, refused = [], {}
    for recipient in to:
        code, words = client.rcpt(recipient)
        if code in (250, 251):
            accepted.append(recipient)
        elif code >= 500:
            refused[recipient] = f"{code} {_text(words)}"
        else:
            raise smtplib.SMTPResponseException(code, words)
    if accepted:
        _need(client.data(message.as_bytes(policy=SMTP)))
    return Sent(accepted=tuple(accepted), refused=refused)


def _need(answer: tuple[int, bytes]) -> None:
    code, words = answer
    if code != 250:
        raise smtplib.SMTPResponseException(code, words)


def _answered(server: Server, code: int, words: str) -> errors.CrmflowError:
    if code < 400:
        return line.unreachable(server.host, server.port, OSError(f"{code} {words}"))
    kind = errors.Invalid if code >= 500 else errors.Unavailable
    return kind(
        "mail_refused" if code >= 500 else "mail_put_off",
        zh=f"邮件服务器 {server.host} 拒绝：{code} {words}",
        en=f"The mail server {server.host} refused: {code} {words}",
        host=server.host,
        status=code,
    )


def _text(words: bytes | str) -> str:
    shown = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(shown.split())[:300]
