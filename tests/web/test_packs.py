"""The page of packs: chosen processes go out as one file, and such a file comes in or is refused by its place."""

import dataclasses
import io
import zipfile
from collections.abc import Callable

import flask
import pytest
from werkzeug.test import TestResponse

from engine import files
from engine.bpmn import read
from engine.variants import packs
from tests.house import House
from tests.web.conftest import Browser, words

LENDING = "/packs/file?key=SFA-15&key=SFA-15-before"


@pytest.fixture
def dana(sign_in: Callable[[str], Browser], desk: House, app: flask.Flask) -> Browser:
    app.extensions["engine"] = desk.engine = dataclasses.replace(desk.engine, reader=read.read)
    return sign_in("dana")


def put_in(browser: Browser, content: bytes, name: str = "lending.zip") -> TestResponse:
    data = {"csrf_token": browser.token("/packs"), "pack": (io.BytesIO(content), name)}
    return browser.client.post("/packs", data=data, content_type="multipart/form-data")


def zipped(**held: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, content in held.items():
            file.writestr(name.replace("__", "/").replace("_json", ".json").replace("_bpmn", ".bpmn"), content)
    return made.getvalue()


def test_every_shipped_process_may_be_chosen(dana: Browser) -> None:
    page = dana.get("/packs").text
    assert [
        one.process for one in packs.offered(files.shipped("processes")) if f'value="{one.process}"' not in page
    ] == []


def test_a_pack_goes_out_and_its_processes_come_in_with_variants_that_wait(dana: Browser, desk: House) -> None:
    out = dana.get(LENDING)
    assert out.mimetype == "application/zip" and "filename=SFA-15.zip" in out.headers["Content-Disposition"]
    done = put_in(dana, out.data)
    assert (done.status_code, done.headers["Location"]) == (303, "/processes"), words(done)
    assert "2 processes and 3 variants are installed" in words(dana.get("/processes"))
    with desk.engine.store.reading() as tx:
        versions = [tx.variants.versions(f"SFA-15:{name}")[0] for name in ("growth", "key-accounts", "prospects")]
        assert tx.processes.get("SFA-15") is not None
    assert [(one.status == "released", bool(one.submitted)) for one in versions] == [(False, True)] * 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read as a zip file"),
        (zipped(), "it holds no process"),
        (zipped(A__process_json="{}"), "A lacks process.bpmn or process.json"),
        (zipped(groups_json="{}", A__process_json="{}", A__process_bpmn="<x/>"), "A has"),
        (zipped(A__process_json="{}", A__process_bpmn="<x/>"), "customer groups are missing"),
    ],
)
def test_what_is_no_pack_is_refused_and_nothing_is_installed(
    dana: Browser, desk: House, content: bytes, said: str
) -> None:
    refused = put_in(dana, content)
    assert refused.status_code == 422 and said in words(refused)
    with desk.engine.store.reading() as tx:
        assert tx.processes.get("A") is None


@pytest.mark.parametrize(("address", "status"), [("/packs/file", 422), ("/packs/file?key=SFA-404", 404)])
def test_a_pack_of_nothing_is_told(dana: Browser, address: str, status: int) -> None:
    refused = dana.get(address)
    assert refused.status_code == status and 'role="alert"' in refused.text


def test_no_file_at_all_is_told(dana: Browser) -> None:
    refused = dana.post("/packs")
    assert refused.status_code == 422
