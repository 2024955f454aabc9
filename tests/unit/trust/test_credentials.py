"""Credentials: put in once, sent only where they belong, never shown, and every deed on record."""

import base64
from typing import Any

import pytest

from engine import errors, outward
from engine.settings import Settings
from engine.trust import credentials, deeds, vault
from engine.trust.credentials import Draft
from tests.house import ANNA, BOSS, House
from tests.unit.trust.conftest import KEY

ERP = Draft(kind="basic", user="crm", hosts=("erp.test",))


def add(home: House, name: str = "erp", secret: str = "s3cret", **draft: Any) -> outward.Credential:
    values = {"kind": "basic", "user": "crm", "hosts": ("erp.test",)} | draft
    return credentials.add(home.engine, name=name, draft=Draft(**values), secret=secret, agent=BOSS, now=home.now)


def opened(home: House, name: str = "erp", host: str = "erp.test") -> credentials.Opened:
    with home.engine.store.reading() as tx:
        return credentials.opened(vault.of(home.engine.settings), tx, name=name, host=host)


def done(home: House) -> list[tuple[str, str, str]]:
    return [(one.what, one.about, one.agent) for one in deeds.listed(home.engine, agent=BOSS)]


@pytest.mark.parametrize(
    "draft, headers",
    [
        ({"kind": "bearer", "user": ""}, {"Authorization": "Bearer s3cret"}),
        ({"kind": "basic"}, {"Authorization": "Basic " + base64.b64encode(b"crm:s3cret").decode()}),
        ({"kind": "header", "user": "X-Api-Key"}, {"X-Api-Key": "s3cret"}),
        (
            {"kind": "basic", "user": "李雷"},
            {"Authorization": "Basic 5p2O6Zu3OnMzY3JldA=="},
        ),
    ],
)
def test_a_credential_becomes_the_header_of_its_kind(
    home: House, draft: dict[str, Any], headers: dict[str, str]
) -> None:
    add(home, **draft)
    assert opened(home).headers() == headers


def test_no_row_of_the_database_shows_the_secret(home: House) -> None:
    made = add(home, secret="s3cret-9f8e7d")
    assert b"s3cret-9f8e7d" not in made.sealed
    assert "s3cret-9f8e7d" not in repr(credentials.all_of(home.engine, agent=BOSS))
    assert "s3cret-9f8e7d" not in repr(deeds.listed(home.engine, agent=BOSS))
    address = home.engine.store.database.engine.url.database  # type: ignore[attr-defined]
    with open(address, "rb") as file, open(f"{address}-wal", "rb") as log:
        assert b"s3cret-9f8e7d" not in file.read() + log.read()


@pytest.mark.parametrize(
    "hosts, host, may",
    [
        (("erp.test",), "erp.test", True),
        (("ERP.Test.",), "erp.test", True),
        (("erp.test",), "evil.erp.test", False),
        (("erp.test",), "erp.test.evil.example", False),
        (("*.erp.test",), "api.erp.test", True),
        (("*.erp.test",), "a.b.erp.test", True),
        (("*.erp.test",), "erp.test", False),
        (("*.erp.test",), "evilerp.test", False),
        (("a.test", "b.test"), "b.test", True),
        (("127.0.0.1",), "127.0.0.1", True),
        (("[::1]",), "::1", True),
        (("例子.中国",), "xn--fsqu00a.xn--fiqs8s", True),
    ],
)
def test_a_credential_is_sent_to_its_hosts_only(home: House, hosts: tuple[str, ...], host: str, may: bool) -> None:
    add(home, hosts=hosts)
    if may:
        assert opened(home, host=host).secret == "s3cret"
        return
    with pytest.raises(errors.Forbidden) as refused:
        opened(home, host=host)
    assert refused.value.code == "credential_elsewhere" and host in refused.value.text["zh-CN"]


@pytest.mark.parametrize(
    "draft, secret, pointers",
    [
        ({"hosts": ()}, "s", {"/hosts"}),
        ({"hosts": tuple(f"h{n}.test" for n in range(21))}, "s", {"/hosts"}),
        (
            {"hosts": ("good.test", "*", "*.test", "a b", "https://x.test", "")},
            "s",
            {f"/hosts/{n}" for n in range(1, 6)},
        ),
        ({"user": ""}, "s", {"/user"}),
        ({"user": "a:b"}, "s", {"/user"}),
        ({"user": "x" * 201}, "s", {"/user"}),
        ({"kind": "header", "user": "X Bad"}, "s", {"/user"}),
        ({"kind": "header", "user": "Host"}, "s", {"/user"}),
        ({"kind": "header", "user": "X\r\nY"}, "s", {"/user"}),
        ({}, "", {"/secret"}),
        ({}, "a\nb", {"/secret"}),
        ({}, "x" * 8001, {"/secret"}),
        ({"note": "x" * 501}, "s", {"/note"}),
        ({"hosts": (), "user": "", "note": "x" * 501}, "", {"/hosts", "/user", "/note", "/secret"}),
    ],
)
def test_every_wrong_field_is_named_in_both_languages(
    home: House, draft: dict[str, Any], secret: str, pointers: set[str]
) -> None:
    with pytest.raises(errors.Invalid) as refused:
        add(home, secret=secret, **draft)
    assert {problem.pointer for problem in refused.value.problems} == pointers
    assert all(problem.text.keys() == {"zh-CN", "en"} for problem in refused.value.problems)
    assert credentials.all_of(home.engine, agent=BOSS) == []


@pytest.mark.parametrize("name", ["", "Erp", "1erp", "erp prod", "erp/", "-a", "a-", "a--b", "x" * 61, "é"])
def test_a_name_that_drawings_could_not_use_is_refused(home: House, name: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        add(home, name)
    assert refused.value.code == "name_invalid"


@pytest.mark.parametrize("name", ["erp", "erp.prod-2", "a", "a_b", "x" * 60])
def test_a_name_that_drawings_can_use_is_taken(home: House, name: str) -> None:
    assert add(home, name).name == name


def test_a_name_is_given_once(home: House) -> None:
    add(home)
    with pytest.raises(errors.Conflict) as refused:
        add(home, secret="other")
    assert refused.value.code == "credential_exists" and opened(home).secret == "s3cret"


def test_a_rotated_secret_is_the_one_that_is_used(home: House) -> None:
    before = add(home)
    home.pass_time(days=1)
    after = credentials.rotate(home.engine, name="erp", secret="n3w", agent=BOSS, now=home.now)
    assert opened(home).secret == "n3w"
    assert (after.revision, after.rotated_at, after.created_at) == (2, home.now, before.created_at)


def test_places_may_become_fewer_without_the_secret_but_never_more(home: House) -> None:
    """Else whoever may change a credential would learn it by sending it to a server of his own."""
    add(home, hosts=("a.test", "*.b.test"))
    fewer = Draft(kind="basic", user="crm", hosts=("a.test", "x.b.test"), note="less")
    changed = credentials.change(home.engine, name="erp", draft=fewer, agent=BOSS, now=home.now)
    assert changed.hosts == ("a.test", "x.b.test") and opened(home, host="a.test").secret == "s3cret"
    for draft in (
        Draft(kind="basic", user="crm", hosts=("a.test", "evil.test")),
        Draft(kind="basic", user="crm", hosts=("*.b.test",)),
        Draft(kind="header", user="X-Key", hosts=("a.test",)),
    ):
        with pytest.raises(errors.Conflict) as refused:
            credentials.change(home.engine, name="erp", draft=draft, agent=BOSS, now=home.now)
        assert refused.value.code == "credential_needs_secret"
    wide = Draft(kind="bearer", hosts=("evil.test",))
    credentials.rotate(home.engine, name="erp", secret="other", draft=wide, agent=BOSS, now=home.now)
    assert opened(home, host="evil.test").secret == "other"


def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(home: House) -> None:
    add(home)
    credentials.change(home.engine, name="erp", draft=ERP, agent=BOSS, now=home.now, revision=1)
    with pytest.raises(errors.Conflict) as refused:
        credentials.change(home.engine, name="erp", draft=ERP, agent=BOSS, now=home.now, revision=1)
    assert refused.value.code == "revision_old"


def test_a_dropped_credential_is_gone_and_its_name_free(home: House) -> None:
    add(home)
    credentials.drop(home.engine, name="erp", agent=BOSS, now=home.now)
    with pytest.raises(errors.NotFound):
        opened(home)
    with pytest.raises(errors.NotFound):
        credentials.drop(home.engine, name="erp", agent=BOSS, now=home.now)
    add(home, secret="again")
    assert opened(home).secret == "again"


@pytest.mark.parametrize("deed", ["get", "change", "rotate"])
def test_an_unknown_name_is_told_in_both_languages(home: House, deed: str) -> None:
    calls = {
        "get": lambda: credentials.get(home.engine, name="nope", agent=BOSS),
        "change": lambda: credentials.change(home.engine, name="nope", draft=ERP, agent=BOSS, now=home.now),
        "rotate": lambda: credentials.rotate(home.engine, name="nope", secret="s", agent=BOSS, now=home.now),
    }
    with pytest.raises(errors.NotFound) as refused:
        calls[deed]()
    assert "nope" in refused.value.text["zh-CN"] and refused.value.code == "credential_unknown"


def test_only_administrators_touch_or_see_credentials(home: House) -> None:
    add(home)
    for call in (
        lambda: credentials.add(home.engine, name="x", draft=ERP, secret="s", agent=ANNA, now=home.now),
        lambda: credentials.change(home.engine, name="erp", draft=ERP, agent=ANNA, now=home.now),
        lambda: credentials.rotate(home.engine, name="erp", secret="s", agent=ANNA, now=home.now),
        lambda: credentials.drop(home.engine, name="erp", agent=ANNA, now=home.now),
        lambda: credentials.all_of(home.engine, agent=ANNA),
        lambda: credentials.get(home.engine, name="erp", agent=ANNA),
        lambda: deeds.listed(home.engine, agent=ANNA),
    ):
        with pytest.raises(errors.Forbidden):
            call()
    assert opened(home).secret == "s3cret"


def test_every_deed_is_on_record_with_who_and_what(home: House) -> None:
    add(home)
    credentials.change(home.engine, name="erp", draft=ERP, agent=BOSS, now=home.now)
    credentials.rotate(home.engine, name="erp", secret="n", agent=BOSS, now=home.now)
    credentials.drop(home.engine, name="erp", agent=BOSS, now=home.now)
    assert done(home) == [
        ("credential.dropped", "erp", "boss"),
        ("credential.rotated", "erp", "boss"),
        ("credential.changed", "erp", "boss"),
        ("credential.added", "erp", "boss"),
    ]


def test_after_a_change_of_keys_all_are_sealed_anew(home: House) -> None:
    add(home)
    add(home, "second", "other")
    new = "another key for tests that is long enough"
    settings = Settings(data_dir=home.engine.settings.data_dir, credentials_key=f"{new},{KEY}")
    renewed = type(home.engine)(**{**vars(home.engine), "settings": settings})
    assert credentials.reseal(renewed) == 2
    assert credentials.reseal(renewed) == 0
    only_new = vault.Vault([new])
    with home.engine.store.reading() as tx:
        assert credentials.opened(only_new, tx, name="erp", host="erp.test").secret == "s3cret"
        assert credentials.opened(only_new, tx, name="second", host="erp.test").secret == "other"
