"""A designer draws a process from nothing in the browser, in both languages, and nothing that is drawn is lost."""

import re
from typing import Any, cast

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select

from engine.definitions import catalogue, drafts
from engine.model import nodes
from engine.model.expression import Expression
from engine.model.performer import Escalation, Promise
from engine.people import groups
from engine.people.agent import SYSTEM
from tests.browser import axe
from tests.browser.conftest import Desk, employ
from tests.browser.test_designer import fits_a_phone
from tests.house import House
from web.ui import texts

pytestmark = pytest.mark.browser
NAMES = {"zh-CN": "报价审批", "en": "Approve a quotation"}
MODELER = "const m = document.querySelector('[data-modeler]').modeler; const r = m.get('elementRegistry'); "


class Drawing:
    """What a designer does on the page, in the language of the page."""

    def __init__(self, browser: Desk, locale: str) -> None:
        self.browser = browser
        self.column = 0 if locale == "zh-CN" else 1

    def said(self, name: str) -> str:
        return texts.ALL[f"draw.{name}"][self.column]

    def script(self, code: str, *given: Any) -> Any:
        return self.browser.driver.execute_script(MODELER + code, *given)

    def drawn(self) -> None:
        self.browser.find('[data-modeler][data-drawn="1"]')

    def choose(self, element: str) -> None:
        self.script("m.get('selection').select(r.get(arguments[0]))", element)

    def box(self, label: str) -> WebElement:
        words = self.said(label)
        path = f'//aside//label[normalize-space()="{words}"]/following-sibling::*[1]'

        # The panel is drawn anew when the model changes: waiting tries again what was gone by then.
        def opened(driver: WebDriver) -> WebElement:
            found = driver.find_element(By.XPATH, path)
            section = found.find_element(By.XPATH, "ancestor::details[1]")
            if not section.get_attribute("open"):
                section.find_element(By.XPATH, "summary").click()
            return found

        return cast(WebElement, self.browser.wait(opened))

    def write(self, label: str, words: str) -> None:
        """Typed, then left by Tab; waits until the model has it, so that the panel stands still again."""

        def typed(driver: WebDriver) -> bool:
            self.box(label).send_keys(Keys.CONTROL, "a", Keys.NULL, words, Keys.TAB)
            return True

        self.browser.wait(typed)
        kept = self.browser.wait(lambda driver: self.box(label).get_attribute("value"))
        assert kept == words, (label, kept)

    def tick(self, words: str) -> None:
        found = self.browser.find("aside .many summary")
        if not found.find_element(By.XPATH, "..").get_attribute("open"):
            found.click()
        path = f'//aside//label[normalize-space()="{words}"]/input'
        self.browser.wait(lambda driver: driver.find_element(By.XPATH, path)).click()

    def state(self, name: str) -> None:
        self.browser.wait(lambda driver: driver.find_elements(By.CSS_SELECTOR, f'[data-state="{name}"]'))

    def checked(self, *elements: str) -> None:
        """Waits until the engine found something wrong with exactly these."""
        marked = (
            "return [...document.querySelectorAll('.lint-sign.error')]"
            ".map(s => s.closest('[data-container-id]').dataset.containerId)"
        )
        self.browser.wait(lambda driver: sorted(driver.execute_script(marked)) == sorted(elements))

    def save(self) -> None:
        self.browser.press_here('[data-part="save"]')


def designer(desk: House, browser: Desk, locale: str) -> Drawing:
    employ(desk, "dana", "Dana", locale, ("designer", "staff"))
    groups.put_group(desk.engine, key="sales", texts={"zh-CN": "销售组", "en": "Sales"}, agent=SYSTEM)
    browser.sign_in("dana")
    return Drawing(browser, locale)


def opened(desk: House, browser: Desk, locale: str) -> Drawing:
    """A new process, open on its page."""
    drafts.begin(desk.engine, key="offer", names=NAMES, agent=SYSTEM, now=desk.now)
    drawing = designer(desk, browser, locale)
    browser.open("/designer/offer/1/draw")
    drawing.drawn()
    return drawing


def program(desk: House, n: int = 1) -> Any:
    _, versions = catalogue.get(desk.engine, process="offer")
    sha256 = next(version.program for version in versions if version.n == n)
    return catalogue.program(desk.engine, sha256=sha256)


def node(desk: House, key: str) -> Any:
    return next(one for one in program(desk).nodes if one.id == key)


ADD_CHOICE = """
const modeling = m.get('modeling'), factory = m.get('elementFactory'), root = m.get('canvas').getRootElement();
const step = r.get('Step_1'), end = r.get('End');
modeling.removeConnection(r.get('Flow_2'));
const make = (type, x, y, id) => {
  const shape = modeling.createShape(factory.createShape({ type }), { x, y }, root);
  modeling.updateProperties(shape, { id });
  return shape;
};
const gateway = make('bpmn:ExclusiveGateway', step.x + 200, step.y + 40, 'Big');
const boss = make('bpmn:UserTask', step.x + 330, step.y - 60, 'Boss');
modeling.moveElements([end], { x: 260, y: 0 });
const join = (source, target, id) => modeling.updateProperties(modeling.connect(source, target), { id });
join(step, gateway, 'F1'); join(gateway, boss, 'F2'); join(gateway, end, 'F3'); join(boss, end, 'F4');
"""


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_from_nothing_to_a_release(desk: House, browser: Desk, locale: str) -> None:
    drawing = designer(desk, browser, locale)
    browser.open("/designer/new")
    browser.find("#key").send_keys("offer")
    browser.find("#name_zh").send_keys(NAMES["zh-CN"])
    browser.find("#name_en").send_keys(NAMES["en"])
    assert axe.breaches(browser.driver) == []
    browser.shot(f"modeler-new-{locale}")
    browser.press("form.card .button.primary")
    drawing.drawn()
    drawing.choose("Step_1")
    drawing.write("name_zh", "填写报价")
    drawing.write("name_en", "Write the quotation")
    drawing.tick("销售组" if locale == "zh-CN" else "Sales")
    drawing.write("duration", "PT4H")
    drawing.write("goal", "PT2H")
    browser.press_here("aside fieldset.rows > button")
    browser.wait(lambda driver: driver.find_elements("css selector", ".rung .of"))
    browser.driver.execute_script(
        "const box = document.querySelector('.rung .of'); box.value = 'goal'; box.dispatchEvent(new Event('change'))"
    )
    browser.wait(lambda driver: driver.find_element("css selector", ".rung .of").get_attribute("value") == "goal")
    browser.shot(f"modeler-promise-{locale}")
    drawing.script(ADD_CHOICE)
    drawing.choose("Boss")
    drawing.write("name_zh", "经理审批")
    drawing.write("name_en", "The manager approves")
    drawing.write("assignee", "=customer.owner")
    drawing.choose("F2")
    drawing.write("condition", "amount > > 1000")
    drawing.checked("F2")
    browser.shot(f"modeler-wrong-{locale}")
    drawing.write("condition", "amount > 1000")
    drawing.choose("F3")
    browser.press_here("aside .tick input")
    drawing.checked()
    assert axe.breaches(browser.driver) == []
    browser.shot(f"modeler-{locale}")
    drawing.save()
    drawing.state("saved")
    first = node(desk, "Step_1")
    assert first.texts == {"zh-CN": "填写报价", "en": "Write the quotation"}
    assert [group.text for group in first.performer.groups] == ["sales"]
    promised = Promise(duration="PT4H", goal="PT2H", ladder=(Escalation(at_percent=75, action="warn", of="goal"),))
    assert first.promise == promised
    assert node(desk, "Boss").performer.assignee == Expression(
        text="customer.owner", line=node(desk, "Boss").performer.assignee.line
    )
    flows = {flow.id: flow for flow in program(desk).flows}
    assert flows["F2"].condition.text == "amount > 1000" and node(desk, "Big").default == "F3"
    fits_a_phone(browser, f"modeler-{locale}-360")
    browser.press('[data-part="version"]')
    assert browser.driver.current_url.endswith("/designer/offer/1")
    assert browser.driver.find_elements(By.CSS_SELECTOR, ".problem.error") == [], browser.text
    assert browser.complaints() == []


def test_a_refused_save_loses_nothing_and_can_lie_over_the_other(desk: House, browser: Desk) -> None:
    drawing = opened(desk, browser, "en")
    drawing.choose("Step_1")
    drawing.write("name_en", "Mine")
    theirs = drafts.opened(desk.engine, process="offer", n=1, agent=SYSTEM)
    named = theirs.drawing.replace(b"First step", b"Theirs")
    drafts.save(desk.engine, process="offer", n=1, drawing=named, seen=theirs.seen, agent=SYSTEM, now=desk.now)
    drawing.save()
    drawing.state("not_saved")
    assert "system has saved offer v1 meanwhile" in browser.text
    assert node(desk, "Step_1").texts["en"] == "Theirs"
    assert drawing.script("return r.get('Step_1').businessObject.name") == "Mine", "the canvas keeps what was drawn"
    assert drawing.script(
        "const e = new Event('beforeunload', {cancelable: true}); dispatchEvent(e); return e.defaultPrevented"
    )
    browser.shot("modeler-refused-en")
    assert axe.breaches(browser.driver) == []
    browser.press_here(".notice .danger")
    drawing.state("saved")
    assert node(desk, "Step_1").texts["en"] == "Mine"
    assert not drawing.script(
        "const e = new Event('beforeunload', {cancelable: true}); dispatchEvent(e); return e.defaultPrevented"
    )


def test_what_was_drawn_and_never_saved_is_offered_again(desk: House, browser: Desk) -> None:
    drawing = opened(desk, browser, "en")
    drawing.choose("Step_1")
    drawing.write("name_en", "Not saved yet")
    kept = "return Object.keys(localStorage).filter(k => k.startsWith('drawing ')).length"
    browser.wait(lambda driver: driver.execute_script(kept) == 1)
    browser.driver.execute_script("window.addEventListener('beforeunload', e => e.stopImmediatePropagation(), true)")
    browser.open("/designer")
    browser.open("/designer/offer/1/draw")
    drawing.drawn()
    assert node(desk, "Step_1").texts["en"] == "First step"
    browser.press_here(".notice.warn .button")
    drawing.state("unsaved")
    browser.wait(lambda driver: drawing.script("return r.get('Step_1').businessObject.name") == "Not saved yet")
    drawing.save()
    drawing.state("saved")
    assert node(desk, "Step_1").texts["en"] == "Not saved yet"
    assert browser.driver.execute_script(kept) == 0


def test_undo_takes_back_what_the_panel_changed(desk: House, browser: Desk) -> None:
    drawing = opened(desk, browser, "en")
    drawing.choose("Step_1")
    drawing.write("duration", "PT4H")
    drawing.write("assignee", "anna")
    browser.press_here('[data-part="undo"]')
    browser.wait(lambda driver: drawing.box("assignee").get_attribute("value") == "")
    browser.press_here('[data-part="undo"]')
    browser.wait(lambda driver: drawing.box("duration").get_attribute("value") == "")
    browser.press_here('[data-part="redo"]')
    browser.wait(lambda driver: drawing.box("duration").get_attribute("value") == "PT4H")
    drawing.save()
    drawing.state("saved")
    step = node(desk, "Step_1")
    assert step.promise.duration == "PT4H" and step.performer.assignee is None


def test_a_name_written_on_the_canvas_is_the_name_in_the_readers_language(desk: House, browser: Desk) -> None:
    drawing = opened(desk, browser, "en")
    drawing.script("m.get('modeling').updateLabel(r.get('Step_1'), 'Typed on the canvas')")
    drawing.choose("Step_1")
    assert drawing.box("name_en").get_attribute("value") == "Typed on the canvas"
    assert drawing.box("name_zh").get_attribute("value") == "第一步"
    drawing.save()
    drawing.state("saved")
    assert node(desk, "Step_1").texts == {"zh-CN": "第一步", "en": "Typed on the canvas"}
    assert node(desk, "End").name == "结束", "what nobody renamed keeps the name that its file had"


EVERY_KIND = """
const modeling = m.get('modeling'), factory = m.get('elementFactory'), root = m.get('canvas').getRootElement();
let at = 0;
for (const [type, definition, id] of arguments[0]) {
  const options = { type, ...(definition ? { eventDefinitionType: definition } : {}) };
  const place = { x: 300 + 150 * (at % 6), y: 500 + 130 * Math.floor(at / 6) };
  const shape = modeling.createShape(factory.createShape(options), place, root);
  modeling.updateProperties(shape, { id });
  at += 1;
}
"""
KINDS = [
    ("bpmn:ServiceTask", "", "Service"),
    ("bpmn:SendTask", "", "Send"),
    ("bpmn:ReceiveTask", "", "Receive"),
    ("bpmn:BusinessRuleTask", "", "Decide"),
    ("bpmn:ScriptTask", "", "Script"),
    ("bpmn:CallActivity", "", "Call"),
    ("bpmn:IntermediateCatchEvent", "bpmn:TimerEventDefinition", "Wait"),
    ("bpmn:IntermediateCatchEvent", "bpmn:MessageEventDefinition", "Hear"),
    ("bpmn:IntermediateCatchEvent", "bpmn:ConditionalEventDefinition", "Until"),
    ("bpmn:EndEvent", "bpmn:ErrorEventDefinition", "Fail"),
    ("bpmn:IntermediateThrowEvent", "bpmn:SignalEventDefinition", "Shout"),
]


def test_each_kind_of_element_says_in_the_file_what_the_panel_was_told(desk: House, browser: Desk) -> None:
    drawing = opened(desk, browser, "en")
    drawing.script(EVERY_KIND, KINDS)
    told = [
        ("Service", {"handler": "notify", "result": "told", "retries": "5"}),
        ("Receive", {"message_name": "customer.replied", "message_key": "=ticket"}),
        ("Decide", {"result": "level"}),
        ("Script", {"script": "{a: 1 + 1}"}),
        ("Wait", {"timer_text": "PT2H"}),
        ("Hear", {"message_name": "customer.replied", "payload": "reply"}),
        ("Until", {"condition": "amount > 3"}),
        ("Fail", {"code": "NO_STOCK"}),
        ("Shout", {"signal_name": "all.hands"}),
    ]
    for element, values in told:
        drawing.choose(element)
        for label, words in values.items():
            drawing.write(label, words)
    drawing.choose("Call")
    Select(drawing.box("called")).select_by_value("CSS-03")
    drawing.save()
    drawing.state("saved")
    found = {one.id: one for one in program(desk).nodes}
    work = found["Service"].work
    assert (work.handler, work.result, work.retries) == ("notify", "told", 5)
    assert (found["Receive"].message.name, found["Receive"].message.key.text) == ("customer.replied", "ticket")
    assert found["Decide"].result == "level"
    assert (found["Script"].script, found["Script"].language) == ("{a: 1 + 1}", "feel")
    assert (found["Wait"].triggers[0].kind, found["Wait"].triggers[0].text.text) == ("duration", "PT2H")
    assert (found["Hear"].triggers[0].name, found["Hear"].triggers[0].payload) == ("customer.replied", "reply")
    assert found["Until"].triggers[0].condition.text == "amount > 3"
    assert found["Fail"].triggers[0].code == "NO_STOCK"
    assert found["Shout"].triggers[0].name.text == "all.hands"
    assert found["Call"].called.text == "CSS-03" and isinstance(found["Call"], nodes.CallActivity)
    assert browser.complaints() == []


WALK = """
const palette = m.get('palette'), pad = m.get('contextPad'), menus = m.get('popupMenu');
const shown = new Set();
const tasks = r.filter(one => one.type.endsWith('Task'));
for (const one of r.getAll()) {
  if (one.type === 'label') continue;
  try {
    m.get('selection').select(one);
    pad.open(one, true);
    const several = [['bpmn-replace', one], ['align-elements', tasks]];
    for (const [id, target] of several) {
      if (!menus.isEmpty(target, id)) { menus.open(target, id, { x: 10, y: 10 }); menus.close(); }
    }
  } catch (error) { shown.add(one.id + ': ' + error.message); }
}
return [...shown];
"""
WORDS_SHOWN = """
const out = [];
for (const one of document.querySelectorAll('.canvas *')) {
  if (one.closest('.djs-element, .bjs-powered-by, .djs-minimap svg')) continue;
  const own = [...one.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join('');
  for (const words of [own, one.getAttribute('title'), one.getAttribute('aria-label')]) if (words) out.push(words);
}
return out;
"""


def test_the_modeler_speaks_chinese_in_every_menu_and_in_the_simulation(desk: House, browser: Desk) -> None:
    drawing = opened(desk, browser, "zh-CN")
    drawing.script(EVERY_KIND, KINDS)
    assert drawing.script(WALK) == []
    assert drawing.script("return [...document.querySelector('[data-modeler]').untranslated]") == []
    browser.press_here(".djs-minimap .toggle")
    browser.press_here(".bts-toggle-mode")
    browser.wait(lambda driver: driver.find_elements(By.CSS_SELECTOR, ".simulates"))
    drawing.script("document.querySelector('.bts-context-pad[title=\"触发事件\"]:not(.hidden)').click()")
    browser.wait(lambda driver: driver.find_elements(By.CSS_SELECTOR, ".bts-scope"))
    browser.shot("modeler-simulation-zh-CN")
    shown = browser.driver.execute_script(WORDS_SHOWN)
    own = {"offer", *(kind[2] for kind in KINDS)}
    english = [words for words in shown if re.fullmatch(r"[ -~]*[A-Za-z]{3}[ -~]*", words) and words not in own]
    assert [words for words in english if not re.fullmatch(r"[0-9a-z]{5,8}", words)] == [], (
        "but numbers of tokens' scopes"
    )
    assert [words for words in shown if re.search(r"：[A-Za-z]", words)] == []
    browser.press_here(".bts-toggle-mode")
    browser.wait(lambda driver: not driver.find_elements(By.CSS_SELECTOR, ".simulates"))
    assert browser.driver.find_elements(By.CSS_SELECTOR, ".bjs-powered-by"), "the watermark stays"
    assert browser.complaints() == []
