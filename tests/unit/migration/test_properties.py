"""Random instances of random models go on with random variants: no step is skipped, none is done twice."""

from collections import Counter

import pytest

from tests.unit.migration import properties

NESTED, UNSTRUCTURED = 1000, 300


@pytest.mark.parametrize("first", range(0, NESTED, 100))
def test_an_instance_that_moved_is_where_the_new_program_would_have_brought_it(first: int) -> None:
    found = Counter(properties.one_instance(seed) for seed in range(first, first + 100))
    assert found["compliant"] >= 10 and found["adjustable"] >= 10, dict(found)


@pytest.mark.parametrize("first", range(0, UNSTRUCTURED, 100))
def test_so_is_one_of_a_graph_without_structure(first: int) -> None:
    found = Counter(properties.unstructured_instance(seed) for seed in range(first, first + 100))
    assert found["compliant"] >= 5, dict(found)


@pytest.mark.parametrize("seed", [1777, 2385])
def test_a_way_that_history_rules_out_is_not_taken_because_the_right_one_ends_in_a_deadlock(seed: int) -> None:
    """The new program's gateway would have gone another way than the one that was really taken."""
    assert properties.unstructured_instance(seed) in ("not", "adjustable")
