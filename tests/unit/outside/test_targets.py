"""Addresses of URLs, openings by administrators, and why a target is refused."""

import pytest

from engine import errors
from engine.outside import addresses, targets
from engine.outside.targets import Target


@pytest.mark.parametrize(
    "url, target",
    [
        ("https://erp.example.com", Target(True, "erp.example.com", 443, "/")),
        ("https://ERP.Example.com./a?b=1#c", Target(True, "erp.example.com", 443, "/a?b=1")),
        ("http://erp:8080/x%20y", Target(False, "erp", 8080, "/x%20y")),
        ("https://[2001:DB8::1]:8443/", Target(True, "2001:db8::1", 8443, "/")),
        ("https://例子.中国/a", Target(True, "xn--fsqu00a.xn--fiqs8s", 443, "/a")),
        ("HTTPS://a.b:443", Target(True, "a.b", 443, "/")),
        ("https://a_b.example/", Target(True, "a_b.example", 443, "/")),
    ],
)
def test_a_url_is_taken_apart(url: str, target: Target) -> None:
    assert targets.read(url) == target


@pytest.mark.parametrize(
    "url",
    [
        "",
        "erp.example.com",
        "//erp.example.com/",
        "ftp://erp.example.com/",
        "file:///etc/passwd",
        "gopher://a/",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "https://user@host/",
        "https://user:password@host/",
        "https://good.example@127.0.0.1/",
        "https://a b/",
        "https://a/b c",
        "https://a/\r\nX: y",
        "https://a\\@b/",
        "https://a\x00b/",
        "https://a\u00a0b/",
        "https://a:99999/",
        "https://a:port/",
        "https://a:-1/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://%6c%6f/",
        "https://-a.example/",
        "https://a..b/",
        "https://" + "a" * 64 + ".example/",
        "https://a/中",
        "https://a/" + "x" * 2000,
    ],
)
def test_what_is_no_plain_web_address_is_refused_in_both_languages(url: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        targets.read(url)
    assert refused.value.code == "url_invalid"
    assert "有效" in refused.value.text["zh-CN"] and "no address" in refused.value.text["en"]


@pytest.mark.parametrize(
    "url, host",
    [
        ("https://a.example/", "a.example"),
        ("https://a.example:444/", "a.example:444"),
        ("http://a.example:80/", "a.example"),
        ("http://a.example:443/", "a.example:443"),
        ("https://[2001:db8::1]/", "[2001:db8::1]"),
        ("https://[2001:db8::1]:9/", "[2001:db8::1]:9"),
    ],
)
def test_the_host_header_names_the_port_where_it_is_not_the_schemes_own(url: str, host: str) -> None:
    assert targets.read(url).authority == host


@pytest.mark.parametrize(
    "text, host, address, port",
    [
        ("erp.internal", "erp.internal", "10.0.0.9", 443),
        ("ERP.Internal.", "erp.internal", "10.0.0.9", 25),
        ("erp.internal:8443", "erp.internal", "10.0.0.9", 8443),
        ("10.1.0.0/16", "anything", "10.1.2.3", 80),
        ("10.1.2.3", "anything", "10.1.2.3", 80),
        ("10.1.2.99/16", "x", "10.1.2.3", 80),
        ("127.0.0.1:8025", "localhost", "127.0.0.1", 8025),
        ("::1", "localhost", "::1", 1),
        ("[fd00::1]:25", "mail", "fd00::1", 25),
        ("fd00::/16", "mail", "fd00::77", 25),
        (" erp.internal ", "erp.internal", "10.0.0.9", 443),
    ],
)
def test_an_opening_covers_what_it_names(text: str, host: str, address: str, port: int) -> None:
    opening = targets.opening(text)
    place = addresses.parse(address)
    assert opening.covers(host, place, port)
    assert targets.refusal(host, place, port, secure=False, open_to=[opening]) is None


@pytest.mark.parametrize(
    "text, host, address, port",
    [
        ("erp.internal", "erp.internal.evil.example", "10.0.0.9", 443),
        ("erp.internal", "sub.erp.internal", "10.0.0.9", 443),
        ("erp.internal:8443", "erp.internal", "10.0.0.9", 443),
        ("10.1.0.0/16", "10.1.0.0", "10.2.0.1", 80),
        ("127.0.0.1:8025", "127.0.0.1", "127.0.0.1", 6379),
        ("fd00::/16", "mail", "10.0.0.1", 25),
    ],
)
def test_an_opening_covers_nothing_else(text: str, host: str, address: str, port: int) -> None:
    opening = targets.opening(text)
    place = addresses.parse(address)
    assert not opening.covers(host, place, port)
    refused = targets.refusal(host, place, port, secure=True, open_to=[opening])
    assert refused is not None and refused.code == "target_refused"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "*.internal",
        "0.0.0.0/0",
        "10.0.0.0/7",
        "::/0",
        "fd00::/15",
        "erp.internal:0",
        "erp.internal:65536",
        "erp internal",
        "https://erp.internal",
        "erp.internal/path",
        "1.2.3",
        "999.1.1.1",
        "[::1",
        "a" * 300,
    ],
)
def test_an_opening_that_is_no_place_or_too_wide_is_refused(text: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        targets.opening(text)
    assert refused.value.code == "opening_invalid"
    assert refused.value.text.keys() == {"zh-CN", "en"}


@pytest.mark.parametrize(
    "address, port, secure, zh, en",
    [
        ("127.0.0.1", 443, True, "内部网络", "inner network"),
        ("fe80::1", 443, True, "内部网络", "inner network"),
        ("8.8.8.8", 443, False, "没有加密", "not be encrypted"),
        ("8.8.8.8", 22, True, "其他协议", "another protocol"),
        ("8.8.8.8", 25, True, "其他协议", "another protocol"),
    ],
)
def test_a_refusal_names_the_place_and_the_reason(address: str, port: int, secure: bool, zh: str, en: str) -> None:
    refused = targets.refusal("erp.example", addresses.parse(address), port, secure=secure, open_to=())
    assert refused is not None
    assert zh in refused.text["zh-CN"] and en in refused.text["en"]
    assert f"erp.example:{port}" in refused.text["en"] and refused.ids == {"host": "erp.example", "port": port}


def test_the_open_internet_needs_no_opening() -> None:
    for port in (443, 80, 8443):
        assert targets.refusal("a.example", addresses.parse("8.8.8.8"), port, secure=True, open_to=()) is None
    for port in (25, 465, 587):
        mail = targets.refusal("a", addresses.parse("8.8.8.8"), port, secure=True, open_to=(), ports=(25, 465, 587))
        assert mail is None
