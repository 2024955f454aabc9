"""Who may call what, what a refusal looks like, and what the API says about itself."""

from collections.abc import Iterator

import pytest
from jsonschema import Draft202012Validator

from tests.web.api.conftest import Programs
from web.api.app import create_api


def test_health_and_the_description_need_no_token(api: Programs) -> None:
    for path in ("/v1/health/live", "/v1/health/ready", "/v1/openapi.json"):
        assert api.client.get(path).status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer nonsense", "Basic YTpi", "Bearer ", "bearer\tcrm_x"])
def test_without_a_valid_token_the_answer_is_401(header: str, api: Programs) -> None:
    answer = api.client.get("/v1/instances", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.content_type == "application/problem+json"


def test_a_token_that_may_only_read_cannot_write(selling: Programs) -> None:
    refused = selling.post("/instances", {"process": "quote", "customer_id": "C-1"}, by="rita")
    assert (refused.status_code, refused.json["code"]) == (403, "scope_missing")


@pytest.mark.parametrize(
    "method, path, who",
    [
        ("POST", "/deployments", "sam"),
        ("POST", "/deployments", "ivy"),
        ("POST", "/processes/quote/versions/1/release", "sam"),
        ("POST", "/instances/x/cancel", "ivy"),
        ("GET", "/incidents", "sam"),
        ("GET", "/people", "ivy"),
        ("POST", "/instances/x/suspend", "ivy"),
        ("PATCH", "/instances/x/variables", "sam"),
        ("POST", "/incidents/x.1/retry", "sam"),
    ],
)
def test_a_role_without_the_right_is_refused_with_the_roles_that_have_it(
    method: str, path: str, who: str, api: Programs
) -> None:
    bodies = {"/deployments": {"name": "x", "files": [{"name": "a.bpmn", "content": ""}]}}
    body = bodies.get(path, {"reason": "r", "values": {}} if "variables" in path else {"reason": "r"})
    body = {} if path.endswith(("release", "retry")) or method == "GET" else body
    refused = api.call(method, path, by=who, json=body)
    assert (refused.status_code, refused.json["code"]) == (403, "right_missing")


@pytest.mark.parametrize(
    "body, status",
    [
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b'"text"', 422),
        (b'{"process": 1}', 422),
        (b'{"process": "quote", "unknown": 1}', 422),
    ],
)
def test_a_body_that_is_wrong_is_answered_as_a_problem(body: bytes, status: int, api: Programs) -> None:
    answer = api.call("POST", "/instances", data=body, content_type="application/json")
    assert answer.status_code == status, answer.data[:300]
    assert answer.content_type == "application/problem+json"
    assert answer.json["text"].keys() == {"zh-CN", "en"}


@pytest.mark.parametrize("language, words", [("zh-CN", "请求"), ("en", "request"), ("fr", "request")])
def test_the_detail_follows_the_readers_language(language: str, words: str, api: Programs) -> None:
    answer = api.post("/instances", {}, headers={"Accept-Language": language})
    assert words in answer.json["detail"]


def test_an_unknown_address_and_method_are_problems_too(api: Programs) -> None:
    assert api.get("/nothing").status_code == 404
    answer = api.call("DELETE", "/instances")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert answer.content_type == "application/problem+json"


def operations(api: Programs) -> Iterator[tuple[str, str, dict[str, object]]]:
    spec = api.client.get("/v1/openapi.json").json
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_description_names_every_operation_with_its_answers(api: Programs) -> None:
    spec = api.client.get("/v1/openapi.json").json
    assert spec["openapi"].startswith("3.1")
    described = {(method.upper(), path) for path, method, _ in operations(api)}
    app = create_api(api.engine)
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ("openapi.spec", "static"):
            continue
        path = str(rule).replace("<int:", "<").replace("<path:", "<").replace("<", "{").replace(">", "}")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            assert (method, path) in described, f"{method} {path} is not described"
    for path, method, operation in operations(api):
        assert operation.get("summary"), f"{method} {path} has no summary"
        if "health" not in path:
            assert "401" in operation["responses"], f"{method} {path} does not say what happens without a token"  # type: ignore[operator]


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        part = list(part.values())
    for each in part if isinstance(part, list) else ():
        yield from references(each)


def test_the_description_is_one_that_generators_of_clients_can_read(api: Programs) -> None:
    spec = api.client.get("/v1/openapi.json").json
    schemas = spec["components"]["schemas"]
    assert {name for name in references(spec) if name.removeprefix("#/components/schemas/") not in schemas} == set()
    tags = [tag["name"] for tag in spec["tags"]]
    assert len(tags) == len(set(tags)) and {"Processes", "Tasks", "Variants"} <= set(tags)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    ids = [str(operation["operationId"]) for _, _, operation in operations(api)]
    assert len(ids) == len(set(ids)) and {"instances_start", "tasks_complete"} <= set(ids)
    assert all(one.isidentifier() for one in ids)


def test_of_two_shapes_of_one_name_each_tells_its_own_parts(api: Programs) -> None:
    """The history of a case and that of a customer, the parts of either beside it."""
    schemas = api.client.get("/v1/openapi.json").json["components"]["schemas"]
    of = {name: shape for name, shape in schemas.items() if name.rstrip("0123456789") == "History"}
    assert len(of) == 2
    for name, shape in of.items():
        assert set(references(shape)) == {
            f"#/components/schemas/{part}" for part in schemas if part.startswith(f"{name}.")
        }


def test_answers_may_not_be_cached_or_sniffed(api: Programs) -> None:
    headers = api.get("/processes").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
