"""No page is broken for anybody: light or dark, at a desk or on a phone, in Chinese or English, on paper.

The pages are those of tests/web/test_pages.py, which forgets none; each is opened once for each language, and looked at
in its widths and colours as it stands.
"""

import base64
import re
from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from tests.browser import axe
from tests.browser.conftest import Desk, served, swept
from tests.browser.test_access import colours
from tests.house import House
from tests.kernel.models import node, program
from tests.web.conftest import PASSWORD, staffed
from tests.web.furnished import furnish
from tests.web.test_pages import DATA, GETS, speak

pytestmark = pytest.mark.browser
NARROWEST, PHONE, TABLET, WIDE = 360, 390, 768, 1280
FAILURES = ("/nowhere", "/cases/none", "/tasks/none.1")


class Site:
    """A furnished house, its server and its pages' addresses."""

    def __init__(self, house: House, address: str, made: dict[str, str]) -> None:
        self.house, self.address = house, address
        self.made = made
        self.pages = {name: GETS[name][0].format(**made, me="boss") for name in GETS if name not in DATA}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with staffed(tmp_path_factory.mktemp("site")) as house:
        made = furnish(house)
        with served(house) as address:
            yield Site(house, address, made)


@pytest.fixture(params=["zh-CN", "en"])
def boss(request: pytest.FixtureRequest, site: Site, chromium: webdriver.Chrome) -> Iterator[Desk]:
    speak(site.house, "boss", request.param)
    desk = Desk(chromium, site.address)
    desk.sign_in("boss", PASSWORD)
    yield desk
    swept(chromium)


def wrong(desk: Desk, name: str) -> Iterator[str]:
    """What is wrong with the page that is open."""
    desk.resize(WIDE, 860)
    colours(desk, "light")
    yield from (f"{name} light {breach}" for breach in axe.breaches(desk.driver))
    for width in (TABLET, PHONE, NARROWEST):
        desk.resize(width, 844)
        wide = desk.driver.execute_script("return document.documentElement.scrollWidth")
        if wide > width:
            yield f"{name} at {width}: {wide} px wide"
    desk.resize(PHONE, 844)
    colours(desk, "dark")
    yield from (f"{name} dark, phone {breach}" for breach in axe.breaches(desk.driver, "color-contrast"))


CUT_DATES = """
const dates = [...document.querySelectorAll("input[type=date]")].filter(one => one.checkVisibility());
return dates.filter(one => one.offsetWidth < 128).length;
"""


def test_no_page_is_broken_in_any_light_or_width(site: Site, boss: Desk, request: pytest.FixtureRequest) -> None:
    found = []
    locale = request.node.callspec.params["boss"]
    for name, page in [*site.pages.items(), *((page.strip("/").replace("/", "-"), page) for page in FAILURES)]:
        boss.open(page)
        boss.shot(f"page-{name}-{locale}")
        assert boss.driver.execute_script(CUT_DATES) == 0, f"{name}: a date is cut"
        found += wrong(boss, name)
    assert not found, "\n".join(found)
    assert [told for told in boss.complaints() if "404" not in told] == []


def test_nobody_signed_in_finds_the_door_whole(site: Site, chromium: webdriver.Chrome) -> None:
    desk = Desk(chromium, site.address)
    desk.open("/login")
    assert list(wrong(desk, "login")) == []
    swept(chromium)


REACH = """
const button = document.querySelector(".bar .button.primary:not([disabled]), .reach .button.primary:not([disabled])");
const rim = button?.getBoundingClientRect();
const hit = rim && document.elementFromPoint(rim.left + rim.width / 2, rim.top + rim.height / 2);
return Boolean(hit) && (hit === button || button.contains(hit));
"""
MAIN_ACTIONS = {
    "anna": (
        "/tasks/{item_id}",
        "/tasks/{claimed}",
        "/cases/{instance_id}",
        "/start/quote?customer=c-1",
        "/account/keys",
    ),
    "boss": ("/groups/draft", "/designer/fresh/1/decisions/rate", "/variants/quote/KA"),
}


@pytest.mark.parametrize("who", MAIN_ACTIONS)
def test_on_a_phone_the_main_action_stays_in_reach(site: Site, chromium: webdriver.Chrome, who: str) -> None:
    desk = Desk(chromium, site.address)
    desk.sign_in(who, PASSWORD)
    desk.resize(PHONE, 844)
    for page in MAIN_ACTIONS[who]:
        desk.open(page.format(**site.made))
        desk.keep(f"reach{page.format(**site.made).replace('/', '-').split('?')[0]}")
        for part in (0, 0.5, 1):
            desk.driver.execute_script(f"scrollTo(0, {part} * document.documentElement.scrollHeight)")
            assert desk.driver.execute_script(REACH), f"{page} at {part}"
    swept(chromium)


@pytest.mark.parametrize("page", ["/groups/draft", "/designer/fresh/1/decisions/rate"])
def test_on_a_phone_a_rule_keeps_its_name_in_sight(site: Site, chromium: webdriver.Chrome, page: str) -> None:
    desk = Desk(chromium, site.address)
    desk.sign_in("boss", PASSWORD)
    desk.resize(PHONE, 844)
    desk.open(page)
    scrolled, left = desk.driver.execute_script("""
        const box = document.querySelector(".grid").closest(".scroll");
        box.scrollLeft = 150;
        const cell = box.querySelector("tbody tr > :first-child, thead th").getBoundingClientRect();
        return [box.scrollLeft, cell.left - box.getBoundingClientRect().left];
    """)
    assert scrolled == 150 and 0 <= left < 3
    swept(chromium)


GONE = ".rail, .topbar, .tabs-bottom, .bar, .list-pane, .skip, form.comment, button"


@pytest.mark.parametrize("page", ["inbox.task", "cases.show"])
def test_paper_shows_the_work_alone_in_black_on_white(site: Site, boss: Desk, page: str) -> None:
    colours(boss, "dark")
    boss.open(site.pages[page])
    on_paper(boss)
    boss.keep(f"print-{page}-{boss.driver.find_element('tag name', 'html').get_attribute('lang')}")
    seen = "filter(one => one.checkVisibility()).map(one => one.outerHTML)"
    script = f"return [...document.querySelectorAll({GONE!r})].{seen}"
    assert boss.driver.execute_script(script) == []
    ground, ink = boss.driver.execute_script(
        "const style = getComputedStyle(document.body); return [style.backgroundColor, style.color];"
    )
    assert (ground, ink) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")
    assert boss.driver.execute_script("return document.documentElement.scrollWidth") <= 794


OUTSIDE = """
const ground = document.querySelector(".drawing").getBoundingClientRect();
const rims = [...document.querySelectorAll(".drawing .djs-shape")].map(one => one.getBoundingClientRect());
return [rims.length, rims.filter(one => one.left < ground.left || one.right > ground.right
  || one.top < ground.top || one.bottom > ground.bottom).length];
"""


@pytest.mark.parametrize("page", ["cases.show", "processes.show"])
def test_on_paper_the_whole_drawing_stands(site: Site, chromium: webdriver.Chrome, page: str) -> None:
    desk = Desk(chromium, site.address)
    desk.sign_in("boss", PASSWORD)
    desk.resize(PHONE, 844)
    desk.open(site.pages[page])
    desk.find('[data-drawn="1"]')
    for _ in range(8):  # until the screen shows a part of it only
        desk.press_here("[data-zoom=in]")
    shown = desk.find(".drawing .viewport").get_attribute("transform")
    assert desk.driver.execute_script(OUTSIDE)[1] > 0
    on_paper(desk)
    desk.keep(f"print-drawing-{page}")
    shapes, cut = desk.driver.execute_script(OUTSIDE)
    assert shapes > 3 and cut == 0
    signs = desk.driver.find_elements(By.CSS_SELECTOR, ".drawing .inked")
    assert all(sign.is_displayed() for sign in signs) and bool(signs) == (page == "cases.show")
    desk.driver.execute_script("dispatchEvent(new Event('afterprint'))")
    desk.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert desk.driver.find_elements(By.CSS_SELECTOR, ".djs-container > svg[viewBox]") == []
    assert desk.find(".drawing .viewport").get_attribute("transform") == shown
    assert not any(sign.is_displayed() for sign in signs)
    swept(chromium)


@pytest.mark.parametrize(("steps", "turned"), [(3, False), (14, True)])
def test_a_long_drawing_has_a_page_of_its_own_turned(
    site: Site, chromium: webdriver.Chrome, steps: int, turned: bool
) -> None:
    names = [f"t{number}" for number in range(steps)]
    way = " > ".join(["s", *names, "e"])
    made = program("start s", *(node(f"user {name}") for name in names), "end e", flow=[way], key=f"steps-{steps}")
    site.house.release(made)
    desk = Desk(chromium, site.address)
    desk.sign_in("boss", PASSWORD)
    desk.open(f"/processes/steps-{steps}")
    desk.find('[data-drawn="1"]')
    printed = desk.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", base64.b64decode(printed))
    assert sizes and any(float(width) > float(height) for width, height in sizes) is turned
    swept(chromium)


def on_paper(desk: Desk) -> None:
    """As the browser lays it out to print on A4 at 96 dpi."""
    desk.resize(794, 1123)
    desk.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    desk.driver.execute_script("dispatchEvent(new Event('beforeprint'))")
