"""The Camunda Modeler's own requests: connection check, deployment, start, and what it shows when a file is wrong."""

from typing import Any

import pytest

from engine.settings import Settings
from tests.web.camunda.conftest import HEAD, ORDER, Clients, basic, bearer
from web import wsgi

BOUNDARY = "----crmflowmodeler"


def multipart(*parts: tuple[str, str | None, str]) -> tuple[bytes, str]:
    """As the Modeler writes it: the file's part has the file's name as its name and as its file name."""
    lines = []
    for name, media_type, content in parts:
        file = f'; filename="{name}"\r\nContent-Type: {media_type}' if media_type else ""
        lines.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{content}\r\n')
    return f"{''.join(lines)}--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}"


def deploy(clients: Clients, *parts: tuple[str, str | None, str], headers: dict[str, str] | None = None) -> Any:
    fields = [
        ("deployment-name", None, "order"),
        ("deployment-source", None, "Camunda Modeler"),
        ("enable-duplicate-filtering", None, "true"),
    ]
    data, content_type = multipart(*fields, *parts)
    return clients.http.post(
        "/deployment/create", data=data, content_type=content_type, headers=basic("ada") if headers is None else headers
    )


DIAGRAM = ("order.bpmn", "text/xml", ORDER)


def test_it_asks_without_credentials_first_and_is_told_to_bring_some(clients: Clients) -> None:
    answer = clients.http.get("/deployment?maxResults=0")
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json.keys() == {"type", "message", "code"}
    assert clients.get("/deployment?maxResults=0") == []
    assert clients.get("/version") == {"version": "7.24.0"}
    wrong = clients.http.get("/version", headers=basic("ada", "not the password"))
    assert wrong.status_code == 401


def test_a_wrong_password_stays_wrong_and_an_old_one_becomes_so(clients: Clients) -> None:
    from engine.people import users
    from engine.people.agent import SYSTEM

    assert clients.http.get("/version", headers=basic("sam")).status_code == 200
    users.reset_password(clients.engine, key="sam", password="another long word 8", agent=SYSTEM)
    assert clients.http.get("/version", headers=basic("sam")).status_code == 401


def test_preflights_need_no_credentials_and_no_origin_is_refused(clients: Clients) -> None:
    answer = clients.http.options("/deployment/create", headers={"Origin": "file://"})
    assert (answer.status_code, answer.data) == (204, b"")
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"].lower()
    for origin in ("file://", "null", "https://elsewhere.example"):
        answer = clients.http.get("/version", headers={**basic("ada"), "Origin": origin})
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")


def test_a_diagram_is_deployed_once_and_started_by_its_id(clients: Clients) -> None:
    made = deploy(clients, DIAGRAM).json
    (definition,) = made["deployedProcessDefinitions"].values()
    assert (definition["key"], definition["version"], definition["resource"]) == ("order", 1, "order.bpmn")
    assert (definition["versionTag"], definition["historyTimeToLive"]) == ("v7", 180)
    key, number, uuid = definition["id"].split(":")
    assert (key, number, len(uuid)) == ("order", "1", 36)
    again = deploy(clients, DIAGRAM).json
    assert (again["id"], again["deployedProcessDefinitions"]) == (made["id"], None)
    for body in ({"businessKey": "default", "variables": None}, {"businessKey": None, "variables": {}}):
        started = clients.post(f"/process-definition/{definition['id']}/start", body)
        assert (started["definitionId"], started["businessKey"]) == (definition["id"], body["businessKey"])
        assert "variables" not in started
    twice = clients.post(f"/process-definition/{definition['id']}/start", {"businessKey": "default"})
    found = clients.get("/process-instance?businessKey=default")
    assert twice["id"] in [one["id"] for one in found] and len(found) == 2


def test_a_changed_diagram_is_a_new_version_and_the_old_one_can_still_be_started(clients: Clients) -> None:
    first = deploy(clients, DIAGRAM).json["deployedProcessDefinitions"]
    changed = ("order.bpmn", "text/xml", ORDER.replace('id="pack" name="Pack"', 'id="pack" name="Pack it"'))
    second = deploy(clients, changed).json["deployedProcessDefinitions"]
    assert [one["version"] for one in (*first.values(), *second.values())] == [1, 2]
    assert [one["id"] for one in clients.get("/process-definition?latestVersion=true")] == list(second)
    assert clients.get("/process-definition/count") == {"count": 2}
    old = clients.post(f"/process-definition/{next(iter(first))}/start")
    assert old["definitionId"] == next(iter(first))
    assert clients.get(f"/process-definition/{next(iter(first))}/xml")["bpmn20Xml"] == ORDER


def test_attachments_belong_to_the_deployment(clients: Clients) -> None:
    form = ("packing.json", "application/octet-stream", '{"type": "object", "properties": {"n": {"type": "integer"}}}')
    made = deploy(clients, DIAGRAM, form).json
    resources = clients.get(f"/deployment/{made['id']}/resources")
    assert sorted(one["name"] for one in resources) == ["order.bpmn", "packing.json"]
    (bpmn,) = [one for one in resources if one["name"] == "order.bpmn"]
    data = clients.call("GET", f"/deployment/{made['id']}/resources/{bpmn['id']}/data")
    assert data.data == ORDER.encode()


def test_a_wrong_file_is_shown_with_its_line_and_element_and_nothing_is_kept(clients: Clients) -> None:
    lost = ORDER.replace('<bpmn:endEvent id="done"/>', "").replace('targetRef="done"', 'targetRef="nowhere"')
    answer = deploy(clients, ("order.bpmn", "text/xml", lost))
    assert answer.status_code == 400
    assert answer.json["type"] == "ParseException"
    assert answer.json["message"].startswith("ENGINE-09005 Could not parse BPMN process.")
    (one, *_) = answer.json["details"]["order.bpmn"]["errors"]
    assert one["line"] > 1 and one["message"]
    assert any("f5" in each["elementIds"] for each in answer.json["details"]["order.bpmn"]["errors"])
    for text in ("no xml at all", "", HEAD):
        broken = deploy(clients, ("order.bpmn", "text/xml", text))
        assert (broken.status_code, broken.json["type"]) == (400, "ParseException")
    assert clients.get("/deployment") == []
    assert clients.get("/process-definition") == []


@pytest.mark.parametrize("who, status", [("sam", 403), ("ivy", 403), ("ada", 200)])
def test_who_may_not_deploy_is_refused_by_name(who: str, status: int, clients: Clients) -> None:
    answer = deploy(clients, DIAGRAM, headers=basic(who))
    assert answer.status_code == status
    if status == 403:
        assert answer.json["type"] == "AuthorizationException"


def test_tokens_open_the_door_within_their_scope(clients: Clients) -> None:
    assert deploy(clients, DIAGRAM, headers=bearer(clients, "ada", "read")).status_code == 403
    assert deploy(clients, DIAGRAM, headers=bearer(clients, "ada", "write")).status_code == 200
    reading = bearer(clients, "ada", "read")
    assert clients.http.post("/task", json={}, headers=reading).status_code == 200
    assert clients.http.get("/version", headers={"Authorization": "Bearer crm_nonsense"}).status_code == 401


def test_the_signpost_stands_at_the_hosts_root(tmp_path: Any) -> None:
    from werkzeug.test import Client

    engine = wsgi.open_engine(Settings(data_dir=tmp_path, queue="inline"), dispatcher=False)
    try:
        client = Client(wsgi.create_app(engine))
        found = client.get("/.well-known/camunda-automation-platform/webapps", base_url="http://crm.example:8080")
        assert found.json["tasklistUrl"] == "http://crm.example:8080/"
        assert client.get("/engine-rest/version", headers=basic("nobody")).status_code == 401
        assert client.get("/engine-rest/engine/default/version", headers=basic("nobody")).status_code == 401
    finally:
        engine.close()


def test_camundas_own_forms_are_read_and_a_form_reference_finds_its_form(clients: Clients) -> None:
    diagram = ORDER.replace('camunda:formKey="packing"', 'camunda:formRef="parcels" camunda:formRefBinding="latest"')
    form = (
        '{"type": "default", "id": "parcels", "schemaVersion": 16, "components": [{"type": "number", "key": "n",'
        ' "label": "How many", "validate": {"required": true}}]}'
    )
    made = deploy(clients, ("order.bpmn", "text/xml", diagram), ("pack.form", "application/octet-stream", form))
    assert made.status_code == 200, made.json
    (version,) = made.json["deployedProcessDefinitions"].values()
    with clients.engine.store.reading() as tx:
        released = tx.processes.released(version["key"])
        program = tx.programs.get(released.program) if released else None
    assert program is not None and program.forms["parcels"]["required"] == ["n"]


def test_a_problem_between_processes_names_the_file_too(clients: Clients) -> None:
    calling = ORDER.replace('<bpmn:receiveTask id="paying" name="Wait for payment" messageRef="paid"/>', CALL)
    answer = deploy(clients, ("order.bpmn", "text/xml", calling))
    assert (answer.status_code, list(answer.json["details"])) == (400, ["order.bpmn"])


CALL = '<bpmn:callActivity id="paying" calledElement="not_there"/>'
