"""Numbers are decimals of 34 digits."""

import threading
from decimal import Decimal

import pytest

from engine import feel
from tests.unit.feel.evaluating import shown, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("10 / 5", "2"),
        ("1.10 + 1", "2.10"),
        ("5 ** -2", "0.04"),
        ("2 ** 0.5", "1.414213562373095048801688724209698"),
        ("0 ** 0", "1"),
        ("0 / 0", "null"),
        ("modulo(-12, 5)", "3"),
        ("modulo(12, -5)", "-3"),
        ("modulo(10.1, 4.5)", "1.1"),
        ("decimal(2.5, 0)", "2"),
        ("decimal(1234.5, -2)", "1200"),
        ("floor(-1.5)", "-2"),
        ("floor(1.56, 1)", "1.5"),
        ("ceiling(-1.5)", "-1"),
        ("round up(5.5, 0)", "6"),
        ("round up(-1.126, 2)", "-1.13"),
        ("round down(-1.126, 2)", "-1.12"),
        ("round half up(2.5, 0)", "3"),
        ("round half down(2.5, 0)", "2"),
        ("round half up(0.4, -3)", "0"),
        ("round up(1, -3)", "1000"),
        ("abs(-1.5)", "1.5"),
        ("sqrt(16)", "4"),
        ("sqrt(-1)", "null"),
        ("log(0)", "null"),
        ("exp(0)", "1"),
        ("odd(3)", "true"),
        ("even(3)", "false"),
        ("odd(3.5)", "null"),
        ('number("1 000,5", " ", ",")', "1000.5"),
        ('number("1.000", ".", null)', "1000"),
        ('number("x")', "null"),
        ('number("1,5", ",", ",")', "null"),
    ],
)
def test_arithmetic(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_large_integers_are_rounded_to_34_digits() -> None:
    # (10^20 - 1)^2 = 10^40 - 2 * 10^20 + 1: 40 digits, of which the first 34 stay
    assert value("99999999999999999999 * 99999999999999999999") == Decimal("9.999999999999999999800000000000000E+39")


def test_a_new_thread_computes_with_as_many_digits() -> None:
    found: list[str] = []
    worker = threading.Thread(target=lambda: found.append(shown("1 / 3")))
    worker.start()
    worker.join()
    assert found == [shown("1 / 3")]


def test_a_float_is_the_decimal_it_is_written_as() -> None:
    assert value("x + 0.2 = 0.3", {"x": 0.1}) is True
    assert value("x", {"x": float("nan")}) is None
    assert value("x > 1000", {"x": 1200.5}) is True


def test_a_number_beyond_decimal128_is_refused_where_it_stands() -> None:
    with pytest.raises(feel.FeelSyntaxError, match="too large"):
        feel.compile_expression("1 + 1e9999")
