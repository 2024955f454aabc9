"""What is kept: one frozen value for each kind of row that use cases and screens read. Moments are aware, in UTC."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from engine.facts import AnyFact
from engine.model.problem import Problem
from engine.model.text import Text

InstanceStatus = Literal["active", "completed", "cancelled"]
WorkItemStatus = Literal["open", "completed", "cancelled"]
VersionStatus = Literal["draft", "checked", "simulated", "approved", "released", "retired"]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all rows."""


class Process(Record, frozen=True, kw_only=True):
    key: str
    prefix: str
    """What the short numbers of its instances begin with: ``SFA-03``."""
    pillar: Literal["MA", "SFA", "CSS", "X"]
    texts: Text
    owner: str = ""
    details: dict[str, Any] = {}
    """The rest of process.json: purpose, customer output ..."""
    created_at: datetime


class Resource(Record, frozen=True, kw_only=True):
    """A file as it was uploaded, byte for byte, with what was found in it."""

    id: str
    deployment_id: str
    name: str
    kind: Literal["bpmn", "dmn", "form", "other"]
    content: bytes
    sha256: str
    problems: tuple[Problem, ...] = ()


class Deployment(Record, frozen=True, kw_only=True):
    id: str
    name: str
    source: str = ""
    created_at: datetime
    created_by: str


class BaseVersion(Record, frozen=True, kw_only=True):
    """Number ``n`` of a process's base. ``program`` is empty while the file cannot be read at all."""

    process: str
    n: int
    resource_id: str
    program: str = ""
    version_tag: str = ""
    status: VersionStatus
    problems: tuple[Problem, ...] = ()
    created_at: datetime
    created_by: str
    released_at: datetime | None = None
    released_by: str = ""


class Person(Record, frozen=True, kw_only=True):
    """A member of staff, or an integration. ``key`` is the login name and what facts and work items carry."""

    key: str
    name: str
    email: str = ""
    password_hash: str = ""
    locale: str
    manager: str = ""
    """Key of another person."""
    skills: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    active: bool = True
    failures: int = 0
    """Wrong passwords in a row."""
    blocked_until: datetime | None = None
    created_at: datetime


class StaffGroup(Record, frozen=True, kw_only=True):
    """People who share a queue."""

    key: str
    texts: Text
    manager: str = ""


class Session(Record, frozen=True, kw_only=True):
    """Somebody's browser, signed in. Only the hash of the cookie's token is kept."""

    token_sha256: str
    person: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class ApiToken(Record, frozen=True, kw_only=True):
    """A program's right to act as ``person``, within ``scopes``."""

    id: str
    token_sha256: str
    person: str
    name: str
    scopes: tuple[str, ...] = ()
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    used_at: datetime | None = None


class Customer(Record, frozen=True, kw_only=True):
    """``group`` and ``decided`` are the last decision of the group rules: which group, by which rule, since when."""

    id: str
    number: str
    name: str
    kind: Literal["customer", "prospect"] = "customer"
    owner: str = ""
    """Key of the person who looks after this customer."""
    language: str = "zh-CN"
    contacts: tuple[dict[str, Any], ...] = ()
    """Each {name, role, phone, email}."""
    attributes: dict[str, Any] = {}
    scores: dict[str, Any] = {}
    """historical, current, potential ... each a number, with the model that said so beside it."""
    group: str = ""
    decided: dict[str, Any] = {}
    group_since: datetime | None = None
    revision: int = 1
    created_at: datetime
    changed_at: datetime


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


class WorkItem(Record, frozen=True, kw_only=True):
    id: str
    """``<instance>.<wait>``; the same holds for timers, subscriptions, jobs and incidents."""
    instance_id: str
    wait: int
    process: str
    customer_id: str | None
    program: str
    """The program whose forms hold ``form``: a called process has its own."""
    node: str
    path: tuple[str, ...] = ()
    token: int = 0
    name: str
    texts: Text = {}
    status: WorkItemStatus
    assignee: str | None = None
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    """Four eyes: these people did a step that whoever does this one may not have done."""
    skill: str = ""
    form: str = ""
    actions: tuple[str, ...] = ()
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    priority: int = 50
    draft: dict[str, Any] | None = None
    revision: int = 1
    created_at: datetime
    claimed_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""


class Timer(Record, frozen=True, kw_only=True):
    instance_id: str
    wait: int
    node: str
    due_at: datetime


class StartTimer(Record, frozen=True, kw_only=True):
    """A timer start event of a released program."""

    process: str
    node: str
    due_at: datetime
    left: int
    """Starts still to come after this one: -1 for ever."""
    cycle: str = ""
    """What the next moment is computed from; empty for a single start."""
    calendar: str = ""


class Rung(Record, frozen=True, kw_only=True):
    """A rung of the ladder of an open work item's promise."""

    instance_id: str
    wait: int
    at_percent: int
    action: Literal["warn", "notify_manager", "raise_priority", "reassign", "breach"]
    to: str = ""
    due_at: datetime


class Subscription(Record, frozen=True, kw_only=True):
    instance_id: str
    wait: int
    node: str
    trigger: Literal["message", "signal", "conditional"]
    name: str
    key: str | None = None
    business_key: str | None = None
    process: str = ""
    created_at: datetime


class Job(Record, frozen=True, kw_only=True):
    """``run_at`` is when it may be taken; taking it moves ``run_at`` to the end of the lease and raises ``fence``."""

    id: str
    instance_id: str
    wait: int
    process: str
    business_key: str | None = None
    node: str
    handler: str
    style: Literal["builtin", "external", "unbound", "continue"]
    input: dict[str, Any] = {}
    headers: dict[str, str] = {}
    retries: int
    """Tries left, this one included."""
    attempts: int = 0
    priority: int = 0
    run_at: datetime
    fence: int = 0
    worker: str = ""
    error: str = ""
    details: str = ""
    told: bool = False
    """Somebody outside said how many tries are left."""
    created_at: datetime


class Incident(Record, frozen=True, kw_only=True):
    id: str
    instance_id: str
    wait: int
    process: str
    node: str
    path: tuple[str, ...] = ()
    code: str
    message: Text
    job: int = 0
    """Number of the job that gave up, with its topic and what its worker said beside the message; 0: none did."""
    topic: str = ""
    details: str = ""
    created_at: datetime


class FactRow(Record, frozen=True, kw_only=True):
    instance_id: str
    seq: int
    """1-based, without gaps."""
    at: datetime
    agent: str
    fact: AnyFact


class Mail(Record, frozen=True, kw_only=True):
    """A message or signal that waits to be carried out after commit."""

    id: str
    instance_id: str | None
    trigger: Literal["message", "signal"]
    name: str
    key: str | None = None
    business_key: str | None = None
    wait: int = 0
    """Of ``instance_id``: the subscription it is for; 0 while nobody knows whom it is for."""
    data: dict[str, Any] = {}
    attempts: int = 0
    due_at: datetime


class Early(Record, frozen=True, kw_only=True):
    """A message that nobody waited for yet; kept until ``expires_at``."""

    id: str
    name: str
    key: str | None = None
    business_key: str | None = None
    instance_id: str | None = None
    data: dict[str, Any] = {}
    created_at: datetime
    expires_at: datetime


class Notice(Record, frozen=True, kw_only=True):
    """What the ``notify`` handler told somebody; one for each job, however often the job ran."""

    id: str
    """The job's id."""
    instance_id: str
    customer_id: str | None = None
    channel: str
    to: str
    subject: Text
    text: Text
    created_at: datetime


class Repeat(Record, frozen=True, kw_only=True):
    """What was answered to a request that carried an idempotency key."""

    agent: str
    key: str
    request_sha256: str
    status: int
    answer: Any
    created_at: datetime
    expires_at: datetime


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
    agent: str = "system"
    now: datetime
