"""Every command with bad input: a word that helps and a status that is not 0, in no case a traceback."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import cli
from engine.doctor import examine
from engine.settings import Settings

DMN = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="t">
  <decision id="one" name="One"><literalExpression><text>a</text></literalExpression></decision>
</definitions>"""
BPMN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t" id="d">
  <process id="visit" isExecutable="true">
    <startEvent id="begin"/><sequenceFlow id="f" sourceRef="begin" targetRef="over"/><endEvent id="over"/>
  </process>
</definitions>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.dmn").write_text(DMN)
    (tmp_path / "a.bpmn").write_text(BPMN)
    (tmp_path / "empty").touch()
    (tmp_path / "text.txt").write_text("just words")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\x01")
    (tmp_path / "list.json").write_text("[1, 2]")
    (tmp_path / "odd.dmn").mkdir()
    return tmp_path


def run(folder: Path, *words: str, lang: str = "en_GB.UTF-8") -> Result:
    """``%name`` is a file of the folder."""
    whole = [str(folder / word[1:]) if word.startswith("%") else word for word in words]
    return CliRunner().invoke(cli.main, whole, env={"LANG": lang})


def ended_by_itself(answer: Result) -> bool:
    """By its own decision; an exception that nobody caught would stand here."""
    return answer.exception is None or isinstance(answer.exception, SystemExit)


REFUSED = [
    # words, status, what is said
    (["feel"], 2, "Missing argument 'EXPRESSION'"),
    (["feel", ""], 1, "line 1, column 1: expected a value, but the expression ends here"),
    (["feel", "1 +"], 1, "line 1, column 4"),
    (["feel", "\x00"], 1, "unexpected character"),
    (["feel", '"\udcff"'], 2, "expected UTF-8"),  # a byte that is no UTF-8
    (["feel", "a", "--context", ""], 2, "--context: not JSON"),
    (["feel", "a", "--context", "{"], 2, "--context: not JSON"),
    (["feel", "a", "--context", "[]"], 2, "--context: expected a JSON object"),
    (["feel", "a", "--context", "null"], 2, "--context: expected a JSON object"),
    (["feel", "a", "--context", '{"a": NaN}'], 2, "--context: not JSON"),
    (["feel", "a", "--context", '{"a": Infinity}'], 2, "--context: not JSON"),
    (["feel", "a", "--context", '{"a": "\\ud800"}'], 2, "--context: not JSON"),
    (["feel", "a", "--context", "[" * 5000], 2, "--context: not JSON"),
    (["feel", "a", "--context", '{"a":' * 5000], 2, "--context: not JSON"),
    (["feel", "a", "--context", "9" * 5000], 2, "--context: not JSON"),
    (["feel", "1", "--now", "yesterday"], 2, "--now"),
    (["feel", "1", "--now", "2026-01-01T00:00:00"], 2, "expected an offset, such as +08:00"),
    (["feel", "1", "--now", "2026-02-30T00:00:00Z"], 2, "--now"),
    (["feel", "1", "--language", "cobol"], 2, "'cobol' is not one of"),
    (["feel", "1", "--lang", "fr"], 2, "'fr' is not one of"),
    (["feel", "for i in 1..99999999 return i"], 1, "steps"),
    (["decide"], 2, "Missing argument 'FILE'"),
    (["decide", "%gone.dmn"], 2, "does not exist"),
    (["decide", "%odd.dmn"], 2, "is a directory"),
    (["decide", "%empty"], 1, "not XML"),
    (["decide", "%text.txt"], 1, "not XML"),
    (["decide", "%binary"], 1, "not XML"),
    (["decide", "%a.bpmn"], 1, "the file holds no decision"),
    (["decide", "%a.dmn", "--decision", "Two"], 1, "there is no decision 'Two'; there are: One"),
    (["decide", "%a.dmn", "--input", "{"], 1, "--input is not JSON"),
    (["decide", "%a.dmn", "--input", "[" * 5000], 1, "--input is not JSON"),
    (["decide", "%a.dmn", "--input", '{"a": NaN}'], 1, "--input is not JSON"),
    (["decide", "%a.dmn", "--input", '{"a": "\\udfff"}'], 1, "--input is not JSON"),
    (["decide", "%a.dmn", "--input", "7"], 1, "--input must be a JSON object"),
    (["check"], 2, "Missing argument"),
    (["check", "%gone.bpmn"], 2, "does not exist"),
    (["check", "%odd.dmn"], 2, "is a directory"),
    (["check", "%empty"], 1, "The file is empty"),
    (["check", "%text.txt"], 1, "Not well-formed XML"),
    (["check", "%binary"], 1, "Not well-formed XML"),
    (["check", "%a.dmn"], 1, "Not a BPMN 2.0 file"),
    (["check", "%a.bpmn", "--lang", "fr"], 2, "'fr' is not one of"),
    (["play"], 2, "Missing argument 'FILE'"),
    (["play", "%gone.bpmn"], 2, "does not exist"),
    (["play", "%empty"], 1, "The file is empty"),
    (["play", "%text.txt"], 1, "Not well-formed XML"),
    (["play", "%a.bpmn", "--process", "other"], 1, "there is no process other in the file; there are: visit"),
    (["play", "%a.bpmn", "--limit", "0"], 2, "--limit"),
    (["play", "%a.bpmn", "--limit", "many"], 2, "--limit"),
    (["play", "%a.bpmn", "--data", "{"], 2, "--data: expected a JSON object"),
    (["play", "%a.bpmn", "--data", "[]"], 2, "--data: expected a JSON object"),
    (["play", "%a.bpmn", "--data", '{"a": NaN}'], 2, "--data: expected a JSON object"),
    (["play", "%a.bpmn", "--data", "[" * 5000], 2, "--data: expected a JSON object"),
    (["play", "%a.bpmn", "--answers", "%gone.json"], 2, "does not exist"),
    (["play", "%a.bpmn", "--answers", "%binary"], 2, "--answers: the scenario cannot be read"),
    (["play", "%a.bpmn", "--answers", "%list.json"], 2, "--answers: the scenario cannot be read"),
    (["variant"], 2, "Usage: main variant"),
    (["variant", "check"], 2, "Missing argument 'FOLDER...'"),
    (["variant", "check", "%gone"], 2, "does not exist"),
    (["variant", "check", "%a.dmn"], 2, "is a file"),
    (["variant", "check", "%odd.dmn"], 1, "process.json is missing"),
    (["variant", "diff", "%odd.dmn"], 1, "process.bpmn is missing"),
    (["variant", "rebase", "%odd.dmn", "%odd.dmn"], 1, "process.json is missing"),
    (["variant", "merge"], 2, "No such command 'merge'"),
    (["doctor", "--port", "65536"], 2, "65536 is not in the range 0<=x<=65535"),
    (["doctor", "--port", "-1"], 2, "-1 is not in the range"),
    (["serve", "--port", "65536"], 2, "65536 is not in the range"),
    (["serve", "--port", "-1"], 2, "-1 is not in the range"),
    (["serve", "--port", "http"], 2, "--port"),
    (["serve", "--data", "%a.dmn", "--port", "0"], 1, "cannot be made: File exists"),
    (["serve", "--data", "%a.dmn/below", "--port", "0"], 1, "cannot be made: Not a directory"),
    (["serve", "--data", "%new", "--host", "no.such.host.invalid", "--port", "0"], 1, "no.such.host.invalid:0"),
    (["demo", "--port", "99999"], 2, "99999 is not in the range"),
    (["worker", "--processes", "0"], 2, "0 is not in the range 1<=x<=256"),
    (["worker", "--processes", "257"], 2, "257 is not in the range"),
    (["db"], 2, "Usage: main db"),
    (["db", "upgrade", "--data", "%a.dmn"], 1, "cannot be made: File exists"),
    (["db", "copy", "%a.dmn"], 2, "Missing argument 'TARGET'"),
    (["db", "copy", "nonsense", "nonsense"], 1, "That is no address of a database"),
    (["db", "copy", "sqlite://", "sqlite://"], 1, "The database needs a file"),
    (["history", "purge"], 2, "Missing option '--older-than'"),
    (["history", "purge", "--older-than", "soon"], 2, "expected days, weeks, months or years"),
    (["history", "purge", "--older-than", "9d", "--data", "%a.dmn"], 1, "cannot be made"),
    (["fly"], 2, "No such command 'fly'"),
    (["--fly"], 2, "No such option"),
]


@pytest.mark.parametrize(("words", "status", "said"), REFUSED, ids=lambda value: str(value)[:60])
def test_bad_input_is_refused_with_a_word_that_helps(folder: Path, words: list[str], status: int, said: str) -> None:
    answer = run(folder, *words)
    assert ended_by_itself(answer), answer.exception
    assert answer.exit_code == status
    assert said in " ".join(answer.output.split())


IN_CHINESE = [
    (["serve", "--data", "%a.dmn", "--port", "0"], "无法建立数据库文件夹"),
    (["db", "upgrade", "--data", "%a.dmn"], "无法建立数据库文件夹"),
    (["db", "copy", "nonsense", "nonsense"], "这不是数据库地址"),
    (["db", "copy", "sqlite://", "sqlite://"], "数据库需要一个文件"),
    (["decide", "%a.bpmn"], "文件中没有决策"),
    (["decide", "%a.dmn", "--decision", "Two"], "模型中没有决策“Two”，有：One"),
    (["decide", "%a.dmn", "--input", "{"], "--input 不是 JSON"),
    (["decide", "%a.dmn", "--input", "7"], "--input 必须是 JSON 对象"),
    (["decide", "%text.txt"], "不是合法的 XML"),
    (["feel", "1 +", "--lang", "zh"], "第 1 行第 4 列"),
    (["check", "%a.dmn", "--lang", "zh"], "个错误"),
    (["variant", "check", "%odd.dmn", "--lang", "zh"], "个错误"),
]


@pytest.mark.parametrize(("words", "said"), IN_CHINESE, ids=lambda value: str(value)[:60])
def test_in_a_chinese_terminal_it_is_said_in_chinese(folder: Path, words: list[str], said: str) -> None:
    answer = run(folder, *words, lang="zh_CN.UTF-8")
    assert answer.exit_code == 1
    assert said in answer.output


def test_a_copy_from_a_database_that_is_none_is_refused(folder: Path) -> None:
    answer = run(folder, "db", "copy", f"sqlite:///{folder}/old.db", f"sqlite:///{folder}/new.db")
    assert answer.exit_code == 1
    assert "SOURCE holds no database of crmflow" in answer.output


GOOD = [
    (["feel", "1 + 1"], "2"),
    (["feel", "a", "--context", '{"a": 1.10}'], "1.10"),  # a decimal as it was written
    (["feel", "a", "--context", '{"a": "李雷 \\ud83d\\ude00"}'], '"李雷 😀"'),
    (["feel", '"a" + "b"'], '"ab"'),
    (["feel", "null"], "null"),
    (["feel", "[1, {a: true}]"], "[1, {a: true}]"),
    (["feel", "today()", "--now", "2026-05-01T23:30:00-05:00"], "2026-05-01"),
    (["feel", "x > 5", "--language", "python", "--context", '{"x": 6}'], "true"),
    (["decide", "%a.dmn", "--input", '{"a": "yes"}'], '"yes"'),
    (["decide", "%a.dmn", "--input", '{"a": [1, 2.5]}'], "[1, 2.5]"),
    (["decide", "%a.dmn", "--decision", "one", "--input", '{"a": 1}'], "1"),  # by id
    (["decide", "%a.dmn", "--check"], ""),
    (["check", "%a.bpmn"], "0 errors"),
    (["check", "%a.bpmn", "--lang", "zh"], "0 个错误"),
    (["play", "%a.bpmn"], "InstanceEnded"),
    (["play", "%a.bpmn", "--process", "visit"], "InstanceEnded"),
    (["--version"], "crmflow, version "),
    (["--help"], "crmflow: processes that differ per customer group, and run."),
    (["-h"], "crmflow: processes that differ per customer group, and run."),
]


@pytest.mark.parametrize(("words", "said"), GOOD, ids=lambda value: str(value)[:60])
def test_good_input_is_answered_with_status_0(folder: Path, words: list[str], said: str) -> None:
    answer = run(folder, *words)
    assert (answer.exit_code, ended_by_itself(answer)) == (0, True), answer.output
    assert said in answer.output


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_that_is_listed_can_be_loaded_and_helps(folder: Path, name: str) -> None:
    listed = run(folder, "--help").output
    answer = run(folder, name, "--help")
    assert answer.exit_code == 0 and answer.output.startswith(f"Usage: main {name}")
    assert re.search(rf"^  {name} +\S", listed, re.MULTILINE)


PLAIN = [
    ("1e400", "1E+400"),  # no float is near: JSON has no Infinity
    ("-1e400", "-1E+400"),
    ("0.1 + 0.2", 0.3),
    ("1e3", 1000),
    ("10 ** 20", 10**20),
    ("1 / 3", 1 / 3),
    ("[1, null, true]", [1, None, True]),
    ('{a: {"b c": 1}}', {"a": {"b c": 1}}),
    ('@"2026-05-01"', "2026-05-01"),
    ('@"10:30:00+08:00"', "10:30:00+08:00"),
    ('@"2026-05-01T10:30:00"', "2026-05-01T10:30:00"),
    ('@"P1DT2H"', "P1DT2H"),
    ('@"P14M"', "P1Y2M"),
    ("[1..5)", "[1..5)"),
    ("function(x) x", "function"),
    ("gone", None),
]


@pytest.mark.parametrize(("expression", "value"), PLAIN)
def test_what_is_printed_as_json_is_json(folder: Path, expression: str, value: object) -> None:
    def no_constant(name: str) -> None:
        raise AssertionError(f"JSON has no {name}")

    answer = run(folder, "feel", "--json", "--", expression)
    assert json.loads(answer.stdout, parse_constant=no_constant)["value"] == value


@pytest.mark.parametrize(
    ("lang", "said"), [("en_GB.UTF-8", "correct CRMFLOW_TIME_ZONE"), ("zh_CN.UTF-8", "请更正 CRMFLOW_TIME_ZONE")]
)
def test_the_doctor_speaks_the_terminal_s_language(folder: Path, lang: str, said: str, monkeypatch) -> None:
    monkeypatch.setenv("CRMFLOW_TIME_ZONE", "Mars/Olympus")
    monkeypatch.setenv("COLUMNS", "200")
    answer = run(folder, "doctor", "--data", "%new", "--port", "0", lang=lang)
    assert answer.exit_code == 1
    assert said in answer.output


WRONG_SETTINGS = [
    # variable, value, what is said in English, and in Chinese
    ("QUEUE", "foo", "CRMFLOW_QUEUE=foo: expected 'threads', 'inline' or 'rq'", "CRMFLOW_QUEUE=foo：应为"),
    ("THREADS", "many", "CRMFLOW_THREADS=many: expected a whole number", "应为整数"),
    ("THREADS", "0", "CRMFLOW_THREADS=0: expected at least 1", "不得小于 1"),
    ("THREADS", "65", "CRMFLOW_THREADS=65: expected at most 64", "不得大于 64"),
    ("SWEEP_SECONDS", "soon", "CRMFLOW_SWEEP_SECONDS=soon: expected a number", "应为数字"),
    ("SWEEP_SECONDS", "0", "CRMFLOW_SWEEP_SECONDS=0: expected more than 0", "应大于 0"),
    ("PLAY_BEFORE_RELEASE", "perhaps", "CRMFLOW_PLAY_BEFORE_RELEASE=perhaps: expected true or false", "应为 true"),
    ("TIME_ZONE", "Mars/Olympus", "CRMFLOW_TIME_ZONE=Mars/Olympus: no such time zone", "没有这个时区"),
    ("TIME_ZONE", "../etc", "CRMFLOW_TIME_ZONE=../etc: no such time zone", "没有这个时区"),
    ("TIME_ZONE", "", "CRMFLOW_TIME_ZONE=: no such time zone", "没有这个时区"),
    ("CREDENTIALS_KEY", "short", "needs at least 32 characters", "至少需要 32 个字符"),
]


@pytest.mark.parametrize(("name", "value", "english", "chinese"), WRONG_SETTINGS, ids=lambda value: value[:24])
def test_a_wrong_setting_is_named_before_anything_begins(
    folder: Path, name: str, value: str, english: str, chinese: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"CRMFLOW_{name}", value)
    for lang, said in (("en_GB.UTF-8", english), ("zh_CN.UTF-8", chinese)):
        answer = run(folder, "secrets", "reseal", "--data", "%new", lang=lang)
        assert ended_by_itself(answer), answer.exception
        assert answer.exit_code == 1 and said in " ".join(answer.output.split())
    assert not (folder / "new").exists()


def test_all_wrong_settings_are_named_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRMFLOW_THREADS", "x")
    monkeypatch.setenv("CRMFLOW_LOCALE", "fr")
    said = run(folder, "doctor", "--data", "%new").output
    assert "CRMFLOW_THREADS=x" in said and "CRMFLOW_LOCALE=fr" in said


def test_a_redis_that_is_no_address_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRMFLOW_QUEUE", "rq")
    monkeypatch.setenv("CRMFLOW_REDIS_URL", "localhost")
    answer = run(folder, "secrets", "reseal", "--data", "%new")
    assert (answer.exit_code, ended_by_itself(answer)) == (1, True)
    assert "expected one like redis://127.0.0.1:6379/0" in answer.output


def test_every_line_of_help_fits(folder: Path) -> None:
    """A command's line that ends in dots tells half of it."""
    for name in cli.COMMANDS:
        listed = run(folder, name, "--help").output.partition("Commands:")[2]
        assert "..." not in listed, (name, listed)


def test_every_finding_that_is_bad_says_how_to_mend_it_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings(data_dir=tmp_path / "file" / "below", time_zone="Nowhere")
    found = examine.examine(settings, port=0)
    bad = [finding for finding in found if finding.verdict == "bad" and finding.what != "libraries"]
    assert {finding.what for finding in bad} == {"time zone", "database"}
    assert all(set(finding.mend) == {"zh-CN", "en"} for finding in bad)
    assert all(finding.mend == {} for finding in found if finding.verdict == "good")
