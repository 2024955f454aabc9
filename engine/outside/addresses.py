"""Which addresses of the internet may be called. Pure.

Sources: IANA's registries of special-purpose addresses (RFC 6890 and its heirs). ``ipaddress.is_global`` alone is not
enough: it calls 64:ff9b::7f00:1 and 2002:7f00:1:: global, and both lead to 127.0.0.1.
"""

import ipaddress
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_WORLD = ipaddress.IPv6Network("2000::/3")
"""All that is handed out for use on the internet; what is not in it is ours, a neighbour's or nobody's."""
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""NAT64 (RFC 6052): the last four bytes are the IPv4 address that is meant."""
_CLOSED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # a provider's own; clouds keep their metadata here, too
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's host agent: a public number that never leaves the machine
        "169.254.0.0/16",  # link-local: metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "2001::/23",  # protocol assignments: Teredo, ORCHID ...
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: another way to write an IPv4 address
        "3fff::/20",  # documentation
    )
)


def parse(text: str) -> Address:
    """Without a zone; an IPv4 address in IPv6 clothes becomes the IPv4 address. Raises ValueError."""
    address: Address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _TRANSLATED:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def public(address: Address) -> bool:
    """Whether it is somebody's on the internet, as opposed to this machine, its network, its cloud, or nobody's."""
    if any(address.version == network.version and address in network for network in _CLOSED):
        return False
    return address in _WORLD if isinstance(address, ipaddress.IPv6Address) else address.is_global


def within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
