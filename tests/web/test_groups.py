"""The page of customer groups: nothing typed is lost, a release is looked at before and done by somebody else."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import flask
import pytest

from engine.customers import drafts, groups
from engine.people.agent import SYSTEM
from tests.house import BOSS, House
from tests.unit.customers.books import document
from tests.unit.customers.test_drafts import ANN, BEN, higher
from tests.web.conftest import Browser, words
from tests.web.furnished import group_rules
from web.ui import group_form
from web.ui import groups as page

Enter = Callable[[str], Browser]


@pytest.fixture
def boss(desk: House, sign_in: Enter) -> Browser:
    groups.publish(desk.engine, document=group_rules(), agent=SYSTEM, now=desk.now)
    known = {"scores": {"current": 90, "potential": 0}, "attributes": {"contract": "gold", "churn": 0}}
    desk.customer("c-1", group="KA", kind="customer", name="华星", **known)
    return sign_in("boss")


def typed(said: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The document as the boxes hold it."""
    form: dict[str, Any] = {"rest": group_form.beside_all(said)}
    form |= {part: len(said[part]) for part in ("groups", "inputs", "rules")}
    form |= {name: said.get(name, "") for name in ("default", "minimum_stay")}
    for at, one in enumerate(said["groups"]):
        form |= {f"group-{at}": one["key"], f"group-rest-{at}": group_form.beside(one, "groups")}
        form |= {f"group-{name}-{at}": one.get(name, "") for name in ("parent", "priority", "calendar", "kind")}
        form |= {f"group-names-{at}-{locale}": words for locale, words in one["names"].items()}
    for at, one in enumerate(said["inputs"]):
        form |= {f"input-{at}": one["name"], f"input-rest-{at}": group_form.beside(one, "inputs")}
        form |= {f"input-{name}-{at}": one.get(name, "") for name in ("expression", "type", "values")}
        form |= {f"input-names-{at}-{locale}": words for locale, words in one.get("names", {}).items()}
    for at, one in enumerate(said["rules"]):
        form |= {f"rule-{at}": one["id"], f"rule-group-{at}": one["group"]}
        for column, asked in enumerate(said["inputs"]):
            form[f"cell-{at}-{column}"] = one["when"].get(asked["name"], "")
    return form | more


def seen(desk: House) -> str:
    return drafts.shelf(desk.engine, agent=BOSS, now=desk.now).seen


def strict() -> dict[str, Any]:
    return group_rules() | {"rules": higher()["rules"], "minimum_stay": "P0D"}


def submitted(desk: House, by: Any = ANN) -> None:
    drafts.save(desk.engine, document=strict(), seen=seen(desk), agent=by, now=desk.now)
    drafts.submit(desk.engine, agent=by, now=desk.now)


@pytest.mark.parametrize("said", [document(), group_rules(), document(default="ST"), strict(), drafts.FIRST])
def test_what_stands_in_the_boxes_is_the_document(said: dict[str, Any]) -> None:
    found = group_form.entered({name: str(value) for name, value in typed(deepcopy(said)).items()})
    assert found == {name: part for name, part in said.items() if part != ""}


@pytest.mark.parametrize(
    "form",
    [{}, {"groups": "9999999"}, {"groups": "x", "rest": "[1]"}, {"rest": "{" * 5000}, {"rules": "501"}],
)
def test_a_form_that_is_none_makes_a_document_that_is_refused_and_no_fault(form: dict[str, str], boss: Browser) -> None:
    assert set(group_form.entered(form)) >= {"groups", "inputs", "rules"}
    assert boss.post("/groups/draft", {**form, "do": "save"}, page="/groups/draft").status_code in (409, 422)
    assert boss.post("/groups/draft", {**form, "do": "check"}, page="/groups/draft").status_code == 200


@pytest.mark.parametrize(
    ("deed", "part", "more"),
    [
        ("add-rules", "rules", 1),
        ("add-groups", "groups", 1),
        ("add-inputs", "inputs", 1),
        ("drop-rules-0", "rules", -1),
        ("drop-groups-99", "groups", 0),
        ("drop-inputs-x", "inputs", 0),
        ("add-walls", "rules", 0),
        ("check", "rules", 0),
    ],
)
def test_rows_come_and_go(deed: str, part: str, more: int) -> None:
    assert len(group_form.changed(document(), deed)[part]) == len(document()[part]) + more


def test_a_new_rule_has_a_name_of_its_own_and_a_new_group_stands_below_the_top() -> None:
    assert group_form.changed(document(), "add-rules")["rules"][-1]["id"] == "R7"
    assert group_form.changed(document(), "add-groups")["groups"][-1]["parent"] == "ALL"


@pytest.mark.parametrize(
    ("pointer", "box"),
    [
        ("/rules/1/when/churn", "cell-1-2"),
        ("/rules/1/when/nothing", "rule-1"),
        ("/rules/2/group", "rule-group-2"),
        ("/rules/2/id", "rule-2"),
        ("/groups/3/parent", "group-parent-3"),
        ("/groups/3", "group-3"),
        ("/inputs/0/expression", "input-expression-0"),
        ("/default", "default"),
        ("/rules", ""),
        ("/rules/99/id", ""),
        ("", ""),
    ],
)
def test_a_problem_stands_at_its_box(pointer: str, box: str) -> None:
    assert group_form.place(pointer, document()) == box


def test_the_tree_holds_every_group_once_also_in_a_circle() -> None:
    said = document()
    assert [(depth, one["key"]) for depth, one in page.tree(said)][:2] == [(0, "ALL"), (1, "KA")]
    said["groups"][0]["parent"] = "KA"
    said["groups"].append(dict(said["groups"][1]))
    assert {one["key"] for _, one in page.tree(said)} == {"ALL", "KA", "GR", "ST", "PR"}


def test_the_page_tells_groups_rules_and_how_many_customers(boss: Browser) -> None:
    shown = words(boss.get("/groups"))
    for word in ("Key accounts", ">= 85", "R6", "1 customer"):
        assert word in shown, word
    assert ">= 85" in words(boss.get("/groups/versions/1"))
    assert boss.get("/groups/versions/7").status_code == 404


def test_checking_shows_who_would_move_and_keeps_nothing(boss: Browser, desk: House) -> None:
    answer = boss.post("/groups/draft", typed(strict(), seen=seen(desk), do="check"), page="/groups/draft")
    assert 'data-way="KA-GR"' in answer.text and "华星" in answer.text and 'data-moving="1"' in answer.text
    assert drafts.shelf(desk.engine, agent=BOSS, now=desk.now).draft is None


def test_a_wrong_cell_is_told_at_its_box_and_stays_as_it_was_typed(boss: Browser, desk: House) -> None:
    said = strict()
    said["rules"][0]["when"]["value"] = "> > 5"
    answer = boss.post("/groups/draft", typed(said, seen=seen(desk), do="check"), page="/groups/draft")
    assert 'id="cell-0-0-wrong"' in answer.text and "&gt; &gt; 5" in answer.text


def test_an_overlap_is_shown_with_a_customer_and_can_be_kept_but_not_handed_over(boss: Browser, desk: House) -> None:
    said = group_rules()
    said["groups"][4]["priority"] = 40
    answer = boss.post("/groups/draft", typed(said, seen=seen(desk), do="save"), page="/groups/draft")
    assert answer.status_code == 303
    shown = boss.get("/groups")
    assert 'data-code="rules_overlap"' in shown.text and 'value="submit"' not in shown.text
    assert boss.post("/groups", {"do": "submit"}).status_code == 422


def test_saved_handed_over_and_released_by_another(boss: Browser, desk: House, sign_in: Enter) -> None:
    dana = sign_in("dana")
    answer = dana.post("/groups/draft", typed(strict(), seen=seen(desk), do="save"), page="/groups/draft")
    assert answer.headers["Location"] == "/groups?look=1"
    shown = dana.get(answer.headers["Location"]).text
    assert 'data-change="rules-changed"' in shown and 'data-way="KA-GR"' in shown
    assert dana.post("/groups", {"do": "submit", "note": "95"}).status_code == 303
    assert 'value="release"' not in dana.get("/groups").text
    assert dana.post("/groups", {"do": "release"}).status_code == 403
    assert 'value="release"' in boss.get("/groups").text
    assert boss.post("/groups", {"do": "release"}).status_code == 303
    here = drafts.shelf(desk.engine, agent=BOSS, now=desk.now)
    assert here.present is not None and here.present.n == 2


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"do": "release", "valid_from": "2030-01-01T08:00"}, 303),
        ({"do": "release", "valid_from": "never"}, 422),
        ({"do": "send_back", "note": "again"}, 303),
        ({"do": "send_back"}, 422),
        ({"do": "discard"}, 303),
        ({"do": "nonsense"}, 303),
        ({"do": "call_off"}, 409),
    ],
)
def test_what_a_second_person_may_do_with_it(boss: Browser, desk: House, sent: dict[str, str], status: int) -> None:
    submitted(desk)
    assert boss.post("/groups", sent).status_code == status


def test_a_release_for_later_is_shown_and_called_off(boss: Browser, desk: House) -> None:
    submitted(desk)
    boss.post("/groups", {"do": "release", "valid_from": "2030-01-01T08:00"})
    assert 'value="call_off"' in boss.get("/groups").text
    assert boss.post("/groups", {"do": "call_off"}).status_code == 303
    assert drafts.shelf(desk.engine, agent=BOSS, now=desk.now).draft is not None


def test_who_wrote_it_is_told_that_another_releases_it(boss: Browser, desk: House) -> None:
    submitted(desk, by=BOSS)
    assert "somebody else releases it" in words(boss.get("/groups"))
    assert boss.post("/groups", {"do": "release"}).status_code == 403


def test_a_save_over_another_comes_back_with_what_was_typed(boss: Browser, desk: House) -> None:
    before = seen(desk)
    drafts.save(desk.engine, document=group_rules(), seen=before, agent=BEN, now=desk.now)
    answer = boss.post("/groups/draft", typed(strict(), seen=before, do="save"), page="/groups/draft")
    assert answer.status_code == 409 and "&gt;= 95" in answer.text and "ben" in answer.text


def test_a_house_without_rules_is_taught_how_to_begin(sign_in: Enter, app: flask.Flask) -> None:
    boss = sign_in("boss")
    assert "No group rules yet" in words(boss.get("/groups"))
    assert 'value="ALL"' in boss.get("/groups/draft").text


def test_a_draft_begins_from_an_older_version(boss: Browser, desk: House) -> None:
    groups.publish(desk.engine, document=strict(), agent=SYSTEM, now=desk.now)
    assert "&gt;= 95" in boss.get("/groups/draft").text
    assert "&gt;= 95" not in boss.get("/groups/draft?from=1").text


def test_by_hand_on_the_page_of_the_customer(boss: Browser, desk: House) -> None:
    sent = {"group": "GR", "until": "2030-01-31", "reason": "董事会决定暂时归入成长型"}
    assert boss.post("/customers/c-1/group", {**sent, "until": ""}).status_code == 422
    wrong = boss.post("/customers/c-1/group", {**sent, "reason": "因为"})
    assert wrong.status_code == 422 and "give a reason" in words(wrong) and "因为" in wrong.text
    assert boss.post("/customers/c-1/group", sent).status_code == 303
    shown = words(boss.get("/customers/c-1"))
    assert "董事会决定" in shown and "Let the rules decide again" in shown and "Changes of group" in shown
    assert boss.post("/customers/c-1/group", {"do": "lift"}).status_code == 303
    assert boss.post("/customers/c-1/group", {"do": "lift"}).status_code == 409


def test_staff_decide_nothing(boss: Browser, anna: Browser) -> None:
    assert 'id="by-hand"' in boss.get("/customers/c-1").text
    assert 'id="by-hand"' not in anna.get("/customers/c-1").text
    assert anna.post("/customers/c-1/group", {"group": "GR"}).status_code == 403
