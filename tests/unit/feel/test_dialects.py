"""Expressions of other engines: run by their own meaning, shown as FEEL, or refused with the reason."""

from typing import Any

import pytest

from engine import feel
from engine.model.text import EN, ZH
from tests.unit.feel.evaluating import NOW

JUEL = [
    # text, variables, value, the same as FEEL
    ("${approved}", {"approved": True}, True, "approved"),
    ("#{!approved}", {"approved": None}, True, "not(approved = true)"),
    ("${not approved}", {"approved": "true"}, False, "not(approved = true)"),
    ("${clarified == 'no'}", {"clarified": "no"}, True, 'clarified = "no"'),
    ("${a && !b || c}", {"a": True, "b": True, "c": True}, True, "a = true and not(b = true) or c = true"),
    ("${x eq 1 and y ne 2}", {"x": 1, "y": 1}, True, "x = 1 and y != 2"),
    ("${x == '5'}", {"x": 5}, True, 'x = "5"'),
    ("${x > '4'}", {"x": 5}, True, 'x > "4"'),
    ("${x == null}", {}, True, "x = null"),
    ("${done / all >= 0.6 }", {"done": 3, "all": 5}, True, "done / all >= 0.6"),
    ("${x % 3}", {"x": 7}, 1, "modulo(x, 3)"),
    ("${x + '1'}", {"x": 2}, 3, 'x + "1"'),
    ("${a.b['c'][0]}", {"a": {"b": {"c": [7]}}}, 7, 'get value(a.b, "c")[1]'),
    ("${empty list}", {"list": []}, True, 'list contains([null, "", [], {}], list)'),
    ("${x ? 'a' : 'b'}", {"x": "false"}, "b", 'if x = true then "a" else "b"'),
    ("${execution.getVariable('x')}", {"x": 3}, 3, "x"),
    ("${execution.processBusinessKey}", {"execution": {"processBusinessKey": "B1"}}, "B1", None),
    ("${order.getCustomer().isActive()}", {"order": {"customer": {"active": True}}}, True, "order.customer.active"),
    ("${S(json).prop('a').prop('b').numberValue() > 3}", {"json": {"a": {"b": 4}}}, True, "json.a.b > 3"),
    ("${var:gt(x, 1)}", {"x": 2}, True, "x > 1"),
    ("${variables:getOrDefault(x, 7)}", {"x": None}, 7, "get or else(x, 7)"),
    ("${x ? y:z.size()}", {"x": True, "y": 1}, 1, "if x = true then y else count(z)"),
    ("${m.get('k').size()}", {"m": {"k": [1, 2]}}, 2, "count(m.k)"),
    ("${'a'.concat(x).toUpperCase()}", {"x": "b"}, "AB", 'upper case("a" + x)'),
    ("${x.contains('b')}", {"x": ["a", "b"]}, True, None),
    ("${x.contains('b')}", {"x": "abc"}, True, None),
    ("Hello ${name}!", {"name": "Ann"}, "Hello Ann!", 'string join(["Hello ", string(name), "!"])'),
    ("Hello ${name}!", {"name": None}, "Hello !", None),
    (r"\${x}", {}, "${x}", '"${x}"'),
    ("${dateTime().plusDays(2).toDate()}", {}, "2026-03-06T05:06:07Z", 'now() + 2 * @"P1D"'),
    ("PT5M", {}, "PT5M", '"PT5M"'),
    ("${'}'}", {}, "}", '"}"'),
]
OTHERS = [
    ("python", "x == 'y' and not done", {"x": "y", "done": []}, True, 'x = "y" and not(done = true)'),
    ("python", "x == 'y'", {"x": 1}, False, 'x = "y"'),
    ("python", "0 < x <= 5", {"x": 5}, True, "0 < x and x <= 5"),
    ("python", "x in ['a', 'b']", {"x": "b"}, True, 'list contains(["a", "b"], x)'),
    ("python", "x not in ('a')", {"x": "b"}, True, None),
    ("python", "x is not None", {"x": 0}, True, "not(x = null)"),
    ("python", "any([v == 'N' for v in votes])", {"votes": ["Y", "N"]}, True, 'any(for v in votes return v = "N")'),
    ("python", "[[v for v in votes]]", {"votes": [1]}, "[[1]]", "[for v in votes return v]"),
    ("python", "[[v] for v in votes]", {"votes": [1]}, "[[1]]", "for v in votes return [v]"),
    ("python", "not x == 1", {"x": 2}, True, "not(x = 1)"),
    ("python", "'a' if x else 'b'", {"x": {}}, "b", 'if x = true then "a" else "b"'),
    ("python", "len(items)", {"items": "abc"}, 3, None),
    ("python", "timedelta(hours=1, minutes=30)", {}, "PT1H30M", '1 * @"PT1H" + 30 * @"PT1M"'),
    ("javascript", "a === 'x' && b.length > 0;", {"a": "x", "b": [1]}, True, None),
    ("javascript", "x == '5'", {"x": 5}, True, 'x = "5"'),
    ("javascript", "x === '5'", {"x": 5}, False, 'x = "5"'),
    ("javascript", "'n' + 1", {}, "n1", '"n" + 1'),
    ("groovy", "return x ?: 5", {"x": None}, 5, "if x = true then x else 5"),
    ("mvel", 'return !"no".equalsIgnoreCase(s);', {"s": "NO"}, False, 'not(lower case("no") = lower case(s))'),
    ("mvel", "return driver != null;", {"driver": None}, False, "driver != null"),
    ("camunda8", "= total > 10 and is defined(x)", {"total": 11, "x": 1}, True, "total > 10 and is defined(x)"),
    ("camunda8", "just text", {}, "just text", '"just text"'),
    ("feel", "a + 1", {"a": 1}, 2, "a + 1"),
]
CASES = [("juel", *case) for case in JUEL] + OTHERS


@pytest.mark.parametrize(("language", "text", "variables", "expected", "written"), CASES)
def test_an_expression_means_what_its_own_language_means(
    language: str, text: str, variables: dict[str, Any], expected: Any, written: str | None
) -> None:
    expression = feel.compile_dialect(text, language)
    found = expression.evaluate(variables, now=NOW)
    assert (found if isinstance(found, str | int | type(None)) else feel.to_text(found)) == expected
    assert expression.original == text
    assert expression.language == language
    if written is not None:
        assert expression.feel_text == written


@pytest.mark.parametrize(("language", "text", "variables", "expected", "written"), CASES)
def test_what_is_offered_as_feel_is_feel(
    language: str, text: str, variables: dict[str, Any], expected: Any, written: str | None
) -> None:
    expression = feel.compile_dialect(text, language)
    converted = feel.compile_expression(expression.feel_text).evaluate(variables, now=NOW)
    if not expression.hazards and language in ("juel", "camunda8", "feel"):
        assert converted == expression.evaluate(variables, now=NOW)


REFUSALS = [
    ("juel", "${execution.setVariable('a', 1)}", "side_effect"),
    ("juel", "${bean.method(x)}", "host_function"),
    ("juel", "${a.b.c.run()}", "host_function"),
    ("juel", "${x", "syntax"),
    ("juel", "${x ==}", "syntax"),
    ("juel", "${a instanceof b}", "construct"),
    ("juel", "   ", "empty"),
    ("python", "x = 'y'", "assignment"),
    ("python", "a = 1\nb = 2", "assignment"),
    ("python", "f(1)\ng(2)", "statements"),
    ("python", "lambda x: x", "construct"),
    ("python", "__import__('os').system('ls')", "host_function"),
    ("python", "open('/etc/passwd').read()", "host_function"),
    ("javascript", "var x = 1; x", "construct"),
    ("javascript", "a; b", "statements"),
    ("javascript", "you must approve", "free_text"),
    ("groovy", "new File('x')", "construct"),
    ("mvel", "return Runtime.getRuntime().exec('x');", "host_function"),
    ("cobol", "x", "language"),
]


@pytest.mark.parametrize(("language", "text", "reason"), REFUSALS)
def test_what_has_no_equal_is_refused_by_name(language: str, text: str, reason: str) -> None:
    with pytest.raises(feel.Untranslatable) as refused:
        feel.compile_dialect(text, language)
    assert refused.value.reason == reason
    assert refused.value.text[ZH] != refused.value.text[EN]
    assert not text.strip() or language == "cobol" or text.split("\n")[0].split()[0][:5] in refused.value.text[EN]


def test_a_registered_function_of_the_host_is_called() -> None:
    expression = feel.compile_dialect("${desk.next(a.b)}", "juel", functions=("desk.next",))
    assert expression.evaluate({"a": {"b": 4}}, functions={"desk.next": lambda number: number + 1}) == 5
    assert expression.feel_text == "desk.next(a.b)"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("${approved}", ["bare_value"]),
        ("${!approved}", ["bare_value"]),
        ("${a == 'true'}", ["text_boolean"]),
        ("${a > '10'}", ["text_number"]),
        ("${a < b}", ["unknown_order"]),
        ("${a < 3 and b == 'x'}", []),
        ("some text", ["literal_text"]),
    ],
)
def test_differences_of_meaning_are_shown_before_converting(text: str, codes: list[str]) -> None:
    hazards = feel.compile_dialect(text, "juel").hazards
    assert [hazard.code for hazard in hazards] == codes
    assert all(hazard.text[ZH] and hazard.text[EN] for hazard in hazards)


@pytest.mark.parametrize(
    ("language", "text", "given", "holds"),
    [
        ("feel", "x", "true", False),
        ("feel", "x", True, True),
        ("camunda8", "=x", 1, False),
        ("juel", "${x}", "true", True),
        ("juel", "${x}", "yes", False),
        ("juel", "${x}", None, False),
        ("juel", "${x}", 1, False),
        ("python", "x", [1], True),
        ("python", "x", {}, False),
        ("javascript", "x", {}, True),
        ("javascript", "x", 0, False),
        ("groovy", "x", "", False),
    ],
)
def test_a_condition_holds_by_the_rule_of_its_language(language: str, text: str, given: Any, holds: bool) -> None:
    assert feel.compile_dialect(text, language).holds({"x": given}) is holds


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("juel", "${" + "(" * 3_000 + "1" + ")" * 3_000 + "}"),
        ("juel", "${" + "!" * 3_000 + "a}"),
        ("juel", "${a" + ".b" * 3_000 + "()}"),
        ("juel", "${1}" * 5_000),
        ("python", "a" + " if a else a" * 1_000),
        ("javascript", "a?a:" * 3_000 + "a"),
        ("javascript", "a" + ".get(0)" * 2_000),
        ("groovy", "[" * 3_000),
        ("python", "x" * 30_000),
    ],
)
def test_hostile_texts_are_refused_soon(language: str, text: str) -> None:
    with pytest.raises((feel.Untranslatable, feel.FeelSyntaxError)):
        feel.compile_dialect(text, language)
