"""Which instances move as they are, which ask for something, which stay; each with the step concerned."""

from typing import Any

import pytest

from tests.kernel.models import program
from tests.unit.migration.mover import Mover

LINE = program("start s", "user a", "user b", "user c", "end e", flow=["s > a > b > c > e"])


def line(*steps: str) -> Any:
    return program("start s", *(f"user {step}" for step in steps), "end e", flow=[" > ".join(["s", *steps, "e"])])


def stand(**more: Any) -> Mover:
    """``a`` is done, ``b`` is open, ``c`` lies ahead."""
    return Mover(LINE, **more).start().complete("a")


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        # ahead of the token everything may change
        (line("a", "b", "x", "c"), ("compliant", [])),
        (line("a", "b"), ("compliant", [])),
        (line("a", "b", "c", "x"), ("compliant", [])),
        # behind it nothing, unless somebody allows it
        (line("x", "a", "b", "c"), ("adjustable", ["owed x"])),
        (line("b", "c"), ("adjustable", ["surplus a"])),
        (line("b", "a", "c"), ("adjustable", ["order b"])),
        # where it stands: what nobody has begun may be taken back
        (line("a", "x", "b", "c"), ("adjustable", ["back b"])),
        (line("a", "c"), ("adjustable", ["back b"])),
        (line("a", "c", "b"), ("adjustable", ["back b"])),
    ],
)
def test_a_change_ahead_of_the_token_is_free_and_one_behind_it_names_its_step(
    new: Any, expected: tuple[str, list[str]]
) -> None:
    assert stand().said(new) == expected
