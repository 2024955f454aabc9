"""What a person may do with a work item, and why not otherwise. One table for buttons, use cases and tests."""

from collections.abc import Callable
from typing import Literal

from engine import errors, records
from engine.model.text import EN, ZH, Text, both
from engine.people import rights
from engine.people.agent import Agent
from engine.runtime import deliver

Verb = Literal["claim", "release", "complete", "save_draft"]
Problem = errors.CrmflowError


def concerns(item: records.WorkItem, agent: Agent) -> bool:
    """The agent may see it: it is theirs, was theirs, or they could take it."""
    mine = agent.key in (item.assignee, item.ended_by) or agent.key in item.users
    return mine or bool(agent.groups & set(item.groups)) or rights.may(agent, "case.see_all")


def refusal(verb: Verb, item: records.WorkItem, agent: Agent) -> Problem | None:
    """None when the agent may; else the error that the use case raises."""
    if not rights.may(agent, "task.work"):
        return _forbidden(
            "right_missing", item, both(zh="您没有办理待办的权限。", en="You have no right to work on tasks.")
        )
    if item.status != "open":
        return over(item)
    if item.held:
        return deliver.suspended(item.instance_id)
    return _RULES[verb](item, agent)


def over(item: records.WorkItem) -> errors.Conflict:
    """Who ended it, and when."""
    zh, en = {"completed": ("完成", "completed"), "cancelled": ("取消", "cancelled")}[item.status]
    moment = item.ended_at.isoformat(timespec="seconds") if item.ended_at else ""
    return errors.Conflict(
        "work_item_over",
        zh=f"待办“{item.name}”已由 {item.ended_by} 于 {moment} {zh}。",
        en=f"The work item {item.name!r} was {en} by {item.ended_by} at {moment}.",
        work_item=item.id,
        by=item.ended_by,
        at=moment,
        status=item.status,
    )


def _claim(item: records.WorkItem, agent: Agent) -> Problem | None:
    if item.assignee == agent.key:
        return _conflict("already_yours", item, both(zh="此待办已在您名下。", en="This task is yours already."))
    if item.assignee is not None:
        return taken(item)
    return _candidate(item, agent)


def _release(item: records.WorkItem, agent: Agent) -> Problem | None:
    if item.assignee is None:
        return _conflict("not_claimed", item, both(zh="此待办无人领取。", en="Nobody has claimed this task."))
    if item.assignee != agent.key and "admin" not in agent.roles:
        return taken(item)
    if not item.users and not item.groups:
        return _conflict(
            "nobody_else",
            item,
            both(
                zh="此待办只指派给一个人，释放后无人可办。",
                en="This task is for one person; nobody else could take it.",
            ),
        )
    return None


def _complete(item: records.WorkItem, agent: Agent) -> Problem | None:
    if item.assignee == agent.key:
        return _four_eyes(item, agent)
    return taken(item) if item.assignee is not None else _candidate(item, agent)


def _save_draft(item: records.WorkItem, agent: Agent) -> Problem | None:
    if item.assignee == agent.key:
        return None
    if item.assignee is None:
        return _conflict("not_claimed", item, both(zh="请先领取此待办。", en="Claim this task first."))
    return taken(item)


def _candidate(item: records.WorkItem, agent: Agent) -> Problem | None:
    if agent.key not in item.users and not agent.groups & set(item.groups):
        who = [*item.users, *item.groups]
        return _forbidden(
            "not_a_candidate",
            item,
            both(
                zh=f"此待办由以下人员或岗位组办理：{'、'.join(who)}。",
                en=f"This task is for these people or groups: {', '.join(who)}.",
            ),
        )
    return _four_eyes(item, agent)


def _four_eyes(item: records.WorkItem, agent: Agent) -> Problem | None:
    if agent.key not in item.excluded:
        return None
    return _forbidden(
        "four_eyes",
        item,
        both(
            zh="四眼原则：您已办理过相关步骤，此步骤须由他人办理。",
            en="Four eyes: you did a step that this one checks, so somebody else must do it.",
        ),
    )


def taken(item: records.WorkItem) -> errors.Conflict:
    since = item.claimed_at.isoformat(timespec="seconds") if item.claimed_at else ""
    return errors.Conflict(
        "claimed_by_another",
        zh=f"此待办自 {since} 起由 {item.assignee} 办理。",
        en=f"{item.assignee} has been working on this task since {since}.",
        work_item=item.id,
        by=item.assignee or "",
        at=since,
    )


def _conflict(code: str, item: records.WorkItem, text: Text) -> errors.Conflict:
    return errors.Conflict(code, zh=text[ZH], en=text[EN], work_item=item.id)


def _forbidden(code: str, item: records.WorkItem, text: Text) -> errors.Forbidden:
    return errors.Forbidden(code, zh=text[ZH], en=text[EN], work_item=item.id)


_RULES: dict[Verb, Callable[[records.WorkItem, Agent], Problem | None]] = {
    "claim": _claim,
    "release": _release,
    "complete": _complete,
    "save_draft": _save_draft,
}
VERBS = tuple(_RULES)


def actions(item: records.WorkItem, agent: Agent) -> dict[Verb, Text | None]:
    """For each verb None when this person may, else why not."""
    found = {verb: refusal(verb, item, agent) for verb in VERBS}
    return {verb: None if error is None else error.text for verb, error in found.items()}
