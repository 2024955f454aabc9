"""External tasks as workers see them: locks, tries, errors, order, and the words of refusals."""

from datetime import timedelta

from tests.web.camunda.conftest import Clients


def test_a_worker_fetches_completes_and_the_process_goes_on(selling: Clients) -> None:
    case = selling.start(businessKey="O-1", variables={"amount": {"value": 12, "type": "Integer"}})
    (task,) = selling.fetch()
    assert task["processInstanceId"] == case
    assert task["businessKey"] == "O-1"
    assert task["variables"]["amount"] == {"type": "Integer", "value": 12, "valueInfo": {}}
    assert task["retries"] is None
    assert (task["workerId"], task["topicName"], task["activityId"]) == ("w1", "charge", "charge")
    assert task["lockExpirationTime"] == "2026-03-02T09:01:00.000+0000"
    assert selling.fetch("w2") == []
    done = {"workerId": "w1", "variables": {"receipt": {"value": "R-9"}}, "localVariables": {}}
    selling.post(f"/external-task/{task['id']}/complete", done, status=204)
    assert selling.get(f"/process-instance/{case}/variables/receipt")["value"] == "R-9"
    assert selling.get(f"/process-instance/{case}/activity-instances")["childActivityInstances"][0]["activityId"] == (
        "paying"
    )


def test_who_does_not_hold_the_lock_is_told_who_does(selling: Clients) -> None:
    selling.start()
    (task,) = selling.fetch()
    refused = selling.post(f"/external-task/{task['id']}/complete", {"workerId": "w2"}, status=400)
    assert refused["message"] == (
        f"External Task {task['id']} cannot be completed by worker 'w2'. It is locked by worker 'w1'."
    )
    unknown = selling.post("/external-task/nothing/complete", {"workerId": "w2"}, status=404)
    assert unknown == {"type": "RestException", "message": "External task with id nothing does not exist", "code": None}


def test_a_failure_counts_tries_and_the_last_one_is_an_incident(selling: Clients) -> None:
    case = selling.start()
    (task,) = selling.fetch()
    path = f"/external-task/{task['id']}"
    failed = {"workerId": "w1", "errorMessage": "down", "errorDetails": "line 3", "retries": 1, "retryTimeout": "5000"}
    selling.post(f"{path}/failure", failed, status=204)
    assert selling.fetch() == []
    selling.clock.advance(timedelta(seconds=5))
    (again,) = selling.fetch()
    assert (again["id"], again["retries"], again["errorMessage"], again["errorDetails"]) == (
        task["id"],
        1,
        "down",
        "line 3",
    )
    assert selling.call("GET", f"{path}/errorDetails").data == b"line 3"
    selling.post(f"{path}/failure", {**failed, "retries": 0}, status=204)
    (incident,) = selling.get(f"/incident?processInstanceId={case}")
    assert (incident["incidentType"], incident["configuration"]) == ("failedExternalTask", task["id"])
    assert selling.get(path)["retries"] == 0
    assert [one["id"] for one in selling.get("/external-task?noRetriesLeft=true")] == [task["id"]]
    assert selling.call("GET", f"{path}/errorDetails").data == b"line 3"
    selling.put(f"{path}/retries", {"retries": 2})
    assert selling.get("/incident") == []
    assert len(selling.fetch()) == 1


def test_a_bpmn_error_is_caught_where_the_model_catches_it(selling: Clients) -> None:
    case = selling.start()
    (task,) = selling.fetch()
    body = {"workerId": "w1", "errorCode": "REFUSED", "errorMessage": "no", "variables": {"why": {"value": "limit"}}}
    selling.post(f"/external-task/{task['id']}/bpmnError", body, status=204)
    over = selling.get(f"/history/process-instance/{case}")
    assert (over["state"], over["durationInMillis"]) == ("COMPLETED", 0)
    ends = selling.get(f"/history/variable-instance?processInstanceId={case}&variableName=why")
    assert ends[0]["value"] == "limit"


def test_locks_are_given_lengthened_and_given_back(selling: Clients) -> None:
    selling.start()
    (task,) = selling.get("/external-task")
    path = f"/external-task/{task['id']}"
    selling.post(f"{path}/lock", {"workerId": "w1", "lockDuration": 1000}, status=204)
    selling.post(f"{path}/lock", {"workerId": "w2", "lockDuration": 1000}, status=400)
    selling.post(f"{path}/extendLock", {"workerId": "w1", "newDuration": 90_000}, status=204)
    assert selling.get(path)["lockExpirationTime"] == "2026-03-02T09:01:30.000+0000"
    assert selling.get("/external-task?locked=true&workerId=w1")[0]["id"] == task["id"]
    answer = selling.call("POST", f"{path}/unlock")
    assert (answer.status_code, answer.data) == (204, b"")
    assert selling.get(path)["workerId"] is None
    assert len(selling.fetch("w3")) == 1


def test_what_is_more_urgent_comes_first_then_what_is_older(selling: Clients) -> None:
    cases = [selling.start(businessKey=key) for key in ("a", "b", "c")]
    last = selling.get(f"/external-task?processInstanceId={cases[2]}")[0]["id"]
    selling.put(f"/external-task/{last}/priority", {"priority": 9})
    order = [selling.fetch(maxTasks=1)[0]["businessKey"] for _ in cases]
    assert order == ["c", "a", "b"]
    selling.clock.advance(timedelta(minutes=2))
    assert [one["businessKey"] for one in selling.fetch(usePriority=False)] == ["a", "b", "c"]
    selling.clock.advance(timedelta(minutes=2))
    sorting = [{"sortBy": "createTime", "sortOrder": "desc"}]
    found = selling.fetch(usePriority=False, sorting=sorting)
    assert [one["businessKey"] for one in found] == ["c", "b", "a"]


def test_a_topic_asks_for_certain_tasks_and_certain_variables(selling: Clients) -> None:
    definition = selling.get("/process-definition/key/order")["id"]
    selling.start(businessKey="a", variables={"n": {"value": 1}, "m": {"value": 2}})
    assert selling.fetch(wanted={"businessKey": "b"}) == []
    assert selling.fetch(wanted={"processDefinitionKey": "other"}) == []
    assert selling.fetch(wanted={"processDefinitionVersionTag": "v8"}) == []
    assert selling.fetch(wanted={"processVariables": {"n": 2}}) == []
    wanted = {
        "processDefinitionId": definition,
        "processDefinitionVersionTag": "v7",
        "processVariables": {"n": 1},
        "variables": ["m", "unknown"],
        "includeExtensionProperties": True,
    }
    (task,) = selling.fetch(wanted=wanted)
    assert task["variables"].keys() == {"m"}
    assert task["extensionProperties"] == {"bank": "ICBC"}
    assert task["processDefinitionId"] == definition
    assert task["processDefinitionVersionTag"] == "v7"


def test_topics_and_retries_are_handled_together(selling: Clients) -> None:
    cases = [selling.start(), selling.start()]
    assert selling.get("/external-task/topic-names") == ["charge"]
    assert selling.get("/external-task/count") == {"count": 2}
    selling.put("/external-task/retries", {"retries": 5, "processInstanceIds": cases})
    assert {one["retries"] for one in selling.get("/external-task")} == {5}


def test_a_fetch_that_makes_no_sense_is_refused(selling: Clients) -> None:
    path = "/external-task/fetchAndLock"
    for body in (
        {"maxTasks": 1, "topics": []},
        {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "x"}]},
        {"workerId": "w", "maxTasks": "many", "topics": []},
        {"workerId": "w", "maxTasks": 1, "topics": [], "asyncResponseTimeout": 1_800_001},
        {"workerId": "w", "maxTasks": 1, "topics": {"topicName": "x"}},
    ):
        selling.post(path, body, status=400)
    answer = selling.call("POST", path, data=b"[" * 100_000, content_type="application/json")
    assert (answer.status_code, answer.json["type"]) == (400, "JsonParseException")
