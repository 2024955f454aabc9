"""One instance that moves from program to program, in the kernel alone."""

from typing import Any

import msgspec

from engine.kernel import codec, migrate, view
from engine.kernel.plan import compile_program
from engine.migration import assess
from engine.model.program import Program
from tests.kernel.case import Case


class Mover(Case):
    """A case that can go on with another program. ``begun``: nodes that somebody works on."""

    def __init__(self, program: Program, *, begun: tuple[str, ...] = (), **more: Any) -> None:
        super().__init__(program, **more)
        self.begun = begun

    def verdict(self, new: Program, **terms: Any) -> assess.Verdict:
        terms["allow"] = frozenset(terms.get("allow", ()))
        way = assess.Passage(old=self.plan, new=compile_program(new), evaluator=self.evaluator, now=self.now, levels={})
        begun = [number for number, wait in self.waits.items() if wait.node in self.begun]
        return assess.assess(way, self.state, self.facts, terms=assess.Terms(**terms), begun=begun)

    def move(self, new: Program, **terms: Any) -> "Mover":
        """Goes on with ``new``; fails when that is not possible under these terms."""
        verdict = self.verdict(new, **terms)
        assert verdict.change is not None, [one.text["en"] for one in verdict.reasons]
        plan = compile_program(new)
        before = codec.encode(self.state)
        done = migrate.migrate(
            self.plan, plan, self.state, verdict.change, now=self.now, evaluator=self.evaluator, library=self.library
        )
        assert codec.encode(self.state) == before, "a migration changed the state it was given"
        self.plan, self.state = plan, codec.decode(codec.encode(done.state)) if self.saved else done.state
        for number in done.closed:
            del self.waits[number]
        self.waits.update({wait.id: wait for wait in done.opened})
        assert set(self.waits) == set(self.state.waits), "opened and closed do not tell what is open"
        for shown in view.open_waits(plan, self.state, self.library):
            self.waits[shown.id] = msgspec.structs.replace(self.waits[shown.id], node=shown.node)
        self.facts += done.facts
        self.ended = done.ended
        self.opened, self.closed = done.opened, done.closed
        live = {number: scope.live for number, scope in self.state.scopes.items()}
        for number, scope in self.state.scopes.items():
            inside = sum(token.scope == number for token in self.state.tokens.values())
            inside += sum(count for flow, count in scope.arrivals.items() if flow >= 0)
            assert self.ended or live[number] == inside, f"scope {number} counts {live[number]}, has {inside}"
        return self

    def said(self, new: Program, **terms: Any) -> tuple[str, list[str]]:
        """Class and reasons, as ``code node``."""
        verdict = self.verdict(new, **terms)
        return verdict.kind, [f"{one.code} {one.node}".strip() for one in verdict.reasons]
