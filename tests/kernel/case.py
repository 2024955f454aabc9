"""One running instance in a test: stimuli by node id, and what stands open now.

With ``saved`` the state goes through the codec after every step, as it does in the database; a story told both ways
must come out the same.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from engine import errors, facts
from engine.kernel import codec, stimuli, view, waits
from engine.kernel.evaluator import Evaluator
from engine.kernel.plan import Plan, compile_program
from engine.kernel.result import Step
from engine.kernel.step import step
from engine.model.program import Program
from tests.kernel.evaluator import PlainEvaluator

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday."""


class Shelf:
    """A library of a few programs, by key."""

    def __init__(self, *programs: Program, calendars: dict[str, Any] | None = None) -> None:
        self.plans = {program.key: compile_program(program) for program in programs}
        self.calendars = calendars or {}
        self.requests: list[Any] = []

    def called(self, request: Any) -> Plan:
        self.requests.append(request)
        if request.key not in self.plans:
            raise errors.NotFound("process_missing", zh=f"没有流程 {request.key}", en=f"no process {request.key}")
        return self.plans[request.key]

    def plan(self, sha256: str) -> Plan:
        return next(plan for plan in self.plans.values() if plan.sha256 == sha256)

    def calendar(self, key: str) -> Any:
        if key not in self.calendars:
            raise errors.NotFound("calendar_unknown", zh=f"没有日历 {key}", en=f"no calendar {key}")
        return self.calendars[key]


class Case:
    def __init__(
        self,
        program: Program,
        *,
        saved: bool = False,
        evaluator: Evaluator | None = None,
        library: Any = None,
        now: datetime = START,
    ) -> None:
        self.plan = compile_program(program)
        self.saved = saved
        self.evaluator = evaluator or PlainEvaluator()
        self.library = library
        self.now = now
        self.state: Any = None
        self.waits: dict[int, waits.AnyWait] = {}
        self.facts: list[facts.AnyFact] = []
        self.thrown: list[Any] = []
        self.ended = False
        self.sizes: list[int] = []

    def give(self, stimulus: stimuli.AnyStimulus) -> Step:
        before = codec.encode(self.state) if self.state is not None else b""
        taken = step(self.plan, self.state, stimulus, now=self.now, evaluator=self.evaluator, library=self.library)
        if self.state is not None:
            assert codec.encode(self.state) == before, "a step changed the state it was given"
        self.state = taken.state
        data = codec.encode(taken.state)
        self.sizes.append(len(data))
        if self.saved:
            self.state = codec.decode(data)
            assert codec.encode(self.state) == data
        for number in taken.closed:
            del self.waits[number]
        self.waits.update({wait.id: wait for wait in taken.opened})
        assert set(self.waits) == set(self.state.waits), "opened and closed do not tell what is open"
        self.facts += taken.facts
        self.thrown += taken.thrown
        self.ended = taken.ended
        return taken

    def start(self, node: str = "", agent: str = "system", **data: Any) -> "Case":
        self.give(stimuli.Start(node=node, data=data, agent=agent))
        return self

    def wait(self, node: str, kind: type = waits.Wait) -> Any:
        found = [wait for wait in self.waits.values() if wait.node == node and isinstance(wait, kind)]
        assert found, f"nothing open at {node}: {self.open()}"
        return found[0]

    def complete(self, node: str, **data: Any) -> "Case":
        self.give(stimuli.Complete(wait=self.wait(node, waits.WorkItem | waits.Job).id, data=data))  # type: ignore[arg-type]
        return self

    def give_complete(self, wait: int, **data: Any) -> "Case":
        self.give(stimuli.Complete(wait=wait, data=data))
        return self

    def fail(self, node: str, code: str = "", kind: str = "error", **data: Any) -> "Case":
        wait = self.wait(node, waits.WorkItem | waits.Job).id  # type: ignore[arg-type]
        self.give(stimuli.Fail(wait=wait, kind=kind, code=code, data=data))  # type: ignore[arg-type]
        return self

    def fire(self, node: str) -> "Case":
        """The clock moves to when the timer is due."""
        wait = self.wait(node, waits.Timer)
        self.now = max(self.now, wait.due_at)
        self.give(stimuli.Fire(wait=wait.id))
        return self

    def deliver(self, node: str, **data: Any) -> "Case":
        self.give(stimuli.Deliver(wait=self.wait(node, waits.Subscription).id, data=data))
        return self

    def retry(self, node: str, *, skip: bool = False, **data: Any) -> "Case":
        incident = self.wait(node, waits.Incident).id
        self.give(stimuli.Retry(incident=incident, data=data, skip=skip))
        return self

    def set(self, **values: Any) -> "Case":
        self.give(stimuli.SetVariables(values=values))
        return self

    def after(self, **duration: float) -> "Case":
        self.now += timedelta(**duration)
        return self

    def open(self, kind: type = waits.WorkItem) -> list[str]:
        """Nodes with an open wait of ``kind``, sorted."""
        return sorted(wait.node for wait in self.waits.values() if isinstance(wait, kind))

    def jobs(self) -> list[str]:
        return self.open(waits.Job)

    def incidents(self) -> list[str]:
        return self.open(waits.Incident)

    def variables(self, scope: int = 0) -> dict[str, Any]:
        return view.variables(self.state, scope)

    def story(self, *kinds: type) -> list[str]:
        """Ids of nodes in the order of the facts of ``kinds`` (activities that began, without any)."""
        return [fact.node for fact in self.facts if isinstance(fact, kinds or facts.ActivityStarted)]

    def taken(self) -> list[str]:
        return [fact.flow for fact in self.facts if isinstance(fact, facts.FlowTaken)]

    def ends(self) -> tuple[str, ...]:
        return next(fact.end_events for fact in self.facts if isinstance(fact, facts.InstanceEnded))
