"""What is no number is refused by its place, in the API and at Camunda's door."""

import json
from typing import Any

import pytest

from engine import errors
from engine.model.text import EN, ZH
from tests.web.api.conftest import Programs
from web import numbers
from web.camunda.app import create_engine_rest

WRONG = ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"]
RIGHT = ["0", "-0.0", "1e308", "1e-999", "123456789012345678901234567890", "0.1", '"NaN"', "null"]


@pytest.mark.parametrize("number", WRONG)
def test_a_start_with_a_number_that_is_none_is_refused_by_its_place(number: str, selling: Programs) -> None:
    body = f'{{"process": "quote", "customer_id": "C-1", "data": {{"lines": [{{"a/b~": 1}}, {{"a/b~": {number}}}]}}}}'
    for language, words in (("en", f"{number} is no finite number"), ("zh-CN", f"{number} 不是有限的数")):
        headers = {"Accept-Language": language}
        refused = selling.call(
            "POST", "/instances", by="ivy", data=body, content_type="application/json", headers=headers
        )
        assert refused.status_code == 422, refused.json
        assert refused.json["code"] == "json_number"
        (place,) = refused.json["problems"]
        assert place["pointer"] == "/data/lines/1/a~1b~0"
        assert place["text"][language] == words
    assert selling.get("/instances").json["items"] == []


@pytest.mark.parametrize("number", RIGHT)
def test_what_json_allows_is_read_as_before(number: str) -> None:
    assert numbers.read(f"[{number}]") == json.loads(f"[{number}]")


@pytest.mark.parametrize("text", ["", "{", "[1,]", "nan", '{"a": Nan}', "[" * 10])
def test_what_is_no_json_is_a_value_error_as_before(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        numbers.read(text)


@pytest.mark.parametrize(
    ("text", "pointers"),
    [
        ("NaN", [""]), ("[NaN, 1, NaN]", ["/0", "/2"]), ('{"a": {"": Infinity}}', ["/a/"]),
        ('{"a": NaN, "b": [[1e999]]}', ["/a", "/b/0/0"]),
    ],
)  # fmt: skip
def test_every_place_is_told(text: str, pointers: list[str]) -> None:
    with pytest.raises(errors.Invalid) as refused:
        numbers.read(text)
    assert [one.pointer for one in refused.value.problems] == pointers
    assert "Infinity" in refused.value.text[EN]
    assert "有限" in refused.value.text[ZH]


def test_many_places_are_told_in_part() -> None:
    with pytest.raises(errors.Invalid) as refused:
        numbers.read("[" + ", ".join(["NaN"] * 1000) + "]")
    assert len(refused.value.problems) == numbers.MOST


def test_camundas_door_refuses_them_too(selling: Programs) -> None:
    client = create_engine_rest(selling.engine).test_client()
    headers: dict[str, Any] = {"Authorization": f"Bearer {selling.tokens['ivy']}", "Content-Type": "application/json"}
    body = '{"variables": {"amount": {"value": NaN, "type": "Double"}}}'
    refused = client.post("/process-definition/key/quote/start", data=body, headers=headers)
    assert refused.status_code == 400, refused.get_data(as_text=True)
    assert refused.json is not None
    assert refused.json["type"] == "JsonParseException"
    assert "/variables/amount/value: NaN is no finite number" in refused.json["message"]
    assert selling.get("/instances").json["items"] == []


@pytest.mark.parametrize("kind", ["Json", "Object"])
def test_nor_are_they_hidden_in_a_serialised_value(kind: str, selling: Programs) -> None:
    client = create_engine_rest(selling.engine).test_client()
    headers = {"Authorization": f"Bearer {selling.tokens['ivy']}"}
    variables = {"amount": {"value": "[NaN]", "type": kind, "valueInfo": {"objectTypeName": "x"}}}
    answer = client.post("/process-definition/key/quote/start", json={"variables": variables}, headers=headers)
    if kind == "Json":
        assert answer.status_code == 400, answer.get_data(as_text=True)
    else:  # another format's text, which nobody reads as a number
        (case,) = selling.get("/instances").json["items"]
        assert selling.get(f"/instances/{case['id']}").json["variables"]["amount"] == "[NaN]"
