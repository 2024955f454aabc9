"""Executions: here an instance is its own execution, which is what workers ask for."""

import flask

from web.api import here
from web.camunda import instances, variables

blueprint = flask.Blueprint("executions", __name__, url_prefix="/execution")


@blueprint.get("/<execution_id>")
def get(execution_id: str) -> flask.Response:
    with here.engine().store.reading() as tx:
        found = instances.running(tx, execution_id)
    shape = {"id": found.id, "processInstanceId": found.id, "ended": False, "tenantId": None}
    return flask.jsonify(shape)


@blueprint.get("/<execution_id>/localVariables")
def local_variables(execution_id: str) -> flask.Response:
    return variables.index(execution_id)


@blueprint.get("/<execution_id>/localVariables/<name>")
def local_variable(execution_id: str, name: str) -> flask.Response:
    return variables.get(execution_id, name)


@blueprint.get("/<execution_id>/localVariables/<name>/data")
def local_data(execution_id: str, name: str) -> flask.Response:
    """Where the JavaScript client loads files from."""
    return variables.data(execution_id, name)
