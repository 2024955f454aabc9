"""Names of several tokens (``first name``, ``a-b``, ``date and time``): which of them are in scope, longest first."""

from collections.abc import Iterable
from functools import lru_cache

from engine.feel import tokens
from engine.feel.errors import FeelSyntaxError

Parts = tuple[str, ...]


@lru_cache(maxsize=4096)
def split(name: str) -> Parts:
    """The texts of the tokens a name consists of; empty for a name that cannot be written without backticks."""
    try:
        return tuple(token.text for token in tokens.tokenize(name)[:-1])
    except FeelSyntaxError:
        return ()


class Names:
    """A level of scope. Only names of several tokens are kept: a single one is always read as a name."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[Parts, str]]] = {}
        self.plain: set[str] = set()
        """Names of one token, for those that look like key words."""
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        parts = split(name)
        if len(parts) > 1:
            same_start = self._by_first.setdefault(parts[0], [])
            same_start.append((parts, name))
            same_start.sort(key=lambda entry: -len(entry[0]))
        elif parts:
            self.plain.add(name)

    def longest(self, stream: list[tokens.Token], start: int) -> tuple[int, str] | None:
        """How many tokens from ``start`` on are a name of this level, and which."""
        for parts, name in self._by_first.get(stream[start].text, ()):
            size = len(parts)
            if start + size < len(stream) and all(
                stream[start + i].text == parts[i] and stream[start + i].kind != "string" for i in range(1, size)
            ):
                return size, name
        return None


PROPERTIES = Names(("time offset", "start included", "end included"))
