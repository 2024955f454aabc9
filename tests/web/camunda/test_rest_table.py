"""The operations of Camunda's API that this face promises, in two tiers: each has a route of its own and answers."""

import re
from collections.abc import Iterator

import pytest
from werkzeug.routing import MapAdapter

from tests.web.camunda.conftest import Clients, clients_in

# What a modeller, the workers and the clients in use need; the sign at the root of the host has tests beside these.
FIRST = """
GET /engine
GET /version
OPTIONS /process-instance
GET /deployment
POST /deployment/create
GET /deployment/{id}
GET /deployment/{id}/resources
GET /deployment/{id}/resources/{id}/data
GET /process-definition
GET /process-definition/count
GET /process-definition/key/{key}
GET /process-definition/{id}/xml
GET /process-definition/key/{key}/xml
POST /process-definition/{id}/start
POST /process-definition/key/{key}/start
POST /process-definition/key/{key}/tenant-id/{id}/start
GET /process-instance
GET /process-instance/{id}
DELETE /process-instance/{id}
GET /process-instance/{id}/activity-instances
GET /process-instance/{id}/variables
POST /process-instance/{id}/variables
GET /process-instance/{id}/variables/{name}
GET /variable-instance
POST /variable-instance
POST /message
POST /external-task/fetchAndLock
POST /external-task/{id}/complete
POST /external-task/{id}/failure
POST /external-task/{id}/bpmnError
POST /external-task/{id}/lock
POST /external-task/{id}/extendLock
POST /external-task/{id}/unlock
PUT /external-task/{id}/retries
GET /external-task
GET /external-task/{id}
GET /external-task/{id}/errorDetails
GET /task
POST /task
GET /task/count
POST /task/count
GET /task/{id}
POST /task/{id}/claim
POST /task/{id}/unclaim
POST /task/{id}/assignee
POST /task/{id}/complete
POST /task/{id}/submit-form
GET /task/{id}/form
GET /task/{id}/form-variables
GET /task/{id}/identity-links
GET /task/{id}/variables/{name}
PUT /task/{id}/variables/{name}
GET /task/{id}/localVariables
POST /task/{id}/localVariables
GET /incident
GET /job
GET /history/process-instance
POST /history/process-instance
GET /history/process-instance/{id}
GET /history/task
POST /history/task
GET /history/variable-instance
POST /history/variable-instance
GET /history/activity-instance
"""
# What consoles for operators and agents need besides.
SECOND = """
GET /deployment/count
DELETE /deployment/{id}
GET /process-definition/{id}
GET /process-definition/statistics
GET /process-definition/{id}/statistics
GET /process-definition/key/{key}/statistics
POST /process-instance
GET /process-instance/count
POST /process-instance/count
PUT /process-instance/{id}/suspended
PUT /process-instance/suspended
PUT /process-definition/{id}/suspended
PUT /process-definition/key/{key}/suspended
PUT /process-definition/suspended
PUT /process-instance/{id}/variables/{name}
DELETE /process-instance/{id}/variables/{name}
GET /process-instance/{id}/variables/{name}/data
GET /execution/{id}/localVariables/{name}/data
POST /signal
POST /external-task
GET /external-task/count
POST /external-task/count
PUT /external-task/{id}/priority
PUT /external-task/retries
GET /external-task/topic-names
PUT /task/{id}
GET /task/{id}/variables
POST /task/{id}/variables
DELETE /task/{id}/variables/{name}
POST /task/{id}/identity-links
POST /task/{id}/identity-links/delete
GET /task/{id}/comment
GET /task/{id}/comment/{id}
POST /task/{id}/comment/create
GET /incident/count
GET /incident/{id}
DELETE /incident/{id}
GET /job/count
GET /job/{id}
PUT /job/{id}/retries
POST /job/{id}/execute
GET /job/{id}/stacktrace
GET /history/process-instance/count
POST /history/process-instance/count
GET /history/task/count
GET /history/variable-instance/count
GET /history/activity-instance/count
GET /history/incident
GET /history/incident/count
"""
OPERATIONS = [*FIRST.split("\n")[1:-1], *SECOND.split("\n")[1:-1]]


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    with clients_in(tmp_path_factory.mktemp("table")) as made:
        yield made


def parts(operation: str) -> tuple[str, str]:
    """Method and a path in which every name stands for something that is not there."""
    method, _, path = operation.partition(" ")
    return method, re.sub(r"{\w+}", "nothing", path)


def test_the_table_says_everything_once() -> None:
    assert len(OPERATIONS) == len(set(OPERATIONS)) > 97


@pytest.mark.parametrize("prefix", ["", "/engine/default"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_operation_has_a_route_of_its_own(operation: str, prefix: str, clients: Clients) -> None:
    method, path = parts(operation)
    routes: MapAdapter = clients.http.application.url_map.bind("localhost")
    endpoint, _ = routes.match(f"{prefix}{path}", method=method)
    assert endpoint != "missing"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_operation_answers_for_itself(operation: str, clients: Clients) -> None:
    """What it names is not there: it may say so, but never that the operation is unknown or still to be written."""
    method, path = parts(operation)
    answer = clients.call(method, path, json={} if method in ("POST", "PUT") else None)
    assert answer.status_code != 501, answer.data
    assert b"There is no resource" not in answer.data
    if "nothing" in path:
        assert answer.status_code in (200, 204, 400, 404, 500), answer.data
    else:
        assert answer.status_code not in (404, 405), answer.data
