"""Public keys as PEM: read, found too weak, and asked whether a signature is theirs. `cryptography` does the counting.

Each kind of key signs in one way: ECDSA with the digest that belongs to its curve, as model signing and cosign do it,
Ed25519, and RSA with PKCS #1 v1.5 over SHA-256. Anything else is an algorithm that nobody asked for.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

SHORTEST_RSA_BITS = 2048
CURVES = {"secp256r1": "SHA256", "secp384r1": "SHA384", "secp521r1": "SHA512"}
"""The curves that are used, and the digest that belongs to each."""


def load_pem_key(text: str) -> Any:
    """Read a public key.

    Returns:
        The key as `cryptography` has it, or why it cannot be used, as a text.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        return "it is no public key in PEM that can be read"
    return key_fault(key) or key


def public_key_fault(text: str) -> str:
    """Say why a PEM text is no key that can be used; empty where it is one."""
    key = load_pem_key(text)
    return key if isinstance(key, str) else ""


def key_fault(key: Any) -> str:
    """Say why a public key is too weak or of a kind that is not used; empty where it can be."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(key, rsa.RSAPublicKey):
        short = f"its RSA key has {key.key_size} bits, less than {SHORTEST_RSA_BITS}"
        return short if key.key_size < SHORTEST_RSA_BITS else ""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "" if key.curve.name in CURVES else f"its key is on the curve {key.curve.name}, which is not used"
    return "" if isinstance(key, ed25519.Ed25519PublicKey) else "its key is of a kind that is not used"


def is_by(key: Any, signature: bytes, signed: bytes) -> bool:
    """Whether a signature over some bytes is by a key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding

    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, signed)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(getattr(hashes, CURVES[key.curve.name])()))
        else:
            key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def is_by_with_another_digest(key: Any, signature: bytes, signed: bytes) -> str:
    """The digest that a key on a curve signed with, where it is not the curve's own; empty where it signed with none.

    Such a signature does not count. That it is one is worth saying: somebody chose another algorithm.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    if not isinstance(key, ec.EllipticCurvePublicKey):
        return ""
    for name in ("SHA1", "SHA224", "SHA256", "SHA384", "SHA512"):
        try:
            key.verify(signature, signed, ec.ECDSA(getattr(hashes, name)()))
        except (InvalidSignature, ValueError):
            continue
        return name if name != CURVES.get(key.curve.name) else ""
    return ""


def hints_of(key: Any) -> frozenset[str]:
    """How tools hint at a key: model signing by its PEM, cosign and changegate by its DER. A hint proves nothing."""
    from cryptography.hazmat.primitives import serialization as form

    info = form.PublicFormat.SubjectPublicKeyInfo
    pem, der = (hashlib.sha256(key.public_bytes(one, info)) for one in (form.Encoding.PEM, form.Encoding.DER))
    based = base64.b64encode(der.digest()).decode()
    return frozenset(
        {pem.hexdigest(), der.hexdigest(), f"sha256:{der.hexdigest()}", f"SHA256:{der.hexdigest()}", based}
    )
