"""Which network addresses may be connected to."""

import ipaddress
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import TypeAlias

IPAddress: TypeAlias = IPv4Address | IPv6Address

# `is_global` differs between releases of Python (3.11.7 holds 5f00::/16 to be global), so that it is
# asked only within the one block that is given out as global unicast, and the translation prefix.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_NEVER_GLOBAL = tuple(
    ipaddress.ip_network(block)
    for block in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "3fff::/20")
)
_ISATAP = (0x00005EFE, 0x02005EFE)
_LOW_32 = 0xFFFF_FFFF


class AddressRule:
    """Allows addresses that are global, and those in the networks that the user named."""

    def __init__(self, allow_networks: Sequence[str] = ()) -> None:
        self._allowed = tuple(ipaddress.ip_network(network) for network in allow_networks)

    def allows(self, address: IPAddress) -> bool:
        """Say whether `address`, and every IPv4 address that it leads to, may be connected to."""
        if isinstance(address, IPv6Address) and address.scope_id:
            return False
        return all(self._allows(each) for each in (address, *_embedded(address)))

    def _allows(self, address: IPAddress) -> bool:
        named = any(address in network for network in self._allowed)
        return (named or _is_global(address)) and not address.is_multicast


def parse_address(text: str) -> IPAddress | None:
    """Return the address that `text` spells, ::ffff:a.b.c.d as the IPv4 address that it stands for.

    Only the usual spelling counts: None for names, and for forms such as 127.1, 0x7f.1 or 2130706433.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped and not address.scope_id:
        return address.ipv4_mapped
    return address


def _is_global(address: IPAddress) -> bool:
    if any(address in block for block in _NEVER_GLOBAL):
        return False
    if isinstance(address, IPv4Address):
        return address.is_global
    return address in _NAT64 or (address in _GLOBAL_UNICAST and address.is_global)


def _embedded(address: IPAddress) -> Iterator[IPv4Address]:
    """Yield the IPv4 addresses that a tunnel or translator would send to for an IPv6 address."""
    if isinstance(address, IPv4Address):
        return
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if address in _NAT64 or (int(address) >> 32) & _LOW_32 in _ISATAP:
        yield IPv4Address(int(address) & _LOW_32)
