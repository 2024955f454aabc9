"""docs/outside.md says what is so: its examples run, in order, against a live server, a listener and a mail server."""

import base64
import hmac
import json
import re
import threading
import time
from pathlib import Path
from typing import Any

import requests
from click.testing import CliRunner

from engine import cli
from engine.bpmn import read
from engine.connectors import http
from engine.people import api_tokens
from engine.people.agent import SYSTEM
from engine.webhooks import events, pace
from tests import outside_world as world
from tests.outside_world import Reply
from tests.unit.bpmn.drawn import document
from tests.web.camunda import live

TEXT = (Path(__file__).parents[2] / "docs" / "outside.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)


def until(holds: Any) -> None:
    end = time.monotonic() + 20
    while not holds() and time.monotonic() < end:
        threading.Event().wait(0.05)
    assert holds()


def test_the_examples_run(tmp_path: Path) -> None:
    assert len(EXAMPLES) == 6
    with live.serving(tmp_path) as server, world.web() as erp, world.web() as listener, world.post() as post:
        token, _ = api_tokens.issue(
            server.engine, person="ada", name="t", scopes=("admin",), agent=SYSTEM, now=server.engine.clock.now()
        )
        known: dict[str, Any] = {
            "requests": requests, "base64": base64, "hmac": hmac, "json": json, "time": time, "KNOWN": {},
            "API": f"{server.host}/api/v1", "HEAD": {"Authorization": f"Bearer {token}"},
            "ERP": erp.url, "LISTENER": f"{listener.url}/hook", "SMTP": post.port,
        }  # fmt: skip
        erp.says(Reply.of({"id": "E-1"}, 201))
        listener.says(lambda heard: Reply(known["hear"](heard.headers, heard.body)))
        for example in [*EXAMPLES[:4], EXAMPLES[5], EXAMPLES[4]]:  # the listener listens before it is told anything
            exec(compile(example, "docs/outside.md", "exec"), known)
        assert known["tried"].json() == {"data": {"erpId": "E-1"}, "error": "", "message": ""}
        assert erp.heard[0].path == "/orders/A%207" and erp.heard[0].headers["authorization"] == "Bearer n3w"
        letter = {"to": "li@example.com", "template": "order", "order": "A-7", "customer": {"name": "Li"}}
        sent = requests.post(
            f"{known['API']}/connectors/mail/try", json={"input": letter}, headers=known["HEAD"], timeout=20
        )
        assert sent.status_code == 200, sent.text
        assert post.letter().message["Subject"] in ("Your order A-7", "您的订单 A-7")
        until(lambda: known["KNOWN"])
        (event,) = known["KNOWN"].values()
        assert event["type"] == "dev.crmflow.test" and event["specversion"] == "1.0"
        forged = {**listener.heard[0].headers, "webhook-id": "other"}
        assert known["hear"](forged, listener.heard[0].body) == 401


def test_the_drawing_in_the_document_is_read_as_it_says() -> None:
    (drawn,) = re.findall(r"```xml\n(.*?)```", TEXT, flags=re.DOTALL)
    flows = '<sequenceFlow id="f" sourceRef="s" targetRef="rate"/><sequenceFlow id="g" sourceRef="rate" targetRef="e"/>'
    whole = document(f'<startEvent id="s"/>{drawn}<endEvent id="e"/>{flows}')
    (program,) = read.read(whole, file="rate.bpmn").programs
    work: Any = next(node for node in program.nodes if node.id == "rate")
    assert work.work.handler == "http" and work.work.headers == {"result": "={rate: body.rate}"}
    assert [one.target for one in work.work.parameters] == ["url"]


def test_the_settings_in_the_document_are_those_there_are() -> None:
    table = TEXT.partition("| setting | meaning |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`(\w+)`", "\n".join(line.split("|")[1] for line in table.splitlines()[2:])))
    assert named == set(http.Http.__struct_fields__)


def test_the_pauses_in_the_document_are_those_there_are() -> None:
    told = re.search(r"Tried again\*\* after (.*?), then", TEXT, re.S)
    assert told
    units = {"s": 1, "min": 60, "h": 3600}
    found = [int(n) * units[unit] for n, unit in re.findall(r"(\d+) (s|min|h)\b", told[1])]
    assert found == [one.total_seconds() for one in pace.PAUSES]
    assert f"`{events.PREFIX}`" in TEXT


def test_secrets_are_encrypted_anew_from_the_command_line(tmp_path: Path) -> None:
    old, new = "the first key, which is long enough".replace(",", ""), "the second key which is long enough too"
    run = CliRunner()
    first = run.invoke(cli.main, ["secrets", "reseal", "--data", str(tmp_path)], env={"CRMFLOW_CREDENTIALS_KEY": old})
    assert first.exit_code == 0 and "0 secrets" in first.output
    again = run.invoke(
        cli.main, ["secrets", "reseal", "--data", str(tmp_path)], env={"CRMFLOW_CREDENTIALS_KEY": f"{new},{old}"}
    )
    assert again.exit_code == 0, again.output
    short = run.invoke(
        cli.main, ["secrets", "reseal", "--data", str(tmp_path)], env={"CRMFLOW_CREDENTIALS_KEY": "short"}
    )
    assert short.exit_code == 1 and "32" in short.output
