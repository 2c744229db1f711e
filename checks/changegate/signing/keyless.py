"""Keyless signatures: a short-lived certificate of Fulcio, and a log or a time stamp that shows when it was used.

The library of sigstore verifies them, offline and with the trust root that is handed to it: certificate chain, signed
certificate timestamp, the log's proof and checkpoint, the time, and the signature itself. It is an extra, imported
where there is such a signature.

Source: https://docs.sigstore.dev/about/bundle/ and the client specification of sigstore.
"""

from __future__ import annotations

import base64
import json
import tempfile
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EXTRA = "keyless signatures need sigstore's library: pip install 'changegate[keyless]'"
_V3 = "application/vnd.dev.sigstore.bundle.v0.3+json"
_V2 = "application/vnd.dev.sigstore.bundle+json;version=0.2"
_ALTERED = ("signature is invalid", "invalid signature")
_LONGEST = 200


class Dated(NamedTuple):
    """A signature that sigstore vouches for."""

    moment: int
    """The earliest moment that somebody vouches for, in seconds since the epoch."""


class Unvouched(NamedTuple):
    """A signature that sigstore does not vouch for."""

    reason: str
    is_altered: bool = False
    """Whether it is by the certificate's key, and does not fit what was signed."""


class KeylessUnknown(NamedTuple):
    """Nobody can tell from here."""

    reason: str


class KeylessSignature(NamedTuple):
    """An envelope that is signed by a certificate of Fulcio."""

    payload: bytes
    """What is signed."""
    payload_type: str
    signatures: Sequence[tuple[str, bytes]]
    """The hint and the bytes of each."""
    material: Mapping[str, Any]
    """What the bundle brings to verify it by, as plain JSON."""


def verify_keyless(
    signed: KeylessSignature, who: tuple[str, str], trust_root: str
) -> Dated | Unvouched | KeylessUnknown:
    """Verify a keyless signature.

    Args:
        signed: The envelope.
        who: The identity and its issuer, letter by letter.
        trust_root: sigstore's trust root, as JSON.
    """
    try:
        from sigstore.errors import Error
        from sigstore.models import Bundle
        from sigstore.verify import policy
    except ImportError:
        return KeylessUnknown(EXTRA)
    verifier = _verifier(trust_root)
    if isinstance(verifier, str):
        return KeylessUnknown(f"the trust root cannot be used: {verifier}")
    try:
        bundle = Bundle.from_json(_bundle(signed))
        found_type, found = verifier.verify_dsse(bundle, policy.Identity(identity=who[0], issuer=who[1]))
        moments = [int(one.time.timestamp()) for one in verifier._establish_time(bundle)]
    except Error as error:
        return _unvouched(error)
    except Exception as error:  # noqa: BLE001  (hostile material may break a library in any way; nothing is believed then)
        return Unvouched(f"sigstore's library could not read it ({type(error).__name__})")
    if (found_type, found) != (signed.payload_type, signed.payload) or not moments:
        return Unvouched("what sigstore vouches for is something else")
    # NOTE: the library has no public name for the verified times. They are asked for once more after all of it held.
    return Dated(min(moments))


def trust_root_fault(text: str) -> str:
    """Why a text is no trust root; empty where it looks like one. The library is not needed for that."""
    try:
        value = json.loads(text)
    except ValueError:
        return "it is no JSON"
    kind = value.get("mediaType") if isinstance(value, dict) else None
    if not isinstance(kind, str) or "sigstore.trustedroot" not in kind:
        return "it has no `mediaType` of a sigstore trust root"
    return "" if value.get("certificateAuthorities") else "it names no certificate authority"


@lru_cache(maxsize=4)
def _verifier(trust_root: str) -> Any:
    """The verifier of a trust root, or why there is none."""
    from sigstore.models import TrustedRoot
    from sigstore.verify import Verifier

    if fault := trust_root_fault(trust_root):
        return fault
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            file.write(trust_root)
            file.flush()
            return Verifier(trusted_root=TrustedRoot.from_file(file.name))
    except Exception as error:  # noqa: BLE001  (whatever the library raises of a file that it cannot read)
        return f"sigstore's library cannot read it ({type(error).__name__})"


def _bundle(signed: KeylessSignature) -> str:
    """The bundle of what was read: what is verified is what was looked at."""
    encoded = [{"sig": base64.b64encode(one).decode(), "keyid": hint} for hint, one in signed.signatures]
    payload = base64.b64encode(signed.payload).decode()
    envelope = {"payload": payload, "payloadType": signed.payload_type, "signatures": encoded}
    kind = _V3 if "certificate" in signed.material else _V2
    return json.dumps({"mediaType": kind, "verificationMaterial": signed.material, "dsseEnvelope": envelope})


def _unvouched(error: Exception) -> Unvouched:
    said = " ".join(str(error).split()).encode("ascii", "backslashreplace").decode()
    is_altered = any(words in said.lower() for words in _ALTERED)
    return Unvouched(f"sigstore does not vouch for it: {said[:_LONGEST]}", is_altered=is_altered)
