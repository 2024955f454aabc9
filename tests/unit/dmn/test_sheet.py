"""A decision table as a grid: what is written reads back equal, every wrong cell is named, test rows tell the truth."""

from typing import Any

import msgspec
import pytest

from engine import dmn, errors
from engine.dmn import sheet
from engine.dmn.sheet import Input, Output, Row, Sheet, Trial
from tests.shared import ROOT

LEVEL = Sheet(
    key="level",
    name="Level",
    inputs=(Input(expression="amount", label="金额", type="number"), Input(expression="customer.kind", type="string")),
    outputs=(Output(name="level", type="number"), Output(name="who", type="string")),
    rows=(
        Row(cells=("< 100", "-", "1", '"desk"'), note="small"),
        Row(cells=(">= 100", '"key"', "2", '"boss"')),
        Row(cells=(">= 100", 'not("key")', "3", '"board"')),
    ),
)


def changed(**fields: Any) -> Sheet:
    return msgspec.structs.replace(LEVEL, **fields)


def cells(*rows: tuple[str, ...]) -> tuple[Row, ...]:
    return tuple(Row(cells=row) for row in rows)


def test_a_whole_table_has_nothing_wrong() -> None:
    found = sheet.examine(LEVEL)
    assert found.wrong == () and found.analysis.findings == () and found.analysis.undecided == ()


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "RULE ORDER", "COLLECT"])
def test_what_is_written_reads_back_equal(policy: Any) -> None:
    table = changed(hit_policy=policy)
    assert sheet.read(sheet.written(table), key="level") == table


@pytest.mark.parametrize("aggregation", ["", "SUM", "MIN", "MAX", "COUNT"])
def test_aggregations_read_back_equal(aggregation: Any) -> None:
    table = changed(
        hit_policy="COLLECT",
        aggregation=aggregation,
        outputs=LEVEL.outputs[:1],
        rows=cells(("-", "-", "1"), ("> 5", "-", "2")),
    )
    assert sheet.read(sheet.written(table), key="level") == table


def test_what_is_written_decides_by_the_variables_of_a_case() -> None:
    model = dmn.read(sheet.written(LEVEL), file="level.dmn")
    assert [one for one in model.problems if one.severity == "error"] == []
    outcome = dmn.evaluate(model, "level", {"amount": 500, "customer": {"kind": "key"}})
    assert dict(outcome.value) == {"level": 2, "who": "boss"}  # type: ignore[call-overload]


WRONG = [
    (cells(("< <", "-", "1", '"a"')), "cell-0-0"),
    (cells(("-", "-", "1 +", '"a"')), "cell-0-2"),
    (cells(("-", "-", "1", '"a"'), ("-", '"x', "1", '"a"')), "cell-1-1"),
    (cells(("-", "-", "1", "if")), "cell-0-3"),
]


@pytest.mark.parametrize(("rows", "place"), WRONG)
def test_a_cell_that_is_no_feel_is_named_in_both_languages(rows: tuple[Row, ...], place: str) -> None:
    found = sheet.examine(changed(rows=rows))
    assert [one.place for one in found.errors] == [place]
    assert set(found.errors[0].text) == {"zh-CN", "en"}


def test_all_wrong_cells_are_named_at_once() -> None:
    rows = cells(("< <", "[1..", "1 +", "("), ("-", "-", "1", '"a"'))
    assert {one.place for one in sheet.examine(changed(rows=rows)).errors} == {f"cell-0-{n}" for n in range(4)}


SHAPES = [
    ({"inputs": ()}, ""),
    ({"outputs": (), "rows": ()}, ""),
    ({"outputs": (Output(name=""), Output(name="who"))}, "output-0"),
    ({"outputs": (Output(name="a"), Output(name="a"))}, "output-0"),
    ({"rows": cells(("-", "-", "1"))}, "cell-0-0"),
    ({"rows": cells(("-" * 2001, "-", "1", "1"))}, "cell-0-0"),
    ({"rows": cells(*[("-", "-", "1", "1")] * 301)}, ""),
    ({"hit_policy": "BEST"}, ""),
    ({"aggregation": "MEAN"}, ""),
    ({"trials": (Trial(given=("1", "2"), expected=("1", "2")),) * 201}, ""),
]


@pytest.mark.parametrize(("fields", "place"), SHAPES)
def test_a_table_of_another_shape_is_told_before_anything_is_run(fields: dict[str, Any], place: str) -> None:
    found = sheet.examine(changed(**fields))
    assert place in {one.place for one in found.errors}
    assert not any(found.passed)


def test_overlaps_and_gaps_come_with_an_example() -> None:
    found = sheet.examine(changed(rows=cells(("< 5", "-", "1", '"a"'), ("[3..10]", "-", "2", '"b"'))))
    kinds = [one.kind for one in found.analysis.findings]
    assert kinds.count("overlap") == 1 and "gap" in kinds
    overlap = next(one for one in found.analysis.findings if one.kind == "overlap")
    assert overlap.rules == (1, 2) and 3 <= overlap.example["amount"] < 5


TRIALS: list[tuple[tuple[str, str], tuple[str, str], bool]] = [
    (("50", '"x"'), ("1", '"desk"'), True),
    (("100", '"key"'), ("2", '"boss"'), True),
    (("100", '"key"'), ("2.0", '"boss"'), True),
    (("99 + 1", '"ke" + "y"'), ("1 + 1", '"boss"'), True),
    (("100", '"key"'), ("3", '"boss"'), False),
    (("100", '"key"'), ("2", '"Boss"'), False),
    (("100", ""), ("3", '"board"'), True),
    (("", ""), ("", ""), True),
    (("((", '"x"'), ("1", '"desk"'), False),
    (("50", '"x"'), ("1 +", '"desk"'), False),
]


@pytest.mark.parametrize(("given", "expected", "passes"), TRIALS)
def test_a_test_row_passes_when_exactly_this_comes_out(
    given: tuple[str, str], expected: tuple[str, str], passes: bool
) -> None:
    found = sheet.examine(changed(trials=(Trial(given=given, expected=expected),)))
    assert found.passed == (passes,)
    assert [one.place for one in found.wrong] == ([] if passes else ["trial-0"])


def test_a_failed_row_says_what_was_expected_and_what_came() -> None:
    found = sheet.examine(changed(trials=(Trial(given=("50", '"x"'), expected=("9", '"desk"')),)))
    assert found.wrong[0].text["en"] == 'test row 1: expected 9, "desk", came out as 1, "desk"'
    assert "应得" in found.wrong[0].text["zh-CN"] and "实得" in found.wrong[0].text["zh-CN"]


def test_several_hits_are_a_list_for_each_output() -> None:
    table = changed(hit_policy="RULE ORDER", rows=cells(("-", "-", "1", '"a"'), ("> 5", "-", "2", '"b"')))
    trial = Trial(given=("9", '"x"'), expected=("[1, 2]", '["a", "b"]'))
    assert sheet.examine(msgspec.structs.replace(table, trials=(trial,))).passed == (True,)


def test_a_sum_is_one_value() -> None:
    table = changed(
        hit_policy="COLLECT",
        aggregation="SUM",
        outputs=LEVEL.outputs[:1],
        rows=cells(("-", "-", "1"), ("> 5", "-", "2")),
        trials=(Trial(given=("9", '"x"'), expected=("3",)), Trial(given=("1", '"x"'), expected=("3",))),
    )
    assert sheet.examine(table).passed == (True, False)


def test_test_rows_are_not_run_while_a_cell_is_wrong() -> None:
    trial = Trial(given=("50", '"x"'), expected=("1", '"desk"'))
    found = sheet.examine(changed(rows=cells(("< <", "-", "1", '"desk"')), trials=(trial,)))
    assert found.passed == (False,) and [one.place for one in found.wrong] == ["cell-0-0"]


HOSTILE = ['__import__("os").system("id")', "for x in 1..1000000000 return x", "(" * 1500, "\x00", "<script>"]


@pytest.mark.parametrize("cell", HOSTILE)
def test_a_hostile_cell_is_wrong_or_bounded_and_never_run(cell: str) -> None:
    trial = Trial(given=("50", '"x"'), expected=("1", '"a"'))
    table = changed(rows=cells(("-", "-", cell, '"a"')), trials=(trial,))
    assert sheet.examine(table).passed == (False,)


@pytest.mark.parametrize("given", HOSTILE)
def test_a_hostile_test_row_fails(given: str) -> None:
    assert sheet.examine(changed(trials=(Trial(given=(given, '"x"'), expected=("1", '"desk"')),))).passed == (False,)


def test_a_file_with_more_than_a_table_is_left_to_other_editors() -> None:
    more = (ROOT / "processes" / "SFA-03" / "decisions" / "discount_level.dmn").read_bytes()
    with pytest.raises(errors.Invalid) as caught:
        sheet.read(more, key="discount_level")
    assert caught.value.code == "not_a_grid" and set(caught.value.text) == {"zh-CN", "en"}


@pytest.mark.parametrize("data", [b"", b"<a/>", b"no xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_what_is_no_decision_file_is_refused(data: bytes) -> None:
    with pytest.raises(errors.Invalid):
        sheet.read(data, key="x")
