"""``crmflow decide``."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.dmn.command import decide_command
from tests.unit.dmn.documents import decision, document, input_data, literal, table

BODY = (
    input_data("age", "number")
    + decision("Group", table(["age"], [["< 18", '"child"'], [">= 18", '"adult"']]), needs=["in:age"])
    + decision("Broken", literal("1 +"))
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "group.dmn"
    path.write_bytes(document(BODY))
    return path


def run(file: Path, *arguments: str) -> Result:
    return CliRunner().invoke(decide_command, [str(file), *arguments], env={"LANG": "en"})


def test_it_prints_the_value_as_json(file: Path) -> None:
    result = run(file, "--decision", "Group", "--input", '{"age": 20}')
    assert (result.exit_code, result.stdout) == (0, '"adult"\n')


def test_it_explains(file: Path) -> None:
    result = run(file, "--decision", "Group", "--input", '{"age": 20}', "--explain")
    assert "rule 1 did not match: age = 20 is not < 18" in result.stdout


def test_it_explains_in_chinese(file: Path) -> None:
    arguments = [str(file), "--decision", "Group", "--input", '{"age": 20}', "--explain"]
    result = CliRunner().invoke(decide_command, arguments, env={"LANG": "zh_CN.UTF-8"})
    assert "规则 1 不命中" in result.stdout


def test_json_holds_value_warnings_and_explanation(file: Path) -> None:
    result = run(file, "--decision", "Group", "--input", '{"age": "old"}', "--json", "--explain")
    found = json.loads(result.stdout)
    assert found["value"] is None
    assert found["warnings"][0]["code"] == "type_mismatch"
    assert found["explanation"][0]["name"] == "Group"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--decision", "Gone"], "Gone"),
        (["--decision", "Group", "--input", "{"], "not JSON"),
        (["--decision", "Group", "--input", "[]"], "JSON object"),
        (["--decision", "Broken"], "group.dmn:1 id_Broken"),
        ([], "--decision"),
    ],
)
def test_mistakes_are_told_and_the_exit_code_is_1(file: Path, arguments: list[str], words: str) -> None:
    result = run(file, *arguments)
    assert result.exit_code == 1
    assert words in result.stderr


def test_mistakes_as_json(file: Path) -> None:
    result = run(file, "--decision", "Broken", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["problems"][0]["code"] == "expression_syntax"


def test_check_tells_all_problems_and_what_the_tables_lack(tmp_path: Path) -> None:
    path = tmp_path / "check.dmn"
    body = table(["age"], [["< 18", "1"], ["< 20", "2"], ["> limit", "3"]])
    path.write_bytes(document(input_data("age", "number") + decision("d", body, needs=["in:age"])))
    result = run(path, "--check")
    assert result.exit_code == 1
    assert "rules 1 and 2 overlap" in result.stdout
    assert "?: d: rule 3" in result.stdout
    found = json.loads(run(path, "--check", "--json").stdout)
    assert "table_overlap" in [problem["code"] for problem in found["problems"]]
    assert found["undecided"]


def test_check_of_a_sound_file_succeeds(tmp_path: Path) -> None:
    path = tmp_path / "sound.dmn"
    body = table(["age"], [["< 18", "1"], [">= 18", "2"]])
    path.write_bytes(document(input_data("age", "number") + decision("d", body, needs=["in:age"])))
    result = run(path, "--check")
    assert (result.exit_code, result.stdout) == (0, "")


def test_imports_are_found_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "lib.dmn").write_bytes(document(decision("two", literal("2")), namespace="urn:lib"))
    main = tmp_path / "main.dmn"
    body = '<import name="lib" namespace="urn:lib" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    body += decision("d", literal("lib.two * 21"), needs=["urn:lib#id_two"])
    main.write_bytes(document(body))
    assert run(main).stdout == "42\n"
