"""The address of an OPA server: what is accepted, and how it is shown."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from changegate.errors import UsageError
from changegate.records import NamedTuple

_HINT = "write it like https://opa.example.com:8181"
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\.?")
_PORTS = {"http": 80, "https": 443}


class Address(NamedTuple):
    """Where a server listens."""

    secure: bool
    """Whether it speaks TLS."""
    host: str
    """A name, an IPv4 address, or an IPv6 address in brackets."""
    port: int

    def __str__(self) -> str:
        """Show it, without anything secret: there is nothing secret in it."""
        return f"{'https' if self.secure else 'http'}://{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether what is sent there stays on this machine."""
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return self.host.lower().rstrip(".") == "localhost"


def address_of(url: str) -> Address:
    """Read `--opa-url`.

    Raises:
        UsageError: It is no address of a server, or holds more than one. What stands before an `@` is never repeated.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UsageError("the address of the OPA server cannot be read", hint=_HINT) from None
    if parts.scheme not in _PORTS:
        raise UsageError("the address of the OPA server begins with neither http:// nor https://", hint=_HINT)
    if "@" in parts.netloc:
        hint = "leave the name and the password out, and set CHANGEGATE_OPA_TOKEN to a token instead"
        raise UsageError("the address of the OPA server holds a password", hint=hint)
    if parts.path not in {"", "/"} or parts.query or parts.fragment or url.endswith(("?", "#")):
        hint = f"{_HINT}: OPA answers below /v1 of its host; a path in front of that is not supported"
        raise UsageError("the address of the OPA server has a path, a query or a fragment", hint=hint)
    return Address(parts.scheme == "https", _host(parts.hostname or ""), _PORTS[parts.scheme] if port is None else port)


def _host(name: str) -> str:
    if ":" in name:
        try:
            return f"[{ipaddress.IPv6Address(name)}]"
        except ValueError:
            name = ""
    if not _HOST.fullmatch(name):
        raise UsageError("the address of the OPA server names no host", hint=_HINT)
    return name
