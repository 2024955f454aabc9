"""A letter to one of many."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain import merging

FACTS = {
    "name": "王磊",
    "number": "C-1",
    "values": {"current": 80},
    "phone": None,
    "tags": ["a"],
    "zero": 0,
    "no": False,
}


@pytest.mark.parametrize(
    ("template", "letter"),
    [
        ("", ""),
        ("您好", "您好"),
        ("{{name}}，您好", "王磊，您好"),
        ("{{ name }} {{number}}", "王磊 C-1"),
        ("{{values.current}}", "80"),
        ("{{values}}", ""),
        ("{{tags}}", ""),
        ("{{phone}}!", "!"),
        ("{{unknown.deep}}", ""),
        ("{{name.first}}", ""),
        ("{{zero}} {{no}}", "0 False"),
        ("{{1name}} {{}} {name}", "{{1name}} {{}} {name}"),
        ("{{name}}{{name}}", "王磊王磊"),
        ("{{__class__}}", ""),
    ],
)
def test_what_is_known_is_filled_in_and_nothing_else(template: str, letter: str) -> None:
    assert merging.fill(template, FACTS) == letter


@pytest.mark.parametrize(
    ("template", "asked", "lacking"),
    [
        ("", (), ()),
        ("{{name}} {{name}}", ("name",), ()),
        ("{{phone}} {{name}} {{city}}", ("phone", "name", "city"), ("phone", "city")),
        ("{{values.current}} {{values.past}}", ("values.current", "values.past"), ("values.past",)),
        ("{{zero}}", ("zero",), ()),
    ],
)
def test_what_is_missing_is_told_in_the_order_of_the_letter(
    template: str, asked: tuple[str, ...], lacking: tuple[str, ...]
) -> None:
    assert merging.places(template) == asked
    assert merging.missing(template, FACTS) == lacking


def test_a_value_that_looks_like_a_place_is_a_value() -> None:
    assert merging.fill("{{name}}", {"name": "{{secret}}", "secret": "x"}) == "{{secret}}"


@given(
    st.text(alphabet="{} ab.一_1", max_size=40), st.dictionaries(st.sampled_from(["a", "b", "ab"]), st.text(max_size=3))
)
@settings(max_examples=300, deadline=None)
def test_any_template_over_any_facts_gives_a_letter_without_known_places(template: str, facts: dict[str, str]) -> None:
    letter = merging.fill(template, facts)
    assert set(merging.missing(template, facts)) <= set(merging.places(template))
    if not merging.places(template):
        assert letter == template
