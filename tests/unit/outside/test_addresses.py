"""Which addresses may be called: the open internet, in whatever clothes an address comes."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.outside import addresses

CLOSED = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 127.0.0.1 127.255.0.1 168.63.129.16
169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.7
203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1
2001::1 2001:db8::1 2002:7f00:1:: 2002:808:808::1 3fff::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1
"""
OPEN = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 169.253.255.255
172.15.255.255 172.32.0.1 192.167.255.255 192.169.0.1 198.17.255.255 198.20.0.1 223.255.255.254
::ffff:8.8.8.8 64:ff9b::808:808 2400:3200::1 2606:4700::1111 2a00:1450:4001::1
"""


@pytest.mark.parametrize("text", CLOSED.split())
def test_inner_reserved_and_disguised_addresses_are_closed(text: str) -> None:
    assert not addresses.public(addresses.parse(text))


@pytest.mark.parametrize("text", OPEN.split())
def test_addresses_of_the_internet_are_open(text: str) -> None:
    assert addresses.public(addresses.parse(text))


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_the_same_in_ipv6_clothes(number: int) -> None:
    plain = ipaddress.IPv4Address(number)
    for clothes in (f"::ffff:{plain}", str(ipaddress.IPv6Address((0x64FF9B << 96) | number))):
        assert addresses.parse(clothes) == plain
    assert addresses.public(plain) <= plain.is_global, "what Python calls inner is never open"


@given(st.ip_addresses(v=6))
def test_nothing_is_open_that_python_calls_inner(address: ipaddress.IPv6Address) -> None:
    found = addresses.parse(str(address))
    if addresses.public(found):
        assert found.is_global and not found.is_multicast


@pytest.mark.parametrize("text", ["", "localhost", "1.2.3", "1.2.3.4.5", "::g", "127.0.0.1/8", "0x7f000001"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        addresses.parse(text)


def test_an_address_lies_within_networks_of_its_own_kind_only() -> None:
    networks = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/16")]
    assert addresses.within(addresses.parse("10.1.1.1"), networks)
    assert addresses.within(addresses.parse("fd00::5"), networks)
    assert addresses.within(addresses.parse("::ffff:10.1.1.1"), networks)
    assert not addresses.within(addresses.parse("11.1.1.1"), networks)
    assert not addresses.within(addresses.parse("fd01::5"), networks)
