"""Every construct of the other languages: what it is as FEEL and where that may differ, or why it is refused."""

import pytest

from engine import feel
from engine.model.text import EN, ZH

TRANSLATED = {
    "juel": [
        # text, the same as FEEL, hazards of writing it so
        ("${a}", "a", "bare_value"),
        ("#{a}", "a", "bare_value"),
        ("${ a }", "a", "bare_value"),
        ("${a.b.c}", "a.b.c", "bare_value"),
        ("${a['b']}", 'get value(a, "b")', "bare_value"),
        ("${a[0]}", "a[1]", "bare_value"),  # FEEL counts from 1
        ("${a[i]}", "a[i + 1]", "bare_value"),
        ("${true}", "true", ""),
        ("${null}", "null", ""),
        ("${1}", "1", ""),
        ("${1.5}", "1.5", ""),
        ("${'x'}", '"x"', ""),
        ('${"x"}', '"x"', ""),
        ("${'it\\'s'}", '"it\'s"', ""),
        ("${!a}", "not(a = true)", "bare_value"),
        ("${not a}", "not(a = true)", "bare_value"),
        ("${!!a}", "not(not(a = true))", "bare_value"),
        ("${a == b}", "a = b", ""),
        ("${a eq b}", "a = b", ""),
        ("${a != b}", "a != b", ""),
        ("${a ne b}", "a != b", ""),
        ("${a < 5}", "a < 5", ""),
        ("${a lt 5}", "a < 5", ""),
        ("${a <= 5}", "a <= 5", ""),
        ("${a le 5}", "a <= 5", ""),
        ("${a > 5}", "a > 5", ""),
        ("${a gt 5}", "a > 5", ""),
        ("${a >= 5}", "a >= 5", ""),
        ("${a ge 5}", "a >= 5", ""),
        ("${a < b}", "a < b", "unknown_order"),
        ("${a == 'true'}", 'a = "true"', "text_boolean"),
        ("${a == '5'}", 'a = "5"', "text_number"),
        ("${a == 1 && b == 2}", "a = 1 and b = 2", ""),
        ("${a == 1 and b == 2}", "a = 1 and b = 2", ""),
        ("${a == 1 || b == 2}", "a = 1 or b = 2", ""),
        ("${a && (b || c)}", "a = true and (b = true or c = true)", "bare_value bare_value bare_value"),
        ("${a == 1 || b == 2 && c == 3}", "a = 1 or b = 2 and c = 3", ""),
        ("${-a}", "-a", ""),
        ("${a - 1}", "a - 1", ""),
        ("${a + 1}", "a + 1", ""),
        ("${a * 2 + 1}", "a * 2 + 1", ""),
        ("${(a + 1) * 2}", "(a + 1) * 2", ""),
        ("${a / 2}", "a / 2", ""),
        ("${a div 2}", "a / 2", ""),
        ("${a % 2}", "modulo(a, 2)", ""),
        ("${a mod 2}", "modulo(a, 2)", ""),
        ("${empty a}", 'list contains([null, "", [], {}], a)', ""),
        ("${not empty a}", 'not(list contains([null, "", [], {}], a))', ""),
        ("${a ? 1 : 2}", "if a = true then 1 else 2", "bare_value"),
        ("${a == 1 ? 'x' : 'y'}", 'if a = 1 then "x" else "y"', ""),
        ("${a == 1 ? 2 : b == 2 ? 3 : 4}", "if a = 1 then 2 else if b = 2 then 3 else 4", ""),
        ("${execution.getVariable('a')}", "a", "bare_value"),
        ("${execution.getVariableLocal('a') == 1}", "a = 1", ""),
        ("${execution.hasVariable('a')}", "not(a = null)", ""),
        ("${execution.processInstanceId}", "execution.processInstanceId", "bare_value"),
        ("${execution.getProcessInstanceId()}", "execution.processInstanceId", "bare_value"),
        ("${task.getVariable('a') == 1}", "a = 1", ""),
        ("${order.getTotal() > 3}", "order.total > 3", ""),
        ("${order.isPaid()}", "order.paid", "bare_value"),
        ("${order.getCustomer().getName() == 'x'}", 'order.customer.name = "x"', ""),
        ("${a.size() > 0}", "count(a) > 0", ""),
        ("${a.isEmpty()}", 'list contains([null, "", [], {}], a)', ""),
        ("${a.length() > 3}", "string length(a) > 3", ""),
        ("${a.get(0) == 1}", "a[1] = 1", ""),
        ("${a.get('k') == 1}", "a.k = 1", ""),
        ("${a.containsKey('k')}", 'not(get value(a, "k") = null)', ""),
        ("${a.equals('x')}", 'a = "x"', ""),
        ("${a.equalsIgnoreCase('x')}", 'lower case(a) = lower case("x")', ""),
        ("${a.toLowerCase() == 'x'}", 'lower case(a) = "x"', ""),
        ("${a.toUpperCase() == 'X'}", 'upper case(a) = "X"', ""),
        ("${a.trim() == 'x'}", 'trim(a) = "x"', ""),
        ("${a.startsWith('x')}", 'starts with(a, "x")', ""),
        ("${a.endsWith('x')}", 'ends with(a, "x")', ""),
        ("${a.toString() == '1'}", 'string(a) = "1"', "text_number"),
        ("${a.intValue() > 1}", "a > 1", ""),
        ("${['a', 'b'].contains(x)}", 'list contains(["a", "b"], x)', ""),
        ("${var:eq(a, 1)}", "a = 1", ""),
        ("${var:ne('a', 1)}", "a != 1", ""),
        ("${variables:lessThan(a, 1)}", "a < 1", ""),
        ("${vars:gte(a, 1)}", "a >= 1", ""),
        ("${var:exists(a)}", "not(a = null)", ""),
        ("${var:empty(a)}", 'list contains([null, "", [], {}], a)', ""),
        ("${var:isNotEmpty(a)}", 'not(list contains([null, "", [], {}], a))', ""),
        ("${var:get(a) == 1}", "a = 1", ""),
        ("${var:getOrDefault(a, 1) == 1}", "get or else(a, 1) = 1", ""),
        ("${S(a).prop('b').value() == 'x'}", 'a.b = "x"', ""),
        ("${S(a).prop('b').prop('c').numberValue() > 1}", "a.b.c > 1", ""),
        ("${S(a).hasProp('b')}", "not(a.b = null)", ""),
        ("${now() > a}", "now() > a", "unknown_order"),
        ("${dateTime().plusHours(1)}", 'now() + 1 * @"PT1H"', ""),
        ("${dateTime().minusMonths(n)}", 'now() - n * @"P1M"', ""),
        ("${currentUser() == a}", "currentUser = a", ""),
        ("text", '"text"', "literal_text"),
        ("", None, ""),
        ("a ${b} c", 'string join(["a ", string(b), " c"])', ""),
        ("${a}${b}", "string join([string(a), string(b)])", ""),
        ("\\${a}", '"${a}"', "literal_text"),
    ],
    "python": [
        ("a", "a", "bare_value"),
        ("True", "true", ""),
        ("None", "null", ""),
        ("not a", "not(a = true)", "bare_value"),
        ("not a == 1", "not(a = 1)", ""),
        ("a == 1 and b == 2 or c == 3", "a = 1 and b = 2 or c = 3", ""),
        ("a is None", "a = null", ""),
        ("a is not None", "not(a = null)", ""),
        ("a is True", "a = true", ""),
        ("a in [1, 2]", "list contains([1, 2], a)", ""),
        ("a in (1, 2)", "list contains([1, 2], a)", ""),  # a tuple is a list
        ("a in (1,)", "list contains([1], a)", ""),
        ("a not in ['x', 'y']", 'not(list contains(["x", "y"], a))', ""),
        ("1 < a < 3", "1 < a and a < 3", ""),
        ("1 <= a <= b", "1 <= a and a <= b", "unknown_order"),
        ("a['b']", 'get value(a, "b")', "bare_value"),
        ("a[0]", "a[1]", "bare_value"),
        ("a[-1]", "a[-1]", ""),  # from the end in both
        ("a.b", "a.b", "bare_value"),
        ("a.get('b')", "a.b", "bare_value"),
        ("a.upper() == 'X'", 'upper case(a) = "X"', ""),
        ("a.strip()", "trim(a)", ""),
        ("a.startswith('x')", 'starts with(a, "x")', ""),
        ("str(a)", "string(a)", ""),
        ("sum(a)", "sum(a)", ""),
        ("a % 2 == 0", "modulo(a, 2) = 0", ""),
        ("a // 2", "floor(a / 2)", ""),
        ("a ** 2", "a ** 2", ""),
        ("a + 1 # one more", "a + 1", ""),
        ("1 if a == 2 else 3", "if a = 2 then 1 else 3", ""),
        ("[b for b in a]", "for b in a return b", ""),
        ("any(b > 1 for b in a)", "any(for b in a return b > 1)", ""),
        ("{'a': 1}", "{a: 1}", ""),
        ("()", "[]", ""),
        ("timedelta(days=2)", '2 * @"P1D"', ""),
    ],
    "javascript": [
        ("a", "a", "bare_value"),
        ("a == 1", "a = 1", ""),
        ("a === 1", "a = 1", ""),
        ("a !== 'x'", 'a != "x"', ""),
        ("!a", "not(a = true)", "bare_value"),
        ("a && b", "a = true and b = true", "bare_value bare_value"),
        ("a ? 1 : 2", "if a = true then 1 else 2", "bare_value"),
        ("a['b']", 'get value(a, "b")', "bare_value"),
        ("a?.b", "a.b", "bare_value"),
        ("undefined", "null", ""),
        ("a == null", "a = null", ""),
        ("'x' + a", '"x" + a', "mixed_sum"),
        ("a % 2", "modulo(a, 2)", ""),
        ("[1, 2]", "[1, 2]", ""),
        ("return a == 1;", "a = 1", ""),
        ("a == 1;", "a = 1", ""),
        ("a /* note */ == 1 // end", "a = 1", ""),
        ("execution.getVariable('a') == 1", "a = 1", ""),
    ],
    "groovy": [
        ("a == 'x'", 'a = "x"', ""),
        ("a ?: 1", "if a = true then a else 1", "bare_value"),
        ("a?.b == 1", "a.b = 1", ""),
        ("a.size() > 1", "count(a) > 1", ""),
        ('execution.getVariable("a") == 1', "a = 1", ""),
        ("return a > 1", "a > 1", ""),
    ],
    "mvel": [
        ("return a;", "a", "bare_value"),
        ("return a != nil;", "a != null", ""),
        ("return order.getTotal() > 1;", "order.total > 1", ""),
        ("a == 1 && !b", "a = 1 and not(b = true)", "bare_value"),
    ],
    "camunda8": [
        ("=a", "a", ""),
        ("= a > 1", "a > 1", ""),
        ('="a"', '"a"', ""),
        ("a", '"a"', "literal_text"),
    ],
}
CASES = [(language, *case) for language, cases in TRANSLATED.items() for case in cases if case[1] is not None]


@pytest.mark.parametrize(("language", "text", "written", "hazards"), CASES)
def test_a_construct_is_written_as_feel_with_its_hazards(language: str, text: str, written: str, hazards: str) -> None:
    expression = feel.compile_dialect(text, language)
    assert expression.feel_text == written
    assert [hazard.code for hazard in expression.hazards] == hazards.split()
    assert (expression.original, expression.language) == (text, language)
    feel.compile_expression(written)


REFUSED = [
    ("juel", "", "empty"),
    ("juel", "${}", "syntax"),
    ("juel", "${a", "syntax"),
    ("juel", "${a +}", "syntax"),
    ("juel", "${(a}", "syntax"),
    ("juel", "${a b}", "free_text"),
    ("juel", "${a = 1}", "assignment"),
    ("juel", "${a; b}", "statements"),
    ("juel", "${a instanceof B}", "construct"),
    ("juel", "${bean.send(a)}", "host_function"),
    ("juel", "${bean.send()}", "host_function"),
    ("juel", "${send(a)}", "host_function"),
    ("juel", "${fn:length(a)}", "syntax"),
    ("juel", "${var:unheardOf(a)}", "host_function"),
    ("juel", "${execution.setVariable('a', 1)}", "side_effect"),
    ("juel", "${execution.removeVariable('a')}", "side_effect"),
    ("juel", "${task.setVariableLocal('a', 1)}", "side_effect"),
    ("python", "a = 1", "assignment"),
    ("python", "a; b", "statements"),
    ("python", "a\nb", "statements"),
    ("python", "import os", "construct"),
    ("python", "__import__('os')", "host_function"),
    ("python", "open('x')", "host_function"),
    ("python", "lambda a: a", "construct"),
    ("python", "[a for a in b if a]", "construct"),
    ("python", "f'{a}'", "syntax"),
    ("python", "a if b", "syntax"),
    ("python", "(1, 2", "syntax"),
    ("python", "datetime.now()", "host_function"),
    ("python", "timedelta(years=1)", "construct"),
    ("python", "yes please", "free_text"),
    ("javascript", "typeof a === 'string'", "construct"),
    ("javascript", "a instanceof B", "construct"),
    ("javascript", "function() {}", "construct"),
    ("javascript", "() => 1", "syntax"),
    ("javascript", "var a = 1", "construct"),
    ("javascript", "a = 1", "assignment"),
    ("javascript", "a; b", "statements"),
    ("javascript", "new Date()", "construct"),
    ("javascript", "a.indexOf('x')", "host_function"),
    ("javascript", "JSON.parse(a)", "host_function"),
    ("javascript", "`a`", "syntax"),
    ("javascript", "a++", "syntax"),
    ("javascript", "'open", "syntax"),
    ("groovy", 'a == "${b}"', "construct"),  # a text with a value inside
    ("groovy", "def a = 1", "construct"),
    ("groovy", "a as int", "construct"),
    ("groovy", "a in [1]", "construct"),
    ("groovy", "[:]", "construct"),
    ("mvel", "a is B", "construct"),
    ("mvel", "a contains 'x'", "construct"),
    ("mvel", "a == empty", "construct"),
    ("xpath", "a", "language"),
    ("", "a", "language"),
]


@pytest.mark.parametrize(("language", "text", "reason"), REFUSED)
def test_what_has_no_equal_in_feel_is_refused_with_its_reason(language: str, text: str, reason: str) -> None:
    with pytest.raises(feel.Untranslatable) as refused:
        feel.compile_dialect(text, language)
    assert refused.value.reason == reason
    shown = " ".join(text.split())
    assert shown in refused.value.text[EN] or reason in ("language", "empty")
    assert refused.value.text[ZH] != refused.value.text[EN]


@pytest.mark.parametrize(
    ("language", "text", "variables", "expected"),
    [
        # what each language takes for true, of a text, a number, nothing and a list
        ("juel", "${a}", {"a": "true"}, True),
        ("juel", "${a}", {"a": "TRUE"}, True),
        ("juel", "${a}", {"a": "yes"}, False),
        ("juel", "${a}", {"a": ""}, False),
        ("juel", "${a}", {"a": None}, False),
        ("juel", "${a}", {"a": 1}, False),
        ("javascript", "a", {"a": "no"}, True),
        ("javascript", "a", {"a": ""}, False),
        ("javascript", "a", {"a": 0}, False),
        ("javascript", "a", {"a": 2}, True),
        ("javascript", "a", {"a": []}, True),
        ("javascript", "a", {"a": None}, False),
        ("python", "a", {"a": []}, False),
        ("python", "a", {"a": [0]}, True),
        ("python", "a", {"a": {}}, False),
        ("python", "a", {"a": "x"}, True),
        ("groovy", "a", {"a": []}, False),
        ("groovy", "a", {"a": 1}, True),
        ("camunda8", "=a", {"a": True}, True),
        ("camunda8", "=a", {"a": "true"}, False),
        ("feel", "a", {"a": 1}, False),
        # what each language takes for equal
        ("juel", "${a == 5}", {"a": "5"}, True),
        ("juel", "${a == 'true'}", {"a": True}, True),
        ("juel", "${a == null}", {}, True),
        ("juel", "${a == ''}", {"a": None}, False),
        ("javascript", "a == 5", {"a": "5"}, True),
        ("javascript", "a === 5", {"a": "5"}, False),
        ("python", "a == 5", {"a": "5"}, False),
        ("python", "a != 5", {"a": "5"}, True),
        ("python", "a[-1] == 3", {"a": [1, 2, 3]}, True),
        ("python", "a // 2 == 3", {"a": 7}, True),
        ("python", "a in ('x', 'y')", {"a": "y"}, True),
        ("python", "'b' in a", {"a": "abc"}, True),
        ("python", "'b' in a", {"a": ["b"]}, True),
        ("feel", 'a = "5"', {"a": 5}, False),
    ],
)
def test_a_condition_holds_by_the_rule_of_its_own_language(
    language: str, text: str, variables: dict[str, object], expected: bool
) -> None:
    assert feel.compile_dialect(text, language).holds(variables) is expected


def test_functions_that_the_host_offers_may_be_called() -> None:
    expression = feel.compile_dialect("${bean.twice(a) > 3}", "juel", functions=["bean.twice"])
    assert expression.holds({"a": 2}, functions={"bean.twice": lambda a: a * 2})
    assert not expression.holds({"a": 1}, functions={"bean.twice": lambda a: a * 2})


@pytest.mark.parametrize(("text", "column"), [("=a ==b", 5), ("= a +", 6), ("  =a b", 6)])
def test_places_in_a_camunda_8_text_count_from_its_own_beginning(text: str, column: int) -> None:
    with pytest.raises(feel.FeelSyntaxError) as failure:
        feel.compile_dialect(text, "camunda8")
    assert failure.value.column == column
