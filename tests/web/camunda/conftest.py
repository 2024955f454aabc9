"""Camunda's face over a real engine: real database, real kernel, a hand clock, people with passwords."""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
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
from web.camunda.app import create_engine_rest

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "a long enough password 7"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="http://bpmn.io/schema/bpmn" id="d">
"""
ORDER = (
    HEAD
    + """
  <bpmn:message id="paid" name="order.paid"/>
  <bpmn:error id="refused" name="refused" errorCode="REFUSED"/>
  <bpmn:process id="order" name="Order" isExecutable="true" camunda:versionTag="v7" camunda:historyTimeToLive="180">
    <bpmn:startEvent id="placed"/>
    <bpmn:sequenceFlow id="f1" sourceRef="placed" targetRef="charge"/>
    <bpmn:serviceTask id="charge" name="Charge the card" camunda:type="external" camunda:topic="charge">
      <bpmn:extensionElements>
        <camunda:properties><camunda:property name="bank" value="ICBC"/></camunda:properties>
      </bpmn:extensionElements>
    </bpmn:serviceTask>
    <bpmn:boundaryEvent id="no_money" attachedToRef="charge">
      <bpmn:errorEventDefinition errorRef="refused"/>
    </bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="f2" sourceRef="no_money" targetRef="lost"/>
    <bpmn:endEvent id="lost"/>
    <bpmn:sequenceFlow id="f3" sourceRef="charge" targetRef="paying"/>
    <bpmn:receiveTask id="paying" name="Wait for payment" messageRef="paid"/>
    <bpmn:sequenceFlow id="f4" sourceRef="paying" targetRef="pack"/>
    <bpmn:userTask id="pack" name="Pack" camunda:candidateGroups="sales" camunda:formKey="packing"/>
    <bpmn:sequenceFlow id="f5" sourceRef="pack" targetRef="done"/>
    <bpmn:endEvent id="done"/>
  </bpmn:process>
</bpmn:definitions>"""
)
TASKS = (
    HEAD
    + """
  <bpmn:process id="plain" isExecutable="true">
    <bpmn:startEvent id="start"/>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="look"/>
    <bpmn:userTask id="look" name="Look"/>
    <bpmn:sequenceFlow id="f2" sourceRef="look" targetRef="end"/>
    <bpmn:endEvent id="end"/>
  </bpmn:process>
</bpmn:definitions>"""
)


def files(**parts: str | bytes) -> dict[str, Any]:
    """Of a multipart form; the resource's name is the part's file name."""
    return {
        name: (io.BytesIO(part.encode() if isinstance(part, str) else part), name.replace("__", "."))
        for name, part in parts.items()
    }


class Clients:
    """Programs that speak Camunda, each person with a password."""

    def __init__(self, engine: ports.Engine, clock: HandClock) -> None:
        self.engine = engine
        self.clock = clock
        self.http: FlaskClient = create_engine_rest(engine).test_client()

    def person(self, key: str, role: str, group: str = "") -> None:
        profile = users.Profile(name=key.title(), roles=(role,), groups=(group,) if group else ())
        users.add_user(self.engine, key=key, profile=profile, password=PASSWORD, agent=SYSTEM, now=self.clock.now())

    def call(self, method: str, path: str, *, by: str = "ada", **more: Any) -> TestResponse:
        headers = {**basic(by), **more.pop("headers", {})} if by else more.pop("headers", {})
        return self.http.open(path, method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> Any:
        answer = self.call("GET", path, **more)
        assert answer.status_code == 200, (answer.status_code, answer.data)
        return answer.json

    def post(self, path: str, body: Any = None, *, status: int = 200, **more: Any) -> Any:
        answer = self.call("POST", path, json={} if body is None else body, **more)
        assert answer.status_code == status, (answer.status_code, answer.data)
        assert status != 204 or answer.data == b""
        return answer.json if answer.data else None

    def put(self, path: str, body: Any, *, status: int = 204, **more: Any) -> Any:
        answer = self.call("PUT", path, json=body, **more)
        assert answer.status_code == status, (answer.status_code, answer.data)
        return answer.json if answer.data else None

    def deploy(self, name: str = "order", *, status: int = 200, by: str = "ada", **parts: Any) -> Any:
        fields = {
            key.replace("_", "-"): part for key, part in parts.items() if isinstance(part, str) and "__" not in key
        }
        content = files(**{key: part for key, part in parts.items() if "__" in key})
        answer = self.call("POST", "/deployment/create", by=by, data={"deployment-name": name, **fields, **content})
        assert answer.status_code == status, (answer.status_code, answer.data)
        return answer.json

    def fetch(self, worker: str = "w1", topic: str = "charge", **more: Any) -> list[dict[str, Any]]:
        wanted = {"topicName": topic, "lockDuration": 60_000, **more.pop("wanted", {})}
        body = {"workerId": worker, "maxTasks": 10, "topics": [wanted], **more}
        found: list[dict[str, Any]] = self.post("/external-task/fetchAndLock", body)
        return found

    def start(self, key: str = "order", **body: Any) -> str:
        started: str = self.post(f"/process-definition/key/{key}/start", body)["id"]
        return started

    def settle(self) -> None:
        while dispatch.once(self.engine, now=self.clock.now()) + dispatch.call(self.engine, now=self.clock.now()):
            pass


def basic(key: str, password: str = PASSWORD) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:{password}".encode()).decode()}


def bearer(clients: Clients, key: str, *scopes: str) -> dict[str, str]:
    token, _ = api_tokens.issue(
        clients.engine, person=key, name="test", scopes=scopes, agent=SYSTEM, now=clients.clock.now()
    )
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def clients(tmp_path: Path) -> Iterator[Clients]:
    with clients_in(tmp_path) as made:
        yield made


@contextmanager
def clients_in(folder: Path) -> Iterator[Clients]:
    clock = HandClock(MONDAY)
    migrated(folder / "crmflow.db")
    engine = app.build(Settings(data_dir=folder, queue="inline"), clock=clock, dispatcher=False)
    try:
        made = Clients(engine, clock)
        groups.put_group(engine, key="sales", texts={"en": "Sales", "zh-CN": "销售"}, agent=SYSTEM)
        made.person("ada", "admin")
        made.person("ivy", "integrator")
        made.person("sam", "staff", "sales")
        made.person("otto", "staff")
        yield made
    finally:
        engine.close()


@pytest.fixture
def selling(clients: Clients) -> Clients:
    """With the process ``order``: an external task, a message, a human task."""
    clients.deploy(order__bpmn=ORDER)
    return clients
