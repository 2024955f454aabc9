"""A count is the length of its list, whatever is asked for and whoever asks."""

from collections.abc import Iterator

import pytest

from engine.store.lists import Lists
from tests.web.camunda.conftest import ORDER, Clients, clients_in
from tests.web.camunda.test_instances import FAILING


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    """Six orders: two wait for a worker, one is locked, one was given up, one is packed by people, one is cancelled."""
    with clients_in(tmp_path_factory.mktemp("busy")) as made:
        made.deploy(order__bpmn=ORDER)
        for number in range(6):
            made.start(businessKey=f"O-{number}", variables={"amount": {"value": number, "type": "Integer"}})
        tasks = made.fetch(maxTasks=4)
        gone, given_up, packed, _ = tasks
        assert made.call("DELETE", f"/process-instance/{gone['processInstanceId']}").status_code == 204
        failed = {"workerId": "w1", "errorMessage": "down", "retries": 0, "retryTimeout": 0}
        made.post(f"/external-task/{given_up['id']}/failure", failed, status=204)
        made.post(f"/external-task/{packed['id']}/complete", {"workerId": "w1"}, status=204)
        made.post(
            "/message", {"messageName": "order.paid", "processInstanceId": packed["processInstanceId"]}, status=204
        )
        made.deploy("failing", failing__bpmn=FAILING)
        for wait in ("a while", "PT1H"):  # one job has stopped, one timer runs
            made.start("failing", variables={"wait": {"value": wait}})
        yield made


QUERIES = {
    "/external-task": [
        "", "topicName=charge", "topicName=none", "locked=true", "notLocked=true", "withRetriesLeft=true",
        "noRetriesLeft=true", "workerId=w1", "activityId=charge", "processDefinitionKey=order", "activityIdIn=charge,x",
        "priorityHigherThanOrEquals=1", "active=true", "suspended=true", "externalTaskId=none",
    ],
    "/incident": [
        "", "activityId=charge", "failedActivityId=none", "incidentType=failedExternalTask", "incidentType=failedJob",
        "incidentMessage=down", "processDefinitionKeyIn=order,x", "incidentId=none",
        "incidentTimestampAfter=2026-03-02T10:00:00.000%2B0000",
    ],
    "/job": [
        "", "timers=true", "messages=true", "noRetriesLeft=true", "withRetriesLeft=true", "withException=true",
        "activityId=later", "activityId=none", "processInstanceId=none", "jobIds=none", "processInstanceIds=a,b",
    ],
    "/history/process-instance": [
        "", "finished=true", "unfinished=true", "processDefinitionKey=order", "processDefinitionKey=none",
        "processInstanceBusinessKey=O-1", "variables=amount_eq_3", "variables=amount_gt_9",
        "startedAfter=2026-03-02T10:00:00.000%2B0000",
    ],
    "/variable-instance": [
        "", "variableName=amount", "variableNameLike=%25ai%25", "variableNameIn=wait,x", "variableName=none",
        "variableValues=amount_gteq_3", "processInstanceIdIn=none",
    ],
    "/history/variable-instance": [
        "", "variableName=amount", "variableNameLike=a%25", "variableNameIn=wait,amount", "variableName=none",
        "variableName=amount&variableValue=3", "processDefinitionKey=failing",
    ],
    "/history/activity-instance": [
        "", "activityId=charge", "activityId=none", "activityIdIn=charge,pack", "activityName=Pack",
        "activityType=userTask", "activityType=startEvent", "activityType=none", "finished=true", "unfinished=true",
        "finished=true&unfinished=true", "canceled=true", "canceled=true&finished=true",
        "canceled=true&unfinished=true", "processDefinitionKey=failing",
        "processDefinitionKey=order&activityType=serviceTask&finished=true",
    ],
}  # fmt: skip


@pytest.mark.parametrize("by", ["ada", "sam", "otto"])
@pytest.mark.parametrize(("path", "query"), [(path, query) for path, queries in QUERIES.items() for query in queries])
def test_a_count_is_the_length_of_its_list(path: str, query: str, by: str, busy: Clients) -> None:
    listed = busy.get(f"{path}?{query}", by=by)
    assert busy.get(f"{path}/count?{query}", by=by)["count"] == len(listed)


@pytest.mark.parametrize(
    ("path", "least"),
    [
        ("/external-task", 3),
        ("/incident", 1),
        ("/job", 2),
        ("/history/process-instance", 6),
        ("/variable-instance", 7),
        ("/history/variable-instance", 8),
        ("/history/activity-instance", 8),
    ],
)
def test_there_is_something_to_count_and_staff_count_their_own(path: str, least: int, busy: Clients) -> None:
    assert busy.get(f"{path}/count")["count"] >= least
    assert busy.get(f"{path}/count", by="otto")["count"] == 0


@pytest.mark.parametrize("path", sorted(QUERIES))
def test_the_database_counts_and_sends_no_rows(path: str, busy: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    find = Lists.find
    monkeypatch.setattr(
        Lists, "find", lambda self, kind, **more: asked.append(kind.__name__) or find(self, kind, **more)
    )
    busy.get(f"{path}/count")
    # What was given up waits at its incident, and is few.
    assert set(asked) <= ({"Incident"} if path == "/external-task" else set())
