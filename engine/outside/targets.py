"""Where a call may go: addresses of URLs, and the list of inner places that an administrator has opened. Pure."""

import ipaddress
import re
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from engine import errors
from engine.outside import addresses

LONGEST_URL = 2000
WIDEST = {4: 8, 6: 16}
"""By IP version: how many bits of a network an entry names at least. Nobody opens the whole world by a slip."""
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?")
WEB_PORTS = (80, 443)


class Target(NamedTuple):
    """``host`` in small letters, in ASCII; an IPv6 address without brackets."""

    secure: bool
    host: str
    port: int
    path: str
    """With the query; begins with ``/``."""

    @property
    def origin(self) -> tuple[bool, str, int]:
        return self.secure, self.host, self.port

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


class Opening(msgspec.Struct, frozen=True):
    """A place that may be called although it is not on the open internet, or without encryption."""

    host: str = ""
    """A name; it may resolve to whatever it likes."""
    network: addresses.Network | None = None
    port: int = 0
    """0: any."""

    def covers(self, host: str, address: addresses.Address, port: int) -> bool:
        if self.port not in (0, port):
            return False
        if self.host:
            return self.host == host
        return self.network is not None and addresses.within(address, (self.network,))


def read(url: str) -> Target:
    """Raises errors.Invalid for what is no address of http or https, or says more than an address."""
    if len(url) > LONGEST_URL or re.search(r"[\x00-\x20\x7f-\x9f\\]", url):
        raise _bad_url(url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _bad_url(url) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or "%" in parts.netloc:
        raise _bad_url(url)
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, _host(parts.hostname, url), port or (443 if secure else 80), _ascii(path, url))


def _host(host: str, url: str) -> str:
    if ":" in host:
        try:
            return ipaddress.IPv6Address(host).compressed
        except ValueError:
            raise _bad_url(url) from None
    return name(host) or _raise(_bad_url(url))


def name(host: str) -> str:
    """A host's name in small ASCII letters without the last dot; empty for what is none."""
    try:
        plain = host.lower() if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return ""
    return plain.rstrip(".") if len(plain) <= 253 and _NAME.fullmatch(plain) else ""


def _ascii(path: str, url: str) -> str:
    if not path.isascii():
        raise _bad_url(url)
    return path


def _raise(error: errors.CrmflowError) -> str:
    raise error


def opening(text: str) -> Opening:
    """``erp.internal``, ``erp.internal:8443``, ``10.1.0.0/16``, ``127.0.0.1:8025``, ``[fd00::1]:25``.

    Raises errors.Invalid for anything else, and for networks wider than an organisation's.
    """
    wanted = text.strip()
    where, port = _port(wanted)
    bracketed = re.fullmatch(r"\[([0-9a-fA-F:.]+)\]", where)
    try:
        network = ipaddress.ip_network(bracketed[1] if bracketed else where, strict=False)
    except ValueError:
        host = name(where)
        if not host or re.fullmatch(r"[0-9.]+", host):
            raise _bad_opening(text) from None
        return Opening(host=host, port=port)
    if network.prefixlen < WIDEST[network.version]:
        raise _bad_opening(text)
    return Opening(network=network, port=port)


def _port(text: str) -> tuple[str, int]:
    found = re.fullmatch(r"(\[[^\]]*\]|[^:]*):(\d{1,5})", text)
    if not found:
        return text, 0
    if not 0 < int(found[2]) < 65536:
        raise _bad_opening(text)
    return found[1], int(found[2])


def refusal(
    host: str,
    address: addresses.Address,
    port: int,
    *,
    secure: bool,
    open_to: Collection[Opening],
    ports: Collection[int] = WEB_PORTS,
) -> errors.Forbidden | None:
    """Why this address of ``host`` may not be called; None when it may.

    ``ports`` are those below 1024 of the protocol that will be spoken: others belong to other protocols.
    """
    if any(one.covers(host, address, port) for one in open_to):
        return None
    if not addresses.public(address):
        return _refused(
            host,
            port,
            zh=f"其地址 {address} 属于内部网络",
            en=f"its address {address} belongs to an inner network",
        )
    if not secure:
        return _refused(host, port, zh="连接没有加密", en="the connection would not be encrypted")
    if port < 1024 and port not in ports:
        return _refused(host, port, zh=f"端口 {port} 属于其他协议", en=f"port {port} belongs to another protocol")
    return None


def _refused(host: str, port: int, *, zh: str, en: str) -> errors.Forbidden:
    return errors.Forbidden(
        "target_refused",
        zh=f"不允许访问 {host}:{port}：{zh}。管理员可以把它加入可访问目标。",
        en=f"{host}:{port} may not be called: {en}. An administrator can open it.",
        host=host,
        port=port,
    )


def _bad_url(url: str) -> errors.Invalid:
    shown = url[:200]
    return errors.Invalid(
        "url_invalid",
        zh=f"“{shown}”不是有效的 http 或 https 地址（不得含空格、用户名或反斜杠，最长 {LONGEST_URL} 个字符）。",
        en=f"{shown!r} is no address of http or https "
        f"(no spaces, user names or backslashes, at most {LONGEST_URL} characters).",
    )


def _bad_opening(text: str) -> errors.Invalid:
    shown = text[:200]
    return errors.Invalid(
        "opening_invalid",
        zh=f"“{shown}”应为主机名、IP 地址或网段，可带端口，例如 erp.internal:8443、10.1.0.0/16。网段不得过宽。",
        en=f"{shown!r} should be a host, an IP address or a network, with a port if you like: erp.internal:8443, "
        "10.1.0.0/16. A network may not be too wide.",
    )
