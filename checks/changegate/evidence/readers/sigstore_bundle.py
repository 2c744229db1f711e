"""Format `sigstore-bundle` of attestations: a sigstore bundle (v0.3) that holds a DSSE envelope."""

from __future__ import annotations

from typing import Any

from changegate.evidence.statements import Envelope

SCHEMA = ""


def recognises(value: Any) -> bool:
    """Whether a file holds an envelope, as a bundle does."""
    return isinstance(value, dict) and "dsseEnvelope" in value


def read(value: Any) -> Envelope:
    """The envelope is a part of the file; beside it stands what it may be verified by."""
    return Envelope(value["dsseEnvelope"], ("dsseEnvelope",), value.get("verificationMaterial"))
