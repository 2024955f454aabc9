"""Rules that people edit in a form: checked, evaluated and written as DMN."""

import pytest

from engine import dmn, errors
from engine.dmn import analyse, grid, write
from engine.dmn.model import Definitions

ROWS = [
    [">= 100000", "-", '"key"'],
    ["< 100000", "true", '"premium"'],
    ["< 100000", "false", '"base"'],
]


def groups(rows: list[list[str]]) -> Definitions:
    return grid.definitions(
        "Group",
        inputs={"customer.revenue": "number", "customer.vip": "boolean"},
        outputs={"group": "string"},
        rows=rows,
        allowed={"customer.revenue": ">= 0"},
        ids=["key", "premium", "base"][: len(rows)],
    )


def test_a_grid_is_evaluated() -> None:
    model = dmn.build(groups(ROWS))
    assert model.problems == ()
    outcome = dmn.evaluate(model, "Group", {"customer": {"revenue": 500, "vip": True, "name": "Li"}})
    assert outcome.value == "premium"
    assert outcome.rules == ("premium",)


def test_sound_rules_have_no_findings() -> None:
    assert analyse.analyse(grid.table_of(groups(ROWS))) == analyse.Analysis()


def test_an_overlap_names_a_customer() -> None:
    overlapping = [[">= 50000", "-", '"key"'], *ROWS[1:]]
    found = analyse.analyse(grid.table_of(groups(overlapping))).of("overlap")
    assert [finding.rules for finding in found] == [(1, 2), (1, 3)]
    assert found[0].example == {"customer.revenue": 50000, "customer.vip": True}


def test_a_gap_names_a_customer() -> None:
    (gap,) = analyse.analyse(grid.table_of(groups(ROWS[:2]))).of("gap")
    assert gap.example["customer.vip"] is False
    assert 0 <= gap.example["customer.revenue"] < 100000


def test_a_grid_is_a_dmn_file() -> None:
    again = dmn.read(write.definitions(groups(ROWS)))
    assert again.problems == ()
    assert dmn.evaluate(again, "Group", {"customer": {"revenue": 100000}}).value == "key"


def test_a_cell_that_is_no_test_is_a_problem_of_its_rule() -> None:
    model = dmn.build(groups([["< <", "-", '"x"'], *ROWS[1:]]))
    assert [(problem.code, problem.element) for problem in model.problems] == [("expression_syntax", "key")]


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(errors.Invalid) as refused:
        groups([["1", "2"]])
    assert refused.value.code == "row_of_other_width"


def test_a_model_of_several_decisions_is_no_grid() -> None:
    with pytest.raises(errors.Invalid):
        grid.table_of(Definitions(name="none"))
