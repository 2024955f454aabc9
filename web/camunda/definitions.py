"""Process definitions: the released versions of a process's base, and starts."""

from typing import Any

import flask

from engine import errors, queries, records
from engine.people import rights
from engine.ports import Transaction
from engine.runtime import start
from web.api import here
from web.camunda import door, instances, instructions, names, refusals, scoped, sent, typed

blueprint = flask.Blueprint("definitions", __name__, url_prefix="/process-definition")

_ORDER = {"key": "process", "id": "process", "name": "process", "version": "n", "deploymentId": "resource_id"}
_ORDER |= {"deployTime": "created_at", "versionTag": "version_tag", "category": "process", "tenantId": "process"}


@blueprint.get("")
def index() -> flask.Response:
    with here.engine().store.reading() as tx:
        found = scoped.paged(_search(tx))
        return flask.jsonify([shape(tx, one) for one in found])


@blueprint.get("/count")
def count() -> flask.Response:
    with here.engine().store.reading() as tx:
        return flask.jsonify({"count": len(_search(tx))})


@blueprint.get("/statistics")
def statistics() -> flask.Response:
    """How many instances of each definition run, and how many incidents they have."""
    with here.engine().store.reading() as tx:
        counted: dict[str, list[int]] = {}
        definitions = names.Definitions(tx)
        running = tx.lists.find(records.Instance, where=[queries.Where("status", "=", "active"), *scoped.mine()])
        for one in running:
            numbers = counted.setdefault(definitions.id_of(one) or "", [0, 0])
            numbers[0] += 1
            numbers[1] += one.incidents
        listed = []
        for version in _search(tx):
            instances_, incidents = counted.get(names.of_definition(version), [0, 0])
            told = [{"incidentType": "failedExternalTask", "incidentCount": incidents}] if incidents else []
            one_shape = {"id": names.of_definition(version), "instances": instances_, "failedJobs": incidents}
            listed.append({**one_shape, "incidents": told, "definition": shape(tx, version)})
    return flask.jsonify(listed)


@blueprint.get("/<definition_id>/statistics")
@blueprint.get("/key/<key>/statistics", endpoint="activity_statistics_by_key")
def activity_statistics(definition_id: str = "", key: str = "") -> flask.Response:
    """How many instances of the definition stand at each activity, and how many of them have failed there."""
    with here.engine().store.reading() as tx:
        version = _version(tx, definition_id, key)
        where = [queries.Where("status", "=", "active"), queries.Where("program", "=", version.program)]
        counted: dict[str, list[int]] = {}
        for one in tx.lists.find(records.Instance, where=[*where, *scoped.mine()]):
            for node in instances.places(tx, one.id):
                counted.setdefault(node, [0, 0])[0] += 1
            for incident in tx.waits.incidents(one.id) if one.incidents else ():
                counted.setdefault(incident.node, [0, 0])[1] += 1
    return flask.jsonify(
        [
            {
                "id": node,
                "instances": running,
                "failedJobs": failed,
                "incidents": [{"incidentType": "failedJob", "incidentCount": failed}] if failed else [],
            }
            for node, (running, failed) in sorted(counted.items())
        ]
    )


@blueprint.get("/<definition_id>")
@blueprint.get("/key/<key>", endpoint="get_by_key")
def get(definition_id: str = "", key: str = "") -> flask.Response:
    with here.engine().store.reading() as tx:
        return flask.jsonify(shape(tx, _version(tx, definition_id, key)))


@blueprint.get("/<definition_id>/xml")
@blueprint.get("/key/<key>/xml", endpoint="xml_by_key")
def xml(definition_id: str = "", key: str = "") -> flask.Response:
    with here.engine().store.reading() as tx:
        version = _version(tx, definition_id, key)
        resource = tx.processes.resource(version.resource_id)
    text = resource.content.decode("utf-8", errors="replace") if resource else None
    return flask.jsonify({"id": names.of_definition(version), "bpmn20Xml": text})


@blueprint.post("/<definition_id>/start")
@blueprint.post("/key/<key>/start", endpoint="start_by_key")
@blueprint.post("/key/<key>/tenant-id/<tenant>/start", endpoint="start_of_tenant")
@blueprint.post("/<definition_id>/submit-form", endpoint="submit_form")
@blueprint.post("/key/<key>/submit-form", endpoint="submit_form_by_key")
def begin(definition_id: str = "", key: str = "", tenant: str = "") -> flask.Response:
    """Every start makes an instance: a business key may be used again."""
    body = sent.body()
    listed = instructions.read(body.get("startInstructions"))
    if any(one["type"] == "cancel" for one in listed):
        raise refusals.wrong("A start has no activities to cancel.")
    data = {**typed.values(body.get("variables")), **instructions.values(listed)}
    business_key = sent.text(body, "businessKey")
    rights.need(door.me(), "case.start")
    with here.engine().store.reading() as tx:
        version = _version(tx, definition_id, key)
        customer = _customer(tx, version.process, data, business_key)
        before = instructions.before(tx.programs.get(version.program), listed)
    order = start.Order(
        process=version.process,
        customer_id=customer,
        business_key=business_key,
        data=data,
        before=before,
        once=False,
        version=version.n,
    )
    try:
        begun = here.engine().store.run(
            lambda tx: start.within(here.engine(), tx, order=order, agent=door.me(), now=here.now())
        )
    except errors.Invalid as refused:
        said = "; ".join(f"{one.pointer} {one.text['en']}".strip() for one in refused.problems)
        message = f"Cannot instantiate process definition {names.of_definition(version)}: {refused.text['en']} {said}"
        raise refusals.Refusal(400, message.strip()) from refused
    except errors.NotFound as unknown:
        raise refusals.wrong(f"Cannot start process instance: {unknown.text['en']}") from unknown
    answer = instances.shape(begun.instance, names.of_definition(version))
    if sent.flag(body, "withVariablesInReturn"):
        answer["variables"] = typed.shapes(instances.variables(begun.instance.id))
    return flask.jsonify(answer)


def _customer(tx: Transaction, process: str, data: dict[str, Any], business_key: str | None) -> str | None:
    """Of the variable ``customerId``; else, for a process that needs one, whose id or number the business key is."""
    named = data.get("customerId")
    if isinstance(named, str | int) and named:
        return str(named)
    found = tx.processes.get(process)
    required = found is None or found.details.get("start", {}).get("customer_required", True)
    if not required or not business_key:
        return None
    customer = tx.customers.get(business_key) or tx.customers.by_number(business_key)
    return customer.id if customer else None


def _version(tx: Transaction, definition_id: str, key: str) -> records.BaseVersion:
    rights.need(door.me(), "process.see")
    found = tx.processes.released(key) if key else names.definition(tx, definition_id)
    if found is None and key:
        raise refusals.Refusal(404, f"No matching process definition with key: {key} and no tenant-id")
    if found is None:
        raise refusals.missing(f"No matching definition with id {definition_id}")
    return found


def _search(tx: Transaction) -> list[records.BaseVersion]:
    rights.need(door.me(), "process.see")
    args = sent.query()
    where = [queries.Where("status", "in", ("released", "retired"))]
    where += scoped.equal(args, {"key": "process", "versionTag": "version_tag"})
    where += scoped.among(args, {"keysIn": "process"})
    where += scoped.like(args, {"keyLike": "process", "versionTagLike": "version_tag"})
    if sent.text(args, "version"):
        where.append(queries.Where("n", "=", sent.whole(args, "version")))
    order = sent.sorting({}, _ORDER) or ["process", "n"]
    found = tx.lists.find(records.BaseVersion, where=where, order=order)
    if sent.text(args, "deploymentId"):
        kept = {one.id for one in tx.processes.resources(args["deploymentId"])}
        found = [one for one in found if one.resource_id in kept]
    ids = sent.several(args, "processDefinitionIdIn")
    found = [one for one in found if ids is None or names.of_definition(one) in ids]
    if sent.text(args, "name") or sent.text(args, "nameLike"):
        found = [one for one in found if _named(tx, one, args)]
    for name, suspended in (("suspended", True), ("active", False)):
        if sent.flag(args, name):
            found = [one for one in found if one.suspended == suspended]
    return [one for one in found if one.status == "released"] if sent.flag(args, "latestVersion") else found


def _named(tx: Transaction, version: records.BaseVersion, args: dict[str, Any]) -> bool:
    program = tx.programs.get(version.program)
    seen = {"name": program.name if program else ""}
    wanted = [("eq", args.get("name")), ("like", args.get("nameLike"))]
    return all(typed.meets(seen, "name", how, text) for how, text in wanted if text)


def shape(tx: Transaction, version: records.BaseVersion) -> dict[str, Any]:
    resource = tx.processes.resource(version.resource_id)
    program = tx.programs.get(version.program)
    days = program.history_time_to_live.strip().removeprefix("P").removesuffix("D") if program else ""
    return {
        "id": names.of_definition(version),
        "key": version.process,
        "category": None,
        "description": (program.documentation or None) if program else None,
        "name": (program.name or None) if program else None,
        "version": version.n,
        "resource": resource.name if resource else None,
        "deploymentId": resource.deployment_id if resource else None,
        "diagram": None,
        "suspended": version.suspended,
        "tenantId": None,
        "versionTag": version.version_tag or None,
        "historyTimeToLive": int(days) if days.isascii() and days.isdigit() else None,
        "startableInTasklist": True,
    }
