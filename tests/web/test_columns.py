"""Columns of rows by step, on the page: what the browser is given, what comes back, and what is refused."""

import json
import re
from html import unescape
from typing import Any

import pytest

from engine.inbox import act
from engine.model.performer import Performer
from engine.runtime import instances
from tests.house import ANNA, House
from tests.kernel.models import literal, node, program
from tests.web.conftest import Browser, words

FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "lines": {
            "type": "array",
            "x-title": {"zh-CN": "明细", "en": "Lines"},
            "items": {
                "type": "object",
                "properties": {
                    "cost": {"type": "number", "x-title": {"zh-CN": "成本", "en": "Cost"},
                             "x-ui": {"steps": {"look": "hidden"}}},
                    "sku": {"type": "string", "x-title": {"zh-CN": "货号", "en": "Part"}},
                    "n": {"type": "integer", "x-title": {"zh-CN": "数量", "en": "Count"},
                          "x-ui": {"steps": {"look": "required"}}},
                },
            },
        }
    },
}  # fmt: skip
LINES = [{"sku": "A-1", "n": 1, "cost": 987654321}, {"sku": "B-2", "n": 2, "cost": 987654322}]


@pytest.fixture
def case(desk: House) -> str:
    task = node("user look", form="look", performer=Performer(groups=(literal("sales"),)))
    desk.release(program("start s", task, "end e", key="rows", flow=["s > look > e"], forms={"look": FORM}))
    made = desk.start("rows", lines=LINES)
    act.claim(desk.engine, work_item_id=desk.item(made, "look").id, agent=ANNA, now=desk.now)
    return made


def page_of(desk: House, case: str) -> str:
    return f"/tasks/{desk.item(case, 'look').id}"


def keys(text: str) -> list[str]:
    found = re.findall(r'name="f/lines/\d/\$row!" value="([^"]*)"', text)
    return [json.loads(unescape(one)) for one in found]


def stored(desk: House, case: str) -> Any:
    return instances.get(desk.engine, instance_id=case).variables["lines"]


def rows(*typed: tuple[str, str, str]) -> dict[str, str]:
    """(key, part, count) of each row; without a key a new one."""
    sent = {}
    for number, (key, sku, count) in enumerate(typed):
        sent |= {f"f/lines/{number}/sku": sku, f"f/lines/{number}/n": count}
        if key:
            sent[f"f/lines/{number}/$row!"] = json.dumps(key)
    return sent


def test_the_browser_is_given_no_hidden_cell_and_rows_find_theirs_again(anna: Browser, desk: House, case: str) -> None:
    shown = anna.get(page_of(desk, case))
    assert "Part" in words(shown) and "Cost" not in words(shown) and "98765432" not in shown.text
    first, second = keys(shown.text)
    sent = rows((second, "B-2", "9"), ("", "N-3", "3"), (first, "A-1", "1"))
    assert anna.post(page_of(desk, case), sent).status_code == 303
    assert stored(desk, case) == [
        {"sku": "B-2", "n": 9, "cost": 987654322},
        {"sku": "N-3", "n": 3},
        {"sku": "A-1", "n": 1, "cost": 987654321},
    ]


def test_what_is_refused_keeps_its_rows_with_their_keys(anna: Browser, bo: Browser, desk: House, case: str) -> None:
    first, second = keys(anna.get(page_of(desk, case)).text)
    refused = anna.post(page_of(desk, case), rows((first, "A-1", ""), (second, "B-2", "2")))
    assert refused.status_code == 422 and "Fill in this field." in words(refused)
    assert keys(refused.text) == [first, second] and "98765432" not in refused.text
    forged = anna.post(page_of(desk, case), rows((first, "A-1", "1"), ("made up", "B-2", "2")))
    assert forged.status_code == 422 and "no longer as you saw it" in words(forged)
    assert stored(desk, case) == LINES
    assert "98765432" not in anna.get(f"/cases/{case}").text
    assert "98765432" not in bo.get(page_of(desk, case)).text


def test_a_hidden_cell_that_a_browser_makes_up_is_not_taken(anna: Browser, desk: House, case: str) -> None:
    first, second = keys(anna.get(page_of(desk, case)).text)
    sent = rows((first, "A-1", "1"), (second, "B-2", "2")) | {"f/lines/0/cost": "1", "f/lines/0/cost!": "1"}
    assert anna.post(page_of(desk, case), sent).status_code == 303
    assert stored(desk, case) == LINES


def test_rows_are_added_and_taken_out_without_scripts(anna: Browser, desk: House, case: str) -> None:
    first, second = keys(anna.get(page_of(desk, case)).text)
    both = rows((first, "A-1", "1"), (second, "B-2", "2"))
    more = anna.post(page_of(desk, case), both | {"do": "add:f/lines"})
    assert keys(more.text) == [first, second] and 'name="f/lines/2/sku"' in more.text
    fewer = anna.post(page_of(desk, case), both | {"do": "remove:f/lines/0"})
    assert keys(fewer.text) == [second]
