"""ETag and If-Match: a change is refused when the thing is no longer as its author saw it."""

from typing import Any

import flask

OLD = frozenset({"revision_old", "customer_changed", "changed_since"})
"""Codes of conflicts with a revision that was named; named by If-Match they are 412."""


def tagged(shape: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The answer with its revision as ETag."""
    return shape, {"ETag": f'"{shape["revision"]}"'}


def seen(sent: int | None = None) -> int | None:
    """The revision that must still be there: by If-Match, else what the body says. A tag that is none fits nothing."""
    tags = flask.request.if_match
    if not tags or tags.star_tag:
        return sent
    tag, *more = tags.as_set(include_weak=False) or [""]
    return int(tag) if tag.isdecimal() and len(tag) < 12 and not more else -1
