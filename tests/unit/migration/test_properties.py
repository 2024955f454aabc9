"""Random instances of random models go on with random variants: no step is skipped, none is done twice."""

from collections import Counter

import pytest

from tests.unit.migration import properties

INSTANCES = 1200


@pytest.mark.parametrize("first", range(0, INSTANCES, 100))
def test_an_instance_that_moved_is_where_the_new_program_would_have_brought_it(first: int) -> None:
    found = Counter(properties.one_instance(seed) for seed in range(first, first + 100))
    assert found["compliant"] >= 5 and found["adjustable"] >= 5, dict(found)
