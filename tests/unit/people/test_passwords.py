"""Passwords that the house makes up."""

import pytest

from engine.people import passwords


@pytest.mark.parametrize("key", ["a1", "ab", "administrator"])
def test_a_random_one_is_always_good_and_never_the_same(key: str) -> None:
    """A login name of two characters stands in one of 170 random passwords by chance."""
    made = [passwords.random(key) for _ in range(1500)]
    for password in made:
        passwords.check(password, key=key)
    assert len(set(made)) == len(made)
