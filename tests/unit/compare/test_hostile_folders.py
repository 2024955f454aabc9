"""A process folder that is damaged somewhere: each command ends by itself, says where, and is never overwhelmed."""

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from engine import files
from engine.cli import main
from engine.definitions import folder
from engine.model import nodes

SHIPPED = files.shipped("processes")
PROCESS = "CSS-02"
STRANGE: list[Any] = [None, True, -1, 1e308, "", "=", "= 1 +", "\u0000", [], {}, [[]], {"a": {}}, "PT", ["x"], 10**30]
SEEDS = range(16)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED / PROCESS, tmp_path / PROCESS)
    shutil.copy(SHIPPED / "groups.json", tmp_path / "groups.json")
    return tmp_path / PROCESS


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], env={"LANG": "en_GB.UTF-8"})


def ended_by_itself(answer: Result) -> bool:
    return answer.exception is None or isinstance(answer.exception, SystemExit)


def every_command(place: Path) -> Iterator[Result]:
    yield run("variant", "check", place)
    yield run("variant", "diff", place)
    yield run("variant", "rebase", place, SHIPPED / PROCESS)


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from paths(part, (*path, key))


def put(document: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        document = document[key]
    document[path[-1]] = value


@pytest.mark.parametrize("seed", SEEDS)
def test_a_value_of_another_kind_anywhere_is_told_and_no_crash(place: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = chance.choice(sorted(place.rglob("*.json")))
    document = json.loads(path.read_text("utf-8"))
    where = chance.choice(list(paths(document)))
    value = chance.choice(STRANGE)
    put(document, where, value)
    path.write_text(json.dumps(document), "utf-8")
    answer = run(*chance.choice([("variant", "check", place), ("variant", "diff", place)]))
    assert ended_by_itself(answer), (path.name, where, value, answer.exception)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_file_that_is_cut_off_or_gone_is_named(place: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = chance.choice(sorted(one for one in place.rglob("*") if one.is_file() and "scenarios" not in one.parts))
    if seed % 4:
        data = path.read_bytes()
        path.write_bytes(data[: chance.randrange(len(data) - 2)])
    else:
        path.unlink()
    answer = run("variant", "check", place)
    assert ended_by_itself(answer), (path.name, answer.exception)
    if path.parent.name != "variants" or seed % 4:
        assert answer.exit_code == 1
        assert path.stem in answer.output, path


GROUPS = [
    b"",
    b"{",
    b"\xff\xfe",
    b"[]",
    b"null",
    b'{"groups": 5}',
    b'{"groups": [5]}',
    b'{"groups": [{}]}',
    b'{"groups": [{"key": "A"}], "more": 1}',
    b"[" * 5000,
]


@pytest.mark.parametrize("content", GROUPS)
def test_a_file_of_groups_that_is_wrong_is_named_by_every_command(place: Path, content: bytes) -> None:
    (place.parent / "groups.json").write_bytes(content)
    for command in ("check", "diff"):
        answer = run("variant", command, place)
        assert ended_by_itself(answer), answer.exception
        assert answer.exit_code == 1
        assert "groups.json" in answer.output


def test_groups_that_are_each_other_s_parents_end(place: Path) -> None:
    path = place.parent / "groups.json"
    document = json.loads(path.read_text("utf-8"))
    first, second = document["groups"][:2]
    first["parent"], second["parent"] = second["key"], first["key"]
    path.write_text(json.dumps(document), "utf-8")
    assert all(ended_by_itself(answer) for answer in every_command(place))


FORMS: list[Any] = [
    {"properties": 5},
    {"properties": ""},
    {"properties": []},
    {"properties": {"a": 5}},
    {"properties": {"a": True}},
    {"properties": {"a": {"x-ui": 5}}},
    {"properties": {"a": {"x-ui": {"widget": "actions"}}}},
    {"properties": {"a": {"x-ui": {"widget": "actions"}, "enum": 5}}},
    {"properties": {"a": {"x-ui": {"widget": ["actions"]}}}},
    {},
]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_is_wrong_has_no_buttons_and_no_crash(form: Any) -> None:
    task = nodes.UserTask(id="u", form="f")
    assert folder.with_buttons(task, {"f": form}) == task


def test_buttons_are_the_texts_among_the_values_for_nothing_else_could_be_pressed() -> None:
    form = {"properties": {"outcome": {"enum": ["yes", 2, None, "no"], "x-ui": {"widget": "actions"}}}}
    task = nodes.UserTask(id="u", form="f")
    assert folder.with_buttons(task, {"f": form}).actions == ("yes", "no")


@pytest.mark.parametrize("scenario", sorted(path.name for path in (SHIPPED / PROCESS / "scenarios").iterdir())[:6])
def test_a_scenario_played_on_the_drawing_alone_ends_by_itself(scenario: str) -> None:
    """What process.json says is missing then: there is much to tell, and nothing to crash at."""
    model, answers = SHIPPED / PROCESS / "process.bpmn", SHIPPED / PROCESS / "scenarios" / scenario
    for lang in ("en", "zh"):
        answer = run("play", model, "--answers", answers, "--lang", lang)
        assert ended_by_itself(answer), answer.exception
