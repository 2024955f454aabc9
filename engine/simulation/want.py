"""What is known of a value that a model reads: its parts, its items, and the values that would make a difference."""

from random import Random
from typing import Any

ANYTHING: tuple[Any, ...] = (1, "a", True, 0, 2.5, ["a", "b"], {"a": "b"}, [{"a": "b"}])
"""Tried where nothing is known."""
_ITEMS = 2


class Want:
    """``root`` holds the variables as its parts; below them are the parts of objects and the items of lists."""

    def __init__(self) -> None:
        self.parts: dict[str, Want] = {}
        self.items: Want | None = None
        self.values: list[Any] = []

    def part(self, *path: str) -> "Want":
        found = self
        for name in path:
            found = found.parts.setdefault(name, Want())
        return found

    def item(self) -> "Want":
        self.items = self.items or Want()
        return self.items

    def add(self, *values: Any) -> None:
        """Values that are equal but of another kind (1 and True) are two."""
        for value in values:
            if not any(type(value) is type(one) and value == one for one in self.values):
                self.values.append(value)

    def draw(self, random: Random | None) -> Any:
        """One value that fits; without ``random`` the first of all."""
        if self.parts:
            return {name: part.draw(random) for name, part in self.parts.items()}
        if self.items is not None:
            return [self.items.draw(random) for _ in range(_ITEMS)]
        options = self.values or ANYTHING
        return options[0] if random is None else random.choice(options)
