"""Help before an expression runs."""

import pytest

from engine import feel
from engine.feel import types
from engine.model.text import EN, ZH

ORDER = types.ContextOf((("total", types.Named("number")), ("lines", types.ListOf(types.Named("string")))))
NAMES = {"amount": types.Named("number"), "segment": types.Named("string"), "order": ORDER, "anything": None}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('amount > 1000 and segment = "key"', []),
        ("amont > 1000", ["unknown_name"]),
        ("strng(amount)", ["unknown_function"]),
        ("segment = 3", ["not_comparable"]),
        ("order.total < segment", ["not_comparable"]),
        ("order.lines = amount", ["not_comparable"]),
        ("anything = 3 and anything.x = 4", []),
        ("if segment then 1 else 2", ["not_boolean"]),
        ("for i in [1] return i + j", ["unknown_name"]),
        ("order.lines[other = 1]", []),
        ('count([1]) = "1"', ["not_comparable"]),
        ('(function(a) a + amount)("x")', []),
    ],
)
def test_a_check_warns_of_what_cannot_work(text: str, codes: list[str]) -> None:
    assert [warning.code for warning in feel.check(text, NAMES)] == codes


def test_an_unknown_name_comes_with_a_guess() -> None:
    warning = feel.check("1 + amont", NAMES)[0]
    assert "did you mean amount?" in warning.text[EN]
    assert "amount" in warning.text[ZH]
    assert warning.position == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amount * 2 + 1", types.Named("number")),
        ("segment + segment", types.Named("string")),
        ("amount > 1", types.Named("boolean")),
        ("order.lines", types.ListOf(types.Named("string"))),
        ("[1, 2]", types.ListOf(types.Named("number"))),
        ("{a: 1}.a", types.Named("number")),
        ('if anything then "a" else "b"', types.Named("string")),
        ("today()", types.Named("date")),
        ("anything", None),
        ("null", None),
    ],
)
def test_types_are_inferred_where_they_are_known(text: str, expected: types.Type | None) -> None:
    assert feel.inferred_type(text, NAMES) == expected


def test_types_of_the_model_are_looked_up() -> None:
    definitions = {"tAmount": types.Named("tMoney"), "tMoney": types.Named("number")}
    assert feel.check('x = "a"', {"x": types.Named("tAmount")}, definitions)[0].code == "not_comparable"
    assert feel.compile_expression("1 instance of tAmount", types=definitions).evaluate({}) is True
