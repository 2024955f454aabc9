"""Which addresses may be called: the open internet, in whatever clothes an address comes."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.outside import addresses

CLOSED = """

"""
OPEN = """

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
