"""Documents against the shipped schemas, by tables: the word that is wrong, its place, and both languages."""

import json

import pytest

from engine.definitions import schemas
from engine.model.problem import Problem

NAMES = {"zh-CN": "名", "en": "name"}
PROCESS = {
    "key": "CSS-02",
    "pillar": "CSS",
    "names": NAMES,
    "purpose": NAMES,
    "customer_output": NAMES,
    "owner": "service_lead",
    "start": {"form": "start", "node": "Start"},
    "steps": {"Ask": {"names": NAMES}},
}


def changed(**parts) -> dict:
    return {name: part for name, part in {**PROCESS, **parts}.items() if part is not None}


def told(document) -> list[tuple[str, str, str]]:
    return [(one.code, one.pointer, one.element) for one in schemas.check(document, schema="process.json", file="f")]


WRONG = [
    (PROCESS, []),
    (changed(key=None), [("json_required", "/", "")]),
    (changed(pillar="SALES"), [("json_enum", "/pillar", "")]),
    (changed(owner=7), [("json_type", "/owner", "")]),
    (changed(nonsense=1), [("json_additionalProperties", "/", "")]),
    (changed(steps={"Ask": {"nonsense": 1}}), [("json_unevaluatedProperties", "/steps/Ask", "Ask")]),
    (changed(steps={"Ask": {"names": NAMES, "form": 7}}), [("json_type", "/steps/Ask/form", "Ask")]),
    (changed(start={"form": "start"}), [("json_required", "/start", "")]),
    (changed(owner=7, pillar="x"), [("json_type", "/owner", ""), ("json_enum", "/pillar", "")]),
    ([], [("json_type", "/", "")]),
    (None, [("json_type", "/", "")]),
]


@pytest.mark.parametrize(("document", "found"), WRONG)
def test_each_wrong_place_is_told_with_its_pointer(document, found):
    assert told(document) == found


@pytest.mark.parametrize("document", [document for document, found in WRONG if found])
def test_each_sentence_is_in_both_languages(document):
    for problem in schemas.check(document, schema="process.json", file="f"):
        assert problem.file == "f"
        assert any("一" <= char <= "鿿" for char in problem.text["zh-CN"]) and problem.text["en"]


def test_a_pointer_escapes_what_pointers_are_made_of():
    wrong = changed(steps={"a/b~c": {"names": NAMES, "form": 7}})
    assert ("json_type", "/steps/a~1b~0c/form", "a/b~c") in told(wrong)


def test_a_document_that_is_wrong_everywhere_is_told_often_enough():
    many = {f"S{number}": {"names": NAMES, "form": number} for number in range(schemas.PROBLEMS_AT_MOST + 20)}
    assert len(told(changed(steps=many))) == schemas.PROBLEMS_AT_MOST


def parsed(data: bytes) -> tuple[object, list[Problem]]:
    return schemas.parse(data, file="f.json")


SOUND = [
    (b"{}", {}),
    (b"[]", []),
    (b"null", None),
    (b'"\\u4e2d"', "中"),
    ("\u4e2d".join('""').encode(), "中"),
    (b'{"a": {"a": 1}, "b": {"a": 2}}', {"a": {"a": 1}, "b": {"a": 2}}),
    (b"[1e3, -0.5]", [1000.0, -0.5]),
    (b"[" * schemas.DEPTH_AT_MOST + b"]" * schemas.DEPTH_AT_MOST, None),
]


@pytest.mark.parametrize(("data", "value"), SOUND)
def test_sound_json_is_its_value(data, value):
    document, problems = parsed(data)
    assert problems == [] and (value is None or document == value)


UNSOUND = [
    (b"", "json_unreadable", 1),
    (b"{", "json_unreadable", 1),
    (b'{"a": 1,\n\n}', "json_unreadable", 3),
    (b"[1,]", "json_unreadable", 1),
    (b"{'a': 1}", "json_unreadable", 1),
    (b"// note\n{}", "json_unreadable", 1),
    (b"{} {}", "json_unreadable", 1),
    (b"Infinity", "json_unreadable", 0),
    (b"[-Infinity]", "json_unreadable", 0),
    (b'{"a": 1, "b": {"c": 1, "c": 1}}', "json_unreadable", 0),
    (b'"\xff"', "json_unreadable", 0),
    (b"[" * (schemas.DEPTH_AT_MOST + 1) + b"]" * (schemas.DEPTH_AT_MOST + 1), "json_too_deep", 0),
    (b'{"a":' * 70 + b"1" + b"}" * 70, "json_too_deep", 0),
    (b"1" + b" " * schemas.BYTES_AT_MOST, "json_too_large", 0),
    (b"9" * 5000, "json_unreadable", 0),
]


@pytest.mark.parametrize(("data", "code", "line"), UNSOUND)
def test_unsound_json_is_one_problem_with_its_line(data, code, line):
    document, (problem,) = parsed(data)
    assert document is None
    assert (problem.code, problem.line, problem.file) == (code, line, "f.json")


def test_the_key_that_stands_twice_is_named():
    _, (problem,) = parsed(b'{"a": 1, "b": 2, "b": 3}')
    assert "'b'" in problem.text["en"] and "'b'" in problem.text["zh-CN"]


def test_what_is_no_json_is_not_held_against_its_schema():
    document, problems = schemas.read(b"{", schema="process.json", file="f")
    assert document is None and [problem.code for problem in problems] == ["json_unreadable"]


def test_a_document_is_given_back_with_what_is_wrong_in_it():
    document, problems = schemas.read(json.dumps(changed(owner=7)).encode(), schema="process.json", file="f")
    assert document == changed(owner=7) and [problem.pointer for problem in problems] == ["/owner"]
