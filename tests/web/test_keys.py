"""The page of keys: changed, switched off, refused at their boxes, known to every page."""

import html
import json

import pytest

from engine.people import shortcuts
from tests.web.conftest import Browser, words

HERE = "/account/keys"


def known(browser: Browser) -> dict[str, str]:
    """What a page tells its script."""
    page = browser.get("/cases").text
    told: dict[str, str] = json.loads(html.unescape(page.partition('data-shortcuts="')[2].partition('"')[0]))
    return told


def save(browser: Browser, on: bool = True, **keys: str) -> int:
    sent = {**shortcuts.DEFAULTS, **keys, "do": "save", **({"on": "on"} if on else {})}
    return browser.post(HERE, sent, page=HERE).status_code


def test_a_changed_key_is_told_to_every_page_and_stands_in_the_help(anna: Browser, bo: Browser) -> None:
    assert known(anna) == shortcuts.DEFAULTS
    assert save(anna, claim="q", undo="") == 303
    assert (known(anna)["claim"], known(anna)["undo"]) == ("q", "")
    assert "<kbd>q</kbd>" in anna.get("/inbox").text and "<kbd>z</kbd>" not in anna.get("/inbox").text
    assert known(bo) == shortcuts.DEFAULTS


def test_all_are_switched_off_and_as_shipped_again(anna: Browser) -> None:
    assert save(anna, on=False, claim="q") == 303
    assert set(known(anna).values()) == {""}
    assert "Single keys are switched off" in words(anna.get("/inbox"))
    assert 'value="q"' in anna.get(HERE).text, "what was chosen is still there"
    assert anna.post(HERE, {"do": "shipped"}, page=HERE).status_code == 303
    assert known(anna) == shortcuts.DEFAULTS


@pytest.mark.parametrize("key", ["a", "qq", "g", '"><'])
def test_a_key_that_cannot_be_used_is_told_at_its_box(anna: Browser, key: str) -> None:
    assert save(anna, claim=key) == 422
    assert known(anna) == shortcuts.DEFAULTS


def test_a_stranger_has_no_keys(stranger: Browser) -> None:
    assert "data-shortcuts" not in stranger.get("/login").text
