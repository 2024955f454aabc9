"""Tables by chance against a few lines of Python: every policy and aggregator, and what the analysis finds or does not.

A cell is drawn together with the set of values that it accepts; what the table must answer follows from the sets alone.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import dmn, feel
from engine.dmn import analyse, grid, write
from tests.unit.dmn.documents import decision, document, input_data, table

bounded = settings(max_examples=60, deadline=None)
NUMBERS = range(6)
TEXTS = ("a", "b", "c")
RESULTS = ("gold", "silver", "base")
"""In the order of their priority."""


class Cell(NamedTuple):
    text: str
    accepts: frozenset[Any]


def _cells() -> list[Cell]:
    whole = frozenset(NUMBERS)
    found = [Cell("-", whole), Cell("", whole)]
    for n in NUMBERS:
        found += [
            Cell(f"{n}", frozenset({n})),
            Cell(f"< {n}", frozenset(x for x in whole if x < n)),
            Cell(f"<= {n}", frozenset(x for x in whole if x <= n)),
            Cell(f">{n}", frozenset(x for x in whole if x > n)),
            Cell(f">= {n}", frozenset(x for x in whole if x >= n)),
            Cell(f"not({n})", whole - {n}),
            Cell(f"not(< {n})", frozenset(x for x in whole if x >= n)),
        ]
        for m in NUMBERS:
            if n < m:
                found += [
                    Cell(f"[{n}..{m}]", frozenset(x for x in whole if n <= x <= m)),
                    Cell(f"({n}..{m})", frozenset(x for x in whole if n < x < m)),
                    Cell(f"[{n}..{m}[", frozenset(x for x in whole if n <= x < m)),
                    Cell(f"{n}, {m}", frozenset({n, m})),
                    Cell(f"not({n}, > {m})", frozenset(x for x in whole if x != n and x <= m)),
                    Cell(f"< {n}, > {m}", frozenset(x for x in whole if x < n or x > m)),
                ]
    return found


def _text_cells() -> list[Cell]:
    whole = frozenset(TEXTS)
    found = [Cell("-", whole)]
    for one in TEXTS:
        found += [
            Cell(f'"{one}"', frozenset({one})),
            Cell(f'not("{one}")', whole - {one}),
            Cell(f'"{one}", "a"', frozenset({one, "a"})),
            Cell(f'? = "{one}"', frozenset({one})),
        ]
    return found


number_cells = st.sampled_from(_cells())
text_cells = st.sampled_from(_text_cells())
rules = st.lists(st.tuples(number_cells, text_cells, st.sampled_from(RESULTS)), min_size=1, max_size=6)
numeric_rules = st.lists(st.tuples(number_cells, text_cells, st.integers(-5, 5)), min_size=1, max_size=6)
points = [(number, text) for number in NUMBERS for text in TEXTS]


def hits(made: Sequence[tuple[Cell, Cell, Any]], number: int, text: str) -> list[Any]:
    """The outputs of the rules that match, in rule order."""
    return [output for first, second, output in made if number in first.accepts and text in second.accepts]


def evaluated(made: Sequence[tuple[Cell, Cell, Any]], point: tuple[int, str], **more: Any) -> Any:
    """By a file that is written as XML and read again."""
    rows = [[first.text, second.text, feel.to_text([output])[1:-1]] for first, second, output in made]
    body = input_data("n", "number") + input_data("t", "string")
    body += decision("d", table(["n", "t"], rows, **more), needs=["in:n", "in:t"])
    model = dmn.read(document(body))
    assert not [problem for problem in model.problems if problem.severity == "error"]
    return dmn.evaluate(model, "d", {"n": point[0], "t": point[1]}).value


def only(found: list[Any]) -> Any:
    return found[0] if len(found) == 1 else None


def same(found: list[Any]) -> Any:
    return found[0] if len(set(found)) == 1 else None


def best(found: list[Any]) -> Any:
    return min(found, key=RESULTS.index, default=None)


POLICIES: dict[str, Callable[[list[Any]], Any]] = {
    "UNIQUE": only,
    "ANY": same,
    "FIRST": lambda found: found[0] if found else None,
    "PRIORITY": best,
    "RULE ORDER": lambda found: found or None,
    "OUTPUT ORDER": lambda found: sorted(found, key=RESULTS.index) or None,
    "COLLECT": lambda found: found or None,
}
ORDER = ", ".join(f'"{result}"' for result in RESULTS)


@pytest.mark.parametrize("policy", POLICIES)
@given(made=rules, point=st.sampled_from(points))
@bounded
def test_a_table_answers_what_its_policy_makes_of_the_rules_that_match(policy: str, made: Any, point: Any) -> None:
    expected = POLICIES[policy](hits(made, *point))
    assert evaluated(made, point, policy=policy, allowed={"out": ORDER}) == expected


AGGREGATORS: dict[str, Callable[[list[int]], Any]] = {
    "SUM": lambda found: sum(found) if found else None,
    "MIN": lambda found: min(found, default=None),
    "MAX": lambda found: max(found, default=None),
    "COUNT": lambda found: len(found) or None,
}


@pytest.mark.parametrize("aggregation", AGGREGATORS)
@given(made=numeric_rules, point=st.sampled_from(points))
@bounded
def test_what_is_collected_is_aggregated(aggregation: str, made: Any, point: Any) -> None:
    found = hits(made, *point)
    if aggregation == "COUNT" and not found:
        return  # told by test_tables: no rule, no value
    assert evaluated(made, point, policy="COLLECT", aggregation=aggregation) == AGGREGATORS[aggregation](found)


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY", "FIRST", "PRIORITY"])
@given(made=rules, point=st.sampled_from(points))
@settings(max_examples=30, deadline=None)
def test_the_default_is_taken_exactly_where_no_rule_matches(policy: str, made: Any, point: Any) -> None:
    found = hits(made, *point)
    answer = evaluated(made, point, policy=policy, allowed={"out": f'{ORDER}, "none"'}, defaults={"out": '"none"'})
    assert answer == ("none" if not found else POLICIES[policy](found))


@given(rules, st.sampled_from(points))
@bounded
def test_the_explanation_names_the_rules_that_matched_and_for_each_other_the_cell_that_said_no(made, point) -> None:
    rows = [[first.text, second.text, f'"{output}"'] for first, second, output in made]
    body = input_data("n", "number") + input_data("t", "string")
    body += decision("d", table(["n", "t"], rows, policy="COLLECT"), needs=["in:n", "in:t"])
    step = dmn.evaluate(dmn.read(document(body)), "d", {"n": point[0], "t": point[1]}).explanation[-1]
    for (first, second, _), note in zip(made, step.rules, strict=True):
        accepted = (point[0] in first.accepts, point[1] in second.accepts)
        assert note.matched == all(accepted)
        if not note.matched:
            assert note.miss is not None
            assert (note.miss.input, note.miss.test) == (("t", second.text) if accepted[0] else ("n", first.text))


def analysed(made: Sequence[tuple[Cell, Cell, Any]], policy: str) -> tuple[Any, analyse.Analysis]:
    rows = [[first.text or "-", second.text, f'"{output}"'] for first, second, output in made]
    model = grid.definitions(
        "d",
        inputs={"n": "number", "t": "string"},
        outputs={"out": "string"},
        rows=rows,
        hit_policy=policy,
        allowed={"n": "0, 1, 2, 3, 4, 5", "t": '"a", "b", "c"'},
    )
    return model, analyse.analyse(grid.table_of(model))


@given(rules)
@bounded
def test_an_overlap_is_found_exactly_where_two_rules_share_a_point(made: Any) -> None:
    _, analysis = analysed(made, "UNIQUE")
    truth = {
        (a + 1, b + 1)
        for b in range(len(made))
        for a in range(b)
        if made[a][0].accepts & made[b][0].accepts and made[a][1].accepts & made[b][1].accepts
    }
    assert analysis.undecided == ()
    assert {finding.rules for finding in analysis.of("overlap")} == truth
    for finding in analysis.of("overlap"):
        found = hits([made[number - 1] for number in finding.rules], finding.example["n"], finding.example["t"])
        assert len(found) == 2, finding


@given(rules)
@bounded
def test_a_gap_is_found_exactly_where_there_is_one_and_its_example_is_one(made: Any) -> None:
    _, analysis = analysed(made, "UNIQUE")
    uncovered = [point for point in points if not hits(made, *point)]
    assert analysis.undecided == ()
    assert bool(analysis.of("gap")) == bool(uncovered)
    for finding in analysis.of("gap"):
        assert (finding.example["n"], finding.example["t"]) in uncovered


@given(rules)
@bounded
def test_a_rule_of_a_first_table_can_never_take_effect_exactly_where_earlier_ones_leave_it_nothing(made: Any) -> None:
    _, analysis = analysed(made, "FIRST")
    useless = set()
    for number, (first, second, _) in enumerate(made):
        mine = [point for point in points if point[0] in first.accepts and point[1] in second.accepts]
        if all(hits(made[:number], *point) for point in mine):
            useless.add((number + 1,))
    assert analysis.undecided == ()
    assert {finding.rules for finding in analysis.of("never")} == useless


@given(rules)
@bounded
def test_an_any_table_is_told_only_of_overlaps_with_different_outputs(made: Any) -> None:
    _, analysis = analysed(made, "ANY")
    for finding in analysis.of("overlap"):
        first, second = (made[number - 1] for number in finding.rules)
        assert first[2] != second[2]


@given(rules, st.sampled_from(points))
@bounded
def test_a_table_that_is_written_as_a_file_and_read_answers_the_same(made: Any, point: tuple[int, str]) -> None:
    model, _ = analysed(made, "FIRST")
    inputs = {"n": point[0], "t": point[1]}
    again = dmn.read(write.definitions(model))
    assert not again.problems
    assert dmn.evaluate(again, "d", inputs).value == dmn.evaluate(dmn.build(model), "d", inputs).value


@given(st.permutations(range(4)), rules.filter(lambda made: len(made) >= 4), st.sampled_from(points))
@bounded
def test_the_order_of_rules_matters_to_ordered_policies_alone(order: list[int], made: Any, point: Any) -> None:
    shuffled = [made[place] for place in order] + made[4:]
    for policy in ("UNIQUE", "ANY"):
        allowed = {"out": ORDER}
        one, other = (evaluated(rows, point, policy=policy, allowed=allowed) for rows in (made, shuffled))
        assert one == other
    collected = [evaluated(rows, point, policy="COLLECT") or [] for rows in (made, shuffled)]
    assert sorted(collected[0]) == sorted(collected[1])
