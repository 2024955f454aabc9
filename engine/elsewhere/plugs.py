"""Which ports are kept elsewhere: adapters of installed packages (entry points ``crmflow.ports``), and over REST those
that the settings name (``CRMFLOW_ELSEWHERE``)."""

import functools
from collections.abc import Callable, Mapping
from importlib import metadata
from typing import Any

from engine import errors
from engine.elsewhere import adapters
from engine.elsewhere.books import Place
from engine.outside import targets
from engine.ports import Transaction
from engine.settings import Settings
from engine.trust import credentials, openings, vault

GROUP = "crmflow.ports"
PORTS = frozenset({
    "agreements", "contracts", "diary", "forecasts", "opportunities", "orders", "quotes", "registrations", "surveys",
    "territories", "visits",
})  # fmt: skip
"""Those that may be kept elsewhere; why the others stay is told in ``docs/another-crm.md``."""
Plug = Callable[[Transaction], Any]


def of(settings: Settings) -> dict[str, Plug]:
    """By port. Raises errors.Invalid that names the setting or the package."""
    found: dict[str, Plug] = {}
    for point in metadata.entry_points(group=GROUP):
        if point.name not in PORTS:
            raise _wrong(
                zh=f"{point.value}：端口“{point.name}”不能由别的系统保存",
                en=f"{point.value}: the port {point.name!r} cannot be kept elsewhere",
            )
        found[point.name] = functools.partial(_installed, point)
    for port, url in _named(settings.elsewhere).items():
        found[port] = functools.partial(_over_rest, settings, port, url)
    return found


def _installed(point: metadata.EntryPoint, tx: Transaction) -> Any:
    """Imported when it is first wanted: ``adapter(transaction)``."""
    return point.load()(tx)


def _over_rest(settings: Settings, port: str, url: str, tx: Transaction) -> Any:
    place = Place(url=url, gate=openings.gate, headers=functools.partial(_headers, settings, url))
    return adapters.REST[port](tx, place)


def _headers(settings: Settings, url: str, tx: Transaction) -> dict[str, str]:
    if not settings.elsewhere_credential:
        return {}
    host = targets.read(url).host
    return credentials.opened(vault.of(settings), tx, name=settings.elsewhere_credential, host=host).headers()


def _named(text: str) -> Mapping[str, str]:
    """``orders=https://erp.example/orders, contracts=...``: port to address."""
    found: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        port, _, url = (one.strip() for one in part.partition("="))
        if port not in adapters.REST or port in found:
            known = sorted(adapters.REST)
            raise _wrong(
                zh=f"CRMFLOW_ELSEWHERE：“{port[:60]}”应为 {'、'.join(known)} 之一，各一次",
                en=f"CRMFLOW_ELSEWHERE: {port[:60]!r} should be one of {', '.join(known)}, each once",
            )
        try:
            targets.read(url)
        except errors.Invalid as error:
            raise _wrong(
                zh=f"CRMFLOW_ELSEWHERE：{port}：{error.text['zh-CN']}",
                en=f"CRMFLOW_ELSEWHERE: {port}: {error.text['en']}",
            ) from None
        found[port] = url.rstrip("/")
    return found


def _wrong(*, zh: str, en: str) -> errors.Invalid:
    return errors.Invalid("elsewhere_wrong", zh=zh, en=en)
