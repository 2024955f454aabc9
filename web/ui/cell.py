"""A cell of the matrix, process and customer group, as its pages need it; also a variant that goes by its name."""

from dataclasses import dataclass
from typing import Any

import flask

from engine import errors, records, variation
from engine.definitions import catalogue
from engine.model.text import EN, ZH
from engine.variants import author, look, version
from web.ui import known, language, visitor


@dataclass(frozen=True)
class Page:
    """What is shown of a cell: the version being written, else the one released, else nothing yet."""

    process: records.Process
    group: str
    """Of customers; for a variant that no group alone leads to, the variant's name."""
    variant: variation.Variant | None
    versions: list[variation.VariantVersion]
    seen: look.Seen | None

    @property
    def operations(self) -> list[dict[str, Any]]:
        return [dict(one) for one in self.seen.version.operations] if self.seen else []

    @property
    def writable(self) -> bool:
        """A change goes into this version, or begins the next one."""
        return self.seen is None or self.seen.version.status != "approved"

    @property
    def version(self) -> variation.VariantVersion:
        """Raises NotFound before anything was written."""
        if self.seen is None:
            raise errors.NotFound(
                "variant_unknown", zh="还没有此变体。", en="There is no such variant yet.", group=self.group
            )
        return self.seen.version


def page(key: str, group: str) -> Page:
    """Raises NotFound for a process, or for what is neither a customer group nor the name of a variant."""
    process, _ = catalogue.get(visitor.engine(), process=key)
    found = look.variants(visitor.engine(), process=key, agent=visitor.me())
    variant, versions = next((pair for pair in found if _is_of(pair[0], key, group)), (None, []))
    if variant is None and group not in known.customer_groups():
        raise errors.NotFound("group_unknown", zh="没有此客户群。", en="There is no such group.", group=group)
    shown = version.pending(versions) or version.released(versions)
    seen = None
    if variant is not None and shown is not None:
        seen = look.see(visitor.engine(), variant_id=variant.id, n=shown.n, agent=visitor.me(), now=visitor.now())
    return Page(process=process, group=group, variant=variant, versions=versions, seen=seen)


def order(found: Page, operations: list[dict[str, Any]]) -> author.Order:
    """As a draft is handed in, with these operations."""
    variant, named = found.variant, known.customer_group(found.group) or found.group
    texts = {ZH: named, EN: named}
    return author.Order(
        process=found.process.key,
        name=variant.id.partition(":")[2] if variant else found.group.lower(),
        group=variant.customer_group if variant else found.group,
        context=variant.context if variant else (),
        priority=variant.priority if variant else 0,
        texts=variant.texts if variant else texts,
        reason=found.seen.version.reason if found.seen else texts,
        operations=operations,
    )


def name(found: Page) -> str:
    """Of the group, or of the variant."""
    if found.group in known.customer_groups():
        return known.customer_group(found.group)
    return language.said(found.variant.texts, found.group) if found.variant else found.group


def back(key: str, group: str) -> flask.typing.ResponseReturnValue:
    return flask.redirect(flask.url_for("variants.show", key=key, group=group), 303)


def _is_of(variant: variation.Variant, key: str, group: str) -> bool:
    """A group's plain variant goes by its group, every other one by its name."""
    if variant.customer_group == group and not variant.context:
        return True
    return variant.id == f"{key}:{group}"
