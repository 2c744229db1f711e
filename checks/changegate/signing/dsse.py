"""DSSE envelopes: a payload, its type, and signatures over both.

Source: secure-systems-lab/dsse, protocol.md and envelope.md, version 1.0.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any

from changegate.errors import ConfigurationError
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

IN_TOTO = "application/vnd.in-toto+json"
"""The payload type of an in-toto statement."""
_INSTALL = "pip install 'changegate[signatures]'"


class SignedPayload(NamedTuple):
    """What was signed, and how."""

    payload: bytes
    payload_type: str
    signatures: tuple[tuple[str, bytes], ...]
    """Key id, which is only a hint, and signature."""


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """What a signature is over: `DSSEv1`, and both parts with their lengths."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def sign_envelope(payload: bytes, payload_type: str, key: Any) -> bytes:
    """Sign a payload.

    Args:
        payload: What is signed.
        payload_type: What it is.
        key: A private key, as `load_private_key` gives it.

    Returns:
        The envelope as JSON, with one signature.
    """
    signature = _sign(key, pre_authentication(payload_type, payload))
    return json.dumps({
        "payloadType": payload_type,
        "payload": base64.b64encode(payload).decode(),
        "signatures": [{"keyid": key_id(key.public_key()), "sig": base64.b64encode(signature).decode()}],
    }).encode()  # fmt: skip


def read_envelope(raw: Any) -> SignedPayload | None:
    """Read an envelope from parsed JSON; None where it is none."""
    try:
        signatures = tuple((str(one.get("keyid", "")), _decoded(one["sig"])) for one in raw["signatures"])
        return SignedPayload(_decoded(raw["payload"]), str(raw["payloadType"]), signatures)
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def is_signed_by(envelope: SignedPayload, keys: Iterable[Any]) -> bool:
    """Whether at least one of the signatures is by one of the public keys."""
    signed = pre_authentication(envelope.payload_type, envelope.payload)
    return any(_verifies(key, signature, signed) for key in keys for _, signature in envelope.signatures)


def load_private_key(path: Path) -> Any:
    """Read a private key: PEM, Ed25519 or ECDSA on P-256, without a password.

    Raises:
        ConfigurationError: It cannot be read, is of another kind, or `cryptography` is not installed.
    """
    return _load(path, private=True)


def load_public_key(path: Path) -> Any:
    """Read a public key: PEM, Ed25519 or ECDSA on P-256.

    Raises:
        ConfigurationError: It cannot be read, is of another kind, or `cryptography` is not installed.
    """
    return _load(path, private=False)


def key_id(public_key: Any) -> str:
    """A name for a public key: `sha256:<hex>` of its DER form."""
    import hashlib

    from cryptography.hazmat.primitives import serialization as form

    der = public_key.public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)
    return "sha256:" + hashlib.sha256(der).hexdigest()


def _load(path: Path, *, private: bool) -> Any:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    except ImportError as error:
        message = "signatures need the package cryptography, which is not installed"
        raise ConfigurationError(message, hint=_INSTALL) from error
    what = "private" if private else "public"
    wanted = (f"write one with `openssl genpkey -algorithm ed25519 -out key.pem`; the {what} key is a PEM file of "
              "Ed25519 or of ECDSA on P-256, without a password")  # fmt: skip
    try:
        text = path.read_bytes()
        key: Any = (
            serialization.load_pem_private_key(text, None) if private else serialization.load_pem_public_key(text)
        )
    except OSError as error:
        raise ConfigurationError(
            f"the {what} key cannot be read: {error.strerror}", hint=wanted, file=str(path)
        ) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigurationError(f"this is no {what} key that can be used", hint=wanted, file=str(path)) from None
    public = key.public_key() if private else key
    if isinstance(public, ed25519.Ed25519PublicKey):
        return key
    if isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name == "secp256r1":
        return key
    raise ConfigurationError(f"this {what} key is of a kind that is not used", hint=wanted, file=str(path))


def _sign(key: Any, data: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(data)
    signed: bytes = key.sign(data, ec.ECDSA(hashes.SHA256()))
    return signed


def _verifies(key: Any, signature: bytes, data: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, data)
        else:
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _decoded(text: str) -> bytes:
    """Standard or URL-safe base64, with or without padding."""
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("no base64") from error
