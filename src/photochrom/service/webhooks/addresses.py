"""Which addresses may be called: those that anybody can reach, and none inside the network."""

from __future__ import annotations

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address

# What Python's releases do not agree on, or cannot know: networks that are nobody's or ours.
_OURS: tuple[IPv4Network | IPv6Network, ...] = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
            *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
            *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
            "168.63.129.16/32",  # Tells virtual machines of one provider who they are.
            *("::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32"),
            *("3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
        ),
    )
)
_WITHIN = IPv6Network("64:ff9b::/96")
"""IPv4 addresses as networks without IPv4 write them."""


def parsed(text: str) -> Address | None:
    """An address from its text, with or without brackets and a zone; None if it is none."""
    plain = text.removeprefix("[").removesuffix("]").partition("%")[0]
    try:
        return ip_address(plain)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether an address is one that anybody can reach, and so are all those that it stands for."""
    if any(address in network for network in _OURS if network.version == address.version):
        return False
    # Releases do not agree on whether NAT64's network is reserved; what is inside of it counts.
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    within = isinstance(address, IPv6Address) and address in _WITHIN
    if not within and (address.is_private or address.is_multicast or address.is_reserved):
        return False
    return all(is_public(one) for one in _inside(address))


def _inside(address: Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address is a way of writing."""
    if isinstance(address, IPv4Address):
        return []
    found = [address.sixtofour, *(address.teredo or ())]
    if address in _WITHIN or int(address) >> 32 == 0:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]
