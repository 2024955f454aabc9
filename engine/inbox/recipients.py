"""To whom work may be given."""

from engine import errors, records
from engine.people.agent import TASK_ROLES
from engine.ports import Transaction


def fit(tx: Transaction, item: records.WorkItem, key: str, *, field: str = "to") -> records.Person:
    """Raises errors.Invalid for somebody who is not on the staff, errors.Forbidden by four eyes."""
    person = tx.people.get(key)
    if person is None or not person.active:
        raise errors.Invalid(
            "person_unknown", zh=f"没有用户“{key}”。", en=f"There is no user {key!r}.", person=key, field=field
        )
    if not TASK_ROLES & set(person.roles):
        raise errors.Invalid(
            "person_cannot_work",
            zh=f"用户“{key}”没有办理待办的权限。",
            en=f"The user {key!r} has no right to work on tasks.",
            person=key,
            field=field,
        )
    if key in item.excluded:
        raise four_eyes(item)
    return person


def four_eyes(item: records.WorkItem) -> errors.Forbidden:
    return errors.Forbidden(
        "four_eyes",
        zh="四眼原则：此人已办理过相关步骤，此步骤须由他人办理。",
        en="Four eyes: this person did a step that this one checks, so somebody else must do it.",
        work_item=item.id,
    )


def signs_already(item: records.WorkItem, person: str) -> errors.Conflict:
    return errors.Conflict(
        "signs_already",
        zh=f"“{person}”已在此步骤的签署人中。",
        en=f"{person!r} signs this step already.",
        work_item=item.id,
        person=person,
    )


def has_it(item: records.WorkItem, person: str) -> errors.Conflict:
    return errors.Conflict(
        "has_it_already",
        zh=f"此待办已在“{person}”名下。",
        en=f"{person!r} has this task already.",
        work_item=item.id,
        person=person,
    )


def reason(text: str) -> str:
    """Raises errors.Invalid for none, errors.TooLarge for a novel."""
    said = text.strip()
    if not said:
        raise errors.Invalid("reason_missing", zh="请填写理由。", en="Please give a reason.", field="reason")
    return bounded(said)


def bounded(text: str) -> str:
    if len(text) > LONGEST:
        raise errors.TooLarge(
            "text_too_long",
            zh=f"最多 {LONGEST} 个字。",
            en=f"At most {LONGEST} characters.",
            field="reason",
        )
    return text.strip()


LONGEST = 2000
