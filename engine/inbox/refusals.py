"""What stands in somebody's way, in words that name who was faster and when."""

from engine import errors, records
from engine.model.text import EN, ZH, Text

Problem = errors.CrmflowError


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


def unknown(work_item_id: str) -> errors.NotFound:
    return errors.NotFound(
        "work_item_unknown",
        zh=f"找不到待办 {work_item_id}。",
        en=f"There is no work item {work_item_id!r}.",
        work_item=work_item_id,
    )


def not_on_hold(**ids: str) -> errors.Conflict:
    return errors.Conflict("not_on_hold", zh="此办件没有暂停。", en="The case is not on hold.", **ids)


def no_right_to_hold(**ids: str) -> errors.Forbidden:
    return errors.Forbidden(
        "right_missing",
        zh="您没有暂停和恢复办件的权限。",
        en="You have no right to put cases on hold or let them go on.",
        **ids,
    )


def nothing_in_hand(**ids: str) -> errors.Forbidden:
    return errors.Forbidden(
        "nothing_in_hand",
        zh="只有正在办理此办件的人才能暂停或恢复它。",
        en="Only who works on the case may put it on hold or let it go on.",
        **ids,
    )


def conflict(code: str, item: records.WorkItem, text: Text) -> errors.Conflict:
    return errors.Conflict(code, zh=text[ZH], en=text[EN], work_item=item.id)


def forbidden(code: str, item: records.WorkItem, text: Text) -> errors.Forbidden:
    return errors.Forbidden(code, zh=text[ZH], en=text[EN], work_item=item.id)
