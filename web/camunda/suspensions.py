"""Instances and definitions put on hold and resumed, one or many."""

from collections.abc import Mapping, Sequence
from typing import Any

import flask

from engine import errors, records
from engine.definitions import hold
from engine.ports import Transaction
from engine.runtime import suspend
from web.api import here
from web.camunda import door, instances, names, refusals, sent

blueprint = flask.Blueprint("suspensions", __name__)


@blueprint.put("/process-instance/<instance_id>/suspended")
def of_instance(instance_id: str) -> tuple[str, int]:
    body = _body()
    with here.engine().store.reading() as tx:
        instances.running(tx, instance_id)
    _set(instance_id, body)
    return "", 204


@blueprint.put("/process-instance/suspended")
def of_instances() -> tuple[str, int]:
    """Those that are named, or all of a definition; each by itself."""
    body = _body()
    if sent.text(body, "processDefinitionId") or sent.text(body, "processDefinitionKey"):
        with here.engine().store.reading() as tx:
            versions = _versions(tx, sent.text(body, "processDefinitionId"), sent.text(body, "processDefinitionKey"))
        _instances_of(versions, body)
        return "", 204
    ids = sent.several(body, "processInstanceIds")
    if not ids:
        raise refusals.wrong(
            "Either processInstanceId, processDefinitionId or processDefinitionKey should be set to update the "
            "suspension state."
        )
    with here.engine().store.reading() as tx:
        for one in ids:
            instances.running(tx, one)
    for one in ids:
        _set(one, body)
    return "", 204


@blueprint.put("/process-definition/<definition_id>/suspended")
@blueprint.put("/process-definition/key/<key>/suspended", endpoint="of_definition_key")
@blueprint.put("/process-definition/suspended", endpoint="of_definitions")
def of_definition(definition_id: str = "", key: str = "") -> tuple[str, int]:
    """One version, or all of a key; ``includeProcessInstances`` takes what runs along."""
    body = _body()
    definition_id = definition_id or ("" if key else sent.text(body, "processDefinitionId") or "")
    key = key or ("" if definition_id else sent.text(body, "processDefinitionKey") or "")
    if not definition_id and not key:
        raise refusals.wrong("Either processDefinitionId or processDefinitionKey should be set")
    with here.engine().store.reading() as tx:
        versions = _versions(tx, definition_id, key)
    change = hold.suspend if sent.flag(body, "suspended") else hold.resume
    for one in versions:
        change(here.engine(), process=one.process, n=one.n, agent=door.me(), now=here.now())
    if sent.flag(body, "includeProcessInstances"):
        _instances_of(versions, body)
    return "", 204


def _body() -> Mapping[str, Any]:
    body = sent.body()
    if not isinstance(body.get("suspended"), bool | str):
        raise refusals.wrong("suspended is null: expected true or false")
    if sent.text(body, "executionDate"):
        raise refusals.unable("A suspension at a later date")
    return body


def _set(instance_id: str, body: Mapping[str, Any]) -> None:
    change = suspend.suspend if sent.flag(body, "suspended") else suspend.resume
    try:
        change(here.engine(), instance_id=instance_id, agent=door.me(), now=here.now())
    except errors.Conflict as over:
        raise refusals.Refusal(500, over.text["en"], kind="ProcessEngineException") from over


def _instances_of(versions: Sequence[records.BaseVersion], body: Mapping[str, Any]) -> None:
    for process in {one.process for one in versions}:
        suspend.suspend_all(
            here.engine(),
            process=process,
            programs={one.program for one in versions if one.process == process},
            agent=door.me(),
            now=here.now(),
            suspended=sent.flag(body, "suspended"),
        )


def _versions(tx: Transaction, definition_id: str | None, key: str | None) -> list[records.BaseVersion]:
    """Also of a key all versions, as Camunda means it."""
    if definition_id:
        found = names.definition(tx, definition_id)
        if found is None:
            raise names.no_definition(definition_id)
        return [found]
    versions = names.Definitions(tx).versions(key or "")
    if not versions:
        raise refusals.Refusal(404, f"No matching process definition with key: {key} and no tenant-id")
    return versions
