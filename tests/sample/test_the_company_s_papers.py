"""The sample company on paper: whoever and whatever is named anywhere is there, before anything is loaded."""

import json
import re
from collections import Counter
from datetime import date
from functools import cache
from typing import Any

import pytest

from engine import files
from engine.bpmn import read
from engine.definitions import schemas
from engine.forms import check
from engine.model import nodes
from engine.model.program import Program
from engine.people import passwords, users
from engine.people.agent import ROLES
from engine.sample import cases, clients, company, staff
from engine.sample.case import Case

TODAY = date(2026, 3, 4)
CASES = cases.cases(TODAY)
SHIPPED = sorted(path.name for path in files.shipped("processes").iterdir() if (path / "process.json").is_file())
MEMBERS = {member.key: member for member in staff.PEOPLE}


@cache
def program(process: str) -> Program:
    folder = files.shipped("processes") / process
    (found, *_) = read.read((folder / "process.bpmn").read_bytes(), file="process.bpmn").programs
    return found


@cache
def document(process: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files.shipped("processes") / process / "process.json").read_text("utf-8"))
    return found


@cache
def form(process: str, name: str) -> dict[str, Any]:
    file = files.shipped("processes") / process / "forms" / f"{name}.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


@pytest.mark.parametrize("client", clients.CLIENTS, ids=lambda client: client.number)
def test_a_customer_is_as_the_schema_of_customers_wants_it(client: clients.Client) -> None:
    assert list(schemas.check(clients.document(client, 1), schema="customer.json")) == []


@pytest.mark.parametrize("client", clients.CLIENTS, ids=lambda client: client.number)
def test_a_customer_is_looked_after_by_somebody_who_sells_or_by_nobody(client: clients.Client) -> None:
    if client.owner:
        assert set(MEMBERS[client.owner].groups.split()) & {"account_managers", "sales_reps"}


def test_no_two_customers_share_a_number_a_telephone_or_an_address() -> None:
    made = [clients.document(client, place) for place, client in enumerate(clients.CLIENTS, 1)]
    for of in (
        lambda one: one["number"],
        lambda one: one["attributes"]["phone"],
        lambda one: one["attributes"]["email"],
        lambda one: one["name"],
    ):
        assert [value for value, times in Counter(map(of, made)).items() if times > 1] == []


def test_customers_of_both_languages_are_there() -> None:
    assert {clients.document(client, 1)["language"] for client in clients.CLIENTS} == {"zh-CN", "en"}


@pytest.mark.parametrize("member", staff.PEOPLE, ids=lambda member: member.key)
def test_a_member_has_groups_that_are_there_roles_that_are_some_and_a_manager_who_works_here(member) -> None:
    assert member.groups and set(member.groups.split()) <= set(staff.GROUPS)
    assert set(member.roles.split()) <= set(ROLES)
    assert member.locale in ("zh-CN", "en")
    assert not member.manager or member.manager in MEMBERS


@pytest.mark.parametrize("member", staff.PEOPLE, ids=lambda member: member.key)
def test_managers_lead_up_to_somebody_and_never_round(member: staff.Member) -> None:
    seen = [member.key]
    while (manager := MEMBERS[seen[-1]].manager) != "":
        assert manager not in seen, seen
        seen.append(manager)


def test_everybody_s_password_is_one_that_the_house_would_take() -> None:
    for member in staff.PEOPLE:
        passwords.check(staff.PASSWORD, key=member.key)
        assert list(users._key_problems(member.key)) == []


@pytest.mark.parametrize("group", staff.GROUPS)
def test_a_group_has_members_and_a_name_in_each_language(group: str) -> None:
    assert [member.key for member in staff.PEOPLE if group in member.groups.split()]
    assert set(staff.GROUPS[group]) == {"zh-CN", "en"} and len(set(staff.GROUPS[group].values())) == 2


def test_the_logins_that_are_shown_are_people_of_both_languages_with_work_of_many_kinds() -> None:
    shown = staff.logins()
    assert [login for login, _, _ in shown] == list(staff.SHOWN)
    assert {password for _, password, _ in shown} == {staff.PASSWORD}
    assert {MEMBERS[login].locale for login, _, _ in shown} == {"zh-CN", "en"}
    assert {role for login, _, _ in shown for role in MEMBERS[login].roles.split()} >= {"staff", "admin", "designer"}
    assert {login: who for login, _, who in shown}[
        "tom"
    ] == "Tom Baker (First-line agents, Telesales, Skilled telesales)"


@pytest.mark.parametrize("process", SHIPPED)
def test_a_group_that_does_a_step_of_a_process_works_here(process: str) -> None:
    named = set()
    for step in document(process)["steps"].values():
        named |= set(re.findall(r'"groups": \["([a-z_0-9]+)"', json.dumps(step)))
    assert named <= set(staff.GROUPS), named - set(staff.GROUPS)


def test_every_case_is_of_a_process_that_is_shipped() -> None:
    assert {case.process for case in CASES} <= set(SHIPPED)


def test_no_two_cases_of_a_process_share_a_key() -> None:
    assert [key for key, times in Counter((case.process, case.key) for case in CASES).items() if times > 1] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_a_case_is_for_a_customer_who_is_there_or_for_none(case: Case) -> None:
    numbers = {client.number for client in clients.CLIENTS}
    assert case.client in numbers | {""}
    if not case.client:
        assert document(case.process)["start"].get("customer_required") is False


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_what_a_case_begins_with_fits_the_start_form_of_its_process(case: Case) -> None:
    name = document(case.process)["start"].get("form", "")
    if name:
        assert check.check(form(case.process, name), case.data) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_the_deeds_of_a_case_are_done_at_steps_of_its_process_after_it_began_and_before_now(case: Case) -> None:
    people = {node.id for node in program(case.process).nodes if isinstance(node, nodes.UserTask)}
    assert {deed.node for deed in case.deeds} <= people
    assert all(deed.minutes > 0 for deed in case.deeds)
    assert case.hours > 0 and sum(deed.minutes for deed in case.deeds) <= case.hours * 60


@pytest.mark.parametrize("case", [case for case in CASES if case.deeds], ids=lambda case: case.key)
def test_what_is_handed_in_at_a_step_fits_the_form_of_that_step(case: Case) -> None:
    for deed in case.deeds:
        name = document(case.process)["steps"].get(deed.node, {}).get("form", "")
        if name:
            missing = [one for one in check.check(form(case.process, name), deed.data) if one.code != "form_required"]
            assert missing == [], (deed.node, [problem.text["en"] for problem in missing])


def test_cases_are_of_today_whenever_that_is() -> None:
    """The same cases on another day, with other dates in them."""
    later = cases.cases(date(2027, 11, 30))
    assert [(case.process, case.key) for case in later] == [(case.process, case.key) for case in CASES]
    assert later != CASES


def test_products_and_articles_have_keys_of_their_own() -> None:
    assert len({key for key, *_ in company.PRODUCTS}) == len(company.PRODUCTS)
    assert len({key for key, *_ in company.ARTICLES}) == len(company.ARTICLES)
    assert all(price > cost > 0 and stock > 0 and days > 0 for *_, price, cost, stock, days in company.PRODUCTS)
    assert all(keywords and all(word == word.lower() for word in keywords) for *_, keywords in company.ARTICLES)


def test_what_is_sold_in_a_case_is_a_product() -> None:
    known = {key for key, *_ in company.PRODUCTS}
    sold = set(
        re.findall(r'"product": "([a-z_]+)"', json.dumps([[case.data, [d.data for d in case.deeds]] for case in CASES]))
    )
    assert sold and sold <= known, sold - known
