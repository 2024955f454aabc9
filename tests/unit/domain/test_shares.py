"""A sum parted by weights, to the cent."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.domain import shares


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(-(10**9), 10**9),
    st.lists(st.floats(0, 1e6, allow_nan=False).map(lambda one: round(one, 3)), min_size=1, max_size=9),
)
def test_shares_add_up_to_the_cent_and_are_fair(cents: int, weights: list[float]) -> None:
    parts = shares.split(cents / 100, weights)
    assert round(sum(round(share * 100) for share in parts)) == cents
    whole = sum(weights)
    exact = [cents * weight / whole if whole else cents / len(weights) for weight in weights]
    assert all(abs(share * 100 - fair) < 1.01 for share, fair in zip(parts, exact, strict=True))


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1, 1], [33.34, 33.33, 33.33]),
        (100, [0, 0], [50, 50]),
        (0.01, [1, 1], [0.01, 0]),
        (10, [3, 1], [7.5, 2.5]),
        (10, [1, 0], [10, 0]),
        (-100, [1, 1, 1], [-33.34, -33.33, -33.33]),
    ],
)
def test_what_rounding_leaves_goes_to_whom_most_was_taken_from(
    amount: float, weights: list[float], parts: list[float]
) -> None:
    assert shares.split(amount, weights) == parts


@pytest.mark.parametrize(
    ("members", "owner_share", "parted"),
    [
        ([], 50, [("ann", 100)]),
        (["ann"], 50, [("ann", 100)]),
        (["bob"], 50, [("ann", 50), ("bob", 50)]),
        (["bob", "eve", "bob", "ann"], 40, [("ann", 40), ("bob", 30), ("eve", 30)]),
        (["bob", "eve", "joe"], 50, [("ann", 50), ("bob", 16.67), ("eve", 16.67), ("joe", 16.66)]),
        (["bob"], 0, [("ann", 0), ("bob", 100)]),
    ],
)
def test_a_team_shares_what_the_owner_does_not_keep(
    members: list[str], owner_share: float, parted: list[tuple[str, float]]
) -> None:
    assert shares.of_team("ann", members, owner_share) == parted


@given(st.lists(st.sampled_from("abcdefghij"), max_size=10), st.integers(0, 100))
@settings(max_examples=60, deadline=None)
def test_the_shares_of_a_team_always_add_up_to_the_whole(members: list[str], owner_share: int) -> None:
    parted = shares.of_team("a", members, owner_share)
    assert round(sum(pct for _, pct in parted), 2) == 100 and len({who for who, _ in parted}) == len(parted)
