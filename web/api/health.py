"""Is the server there, and can it work?"""

from apiflask import APIBlueprint

from web.api import here
from web.api.body import Answer

blueprint = APIBlueprint("health", __name__, url_prefix="/v1/health", tag="Health")


class Health(Answer):
    status: str


@blueprint.get("/live")
@blueprint.output(Health)
@blueprint.doc(security=[])
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "up"}


@blueprint.get("/ready")
@blueprint.output(Health)
@blueprint.doc(security=[])
def ready() -> dict[str, str]:
    """The database answers too."""
    with here.engine().store.reading() as tx:
        tx.changes.last()
    return {"status": "ready"}
