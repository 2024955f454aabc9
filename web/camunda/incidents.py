"""Open incidents, and their end."""

from collections.abc import Mapping
from typing import Any

import flask

from engine import queries, records
from engine.ports import Transaction
from engine.runtime import incidents
from web.api import here
from web.camunda import door, moments, names, refusals, scoped, sent

blueprint = flask.Blueprint("incidents", __name__, url_prefix="/incident")

_ORDER = {
    "incidentId": "instance_id",
    "incidentTimestamp": "created_at",
    "activityId": "node",
    "processInstanceId": "instance_id",
    "executionId": "instance_id",
    "incidentMessage": "code",
    "incidentType": "topic",
}


@blueprint.get("")
def index() -> flask.Response:
    with here.engine().store.reading() as tx:
        return flask.jsonify(scoped.paged(_all(tx, sent.query())))


@blueprint.get("/count")
def count() -> flask.Response:
    with here.engine().store.reading() as tx:
        given = sent.query()
        if any(sent.text(given, name) for name in _MADE):
            return flask.jsonify({"count": len(_all(tx, given))})
        return flask.jsonify({"count": tx.lists.count(records.Incident, where=_filters(tx, given))})


@blueprint.get("/<incident_id>")
def get(incident_id: str) -> flask.Response:
    with here.engine().store.reading() as tx:
        found = _all(tx, {"incidentId": incident_id})
    if not found:
        raise _unknown(incident_id)
    return flask.jsonify(found[0])


@blueprint.delete("/<incident_id>")
def resolve(incident_id: str) -> tuple[str, int]:
    """The node is tried again; when it fails again there is a new incident."""
    with here.engine().store.reading() as tx:
        if not _all(tx, {"incidentId": incident_id}):
            raise _unknown(incident_id)
    incidents.retry(here.engine(), incident_id=names.wait(incident_id), agent=door.me(), now=here.now())
    return "", 204


_MADE = ("incidentType", "incidentMessage", "configuration")
"""What no column holds: it is made for the answer."""


def _filters(tx: Transaction, given: Mapping[str, Any]) -> list[queries.Where]:
    where = [*scoped.mine()]
    where += scoped.equal(given, {"processInstanceId": "instance_id", "executionId": "instance_id"})
    where += scoped.equal(given, {"activityId": "node", "failedActivityId": "node"})
    where += scoped.among(given, {"processDefinitionKeyIn": "process"})
    if sent.text(given, "incidentId"):
        where.append(scoped.waits([names.wait(str(given["incidentId"]))]))
    if sent.text(given, "processDefinitionId"):
        programs = names.programs(tx, [str(given["processDefinitionId"])])
        where.append(queries.Where("instance.program", "in", programs))
    where += scoped.when(
        given, {"incidentTimestampBefore": ("created_at", "<"), "incidentTimestampAfter": ("created_at", ">")}
    )
    return where


def _all(tx: Transaction, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = tx.lists.find(records.Incident, where=_filters(tx, given), order=sent.sorting(given, _ORDER))
    definitions = names.Definitions(tx)
    around = names.instances(tx, [one.instance_id for one in found])
    shapes = [shape(one, definitions.id_of(around.get(one.instance_id))) for one in found]
    wanted = {name: text for name in _MADE if (text := sent.text(given, name))}
    return [one for one in shapes if all(one[name] == text for name, text in wanted.items())]


def shape(one: records.Incident, definition_id: str | None) -> dict[str, Any]:
    incident_id = names.of_wait(one.id)
    configuration = f"{one.instance_id}.{one.job}" if one.job else one.id
    return {
        "id": incident_id,
        "processDefinitionId": definition_id,
        "processInstanceId": one.instance_id,
        "executionId": one.instance_id,
        "incidentTimestamp": moments.told(one.created_at),
        "incidentType": "failedExternalTask" if one.topic else "failedJob",
        "activityId": one.node,
        "failedActivityId": one.node,
        "causeIncidentId": incident_id,
        "rootCauseIncidentId": incident_id,
        "configuration": names.of_wait(configuration),
        "incidentMessage": one.message["en"],
        "tenantId": None,
        "jobDefinitionId": None,
        "annotation": None,
    }


def _unknown(incident_id: str) -> refusals.Refusal:
    return refusals.missing(f"No matching incident with id {incident_id}")
