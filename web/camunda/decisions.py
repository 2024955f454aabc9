"""Decision definitions: each decision of a deployed DMN file, its versions in the order of their deployments."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import flask

from engine import dmn, errors, feel, queries, records
from engine.dmn.model import Decision, Table
from engine.people import rights
from engine.ports import Transaction
from web.api import here
from web.camunda import door, refusals, scoped, sent, typed

blueprint = flask.Blueprint("decisions", __name__, url_prefix="/decision-definition")


class Version(NamedTuple):
    key: str
    n: int
    name: str
    resource: records.Resource
    deployment: records.Deployment
    requirements: str
    """Id of the file's definitions."""

    @property
    def id(self) -> str:
        return f"{self.key}:{self.n}:{self.resource.id}"


@blueprint.get("")
def index() -> flask.Response:
    return flask.jsonify([shape(one) for one in scoped.paged(_search())])


@blueprint.get("/count")
def count() -> flask.Response:
    return flask.jsonify({"count": len(_search())})


@blueprint.get("/<definition_id>")
@blueprint.get("/key/<key>", endpoint="get_by_key")
@blueprint.get("/key/<key>/tenant-id/<tenant>", endpoint="get_of_tenant")
def get(definition_id: str = "", key: str = "", tenant: str = "") -> flask.Response:
    return flask.jsonify(shape(_one(definition_id, key)))


@blueprint.get("/<definition_id>/xml")
@blueprint.get("/key/<key>/xml", endpoint="xml_by_key")
def xml(definition_id: str = "", key: str = "") -> flask.Response:
    found = _one(definition_id, key)
    return flask.jsonify({"id": found.id, "dmnXml": found.resource.content.decode("utf-8", errors="replace")})


@blueprint.post("/<definition_id>/evaluate")
@blueprint.post("/key/<key>/evaluate", endpoint="evaluate_by_key")
@blueprint.post("/key/<key>/tenant-id/<tenant>/evaluate", endpoint="evaluate_of_tenant")
def evaluate(definition_id: str = "", key: str = "", tenant: str = "") -> flask.Response:
    """One object of outputs for each rule that matched."""
    found = _one(definition_id, key)
    variables = typed.values(sent.body().get("variables"))
    model = _read(found.resource.content, found.resource.name)
    decision = next(one for one in model.definitions.decisions if one.id == found.key)
    try:
        outcome = dmn.evaluate(model, found.key, variables, now=here.now())
    except errors.Invalid as refused:
        message = f"Cannot evaluate decision {found.key} because: {refused.text['en']}"
        raise refusals.Refusal(500, message) from refused
    if outcome.value is None and outcome.warnings:
        raise refusals.Refusal(500, f"Cannot evaluate decision {found.key} because: {outcome.warnings[0].text['en']}")
    return flask.jsonify([typed.shapes(row) for row in _rows(decision, feel.to_python(outcome.value))])


def _rows(decision: Decision, value: Any) -> list[dict[str, Any]]:
    """A single value under the name of the table's only output, else of the decision."""
    if value is None:
        return []
    if isinstance(value, list):
        return [row for one in value for row in _rows(decision, one)]
    if isinstance(value, Mapping):
        return [dict(value)]
    outputs = decision.body.outputs if isinstance(decision.body, Table) else ()
    return [{(outputs[0].name if len(outputs) == 1 else "") or decision.id: value}]


@lru_cache(maxsize=64)
def _read(content: bytes, file: str) -> dmn.DecisionModel:
    return dmn.read(content, file=file)


def versions(tx: Transaction) -> list[Version]:
    """All of them, the oldest first."""
    files = tx.lists.find(records.Resource, where=[queries.Where("kind", "=", "dmn")])
    deployments = {one.id: one for one in tx.lists.find(records.Deployment)}
    files.sort(key=lambda one: (deployments[one.deployment_id].created_at, one.id))
    counted: dict[str, int] = {}
    found = []
    for file in files:
        definitions = _read(file.content, file.name).definitions
        for decision in definitions.decisions:
            n = counted[decision.id] = counted.get(decision.id, 0) + 1
            deployment = deployments[file.deployment_id]
            found.append(Version(decision.id, n, decision.name, file, deployment, definitions.id))
    return found


def of_deployment(tx: Transaction, deployment_id: str) -> dict[str, Any] | None:
    """For the answer to a deployment."""
    found = {one.id: shape(one) for one in versions(tx) if one.deployment.id == deployment_id}
    return found or None


def _one(definition_id: str, key: str) -> Version:
    rights.need(door.me(), "process.see")
    with here.engine().store.reading() as tx:
        found = [one for one in versions(tx) if definition_id == one.id or (key and key == one.key)]
    if not found and key:
        raise refusals.Refusal(404, f"No matching decision definition with key: {key} and no tenant-id")
    if not found:
        raise refusals.missing(f"No matching decision definition with id: {definition_id}")
    return found[-1]


def _search() -> list[Version]:
    rights.need(door.me(), "process.see")
    args = sent.query()
    with here.engine().store.reading() as tx:
        found = versions(tx)
    newest = {one.key: one.id for one in found}
    wanted = [one for one in found if _fits(one, args)]
    if sent.flag(args, "latestVersion"):
        wanted = [one for one in wanted if newest[one.key] == one.id]
    for name in reversed(sent.sorting({}, _ORDER)):
        wanted.sort(key=_KEYS[name.removeprefix("-")], reverse=name.startswith("-"))
    return wanted


_KEYS: dict[str, Any] = {
    "key": lambda one: one.key,
    "id": lambda one: one.id,
    "name": lambda one: one.name,
    "version": lambda one: one.n,
    "deployment": lambda one: one.deployment.id,
    "moment": lambda one: one.deployment.created_at,
}
_ORDER = {"key": "key", "id": "id", "name": "name", "version": "version", "deploymentId": "deployment"}
_ORDER |= {"deployTime": "moment", "category": "key", "tenantId": "key", "versionTag": "key"}
_ORDER |= {"decisionRequirementsDefinitionKey": "key"}


def _fits(one: Version, args: Mapping[str, Any]) -> bool:
    seen = {
        "decisionDefinitionId": one.id,
        "deploymentId": one.deployment.id,
        "key": one.key,
        "name": one.name,
        "resourceName": one.resource.name,
        "version": str(one.n),
    }
    equal = all(typed.meets(seen, name, "eq", args[name]) for name in seen if args.get(name))
    likes = {f"{name}Like": name for name in ("key", "name", "resourceName")}
    alike = all(typed.meets(seen, name, "like", args[like]) for like, name in likes.items() if args.get(like))
    ids = sent.several(args, "decisionDefinitionIdIn")
    return equal and alike and (ids is None or one.id in ids)


def shape(one: Version) -> dict[str, Any]:
    return {
        "id": one.id,
        "key": one.key,
        "category": None,
        "name": one.name or None,
        "version": one.n,
        "resource": one.resource.name,
        "deploymentId": one.deployment.id,
        "tenantId": None,
        "decisionRequirementsDefinitionId": None,
        "decisionRequirementsDefinitionKey": one.requirements or None,
        "historyTimeToLive": None,
        "versionTag": None,
    }
