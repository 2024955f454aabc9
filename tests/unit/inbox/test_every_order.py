"""The verbs as a machine that tries to get an office stuck: whoever does whatever in whatever order, after each deed
every open step can be finished by somebody, nothing that somebody typed is lost, and each step is answered once.

``CRMFLOW_ORDERS=500 pytest tests/unit/inbox/test_every_order.py`` looks for longer, and elsewhere each time.
"""

import os
import tempfile
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine import errors, facts, records
from engine.inbox import absences, bulk, doing, holding, returning, untouched, verbs
from engine.inbox.doing import Given
from engine.people.agent import Agent
from engine.runtime import modify, start
from tests.house import ANNA, BOSS, house
from tests.unit.inbox.desk import PEOPLE, STAFF, Desk
from tests.unit.inbox.test_any_order import MODES, PASSING, finish, somebody_can_finish

ORDERS = int(os.environ.get("CRMFLOW_ORDERS", "0"))
WHO = st.sampled_from(PEOPLE)
KEY = st.sampled_from(sorted(STAFF))
STEP = st.sampled_from(["draft", "check", "sign"])
FIRST_OR_SO = st.integers(0, 3)


class Office(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.typed: dict[str, dict[str, Any]] = {}
        """Open work item -> the draft that was saved there last."""

    @initialize(mode=st.sampled_from(sorted(MODES)), passing=st.sampled_from(sorted(PASSING)))
    def open_the_office(self, mode: str, passing: str) -> None:
        self.home = self.stack.enter_context(house(Path(self.stack.enter_context(tempfile.TemporaryDirectory()))))
        self.desk = Desk(self.home, MODES[mode], passing=PASSING[passing])
        begun = start.start(
            self.home.engine,
            process="p",
            customer_id="c-1",
            business_key=None,
            data={},
            agent=ANNA,
            now=self.home.now,
        )
        self.desk.case = begun.instance.id

    def running(self) -> bool:
        return self.home.instance(self.desk.case).status == "active"

    def one(self, number: int, *, done: bool = False) -> records.WorkItem | None:
        found = self.home.items(self.desk.case) + (self.home.items(self.desk.case, "completed") if done else [])
        return found[number % len(found)] if found else None

    def tried(self, deed: Any, *args: Any, **more: Any) -> bool:
        """Whether it was done; a refusal speaks both languages and tells nothing in the story."""
        before = len(self.home.facts(self.desk.case))
        try:
            deed(*args, **more)
        except errors.CrmflowError as error:
            assert set(error.text) == {"zh-CN", "en"} and all(error.text.values())
            assert len(self.home.facts(self.desk.case)) == before, f"{error.code} was refused and told something"
            return False
        return True

    # --- what people do

    @rule(
        verb=st.sampled_from(verbs.VERBS),
        who=WHO,
        which=FIRST_OR_SO,
        to=st.lists(KEY, min_size=1, max_size=2, unique=True),
        node=STEP,
        straight=st.booleans(),
        where=st.sampled_from(["before", "after", "parallel"]),
        how=st.sampled_from(["all", "any", "ratio", "sequence"]),
        outcome=st.sampled_from(["yes", "no"]),
    )
    @precondition(running)
    def press(
        self, verb: verbs.Verb, who: Agent, which: int, to: list[str], node: str, straight: bool, where: Any, how: Any,
        outcome: str,
    ) -> None:  # fmt: skip
        item = self.one(which, done=True)
        if item is None:
            return
        given = Given(
            to=tuple(to), text="because", node=node, straight=straight, where=where, rule=how, awaits=straight,
            data={"outcome": outcome},
        )  # fmt: skip
        allowed = verbs.refusal(verb, item, who) is None
        done = self.tried(
            doing.do, self.home.engine, verb, work_item_id=item.id, given=given, agent=who, now=self.home.now
        )
        assert allowed or not done, f"{who.key} was told why not to {verb} and did it"
        if done and verb == "save_draft" and not item.shared.signatures:
            self.typed[item.id] = {"outcome": outcome}
        elif done and verb in ("answer", "add_sign"):
            self.typed.pop(item.id, None)

    @rule(verb=st.sampled_from(["claim", "release", "transfer", "approve", "urge"]), who=WHO, to=KEY)
    @precondition(running)
    def many_at_once(self, verb: Any, who: Agent, to: str) -> None:
        named = [item.id for item in self.home.items(self.desk.case)]
        order = bulk.Order(verb=verb, to=to)
        if named:
            found = bulk.do(self.home.engine, order=order, work_item_ids=named, agent=who, now=self.home.now)
            assert len(found) == len(named)

    @rule(who=WHO, customer=st.booleans())
    @precondition(running)
    def hold_the_case(self, who: Agent, customer: bool) -> None:
        self.tried(
            holding.hold, self.home.engine, instance_id=self.desk.case, reason="r", awaits_customer=customer, agent=who,
            now=self.home.now,
        )  # fmt: skip

    @rule(who=WHO)
    @precondition(running)
    def let_it_go_on(self, who: Agent) -> None:
        self.tried(holding.resume, self.home.engine, instance_id=self.desk.case, agent=who, now=self.home.now)

    @rule(person=KEY, instead=KEY, open_too=st.booleans(), soon=st.integers(0, 1))
    def go_away(self, person: str, instead: str, open_too: bool, soon: int) -> None:
        plan = absences.Plan(
            starts_at=self.home.now + timedelta(days=soon),
            ends_at=self.home.now + timedelta(days=soon + 2),
            substitute="" if instead == person else instead,
            open_too=open_too,
        )
        self.tried(absences.declare, self.home.engine, person=person, plan=plan, agent=BOSS, now=self.home.now)

    @rule()
    def come_back(self) -> None:
        with self.home.engine.store.reading() as tx:
            ahead = tx.absences.ahead()
        for one in ahead[:1]:
            self.tried(absences.end, self.home.engine, absence_id=one.id, agent=BOSS, now=self.home.now)

    @rule(hours=st.sampled_from([1, 25]))
    def time_passes(self, hours: int) -> None:
        self.home.pass_time(hours=hours)
        untouched.return_due(self.home.engine, now=self.home.now)

    @rule(which=FIRST_OR_SO, to=STEP)
    @precondition(running)
    def jump(self, which: int, to: str) -> None:
        """By hand: one step is taken away, another begins."""
        item = self.one(which)
        if item is not None:
            change = modify.Change(cancel=(item.node,), start=(to,))
            self.tried(
                modify.modify, self.home.engine, instance_id=self.desk.case, change=change, reason="r", agent=BOSS,
                now=self.home.now,
            )  # fmt: skip

    @rule(who=WHO)
    @precondition(running)
    def withdraw(self, who: Agent) -> None:
        self.tried(
            returning.withdraw, self.home.engine, instance_id=self.desk.case, reason="r", agent=who, now=self.home.now
        )

    # --- what always holds

    @invariant()
    def every_open_step_can_be_finished_by_somebody(self) -> None:
        if hasattr(self, "desk"):
            somebody_can_finish(self.desk)

    @invariant()
    def nothing_that_was_typed_is_lost(self) -> None:
        for item in self.home.items(self.desk.case) if hasattr(self, "desk") else []:
            if item.id in self.typed and not item.shared.signatures:
                assert item.draft == self.typed[item.id], f"the draft of {item.node} is {item.draft}"

    @invariant()
    def each_step_is_answered_once(self) -> None:
        if not hasattr(self, "desk"):
            return
        told = self.home.facts(self.desk.case)
        answers = Counter(fact.wait for fact in told if isinstance(fact, facts.WorkItemCompleted))
        completed = {item.wait for item in self.home.items(self.desk.case, "completed")}
        assert set(answers) == completed and set(answers.values()) <= {1}
        for item in self.home.items(self.desk.case):
            done = Counter(one.person for one in item.shared.signatures if one.status == "done")
            assert set(done.values()) <= {1}, f"somebody signed {item.node} twice: {done}"

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            try:
                self.home.pass_time(days=9)
                somebody_can_finish(self.desk)
                if self.running():
                    finish(self.desk)
                assert self.home.instance(self.desk.case).status in ("completed", "cancelled")
            finally:
                self.stack.close()


TestEveryOrder = Office.TestCase
TestEveryOrder.settings = settings(
    max_examples=ORDERS or 15,
    stateful_step_count=60 if ORDERS else 20,
    derandomize=not ORDERS,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
