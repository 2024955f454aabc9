"""npm's camunda-external-task-client-js, unmodified, under node, against a live server."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.web.camunda import live
from tests.web.camunda.conftest import ORDER, PASSWORD

HERE = Path(__file__).parent
AUTH = ("ada", PASSWORD)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert shutil.which("node") and shutil.which("npm"), "node and npm are missing: python3 run.py test installs them"
    folder = tmp_path_factory.mktemp("js")
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "camunda-external-task-client-js@3.1"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    shutil.copy(HERE / "worker.mjs", folder)
    return folder


@pytest.fixture
def server(tmp_path: Path) -> Iterator[live.Live]:
    with live.serving(tmp_path) as made:
        file = {"order.bpmn": ("order.bpmn", ORDER, "text/xml")}
        url = f"{made.url}/deployment/create"
        assert requests.post(url, files=file, data={"deployment-name": "o"}, auth=AUTH, timeout=10).ok
        yield made


def start(server: live.Live, **values: Any) -> str:
    body = {"businessKey": values["what"], "variables": {name: {"value": value} for name, value in values.items()}}
    answer = requests.post(f"{server.url}/process-definition/key/order/start", json=body, auth=AUTH, timeout=10)
    assert answer.ok, answer.text
    return str(answer.json()["id"])


def test_the_javascript_worker_does_its_work(server: live.Live, workshop: Path) -> None:
    cases = {what: start(server, what=what, amount=41) for what in ("do", "fail", "refuse", "extend")}
    command = ["node", "worker.mjs", server.url, *AUTH]
    heard: list[dict[str, Any]] = []
    with subprocess.Popen(command, cwd=workshop, stdout=subprocess.PIPE, text=True) as worker:
        try:
            assert worker.stdout is not None
            for line in worker.stdout:
                if line.startswith("{"):
                    heard.append(json.loads(line))
                if len([one for one in heard if one["kind"] in ("completed", "refused")]) == len(cases):
                    break
                assert len(heard) < 50 and not any("error" in one["kind"] for one in heard), heard
        finally:
            worker.terminate()
    kinds = [one["kind"] for one in heard]
    assert (kinds.count("completed"), kinds.count("refused"), kinds.count("failed")) == (3, 1, 1)
    assert (kinds.count("extended"), kinds.count("unlocked")) == (1, 1)
    tries = [one["retries"] for one in heard if one["kind"] == "task" and one["key"] == "fail"]
    assert tries == [None, 2]
    answer = requests.get(f"{server.url}/process-instance/{cases['do']}/variables", auth=AUTH, timeout=10).json()
    told = {name: (shape["type"], shape["value"]) for name, shape in answer.items()}
    assert told["sum"] == ("Integer", 42)
    assert told["list"] == ("Json", '[1,{"a":2}]')
    assert (told["word"], told["yes"], told["long"]) == (("String", "ok"), ("Boolean", True), ("Integer", 7))
