"""A company with nothing in it yet: every list says what would stand there, and those who may are led on."""

import re
from collections.abc import Callable

import pytest

from tests.web.conftest import Browser, words

Enter = Callable[[str], Browser]
LISTS = (
    "/inbox", "/inbox/open", "/inbox/done", "/inbox/drafts", "/inbox/started", "/inbox/copied", "/notices", "/cases",
    "/customers", "/matrix", "/groups", "/designer", "/migrations", "/calendars", "/campaigns", "/outside",
    "/operations", "/audit", "/packs", "/uses", "/feedback/all",
)  # fmt: skip


@pytest.mark.parametrize("place", LISTS)
def test_no_list_of_an_empty_house_is_an_error(place: str, sign_in: Enter) -> None:
    answer = sign_in("boss").get(place)
    assert answer.status_code == 200 and "Not possible as things stand" not in words(answer)


def test_the_administrator_s_first_page_leads_on(sign_in: Enter) -> None:
    boss = sign_in("boss")
    assert boss.get("/").headers["Location"] == "/matrix"
    page = boss.get("/matrix").text
    main = page[page.index("<main") :]
    for place in ("/packs", "/designer/new", "/groups"):
        assert re.search(f'class="button[^"]*" href="{place}"', main), place


def test_who_may_not_draw_is_not_led_there(anna: Browser) -> None:
    page = anna.get("/customers").text
    assert "No customers yet" in page and 'href="/designer/new"' not in page


def test_a_search_that_finds_nobody_says_so(anna: Browser) -> None:
    assert "Try another name or number" in words(anna.get("/customers?q=nobody"))
