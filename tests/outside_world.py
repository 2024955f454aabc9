"""The world outside, on loopback: web servers that say what a test tells them, raw ones that misbehave, mail servers.

Real sockets, real protocols; each ends with its ``with`` block.
"""

import datetime as dt
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from engine.outside import line, targets
from tests import sockets


@dataclass
class Heard:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, status: int = 200, **headers: str) -> "Reply":
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json", **named})


class Web:
    """A web server on loopback. ``answers`` are given in turn, the last one for ever; a function is asked each time."""

    def __init__(self, server: ThreadingHTTPServer, scheme: str) -> None:
        self.port = int(server.server_address[1])
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self.heard: list[Heard] = []
        self.answers: list[Reply | Callable[[Heard], Reply]] = [Reply()]
        self.lock = threading.Lock()

    def says(self, *answers: Reply | Callable[[Heard], Reply]) -> None:
        self.answers = list(answers)

    def reply(self, heard: Heard) -> Reply:
        with self.lock:
            self.heard.append(heard)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer(heard) if callable(answer) else answer


@contextmanager
def web(context: ssl.SSLContext | None = None) -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = made.reply(Heard(self.command, self.path, headers, body))
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    made = Web(server, "https" if context else "http")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def raw(talk: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """A server that does what ``talk`` does with each connection; the event says that the test is over. Its port."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    def one(connection: socket.socket) -> None:
        with connection:
            connection.settimeout(2)
            try:
                talk(connection, over)
            except OSError:
                over.wait(0)  # the client has hung up, as it should

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        over.set()
        thread.join()
        listener.close()


@dataclass
class Letter:
    sender: str
    to: list[str]
    message: Message
    encrypted: bool
    login: str


class Post:
    """A mail server on loopback. ``refuse`` maps recipients to what it says of them."""

    def __init__(self, implicit: bool) -> None:
        self.implicit = implicit
        self.letters: list[Letter] = []
        self.refuse: dict[str, str] = {}
        self.at_data = ""
        """What it says to a whole letter instead of taking it."""
        self.port = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.at_data:
            return self.at_data
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append(
            Letter(
                sender=envelope.mail_from or "",
                to=list(envelope.rcpt_tos),
                message=BytesParser(policy=default).parsebytes(content),
                encrypted=self.implicit or session.ssl is not None,
                login=session.auth_data.decode() if isinstance(session.auth_data, bytes) else "",
            )
        )
        return "250 taken"

    def letter(self) -> Letter:
        """The only one."""
        (one,) = self.letters
        return one


@contextmanager
def post(context: ssl.SSLContext | None = None, *, implicit: bool = False, password: str = "") -> Iterator[Post]:
    """Without ``context`` in the clear; with it STARTTLS is required, or TLS from the start when ``implicit``."""
    made = Post(implicit)

    def authenticator(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password.decode() == password
        return AuthResult(success=right, auth_data=data.login if right else None, handled=False)

    secure = context is not None
    controller = _Controller(
        made,
        hostname="127.0.0.1",
        port=sockets.free_port(),
        ssl_context=context if implicit else None,
        tls_context=context if secure and not implicit else None,
        require_starttls=secure and not implicit,
        auth_required=bool(password),
        auth_require_tls=secure and not implicit,
        authenticator=authenticator if password else None,
    )
    controller.start()
    made.port = controller.port
    try:
        yield made
    finally:
        controller.stop()


class _Controller(Controller):
    def _trigger_server(self) -> None:
        """A knock; the original would speak TLS and trust the system's authorities only."""
        socket.create_connection((self.hostname, self.port), timeout=5).close()


def open_gate(client: ssl.SSLContext | None = None, *, resolver: line.Resolver = line.system_resolver) -> line.Gate:
    """Lets loopback be called, as an administrator may allow."""
    return line.Gate([targets.opening("127.0.0.0/8")], resolver=resolver, context=client)


class Certificates:
    """An authority of the test's own, with a certificate for ``crm.test`` and 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "crm.test")])
        now = dt.datetime.now(dt.UTC)
        names: list[x509.GeneralName] = [
            x509.DNSName("crm.test"),
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        ]
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        folder.mkdir(parents=True, exist_ok=True)
        certificate, private = folder / "certificate.pem", folder / "key.pem"
        certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        private.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.load_cert_chain(certificate, private)
        self.client = ssl.create_default_context(cafile=str(certificate))
