"""A version played on a virtual clock, for programs: a story goes in, where it has led comes out; nothing is kept."""

from typing import Any

import msgspec
from apiflask import APIBlueprint
from pydantic import Field

from engine.simulation import sandbox, scenario
from web.api import access, here, problems
from web.api.body import Answer, Body
from web.api.values import plain

blueprint = APIBlueprint("sandbox", __name__, url_prefix="/v1", tag="Processes")


class Story(Body):
    story: dict[str, Any] = Field(description="A scenario (schemas/scenario.json): its start and steps are followed.")


class Stand(Answer):
    now: str
    ended: bool
    open: list[dict[str, Any]] = Field(description="What waits: work, job, timer, message, signal, conditional.")
    variables: dict[str, Any]
    now_at: list[str] = Field(description="Nodes where tokens stand.")
    passed: list[str]
    problems: list[problems.Place]


@blueprint.post("/processes/<key>/versions/<int:n>/play")
@blueprint.input(Story)
@blueprint.output(Stand)
@access.needs("process.draw")
def play(key: str, n: int, json_data: Story) -> dict[str, Any]:
    """Where a story leads: services are answered by it, calls give back nothing, and time passes as it says."""
    story = scenario.decode(msgspec.json.encode(json_data.story))
    stand = sandbox.play(here.engine(), process=key, n=n, story=story, agent=access.me(), now=here.now())
    return {
        "now": stand.now.isoformat(),
        "ended": stand.ended,
        "open": plain(stand.open),
        "variables": plain(stand.variables),
        "now_at": list(stand.now_at),
        "passed": list(stand.passed),
        "problems": [problems.place(problem) for problem in stand.problems],
    }
