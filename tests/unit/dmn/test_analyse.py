"""Overlaps and gaps: every counter-example is real, and where none is reported none is found by trying."""

from decimal import Decimal
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import dmn, feel
from engine.dmn import analyse as analysing
from engine.dmn.analyse import Analysis, analyse
from engine.dmn.model import (
    Decision,
    Definitions,
    InputClause,
    ItemDefinition,
    Literal,
    OutputClause,
    Rule,
    Table,
    UnaryTests,
    Variable,
)
from engine.dmn.types import Catalogue
from engine.feel.temporal import Date


def table(
    inputs: dict[str, str],
    rows: list[list[str]],
    *,
    policy: Any = "UNIQUE",
    allowed: dict[str, str] | None = None,
    default: str | None = None,
    outputs: list[str] | None = None,
) -> Table:
    """``inputs`` gives each input's type; the outputs number the rules unless they are given."""
    limits = {name: UnaryTests(text=text) for name, text in (allowed or {}).items()}
    return Table(
        hit_policy=policy,
        inputs=tuple(
            InputClause(expression=Literal(text=name, type_ref=type_ref), allowed=limits.get(name))
            for name, type_ref in inputs.items()
        ),
        outputs=(OutputClause(name="out", default=None if default is None else Literal(text=default)),),
        rules=tuple(
            Rule(
                inputs=tuple(UnaryTests(text=cell) for cell in row),
                outputs=(Literal(text=outputs[number] if outputs else str(number)),),
            )
            for number, row in enumerate(rows)
        ),
    )


def rules_hit(tested: Table, example: dict[str, Any]) -> list[int]:
    """Numbers of the rules that really match, asked of the evaluator."""
    asked = Table(hit_policy="RULE ORDER", inputs=tested.inputs, outputs=tested.outputs, rules=tested.rules)
    numbered = [
        Rule(inputs=rule.inputs, outputs=(Literal(text=str(number)),)) for number, rule in enumerate(asked.rules, 1)
    ]
    body = Table(
        hit_policy="RULE ORDER", inputs=tested.inputs, outputs=(OutputClause(name="n"),), rules=tuple(numbered)
    )
    model = dmn.build(Definitions(name="t", decisions=(Decision(name="d", variable=Variable(name="d"), body=body),)))
    return dmn.evaluate(model, "d", nested(example)).value or []


def nested(example: dict[str, Any]) -> dict[str, Any]:
    """``{"a.b": 1}`` as ``{"a": {"b": 1}}``."""
    found: dict[str, Any] = {}
    for path, value in example.items():
        *way, last = path.split(".")
        at = found
        for part in way:
            at = at.setdefault(part, {})
        at[last] = value
    return found


def kinds(analysis: Analysis) -> list[str]:
    return [finding.kind for finding in analysis.findings]


def test_a_complete_table_without_overlaps_has_no_findings() -> None:
    found = analyse(table({"age": "number"}, [["< 18"], ["[18..65)"], [">= 65"]]))
    assert found == Analysis()


def test_an_overlap_comes_with_values_that_hit_both_rules() -> None:
    tested = table({"age": "number", "segment": "string"}, [["<= 18", '"a", "b"'], [">= 18", '"b", "c"'], ["-", '"x"']])
    (overlap,) = analyse(tested).of("overlap")
    assert overlap.rules == (1, 2)
    assert overlap.example == {"age": 18, "segment": "b"}
    assert "18" in overlap.text["zh-CN"] and "18" in overlap.text["en"]


def test_a_gap_comes_with_values_that_hit_no_rule() -> None:
    (gap,) = analyse(table({"age": "number"}, [["< 18"], ["> 18"]])).of("gap")
    assert gap.example == {"age": 18}


def test_a_gap_between_two_neighbouring_whole_numbers_needs_fractions() -> None:
    rows = [["<= 17"], [">= 18"]]
    (gap,) = analyse(table({"age": "number"}, rows)).of("gap")
    assert gap.example == {"age": Decimal("17.5")}
    assert analyse(table({"age": "integer"}, rows)).findings == ()


def test_dates_are_days() -> None:
    rows = [['< date("2024-02-29")'], ['>= date("2024-03-02")']]
    gaps = analyse(table({"day": "date"}, rows)).of("gap")
    assert [str(gap.example["day"]) for gap in gaps] == ["2024-02-29"]
    complete = [['<= date("2024-02-29")'], ['>= date("2024-03-01")']]
    assert analyse(table({"day": "date"}, complete)).findings == ()


def test_a_boolean_has_two_values() -> None:
    assert analyse(table({"vip": "boolean"}, [["true"], ["false"]])).findings == ()
    (gap,) = analyse(table({"vip": "boolean"}, [["true"]])).of("gap")
    assert gap.example == {"vip": False}


def test_a_text_may_always_be_another() -> None:
    (gap,) = analyse(table({"s": "string"}, [['"a"'], ['"b"']])).of("gap")
    assert gap.example["s"] not in ("a", "b")
    assert analyse(table({"s": "string"}, [['"a"'], ['not("a")']])).findings == ()


def test_allowed_values_close_an_enumeration() -> None:
    rows = [['"a"'], ['"b"']]
    assert analyse(table({"s": "string"}, rows, allowed={"s": '"a", "b"'})).findings == ()
    (gap,) = analyse(table({"s": "string"}, rows, allowed={"s": '"a", "b", "c"'})).of("gap")
    assert gap.example == {"s": "c"}


def test_the_allowed_values_of_a_type_count_too() -> None:
    catalogue = Catalogue()
    catalogue.add(ItemDefinition(name="tSegment", type_ref="string", allowed=UnaryTests(text='"key", "base"')))
    catalogue.add(ItemDefinition(name="tCustomer", components=(ItemDefinition(name="segment", type_ref="tSegment"),)))
    tested = table({"customer.segment": ""}, [['"key"'], ['"base"']])
    assert analyse(tested, catalogue=catalogue, variables={"customer": "tCustomer"}).findings == ()
    assert analyse(tested).of("gap")


def test_conditions_on_the_input_are_understood() -> None:
    rows = [["? < 5 or ? > 10"], ["? between 5 and 10"]]
    assert analyse(table({"n": "number"}, rows)).findings == ()


def test_a_default_output_leaves_no_gap() -> None:
    assert analyse(table({"n": "number"}, [["> 5"]], default="0")).findings == ()


def test_first_may_overlap_but_every_rule_must_count() -> None:
    found = analyse(table({"n": "number"}, [["> 5"], ["> 7"], ["-"]], policy="FIRST"))
    assert [(finding.kind, finding.rules) for finding in found.findings] == [("never", (2,))]


def test_a_rule_that_accepts_nothing_is_told() -> None:
    found = analyse(table({"n": "number"}, [["(5..5)"], ["-"]]))
    assert [(finding.kind, finding.rules) for finding in found.findings] == [("never", (1,))]


def test_any_may_overlap_where_the_outputs_are_the_same() -> None:
    rows = [["> 5"], ["> 7"], ["<= 5"]]
    assert analyse(table({"n": "number"}, rows, policy="ANY", outputs=["1", "1", "2"])).findings == ()
    assert kinds(analyse(table({"n": "number"}, rows, policy="ANY"))) == ["overlap"]


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER", "OUTPUT ORDER"])
def test_tables_of_several_hits_have_neither_gaps_nor_overlaps(policy: str) -> None:
    assert analyse(table({"n": "number"}, [["> 5"], ["> 7"]], policy=policy)).findings == ()


def test_a_cell_with_a_variable_is_undecided_and_not_guessed() -> None:
    found = analyse(table({"n": "number"}, [["> limit"], ["<= 5"], ["> 5"]]))
    assert found.findings == ()
    assert any("limit" in text["en"] for text in found.undecided)


def test_a_sure_gap_is_told_beside_an_undecided_cell() -> None:
    found = analyse(
        table({"n": "number", "s": "string"}, [["> limit", '"a"'], ["-", '"b"']], allowed={"s": '"a","b","c"'})
    )
    assert [gap.example["s"] for gap in found.of("gap")] == ["c"]
    assert found.undecided


def test_times_with_and_without_an_offset_are_not_ordered_by_guess() -> None:
    rows = [['< @"10:00:00"'], ['>= @"10:00:00Z"']]
    found = analyse(table({"t": "time"}, rows))
    assert found.findings == ()
    assert found.undecided


def test_one_input_in_two_columns_is_one_input() -> None:
    tested = Table(
        inputs=tuple(InputClause(expression=Literal(text="n", type_ref="number")) for _ in range(2)),
        outputs=(OutputClause(name="o"),),
        rules=(
            Rule(inputs=(UnaryTests(text="> 5"), UnaryTests(text="<= 10")), outputs=(Literal(text="1"),)),
            Rule(inputs=(UnaryTests(text="<= 5"), UnaryTests(text="-")), outputs=(Literal(text="2"),)),
            Rule(inputs=(UnaryTests(text="-"), UnaryTests(text="> 10")), outputs=(Literal(text="3"),)),
        ),
    )
    assert analyse(tested) == Analysis()


def test_computed_inputs_are_doubted() -> None:
    found = analyse(table({"n": "number", "n + 1": "number"}, [["> 5", "-"], ["<= 5", "-"]]))
    assert found.undecided


def test_a_table_too_large_is_said_to_be_so_in_time() -> None:
    rows = [[f"> {i}", f"< {i}", f'"{i}"'] for i in range(1500)]
    found = analyse(table({"a": "number", "b": "number", "c": "string"}, rows))
    assert found.undecided
    assert len(found.findings) <= 3 * analysing.MAX_FINDINGS


# by trying

numbers = st.sampled_from(
    ["-", "< 2", "<= 2", "> 2", ">= 3", "2", "3", "[1..3]", "(1..3)", "not(2)", "2, 5", "not([2..3])"]
)
words = st.sampled_from(["-", '"a"', '"b"', '"a", "c"', 'not("a")', '< "b"', '["a".."b"]', "null"])
truths = st.sampled_from(["-", "true", "false", "not(true)"])
days = st.sampled_from(["-", '< date("2024-01-02")', '[date("2024-01-01")..date("2024-01-03")]', 'date("2024-01-02")'])
tables = st.lists(st.tuples(numbers, words, truths, days).map(list), min_size=1, max_size=5)

SAMPLES = list(
    product(
        [0, 1, Decimal("1.5"), 2, Decimal("2.5"), 3, 4, 5, 6],
        ["", "a", "ab", "b", "c", "z"],
        [True, False],
        [Date(19_722), Date(19_723), Date(19_724), Date(19_725), Date(19_726)],  # 2023-12-31 to 2024-01-04
    )
)
NAMES = ("n", "s", "t", "d")
TYPES = {"n": "number", "s": "string", "t": "boolean", "d": "date"}


def accepts(row: list[str], sample: tuple[Any, ...]) -> bool:
    return all(feel.compile_unary_tests(cell).matches(value, {}) for cell, value in zip(row, sample, strict=True))


@settings(max_examples=60, deadline=None)
@given(tables)
def test_counter_examples_hit_two_rules_or_none(rows: list[list[str]]) -> None:
    tested = table(TYPES, rows)
    for finding in analyse(tested).findings:
        if finding.kind != "never":
            hit = rules_hit(tested, finding.example)
            assert hit == [] if finding.kind == "gap" else set(finding.rules) <= set(hit)


@settings(max_examples=40, deadline=None)
@given(tables)
def test_what_is_not_reported_is_not_found_by_trying(rows: list[list[str]]) -> None:
    found = analyse(table(TYPES, rows))
    assert found.undecided == ()
    reported = {finding.rules for finding in found.of("overlap")}
    matching = [{i for i, row in enumerate(rows, 1) if accepts(row, sample)} for sample in SAMPLES]
    for pair in ((a, b) for a in range(1, len(rows) + 1) for b in range(a + 1, len(rows) + 1)):
        assert pair in reported or not any(set(pair) <= hit for hit in matching)
    assert found.of("gap") or all(matching)


# the same for everything that lies on a line


def constants(kind: str) -> list[str]:
    return {
        "time": ["00:00:00", "09:30:00", "09:30:01", "23:59:59"],
        "date and time": ["2024-02-29T00:00:00", "2024-02-29T00:00:01", "2024-03-01T12:00:00"],
        "days and time duration": ["PT0S", "PT1S", "P1D", "-P1D"],
        "years and months duration": ["P0M", "P1M", "P1Y"],
    }[kind]


def cells(kind: str) -> st.SearchStrategy[str]:
    written = st.sampled_from([f'@"{text}"' for text in constants(kind)])
    compared = st.tuples(st.sampled_from(["<", "<=", ">", ">=", ""]), written).map(lambda pair: " ".join(pair).strip())
    ranged = st.tuples(st.sampled_from("[("), written, written, st.sampled_from("])")).map(
        lambda parts: f"{parts[0]}{parts[1]}..{parts[2]}{parts[3]}"
    )
    return st.one_of(compared, ranged, compared.map(lambda cell: f"not({cell})"), st.just("-"))


TRIED = {
    "time": ["00:00:00.5", "08:00:00", "09:30:00.25", "09:30:01.75", "12:00:00", "23:59:58", "23:59:59.9"],
    "date and time": ["2023-01-01T00:00:00", "2024-02-29T00:00:00.5", "2024-02-29T10:00:00", "2025-01-01T00:00:00"],
    "days and time duration": ["PT0.5S", "PT1.5S", "PT2H", "P2D", "-P2D", "-PT1H", "PT0.000000001S"],
    "years and months duration": ["-P1M", "P2M", "P11M", "P2Y"],
}


@settings(max_examples=25, deadline=None)
@given(st.data())
@pytest.mark.parametrize("kind", sorted(TRIED))
def test_moments_and_durations_too(kind: str, data: st.DataObject) -> None:
    rows = [[cell] for cell in data.draw(st.lists(cells(kind), min_size=1, max_size=4))]
    found = analyse(table({"x": kind}, rows))
    assert found.undecided == ()
    samples = [feel.compile_expression(f'@"{text}"').evaluate({}) for text in [*TRIED[kind], *constants(kind)]]
    matching = [{i for i, row in enumerate(rows, 1) if accepts(row, (sample,))} for sample in samples]
    reported = {finding.rules for finding in found.of("overlap")}
    for a, b in combinations(range(1, len(rows) + 1), 2):
        assert (a, b) in reported or not any({a, b} <= hit for hit in matching)
    assert found.of("gap") or all(matching)
    for finding in found.findings:
        hit = rules_hit(table({"x": kind}, rows), finding.example) if finding.example else list(finding.rules)
        assert hit == [] if finding.kind == "gap" else finding.kind == "never" or set(finding.rules) <= set(hit)
