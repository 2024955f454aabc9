"""A day at the desk in a real browser: the stories of staff, on a phone and at a desk, in Chinese and in English.

Which story is walked where stands in tests/browser/stories.py.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from engine.inbox import act, untouched
from engine.people import groups, users
from engine.people.agent import SYSTEM
from tests.browser.conftest import Desk, served, swept
from tests.house import ANNA, BO, House
from tests.web.conftest import PASSWORD, quote_program, staffed
from tests.web.test_pages import speak

pytestmark = pytest.mark.browser
PLACES = [("zh-CN", 390), ("en", 1280)]
CROSSWISE = [("zh-CN", 1280), ("en", 390)]
BOTH = [*PLACES, *CROSSWISE]


class Office:
    """One house for all walks: each has a case of its own, and its tasks are found by the case."""

    def __init__(self, house: House, address: str) -> None:
        self.house, self.address = house, address

    def case(self, amount: int = 1200) -> str:
        return self.house.start("quote", amount=amount)

    def task(self, case: str, node: str = "approve") -> str:
        return f"/tasks/{self.house.item(case, node).id}"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with staffed(tmp_path_factory.mktemp("office")) as house:
        groups.put_group(house.engine, key="sales", texts={"zh-CN": "销售", "en": "Sales"}, agent=SYSTEM)
        house.release(quote_program(), untouched={"after": "PT2H"})
        house.customer("c-1", name="华星集团", group="KA", owner="anna")
        with served(house) as address:
            yield Office(house, address)


@pytest.fixture
def desk(office: Office, chromium: webdriver.Chrome) -> Iterator[Desk]:
    made = Desk(chromium, office.address)
    yield made
    swept(chromium)


def sit_down(office: Office, desk: Desk, who: str, locale: str, width: int) -> None:
    speak(office.house, who, locale)
    desk.resize(width, 860)
    desk.sign_in(who, PASSWORD)


def has(desk: Desk, zh: str, en: str, locale: str) -> bool:
    return (zh if locale == "zh-CN" else en) in desk.text


def unfold(desk: Desk, verb: str) -> None:
    desk.press_here(f'details:has(form[action*="/actions/{verb}"]) > summary')
    desk.find(f'form[action*="/actions/{verb}"] button.primary')


@pytest.mark.parametrize(("locale", "width"), BOTH)
def test_the_late_come_first_and_the_counts_are_the_lists(office: Office, desk: Desk, locale: str, width: int) -> None:
    late = office.case()
    office.house.clock.advance(timedelta(hours=5))
    fresh = office.case()
    sit_down(office, desk, "bo", locale, width)
    desk.open("/inbox/open")
    rows = [row.get_attribute("href") for row in desk.driver.find_elements(By.CSS_SELECTOR, "a.row")]
    places = [next(place for place, href in enumerate(rows) if case in href) for case in (late, fresh)]
    assert places == sorted(places)
    count = int(desk.find('.tabs [aria-current="page"] .count').text)
    assert count == len(rows)
    desk.open("/inbox/open?due=late")
    hrefs = [row.get_attribute("href") for row in desk.driver.find_elements(By.CSS_SELECTOR, "a.row")]
    assert any(late in href for href in hrefs) and not any(fresh in href for href in hrefs)


@pytest.mark.parametrize(("locale", "width"), PLACES)
def test_who_claims_second_is_told_who_was_first(office: Office, desk: Desk, locale: str, width: int) -> None:
    case = office.case()
    sit_down(office, desk, "anna", locale, width)
    desk.open(office.task(case))
    act.claim(office.house.engine, work_item_id=office.house.item(case, "approve").id, agent=BO, now=office.house.now)
    desk.press('form[action$="/claim"] button')
    assert "博文" in desk.find(".notice.warn").text
    assert not desk.driver.find_elements(By.CSS_SELECTOR, 'form[action$="/claim"]')
    assert office.house.item(case, "approve").assignee == "bo"


@pytest.mark.parametrize(("locale", "width"), PLACES)
def test_a_wrong_form_says_so_at_its_field_and_loses_nothing(
    office: Office, desk: Desk, locale: str, width: int
) -> None:
    case = office.case()
    sit_down(office, desk, "anna", locale, width)
    desk.open(office.task(case))
    desk.press('form[action$="/claim"] button')
    desk.fill(comment="因为他们已等了三周 – since they waited", rate="400")
    desk.press(".task .bar .button.primary")
    wrong = desk.find('[name="f/rate"]')
    assert wrong.get_attribute("aria-invalid") == "true"
    assert desk.find(f"#{wrong.get_attribute('aria-describedby').split()[-1]}").text
    assert desk.find('[name="f/comment"]').get_attribute("value") == "因为他们已等了三周 – since they waited"
    desk.fill(rate="10")
    desk.press(".task .bar .button.primary")
    assert not office.house.items(case) or office.house.items(case)[0].node == "check"


@pytest.mark.parametrize(("locale", "width"), PLACES)
def test_all_that_a_decision_needs_stands_on_one_page(office: Office, desk: Desk, locale: str, width: int) -> None:
    case = office.case()
    sit_down(office, desk, "anna", locale, width)
    desk.open(office.task(case))
    seen = {
        "customer": "华星集团",
        "group": "KA",
        "steps before and after": {"zh-CN": "法务核对", "en": "Legal check"}[locale],
    }
    assert {what for what, words in seen.items() if words not in desk.text} == set()
    for part in (".detail .due", "#files", "form.comment", ".path", "a[href*='/cases/']"):
        assert desk.find(part).is_displayed(), part


@pytest.mark.parametrize(("locale", "width"), PLACES)
def test_asked_handed_over_copied_urged_and_told(office: Office, desk: Desk, locale: str, width: int) -> None:
    """委派 and its answer, 转交, 抄送, 催办: each by its form, and all of it in the history."""
    case = office.case()
    house = office.house
    sit_down(office, desk, "anna", locale, width)
    desk.open(office.task(case))
    desk.press('form[action$="/claim"] button')
    unfold(desk, "delegate")
    Select(desk.find("#delegate-to")).select_by_value("bo")
    desk.press('form[action*="/actions/delegate"] button.primary')
    assert house.item(case, "approve").shared.owner == "anna"
    sit_down(office, desk, "bo", locale, width)
    desk.open(office.task(case))
    unfold(desk, "answer")
    desk.find("#answer-text").send_keys("可以 / fine with me")
    desk.press('form[action*="/actions/answer"] button.primary')
    assert house.item(case, "approve").assignee == "anna"
    sit_down(office, desk, "anna", locale, width)
    desk.open(office.task(case))
    unfold(desk, "transfer")
    Select(desk.find("#transfer-to")).select_by_value("bo")
    desk.press('form[action*="/actions/transfer"] button.primary')
    desk.open(office.task(case))
    unfold(desk, "urge")
    desk.press('form[action*="/actions/urge"] button.primary')
    desk.open(f"/cases/{case}")
    verbs = [fact.verb for fact in house.facts(case) if type(fact).__name__ == "WorkItemActed"]
    assert verbs == ["claim", "delegate", "answer", "transfer", "urge"]
    said = [("委派给博文", "delegated"), ("转交给博文", "handed"), ("催办", "urged"), ("可以", "fine with me")]
    assert [pair for pair in said if not has(desk, *pair, locale)] == []


@pytest.mark.parametrize(("locale", "width"), CROSSWISE)
def test_done_and_undone_by_one_press(office: Office, desk: Desk, locale: str, width: int) -> None:
    case = office.case()
    sit_down(office, desk, "anna", locale, width)
    desk.open(office.task(case))
    desk.press('form[action$="/claim"] button')
    desk.fill(comment="ok")
    desk.press(".task .bar .button.primary")
    assert office.house.items(case)[0].node == "check"
    desk.keep(f"undo-{locale}-{width}")
    desk.press("button[data-undo]")
    item = office.house.item(case, "approve")
    assert item.assignee == "anna" and (item.draft or {}).get("comment") == "ok"


@pytest.mark.parametrize(("locale", "width"), PLACES)
def test_who_goes_away_says_who_stands_in(office: Office, desk: Desk, locale: str, width: int) -> None:
    house = office.house
    case = office.case()
    act.claim(house.engine, work_item_id=house.item(case, "approve").id, agent=ANNA, now=house.now)
    sit_down(office, desk, "anna", locale, width)
    desk.open("/absences")
    Select(desk.find("#substitute")).select_by_value("bo")
    set_moment(desk, "#starts_at", "2026-01-01T08:00")
    set_moment(desk, "#ends_at", "2027-01-01T08:00")
    desk.press_here('[name="open_too"]')
    desk.press(".bar .button.primary")
    assert not desk.driver.find_elements(By.CSS_SELECTOR, ".notice.bad"), desk.text
    item = house.item(case, "approve")
    assert (item.assignee, item.shared.absent) == ("bo", "anna")
    desk.open(f"/cases/{case}")
    assert has(desk, "博文代Anna", "博文 stands in for Anna", locale), desk.text
    desk.open("/absences")
    desk.press('form[action$="/end"] button')
    assert house.item(case, "approve").assignee == "anna", "back at the end"


def set_moment(desk: Desk, css: str, value: str) -> None:
    desk.driver.execute_script("arguments[0].value = arguments[1]", desk.find(css), value)


@pytest.mark.parametrize(("locale", "width"), CROSSWISE)
def test_what_nobody_touches_goes_back_and_both_are_told(office: Office, desk: Desk, locale: str, width: int) -> None:
    case = office.case()
    house = office.house
    sit_down(office, desk, "anna", locale, width)
    desk.open(office.task(case))
    desk.press('form[action$="/claim"] button')
    house.clock.advance(timedelta(hours=2))
    assert untouched.return_due(house.engine, now=house.now) >= 1
    desk.open("/notices")
    assert has(desk, "“折扣审批”长时间未处理，已退回待领", "was left untouched: others may claim it now", locale)
    desk.open(office.task(case))
    assert has(desk, "Anna一直未处理“折扣审批”", "Anna did nothing with “Approve the discount”", locale)
    assert desk.find('form[action$="/claim"] button').is_displayed()


@pytest.mark.parametrize(("locale", "width"), PLACES)
def test_many_at_once_can_be_undone_before_they_are_done(office: Office, desk: Desk, locale: str, width: int) -> None:
    cases = [office.case(), office.case()]
    sit_down(office, desk, "anna", locale, width)
    desk.open("/inbox/open")
    for case in cases:
        box = desk.find(f'.pickable:has(a[href*="{case}"]) .pick')
        assert box.rect["width"] < 30, "a box to tick, not a place to choose from"
        desk.driver.execute_script("arguments[0].click()", box)
    desk.press_here('#bulk button[value="claim"]')
    assert desk.find(".toast [data-undo]").is_displayed()
    desk.find(".toast [data-undo]").send_keys(Keys.ENTER)
    assert not desk.driver.find_elements(By.CSS_SELECTOR, ".toast")
    assert [office.house.item(case, "approve").assignee for case in cases] == [None, None]


@pytest.mark.parametrize(("locale", "width"), PLACES)
def test_a_customer_s_page_tells_what_runs_and_who_is_at_it(
    office: Office, desk: Desk, locale: str, width: int
) -> None:
    case = office.case()
    act.claim(office.house.engine, work_item_id=office.house.item(case, "approve").id, agent=BO, now=office.house.now)
    number = office.house.instance(case).number
    sit_down(office, desk, "anna", locale, width)
    desk.open("/customers/c-1")
    row = next(row for row in desk.driver.find_elements(By.CSS_SELECTOR, "tbody tr") if number in row.text)
    assert "博文" in row.text and {"zh-CN": "折扣审批", "en": "Approve the discount"}[locale] in row.text
    row.find_element(By.CSS_SELECTOR, "a").click()
    desk.wait(lambda driver: f"/cases/{case}" in driver.current_url)


@pytest.mark.parametrize(("locale", "width"), BOTH)
def test_on_hold_the_promise_stands_still_and_goes_on_where_it_was(
    office: Office, desk: Desk, locale: str, width: int
) -> None:
    house = office.house
    case = office.case()
    house.clock.advance(timedelta(hours=1))
    sit_down(office, desk, "boss", locale, width)
    hold_or_resume(desk, case, "hold")
    assert has(desk, "已暂停计时", "Paused", locale)
    desk.keep(f"on-hold-case-{locale}-{width}")
    house.pass_time(hours=30)
    sit_down(office, desk, "bo", locale, width)
    desk.open("/inbox/open?due=late")
    assert not desk.driver.find_elements(By.CSS_SELECTOR, f'a.row[href*="{case}"]')
    desk.open(office.task(case))
    assert desk.find(".detail .due").text == {"zh-CN": "已暂停计时", "en": "Paused"}[locale]
    desk.keep(f"on-hold-task-{locale}-{width}")
    assert not desk.driver.find_elements(By.CSS_SELECTOR, 'form[action$="/claim"]')
    sit_down(office, desk, "boss", locale, width)
    hold_or_resume(desk, case, "resume")
    assert not has(desk, "已暂停计时", "Paused", locale)
    assert house.item(case, "approve").due_at == house.now + timedelta(hours=3)
    house.pass_time(hours=4)
    sit_down(office, desk, "bo", locale, width)
    desk.open("/inbox/open?due=late")
    assert desk.find(f'a.row[href*="{case}"]')


@pytest.mark.parametrize(("locale", "width"), CROSSWISE)
def test_the_customer_s_answer_ends_the_hold(office: Office, desk: Desk, locale: str, width: int) -> None:
    house = office.house
    case = office.case()
    house.clock.advance(timedelta(hours=1))
    sit_down(office, desk, "boss", locale, width)
    hold_or_resume(desk, case, "hold", awaits_customer=True)
    assert has(desk, "已暂停，等待客户答复", "On hold: waiting for the customer", locale)
    house.pass_time(hours=30)
    sit_down(office, desk, "bo", locale, width)
    desk.open(f"/cases?number={house.instance(case).number}")
    assert has(desk, "已暂停，等待客户答复", "On hold: waiting for the customer", locale)
    desk.keep(f"awaiting-customer-list-{locale}-{width}")
    desk.open(f"/cases/{case}")
    desk.find("#comment").send_keys("They rang: yes.")
    desk.press_here('input[name="answered"]')
    desk.keep(f"awaiting-customer-case-{locale}-{width}")
    desk.press('form[action$="/comment"] .actions button')
    assert has(desk, "转来客户答复，办件恢复", "brought the customer's answer: the case goes on", locale)
    assert not house.instance(case).suspended
    assert house.item(case, "approve").due_at == house.now + timedelta(hours=3)


def hold_or_resume(desk: Desk, case: str, deed: str, *, awaits_customer: bool = False) -> None:
    desk.open(f"/cases/{case}")
    desk.press_here(f'details:has(form[action$="/{deed}"]) > summary')
    if awaits_customer:
        desk.press_here('input[name="awaits_customer"]')
        desk.keep(f"hold-form-{desk.driver.execute_script('return document.documentElement.lang')}")
    desk.find(f"#{deed}-reason").send_keys("waiting for the customer")
    desk.press(f'form[action$="/{deed}"] button')


@pytest.mark.parametrize(("locale", "width"), CROSSWISE)
def test_who_leaves_leaves_no_work_behind(office: Office, desk: Desk, locale: str, width: int) -> None:
    key = f"leaver{width}"
    profile = users.Profile(name="Leaver", roles=("staff",), groups=("sales",), locale=locale, manager="boss")
    house = office.house
    users.add_user(house.engine, key=key, profile=profile, password=PASSWORD, agent=SYSTEM, now=house.now)
    case = office.case()
    leaver = users.user(house.engine, key=key, agent=SYSTEM)
    mine = type(ANNA)(key=key, name="Leaver", roles=frozenset({"staff"}), groups=frozenset(leaver.groups))
    act.claim(house.engine, work_item_id=house.item(case, "approve").id, agent=mine, now=house.now)
    sit_down(office, desk, "boss", locale, width)
    desk.open(f"/people/{key}")
    desk.press_here('[name="active"]')
    desk.press("form.form.card .bar .button.primary")
    assert house.item(case, "approve").assignee is None
    assert "approve" in house.claimable(ANNA)


@pytest.mark.parametrize(("locale", "width"), CROSSWISE)
def test_the_language_switch_keeps_the_page_even_of_a_refused_form(
    office: Office, desk: Desk, locale: str, width: int
) -> None:
    case = office.case()
    sit_down(office, desk, "anna", locale, width)
    desk.open(office.task(case))
    desk.press('form[action$="/claim"] button')
    desk.fill(rate="400")
    desk.press(".task .bar .button.primary")
    assert desk.driver.find_elements(By.CSS_SELECTOR, '[aria-invalid="true"]')
    other = {"zh-CN": "en", "en": "zh-CN"}[locale]
    desk.press(f'{".topbar" if width < 600 else ".rail"} button[lang="{other}"]')
    assert desk.find("html").get_attribute("lang") == other
    assert office.task(case) in desk.driver.current_url
