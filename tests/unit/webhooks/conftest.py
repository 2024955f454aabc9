"""A house that tells a listener on loopback what happens in it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import dispatch
from engine.outward import Delivery, Webhook
from engine.settings import Settings
from engine.trust import openings
from engine.webhooks import keep, signing
from tests import outside_world as world
from tests.house import BOSS, House
from tests.kernel.models import program

KEY = "a key for tests that is long enough 01"
ASK = program("start s", "user ask", "end e", flow=["s > ask > e"])


class Telling(House):
    def webhook(self, web: world.Web, **draft: Any) -> tuple[Webhook, str]:
        values = {"name": "listener", "url": f"{web.url}/in", "events": ("instance.*", "task.*")} | draft
        return keep.add(self.engine, draft=keep.Draft(**values), agent=BOSS, now=self.now)

    def tell(self) -> int:
        """Rounds of couriers until nothing is due."""
        total = 0
        while done := dispatch.outward(self.engine, now=self.now):
            total += done
        return total

    def wait(self, **span: float) -> None:
        self.clock.advance(timedelta(**span))
        self.tell()

    def deliveries(self, webhook: Webhook) -> list[Delivery]:
        """The oldest first."""
        return keep.deliveries(self.engine, webhook_id=webhook.id, agent=BOSS)[::-1]

    def shown(self, webhook: Webhook) -> Webhook:
        return keep.get(self.engine, webhook_id=webhook.id, agent=BOSS).webhook


def heard(web: world.Web) -> list[str]:
    """Types in the order they arrived, without the prefix."""
    return [one.json["type"].removeprefix("dev.crmflow.") for one in web.heard]


def signed(one: world.Heard, secret: str, home: House) -> bool:
    return signing.verified(one.body, one.headers, secret=secret, now=home.now)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Telling]:
    settings = Settings(data_dir=tmp_path, credentials_key=KEY)
    made = Telling(f"sqlite:///{tmp_path}/house.db", settings=settings)
    openings.add(made.engine, place="127.0.0.1", note="tests", agent=BOSS, now=made.now)
    made.release(ASK)
    yield made
    made.engine.store.close()


@pytest.fixture
def web() -> Iterator[world.Web]:
    with world.web() as made:
        yield made
