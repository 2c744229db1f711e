"""The files of TLS, looked at before anything is sent: what is wrong is said, and nobody is asked for a passphrase."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from changegate.errors import UsageError

if TYPE_CHECKING:
    from changegate.rego.engines import EngineOptions


def certificate_of(options: EngineOptions) -> tuple[str, str] | str | None:
    """Look at the files of TLS.

    Returns:
        The client's certificate as `requests` takes it: a file with both, or a certificate and its key.

    Raises:
        UsageError: A file is not there, or not what it should be; or a key has no certificate.
    """
    for name in ("ca", "cert", "key"):
        path = getattr(options, f"opa_{name}")
        if path and not Path(path).is_file():
            raise UsageError(f"--opa-{name}: there is no file {path}", hint="give a file in PEM format")
    if options.opa_key and not options.opa_cert:
        raise UsageError("--opa-key is the key of a certificate, and none is given", hint="give --opa-cert, too")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if options.opa_ca:
            context.load_verify_locations(options.opa_ca)
    except (ssl.SSLError, OSError):
        raise UsageError(f"--opa-ca: {options.opa_ca} holds no certificate", hint=_PEM) from None
    try:
        if options.opa_cert:
            context.load_cert_chain(options.opa_cert, options.opa_key or None, password=_no_passphrase)
    except (ssl.SSLError, OSError, ValueError):
        message = "--opa-cert and --opa-key hold no certificate with its key"
        raise UsageError(message, hint=f"{_PEM}; the key belongs to the certificate, and has no passphrase") from None
    if options.opa_key:
        return options.opa_cert, options.opa_key
    return options.opa_cert or None


_PEM = "give a file in PEM format: it begins with -----BEGIN"


def _no_passphrase() -> bytes:
    """Answer something rather than ask a person, who is not there."""
    return b"-"
