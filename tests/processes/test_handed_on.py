"""What one process tells another arrives: begun for the right customer, with what was said."""

from collections.abc import Iterator

import pytest

from engine.facts import InstanceStarted
from tests.processes.life import Life, living

NEEDED = ("SFA-06", "MA-01", "CSS-09", "MA-11", "MA-03", "CSS-10", "CSS-03", "MA-09")


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    with living(tmp_path_factory.mktemp("handed-on"), NEEDED) as alive:
        yield alive


def begun(life: Life, process: str) -> tuple[str | None, dict[str, object]]:
    """For whom the only case of a process began, and with what."""
    (case,) = life.instances(process)
    with life.engine.store.reading() as tx:
        (told,) = [row.fact for row in tx.facts.of_instance(case.id) if isinstance(row.fact, InstanceStarted)]
        whose = tx.customers.get(case.customer_id or "")
    return whose.number if whose else None, told.data


def test_a_customer_whose_record_is_kept_is_valued(life: Life) -> None:
    life.begin("SFA-06", "C-9001", customer=None, partyNo="C-9001", channel="phone")
    contact = {"name": "王总", "role": "decides", "phone": "13800000001", "email": "wang@acme.test"}
    life.does("fill", partyNo="C-9001", party_type="customer", party_name="华星科技", industry="manufacturing",
              address="上海浦东", city="east", contacts=[contact])  # fmt: skip
    assert begun(life, "MA-01")[0] == "C-9001"


def test_full_marks_with_consent_begin_a_referral(life: Life) -> None:
    life.begin("CSS-09", "FU-1", followUpNo="FU-1", kind="survey", topic="order", channel="web", language="en")
    life.passes(days=2)
    life.hears("survey.answered", "FU-1", score=5, nps=10, contact_again=True)
    number, said = begun(life, "MA-11")
    given = {"caseNo": "FU-1-R", "lever": "referral", "channel": "web", "language": "en"}
    assert (number, {name: said[name] for name in given}) == ("C-1", given)


def test_a_complaint_heard_while_saving_a_customer_is_handled_in_the_customer_s_words(life: Life) -> None:
    life.begin("CSS-10", "CH-1", caseNo="CH-1", risk=80, drivers=["service"], channel="phone", language="en")
    life.does("contact_customer", root_cause="price", save_cost=400,
              offer_text="九折 / 10 % off", new_complaint="账单又错了 / the bill is wrong again")  # fmt: skip
    number, said = begun(life, "CSS-03")
    assert (number, said["complaintNo"], said["complaint_text"]) == (
        "C-1",
        "CP-CH-1",
        "账单又错了 / the bill is wrong again",
    )
    assert not any(one.incidents for process in NEEDED for one in life.instances(process))


def test_a_guest_who_comes_unasked_is_on_the_list_of_guests(life: Life) -> None:
    life.begin("MA-09", "FAIR-1", customer=None, eventNo="FAIR-1", event_name="华东智造展 / Fair")
    life.hears("event.answered", "FAIR-1", guest={"id": "G-9", "name": "陈晨", "phone": "139", "state": "checked_in"})
    with life.engine.store.reading() as tx:
        guest = tx.events.guest("FAIR-1", "G-9")
    assert guest is not None
    assert (guest.name, guest.phone, guest.state) == ("陈晨", "139", "checked_in")
