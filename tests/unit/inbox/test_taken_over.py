"""What a task takes over of what is handed in: by its form, around what is only read, without a form in bounds."""

from typing import Any

import pytest

from engine import errors
from engine.inbox import act
from engine.model.performer import Performer
from tests.house import ANNA, House
from tests.kernel.models import literal, node, program

FORM: dict[str, Any] = {
    "properties": {
        "price": {"type": "number", "readOnly": True},
        "note": {"type": "string", "maxLength": 5},
        "anything": True,
        "never": False,
    }
}


def task(home: House, form: dict[str, Any] | None, **data: Any) -> str:
    made = node("user u", form="f" if form else "", performer=Performer(groups=(literal("sales"),)))
    home.person(ANNA)
    home.release(program("start s", made, "end z", flow=["s > u > z"], forms={"f": form} if form else {}))
    return home.start(**data)


def completed(home: House, case: str, **data: Any) -> dict[str, Any]:
    """The facts' own word of what was taken over."""
    act.complete(home.engine, work_item_id=home.item(case, "u").id, data=data, agent=ANNA, now=home.now)
    return next(fact.data for fact in home.facts(case) if type(fact).__name__ == "WorkItemCompleted")


TAKEN = [
    ({}, {}),
    ({"note": "ok"}, {"note": "ok"}),
    ({"note": "ok", "price": 5}, {"note": "ok"}),  # sent back unchanged, and not taken
    ({"price": 5}, {}),
    ({"price": 5.0}, {}),
    ({"anything": {"at": [1, None]}}, {"anything": {"at": [1, None]}}),
    ({"anything": None}, {"anything": None}),
]


@pytest.mark.parametrize(("sent", "taken"), TAKEN)
def test_what_the_form_asks_for_is_taken_over(home: House, sent: dict[str, Any], taken: dict[str, Any]) -> None:
    assert completed(home, task(home, FORM, price=5), **sent) == taken


REFUSED = [
    ({"price": 6}, [("/price", "This field is for reading only; it was changed.")]),
    ({"price": None}, [("/price", "Enter a number."), ("/price", "This field is for reading only; it was changed.")]),
    ({"note": "too long"}, [("/note", "At most 5 characters; there are 8.")]),
    ({"never": 1}, [("", "This value is not allowed.")]),
    ({"role": "admin"}, [("/role", "The form has no field “role”.")]),
    (
        {"note": "too long", "role": 1},
        [("/note", "At most 5 characters; there are 8."), ("/role", "The form has no field “role”.")],
    ),
]


@pytest.mark.parametrize(("sent", "told"), REFUSED)
def test_what_does_not_fit_is_told_place_by_place_and_nothing_has_happened(home: House, sent, told) -> None:
    case = task(home, FORM, price=5)
    with pytest.raises(errors.Invalid) as raised:
        completed(home, case, **sent)
    assert raised.value.code == "form_invalid"
    assert [(problem.pointer, problem.text["en"]) for problem in raised.value.problems] == told
    assert home.item(case, "u").status == "open"


def test_a_field_for_reading_of_a_variable_that_is_not_there_cannot_be_made_by_sending_it(home: House) -> None:
    with pytest.raises(errors.Invalid):
        completed(home, task(home, FORM), price=5)


def test_without_a_form_everything_is_taken_within_the_bounds_of_a_form(home: House) -> None:
    many = {f"n{number}": number for number in range(6_000)}
    assert completed(home, task(home, None), **many) == many


@pytest.mark.parametrize("sent", [{"x": "a" * 1_000_001}, {"n" * 201: 1}])
def test_beyond_the_bounds_nothing_is_taken(home: House, sent: dict[str, Any]) -> None:
    case = task(home, None)
    with pytest.raises(errors.TooLarge) as raised:
        completed(home, case, **sent)
    assert raised.value.code == "form_data_too_large"
    assert home.item(case, "u").status == "open"
