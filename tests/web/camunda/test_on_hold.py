"""Suspension as Camunda's clients know it: of one, of several, of a definition with all that runs."""

from datetime import timedelta
from typing import Any

import pytest

from engine.runtime import suspend
from tests.house import BOSS
from tests.web.camunda.conftest import HEAD, TASKS, Clients

TIMED = (
    HEAD
    + """
  <bpmn:process id="timed" isExecutable="true">
    <bpmn:startEvent id="start"/>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="wait"/>
    <bpmn:intermediateCatchEvent id="wait">
      <bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="f2" sourceRef="wait" targetRef="end"/>
    <bpmn:endEvent id="end"/>
  </bpmn:process>
</bpmn:definitions>"""
)


def hold(clients: Clients, instance: str, suspended: Any = True, **more: Any) -> Any:
    return clients.put(f"/process-instance/{instance}/suspended", {"suspended": suspended}, **more)


def test_a_suspended_instance_says_so_everywhere(selling: Clients) -> None:
    instance = selling.start()
    hold(selling, instance)
    assert selling.get(f"/process-instance/{instance}")["suspended"] is True
    assert selling.get(f"/external-task?processInstanceId={instance}")[0]["suspended"] is True
    assert selling.get(f"/history/process-instance/{instance}")["state"] == "SUSPENDED"
    hold(selling, instance, False)
    assert selling.get(f"/process-instance/{instance}")["suspended"] is False
    assert selling.get(f"/history/process-instance/{instance}")["state"] == "ACTIVE"


@pytest.mark.parametrize("path", ["/process-instance", "/history/process-instance", "/external-task"])
def test_lists_tell_suspended_from_active(selling: Clients, path: str) -> None:
    held, free = selling.start(businessKey="held"), selling.start(businessKey="free")
    hold(selling, held)
    key = "id" if path != "/external-task" else "processInstanceId"
    assert [one[key] for one in selling.get(f"{path}?suspended=true")] == [held]
    assert [one[key] for one in selling.get(f"{path}?active=true")] == [free]
    assert selling.get(f"{path}/count?suspended=true") == {"count": 1}


def test_workers_get_its_tasks_when_it_goes_on(selling: Clients) -> None:
    instance = selling.start()
    hold(selling, instance)
    assert selling.fetch() == []
    hold(selling, instance, False)
    assert [task["processInstanceId"] for task in selling.fetch()] == [instance]


def test_nobody_claims_or_completes_its_human_tasks(clients: Clients) -> None:
    clients.deploy(plain__bpmn=TASKS)
    instance = clients.start("plain")
    (task,) = clients.get("/task")
    hold(clients, instance)
    assert clients.get(f"/task/{task['id']}")["suspended"] is True
    assert [one["id"] for one in clients.get("/task?suspended=true")] == [task["id"]]
    assert clients.get("/task?active=true") == []
    for deed, body in (("claim", {"userId": "sam"}), ("complete", {}), ("assignee", {"userId": "sam"})):
        refused = clients.call("POST", f"/task/{task['id']}/{deed}", json=body)
        assert refused.status_code == 500, deed
        assert "on hold" in refused.json["message"]
    hold(clients, instance, False)
    clients.post(f"/task/{task['id']}/complete", {}, status=204)


def test_its_timers_wait(clients: Clients) -> None:
    clients.deploy(timed__bpmn=TIMED)
    instance = clients.start("timed")
    (before,) = clients.get("/job")
    hold(clients, instance)
    (job,) = clients.get("/job")
    assert (job["dueDate"], job["suspended"]) == (before["dueDate"], True)
    clients.clock.advance(timedelta(hours=2))
    clients.settle()
    assert clients.get("/process-instance/count") == {"count": 1}
    hold(clients, instance, False)
    clients.settle()
    assert clients.get("/process-instance/count") == {"count": 0}


def test_a_message_finds_no_suspended_receiver(selling: Clients) -> None:
    instance = selling.start(businessKey="k")
    (task,) = selling.fetch()
    selling.post(f"/external-task/{task['id']}/complete", {"workerId": "w1"}, status=204)
    hold(selling, instance)
    body = {"messageName": "order.paid", "businessKey": "k"}
    refused = selling.post("/message", body, status=400)
    assert "Cannot correlate message 'order.paid'" in refused["message"]
    hold(selling, instance, False)
    selling.post("/message", body, status=204)


def test_a_message_resumes_what_waits_for_its_customer(selling: Clients) -> None:
    instance = selling.start(businessKey="k")
    (task,) = selling.fetch()
    selling.post(f"/external-task/{task['id']}/complete", {"workerId": "w1"}, status=204)
    now = selling.clock.now()
    suspend.suspend(selling.engine, instance_id=instance, agent=BOSS, now=now, awaits_customer=True)
    assert selling.get(f"/process-instance/{instance}")["suspended"] is True
    selling.post("/message", {"messageName": "order.paid", "businessKey": "k"}, status=204)
    assert selling.get("/process-instance/count?suspended=true") == {"count": 0}


def test_several_by_id_all_or_none(selling: Clients) -> None:
    both = [selling.start(), selling.start()]
    refused = selling.put(
        "/process-instance/suspended", {"suspended": True, "processInstanceIds": [*both, "nowhere"]}, status=404
    )
    assert "nowhere" in refused["message"]
    assert selling.get("/process-instance/count?suspended=true") == {"count": 0}
    selling.put("/process-instance/suspended", {"suspended": True, "processInstanceIds": both})
    assert selling.get("/process-instance/count?suspended=true") == {"count": 2}


@pytest.mark.parametrize("by", ["processDefinitionId", "processDefinitionKey"])
def test_all_of_a_definition(selling: Clients, by: str) -> None:
    selling.start(), selling.start()
    (definition,) = selling.get("/process-definition")
    which = {by: definition["id"] if by == "processDefinitionId" else definition["key"]}
    selling.put("/process-instance/suspended", {"suspended": True, **which})
    assert selling.get("/process-instance/count?suspended=true") == {"count": 2}
    assert selling.get("/process-definition")[0]["suspended"] is False


@pytest.mark.parametrize("how", ["id", "key", "body"])
def test_nothing_starts_with_a_suspended_definition(selling: Clients, how: str) -> None:
    running = selling.start()
    (definition,) = selling.get("/process-definition")
    path = {"id": f"/{definition['id']}", "key": "/key/order", "body": ""}[how]
    body: dict[str, Any] = {"processDefinitionKey": "order"} if how == "body" else {}
    selling.put(f"/process-definition{path}/suspended", {**body, "suspended": True})
    assert selling.get("/process-definition/key/order")["suspended"] is True
    counts = [selling.get(f"/process-definition/count?{which}=true")["count"] for which in ("suspended", "active")]
    assert counts == [1, 0]
    refused = selling.post("/process-definition/key/order/start", {}, status=500)
    assert "on hold" in refused["message"]
    assert selling.get(f"/process-instance/{running}")["suspended"] is False
    selling.put(f"/process-definition{path}/suspended", {**body, "suspended": False})
    assert selling.start()


def test_with_its_instances(selling: Clients) -> None:
    running = selling.start()
    selling.put("/process-definition/key/order/suspended", {"suspended": True, "includeProcessInstances": True})
    assert selling.get(f"/process-instance/{running}")["suspended"] is True
    selling.put("/process-definition/key/order/suspended", {"suspended": False, "includeProcessInstances": "true"})
    assert selling.get(f"/process-instance/{running}")["suspended"] is False


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("/process-instance/{id}/suspended", {}, 400, "suspended is null"),
        ("/process-instance/{id}/suspended", {"suspended": 1}, 400, "suspended is null"),
        ("/process-instance/nowhere/suspended", {"suspended": True}, 404, "nowhere"),
        ("/process-instance/suspended", {"suspended": True}, 400, "Either processInstanceId"),
        ("/process-instance/suspended", {"suspended": True, "processDefinitionKey": "no"}, 404, "with key: no"),
        ("/process-definition/key/no/suspended", {"suspended": True}, 404, "with key: no"),
        ("/process-definition/no:1:x/suspended", {"suspended": True}, 404, "no:1:x"),
        ("/process-definition/suspended", {"suspended": True}, 400, "should be set"),
        (
            "/process-definition/key/order/suspended",
            {"suspended": True, "executionDate": "2027-01-01T00:00:00.000+0000"},
            501,
            "later date",
        ),
    ],
)
def test_what_cannot_be_suspended_is_named(
    selling: Clients, path: str, body: dict[str, Any], status: int, says: str
) -> None:
    refused = selling.put(path.format(id=selling.start()), body, status=status)
    assert says in refused["message"]


@pytest.mark.parametrize("by", ["ivy", "sam"])
def test_only_who_may_end_cases_and_release_may_suspend(selling: Clients, by: str) -> None:
    instance = selling.start()
    status = 403 if by == "ivy" else 404
    assert hold(selling, instance, by=by, status=status)["message"]
    selling.put("/process-definition/key/order/suspended", {"suspended": True}, by=by, status=403)
    assert selling.get(f"/process-instance/{instance}")["suspended"] is False
