"""Simple scripts of other languages, where their meaning is certain."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine import errors
from engine.evaluation import HouseEvaluator

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVALUATOR = HouseEvaluator()


@pytest.mark.parametrize(
    ("language", "text", "variables", "changed", "value"),
    [
        ("juel", "${i + 1}", {"i": 1}, {}, 2),
        ("juel", "0", {}, {}, 0),
        ("groovy", 'println "done: " + x', {"x": 1}, {}, None),
        ("java", 'System.out.println("Order " + order);', {"order": 1}, {}, None),
        ("javascript", 'console.log("a; b"); execution.setVariable("x", n * 2);', {"n": 2}, {"x": 4}, 4),
        ("groovy", 'def int sum = n + 1\nexecution.setVariable("n", sum)', {"n": 1}, {"n": 2}, 2),
        (
            "groovy",
            'def p = execution.getProcessInstance()\ndef c = p.getVariable("n")\np.setVariable("n", c + 1)',
            {"n": 1},
            {"n": 2},
            2,
        ),
        ("javascript", "// nothing\n/* at\n all */", {}, {}, None),
        ("javascript", "var x = 1;\nx + n", {"n": 2}, {}, 3),
        ("groovy", "return n > 1", {"n": 2}, {}, True),
    ],
)
def test_what_is_translated(
    language: str, text: str, variables: dict[str, Any], changed: dict[str, Any], value: Any
) -> None:
    assert EVALUATOR.script(language, text, variables, NOW) == (value, changed)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("javascript", "for (var i = 0; i < 3; i++) { total += i }"),
        ("javascript", "if (n > 1) execution.setVariable('x', 1)"),
        ("groovy", "[1, 2].each { println it }"),
        ("groovy", "import java.io.File"),
        ("java", 'new java.io.File("/etc/passwd").delete();'),
        ("javascript", "x" * 70_000),
        ("ruby", "puts 1"),
        ("", "anything"),
    ],
)
def test_what_cannot_be_translated_is_refused_by_name(language: str, text: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        EVALUATOR.script(language, text, {"n": 2}, NOW)
    assert refused.value.text["zh-CN"]


def test_nothing_of_a_refused_script_has_run() -> None:
    with pytest.raises(errors.Invalid):
        EVALUATOR.script("groovy", 'execution.setVariable("x", 1)\nwhile (true) {}', {}, NOW)
