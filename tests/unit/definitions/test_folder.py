"""A process folder is read whole, and every problem is told at once with its place."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine.definitions import folder, schemas
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.performer import Escalation
from engine.model.problem import Problem
from engine.model.program import Flow, Program


class Reading(msgspec.Struct):
    programs: tuple[Program, ...] = ()
    problems: tuple[Problem, ...] = ()


def drawn() -> Program:
    return Program(
        key="CSS-02",
        nodes=(
            nodes.StartEvent(id="Start"),
            nodes.UserTask(id="Diagnose", name="诊断"),
            nodes.BusinessRuleTask(id="Level"),
            nodes.SendTask(id="Tell"),
            nodes.EndEvent(id="End"),
        ),
        flows=(
            Flow(id="f1", source="Start", target="Diagnose"),
            Flow(id="f2", source="Diagnose", target="Level"),
            Flow(id="f3", source="Level", target="Tell"),
            Flow(id="f4", source="Tell", target="End"),
        ),
    )


def text(words: str) -> dict[str, str]:
    return {"zh-CN": words, "en": words}


def document() -> dict[str, Any]:
    return {
        "key": "CSS-02",
        "pillar": "CSS",
        "names": text("incident"),
        "purpose": text("solve"),
        "customer_output": text("a working product"),
        "owner": "service_lead",
        "start": {"form": "start", "node": "Start", "groups": ["agents"]},
        "steps": {
            "Diagnose": {
                "names": text("Diagnose"),
                "performer": {"groups": ["l1"], "assignee": "=customer.owner"},
                "form": "diagnose",
                "promise": {
                    "duration": "PT4H",
                    "ladder": [{"at_percent": 100, "action": "breach"}, {"at_percent": 75, "action": "warn"}],
                },
                "worth": {"value": text("someone works on it"), "tag": "VA", "touch_minutes": 20},
            },
            "Level": {"names": text("Level"), "decision": {"key": "incident_level", "result": "level"}},
            "Tell": {
                "names": text("Tell"),
                "work": {"handler": "notify", "parameters": {"to": "=customer.email", "times": 2}},
            },
        },
        "flows": {"f2": {"condition": '=outcome = "go"'}},
        "parameters": {"limit": {"value": 10, "names": text("limit"), "maximum": 20}},
        "invariants": [
            {"id": "i1", "kind": "precedes", "first": "Diagnose", "second": "Tell", "names": text("first look")}
        ],
    }


FORM = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {"outcome": {"type": "string", "enum": ["go", "stop"], "x-ui": {"widget": "actions"}}},
    "additionalProperties": False,
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    root = tmp_path / "CSS-02"
    for name in ("forms", "decisions", "variants", "scenarios"):
        (root / name).mkdir(parents=True)
    (root / "process.bpmn").write_text("<drawn/>")
    (root / "process.json").write_text(json.dumps(document()))
    for form in ("start", "diagnose"):
        (root / "forms" / f"{form}.json").write_text(json.dumps(FORM))
    (root / "decisions" / "incident_level.dmn").write_text("<definitions/>")
    return root


def load(place: Path, program: Program | None = None) -> folder.Folder:
    return folder.load(place, read=lambda data, file: Reading(programs=(program or drawn(),)))


def said(loaded: folder.Folder) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.file, problem.pointer) for problem in loaded.problems]


def test_what_process_json_says_becomes_part_of_the_nodes(place: Path) -> None:
    loaded = load(place)
    assert loaded.problems == ()
    assert loaded.program is not None and loaded.definition is not None
    by_id = {node.id: node for node in loaded.program.nodes}
    task = by_id["Diagnose"]
    assert isinstance(task, nodes.UserTask)
    assert task.performer.assignee == Expression(text="customer.owner")
    assert task.performer.groups == (Expression(text="l1", language="literal"),)
    assert task.promise is not None and task.worth is not None
    assert task.promise.ladder == (
        Escalation(at_percent=75, action="warn"),
        Escalation(at_percent=100, action="breach"),
    )
    assert (task.worth.tag, task.worth.touch_minutes, task.texts["en"]) == ("VA", 20, "Diagnose")
    send = by_id["Tell"]
    assert isinstance(send, nodes.SendTask) and send.work is not None
    assert [(item.target, item.source.text, item.source.language) for item in send.work.parameters] == [
        ("to", "customer.email", "feel"),
        ("times", "2", "feel"),
    ]
    assert loaded.program.flows[1].condition == Expression(text='outcome = "go"')
    assert loaded.program.parameters == {"limit": 10}
    assert loaded.definition.policy_of("Diagnose").delete is True


def test_a_tasks_buttons_are_those_of_its_form(place: Path) -> None:
    program = load(place).program
    assert program is not None
    assert next(node for node in program.nodes if isinstance(node, nodes.UserTask)).actions == ("go", "stop")


def test_all_problems_of_all_files_are_told_at_once(place: Path) -> None:
    wrong = document()
    wrong["steps"]["Nowhere"] = {"names": text("x")}
    wrong["steps"]["Level"] = {"names": text("Level"), "form": "diagnose"}
    wrong["invariants"][0]["second"] = "Gone"
    (place / "process.json").write_text(json.dumps(wrong))
    (place / "forms" / "diagnose.json").unlink()
    (place / "variants" / "ka.json").write_text('{"process": "CSS-02"')
    (place / "scenarios" / "one.json").write_text("{}")
    assert set(said(load(place))) >= {
        ("element_unknown", "process.json", "/steps/Nowhere"),
        ("element_unknown", "process.json", "/invariants/0/second"),
        ("part_does_not_fit", "process.json", "/steps/Level/form"),
        ("form_missing", "process.json", "/steps/Diagnose"),
        ("json_unreadable", "variants/ka.json", ""),
        ("json_required", "scenarios/one.json", "/"),
    }


def test_a_step_without_names_or_performer_is_told(place: Path) -> None:
    wrong = document()
    del wrong["steps"]["Diagnose"]["performer"], wrong["steps"]["Tell"]
    (place / "process.json").write_text(json.dumps(wrong))
    assert said(load(place)) == [
        ("task_without_performer", "process.json", "/steps/Diagnose"),
        ("step_without_names", "process.json", "/steps/Tell"),
    ]


def test_a_folder_named_otherwise_is_told(place: Path) -> None:
    loaded = load(place, msgspec.structs.replace(drawn(), key="Process_1"))
    assert said(loaded) == [("drawing_named_otherwise", "process.bpmn", "")]


def test_an_empty_folder_is_two_problems(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert (loaded.program, loaded.definition) == (None, None)
    assert said(loaded) == [("file_missing", "process.json", ""), ("file_missing", "process.bpmn", "")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a": 1, "a": 2}', "json_unreadable"),
        (b'{"a": NaN}', "json_unreadable"),
        (b"[" * 100_000, "json_too_deep"),
        (b"[" * 80 + b"]" * 80, "json_too_deep"),
        (b" " * 1_000_001, "json_too_large"),
        (b"\xff\xfe\x00", "json_unreadable"),
    ],
)
def test_hostile_json_is_refused(data: bytes, code: str) -> None:
    document, problems = schemas.read(data, schema="process.json", file="process.json")
    assert document is None
    assert [problem.code for problem in problems] == [code]


def test_the_nearest_alternative_is_told() -> None:
    operation = {"id": "a", "kind": "set_sla", "target": "T", "promise": {"duration": "4h"}, "reason": text("x")}
    variant = {"process": "CSS-02", "names": text("n"), "reason": text("r"), "operations": [operation]}
    assert [(problem.code, problem.pointer) for problem in schemas.check(variant, schema="variant.json")] == [
        ("json_pattern", "/operations/0/promise/duration")
    ]


def test_every_json_of_the_manual_satisfies_its_schema() -> None:
    manual = Path(__file__).resolve().parents[3] / "docs" / "process-folder.md"
    blocks = [part.split("```")[0] for part in manual.read_text(encoding="utf-8").split("```json\n")[1:]]
    names = ["process.json", "variant.json", "scenario.json", "group-rules.json"]
    assert len(blocks) == len(names)
    for block, schema in zip(blocks, names, strict=True):
        assert schemas.check(json.loads(block), schema=schema) == []


@pytest.mark.parametrize(("days", "wrong"), [(1, 0), (36_500, 0), (0, 1), (36_501, 1), ("30", 1), (1.5, 1)])
def test_how_long_ended_cases_are_kept_is_a_number_of_days(days: object, wrong: int, place: Path) -> None:
    (place / "process.json").write_text(json.dumps({**document(), "keep_ended_days": days}))
    loaded = load(place)
    assert [pointer for _, _, pointer in said(loaded)] == ["/keep_ended_days"] * wrong
    if not wrong:
        assert loaded.definition is not None
        assert loaded.definition.keep_ended_days == days
