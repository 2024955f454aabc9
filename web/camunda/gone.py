"""Whether the client of a request is still there. A lock given to one who has gone would hold its task for nothing."""

import socket
from collections.abc import Mapping
from typing import Any


def gone(environ: Mapping[str, Any]) -> bool:
    """Waitress says so itself; gunicorn and werkzeug hand out the socket. False where nobody can know."""
    asked = environ.get("waitress.client_disconnected")
    if asked is not None:
        return bool(asked())
    peer = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
    if peer is None:
        return False
    try:
        return peer.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except (BlockingIOError, InterruptedError):
        return False
    except (OSError, ValueError):
        return True
