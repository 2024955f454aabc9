"""From what the kernel says to the rows that are written: waits become rows, thrown messages become letters."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from engine import facts, ports, records
from engine.kernel import graph, view, waits
from engine.kernel.result import Step, Thrown
from engine.model import handling, nodes
from engine.model.performer import Performer
from engine.ports import Engine, Transaction
from engine.runtime import matching, promises


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What every row of an instance repeats."""

    instance_id: str
    process: str
    program: str
    business_key: str | None
    customer_id: str | None


def written(engine: Engine, tx: Transaction, *, head: Head, step: Step, agent: str, now: datetime) -> records.Written:
    """Reads only where an early message, an assignment rule or four eyes ask for it."""
    rows = _Rows(engine, tx, head, step, agent, now)
    for wait in step.opened:
        rows.add(wait)
    rows.mail += [_letter(engine, head, thrown, now) for thrown in step.thrown]
    return records.Written(
        work_items=tuple(rows.work_items),
        rungs=tuple(rows.rungs),
        timers=tuple(rows.timers),
        subscriptions=tuple(rows.subscriptions),
        jobs=tuple(rows.jobs),
        incidents=tuple(rows.incidents),
        closed=step.closed,
        completed=tuple(_completed(step)),
        mail=tuple(rows.mail),
        facts=(*step.facts, *rows.facts),
        onward=tuple(rows.onward),
        agent=agent,
        now=now,
    )


def ring(tx: Transaction, written: records.Written) -> None:
    """Only for kinds of work that came up; a timer's bell lets the dispatcher look at its clock again."""
    if any(job.style != "external" for job in written.jobs):
        tx.ring("job")
    for topic in sorted({job.handler for job in written.jobs if job.style == "external"}):
        tx.ring("topic", topic)
    if written.timers or written.rungs:
        tx.ring("timer")
    if written.mail:
        tx.ring("mail")


def _completed(step: Step) -> Iterator[int]:
    for fact in step.facts:
        if isinstance(fact, facts.WorkItemCompleted) and fact.wait in step.closed:
            yield fact.wait


class _Rows:
    def __init__(self, engine: Engine, tx: Transaction, head: Head, step: Step, agent: str, now: datetime) -> None:
        self._engine, self._tx, self._head, self._step = engine, tx, head, step
        self._agent, self._now = agent, now
        self.work_items: list[records.WorkItem] = []
        self.rungs: list[records.Rung] = []
        self.timers: list[records.Timer] = []
        self.subscriptions: list[records.Subscription] = []
        self.jobs: list[records.Job] = []
        self.incidents: list[records.Incident] = []
        self.mail: list[records.Mail] = []
        self.facts: list[facts.AnyFact] = []
        self.onward: list[records.Onward] = []

    def add(self, wait: waits.AnyWait) -> None:
        match wait:
            case waits.WorkItem():
                self._work_item(wait)
            case waits.Timer():
                self.timers.append(
                    records.Timer(instance_id=self._head.instance_id, wait=wait.id, node=wait.node, due_at=wait.due_at)
                )
            case waits.Subscription():
                self._subscription(wait)
            case waits.Job():
                self.jobs.append(self._job(wait))
            case waits.Incident():
                self.incidents.append(self._incident(wait))

    def _work_item(self, wait: waits.WorkItem) -> None:
        plan: graph.Plan = self._engine.plans.get(self._tx, view.program_of(self._step.state, wait.scope))
        node: nodes.AnyNode = plan.nodes[plan.index[wait.node]].model
        item = self._item(wait, plan, node)
        performer = wait.performer or Performer()
        if performer.exclude_performers_of:
            excluded = self._performers_of(performer.exclude_performers_of)
            item = msgspec.structs.replace(item, excluded=excluded)
        opening = ports.Opening(
            item=item,
            performer=performer,
            passing=getattr(node, "passing", None),
            plan=plan,
            facts=self._step.facts,
            agent=self._agent,
        )
        item, told, onward = self._engine.assigner.assign(self._tx, opening=opening, now=self._now)
        self.facts += told
        self.onward += [onward] if onward is not None else []
        self.work_items.append(item)
        if wait.promise is not None and item.due_at is not None:
            self.rungs += promises.rungs(wait.promise, item=item, start=self._now, known=self._engine.calendars)

    def _performers_of(self, nodes: tuple[str, ...]) -> tuple[str, ...]:
        """Who completed one of ``nodes`` in this instance, or in whose stead; the step in progress has written nothing
        yet."""
        found = set(self._tx.items.performers(self._head.instance_id, nodes))
        for fact in self._step.facts:
            if isinstance(fact, facts.WorkItemCompleted) and fact.node in nodes:
                item = self._tx.waits.work_item(self._head.instance_id, fact.wait)
                found |= {self._agent, *(handling.taking_part(item.shared) if item is not None else ())}
        return tuple(sorted(found))

    def _item(self, wait: waits.WorkItem, plan: graph.Plan, node: nodes.AnyNode) -> records.WorkItem:
        return records.WorkItem(
            id=f"{self._head.instance_id}.{wait.id}",
            instance_id=self._head.instance_id,
            wait=wait.id,
            process=self._head.process,
            customer_id=self._head.customer_id,
            program=plan.sha256,
            node=wait.node,
            path=wait.path,
            token=wait.token,
            name=node.name or wait.node,
            texts=node.texts,
            status="open",
            assignee=wait.assignee,
            users=wait.users,
            groups=wait.groups,
            skill=wait.performer.skill if wait.performer else "",
            form=wait.form,
            actions=node.actions if isinstance(node, nodes.UserTask) else (),
            due_at=wait.due_at,
            goal_at=wait.goal_at,
            follow_up_at=wait.follow_up_at,
            priority=wait.priority,
            created_at=self._now,
            claimed_at=self._now if wait.assignee else None,
        )

    def _subscription(self, wait: waits.Subscription) -> None:
        subscription = records.Subscription(
            instance_id=self._head.instance_id,
            wait=wait.id,
            node=wait.node,
            trigger=wait.trigger,
            name=wait.name,
            key=wait.key,
            business_key=self._head.business_key,
            process=self._head.process,
            created_at=self._now,
        )
        self.subscriptions.append(subscription)
        if wait.trigger == "message":
            self._pick_up(subscription)

    def _pick_up(self, subscription: records.Subscription) -> None:
        """The oldest early message that fits becomes a letter to this subscription, in the same transaction."""
        for early in self._tx.messages.early(name=subscription.name, key=subscription.key, now=self._now):
            address = matching.Address(early.key, early.business_key, early.instance_id)
            if matching.fits(subscription, address) and self._tx.messages.forget(early.id):
                self.mail.append(
                    records.Mail(
                        id=early.id,
                        instance_id=subscription.instance_id,
                        trigger="message",
                        name=early.name,
                        key=early.key,
                        business_key=early.business_key,
                        wait=subscription.wait,
                        data=early.data,
                        due_at=self._now,
                    )
                )
                return

    def _job(self, wait: waits.Job) -> records.Job:
        return records.Job(
            id=f"{self._head.instance_id}.{wait.id}",
            instance_id=self._head.instance_id,
            wait=wait.id,
            process=self._head.process,
            business_key=self._head.business_key,
            node=wait.node,
            handler=wait.handler,
            style=wait.style,
            input=wait.input,
            headers=wait.headers,
            retries=wait.retries,
            priority=wait.priority,
            run_at=self._now,
            created_at=self._now,
        )

    def _incident(self, wait: waits.Incident) -> records.Incident:
        job = self._tx.jobs.get(self._head.instance_id, wait.retries_wait) if wait.retries_wait else None
        return records.Incident(
            id=f"{self._head.instance_id}.{wait.id}",
            instance_id=self._head.instance_id,
            wait=wait.id,
            process=self._head.process,
            node=wait.node,
            path=wait.path,
            code=wait.code,
            message=wait.message,
            job=wait.retries_wait,
            topic=job.handler if job and job.style == "external" else "",
            details=_details(wait.code, job),
            created_at=self._now,
        )


def _details(code: str, job: records.Job | None) -> str:
    """What the worker said; of a job that nobody does, the name of its handler: whoever binds that looks for it."""
    if job is None:
        return ""
    return job.handler if code == "handler_unbound" else job.details


def _letter(engine: Engine, head: Head, thrown: Thrown, now: datetime) -> records.Mail:
    """A thrown message without a key is meant for instances of the thrower's own business key."""
    return records.Mail(
        id=engine.store.new_id(),
        instance_id=head.instance_id,
        trigger="signal" if thrown.trigger == "signal" else "message",
        name=thrown.name,
        key=thrown.key,
        business_key=head.business_key if thrown.key is None and thrown.trigger == "message" else None,
        data=thrown.data,
        due_at=now,
    )
