"""``crmflow migrate`` over a database in a folder: nothing of it is a fake."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.cli import main
from tests import house as houses
from tests.kernel.models import program

V1 = program("start s", "user a", "user b", "end e", flow=["s > a > b > e"])
V2 = program("start s", "user a", "user b", "user x", "end e", flow=["s > a > b > x > e"])
V3 = program("start s", "user b", "end e", flow=["s > b > e"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Version 1 runs twice, at ``a``; two newer versions are released."""
    made = houses.House(f"sqlite:///{tmp_path}/crmflow.db")
    try:
        made.release(V1)
        for _ in range(2):
            made.start()
        made.release(V2)
        made.release(V3)
    finally:
        made.engine.store.close()
    return tmp_path


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["migrate", *words, "--data", str(folder)])


def both(old: str = V1.sha256, new: str = V2.sha256) -> list[str]:
    return ["p", "--from", old, "--to", new]


def test_a_dry_run_tells_each_instance_and_fails_when_one_would_stay(folder: Path) -> None:
    good = run(folder, "check", *both())
    assert good.exit_code == 0, good.output
    assert "2 compliant" in good.output and good.output.count("> p-") == 2
    bad = run(folder, "check", *both(new=V3.sha256), "--lang", "zh")
    assert bad.exit_code == 1 and "收回" in bad.output
    allowed = run(folder, "check", *both(new=V3.sha256), "--allow", "back", "--json")
    assert allowed.exit_code == 0
    assert [one["kind"] for one in json.loads(allowed.output)["prospects"]] == ["adjustable", "adjustable"]


def test_instances_move_and_come_back(folder: Path) -> None:
    moved = run(folder, "run", *both(), "--reason", "better")
    assert moved.exit_code == 0, moved.output
    plan, _, ended = moved.output.strip().partition(": ")
    assert ended == "2 moved"
    back = run(folder, "undo", plan)
    assert (back.exit_code, back.output.strip()) == (0, f"{plan}: 2 undone")
    again = run(folder, "undo", plan)
    assert again.exit_code == 1 and "look again" in again.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", *both(old="nothing")], "/old"),
        (["check", *both(), "--map", "nowhere=a"], "/nodes/nowhere"),
        (["check", *both(), "--map", "nowhere"], "OLD=NEW"),
        (["check", *both(), "--lang", "zh", "--map", "a=nowhere"], "新方案中没有 nowhere"),
        (["run", *both(), "--reason", " "], "/reason"),
        (["check", "q", *both()[1:]], "no process 'q'"),
        (["undo", "m-1"], "no migration 'm-1'"),
    ],
)
def test_a_wrong_command_says_where(folder: Path, words: list[str], said: str) -> None:
    refused = run(folder, *words)
    assert refused.exit_code != 0 and said in refused.output, refused.output


def test_older_versions_are_listed(folder: Path) -> None:
    listed = run(folder, "older", "p", "--json")
    assert listed.exit_code == 0 and json.loads(listed.output) == [], "all three are still released in this house"
