"""Files of cases through the API: bytes in, the same bytes out, and nobody else learns of them."""

import json
from typing import Any

import pytest

from engine.attachments import keep
from tests.web.api.conftest import Programs

PDF = b"%PDF-1.7 contract"


@pytest.fixture
def case(selling: Programs) -> str:
    return begun(selling)


def begun(selling: Programs) -> str:
    answer = selling.call("POST", "/instances", json={"process": "quote", "customer_id": "C-1", "data": {}})
    assert answer.status_code == 201, answer.json
    return str(answer.json["instance"]["id"])


def add(selling: Programs, case: str, name: str = "合同.pdf", data: bytes = PDF, **more: Any) -> Any:
    return selling.call("POST", f"/instances/{case}/attachments", query_string={"name": name}, data=data, **more)


def test_bytes_come_back_as_they_were_and_are_never_shown_in_place(selling: Programs, case: str) -> None:
    made = add(selling, case)
    assert made.status_code == 201
    assert (made.json["name"], made.json["type"], made.json["size"]) == ("合同.pdf", "application/pdf", len(PDF))
    answer = selling.call("GET", f"/attachments/{made.json['id']}")
    assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''%E5%90%88%E5%90%8C.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_files_are_listed_and_removed(selling: Programs, case: str) -> None:
    made = [add(selling, case, name).json["id"] for name in ("a.pdf", "b.pdf")]
    assert [one["id"] for one in selling.call("GET", f"/instances/{case}/attachments").json["items"]] == made
    gone = selling.call("DELETE", f"/attachments/{made[0]}", query_string={"reason": "twice"})
    assert gone.status_code == 204
    assert selling.call("GET", f"/attachments/{made[0]}").status_code == 404
    told = selling.call("GET", f"/instances/{case}/timeline").json["items"][-1]["fact"]
    assert (told["type"], told["name"], told["reason"]) == ("AttachmentRemoved", "a.pdf", "twice")


@pytest.mark.parametrize(
    ("name", "data", "status", "code"),
    [
        ("a.html", b"<script>", 422, "attachment_kind"),
        ("a.pdf", b"MZ", 422, "attachment_not_what_it_says"),
        ("a.pdf", b"", 422, "attachment_empty"),
        ("", PDF, 422, "request_invalid"),
        ("x" * 300, PDF, 422, "request_invalid"),
    ],
)
def test_what_is_refused_is_said_in_both_languages(
    selling: Programs, case: str, name: str, data: bytes, status: int, code: str
) -> None:
    answer = add(selling, case, name, data)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert set(answer.json["text"]) == {"zh-CN", "en"}


def test_a_body_that_is_too_large_is_not_even_read(selling: Programs, case: str) -> None:
    answer = add(selling, case, data=b"%PDF-" + bytes(keep.LARGEST))
    assert answer.status_code == 413


def test_other_requests_stay_as_small_as_ever(selling: Programs) -> None:
    large = json.dumps({"process": "quote", "customer_id": "C-1", "data": {"note": "x" * 9_000_000}})
    answer = selling.call("POST", "/instances", data=large, content_type="application/json")
    assert answer.status_code == 413


def test_the_same_key_adds_once(selling: Programs, case: str) -> None:
    headers = {"Idempotency-Key": "k-1"}
    first, second = add(selling, case, headers=headers), add(selling, case, headers=headers)
    assert first.json["id"] == second.json["id"]
    assert second.headers["Idempotent-Replayed"] == "true"
    other = add(selling, case, data=b"%PDF-1.7 other", headers=headers)
    assert other.status_code == 409
    assert len(selling.call("GET", f"/instances/{case}/attachments").json["items"]) == 1


def test_a_program_that_does_not_see_the_case_finds_nothing(selling: Programs, case: str) -> None:
    made = add(selling, case).json["id"]
    selling.person("zoe", "staff")
    for method, path in (
        ("GET", f"/attachments/{made}"),
        ("DELETE", f"/attachments/{made}"),
        ("GET", f"/instances/{case}/attachments"),
    ):
        assert selling.call(method, path, by="zoe").status_code == 404, path
    assert add(selling, case, by="zoe").status_code == 404


def test_a_token_that_only_reads_adds_and_removes_nothing(selling: Programs, case: str) -> None:
    made = add(selling, case).json["id"]
    assert add(selling, case, by="rita").json["code"] == "scope_missing"
    assert selling.call("DELETE", f"/attachments/{made}", by="rita").json["code"] == "scope_missing"
    assert selling.call("GET", f"/attachments/{made}", by="rita").data == PDF


def test_a_start_names_a_file_that_was_added_for_it(selling: Programs) -> None:
    made = selling.call("POST", "/attachments", query_string={"name": "a.pdf"}, data=PDF)
    assert (made.status_code, made.json["instance_id"]) == (201, None)
    selling.person("zoe", "staff")
    assert selling.call("GET", f"/attachments/{made.json['id']}", by="zoe").status_code == 404
    assert selling.call("GET", f"/attachments/{made.json['id']}").data == PDF


def test_the_description_says_that_the_body_is_a_file(selling: Programs) -> None:
    spec = selling.client.get("/v1/openapi.json").json
    body = spec["paths"]["/v1/instances/{instance_id}/attachments"]["post"]["requestBody"]["content"]
    assert body == {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    assert "requestBody" not in spec["paths"]["/v1/attachments/{attachment_id}"]["get"]
