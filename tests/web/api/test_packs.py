"""Packs through the API: out as a zip, in again, and refused in words."""

import base64

import pytest

from engine import files
from engine.variants import packs
from tests.web.api.conftest import Programs

LENDING = "SFA-15,SFA-15-before"


def test_the_shipped_processes_are_listed_with_their_names(api: Programs) -> None:
    items = {one["process"]: one for one in api.get("/packs").json["items"]}
    assert set(items) == {path.parent.name for path in files.shipped("processes").glob("*/process.json")}
    assert items["SFA-15"]["pillar"] == "SFA" and set(items["SFA-15"]["names"]) == {"en", "zh-CN"}


def test_a_pack_goes_out_and_comes_in(api: Programs) -> None:
    out = api.get(f"/packs/{LENDING}")
    assert (out.status_code, out.mimetype) == (200, "application/zip")
    assert 'filename="SFA-15.zip"' in out.headers["Content-Disposition"]
    assert packs.write(packs.read(out.data, file="x")) == out.data
    done = api.post("/packs", {"name": "lending.zip", "content": base64.b64encode(out.data).decode()})
    assert done.status_code == 201, done.json
    assert done.json["processes"] == ["SFA-15", "SFA-15-before"] and len(done.json["variants"]) == 3
    assert api.get("/processes/SFA-15").status_code == 200
    with api.engine.store.reading() as tx:
        held = [tx.variants.versions(one)[0] for one in done.json["variants"]]
    assert [(one.status == "released", bool(one.submitted)) for one in held] == [(False, True)] * 3, "four eyes"
    api.person("ben", "admin")
    assert api.post("/variants/SFA-15:growth/versions/1/approve", by="ben").status_code == 200
    again = api.post("/packs", {"name": "lending.zip", "content": base64.b64encode(out.data).decode()})
    assert again.status_code == 201, again.json


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("not base64 !", "no base64"),
        ("", "cannot be read as a zip"),
        (base64.b64encode(b"PK").decode(), "cannot be read"),
    ],
)
def test_what_is_no_pack_is_refused(api: Programs, content: str, words: str) -> None:
    refused = api.post("/packs", {"content": content})
    assert refused.status_code in (400, 422) and words in str(refused.json)


@pytest.mark.parametrize("keys", ["SFA-404", ",", "..", "SFA-15,..%2Fetc"])
def test_what_is_not_shipped_is_not_there(api: Programs, keys: str) -> None:
    assert api.get(f"/packs/{keys}").status_code == 404


def test_staff_may_not_install(api: Programs) -> None:
    assert api.post("/packs", {"content": ""}, by="sam").status_code == 403
