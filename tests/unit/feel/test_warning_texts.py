"""The words of every warning, in both languages, with the place that it points at."""

import pytest

from engine import feel
from engine.feel import messages
from engine.feel.dialects import writing
from engine.model.text import EN, ZH

WARNINGS = [
    # expression, code, offset, English, Chinese
    (" amount", "unknown_name", 1, "there is no variable called amount", "没有名为“amount”的变量"),
    ("{a: 1}.b", "unknown_entry", 6, "the context has no entry b", "上下文中没有“b”"),
    ("(1).b", "unknown_property", 3, "a number has no property b", "number 没有属性“b”"),
    ("f(1)", "unknown_function", 0, "there is no function called f", "没有名为“f”的函数"),
    ("1 instance of t", "unknown_type", 2, "there is no type called t", "没有名为“t”的类型"),
    ('"a"(1)', "not_callable", 3, "a string cannot be called", "string 不能作为函数调用"),
    ('1 = "1"', "not_comparable", 2, "a number cannot be compared with a string", "number 不能与 string 比较"),
    (
        '@"10:00:00" < @"10:00:00Z"',
        "not_comparable",
        12,
        "a time without zone cannot be compared with a time with zone",
        "time without zone 不能与 time with zone 比较",
    ),
    ('1 + "1"', "no_operator", 2, "+ is not defined for number and string", "number + string 没有定义"),
    ('-"a"', "not_negatable", 0, "a string has no negative", "string 不能取负"),
    ("1 / 0", "no_number", 2, "the result of / is not a number", "/ 的结果不是数字"),
    ("if 1 then 2 else 3", "not_boolean", 0, "a boolean was wanted, but there is a number", "需要布尔值，得到 number"),
    ("[1][2]", "bad_index", 3, "the list has no element 2", "列表下标 2 不存在"),
    ('[1.."a"]', "bad_range", 0, "number to string is not a range", "number 到 string 不是区间"),
    ("for i in null return i", "not_iterable", 4, "a null cannot be iterated over", "不能遍历 null"),
    ("{a: 1, a: 2}", "duplicate_key", 0, "the key a occurs twice", "键“a”出现了两次"),
    ('@"soon"', "bad_literal", 0, "soon is no date, time or duration", "“soon”不是日期、时间或时长"),
    (
        "abs(1, 2)",
        "wrong_arguments",
        3,
        "abs does not take these arguments: number, number",
        "abs 的参数不对：number, number",
    ),
    ("abs(a: 1)", "wrong_arguments", 3, "abs does not take these arguments: a", "abs 的参数不对：a"),
    (
        'floor("1")',
        "wrong_type",
        5,
        "parameter n of floor wants a number, but there is a string",
        "floor 的参数“n”应为 number，得到 string",
    ),
    ('date("x")', "no_result", -1, "date has no result: x", "date 没有结果：x"),
    (
        "now()",
        "no_clock",
        -1,
        "now needs a moment, and this evaluation was given none",
        "now 需要时刻，但本次计算没有给出",
    ),
    ('matches("a", "(")', "bad_pattern", -1, "this is not a regular expression: (", "正则表达式无效：("),
    (
        'replace("a", "a", "$")',
        "bad_replacement",
        -1,
        "$ is no replacement: a group's number stands behind $, and \\ only before $ and \\",
        "替换文本“$”无效：$ 之后是分组号，\\ 只用于 \\$ 和 \\\\",
    ),
    (
        "(function() external {java: {}})",
        "external_function",
        1,
        "external functions (java) are not supported",
        "不支持外部函数（java）",
    ),
]


@pytest.mark.parametrize(("text", "code", "position", "english", "chinese"), WARNINGS)
def test_a_warning_says_what_and_where(text: str, code: str, position: int, english: str, chinese: str) -> None:
    value, (warning,) = feel.compile_expression(text).evaluate_with_warnings({})
    assert value is None or code == "not_boolean"
    assert (warning.code, warning.position) == (code, position)
    assert warning.text == {EN: english, ZH: chinese}


HAZARDS = [
    ("${a}", "juel", "bare_value", 0),
    ("${a == 'true'}", "juel", "text_boolean", 2),
    ("${a == '5'}", "juel", "text_number", 2),
    ("${a < b}", "juel", "unknown_order", 2),
    ("'a' + b", "javascript", "mixed_sum", 4),
    ("a", "camunda8", "literal_text", -1),
]


@pytest.mark.parametrize(("text", "language", "code", "position"), HAZARDS)
def test_a_hazard_says_what_may_differ_in_feel(text: str, language: str, code: str, position: int) -> None:
    (hazard,) = feel.compile_dialect(text, language).hazards
    assert (hazard.code, hazard.position) == (code, position)
    assert hazard.text == messages.text(code, {})
    assert hazard.text[EN] != hazard.text[ZH]


CHECKS = [
    # expression, what is told before anything runs
    ("amount > 1", []),
    ("amuont > 1", ["there is no variable called amuont; did you mean amount?"]),
    ("Amount > 1", ["there is no variable called Amount; did you mean amount?"]),
    ("xyzzy > 1", ["there is no variable called xyzzy"]),
    ("amount = True", ["there is no variable called True; did you mean true?"]),
    ("segment = NULL", ["there is no variable called NULL; did you mean null?"]),
    ("summ([amount])", ["there is no function called summ; did you mean sum?"]),
    ("string lenght(segment) > 1", None),  # three words in a row are no call at all
    ('amount = "x"', ["a number cannot be compared with a string"]),
    ('amount > "x"', ["a number cannot be compared with a string"]),
    ("segment < amount", ["a string cannot be compared with a number"]),
    ("(amount > 1) = 2", ["a boolean cannot be compared with a number"]),
    ("if amount then 1 else 2", ["a boolean was wanted, but there is a number"]),
    ("[amount] = segment", ["a list cannot be compared with a string"]),
    ("amount + 1 = segment", ["a number cannot be compared with a string"]),
    ("count(segment) = 1 and amuont = 2", ["there is no variable called amuont; did you mean amount?"]),
    ("orders[amuont > 1]", []),  # may be an entry of an order
    ("for amuont in orders return amuont", []),
    ("{amuont: 1}.amuont", []),
    ("anything = 1 and anything = segment", []),  # its type is not known
    ("1 + (amuont)", ["there is no variable called amuont; did you mean amount?"]),
]


@pytest.mark.parametrize(("text", "expected"), CHECKS)
def test_a_check_tells_before_anything_runs(text: str, expected: list[str] | None) -> None:
    number, string = feel.types.Named("number"), feel.types.Named("string")
    names = {"amount": number, "segment": string, "orders": None, "anything": None}
    if expected is None:
        with pytest.raises(feel.FeelSyntaxError):
            feel.check(text, names)
        return
    found = feel.check(text, names)
    assert [warning.text[EN] for warning in found] == expected
    assert [warning.position for warning in found] == sorted(warning.position for warning in found)


WRITTEN = [
    # expression, the same as the language writes it
    ("1+2*3", "1 + 2 * 3"),
    ("(1+2)*3", "(1 + 2) * 3"),
    ("((1))", "1"),
    ("1-(2-3)", "1 - (2 - 3)"),
    ("(1-2)-3", "1 - 2 - 3"),
    ("2**3**2", "2 ** 3 ** 2"),
    ("2**(3**2)", "2 ** (3 ** 2)"),
    ("(-2)**2", "-2 ** 2"),  # the sign binds tighter
    ("-(1+2)", "-(1 + 2)"),
    ("a and(b or c)", "a and (b or c)"),
    ("(a and b)or c", "a and b or c"),
    ("(a=b)=c", "(a = b) = c"),
    ("a in[1,2]", "a in ([1, 2])"),
    ("a in(1,>2)", "a in (1, > 2)"),
    ("a between 1 and 2", "a between 1 and 2"),
    ("]1..2[", "(1..2)"),
    ("(>1)", "(> 1)"),
    ("if a then b else c", "if a then b else c"),
    ("(if a then b else c)+1", "(if a then b else c) + 1"),
    ("for i in 1..3 return i", "for i in 1..3 return i"),
    ("some i in xs satisfies i>1", "some i in xs satisfies i > 1"),
    ("function(a:number,b)a+b", "function(a: number, b) a + b"),
    ("(function(a)a)(1)", "(function(a) a)(1)"),
    ("f(a:1,b:2)", "f(a: 1, b: 2)"),
    ("a.b[c=1][2].d", "a.b[c = 1][2].d"),
    ("(a+b).c", "(a + b).c"),
    ('{a:1,"b c":2}', '{a: 1, "b c": 2}'),
    ("`first name`+1", "`first name` + 1"),
    ("a instance of list<number>", "a instance of list<number>"),
    ('@"2020-01-01"', '@"2020-01-01"'),
    ('"say \\"hi\\""', '"say \\"hi\\""'),
    ("1.50", "1.50"),
    ("null", "null"),
    ("not(a)", "not(a)"),
    ("date and time(a)", "date and time(a)"),
]


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_an_expression_is_written_with_the_brackets_it_needs_and_no_others(text: str, expected: str) -> None:
    assert writing.write(feel.compile_expression(text).tree) == expected
    assert writing.write(feel.compile_expression(expected).tree) == expected
