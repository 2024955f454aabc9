"""What a person may do with a work item, and why not otherwise. One table for buttons, API, use cases and tests."""

from collections.abc import Callable
from typing import Literal, get_args

from engine import records
from engine.inbox import refusals
from engine.inbox.refusals import Problem, conflict, forbidden, taken
from engine.model import handling
from engine.model.text import Text, both
from engine.people import rights
from engine.people.agent import Agent
from engine.runtime import deliver

Verb = Literal[
    "claim",
    "release",
    "complete",
    "save_draft",
    "answer",
    "transfer",
    "delegate",
    "add_sign",
    "remove_sign",
    "send_back",
    "take_back",
    "urge",
    "copy",
    "comment",
    "hold",
    "resume",
]
VERBS: tuple[Verb, ...] = get_args(Verb)
_AFTERWARDS = ("take_back", "copy", "comment")
"""What one may still do with a step that is over."""
_ON_HOLD = ("copy", "comment", "resume")


def concerns(item: records.WorkItem, agent: Agent) -> bool:
    """The agent may see it: it is theirs, was theirs, they sign or signed it, or they could take it."""
    mine = agent.key in (item.assignee, item.ended_by, item.shared.owner, item.shared.absent) or agent.key in item.users
    signs = any(agent.key in (one.person, one.absent) for one in item.shared.signatures)
    return mine or signs or bool(agent.groups & set(item.groups)) or rights.may(agent, "case.see_all")


def refusal(verb: Verb, item: records.WorkItem, agent: Agent) -> Problem | None:
    """None when the agent may; else the error that the use case raises."""
    if not rights.may(agent, "task.work"):
        text = both(zh="您没有办理待办的权限。", en="You have no right to work on tasks.")
        return forbidden("right_missing", item, text)
    if item.status != "open" and verb not in _AFTERWARDS:
        return refusals.over(item)
    if item.held and verb not in _ON_HOLD:
        return deliver.suspended(item.instance_id)
    return _RULES[verb](item, agent)


def actions(item: records.WorkItem, agent: Agent) -> dict[Verb, Text | None]:
    """For each verb None when this person may, else why not."""
    found = {verb: refusal(verb, item, agent) for verb in VERBS}
    return {verb: None if error is None else error.text for verb, error in found.items()}


def mine(item: records.WorkItem, agent: Agent) -> handling.Signature | None:
    """The signature that the step waits for from the agent, where several sign it."""
    signatures = item.shared.signatures
    return next((one for one in signatures if one.person == agent.key and one.status == "active"), None)


def behalf(item: records.WorkItem, agent: Agent) -> str:
    """In whose stead the agent has the step, or signs it; empty: for themselves."""
    signature = mine(item, agent)
    if signature is not None:
        return signature.absent
    return item.shared.absent if item.assignee == agent.key else ""


def _claim(item: records.WorkItem, agent: Agent) -> Problem | None:
    if item.shared.signatures:
        return _signer(item, agent) or conflict("already_yours", item, _YOURS)
    if item.assignee == agent.key:
        return conflict("already_yours", item, _YOURS)
    if item.assignee is not None:
        return taken(item)
    return _candidate(item, agent)


def _release(item: records.WorkItem, agent: Agent) -> Problem | None:
    if item.shared.signatures:
        return conflict("signed_by_several", item, _SIGNED)
    if item.assignee is None:
        return conflict("not_claimed", item, both(zh="此待办无人领取。", en="Nobody has claimed this task."))
    if item.assignee != agent.key and "admin" not in agent.roles:
        return taken(item)
    if item.shared.owner:
        return conflict("delegated", item, _delegated(item))
    if not item.users and not item.groups:
        text = both(
            zh="此待办只指派给一个人，释放后无人可办。", en="This task is for one person; nobody else could take it."
        )
        return conflict("nobody_else", item, text)
    return None


def _complete(item: records.WorkItem, agent: Agent) -> Problem | None:
    if item.shared.signatures:
        return _signer(item, agent) or _four_eyes(item, agent)
    if item.assignee == agent.key:
        return conflict("delegated", item, _delegated(item)) if item.shared.owner else _four_eyes(item, agent)
    return taken(item) if item.assignee is not None else _candidate(item, agent)


def _held(item: records.WorkItem, agent: Agent) -> Problem | None:
    """Whoever has it in hand."""
    if item.shared.signatures:
        return _signer(item, agent)
    if item.assignee == agent.key:
        return None
    if item.assignee is None:
        return conflict("not_claimed", item, both(zh="请先领取此待办。", en="Claim this task first."))
    return taken(item)


def _answer(item: records.WorkItem, agent: Agent) -> Problem | None:
    if item.shared.owner:
        return _held(item, agent)
    return conflict("not_delegated", item, both(zh="此待办不是委派来的。", en="This task was not delegated."))


def _transfer(item: records.WorkItem, agent: Agent) -> Problem | None:
    if rights.may(agent, "case.modify") and not item.shared.signatures:
        return None
    return _held(item, agent)


def _own(item: records.WorkItem, agent: Agent) -> Problem | None:
    """Held, and the holder's own to decide."""
    held = _held(item, agent)
    if held is None and item.shared.owner:
        return conflict("delegated", item, _delegated(item))
    return held


def _delegate(item: records.WorkItem, agent: Agent) -> Problem | None:
    if item.shared.signatures:
        return conflict("signed_by_several", item, _SIGNED)
    return _own(item, agent)


def _remove_sign(item: records.WorkItem, agent: Agent) -> Problem | None:
    asked = [one for one in item.shared.signatures if one.kind != "main" and one.status in ("waiting", "active")]
    if not asked:
        return conflict("nobody_added", item, both(zh="没有可减去的加签人。", en="Nobody was added who could go."))
    if any(one.asked_by == agent.key for one in asked) or rights.may(agent, "case.modify"):
        return None
    text = both(zh="只有加签的人才能减签。", en="Only who added a signer may take them away again.")
    return forbidden("not_yours_to_remove", item, text)


def _take_back(item: records.WorkItem, agent: Agent) -> Problem | None:
    if item.status != "completed":
        return conflict("not_done", item, both(zh="此待办还没有办完。", en="This task is not done yet."))
    if item.ended_by != agent.key:
        return refusals.over(item)
    return None


def _urge(item: records.WorkItem, agent: Agent) -> Problem | None:
    if item.assignee == agent.key or mine(item, agent) is not None:
        return conflict("with_you", item, both(zh="此待办正由您办理。", en="It is you who has this task."))
    return None


def _hold(item: records.WorkItem, agent: Agent) -> Problem | None:
    """Whoever has it in hand, and who delegated it, may hold its case; who may cancel cases any."""
    if rights.may(agent, "case.cancel") or item.shared.owner == agent.key:
        return None
    return _held(item, agent) if rights.may(agent, "case.hold") else refusals.no_right_to_hold(work_item=item.id)


def _resume(item: records.WorkItem, agent: Agent) -> Problem | None:
    """Whoever works on it or could: the customer may have called a colleague."""
    if not item.held:
        return refusals.not_on_hold(work_item=item.id)
    if rights.may(agent, "case.cancel"):
        return None
    if not rights.may(agent, "case.hold"):
        return refusals.no_right_to_hold(work_item=item.id)
    offered = agent.key in item.users or bool(agent.groups & set(item.groups))
    has = agent.key in (item.assignee, item.shared.owner) or mine(item, agent) is not None
    return None if has or (offered and item.assignee is None) else refusals.nothing_in_hand(work_item=item.id)


def _anybody(item: records.WorkItem, agent: Agent) -> Problem | None:
    return None


def _signer(item: records.WorkItem, agent: Agent) -> Problem | None:
    if mine(item, agent) is not None:
        return None
    turn = handling.active(item.shared.signatures)
    zh, en = "、".join(turn), ", ".join(turn)
    own = [one for one in item.shared.signatures if one.person == agent.key]
    if any(one.status == "done" for one in own):
        text = both(zh=f"您已签署，现在等待：{zh}。", en=f"You have signed; it waits for {en}.")
    elif any(one.status == "waiting" for one in own):
        text = both(zh=f"还没有轮到您，现在等待：{zh}。", en=f"It is not your turn yet; it waits for {en}.")
    else:
        text = both(zh=f"此待办由以下人员签署：{zh}。", en=f"This task is signed by {en}.")
    return conflict("not_your_turn", item, text)


def _candidate(item: records.WorkItem, agent: Agent) -> Problem | None:
    if agent.key not in item.users and not agent.groups & set(item.groups):
        who = [*item.users, *item.groups]
        text = both(
            zh=f"此待办由以下人员或岗位组办理：{'、'.join(who)}。",
            en=f"This task is for these people or groups: {', '.join(who)}.",
        )
        return forbidden("not_a_candidate", item, text)
    return _four_eyes(item, agent)


def _four_eyes(item: records.WorkItem, agent: Agent) -> Problem | None:
    if agent.key not in item.excluded:
        return None
    text = both(
        zh="四眼原则：您已办理过相关步骤，此步骤须由他人办理。",
        en="Four eyes: you did a step that this one checks, so somebody else must do it.",
    )
    return forbidden("four_eyes", item, text)


_YOURS = both(zh="此待办已在您名下。", en="This task is yours already.")
_SIGNED = both(
    zh="此待办由多人签署；可以转交您自己的一份。", en="Several people sign this task; you may hand on your part."
)


def _delegated(item: records.WorkItem) -> Text:
    owner = item.shared.owner
    return both(
        zh=f"此待办由 {owner} 委派，请答复；由 {owner} 决定。",
        en=f"{owner} delegated this task: give your answer, {owner} decides.",
    )


_RULES: dict[Verb, Callable[[records.WorkItem, Agent], Problem | None]] = {
    "claim": _claim,
    "release": _release,
    "complete": _complete,
    "save_draft": _held,
    "answer": _answer,
    "transfer": _transfer,
    "delegate": _delegate,
    "add_sign": _own,
    "remove_sign": _remove_sign,
    "send_back": _own,
    "take_back": _take_back,
    "urge": _urge,
    "copy": _anybody,
    "comment": _anybody,
    "hold": _hold,
    "resume": _resume,
}
