"""The pages of the world outside, full and empty, on a desk and on a phone, in both languages."""

import dataclasses
from pathlib import Path

import pytest

from engine.connectors import keep as connectors
from engine.settings import Settings
from engine.trust import credentials, openings
from engine.webhooks import keep as webhooks
from tests.browser import axe
from tests.browser.conftest import Desk, employ
from tests.house import BOSS, House

pytestmark = pytest.mark.browser


def furnish(desk: House, folder: Path) -> list[str]:
    """One of each kind, with the longest words that people write; the pages that show them."""
    settings = Settings(data_dir=folder, credentials_key="a key for tests that is long enough 01")
    desk.engine = dataclasses.replace(desk.engine, settings=settings)
    given = {"agent": BOSS, "now": desk.now}
    openings.add(desk.engine, place="10.20.0.0/16", note="ERP 与仓库 / ERP and warehouse", **given)  # type: ignore[arg-type]
    login = credentials.Draft(kind="bearer", hosts=("api.example.com", "*.orders.example.com"))
    credentials.add(desk.engine, name="erp-login", draft=login, secret="s3cret", **given)  # type: ignore[arg-type]
    url = "https://api.example.com/v2/customers/{customer.number}/orders/{orderId}/confirmations"
    order = {"url": url, "method": "POST", "result": "={id: body.id}"}
    connectors.put(desk.engine, name="order", kind="http", settings=order, note="订单确认", **given)  # type: ignore[arg-type]
    hook = webhooks.Draft(
        name="仓库 / warehouse", url=url.partition("{")[0] + "events", events=("instance.*", "task.*")
    )
    made, _ = webhooks.add(desk.engine, draft=hook, **given)  # type: ignore[arg-type]
    return ["/outside", f"/outside/webhooks/{made.id}", "/outside/connectors/order", "/outside/credentials/erp-login"]


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_pages_fit_and_everybody_can_use_them(desk: House, browser: Desk, tmp_path: Path, locale: str) -> None:
    employ(desk, "anna", "Anna", locale, ("admin",))
    pages = furnish(desk, tmp_path)
    browser.sign_in("anna")
    found = []
    for page in pages:
        browser.open(page)
        browser.find("h1")
        for width in (390, 1280):
            browser.resize(width, 844)
            wide = browser.driver.execute_script("return document.documentElement.scrollWidth")
            found += [f"{page} is {wide} wide at {width}"] if wide > width else []
            found += [f"{page} {width} {breach}" for breach in axe.breaches(browser.driver)]
        browser.shot(f"outside-{pages.index(page)}-{locale}")
    assert found == []
    assert browser.complaints() == []
