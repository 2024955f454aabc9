"""Who may do what with a work item in which state, and the reason why not: the whole table, one line a case."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors, records
from engine.inbox import refusals, verbs
from engine.model.handling import Handling, Signature, added, alone
from engine.people.agent import Agent
from tests.house import MONDAY

SALES = Agent(key="anna", roles=frozenset({"staff"}), groups=frozenset({"sales"}))
NAMED = Agent(key="nina", roles=frozenset({"staff"}))
LEGAL = Agent(key="chen", roles=frozenset({"staff"}), groups=frozenset({"legal"}))
DESIGNER = Agent(key="dana", roles=frozenset({"designer"}), groups=frozenset({"sales"}))
ADMIN = Agent(key="boss", roles=frozenset({"admin"}))
ROBOT = Agent(key="robot", roles=frozenset({"integrator"}), groups=frozenset({"sales"}))
NOBODY = Agent(key="ghost", groups=frozenset({"sales"}))
AGENTS = {"sales": SALES, "named": NAMED, "legal": LEGAL, "designer": DESIGNER, "admin": ADMIN, "robot": ROBOT,
          "nobody": NOBODY}  # fmt: skip


def item(**more: Any) -> records.WorkItem:
    """Open, for the group of sales or for Nina by name; nobody has it."""
    values: dict[str, Any] = {
        "id": "i.7",
        "instance_id": "i",
        "wait": 7,
        "process": "p",
        "customer_id": None,
        "program": "x",
        "node": "check",
        "name": "Check",
        "status": "open",
        "users": ("nina",),
        "groups": ("sales",),
        "created_at": MONDAY,
    }
    return records.WorkItem(**{**values, **more})


ASKED = added(alone("anna"), alone("anna")[0], ["nina"], kind="before", rule="all", ratio=1.0)
SIGNED = (
    Signature(number=1, person="anna", group=1, status="active", needs=(2,)),
    Signature(number=2, person="nina", kind="before", group=2, status="done", opinion="agree", asked_by="anna"),
)
STATES = {
    "free": item(),
    "anna has it": item(assignee="anna", claimed_at=MONDAY),
    "bo has it": item(assignee="bo", claimed_at=MONDAY),
    "anna may not": item(excluded=("anna",)),
    "anna has it but may not": item(assignee="anna", claimed_at=MONDAY, excluded=("anna",)),
    "for anna alone": item(assignee="anna", users=(), groups=()),
    "done": item(status="completed", ended_by="anna", ended_at=MONDAY),
    "cancelled": item(status="cancelled", ended_by="system", ended_at=MONDAY),
    "bo asked anna": item(assignee="anna", claimed_at=MONDAY, handling=Handling(owner="bo")),
    "anna asked nina to sign first": item(handling=Handling(signatures=ASKED)),
    "nina signed, anna's turn": item(handling=Handling(signatures=SIGNED)),
}
MAY = ""
TABLE = [
    # state, who, claim, release, complete, save_draft
    ("free", "sales", MAY, "not_claimed", MAY, "not_claimed"),
    ("free", "named", MAY, "not_claimed", MAY, "not_claimed"),
    ("free", "designer", MAY, "not_claimed", MAY, "not_claimed"),
    ("free", "legal", "not_a_candidate", "not_claimed", "not_a_candidate", "not_claimed"),
    ("free", "admin", "not_a_candidate", "not_claimed", "not_a_candidate", "not_claimed"),
    ("anna has it", "sales", "already_yours", MAY, MAY, MAY),
    ("anna has it", "named", "claimed_by_another", "claimed_by_another", "claimed_by_another", "claimed_by_another"),
    ("anna has it", "admin", "claimed_by_another", MAY, "claimed_by_another", "claimed_by_another"),
    ("bo has it", "sales", "claimed_by_another", "claimed_by_another", "claimed_by_another", "claimed_by_another"),
    ("bo has it", "designer", "claimed_by_another", "claimed_by_another", "claimed_by_another", "claimed_by_another"),
    ("bo has it", "admin", "claimed_by_another", MAY, "claimed_by_another", "claimed_by_another"),
    ("anna may not", "sales", "four_eyes", "not_claimed", "four_eyes", "not_claimed"),
    ("anna may not", "named", MAY, "not_claimed", MAY, "not_claimed"),
    ("anna has it but may not", "sales", "already_yours", MAY, "four_eyes", MAY),
    ("for anna alone", "sales", "already_yours", "nobody_else", MAY, MAY),
    ("for anna alone", "admin", "claimed_by_another", "nobody_else", "claimed_by_another", "claimed_by_another"),
    ("done", "sales", "work_item_over", "work_item_over", "work_item_over", "work_item_over"),
    ("done", "admin", "work_item_over", "work_item_over", "work_item_over", "work_item_over"),
    ("cancelled", "named", "work_item_over", "work_item_over", "work_item_over", "work_item_over"),
]
KINDS = {
    "not_claimed": errors.Conflict,
    "already_yours": errors.Conflict,
    "claimed_by_another": errors.Conflict,
    "nobody_else": errors.Conflict,
    "work_item_over": errors.Conflict,
    "not_a_candidate": errors.Forbidden,
    "four_eyes": errors.Forbidden,
    "right_missing": errors.Forbidden,
    "delegated": errors.Conflict,
    "not_delegated": errors.Conflict,
    "signed_by_several": errors.Conflict,
    "not_your_turn": errors.Conflict,
    "nobody_added": errors.Conflict,
    "not_yours_to_remove": errors.Forbidden,
    "not_done": errors.Conflict,
    "with_you": errors.Conflict,
    "not_on_hold": errors.Conflict,
    "nothing_in_hand": errors.Forbidden,
    "instance_suspended": errors.Conflict,
}
FIRST: tuple[verbs.Verb, ...] = ("claim", "release", "complete", "save_draft")
SHARING: tuple[verbs.Verb, ...] = (
    "answer", "transfer", "delegate", "add_sign", "remove_sign", "send_back", "take_back", "urge",
)  # fmt: skip
ASIDE: tuple[verbs.Verb, ...] = ("urge", "copy", "comment")
"""For everybody who sees the case."""
NOT, NOBODY_ADDED, OPEN, OVER = "not_claimed", "nobody_added", "not_done", "work_item_over"
TAKEN, NO_ANSWER, TURN = "claimed_by_another", "not_delegated", "not_your_turn"
SHARED_TABLE = [
    # state, who, answer, transfer, delegate, add_sign, remove_sign, send_back, take_back, urge
    ("free", "sales", NO_ANSWER, NOT, NOT, NOT, NOBODY_ADDED, NOT, OPEN, MAY),
    ("free", "admin", NO_ANSWER, MAY, NOT, NOT, NOBODY_ADDED, NOT, OPEN, MAY),
    ("anna has it", "sales", NO_ANSWER, MAY, MAY, MAY, NOBODY_ADDED, MAY, OPEN, "with_you"),
    ("anna has it", "named", NO_ANSWER, TAKEN, TAKEN, TAKEN, NOBODY_ADDED, TAKEN, OPEN, MAY),
    ("anna has it", "admin", NO_ANSWER, MAY, TAKEN, TAKEN, NOBODY_ADDED, TAKEN, OPEN, MAY),
    ("bo asked anna", "sales", MAY, MAY, "delegated", "delegated", NOBODY_ADDED, "delegated", OPEN, "with_you"),
    ("bo asked anna", "named", TAKEN, TAKEN, TAKEN, TAKEN, NOBODY_ADDED, TAKEN, OPEN, MAY),
    ("anna asked nina to sign first", "sales", NO_ANSWER, TURN, "signed_by_several", TURN, MAY, TURN, OPEN, MAY),
    ("anna asked nina to sign first", "named", NO_ANSWER, MAY, "signed_by_several", MAY, "not_yours_to_remove", MAY,
     OPEN, "with_you"),
    ("anna asked nina to sign first", "admin", NO_ANSWER, TURN, "signed_by_several", TURN, MAY, TURN, OPEN, MAY),
    ("nina signed, anna's turn", "sales", NO_ANSWER, MAY, "signed_by_several", MAY, NOBODY_ADDED, MAY, OPEN,
     "with_you"),
    ("nina signed, anna's turn", "named", NO_ANSWER, TURN, "signed_by_several", TURN, NOBODY_ADDED, TURN, OPEN, MAY),
    ("done", "sales", OVER, OVER, OVER, OVER, OVER, OVER, MAY, OVER),
    ("done", "named", OVER, OVER, OVER, OVER, OVER, OVER, OVER, OVER),
    ("cancelled", "sales", OVER, OVER, OVER, OVER, OVER, OVER, OPEN, OVER),
]  # fmt: skip


@pytest.mark.parametrize("row", SHARED_TABLE, ids=lambda row: f"{row[0]}-{row[1]}")
def test_who_may_share_the_work_and_hand_it_on(row: tuple[str, ...]) -> None:
    state, who, *wanted = row
    found = {verb: verbs.refusal(verb, STATES[state], AGENTS[who]) for verb in SHARING}
    assert {verb: refused.code if refused else MAY for verb, refused in found.items()} == dict(
        zip(SHARING, wanted, strict=True)
    )


@pytest.mark.parametrize(
    ("state", "who", "claim", "release", "complete"),
    [
        ("bo asked anna", "sales", "already_yours", "delegated", "delegated"),
        ("anna asked nina to sign first", "sales", TURN, "signed_by_several", TURN),
        ("anna asked nina to sign first", "named", "already_yours", "signed_by_several", MAY),
        ("nina signed, anna's turn", "sales", "already_yours", "signed_by_several", MAY),
        ("nina signed, anna's turn", "named", TURN, "signed_by_several", TURN),
    ],
)
def test_shared_work_is_claimed_by_nobody_and_done_in_turn(
    state: str, who: str, claim: str, release: str, complete: str
) -> None:
    found = {verb: verbs.refusal(verb, STATES[state], AGENTS[who]) for verb in FIRST[:3]}
    codes = {verb: refused.code if refused else MAY for verb, refused in found.items()}
    assert codes == {"claim": claim, "release": release, "complete": complete}


@pytest.mark.parametrize("state", STATES)
def test_everybody_who_may_work_may_comment_and_copy_in_any_state(state: str) -> None:
    for who in ("sales", "legal", "admin"):
        told = verbs.actions(STATES[state], AGENTS[who])
        assert told["comment"] is None and told["copy"] is None


@pytest.mark.parametrize(
    ("state", "who", "zh", "en"),
    [
        ("anna asked nina to sign first", "sales", "还没有轮到您，现在等待：nina。", "not your turn yet"),
        ("nina signed, anna's turn", "named", "您已签署，现在等待：anna。", "You have signed; it waits for anna"),
        ("anna asked nina to sign first", "legal", "此待办由以下人员签署：nina。", "This task is signed by nina"),
    ],
)
def test_who_has_to_wait_reads_for_whom(state: str, who: str, zh: str, en: str) -> None:
    told = verbs.actions(STATES[state], AGENTS[who])["complete"]
    assert told is not None and told["zh-CN"] == zh and en in told["en"]


def test_work_on_hold_may_be_talked_about_and_resumed_and_nothing_else() -> None:
    held = item(assignee="anna", claimed_at=MONDAY, held_at=MONDAY)
    told = verbs.actions(held, SALES)
    assert {verb for verb, why in told.items() if why is None} == {"copy", "comment", "resume"}


HELD_FREE, HELD_BY_BO = item(held_at=MONDAY), item(assignee="bo", claimed_at=MONDAY, held_at=MONDAY)
HOLDING = [
    # what, who, hold, resume
    ("free", "sales", NOT, "not_on_hold"),
    ("free", "legal", NOT, "not_on_hold"),
    ("free", "admin", MAY, "not_on_hold"),
    ("anna has it", "sales", MAY, "not_on_hold"),
    ("anna has it", "named", TAKEN, "not_on_hold"),
    ("anna has it", "designer", TAKEN, "not_on_hold"),
    ("anna has it", "admin", MAY, "not_on_hold"),
    ("anna has it but may not", "sales", MAY, "not_on_hold"),
    ("bo asked anna", "sales", MAY, "not_on_hold"),
    ("anna asked nina to sign first", "sales", TURN, "not_on_hold"),
    ("anna asked nina to sign first", "named", MAY, "not_on_hold"),
    ("nina signed, anna's turn", "sales", MAY, "not_on_hold"),
    ("done", "sales", OVER, OVER),
    ("cancelled", "admin", OVER, OVER),
    ("held, free", "sales", "instance_suspended", MAY),
    ("held, free", "named", "instance_suspended", MAY),
    ("held, free", "legal", "instance_suspended", "nothing_in_hand"),
    ("held, free", "admin", "instance_suspended", MAY),
    ("held, bo has it", "sales", "instance_suspended", "nothing_in_hand"),
    ("held, bo has it", "admin", "instance_suspended", MAY),
]


@pytest.mark.parametrize(("state", "who", "hold", "resume"), HOLDING)
def test_who_may_put_the_case_on_hold_and_let_it_go_on(state: str, who: str, hold: str, resume: str) -> None:
    what = {**STATES, "held, free": HELD_FREE, "held, bo has it": HELD_BY_BO}[state]
    found = {verb: verbs.refusal(verb, what, AGENTS[who]) for verb in ("hold", "resume")}
    assert {verb: refused.code if refused else MAY for verb, refused in found.items()} == {
        "hold": hold,
        "resume": resume,
    }


def test_who_delegated_a_step_may_hold_its_case_too() -> None:
    bo = Agent(key="bo", roles=frozenset({"staff"}))
    assert verbs.refusal("hold", STATES["bo asked anna"], bo) is None


@pytest.mark.parametrize(("state", "who", "claim", "release", "complete", "draft"), TABLE)
def test_who_may_do_what(state: str, who: str, claim: str, release: str, complete: str, draft: str) -> None:
    found = {verb: verbs.refusal(verb, STATES[state], AGENTS[who]) for verb in FIRST}
    codes = {verb: refused.code if refused else MAY for verb, refused in found.items()}
    assert codes == {"claim": claim, "release": release, "complete": complete, "save_draft": draft}


@pytest.mark.parametrize(("state", "who"), list(product(STATES, ("robot", "nobody"))))
def test_who_has_no_right_to_work_on_tasks_may_nothing_in_any_state(state: str, who: str) -> None:
    for verb in verbs.VERBS:
        refused = verbs.refusal(verb, STATES[state], AGENTS[who])
        assert refused is not None and refused.code == "right_missing"


@pytest.mark.parametrize(("state", "who"), list(product(STATES, AGENTS)))
def test_every_refusal_is_of_its_branch_names_the_item_and_speaks_both_languages(state: str, who: str) -> None:
    for verb in verbs.VERBS:
        refused = verbs.refusal(verb, STATES[state], AGENTS[who])
        if refused is not None:
            assert type(refused) is KINDS[refused.code]
            assert refused.ids["work_item"] == "i.7"
            assert set(refused.text) == {"zh-CN", "en"} and all(refused.text.values())
            assert refused.text["zh-CN"] != refused.text["en"]


@pytest.mark.parametrize(("state", "who"), list(product(STATES, AGENTS)))
def test_what_the_buttons_say_is_what_the_deed_would_raise(state: str, who: str) -> None:
    told = verbs.actions(STATES[state], AGENTS[who])
    assert list(told) == list(verbs.VERBS)
    for verb, why in told.items():
        refused = verbs.refusal(verb, STATES[state], AGENTS[who])
        assert why == (refused.text if refused else None)


@pytest.mark.parametrize(
    ("state", "zh", "en"),
    [
        ("done", "待办“Check”已由 anna 于 2026-03-02T09:00:00+00:00 完成。",
         "The work item 'Check' was completed by anna at 2026-03-02T09:00:00+00:00."),
        ("cancelled", "待办“Check”已由 system 于 2026-03-02T09:00:00+00:00 取消。",
         "The work item 'Check' was cancelled by system at 2026-03-02T09:00:00+00:00."),
    ],
)  # fmt: skip
def test_what_is_over_says_by_whom_when_and_how(state: str, zh: str, en: str) -> None:
    error = refusals.over(STATES[state])
    assert error.text == {"zh-CN": zh, "en": en}
    assert error.ids == {
        "work_item": "i.7",
        "by": STATES[state].ended_by,
        "at": "2026-03-02T09:00:00+00:00",
        "status": STATES[state].status,
    }


def test_what_is_taken_says_by_whom_and_since_when() -> None:
    error = refusals.taken(STATES["bo has it"])
    assert error.text == {
        "zh-CN": "此待办自 2026-03-02T09:00:00+00:00 起由 bo 办理。",
        "en": "bo has been working on this task since 2026-03-02T09:00:00+00:00.",
    }


def test_who_is_no_candidate_reads_who_is() -> None:
    refused = verbs.refusal("claim", STATES["free"], LEGAL)
    assert refused is not None
    assert refused.text["en"] == "This task is for these people or groups: nina, sales."
    assert refused.text["zh-CN"] == "此待办由以下人员或岗位组办理：nina、sales。"


@pytest.mark.parametrize(
    ("state", "concerned"),
    [
        ("free", {"sales", "named", "designer", "admin", "robot", "nobody"}),
        ("for anna alone", {"sales", "designer", "admin", "robot"}),
        ("done", {"sales", "named", "designer", "admin", "robot", "nobody"}),
        ("bo has it", {"sales", "named", "designer", "admin", "robot", "nobody"}),
    ],
)
def test_whom_an_item_concerns(state: str, concerned: set[str]) -> None:
    assert {name for name, agent in AGENTS.items() if verbs.concerns(STATES[state], agent)} == concerned


def test_who_did_it_still_sees_it_after_leaving_the_group() -> None:
    moved = Agent(key="anna", roles=frozenset({"staff"}), groups=frozenset({"legal"}))
    assert verbs.concerns(STATES["done"], moved)
    assert not verbs.concerns(STATES["cancelled"], moved)


WORKS = st.builds(
    item,
    assignee=st.sampled_from([None, "anna", "bo"]),
    users=st.sampled_from([(), ("anna",), ("bo", "anna")]),
    groups=st.sampled_from([(), ("sales",), ("legal", "sales")]),
    excluded=st.sampled_from([(), ("anna",), ("bo",)]),
    status=st.sampled_from(["open", "completed", "cancelled"]),
)
PEOPLE = st.sampled_from(list(AGENTS.values()))


@given(WORKS, PEOPLE)
@settings(max_examples=200, deadline=None)
def test_who_may_claim_may_complete_and_who_has_it_may_not_claim_it_again(work: records.WorkItem, agent: Agent) -> None:
    may = {verb: why is None for verb, why in verbs.actions(work, agent).items()}
    assert may["complete"] or not may["claim"]
    assert not (may["claim"] and may["release"])
    assert not (may["claim"] and may["save_draft"])
    if may["claim"]:
        assert work.assignee is None


@given(WORKS, PEOPLE)
@settings(max_examples=200, deadline=None)
def test_nothing_may_be_done_with_what_one_may_not_see(work: records.WorkItem, agent: Agent) -> None:
    if not verbs.concerns(work, agent):
        assert all(why is not None for verb, why in verbs.actions(work, agent).items() if verb not in ASIDE)


@given(WORKS, PEOPLE)
@settings(max_examples=100, deadline=None)
def test_four_eyes_hold_in_every_state(work: records.WorkItem, agent: Agent) -> None:
    if agent.key in work.excluded:
        told = verbs.actions(work, agent)
        assert told["complete"] is not None and told["claim"] is not None


def test_an_unclaimed_moment_is_left_out_of_the_words() -> None:
    given_by_rule = item(assignee="bo", claimed_at=None)
    assert refusals.taken(given_by_rule).ids["at"] == ""
    late = item(status="completed", ended_by="bo", ended_at=MONDAY + timedelta(milliseconds=400))
    assert refusals.over(late).ids["at"] == "2026-03-02T09:00:00+00:00"
