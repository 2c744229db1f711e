"""Signatures as `ssh-keygen -Y sign` makes them: read, and verified with `cryptography`, without SHA-1.

Source: OpenSSH, PROTOCOL.sshsig and PROTOCOL; RFC 4253 and RFC 5656 for keys and signatures, RFC 8332 for RSA.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Any

from changegate.errors import ConfigurationError
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAGIC = b"SSHSIG"
BEGIN, END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
LONGEST = 16 * 1024
SHORTEST_RSA_BITS = 2048
_HASHES = frozenset({"sha256", "sha512"})
_CURVES = {"nistp256": "SHA256", "nistp384": "SHA384", "nistp521": "SHA512"}
_RSA = {b"rsa-sha2-256": "SHA256", b"rsa-sha2-512": "SHA512"}


class SshSignature(NamedTuple):
    """What stands in a signature file; nothing of it is believed yet."""

    key: bytes
    """The public key, as SSH writes it."""
    namespace: str
    hash: str
    """`sha256` or `sha512`, of the message."""
    kind: bytes
    """Of the signature: `ssh-ed25519`, `rsa-sha2-512`, …"""
    blob: bytes


def read_signature(text: str) -> SshSignature | None:
    """Read an armored signature; None where it is none, or not one of version 1."""
    lines = text.strip().splitlines()
    if len(text) > LONGEST or len(lines) < 3 or (lines[0], lines[-1]) != (BEGIN, END):
        return None
    try:
        data = base64.b64decode("".join(lines[1:-1]), validate=True)
        if data[:6] != MAGIC or data[6:10] != b"\0\0\0\1":
            return None
        key, namespace, reserved, name, signature = _fields(data[10:], 5)
        kind, blob = _fields(signature, 2)
        if reserved:
            return None
        return SshSignature(key, namespace.decode("ascii"), name.decode("ascii"), kind, blob)
    except (ValueError, binascii.Error):
        return None


def key_of(line: str) -> bytes | None:
    """The key in a line of an authorized_keys file or of a `.pub` file, as SSH writes it; None where there is none."""
    words = line.split()
    try:
        return base64.b64decode(words[1], validate=True) if len(words) > 1 else None
    except (ValueError, binascii.Error):
        return None


def fault_of(signature: SshSignature, message: bytes, namespace: str, keys: Iterable[str]) -> str:
    """Say why a signature does not prove that the owner of a key signed a message; empty where it does.

    Args:
        signature: What was read.
        message: What was signed.
        namespace: What it has to be for: a signature of a commit or of a mail is none of an approval.
        keys: The owner's public keys, each a line as SSH writes them.

    Raises:
        ConfigurationError: `cryptography` is not installed.
    """
    if signature.namespace != namespace:
        return f"it is a signature for {signature.namespace[:40]!r}, not for {namespace!r}"
    if signature.key not in [key_of(line) for line in keys]:
        return "it is by another key than those of the person"
    if signature.hash not in _HASHES:
        return f"it is over a digest of {signature.hash[:40]!r}, which is not used"
    public = _public_key(signature.key)
    if isinstance(public, str):
        return public
    parts = (namespace.encode(), b"", signature.hash.encode(), hashlib.new(signature.hash, message).digest())
    signed = MAGIC + b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return _refused(public, signature, signed)


def _fields(data: bytes, count: int) -> list[bytes]:
    """Exactly so many texts, each after its length, and nothing behind them."""
    found = list(_texts(data))
    if len(found) != count:
        raise ValueError("other fields")
    return found


def _texts(data: bytes) -> Iterator[bytes]:
    while data:
        length = int.from_bytes(data[:4], "big")
        if len(data) < 4 + length:
            raise ValueError("cut")
        yield data[4 : 4 + length]
        data = data[4 + length :]


def _public_key(blob: bytes) -> Any:
    """The key as `cryptography` has it, or why it is not used."""
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
        from cryptography.hazmat.primitives.serialization import load_ssh_public_key
    except ImportError as error:
        message = "signed approvals need the package cryptography, which is not installed"
        raise ConfigurationError(message, hint="pip install 'changegate[signatures]'") from error
    try:
        key = load_ssh_public_key(next(_texts(blob), b"") + b" " + base64.b64encode(blob))
    except (ValueError, UnsupportedAlgorithm):
        return "its key is of a kind that is not used"
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < SHORTEST_RSA_BITS:
        return f"its RSA key has {key.key_size} bits, less than {SHORTEST_RSA_BITS}"
    if isinstance(key, (ed25519.Ed25519PublicKey, ec.EllipticCurvePublicKey, rsa.RSAPublicKey)):
        return key
    return "its key is of a kind that is not used"


def _refused(key: Any, signature: SshSignature, signed: bytes) -> str:
    """Say why a signature over some bytes does not hold; empty where it does."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    other = f"it is of the kind {signature.kind.decode('ascii', 'replace')[:40]!r}, which is not used with its key"
    try:
        if isinstance(key, ed25519.Ed25519PublicKey) and signature.kind == b"ssh-ed25519":
            key.verify(signature.blob, signed)
        elif isinstance(key, rsa.RSAPublicKey) and signature.kind in _RSA:
            key.verify(signature.blob, signed, padding.PKCS1v15(), getattr(hashes, _RSA[signature.kind])())
        elif isinstance(key, ec.EllipticCurvePublicKey) and (curve := _curve(signature.kind)) == _curve_of(key):
            one, two = (int.from_bytes(part, "big") for part in _fields(signature.blob, 2))
            key.verify(encode_dss_signature(one, two), signed, ec.ECDSA(getattr(hashes, _CURVES[curve])()))
        else:
            return other
    except (InvalidSignature, ValueError):
        return "it does not fit what was signed"
    return ""


def _curve(kind: bytes) -> str:
    name = kind.removeprefix(b"ecdsa-sha2-").decode("ascii", "replace")
    return name if name in _CURVES else "none"


def _curve_of(key: Any) -> str:
    return {"secp256r1": "nistp256", "secp384r1": "nistp384", "secp521r1": "nistp521"}.get(key.curve.name, "other")
