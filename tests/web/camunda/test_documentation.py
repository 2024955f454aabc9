"""docs/integrations.md says what is so: its examples run, in order, against a live server."""

import re
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.web.camunda import live
from tests.web.camunda.conftest import ORDER, PASSWORD

TEXT = (Path(__file__).parents[3] / "docs" / "integrations.md").read_text(encoding="utf-8")


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("order.bpmn").write_text(ORDER, encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
    assert len(examples) == 4
    with live.serving(tmp_path / "data") as server:
        known: dict[str, Any] = {"requests": requests, "URL": server.url, "AUTH": ("ada", PASSWORD)}
        known |= {"HOST": server.host, "TOKEN": live.token(server)}
        for example in examples:
            exec(compile(example, "docs/integrations.md", "exec"), known)
        assert known["deployed"].ok
        case = known["started"]["id"]
        over = requests.get(f"{server.url}/history/process-instance/{case}", auth=known["AUTH"], timeout=10).json()
        assert over["state"] == "COMPLETED"
        path = f"{server.url}/history/variable-instance?processInstanceId={case}&variableName=receipt"
        assert requests.get(path, auth=known["AUTH"], timeout=10).json()[0]["value"] == "paid 12"
