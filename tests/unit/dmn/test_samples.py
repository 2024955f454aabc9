"""Every decision model of the sample data is read, and evaluated or refused with a reason."""

from pathlib import Path

import pytest

from engine import dmn, errors
from engine.dmn import analyse
from engine.dmn.model import Table
from tests import shared

FILES = sorted(shared.data("dmn").glob("*.dmn"))

REFUSED = {
    "code--determineBeverages--3e60c3.dmn": "expression_untranslatable",  # a function of Camunda's, dmn('dish', ...)
    "sample-process-models--hot--09b219.dmn": "expression_untranslatable",  # a function of its engine, get_env()
    "code--remaining-teams--031f08.dmn": "expression_untranslatable",  # JavaScript that throws dice
    "incubator-kie-kogito-examples--KiePMMLMiningSum--0242e8.dmn": "import_kind",
    "incubator-kie-kogito-examples--KiePMMLTree--099d7e.dmn": "import_kind",
}


def named(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_file_is_read_and_what_is_wrong_with_it_is_said(path: Path) -> None:
    model = dmn.read(path.read_bytes(), file=path.name)
    codes = {problem.code for problem in model.problems if problem.severity == "error"}
    assert codes == ({REFUSED[path.name]} if path.name in REFUSED else set())
    for problem in model.problems:
        assert problem.line > 0
        assert problem.text["zh-CN"] and problem.text["en"]


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_decision_is_evaluated_or_refused_with_its_problems(path: Path) -> None:
    model = dmn.read(path.read_bytes(), file=path.name)
    for decision in model.definitions.decisions:
        try:
            outcome = dmn.evaluate(model, decision.id or decision.name, {})
        except errors.Invalid as refused:
            assert refused.problems
            assert all(problem in model.problems for problem in refused.problems)
        else:
            assert outcome.explanation[-1].name


@pytest.mark.parametrize("path", FILES, ids=named)
def test_counter_examples_of_real_tables_are_said_in_both_languages(path: Path) -> None:
    model = dmn.read(path.read_bytes(), file=path.name)
    for decision in model.definitions.decisions:
        if isinstance(decision.body, Table):
            for finding in analyse.analyse(decision.body, catalogue=model.library.catalogue).findings:
                assert finding.text["zh-CN"] and finding.text["en"]


def model(name: str) -> dmn.DecisionModel:
    return dmn.read(shared.data("dmn", name).read_bytes(), file=name)


def test_a_first_table_of_camunda() -> None:
    found = dmn.evaluate(
        model("code--determine-underwriter--65cf0a.dmn"),
        "determineUnderwriter",
        {"application": {"age": 30, "risk": "low", "type": "basic"}},
    )
    assert found.value == "john"
    assert found.rules == ("row-981531974-1",)


def test_a_sum_of_camunda() -> None:
    names = ("funny", "music", "currentEvent", "strange", "authentic")
    found = dmn.evaluate(model("code--viralRating--0c6771.dmn"), "viralRating", dict.fromkeys(names, False))
    assert isinstance(found.value, int)


def test_a_fine_of_kogito() -> None:
    traffic = model("incubator-kie-kogito-examples--TrafficViolation--010304.dmn")
    violation = {"Code": "s", "Type": "speed", "Speed Limit": 100, "Actual Speed": 135}
    inputs = {"Violation": violation, "Driver": {"Name": "Arthur", "Points": 15}}
    found = dmn.evaluate(traffic, "Fine", inputs)
    assert found.value == {"Amount": 1000, "Points": 7}
