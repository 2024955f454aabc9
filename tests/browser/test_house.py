"""Files of cases and calendars in a real browser."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By

from engine.model import nodes
from engine.model.expression import Expression
from engine.model.performer import Performer
from engine.model.program import Flow, Program
from tests.browser.conftest import Desk, employ
from tests.house import House

pytestmark = pytest.mark.browser
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "contract": {"type": "string", "format": "attachment", "x-title": {"zh-CN": "合同", "en": "Contract"}},
        "note": {"type": "string", "maxLength": 200, "x-title": {"zh-CN": "备注", "en": "Note"}},
    },
    "required": ["contract"],
    "additionalProperties": False,
}


def filing(desk: House) -> str:
    """A case that waits for a file; the address of its task."""
    legal = Performer(groups=(Expression(text="legal", language="literal"),))
    texts = {"zh-CN": "归档合同", "en": "File the contract"}
    desk.release(
        Program(
            key="filing",
            texts={"zh-CN": "合同归档", "en": "Filing"},
            nodes=(
                nodes.StartEvent(id="begin"),
                nodes.UserTask(id="file", name="File", texts=texts, performer=legal, form="f"),
                nodes.EndEvent(id="end"),
            ),
            flows=(Flow(id="f1", source="begin", target="file"), Flow(id="f2", source="file", target="end")),
            forms={"f": FORM},
        ),
        start={"customer_required": False},
    )
    desk.customer("c-1")
    return f"/tasks/{desk.item(desk.start('filing'), 'file').id}"


@pytest.mark.parametrize(("locale", "width"), [("zh-CN", 390), ("en", 1280)])
def test_a_file_is_kept_as_soon_as_it_is_chosen(
    desk: House, browser: Desk, tmp_path: Path, locale: str, width: int
) -> None:
    employ(desk, "anna", "Anna Berg", locale)
    task = filing(desk)
    (tmp_path / "合同.pdf").write_bytes(b"%PDF-1.7 contract")
    browser.sign_in("anna")
    browser.resize(width, 860)
    browser.open(task)
    browser.press('form[action$="/claim"] button')
    browser.fill(note="typed before")
    page = browser.find("html")
    browser.find('input[type=file][name="f/contract+"]').send_keys(str(tmp_path / "合同.pdf"))
    browser.wait(lambda driver: driver.find_element(By.TAG_NAME, "html") != page)
    assert browser.find(".kept-files .kept a").text == "合同.pdf"
    assert browser.find('[name="f/note"]').get_attribute("value") == "typed before"
    browser.press(".task .bar .button.primary")
    assert not browser.driver.find_elements(By.CSS_SELECTOR, ".notice.bad"), browser.text
    with desk.engine.store.reading() as tx:
        case = task.removeprefix("/tasks/").partition(".")[0]
        assert [one.name for one in tx.attachments.of_instance(case)] == ["合同.pdf"]
    assert desk.instance(case).status == "completed"


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_files_stand_beside_the_task_and_on_the_case_page(
    desk: House, browser: Desk, tmp_path: Path, locale: str
) -> None:
    employ(desk, "anna", "Anna Berg", locale)
    task = filing(desk)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    browser.sign_in("anna")
    browser.open(task)
    browser.find("#new-file").send_keys(f"{tmp_path}/a.txt\n{tmp_path}/b.txt")
    browser.press(".upload .button")
    assert browser.driver.current_url.endswith("#files") and "/tasks/" in browser.driver.current_url
    assert [link.text for link in browser.driver.find_elements(By.CSS_SELECTOR, ".files a")] == ["a.txt", "b.txt"]
    browser.open(f"/cases/{task.removeprefix('/tasks/').partition('.')[0]}")
    browser.press_here(".files summary")
    browser.press(".files details[open] .button.danger")
    assert [link.text for link in browser.driver.find_elements(By.CSS_SELECTOR, ".files a")] == ["b.txt"]


def test_a_day_off_moves_what_would_be_due(desk: House, browser: Desk) -> None:
    employ(desk, "boss", "Boss", "zh-CN", ("admin",))
    browser.sign_in("boss")
    asked = "/calendars/cn-5x8?month=2026-03&start=2026-03-02T17:00&amount=2&unit=hours"
    browser.open(asked)
    assert "2026-03-03 10:00" in browser.text
    browser.press('table.month a[href*="day=2026-03-03"]')
    browser.press_here('[name="kind"][value="holiday"]')
    browser.find("#day-zh").send_keys("厂庆")
    browser.press('button[value="day"]')
    browser.open(asked)
    assert "2026-03-04 10:00" in browser.text and "厂庆" in browser.text
    desk.clock.advance(timedelta(seconds=1))
