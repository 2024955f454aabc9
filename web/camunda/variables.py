"""Variables of an instance: read, set, one by one or together, as bytes; and lists of them across instances."""

from collections.abc import Iterator, Mapping
from typing import Any

import flask

from engine import queries, records
from engine.kernel import codec, view
from engine.ports import Transaction
from engine.runtime import instances as writing
from web.api import here
from web.camunda import door, instances, names, refusals, scoped, sent, typed

blueprint = flask.Blueprint("variables", __name__)

REASON = "set through /engine-rest"


@blueprint.get("/process-instance/<instance_id>/variables")
def index(instance_id: str) -> flask.Response:
    return flask.jsonify(typed.shapes(_seen(instance_id)))


@blueprint.post("/process-instance/<instance_id>/variables")
def modify(instance_id: str) -> tuple[str, int]:
    body = sent.body()
    deletions = sent.several(body, "deletions") or []
    _set(instance_id, {**dict.fromkeys(deletions), **typed.values(body.get("modifications"))})
    return "", 204


@blueprint.get("/process-instance/<instance_id>/variables/<name>")
def get(instance_id: str, name: str) -> flask.Response:
    return flask.jsonify(typed.shape(_one(instance_id, name)))


@blueprint.put("/process-instance/<instance_id>/variables/<name>")
def put(instance_id: str, name: str) -> tuple[str, int]:
    _set(instance_id, {name: typed.value(sent.body(), name)})
    return "", 204


@blueprint.delete("/process-instance/<instance_id>/variables/<name>")
def delete(instance_id: str, name: str) -> tuple[str, int]:
    """The variable is emptied: history keeps what it was, and expressions see null."""
    _one(instance_id, name)
    _set(instance_id, {name: None})
    return "", 204


@blueprint.get("/process-instance/<instance_id>/variables/<name>/data")
def data(instance_id: str, name: str) -> flask.Response:
    return sent_bytes(_one(instance_id, name), name)


@blueprint.post("/process-instance/<instance_id>/variables/<name>/data")
def put_data(instance_id: str, name: str) -> tuple[str, int]:
    part = flask.request.files.get("data")
    if part is None:
        raise refusals.wrong("No 'data' part in the form upload.")
    content = part.read()
    if flask.request.form.get("valueType", "File") == "File" and part.filename:
        _set(instance_id, {name: typed.file(content, filename=part.filename, mimetype=part.mimetype)})
    else:
        _set(instance_id, {name: typed.binary(content)})
    return "", 204


def sent_bytes(value: Any, name: str) -> flask.Response:
    """A download, never shown in place: what is in it came from outside."""
    found = typed.content(value)
    if found is None:
        raise refusals.wrong(f"Value of variable with name {name} is not a binary value.")
    content, media_type, filename = found
    answer = flask.Response(content, mimetype=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=filename or "data.bin")
    return answer


@blueprint.route("/variable-instance", methods=["GET", "POST"])
def listed() -> flask.Response:
    given = sent.body() if flask.request.method == "POST" else sent.query()
    sent.sorting(given, {name: name for name in ("variableName", "variableType", "activityInstanceId", "tenantId")})
    return flask.jsonify(scoped.paged(_instances(given)))


@blueprint.get("/variable-instance/<variable_id>")
def one_instance(variable_id: str) -> flask.Response:
    instance_id, _, name = variable_id.partition(":")
    unknown = refusals.missing(f"Variable instance with Id '{variable_id}' does not exist.")
    with here.engine().store.reading() as tx:
        found = scoped.need(tx, instance_id, unknown)
        seen = instances.seen(tx, instance_id)
        definition_id = names.Definitions(tx).id_of(found)
    if name not in seen:
        raise unknown
    return flask.jsonify(_instance(found, name, seen[name], definition_id))


@blueprint.route("/variable-instance/count", methods=["GET", "POST"])
def count() -> flask.Response:
    given = sent.body() if flask.request.method == "POST" else sent.query()
    with here.engine().store.reading() as tx:
        return flask.jsonify({"count": sum(1 for _ in _fitting(tx, given))})


def _instances(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    with here.engine().store.reading() as tx:
        definitions = names.Definitions(tx)
        return [_instance(one, name, value, definitions.id_of(one)) for one, name, value in _fitting(tx, given)]


def _fitting(tx: Transaction, given: Mapping[str, Any]) -> Iterator[tuple[records.Instance, str, Any]]:
    """Variables stand in the state of their instance: the states of those that fit are read in one go."""
    where = [queries.Where("status", "=", "active"), *scoped.mine()]
    where += scoped.among(given, {"processInstanceIdIn": "id", "executionIdIn": "id"})
    where += scoped.equal(given, {"processInstanceId": "id"})
    tasks = sent.several(given, "taskIdIn")
    if tasks is not None:
        where.append(queries.Where("id", "in", [names.wait(one).rpartition(".")[0] for one in tasks]))
    wanted = sent.conditions(given.get("variableValues"))
    for one, state in tx.lists.states(where=where):
        seen = view.variables(codec.decode(state))
        if all(typed.meets(seen, *condition) for condition in wanted):
            yield from ((one, name, value) for name, value in seen.items() if named(given, name))


def named(given: Mapping[str, Any], name: str) -> bool:
    listed = sent.several(given, "variableNameIn")
    wanted = [("eq", sent.text(given, "variableName")), ("like", sent.text(given, "variableNameLike"))]
    fits = all(typed.meets({"name": name}, "name", how, text) for how, text in wanted if text)
    return fits and (listed is None or name in listed)


def _instance(one: records.Instance, name: str, value: Any, definition_id: str | None) -> dict[str, Any]:
    return {
        **typed.shape(value),
        "id": f"{one.id}:{name}",
        "name": name,
        "processDefinitionId": definition_id,
        "processInstanceId": one.id,
        "executionId": one.id,
        "caseInstanceId": None,
        "caseExecutionId": None,
        "taskId": None,
        "batchId": None,
        "activityInstanceId": one.id,
        "errorMessage": None,
        "tenantId": None,
    }


def _seen(instance_id: str) -> dict[str, Any]:
    with here.engine().store.reading() as tx:
        instances.running(tx, instance_id)
    return instances.variables(instance_id)


def _one(instance_id: str, name: str) -> Any:
    seen = _seen(instance_id)
    if name not in seen:
        raise refusals.missing(f"process instance variable with name {name} does not exist")
    return seen[name]


def _set(instance_id: str, values: dict[str, Any]) -> None:
    with here.engine().store.reading() as tx:
        instances.running(tx, instance_id)
    writing.set_variables(
        here.engine(), instance_id=instance_id, values=values, reason=REASON, agent=door.me(), now=here.now()
    )
