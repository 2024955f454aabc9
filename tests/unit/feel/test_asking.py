"""Calls of code elsewhere in JUEL: read as variables by the call's own text, listed in the order they must be made."""

import pytest

from engine import feel
from engine.feel.errors import Untranslatable

# text, calls (name, arguments), value with every call answered 7
CALLS = [
    ("${bean.run()}", [("bean.run", ())], 7),
    ("#{bean.run()}", [("bean.run", ())], 7),
    ("${ bean . run ( ) }", [("bean.run", ())], 7),
    ("${run(1)}", [("run", ("1",))], 7),
    ("${a.b.c.run(x)}", [("a.b.c.run", ("x",))], 7),
    ("${bean.run(x.y.z, 'k', true, null, -1)}", [("bean.run", ("x.y.z", '"k"', "true", "null", "-1"))], 7),
    ("${bean.run('a\"b')}", [("bean.run", ('"a\\"b"',))], 7),
    ("${bean.run() + 1}", [("bean.run", ())], 8),
    ("${bean.run() == 7}", [("bean.run", ())], True),
    ("${!(bean.run() == 7)}", [("bean.run", ())], False),
    ("${bean.run() > 3 ? 'yes' : 'no'}", [("bean.run", ())], "yes"),
    ("order-${bean.run()}", [("bean.run", ())], "order-7"),
    ("${bean.run()}-${bean.run()}", [("bean.run", ())], "7-7"),
    ("${one.a()}${two.b()}", [("one.a", ()), ("two.b", ())], "77"),
    ("${one.a(two.b())}", [("two.b", ()), ("one.a", ("`two.b()`",))], 7),
    (
        "${one.a(two.b(three.c()))}",
        [("three.c", ()), ("two.b", ("`three.c()`",)), ("one.a", ("`two.b(three.c())`",))],
        7,
    ),
    ("${empty bean.run()}", [("bean.run", ())], False),
    ("${bean.run(x) == 7 && bean.run(y) == 7}", [("bean.run", ("x",)), ("bean.run", ("y",))], True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "calls", "value"), CALLS)
def test_a_call_is_a_variable_by_its_own_text(text, calls, value):
    found = feel.compile_dialect(text, "juel", errands=True)
    assert [(call.name, call.arguments) for call in found.calls] == calls
    answered = {call.variable: 7 for call in found.calls}
    assert found.evaluate({**answered, "x": 1, "y": 2}) == value
    assert {call.variable for call in found.calls if call.name == calls[-1][0]} <= found.free_variables


@pytest.mark.parametrize(("text", "calls", "value"), CALLS)
def test_its_arguments_are_feel_that_compiles(text, calls, value):
    for call in feel.compile_dialect(text, "juel", errands=True).calls:
        for argument in call.arguments:
            feel.compile_expression(argument)


@pytest.mark.parametrize(("text", "calls", "value"), CALLS)
def test_without_errands_the_call_is_refused_by_name(text, calls, value):
    with pytest.raises(Untranslatable) as caught:
        feel.compile_dialect(text, "juel")
    assert any(name in caught.value.text["en"] and name in caught.value.text["zh-CN"] for name, _ in calls)


NO_CALLS = [
    "${x}",
    "${x.y.z}",
    "${order.getCustomer().getName()}",
    "${name.toUpperCase()}",
    "${list.size() > 0}",
    "${execution.getVariable('x')}",
    "${empty x}",
    "plain text",
    "${'bean.run()'}",
    "\\${bean.run()}",
]


@pytest.mark.parametrize("text", NO_CALLS)
def test_what_has_a_meaning_here_asks_nobody(text):
    assert feel.compile_dialect(text, "juel", errands=True).calls == ()


@pytest.mark.parametrize("text", ["${execution.setVariable('x', 1)}", "${bean.run(}", "${}", "", "${x = 1}", "${a b}"])
def test_what_cannot_be_read_is_refused_all_the_same(text):
    with pytest.raises(Untranslatable) as caught:
        feel.compile_dialect(text, "juel", errands=True)
    assert caught.value.text["zh-CN"] and caught.value.text["en"]


@pytest.mark.parametrize("language", ["javascript", "groovy", "python", "mvel"])
def test_other_languages_ask_nobody(language):
    with pytest.raises(Untranslatable):
        feel.compile_dialect("bean.run(1)", language, errands=True)


def test_two_spellings_of_one_call_are_one_variable():
    one, other = (feel.compile_dialect(text, "juel", errands=True) for text in ("${a.b( x,1 )}", "#{a.b(x, 1)}"))
    assert one.calls == other.calls


def test_a_call_with_backticks_in_a_text_stays_one_name():
    (call,) = feel.compile_dialect("${a.b('`')}", "juel", errands=True).calls
    assert "`" not in call.variable
    assert feel.compile_dialect("${a.b('`')}", "juel", errands=True).evaluate({call.variable: 1}) == 1
