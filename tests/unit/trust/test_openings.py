"""Openings: inner places stay closed until an administrator opens them, and close again."""

import pytest

from engine import errors
from engine.outside import http
from engine.trust import deeds, openings
from tests import outside_world as world
from tests.house import ANNA, BOSS, House


def call(home: House, url: str) -> int:
    with home.engine.store.reading() as tx:
        gate = openings.gate(tx)
    return http.call(http.Request(method="GET", url=url), gate).status


def test_a_place_is_called_from_its_opening_until_its_closing(home: House) -> None:
    with world.web() as web:
        with pytest.raises(errors.Forbidden):
            call(home, web.url)
        openings.add(home.engine, place=f"127.0.0.1:{web.port}", note="test", agent=BOSS, now=home.now)
        assert call(home, web.url) == 200
        openings.drop(home.engine, place=f"127.0.0.1:{web.port}", agent=BOSS, now=home.now)
        with pytest.raises(errors.Forbidden):
            call(home, web.url)


def test_opening_twice_renews_the_note(home: House) -> None:
    for note in ("a", "b"):
        openings.add(home.engine, place=" ERP.internal:8443 ", note=note, agent=BOSS, now=home.now)
    (found,) = openings.all_of(home.engine, agent=BOSS)
    assert (found.place, found.note, found.opened_by) == ("erp.internal:8443", "b", "boss")


@pytest.mark.parametrize("place", ["", "*", "0.0.0.0/0", "http://x", "a b"])
def test_what_is_no_place_is_not_opened(home: House, place: str) -> None:
    with pytest.raises(errors.Invalid):
        openings.add(home.engine, place=place, note="", agent=BOSS, now=home.now)
    assert openings.all_of(home.engine, agent=BOSS) == []


def test_what_is_not_open_cannot_be_closed(home: House) -> None:
    with pytest.raises(errors.NotFound) as refused:
        openings.drop(home.engine, place="x.test", agent=BOSS, now=home.now)
    assert "x.test" in refused.value.text["zh-CN"]


def test_only_administrators_open_and_close(home: House) -> None:
    for deed in (
        lambda: openings.add(home.engine, place="x.test", note="", agent=ANNA, now=home.now),
        lambda: openings.drop(home.engine, place="x.test", agent=ANNA, now=home.now),
        lambda: openings.all_of(home.engine, agent=ANNA),
    ):
        with pytest.raises(errors.Forbidden):
            deed()


def test_openings_are_on_record(home: House) -> None:
    openings.add(home.engine, place="x.test", note="", agent=BOSS, now=home.now)
    openings.drop(home.engine, place="x.test", agent=BOSS, now=home.now)
    found = deeds.listed(home.engine, agent=BOSS, prefix="opening.")
    assert [(one.what, one.about) for one in found] == [("opening.dropped", "x.test"), ("opening.added", "x.test")]
    assert deeds.listed(home.engine, agent=BOSS, about="y.test") == []
