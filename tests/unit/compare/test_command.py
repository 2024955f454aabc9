"""``crmflow variant`` as an author of a process folder uses it."""

import json
import shutil
from pathlib import Path

from click.testing import CliRunner

from engine import files
from engine.compare.command import variant_command


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(variant_command, list(words))
    return done.exit_code, done.output


def shipped(name: str) -> str:
    return str(files.shipped("processes") / name)


def copied(tmp_path: Path, name: str) -> Path:
    place = tmp_path / name
    shutil.copytree(shipped(name), place)
    return place


def test_a_shipped_process_has_no_error() -> None:
    status, said = run("check", shipped("CSS-03"), shipped("SFA-03"))
    assert (status, said.count(": 0 errors")) == (0, 2)


def test_every_problem_is_told_with_its_place_and_the_status_is_one(tmp_path: Path) -> None:
    place = copied(tmp_path, "CSS-03")
    path = place / "variants" / "key-accounts.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["operations"][0]["target"] = "nowhere"
    document["operations"][0].pop("at", None)
    document["operations"][0]["kind"] = "delete"
    document["operations"][0] = {key: document["operations"][0][key] for key in ("id", "kind", "target", "reason")}
    path.write_text(json.dumps(document), encoding="utf-8")
    status, said = run("check", str(place), "--json")
    found = [one for one in json.loads(said)["CSS-03"] if one["severity"] == "error"]
    assert status == 1
    assert ("element_unknown", "variants/key-accounts.json", "/operations/0") in [
        (one["code"], one["file"], one["pointer"]) for one in found
    ]


def test_an_operation_that_breaks_a_rule_of_the_family_is_told_with_the_path(tmp_path: Path) -> None:
    place = copied(tmp_path, "CSS-02")
    reason = {"zh-CN": "试", "en": "try"}
    operations = [{"id": "x_gone", "kind": "delete", "target": "tell_customer", "reason": reason}]
    document = {"process": "CSS-02", "names": reason, "reason": reason, "operations": operations}
    (place / "variants" / "odd.json").write_text(json.dumps(document), encoding="utf-8")
    status, said = run("check", str(place))
    assert status == 1
    assert "variants/odd.json" in said
    assert "'What is resolved is told' is broken: " in said or "must not be taken away" in said


def test_differences_are_told_in_both_languages() -> None:
    status, english = run("diff", shipped("CSS-02"), "key-accounts")
    _, chinese = run("diff", shipped("CSS-02"), "key-accounts", "--lang", "zh")
    assert status == 0
    assert english.startswith("key-accounts (KA): 2 ways, 3 performers, 3 service levels")
    assert chinese.startswith("key-accounts (KA): 2 处方式、3 处承担者、3 处服务水平")
    assert len(english.splitlines()) == len(chinese.splitlines()) == 9


def test_a_variant_of_a_group_below_includes_those_above() -> None:
    _, said = run("diff", shipped("CSS-02"), "at-risk", "--json")
    assert len(json.loads(said)["at-risk"]["lines"]) == 4


def test_an_unknown_variant_is_named() -> None:
    status, said = run("diff", shipped("CSS-02"), "nobody")
    assert status == 2 and "no such variant: nobody" in said


def test_variants_are_carried_to_a_new_base_and_conflicts_are_named(tmp_path: Path) -> None:
    new = copied(tmp_path, "CSS-02")
    assert run("rebase", shipped("CSS-02"), str(new))[0] == 0
    path = new / "process.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["steps"]["diagnose"]["promise"] = {"duration": "PT7H"}
    path.write_text(json.dumps(document), encoding="utf-8")
    status, said = run("rebase", shipped("CSS-02"), str(new), "--json")
    found = [one["kind"] for name in json.loads(said).values() for one in name["conflicts"]]
    assert status == 1 and set(found) == {"modify_modify"}
