"""Every body that the API takes has a whole example in its description, and the example is one that it takes."""

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from tests.web.api.conftest import Programs
from web.api import example


def bodies(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content is not None:
                yield f"{method.upper()} {path}", content


def test_every_body_has_an_example_that_its_shape_takes(api: Programs) -> None:
    spec = api.client.get("/v1/openapi.json").json
    wrong, count = [], 0
    for place, content in bodies(spec):
        count += 1
        shown = [content["example"]] if "example" in content else [one["value"] for one in content["examples"].values()]
        checker = jsonschema.Draft202012Validator({**content["schema"], "components": spec["components"]})
        for one in shown:
            wrong += [(place, error.json_path, error.message[:120]) for error in checker.iter_errors(one)]
    assert wrong == [] and count > 80


def test_the_description_is_the_same_each_time(api: Programs) -> None:
    first, second = (api.client.get("/v1/openapi.json").data for _ in range(2))
    assert first == second


SCHEMAS = {"Part": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "minimum": 3}}}}
LOOP = {"Loop": {"type": "object", "required": ["inner"], "properties": {"inner": {"$ref": "#/x/Loop"}}}}


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "examples": ["SFA-03"]}, "SFA-03"),
        ({"enum": ["a", "b"]}, "a"),
        ({"const": 7}, 7),
        ({"type": "string", "format": "date-time"}, "2026-11-22T09:00:00+08:00"),
        ({"type": "string", "pattern": "^[0-9]+$"}, "1"),
        ({"type": "string", "minLength": 8}, "2026-11-22"),
        ({"type": "string", "maxLength": 1}, "a"),
        ({"type": "string", "minLength": 40, "maxLength": 40}, "text" + "x" * 36),
        ({"type": "integer"}, 1),
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "integer", "minimum": -9, "maximum": -3}, -3),
        ({"type": "integer", "exclusiveMinimum": 4}, 5),
        ({"type": "boolean"}, True),
        ({"type": "null"}, None),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, 1),
        ({"type": "array", "items": {"type": "integer"}}, [1]),
        ({"type": "object"}, {}),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"name": 1}),
        (
            {"properties": {"reason": {"type": "string"}}, "required": ["reason"]},
            {"reason": "the customer asked for it"},
        ),
        ({"properties": {"group": {"type": "string", "maxLength": 1}}, "required": ["group"]}, {"group": "a"}),
        (
            {
                "properties": {"names": {"additionalProperties": {"type": "string"}, "type": "object"}},
                "required": ["names"],
            },
            {"names": {"zh-CN": "文字", "en": "words"}},
        ),
        ({"$ref": "#/components/schemas/Part"}, {"n": 3}),
        ({"properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["a"]}, {"a": "a"}),
        ({"properties": {"a": {"type": "string", "examples": ["x"]}}}, {"a": "x"}),
    ],
)
def test_what_a_shape_is_shown_by(shape: dict[str, Any], expected: Any) -> None:
    assert example.of(shape, SCHEMAS) == expected


def test_a_shape_that_holds_itself_has_an_end() -> None:
    found, depth = example.of({"$ref": "#/x/Loop"}, LOOP), 0
    while found:
        found, depth = found["inner"], depth + 1
    assert depth <= example.DEEPEST
