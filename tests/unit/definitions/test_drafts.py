"""What is drawn in the browser is kept as a draft by whoever saw the newest; nothing of anybody's is overwritten."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import errors
from engine.bpmn import read
from engine.definitions import bases, catalogue, drafts, folder, publish
from engine.people.agent import Agent
from tests.house import ANNA, BOSS, House, house
from tests.shared import ROOT
from tests.unit.bpmn.drawn import document

DANA = Agent(key="dana", name="Dana", roles=frozenset({"designer"}), locale="en")
NAMES = {"zh-CN": "报价", "en": "Quotation"}
CAMUNDA = document(
    '<startEvent id="s"/><userTask id="a" name="Check" camunda:candidateGroups="sales"/><endEvent id="e"/>'
    '<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="e"/>'
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, reader=read.read) as made:
        yield made


def begin(home: House, key: str = "quote", **more: str) -> drafts.Opened:
    drafts.begin(home.engine, key=key, names=NAMES, agent=DANA, now=home.now, **more)
    return opened(home, key)


def opened(home: House, key: str = "quote", n: int = 1) -> drafts.Opened:
    return drafts.opened(home.engine, process=key, n=n, agent=DANA)


def save(home: House, drawing: bytes, seen: str, n: int = 1, agent: Agent = DANA, key: str = "quote") -> drafts.Opened:
    made = drafts.save(home.engine, process=key, n=n, drawing=drawing, seen=seen, agent=agent, now=home.now)
    return opened(home, key, made.versions[0].n)


def renamed(drawing: bytes, name: str = "Check the quotation") -> bytes:
    assert b"First step" in drawing
    return drawing.replace(b"First step", name.encode())


def stands(home: House, key: str = "quote") -> list[tuple[int, str]]:
    _, versions = catalogue.get(home.engine, process=key)
    return [(version.n, version.status) for version in versions]


# From nothing


def test_a_new_process_is_a_draft_of_one_step_with_names_in_both_languages(home: House) -> None:
    found = begin(home, pillar="SFA")
    process, versions = catalogue.get(home.engine, process="quote")
    assert (process.texts, process.pillar) == (NAMES, "SFA")
    assert [(version.n, version.status, version.created_by) for version in versions] == [(1, "draft", "dana")]
    assert [node.id for node in found.program.nodes] == ["Start", "Step_1", "End"]
    assert not found.translated and b"BPMNShape" in found.drawing


WRONG = [
    ("", NAMES, "X", ["/key"]),
    ("1st", NAMES, "X", ["/key"]),
    ("a b", NAMES, "X", ["/key"]),
    ("a/../b", NAMES, "X", ["/key"]),
    ("k" * 65, NAMES, "X", ["/key"]),
    ("报价", NAMES, "X", ["/key"]),
    ("quote", {}, "X", ["/names"]),
    ("quote", {"en": "  "}, "X", ["/names"]),
    ("quote", {"fr": "Devis"}, "X", ["/names"]),
    ("quote", {"en": "n" * 201}, "X", ["/names"]),
    ("quote", NAMES, "HR", ["/pillar"]),
    ("", {}, "", ["/key", "/names", "/pillar"]),
]


@pytest.mark.parametrize(("key", "names", "pillar", "places"), WRONG)
def test_every_wrong_place_of_a_new_process_is_told_at_once(
    home: House, key: str, names: dict[str, str], pillar: str, places: list[str]
) -> None:
    with pytest.raises(errors.Invalid) as caught:
        drafts.begin(home.engine, key=key, names=names, pillar=pillar, agent=DANA, now=home.now)
    assert [problem.pointer for problem in caught.value.problems] == places
    assert all(set(problem.text) == {"zh-CN", "en"} for problem in caught.value.problems)
    assert catalogue.processes(home.engine) == ()


@pytest.mark.parametrize("key", ["Q", "_q", "SFA-03", "a.b_c-1", "k" * 64])
def test_keys_that_xml_and_addresses_take(home: House, key: str) -> None:
    assert begin(home, key).program.key == key


def test_a_key_is_taken_once(home: House) -> None:
    begin(home)
    with pytest.raises(errors.Conflict, match="already"):
        begin(home)
    assert stands(home) == [(1, "draft")]


def test_one_language_is_enough_for_a_name(home: House) -> None:
    drafts.begin(home.engine, key="q", names={"en": " Offer "}, agent=DANA, now=home.now)
    assert catalogue.get(home.engine, process="q")[0].texts == {"en": "Offer"}


# Saving


def test_a_draft_is_saved_over_and_stays_the_same_version(home: House) -> None:
    first = begin(home)
    second = save(home, renamed(first.drawing), first.seen)
    assert stands(home) == [(1, "draft")]
    assert second.seen != first.seen and second.program.nodes[1].texts["en"] == "Check the quotation"
    third = save(home, renamed(first.drawing, "Third"), second.seen)
    assert third.program.nodes[1].texts["en"] == "Third"
    assert stands(home) == [(1, "draft")]


def test_who_did_not_see_the_newest_save_is_refused_and_told_who_was_faster(home: House) -> None:
    first = begin(home)
    kept = save(home, renamed(first.drawing), first.seen, agent=BOSS)
    with pytest.raises(errors.Conflict) as caught:
        save(home, renamed(first.drawing, "Mine"), first.seen)
    assert caught.value.code == "draft_changed" and caught.value.ids["by"] == "boss"
    assert "boss" in caught.value.text["zh-CN"] and "boss" in caught.value.text["en"]
    assert opened(home) == kept


def test_a_repeated_save_after_a_lost_answer_is_refused_too_and_changes_nothing(home: House) -> None:
    first = begin(home)
    kept = save(home, renamed(first.drawing), first.seen)
    with pytest.raises(errors.Conflict):
        save(home, renamed(first.drawing), first.seen)
    assert opened(home) == kept


def release(home: House, n: int = 1) -> None:
    publish.release(home.engine, process="quote", n=n, agent=BOSS, now=home.now)


def released(home: House) -> drafts.Opened:
    """Version 1, with somebody to do its step."""
    first = begin(home)
    done = save(home, first.drawing.replace(b'id="Step_1"', b'id="Step_1" crmflow:candidateGroups="sales"'), first.seen)
    assert not [problem for problem in done.version.problems if problem.severity == "error"], done.version.problems
    release(home)
    return opened(home)


def test_a_released_version_is_never_changed_a_draft_of_the_next_is_made(home: House) -> None:
    home.person(ANNA)
    before = released(home)
    after = save(home, renamed(before.drawing), before.seen)
    assert stands(home) == [(2, "draft"), (1, "released")]
    assert opened(home, n=1).program == before.program
    assert after.version.n == 2
    save(home, renamed(before.drawing, "Again"), after.seen, n=2)
    assert stands(home) == [(2, "draft"), (1, "released")]


def test_an_old_version_is_drawn_on_as_the_newest_draft(home: House) -> None:
    home.person(ANNA)
    before = released(home)
    second = save(home, renamed(before.drawing), before.seen)
    old = opened(home, n=1)
    assert old.seen == second.seen
    # version 2 is the draft that is newest, so it is what the next save lies over
    assert save(home, old.drawing, old.seen, n=1).version.n == 2
    assert stands(home) == [(2, "draft"), (1, "released")]


def test_moving_a_box_is_saved_though_it_means_the_same(home: House) -> None:
    first = begin(home)
    box = first.program.diagram.shapes["Step_1"]
    moved = first.drawing.replace(f'x="{box.x:g}" y="{box.y:g}"'.encode(), f'x="{box.x:g}" y="777"'.encode())
    assert moved != first.drawing
    second = save(home, moved, first.seen)
    assert second.program.sha256 == first.program.sha256
    assert second.program.diagram.shapes["Step_1"].y == 777
    assert second.drawing == moved


def test_forms_and_decisions_of_the_version_come_along(home: House) -> None:
    first = begin(home)
    form = b'{"type": "object", "properties": {"amount": {"type": "number"}}}'
    named = first.drawing.replace(b'id="Step_1"', b'id="Step_1" crmflow:form="offer"')
    files = {"quote.bpmn": named, "offer.json": form}
    publish.deploy(home.engine, name="both", files=files, agent=DANA, now=home.now)
    third = opened(home, n=2)
    saved = save(home, renamed(third.drawing), third.seen, n=2)
    assert set(saved.program.forms) == {"offer"}
    assert stands(home) == [(2, "draft"), (1, "draft")]


# What cannot be saved


UNREADABLE = [
    (b"", "xml"),
    (b"no XML at all", "xml"),
    (b"<a/>", "not_bpmn"),
    (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml"),
    (b"\xff\xfe\x00", "xml"),
]


@pytest.mark.parametrize(("drawing", "code"), UNREADABLE)
def test_what_is_no_drawing_is_refused_with_its_place_and_the_draft_stays(
    home: House, drawing: bytes, code: str
) -> None:
    first = begin(home)
    with pytest.raises(errors.Invalid) as caught:
        save(home, drawing, first.seen)
    assert caught.value.problems and all(set(one.text) == {"zh-CN", "en"} for one in caught.value.problems)
    assert opened(home) == first
    told = drafts.check(home.engine, process="quote", n=1, drawing=drawing, agent=DANA)
    assert [one.severity for one in told] == ["error"]


def test_a_drawing_of_another_process_is_refused_by_name(home: House) -> None:
    first = begin(home)
    other = first.drawing.replace(b'"quote"', b'"other"')
    with pytest.raises(errors.Invalid) as caught:
        save(home, other, first.seen)
    assert "other" in caught.value.problems[0].text["en"] and "quote" in caught.value.problems[0].text["zh-CN"]
    assert [entry.process.key for entry in catalogue.processes(home.engine)] == ["quote"]
    told = drafts.check(home.engine, process="quote", n=1, drawing=other, agent=DANA)
    assert [one.code for one in told] == ["drawing_of_another"]


def test_a_drawing_has_a_size(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    first = begin(home)
    monkeypatch.setattr(drafts, "LARGEST_DRAWING", len(first.drawing))
    larger = first.drawing + b" "
    with pytest.raises(errors.TooLarge):
        save(home, larger, first.seen)
    with pytest.raises(errors.TooLarge):
        drafts.check(home.engine, process="quote", n=1, drawing=larger, agent=DANA)
    save(home, first.drawing, first.seen)


@pytest.mark.parametrize("key_and_n", [("nothing", 1), ("quote", 2)])
def test_what_is_not_there_is_not_found(home: House, key_and_n: tuple[str, int]) -> None:
    first, (key, n) = begin(home), key_and_n
    with pytest.raises(errors.NotFound):
        opened(home, key, n)
    with pytest.raises(errors.NotFound):
        drafts.check(home.engine, process=key, n=n, drawing=first.drawing, agent=DANA)
    with pytest.raises(errors.NotFound):
        save(home, first.drawing, first.seen, n=n, key=key)


def test_staff_do_not_draw(home: House) -> None:
    first = begin(home)
    with pytest.raises(errors.Forbidden):
        drafts.begin(home.engine, key="mine", names=NAMES, agent=ANNA, now=home.now)
    with pytest.raises(errors.Forbidden):
        drafts.opened(home.engine, process="quote", n=1, agent=ANNA)
    with pytest.raises(errors.Forbidden):
        save(home, first.drawing, first.seen, agent=ANNA)


# Problems while it is drawn


def test_checking_tells_what_saving_would_tell_and_keeps_nothing(home: House) -> None:
    first = begin(home)
    cut = first.drawing.replace(b'targetRef="End"', b'targetRef="Nowhere"')
    told = drafts.check(home.engine, process="quote", n=1, drawing=cut, agent=DANA)
    assert [one for one in told if one.severity == "error"]
    assert opened(home) == first
    assert save(home, cut, first.seen).version.problems == told


def test_a_condition_that_is_no_expression_is_told_at_its_flow(home: House) -> None:
    first = begin(home)
    condition = (
        b'><bpmn:conditionExpression language="feel">amount &gt; &gt; 3</bpmn:conditionExpression></bpmn:sequenceFlow>'
    )
    conditional = re.sub(rb'(<bpmn:sequenceFlow id="Flow_2"[^>]*)/>', rb"\1" + condition, first.drawing)
    told = drafts.check(home.engine, process="quote", n=1, drawing=conditional, agent=DANA)
    assert [one.element for one in told if "expression" in one.code or "feel" in one.code] == ["Flow_2"], told


# Files of other modellers, and folders


def test_a_file_in_another_vendors_words_opens_in_ours_and_means_the_same(home: House) -> None:
    publish.deploy(home.engine, name="x", files={"x.bpmn": CAMUNDA}, agent=DANA, now=home.now)
    found = opened(home, "p")
    assert found.translated and b"camunda:" not in found.drawing and b"crmflow:candidateGroups" in found.drawing
    again = save(home, found.drawing, found.seen, key="p")
    assert again.program.sha256 == found.program.sha256 and not again.translated
    assert catalogue.xml(home.engine, process="p", n=1) == found.drawing


def test_a_file_without_a_drawing_is_laid_out(home: House) -> None:
    publish.deploy(
        home.engine, name="x", files={"x.bpmn": CAMUNDA.replace(b"camunda:", b"crmflow:")}, agent=DANA, now=home.now
    )
    found = opened(home, "p")
    assert found.translated and b"BPMNShape" in found.drawing


def test_our_words_under_another_prefix_are_written_anew(home: House) -> None:
    first = begin(home)
    other = first.drawing.replace(b"xmlns:crmflow=", b"xmlns:c=").replace(b"crmflow:", b"c:")
    found = save(home, other, first.seen)
    assert found.translated and b"xmlns:crmflow=" in found.drawing


def test_a_version_that_cannot_be_read_is_not_drawn_on(home: House) -> None:
    first = begin(home)
    with home.engine.store.transaction() as tx:
        tx.processes.put_version(type(first.version)(**{**fields(first.version), "program": ""}))
    with pytest.raises(errors.NotFound, match="cannot be read"):
        opened(home)


def fields(version: object) -> dict[str, object]:
    return {name: getattr(version, name) for name in version.__struct_fields__}  # type: ignore[attr-defined]


SHIPPED = sorted(path.name for path in (ROOT / "processes").iterdir() if (path / "process.json").exists())


@pytest.mark.parametrize("key", SHIPPED)
def test_every_shipped_process_is_drawn_on_with_all_that_its_folder_says(home: House, key: str) -> None:
    loaded = folder.load(ROOT / "processes" / key, read=lambda data, file: read.read(data, file=file))
    with home.engine.store.transaction() as tx:
        version = bases.install(home.engine, tx, folder=loaded, agent=BOSS, now=home.now)
    found = opened(home, version.process)
    again = read.read(found.drawing, file="again.bpmn").programs[0]
    assert again.sha256 == found.program.sha256
    saved = save(home, found.drawing, found.seen, key=version.process)
    assert (saved.version.n, saved.version.status) == (2, "draft")
    assert saved.version.program == version.program
