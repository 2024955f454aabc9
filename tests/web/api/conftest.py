"""The API over a real engine: real database, real kernel, a hand clock, and tokens of people with different roles."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import app, dispatch, ports
from engine.clock import HandClock
from engine.people import api_tokens, groups, users
from engine.people.agent import SYSTEM
from engine.settings import Settings
from tests.house import migrated
from web.api.app import create_api

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

QUOTE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    targetNamespace="test" id="d">
  <message id="m" name="customer.replied"/>
  <process id="quote" name="Quote" isExecutable="true">
    <startEvent id="requested"/>
    <sequenceFlow id="f1" sourceRef="requested" targetRef="configure"/>
    <userTask id="configure" name="Configure" camunda:candidateGroups="sales" camunda:formKey="configure"/>
    <sequenceFlow id="f2" sourceRef="configure" targetRef="reply"/>
    <receiveTask id="reply" name="Reply" messageRef="m"/>
    <sequenceFlow id="f3" sourceRef="reply" targetRef="closed"/>
    <endEvent id="closed"/>
  </process>
</definitions>"""
FORM = (
    b'{"type": "object", "required": ["amount"], "additionalProperties": false,'
    b' "properties": {"amount": {"type": "number", "minimum": 0}, "note": {"type": "string"}}}'
)


class Programs:
    """Programs that call the API, each with a token of its own."""

    def __init__(self, engine: ports.Engine, clock: HandClock) -> None:
        self.engine = engine
        self.clock = clock
        self.client: FlaskClient = create_api(engine).test_client()
        self.tokens: dict[str, str] = {}

    def person(self, key: str, role: str, group: str = "", scopes: tuple[str, ...] = ("admin",)) -> None:
        profile = users.Profile(name=key.title(), roles=(role,), groups=(group,) if group else ())
        password = "a long enough password 7"
        users.add_user(self.engine, key=key, profile=profile, password=password, agent=SYSTEM, now=self.clock.now())
        self.tokens[key], _ = api_tokens.issue(
            self.engine, person=key, name="test", scopes=scopes, agent=SYSTEM, now=self.clock.now()
        )

    def call(self, method: str, path: str, *, by: str = "ada", **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.tokens[by]}", **more.pop("headers", {})}
        return self.client.open(f"/v1{path}", method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.call("POST", path, json={} if body is None else body, **more)

    def settle(self) -> None:
        while dispatch.once(self.engine, now=self.clock.now()) + dispatch.call(self.engine, now=self.clock.now()):
            pass


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Programs]:
    clock = HandClock(MONDAY)
    migrated(tmp_path / "crmflow.db")
    engine = app.build(Settings(data_dir=tmp_path, queue="inline"), clock=clock, dispatcher=False)
    try:
        programs = Programs(engine, clock)
        groups.put_group(engine, key="sales", texts={"en": "Sales", "zh-CN": "销售"}, agent=SYSTEM)
        programs.person("ada", "admin")
        programs.person("ivy", "integrator")
        programs.person("sam", "staff", "sales")
        programs.person("sue", "staff", "sales")
        programs.person("rita", "staff", "sales", scopes=("read",))
        yield programs
    finally:
        engine.close()


@pytest.fixture
def selling(api: Programs) -> Programs:
    """With a released process ``quote`` and the customer C-1."""
    files = [
        {"name": "quote.bpmn", "content": QUOTE.decode(), "encoding": "text"},
        {"name": "configure.json", "content": FORM.decode(), "encoding": "text"},
    ]
    deployed = api.post("/deployments", {"name": "sales", "files": files, "release": True})
    assert deployed.status_code == 201, deployed.json
    made = api.post("/customers", {"number": "C-1", "name": "李雷贸易"})
    assert made.status_code == 201, made.json
    return api
