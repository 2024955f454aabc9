"""Files on the case page, beside a task and in forms: kept as chosen, nothing typed is lost, given out safely."""

import io
import re
from collections.abc import Callable
from typing import Any

import flask
import msgspec
import pytest
from werkzeug.test import TestResponse

from engine.attachments import keep
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.performer import Performer
from engine.model.program import Flow, Program
from tests.house import BOSS, House
from tests.web.conftest import Browser, words
from web.ui.app import LARGEST_REQUEST

PDF = b"%PDF-1.7 contract"
FILE = {"type": "string", "format": "attachment"}
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "contract": {**FILE, "x-title": {"zh-CN": "合同", "en": "Contract"}, "x-ui": {"accept": ["pdf"]}},
        "photos": {"type": "array", "items": FILE, "maxItems": 3, "x-title": {"zh-CN": "照片", "en": "Photos"}},
        "note": {"type": "string", "maxLength": 20, "x-title": {"zh-CN": "备注", "en": "Note"}},
    },
    "required": ["contract"],
    "additionalProperties": False,
}
SHOWN: dict[str, Any] = {
    "type": "object",
    "properties": {
        "contract": {**FILE, "readOnly": True},
        "photos": {**FORM["properties"]["photos"], "readOnly": True},
    },
}


def scans() -> Program:
    sales = Performer(groups=(Expression(text="sales", language="literal"),))
    return Program(
        key="scan",
        nodes=(
            nodes.StartEvent(id="begin", form="start"),
            nodes.UserTask(id="file", name="File it", performer=sales, form="scan"),
            nodes.UserTask(id="look", name="Look at it", performer=sales, form="shown"),
            nodes.EndEvent(id="end"),
        ),
        flows=(
            Flow(id="f1", source="begin", target="file"),
            Flow(id="f2", source="file", target="look"),
            Flow(id="f3", source="look", target="end"),
        ),
        forms={"start": {**FORM, "required": []}, "scan": FORM, "shown": SHOWN},
    )


@pytest.fixture
def desk(desk: House) -> House:
    desk.release(scans(), start={"customer_required": False})
    return desk


def upload(name: str = "合同.pdf", data: bytes = PDF) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def send(browser: Browser, address: str, **data: Any) -> TestResponse:
    return browser.client.post(
        address, data={"csrf_token": browser.token("/account"), **data}, content_type="multipart/form-data"
    )


def begun(desk: House) -> str:
    return desk.start("scan")


def claimed(browser: Browser, desk: House, case: str, node: str = "file") -> str:
    item = desk.item(case, node).id
    assert browser.post(f"/tasks/{item}/claim").status_code == 303
    return item


def ids(answer: TestResponse, name: str) -> list[str]:
    return re.findall(rf'<input type="hidden" name="{re.escape(name)}" value="([^"]+)"', answer.text)


def test_a_file_is_added_to_a_case_listed_and_saved_as_it_was(anna: Browser, bo: Browser, desk: House) -> None:
    case = begun(desk)
    answer = send(anna, f"/cases/{case}/attachments", file=[upload(), upload("b.txt", b"b")])
    assert answer.status_code == 303 and answer.headers["Location"] == f"/cases/{case}#files"
    page = anna.get(f"/cases/{case}")
    assert "合同.pdf is added." in words(page) and "Files 2" in words(page)
    address = re.findall(r'href="(/attachments/[0-9a-f-]+)"', page.text)[0]
    file = bo.get(address)
    assert file.data == PDF
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''%E5%90%88%E5%90%8C.pdf" in file.headers["Content-Disposition"]
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Cache-Control"] == "no-store"


def test_one_bad_file_does_not_keep_the_good_ones_out(bo: Browser, desk: House) -> None:
    case = begun(desk)
    send(bo, f"/cases/{case}/attachments", file=[upload("a.html", b"<script>"), upload("a.pdf", b"MZ"), upload()])
    page = words(bo.get(f"/cases/{case}"))
    assert "不接受“a.html”这种文件" in page and "“a.pdf”的内容与扩展名不符" in page and "已添加 合同.pdf" in page


def test_nothing_chosen_is_said(anna: Browser, desk: House) -> None:
    case = begun(desk)
    send(anna, f"/cases/{case}/attachments")
    assert "Choose a file first." in words(anna.get(f"/cases/{case}"))


def test_beside_a_task_one_comes_back_to_the_task(anna: Browser, desk: House) -> None:
    case = begun(desk)
    item = claimed(anna, desk, case)
    answer = send(anna, f"/cases/{case}/attachments", file=[upload()], task=item)
    assert answer.headers["Location"] == f"/tasks/{item}#files"
    assert "合同.pdf" in words(anna.get(f"/tasks/{item}"))
    elsewhere = send(anna, f"/cases/{case}/attachments", file=[upload()], task="//evil.example")
    assert elsewhere.headers["Location"] == f"/cases/{case}#files"


def test_who_added_it_removes_it_with_a_reason_in_the_story(anna: Browser, bo: Browser, desk: House) -> None:
    case = begun(desk)
    send(anna, f"/cases/{case}/attachments", file=[upload()])
    address = re.findall(r"/attachments/[0-9a-f-]+", anna.get(f"/cases/{case}").text)[0]
    assert f"{address}/remove" not in bo.get(f"/cases/{case}").text
    assert bo.post(f"{address}/remove").status_code == 403
    assert anna.post(f"{address}/remove", {"reason": "wrong one"}).status_code == 303
    page = words(anna.get(f"/cases/{case}"))
    assert "合同.pdf is removed." in page and "wrong one" in page and "No files yet." in page
    assert anna.get(address).status_code == 404


def test_who_does_not_see_the_case_gets_nothing(sign_in: Callable[[str], Browser], anna: Browser, desk: House) -> None:
    case = begun(desk)
    send(anna, f"/cases/{case}/attachments", file=[upload()])
    address = re.findall(r"/attachments/[0-9a-f-]+", anna.get(f"/cases/{case}").text)[0]
    chen = sign_in("chen")
    assert chen.get(address).status_code == 404
    assert send(chen, f"/cases/{case}/attachments", file=[upload()]).status_code == 404


def test_a_field_keeps_what_was_chosen_although_the_rest_is_wrong(anna: Browser, desk: House) -> None:
    item = claimed(anna, desk, begun(desk))
    page = anna.get(f"/tasks/{item}")
    assert 'type="file" id="f-contract" name="f/contract+" accept=".pdf" aria-required="true"' in page.text
    answer = send(anna, f"/tasks/{item}", **{"f/contract+": upload(), "f/note": "x" * 30})
    assert answer.status_code == 422
    kept = ids(answer, "f/contract")
    assert len(kept) == 1 and "合同.pdf" in words(answer) and "x" * 30 in answer.text
    done = send(anna, f"/tasks/{item}", **{"f/contract": kept[0], "f/note": "short"})
    assert done.status_code == 303
    assert desk.items(item.partition(".")[0], "completed")


def test_a_refused_file_is_told_at_its_field_and_nothing_typed_is_lost(bo: Browser, desk: House) -> None:
    item = claimed(bo, desk, begun(desk))
    answer = send(bo, f"/tasks/{item}", **{"f/contract+": upload("a.exe", b"MZ"), "f/note": "打了很久"})
    assert answer.status_code == 422
    assert "打了很久" in answer.text
    assert re.search(r'id="f-contract-error">.*不接受“a\.exe”这种文件', answer.text, re.S)


NARROW: dict[str, Any] = {**FILE, "fileEndings": ["pdf", "jpg"], "maxFileBytes": 2**20}
REFUSED = [
    ("contract", "a.txt", b"text", "“a.txt”不是此处接受的文件：pdf、jpg。"),
    ("contract", "a.pdf", PDF + b" " * 2**20, "“a.pdf”超过此处允许的 1 MB。"),
    ("photos", "b.docx", b"PK\x03\x04", "“b.docx”不是此处接受的文件：pdf、jpg。"),
]


@pytest.mark.parametrize(("name", "file", "data", "said"), REFUSED)
def test_a_field_takes_its_own_kinds_and_sizes(
    bo: Browser, desk: House, name: str, file: str, data: bytes, said: str
) -> None:
    """Other than what the house takes at all; told at the field, before the file is kept."""
    task = scans()
    properties = {"contract": NARROW, "photos": {"type": "array", "items": NARROW}}
    desk.release(msgspec.structs.replace(task, forms={**task.forms, "scan": {**FORM, "properties": properties}}))
    item = claimed(bo, desk, begun(desk))
    assert 'accept=".pdf,.jpg"' in bo.get(f"/tasks/{item}").text
    answer = send(bo, f"/tasks/{item}", **{f"f/{name}+": upload(file, data)})
    assert answer.status_code == 422
    assert re.search(rf'id="f-{name}-error">.*{re.escape(said)}', answer.text, re.S)
    with desk.engine.store.reading() as tx:
        assert tx.attachments.of_instance(item.partition(".")[0]) == []


def test_keeping_a_file_saves_the_draft_with_it(anna: Browser, desk: House) -> None:
    item = claimed(anna, desk, begun(desk))
    answer = send(
        anna, f"/tasks/{item}", **{"f/photos+": [upload("1.pdf"), upload("2.pdf")], "f/note": "hm", "do": "keep"}
    )
    assert answer.status_code == 303
    page = anna.get(f"/tasks/{item}")
    assert len(ids(page, "f/photos")) == 2 and 'value="hm"' in page.text


def test_files_are_taken_out_and_a_single_one_is_replaced(anna: Browser, desk: House) -> None:
    item = claimed(anna, desk, begun(desk))
    send(
        anna,
        f"/tasks/{item}",
        **{"f/photos+": [upload("1.pdf"), upload("2.pdf")], "f/contract+": upload(), "do": "keep"},
    )
    page = anna.get(f"/tasks/{item}")
    first, second = ids(page, "f/photos")
    old = ids(page, "f/contract")
    changed = {"f/photos": [first, second], "f/photos-": first, "f/contract": old[0], "f/contract+": upload("new.pdf")}
    send(anna, f"/tasks/{item}", **changed, do="keep")
    page = anna.get(f"/tasks/{item}")
    assert ids(page, "f/photos") == [second]
    assert ids(page, "f/contract") != old and "new.pdf" in words(page)


def test_somebody_else_s_file_is_no_answer(anna: Browser, desk: House) -> None:
    other = keep.add(desk.engine, instance_id=begun(desk), file=keep.File("o.pdf", PDF), agent=BOSS, now=desk.now)
    item = claimed(anna, desk, begun(desk))
    answer = send(anna, f"/tasks/{item}", **{"f/contract": other.id})
    assert answer.status_code == 422 and "That is no attachment of this case" in words(answer)


def test_a_later_step_shows_the_files_as_links(anna: Browser, desk: House) -> None:
    case = begun(desk)
    item = claimed(anna, desk, case)
    send(anna, f"/tasks/{item}", **{"f/contract+": upload(), "f/photos+": upload("1.pdf")})
    page = anna.get(f"/tasks/{claimed(anna, desk, case, 'look')}")
    assert len(re.findall(r'<a href="/attachments/[0-9a-f-]+">(?:合同|1)\.pdf</a>', page.text)) >= 4
    assert not ids(page, "f/contract"), "what is only read cannot be taken out"


def test_a_removed_file_is_said_to_be_gone(anna: Browser, desk: House) -> None:
    case = begun(desk)
    item = claimed(anna, desk, case)
    send(anna, f"/tasks/{item}", **{"f/contract+": upload()})
    address = re.findall(r"/attachments/[0-9a-f-]+", anna.get(f"/cases/{case}").text)[0]
    anna.post(f"{address}/remove")
    assert "The file was removed" in words(anna.get(f"/tasks/{claimed(anna, desk, case, 'look')}"))


def test_a_start_takes_its_file_along(anna: Browser, desk: House) -> None:
    page = anna.get("/start/scan")
    once = re.findall(r'name="once" value="([^"]+)"', page.text)[0]
    first = send(anna, "/start/scan", **{"once": once, "f/contract+": upload(), "f/note": "n", "do": "keep"})
    assert first.status_code == 200
    kept = ids(first, "f/contract")
    assert len(kept) == 1 and 'value="n"' in first.text
    done = send(anna, "/start/scan", **{"once": once, "f/contract": kept[0], "f/note": "n", "do": "start"})
    assert done.status_code == 303, words(done)
    assert "合同.pdf" in words(anna.get(done.headers["Location"]))


def test_a_start_with_a_refused_file_says_so_and_starts_nothing(bo: Browser, desk: House) -> None:
    answer = send(bo, "/start/scan", **{"once": "1", "f/contract+": upload("a.exe", b"MZ"), "do": "start"})
    assert answer.status_code == 422 and "不接受“a.exe”这种文件" in words(answer)
    assert "没有办件" in words(bo.get("/cases"))


def test_only_places_for_files_take_more_than_other_requests(anna: Browser, desk: House) -> None:
    case = begun(desk)
    large = upload("large.pdf", b"%PDF-" + bytes(LARGEST_REQUEST))
    assert send(anna, f"/cases/{case}/attachments", file=[large]).status_code == 303
    assert "large.pdf is added." in words(anna.get(f"/cases/{case}"))
    again = upload("large.pdf", b"%PDF-" + bytes(LARGEST_REQUEST))
    assert send(anna, "/notices/read", file=[again]).status_code == 413


def test_the_draft_that_is_saved_while_typing_takes_no_files(anna: Browser, desk: House, app: flask.Flask) -> None:
    item = claimed(anna, desk, begun(desk))
    assert anna.post(f"/tasks/{item}/draft", {"f/note": "typed", "f/contract": ""}).status_code == 204
    assert 'value="typed"' in anna.get(f"/tasks/{item}").text
