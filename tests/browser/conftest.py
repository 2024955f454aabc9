"""A real Chromium before a real server over a real engine; only the clock is moved by hand.

Set ``CRMFLOW_SHOTS`` to a folder to keep the screenshots of the main pages.
"""

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import argon2
import pytest
from selenium import webdriver
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait
from werkzeug.serving import WSGIRequestHandler, make_server

from engine.bpmn import read
from engine.evaluation import HouseEvaluator
from engine.people import groups, passwords, users
from engine.people.agent import SYSTEM
from engine.ports import JobAnswer, JobCall
from engine.variants import shipped
from tests.house import House, house
from tests.shared import ROOT
from web.ui.app import create_pages

PASSWORD = "correct horse 9"
PATIENCE = 45
STAFF_GROUPS = (
    "complaint_desk", "cs_leads", "cs_managers", "directors", "executives", "finance", "legal", "logistics",
    "ombudsman", "product_department", "quality", "sales_managers", "service_department",
)  # fmt: skip


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Requests are not news."""


def counted(call: JobCall) -> JobAnswer:
    return JobAnswer(data={"same_cause_this_month": 1})


def agreed(call: JobCall) -> JobAnswer:
    return JobAnswer()


@pytest.fixture(scope="package", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Argon2 as ever, but made for many logins: what it costs is tested in tests/unit/people."""
    kept, passwords._HASHER = passwords._HASHER, argon2.PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
    yield
    passwords._HASHER = kept


SERVICES = {"contacts.suppress": agreed, "contacts.resume": agreed, "complaints.count": counted}


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database with the shipped complaint process, its variants and the staff groups; made once."""
    folder = tmp_path_factory.mktemp("installed")
    catalogue = folder / "processes"
    shutil.copytree(ROOT / "processes" / "CSS-03", catalogue / "CSS-03")
    shutil.copy(ROOT / "processes" / "groups.json", catalogue / "groups.json")
    evaluator = HouseEvaluator()
    with house(folder, SERVICES, evaluator=evaluator, reader=read.read) as made:
        for key in STAFF_GROUPS:
            groups.put_group(made.engine, key=key, texts={"zh-CN": key, "en": key}, agent=SYSTEM)
        shipped.install(
            made.engine, path=catalogue, read=lambda data, file: read.read(data, file=file), agent=SYSTEM, now=made.now
        )
    evaluator.close()
    with closing(sqlite3.connect(folder / "house.db")) as database:
        database.execute("VACUUM INTO ?", (str(folder / "whole.db"),))
    return (folder / "whole.db").read_bytes()


@contextmanager
def complaints(folder: Path, installed: bytes) -> Iterator[House]:
    """The shipped complaint process with its variants, a key account and a standard customer."""
    (folder / "house.db").write_bytes(installed)
    evaluator = HouseEvaluator()
    with house(folder, SERVICES, evaluator=evaluator, reader=read.read) as made:
        made.customer("ka", number="C-1001", name="华星集团", group="KA", scores={"current": 80, "potential": 20})
        made.customer("st", number="C-3001", name="Müller GmbH", group="ST", scores={"current": 20, "potential": 5})
        yield made
    evaluator.close()


@pytest.fixture
def desk(tmp_path: Path, installed: bytes) -> Iterator[House]:
    with complaints(tmp_path, installed) as made:
        yield made


def employ(desk: House, key: str, name: str, locale: str, roles: tuple[str, ...] = ("staff",)) -> None:
    profile = users.Profile(name=name, roles=roles, groups=STAFF_GROUPS, locale=locale)
    users.add_user(desk.engine, key=key, profile=profile, password=PASSWORD, agent=SYSTEM, now=desk.now)


@contextmanager
def served(desk: House) -> Iterator[str]:
    pages = create_pages(desk.engine)
    for limiter in pages.extensions["limiter"]:
        limiter.enabled = False  # a quick module signs in more often in a real minute than people from one address
    server = make_server("127.0.0.1", 0, pages, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)


@pytest.fixture
def address(desk: House) -> Iterator[str]:
    with served(desk) as found:
        yield found


@contextmanager
def driver() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--lang=zh-CN"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        yield made
    finally:
        made.quit()


@pytest.fixture(scope="package")
def chromium() -> Iterator[webdriver.Chrome]:
    """One for all: starting one takes longer than most tests. Each test's server is an origin of its own."""
    with driver() as made:
        yield made


class Desk:
    """What a member of staff does in the browser."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver = driver
        self.address = address
        self.resize(1280, 860)

    def resize(self, width: int, height: int) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def open(self, path: str) -> None:
        self.driver.get(self.address + path)

    def find(self, css: str) -> WebElement:
        return self.wait(lambda driver: driver.find_element(By.CSS_SELECTOR, css))

    def wait(self, until: Any) -> Any:
        waiting = WebDriverWait(self.driver, PATIENCE, ignored_exceptions=[Exception])
        return waiting.until(until)

    def sign_in(self, key: str, password: str = PASSWORD) -> None:
        self.driver.delete_all_cookies()
        self.open("/login")
        self.find("#key").send_keys(key)
        self.find("#password").send_keys(password)
        self.press("form.form .button.primary")

    def press(self, css: str) -> None:
        """Presses and waits until the page that comes of it stands."""
        page = self.driver.find_element(By.TAG_NAME, "html")
        button = self.find(css)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
        button.click()
        self.wait(lambda driver: driver.find_element(By.TAG_NAME, "html") != page)
        self.wait(lambda driver: driver.execute_script("return document.readyState") == "complete")

    def press_here(self, css: str) -> None:
        """Presses what leads to no other page."""
        button = self.find(css)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
        button.click()

    def fill(self, **values: Any) -> None:
        for name, value in values.items():
            box = self.find(f'[name="f/{name}"]:not([type=hidden])')
            if box.tag_name == "select":
                Select(box).select_by_value(str(value))
            elif box.get_attribute("type") in ("checkbox", "radio"):
                chosen = f'[name="f/{name}"][value="{value}"]' if box.get_attribute("type") == "radio" else None
                target = self.find(chosen) if chosen else box
                if target.is_selected() is not bool(value):
                    target.click()
            else:
                self.driver.execute_script("arguments[0].value = ''", box)
                box.send_keys(str(value))

    def do_next(self, **values: Any) -> str:
        """Opens the first task of mine, else claims one; fills it in and completes it. The task's title."""
        self.open("/inbox")
        if not self.driver.find_elements(By.CSS_SELECTOR, "a.row"):
            self.open("/inbox/open")
        self.open(self.find("a.row").get_attribute("href").removeprefix(self.address))
        title = str(self.find(".detail h1").text)
        if self.driver.find_elements(By.CSS_SELECTOR, 'form[action$="/claim"]'):
            self.press('form[action$="/claim"] button')
        self.fill(**values)
        self.press(".task .bar .button.primary")
        refused = self.driver.find_elements(By.CSS_SELECTOR, ".notice.bad, .notice.warn")
        assert not refused, self.text
        return title

    @property
    def text(self) -> str:
        return str(self.find("body").text)

    def shot(self, name: str) -> None:
        folder = os.environ.get("CRMFLOW_SHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            for width, height in ((1280, 860), (390, 844)):
                self.resize(width, height)
                self.driver.save_screenshot(f"{folder}/{name}-{width}.png")
            self.resize(1280, 860)

    def keep(self, name: str) -> None:
        """A screenshot of the window as it is now."""
        folder = os.environ.get("CRMFLOW_SHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.driver.save_screenshot(f"{folder}/{name}.png")

    def complaints(self) -> list[str]:
        """What the browser's console has against the pages: policy breaches, script errors, missing files."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]


@pytest.fixture
def browser(chromium: webdriver.Chrome, address: str) -> Iterator[Desk]:
    yield Desk(chromium, address)
    swept(chromium)


def swept(chromium: webdriver.Chrome) -> None:
    """As it was when it started: nothing of a test is left to the next one."""
    first, *more = chromium.window_handles
    for handle in more:
        chromium.switch_to.window(handle)
        chromium.close()
    chromium.switch_to.window(first)
    chromium.execute_cdp_cmd("Page.navigate", {"url": "about:blank"})
    with suppress(NoAlertPresentException):
        chromium.switch_to.alert.accept()  # "leave the page?"
    chromium.execute_cdp_cmd("Network.clearBrowserCookies", {})
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    chromium.get_log("browser")
