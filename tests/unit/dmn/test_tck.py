"""The DMN Technology Compatibility Kit, as far as it lies beside the checkout."""

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine import feel
from engine.dmn import cases, tck
from engine.dmn.cases import Scalar
from tests import shared
from tests.unit.dmn.documents import decision, document, literal

EXTERNAL_JAVA = {"boxed_001", "varargs_001", *(f"literal_{number:03}" for number in range(1, 13))}
"""Calls of Java classes: refused by name, whatever the class. Some call theirs ``max``: a function of one's own that is
refused stays null, FEEL's own max does not answer in its place."""


@cache
def results(level: str) -> tuple[tck.Result, ...]:
    return tuple(tck.run(shared.data("dmn-tck", level)))


def still_open(level: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for result in results(level):
        if not result.passed:
            found.setdefault(result.folder, set()).add(result.case)
    return found


def test_level_2_passes_whole() -> None:
    assert still_open("compliance-level-2") == {}
    assert len(results("compliance-level-2")) == 116


def test_level_3_leaves_open_what_is_refused_and_nothing_else() -> None:
    assert still_open("compliance-level-3") == {"0076-feel-external-java": EXTERNAL_JAVA}


def test_what_is_refused_says_so() -> None:
    refused = [result for result in results("compliance-level-3") if not result.passed]
    assert all("external functions (java) are not supported" in result.reason.lower() for result in refused)


def test_the_share_without_the_cases_that_null_passes_is_counted() -> None:
    report = tck.report(results("compliance-level-3"))
    assert report.non_nil.total < report.all.total
    assert report.non_nil.rate >= 0.99
    assert report.mean >= 0.99
    assert sum(share.total for share in report.folders.values()) == report.all.total


def test_recursion_works_though_the_standard_does_not_ask_for_it() -> None:
    assert still_open("non-compliant") == {}


# the runner itself


def temporal(text: str) -> Any:
    return feel.compile_expression(f'@"{text}"').evaluate({})


@pytest.mark.parametrize(
    ("expected", "actual", "same"),
    [
        (Decimal("0.333333333333"), Decimal(1) / 3, True),  # cut to twelve digits
        (Decimal("0.3333"), Decimal(1) / 3, False),
        (10**20, 10**20 + 1, True),  # relative
        (1, True, False),
        (None, None, True),
        (None, False, False),
        ("a", "a", True),
        ("a", "b", False),
        ([1, 2], [1, 2], True),
        ([1, 2], [2, 1], False),
        ([1], 1, False),
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        (temporal("P0D"), temporal("PT0S"), True),
        (temporal("2020-01-01"), temporal("2020-01-01"), True),
        (temporal("10:00:00Z"), temporal("11:00:00+01:00"), True),
        (temporal("10:00:00Z"), temporal("10:00:00"), False),
        (temporal("2020-01-01"), "2020-01-01", False),
    ],
)
def test_comparison(expected: Any, actual: Any, same: bool) -> None:
    assert tck.same(expected, actual) is same


FILE = b"""<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <modelName>m.dmn</modelName>
  <testCase id="1" type="decisionService" invocableName="s">
    <inputNode name="a"><list><item><value xsi:type="xsd:decimal">1</value></item><item><value xsi:nil="true"/></item>
    </list></inputNode>
    <resultNode name="r" errorResult="true"><expected><component name="x"><value xsi:type="xsd:string"> b</value>
    </component></expected></resultNode>
    <resultNode name="n"><expected><value xsi:nil="true"/></expected></resultNode>
  </testCase>
  <testCase id="2"><resultNode name="n"><expected><value xsi:nil="true"/></expected></resultNode></testCase>
</testCases>"""


def test_a_file_without_its_model_fails_its_cases_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "m-test-01.xml").write_bytes(FILE)
    (tmp_path / "other.xml").write_bytes(b"<other/>")
    found = tck.run(tmp_path)
    assert [(result.case, result.passed) for result in found] == [("1", False), ("2", False)]
    assert "m.dmn" in found[0].reason


def test_a_refused_decision_passes_only_where_an_error_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "m-test-01.xml").write_bytes(FILE)
    (tmp_path / "m.dmn").write_bytes(document(decision("s", literal("1 +")) + decision("n", literal("1 +"))))
    first, second = tck.run(tmp_path)
    assert first.reason  # its first result wants an error, its second null
    assert second.reason
    wanted = FILE.replace(b'name="n"', b'name="n" errorResult="true"')
    (tmp_path / "m-test-01.xml").write_bytes(wanted)
    assert [result.passed for result in tck.run(tmp_path)] == [True, True]


def test_an_unreadable_model_fails_its_cases_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "m-test-01.xml").write_bytes(FILE)
    (tmp_path / "m.dmn").write_bytes(b"<")
    assert all("not XML" in result.reason for result in tck.run(tmp_path))


def test_a_test_file_is_read() -> None:
    file = cases.read(FILE)
    first, second = file.cases
    assert (file.model, first.kind, first.invocable) == ("m.dmn", "decisionService", "s")
    assert first.inputs[0].value == [Scalar("decimal", "1"), None]
    assert first.results[0].value == {"x": Scalar("string", " b")}
    assert (first.results[0].must_fail, first.results[1].must_fail) == (True, False)
    assert (first.all_nil, second.all_nil) == (False, True)


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        (Scalar("decimal", "1.50"), Decimal("1.50")),
        (Scalar("boolean", "true"), True),
        (Scalar("string", " 1 "), " 1 "),
        (Scalar("", "12"), 12),
        (Scalar("", "true"), True),
        (Scalar("", "text"), "text"),
        (Scalar("", ""), None),
        (Scalar("", "2017-01-01T18:00:00"), temporal("2017-01-01T18:00:00")),
        (Scalar("date", "2020-01-01"), temporal("2020-01-01")),
        (Scalar("duration", "P1Y"), temporal("P1Y")),
    ],
)
def test_values_of_a_test_file(scalar: Scalar, value: Any) -> None:
    assert tck.value_of(scalar) == value
