"""Fields that name attachments: a form takes the files of its own case, a start those of who starts."""

from typing import Any

import pytest

from engine import errors, facts
from engine.attachments import fields, keep
from engine.inbox import act
from engine.model.performer import Performer
from engine.people.agent import SYSTEM, Agent
from engine.runtime import start
from tests.house import ANNA, BO, House
from tests.kernel.models import literal, node, program

FILE = {"type": "string", "format": "attachment"}
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "contract": FILE,
        "photos": {"type": "array", "items": {"$ref": "#/$defs/photo"}, "maxItems": 3},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"proof": FILE}}},
        "note": {"type": "string"},
    },
    "$defs": {"photo": FILE},
    "additionalProperties": False,
}
PDF = keep.File("a.pdf", b"%PDF-1.7")
ID = "0190f3c2-0000-7000-8000-00000000000%d"


def begun(home: House) -> str:
    sales = Performer(groups=(literal("sales"),))
    one = node("user one", performer=sales, form="f")
    home.release(
        program(node("start s", form="f"), one, "end e", flow=["s > one > e"], forms={"f": FORM}),
        start={"customer_required": False},
    )
    return home.start()


def add(home: House, case: str | None, agent: Agent = ANNA) -> str:
    return keep.add(home.engine, instance_id=case, file=PDF, agent=agent, now=home.now).id


def go(home: House, data: dict[str, Any], agent: Agent = ANNA) -> str:
    made = start.start(home.engine, process="p", customer_id=None, data=data, agent=agent, now=home.now)
    return made.instance.id


def complete(home: House, case: str, data: dict[str, Any]) -> None:
    act.claim(home.engine, work_item_id=home.item(case, "one").id, agent=ANNA, now=home.now)
    act.complete(home.engine, work_item_id=home.item(case, "one").id, data=data, agent=ANNA, now=home.now)


NAMED = [
    ({}, []),
    ({"note": ID % 1}, []),
    ({"contract": ID % 1}, [("/contract", ID % 1)]),
    ({"photos": [ID % 1, ID % 2]}, [("/photos/0", ID % 1), ("/photos/1", ID % 2)]),
    ({"lines": [{}, {"proof": ID % 3}]}, [("/lines/1/proof", ID % 3)]),
    ({"contract": 7, "photos": "x", "lines": [1]}, []),
]


@pytest.mark.parametrize(("data", "found"), NAMED)
def test_every_field_is_found_wherever_it_stands(data: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert fields.named(FORM, data) == found


@pytest.mark.parametrize("every", ["allOf", "anyOf", "oneOf"])
def test_fields_within_alternatives_are_found_too(every: str) -> None:
    schema = {"type": "object", every: [{"properties": {"a~/b": FILE}}]}
    assert fields.named(schema, {"a~/b": ID % 1}) == [("/a~0~1b", ID % 1)]


def test_a_schema_that_leads_round_in_a_circle_ends() -> None:
    schema = {"$ref": "#/properties/a", "properties": {"a": {"$ref": "#"}}}
    assert fields.named(schema, {"a": {"a": ID % 1}}) == []


def test_a_task_takes_the_files_of_its_case(home: House) -> None:
    case = begun(home)
    key = add(home, case)
    complete(home, case, {"contract": key, "photos": [key]})
    assert home.instance(case).status == "completed"


def test_a_task_refuses_files_of_other_cases_and_invented_ones(home: House) -> None:
    case = begun(home)
    other = add(home, home.start())
    waiting = add(home, None)
    for key in (other, waiting, ID % 9):
        with pytest.raises(errors.Invalid) as caught:
            act.complete(
                home.engine, work_item_id=home.item(case, "one").id, data={"photos": [key]}, agent=ANNA, now=home.now
            )
        problem = caught.value.problems[0]
        assert (problem.code, problem.pointer) == ("form_attachment_unknown", "/photos/0")
        assert "附件" in problem.text["zh-CN"] and "attachment" in problem.text["en"]


def test_what_is_no_id_at_all_is_told_as_such(home: House) -> None:
    case = begun(home)
    with pytest.raises(errors.Invalid) as caught:
        complete(home, case, {"contract": "../../etc/passwd"})
    assert {problem.pointer for problem in caught.value.problems} == {"/contract"}
    assert "请上传文件。" in {problem.text["zh-CN"] for problem in caught.value.problems}


def test_a_start_takes_its_persons_files_along(home: House) -> None:
    begun(home)
    key = add(home, None)
    case = go(home, {"contract": key, "lines": [{"proof": key}]})
    assert [one.id for one in keep.of_case(home.engine, instance_id=case, agent=ANNA)] == [key]
    added = [fact for fact in home.facts(case) if isinstance(fact, facts.AttachmentAdded)]
    assert [fact.attachment for fact in added] == [key]
    with home.engine.store.reading() as tx:
        assert tx.attachments.waiting("anna") == []


def test_a_start_leaves_what_it_does_not_name_waiting(home: House) -> None:
    begun(home)
    add(home, None)
    case = go(home, {"note": "x"})
    assert keep.of_case(home.engine, instance_id=case, agent=ANNA) == []


def test_nobody_starts_with_somebody_else_s_file_or_twice_with_the_same(home: House) -> None:
    begun(home)
    key = add(home, None, BO)
    with pytest.raises(errors.Invalid) as caught:
        go(home, {"contract": key})
    assert [problem.pointer for problem in caught.value.problems] == ["/data/contract"]
    go(home, {"contract": key}, BO)
    with pytest.raises(errors.Invalid):
        go(home, {"contract": key}, BO)


def test_a_refused_start_keeps_the_files_for_the_next_try(home: House) -> None:
    begun(home)
    key = add(home, None)
    with pytest.raises(errors.Invalid):
        go(home, {"contract": key, "note": 5})
    assert go(home, {"contract": key, "note": "5"})


def test_a_start_by_the_system_asks_no_form(home: House) -> None:
    begun(home)
    made = start.start(home.engine, process="p", customer_id=None, data={}, agent=SYSTEM, now=home.now)
    assert made.created


NARROW = {**FILE, "fileEndings": ["pdf", "jpg"], "maxFileBytes": 1_000_000}
REFUSALS = [
    ("a.pdf", 10, ""),
    ("A.JPG", 1_000_000, ""),
    ("a.pdf", 1_000_001, "larger than the 0.954 MB"),
    ("a.docx", 10, "these are: pdf, jpg"),
    ("pdf", 10, "these are: pdf, jpg"),
]


@pytest.mark.parametrize(("name", "size", "said"), REFUSALS)
def test_a_field_says_which_files_it_takes(name: str, size: int, said: str) -> None:
    told = fields.refusal(NARROW, name=name, size=size)
    assert (told is None) == (said == "") and said in (told or {"en": ""})["en"]
    assert told is None or set(told) == {"zh-CN", "en"}
    assert fields.refusal(FILE, name=name, size=size) is None


def test_a_file_of_the_case_that_its_field_does_not_take_is_refused_there(home: House) -> None:
    """Whoever hands in an id has not chosen the file in a browser."""
    case = begun(home)
    key = add(home, case)
    form = {**FORM, "$defs": {"photo": {**FILE, "fileEndings": ["jpg"]}}}
    with home.engine.store.reading() as tx:
        found = fields.problems(tx, form, {"contract": key, "photos": [key]}, instance_id=case)
    assert [(one.code, one.pointer) for one in found] == [("form_attachment_refused", "/photos/0")]
    waits = add(home, None)
    with home.engine.store.reading() as tx:
        taken, wrong = fields.waiting(tx, form, {"photos": [waits]}, agent=ANNA)
    assert len(taken) == 1 and [one.pointer for one in wrong] == ["/photos/0"]
