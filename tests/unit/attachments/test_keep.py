"""Files of a case: who adds, reads and removes them, and what the history says."""

from datetime import timedelta

import pytest

from engine import dispatch, errors, facts, records
from engine.attachments import keep
from engine.inbox import act
from engine.model.performer import Performer
from engine.people.agent import Agent
from tests.house import ANNA, BO, BOSS, House
from tests.kernel.models import literal, node, program

ONE = program(
    "start s", node("user one", performer=Performer(groups=(literal("sales"),))), "end e", flow=["s > one > e"]
)
PDF = keep.File("合同.pdf", b"%PDF-1.7 contract")
STRANGER = Agent(key="zoe", name="Zoe", roles=frozenset({"staff"}))
NOBODY = Agent(key="eve", name="Eve", roles=frozenset())


@pytest.fixture
def case(home: House) -> str:
    home.release(ONE)
    return home.start()


def add(home: House, case: str | None, file: keep.File = PDF, agent: Agent = ANNA) -> records.Attachment:
    return keep.add(home.engine, instance_id=case, file=file, agent=agent, now=home.now)


def names(home: House, case: str, agent: Agent = ANNA) -> list[str]:
    return [one.name for one in keep.of_case(home.engine, instance_id=case, agent=agent)]


def contents(home: House) -> int:
    """How many contents are kept."""
    found = home.engine.store.database  # type: ignore[attr-defined]
    with found.reading() as connection:
        return int(connection.exec_driver_sql("select count(*) from content").scalar())


def test_a_file_is_kept_byte_for_byte_with_who_added_it_and_when(home: House, case: str) -> None:
    made = add(home, case)
    found, data = keep.read(home.engine, attachment_id=made.id, agent=BO)
    assert (found, data) == (made, PDF.data)
    assert (found.name, found.type, found.size) == ("合同.pdf", "application/pdf", len(PDF.data))
    assert (found.added_by, found.added_at, found.instance_id) == ("anna", home.now, case)
    assert home.facts(case)[-1] == facts.AttachmentAdded(attachment=made.id, name="合同.pdf", size=len(PDF.data))


def test_a_large_file_comes_back_whole(home: House, case: str) -> None:
    large = keep.File("large.pdf", b"%PDF-" + bytes(range(256)) * 1000)
    made = add(home, case, large)
    assert keep.read(home.engine, attachment_id=made.id, agent=ANNA)[1] == large.data


def test_the_same_content_is_kept_once_and_goes_with_the_last_that_has_it(home: House, case: str) -> None:
    other = home.start()
    first, second = add(home, case), add(home, other, keep.File("copy.pdf", PDF.data))
    assert contents(home) == 1
    keep.remove(home.engine, attachment_id=first.id, reason="twice", agent=ANNA, now=home.now)
    assert keep.read(home.engine, attachment_id=second.id, agent=ANNA)[1] == PDF.data
    keep.remove(home.engine, attachment_id=second.id, reason="", agent=ANNA, now=home.now)
    assert contents(home) == 0


def test_files_stand_in_the_order_in_which_they_came(home: House, case: str) -> None:
    for name in ("b.txt", "a.txt", "c.txt"):
        add(home, case, keep.File(name, name.encode()))
        home.clock.advance(timedelta(seconds=1))
    assert names(home, case) == ["b.txt", "a.txt", "c.txt"]


@pytest.mark.parametrize(
    ("file", "code", "kind"),
    [
        (keep.File("a.exe", b"MZ"), "attachment_kind", errors.Invalid),
        (keep.File("page.html", b"<script>"), "attachment_kind", errors.Invalid),
        (keep.File("a.pdf", b"MZ"), "attachment_not_what_it_says", errors.Invalid),
        (keep.File("a.pdf", b""), "attachment_empty", errors.Invalid),
        (keep.File("a.pdf", b"%PDF-" + bytes(keep.LARGEST)), "attachment_too_large", errors.TooLarge),
    ],
)
def test_what_is_refused_is_named_in_both_languages_and_leaves_nothing(
    home: House, case: str, file: keep.File, code: str, kind: type[errors.CrmflowError]
) -> None:
    before = home.facts(case)
    with pytest.raises(kind) as caught:
        add(home, case, file)
    assert caught.value.code == code
    assert all(file.name in caught.value.text[locale] for locale in ("zh-CN", "en"))
    assert (home.facts(case), names(home, case), contents(home)) == (before, [], 0)


def test_nobody_else_learns_that_there_is_a_file(home: House, case: str) -> None:
    made = add(home, case)
    with pytest.raises(errors.NotFound) as read:
        keep.read(home.engine, attachment_id=made.id, agent=STRANGER)
    with pytest.raises(errors.NotFound) as missing:
        keep.read(home.engine, attachment_id="none", agent=STRANGER)
    assert read.value.text == missing.value.text
    for agent in (STRANGER, NOBODY):
        with pytest.raises((errors.NotFound, errors.Forbidden)):
            keep.of_case(home.engine, instance_id=case, agent=agent)
        with pytest.raises((errors.NotFound, errors.Forbidden)):
            add(home, case, agent=agent)
        with pytest.raises(errors.NotFound):
            keep.remove(home.engine, attachment_id=made.id, reason="", agent=agent, now=home.now)
    assert names(home, case) == ["合同.pdf"]


def test_colleagues_of_the_case_read_a_file_and_do_not_remove_it(home: House, case: str) -> None:
    made = add(home, case)
    with pytest.raises(errors.Forbidden) as caught:
        keep.remove(home.engine, attachment_id=made.id, reason="", agent=BO, now=home.now)
    assert caught.value.code == "attachment_not_yours"


def test_an_administrator_removes_and_says_why(home: House, case: str) -> None:
    made = add(home, case)
    keep.remove(home.engine, attachment_id=made.id, reason=" 含个人信息 ", agent=BOSS, now=home.now)
    assert home.facts(case)[-1] == facts.AttachmentRemoved(attachment=made.id, name="合同.pdf", reason="含个人信息")
    assert names(home, case) == []
    with pytest.raises(errors.NotFound):
        keep.read(home.engine, attachment_id=made.id, agent=BOSS)


def test_who_added_a_file_to_a_case_that_ended_removes_it_no_more(home: House, case: str) -> None:
    made = add(home, case)
    act.complete(home.engine, work_item_id=home.item(case, "one").id, data={}, agent=ANNA, now=home.now)
    with pytest.raises(errors.Forbidden):
        keep.remove(home.engine, attachment_id=made.id, reason="", agent=ANNA, now=home.now)
    keep.remove(home.engine, attachment_id=made.id, reason="", agent=BOSS, now=home.now)


def test_a_case_holds_no_more_than_so_many(home: House, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "MOST", 2)
    for number in range(2):
        add(home, case, keep.File(f"{number}.txt", b"x"))
    with pytest.raises(errors.Conflict) as caught:
        add(home, case)
    assert (caught.value.code, "2" in caught.value.text["zh-CN"]) == ("attachments_too_many", True)


def test_what_waits_for_a_start_is_its_persons_alone_and_not_for_ever(home: House) -> None:
    made = add(home, None)
    assert keep.read(home.engine, attachment_id=made.id, agent=ANNA)[1] == PDF.data
    for agent in (BO, BOSS):
        with pytest.raises(errors.NotFound):
            keep.read(home.engine, attachment_id=made.id, agent=agent)
    home.clock.advance(keep.WAITS)
    dispatch.sweep(home.engine, now=home.now)
    assert contents(home) == 1, "not before the day is over"
    home.clock.advance(timedelta(seconds=1))
    dispatch.sweep(home.engine, now=home.now)
    assert contents(home) == 0


def test_a_sweep_leaves_the_files_of_cases_alone(home: House, case: str) -> None:
    add(home, case)
    home.clock.advance(timedelta(days=400))
    dispatch.sweep(home.engine, now=home.now)
    assert names(home, case) == ["合同.pdf"]


def test_nobody_fills_the_house_with_files_for_starts(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "MOST_WAITING", 1)
    add(home, None)
    add(home, None, agent=BO)
    with pytest.raises(errors.Conflict):
        add(home, None)


def test_a_closed_case_still_takes_what_comes_late(home: House, case: str) -> None:
    act.complete(home.engine, work_item_id=home.item(case, "one").id, data={}, agent=ANNA, now=home.now)
    assert home.instance(case).status == "completed"
    add(home, case)
    assert names(home, case) == ["合同.pdf"]
