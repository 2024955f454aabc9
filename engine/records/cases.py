"""A case: the instance, its history, why it runs what it runs, and what a step writes of it."""

from datetime import datetime
from typing import Any, Literal

from engine.facts import AnyFact
from engine.model.text import Text
from engine.records.base import Record
from engine.records.letters import Mail
from engine.records.waits import Incident, Job, Onward, Rung, Subscription, Timer, WorkItem

InstanceStatus = Literal["active", "completed", "cancelled"]


class Instance(Record, frozen=True, kw_only=True):
    id: str
    number: str
    """For people: ``SFA-03-000042``."""
    process: str
    program: str
    customer_id: str | None
    business_key: str | None
    once: bool = True
    """Whether another start with this business key answers this instance; else it makes another one."""
    status: InstanceStatus
    revision: int
    incidents: int = 0
    """How many are open."""
    suspended: bool = False
    """On hold: nothing happens to it until it is resumed, see runtime/suspend.py."""
    awaits_customer: bool = False
    """On hold until the customer answers."""
    held_by: str = ""
    """Who put it on hold, since when and why; nothing while it runs."""
    held_at: datetime | None = None
    held_reason: str = ""
    resolution_id: str = ""
    sentence: Text = {}
    """Why this program: the resolution's sentence."""
    started_at: datetime
    started_by: str
    ended_at: datetime | None = None


class Kept(Record, frozen=True, kw_only=True):
    """What a step reads: the instance's row as far as the step needs it, and its state as bytes of the codec."""

    id: str
    revision: int
    status: InstanceStatus
    process: str
    program: str
    customer_id: str | None
    business_key: str | None
    next_fact: int
    incidents: int
    state: bytes
    suspended: bool = False


class FactRow(Record, frozen=True, kw_only=True):
    instance_id: str
    seq: int
    """1-based, without gaps."""
    at: datetime
    agent: str
    fact: AnyFact


class Resolution(Record, frozen=True, kw_only=True):
    """Why an instance runs its program."""

    id: str
    instance_id: str
    process: str
    customer_id: str | None
    program: str
    as_of: datetime
    sentence: Text
    facts: dict[str, Any] = {}
    facts_sha256: str = ""
    rules: tuple[dict[str, Any], ...] = ()
    """Rules hit and missed, each with its reason."""
    chain: tuple[dict[str, Any], ...] = ()
    """Base and variant versions, from the base to the leaf."""
    experiment: dict[str, Any] | None = None


class Written(Record, frozen=True, kw_only=True):
    """Everything one step writes beside the instance's own row."""

    work_items: tuple[WorkItem, ...] = ()
    rungs: tuple[Rung, ...] = ()
    timers: tuple[Timer, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    jobs: tuple[Job, ...] = ()
    incidents: tuple[Incident, ...] = ()
    closed: tuple[int, ...] = ()
    """Numbers of waits that are over, whatever their kind."""
    completed: tuple[int, ...] = ()
    """Those of ``closed`` that are work items which ``agent`` completed."""
    mail: tuple[Mail, ...] = ()
    facts: tuple[AnyFact, ...] = ()
    onward: tuple[Onward, ...] = ()
    """What the engine does next with some of ``work_items``; nothing of it is written."""
    agent: str = "system"
    now: datetime
