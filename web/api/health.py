"""Is the server there, and can it work?"""

from apiflask import APIBlueprint

from engine import errors
from engine.watch import health
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


@blueprint.get("/dispatcher")
@blueprint.output(Health)
@blueprint.doc(security=[], responses={503: "Work has been due for more than two minutes and nobody took it"})
def dispatcher() -> dict[str, str]:
    """Timers, jobs and letters are taken when they are due: for monitors."""
    if not health.ticking(here.engine(), now=here.now()):
        raise errors.Unavailable(
            "dispatcher_late",
            zh="到期的工作已超过两分钟无人处理：请检查调度程序是否在运行。",
            en="Work has been due for more than two minutes and nobody took it: see whether the dispatcher runs.",
        )
    return {"status": "ticking"}
