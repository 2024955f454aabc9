"""The pages of a variant: who may do what, that nothing entered is lost, and that hostile input is only refused."""

from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest

from engine import variation
from engine.customers import groups
from engine.people import users
from engine.people.agent import SYSTEM
from tests.house import House
from tests.unit.customers.books import document
from tests.web.conftest import PASSWORD, Browser, words
from tests.web.test_boards import bring
from web.ui import changes, texts

HERE = "/variants/quote/KA"
SLA = {"step": "approve", "number": "30", "unit": "minutes", "calendar": "", "reason": "they wait"}
CALL = {"place": "after:approve", "name_zh": "致电", "name_en": "Call", "groups": ["legal"], "reason": "they like it"}


@pytest.fixture
def boss(desk: House, sign_in: Callable[[str], Browser]) -> Browser:
    groups.publish(desk.engine, document=document(), agent=SYSTEM, now=desk.now)
    profile = users.Profile(name="Eve", roles=("admin",), locale="zh-CN")
    users.add_user(desk.engine, key="eve", profile=profile, password=PASSWORD, agent=SYSTEM, now=desk.now)
    return sign_in("boss")


def send(browser: Browser, form: str, entered: dict[str, Any], seen: str = "") -> Any:
    return browser.post(f"{HERE}/changes/{form}", {**entered, "seen": seen}, page=HERE)


def seen(browser: Browser) -> str:
    text = browser.get(HERE).text
    return text.split('name="seen" value="')[1].split('"')[0]


def test_a_group_without_a_variant_gets_one_by_its_first_change(boss: Browser) -> None:
    assert "the first change makes one" in words(boss.get(HERE))
    assert send(boss, "set_sla", SLA).status_code == 303
    page = words(boss.get(HERE))
    assert "Approve the discount within 30 minutes" in page and "Because: they wait" in page
    assert "draft, no problems" in page


@pytest.mark.parametrize(
    ("form", "entered", "says"),
    [
        ("set_sla", {**SLA, "step": ""}, "This is needed"),
        ("set_sla", {**SLA, "unit": "years"}, ""),
        ("set_sla", {**SLA, "number": "-1"}, ""),
        ("set_sla", {**SLA, "reason": " "}, "This is needed"),
        ("insert", {**CALL, "groups": []}, "This is needed"),
        ("insert", {**CALL, "place": "after:nowhere"}, "nowhere"),
        ("insert", {**CALL, "place": "beside"}, ""),
        ("delete", {"step": "nowhere", "reason": "x"}, "nowhere"),
        ("set_priority", {"step": "approve", "number": "1000", "reason": "x"}, "100"),
        ("set_form", {"step": "approve", "form": "<script>", "reason": "x"}, ""),
    ],
)
def test_what_cannot_be_applied_comes_back_with_its_reason_and_every_word(
    form: str, entered: dict[str, Any], says: str, boss: Browser
) -> None:
    answer = send(boss, form, entered)
    assert answer.status_code == 422
    assert says in words(answer)
    kept = [value for value in entered.values() if isinstance(value, str) and value.strip() and "<" not in value]
    assert any(f'value="{value}"' in answer.text for value in kept)
    assert "<script>" not in answer.text.split("<main")[1]
    assert "the first change makes one" in words(boss.get(HERE))


def test_a_change_over_somebody_elses_is_refused(boss: Browser) -> None:
    before = seen(boss)
    send(boss, "set_sla", SLA, before)
    late = send(boss, "insert", CALL, before)
    assert late.status_code == 409 and "Somebody else changed this variant" in words(late)


def test_a_change_is_taken_back_and_a_draft_put_aside(boss: Browser) -> None:
    send(boss, "set_sla", SLA)
    send(boss, "insert", CALL, seen(boss))
    boss.post(f"{HERE}/take-back", {"operation": "ka_set_sla_1", "seen": seen(boss)}, page=HERE)
    page = words(boss.get(HERE))
    assert "within 30 minutes" not in page and "new: Call" in page
    boss.post(f"{HERE}/discard", page=HERE)
    assert "new: Call" not in words(boss.get(HERE))


def test_from_draft_to_release_and_into_the_tester(boss: Browser, sign_in: Callable[[str], Browser]) -> None:
    send(boss, "insert", CALL)
    boss.post(f"{HERE}/submit", page=HERE)
    boss.post(f"{HERE}/approve", page=HERE)
    assert "Somebody else must approve what you wrote" in words(boss.get(HERE))
    eve = sign_in("eve")
    eve.post(f"{HERE}/send-back", {"note": "再想想"}, page=HERE)
    assert "再想想" in words(boss.get(HERE))
    boss.post(f"{HERE}/submit", page=HERE)
    eve.post(f"{HERE}/approve", page=HERE)
    assert "release it or send it back first" in words(boss.get(HERE))
    boss.post(f"{HERE}/release", page=HERE)
    assert "使用中" in words(eve.get(HERE))
    asked = "/resolutions/try?process=quote&current=90&potential=1&kind=customer&fact=contract%3Dgold"
    assert "Key accounts v1 because value is 91, at least 85" in words(boss.get(asked))
    drawn = boss.get(f"{HERE}/drawing").json
    assert drawn["marks"]["ka_insert_1"] == "inserted"


@pytest.mark.parametrize(
    "query", ["process=quote&current=much", "process=quote&day=2026-99-99", "process=none", "process=quote&customer=zz"]
)
def test_the_tester_answers_nonsense_with_a_sentence(query: str, boss: Browser) -> None:
    answer = boss.get(f"/resolutions/try?{query}")
    assert answer.status_code == 200 and 'class="notice bad"' in answer.text


@pytest.mark.parametrize("page", [HERE, f"{HERE}/drawing", "/resolutions/try"])
def test_staff_do_not_see_variants(page: str, anna: Browser) -> None:
    assert anna.get(page).status_code == 403


@pytest.mark.parametrize(
    "deed", ["changes/insert", "take-back", "discard", "submit", "approve", "release", "roll-back"]
)
def test_staff_change_nothing(deed: str, anna: Browser) -> None:
    assert anna.post(f"{HERE}/{deed}").status_code == 403


@pytest.mark.parametrize("page", ["/variants/none/KA", "/variants/quote/NONE"])
def test_what_is_not_there_is_not_found(page: str, boss: Browser) -> None:
    assert boss.get(page).status_code == 404
    assert boss.post(f"{HERE}/changes/explode", page=HERE).status_code == 404


@pytest.mark.parametrize("form", changes.FORMS, ids=lambda form: form.key)
def test_every_form_and_field_has_its_words(form: changes.Form) -> None:
    wanted = {f"change.{form.key}", *(f"change.field_{one.name}" for one in (*form.fields, *changes.REASON))}
    assert wanted | {f"change.{one.help}" for one in form.fields if one.help} <= set(texts.ALL)


@pytest.mark.parametrize(
    ("group", "taken", "made"),
    [
        ("KA", set(), "ka_insert_1"),
        ("PR-R", {"pr_r_insert_1"}, "pr_r_insert_2"),
        ("KA", {"ka_insert_1_out"}, "ka_insert_2"),
        ("9", set(), "v_9_insert_1"),
    ],
)
def test_the_id_of_a_change_is_new_for_ever(group: str, taken: set[str], made: str) -> None:
    assert changes.new_id(group, changes.BY_KEY["insert"], taken) == made


def brought(boss: Browser, eve: Browser) -> None:
    """Boss writes and submits, Eve approves."""
    boss.post(f"{HERE}/submit", page=HERE)
    eve.post(f"{HERE}/approve", page=HERE)


def test_a_release_gets_a_date_that_is_shown_and_can_be_taken_back(
    boss: Browser, desk: House, sign_in: Callable[[str], Browser]
) -> None:
    send(boss, "set_sla", SLA)
    brought(boss, sign_in("eve"))
    boss.post(f"{HERE}/release", {"valid_from": "2026-03-04T08:00"}, page=HERE)
    assert "in use from 4 Mar 08:00" in words(boss.get(HERE))
    assert "in use from 4 Mar 08:00" in words(boss.get("/matrix"))
    boss.post(f"{HERE}/unschedule", page=HERE)
    assert "in use from" not in words(boss.get("/matrix"))
    boss.post(f"{HERE}/release", {"valid_from": "2026-03-04T08:00"}, page=HERE)
    desk.pass_time(days=2)
    assert desk.now.isoformat() >= "2026-03-04T00:00:00+00:00", "08:00 on the desk's clock is midnight in UTC"
    assert "· in use" in words(sign_in("boss").get(HERE))


@pytest.mark.parametrize("said", ["tomorrow", "2026-13-01T08:00", "<script>"])
def test_a_date_that_is_none_is_told_and_nothing_happens(
    said: str, boss: Browser, sign_in: Callable[[str], Browser]
) -> None:
    send(boss, "set_sla", SLA)
    brought(boss, sign_in("eve"))
    answer = boss.post(f"{HERE}/release", {"valid_from": said}, page=HERE)
    page = boss.get(HERE)
    assert answer.status_code == 303 and "is no date and time" in words(page)
    assert "<script>" not in page.text.split("<main")[1]
    assert "approved" in words(page)


def test_out_of_use_needs_a_reason_and_one_press(boss: Browser, sign_in: Callable[[str], Browser]) -> None:
    send(boss, "set_sla", SLA)
    brought(boss, sign_in("eve"))
    boss.post(f"{HERE}/release", page=HERE)
    boss.post(f"{HERE}/retire", {"note": " "}, page=HERE)
    assert "Say why." in words(boss.get(HERE))
    boss.post(f"{HERE}/retire", {"note": "too slow"}, page=HERE)
    page = words(boss.get(HERE))
    assert "v1 is out of use" in page and "too slow" in page
    boss.post(f"{HERE}/retire", {"note": "again"}, page=HERE)
    assert boss.get(HERE).status_code == 200


def test_rolling_back_without_anything_before_is_told(boss: Browser, sign_in: Callable[[str], Browser]) -> None:
    send(boss, "set_sla", SLA)
    brought(boss, sign_in("eve"))
    boss.post(f"{HERE}/release", page=HERE)
    boss.post(f"{HERE}/roll-back", page=HERE)
    assert "no version was released before" in words(boss.get(HERE))


TESTER = "/resolutions/try?process=quote&current=90&potential=0&churn_risk=0&fact=contract%3Dgold"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("channel=phone", "phoned chosen channel is phone"),
        ("channel = phone\n amount=5", "phoned chosen channel is phone"),
        ('{"channel": "phone"}', "phoned chosen channel is phone"),
        ("channel=mail", "phoned does not hold channel is mail"),
        ("", "phoned does not hold the start does not say channel"),
        ("{}", "the start does not say channel"),
        ('{"channel": null}', "the start does not say channel"),
    ],
)
def test_the_tester_takes_what_a_start_would_bring(data: str, says: str, desk: House, boss: Browser) -> None:
    phoned = (variation.Circumstance(name="channel", type="string", test='"phone"'),)
    bring(desk, "", {"id": "p_1", "kind": "set_sla", "target": "approve", "promise": {"duration": "PT30M"},
                     "reason": {"zh-CN": "x", "en": "x"}}, name="phoned", context=phoned)  # fmt: skip
    assert says in words(boss.get(f"{TESTER}&data={quote(data)}"))


@pytest.mark.parametrize("data", ["channel", "=phone", "channel=", "{", '{"a": NaN}', "{" * 3000, '{"a": 1}}'])
def test_data_that_cannot_be_read_are_refused_by_their_line_and_stay(data: str, boss: Browser) -> None:
    page = boss.get(f"{TESTER}&data={quote(data)}")
    assert page.status_code == 200 and "cannot be read" in words(page)
    assert data[:60] in unescape(page.text)
