"""One version of a variant: what may follow what, and the record of who moved it."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from engine import errors, variation
from engine.model.text import Text, both
from engine.people.agent import Agent
from engine.ports import Transaction
from engine.records import VersionStatus

MOVES: dict[VersionStatus, frozenset[VersionStatus]] = {
    "draft": frozenset({"draft", "checked", "retired"}),
    "checked": frozenset({"draft", "checked", "approved", "retired"}),
    "approved": frozenset({"draft", "approved", "released"}),
    "released": frozenset({"retired"}),
    "retired": frozenset({"released"}),
}
"""What may follow what. A released version never changes; a change makes the next version."""

_STATUS: dict[str, Text] = {
    "draft": both(zh="草稿", en="a draft"),
    "checked": both(zh="已检查", en="checked"),
    "approved": both(zh="已批准", en="approved"),
    "released": both(zh="已发布", en="released"),
    "retired": both(zh="已停用", en="retired"),
}


def moved(
    version: variation.VariantVersion,
    to: VersionStatus,
    *,
    did: variation.Did,
    agent: Agent,
    now: datetime,
    note: str = "",
) -> variation.VariantVersion:
    """The version in its new state, with one line more in its history. Raises Conflict for a move that is none."""
    if to not in MOVES[version.status]:
        is_now, wanted = _STATUS[version.status], _STATUS[to]
        raise errors.Conflict(
            "variant_status",
            zh=f"变体 {version.variant_id} v{version.n} {is_now['zh-CN']}，不能变为{wanted['zh-CN']}",
            en=f"variant {version.variant_id!r} v{version.n} is {is_now['en']} and cannot become {wanted['en']}",
            id=version.variant_id,
            n=version.n,
        )
    deed = variation.Deed(at=now, by=agent.key, did=did, note=note)
    return msgspec.structs.replace(version, status=to, history=(*version.history, deed))


def variant(tx: Transaction, variant_id: str) -> variation.Variant:
    """Raises NotFound."""
    found = tx.variants.get(variant_id)
    if found is None:
        raise errors.NotFound(
            "variant_unknown", zh=f"没有变体 {variant_id}", en=f"there is no variant {variant_id!r}", id=variant_id
        )
    return found


def get(tx: Transaction, variant_id: str, n: int) -> variation.VariantVersion:
    """Raises NotFound."""
    found = tx.variants.version(variant_id, n)
    if found is None:
        raise errors.NotFound(
            "variant_unknown",
            zh=f"没有变体 {variant_id} v{n}",
            en=f"there is no variant {variant_id!r} v{n}",
            id=variant_id,
            n=n,
        )
    return found


def being_written(versions: Sequence[variation.VariantVersion]) -> variation.VariantVersion | None:
    """The version that a change goes into; None when the next change makes a new one."""
    return max((one for one in versions if one.open), key=lambda one: one.n, default=None)


def pending(versions: Sequence[variation.VariantVersion]) -> variation.VariantVersion | None:
    """What is on its way to release: being written, or approved."""
    return max((one for one in versions if one.open or one.status == "approved"), key=lambda one: one.n, default=None)


def released(versions: Sequence[variation.VariantVersion]) -> variation.VariantVersion | None:
    return next((one for one in versions if one.status == "released"), None)


def released_at(versions: Sequence[variation.VariantVersion], moment: datetime) -> variation.VariantVersion | None:
    """The version that was released at a moment, told from the histories; for a moment to come, the version that is
    to be released by then."""
    found: tuple[datetime, variation.VariantVersion] | None = None
    for version in versions:
        since = _since(version, moment)
        if since is not None and (found is None or since >= found[0]):
            found = since, version
    return found[1] if found else None


def _since(version: variation.VariantVersion, moment: datetime) -> datetime | None:
    """From when the version counts at ``moment``; None when it does not."""
    if version.status == "approved" and version.valid_from is not None and version.valid_from <= moment:
        return version.valid_from
    deeds = [deed for deed in version.history if deed.did in ("released", "recomposed", "retired")]
    last = [deed for deed in deeds if deed.at <= moment]
    return last[-1].at if last and last[-1].did != "retired" else None


def digest(operations: Sequence[Mapping[str, Any]]) -> str:
    """Equal for equal operations."""
    return hashlib.sha256(msgspec.json.encode(list(operations), order="sorted")).hexdigest()
