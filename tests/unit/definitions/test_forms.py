"""Forms are saved into the process's draft, shown at the steps that were chosen, with the rights of each step."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import errors
from engine.bpmn import read
from engine.definitions import catalogue, drafts, edits, forms, publish
from engine.forms import editing
from engine.model.program import Program
from tests.house import ANNA, BOSS, House, house

NAMES = {"zh-CN": "报价", "en": "Quotation"}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, reader=read.read) as made:
        drafts.begin(made.engine, key="quote", names=NAMES, agent=BOSS, now=made.now)
        yield made


def schema(*kinds: str) -> dict[str, Any]:
    made = editing.empty("报价", "Offer")
    for kind in kinds:
        made, path = editing.add(made, kind)
        part = made["properties"][path[-1]]
        part |= {"x-title": {"zh-CN": kind, "en": kind}} | ({"enum": ["yes", "no"]} if kind == "actions" else {})
    return made


def save(home: House, found: dict[str, Any], *, n: int = 1, key: str = "offer", **more: Any) -> publish.Deployed:
    seen = more.pop("seen", None) or edits.newest(home.engine, process="quote", agent=BOSS)
    form = forms.Form(key=key, schema=found, shown_at=more.pop("shown_at", None))
    return forms.save(home.engine, process="quote", n=n, form=form, seen=seen, agent=BOSS, now=home.now, **more)


def program(home: House, n: int = 1) -> Program:
    _, versions = catalogue.get(home.engine, process="quote")
    found = next(one for one in versions if one.n == n)
    return catalogue.program(home.engine, sha256=str(found.program))


def opened(home: House, key: str = "offer") -> forms.Opened:
    return forms.opened(home.engine, process="quote", n=1, key=key, agent=BOSS)


def test_a_new_form_is_part_of_the_draft_and_opens_as_it_was_saved(home: House) -> None:
    wanted = schema("text", "money", "repeat")
    made = save(home, wanted)
    assert [(one.n, one.status) for one in made.versions] == [(1, "draft")]
    assert opened(home).schema == wanted and opened(home).seen == made.versions[0].resource_id
    assert forms.users(opened(home).program, "offer") == []


def test_a_form_is_shown_where_it_was_chosen_and_its_buttons_are_the_steps(home: House) -> None:
    save(home, schema("text", "actions"), shown_at=("Step_1", "Start"))
    found = program(home)
    assert {node.id for node in forms.users(found, "offer")} == {"Step_1", "Start"}
    assert next(node.actions for node in found.nodes if node.id == "Step_1") == ("yes", "no")  # type: ignore[union-attr]
    changed = opened(home).schema
    changed["properties"]["outcome"]["enum"] = ["yes", "later"]
    save(home, changed)
    assert next(node.actions for node in program(home).nodes if node.id == "Step_1") == ("yes", "later")  # type: ignore[union-attr]
    save(home, changed, shown_at=("Step_1",))
    assert {node.id for node in forms.users(program(home), "offer")} == {"Step_1"}


@pytest.mark.parametrize("step", ["End", "Nowhere"])
def test_a_step_that_shows_no_forms_is_told(home: House, step: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        save(home, schema("text"), shown_at=(step,))
    assert [one.element for one in caught.value.problems] == [step]
    assert "offer" not in program(home).forms


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("of.fer", schema("text"), "form_key"),
    ("9", schema("text"), "form_key"),
    ("", schema("text"), "form_key"),
    ("offer", {"type": "dance"}, "form_wrong"),
    ("offer", schema("select"), "form_wrong"),
    ("offer", {"properties": {"a": {"$ref": "https://elsewhere.example/x"}}}, "form_wrong"),
    ("offer", {"properties": {"a": {"pattern": "(a+)+$"}}}, "form_wrong"),
]


@pytest.mark.parametrize(("key", "found", "code"), WRONG)
def test_a_form_that_is_wrong_is_refused_by_place(home: House, key: str, found: dict[str, Any], code: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        save(home, found, key=key)
    assert caught.value.code == code and set(caught.value.text) == {"zh-CN", "en"}
    assert program(home).forms == {}


def test_a_released_version_gets_a_draft_beside_it(home: House) -> None:
    save(home, schema("text"), shown_at=("Step_1",))
    publish.release(home.engine, process="quote", n=1, agent=BOSS, now=home.now)
    made = save(home, schema("text", "date"))
    assert [(one.n, one.status) for one in made.versions] == [(2, "draft")]
    assert set(program(home, 2).forms["offer"]["properties"]) == {"text", "date"}
    assert list(program(home, 1).forms["offer"]["properties"]) == ["text"]


def test_who_was_slower_is_refused_and_nothing_is_lost(home: House) -> None:
    seen = edits.newest(home.engine, process="quote", agent=BOSS)
    save(home, schema("text"), seen=seen)
    with pytest.raises(errors.Conflict, match="saved"):
        save(home, schema("date"), seen=seen)
    assert list(opened(home).schema["properties"]) == ["text"]


def test_who_may(home: House) -> None:
    form = forms.Form(key="offer", schema=schema("text"))
    with pytest.raises(errors.Forbidden):
        forms.save(home.engine, process="quote", n=1, form=form, seen="x", agent=ANNA, now=home.now)


@pytest.mark.parametrize(("n", "key"), [(1, "gone"), (9, "offer")])
def test_what_is_not_there(home: House, n: int, key: str) -> None:
    save(home, schema("text"))
    with pytest.raises(errors.NotFound):
        forms.opened(home.engine, process="quote", n=n, key=key, agent=BOSS)
    with pytest.raises(errors.NotFound):
        save(home, schema("text"), n=9)


def test_rights_for_a_step_that_is_not_there_are_told(home: House) -> None:
    found = schema("text")
    found["properties"]["text"]["x-ui"] = {"steps": {"Step_1": "read", "Gone": "hidden"}}
    told = forms.problems(program(home), found)
    assert [(one.code, one.severity) for one in told] == [("form_step_unknown", "warning")]
    assert "Gone" in told[0].text["en"]
