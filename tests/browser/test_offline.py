"""A field engineer's phone between two connections: the server is really gone, and really comes back."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from werkzeug.serving import make_server

from engine import facts
from engine.inbox import act, handing
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.performer import Performer
from engine.model.program import Flow, Program
from engine.people.agent import Agent
from tests.browser import axe
from tests.browser.conftest import Desk, Quiet, swept
from tests.house import ANNA, BO, House
from tests.web.conftest import PASSWORD, staffed
from web.ui import shell
from web.ui.app import create_pages

pytestmark = pytest.mark.browser
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 400
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "address": {"type": "string", "readOnly": True, "x-title": {"zh-CN": "地址", "en": "Address"}},
        "found": {
            "type": "string",
            "maxLength": 60,
            "x-title": {"zh-CN": "情况", "en": "What was found"},
            "x-ui": {"widget": "textarea"},
        },
        "hours": {"type": "number", "maximum": 24, "x-title": {"zh-CN": "工时", "en": "Hours"}},
        "photos": {
            "type": "array",
            "items": {"type": "string", "format": "attachment"},
            "x-title": {"zh-CN": "照片", "en": "Photos"},
        },
        "parts": {
            "type": "array",
            "x-title": {"zh-CN": "配件", "en": "Parts"},
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string", "x-title": {"zh-CN": "名称", "en": "Name"}}},
            },
        },
        "outcome": {
            "type": "string",
            "enum": ["mended", "again"],
            "x-title": {"zh-CN": "结果", "en": "Outcome"},
            "x-labels": {"mended": {"zh-CN": "已修好", "en": "Mended"}, "again": {"zh-CN": "再来", "en": "Come again"}},
            "x-ui": {"widget": "actions"},
        },
    },
    "required": ["found", "outcome"],
    "additionalProperties": False,
}


class Line:
    """The server behind one address: there, gone, or torn off in the middle of an answer."""

    def __init__(self, house: House) -> None:
        self.pages = create_pages(house.engine)
        self.pages.config["PARK_SECONDS"] = 0.0  # no screen still waits for news when the house is closed
        for limiter in self.pages.extensions["limiter"]:
            limiter.enabled = False
        self.tear: Callable[[str], bool] = lambda path: False
        self.torn = threading.Event()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.up()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        answer = self.pages(environ, start_response)
        if not self.tear(environ["PATH_INFO"]):
            return answer
        b"".join(answer)  # it was done; nobody hears of it
        self.tear = lambda path: False
        line = environ["werkzeug.socket"]
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.shutdown(socket.SHUT_RDWR)
        self.torn.set()
        raise ConnectionResetError

    def up(self) -> None:
        self.server = make_server("127.0.0.1", self.port, self, threaded=True, request_handler=Quiet)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def down(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(timeout=10)


def visits() -> Program:
    performer = Performer(groups=(Expression(text="sales", language="literal"),))
    texts = {"zh-CN": "上门维修", "en": "Visit and mend"}
    return Program(
        key="visit",
        texts={"zh-CN": "维修", "en": "Repair"},
        nodes=(
            nodes.StartEvent(id="begin"),
            nodes.UserTask(id="visit", name="Visit", texts=texts, performer=performer, form="f"),
            nodes.EndEvent(id="end"),
        ),
        flows=(Flow(id="f1", source="begin", target="visit"), Flow(id="f2", source="visit", target="end")),
        forms={"f": FORM},
    )


class Phone(Desk):
    """Anna's, in the field. ``line`` is what connects it."""

    def __init__(self, driver: webdriver.Chrome, house: House, line: Line) -> None:
        super().__init__(driver, f"http://127.0.0.1:{line.port}")
        self.house, self.line = house, line
        self.resize(390, 844)

    def enter(self, key: str) -> None:
        self.sign_in(key, PASSWORD)
        self.wait(lambda driver: "/login" not in driver.current_url)

    def take_along(self) -> None:
        """The pack, turned on and filled."""
        self.desk()
        self.press_here('[data-part="turn-on"]')
        self.wait(lambda driver: self.find('[data-part="ready"]').is_displayed())

    def desk(self, path: str = "/offline") -> None:
        """The page of what stands on this device, drawn."""
        self.open(path)
        self.find('[data-offline-desk][data-drawn="1"]')

    def job(self, who: Agent = ANNA) -> str:
        """Id of a task of one's own."""
        item = self.house.item(self.house.start("visit", address="长安街 1 号"), "visit").id
        act.claim(self.house.engine, work_item_id=item, agent=who, now=self.house.now)
        return item

    def gone(self, path: str) -> None:
        """The page as it is kept, once the server is gone."""
        self.open(path)
        self.find("html[data-kept]")
        self.wait(lambda driver: self.strip)

    @property
    def strip(self) -> str:
        found = self.driver.find_elements(By.CSS_SELECTOR, "[data-strip]:not([hidden])")
        return str(found[0].text) if found else ""

    def waits(self) -> int:
        """Entries on this device, of whomever."""
        script = """
            const done = arguments[0], asked = indexedDB.open("crmflow", 1);
            asked.onsuccess = () => {
              const all = asked.result.transaction("entries").objectStore("entries").count();
              all.onsuccess = () => done(all.result);
            };"""
        return int(self.driver.execute_async_script(script))

    def mend(self, found: str, *photos: Path) -> None:
        self.fill(found=found)
        for photo in photos:
            self.find('input[type=file][name="f/photos+"]').send_keys(str(photo))
            self.wait(lambda driver: self.waits() > 0)
        self.press('.task .bar .button[value="mended"]')

    def back(self) -> None:
        self.line.up()
        self.driver.execute_script("dispatchEvent(new Event('online'))")

    def status(self, item: str) -> str:
        return self.house.instance(item.rpartition(".")[0]).status


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with staffed(tmp_path_factory.mktemp("field")) as house:
        house.release(visits())
        yield house


@pytest.fixture
def phone(field: House, chromium: webdriver.Chrome) -> Iterator[Phone]:
    line = Line(field)
    made = Phone(chromium, field, line)
    made.enter("anna")
    yield made
    swept(chromium)
    chromium.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": made.address, "storageTypes": "all"})
    line.down()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    (tmp_path / "pump.png").write_bytes(PNG)
    return tmp_path / "pump.png"


def test_a_visit_is_done_in_a_cellar_and_arrives_once_with_its_photos(phone: Phone, photo: Path) -> None:
    item = phone.job()
    phone.take_along()
    phone.line.down()
    phone.gone("/inbox")
    phone.press(f'a.row[href*="{item}"]')
    assert "长安街 1 号" in phone.text
    phone.mend("the seal was worn", photo)
    phone.wait(lambda driver: "1 waiting" in phone.strip)
    assert phone.driver.find_elements(By.CSS_SELECTOR, "a.row .waits")
    assert phone.status(item) == "active"
    phone.house.pass_time(hours=2)
    phone.back()
    phone.wait(lambda driver: phone.status(item) == "completed")
    phone.wait(lambda driver: phone.waits() == 0)
    told = phone.house.facts(item.rpartition(".")[0])
    (done,) = [fact for fact in told if isinstance(fact, facts.WorkItemCompleted)]
    (earlier,) = [fact for fact in told if isinstance(fact, facts.DoneEarlier)]
    assert done.data["found"] == "the seal was worn" and len(done.data["photos"]) == 1
    assert earlier.done_at[:13] == "2026-03-02T09"
    with phone.house.engine.store.reading() as tx:
        assert [one.name for one in tx.attachments.of_instance(item.rpartition(".")[0])] == ["pump.png"]


@pytest.mark.parametrize(("who", "locale"), [(ANNA, "en"), (BO, "zh-CN")])
def test_what_is_kept_is_whole_in_both_languages(phone: Phone, who: Agent, locale: str, photo: Path) -> None:
    phone.enter(who.key)
    item, done = phone.job(who), phone.job(who)
    phone.desk()
    phone.shot(f"offline-off-{locale}")
    phone.resize(390, 844)
    phone.take_along()
    phone.shot(f"offline-on-{locale}")
    assert axe.breaches(phone.driver) == []
    phone.resize(390, 844)
    phone.line.down()
    phone.gone(f"/tasks/{done}")
    phone.press_here('.task .bar .button[value="mended"]')
    phone.find(".notice.device.bad")
    phone.shot(f"offline-needed-{locale}")
    phone.resize(390, 844)
    phone.mend("the pump", photo)
    phone.gone("/inbox")
    phone.shot(f"offline-inbox-{locale}")
    phone.gone(f"/tasks/{done}")
    phone.find(".notice.device")
    phone.shot(f"offline-done-{locale}")
    phone.desk("/cases")
    phone.shot(f"offline-elsewhere-{locale}")
    phone.gone(f"/tasks/{item}")
    phone.shot(f"offline-task-{locale}")
    assert axe.breaches(phone.driver) == []
    assert phone.driver.execute_script("return document.documentElement.scrollWidth") <= 1280
    policy = "return caches.match(location.pathname).then(found => found.headers.get('Content-Security-Policy'))"
    assert "script-src 'self'" in phone.driver.execute_script(policy)


def test_a_sync_that_is_torn_off_in_the_middle_and_comes_again_happens_once(phone: Phone, photo: Path) -> None:
    item = phone.job()
    phone.take_along()
    phone.line.down()
    phone.gone(f"/tasks/{item}")
    phone.find("#comment").send_keys("on my way")
    phone.press_here("form.comment .button")
    phone.wait(lambda driver: "1 waiting" in phone.strip)
    phone.mend("mended", photo)
    phone.wait(lambda driver: phone.waits() == 2)
    phone.line.tear = lambda path: path == "/offline/send"
    phone.back()
    assert phone.line.torn.wait(30)
    # the server has the comment, the phone has not heard of it
    phone.driver.execute_script("dispatchEvent(new Event('online'))")
    phone.wait(lambda driver: phone.waits() == 0)
    told = phone.house.facts(item.rpartition(".")[0])
    assert [fact.text for fact in told if isinstance(fact, facts.Commented)] == ["on my way"]
    assert len([fact for fact in told if isinstance(fact, facts.WorkItemCompleted)]) == 1
    order = [type(fact).__name__ for fact in told if isinstance(fact, facts.Commented | facts.WorkItemCompleted)]
    assert order == ["Commented", "WorkItemCompleted"]


def test_even_the_press_that_the_lift_door_cuts_off_happens_once(phone: Phone) -> None:
    """The page stands as the server gave it; the answer to the press gets lost, and the server with it."""
    item = phone.job()
    phone.take_along()
    phone.open(f"/tasks/{item}")
    phone.find(".task[data-ready]")
    phone.fill(found="in a hurry")
    phone.line.tear = lambda path: path == "/offline/send"
    phone.press('.task .bar .button[value="mended"]')
    assert phone.line.torn.is_set() and phone.status(item) == "completed"
    phone.driver.execute_script("dispatchEvent(new Event('online'))")
    phone.wait(lambda driver: phone.waits() == 0)
    told = phone.house.facts(item.rpartition(".")[0])
    assert len([fact for fact in told if isinstance(fact, facts.WorkItemCompleted)]) == 1


def test_what_somebody_else_did_meanwhile_is_a_conflict_that_keeps_what_was_entered(phone: Phone) -> None:
    who, other = BO, ANNA
    phone.enter(who.key)
    over, taken = phone.job(who), phone.job(who)
    phone.take_along()
    phone.line.down()
    for item, words in ((over, "worn seal"), (taken, "loose wire")):
        phone.gone(f"/tasks/{item}")
        phone.mend(words)
    house = phone.house
    act.release(house.engine, work_item_id=over, agent=who, now=house.now)
    done = {"found": "by the other", "outcome": "mended"}
    act.complete(house.engine, work_item_id=over, data=done, agent=other, now=house.now)
    handing.transfer(house.engine, work_item_id=taken, to=other.key, reason="", agent=who, now=house.now)
    phone.back()
    phone.wait(lambda driver: "2 项需要处理" in phone.strip)
    assert phone.status(over) == "completed" and phone.status(taken) == "active"
    phone.desk()
    phone.wait(lambda driver: len(driver.find_elements(By.CSS_SELECTOR, ".entry")) == 2)
    assert "worn seal" in phone.text and "loose wire" in phone.text
    assert "Anna 已先您一步完成" in phone.text and "Anna 已先您一步领取" in phone.text
    phone.shot("offline-conflict")
    assert axe.breaches(phone.driver) == []
    phone.resize(390, 844)
    phone.press_here('.entry [data-is="discard"]')
    phone.driver.switch_to.alert.accept()
    phone.wait(lambda driver: len(driver.find_elements(By.CSS_SELECTOR, ".entry")) == 1)
    assert phone.waits() == 1


def test_a_value_that_is_refused_opens_again_with_everything_and_is_mended(phone: Phone, photo: Path) -> None:
    item = phone.job()
    phone.take_along()
    phone.line.down()
    phone.gone(f"/tasks/{item}")
    phone.press_here("[data-add]")
    phone.find('[name="f/parts/0/name"]').send_keys("seal")
    phone.find('[name="f/parts/1/name"]').send_keys("screw")
    phone.fill(hours="30")
    phone.mend("too long a day", photo)
    phone.back()
    phone.wait(lambda driver: "1 to look at" in phone.strip)
    assert phone.status(item) == "active"
    phone.desk()
    phone.press('.entry [data-is="reopen"]')
    phone.find(".notice.device")
    assert phone.find('[name="f/found"]').get_attribute("value") == "too long a day"
    assert phone.find('[name="f/parts/1/name"]').get_attribute("value") == "screw"
    phone.find(".task[data-ready]")
    phone.fill(hours="3")
    phone.press('.task .bar .button[value="mended"]')
    phone.wait(lambda driver: phone.status(item) == "completed")
    (done,) = [fact for fact in phone.house.facts(item.rpartition(".")[0]) if isinstance(fact, facts.WorkItemCompleted)]
    assert (done.data["hours"], done.data["parts"]) == (3, [{"name": "seal"}, {"name": "screw"}])
    assert len(done.data["photos"]) == 1
    phone.wait(lambda driver: phone.waits() == 0)


def test_what_was_typed_and_photographed_outlives_the_browser_s_page(phone: Phone, photo: Path) -> None:
    item = phone.job()
    phone.take_along()
    phone.line.down()
    phone.gone(f"/tasks/{item}")
    phone.fill(found="half a thought")
    phone.find('input[type=file][name="f/photos+"]').send_keys(str(photo))
    phone.wait(lambda driver: phone.waits() == 1)
    (before,) = phone.driver.window_handles
    phone.driver.switch_to.new_window("tab")
    after = phone.driver.current_window_handle
    phone.driver.switch_to.window(before)
    phone.driver.close()
    phone.driver.switch_to.window(after)
    phone.resize(390, 844)
    phone.gone(f"/tasks/{item}")
    phone.find(".notice.device")
    assert phone.find('[name="f/found"]').get_attribute("value") == "half a thought"
    names = "return [...document.querySelector('[name=\"f/photos+\"]').files].map(file => file.name)"
    assert phone.driver.execute_script(names) == ["pump.png"]
    phone.line.up()
    phone.open("/inbox")
    phone.wait(lambda driver: phone.waits() == 0)
    detail = phone.house.item(item.rpartition(".")[0], "visit")
    assert detail.draft is not None and detail.draft["found"] == "half a thought"
    assert len(detail.draft["photos"]) == 1


def test_who_signs_out_leaves_nothing_and_the_next_person_sees_nothing(phone: Phone) -> None:
    item = phone.job()
    phone.take_along()
    phone.line.down()
    phone.gone(f"/tasks/{item}")
    phone.mend("for my eyes only")
    phone.wait(lambda driver: phone.waits() == 1)
    # The session ends before anything could be sent.
    phone.driver.delete_all_cookies()
    phone.line.up()
    phone.open("/inbox")
    phone.wait(lambda driver: "/login" in driver.current_url)
    phone.wait(lambda driver: driver.execute_async_script(PACKS) == [])
    assert phone.waits() == 1 and "for my eyes only" not in phone.driver.execute_async_script(RAW)
    phone.enter("bo")
    phone.desk()
    phone.find('[data-part="nothing"]')
    assert "for my eyes only" not in phone.text and phone.strip == ""
    assert phone.waits() == 1
    phone.enter("anna")
    phone.wait(lambda driver: phone.status(item) == "completed")
    phone.wait(lambda driver: phone.waits() == 0)


def test_signing_out_with_something_unsent_asks_first(phone: Phone) -> None:
    item = phone.job()
    phone.take_along()
    phone.line.down()
    phone.gone(f"/tasks/{item}")
    phone.press_here('.bar .on-phone[form="release"]')
    phone.wait(lambda driver: "This needs a connection" in phone.strip)
    phone.mend("still here")
    phone.wait(lambda driver: phone.waits() == 1)
    phone.desk("/account")
    assert "That page needs a connection" in phone.text
    phone.driver.execute_script("document.querySelector('form[action$=\"/logout\"]').requestSubmit()")
    phone.wait(lambda driver: phone.find('[data-part="leave"]').is_displayed())
    assert phone.waits() == 1


def test_what_another_secret_sealed_says_so_and_nothing_breaks(phone: Phone) -> None:
    item = phone.job()
    phone.take_along()
    phone.line.down()
    phone.gone(f"/tasks/{item}")
    phone.mend("sealed")
    phone.wait(lambda driver: phone.waits() == 1)
    assert phone.driver.execute_async_script(OTHER_SECRET) == "changed"
    phone.desk()
    phone.wait(lambda driver: "can only be thrown away" in phone.text)
    assert "sealed" not in phone.text and not phone.find('.entry [data-is="reopen"]').is_displayed()
    phone.back()  # with the connection comes the right one again
    phone.wait(lambda driver: phone.status(item) == "completed")


def test_another_build_takes_the_place_of_the_old_one_whole(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    item = phone.job()
    phone.take_along()
    monkeypatch.setattr(shell, "build", lambda: "another")
    phone.open("/inbox")
    phone.driver.execute_async_script(UPDATE)
    phone.wait(lambda driver: driver.execute_async_script(CACHES) == ["pack-another", "shell-another"])
    phone.wait(lambda driver: driver.execute_async_script(AS_OF))
    phone.line.down()
    phone.gone(f"/tasks/{item}")
    assert "长安街 1 号" in phone.text


UPDATE = "navigator.serviceWorker.getRegistration().then(one => one.update()).then(() => arguments[0](true))"
CACHES = "caches.keys().then(names => arguments[0](names.sort()))"
AS_OF = "caches.match('/offline/as-of').then(found => arguments[0](Boolean(found)))"
PACKS = "caches.keys().then(names => arguments[0](names.filter(name => name.startsWith('pack-'))))"
OTHER_SECRET = """
const done = arguments[0], asked = indexedDB.open("crmflow", 1);
asked.onsuccess = async () => {
  const secret = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const known = asked.result.transaction("known", "readwrite").objectStore("known");
  known.put(secret, "secret").onsuccess = () => done("changed");
};"""
RAW = """
const done = arguments[0], asked = indexedDB.open("crmflow", 1);
asked.onsuccess = () => {
  const all = asked.result.transaction("entries").objectStore("entries").getAll();
  all.onsuccess = () => done(all.result.map(one => [one.body.bytes, one.view.bytes].map(bytes =>
    new TextDecoder("latin1").decode(bytes))).join());
};"""
