"""A small office for the tests of the verbs: three colleagues, their boss, and a case of four steps."""

from collections.abc import Sequence
from typing import Any

from engine import records
from engine.inbox import act, handing, listing, reminding, returning
from engine.model.performer import Passing, Performer
from engine.people.agent import Agent
from tests.house import ANNA, BO, BOSS, CHEN, House
from tests.kernel.models import literal, node, program

SALES = Performer(groups=(literal("sales"),))
OUTCOME = {
    "type": "object",
    "properties": {
        "outcome": {"type": "string", "enum": ["yes", "no"], "x-ui": {"widget": "actions"}},
        "note": {"type": "string", "maxLength": 20},
        "amount": {"type": "number"},
    },
    "required": ["outcome"],
}
PEOPLE = (ANNA, BO, CHEN, BOSS)
STAFF = {agent.key: agent for agent in PEOPLE}


class Desk:
    """The verbs as one says them: ``desk.transfer(ANNA, "check", "bo")``."""

    def __init__(
        self, home: House, performer: Performer = SALES, *, passing: Passing | None = None, **more: Any
    ) -> None:
        self.home = home
        for agent in PEOPLE:
            home.person(agent, **({"manager": "boss"} if agent is not BOSS else {}))
        names = ("draft", "check", "sign")
        steps = [node(f"user {name}", performer=performer, form="f", passing=passing) for name in names]
        home.release(
            program("start s", *steps, "end e", flow=["s > draft > check > sign > e"], forms={"f": OUTCOME}, **more)
        )
        self.case = home.start()

    def item(self, name: str) -> records.WorkItem:
        return self.home.item(self.case, name)

    def open(self) -> list[str]:
        return sorted(item.node for item in self.home.items(self.case))

    def _now(self) -> dict[str, Any]:
        return {"now": self.home.now}

    def claim(self, agent: Agent, name: str) -> records.WorkItem:
        return act.claim(self.home.engine, work_item_id=self.item(name).id, agent=agent, now=self.home.now)

    def complete(self, agent: Agent, name: str, outcome: str = "yes", **data: Any) -> Any:
        return act.complete(
            self.home.engine,
            work_item_id=self.item(name).id,
            data={"outcome": outcome, **data},
            agent=agent,
            now=self.home.now,
        )

    def save(self, agent: Agent, name: str, **data: Any) -> records.WorkItem:
        engine = self.home.engine
        return act.save_draft(engine, work_item_id=self.item(name).id, data=data, agent=agent, now=self.home.now)

    def transfer(self, agent: Agent, name: str, to: str, reason: str = "") -> records.WorkItem:
        engine, item = self.home.engine, self.item(name)
        return handing.transfer(engine, work_item_id=item.id, to=to, reason=reason, agent=agent, now=self.home.now)

    def delegate(self, agent: Agent, name: str, to: str) -> records.WorkItem:
        engine, item = self.home.engine, self.item(name)
        return handing.delegate(engine, work_item_id=item.id, to=to, agent=agent, now=self.home.now)

    def answer(self, agent: Agent, name: str, text: str = "", **more: Any) -> records.WorkItem:
        engine, item = self.home.engine, self.item(name)
        return handing.answer(engine, work_item_id=item.id, text=text, agent=agent, now=self.home.now, **more)

    def add(self, agent: Agent, name: str, people: Sequence[str], **how: Any) -> records.WorkItem:
        engine, item = self.home.engine, self.item(name)
        return handing.add_sign(engine, work_item_id=item.id, people=people, agent=agent, now=self.home.now, **how)

    def remove(self, agent: Agent, name: str, person: str) -> records.WorkItem:
        engine, item = self.home.engine, self.item(name)
        return handing.remove_sign(engine, work_item_id=item.id, person=person, agent=agent, now=self.home.now)

    def back(self, agent: Agent, name: str, to: str, reason: str = "incomplete", **how: Any) -> Any:
        engine, item = self.home.engine, self.item(name)
        return returning.send_back(
            engine, work_item_id=item.id, to=to, reason=reason, agent=agent, now=self.home.now, **how
        )

    def done(self, name: str) -> records.WorkItem:
        """The last completed work item of the step."""
        return [item for item in self.home.items(self.case, "completed") if item.node == name][-1]

    def take_back(self, agent: Agent, name: str) -> Any:
        engine = self.home.engine
        return returning.take_back(engine, work_item_id=self.done(name).id, agent=agent, now=self.home.now)

    def urge(self, agent: Agent, name: str, text: str = "") -> records.WorkItem:
        engine, item = self.home.engine, self.item(name)
        return reminding.urge(engine, work_item_id=item.id, text=text, agent=agent, now=self.home.now)

    def shown(self, agent: Agent, name: str) -> listing.Detail:
        return listing.get(self.home.engine, work_item_id=self.item(name).id, agent=agent, now=self.home.now)

    def told(self) -> list[tuple[str, str, str]]:
        """(verb, to, reason) of all that people did."""
        return [
            (fact.verb, fact.to, fact.reason) for fact in self.home.facts(self.case) if type(fact).__name__ == ACTED
        ]


ACTED = "WorkItemActed"
