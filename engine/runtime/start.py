"""Starting an instance: for which customer, with which program, from which data. Repeatable by business key."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, facts, records
from engine.attachments import fields, keep
from engine.customers import facts as facts_of
from engine.definitions import hold
from engine.forms import check, steps
from engine.kernel import codec, step, stimuli
from engine.model import nodes
from engine.model.problem import Problem
from engine.model.program import Program
from engine.model.text import EN, ZH, Text, both
from engine.people import rights
from engine.people.agent import Agent
from engine.ports import Engine, Transaction
from engine.runtime import deliver, outcome
from engine.runtime.library import Library
from engine.variants import ties


class Started(msgspec.Struct, frozen=True, kw_only=True):
    instance: records.Instance
    created: bool
    """False: this business key had been started before, and this is that instance."""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    form: dict[str, Any] | None
    program: str
    sentence: Text


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be started."""

    process: str
    customer_id: str | None = None
    """Id or number."""
    business_key: str | None = None
    data: dict[str, Any] = {}
    node: str = ""
    """Start event; empty: the none start event."""
    before: tuple[str, ...] = ()
    """By hand, before each of these nodes and without a start event: for those who may modify cases."""
    once: bool = True
    """The same business key again gives the instance that is there; False makes another one."""
    version: int | None = None
    """Number of the base version; None: what is released, and the customer's variant of it."""


def start(
    engine: Engine,
    *,
    process: str,
    customer_id: str | None,
    data: Mapping[str, Any],
    agent: Agent,
    now: datetime,
    business_key: str | None = None,
) -> Started:
    """Starts the process for the customer; the same business key again gives the instance that is there.

    Raises errors.NotFound for an unknown process, errors.Invalid with a JSON pointer for an unknown customer and for
    data that the start form refuses, errors.Forbidden for people who may not start it, errors.Conflict when nothing
    is released.
    """
    rights.need(agent, "case.start")
    order = Order(process=process, customer_id=customer_id, business_key=business_key or None, data=dict(data))
    return engine.store.run(lambda tx: within(engine, tx, order=order, agent=agent, now=now))


def preview(engine: Engine, *, process: str, customer_id: str | None, now: datetime) -> Preview:
    """What a start would ask and why it would run so. Raises as ``start``; nothing is stored."""
    with engine.store.reading() as tx:
        found = tx.processes.get(process)
        if found is None:
            raise _unknown(process)
        customer = _customer(tx, found, customer_id)
        chosen = engine.chooser.choose(tx, instance_id="", process=found, customer=customer, data={}, now=now)
        program = engine.plans.get(tx, chosen.program).program
    return Preview(form=start_form(program), program=chosen.program, sentence=chosen.sentence)


def within(engine: Engine, tx: Transaction, *, order: Order, agent: Agent, now: datetime) -> Started:
    """The same as part of a larger unit of work: message, signal and timer start events come through here."""
    process = tx.processes.get(order.process)
    if process is None:
        raise _unknown(order.process)
    _may_start(process, agent)
    if order.before:
        rights.need(agent, "case.modify")
    if order.business_key is not None and order.once:
        found = tx.instances.by_key(order.process, order.business_key)
        if found is not None:
            return Started(instance=found, created=False)
    customer = _customer(tx, process, order.customer_id)
    chosen = _older(engine, tx, order=order, customer=customer, now=now) or engine.chooser.choose(
        tx, instance_id=engine.store.new_id(), process=process, customer=customer, data=order.data, now=now
    )
    return _begin(engine, tx, order=order, chosen=chosen, customer=customer, agent=agent, now=now)


def _older(
    engine: Engine, tx: Transaction, *, order: Order, customer: records.Customer | None, now: datetime
) -> records.Resolution | None:
    """The base version that was asked for by number, when it is not the one that is released now."""
    version = None if order.version is None else tx.processes.version(order.process, order.version)
    if version is None or version.status != "retired":
        return None
    if version.suspended:
        raise hold.refusal(order.process)
    n = version.n
    return records.Resolution(
        id=engine.store.new_id(),
        instance_id=engine.store.new_id(),
        process=order.process,
        customer_id=customer.id if customer else None,
        program=version.program,
        as_of=now,
        sentence=both(
            zh=f"{order.process} 基准流程 v{n}（发起时指定）。",
            en=f"{order.process} base v{n}, as asked for at the start.",
        ),
        chain=({"base": n},),
    )


def _begin(
    engine: Engine,
    tx: Transaction,
    *,
    order: Order,
    chosen: records.Resolution,
    customer: records.Customer | None,
    agent: Agent,
    now: datetime,
) -> Started:
    plan = engine.plans.get(tx, chosen.program)
    files = _check_form(tx, plan.program, order, agent)
    customer_id = customer.id if customer else None
    done = step.step(
        plan,
        None,
        stimuli.Start(
            agent=agent.key,
            data=_variables(order.data, customer),
            node=order.node,
            before=order.before,
            business_key=order.business_key or "",
            instance=str(chosen.instance_id),
        ),
        now=now,
        evaluator=engine.evaluator,
        library=Library(engine, tx, instance_id=chosen.instance_id, customer_id=customer_id, now=now),
    )
    why = facts.VariantChosen(resolution=chosen.id, sentence=chosen.sentence)
    done = msgspec.structs.replace(done, facts=(why, *done.facts, *map(keep.told, files)))
    head = outcome.Head(
        instance_id=chosen.instance_id,
        process=order.process,
        program=chosen.program,
        business_key=order.business_key,
        customer_id=customer_id,
    )
    written = outcome.written(engine, tx, head=head, step=done, agent=agent.key, now=now)
    instance = _instance(head, chosen, written, number=tx.processes.number(order.process), ended=done.ended)
    instance = msgspec.structs.replace(instance, once=order.once)
    kept = tx.steps.begin(instance, codec.encode(done.state), written)
    tx.attachments.place([file.id for file in files], instance.id, "")
    tx.resolutions.add(chosen)
    ties.tell(tx, chosen, now=now)
    outcome.ring(tx, written)
    return Started(instance=_gone_on(engine, tx, instance, kept, written), created=True)


def _gone_on(
    engine: Engine, tx: Transaction, instance: records.Instance, kept: records.Kept, written: records.Written
) -> records.Instance:
    """The instance after the first steps that pass by themselves."""
    if not written.onward:
        return instance
    begun = deliver.Delivered(
        instance_id=instance.id, status=instance.status, revision=instance.revision, written=written
    )
    deliver.go_on(engine, tx, kept, begun, written.now)
    return tx.instances.get(instance.id) or instance


def _instance(
    head: outcome.Head, chosen: records.Resolution, written: records.Written, *, number: str, ended: bool
) -> records.Instance:
    return records.Instance(
        id=head.instance_id,
        number=number,
        process=head.process,
        program=head.program,
        customer_id=head.customer_id,
        business_key=head.business_key,
        status="completed" if ended else "active",
        revision=1,
        incidents=len(written.incidents),
        resolution_id=chosen.id,
        sentence=chosen.sentence,
        started_at=written.now,
        started_by=written.agent,
        ended_at=written.now if ended else None,
    )


def _variables(data: Mapping[str, Any], customer: records.Customer | None) -> dict[str, Any]:
    """What was handed in, and ``customer`` as it is known now: later changes of the customer do not reach the case."""
    if customer is None:
        return dict(data)
    known = facts_of.of(customer)
    return {**data, "customer": {**known, "attributes": customer.attributes, "scores": customer.scores}}


def _may_start(process: records.Process, agent: Agent) -> None:
    groups = set(process.details.get("start", {}).get("groups", ()))
    if groups and not groups & agent.groups and "admin" not in agent.roles:
        raise errors.Forbidden(
            "start_for_groups",
            zh=f"只有以下岗位组可以发起此流程：{'、'.join(sorted(groups))}。",
            en=f"Only these groups start this process: {', '.join(sorted(groups))}.",
            process=process.key,
            agent=agent.key,
        )


def _customer(tx: Transaction, process: records.Process, customer_id: str | None) -> records.Customer | None:
    if customer_id:
        found = tx.customers.get(customer_id) or tx.customers.by_number(customer_id)
        if found is not None:
            return found
        raise _no_customer(
            "customer_unknown", both(zh=f"没有客户 {customer_id}。", en=f"There is no customer {customer_id!r}.")
        )
    if process.details.get("start", {}).get("customer_required", True):
        raise _no_customer("customer_missing", both(zh="请指明客户。", en="Say which customer it is for."))
    return None


def _no_customer(code: str, text: Text) -> errors.Invalid:
    problem = Problem(code=code, text=text, pointer="/customer_id")
    return errors.Invalid(code, zh=text[ZH], en=text[EN], problems=[problem])


def _check_form(tx: Transaction, program: Program, order: Order, agent: Agent) -> list[records.Attachment]:
    """The files that come along. Only a start by hand or by API has a form; other start events bring their own data."""
    schema = None if order.node or order.before else start_form(program)
    if schema is None:
        return []
    wrong = check.check(schema, order.data)
    files, strangers = fields.waiting(tx, schema, order.data, agent=agent)
    problems = wrong + strangers
    if problems:
        raise errors.Invalid(
            "start_data_invalid",
            zh=f"发起表单有 {len(problems)} 处需要修改。",
            en=f"The start form has {len(problems)} places to mend.",
            problems=[msgspec.structs.replace(problem, pointer=f"/data{problem.pointer}") for problem in problems],
            process=order.process,
        )
    return files


def start_form(program: Program) -> dict[str, Any] | None:
    """What a start by hand or by API asks for; None where it asks for nothing."""
    starts = [node for node in program.nodes if isinstance(node, nodes.StartEvent) and not node.scope]
    start = next((node for node in starts if node.form and not node.triggers), None)
    return steps.of(program.forms, start.form, start.id) if start is not None else None


def _unknown(process: str) -> errors.NotFound:
    return errors.NotFound(
        "process_unknown", zh=f"找不到流程 {process}。", en=f"There is no process {process!r}.", process=process
    )
