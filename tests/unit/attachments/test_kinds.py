"""Which files are taken, by ending and by content; and what becomes of their names."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.attachments import kinds

ZIP, OLE = b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"
TAKEN = [
    ("a.pdf", b"%PDF-1.7 ...", "application/pdf"),
    ("a.pdf", b"\xef\xbb\xbf\n%PDF-1.4", "application/pdf"),
    ("A.PDF", b"%PDF-1.7", "application/pdf"),
    ("a.png", b"\x89PNG\r\n\x1a\n....", "image/png"),
    ("a.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
    ("a.jpeg", b"\xff\xd8\xff\xe1", "image/jpeg"),
    ("a.gif", b"GIF89a...", "image/gif"),
    ("a.webp", b"RIFF\x01\x02\x03\x04WEBPVP8 ", "image/webp"),
    ("a.tif", b"II*\x00", "image/tiff"),
    ("a.heic", b"\x00\x00\x00\x18ftypheic", "image/heic"),
    ("a.mp4", b"\x00\x00\x00\x18ftypisom", "video/mp4"),
    ("a.m4a", b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
    ("a.mp3", b"ID3\x03", "audio/mpeg"),
    ("a.wav", b"RIFF\x01\x02\x03\x04WAVEfmt ", "audio/wav"),
    ("a.txt", "合同第一条".encode(), "text/plain"),
    ("a.txt", "合同第一条".encode("gb18030"), "text/plain"),
    ("a.txt", b"\xff\xfea\x00", "text/plain"),
    ("a.csv", b"a,b\n1,2\n", "text/csv"),
    ("a.eml", b"From: a@b.c\n\nhi", "message/rfc822"),
    ("a.docx", ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("a.xlsx", ZIP, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("a.pptx", ZIP, "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("发票.ofd", ZIP, "application/ofd"),
    ("a.zip", b"PK\x05\x06", "application/zip"),
    ("a.doc", OLE, "application/msword"),
    ("a.xls", OLE, "application/vnd.ms-excel"),
    ("a.wps", OLE, "application/vnd.ms-works"),
]
REFUSED = [
    ("a.html", b"<html>"),
    ("a.htm", b"<html>"),
    ("a.svg", b"<svg onload=alert(1)>"),
    ("a.xml", b"<a/>"),
    ("a.js", b"alert(1)"),
    ("a.exe", b"MZ"),
    ("a.bat", b"del"),
    ("a.docm", ZIP),
    ("a.xlsm", ZIP),
    ("a.pdf.exe", b"MZ"),
    ("pdf", b"%PDF-1.7"),
    ("a.", b"%PDF-1.7"),
    ("", b"%PDF-1.7"),
    ("a.pdf", b"MZ\x90"),
    ("a.pdf", b"x" * 2000 + b"%PDF-"),
    ("a.png", b"\xff\xd8\xff"),
    ("a.webp", b"RIFF\x01\x02\x03\x04WAVE"),
    ("a.mp4", b"ftypisom"),
    ("a.docx", OLE),
    ("a.doc", ZIP),
    ("a.txt", b"MZ\x00\x01\x02"),
    ("a.csv", b"a\x00b"),
]


@pytest.mark.parametrize(("name", "data", "type_"), TAKEN)
def test_these_are_taken_under_their_own_type(name: str, data: bytes, type_: str) -> None:
    found = kinds.of(name, data)
    assert found is not None
    assert found.type == type_


@pytest.mark.parametrize(("name", "data"), REFUSED)
def test_these_are_not(name: str, data: bytes) -> None:
    assert kinds.of(name, data) is None


def test_no_kind_is_one_that_a_browser_runs() -> None:
    given_out = {kind.type for kind in kinds.KINDS.values()}
    assert not {
        type_ for type_ in given_out if "html" in type_ or "svg" in type_ or "script" in type_ or "/xml" in type_
    }
    assert given_out >= kinds.PICTURES


NAMES = [
    ("合同.pdf", "合同.pdf"),
    ("  a b.pdf ", "a b.pdf"),
    ("C:\\Users\\li\\合同.pdf", "合同.pdf"),
    ("../../etc/passwd.txt", "passwd.txt"),
    ("a:b*c?.pdf", "a_b_c_.pdf"),
    ('a"b<c>|.pdf', "a_b_c__.pdf"),
    (".htaccess.txt", "htaccess.txt"),
    ("gpj.\u202efdp.exe", "gpj.fdp.exe"),
    ("a\x00b\n.pdf", "ab.pdf"),
    ("e\u0301.pdf", "\u00e9.pdf"),
    ("/", ""),
    ("...", ""),
]


@pytest.mark.parametrize(("typed", "kept"), NAMES)
def test_a_name_is_made_safe(typed: str, kept: str) -> None:
    assert kinds.cleaned(typed) == kept


def test_too_long_a_name_keeps_its_ending() -> None:
    kept = kinds.cleaned("合" * 500 + ".pdf")
    assert (len(kept), kept[-4:]) == (kinds.LONGEST_NAME, ".pdf")
    assert len(kinds.cleaned("a." + "b" * 500)) == kinds.LONGEST_NAME


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_a_name_stays_as_it_is_the_second_time_and_is_always_harmless(typed: str) -> None:
    kept = kinds.cleaned(typed)
    assert kinds.cleaned(kept) == kept
    assert len(kept) <= kinds.LONGEST_NAME
    assert not set(kept) & set('\\/:*?"<>|')
    assert not [char for char in kept if unicodedata.category(char)[0] == "C"]
    assert not kept.startswith(".")
