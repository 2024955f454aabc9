"""Leads are taken in once: what counts as the same party, and what is done with what was found."""

from datetime import UTC, datetime

import pytest

from engine import records
from engine.domain import sameness
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("138 1234-5678", "13812345678"),
        ("+86 13812345678", "13812345678"),
        ("0086-138-1234-5678", "13812345678"),
        ("（021）6888 1234", "02168881234"),
        ("+49 30 1234567", "+49301234567"),
        ("12345", ""),
        ("23812345678", ""),
        ("nobody", ""),
    ],
)
def test_a_phone_number_has_one_form(written: str, plain: str) -> None:
    assert sameness.phone(written) == plain


@pytest.mark.parametrize(
    ("written", "plain"), [(" Wang@Example.COM ", "wang@example.com"), ("wang@example", ""), ("a b@example.com", "")]
)
def test_an_address_has_one_form(written: str, plain: str) -> None:
    assert sameness.email(written) == plain


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("上海华星科技有限公司", "华星科技"),
        ("华星科技（上海）有限公司", "华星科技"),
        ("华星集团", "华星"),
        ("上海市东方航运股份有限公司", "东方航运"),
        ("Bright Labs GmbH", "brightlabs"),
        ("BRIGHT LABS Co., Ltd.", "brightlabs"),
        ("ＡＢＣ公司", "abc"),
        ("上海公司", "上海"),
        ("公司", "公司"),
        ("王磊", "王磊"),
    ],
)
def test_a_company_is_known_by_the_core_of_its_name(name: str, core: str) -> None:
    assert sameness.core(name) == core


def test_names_are_alike_by_their_letter_pairs() -> None:
    assert sameness.likeness("上海华星科技有限公司", "华星科技集团") == 1.0
    assert sameness.likeness("华星科技", "华星科技服务") >= sameness.ALIKE
    assert sameness.likeness("华星科技", "青禾科技") < sameness.ALIKE
    assert sameness.likeness("王", "李") == 0.0


def test_what_nobody_could_be_reached_by_is_told(run: Run) -> None:
    good = run("leads.read", phone="+86 138 1234 5678", email="A@B.example").data
    bad = run("leads.read", phone="12", email="").data

    assert good == {"phone": "13812345678", "email": "a@b.example", "problems": []}
    assert bad["phone"] == "12"
    assert len(bad["problems"]) == 2


def customer(store: Store, number: str, name: str, phone: str = "", owner: str = "") -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    with store.transaction() as tx:
        tx.customers.add(
            records.Customer(
                id=number,
                number=number,
                name=name,
                owner=owner,
                contacts=({"name": name, "phone": phone},) if phone else (),
                created_at=at,
                changed_at=at,
            )
        )


def keep(run: Run, number: str, **given: str) -> None:
    run("leads.keep", lead=number, **{"name": "王磊", **given})


def test_a_customer_is_known_by_the_number_or_by_the_company(store: Store, run: Run) -> None:
    customer(store, "C-1", "华星集团", "13812345678", "wangfang")

    by_phone = run("leads.search", lead="L-1", name="王磊", phone="138 1234 5678").data
    by_company = run("leads.search", lead="L-1", name="王磊", company="上海华星有限公司").data

    assert by_phone == by_company
    assert by_phone == {"match": "customer", "match_id": "C-1", "match_name": "华星集团", "match_owner": "wangfang"}


def test_a_part_of_another_number_is_another_number(store: Store, run: Run) -> None:
    customer(store, "C-1", "华星集团", "138123456789")

    assert run("leads.search", lead="L-1", name="王磊", phone="13812345678").data["match"] == "none"


def test_a_person_of_the_same_name_is_only_perhaps_the_same(store: Store, run: Run) -> None:
    customer(store, "C-1", "王磊")

    assert run("leads.search", lead="L-1", name="王磊", phone="13900000000").data["match"] == "probable"


def test_a_lead_is_known_by_its_address_and_never_by_itself(run: Run) -> None:
    keep(run, "L-1", company="明远电子", phone="13900000001")

    assert run("leads.search", lead="L-2", name="李丽", phone="13900000001").data["match"] == "exact"
    assert run("leads.search", lead="L-2", name="李丽", company="明远电子元件").data["match"] == "probable"
    assert run("leads.search", lead="L-1", name="王磊", company="明远电子", phone="13900000001").data["match"] == "none"


def test_what_is_said_again_is_added_once_to_the_lead_that_is_known(store: Store, run: Run) -> None:
    keep(run, "L-1", phone="13900000001")
    for _ in range(2):
        run("leads.join", lead="L-2", into="L-1", source="phone", need="要报价")
    run("leads.join", lead="L-3", into="L-1", source="web", need="还要培训")

    with store.reading() as tx:
        known = tx.leads.known("L-1")
    assert known is not None
    assert [(one["lead"], one["need"]) for one in known.joined] == [("L-2", "要报价"), ("L-3", "还要培训")]
    assert known.created_at == NOON


def test_a_lead_is_kept_once(store: Store, run: Run) -> None:
    keep(run, "L-1", phone="13900000001")
    keep(run, "L-1", phone="13900000002")

    with store.reading() as tx:
        assert [lead.id for lead in tx.leads.reached_by("13900000001", "")] == ["L-1"]
        assert tx.leads.reached_by("13900000002", "") == []
        assert tx.leads.reached_by("", "") == []
