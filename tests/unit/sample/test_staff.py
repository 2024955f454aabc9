"""Who works in the sample company: every name leads somewhere, and the logins that are shown are of use."""

import pytest

from engine.model.text import EN, ZH
from engine.sample import clients, staff

KEYS = {member.key for member in staff.PEOPLE}
EVERYBODY = [pytest.param(member, id=member.key) for member in staff.PEOPLE]


def test_nobody_is_there_twice() -> None:
    assert len(KEYS) == len(staff.PEOPLE)
    assert len({member.name for member in staff.PEOPLE}) == len(staff.PEOPLE)


@pytest.mark.parametrize("member", EVERYBODY)
def test_a_person_is_in_groups_that_exist_each_once(member: staff.Member) -> None:
    groups = member.groups.split()
    assert groups and set(groups) <= set(staff.GROUPS)
    assert len(set(groups)) == len(groups)


@pytest.mark.parametrize("member", EVERYBODY)
def test_a_person_reports_to_somebody_who_reports_to_somebody_else(member: staff.Member) -> None:
    above, by_key = [member.key], {one.key: one for one in staff.PEOPLE}
    while by_key[above[-1]].manager:
        assert by_key[above[-1]].manager in KEYS
        assert by_key[above[-1]].manager not in above, "a circle of managers"
        above.append(by_key[above[-1]].manager)


@pytest.mark.parametrize("member", EVERYBODY)
def test_a_person_works_here_and_reads_a_language_of_the_house(member: staff.Member) -> None:
    assert "staff" in member.roles.split()
    assert set(member.roles.split()) <= {"staff", "admin", "designer", "integrator"}
    assert member.locale in (ZH, EN)


@pytest.mark.parametrize("group", staff.GROUPS)
def test_a_group_has_a_name_in_each_language_and_somebody_is_in_it(group: str) -> None:
    texts = staff.GROUPS[group]
    assert texts[ZH] and texts[EN] and texts[ZH] != texts[EN]
    assert any(group in member.groups.split() for member in staff.PEOPLE)


@pytest.mark.parametrize("locale", [ZH, EN])
def test_no_two_groups_read_alike(locale: str) -> None:
    names = [texts[locale] for texts in staff.GROUPS.values()]
    assert len(set(names)) == len(names)


def test_the_logins_that_are_shown_are_of_people_with_their_groups_in_their_language() -> None:
    shown = staff.logins()
    assert [key for key, _, _ in shown] == list(staff.SHOWN)
    assert {password for _, password, _ in shown} == {staff.PASSWORD}
    said = {key: who for key, _, who in shown}
    assert said["tom"] == "Tom Baker (First-line agents, Telesales, Skilled telesales)"
    assert said["wangfang"] == "王芳 (大客户经理)"


def test_the_shown_people_cover_every_role_that_a_visitor_may_try_and_both_languages() -> None:
    by_key = {member.key: member for member in staff.PEOPLE}
    shown = [by_key[key] for key in staff.SHOWN]
    assert {role for one in shown for role in one.roles.split()} >= {"staff", "admin", "designer"}
    assert {one.locale for one in shown} == {ZH, EN}


def test_no_two_customers_share_a_number() -> None:
    numbers = [client.number for client in clients.CLIENTS]
    assert len(set(numbers)) == len(numbers)
