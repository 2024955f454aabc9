"""``crmflow variant`` on an installation: nothing of it is a fake, and four eyes hold on the command line too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from engine.cli import main
from engine.customers import groups
from engine.people.agent import SYSTEM
from tests.house import House
from tests.unit.customers.books import document
from tests.unit.variants.desk import ANN, BEN, LI, LIMIT, base, bring, improved, write
from tests.unit.variants.models import text

KA = "SFA-03:ka"


class Installed(House):
    def __init__(self, folder: Path) -> None:
        super().__init__(f"sqlite:///{folder}/crmflow.db")
        self.folder = folder


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Installed]:
    made = Installed(tmp_path)
    try:
        made.release(base())
        groups.publish(made.engine, document=document(), agent=SYSTEM, now=made.now)
        for agent in (ANN, BEN, LI):
            made.person(agent)
        yield made
    finally:
        made.engine.store.close()


def run(house: Installed, *words: str, by: str = "ann") -> Result:
    return CliRunner().invoke(main, ["variant", *words, "--as", by, "--data", str(house.folder)])


def draft(house: Installed, *operations: dict[str, Any], **more: Any) -> None:
    write(house, *(operations or (LIMIT,)), **more)


def statuses(house: Installed) -> dict[int, str]:
    with house.engine.store.reading() as tx:
        return {one.n: one.status for one in tx.variants.versions(KA)}


def test_from_draft_to_release_through_two_pairs_of_hands(house: Installed) -> None:
    draft(house)
    assert run(house, "submit", KA, "--version", "1").output == f"{KA} v1: checked\n"
    own = run(house, "approve", KA, "--version", "1")
    assert own.exit_code == 1 and "Somebody else must approve what you wrote." in own.output
    assert run(house, "approve", KA, "--version", "1", by="ben").exit_code == 0
    done = run(house, "release", KA, "--version", "1", "--note", "as agreed", by="ben")
    assert done.output == f"{KA} v1: released\n" and statuses(house) == {1: "released"}


def test_a_release_from_a_moment(house: Installed) -> None:
    draft(house)
    run(house, "submit", KA, "--version", "1")
    run(house, "approve", KA, "--version", "1", by="ben")
    done = run(house, "release", KA, "--version", "1", "--from", "2199-05-01T08:00+08:00")
    assert done.output == f"{KA} v1: approved from 2199-05-01T00:00:00+00:00\n"
    assert statuses(house) == {1: "approved"}


@pytest.mark.parametrize("said", ["tomorrow", "2199-05-01T08:00", "2199-13-01T08:00+08:00"])
def test_a_moment_that_is_none_is_refused(house: Installed, said: str) -> None:
    draft(house)
    done = run(house, "release", KA, "--version", "1", "--from", said)
    assert done.exit_code == 2 and "with its zone" in done.output


def test_an_unsound_variant_is_not_released_and_says_why(house: Installed) -> None:
    draft(
        house,
        {"id": "ka_1", "kind": "parallelise", "targets": ["Configure", "Check"], "reason": text("r")},
        {"id": "ka_2", "kind": "add_branch", "target": "Configure", "to": "End", "condition": "x > 1",
         "reason": text("r")},
    )  # fmt: skip
    submitted = run(house, "submit", KA, "--version", "1", "--lang", "zh")
    assert submitted.exit_code == 1
    assert "永远等待" in submitted.output and "不能发布" in submitted.output
    for deed in ("approve", "release"):
        assert run(house, deed, KA, "--version", "1", by="ben").exit_code == 1
    assert statuses(house) == {1: "draft"}


def test_rolled_back_and_out_of_use(house: Installed) -> None:
    bring(house, LIMIT)
    bring(house, {**LIMIT, "value": 60})
    assert run(house, "roll-back", KA, by="ben").output == f"{KA} v1: released\n"
    assert run(house, "retire", KA, by="ben").exit_code == 2, "not without a reason"
    assert run(house, "retire", KA, "--note", "nobody asks", by="ben").output == f"{KA} v1: retired\n"
    again = run(house, "retire", KA, "--note", "nobody asks", "--lang", "zh", by="ben")
    assert again.exit_code == 1 and "没有已发布的版本" in again.output


def conflicting(house: Installed) -> str:
    """KA and GR change what the new base changes as well; the signature of that conflict."""
    bring(house, LIMIT)
    bring(house, {**LIMIT, "id": "gr_limit"}, group="GR")
    house.release(improved(base(), {"kind": "set_parameter", "target": "limit", "value": 20}))
    shown = run(house, "board", "SFA-03")
    assert shown.exit_code == 1, shown.output
    return next(line.strip() for line in shown.output.splitlines() if len(line.strip()) == 64)


def test_the_board_shows_changes_conflicts_and_choices_in_both_languages(house: Installed) -> None:
    conflicting(house)
    shown = run(house, "board", "SFA-03").output
    assert "SFA-03 v1 -> v2" in shown and "* limit: 10 → 20" in shown
    assert f"{KA} v1 (1): decide" in shown and "keep: Keep what the variant says" in shown
    chinese = run(house, "board", "SFA-03", "--lang", "zh").output
    assert "新基准也改了同一处" in chinese and "保留本变体的设定" in chinese


def test_decided_carried_and_undone(house: Installed) -> None:
    signature = conflicting(house)
    refused = run(house, "carry", "SFA-03", KA)
    assert refused.exit_code == 1 and "conflicts to be decided" in refused.output
    wrong = run(house, "decide", "SFA-03", KA, signature, "maybe")
    assert wrong.exit_code == 1 and "keep, drop" in wrong.output
    assert run(house, "decide", "SFA-03", KA, signature, "keep").output == f"{KA} ka_limit: keep\n"
    assert "= limit: 50 (was 10)" in run(house, "board", "SFA-03").output
    assert run(house, "carry", "SFA-03").output == f"{KA}: v2\n"
    assert statuses(house) == {1: "released", 2: "checked"}
    assert run(house, "undo", KA).output == f"{KA} v2: retired\n"
    assert run(house, "undo", KA).exit_code == 1


def test_smells_are_told_with_the_board(house: Installed) -> None:
    bring(house, LIMIT)
    bring(house, {**LIMIT, "id": "gr_limit"}, group="GR")
    shown = run(house, "board", "SFA-03")
    assert shown.exit_code == 0 and "~ shared: GR, KA all have the same change" in shown.output


@pytest.mark.parametrize(
    ("words", "by", "says"),
    [
        (("board", "SFA-03"), "li", "This needs one of these roles"),
        (("submit", KA, "--version", "1"), "li", "This needs one of these roles"),
        (("board", "XX"), "ann", "there is no process"),
        (("release", "SFA-03:none", "--version", "1"), "ann", "there is no variant"),
        (("submit", KA, "--version", "7"), "ann", "there is no variant"),
        (("board", "SFA-03"), "nobody", "There is no user"),
    ],
)
def test_what_cannot_be_done_is_told(house: Installed, words: tuple[str, ...], by: str, says: str) -> None:
    draft(house)
    done = run(house, *words, by=by)
    assert done.exit_code == 1 and says in done.output


def test_nothing_is_done_by_nobody(house: Installed) -> None:
    assert CliRunner().invoke(main, ["variant", "board", "SFA-03"]).exit_code == 2
