"""Instances, messages, incidents, jobs and history; and that every operation of the list answers."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from engine.customers import register
from engine.people.agent import SYSTEM
from tests.web.camunda.conftest import HEAD, Clients

FAILING = (
    HEAD
    + """
  <bpmn:process id="failing" isExecutable="true">
    <bpmn:startEvent id="start"/>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="later"/>
    <bpmn:intermediateCatchEvent id="later">
      <bpmn:timerEventDefinition><bpmn:timeDuration>${wait}</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="f4" sourceRef="later" targetRef="end"/>
    <bpmn:endEvent id="end"/>
  </bpmn:process>
</bpmn:definitions>"""
)
BEGUN = (
    HEAD
    + """
  <bpmn:message id="m" name="order.placed"/>
  <bpmn:process id="begun" isExecutable="true">
    <bpmn:startEvent id="placed"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="placed" targetRef="look"/>
    <bpmn:userTask id="look" name="Look" camunda:candidateGroups="sales"/>
    <bpmn:sequenceFlow id="f2" sourceRef="look" targetRef="end"/>
    <bpmn:endEvent id="end"/>
  </bpmn:process>
</bpmn:definitions>"""
)


def paying(clients: Clients, **body: object) -> str:
    case = clients.start(**body)
    (task,) = clients.fetch()
    clients.post(f"/external-task/{task['id']}/complete", {"workerId": "w1"}, status=204)
    return case


def test_a_message_reaches_the_one_that_its_keys_mean(selling: Clients) -> None:
    first = paying(selling, businessKey="a", variables={"n": {"value": 1}})
    second = paying(selling, businessKey="b", variables={"n": {"value": 2}})
    nobody = selling.post("/message", {"messageName": "other"}, status=400)
    assert nobody["message"].endswith(
        "Cannot correlate message 'other': No process definition or execution matches the parameters"
    )
    many = selling.post("/message", {"messageName": "order.paid"}, status=400)
    assert "2 executions match the correlation keys" in many["message"]
    body = {"messageName": "order.paid", "correlationKeys": {"n": {"value": 2}}, "resultEnabled": True}
    (result,) = selling.post("/message", {**body, "processVariables": {"paid": {"value": True}}})
    assert (result["resultType"], result["execution"]["processInstanceId"]) == ("Execution", second)
    assert selling.get(f"/process-instance/{second}/variables/paid")["value"] is True
    selling.post("/message", body, status=400)
    selling.post("/message", {"messageName": "order.paid", "businessKey": "a"}, status=204)
    assert {task["processInstanceId"] for task in selling.get("/task")} == {first, second}
    selling.post("/message", {}, status=400)


def test_a_message_to_all_reaches_all(selling: Clients) -> None:
    for key in "ab":
        paying(selling, businessKey=key)
    found = selling.post("/message", {"messageName": "order.paid", "all": True, "resultEnabled": True})
    assert [one["resultType"] for one in found] == ["Execution", "Execution"]


def test_a_message_starts_a_process(clients: Clients) -> None:
    clients.deploy("begun", begun__bpmn=BEGUN)
    body = {"messageName": "order.placed", "businessKey": "x", "resultEnabled": True, "variablesInResultEnabled": True}
    (result,) = clients.post("/message", {**body, "processVariables": {"n": {"value": 1}}})
    assert (result["resultType"], result["processInstance"]["businessKey"]) == ("ProcessDefinition", "x")
    assert result["variables"]["n"]["value"] == 1


def test_an_instance_is_deleted_and_history_knows_why(selling: Clients) -> None:
    case = selling.start(businessKey="a")
    assert selling.call("DELETE", f"/process-instance/{case}", by="sam").status_code == 403
    assert selling.call("DELETE", f"/process-instance/{case}?deleteReason=wrong").status_code == 204
    assert selling.call("GET", f"/process-instance/{case}").status_code == 404
    assert selling.call("DELETE", f"/process-instance/{case}").status_code == 404
    told = selling.get(f"/history/process-instance/{case}")
    assert (told["state"], told["deleteReason"]) == ("EXTERNALLY_TERMINATED", "wrong")
    assert selling.post("/history/process-instance", {"finished": True, "processDefinitionKey": "order"})[0] == told
    assert selling.get("/history/process-instance/count?unfinished=true") == {"count": 0}
    (activity,) = selling.get(f"/history/activity-instance?processInstanceId={case}&activityId=charge")
    assert (activity["canceled"], activity["activityType"]) == (True, "serviceTask")


def test_incidents_and_jobs_are_told_and_mended(clients: Clients) -> None:
    clients.deploy("failing", failing__bpmn=FAILING)
    case = clients.start("failing", variables={"wait": {"value": "a while"}})
    (incident,) = clients.get(f"/incident?processInstanceId={case}")
    assert (incident["incidentType"], incident["activityId"]) == ("failedJob", "later")
    assert clients.get(f"/incident/{incident['id']}") == incident
    assert clients.get("/incident/count") == {"count": 1}
    (job,) = clients.get(f"/job?processInstanceId={case}")
    assert (job["retries"], job["id"]) == (0, incident["configuration"])
    clients.put(f"/process-instance/{case}/variables/wait", {"value": "PT1H"})
    clients.put(f"/job/{job['id']}/retries", {"retries": 1})
    assert clients.get("/incident") == []
    (timer,) = clients.get("/job?timers=true")
    assert timer["dueDate"] == "2026-03-02T10:00:00.000+0000"
    assert clients.call("POST", f"/job/{timer['id']}/execute").status_code == 501
    clients.clock.advance(timedelta(hours=1))
    clients.post(f"/job/{timer['id']}/execute", status=204)
    (told,) = clients.get(f"/history/incident?processInstanceId={case}")
    assert (told["open"], told["resolved"]) == (False, True)


def test_a_process_for_customers_takes_the_customer_from_the_start(selling: Clients) -> None:
    number = {"number": "C-1", "name": "李雷贸易"}
    made = register.register(selling.engine, data=number, agent=SYSTEM, now=selling.clock.now())
    case = selling.start(variables={"customerId": {"value": "C-1"}})
    with selling.engine.store.reading() as tx:
        found = tx.instances.get(case)
    assert found is not None and found.customer_id == made.id
    unknown = {"variables": {"customerId": {"value": "C-9"}}}
    refused = selling.post("/process-definition/key/order/start", unknown, status=400)
    assert refused["message"].startswith("Cannot instantiate process definition order:1:")


def test_staff_see_their_own_cases_only(selling: Clients) -> None:
    case = selling.start()
    assert selling.get("/process-instance", by="otto") == []
    assert selling.call("GET", f"/process-instance/{case}/variables", by="otto").status_code == 404
    assert selling.get("/external-task", by="otto") == []
    assert [one["id"] for one in selling.get("/process-instance", by="ivy")] == [case]


@pytest.mark.parametrize("path", ["/batch", "/filter/x", "/decision-requirements-definition/x", "/migration"])
def test_what_is_missing_says_so_by_name(path: str, clients: Clients) -> None:
    for prefix in ("", "/engine/default"):
        answer = clients.call("POST", prefix + path, json={})
        assert (answer.status_code, answer.json["type"]) == (501, "NotImplementedException")
        assert f"POST {path}" in answer.json["message"]


def test_an_unknown_address_is_simply_unknown(clients: Clients) -> None:
    answer = clients.call("GET", "/elephant")
    assert (answer.status_code, answer.json["type"]) == (404, "RestException")


def test_unknown_keys_and_ids_are_answered_in_known_words(clients: Clients) -> None:
    refused = clients.post("/process-definition/key/nothing/start", {}, status=404)
    assert refused["message"] == "No matching process definition with key: nothing and no tenant-id"
    for path in (
        "/process-definition/a:1:b/xml",
        "/process-instance/x",
        "/deployment/x",
        "/history/process-instance/x",
    ):
        assert clients.call("GET", path).status_code == 404, path


def test_answers_are_json_without_a_charset(clients: Clients) -> None:
    """The JavaScript client compares the header as a whole."""
    for path in ("/version", "/task", "/nothing"):
        assert clients.call("GET", path).headers["Content-Type"] == "application/json"


def listed() -> list[tuple[str, str]]:
    """Method and path of each operation that docs/integrations.md says there is."""
    text = (Path(__file__).parents[3] / "docs" / "integrations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z, ]+) (/[^`]*)` \|", text, flags=re.MULTILINE)
    return [(method, path) for methods, path in rows for method in methods.split(", ")]


def test_every_operation_that_is_documented_answers(clients: Clients) -> None:
    operations = listed()
    assert len(operations) >= 64
    for method, path in operations:
        answer = clients.call(method, re.sub(r"\{[^}]*\}", "x", path), json={})
        assert answer.status_code != 501, (method, path)
        assert b"There is no resource" not in answer.data, (method, path)
