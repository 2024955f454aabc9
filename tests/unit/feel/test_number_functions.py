"""Built-in functions on numbers (DMN 1.5, table 78), and numbers from texts."""

import pytest

from tests.unit.feel.evaluating import codes, shown

ROUNDING = [
    # number, scale, decimal (half even), floor, ceiling, round up, round down, round half up, round half down
    ("1.4", "0", "1 1 2 2 1 1 1"),
    ("1.5", "0", "2 1 2 2 1 2 1"),
    ("1.6", "0", "2 1 2 2 1 2 2"),
    ("2.5", "0", "2 2 3 3 2 3 2"),
    ("-1.4", "0", "-1 -2 -1 -2 -1 -1 -1"),
    ("-1.5", "0", "-2 -2 -1 -2 -1 -2 -1"),
    ("-1.6", "0", "-2 -2 -1 -2 -1 -2 -2"),
    ("-2.5", "0", "-2 -3 -2 -3 -2 -3 -2"),
    ("0", "0", "0 0 0 0 0 0 0"),
    ("7", "0", "7 7 7 7 7 7 7"),
    ("7", "2", "7 7 7 7 7 7 7"),
    ("1.124", "2", "1.12 1.12 1.13 1.13 1.12 1.12 1.12"),
    ("1.125", "2", "1.12 1.12 1.13 1.13 1.12 1.13 1.12"),
    ("1.135", "2", "1.14 1.13 1.14 1.14 1.13 1.14 1.13"),
    ("-1.125", "2", "-1.12 -1.13 -1.12 -1.13 -1.12 -1.13 -1.12"),
    ("0.05", "1", "0.0 0.0 0.1 0.1 0.0 0.1 0.0"),
    ("15", "-1", "20 10 20 20 10 20 10"),
    ("25", "-1", "20 20 30 30 20 30 20"),
    ("-25", "-1", "-20 -30 -20 -30 -20 -30 -20"),
    ("1234.5", "-2", "1200 1200 1300 1300 1200 1200 1200"),
    ("4", "-1", "0 0 10 10 0 0 0"),
    ("6", "-2", "0 0 100 100 0 0 0"),
    ("-6", "-2", "0 -100 0 -100 0 0 0"),
]
MODES = ("decimal", "floor", "ceiling", "round up", "round down", "round half up", "round half down")


@pytest.mark.parametrize(("number", "scale", "results"), ROUNDING)
def test_rounding_to_a_scale(number: str, scale: str, results: str) -> None:
    for mode, expected in zip(MODES, results.split(), strict=True):
        assert shown(f"{mode}({number}, {scale})") == expected, mode
        assert shown(f"{mode}(scale: {scale}, n: {number})") == expected, mode


@pytest.mark.parametrize("mode", MODES)
def test_the_scale_of_a_rounding_is_one_of_decimal128(mode: str) -> None:
    assert shown(f"{mode}(1.5, 6176)") == "1.5"
    assert shown(f"{mode}(1.5, 6177)") == "null"
    assert shown(f"{mode}(1.5, -6112)") == "null"
    assert codes(f"{mode}(1.5, -6112)") == ["no_result"]


@pytest.mark.parametrize("mode", MODES)
def test_the_scale_of_a_rounding_is_cut_to_a_whole_number(mode: str) -> None:
    assert shown(f"{mode}(1.55, 1.9)") == shown(f"{mode}(1.55, 1)")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("arguments", ["null", "null, 1", "1, null", '"1", 1', '1, "1"', "true, 1", "[1, 2], 1"])
def test_a_rounding_takes_numbers_only(mode: str, arguments: str) -> None:
    assert shown(f"{mode}({arguments})") == "null"
    assert len(codes(f"{mode}({arguments})")) == 1


@pytest.mark.parametrize("mode", ["floor", "ceiling"])
def test_floor_and_ceiling_may_leave_the_scale_out(mode: str) -> None:
    assert shown(f"{mode}(n: 1.5)") == shown(f"{mode}(1.5, 0)")
    assert codes(f"{mode}()") == ["wrong_arguments"]


@pytest.mark.parametrize("mode", ["decimal", "round up", "round down", "round half up", "round half down"])
def test_the_other_roundings_need_a_scale(mode: str) -> None:
    assert codes(f"{mode}(1.5)") == ["wrong_arguments"]


OTHERS = [
    ("abs(10)", "10"),
    ("abs(-10)", "10"),
    ("abs(-1.50)", "1.50"),
    ("abs(0)", "0"),
    ("abs(n: -1)", "1"),
    ('abs(@"-PT5H")', "PT5H"),
    ('abs(@"P5D")', "P5D"),
    ('abs(@"-P5M")', "P5M"),
    ('abs(n: duration("-P1Y2M"))', "P1Y2M"),
    # modulo is dividend - divisor * floor(dividend / divisor): it has the sign of the divisor
    ("modulo(12, 5)", "2"),
    ("modulo(-12, 5)", "3"),
    ("modulo(12, -5)", "-3"),
    ("modulo(-12, -5)", "-2"),
    ("modulo(10.1, 4.5)", "1.1"),
    ("modulo(-10.1, 4.5)", "3.4"),
    ("modulo(10.1, -4.5)", "-3.4"),
    ("modulo(-10.1, -4.5)", "-1.1"),
    ("modulo(10, 5)", "0"),
    ("modulo(0, 5)", "0"),
    ("modulo(dividend: 7, divisor: 4)", "3"),
    ("sqrt(16)", "4"),
    ("sqrt(0)", "0"),
    ("sqrt(2.25)", "1.5"),
    ("sqrt(number: 2)", "1.414213562373095048801688724209698"),
    ("log(1)", "0"),
    ("log(10)", "2.302585092994045684017991454684364"),
    ("log(number: 0.5)", "-0.6931471805599453094172321214581766"),
    ("exp(0)", "1"),
    ("exp(1)", "2.718281828459045235360287471352662"),
    ("exp(-1)", "0.3678794411714423215955237701614609"),
    ("exp(number: 5)", "148.4131591025766034211155800405523"),
    ("odd(5)", "true"),
    ("odd(2)", "false"),
    ("odd(0)", "false"),
    ("odd(-1)", "true"),
    ("odd(5.0)", "true"),
    ("odd(number: 3)", "true"),
    ("even(5)", "false"),
    ("even(2)", "true"),
    ("even(0)", "true"),
    ("even(-2)", "true"),
    ("even(2.0)", "true"),
    ("even(number: 4)", "true"),
]
FROM_TEXT = [
    ('number("1")', "1"),
    ('number("-1")', "-1"),
    ('number("+1")', "1"),
    ('number("1.50")', "1.50"),
    ('number(".5")', "0.5"),
    ('number("1e3")', "1000"),
    ('number("1E-3")', "0.001"),
    ('number("-0")', "0"),
    ('number("1 234", " ", ".")', "1234"),
    ('number("1 234 567", " ", null)', "1234567"),
    ('number("1,234.5", ",", ".")', "1234.5"),
    ('number("1.234,5", ".", ",")', "1234.5"),
    ('number("1 234,5", " ", ",")', "1234.5"),
    ('number("1234,5", null, ",")', "1234.5"),
    ('number("1234.5", null, ".")', "1234.5"),
    ('number("1234.5", null, null)', "1234.5"),
    ('number(from: "12")', "12"),
    ('number(from: "1,2", grouping separator: null, decimal separator: ",")', "1.2"),
    ('number(decimal separator: ".", grouping separator: ",", from: "1,234.5")', "1234.5"),
]


@pytest.mark.parametrize(("text", "expected"), [*OTHERS, *FROM_TEXT])
def test_functions_on_numbers(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "modulo(1, 0)",
        "modulo(1.5, 0)",
        "sqrt(-1)",
        "log(0)",
        "log(-1)",
        "exp(1e6)",  # beyond decimal128
        "odd(1.5)",
        "even(2.5)",
        'number("")',
        'number(" 1")',
        'number("1 ")',
        'number("a")',
        'number("1.2.3")',
        'number("1,5")',
        'number("1e")',
        'number("NaN")',
        'number("Infinity")',
        'number("١")',  # digits of other scripts
        'number("0x10")',
        'number("1_000")',
        'number("1 234", ",", ".")',
        'number("1", ".", ".")',
        'number("1", ",", ",")',
        'number("1", "x", ".")',
        'number("1", ",", "x")',
        'number("1", "", ".")',
        'number("1", ", ", ".")',
    ],
)
def test_what_has_no_number_gives_null_and_a_warning(text: str) -> None:
    assert shown(text) == "null"
    assert codes(text) == ["no_result"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("abs(null)", "wrong_type"),
        ('abs("1")', "wrong_type"),
        ('abs(@"2020-01-01")', "wrong_type"),
        ("abs()", "wrong_arguments"),
        ("abs(1, 2)", "wrong_arguments"),
        ("abs(number: 1)", "wrong_arguments"),
        ("modulo(1)", "wrong_arguments"),
        ("modulo(1, null)", "wrong_type"),
        ('modulo("4", 3)', "wrong_type"),
        ("modulo(1, 2, 3)", "wrong_arguments"),
        ("sqrt()", "wrong_arguments"),
        ('sqrt("4")', "wrong_type"),
        ("sqrt(n: 4)", "wrong_arguments"),
        ("log(null)", "wrong_type"),
        ("exp(true)", "wrong_type"),
        ('exp(@"P1D")', "wrong_type"),
        ("odd(null)", "wrong_type"),
        ('even("2")', "wrong_type"),
        ("number()", "wrong_arguments"),
        ("number(1)", "wrong_type"),
        ("number(null)", "wrong_type"),
        ('number("1", ",")', "wrong_arguments"),
        ('number("1", 1, ".")', "wrong_type"),
        ('number(from: "1", decimal separator: ",")', "wrong_arguments"),
        ('number(text: "1")', "wrong_arguments"),
    ],
)
def test_wrong_arguments_give_null_and_a_warning(text: str, code: str) -> None:
    assert shown(text) == "null"
    assert codes(text) == [code]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 4 - 3", "3"),  # from the left
        ("100 / 10 / 5", "2"),
        ("2 * 3 ** 2", "18"),
        ("2 ** 3 ** 2", "64"),  # from the left too
        ("-2 ** 2", "4"),  # the sign binds tighter
        ("2 ** -1", "0.5"),
        ("0.1 + 0.2", "0.3"),
        ("1.1 * 1.1", "1.21"),
        ("1 / 3", "0.3333333333333333333333333333333333"),  # 34 digits
        ("2 / 3", "0.6666666666666666666666666666666667"),
        ("1 / 8", "0.125"),
        ("6 / 3", "2"),
        ("1 - 0.9", "0.1"),
        ("9999999999999999999999999999999999 + 1", "10000000000000000000000000000000000"),
        ("1e3 + 1", "1001"),
        (".5 + .5", "1.0"),
        ("4 ** 0.5", "2"),
        ("5 ** 0", "1"),
        ("1e6144 * 10", "null"),
        ("10 ** 7000", "null"),
        ("1 / 0", "null"),
        ("0 / 0", "null"),
        ("0 ** -1", "null"),
        ("(-1) ** 0.5", "null"),
        ("--1", "1"),
        ("-(-1)", "1"),
        ("- 1 + 2", "1"),
        ("3 - -2", "5"),
        ("3--2", "5"),
    ],
)
def test_arithmetic_is_exact_to_34_digits(text: str, expected: str) -> None:
    assert shown(text) == expected
