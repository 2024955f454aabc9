"""A version of a variant says itself whether it is open, submitted, and whose it is: one line a state."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from engine import records, variation
from tests.house import MONDAY

STATUSES = ("draft", "checked", "simulated", "approved", "released", "retired")
DEEDS = ("saved", "submitted", "approved", "sent_back", "released", "retired", "recomposed", "discarded")


def version(status: str, *deeds: tuple[str, str], by: str = "anna") -> variation.VariantVersion:
    history = tuple(
        variation.Deed(at=MONDAY + timedelta(minutes=number), by=who, did=did)  # type: ignore[arg-type]
        for number, (did, who) in enumerate(deeds)
    )
    return variation.VariantVersion(
        variant_id="p:ka",
        n=1,
        process="p",
        base_n=1,
        status=status,  # type: ignore[arg-type]
        created_at=MONDAY,
        created_by=by,
        history=history,
    )


@pytest.mark.parametrize("status", STATUSES)
def test_a_version_is_open_while_it_is_a_draft_or_checked(status: str) -> None:
    assert version(status).open is (status in ("draft", "checked"))


@pytest.mark.parametrize(("status", "did"), list(product(STATUSES, DEEDS)))
def test_a_version_waits_for_approval_when_it_was_submitted_last_and_is_checked(status: str, did: str) -> None:
    found = version(status, ("saved", "anna"), (did, "bo"))
    assert found.submitted is (status == "checked" and did == "submitted")


def test_without_a_history_nothing_was_submitted() -> None:
    assert not version("checked").submitted


@pytest.mark.parametrize(
    ("deeds", "authors"),
    [
        ((), {"anna"}),
        ((("saved", "bo"),), {"anna", "bo"}),
        ((("saved", "bo"), ("saved", "bo"), ("saved", "chen")), {"anna", "bo", "chen"}),
        ((("submitted", "bo"), ("approved", "eve"), ("released", "boss"), ("sent_back", "x")), {"anna"}),
    ],
)
def test_its_authors_are_those_who_wrote_and_no_others(deeds: Any, authors: set[str]) -> None:
    assert version("draft", *deeds).authors == authors


@pytest.mark.parametrize(
    "kind",
    [one for one in vars(records).values() if isinstance(one, type) and issubclass(one, records.Record)],
    ids=lambda kind: kind.__name__,
)
def test_what_is_kept_cannot_be_changed_in_place(kind: type[records.Record]) -> None:
    assert kind.__struct_config__.frozen
