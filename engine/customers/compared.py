"""What differs between two versions of the group rules, part by part. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

Part = Literal["groups", "inputs", "rules", "default", "minimum_stay", "attributes", "valid_from", "valid_to"]
LISTS: dict[Part, str] = {"groups": "key", "inputs": "name", "rules": "id"}
"""Lists, and what their items are known by."""
SINGLE: tuple[Part, ...] = ("default", "minimum_stay", "attributes", "valid_from", "valid_to")


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """None: it was not there, or is not any more."""

    name: str
    """Of a rule's test the input's own name."""
    old: Any = None
    new: Any = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    part: Part
    key: str = ""
    """Of an item; empty for what stands alone."""
    how: Literal["added", "gone", "changed"]
    fields: tuple[Field, ...] = ()
    """Of what changed, those that did."""


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Items added, gone and changed field by field, in the order of the new version; rules that only changed place are
    not told, since their order decides nothing."""
    for part, name in LISTS.items():
        before = {item[name]: item for item in old.get(part, ())}
        after = {item[name]: item for item in new.get(part, ())}
        for key, item in after.items():
            if key not in before:
                yield Change(part=part, key=key, how="added")
            elif before[key] != item:
                yield Change(part=part, key=key, how="changed", fields=tuple(_fields(before[key], item)))
        for key in [key for key in before if key not in after]:
            yield Change(part=part, key=key, how="gone")
    for part in SINGLE:
        if old.get(part) != new.get(part):
            yield Change(part=part, how="changed", fields=(Field(name=part, old=old.get(part), new=new.get(part)),))


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Field]:
    """Tests one by one; a test of null is none."""
    one, other = {**old, **old.get("when", {})}, {**new, **new.get("when", {})}
    for name in sorted((one.keys() | other.keys()) - {"when"}):
        if one.get(name) != other.get(name):
            yield Field(name=name, old=one.get(name), new=other.get(name))
