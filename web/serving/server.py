"""The web server: waitress over the whole application, in this process or in several that share one socket."""

import os
import signal
import socket
from types import FrameType

import waitress.server

from engine import children, logs
from engine.ports import Engine
from engine.settings import Settings
from web import wsgi
from web.serving.crew import Crew
from web.ui.app import LARGEST_WITH_FILES

THREADS = 256
"""Each open stream, slow client and waiting poll for an external task holds one; idle ones cost nothing."""
BACKLOG = 1024


def listen(
    engine: Engine, *, host: str = "", port: int = 0, https: bool = False, shared: socket.socket | None = None
) -> waitress.server.BaseWSGIServer:
    """A server whose ``run`` serves; raises OSError when the port is taken. ``shared``: a socket that listens already.

    The lookahead lets a waiting request learn that its client has gone. What no page and no operation takes is refused
    by its length before it is read; what is taken waits in a file, once it is longer than half a megabyte.
    """
    where = {"host": host, "port": port} if shared is None else {"sockets": [shared]}
    return waitress.server.create_server(
        wsgi.create_app(engine, secure_cookies=https),
        _dispatcher=Crew(THREADS),
        connection_limit=4 * THREADS,
        channel_request_lookahead=1,
        asyncore_use_poll=True,
        max_request_body_size=LARGEST_WITH_FILES,
        ident=None,
        # By default waitress takes these headers away; whom to believe is decided by wsgi.create_app.
        clear_untrusted_proxy_headers=not engine.settings.trusted_proxies,
        backlog=BACKLOG,
        **where,
    )


def bind(host: str, port: int) -> socket.socket:
    """A socket for several processes; what comes before the first of them serves waits. Raises OSError."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server(address[:2], family=family, backlog=BACKLOG)


def serve_in_processes(settings: Settings, shared: socket.socket, *, https: bool, processes: int) -> None:
    """Until this process is told to end; requests under way are finished."""
    children.keep(_child, settings, shared, https, processes=processes, name="crmflow-web")


def _child(settings: Settings, shared: socket.socket, https: bool) -> None:
    """Ctrl-C reaches the whole family of a terminal: only the parent heeds it, and tells."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logs.configure()
    children.at_the_end_of_the_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    engine = wsgi.open_engine(settings)
    try:
        server = listen(engine, https=https, shared=shared)
        ends_cleanly()
        try:
            server.run()
        except KeyboardInterrupt:  # before it had begun
            pass
        finally:
            server.close()
    finally:
        engine.close()


def ends_cleanly() -> None:
    """Asked to end by a service manager: the same as Ctrl-C."""

    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
