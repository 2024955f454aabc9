"""The pages that show variants side by side, and their exports."""

import csv
import dataclasses
import io
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import flask
import pytest

from engine.bpmn import read
from engine.customers import groups
from engine.people.agent import SYSTEM
from engine.variants import author
from tests.house import House
from tests.unit.customers.books import document
from tests.unit.variants.models import text
from tests.web.conftest import Browser, words
from tests.web.test_boards import bring
from web.ui import differences

HERE = "/differences/quote"
NODE = {
    "type": "userTask",
    "names": {"zh-CN": "致电", "en": '=HYPERLINK("evil")'},
    "performer": {"assignee": "=customer.owner"},
}


def said(operation_id: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": operation_id, "kind": kind, "reason": text("why"), **more}


@pytest.fixture
def boss(desk: House, app: flask.Flask, sign_in: Callable[[str], Browser]) -> Browser:
    desk.engine = app.extensions["engine"] = dataclasses.replace(desk.engine, reader=read.read)
    groups.publish(desk.engine, document=document(), agent=SYSTEM, now=desk.now)
    bring(
        desk, "KA", said("ka_1", "set_sla", target="approve", promise={"duration": "PT30M"}),
        said("ka_2", "insert", at={"after": "approve"}, node=NODE),
    )  # fmt: skip
    bring(
        desk, "GR", said("gr_1", "delete", target="check"), said("gr_2", "set_priority", target="approve", priority=9)
    )
    return sign_in("boss")


def test_the_table_says_step_by_group_what_differs(boss: Browser) -> None:
    page = words(boss.get(HERE))
    assert "Variants side by side: quote" in page and "KA Key accounts" in page and "GR Growing" in page
    assert "Service level: Sales · approval · within 30 minutes" in page
    assert "Activities: not done" in page
    assert "The customer's own account manager" in page


def test_the_heat_map_marks_the_base_by_variants_or_by_cases(boss: Browser) -> None:
    drawn = boss.get(f"{HERE}/drawing").json
    assert drawn["signs"]["approve"] == "2" and drawn["marks"]["approve"] == "heat4"
    assert drawn["signs"]["check"] == "1" and drawn["marks"]["check"] == "heat2"
    assert "ka_2" not in drawn["marks"]
    by_cases = boss.get(f"{HERE}/drawing?weight=cases").json
    assert by_cases["marks"] == {}, "no case runs yet"
    assert boss.get(f"{HERE}?weight=nonsense").status_code == 200


def test_the_csv_holds_every_cell_and_no_formula(boss: Browser) -> None:
    answer = boss.get(f"{HERE}/table.csv")
    assert answer.mimetype == "text/csv" and "quote-variants.csv" in answer.headers["Content-Disposition"]
    assert answer.text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == ["Step", "Base", "KA Key accounts", "GR Growing"]
    told = {row[0]: row[1:] for row in rows[1:]}
    assert told["Approve the discount"] == [
        "Sales · approval · within 4 hours",
        "Sales · approval · within 30 minutes",
        "Sales · approval · within 4 hours",
    ]
    assert told["Legal check"][2] == "not done"
    assert '\'=HYPERLINK("evil")' in told
    assert not [value for row in rows for value in row if value.startswith(differences.FORMULA)]


def test_the_html_file_stands_alone(boss: Browser) -> None:
    answer = boss.get(f"{HERE}/table.html")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "<link" not in answer.text and "<script" not in answer.text and "src=" not in answer.text
    assert "within 30 minutes" in words(answer) and 'class="differs absent"' in answer.text


def test_two_panes_show_what_goes_and_what_came(boss: Browser) -> None:
    page = boss.get(f"{HERE}/KA/panes")
    assert page.text.count("data-pair") == 2
    old, new = (boss.get(f"{HERE}/KA/panes/{side}").json for side in ("base", "variant"))
    assert "ka_2" not in old["xml"] and "ka_2" in new["xml"]
    assert old["marks"]["approve"] == new["marks"]["approve"] == "changed"
    assert new["marks"]["ka_2"] == "inserted" and "ka_2" not in old["marks"]
    gone = boss.get(f"{HERE}/GR/panes/base").json
    assert gone["marks"]["check"] == "deleted"
    assert 'id="check"' not in boss.get(f"{HERE}/GR/panes/variant").json["xml"]


def test_a_group_without_a_variant_has_the_base_on_both_sides(boss: Browser) -> None:
    old, new = (boss.get(f"{HERE}/ST/panes/{side}").json for side in ("base", "variant"))
    assert old == new and old["marks"] == {}


@pytest.mark.parametrize("page", ["", "/drawing", "/table.csv", "/table.html", "/KA/panes", "/KA/panes/base"])
def test_staff_see_none_of_it(page: str, anna: Browser) -> None:
    assert anna.get(f"{HERE}{page}").status_code == 403


@pytest.mark.parametrize("page", ["/differences/none", "/differences/none/drawing", f"{HERE}/NONE/panes"])
def test_what_is_not_there_is_not_found(page: str, boss: Browser) -> None:
    assert boss.get(page).status_code == 404


def test_the_matrix_leads_here(boss: Browser) -> None:
    assert f'href="{HERE}"' in boss.get("/matrix").text


def test_a_refusal_of_the_proof_carries_its_path_for_the_drawing(boss: Browser, desk: House) -> None:
    """One of two parallel branches leaves for the end: the join waits for ever, and the page holds the moves."""
    operations = [
        said("st_1", "parallelise", targets=["approve", "check"]),
        said("st_2", "add_branch", target="approve", to="end", condition="amount > 1"),
    ]
    order = author.Order(
        process="quote", name="st", group="ST", texts=text("st"), reason=text("r"), operations=operations
    )
    saved = author.save(desk.engine, order=order, agent=SYSTEM, now=desk.now)
    (problem,) = [one for one in saved.problems if one.code == "deadlock"]
    assert {"begin", "approve", "check"} <= set(problem.trace[0])
    assert "st_2_split" in {one for move in problem.trace for one in move}
    page = boss.get("/variants/quote/ST").text
    (frames,) = re.findall(r'data-replay="([^"]*)"', page)
    assert json.loads(unescape(frames)) == [list(move) for move in problem.trace]
    assert "data-replay" not in boss.get("/variants/quote/KA").text, "a sound variant has nothing to replay"


SHAPE = re.compile(r'bpmnElement="([^"]+)"[^>]*>\s*<dc:Bounds ([^/]*)/>')


def shapes(browser: Browser, side: str, group: str) -> dict[str, str]:
    xml = json.loads(browser.get(f"{HERE}/{group}/panes/{side}").text)["xml"]
    return dict(SHAPE.findall(xml))


@pytest.mark.parametrize("group", ["KA", "GR"])
def test_what_both_panes_have_stands_at_the_same_place_in_both(boss: Browser, group: str) -> None:
    base, variant = shapes(boss, "base", group), shapes(boss, "variant", group)
    common = base.keys() & variant.keys()
    assert len(common) >= 3 and base.keys() != variant.keys()
    assert {key: base[key] for key in common} == {key: variant[key] for key in common}


@pytest.mark.parametrize("side", ["base", "variant"])
def test_every_way_in_a_pane_begins_and_ends_at_its_steps(boss: Browser, side: str) -> None:
    (program,) = read.read(json.loads(boss.get(f"{HERE}/KA/panes/{side}").text)["xml"].encode(), file="x").programs
    for flow in program.flows:
        points = program.diagram.edges[flow.id]
        for (x, y), node in ((points[0], flow.source), (points[-1], flow.target)):
            box = program.diagram.shapes[node]
            assert box.x - 1 <= x <= box.x + box.width + 1 and box.y - 1 <= y <= box.y + box.height + 1, flow.id
