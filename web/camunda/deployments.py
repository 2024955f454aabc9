"""Deployments: files in, all or nothing; released at once, since here too a start takes what was deployed last."""

import hashlib
from typing import Any

import flask

from engine import errors, queries, records
from engine.definitions import publish, withdraw
from engine.people import rights
from engine.ports import Transaction
from web.api import here
from web.camunda import decisions, definitions, door, moments, names, refusals, scoped, sent

blueprint = flask.Blueprint("deployments", __name__, url_prefix="/deployment")

RESERVED = frozenset(
    {
        *("deployment-name", "deployment-source", "deployment-activation-time"),
        *("enable-duplicate-filtering", "deploy-changed-only", "tenant-id"),
    }
)


@blueprint.post("/create")
def create() -> flask.Response:
    form = flask.request.form
    files = {
        part.filename or key: part.read()
        for key, part in flask.request.files.items(multi=True)
        if key not in RESERVED and (part.filename or key)
    }
    if not files:
        raise refusals.wrong("No deployment resources contained in the form upload.")
    name, source = form.get("deployment-name", ""), form.get("deployment-source", "")
    if any(sent.flag(form, key) for key in ("enable-duplicate-filtering", "deploy-changed-only")):
        same = _same(name, source, files)
        if same is not None:
            return flask.jsonify({**_shape(same), **_deployed(None)})
    try:
        made = publish.deploy_and_release(
            here.engine(), name=name, files=files, agent=door.me(), now=here.now(), source=source
        )
    except errors.Invalid as refused:
        raise refusals.of_parse(refused) from refused
    shown = {names.of_definition(one): one for one in made.versions}
    with here.engine().store.reading() as tx:
        shapes = {key: definitions.shape(tx, one) for key, one in shown.items()}
        rules = decisions.of_deployment(tx, made.deployment.id)
    return flask.jsonify({**_shape(made.deployment), **_deployed(shapes or None, rules)})


def _deployed(processes: dict[str, Any] | None, rules: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "deployedProcessDefinitions": processes,
        "deployedCaseDefinitions": None,
        "deployedDecisionDefinitions": rules,
        "deployedDecisionRequirementsDefinitions": None,
    }


def _same(name: str, source: str, files: dict[str, bytes]) -> records.Deployment | None:
    """The last deployment of that name and source, if it held these very files, byte for byte."""
    with here.engine().store.reading() as tx:
        where = [queries.Where("name", "=", name), queries.Where("source", "=", source)]
        last = tx.lists.find(records.Deployment, where=where, order=["-created_at"], limit=1)
        kept = {one.name: one.sha256 for one in tx.processes.resources(last[0].id)} if last else {}
    same = kept == {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
    return last[0] if last and same else None


@blueprint.get("")
def index() -> flask.Response:
    first, most = sent.page()
    with here.engine().store.reading() as tx:
        order = sent.sorting({}, {"id": "id", "name": "name", "deploymentTime": "created_at"})
        found = tx.lists.find(records.Deployment, where=_filters(), order=order, first=first, limit=most)
    return flask.jsonify([_shape(one) for one in found])


@blueprint.get("/count")
def count() -> flask.Response:
    with here.engine().store.reading() as tx:
        return flask.jsonify({"count": tx.lists.count(records.Deployment, where=_filters())})


@blueprint.get("/<deployment_id>")
def get(deployment_id: str) -> flask.Response:
    with here.engine().store.reading() as tx:
        return flask.jsonify(_shape(_found(tx, deployment_id)))


@blueprint.delete("/<deployment_id>")
def delete(deployment_id: str) -> tuple[str, int]:
    """``cascade=true`` deletes the instances too; without it a definition that is in use stays."""
    with here.engine().store.reading() as tx:
        _found(tx, deployment_id)
    cascade = sent.flag(sent.query(), "cascade")
    withdraw.withdraw(here.engine(), deployment_id=deployment_id, agent=door.me(), now=here.now(), cascade=cascade)
    return "", 204


@blueprint.get("/<deployment_id>/resources")
def resources(deployment_id: str) -> flask.Response:
    with here.engine().store.reading() as tx:
        _found(tx, deployment_id)
        found = tx.processes.resources(deployment_id)
    return flask.jsonify([_resource(one) for one in found])


@blueprint.get("/<deployment_id>/resources/<resource_id>")
def resource(deployment_id: str, resource_id: str) -> flask.Response:
    return flask.jsonify(_resource(_one(deployment_id, resource_id)))


@blueprint.get("/<deployment_id>/resources/<resource_id>/data")
def data(deployment_id: str, resource_id: str) -> flask.Response:
    found = _one(deployment_id, resource_id)
    answer = flask.Response(found.content, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=found.name.rpartition("/")[2])
    return answer


def _one(deployment_id: str, resource_id: str) -> records.Resource:
    rights.need(door.me(), "process.see")
    with here.engine().store.reading() as tx:
        found = tx.processes.resource(resource_id)
    if found is None or found.deployment_id != deployment_id:
        raise refusals.missing(
            f"Deployment resource with resource id '{resource_id}' for deployment id '{deployment_id}' does not exist."
        )
    return found


def _found(tx: Transaction, deployment_id: str) -> records.Deployment:
    rights.need(door.me(), "process.see")
    found = tx.processes.deployment(deployment_id)
    if found is None:
        raise refusals.missing(f"Deployment with id '{deployment_id}' does not exist")
    return found


def _filters() -> list[queries.Where]:
    rights.need(door.me(), "process.see")
    args = sent.query()
    found = scoped.equal(args, {"id": "id", "name": "name", "source": "source"})
    found += [queries.Where("source", "=", "")] if sent.flag(args, "withoutSource") else []
    found += scoped.like(args, {"nameLike": "name"})
    return found + scoped.when(args, {"before": ("created_at", "<"), "after": ("created_at", ">")})


def _shape(one: records.Deployment) -> dict[str, Any]:
    return {
        "links": [names.link(f"/deployment/{one.id}")],
        "id": one.id,
        "name": one.name or None,
        "source": one.source or None,
        "deploymentTime": moments.told(one.created_at),
        "tenantId": None,
    }


def _resource(one: records.Resource) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "deploymentId": one.deployment_id}
