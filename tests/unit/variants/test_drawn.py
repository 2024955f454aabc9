"""A file that somebody drew is handed in as a variant: what comes of it, and every file that is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine import errors
from engine.bpmn import read, write
from engine.definitions import publish
from engine.model.program import Program
from engine.variants import author, compose, drawn
from engine.variants.operations import kinds
from tests.house import House
from tests.unit.variants.desk import ANN, LI, base, bring, desk
from tests.unit.variants.desk import write as save
from tests.unit.variants.models import text

PHONE = {"id": "ka_phone", "kind": "set_channel", "target": "Send", "channel": "phone", "reason": text("why")}
CALL = {
    "id": "Call", "kind": "insert", "at": {"after": "Configure"}, "reason": text("why"),
    "node": {"type": "userTask", "names": text("Call"), "performer": {"groups": ["ka_team"]}},
}  # fmt: skip


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with desk(tmp_path, reader=read.read) as made:
        yield made


def drew(*operations: dict[str, Any], on: Program | None = None) -> bytes:
    return write.write(compose.program(on or base(), kinds.read(list(operations))))


def proposed(house: House, data: bytes, *, group: str = "KA", **more: Any) -> drawn.Drawn:
    sketch = drawn.Sketch(
        **{"process": "SFA-03", "name": group.lower(), "group": group, "file": "copy.bpmn", "data": data, **more}
    )
    return drawn.propose(house.engine, sketch=sketch, agent=ANN, now=house.now)


def test_a_drawing_becomes_a_draft_that_runs_what_was_drawn(house: House) -> None:
    found = proposed(house, drew(PHONE, CALL))
    assert found.exact and [line.kind for line in found.difference.lines] == ["insert", "set_channel"]
    assert found.difference.fingerprint.activity == found.difference.fingerprint.way == 1
    draft = save(house, *found.operations)
    assert draft.status == "checked"
    with house.engine.store.reading() as tx:
        program = tx.programs.get(draft.program)
    assert program is not None and "Call" in {node.id for node in program.nodes}


def test_nothing_is_written_by_a_proposal(house: House) -> None:
    proposed(house, drew(CALL))
    with house.engine.store.reading() as tx:
        assert tx.variants.all("SFA-03") == []


def test_the_file_names_the_reason_unless_one_is_given(house: House) -> None:
    (line,) = proposed(house, drew(PHONE)).difference.lines
    assert line.reason == {"zh-CN": "由图 copy.bpmn 推导", "en": "inferred from the drawing copy.bpmn"}
    (line,) = proposed(house, drew(PHONE), reason=text("KA asked")).difference.lines
    assert line.reason == text("KA asked")


def test_what_the_group_above_has_is_not_told_again(house: House) -> None:
    above = bring(house, PHONE, group="ALL")
    with house.engine.store.reading() as tx:
        program = tx.programs.get(above.program)
    assert program is not None
    found = proposed(house, drew(CALL, on=program))
    assert [one["kind"] for one in found.operations] == ["insert"] and found.exact


def test_ids_of_other_variants_are_not_used_again(house: House) -> None:
    save(
        house,
        {"id": "ka_set_channel_1", "kind": "set_channel", "target": "Send", "channel": "sms", "reason": text("r")},
        group="GR",
    )
    (operation,) = proposed(house, drew(PHONE)).operations
    assert operation["id"] == "ka_set_channel_2"


def several(*keys: str) -> bytes:
    """One file with a process for each key."""
    inside = "".join(
        f'<process id="{key}"><startEvent id="s{n}"/><endEvent id="e{n}"/>'
        f'<sequenceFlow id="f{n}" sourceRef="s{n}" targetRef="e{n}"/></process>'
        for n, key in enumerate(keys)
    )
    return f'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">{inside}</definitions>'.encode()


def test_of_several_processes_in_a_file_the_one_of_the_bases_name_is_meant(house: House) -> None:
    assert not proposed(house, several("other", "SFA-03")).exact
    with pytest.raises(errors.Invalid, match="several processes") as refused:
        proposed(house, several("one", "two"))
    assert refused.value.code == "which_process" and "one, two" in refused.value.text["zh-CN"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "drawing_wrong"),
        (b"not xml", "drawing_wrong"),
        (b"<definitions", "drawing_wrong"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "drawing_wrong"),
        (b'{"process": 1}', "drawing_wrong"),
        (b'<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "drawing_wrong"),
        ("<定义>".encode("gbk"), "drawing_wrong"),
    ],
)
def test_a_file_that_holds_no_process_is_refused_in_both_languages(house: House, data: bytes, code: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        proposed(house, data)
    assert refused.value.code == code
    assert "copy.bpmn" in refused.value.text["zh-CN"] and "copy.bpmn" in refused.value.text["en"]


def test_a_file_that_is_too_large_is_not_read(house: House) -> None:
    with pytest.raises(errors.TooLarge, match="larger than 10 MB"):
        proposed(house, b" " * (publish.LARGEST_FILE + 1))


def test_a_process_that_there_is_not_and_one_without_a_base_are_refused(house: House) -> None:
    with pytest.raises(errors.NotFound):
        proposed(house, drew(), process="SFA-99")
    draft = write.write(msgspec.structs.replace(base(), key="SFA-98"))
    publish.deploy(house.engine, name="x", files={"x.bpmn": draft}, agent=ANN, now=house.now)
    with pytest.raises(errors.Conflict, match="no version"):
        proposed(house, draft, process="SFA-98")


def test_only_who_may_edit_variants_may_propose_one(house: House) -> None:
    with pytest.raises(errors.Forbidden):
        drawn.propose(
            house.engine,
            sketch=drawn.Sketch(process="SFA-03", name="ka", file="x", data=drew()),
            agent=LI,
            now=house.now,
        )


def test_a_proposal_is_saved_like_any_order(house: House) -> None:
    found = proposed(house, drew(CALL))
    order = author.Order(
        process="SFA-03", name="ka", group="KA", texts=text("KA"), reason=text("r"), operations=list(found.operations)
    )
    saved = author.save(house.engine, order=order, agent=ANN, now=house.now, seen="")
    assert saved.n == 1
    with pytest.raises(errors.Conflict):
        author.save(house.engine, order=order, agent=ANN, now=house.now, seen="")
