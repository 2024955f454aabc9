"""Numbers: exact integers while they fit 34 digits, decimals of 34 digits otherwise (IEEE 754 decimal128).

All arithmetic goes through CONTEXT's own methods: the decimal module's current context belongs to a thread, and a new
thread would compute with 28 digits.
"""

import decimal
from decimal import Decimal

Number = int | Decimal

DIGITS = 34
LIMIT = 10**DIGITS
"""Integers of this size and beyond are rounded to decimals."""

CONTEXT = decimal.Context(
    prec=DIGITS,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)

ArithmeticFailure = decimal.DecimalException
"""What CONTEXT's methods raise for results that are no numbers."""


def settle(value: int) -> Number:
    """An integer as it may go on living."""
    return value if -LIMIT < value < LIMIT else CONTEXT.create_decimal(value)


def from_text(text: str) -> Number | None:
    """The number a literal names, None for one beyond decimal128."""
    if text.isdigit() and len(text) <= DIGITS:
        return int(text)
    try:
        return CONTEXT.create_decimal(text)
    except ArithmeticFailure:
        return None


def from_float(value: float) -> Number | None:
    """The decimal that a float is written as; None for infinities and what is no number."""
    if value.is_integer() and -1e15 < value < 1e15:
        return int(value)
    number = Decimal(repr(value))
    return number if number.is_finite() else None


def to_text(value: Number) -> str:
    """Plain digits without an exponent where that stays readable."""
    if isinstance(value, int):
        value = settle(value)  # Python refuses to write integers of thousands of digits
    if isinstance(value, int):
        return str(value)
    value = value if value else value.copy_abs()  # there is one zero
    exponent = value.adjusted()
    return format(value, "f") if -40 < exponent < 40 else str(value)


def integral(value: object) -> int | None:
    """The value as a Python integer, None when it is no whole number or too large to count with."""
    if type(value) is int:
        return value
    if type(value) is Decimal and value.adjusted() < DIGITS and value == value.to_integral_value():
        return int(value)
    return None


def divide(left: Number, right: Number) -> Number:
    """Raises ArithmeticFailure for a division by zero."""
    if type(left) is int and type(right) is int and right != 0:
        quotient, rest = divmod(left, right)
        if rest == 0:
            return quotient
    return CONTEXT.divide(Decimal(left), Decimal(right))


def power(base: Number, exponent: Number) -> Number:
    """Raises ArithmeticFailure for 0 ** -1, a root of a negative number and results beyond decimal128."""
    if type(base) is int and type(exponent) is int and 0 < exponent <= 128 and abs(base) < 1 << 53:
        return settle(base**exponent)
    if exponent == 0:
        return 1
    if base == 0 and exponent < 0:
        raise decimal.DivisionByZero  # the decimal module would answer infinity
    result = CONTEXT.power(Decimal(base), Decimal(exponent))
    whole = integral(result)
    return result if whole is None else whole


def floor_mod(dividend: Number, divisor: Number) -> Number:
    """dividend - divisor * floor(dividend / divisor), the rule of DMN for modulo."""
    if type(dividend) is int and type(divisor) is int and divisor != 0:
        return dividend % divisor
    rest = CONTEXT.remainder(Decimal(dividend), Decimal(divisor))
    return CONTEXT.add(rest, Decimal(divisor)) if rest and (rest < 0) != (divisor < 0) else rest


def rescale(value: Number, scale: int, rounding: str) -> Number:
    """The value with so many digits behind the point; negative scales round to tens, hundreds ..."""
    if type(value) is int and scale >= 0:
        return value
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= scale:
        return value
    if number.adjusted() + scale < -1:  # all digits vanish: only the direction of rounding is left to see
        number = Decimal((number.as_tuple().sign, (1,), -scale - 1)) if number else Decimal(0)
    wide = decimal.Context(prec=DIGITS * 3, rounding=rounding, Emin=-6200, Emax=6200)
    rounded = number.quantize(Decimal(1).scaleb(-scale, wide), rounding=rounding, context=wide)
    return int(rounded) if scale <= 0 and rounded.adjusted() < DIGITS else CONTEXT.plus(rounded)
