"""A Redis of the tests' own: free port, no persistence, gone afterwards."""

import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from engine import errors
from engine.upkeep import redis as redis_program
from tests import sockets


@contextmanager
def server() -> Iterator[str]:
    """The URL of a running server. Raises FileNotFoundError that says what to install."""
    try:
        program = redis_program.program()
    except errors.NotFound as missing:
        raise FileNotFoundError(f"these tests need the program of Redis: {missing}") from missing
    port = sockets.free_port()
    with tempfile.TemporaryDirectory(prefix="crmflow-redis-") as folder:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder]
        process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        try:
            with redis.Redis(port=port, retry=None) as client:
                until_it_answers(client, process)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(10)


def until_it_answers(client: redis.Redis, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1000):
        try:
            client.ping()
            return
        except redis.ConnectionError:
            assert process.poll() is None, "redis-server ended at once"
            threading.Event().wait(0.01)
    raise TimeoutError("redis-server does not answer")


def flush(url: str) -> None:
    """Everything it knew is gone."""
    with redis.Redis.from_url(url, retry=None) as client:
        client.flushall()


def shut_down(url: str) -> None:
    """Dead at once, nothing saved."""
    with redis.Redis.from_url(url, retry=None) as client:
        client.shutdown(nosave=True, now=True, force=True)
