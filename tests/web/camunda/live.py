"""A server as ``crmflow serve`` runs it, on loopback, for clients that speak HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine import app, ports
from engine.people import api_tokens, groups, users
from engine.people.agent import SYSTEM
from engine.settings import Settings
from tests.web.camunda.conftest import PASSWORD
from web.serving import server as web_server


class Live:
    def __init__(self, engine: ports.Engine, port: int) -> None:
        self.engine = engine
        self.host = f"http://127.0.0.1:{port}"
        self.url = f"{self.host}/engine-rest"


def token(server: Live, person: str = "ada", *scopes: str) -> str:
    """Of this person, with the scope ``admin`` unless others are named."""
    now = server.engine.clock.now()
    made, _ = api_tokens.issue(
        server.engine, person=person, name="test", scopes=scopes or ("admin",), agent=SYSTEM, now=now
    )
    return made


@contextmanager
def serving(folder: Path) -> Iterator[Live]:
    engine = app.build(Settings(data_dir=folder))
    server = web_server.listen(engine, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    try:
        groups.put_group(engine, key="sales", texts={"en": "Sales", "zh-CN": "销售"}, agent=SYSTEM)
        for key, role in (("ada", "admin"), ("sam", "staff")):
            profile = users.Profile(name=key.title(), roles=(role,), groups=("sales",) if role == "staff" else ())
            now = engine.clock.now()
            users.add_user(engine, key=key, profile=profile, password=PASSWORD, agent=SYSTEM, now=now)
        thread.start()
        yield Live(engine, server.effective_port)
    finally:
        server.close()
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
        thread.join(timeout=10)
        engine.close()
