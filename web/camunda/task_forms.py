"""What belongs to one task: its form, its variables, who may do it, what was said about it."""

from typing import Any

import flask

from engine import facts, records
from engine.inbox import direct, filled
from engine.people import rights
from engine.runtime import instances
from web.api import here
from web.camunda import door, moments, names, refusals, sent, tasks, typed, variables

blueprint = flask.Blueprint("task_forms", __name__, url_prefix="/task/<task_id>")


def _seen(task_id: str) -> dict[str, Any]:
    """Who may not see the variables of cases is given what the step shows."""
    with here.engine().store.reading() as tx:
        item = tasks.opened(tx, task_id)
        all_of_it = rights.may(door.me(), "case.variables")
        return filled.values(tx, item) if all_of_it else filled.given(here.engine(), tx, item)


def _set(task_id: str, values: dict[str, Any]) -> None:
    with here.engine().store.reading() as tx:
        item = tasks.opened(tx, task_id)
    instances.set_variables(
        here.engine(),
        instance_id=item.instance_id,
        values=values,
        reason=variables.REASON,
        agent=door.me(),
        now=here.now(),
    )


@blueprint.get("/form")
def form(task_id: str) -> flask.Response:
    with here.engine().store.reading() as tx:
        item = tasks.opened(tx, task_id)
    return flask.jsonify({"key": item.form or None, "contextPath": None, "camundaFormRef": None})


@blueprint.get("/form-variables")
def form_variables(task_id: str) -> flask.Response:
    """What the form asks for, with the values that are known, and all other variables that the task sees."""
    with here.engine().store.reading() as tx:
        item = tasks.opened(tx, task_id)
        schema = filled.schema(here.engine(), tx, item) or {}
    known = _seen(task_id)
    shown = {**{name: part.get("default") for name, part in schema.get("properties", {}).items()}, **known}
    wanted = sent.several(sent.query(), "variableNames")
    return flask.jsonify(typed.shapes({name: shown[name] for name in shown if wanted is None or name in wanted}))


@blueprint.get("/variables", endpoint="variables")
@blueprint.get("/localVariables", endpoint="local_variables")
def index(task_id: str) -> flask.Response:
    return flask.jsonify(typed.shapes(_seen(task_id)))


@blueprint.post("/variables", endpoint="modify")
@blueprint.post("/localVariables", endpoint="modify_local")
def modify(task_id: str) -> tuple[str, int]:
    body = sent.body()
    deletions = sent.several(body, "deletions") or []
    _set(task_id, {**dict.fromkeys(deletions), **typed.values(body.get("modifications"))})
    return "", 204


@blueprint.get("/variables/<name>", endpoint="variable")
@blueprint.get("/localVariables/<name>", endpoint="local_variable")
def get(task_id: str, name: str) -> flask.Response:
    return flask.jsonify(typed.shape(_one(task_id, name)))


@blueprint.get("/variables/<name>/data", endpoint="data")
@blueprint.get("/localVariables/<name>/data", endpoint="local_data")
def data(task_id: str, name: str) -> flask.Response:
    return variables.sent_bytes(_one(task_id, name), name)


@blueprint.put("/variables/<name>", endpoint="put")
@blueprint.put("/localVariables/<name>", endpoint="put_local")
def put(task_id: str, name: str) -> tuple[str, int]:
    _set(task_id, {name: typed.value(sent.body(), name)})
    return "", 204


@blueprint.delete("/variables/<name>", endpoint="delete")
@blueprint.delete("/localVariables/<name>", endpoint="delete_local")
def delete(task_id: str, name: str) -> tuple[str, int]:
    _one(task_id, name)
    _set(task_id, {name: None})
    return "", 204


def _one(task_id: str, name: str) -> Any:
    seen = _seen(task_id)
    if name not in seen:
        raise refusals.missing(f"task variable with name {name} does not exist")
    return seen[name]


@blueprint.get("/identity-links")
def identity_links(task_id: str) -> flask.Response:
    with here.engine().store.reading() as tx:
        item = tasks.opened(tx, task_id)
    links = [{"userId": item.assignee, "groupId": None, "type": "assignee"}] if item.assignee else []
    links += [{"userId": user, "groupId": None, "type": "candidate"} for user in item.users]
    links += [{"userId": None, "groupId": group, "type": "candidate"} for group in item.groups]
    wanted = sent.text(sent.query(), "type")
    return flask.jsonify([one for one in links if wanted in (None, one["type"])])


@blueprint.post("/identity-links")
def add_identity_link(task_id: str) -> tuple[str, int]:
    return _link(task_id, present=True)


@blueprint.post("/identity-links/delete")
def delete_identity_link(task_id: str) -> tuple[str, int]:
    return _link(task_id, present=False)


def _link(task_id: str, *, present: bool) -> tuple[str, int]:
    body = sent.body()
    user, group = sent.text(body, "userId"), sent.text(body, "groupId")
    with here.engine().store.reading() as tx:
        item = tasks.opened(tx, task_id)
    if bool(user) == bool(group):
        raise refusals.wrong("Identity Link requires userId or groupId, but not both.")
    if body.get("type") == "assignee":
        to = user if present else None
        direct.assign(here.engine(), work_item_id=item.id, to=to, agent=door.me(), now=here.now())
        return "", 204
    if body.get("type") != "candidate":
        raise refusals.unable(f"An identity link of type {body.get('type')}")
    changed = {"users": _changed(item.users, user, present), "groups": _changed(item.groups, group, present)}
    direct.change(here.engine(), work_item_id=item.id, agent=door.me(), now=here.now(), **changed)
    return "", 204


def _changed(names_: tuple[str, ...], name: str | None, present: bool) -> tuple[str, ...]:
    if name is None:
        return names_
    rest = tuple(one for one in names_ if one != name)
    return (*rest, name) if present else rest


@blueprint.get("/comment")
def comments(task_id: str) -> flask.Response:
    return flask.jsonify(_comments(task_id))


@blueprint.get("/comment/<comment_id>")
def comment(task_id: str, comment_id: str) -> flask.Response:
    found = [one for one in _comments(task_id) if one["id"] == comment_id]
    if not found:
        raise refusals.missing(f"Task comment with id {comment_id} does not exist for task id '{task_id}'.")
    return flask.jsonify(found[0])


@blueprint.post("/comment/create")
def create_comment(task_id: str) -> flask.Response:
    text = sent.text(sent.body(), "message")
    if text is None:
        raise refusals.wrong("message is null")
    with here.engine().store.reading() as tx:
        item = tasks.opened(tx, task_id)
    direct.comment(here.engine(), work_item_id=item.id, text=text, agent=door.me(), now=here.now())
    return flask.jsonify(_comments(task_id)[-1])


def _comments(task_id: str) -> list[dict[str, Any]]:
    with here.engine().store.reading() as tx:
        item = tasks.opened(tx, task_id)
        rows = tx.facts.of_instance(item.instance_id, limit=100_000)
    return [
        _comment(task_id, row, row.fact)
        for row in rows
        if isinstance(row.fact, facts.Commented) and row.fact.node == item.node
    ]


def _comment(task_id: str, row: records.FactRow, fact: facts.Commented) -> dict[str, Any]:
    path = f"/task/{task_id}/comment/{row.seq}"
    return {
        "links": [names.link(path)],
        "id": str(row.seq),
        "userId": row.agent,
        "time": moments.told(row.at),
        "taskId": task_id,
        "processInstanceId": row.instance_id,
        "message": fact.text,
        "removalTime": None,
        "rootProcessInstanceId": row.instance_id,
    }
