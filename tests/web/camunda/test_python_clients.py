"""Clients that others wrote for Camunda 7, unmodified, against a live server."""

import asyncio
import io
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pycamunda.activityinst
import pycamunda.deployment
import pycamunda.externaltask
import pycamunda.incident
import pycamunda.message
import pycamunda.processdef
import pycamunda.processinst
import pycamunda.task
import pycamunda.variable
import pycamunda.version
import pytest
import requests
from camunda.client.engine_client import EngineClient
from camunda.client.external_task_client import ExternalTaskClient
from camunda.external_task.external_task import ExternalTask, TaskResult
from camunda.external_task.external_task_worker import ExternalTaskWorker
from camunda_client.clients.dto import AuthData
from camunda_client.clients.engine.client import CamundaEngineClient
from camunda_client.clients.engine.schemas import (
    GetHistoryTasksFilterSchema,
    GetTasksFilterSchema,
    ProcessInstanceQuerySchema,
)
from camunda_client.clients.external_task.client import ExternalTaskClient as AsyncTaskClient
from camunda_client.types_ import VariableValueSchema
from requests.auth import HTTPBasicAuth

from tests.web.camunda import live
from tests.web.camunda.conftest import ORDER, PASSWORD

CONFIG = {
    "auth_basic": {"username": "ada", "password": PASSWORD},
    "maxTasks": 1,
    "asyncResponseTimeout": 2000,
    "retries": 3,
    "retryTimeout": 0,
    "sleepSeconds": 0,
}
AUTH = HTTPBasicAuth("ada", PASSWORD)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[live.Live]:
    with live.serving(tmp_path_factory.mktemp("live")) as made:
        deploy(made)
        yield made


def deploy(server: live.Live) -> Any:
    create = pycamunda.deployment.Create(url=server.url, name="order", source="pycamunda")
    create.auth = AUTH
    file = io.BytesIO(ORDER.encode())
    file.name = "order.bpmn"
    create.add_resource(file)
    return create()


def asked(request: Any, *values: Any) -> Any:
    request.auth = AUTH
    return request(*values)


def test_the_python_worker_completes_fails_and_reports_errors(server: live.Live) -> None:
    engine = EngineClient(server.url, CONFIG)
    key = str(uuid.uuid4())
    started = engine.start_process("order", {"amount": 12, "ok": True, "note": "x"}, business_key=key)
    worker = ExternalTaskWorker("py", server.url, CONFIG)
    seen: list[ExternalTask] = []

    def failing(task: ExternalTask) -> TaskResult:
        seen.append(task)
        return task.failure("down", "the bank does not answer", 3, 0)

    def done(task: ExternalTask) -> TaskResult:
        seen.append(task)
        return task.complete({"receipt": "R-1", "sum": 1.5, "list": [1, 2]})

    worker.fetch_and_execute("charge", failing)
    worker.fetch_and_execute("charge", done)
    assert [task.get_variable("amount") for task in seen] == [12, 12]
    assert seen[0].get_business_key() == key
    assert [task._context["retries"] for task in seen] == [None, 3]
    engine.correlate_message("order.paid", process_instance_id=started["id"], process_variables={"paid": True})
    found = engine.get_process_instance("order", ["paid_eq_true"])
    assert started["id"] in [one["id"] for one in found]

    engine.start_process("order", {})
    worker.fetch_and_execute("charge", lambda task: task.bpmn_error("REFUSED", "no money", {"why": "limit"}))
    client = ExternalTaskClient("py", server.url, CONFIG)
    engine.start_process("order", {})
    (task,) = client.fetch_and_lock("charge")
    assert client.complete(task["id"], {}, {}) is True


def test_pycamunda_deploys_starts_looks_and_ends(server: live.Live) -> None:
    assert asked(pycamunda.version.Get(server.url)).startswith("7.")
    made = deploy(server)
    assert [one.key for one in made.deployed_process_definitions.values()] == ["order"]
    definitions = asked(pycamunda.processdef.GetList(server.url, key="order", latest_version=True))
    assert [one.version_tag for one in definitions] == ["v7"]
    count = asked(pycamunda.processdef.Count(server.url, key="order"))
    assert count == 1
    start = pycamunda.processdef.StartInstance(server.url, key="order", business_key="py-1")
    start.add_variable(name="amount", value=7, type_="Integer")
    instance = asked(start)
    fetch = pycamunda.externaltask.FetchAndLock(server.url, worker_id="pyc", max_tasks=1)
    fetch.add_topic("charge", lock_duration=10_000)
    (task,) = asked(fetch)
    assert task.variables["amount"].value == 7
    complete = pycamunda.externaltask.Complete(server.url, id_=task.id_, worker_id="pyc")
    complete.add_variable("receipt", "R-2")
    asked(complete)
    tree = asked(pycamunda.processinst.GetActivityInstance(server.url, id_=instance.id_))
    assert [one.activity_id for one in tree.child_activity_instances] == ["paying"]
    message = pycamunda.message.CorrelateSingle(
        server.url, message_name="order.paid", business_key="py-1", result_enabled=True
    )
    assert [one.result_type.value for one in asked(message)] == ["Execution"]
    (found,) = asked(pycamunda.task.GetList(server.url, process_instance_id=instance.id_))
    assert (found.name, found.task_definition_key, found.assignee) == ("Pack", "pack", None)
    asked(pycamunda.task.Claim(server.url, id_=found.id_, user_id="sam"))
    with pytest.raises(pycamunda.NoSuccess):
        asked(pycamunda.task.Claim(server.url, id_=found.id_, user_id="ada"))
    asked(pycamunda.task.Unclaim(server.url, id_=found.id_))
    asked(pycamunda.task.SetAssignee(server.url, id_=found.id_, user_id="sam"))
    assert asked(pycamunda.task.Get(server.url, id_=found.id_)).assignee == "sam"
    assert [one.id_ for one in asked(pycamunda.task.GetList(server.url, assignee="sam"))] == [found.id_]
    finish = pycamunda.task.Complete(server.url, id_=found.id_)
    finish.add_variable("parcels", 2)
    asked(finish)
    with pytest.raises(pycamunda.NotFound):
        asked(pycamunda.processinst.Get(server.url, id_=instance.id_))


def test_camunda_client_works_tasks(server: live.Live) -> None:
    asyncio.run(_camunda_client(server))


async def _camunda_client(server: live.Live) -> None:
    auth = AuthData(username="ada", password=PASSWORD)
    client = CamundaEngineClient(server.url, auth, httpx.AsyncHTTPTransport())
    worker = AsyncTaskClient("async", server.url, auth, httpx.AsyncHTTPTransport())
    key = str(uuid.uuid4())
    started = await client.start_process("order", key, {"amount": VariableValueSchema(value=3, type="Integer")})
    (task,) = await worker.fetch_and_lock(["charge"], business_key=key, lock_timeout=timedelta(seconds=1))
    assert task.parsed_variables["amount"] == 3
    receipt = VariableValueSchema(value="R-3", type="String")
    await worker.complete(task.id, global_variables={"receipt": receipt})
    found = await client.get_process_instances(ProcessInstanceQuerySchema(business_key=key))
    assert [one.id for one in found] == [started.id]
    async with httpx.AsyncClient(auth=(auth.username, auth.password)) as http:
        sent = await http.post(f"{server.url}/message", json={"messageName": "order.paid", "businessKey": key})
        assert sent.status_code == 204
    (item,) = await client.get_tasks(GetTasksFilterSchema(process_instance_id=started.id, candidate_group="sales"))
    assert (await client.get_tasks_count(GetTasksFilterSchema(process_instance_id=started.id))).count == 1
    await client.claim_task(item.id, "sam")
    (task_again,) = await client.get_tasks(GetTasksFilterSchema(assignee="sam"))
    assert (task_again.id, task_again.execution_id) == (item.id, started.id)
    assert await client.get_history_process_instance(started.id) is not None
    told = await client.get_history_tasks(GetHistoryTasksFilterSchema(process_instance_id=started.id))
    assert [one.name for one in told] == ["Pack"]
    names = {one.name for one in await client.get_variable_instances()}
    assert {"amount", "receipt"} <= names
    assert await client.get_incidents() == []
    await client.unclaim_task(item.id)
    await client.submit_task_form(item.id)
    assert await client.get_task(item.id) is None
    other = await client.start_process("order")
    await client.delete_process(str(other.id))


def test_the_answers_are_what_operatons_models_say(server: live.Live, tmp_path: Path) -> None:
    from operaton.tasks import types  # its settings are read when it is imported

    def get(path: str) -> Any:
        answer = requests.get(f"{server.url}{path}", auth=AUTH, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    engine = EngineClient(server.url, CONFIG)
    started = engine.start_process("order", {"amount": 12}, business_key="typed")
    body = {
        "workerId": "op",
        "maxTasks": 1,
        "topics": [{"topicName": "charge", "lockDuration": 1000, "businessKey": "typed"}],
    }
    (locked,) = requests.post(f"{server.url}/external-task/fetchAndLock", json=body, auth=AUTH, timeout=10).json()
    strict(types.LockedExternalTaskDto, locked)
    for path, kind in (
        ("/engine", types.ProcessEngineDto),
        ("/deployment", types.DeploymentDto),
        ("/process-definition", types.ProcessDefinitionDto),
        (f"/process-instance?processInstanceIds={started['id']}", types.ProcessInstanceDto),
        (f"/external-task?processInstanceId={started['id']}", types.ExternalTaskDto),
        (f"/variable-instance?processInstanceIdIn={started['id']}", types.VariableInstanceDto),
        (f"/history/process-instance?processInstanceId={started['id']}", types.HistoricProcessInstanceDto),
        (f"/history/variable-instance?processInstanceId={started['id']}", types.HistoricVariableInstanceDto),
        (f"/history/activity-instance?processInstanceId={started['id']}", types.HistoricActivityInstanceDto),
        ("/task", types.TaskDto),
        ("/history/task", types.HistoricTaskInstanceDto),
        ("/incident", types.IncidentDto),
    ):
        answered = get(path)
        assert answered or path in ("/task", "/incident"), path
        for one in answered:
            strict(kind, one)
    strict(types.ActivityInstanceDto, get(f"/process-instance/{started['id']}/activity-instances"))


OPTIONAL = {"links", "variables", "operatonFormRef"}


def strict(kind: Any, answered: dict[str, Any]) -> None:
    """It validates, and no key that the model knows is missing."""
    kind.model_validate(answered)
    known = {field.alias or name for name, field in kind.model_fields.items()}
    missing = known - answered.keys() - OPTIONAL
    assert not missing, f"{kind.__name__}: {missing} missing"
