"""Customers and whom they belong to: vetted, kept once, merged field by field, given an owner."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import errors, records
from engine.domain import parties
from engine.store.unit_of_work import Store
from tests.unit.domain.conftest import NOON, Run

GOOD = "91310000MA1FL5XW7X"
LI: dict[str, Any] = {"name": "李雷", "role": "采购", "phone": "138 0000-0001", "email": "Li@Acme.test"}
ACME: dict[str, Any] = {"number": "C-1", "name": "上海华星科技有限公司", "kind": "customer", "contacts": [LI]}


def with_check_letter(start: str) -> str:
    """The one code of eighteen that begins like this."""
    (found,) = [start + letter for letter in parties._LETTERS if parties.tax_number(start + letter)]
    return found


def customer(store: Store, number: str = "C-1") -> records.Customer:
    with store.reading() as tx:
        found = tx.customers.by_number(number)
    assert found is not None
    return found


def checked(run: Run, **more: Any) -> dict[str, Any]:
    return dict(run("parties.check", **({"number": "C-9", "name": "明锐", "contacts": [LI]} | more)).data)


# --- tax numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", ["91350100M000100Y43", "91310000MA1K35QK5F"[:17]])
def test_a_known_code_is_accepted_in_any_dress(known: str) -> None:
    whole = known if len(known) == 18 else with_check_letter(known)
    assert parties.tax_number(whole) == whole
    assert parties.tax_number(f" {whole[:6].lower()} {whole[6:].lower()}") == whole


@given(st.text(parties._LETTERS, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(parties._LETTERS))
@settings(max_examples=150, deadline=None)
def test_one_wrong_letter_is_always_seen(start: str, place: int, other: str) -> None:
    whole = with_check_letter(start)
    wrong = whole[:place] + other + whole[place + 1 :]
    assert parties.tax_number(wrong) == (whole if other == whole[place] else "")


@pytest.mark.parametrize("text", ["", "9135", "I" * 18, "9" * 19, "９" * 18, "<script>", "91350100M000100Y4Z"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert parties.tax_number(text) == ""


# --- vetted ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, []),
        ({"required": ["industry"]}, ["industry is missing"]),
        ({"required": ["industry"], "industry": "retail"}, []),
        ({"tax_no": "91350100M000100Y43"}, []),
        ({"tax_no": "91350100M000100Y44"}, ["check letter of 91350100M000100Y44 is wrong"]),
        ({"contacts": []}, ["neither a phone number nor an e-mail"]),
        ({"contacts": [{"name": "x", "phone": "12"}]}, ["contact 1: no phone number: 12", "neither a phone"]),
        ({"contacts": [LI, {"name": "x", "email": "at"}]}, ["contact 2: no e-mail address: at"]),
    ],
)
def test_what_is_wrong_with_a_record_is_told_in_both_languages(run: Run, more: dict[str, Any], said: list[str]) -> None:
    problems = checked(run, **more)["problems"]
    assert len(problems) == len(said)
    for problem, words in zip(problems, said, strict=True):
        chinese, english = problem.split(" / ", 1)
        assert words in english and any("一" <= letter <= "鿿" for letter in chinese)


@pytest.mark.parametrize(
    ("more", "match"),
    [
        ({}, "C-1"),  # the same telephone
        ({"contacts": [{"name": "x", "email": "LI@acme.test"}]}, "C-1"),
        ({"contacts": [{"name": "x", "phone": "13900000009"}]}, "none"),
        ({"contacts": [{"name": "x", "phone": "13900000009"}], "name": "华星科技（上海）"}, "C-1"),
        ({"contacts": [{"name": "x", "phone": "13900000009"}], "name": "华美科技"}, "none"),
        ({"number": "C-1"}, "none"),  # nobody is a double of oneself
    ],
)
def test_a_double_is_found_by_address_or_by_the_core_of_the_name(run: Run, more: dict[str, Any], match: str) -> None:
    run("parties.register", **ACME)
    assert checked(run, **more)["match"] == match


# --- kept ------------------------------------------------------------------------------------------------------------


def test_a_record_is_kept_once_in_its_plain_form(run: Run, store: Store) -> None:
    for _ in range(2):
        told = run("parties.register", **ACME, industry="manufacturing", tax_no=GOOD).data
        assert told["customer_no"] == "C-1"
    kept = customer(store)
    assert kept.contacts == ({"name": "李雷", "role": "采购", "phone": "13800000001", "email": "li@acme.test"},)
    assert kept.attributes["industry"] == "manufacturing" and "address" not in kept.attributes


def test_a_number_that_another_case_took_is_refused(run: Run) -> None:
    run("parties.register", **ACME)
    with pytest.raises(errors.Conflict) as caught:
        run("parties.register", instance="i-2", **ACME)
    assert caught.value.code == "number_taken" and "C-1" in caught.value.text["zh-CN"]


def test_of_many_who_register_one_number_at_once_one_does(run: Run) -> None:
    def register(n: int) -> bool:
        try:
            run("parties.register", job=f"j-{n}", instance=f"i-{n}", **ACME)
        except errors.Conflict:
            return False
        return True

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert list(pool.map(register, range(8))).count(True) == 1


def test_relations_are_kept_once_and_seen_from_both_sides(run: Run, store: Store) -> None:
    run("parties.register", instance="p", number="P-1", name="集团", kind="customer", contacts=[])
    for _ in range(2):
        run("parties.register", **ACME, relations=[{"kind": "parent", "number": "P-1"}])
    with store.reading() as tx:
        seen = [tx.parties.relations(customer(store, number).id) for number in ("C-1", "P-1")]
    assert seen[0] == seen[1] and [one.kind for one in seen[0]] == ["parent"]


@pytest.mark.parametrize(
    ("relation", "error"),
    [({"kind": "parent", "number": "P-404"}, errors.NotFound), ({"kind": "friend", "number": "C-1"}, errors.Invalid)],
)
def test_a_relation_to_nobody_or_of_no_kind_keeps_nothing(
    run: Run, store: Store, relation: dict[str, Any], error: type[errors.CrmflowError]
) -> None:
    run("parties.register", **ACME)
    with pytest.raises(error):
        run("parties.register", instance="i-2", **{**ACME, "number": "C-2"}, relations=[relation])
    with store.reading() as tx:
        assert tx.customers.by_number("C-2") is None


# --- merged ----------------------------------------------------------------------------------------------------------


def test_only_the_chosen_fields_are_taken_and_what_stood_there_is_kept(run: Run, store: Store) -> None:
    run("parties.register", **ACME, industry="retail", address="老地址")
    new = {
        "name": "华星新名",
        "industry": "software",
        "address": "新地址",
        "contacts": [{"name": "韩梅", "phone": "13900000002"}],
    }
    for _ in range(2):
        told = run("parties.merge", instance="m-1", into="C-1", taken=["industry", "hack"], **new).data
        assert told["customer_no"] == "C-1"
    kept = customer(store)
    assert (kept.name, kept.attributes["industry"], kept.attributes["address"]) == (ACME["name"], "software", "老地址")
    assert [one["name"] for one in kept.contacts] == ["李雷", "韩梅"]
    with store.reading() as tx:
        merge = tx.parties.merged("m-1")
    assert merge is not None and (list(merge.taken), merge.before) == (["industry"], {"industry": "retail"})


def test_contacts_that_are_known_are_not_added_again_and_may_be_replaced(run: Run, store: Store) -> None:
    run("parties.register", **ACME)
    run("parties.merge", instance="m-1", into="C-1", contacts=[{"name": "Li Lei", "phone": "+86 13800000001"}])
    assert [one["name"] for one in customer(store).contacts] == ["李雷"]
    run(
        "parties.merge",
        instance="m-2",
        into="C-1",
        taken=["contacts"],
        contacts=[{"name": "韩梅", "email": "h@a.test"}],
    )
    assert [one["name"] for one in customer(store).contacts] == ["韩梅"]


def test_an_owner_is_set_and_setting_it_again_changes_nothing(run: Run, store: Store) -> None:
    run("parties.register", **ACME)
    for _ in range(2):
        assert run("parties.assign", number="C-1", owner="lina").data == {"owner": "lina"}
    assert (customer(store).owner, customer(store).revision) == ("lina", 2)
    assert customer(store).changed_at == NOON


@pytest.mark.parametrize("handler", ["parties.merge", "parties.assign"])
def test_a_customer_that_nobody_knows_is_named(run: Run, handler: str) -> None:
    with pytest.raises(errors.NotFound) as caught:
        run(handler, number="C-404", into="C-404", owner="lina")
    assert "C-404" in caught.value.text["zh-CN"] and "C-404" in caught.value.text["en"]


@pytest.mark.parametrize(
    ("handler", "values", "parameter"),
    [
        ("parties.check", {"contacts": "all"}, "contacts"),
        ("parties.check", {"required": "all"}, "required"),
        ("parties.register", {"name": "x"}, "number"),
        ("parties.register", {"number": "C-1", "name": "x", "kind": "partner"}, "kind"),
        ("parties.register", {"number": "C-1"}, "name"),
        ("parties.merge", {}, "into"),
        ("parties.assign", {}, "number"),
    ],
)
def test_a_wrong_parameter_is_named(run: Run, handler: str, values: dict[str, Any], parameter: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        run(handler, **values)
    assert caught.value.ids == {"handler": handler, "parameter": parameter}
