"""Decision tables are saved into the process's draft with their test rows, and a failed test row stops a release."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from engine import errors
from engine.bpmn import read
from engine.definitions import bases, catalogue, decisions, drafts, edits, folder, mends, publish, trials
from engine.dmn.sheet import Sheet, Trial
from tests.house import ANNA, BOSS, House, house
from tests.shared import ROOT
from tests.unit.dmn.test_sheet import LEVEL, cells

GOOD = Trial(given=("50", '"x"'), expected=("1", '"desk"'))
BAD = Trial(given=("50", '"x"'), expected=("9", '"desk"'))
NAMES = {"zh-CN": "报价", "en": "Quotation"}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, reader=read.read) as made:
        drafts.begin(made.engine, key="quote", names=NAMES, agent=BOSS, now=made.now)
        yield made


def newest(home: House) -> str:
    return edits.newest(home.engine, process="quote", agent=BOSS)


def save(home: House, table: Sheet, seen: str = "", n: int = 1) -> publish.Deployed:
    return decisions.save(
        home.engine, process="quote", n=n, table=table, seen=seen or newest(home), agent=BOSS, now=home.now
    )


def opened(home: House, n: int = 1, key: str = "level") -> decisions.Opened:
    return decisions.opened(home.engine, process="quote", n=n, key=key, agent=BOSS)


def test_a_new_table_is_part_of_the_draft_and_opens_as_it_was_saved(home: House) -> None:
    table = msgspec.structs.replace(LEVEL, trials=(GOOD,))
    made = save(home, table)
    assert [(one.n, one.status) for one in made.versions] == [(1, "draft")]
    found = opened(home)
    assert found.sheet == table and found.seen == made.versions[0].resource_id
    _, versions = catalogue.get(home.engine, process="quote")
    assert set(catalogue.program(home.engine, sha256=versions[0].program).decisions) == {"level"}


def test_a_changed_table_replaces_the_one_before(home: House) -> None:
    save(home, LEVEL)
    save(home, msgspec.structs.replace(LEVEL, rows=LEVEL.rows[:1]))
    assert opened(home).sheet.rows == LEVEL.rows[:1]


def test_a_failed_test_row_is_kept_and_stops_the_release(home: House) -> None:
    made = save(home, msgspec.structs.replace(LEVEL, trials=(GOOD, BAD)))
    failed = [one for one in made.versions[0].problems if one.code == "test_row_failed"]
    assert [(one.file, one.line, one.severity) for one in failed] == [("level.tests", 2, "error")]
    with pytest.raises(errors.Invalid) as caught:
        publish.release(home.engine, process="quote", n=1, agent=BOSS, now=home.now)
    assert "test_row_failed" in {one.code for one in caught.value.problems}
    save(home, msgspec.structs.replace(LEVEL, trials=(GOOD,)))
    assert "test_row_failed" not in {one.code for one in mends.problems(home.engine, process="quote", n=1, agent=BOSS)}


def test_test_rows_are_run_again_when_the_drawing_is_saved(home: House) -> None:
    save(home, msgspec.structs.replace(LEVEL, trials=(BAD,)))
    drawn = drafts.opened(home.engine, process="quote", n=1, agent=BOSS)
    made = drafts.save(
        home.engine, process="quote", n=1, drawing=drawn.drawing, seen=drawn.seen, agent=BOSS, now=home.now
    )
    assert "test_row_failed" in {one.code for one in made.versions[0].problems}
    assert opened(home).sheet.trials == (BAD,)


def test_who_did_not_see_the_newest_save_is_refused(home: House) -> None:
    before = newest(home)
    save(home, LEVEL)
    with pytest.raises(errors.Conflict) as caught:
        save(home, msgspec.structs.replace(LEVEL, rows=LEVEL.rows[:1]), before)
    assert caught.value.code == "draft_changed" and opened(home).sheet == LEVEL


def test_a_wrong_cell_is_refused_with_its_place_and_nothing_is_kept(home: House) -> None:
    before = newest(home)
    with pytest.raises(errors.Invalid) as caught:
        save(home, msgspec.structs.replace(LEVEL, rows=cells(("< <", "-", "1 +", '"a"'))))
    assert {one.pointer for one in caught.value.problems} == {"/cell-0-0", "/cell-0-2"}
    assert newest(home) == before


@pytest.mark.parametrize("key", ["", "1a", "a b", "../x", "决策", "k" * 65])
def test_a_key_that_no_file_or_task_can_name_is_refused(home: House, key: str) -> None:
    with pytest.raises(errors.Invalid, match="key begins with a letter"):
        save(home, msgspec.structs.replace(LEVEL, key=key))


def test_what_is_not_there_is_not_found(home: House) -> None:
    with pytest.raises(errors.NotFound, match="there are: none"):
        opened(home, key="nothing")
    with pytest.raises(errors.NotFound):
        opened(home, n=7)
    with pytest.raises(errors.NotFound):
        save(home, LEVEL, n=7)
    with pytest.raises(errors.NotFound):
        edits.newest(home.engine, process="nothing", agent=BOSS)


def test_staff_look_and_do_not_save(home: House) -> None:
    save(home, LEVEL)
    assert decisions.opened(home.engine, process="quote", n=1, key="level", agent=ANNA).sheet == LEVEL
    with pytest.raises(errors.Forbidden):
        decisions.save(home.engine, process="quote", n=1, table=LEVEL, seen=newest(home), agent=ANNA, now=home.now)


def test_a_table_of_a_shipped_process_keeps_all_the_rest_of_it(home: House) -> None:
    loaded = folder.load(ROOT / "processes" / "CSS-03", read=lambda data, file: read.read(data, file=file))
    with home.engine.store.transaction() as tx:
        bases.install(home.engine, tx, folder=loaded, agent=BOSS, now=home.now)
    before = drafts.opened(home.engine, process="CSS-03", n=1, agent=BOSS)
    made = decisions.save(home.engine, process="CSS-03", n=1, table=LEVEL, seen=before.seen, agent=BOSS, now=home.now)
    after = catalogue.program(home.engine, sha256=made.versions[0].program)
    assert made.versions[0].n == 2
    assert set(after.decisions) == {*before.program.decisions, "level"}
    assert after.forms == before.program.forms
    for key, text in before.program.decisions.items():
        assert after.decisions[key].strip() == text.strip()
    bare = {"decisions": {}, "forms": {}}
    again = msgspec.structs.replace(after, **bare)
    assert again.sha256 == msgspec.structs.replace(before.program, **bare).sha256


FILES = [
    (b"{", "tests_unreadable"),
    (b"[]", "tests_unreadable"),
    (b'{"decision": "level", "more": 1}', "tests_unreadable"),
    (b'{"decision": 7}', "tests_unreadable"),
    (b"[" * 100_000, "tests_unreadable"),
    (b'{"decision": "other"}', "tests_of_nothing"),
    (b" " * 500_001, "tests_unreadable"),
]


@pytest.mark.parametrize(("data", "code"), FILES)
def test_a_file_of_test_rows_that_cannot_be_used_is_told(data: bytes, code: str) -> None:
    (problem,) = trials.problems("level.tests", data, {"level": "<a/>"})
    assert (problem.code, problem.file) == (code, "level.tests") and set(problem.text) == {"zh-CN", "en"}


def test_test_rows_read_back_equal() -> None:
    assert trials.read(trials.written("level", (GOOD, BAD))).trials == (GOOD, BAD)
