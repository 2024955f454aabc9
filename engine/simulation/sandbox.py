"""A draft played step by step on a virtual clock: people, services and messages are whoever plays it; nothing is kept.

What was done so far is a scenario (schemas/scenario.json), told anew each time: an undo leaves the last step away, and
what was played can be kept as a file and checked again before a release.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from engine import errors
from engine.clock import aware
from engine.definitions import publish, rehearsal
from engine.forms import check as forms
from engine.forms import rows, steps
from engine.kernel import stimuli, view, waits
from engine.kernel.graph import Plan
from engine.kernel.library import CallRequest
from engine.kernel.plan import compile_program
from engine.model import nodes
from engine.model.problem import Problem
from engine.model.program import Program
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine
from engine.schedule.calendars import Calendar
from engine.simulation import follow
from engine.simulation.playing import Answering, Moment, Playing
from engine.simulation.scenario import Scenario

MOST_STEPS = 200
Kind = Literal["work", "job", "timer", "message", "signal", "conditional", "incident"]


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Something open: ``name`` is the handler of a job, the message or signal that is awaited."""

    id: int
    kind: Kind
    node: str
    name: str = ""
    key: str | None = None
    due_at: datetime | None = None
    goal_at: datetime | None = None
    who: tuple[str, ...] = ()
    form: str = ""
    input: dict[str, Any] = {}
    said: dict[str, str] = {}
    """Of an incident: what went wrong."""


class Stand(msgspec.Struct, frozen=True, kw_only=True):
    """Where a story has led."""

    program: Program
    now: datetime
    begun: bool = False
    ended: bool = False
    open: tuple[Waiting, ...] = ()
    variables: dict[str, Any] = {}
    history: tuple[Moment, ...] = ()
    now_at: tuple[str, ...] = ()
    """Nodes where tokens stand."""
    passed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Why the last step could not be done; the ones before it are."""


class _Stubs:
    """Called processes give back nothing unless the story says what; calendars are the house's."""

    def __init__(self, calendars: Mapping[str, Calendar]) -> None:
        self._calendars = calendars

    def called(self, request: CallRequest) -> Plan:
        raise errors.NotFound(
            "process_unknown",
            zh=f"试运行不调用流程 {request.key}",
            en=f"the process {request.key!r} is not called while a draft is tried out",
        )

    def plan(self, sha256: str) -> Plan:
        raise errors.NotFound("program_unknown", zh="没有此执行方案", en="there is no such program", program=sha256)

    def calendar(self, key: str) -> Calendar:
        if key not in self._calendars:
            raise errors.NotFound("calendar_unknown", zh=f"没有日历 {key}", en=f"there is no calendar {key!r}", key=key)
        return self._calendars[key]


def play(engine: Engine, *, process: str, n: int, story: Scenario | None, agent: Agent, now: datetime) -> Stand:
    """Version ``n`` as far as the story goes; None has not begun. ``now`` is when it begins unless the story says so.

    Keeps only that the version was played to an end (definitions/rehearsal.py). Raises errors.Forbidden,
    errors.NotFound, errors.TooLarge for a story of too many steps, and errors.Invalid for one that cannot be read; what
    cannot be done in it is a problem of the answer.
    """
    rights.need(agent, "process.draw")
    program = _program(engine, process, n)
    if story is None:
        return Stand(program=program, now=now)
    if len(story.steps) > MOST_STEPS:
        raise errors.TooLarge(
            "story_too_long",
            zh=f"最多试运行 {MOST_STEPS} 步。",
            en=f"A draft is played for at most {MOST_STEPS} steps.",
        )
    story.deeds()
    stand = _told(engine, program, story, aware(story.start.at or now))
    if stand.ended and not stand.problems:
        rehearsal.mark(engine, process=process, n=n, program=program.sha256)
    return stand


def _told(engine: Engine, program: Program, story: Scenario, begin: datetime) -> Stand:
    calls: dict[str, dict[str, Any] | list[dict[str, Any]]] = {
        node.id: {} for node in program.nodes if isinstance(node, nodes.CallActivity)
    } | story.calls
    by_hand = tuple(node.id for node in program.nodes)
    wrong = _forms(program, story)
    try:
        library = Answering(calls, _Stubs(engine.calendars), compile_program)
        playing = Playing(compile_program(program), evaluator=engine.evaluator, library=library, now=begin)
        data = dict(story.start.data)
        if story.customer is not None:
            data.setdefault("customer", story.customer)
        playing.give(stimuli.Start(data=data, node=story.start.node, agent=story.start.agent))
    except errors.CrmflowError as error:
        return Stand(program=program, now=begin, problems=(Problem(code=error.code, text=error.text),))
    steps = story.steps[:-1] if wrong else story.steps
    found = follow.follow(playing, msgspec.structs.replace(story, silent=by_hand, answers={}, steps=steps))
    return _stand(program, playing, (*wrong, *found))


def _forms(program: Program, story: Scenario) -> tuple[Problem, ...]:
    """Of the last step: what its form refuses. Earlier steps were asked in their turn."""
    if not story.steps:
        return ()
    node = next((one for one in program.nodes if one.id == story.steps[-1].get("complete")), None)
    name, step = getattr(node, "form", ""), getattr(node, "id", "")
    form, data = steps.of(program.forms, name, step), story.steps[-1].get("data", {})
    if form is None or not isinstance(data, dict):
        return ()
    _, columns = steps.hidden(program.forms[name], step)
    return tuple(forms.check(form, rows.given(columns, data)))


def _stand(program: Program, playing: Playing, problems: tuple[Problem, ...]) -> Stand:
    tokens = view.tokens(playing.plan, playing.state) if playing.state is not None else []
    return Stand(
        program=program,
        now=playing.now,
        begun=True,
        ended=playing.ended,
        open=tuple(_waiting(wait) for wait in playing.waits.values()),
        variables=playing.variables(),
        history=tuple(playing.history),
        now_at=tuple(dict.fromkeys(token.node for token in tokens)),
        passed=tuple(dict.fromkeys(getattr(one.fact, "node", "") for one in playing.history if _ends(one.fact))),
        problems=problems,
    )


def _ends(fact: Any) -> bool:
    return type(fact).__name__ in ("ActivityCompleted", "EventCaught", "EventThrown")


def _waiting(wait: waits.AnyWait) -> Waiting:
    if isinstance(wait, waits.WorkItem):
        who = ((wait.assignee,) if wait.assignee else ()) + wait.users + wait.groups
        return Waiting(
            id=wait.id, kind="work", node=wait.node, who=who, form=wait.form, due_at=wait.due_at, goal_at=wait.goal_at
        )
    if isinstance(wait, waits.Job):
        return Waiting(id=wait.id, kind="job", node=wait.node, name=wait.handler, input=dict(wait.input))
    if isinstance(wait, waits.Timer):
        return Waiting(id=wait.id, kind="timer", node=wait.node, due_at=wait.due_at)
    if isinstance(wait, waits.Incident):
        return Waiting(id=wait.id, kind="incident", node=wait.node, said=wait.message)
    return Waiting(id=wait.id, kind=wait.trigger, node=wait.node, name=wait.name, key=wait.key)


def _program(engine: Engine, process: str, n: int) -> Program:
    with engine.store.reading() as tx:
        version = tx.processes.version(process, n)
        program = tx.programs.get(version.program) if version is not None and version.program else None
    if program is None:
        raise publish.no_version(process, n)
    return program
