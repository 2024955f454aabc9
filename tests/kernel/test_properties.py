"""Properties of the kernel on random models; ``python -m tests.kernel.properties 2000`` tries more of them."""

import pytest

from tests.kernel import properties


@pytest.mark.parametrize("first", range(0, 180, 30))
def test_nested_models_open_what_their_blocks_say_in_any_order(first: int) -> None:
    for seed in range(first, first + 30):
        properties.nested_model(seed)


@pytest.mark.parametrize("first", range(0, 120, 30))
def test_errands_change_nothing_but_that_they_are_done_first(first: int) -> None:
    for seed in range(first, first + 30):
        properties.nested_model_with_errands(seed)


@pytest.mark.parametrize("first", range(0, 180, 30))
def test_any_graph_plays_the_token_game(first: int) -> None:
    for seed in range(first, first + 30):
        properties.unstructured_model(seed)
