"""Messages to those who wait for them, and signals to everybody. Nothing is kept for later here: no receiver is 400."""

from typing import Any

import flask

from engine import errors
from engine.messages import correlate, keyed
from web.api import here
from web.camunda import door, instances, names, refusals, sent, typed

blueprint = flask.Blueprint("messages", __name__)
MISMATCH = "org.camunda.bpm.engine.MismatchingMessageCorrelationException: "


@blueprint.post("/message")
def message() -> flask.Response:
    body = sent.body()
    name = sent.text(body, "messageName")
    if name is None:
        raise refusals.wrong("No message name supplied")
    everybody = sent.flag(body, "all")
    with_result = sent.flag(body, "resultEnabled")
    if sent.flag(body, "variablesInResultEnabled") and not with_result:
        raise refusals.wrong("Parameter 'variablesInResultEnabled' cannot be used without 'resultEnabled' set to true.")
    data: dict[str, Any] = {}
    for part in ("processVariables", "processVariablesLocal", "processVariablesToTriggeredScope"):
        data |= typed.values(body.get(part))
    customer = data.get("customerId")
    letter = correlate.Letter(
        name=name,
        business_key=sent.text(body, "businessKey"),
        instance_id=sent.text(body, "processInstanceId"),
        customer_id=str(customer) if isinstance(customer, str | int) and customer else None,
        data=data,
    )
    keys = {**typed.values(body.get("correlationKeys")), **typed.values(body.get("localCorrelationKeys"))}
    try:
        found = keyed.deliver(
            here.engine(), letter=letter, keys=keys, everybody=everybody, agent=door.me(), now=here.now()
        )
    except errors.Conflict as refused:
        if refused.code == "instance_suspended":
            raise refusals.Refusal(400, MISMATCH + _why(name, 0, letter, keys)) from refused
        if refused.code != "message_mismatch":
            raise
        raise refusals.Refusal(400, MISMATCH + _why(name, refused.ids["count"], letter, keys)) from refused
    if not with_result:
        return flask.Response(status=204)
    return flask.jsonify([_result(one, sent.flag(body, "variablesInResultEnabled")) for one in found])


def _why(name: str, count: int, letter: correlate.Letter, keys: dict[str, Any]) -> str:
    if not count:
        return f"Cannot correlate message '{name}': No process definition or execution matches the parameters"
    named = f"CorrelationSet [businessKey={letter.business_key}, processInstanceId={letter.instance_id}, "
    return (
        f"Cannot correlate a message with name '{name}' to a single execution. "
        f"{count} executions match the correlation keys: {named}correlationKeys={keys}]"
    )


def _result(one: keyed.Receiver, with_variables: bool) -> dict[str, Any]:
    instance = one.instance
    with here.engine().store.reading() as tx:
        definition_id = names.Definitions(tx).id_of(instance)
    execution = {"id": instance.id, "processInstanceId": instance.id, "ended": False, "tenantId": None}
    shape: dict[str, Any] = {
        "resultType": "ProcessDefinition" if one.how == "started" else "Execution",
        "execution": execution if one.how == "delivered" else None,
        "processInstance": instances.shape(instance, definition_id) if one.how == "started" else None,
    }
    if with_variables:
        shape["variables"] = typed.shapes(instances.variables(instance.id))
    return shape


@blueprint.post("/signal")
def signal() -> flask.Response:
    body = sent.body()
    name = sent.text(body, "name")
    if name is None:
        raise refusals.wrong("No signal name given")
    data = typed.values(body.get("variables"))
    execution = sent.text(body, "executionId")
    if execution is not None:
        with here.engine().store.reading() as tx:
            instances.running(tx, execution)
        if not correlate.signal_one(
            here.engine(), name=name, instance_id=execution, data=data, agent=door.me(), now=here.now()
        ):
            message = f"Execution '{execution}' has not subscribed to a signal event with name '{name}'."
            raise refusals.Refusal(500, message, kind="ProcessEngineException")
        return flask.Response(status=204)
    correlate.signal(here.engine(), name=name, data=data, agent=door.me(), now=here.now())
    return flask.Response(status=204)
