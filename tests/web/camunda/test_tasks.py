"""Human tasks through Camunda's face: found, claimed, handed over, completed; who may, and who may not."""

from typing import Any

import pytest

from tests.web.camunda.conftest import TASKS, Clients


@pytest.fixture
def packing(selling: Clients) -> Clients:
    """With one instance that waits for somebody to pack."""
    case = selling.start(businessKey="O-1", variables={"amount": {"value": 12}})
    (task,) = selling.fetch()
    selling.post(f"/external-task/{task['id']}/complete", {"workerId": "w1"}, status=204)
    selling.post("/message", {"messageName": "order.paid", "processInstanceId": case}, status=204)
    return selling


def one(clients: Clients, **more: Any) -> dict[str, Any]:
    (found,) = clients.get("/task", **more)
    return dict(found)


def test_a_task_is_found_by_what_is_known_of_it(packing: Clients) -> None:
    task = one(packing)
    assert (task["name"], task["taskDefinitionKey"], task["formKey"]) == ("Pack", "pack", "packing")
    assert task["created"] == "2026-03-02T09:00:00.000+0000"
    fitting: list[dict[str, Any]] = [
        {"processInstanceId": task["processInstanceId"]},
        {"processInstanceBusinessKey": "O-1"},
        {"processInstanceBusinessKeyIn": ["x", "O-1"]},
        {"processDefinitionKey": "order"},
        {"processDefinitionId": task["processDefinitionId"]},
        {"candidateGroup": "sales"},
        {"candidateGroups": ["sales", "legal"]},
        {"candidateUser": "sam"},
        {"unassigned": True},
        {"taskDefinitionKeyIn": ["pack"]},
        {"nameLike": "Pa%"},
        {"createdAfter": "2026-03-01T00:00:00.000+0000"},
        {"processVariables": [{"name": "amount", "operator": "gteq", "value": 12}]},
        {"orQueries": [{"assignee": "nobody", "candidateGroup": "sales"}]},
    ]
    missing: list[dict[str, Any]] = [
        {"assignee": "sam"},
        {"assigned": True},
        {"candidateUser": "otto"},
        {"dueBefore": "2027-01-01T00:00:00.000+0000"},
        {"processVariables": [{"name": "amount", "operator": "lt", "value": 12}]},
        {"orQueries": [{"assignee": "nobody", "taskDefinitionKey": "other"}]},
    ]
    for body, count in [(body, 1) for body in fitting] + [(body, 0) for body in missing]:
        assert packing.post("/task/count", body) == {"count": count}, body
        assert len(packing.post("/task", body)) == count, body
    assert packing.get("/task?processVariables=amount_gteq_12&sortBy=created&sortOrder=desc") != []
    assert packing.get("/task?firstResult=1") == []
    assert packing.call("GET", "/task?sortBy=created").status_code == 400


def test_staff_claim_for_themselves_and_admins_for_anybody(packing: Clients) -> None:
    path = f"/task/{one(packing)['id']}"
    assert packing.call("POST", f"{path}/claim", by="otto", json={"userId": "otto"}).status_code == 500
    assert packing.get("/task", by="otto") == []
    packing.post(f"{path}/claim", {"userId": "ada"}, status=403, by="sam")
    packing.post(f"{path}/claim", {"userId": "sam"}, status=204, by="sam")
    taken = packing.post(f"{path}/claim", {"userId": "ada"}, status=500)
    assert taken["type"] == "TaskAlreadyClaimedException"
    assert one(packing)["assignee"] == "sam"
    packing.post(f"{path}/unclaim", status=204, by="sam")
    packing.post(f"{path}/assignee", {"userId": "nobody-here"}, status=400)
    packing.post(f"{path}/assignee", {"userId": "otto"}, status=204)
    assert [link["userId"] for link in packing.get(f"{path}/identity-links?type=assignee")] == ["otto"]
    assert packing.get(f"{path}/identity-links?type=candidate") == [
        {"userId": None, "groupId": "sales", "type": "candidate"}
    ]


def test_a_task_is_completed_with_variables(packing: Clients) -> None:
    task = one(packing)
    path = f"/task/{task['id']}"
    packing.put(f"{path}/variables/weight", {"value": 2.5, "type": "Double"})
    assert packing.get(f"{path}/variables/weight")["type"] == "Double"
    assert packing.get(f"{path}/form") == {"key": "packing", "contextPath": None, "camundaFormRef": None}
    assert packing.get(f"{path}/form-variables?variableNames=amount").keys() == {"amount"}
    packing.post(f"{path}/claim", {"userId": "sam"}, status=204)
    body = {"variables": {"parcels": {"value": 2}}, "withVariablesInReturn": True}
    answered = packing.post(f"{path}/complete", body, by="sam")
    assert answered["parcels"]["value"] == 2
    assert packing.call("GET", path).status_code == 404
    gone = packing.post(f"{path}/complete", {}, status=500)
    assert "task is null" in gone["message"]
    (told,) = packing.get(f"/history/task?processInstanceId={task['processInstanceId']}")
    assert (told["assignee"], told["taskState"]) == ("sam", "Completed")


def test_a_drawing_that_names_nobody_is_for_those_who_direct_work(clients: Clients) -> None:
    clients.deploy("plain", plain__bpmn=TASKS)
    clients.start("plain")
    task = one(clients)
    clients.post(f"/task/{task['id']}/claim", {"userId": "sam"}, status=204)
    clients.put(f"/task/{task['id']}", {"priority": 80, "due": "2026-03-09T09:00:00.000+0000"})
    assert (one(clients)["priority"], one(clients)["due"]) == (80, "2026-03-09T09:00:00.000+0000")
    said = clients.post(f"/task/{task['id']}/comment/create", {"message": "soon"})
    assert clients.get(f"/task/{task['id']}/comment") == [said]
    clients.post(f"/task/{task['id']}/complete", status=204)
    assert clients.get("/process-instance") == []


def test_ids_are_uuids_and_lead_back(packing: Clients) -> None:
    task = one(packing)
    assert len(task["id"]) == 36 and task["id"] != task["processInstanceId"]
    assert packing.get(f"/task/{task['id']}")["id"] == task["id"]
    for unknown in ("x", "0190aaaa-0000-8000-8000-000000000000", f"{task['processInstanceId']}.99", "a.b"):
        assert packing.call("GET", f"/task/{unknown}").status_code == 404
