"""Typed variables both ways: what each type becomes, what does not fit, files, and variables of instances."""

from typing import Any

import pytest

from tests.web.camunda.conftest import Clients
from web.camunda import refusals, typed


@pytest.mark.parametrize(
    "shape, told",
    [
        ({"value": True}, ("Boolean", True)),
        ({"value": 1}, ("Integer", 1)),
        ({"value": 2**31}, ("Long", 2**31)),
        ({"value": 1.5}, ("Double", 1.5)),
        ({"value": "x"}, ("String", "x")),
        ({"value": None}, ("Null", None)),
        ({"value": "7", "type": "integer"}, ("Integer", 7)),
        ({"value": 7, "type": "double"}, ("Double", 7.0)),
        ({"value": "true", "type": "Boolean"}, ("Boolean", True)),
        ({"value": None, "type": "null"}, ("Null", None)),
        ({"value": 12, "type": "String"}, ("String", "12")),
        ({"value": '{"a": [1]}', "type": "json"}, ("Json", '{"a":[1]}')),
        ({"value": '{"a": 1}', "type": "Object", "valueInfo": {"objectTypeName": "x"}}, ("Json", '{"a":1}')),
        ({"value": "2026-11-21T10:00:00.000+0800", "type": "Date"}, ("Date", "2026-11-21T02:00:00.000+0000")),
        ({"value": "<a/>", "type": "Xml"}, ("String", "<a/>")),
    ],
)
def test_a_value_comes_back_with_its_type(shape: dict[str, Any], told: tuple[str, Any], selling: Clients) -> None:
    case = selling.start(variables={"v": shape})
    found = selling.get(f"/process-instance/{case}/variables/v")
    assert (found["type"], found["value"]) == told


@pytest.mark.parametrize(
    "shape, message",
    [
        ({"value": "abc", "type": "Integer"}, "Cannot convert value 'abc' of type 'Integer' to java type"),
        ({"value": 2**31, "type": "Integer"}, "Cannot convert value"),
        ({"value": "maybe", "type": "Boolean"}, "Cannot convert value 'maybe' of type 'Boolean'"),
        ({"value": "x", "type": "Elephant"}, "Unsupported value type 'Elephant'"),
        ({"value": {"a": 1}, "type": "Json"}, "Must provide 'null' or String value for value of SerializableValue"),
        ({"value": "{", "type": "Json"}, "it is no JSON"),
        ({"value": "soon", "type": "Date"}, "Cannot convert value 'soon' of type 'Date' to java type java.util.Date"),
        ({"value": "x", "type": "File"}, "'filename' is missing"),
        ({"value": "%", "type": "Bytes"}, "not base64"),
        (7, "expected an object"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(shape: Any, message: str, selling: Clients) -> None:
    refused = selling.post("/process-definition/key/order/start", {"variables": {"v": shape}}, status=400)
    assert message in refused["message"]
    assert selling.get("/process-instance") == []


def test_a_file_is_named_in_lists_and_loaded_by_itself(selling: Clients) -> None:
    info = {"filename": "a.txt", "mimetype": "text/plain"}
    case = selling.start(variables={"f": {"type": "File", "value": "aGVsbG8=", "valueInfo": info}})
    assert selling.get(f"/process-instance/{case}/variables")["f"] == {"type": "File", "value": None, "valueInfo": info}
    for path in (f"/process-instance/{case}/variables/f/data", f"/execution/{case}/localVariables/f/data"):
        answer = selling.call("GET", path)
        assert (answer.data, answer.mimetype) == (b"hello", "text/plain")
        assert answer.headers["Content-Disposition"].startswith("attachment")


def test_variables_are_set_one_by_one_and_together(selling: Clients) -> None:
    case = selling.start(variables={"a": {"value": 1}, "b": {"value": 2}})
    path = f"/process-instance/{case}/variables"
    selling.post(path, {"modifications": {"a": {"value": 5}}, "deletions": ["b"]}, status=204)
    selling.put(f"{path}/c", {"value": "x", "type": "String"})
    assert {name: one["value"] for name, one in selling.get(path).items()} == {"a": 5, "b": None, "c": "x"}
    assert selling.call("DELETE", f"{path}/c").status_code == 204
    assert selling.call("GET", f"{path}/unknown").status_code == 404
    listed = selling.post("/variable-instance", {"processInstanceIdIn": [case], "variableName": "a"})
    assert [(one["name"], one["value"], one["processInstanceId"]) for one in listed] == [("a", 5, case)]
    told = selling.get(f"/history/variable-instance?processInstanceId={case}&variableName=a")
    assert [one["value"] for one in told] == [5]


def test_instances_are_found_by_their_variables(selling: Clients) -> None:
    rich = selling.start(variables={"amount": {"value": 12}, "last_name": {"value": "Li"}})
    selling.start(variables={"amount": {"value": 3}})
    for query in ("amount_gteq_10", "amount_gt_3,last_name_eq_Li", "last_name_like_L%", "amount_neq_3"):
        assert [one["id"] for one in selling.get(f"/process-instance?variables={query}")] == [rich], query
    wanted = [{"name": "amount", "operator": "eq", "value": 12}]
    assert selling.post("/process-instance/count", {"variables": wanted}) == {"count": 1}
    assert selling.call("GET", "/process-instance?variables=amount").status_code == 400


@pytest.mark.parametrize("given, pattern, fits", [("abc", "a%", True), ("abc", "%b%", True), ("abc", "b%", False)])
def test_like_takes_percent_signs(given: str, pattern: str, fits: bool) -> None:
    assert typed.meets({"v": given}, "v", "like", pattern) is fits


def test_a_type_is_never_guessed_from_a_list() -> None:
    with pytest.raises(refusals.Refusal):
        typed.values([1, 2])
