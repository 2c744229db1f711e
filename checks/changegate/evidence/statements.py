"""In-toto statements in their DSSE envelopes: read. Who signed them is established in `verification`.

Sources: DSSE 1.0 (envelope.md), the in-toto attestation framework (spec/v1/statement.md).
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from changegate.evidence.unsound import Unsound
from changegate.manifest.moments import moment
from changegate.records import NamedTuple
from changegate.signing.dsse import SignedPayload

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPES = ("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1")
MODEL_TYPE = "https://model_signing/signature/v1.0"
"""The predicate of a signature of a model (OpenSSF model signing)."""
DIGESTS_TYPE = "https://model_signing/Digests/v0.1"
"""What version 0.2 of that tool wrote: the subjects are the files."""
LONGEST = 1024 * 1024
"""A longer text is not decoded."""
MOST_SIGNATURES = 20

# NOTE: texts, which `re` compiles when they are first used: few runs need them, and compiling takes start-up.
_STANDARD = r"[A-Za-z0-9+/]*={0,2}"
_URL_SAFE = r"[A-Za-z0-9_-]*={0,2}"


class InTotoStatement(NamedTuple):
    """What a statement says, and where it stands."""

    predicate_type: str
    digests: frozenset[str]
    """The digests of its subjects, as `<algorithm>:<hex>`."""
    place: tuple[str, ...]
    """The payload's path in the file."""
    started: int | None = None
    """When the build began, in seconds since the epoch, where SLSA provenance says so."""
    finished: int | None = None
    line: int | None = None
    """The line on which it stands, in a bundle of one envelope a line."""
    predicate: Any = None
    """What it says of its subjects, as plain JSON."""
    subjects: tuple[tuple[str, frozenset[str]], ...] = ()
    """The name and the digests of each subject."""
    signed: SignedPayload = SignedPayload(b"", "", ())
    """The bytes that were signed, and the signatures."""
    material: Any = None
    """What a bundle brings to verify it by, as plain JSON: certificates, hints at keys. Nothing of it is believed."""


class Envelope(NamedTuple):
    """An envelope, or what stands in its place."""

    value: Any
    """As plain JSON."""
    path: tuple[str, ...]
    """Where it stands in the file."""
    material: Any = None
    """What the file has beside it to verify it by, as plain JSON."""


def statement_in(envelope: Envelope) -> InTotoStatement:
    """Read the statement in an envelope.

    Raises:
        Unsound: It is no envelope, carries no signature, or its payload is no in-toto statement.
    """
    value, where, material = envelope
    if not isinstance(value, dict) or not {"payload", "payloadType", "signatures"} <= value.keys():
        raise Unsound("it is no DSSE envelope: that has `payload`, `payloadType` and `signatures`", where)
    if value["payloadType"] != PAYLOAD_TYPE:
        raise Unsound(f"the envelope's `payloadType` is not {PAYLOAD_TYPE}", (*where, "payloadType"))
    signatures = _signatures(value["signatures"], (*where, "signatures"))
    place = (*where, "payload")
    payload = decode(value["payload"], place)
    signed = SignedPayload(payload, PAYLOAD_TYPE, signatures)
    return _statement(_parsed(payload, place), place)._replace(signed=signed, material=material)


def decode(text: Any, place: tuple[str | int, ...]) -> bytes:
    """Decode base64, standard or URL-safe, with or without its padding.

    Args:
        text: What should be base64.
        place: Where it stands, for the fault.

    Raises:
        Unsound: It is none, it is empty, or it is too long.
    """
    if isinstance(text, str) and len(text) > LONGEST:
        raise Unsound(f"`{place[-1]}` is longer than {LONGEST} characters", place)
    if not isinstance(text, str) or not (re.fullmatch(_STANDARD, text) or re.fullmatch(_URL_SAFE, text)):
        raise Unsound(f"`{place[-1]}` is no base64", place)
    standard = text.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        data = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except binascii.Error:
        raise Unsound(f"`{place[-1]}` is no base64", place) from None
    if not data:
        raise Unsound(f"`{place[-1]}` is empty", place)
    return data


def shown(text: str) -> str:
    """A text of somebody else's file, short and in ASCII, to be quoted in a reason."""
    plain = text.encode("ascii", "backslashreplace").decode()
    return f"`{plain}`" if len(plain) <= 100 else f"`{plain[:97]}...`"


def _signatures(signatures: Any, place: tuple[str, ...]) -> tuple[tuple[str, bytes], ...]:
    """The hint at a key and the bytes of each signature: nothing here says that they are right."""
    if not isinstance(signatures, list) or not signatures:
        raise Unsound("the envelope carries no signature", place)
    if len(signatures) > MOST_SIGNATURES:
        raise Unsound(f"the envelope carries more than {MOST_SIGNATURES} signatures", place)
    return tuple(_signature(one, (*place, index)) for index, one in enumerate(signatures))


def _signature(signature: Any, place: tuple[str | int, ...]) -> tuple[str, bytes]:
    if not isinstance(signature, dict) or "sig" not in signature:
        raise Unsound("a signature has no `sig`", place)
    return str(signature.get("keyid") or ""), decode(signature["sig"], (*place, "sig"))


def _parsed(payload: bytes, place: tuple[str, ...]) -> Any:
    from changegate.manifest import parse

    parsed = parse(payload, "payload.json")
    if parsed.faults or len(parsed.documents) != 1:
        fault = parsed.faults[0].message if parsed.faults else "it holds no document"
        raise Unsound(f"the payload cannot be read: {fault}", place)
    return parsed.documents[0].value


def _statement(value: Any, place: tuple[str, ...]) -> InTotoStatement:
    if not isinstance(value, dict) or value.get("_type") not in STATEMENT_TYPES:
        raise Unsound("the payload is no in-toto statement: `_type` names none", place)
    predicate, subjects = value.get("predicateType"), value.get("subject")
    if not isinstance(predicate, str) or not predicate:
        raise Unsound("the statement has no `predicateType`", place)
    if not isinstance(subjects, list) or not subjects:
        raise Unsound("the statement has no `subject`", place)
    each = tuple((str(one.get("name", "")), _digests(one, place)) for one in subjects if isinstance(one, dict))
    digests = frozenset[str]().union(*(_digests(one, place) for one in subjects))
    statement = InTotoStatement(predicate, digests, place, *_built(value.get("predicate"), place))
    return statement._replace(predicate=value.get("predicate"), subjects=each)


def _built(predicate: Any, place: tuple[str, ...]) -> tuple[int | None, int | None]:
    """When a build began and ended, as SLSA provenance says it (v1 in `runDetails`, v0.2 in `metadata`)."""
    run = predicate.get("runDetails") if isinstance(predicate, dict) else None
    holder = run if isinstance(run, dict) else predicate if isinstance(predicate, dict) else {}
    metadata = holder.get("metadata")
    said = metadata if isinstance(metadata, dict) else {}
    began = _moment(said, ("startedOn", "buildStartedOn"), place)
    ended = _moment(said, ("finishedOn", "buildFinishedOn"), place)
    if began is not None and ended is not None and began > ended:
        raise Unsound("its build finished before it started", place)
    return began, ended


def _moment(said: dict[str, Any], keys: tuple[str, ...], place: tuple[str, ...]) -> int | None:
    key = next((key for key in keys if said.get(key) is not None), None)
    if key is None:
        return None
    at = moment(said[key]) if isinstance(said[key], str) else None
    if at is None:
        raise Unsound(f"`{key}` of its build is no moment that exists", place)
    return at


def _digests(subject: Any, place: tuple[str, ...]) -> frozenset[str]:
    digests = subject.get("digest") if isinstance(subject, dict) else None
    if not isinstance(digests, dict) or not digests or not all(isinstance(one, str) for one in digests.values()):
        raise Unsound("a subject of the statement has no `digest`", place)
    return frozenset(f"{algorithm}:{digest.lower()}" for algorithm, digest in digests.items())
