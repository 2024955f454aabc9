"""A real Chromium before a real server over a real engine; only the clock is moved by hand.

Set ``CRMFLOW_SHOTS`` to a folder to keep the screenshots of the main pages.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait
from werkzeug.serving import WSGIRequestHandler, make_server

from engine.bpmn import read
from engine.evaluation import HouseEvaluator
from engine.people import groups, users
from engine.people.agent import SYSTEM
from engine.ports import JobAnswer, JobCall
from engine.variants import choose, shipped
from tests.house import House, house
from tests.shared import ROOT
from web.ui.app import create_pages

PASSWORD = "correct horse 9"
PATIENCE = 15
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


SERVICES = {"contacts.suppress": agreed, "contacts.resume": agreed, "complaints.count": counted}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[House]:
    """The shipped complaint process with its variants, a key account and a standard customer."""
    catalogue = tmp_path / "processes"
    shutil.copytree(ROOT / "processes" / "CSS-03", catalogue / "CSS-03")
    shutil.copy(ROOT / "processes" / "groups.json", catalogue / "groups.json")
    evaluator = HouseEvaluator()
    with house(tmp_path, SERVICES, evaluator=evaluator, reader=read.read) as made:
        object.__setattr__(made.engine, "chooser", choose.VariantChooser(made.engine.store.new_id))
        for key in STAFF_GROUPS:
            texts = {"zh-CN": key, "en": key}
            groups.put_group(made.engine, key=key, texts=texts, agent=SYSTEM)
        shipped.install(
            made.engine, path=catalogue, read=lambda data, file: read.read(data, file=file), agent=SYSTEM, now=made.now
        )
        made.customer("ka", number="C-1001", name="华星集团", group="KA", scores={"current": 80, "potential": 20})
        made.customer("st", number="C-3001", name="Müller GmbH", group="ST", scores={"current": 20, "potential": 5})
        yield made
    evaluator.close()


def employ(desk: House, key: str, name: str, locale: str, roles: tuple[str, ...] = ("staff",)) -> None:
    profile = users.Profile(name=name, roles=roles, groups=STAFF_GROUPS, locale=locale)
    users.add_user(desk.engine, key=key, profile=profile, password=PASSWORD, agent=SYSTEM, now=desk.now)


@pytest.fixture
def address(desk: House) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_pages(desk.engine), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=10)


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


@pytest.fixture
def chromium() -> Iterator[webdriver.Chrome]:
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
def browser(chromium: webdriver.Chrome, address: str) -> Desk:
    return Desk(chromium, address)
