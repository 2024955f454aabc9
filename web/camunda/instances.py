"""Process instances: those that run, where they stand, and their end by hand."""

from collections.abc import Mapping
from typing import Any

import flask

from engine import queries, records
from engine.kernel import codec, view
from engine.kernel.state import State
from engine.people import rights
from engine.ports import Transaction
from engine.runtime import cancel
from engine.runtime import instances as reading
from web.api import here
from web.camunda import door, names, refusals, scoped, sent, typed

blueprint = flask.Blueprint("instances", __name__, url_prefix="/process-instance")

_ORDER = {"instanceId": "id", "definitionKey": "process", "definitionId": "program", "businessKey": "business_key"}
_ORDER["tenantId"] = "id"


@blueprint.route("", methods=["GET", "POST"])
def index() -> flask.Response:
    given = _given()
    with here.engine().store.reading() as tx:
        first, most = sent.page()
        order = sent.sorting(given, _ORDER)
        found = search(tx, given, order=order, first=first, most=most)
        definitions = names.Definitions(tx)
        return flask.jsonify([shape(one, definitions.id_of(one)) for one in found])


@blueprint.route("/count", methods=["GET", "POST"])
def count() -> flask.Response:
    with here.engine().store.reading() as tx:
        return flask.jsonify({"count": counted(tx, _given())})


@blueprint.get("/<instance_id>")
def get(instance_id: str) -> flask.Response:
    with here.engine().store.reading() as tx:
        found = running(tx, instance_id)
        return flask.jsonify(shape(found, names.Definitions(tx).id_of(found)))


@blueprint.delete("/<instance_id>")
def delete(instance_id: str) -> tuple[str, int]:
    """The reason stays in the history."""
    rights.need(door.me(), "case.cancel")
    with here.engine().store.reading() as tx:
        running(tx, instance_id)
    reason = flask.request.args.get("deleteReason") or "deleted through /engine-rest"
    cancel.cancel(here.engine(), instance_id=instance_id, reason=reason, agent=door.me(), now=here.now())
    return "", 204


@blueprint.get("/<instance_id>/activity-instances")
def activities(instance_id: str) -> flask.Response:
    with here.engine().store.reading() as tx:
        running(tx, instance_id)
    return flask.jsonify(_tree(instance_id))


def _tree(instance_id: str) -> dict[str, Any]:
    """Sub-processes and calls hold what is inside them."""
    case = reading.get(here.engine(), instance_id=instance_id)
    with here.engine().store.reading() as tx:
        version = names.Definitions(tx).of(case.instance)
        program = tx.programs.get(case.instance.program)
    nodes = {node.id: node for node in program.nodes} if program else {}
    definition = names.of_definition(version) if version else None

    def one(node: str, number: int, parent: str | None) -> dict[str, Any]:
        known = nodes.get(node)
        label = (known.name or None) if known else None
        kind = type(known).__name__ if known else "Activity"
        return {
            "id": f"{node}:{names.of_wait(f'{instance_id}.{number}')}",
            "parentActivityInstanceId": parent,
            "activityId": node,
            "activityName": label,
            "name": label,
            "activityType": kind[:1].lower() + kind[1:],
            "processInstanceId": instance_id,
            "processDefinitionId": definition,
            "childActivityInstances": [],
            "childTransitionInstances": [],
            "executionIds": [instance_id],
            "incidentIds": [],
            "incidents": [],
        }

    root = one(case.instance.process, 0, None)
    root |= {"id": instance_id, "activityId": definition, "activityType": "processDefinition"}
    root["activityName"] = root["name"] = (program.name or None) if program else None
    inside: dict[tuple[str, ...], dict[str, Any]] = {(): root}
    for token in sorted(case.tokens, key=lambda token: len(token.path)):
        holder = inside.get(token.path, root)
        made = one(token.node, token.number, holder["id"])
        made["incidents"] = [
            {"id": names.of_wait(each.id), "activityId": each.node}
            for each in case.incidents
            if each.node == token.node and each.path == token.path
        ]
        made["incidentIds"] = [each["id"] for each in made["incidents"]]
        holder["childActivityInstances"].append(made)
        inside.setdefault((*token.path, token.node), made)
    return root


def search(
    tx: Transaction, given: Mapping[str, Any], *, order: list[str], first: int, most: int | None
) -> list[records.Instance]:
    """Running ones. Conditions on variables are looked at in the state of each instance that fits otherwise."""
    where = filters(tx, given)
    wanted = sent.conditions(given.get("variables"))
    activities_in = set(sent.several(given, "activityIdIn") or [])
    if not wanted and not activities_in:
        return tx.lists.find(records.Instance, where=where, order=order, first=first, limit=most)
    found = [
        one
        for one, state in tx.lists.states(where=where, order=order)
        if _fits(tx, one, codec.decode(state), wanted, activities_in)
    ]
    return found[first:] if most is None else found[first : first + most]


def counted(tx: Transaction, given: Mapping[str, Any]) -> int:
    """By the database, unless variables or places are asked for: those stand in the state of each instance."""
    if sent.conditions(given.get("variables")) or sent.several(given, "activityIdIn"):
        return len(search(tx, given, order=[], first=0, most=None))
    return tx.lists.count(records.Instance, where=filters(tx, given))


def filters(tx: Transaction, given: Mapping[str, Any], *, alternatives: bool = True) -> list[queries.Where]:
    where = [queries.Where("status", "=", "active"), *scoped.mine()]
    where += scoped.equal(given, {"businessKey": "business_key", "processDefinitionKey": "process"})
    where += scoped.like(given, {"businessKeyLike": "business_key"})
    where += scoped.among(given, {"processInstanceIds": "id", "processDefinitionKeyIn": "process"})
    for key in sent.several(given, "processDefinitionKeyNotIn") or []:
        where.append(queries.Where("process", "!=", key))
    if sent.text(given, "processDefinitionId"):
        programs = names.programs(tx, [str(given["processDefinitionId"])])
        where.append(queries.Where("program", "in", programs))
    if sent.flag(given, "withIncident") or sent.text(given, "incidentType"):
        where.append(queries.Where("incidents", ">", 0))
    for name, suspended in (("suspended", True), ("active", False)):
        if sent.flag(given, name):
            where.append(queries.Where("suspended", "=", suspended))
    others = given.get("orQueries") or []
    if alternatives and isinstance(others, list):
        for one in others:
            groups = [
                filters(tx, {name: value}, alternatives=False) for name, value in one.items() if value is not None
            ]
            where.append(queries.Where("", "or", groups))
    return where


def _fits(
    tx: Transaction, one: records.Instance, state: State, wanted: list[tuple[str, str, Any]], activities: set[str]
) -> bool:
    known = view.variables(state)
    if not all(typed.meets(known, *condition) for condition in wanted):
        return False
    return not activities or not activities.isdisjoint(_places(tx, one.program, state))


def places(tx: Transaction, instance_id: str) -> list[str]:
    """The nodes at which the instance stands, each as often as it does."""
    kept = tx.steps.read(instance_id)
    return _places(tx, kept.program, codec.decode(kept.state)) if kept else []


def _places(tx: Transaction, program: str, state: State) -> list[str]:
    return [token.node for token in view.tokens(here.engine().plans.get(tx, program), state)]


def running(tx: Transaction, instance_id: str) -> records.Instance:
    unknown = refusals.missing(f"Process instance with id {instance_id} does not exist")
    found = scoped.need(tx, instance_id, unknown)
    if found.status != "active":
        raise unknown
    return found


def variables(instance_id: str) -> dict[str, Any]:
    with here.engine().store.reading() as tx:
        return seen(tx, instance_id)


def seen(tx: Transaction, instance_id: str) -> dict[str, Any]:
    kept = tx.steps.read(instance_id)
    return view.variables(codec.decode(kept.state)) if kept else {}


def shape(one: records.Instance, definition_id: str | None) -> dict[str, Any]:
    return {
        "links": [names.link(f"/process-instance/{one.id}")],
        "id": one.id,
        "definitionId": definition_id,
        "definitionKey": one.process,
        "businessKey": one.business_key,
        "caseInstanceId": None,
        "ended": one.status != "active",
        "suspended": one.suspended,
        "tenantId": None,
    }


def _given() -> Mapping[str, Any]:
    return sent.body() if flask.request.method == "POST" else sent.query()
