"""Every wrong place in a request is named once, with its JSON pointer, in both languages."""

import pytest

from engine import errors
from web.api.body import WORDS, Body, Query


class Line(Body):
    product: str
    quantity: int


class Order(Body):
    lines: list[Line]
    note: str = ""


class Page(Query):
    limit: int = 50
    open: bool = False


def problems(body: type[Body], sent: object) -> dict[str, str]:
    with pytest.raises(errors.Invalid) as refused:
        body.model_validate(sent)
    return {problem.pointer: problem.code for problem in refused.value.problems}


@pytest.mark.parametrize(
    "sent, expected",
    [
        ({}, {"/lines": "missing"}),
        ([], {"": "model_type"}),
        ({"lines": "x"}, {"/lines": "list_type"}),
        ({"lines": [], "extra": 1}, {"/extra": "extra_forbidden"}),
        ({"lines": [{"product": "A", "quantity": "2"}]}, {"/lines/0/quantity": "int_type"}),
        ({"lines": [{"product": "A", "quantity": False}]}, {"/lines/0/quantity": "int_type"}),
        (
            {"lines": [{"product": 1, "quantity": 2}, {"product": "B"}], "note": None},
            {"/lines/0/product": "string_type", "/lines/1/quantity": "missing", "/note": "string_type"},
        ),
        ({"lines": [], "a/b~c": 1}, {"/a~1b~0c": "extra_forbidden"}),
    ],
)
def test_each_wrong_place_has_its_pointer(sent: object, expected: dict[str, str]) -> None:
    assert problems(Order, sent) == expected


def test_a_query_reads_numbers_and_truth_values_from_text() -> None:
    page = Page.model_validate({"limit": "10", "open": "true"})
    assert (page.limit, page.open) == (10, True)
    assert problems(Page, {"limit": "ten", "open": "perhaps"}) == {"/limit": "int_parsing", "/open": "bool_parsing"}


def test_every_sentence_exists_in_both_languages_with_the_same_placeholders() -> None:
    for code, text in WORDS.items():
        assert set(text) == {"zh-CN", "en"}, code
        chinese, english = (sorted(part.split("}")[0] for part in line.split("{")[1:]) for line in text.values())
        assert chinese == english, code


def test_placeholders_are_filled() -> None:
    class Short(Body):
        name: str

        model_config = {"str_max_length": 3, "extra": "forbid", "strict": True}

    with pytest.raises(errors.Invalid) as refused:
        Short.model_validate({"name": "four"})
    (problem,) = refused.value.problems
    assert problem.text == {"zh-CN": "最多 3 个字符", "en": "expected at most 3 characters"}
