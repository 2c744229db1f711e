"""Format `dsse` of attestations: a DSSE envelope that stands alone. Source: DSSE 1.0 (envelope.md)."""

from __future__ import annotations

from typing import Any

from changegate.evidence.statements import Envelope

SCHEMA = ""


def recognises(value: Any) -> bool:
    """Whether a file is an envelope."""
    return isinstance(value, dict) and "payload" in value and "dsseEnvelope" not in value


def read(value: Any) -> Envelope:
    """The envelope is the whole file."""
    return Envelope(value, ())
