"""What the API answers for the things of the glossary, and how each is made from the engine's value."""

from datetime import datetime
from typing import Any

import msgspec
from pydantic import Field

from engine import records
from engine.inbox import listing
from engine.runtime import instances
from web.api.body import Answer
from web.api.values import plain

Texts = dict[str, str]


class Instance(Answer):
    id: str
    number: str = Field(description="For people.", examples=["SFA-03-000042"])
    process: str
    program: str = Field(description="SHA-256 of the frozen program that it runs.")
    customer_id: str | None
    business_key: str | None
    status: str = Field(description="active, completed or cancelled")
    incidents: int = Field(description="How many are open.")
    suspended: bool = Field(description="On hold.")
    awaits_customer: bool = Field(description="On hold until the customer answers.")
    held_by: str = Field(description="Who put it on hold; empty while it runs.")
    held_at: datetime | None
    held_reason: str
    revision: int
    sentence: Texts = Field(description="Why this variant, in zh-CN and en.")
    started_at: datetime
    started_by: str
    ended_at: datetime | None


class Started(Answer):
    instance: Instance
    created: bool = Field(description="False: this business key had been started before.")


class Token(Answer):
    node: str
    path: list[str] = Field(description="Enclosing sub-processes and calls, outermost first.")


class Incident(Answer):
    id: str
    instance_id: str
    node: str
    path: list[str]
    code: str
    text: Texts
    created_at: datetime


class Resolution(Answer):
    """Which program, from which facts, by which rules."""

    id: str
    as_of: datetime
    sentence: Texts
    facts: dict[str, Any]
    rules: list[dict[str, Any]]
    chain: list[dict[str, Any]]


class Case(Instance):
    variables: dict[str, Any]
    tokens: list[Token]
    open_incidents: list[Incident]
    resolution: Resolution | None


class Fact(Answer):
    seq: int
    at: datetime
    agent: str
    fact: dict[str, Any] = Field(description="`type` says what happened.")


class Timeline(Answer):
    items: list[Fact]
    next: int | None = Field(description="Hand it in as `after`; null on the last page.")


class Task(Answer):
    id: str
    instance_id: str
    number: str
    process: str
    node: str
    name: str
    texts: Texts
    status: str
    assignee: str | None
    users: list[str]
    groups: list[str]
    customer_id: str | None
    customer_name: str
    customer_group: str
    due_at: datetime | None = Field(description="The deadline: when it must be done.")
    goal_at: datetime | None = Field(description="When it should be done; never after `due_at`. null: no goal.")
    held_at: datetime | None = Field(description="Since when its case is on hold, and its promise stands still.")
    breached: bool = Field(description="Past its deadline.")
    goal_missed: bool = Field(description="Past its goal.")
    priority: int
    revision: int
    created_at: datetime
    ended_at: datetime | None
    ended_by: str


class TaskDetail(Task):
    form: dict[str, Any] | None = Field(description="JSON Schema 2020-12 with `x-ui` hints.")
    data: dict[str, Any] = Field(description="What the form shows.")
    draft: dict[str, Any] | None
    actions: dict[str, Texts | None] = Field(description="For each verb null when you may, else why not.")


def whole(one: msgspec.Struct) -> dict[str, Any]:
    """Every field of a frozen value, as JSON."""
    shape: dict[str, Any] = plain(one)
    return shape


def instance(one: records.Instance) -> dict[str, Any]:
    return whole(one)


def case(one: instances.Case) -> dict[str, Any]:
    shape = instance(one.instance)
    shape["variables"] = plain(one.variables)
    shape["tokens"] = [{"node": token.node, "path": list(token.path)} for token in one.tokens]
    shape["open_incidents"] = [incident(each) for each in one.incidents]
    shape["resolution"] = plain(one.resolution)
    return shape


def incident(one: records.Incident) -> dict[str, Any]:
    shape = whole(one)
    shape["text"] = shape.pop("message")
    return shape


def task(row: listing.Row) -> dict[str, Any]:
    shape = whole(row.item)
    for name in ("number", "customer_name", "customer_group", "breached", "goal_missed"):
        shape[name] = getattr(row, name)
    return shape


def task_detail(detail: listing.Detail) -> dict[str, Any]:
    more = {"form": detail.form, "data": plain(detail.data), "draft": plain(detail.row.item.draft)}
    return {**task(detail.row), **more, "actions": dict(detail.actions)}
