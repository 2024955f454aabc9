"""A process folder with its variants, without a database: composed in the order of the groups, each proved."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engine import errors, files
from engine.cli import main
from engine.compare import folders

WHY = {"zh-CN": "试", "en": "try"}
SHIPPED = files.shipped("processes")
KEYS = sorted(one.name for one in SHIPPED.iterdir() if (one / "process.bpmn").is_file())


def copied(tmp_path: Path, key: str = "CSS-02") -> Path:
    shutil.copy(SHIPPED / "groups.json", tmp_path / "groups.json")
    return Path(shutil.copytree(SHIPPED / key, tmp_path / key))


def add(place: Path, name: str, *operations: dict[str, Any], **more: Any) -> None:
    document = {"process": place.name, "names": WHY, "reason": WHY, "operations": list(operations), **more}
    (place / "variants" / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["variant", *words])
    return done.exit_code, done.output


@pytest.mark.parametrize("key", KEYS)
def test_every_shipped_folder_is_composed_and_proved_without_an_error(key: str) -> None:
    found = folders.compositions(SHIPPED / key, folders.load(SHIPPED / key))
    wrong = [(one.name, problem.text["en"]) for one in found for problem in one.problems if problem.severity == "error"]
    assert wrong == []
    assert [one.name for one in found] == sorted(one.name for one in found)


def test_a_variant_of_a_group_below_shows_what_it_inherits(tmp_path: Path) -> None:
    place = copied(tmp_path)
    above = folders.compositions(place, folders.load(place))
    lines = {one.name: [line.operation for line in one.difference.lines] for one in above}
    assert lines["at-risk"][: len(lines["prospects"])] == lines["prospects"]


def test_without_groups_beside_it_there_is_no_hierarchy(tmp_path: Path) -> None:
    place = copied(tmp_path)
    (tmp_path / "groups.json").unlink()
    found = {one.name: one for one in folders.compositions(place, folders.load(place))}
    assert len(found["at-risk"].difference.lines) < 4


def test_groups_that_are_wrong_are_refused(tmp_path: Path) -> None:
    place = copied(tmp_path)
    document = {"groups": [{"key": "PR", "parent": "PR-R"}, {"key": "PR-R", "parent": "PR"}]}
    (tmp_path / "groups.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(errors.Invalid) as refused:
        folders.compositions(place, folders.load(place))
    assert "groups.json" in refused.value.text["en"] and refused.value.text["zh-CN"]


def test_a_folder_without_a_drawing_is_refused_with_its_problems(tmp_path: Path) -> None:
    place = copied(tmp_path)
    (place / "process.bpmn").unlink()
    with pytest.raises(errors.Invalid) as refused:
        folders.compositions(place, folders.load(place))
    assert refused.value.code == "process_wrong" and refused.value.problems
    status, said = run("diff", str(place))
    assert status == 1 and "process.bpmn" in said
    status, said = run("rebase", str(place), str(place), "--lang", "zh")
    assert status == 1 and "个错误" in said


def test_a_problem_of_a_variant_names_its_file_and_operation(tmp_path: Path) -> None:
    place = copied(tmp_path)
    add(place, "odd", {"id": "x_gone", "kind": "delete", "target": "nowhere", "reason": WHY})
    found = {one.name: one for one in folders.compositions(place, folders.load(place))}
    (problem,) = found["odd"].problems
    assert (problem.file, problem.pointer, problem.element) == ("variants/odd.json", "/operations/0", "nowhere")
    status, said = run("diff", str(place), "odd", "--lang", "zh")
    assert status == 0 and "  ! [activity]" in said and "没有步骤 nowhere" in said


def test_checking_several_folders_tells_each(tmp_path: Path) -> None:
    first, second = copied(tmp_path), Path(shutil.copytree(SHIPPED / "CSS-10", tmp_path / "CSS-10"))
    add(second, "odd", {"id": "x_gone", "kind": "delete", "target": "nowhere", "reason": WHY})
    status, said = run("check", str(first), str(second), "--json")
    told = json.loads(said)
    assert status == 1 and set(told) == {"CSS-02", "CSS-10"}
    assert [one["code"] for one in told["CSS-10"] if one["severity"] == "error"] == ["element_unknown"]
    assert run("check", str(first))[0] == 0


def test_a_folder_that_is_none_is_a_wrong_call(tmp_path: Path) -> None:
    for words in (("check", str(tmp_path / "none")), ("check",), ("diff",), ("rebase", str(tmp_path))):
        assert run(*words)[0] == 2


REBASES = [
    # what the new base's owner does with `diagnose`, the kinds of conflict that the variants then have
    (lambda step: step.update(promise={"duration": "PT7H"}), {"modify_modify"}),
    (lambda step: step.update(priority=77), set()),
    (lambda step: step["names"].update(en="Find out"), set()),
]


@pytest.mark.parametrize(("change", "kinds"), REBASES)
def test_a_rebase_of_folders_names_what_has_to_be_decided(tmp_path: Path, change: Any, kinds: set[str]) -> None:
    place = copied(tmp_path)
    path = place / "process.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document["steps"]["diagnose"])
    path.write_text(json.dumps(document), encoding="utf-8")
    status, said = run("rebase", str(SHIPPED / "CSS-02"), str(place), "--json")
    told = json.loads(said)
    assert {one["kind"] for each in told.values() for one in each["conflicts"]} == kinds
    assert status == (1 if kinds else 0)
    plain = run("rebase", str(SHIPPED / "CSS-02"), str(place), "--lang", "zh")[1]
    assert ("新基准也改了同一处" in plain) is bool(kinds)
