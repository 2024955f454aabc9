"""A house with connectors, and the world outside on loopback, which an administrator has opened."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.connectors import handlers, keep
from engine.evaluation import HouseEvaluator
from engine.jobs import handlers as builtin
from engine.model import triggers
from engine.model.nodes import Work
from engine.runtime import instances
from engine.settings import Settings
from engine.trust import credentials, openings
from tests import outside_world as world
from tests.house import BOSS, House
from tests.kernel.models import node, program

ERROR = triggers.Error(code_variable="code", message_variable="message")
KEY = "a key for tests that is long enough 01"


class Trading(House):
    """With short ways to say what administrators and drawings say."""

    def connector(self, name: str = "erp", kind: str = "http", **settings: Any) -> None:
        keep.put(self.engine, name=name, kind=kind, settings=settings, note="", agent=BOSS, now=self.now)  # type: ignore[arg-type]

    def credential(self, name: str = "erp-login", *, secret: str = "s3cret", **draft: Any) -> None:
        values = {"kind": "bearer", "hosts": ("127.0.0.1",)} | draft
        credentials.add(
            self.engine, name=name, draft=credentials.Draft(**values), secret=secret, agent=BOSS, now=self.now
        )

    def served(self, handler: str, *parameters: Any, headers: dict[str, str] | None = None, **data: Any) -> str:
        """A case that comes to a service task and then to a user task; its errors come to ``handle``."""
        work = Work(handler=handler, parameters=parameters, headers=headers or {})
        boundary = node("boundary oops", attached_to="call", triggers=(ERROR,))
        drawn = program(
            "start s", node("service call", work=work), "user look", boundary, "user handle", "end e",
            flow=["s > call > look > e", "oops > handle > e"],
        )  # fmt: skip
        self.release(drawn)
        case = self.start(**data)
        self.settle()
        return case

    def variables(self, case: str) -> dict[str, Any]:
        return instances.get(self.engine, instance_id=case).variables

    def at(self, case: str) -> list[str]:
        """The nodes with an open work item."""
        return [item.node for item in self.items(case)]

    def incident(self, case: str) -> str:
        """What the only incident says in English and Chinese."""
        with self.engine.store.reading() as tx:
            (found,) = tx.waits.incidents(case)
        return " ".join(found.message.values())

    def waiting(self, case: str) -> Any:
        """The only open job."""
        with self.engine.store.reading() as tx:
            (found,) = tx.waits.jobs(case)
        return found


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Trading]:
    settings = Settings(data_dir=tmp_path, credentials_key=KEY, lease_seconds=60)
    evaluator = HouseEvaluator()
    made = Trading(f"sqlite:///{tmp_path}/house.db", settings=settings, evaluator=evaluator)
    named = handlers.Handlers(builtin.BUILTIN, store=made.engine.store, settings=settings)
    made.engine = type(made.engine)(**{**vars(made.engine), "handlers": named})
    openings.add(made.engine, place="127.0.0.1", note="tests", agent=BOSS, now=made.now)
    yield made
    made.engine.store.close()
    evaluator.close()


@pytest.fixture
def web() -> Iterator[world.Web]:
    with world.web() as made:
        yield made


@pytest.fixture
def post() -> Iterator[world.Post]:
    with world.post() as made:
        yield made
