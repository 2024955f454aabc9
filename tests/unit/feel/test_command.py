"""``crmflow feel``."""

import json

import pytest
from click.testing import CliRunner

from engine.feel.command import feel_command


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(feel_command, arguments)
    return result.exit_code, result.stdout, result.stderr


def test_it_prints_the_value() -> None:
    assert run("amount * 2", "--context", '{"amount": 1.1}') == (0, "2.2\n", "")


def test_it_says_why_a_value_is_null() -> None:
    code, out, err = run("amont + 1")
    assert (code, out) == (0, "null\n")
    assert "there is no variable called amont" in err


def test_json_holds_value_type_variables_warnings_and_hazards() -> None:
    code, out, _ = run("${a}", "--language", "juel", "--context", '{"a": [1, 2.5]}', "--json", "--lang", "zh")
    report = json.loads(out)
    assert code == 0
    assert (report["value"], report["type"], report["feel"], report["variables"]) == ([1, 2.5], "list", "a", ["a"])
    assert report["warnings"] == []
    assert [hazard["code"] for hazard in report["hazards"]] == ["bare_value"]


def test_now_is_what_it_was_told() -> None:
    assert run("now()", "--now", "2026-01-02T03:04:05+08:00")[1] == "2026-01-02T03:04:05+08:00\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("1 +",), "line 1, column 4"),
        (("${a.b()}", "-l", "juel"), "not registered"),
        (("1", "--context", "[1]"), "JSON object"),
        (("1", "--context", "{"), "not JSON"),
        (("1", "--now", "2026-01-01"), "offset"),
        (("for i in 1..9999999 return i",), "steps"),
    ],
)
def test_what_is_wrong_is_said_and_fails(arguments: tuple[str, ...], said: str) -> None:
    code, _, err = run(*arguments)
    assert code != 0
    assert said in err
