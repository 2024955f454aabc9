"""``play``: one instance from its start to its end on a virtual clock; the same kernel that runs real ones."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from engine import errors
from engine.clock import aware
from engine.kernel import stimuli, waits
from engine.kernel.evaluator import Evaluator
from engine.kernel.library import Library
from engine.kernel.plan import compile_program
from engine.model.problem import Problem
from engine.model.program import Program
from engine.simulation import expect, follow, walk
from engine.simulation.playing import Answering, Moment, Playing
from engine.simulation.scenario import Scenario

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When a play begins unless it is told: a working Monday."""
_NOTHING = walk.Way()


class Playback(msgspec.Struct, frozen=True, kw_only=True):
    history: tuple[Moment, ...] = ()
    open: tuple[waits.AnyWait, ...] = ()
    ended: bool = False
    problems: tuple[Problem, ...] = ()
    """Why it stopped before its end, and with a scenario everything that is not as it expects."""
    variables: dict[str, Any] = {}
    began_at: datetime = MONDAY
    ended_at: datetime = MONDAY
    steps: int = 0

    @property
    def facts(self) -> list[Any]:
        return [moment.fact for moment in self.history]


def play(
    program: Program,
    *,
    evaluator: Evaluator,
    data: Mapping[str, Any] | None = None,
    library: Library | None = None,
    answers: Scenario | None = None,
    start: datetime = MONDAY,
    limit: int = 1000,
    way: walk.Way = _NOTHING,
) -> Playback:
    """With ``answers`` the scenario is followed and checked, else the model is walked until it ends.

    ``start`` is aware; ``limit`` counts steps. Never raises for what the model or the data do: it says why it stopped.
    """
    begun = answers.start.at if answers and answers.start.at else start
    try:
        plan = compile_program(program)
        shelf = Answering(answers.calls, library, compile_program) if answers else library
        playing = Playing(plan, evaluator=evaluator, library=shelf, now=aware(begun))
        playing.give(_beginning(program, data, answers))
    except errors.CrmflowError as error:
        return Playback(problems=(Problem(code=error.code, text=error.text),), began_at=begun, ended_at=begun)
    try:
        if answers is not None:
            problems = follow.follow(playing, answers)
            problems += expect.check(playing, answers)
        else:
            problems = walk.walk(playing, way, limit)
    except errors.CrmflowError as error:
        problems = [Problem(code=error.code, text=error.text)]
    return Playback(
        history=tuple(playing.history),
        open=tuple(playing.waits.values()),
        ended=playing.ended,
        problems=tuple(problems),
        variables=playing.variables(),
        began_at=playing.begun_at,
        ended_at=playing.now,
        steps=playing.steps,
    )


def _beginning(program: Program, data: Mapping[str, Any] | None, answers: Scenario | None) -> stimuli.Start:
    if answers is None:
        return stimuli.Start(data=dict(data or {}), node=_only_start(program))
    given = {**answers.start.data, **(data or {})}
    if answers.customer is not None:
        given.setdefault("customer", answers.customer)
    begin = answers.start
    return stimuli.Start(data=given, node=begin.node, business_key=begin.business_key, agent=begin.agent)


def _only_start(program: Program) -> str:
    """Where to begin a walk when there is no none start event: at the first that something outside would trigger."""
    starts = [node for node in program.nodes if node.scope == "" and type(node).__name__ == "StartEvent"]
    if any(not getattr(node, "triggers", ()) for node in starts):
        return ""
    inside = starts or [node for node in program.nodes if not node.scope and getattr(node, "instantiate", False)]
    first = inside[0] if inside else None
    if first is not None and type(first).__name__ == "EventBasedGateway":
        return next((flow.target for flow in program.flows if flow.source == first.id), "")
    return first.id if first else ""
