"""Words of matrix."""

WORDS: dict[str, dict[str, tuple[str, str]]] = {}
