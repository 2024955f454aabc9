"""Which engine this is. The version is one that clients know how to talk to."""

import flask

VERSION = "7.24.0"
ENGINE = "default"
blueprint = flask.Blueprint("engines", __name__)
SIGNPOST = "/.well-known/camunda-automation-platform"


@blueprint.get("/engine")
def index() -> flask.Response:
    return flask.jsonify([{"name": ENGINE}])


@blueprint.get("/version")
def version() -> flask.Response:
    return flask.jsonify({"version": VERSION})


def create_signpost() -> flask.Flask:
    """Mounted at the host's root: where people go from the Modeler. It needs no credentials."""
    app = flask.Flask("web.camunda.signpost", static_folder=None)
    app.add_url_rule("/webapps", "webapps", _webapps)
    return app


def _webapps() -> flask.Response:
    root = flask.request.host_url.rstrip("/")
    found = flask.jsonify({"adminUrl": f"{root}/people", "cockpitUrl": f"{root}/cases", "tasklistUrl": f"{root}/"})
    found.headers["Access-Control-Allow-Origin"] = "*"
    return found
