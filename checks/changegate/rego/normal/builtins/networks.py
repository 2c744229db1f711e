"""Addresses of networks, as Go reads them."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from changegate.rego.normal.builtins.registry import BuiltinFault, UnsureFault, builtin, text
from changegate.rego.normal.values import Obj, boolean, in_order

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_MAPPED = re.compile(r"(?i)::ffff:")
_MOST = 1 << 16


def _network(value: Any, at: int = 1) -> Network:
    given = text(value, at)
    if _MAPPED.search(given):
        raise UnsureFault("an address of the fourth version is written as one of the sixth")
    if not re.fullmatch(r"[0-9A-Fa-f:.]+/[0-9]{1,3}", given):
        raise BuiltinFault(f"invalid CIDR address: {given[:60]}")
    address, _, size = given.partition("/")
    try:
        return ipaddress.ip_network(f"{address}/{int(size)}", strict=False)
    except ValueError:
        raise BuiltinFault(f"invalid CIDR address: {given[:60]}") from None


def _address(value: str) -> Network | None:
    if _MAPPED.search(value):
        raise UnsureFault("an address of the fourth version is written as one of the sixth")
    try:
        return ipaddress.ip_network(value) if re.fullmatch(r"[0-9A-Fa-f:.]+", value) else None
    except ValueError:
        return None


def _contains(whole: Network, part: Network) -> bool:
    return whole.version == part.version and part.subnet_of(whole)  # type: ignore[arg-type]


@builtin("net.cidr_contains", 2)
def contains(whole: Any, part: Any) -> Any:
    """Whether a network holds another, or an address."""
    ours = _network(whole)
    given = text(part, 2)
    theirs = _address(given)
    return boolean(_contains(ours, theirs if theirs is not None else _network(given, 2)))


@builtin("net.cidr_intersects", 2)
def intersects(one: Any, other: Any) -> Any:
    """Whether two networks overlap."""
    ours, theirs = _network(one), _network(other, 2)
    return boolean(ours.version == theirs.version and ours.overlaps(theirs))


@builtin("net.cidr_is_valid", 1)
def is_valid(value: Any) -> Any:
    """Whether a text is a network."""
    if type(value) is not str:
        return boolean(False)
    try:
        _network(value)
    except UnsureFault:
        raise
    except BuiltinFault:
        return boolean(False)
    return boolean(True)


@builtin("net.cidr_expand", 1)
def expand(value: Any) -> Any:
    """Every address of a network."""
    network = _network(value)
    if network.num_addresses > _MOST:
        raise UnsureFault("the network has too many addresses")
    return frozenset(str(one) for one in network)


@builtin("net.cidr_contains_matches", 2)
def matches(wholes: Any, parts: Any) -> Any:
    """Which networks hold which."""
    found = set()
    for one, index in _named(wholes, 1):
        for other, place in _named(parts, 2):
            if contains(one, other):
                found.add((index, place))
    return frozenset(found)


def _named(value: Any, at: int) -> list[tuple[Any, Any]]:
    if type(value) is str:
        return [(value, value)]
    if type(value) is tuple:
        return [(_matched(one, at), number) for number, one in enumerate(value)]
    if type(value) is frozenset:
        return [(_matched(one, at), one) for one in in_order(value)]
    if type(value) is Obj:
        return [(_matched(value[key], at), key) for key in value.in_order()]
    return []


def _matched(value: Any, at: int) -> Any:
    if type(value) is str:
        return value
    if type(value) is tuple and value:
        return value[0]
    raise BuiltinFault(f"operand {at}: element must be string or non-empty array")
