"""Verifies the signature of an OPA bundle: who made it, and that every file in it is the one that was signed.

`.signatures.json` holds one JSON Web Token, whose payload lists every file with its digest. The algorithm is the one
that is configured or that the key is made for: what the token says of itself never chooses, it only has to agree.
Sources: OPA's `v1/bundle/verify.go`; RFC 7515 (JWS), RFC 7518 (algorithms), RFC 8725 (what goes wrong with them).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.own_policies.digest import ALGORITHMS, digest
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNATURES = ".signatures.json"
_CURVES = {"ES256": "secp256r1", "ES384": "secp384r1", "ES512": "secp521r1"}
_BY_CURVE = {curve: name for name, curve in _CURVES.items()}
_SECRETS = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
_RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
KNOWN = (*_CURVES, *_RSA, *_SECRETS)
"""The algorithms that can be configured. There is no `none`."""
SMALLEST_RSA = 2048
"""Bits."""
_BASE64 = re.compile(r"[A-Za-z0-9_-]+")
_HEXADECIMAL = re.compile(r"(?:[0-9a-fA-F]{2})+")
_SIGN = "sign it again: opa build --bundle DIR --signing-key KEY --signing-alg ALGORITHM"
_WHO = "the bundle is not what the holder of the key signed: ask where it comes from"


class Verification(NamedTuple):
    """The key that bundles have to be signed with. Made by `of_file` or `of_secret`, which check it."""

    key: Any
    """A public key of `cryptography`, or the bytes of a secret."""
    algorithm: str
    """One of `KNOWN`."""
    scope: str = ""
    """What the signature has to be for; the token's own must be equal, empty included."""
    key_id: str = ""
    """The name that a token has to give its key, where one is configured."""

    @classmethod
    def of_file(cls, data: bytes, file: str, *, algorithm: str = "", scope: str = "", key_id: str = "") -> Verification:
        """Take a public key or a certificate in PEM form.

        Args:
            data: What the file holds.
            file: What errors call it.
            algorithm: One of `KNOWN` that fits the key; by default ES256, ES384 or ES512 by the curve, RS256 for RSA.
            scope: See the field.
            key_id: See the field.

        Raises:
            PolicyError: It is no public key, is too weak, or the algorithm is for another kind of key.
        """
        key = _public_key(data, file)
        fitting = _fitting(key, file)
        chosen = algorithm or fitting[0]
        if chosen not in fitting:
            message = f"the algorithm {chosen} is not for this key"
            raise PolicyError(message, hint=f"one of: {', '.join(fitting)}", file=file)
        return cls(key, chosen, scope, key_id)

    @classmethod
    def of_secret(
        cls, secret: bytes, source: str, *, algorithm: str = "", scope: str = "", key_id: str = ""
    ) -> Verification:
        """Take a secret that signer and verifier share, from a file or the environment.

        Raises:
            PolicyError: It is shorter than RFC 7518 allows, is a key in PEM form, or the algorithm is none for secrets.
        """
        chosen = algorithm or "HS256"
        if chosen not in _SECRETS:
            hint = f"one of: {', '.join(_SECRETS)}; other algorithms need a public key"
            raise PolicyError(f"the algorithm {chosen} is not for a secret", hint=hint, file=source)
        if b"-----BEGIN" in secret:
            # NOTE: a public key is public: as a secret it would let everybody sign.
            raise PolicyError("this is a key, not a secret", hint="give it as the public key", file=source)
        wanted = int(chosen[2:]) // 8
        if len(secret) < wanted:
            message = f"the secret has {len(secret)} bytes, and {chosen} needs {wanted}"
            raise PolicyError(message, hint="make a longer one: openssl rand -hex 64", file=source)
        return cls(secret, chosen, scope, key_id)


def _public_key(data: bytes, file: str) -> Any:
    crypto = _cryptography(file)
    hint = "give the public key or a certificate, in PEM form"
    if b"PRIVATE KEY-----" in data:
        raise PolicyError("this is a private key, which only the signer may have", hint=hint, file=file)
    try:
        if b"-----BEGIN CERTIFICATE-----" in data:
            return crypto["x509"].load_pem_x509_certificate(data).public_key()
        return crypto["serialization"].load_pem_public_key(data)
    except (ValueError, TypeError, crypto["unsupported"]):
        raise PolicyError("this is no public key", hint=hint, file=file) from None


def _cryptography(file: str) -> dict[str, Any]:
    try:
        from cryptography import x509
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
    except ImportError:
        hint = "pip install 'changegate[signatures]'"
        message = "signatures cannot be verified: the package cryptography is not installed"
        raise PolicyError(message, hint=hint, file=file) from None
    return {
        **{"x509": x509, "hashes": hashes, "serialization": serialization, "ec": ec, "padding": padding},
        **{"rsa": rsa, "utils": utils, "invalid": InvalidSignature, "unsupported": UnsupportedAlgorithm},
    }


def _fitting(key: Any, file: str) -> tuple[str, ...]:
    """The algorithms that a key can be for."""
    crypto = _cryptography(file)
    if isinstance(key, crypto["ec"].EllipticCurvePublicKey) and key.curve.name in _BY_CURVE:
        return (_BY_CURVE[key.curve.name],)
    if isinstance(key, crypto["rsa"].RSAPublicKey):
        if key.key_size < SMALLEST_RSA:
            message = f"the key has {key.key_size} bits, which can be broken"
            raise PolicyError(message, hint=f"use at least {SMALLEST_RSA}", file=file)
        return _RSA
    hint = "use P-256, P-384, P-521 or RSA: OPA signs bundles with these"
    raise PolicyError("the key is of a kind that bundles are not signed with", hint=hint, file=file)


class _Jwt(NamedTuple):
    header: dict[str, Any]
    payload: dict[str, Any]
    signed: bytes
    signature: bytes


def verify(files: Mapping[str, bytes], name: str, verification: Verification) -> str:
    """Verify a bundle's signature and every file's digest.

    Args:
        files: Path -> content, of every file in the bundle.
        name: What errors call the bundle.
        verification: The key.

    Returns:
        What was verified, in a sentence.

    Raises:
        PolicyError: The bundle is not signed, not with this key, for another scope, or a file in it is not listed, is
            listed and missing, or is another one.
    """
    if SIGNATURES not in files:
        message = "the bundle is not signed, and a key is configured"
        raise PolicyError(message, hint=_SIGN, file=name)
    token = _token(_jwt(files[SIGNATURES], name), name)
    _check_header(token.header, name, verification)
    if not _holds(token, name, verification):
        raise _refused(name, "the signature does not hold with this key", _WHO)
    _check_claims(token, name, verification)
    _check_files(_listed(token.payload, name), files, name)
    return f"{name} is signed with the configured key ({verification.algorithm})"


def _refused(name: str, message: str, hint: str = _SIGN, path: str = SIGNATURES) -> PolicyError:
    return PolicyError(message, hint=hint, file=f"{name}/{path}")


def _object(content: bytes, name: str, what: str) -> dict[str, Any]:
    """Read a JSON object strictly: a key that is there twice could be read as either."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in items}) != len(items):
            raise ValueError
        return dict(items)

    try:
        value = json.loads(content.decode("utf-8"), object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        raise _refused(name, f"{what} is not valid JSON, or has a key twice") from None
    if not isinstance(value, dict):
        raise _refused(name, f"{what} is no object")
    return value


def _jwt(content: bytes, name: str) -> str:
    raw = _object(content, name, "the file")
    tokens = raw.get("signatures")
    if not isinstance(tokens, list) or len(tokens) != 1 or not isinstance(tokens[0], str):
        raise _refused(name, "`signatures` has to hold exactly one token")
    if raw.get("plugin", "") not in ("", "_default"):
        raise _refused(name, "the signature is for a plugin, which changegate has not")
    token: str = tokens[0]
    return token


def _token(text: str, name: str) -> _Jwt:
    parts = text.split(".")
    if len(parts) != 3:
        raise _refused(name, "the token has not three parts")
    header, payload, signature = (_decoded(part, name) for part in parts)
    head, body = _object(header, name, "the token's header"), _object(payload, name, "the token's payload")
    return _Jwt(head, body, f"{parts[0]}.{parts[1]}".encode(), signature)


def _decoded(part: str, name: str) -> bytes:
    """Decode base64url without padding, in the one way that it can be written."""
    try:
        if _BASE64.fullmatch(part):
            decoded = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
            if base64.urlsafe_b64encode(decoded).rstrip(b"=").decode() == part:
                return decoded
    except binascii.Error:
        pass
    raise _refused(name, "a part of the token is not base64url")


def _check_header(header: Mapping[str, Any], name: str, verification: Verification) -> None:
    if header.get("alg") != verification.algorithm:
        said = str(header.get("alg"))[:20]
        message = f"the token is for the algorithm {said!r}, and {verification.algorithm} is configured"
        raise _refused(name, message, "configure the algorithm that it is really signed with")
    if "crit" in header:
        raise _refused(name, "the token has extensions that must be understood, and are not")


def _holds(token: _Jwt, name: str, verification: Verification) -> bool:
    key, algorithm = verification.key, verification.algorithm
    if algorithm in _SECRETS:
        return hmac.compare_digest(hmac.digest(key, token.signed, _SECRETS[algorithm]), token.signature)
    crypto = _cryptography(name)
    hashing = getattr(crypto["hashes"], f"SHA{algorithm[2:]}")()
    try:
        if algorithm in _CURVES:
            size = (key.curve.key_size + 7) // 8
            if len(token.signature) != 2 * size:
                return False
            halves = (int.from_bytes(half, "big") for half in (token.signature[:size], token.signature[size:]))
            key.verify(crypto["utils"].encode_dss_signature(*halves), token.signed, crypto["ec"].ECDSA(hashing))
        else:
            key.verify(token.signature, token.signed, _padding(crypto, algorithm, hashing), hashing)
    except crypto["invalid"]:
        return False
    return True


def _padding(crypto: Mapping[str, Any], algorithm: str, hashing: Any) -> Any:
    padding = crypto["padding"]
    if algorithm.startswith("RS"):
        return padding.PKCS1v15()
    return padding.PSS(padding.MGF1(hashing), padding.PSS.DIGEST_LENGTH)  # RFC 7518, 3.5


def _check_claims(token: _Jwt, name: str, verification: Verification) -> None:
    scope = token.payload.get("scope", "")
    if scope != verification.scope:
        message = f"the signature is for the scope {str(scope)[:80]!r}, and {verification.scope!r} is configured"
        raise _refused(name, message, "configure the scope that it is signed for, or sign it for this one")
    said = token.header.get("kid") or token.payload.get("keyid") or ""
    if verification.key_id and said != verification.key_id:
        message = f"the token names the key {str(said)[:80]!r}, and {verification.key_id!r} is configured"
        raise _refused(name, message)


def _listed(payload: Mapping[str, Any], name: str) -> dict[str, tuple[str, str]]:
    """The files that were signed: name -> algorithm and digest."""
    listed: dict[str, tuple[str, str]] = {}
    entries = payload.get("files")
    if not isinstance(entries, list):
        raise _refused(name, "the token lists no files")
    for entry in entries:
        path, algorithm, digits = _entry(entry, name)
        if algorithm not in ALGORITHMS:
            message = f"{path[:200]} is hashed with {algorithm[:20]!r}"
            raise _refused(name, message, f"one of: {', '.join(ALGORITHMS)}; `opa sign` takes the first")
        if path in listed:
            raise _refused(name, f"the token lists {path[:200]} twice")
        listed[path] = algorithm, digits
    return listed


def _entry(entry: Any, name: str) -> tuple[str, str, str]:
    fields = {key: entry.get(key) for key in ("name", "algorithm", "hash")} if isinstance(entry, dict) else {"": None}
    if not all(isinstance(field, str) for field in fields.values()) or not _HEXADECIMAL.fullmatch(str(fields["hash"])):
        raise _refused(name, "an entry of the token's files is malformed")
    path = str(fields["name"]).removeprefix("/").removeprefix("./")
    return path, str(fields["algorithm"]), str(fields["hash"]).lower()


def _check_files(listed: Mapping[str, tuple[str, str]], files: Mapping[str, bytes], name: str) -> None:
    for path, content in files.items():
        if path == SIGNATURES:
            continue
        if path not in listed:
            raise _refused(name, "the file is not in the bundle's signature", _WHO, path)
        algorithm, wanted = listed[path]
        try:
            found = digest(path, content, algorithm)
        except (ValueError, RecursionError):
            raise _refused(name, "the file should be JSON or YAML, and is neither", _WHO, path) from None
        if found != wanted:
            raise _refused(name, "the file is not the one that was signed", _WHO, path)
    missing = sorted(listed.keys() - files.keys())
    if missing:
        raise _refused(name, "the file was signed, and is not in the bundle", _WHO, missing[0][:200])
