"""What a job hands to a handler, taken with the type it must have; a wrong value names the parameter."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeGuard, TypeVar

from engine import deals, errors, marketing
from engine.ports import JobCall, Transaction
from engine.schedule import iso
from engine.trade import ListVersion

_DECIMAL = re.compile(r"-?[0-9]{1,34}\.[0-9]{1,34}")

T = TypeVar("T")


def text(call: JobCall, name: str, default: str | None = None) -> str:
    """Raises Invalid when it is no text, or is absent or empty and has no default."""
    value = call.input.get(name)
    if value in (None, "") and default is not None:
        return default
    if not isinstance(value, str) or not value:
        raise wrong(call, name, zh="文字", en="a text")
    return value


def number(call: JobCall, name: str, default: float | None = None) -> float:
    """A decimal that an expression computed comes as its digits."""
    value = call.input.get(name)
    if value is None and default is not None:
        return default
    found = numeric(value)
    if found is None:
        raise wrong(call, name, zh="数字", en="a number")
    return found


def numeric(value: Any) -> float | None:
    """None for what is no number."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return float(value)
    return value if is_number(value) else None


def is_number(value: Any) -> TypeGuard[float]:
    """What comes as JSON: true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def choice(call: JobCall, name: str, values: Sequence[T]) -> T:
    """One of these texts."""
    found = call.input.get(name)
    for value in values:
        if value == found:
            return value
    told = [str(value) for value in values]
    raise wrong(call, name, zh=f"以下之一：{'、'.join(told)}", en=f"one of {', '.join(told)}")


def items(call: JobCall, name: str) -> list[Any]:
    """An absent list is an empty one."""
    value = call.input.get(name)
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise wrong(call, name, zh="列表", en="a list")
    return list(value)


def rows(call: JobCall, name: str) -> list[dict[str, Any]]:
    found = items(call, name)
    if not all(isinstance(item, Mapping) for item in found):
        raise wrong(call, name, zh="表格", en="a list of rows")
    return [dict(item) for item in found]


def pieces(call: JobCall, name: str) -> Counter[str]:
    """Rows of ``sku`` and ``qty``, a whole number from 1 on: how many of each sku."""
    counted: Counter[str] = Counter()
    for row in rows(call, name):
        sku, qty = row.get("sku"), row.get("qty")
        if not isinstance(sku, str) or not sku:
            raise wrong(call, name, zh="带货号（sku）的明细行", en="lines with a sku")
        if not is_number(qty) or qty != int(qty) or qty < 1:
            raise wrong(call, name, zh="带整数数量（qty）的明细行", en="lines with a whole number as qty")
        counted[sku] += int(qty)
    return counted


def span(call: JobCall, name: str, default: timedelta) -> timedelta:
    """An ISO 8601 duration of days and hours."""
    value = call.input.get(name)
    if value is None:
        return default
    try:
        step = iso.duration(value if isinstance(value, str) else "")
    except errors.Invalid:
        step = None
    if step is None or step.months:
        raise wrong(call, name, zh="时长（天、小时）", en="a duration of days and hours")
    return timedelta(days=step.days) + step.rest


def moment(call: JobCall, name: str, default: datetime) -> datetime:
    """An ISO 8601 moment; absent or empty it is ``default``."""
    value = call.input.get(name)
    if value in (None, ""):
        return default
    try:
        return iso.moment(value if isinstance(value, str) else "")
    except errors.Invalid:
        raise wrong(call, name, zh="时间点", en="a moment") from None


def campaign(tx: Transaction, call: JobCall) -> marketing.Campaign:
    """The one that ``campaign`` names. Raises NotFound."""
    named = text(call, "campaign")
    known = tx.campaigns.get(named)
    if known is None:
        raise errors.NotFound(
            "campaign_unknown", zh=f"没有活动 {named}", en=f"there is no campaign {named!r}", campaign=named
        )
    return known


def order(tx: Transaction, number: str) -> deals.Order:
    """Raises NotFound."""
    known = tx.orders.get(number)
    if known is None:
        raise errors.NotFound(
            "order_unknown", zh=f"找不到订单 {number}", en=f"there is no order {number!r}", order=number
        )
    return known


def target_list(tx: Transaction, call: JobCall) -> ListVersion:
    """The frozen one that ``list`` names. Raises NotFound."""
    named = text(call, "list")
    known = tx.ledger.list_version(named)
    if known is None:
        raise errors.NotFound("list_unknown", zh=f"没有名单 {named}", en=f"there is no list {named!r}", list=named)
    return known


def wrong(call: JobCall, name: str, *, zh: str, en: str) -> errors.Invalid:
    return errors.Invalid(
        "parameter_wrong",
        zh=f"{call.handler} 的参数 {name} 应为{zh}，得到 {call.input.get(name)!r}",
        en=f"{call.handler} expected {en} as {name!r}, got {call.input.get(name)!r}",
        handler=call.handler,
        parameter=name,
    )
