"""Random models with everything in them: events at every place, sub-processes of every variety, loops, calls, errands.

They need not be sound: an incident, a token that waits for ever or an early end is fair. What must hold holds whatever
the model is (test_rich_models.py).
"""

from random import Random
from typing import Any

from engine.model import nodes, triggers
from engine.model.program import Flow, Program
from tests.kernel.models import condition, feel, literal, mapping, message, signal, timer

CODES = ("E", "F", "")
CALLED = "called"


def rich(random: Random, size: int = 14, *, called: bool = True) -> Program:
    """``called``: whether it may call the process of that key."""
    return _Author(random, called).program(size)


def called_process(random: Random) -> Program:
    return _Author(random, called=False).program(6, key=CALLED)


class _Author:
    def __init__(self, random: Random, called: bool) -> None:
        self.random = random
        self.called = called
        self.nodes: list[nodes.Node] = []
        self.flows: list[Flow] = []
        self.left = 0

    def program(self, size: int, key: str = "rich") -> Program:
        self.left = size
        self.scope("", depth=0)
        errands = (nodes.Work(handler="over"),) if self.random.random() < 0.15 else ()
        return Program(key=key, nodes=tuple(self.nodes), flows=tuple(self.flows), errands=errands)  # type: ignore[arg-type]

    def name(self, kind: str) -> str:
        return f"{kind}{len(self.nodes) + 1}"

    def chance(self, part: float) -> bool:
        return self.random.random() < part

    def add(self, kind: type[Any], prefix: str, scope: str, **more: Any) -> str:
        made = kind(id=self.name(prefix), scope=scope, errands=self.errands(), **more)
        self.nodes.append(made)
        return str(made.id)

    def errands(self) -> tuple[nodes.Errand, ...]:
        if not self.chance(0.12):
            return ()
        at = self.random.choice(("enter", "inputs", "start", "end", "leave"))
        return (nodes.Errand(at=at, work=nodes.Work(handler=f"beside {at}")),)  # type: ignore[arg-type]

    def flow(self, source: str, target: str, words: str = "") -> None:
        works = (nodes.Work(handler="on the way"),) if self.chance(0.06) else ()
        self.flows.append(
            Flow(id=f"f{len(self.flows)}", source=source, target=target, errands=works,
                 condition=feel(words) if words else None)
        )  # fmt: skip

    def scope(self, scope: str, *, depth: int, transaction: bool = False) -> None:
        """Start, some steps, an end; perhaps event sub-processes."""
        last = self.add(nodes.StartEvent, "start", scope)
        for _ in range(self.random.randrange(1, 4)):
            last = self.step(last, scope, depth)
        self.flow(last, self.end(scope, transaction))
        if self.chance(0.3) and depth < 3:
            self.event_sub(scope, depth)

    def step(self, before: str, scope: str, depth: int) -> str:
        """A node, or a split with its join; the id from which it goes on."""
        self.left -= 1
        if self.chance(0.25) and self.left > 0 and depth < 3:
            return self.split(before, scope, depth)
        made = self.activity(scope, depth) if self.chance(0.75) else self.event(scope)
        self.flow(before, made)
        return made

    def split(self, before: str, scope: str, depth: int) -> str:
        kind = self.random.choice((nodes.ExclusiveGateway, nodes.ParallelGateway, nodes.InclusiveGateway))
        fork, join = self.add(kind, "fork", scope), self.add(kind, "join", scope)
        self.flow(before, fork)
        for branch in range(2):
            first = self.activity(scope, depth + 1)
            self.flow(fork, first, f"r % 2 == {branch}" if kind is not nodes.ParallelGateway else "")
            self.flow(first, join)
        return join

    def activity(self, scope: str, depth: int) -> str:
        random = self.random
        kind = random.choice(("user", "user", "service", "script", "sub", "sub", "call", "receive", "rule"))
        more: dict[str, Any] = {}
        if self.chance(0.2):
            number = feel(str(random.randrange(0, 3)))
            more["loop"] = nodes.MultiInstance(cardinality=number, sequential=self.chance(0.5))
        elif self.chance(0.08):
            more["standard_loop"] = nodes.StandardLoop(condition=feel("loopCounter < 2"), test_before=self.chance(0.5))
        if self.chance(0.15):
            more["inputs"] = (mapping("inner", "r + 1"),)
        if kind == "sub" and self.left > 0 and depth < 3:
            made = self.sub(scope, depth, more)
        elif kind == "call" and self.called:
            made = self.add(nodes.CallActivity, "call", scope, called=literal(CALLED), **more)
        elif kind == "script":
            made = self.add(nodes.ScriptTask, "script", scope, script="x = r + 1", **more)
        elif kind == "receive":
            made = self.add(nodes.ReceiveTask, "receive", scope, message=message("M"), **more)
        else:
            classes = {"service": nodes.ServiceTask, "rule": nodes.BusinessRuleTask}
            made = self.add(classes.get(kind, nodes.UserTask), kind, scope, **more)
        for _ in range(random.choice((0, 0, 1, 2))):
            self.boundary(made, scope)
        return made

    def sub(self, scope: str, depth: int, more: dict[str, Any]) -> str:
        variety = self.random.choice(("embedded", "embedded", "transaction"))
        made = self.add(nodes.SubProcess, "sub", scope, variety=variety, **more)
        self.scope(made, depth=depth + 1, transaction=variety == "transaction")
        if variety == "transaction":
            catch = self.add(nodes.BoundaryEvent, "cancel", scope, attached_to=made, triggers=(triggers.Cancel(),))
            self.flow(catch, self.end(scope, False))
        return made

    def boundary(self, host: str, scope: str) -> None:
        random = self.random
        if self.chance(0.3):
            undo = self.add(nodes.UserTask if self.chance(0.3) else nodes.Task, "undo", scope, for_compensation=True)
            self.add(nodes.BoundaryEvent, "compensate", scope, attached_to=host, triggers=(triggers.Compensate(),),
                     compensation_handler=undo)  # fmt: skip
            return
        trigger = random.choice((message("M"), timer("PT1H"), timer("R2/PT1H", kind="cycle"), signal("S"),
                                 condition("x == 3"), triggers.Error(code=random.choice(CODES)),
                                 triggers.Escalation(code=random.choice(CODES))))  # fmt: skip
        interrupting = isinstance(trigger, triggers.Error) or self.chance(0.5)
        made = self.add(nodes.BoundaryEvent, "boundary", scope, attached_to=host, triggers=(trigger,),
                        interrupting=interrupting)  # fmt: skip
        self.flow(made, self.end(scope, False))

    def event(self, scope: str) -> str:
        catches = ((message("M"),), (timer("PT1H"),), (signal("S"),), (condition("r > 3"),), ())
        throws = ((signal("S"),), (message("N"),), (triggers.Escalation(code="E"),), (triggers.Compensate(),), ())
        if self.chance(0.5):
            return self.add(nodes.CatchEvent, "catch", scope, triggers=self.random.choice(catches))
        return self.add(nodes.ThrowEvent, "throw", scope, triggers=self.random.choice(throws))

    def end(self, scope: str, transaction: bool) -> str:
        kinds: list[tuple[Any, ...]] = [(), (), (), (signal("S"),), (message("N"),), (triggers.Terminate(),),
                                        (triggers.Escalation(code="E"),), (triggers.Compensate(),)]  # fmt: skip
        kinds += [(triggers.Error(code="E"),)] if scope else []
        kinds += [(triggers.Cancel(),)] * 4 if transaction else []
        return self.add(nodes.EndEvent, "end", scope, triggers=self.random.choice(kinds))

    def event_sub(self, scope: str, depth: int) -> None:
        random = self.random
        trigger = random.choice((message("M"), timer("PT2H"), signal("S"), condition("x == 3"),
                                 triggers.Error(code=random.choice(CODES)), triggers.Escalation(code="E"),
                                 triggers.Compensate()))  # fmt: skip
        made = self.add(nodes.SubProcess, "event", scope, variety="event")
        interrupting = isinstance(trigger, triggers.Error | triggers.Compensate) or self.chance(0.5)
        start = self.add(nodes.StartEvent, "on", made, triggers=(trigger,), interrupting=interrupting)
        last = self.step(start, made, depth + 2)
        self.flow(last, self.end(made, False))
