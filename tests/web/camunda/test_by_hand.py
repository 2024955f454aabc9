"""Starts in the middle, changes of a running instance, and deployments taken back."""

from typing import Any

import pytest

from tests.web.camunda.conftest import ORDER, TASKS, Clients


def places(clients: Clients, instance: str) -> list[str]:
    tree = clients.get(f"/process-instance/{instance}/activity-instances")
    return sorted(child["activityId"] for child in tree["childActivityInstances"])


def begin(*instructions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"startInstructions": list(instructions), **more}


BEFORE_PACK = {"type": "startBeforeActivity", "activityId": "pack"}


@pytest.mark.parametrize(
    ("instruction", "place"),
    [
        (BEFORE_PACK, "pack"),
        ({"type": "startAfterActivity", "activityId": "paying"}, "pack"),
        ({"type": "startTransition", "transitionId": "f3"}, "paying"),
    ],
)
def test_a_start_in_the_middle(selling: Clients, instruction: dict[str, Any], place: str) -> None:
    values = {"amount": {"value": 7}, "local": {"value": "x"}}
    instance = selling.start(
        **begin({**instruction, "variables": {"local": values["local"]}}, variables={"amount": values["amount"]})
    )
    assert places(selling, instance) == [place]
    seen = selling.get(f"/process-instance/{instance}/variables")
    assert (seen["amount"]["value"], seen["local"]["value"]) == (7, "x")
    assert selling.fetch() == [], "what lies before was not begun"


def test_a_start_in_two_places(selling: Clients) -> None:
    instance = selling.start(**begin(BEFORE_PACK, {"type": "startBeforeActivity", "activityId": "paying"}))
    assert places(selling, instance) == ["pack", "paying"]


def test_a_case_that_began_in_the_middle_comes_to_its_end(selling: Clients) -> None:
    instance = selling.start(**begin(BEFORE_PACK))
    (task,) = selling.get(f"/task?processInstanceId={instance}")
    selling.post(f"/task/{task['id']}/complete", {}, status=204)
    assert selling.get(f"/history/process-instance/{instance}")["state"] == "COMPLETED"


@pytest.mark.parametrize(
    ("instructions", "says"),
    [
        ([{"type": "startBeforeActivity"}], "'activityId' must be set"),
        ([{"type": "startBeforeActivity", "activityId": "nowhere"}], "nowhere"),
        ([{"type": "startBeforeActivity", "activityId": "no_money"}], "no_money"),
        ([{"type": "startTransition", "transitionId": "f99"}], "'f99' has 0 sequence flows"),
        ([{"type": "startAfterActivity", "activityId": "done"}], "'done' has 0 sequence flows"),
        ([{"type": "cancel", "activityId": "pack"}], "no activities to cancel"),
        ([{"type": "jump"}], "jump"),
        (["pack"], "list of objects"),
        ("pack", "list of objects"),
    ],
)
def test_a_start_that_cannot_be_names_what_is_wrong(selling: Clients, instructions: Any, says: str) -> None:
    refused = selling.post("/process-definition/key/order/start", {"startInstructions": instructions}, status=400)
    assert says in refused["message"]
    assert selling.get("/process-instance/count") == {"count": 0}


def test_only_who_may_change_cases_starts_in_the_middle(selling: Clients) -> None:
    selling.post("/process-definition/key/order/start", begin(BEFORE_PACK), status=403, by="ivy")
    assert selling.get("/process-instance/count") == {"count": 0}


def test_a_running_instance_is_moved(selling: Clients) -> None:
    instance = selling.start()
    body = {
        "instructions": [
            {"type": "cancel", "activityId": "charge"},
            {**BEFORE_PACK, "variables": {"paid": {"value": True, "type": "Boolean"}}},
        ],
        "annotation": "paid in cash",
        "skipCustomListeners": True,
    }
    selling.post(f"/process-instance/{instance}/modification", body, status=204)
    assert places(selling, instance) == ["pack"]
    assert selling.get(f"/process-instance/{instance}/variables/paid")["value"] is True
    assert selling.fetch() == []


def test_one_activity_of_several_is_cancelled_by_its_id(selling: Clients) -> None:
    instance = selling.start(**begin(BEFORE_PACK, BEFORE_PACK))
    children = selling.get(f"/process-instance/{instance}/activity-instances")["childActivityInstances"]
    assert len(children) == 2
    cancel = {"type": "cancel", "activityInstanceId": children[0]["id"]}
    selling.post(f"/process-instance/{instance}/modification", {"instructions": [cancel]}, status=204)
    left = selling.get(f"/process-instance/{instance}/activity-instances")["childActivityInstances"]
    assert [one["id"] for one in left] == [children[1]["id"]]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({}, 400, "No instructions"),
        ({"instructions": []}, 400, "No instructions"),
        ({"instructions": [{"type": "cancel"}]}, 400, "exactly one of"),
        ({"instructions": [{"type": "cancel", "activityInstanceId": "pack:1"}]}, 400, "does not exist"),
        ({"instructions": [{"type": "cancel", "activityId": "pack"}]}, 404, "pack"),
        ({"instructions": [{"type": "startBeforeActivity", "activityId": "nowhere"}]}, 404, "nowhere"),
    ],
)
def test_a_change_that_cannot_be_changes_nothing(
    selling: Clients, body: dict[str, Any], status: int, says: str
) -> None:
    instance = selling.start()
    refused = selling.post(f"/process-instance/{instance}/modification", body, status=status)
    assert says in refused["message"]
    assert places(selling, instance) == ["charge"]


def test_only_administrators_change_by_hand(selling: Clients) -> None:
    instance = selling.start()
    body = {"instructions": [{"type": "cancel", "activityId": "charge"}]}
    selling.post(f"/process-instance/{instance}/modification", body, status=403, by="ivy")
    selling.post("/process-instance/nowhere/modification", body, status=404)


# --- deployments taken back


def test_a_deployment_that_nobody_uses_goes_with_its_definitions(clients: Clients) -> None:
    made = clients.deploy(order__bpmn=ORDER)
    assert clients.call("DELETE", f"/deployment/{made['id']}").status_code == 204
    assert clients.get("/deployment") == []
    assert clients.get("/process-definition") == []
    assert clients.call("GET", f"/deployment/{made['id']}").status_code == 404
    clients.post("/process-definition/key/order/start", {}, status=404)
    assert clients.call("DELETE", f"/deployment/{made['id']}").status_code == 404


def test_what_was_released_before_is_released_again(clients: Clients) -> None:
    clients.deploy(order__bpmn=ORDER)
    second = clients.deploy(order__bpmn=ORDER.replace('name="Pack"', 'name="Wrap"'))
    assert clients.get("/process-definition/key/order")["version"] == 2
    assert clients.call("DELETE", f"/deployment/{second['id']}").status_code == 204
    assert clients.get("/process-definition/key/order")["version"] == 1
    assert clients.start()


def test_an_older_deployment_goes_and_the_newer_stays(clients: Clients) -> None:
    first = clients.deploy(order__bpmn=ORDER)
    clients.deploy(order__bpmn=ORDER.replace('name="Pack"', 'name="Wrap"'))
    assert clients.call("DELETE", f"/deployment/{first['id']}").status_code == 204
    assert [one["version"] for one in clients.get("/process-definition")] == [2]


def test_what_runs_stands_in_the_way_unless_it_goes_too(selling: Clients) -> None:
    instance = selling.start()
    (deployment,) = selling.get("/deployment")
    refused = selling.call("DELETE", f"/deployment/{deployment['id']}")
    assert refused.status_code == 500
    assert "run" in refused.json["message"]
    assert selling.get(f"/process-instance/{instance}")
    assert selling.call("DELETE", f"/deployment/{deployment['id']}?cascade=true").status_code == 204
    assert selling.call("GET", f"/history/process-instance/{instance}").status_code == 404
    assert selling.get("/external-task") == []
    assert selling.get("/history/process-instance/count") == {"count": 0}


def test_instances_of_other_definitions_stay(selling: Clients) -> None:
    selling.deploy("plain", plain__bpmn=TASKS)
    kept, gone = selling.start("plain"), selling.start()
    (deployment,) = selling.get("/deployment?name=order")
    assert selling.call("DELETE", f"/deployment/{deployment['id']}?cascade=true").status_code == 204
    assert [one["id"] for one in selling.get("/history/process-instance")] == [kept]
    assert gone != kept


def test_the_history_of_ended_instances_survives_without_cascade(clients: Clients) -> None:
    clients.deploy(plain__bpmn=TASKS)
    instance = clients.start("plain")
    (task,) = clients.get("/task")
    clients.post(f"/task/{task['id']}/complete", {}, status=204)
    (deployment,) = clients.get("/deployment")
    assert clients.call("DELETE", f"/deployment/{deployment['id']}").status_code == 204
    assert clients.get(f"/history/process-instance/{instance}")["state"] == "COMPLETED"


@pytest.mark.parametrize("by", ["ivy", "sam"])
def test_only_who_may_release_takes_back(selling: Clients, by: str) -> None:
    (deployment,) = selling.get("/deployment")
    assert selling.call("DELETE", f"/deployment/{deployment['id']}", by=by).status_code == 403
    assert selling.get("/deployment/count") == {"count": 1}


# --- signals to one


SIGNAL = '<bpmn:signal id="sig" name="alarm"/>'
CATCH = '<bpmn:intermediateCatchEvent id="look"><bpmn:signalEventDefinition signalRef="sig"/>'
ALARM = TASKS.replace('<bpmn:process id="plain"', f'{SIGNAL}<bpmn:process id="plain"').replace(
    '<bpmn:userTask id="look" name="Look"/>', f"{CATCH}</bpmn:intermediateCatchEvent>"
)


def test_a_signal_to_one_execution_reaches_no_other(clients: Clients) -> None:
    clients.deploy(plain__bpmn=ALARM)
    one, other = clients.start("plain"), clients.start("plain")
    clients.post("/signal", {"name": "alarm", "executionId": one}, status=204)
    states = [clients.get(f"/history/process-instance/{each}")["state"] for each in (one, other)]
    assert states == ["COMPLETED", "ACTIVE"]


def test_a_signal_that_an_execution_does_not_wait_for_is_told(clients: Clients) -> None:
    clients.deploy(plain__bpmn=ALARM)
    case = clients.start("plain")
    refused = clients.post("/signal", {"name": "other", "executionId": case}, status=500)
    assert refused["message"] == f"Execution '{case}' has not subscribed to a signal event with name 'other'."
    clients.post("/signal", {"name": "alarm", "executionId": "nowhere"}, status=404)
