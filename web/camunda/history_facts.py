"""History that is read from facts: variables, activities, incidents."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import flask

from engine import facts, queries, records
from engine.model import nodes
from engine.ports import Transaction
from web.api import here
from web.camunda import incidents, moments, names, scoped, sent, typed, variables

blueprint = flask.Blueprint("history_facts", __name__, url_prefix="/history")
ALL = 100_000
"""Facts of an instance that are looked at."""


@blueprint.route("/variable-instance", methods=["GET", "POST"])
def variable_instances() -> flask.Response:
    with here.engine().store.reading() as tx:
        return flask.jsonify(scoped.paged(_variables(tx, _given())))


@blueprint.route("/variable-instance/count", methods=["GET", "POST"])
def variable_instance_count() -> flask.Response:
    with here.engine().store.reading() as tx:
        given = _given()
        if given.get("variableValue") is not None:  # compared by the types of values, which no database knows
            return flask.jsonify({"count": len(_variables(tx, given))})
        counted = tx.facts.variables(where=_where(tx, given))
        return flask.jsonify({"count": sum(n for name, n in counted.items() if variables.named(given, name))})


@blueprint.route("/activity-instance", methods=["GET", "POST"])
def activity_instances() -> flask.Response:
    with here.engine().store.reading() as tx:
        return flask.jsonify(scoped.paged(_activities(tx, _given())))


@blueprint.route("/activity-instance/count", methods=["GET", "POST"])
def activity_instance_count() -> flask.Response:
    with here.engine().store.reading() as tx:
        return flask.jsonify({"count": _activity_count(tx, _given())})


@blueprint.get("/incident")
def incident() -> flask.Response:
    with here.engine().store.reading() as tx:
        return flask.jsonify(scoped.paged(_incidents(tx, sent.query())))


@blueprint.get("/incident/count")
def incident_count() -> flask.Response:
    with here.engine().store.reading() as tx:
        return flask.jsonify({"count": len(_incidents(tx, sent.query()))})


def span(start: datetime, end: datetime | None) -> int | None:
    return None if end is None else round((end - start).total_seconds() * 1000)


def _cases(tx: Transaction, given: Mapping[str, Any]) -> list[records.Instance]:
    return tx.lists.find(records.Instance, where=_where(tx, given))


def _where(tx: Transaction, given: Mapping[str, Any]) -> list[queries.Where]:
    where = [*scoped.mine()]
    where += scoped.equal(given, {"processInstanceId": "id", "executionId": "id", "processDefinitionKey": "process"})
    where += scoped.among(given, {"processInstanceIdIn": "id", "executionIdIn": "id"})
    tasks = sent.several(given, "taskIdIn")
    if tasks is not None:
        where.append(queries.Where("id", "in", [names.wait(one).rpartition(".")[0] for one in tasks]))
    if sent.text(given, "processDefinitionId"):
        where.append(queries.Where("program", "in", names.programs(tx, [str(given["processDefinitionId"])])))
    return where


def _set_facts(tx: Transaction, instance_id: str) -> Iterator[tuple[records.FactRow, facts.VariablesSet]]:
    for row in tx.facts.of_instance(instance_id, limit=ALL):
        if isinstance(row.fact, facts.VariablesSet) and row.fact.scope == 0:
            yield row, row.fact


def last_values(tx: Transaction, instance_id: str) -> dict[str, Any]:
    return {name: value for _, fact in _set_facts(tx, instance_id) for name, value in fact.values.items()}


def _variables(tx: Transaction, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The last value of each variable of the process."""
    definitions = names.Definitions(tx)
    wanted = given.get("variableValue")
    found = []
    for one in _cases(tx, given):
        last: dict[str, tuple[datetime, Any]] = {}
        for row, fact in _set_facts(tx, one.id):
            for name, value in fact.values.items():
                last[name] = (last[name][0] if name in last else row.at, value)
        for name, (created, value) in last.items():
            fits = wanted is None or typed.meets({name: value}, name, "eq", wanted)
            if fits and variables.named(given, name):
                found.append(_variable(one, name, value, created, definitions.id_of(one)))
    return found


def _variable(
    one: records.Instance, name: str, value: Any, created: datetime, definition_id: str | None
) -> dict[str, Any]:
    return {
        **typed.shape(value),
        "id": f"{one.id}:{name}",
        "name": name,
        "processDefinitionKey": one.process,
        "processDefinitionId": definition_id,
        "processInstanceId": one.id,
        "executionId": one.id,
        "activityInstanceId": one.id,
        "caseDefinitionKey": None,
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "caseExecutionId": None,
        "taskId": None,
        "errorMessage": None,
        "tenantId": None,
        "state": "CREATED",
        "createTime": moments.told(created),
        "removalTime": None,
        "rootProcessInstanceId": one.id,
    }


def _activities(tx: Transaction, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    definitions = names.Definitions(tx)
    found = [shape for one in _cases(tx, given) for shape in _of_instance(tx, one, definitions.id_of(one))]
    kept = [
        one
        for one in found
        if _named(given, one)
        and not (sent.flag(given, "finished") and one["endTime"] is None)
        and not (sent.flag(given, "unfinished") and one["endTime"] is not None)
        and not (sent.flag(given, "canceled") and not one["canceled"])
    ]
    order = sent.sorting(
        given, {name: name for name in ("startTime", "endTime", "activityId", "activityName", "activityType")}
    )
    for key in reversed(order):
        kept.sort(key=lambda one: one[key.removeprefix("-")] or "", reverse=key.startswith("-"))
    return kept


def _activity_count(tx: Transaction, given: Mapping[str, Any]) -> int:
    """The database counts by program and node; what is asked of names and kinds, the program says."""
    finished, unfinished = sent.flag(given, "finished"), sent.flag(given, "unfinished")
    if finished and unfinished:
        return 0
    ended = finished if finished or unfinished else None
    counted = tx.facts.activities(where=_where(tx, given), ended=ended, cut_off=sent.flag(given, "canceled"))
    drawn = {program: _nodes(tx, program) for program in {program for program, _, _ in counted}}
    return sum(n for program, node, n in counted if _named(given, _labels(node, drawn[program].get(node))))


def _named(given: Mapping[str, Any], activity: Mapping[str, Any]) -> bool:
    wanted = {name: text for name in ("activityId", "activityName", "activityType") if (text := sent.text(given, name))}
    among = sent.several(given, "activityIdIn")
    fits = all(activity[name] == text for name, text in wanted.items())
    return fits and (among is None or activity["activityId"] in among)


def _nodes(tx: Transaction, program: str) -> dict[str, nodes.Node]:
    known = tx.programs.get(program)
    return {node.id: node for node in known.nodes} if known else {}


def _labels(node: str, known: nodes.Node | None) -> dict[str, Any]:
    """``known``: the node, unless the case goes on without it."""
    kind = type(known).__name__ if known else "Activity"
    name = (known.name or None) if known else None
    return {"activityId": node, "activityName": name, "activityType": kind[:1].lower() + kind[1:]}


def _of_instance(tx: Transaction, one: records.Instance, definition_id: str | None) -> list[dict[str, Any]]:
    drawn = _nodes(tx, one.program)
    items = {item.token: item for item in tx.waits.work_items(one.id)}
    rows = tx.facts.of_instance(one.id, limit=ALL)
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for row in rows:
        fact = row.fact
        if isinstance(fact, facts.ActivityStarted):
            found[fact.token, fact.node] = _activity(one, row, fact, _labels(fact.node, drawn.get(fact.node))) | {
                "processDefinitionId": definition_id,
                **_person(items.get(fact.token)),
            }
        elif isinstance(fact, facts.ActivityCompleted | facts.ActivityCancelled):
            shape = found.get((fact.token, fact.node))
            if shape is not None:
                started = moments.read(shape["startTime"], "startTime")
                shape |= {"endTime": moments.told(row.at), "durationInMillis": max(0, span(started, row.at) or 0)}
                shape["canceled"] = isinstance(fact, facts.ActivityCancelled)
    return list(found.values())


def _person(item: records.WorkItem | None) -> dict[str, Any]:
    return {"taskId": names.of_wait(item.id) if item else None, "assignee": item.assignee if item else None}


def _activity(
    one: records.Instance, row: records.FactRow, fact: facts.ActivityStarted, labels: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "id": f"{fact.node}:{names.of_wait(f'{one.id}.{fact.token}')}",
        "parentActivityInstanceId": one.id,
        **labels,
        "processDefinitionKey": one.process,
        "processInstanceId": one.id,
        "executionId": one.id,
        "calledProcessInstanceId": None,
        "calledCaseInstanceId": None,
        "startTime": moments.told(row.at),
        "endTime": None,
        "durationInMillis": None,
        "canceled": False,
        "completeScope": False,
        "tenantId": None,
        "removalTime": None,
        "rootProcessInstanceId": one.id,
    }


def _incidents(tx: Transaction, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Open and resolved ones, from the facts of each instance."""
    definitions = names.Definitions(tx)
    found: list[dict[str, Any]] = []
    for one in _cases(tx, given):
        raised: dict[int, tuple[records.FactRow, facts.IncidentRaised]] = {}
        ended: dict[int, datetime] = {}
        for row in tx.facts.of_instance(one.id, limit=ALL):
            if isinstance(row.fact, facts.IncidentRaised):
                raised[row.fact.incident] = (row, row.fact)
            elif isinstance(row.fact, facts.IncidentResolved):
                ended[row.fact.incident] = row.at
        kept = {incident.wait: incident for incident in tx.waits.incidents(one.id)}
        found += [
            _incident(one, row, fact, kept.get(number), ended.get(number), definitions.id_of(one))
            for number, (row, fact) in raised.items()
        ]
    if sent.flag(given, "open"):
        found = [one for one in found if one["open"]]
    return [one for one in found if not (sent.flag(given, "resolved") and one["open"])]


def _incident(
    one: records.Instance,
    row: records.FactRow,
    fact: facts.IncidentRaised,
    kept: records.Incident | None,
    ended: datetime | None,
    definition_id: str | None,
) -> dict[str, Any]:
    record = kept or records.Incident(
        id=f"{one.id}.{fact.incident}",
        instance_id=one.id,
        wait=fact.incident,
        process=one.process,
        node=fact.node,
        code=fact.code,
        message=fact.message,
        created_at=row.at,
    )
    shape = incidents.shape(record, definition_id)
    shape.pop("incidentTimestamp")
    return shape | {
        "processDefinitionKey": one.process,
        "rootProcessInstanceId": one.id,
        "createTime": moments.told(row.at),
        "endTime": moments.told(ended),
        "removalTime": None,
        "historyConfiguration": None,
        "open": kept is not None,
        "deleted": False,
        "resolved": kept is None,
    }


def _given() -> Mapping[str, Any]:
    return sent.body() if flask.request.method == "POST" else sent.query()
