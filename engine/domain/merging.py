"""A letter to one of many: ``{{name}}`` is looked up in what is known of them, and nothing else is. Pure."""

import re
from collections.abc import Mapping
from typing import Any

LONGEST = 20_000
"""Characters of a template."""
_PLACE = re.compile(r"\{\{\s*([^\W\d]\w*(?:\.\w+)*)\s*\}\}")


def places(template: str) -> tuple[str, ...]:
    """What a template asks for, each once, in the order it stands there."""
    return tuple(dict.fromkeys(_PLACE.findall(template)))


def missing(template: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """What it asks for and nobody knows."""
    return tuple(place for place in places(template) if _words(facts, place) == "")


def fill(template: str, facts: Mapping[str, Any]) -> str:
    """What is missing leaves nothing behind; what is filled in is never looked at again."""
    return _PLACE.sub(lambda found: _words(facts, found.group(1)), template)


def _words(facts: Mapping[str, Any], place: str) -> str:
    found: Any = facts
    for name in place.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return "" if found is None or isinstance(found, Mapping | list) else str(found)
