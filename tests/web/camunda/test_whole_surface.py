"""Every request that pycamunda can make: the operations of tiers 1 and 2 are there, the others say 501 by name."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pycamunda
import pycamunda.base
import pytest
import requests as real
from pycamunda.base import CamundaRequest
from pycamunda.deployment import Create  # a form of files: see test_python_clients

from tests.web.camunda.conftest import Clients, clients_in

# Of what is no tier: whole resources, and single requests.
NOT_HERE = {"auth", "batch", "casedef", "caseinst", "condition", "filter", "group", "identity", "migration"}
NOT_HERE |= {"message_async", "telemetry", "tenant", "user", "metrics", "jobdef", "caseexecution", "deploymentasync"}
SINGLE = {
    "decisiondef.GetDiagram",
    "processdef.GetProcessDiagram",
    "processdef.UpdateHistoryTimeToLive",
    "processdef.Delete",
    "processdef.RestartProcessInstance",
    "externaltask.SetRetriesAsync",
    "task.Resolve",
    "task.Delegate",
    "task.Create",
}
URL = "http://x/engine-rest"
VALUES: dict[str, Any] = {"retries": 1, "history_time_to_live": 1, "delegation_state": "PENDING"}
VALUES |= {"retry_timeout": 1, "error_message": "x", "error_details": "x"}


def requests() -> Iterator[tuple[str, type[CamundaRequest]]]:
    for found in pkgutil.iter_modules(pycamunda.__path__):
        module = importlib.import_module(f"pycamunda.{found.name}")
        for name, kind in inspect.getmembers(module, inspect.isclass):
            mine = kind.__module__ == module.__name__ and issubclass(kind, CamundaRequest)
            if mine and found.name != "base" and kind is not Create and not name.startswith("_"):
                yield f"{found.name}.{name}", kind


REQUESTS = dict(requests())


class Sent(Exception):
    """What the client would have sent, instead of an answer."""

    def __init__(self, method: str, url: str, params: Any, body: Any) -> None:
        super().__init__(method, url)
        self.method, self.url, self.params, self.body = method, url, params, body


class Recorder:
    def request(self, method: str, url: str, **more: Any) -> Any:
        raise Sent(method.upper(), url, more.get("params"), more.get("json"))


def sent(kind: type[CamundaRequest], monkeypatch: pytest.MonkeyPatch) -> Sent:
    given: dict[str, Any] = {"url": URL}
    for name, parameter in inspect.signature(kind.__init__).parameters.items():
        if name in ("self", "url", "args", "kwargs") or parameter.default is not inspect.Parameter.empty:
            continue
        given[name] = VALUES.get(name, "x")
    accepted = inspect.signature(kind.__init__).parameters
    if {"user_id", "group_id"} <= set(accepted):  # one of them, not both
        given = {**given, "user_id": "x", "group_id": None}
    if issubclass(kind, pycamunda.base._PathMixin):
        given["id_"] = "x"
    asked = kind(**given)
    asked.session = Recorder()
    monkeypatch.setattr(real, "request", Recorder().request)
    with pytest.raises(Sent) as caught:
        asked()
    return caught.value


def is_here(name: str) -> bool:
    module = name.partition(".")[0]
    return module not in NOT_HERE and name not in SINGLE


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    with clients_in(tmp_path_factory.mktemp("surface")) as made:
        yield made


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_is_served_or_refused_by_name(name: str, clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = sent(REQUESTS[name], monkeypatch)
    path = wanted.url.removeprefix(URL)
    body = None if wanted.method in ("GET", "DELETE") else wanted.body
    params = {key: value for key, value in (wanted.params or {}).items() if value is not None}
    answer = clients.call(wanted.method, path, query_string=params, json=body)
    if is_here(name):
        assert answer.status_code != 501, (wanted.method, path, answer.data)
        assert b"There is no resource" not in answer.data
        assert answer.status_code in (200, 204, 400, 404, 500), answer.data
        assert not answer.data or answer.json is not None
    elif wanted.method == "OPTIONS":
        assert answer.status_code == 204
    else:
        assert (answer.status_code, answer.json["type"]) == (501, "NotImplementedException"), (wanted.method, path)
        assert path.partition("?")[0].strip("/").split("/")[0] in answer.json["message"]


def test_all_of_them_are_looked_at() -> None:
    assert len(REQUESTS) > 150
    assert len([name for name in REQUESTS if is_here(name)]) > 60
