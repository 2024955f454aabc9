"""What went wrong and waits for somebody to mend it."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from engine.runtime import incidents as mending
from engine.runtime import instances
from web.api import access, again, here, shapes
from web.api.body import Body

blueprint = APIBlueprint("incidents", __name__, url_prefix="/v1/incidents", tag="Incidents")


class Retry(Body):
    data: dict[str, Any] = Field(default={}, description="Variables to set first.")


class Skip(Body):
    reason: str = Field(min_length=1, max_length=1000)


@blueprint.post("/<incident_id>/retry")
@blueprint.input(Retry)
@blueprint.output(shapes.Case)
@access.needs("incident.mend", "write")
@again.by_key
def retry(incident_id: str, json_data: Retry) -> dict[str, Any]:
    """Try the failed step again. The answer shows whether it worked: `open_incidents`."""
    mending.retry(here.engine(), incident_id=incident_id, data=json_data.data, agent=access.me(), now=here.now())
    return _case(incident_id)


@blueprint.post("/<incident_id>/skip")
@blueprint.input(Skip)
@blueprint.output(shapes.Case)
@access.needs("incident.mend", "write")
@again.by_key
def skip(incident_id: str, json_data: Skip) -> dict[str, Any]:
    """Go on behind the failed step; the reason stays in the history."""
    mending.skip(here.engine(), incident_id=incident_id, reason=json_data.reason, agent=access.me(), now=here.now())
    return _case(incident_id)


def _case(incident_id: str) -> dict[str, Any]:
    return shapes.case(instances.get(here.engine(), instance_id=incident_id.partition(".")[0]))
