"""Addresses that a token may be sent to: HTTPS, or this machine itself."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urljoin, urlsplit

from changegate.errors import UsageError

_PORTS = {"https": 443, "http": 80}


def api_address(text: str, named: str) -> str:
    """Check the address of an API, and write it without a slash at its end.

    Args:
        text: As an option or the environment has it.
        named: What it is called there, for the sentence that says what is wrong.

    Raises:
        UsageError: It is none, holds more than an address, or is of plain HTTP and not of this machine.
    """
    hint = f"write {named} like https://api.github.com or https://gitlab.example.com/api/v4"
    parts = _split(text)
    if parts is None or parts.scheme not in _PORTS or not parts.hostname:
        raise UsageError(f"{named} is no address of an API", hint=hint)
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise UsageError(f"{named} holds more than an address", hint=f"{hint}; a token goes into the environment")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise UsageError(f"{named} is not encrypted: a token would be read on its way", hint="use https")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name or number."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def same_host(address: str, other: str) -> str:
    """Make an address that a host names whole, where it is of the same host; else give nothing.

    Args:
        address: What was asked.
        other: What the answer names, as a redirect or the next page; may be relative.
    """
    whole = urljoin(address, other)
    one, two = _split(address), _split(whole)
    return whole if one is not None and two is not None and _origin(one) == _origin(two) else ""


def _split(text: str) -> SplitResult | None:
    if not text.isascii() or any(not 0x20 < ord(char) < 0x7F for char in text):
        return None
    try:
        parts = urlsplit(text)
        _origin(parts)
    except ValueError:
        return None
    return parts


def _origin(parts: SplitResult) -> tuple[str, str, int, str]:
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0), parts.username or ""
